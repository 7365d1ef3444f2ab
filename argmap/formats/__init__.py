"""Every format that argmap reads or writes, told apart by content, with a report of what each conversion lost."""

import re
from dataclasses import dataclass

from argmap.errors import UnknownFormat
from argmap.formats.registry import FORMATS, Format
from argmap.formats.report import Loss, Losses, LossKind, Report
from argmap.formats.source.content import MAX_BYTES, Content
from argmap.model import ArgumentMap

__all__ = [
    "FORMATS",
    "MAX_BYTES",
    "Content",
    "Dumped",
    "Format",
    "Loaded",
    "Loss",
    "LossKind",
    "Report",
    "by_ending",
    "by_media_type",
    "dump",
    "load",
    "sniff",
    "writable",
]

_BEGINS_JSON = re.compile(r"\{|\[\s*\{")  # "[" alone may begin a title of Argdown
_BEGINS_ICCMA = re.compile(r"p af \d+[ \t]*(\n|\Z)")
_READABLE = [(format, format.sniff) for format in FORMATS.values() if format.sniff is not None]
_CERTAIN = [(format, fits) for format, fits in _READABLE if format.certain]
_OF_JSON = [(format, fits) for format, fits in _CERTAIN if format.media_type == "application/json"]
_OTHERS = [(format, fits) for format, fits in _CERTAIN if format.media_type != "application/json"]
_VAGUE = [(format, fits) for format, fits in _READABLE if not format.certain]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A map that was read, the name of the format it was in, and what was lost or repaired on the way.

    `beside_read` is False where a text stood beside the file and the format takes none.
    """

    map: ArgumentMap
    report: Report
    format: str
    beside_read: bool = True


@dataclass(frozen=True, slots=True)
class Dumped:
    """The bytes of a written map, and what they could not say."""

    data: bytes
    report: Report


def load(
    data: bytes, format: str | None = None, name: str | None = None, beside: bytes | None = None
) -> Loaded:
    """Read a map from the bytes of a file.

    `format` names the format; without it the content decides, and where several would fit the ending of `name`.
    `beside` is the plain text that the file annotates (the `.txt` of the same name), where there is one.
    Raises UnknownFormat, FormatError (with line or place), InvalidMap (with every fault).
    """
    return _load(Content(data, name, beside), format)


def _load(content: Content, format: str | None) -> Loaded:
    """Read a map; what was made of the file on the way is gone when this is done."""
    chosen = _named(format) if format is not None else sniff(content)
    if chosen.load is None:
        raise UnknownFormat(f"{chosen.title} can be written but not read")
    losses = Losses()
    map = chosen.load(content, losses)
    content.note_reading(losses)
    return Loaded(map, losses.report(), chosen.name, content.beside_read)


def dump(map: ArgumentMap, format: str) -> Dumped:
    """Write a map in the format of that name, text as UTF-8. Raises UnknownFormat."""
    dumping = writable(format).dump
    if dumping is None:  # `writable` has seen to that, which the types do not know
        raise UnknownFormat(format)
    losses = Losses()
    written = dumping(map, losses)
    data = written.encode() if isinstance(written, str) else written
    return Dumped(data, losses.report())


def writable(name: str) -> Format:
    """Return the format of that name, which can be written. Raises UnknownFormat."""
    chosen = _named(name)
    if chosen.dump is None:
        raise UnknownFormat(f"{chosen.title} can be read but not written")
    return chosen


def sniff(content: Content) -> Format:
    """Tell a file's format from its content, and where several fit, from the ending of its name.

    Raises UnknownFormat, which names the candidates when there are several; FormatError for broken JSON or XML.
    """
    is_json = content.lead.startswith("{")  # then a format of another syntax need not be asked
    fitting = [format for format, fits in (_OF_JSON if is_json else _OTHERS) if fits(content)]
    if not fitting:
        _refuse_known_others(content)
        fitting = _only_by_name(content) or [format for format, fits in _VAGUE if fits(content)]
    if not fitting:
        content.text  # noqa: B018  what is no text says so
    if len(fitting) > 1 and content.name is not None:
        fitting = [
            format for format in fitting if content.name.lower().endswith(format.endings)
        ] or fitting
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = ", ".join(format.name for format in fitting)
        raise UnknownFormat(f"the content fits several formats ({names}); name the one it is in")
    raise UnknownFormat("the content is of no format that argmap knows")


def _refuse_known_others(content: Content) -> None:
    """Raise UnknownFormat or FormatError for what is no plain text, and for a framework that only solvers read."""
    lead = content.lead
    # What is named so is no plain text, whatever it begins with.
    if _BEGINS_JSON.match(lead) or (content.name or "").lower().endswith(".json"):
        content.json  # noqa: B018  broken JSON says where
        raise UnknownFormat("this JSON is of no format that argmap knows")
    if lead.startswith(("<?xml", "<!DOCTYPE")):
        content.xml  # noqa: B018  broken XML says where
        raise UnknownFormat("this XML is of no format that argmap knows")
    if _BEGINS_ICCMA.match(lead):
        raise UnknownFormat(
            'this is an abstract framework as ICCMA has them since 2023 ("p af"), which argmap does not read;'
            " it reads apx and tgf"
        )


def _only_by_name(content: Content) -> list[Format]:
    """Return the format that alone has the ending of the file's name, where its content does not show what it is.

    Raises UnknownFormat where that format can only be written. Markdown is no more than text.
    """
    named = by_ending(content.name) if content.name is not None and content.lead else ()
    if len(named) != 1 or named[0].name == "markdown":
        return []
    if named[0].load is None:
        raise UnknownFormat(f"{named[0].title} can be written but not read")
    return list(named)


def by_ending(name: str) -> tuple[Format, ...]:
    """Return the formats that a file of that name may be in, the one with the longest fitting ending first."""
    lower = name.lower()
    fits = [
        (max(len(ending) for ending in format.endings if lower.endswith(ending)), format)
        for format in FORMATS.values()
        if lower.endswith(format.endings)
    ]
    return tuple(format for _, format in sorted(fits, key=lambda fit: -fit[0]))


def by_media_type(media_type: str) -> Format | None:
    """Return the first format of that media type, or None."""
    wanted = media_type.partition(";")[0].strip().lower()
    return next((format for format in FORMATS.values() if format.media_type == wanted), None)


def _named(name: str) -> Format:
    format = FORMATS.get(name)
    if format is None:
        shown = name.encode("utf-8", "replace").decode()[:40]
        raise UnknownFormat(f"there is no format {shown!r}; there are {', '.join(FORMATS)}")
    return format
