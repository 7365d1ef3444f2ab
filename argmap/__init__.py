"""Argument maps: op-eds as theses, premises, evidence and rebuttals, read, written, reasoned about and drawn."""

from pathlib import Path
from typing import Any

from argmap.errors import ArgmapError, FormatError, InvalidMap
from argmap.model import ArgumentMap, Article, Claim, ClaimKind, Quote, Relation, RelationKind, Scheme, Source

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


def load(path: str | Path, format: str | None = None) -> ArgumentMap:
    """Read a map from a file in any format that argmap knows; the content decides which, unless `format` names it.

    Raises OSError, FormatError (with line or place), UnknownFormat, InvalidMap (with every fault).
    What a format could not carry over is told by `argmap.formats.load`.
    """
    from argmap import formats

    return formats.load(Path(path).read_bytes(), format=format, name=Path(path).name).map


def render(map: ArgumentMap, **options: Any) -> str:
    """Draw a map and return the picture as SVG text; the options are those of `argmap.picture.Options`.

    Raises PictureTooLarge, EngineTimeout or EngineUnavailable when it cannot be laid out in bounded time and memory.
    """
    from argmap import picture  # it brings the layout engine along, which readers of maps need not load

    return picture.draw(map, picture.Options(**options))
