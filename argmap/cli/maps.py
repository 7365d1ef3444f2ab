"""`argmap render`, `convert` and `check`: what is done with the maps in files."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from argmap.cli import files
from argmap.cli.say import say, tracked
from argmap.errors import ArgmapError, InvalidMap

if TYPE_CHECKING:
    from argmap.formats import Loaded, Report

Files = Annotated[
    list[str], typer.Argument(metavar="FILE", help='Files with maps; "-" is standard input.')
]
Output = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help='Where the result goes: a file, "-" for standard output, or a folder when there are several.',
    ),
]
From = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="FORMAT", help="The format of the files; without it they are looked into."
    ),
]


def render(paths: Files, output: Output = "-", source: From = None) -> None:
    """Draw maps as SVG."""
    from argmap import picture

    if Path(output).suffix.lower() not in ("", ".svg") and not os.path.isdir(output):
        raise typer.BadParameter(
            f"pictures are written as .svg, not {Path(output).suffix}", param_hint="--output"
        )

    def draw(path: str) -> None:
        loaded = _load(path, source)
        files.write(_target(output, path, ".svg", len(paths)), picture.draw(loaded.map).encode())

    _each(paths, draw)


def convert(
    paths: Files,
    output: Output = "-",
    source: From = None,
    target: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="FORMAT",
            help="The format to write; without it the ending of --output tells.",
        ),
    ] = None,
) -> None:
    """Write maps in another format, saying what that could not carry over."""
    from argmap import formats

    chosen = formats.FORMATS[target or _format_of(output)]
    if chosen.dump is None:
        raise typer.BadParameter(
            f"{chosen.name} can only be read; written are {_names('dump')}", param_hint="--to"
        )

    def rewrite(path: str) -> None:
        loaded = _load(path, source)
        dumped = formats.dump(loaded.map, chosen.name)
        _tell(path, dumped.report)
        files.write(_target(output, path, chosen.endings[0], len(paths)), dumped.data)

    _each(paths, rewrite)


def check(paths: Files, source: From = None) -> None:
    """Say whether files hold valid maps, and list every fault of those that do not."""

    def examine(path: str) -> None:
        map = _load(path, source).map
        print(
            f"{path}: a map of {_count(len(map.claims), 'claim')} and {_count(len(map.relations), 'relation')}"
        )

    _each(paths, examine)


def _each(paths: list[str], action: Callable[[str], None]) -> None:
    """Do it for each file; one that fails is told about and does not keep the others from being done."""
    failed = False
    for path in tracked(paths):
        try:
            action(path)
        except InvalidMap as error:
            failed = True
            for fault in error.faults:
                say(f"{path}: {fault}")
        except (ArgmapError, typer.TyperException) as error:
            failed = True
            say(f"{path}: {error}")
    if failed:
        raise typer.Exit(1)


def _load(path: str, format: str | None) -> "Loaded":
    from argmap import formats

    loaded = formats.load(
        files.read(path), format=format, name=None if path == "-" else os.path.basename(path)
    )
    _tell(path, loaded.report)
    return loaded


def _tell(path: str, report: "Report") -> None:
    for loss in report.losses:
        times = f" ({loss.count} times)" if loss.count > 1 else ""
        say(f"{path}: note: {loss.message}{times}{f' [{loss.place}]' if loss.place else ''}")


def _target(output: str, path: str, ending: str, count: int) -> str:
    """Return where the result of one of several files goes: into the folder `output`, named after its file."""
    if output != "-" and (os.path.isdir(output) or output.endswith(os.sep)):
        os.makedirs(output, exist_ok=True)
        return os.path.join(output, ("map" if path == "-" else Path(path).stem) + ending)
    if count > 1:
        raise typer.BadParameter("several files need a folder to go to", param_hint="--output")
    return output


def _format_of(output: str) -> str:
    from argmap import formats

    ending = Path(output).suffix.lower()
    for format in formats.FORMATS.values():
        if format.dump is not None and ending in format.endings:
            return format.name
    what = f"the ending of {output} does not tell" if output != "-" else "say"
    raise typer.BadParameter(f"{what} which format to write: {_names('dump')}", param_hint="--to")


def _names(verb: str) -> str:
    from argmap import formats

    return ", ".join(
        name for name, format in formats.FORMATS.items() if getattr(format, verb) is not None
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
