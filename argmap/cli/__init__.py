"""The command line: maps drawn, converted, checked and reasoned about; the service, its database and accounts."""

import os
import sys
from typing import Annotated

import typer

from argmap.cli import accounts, analysis, database, imports, maps, serve
from argmap.cli.say import say
from argmap.collector import collect_seldom
from argmap.errors import ArgmapError

INTERRUPTED = 130  # what typer makes of Ctrl-C

app = typer.Typer(
    name="argmap",
    help="Argument maps of op-eds: draw them, convert them, check them, reason about them, serve them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("render")(maps.render)
app.command("convert")(maps.convert)
analysis.add_to(app)
app.command("import")(imports.import_files)
app.command("serve")(serve.serve)
app.add_typer(database.app, name="db")
app.add_typer(accounts.accounts, name="account")
app.add_typer(accounts.tokens, name="token")


def main() -> None:
    """Run the command line and exit: 0 done, 1 refused or failed, 2 not understood, 130 interrupted.

    Whatever goes wrong with the input or the machine is one line on standard error, never a traceback.
    """
    collect_seldom()
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(
                errors="backslashreplace"
            )  # a terminal that lacks a letter is no reason to fail
    try:
        status = app(args=sys.argv[1:] or ["--help"], prog_name="argmap", standalone_mode=False)
        sys.stdout.flush()
        if status == INTERRUPTED:
            say("interrupted")
    except typer.TyperException as error:
        say(error.format_message())
        status = error.exit_code
    except typer.Abort:  # a question was answered with no
        say("given up")
        status = 1
    except BrokenPipeError:  # as `argmap ... | head`
        status = 1
    except OSError as error:
        place = f": {error.filename}" if error.filename else ""
        say(f"{error.strerror or error}{place}")
        status = 1
    except ArgmapError as error:
        say(str(error))
        status = 1
    _empty_output()
    sys.exit(status)


def _empty_output() -> None:
    """Write what is left in the buffer; where that fails, drop it, or Python would try again and say so."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _open_closed_streams() -> None:
    """Read nothing from, and write into nothing, what was closed (`>&-`): Python has no object there."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115  for as long as we run


def _print_version(wanted: bool) -> None:
    if wanted:
        from argmap import __version__

        print(__version__)
        raise typer.Exit


@app.callback()
def _argmap(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and stop."
        ),
    ] = False,
) -> None:
    pass
