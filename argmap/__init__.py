"""Argument maps: op-eds as theses, premises, evidence and rebuttals, read, written, reasoned about and drawn."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argmap.errors import ArgmapError, FormatError, InvalidMap
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


def render(map: "ArgumentMap", **options: Any) -> str:
    """Draw a map and return the picture as SVG text; the options are those of `argmap.picture.Options`.

    Raises PictureTooLarge, EngineTimeout or EngineUnavailable when it cannot be laid out in
    bounded time and memory.
    """
    from argmap import (
        picture,
    )  # it brings the layout engine along, which readers of maps need not load

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
