"""Accounts, their API tokens, one-time sign-ins, and how an account is exported and erased."""

import datetime
from collections.abc import Mapping

from sqlmodel import Session

from argmap.store.records import Account, Asker, Scope, Token

SIGN_IN_MINUTES = 15


def create_account(session: Session, name: str, admin: bool = False) -> Account:
    """Add an account. Raises BadValue for an empty, overlong or unprintable name, Conflict for a taken one."""
    raise NotImplementedError


def accounts(session: Session) -> tuple[Account, ...]:
    """List the accounts that are not erased, oldest first."""
    raise NotImplementedError


def account(session: Session, id: str) -> Account:
    """Return an account, an erased one too. Raises NotFound."""
    raise NotImplementedError


def find_account(session: Session, name: str) -> Account:
    """Return the account of that name, whatever its case. Raises NotFound."""
    raise NotImplementedError


def add_token(
    session: Session, account_id: str, name: str, scope: Scope, expires: datetime.datetime | None = None
) -> tuple[Token, str]:
    """Make a token and return it with its secret ("argmap_..."), which is not kept. Raises NotFound, BadValue."""
    raise NotImplementedError


def tokens(session: Session, account_id: str) -> tuple[Token, ...]:
    """List the tokens of an account, oldest first."""
    raise NotImplementedError


def revoke_token(session: Session, account_id: str, token_id: str) -> None:
    """Make a token useless at once. Raises NotFound."""
    raise NotImplementedError


def token_hash(plain: str) -> str:
    """Hash a token as it is stored: SHA-256 in hexadecimal."""
    raise NotImplementedError


def token_asker(session: Session, plain: str) -> Asker | None:
    """Say who asks by a token; None when it is unknown, expired or revoked."""
    raise NotImplementedError


def note_uses(session: Session, uses: Mapping[str, datetime.datetime]) -> None:
    """Write down when tokens (by their hash) were last used; meant to be called about once a minute."""
    raise NotImplementedError


def add_sign_in(session: Session, account_id: str, minutes: int = SIGN_IN_MINUTES) -> str:
    """Make a secret that signs the account in once within so many minutes. Raises NotFound."""
    raise NotImplementedError


def redeem_sign_in(session: Session, plain: str) -> tuple[Account, Token, str]:
    """Use up a sign-in and return its account and a new write token with its secret.

    Of several who try at once one succeeds. Raises NotFound when it is unknown, used or expired.
    """
    raise NotImplementedError


def first_owner(session: Session, name: str = "owner") -> tuple[Account, str] | None:
    """Create the administrator of an empty database and a sign-in for it; None when there are accounts already."""
    raise NotImplementedError


def export_account(session: Session, account_id: str) -> bytes:
    """Write everything of an account into a zip file. Raises NotFound."""
    raise NotImplementedError


def erase_account(session: Session, account_id: str) -> None:
    """Erase an account for good. Raises NotFound."""
    raise NotImplementedError
