"""`argmap account` and `argmap token`: who may use the service."""

import os
from pathlib import Path
from typing import Annotated

import typer

from argmap.cli import files
from argmap.cli.database import DATA, Data, opened
from argmap.cli.say import say

accounts = typer.Typer(
    help="Keep accounts: add, sign in, list, export, erase.", no_args_is_help=True
)
tokens = typer.Typer(help="Make tokens for the API.", no_args_is_help=True)

SIGN_IN_MINUTES = 15  # as argmap.store.accounts has it, which the command line loads late

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of the account.")]


@accounts.command("add")
def add(
    name: Name,
    admin: Annotated[bool, typer.Option("--admin", help="May keep accounts by the API.")] = False,
    data: Data = DATA,
) -> None:
    """Add an account."""
    with opened(data) as database:
        from argmap.store.accounts import add_sign_in, create_account, owner

        with database.write() as session:
            account = create_account(session, name, admin)
            owner(session)
            plain = add_sign_in(session, account.id)
        print(f"{account.name} ({account.id})")
        print(f"Sign in once within {SIGN_IN_MINUTES} minutes: {_link(plain)}")


@accounts.command("sign-in")
def sign_in(name: Name, data: Data = DATA) -> None:
    """Make a link that signs an account in to the pages, once, and print it."""
    with opened(data) as database:
        from argmap.store.accounts import add_sign_in, find_account

        with database.write() as session:
            plain = add_sign_in(session, find_account(session, name).id)
        print(_link(plain))
        say(f"The link works once, within {SIGN_IN_MINUTES} minutes.")


def _link(plain: str) -> str:
    """Return the address by which a one-time sign-in is used, at the service's public address where that is set."""
    port = os.environ.get("ARGMAP_PORT", "8000")
    base = os.environ.get("ARGMAP_PUBLIC_URL") or f"http://127.0.0.1:{port}"
    return f"{base.rstrip('/')}/sign-in?token={plain}"


@accounts.command("list")
def list_(data: Data = DATA) -> None:
    """List the accounts, oldest first."""
    with opened(data) as database:
        from argmap.store.accounts import accounts

        with database.read() as session:
            for account in accounts(session):
                print(
                    f"{account.id}  {account.created:%Y-%m-%d}  {account.name}{'  admin' if account.admin else ''}"
                )


@accounts.command("export")
def export(
    name: Name,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The zip file to write.")
    ],
    data: Data = DATA,
) -> None:
    """Write everything that an account owns into a zip file."""
    with opened(data) as database:
        from argmap.store.accounts import export_account, find_account

        with database.read() as session:
            content = export_account(session, find_account(session, name).id)
        files.write(str(output), content)


@accounts.command("erase")
def erase(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data: Data = DATA,
) -> None:
    """Erase an account for good: its tokens, grants and links, its private maps, its name in histories."""
    with opened(data) as database:
        from argmap.store.accounts import erase_account, find_account

        with database.read() as session:
            account = find_account(session, name)
        if not yes:
            typer.confirm(f"Erase {account.name} for good?", abort=True, err=True)
        with database.write() as session:
            erase_account(session, account.id)
        database.scrub()
        print(f"{account.name} is erased.")


@tokens.command("add")
def add_token(
    name: Name,
    scope: Annotated[
        str, typer.Option("--scope", metavar="read|write", help="What it may be used for.")
    ] = "read",
    label: Annotated[
        str, typer.Option("--label", help="What it is for, to tell it from others.")
    ] = "command line",
    data: Data = DATA,
) -> None:
    """Make a token of an account and print it, alone, on standard output; it is shown this once."""
    with opened(data) as database:
        from argmap.store.accounts import add_token, find_account
        from argmap.store.records import Scope

        if scope not in tuple(Scope):
            raise typer.BadParameter(f"{scope} is neither read nor write", param_hint="--scope")
        with database.write() as session:
            _, plain = add_token(session, find_account(session, name).id, label, Scope(scope))
        print(plain)
