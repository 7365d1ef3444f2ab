"""Accounts, tokens, grants and shares on the wire."""

import datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from argmap.model.base import Label, Name
from argmap.store.records import Role, Scope
from schemas.base import In, Moment, Out


class AccountIn(In):
    """A new account.

    A nickname or a class code will do; no address is asked for.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "class-7b-team-2"}]})

    name: Name
    admin: bool = Field(
        False, strict=True, description="May keep accounts; sees nobody's private maps by it"
    )


class AccountOut(Out):
    """An account."""

    id: str
    name: str | None
    admin: bool
    created: datetime.datetime


class NewAccountOut(AccountOut):
    """A new account, with the link by which its owner signs in for the first time."""

    sign_in: str = Field(description="Address with a one-time token; shown only now")


class MeOut(AccountOut):
    """The caller's account and what the token in use may do."""

    scope: Scope
    has_password: bool = Field(description="Whether one can sign in by name and password")


class PasswordSignIn(In):
    """A name and a password, by which a browser signs in or an account is made."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "nora", "password": "ferry-and-harbour"}]}
    )

    name: Annotated[str, Field(max_length=200)]
    password: Annotated[str, Field(max_length=200)]


class NewPassword(In):
    """A new password of one's own, of 8 characters or more, and the present one where there is one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"password": "ferry-and-harbour", "current": "bridge-and-tunnel"}]
        }
    )

    password: Annotated[str, Field(max_length=200)]
    current: Annotated[str, Field(max_length=200)] | None = None


class SessionOut(Out):
    """A browser in which one is signed in."""

    id: str
    created: datetime.datetime
    last_used: datetime.datetime | None
    expires: datetime.datetime | None
    agent: str | None = Field(description="Such as `Firefox on Linux`")
    current: bool = Field(description="It is the one that asks")


class ResetOut(Out):
    """A one-time link by which somebody signs in and sets a new password."""

    link: str = Field(description="Shown only now")
    minutes: int = Field(description="How long it can be used")


class TokenIn(In):
    """A new API token of one's own account."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "classroom script", "scope": "write"}]}
    )

    name: Label
    scope: Scope = Scope.READ
    expires: Moment | None = Field(None, description="RFC 3339, with offset; null: never")


class TokenOut(Out):
    """An API token without its secret, of which only a hash is kept."""

    id: str
    name: str
    scope: Scope
    created: datetime.datetime
    last_used: datetime.datetime | None
    expires: datetime.datetime | None


class NewTokenOut(TokenOut):
    """A new API token with its secret."""

    token: str = Field(description="Goes into `Authorization: Bearer ...`; shown only now")


class SignIn(In):
    """A one-time sign-in token, to be changed for an API token."""

    token: Annotated[str, Field(max_length=200)]


class SignedInOut(Out):
    """The account and a new API token with scope write."""

    account: AccountOut
    token: NewTokenOut


class GrantIn(In):
    """What an account may do with one's article or map."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "editor"}]})

    role: Role


class PersonIn(In):
    """A person by name, and what they may do with one's article or map."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Noor", "role": "editor"}]})

    name: Annotated[str, Field(max_length=200)]
    role: Role


class GrantOut(Out):
    """The role that an account has by grant."""

    account_id: str
    account_name: str | None
    role: Role
    created: datetime.datetime


class ShareIn(In):
    """A new share token for something unlisted."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"label": "handout", "expires": "2027-07-01T00:00:00Z"}]}
    )

    label: Label | None = Field(None, description="What it is for, to recognise it by")
    role: Role = Field(
        Role.VIEWER,
        description="What it is for: reading, or (for whoever has an account) editing",
    )
    expires: Moment | None = Field(None, description="RFC 3339, with offset; null: never")


class ShareOut(Out):
    """A share token without its secret."""

    id: str
    label: str
    role: Role
    created: datetime.datetime
    expires: datetime.datetime | None


class NewShareOut(ShareOut):
    """A new share token with its secret."""

    token: str = Field(description="Goes into `?share=`; shown only now")
    link: str = Field(description="Address of the API that opens it")
    page: str | None = Field(description="Address of the page that opens it, of a map")


class TransferIn(In):
    """The account that becomes the owner."""

    account_id: Annotated[str, Field(max_length=64)]
