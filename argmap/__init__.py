"""Argument maps: op-eds as theses, premises, evidence and rebuttals, read, written, reasoned about and drawn."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from argmap.errors import ArgmapError, FormatError, InvalidMap
    from argmap.formats import Report
    from argmap.model import (
        ArgumentMap,
        Article,
        Claim,
        ClaimKind,
        Quote,
        Relation,
        RelationKind,
        Scheme,
        Source,
    )

__version__ = "0.1.0"
__all__ = [
    "ArgmapError",
    "ArgumentMap",
    "Article",
    "Claim",
    "ClaimKind",
    "FormatError",
    "InvalidMap",
    "Quote",
    "Relation",
    "RelationKind",
    "Scheme",
    "Source",
    "load",
    "render",
    "save",
]


def load(path: str | Path, format: str | None = None) -> "ArgumentMap":
    """Read a map from a file in any format that argmap knows; the content decides which, unless `format` names it.

    A text of the same name beside it ("essay.txt" for "essay.ann") is read along for formats that annotate one.
    Raises OSError, FormatError (with line or place), UnknownFormat, InvalidMap (with every
    fault). What a format could not carry over is told by `argmap.formats.load`.
    """
    from argmap import formats

    path = Path(path)
    text = path.with_suffix(".txt")  # what a format of annotations annotates
    beside = text.read_bytes() if text != path and text.is_file() else None
    return formats.load(path.read_bytes(), format=format, name=path.name, beside=beside).map


def save(map: "ArgumentMap", path: str | Path, format: str | None = None) -> "Report":
    """Write a map to a file, whole or not at all; the ending decides in which format, unless `format` names it.

    `.svg`, `.png` and `.pdf` are pictures, with the options that `render` has by default. Returns the report of what
    the format could not say (empty for `.json`).
    Raises OSError, UnknownFormat when nothing is written to files of that ending, and for pictures what `render` does.
    """
    from argmap import files, formats

    path = Path(path)
    data, report = _written(map, path.name, format)
    files.replace(path.resolve(), data)
    return report or formats.Report(())


def _written(map: "ArgumentMap", name: str, format: str | None) -> "tuple[bytes, Report | None]":
    from argmap import formats
    from argmap.errors import UnknownFormat

    ending = Path(name).suffix.lower()
    if format is None and ending in (".svg", ".png", ".pdf"):
        from argmap import picture

        drawn: str | bytes
        match ending:
            case ".svg":
                drawn = picture.draw(map)
            case ".png":
                drawn = picture.draw_png(map)
            case _:
                drawn = picture.draw_pdf(map)
        return drawn.encode() if isinstance(drawn, str) else drawn, None
    if format is None:
        fitting = [each for each in formats.by_ending(name) if each.dump]
        if not fitting:
            endings = {
                each for known in formats.FORMATS.values() if known.dump for each in known.endings
            }
            raise UnknownFormat(
                f"no format has the ending {ending!r}; known are {', '.join(sorted(endings))}, .svg, .png and .pdf"
            )
        format = fitting[0].name
    dumped = formats.dump(map, format)
    return dumped.data, dumped.report


def render(
    map: "ArgumentMap",
    *,
    layout: Literal["auto", "layered", "page"] = "auto",
    theme: Literal["light", "dark", "print", "contrast", "colorblind", "auto"] = "light",
    direction: Literal["top", "bottom", "left", "right"] | None = None,
    style: Literal["paper", "screen", "thumb"] = "paper",
    detail: Literal["full", "short", "label"] = "full",
    sides: bool = True,
    sizes: bool = False,
    font: Literal["system", "embed"] = "system",
    page: str = "A4",
    focus: str | None = None,
    depth: int = 2,
    branch: bool = False,
    hide: str = "",
    fold: str = "",
    numbers: bool = False,
    legend: bool | None = None,
    id_prefix: str = "",
) -> str:
    """Draw a map and return the picture as SVG text.

    `layout`: in ranks, or as legible as can be on a `page` (A4, A3, Letter, 16:9, or points such as 800x600).
    `direction`: the side on which the theses stand. `focus` and `depth`: only what is near a claim; `branch`: what
    bears on it. `hide`: kinds of claims to leave out; `fold`: claims whose reasons are only counted, both with commas
    between. `argmap.picture.Options` says more of each.
    Raises pydantic.ValidationError for a value that an option cannot have, NotFound for a focus that the map does not
    have, and PictureTooLarge, EngineTimeout or EngineUnavailable when it cannot be laid out in bounded time and memory.
    """
    options = {name: value for name, value in locals().items() if name != "map"}
    from argmap import (
        picture,  # it brings the layout engine along, which readers of maps need not load
    )

    return picture.draw(map, picture.Options(**options))


def __getattr__(name: str) -> Any:
    """Load the classes when they are first named: building the model takes longer than all of `argmap --help`."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module(
        "argmap.errors" if name in ("ArgmapError", "FormatError", "InvalidMap") else "argmap.model"
    )
    value = globals()[name] = getattr(home, name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
