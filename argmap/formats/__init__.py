"""Every format that argmap reads or writes, told apart by content, with a report of what each conversion lost."""

from dataclasses import dataclass

from argmap.errors import FormatError, UnknownFormat
from argmap.formats.registry import FORMATS, Format
from argmap.formats.report import Loss, Losses, LossKind, Report
from argmap.formats.source.content import MAX_BYTES, Content
from argmap.formats.source.refusals import refuse, what_text_is
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

_BY_CONTENT = frozenset(
    {"arggraph", "csv", "markdown", "yaml"}
)  # endings that many other files have
_MAY_BE_EMPTY = frozenset({"brat"})  # a text that is not annotated yet
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
    if format is None and not map.claims and map.article is None:
        _refuse_nothing(content, chosen, losses)
    content.note_reading(losses)
    return Loaded(map, losses.report(), chosen.name, content.beside_read)


def _refuse_nothing(content: Content, chosen: Format, losses: Losses) -> None:
    """Raise FormatError where no claim came of JSON that has nodes: it is another tool's, unless all is dialogue."""
    if content.fields.get("nodes") and LossKind.DIALOGUE not in losses.report().kinds():
        raise FormatError(f"it looks like {chosen.title}, but nothing in it is a claim")


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
    if content.container is not None:
        fitting = [format for format, fits in _CERTAIN if fits(content)]
    elif content.lead.startswith("{"):  # then a format of another syntax need not be asked
        fitting = [format for format, fits in _OF_JSON if fits(content)]
    elif (content.name or "").lower().endswith(FORMATS["argdown"].endings) and not _is_markup(
        content
    ):
        return FORMATS["argdown"]  # outlines look much alike; who names a text so means it
    else:
        fitting = [format for format, fits in _OTHERS if fits(content)]
    if not fitting:
        refuse(content)
        fitting = _only_by_name(content) or _first_vague(content)
    if len(fitting) > 1 and content.name is not None:
        fitting = [
            format for format in fitting if content.name.lower().endswith(format.endings)
        ] or fitting
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = ", ".join(format.name for format in fitting)
        raise UnknownFormat(f"the content fits several formats ({names}); name the one it is in")
    raise what_text_is(content)


def is_map(content: Content) -> bool:
    """Say whether a file is a map of some format rather than an article: its content proves it, or its name says so.

    A web page is an article here, whatever lists it has; text is one unless its content proves more.
    """
    name = (content.name or "").lower()
    if name.endswith((".html", ".htm", ".mhtml", ".mht")):
        return False
    try:
        found = sniff(content)
    except (UnknownFormat, FormatError):
        return False
    if found.name == "docx":  # by its content alone a Word file may be either
        try:
            return bool(_load(content, None).map.claims)
        except (UnknownFormat, FormatError):
            return False
    return found.certain or (name.endswith(found.endings) and not name.endswith((".txt", ".md")))


def _is_markup(content: Content) -> bool:
    return not content.lead or content.lead.startswith(("<?xml", "<!DOCTYPE"))


def _first_vague(content: Content) -> list[Format]:
    return next(([format] for format, fits in _VAGUE if fits(content)), [])


def _only_by_name(content: Content) -> list[Format]:
    """Return the format that alone has the ending of the file's name, where its content does not show what it is.

    Raises UnknownFormat where that format can only be written. Markdown is no more than text.
    """
    named = by_ending(content.name) if content.name is not None else ()
    if len(named) != 1 or named[0].name in _BY_CONTENT:
        return []
    if named[0].load is None:
        raise UnknownFormat(f"{named[0].title} can be written but not read")
    if not content.lead and named[0].name not in _MAY_BE_EMPTY:
        return []
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
        raise UnknownFormat(f"{shown!r} is not a format; the formats are {', '.join(FORMATS)}")
    return format
