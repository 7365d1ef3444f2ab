"""`argmap render` and `convert`: maps in files drawn and written in other formats."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from argmap.cli import files
from argmap.cli.losses import Tally
from argmap.cli.say import say, tracked
from argmap.errors import ArgmapError, InvalidMap

if TYPE_CHECKING:
    from argmap.formats import Format, Loaded
    from argmap.picture import Part

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

_Chosen = TypeVar("_Chosen", bound="Part")
Focus = Annotated[str | None, typer.Option(metavar="CLAIM", help="Only what is near this claim.")]
Depth = Annotated[
    int, typer.Option(metavar="N", help="How many relations away from the focus a claim may be.")
]
Branch = Annotated[
    bool,
    typer.Option("--branch", help="What bears on the focus, and the way up from it to a thesis."),
]
Hide = Annotated[str, typer.Option(metavar="KIND,KIND", help="Leave out claims of these kinds.")]


def render(
    paths: Files,
    output: Output = "-",
    source: From = None,
    layout: Annotated[
        str,
        typer.Option(
            metavar="auto|layered|page", help="In ranks, or as legible as can be on a page."
        ),
    ] = "auto",
    direction: Annotated[
        str | None,
        typer.Option(metavar="top|bottom|left|right", help="Where the theses stand, in ranks."),
    ] = None,
    style: Annotated[
        str,
        typer.Option(
            metavar="paper|screen|thumb",
            help="For sheets, for a screen that one works at, or small and without text.",
        ),
    ] = "paper",
    detail: Annotated[
        str,
        typer.Option(
            metavar="full|short|label",
            help="Whether cards show all, the label and the first sentence, or the label.",
        ),
    ] = "full",
    sides: Annotated[
        bool,
        typer.Option(
            "--sides/--no-sides", help="Reasons left and objections right, or as they come."
        ),
    ] = True,
    sizes: Annotated[
        bool,
        typer.Option(
            "--sizes", help="Let cards carry label and first sentence too, for a frontend."
        ),
    ] = False,
    font: Annotated[
        str,
        typer.Option(
            metavar="system|embed", help="Whether an SVG brings the letters along that it uses."
        ),
    ] = "system",
    page: Annotated[
        str,
        typer.Option(
            metavar="A4|A3|Letter|16:9|WxH",
            help="What a page layout is made for; W and H in points.",
        ),
    ] = "A4",
    theme: Annotated[
        str, typer.Option(metavar="light|dark|print|contrast|colorblind|auto", help="The colours.")
    ] = "light",
    focus: Focus = None,
    depth: Depth = 2,
    branch: Branch = False,
    hide: Hide = "",
    fold: Annotated[
        str,
        typer.Option(
            metavar="CLAIM,CLAIM", help="Count what bears on these claims instead of drawing it."
        ),
    ] = "",
    numbers: Annotated[
        bool, typer.Option("--numbers", help="Number the claims as in an outline.")
    ] = False,
    legend: Annotated[
        bool | None,
        typer.Option(
            "--legend/--no-legend",
            help="Explain shapes and lines; unless told, only in a PDF.",
        ),
    ] = None,
    overlay: Annotated[
        str | None,
        typer.Option(
            metavar="strength|review|questions", help="An analysis to lay over the picture."
        ),
    ] = None,
    scale: Annotated[
        float,
        typer.Option(
            min=0.1, max=20, metavar="N", help="How large a PNG is; 1 has 96 dots per inch."
        ),
    ] = 2,
    poster: Annotated[
        str,
        typer.Option(
            metavar="auto|one|branches|N",
            help="Sheets of a PDF: one, one for each main branch (auto: where one could not be read), "
            "or as many as it takes N times as large.",
        ),
    ] = "auto",
    handout: Annotated[
        bool, typer.Option("--handout", help="Add a numbered outline with sources to a PDF.")
    ] = False,
) -> None:
    """Draw maps as SVG, or as PNG or PDF where --output ends so."""
    from pydantic_core import PydanticCustomError

    from argmap import picture
    from argmap.drawing.overlays import Laid, overlay_of

    if overlay is not None and overlay not in tuple(Laid):
        raise typer.BadParameter(
            f"{overlay} is not one of {', '.join(Laid)}", param_hint="--overlay"
        )
    asked = {
        "layout": layout,
        "direction": direction,
        "style": style,
        "detail": detail,
        "sides": sides,
        "sizes": sizes,
        "font": font,
        "page": page,
        "theme": theme,
        "focus": focus,
        "depth": depth,
        "branch": branch,
        "hide": hide,
        "fold": fold,
        "numbers": numbers,
        "legend": legend,
    }
    try:
        spread = picture.spread_of(poster)
    except PydanticCustomError as error:
        raise typer.BadParameter(error.message(), param_hint="--poster") from None
    options = _options(picture.Options, asked)
    targets = _targets(paths, output, ".svg")
    endings = (".svg", ".png", ".pdf")
    if any(t != "-" and not t.lower().endswith(endings) for t in targets.values()):
        raise typer.BadParameter(
            "pictures are written as .svg, .png or .pdf", param_hint="--output"
        )

    def draw(path: str) -> None:
        map = load(path, source).map
        laid: picture.Overlay = {}
        if overlay is not None:
            map, laid = overlay_of(map, Laid(overlay))
        match os.path.splitext(targets[path].lower())[1]:
            case ".png":
                drawn = picture.draw_png(map, options, overlay=laid, scale=scale)
            case ".pdf":
                drawn = picture.draw_pdf(map, options, overlay=laid, poster=spread, handout=handout)
            case _:
                drawn = picture.draw(map, options, overlay=laid).encode()
        files.write(targets[path], drawn)

    each(paths, draw)


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
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help="Fail, and write nothing, where anything is lost or repaired."
        ),
    ] = False,
    sheet: Annotated[
        str | None,
        typer.Option(metavar="claims|flow", help="What an .xlsx file has: a table, or a flow."),
    ] = None,
    focus: Focus = None,
    depth: Depth = 2,
    branch: Branch = False,
    hide: Hide = "",
) -> None:
    """Write maps in another format, with a table of what that lost on the way."""
    from argmap import formats, picture

    part = _options(picture.Part, {"focus": focus, "depth": depth, "branch": branch, "hide": hide})
    chosen = _named(target) if target is not None else _by_ending(output)
    if sheet is not None:
        if sheet not in ("claims", "flow") or chosen.name not in ("xlsx", "flow"):
            raise typer.BadParameter(
                "sheets are claims and flow, of .xlsx files", param_hint="--sheet"
            )
        chosen = _named("flow" if sheet == "flow" else "xlsx")
    targets = _targets(paths, output, chosen.endings[0])

    lost = Tally()

    def rewrite(path: str) -> None:
        loaded = _read(path, source)
        dumped = formats.dump(picture.part_of(loaded.map, part), chosen.name)
        losses = (*loaded.report.losses, *dumped.report.losses)
        lost.files += 1
        for loss in losses:
            lost.add(loss.kind, loss.message, loss.count, loss.place)
        if strict and losses:
            raise typer.TyperException("not written, since --strict allows no loss")
        files.write(targets[path], dumped.data)

    try:
        each(paths, rewrite)
    finally:
        lost.show()


def _options(kind: type[_Chosen], asked: Mapping[str, object]) -> _Chosen:
    """Build options from words of the command line; say which of them cannot be."""
    from pydantic import ValidationError

    try:
        return kind.model_validate(asked)
    except ValidationError as error:
        wrong = error.errors()[0]
        name = str(wrong["loc"][0])
        raise typer.BadParameter(wrong["msg"], param_hint=f"--{name}") from None


def each(paths: list[str], action: Callable[[str], None]) -> None:
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


def load(path: str, format: str | None = None) -> "Loaded":
    """Read the map of a file, saying what its format lost. Raises ArgmapError and typer.TyperException."""
    loaded = _read(path, format)
    for loss in loaded.report.losses:
        times = f" ({loss.count} times)" if loss.count > 1 else ""
        say(f"{path}: note: {loss.message}{times}{f' [{loss.place}]' if loss.place else ''}")
    return loaded


def _read(path: str, format: str | None) -> "Loaded":
    from argmap import formats

    if path == "-":
        return formats.load(files.read(path), format)
    data = files.read(path)
    text = os.path.splitext(path)[0] + ".txt"  # what a file of annotations is about
    beside = files.read(text) if text != path and os.path.isfile(text) else None
    return formats.load(data, format, os.path.basename(path), beside)


def _targets(paths: list[str], output: str, ending: str) -> dict[str, str]:
    """Say where the result of each file goes: to `output`, or into that folder under the file's own name."""
    if output == "-" or not (os.path.isdir(output) or output.endswith(os.sep)):
        if len(paths) > 1:
            raise typer.BadParameter("several files need a folder to go to", param_hint="--output")
        return {paths[0]: output}
    files.make_folder(output)
    targets = {
        path: os.path.join(output, ("map" if path == "-" else Path(path).stem) + ending)
        for path in paths
    }
    if len(set(targets.values())) < len(paths):
        raise typer.BadParameter("two files would go to the same name there", param_hint="--output")
    return targets


def _named(name: str) -> "Format":
    from argmap import formats

    chosen = formats.FORMATS.get(name)
    if chosen is None or chosen.dump is None:
        why = "can only be read" if chosen is not None else "is not known"
        raise typer.BadParameter(f"{name} {why}; written are {_written()}", param_hint="--to")
    return chosen


def _by_ending(output: str) -> "Format":
    from argmap import formats

    for format in formats.by_ending(output):
        if format.dump is not None:
            return format
    name = os.path.basename(output)
    why = "has to be given" if output == "-" else f"does not follow from the name {name!r}"
    raise typer.BadParameter(f"it {why}; written are {_written()}", param_hint="--to")


def _written() -> str:
    from argmap import formats

    return ", ".join(name for name, format in formats.FORMATS.items() if format.dump is not None)


def count(number: int, noun: str) -> str:
    """Say a number of things ("1 claim", "2 claims")."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
