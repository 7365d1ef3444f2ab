"""The paragraphs of a Word file, with what the styles of debate cards say of each stretch of their words."""

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from argmap.errors import FormatError
from argmap.formats.source.packages import entry_names, open_package

if TYPE_CHECKING:
    from docx.document import Document

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MAX_PARAGRAPHS = 200_000
_CITE = frozenset({"style13ptbold", "cite", "heading4char", "tagchar", "author-date", "authordate"})
_READ = frozenset({"styleunderline", "underline", "emphasis", "heading3char", "styleboldunderline"})
_LEVELS = {"pocket": 1, "hat": 2, "block": 3, "tag": 4}
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


class Run(NamedTuple):
    """A stretch of words: `read` is underlined, `spoken` highlighted, `cite` in the style of cites."""

    text: str
    read: bool
    spoken: bool
    cite: bool
    bold: bool


@dataclass(slots=True)
class Paragraph:
    """One paragraph: `level` is that of its heading, 0 for none; `item` the level of its list from 0 on, or None."""

    style: str
    level: int
    item: int | None
    runs: list[Run] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words of the paragraph."""
        return "".join(run.text for run in self.runs)


class _Style(NamedTuple):
    key: str  # its id or name, without blanks, in small letters
    level: int
    read: bool | None
    bold: bool | None


def is_word(data: bytes) -> bool:
    """Say whether a file is a Word file."""
    return "word/document.xml" in entry_names(data)


def open_document(data: bytes) -> "Document":
    """Open a Word file. Raises FormatError for a broken or hostile one, and where python-docx is missing."""
    try:
        import docx
    except ImportError:
        raise FormatError(
            "Word files need the package python-docx; install argmap[office]"
        ) from None

    open_package(data, "a Word file").close()
    try:
        return docx.Document(io.BytesIO(data))
    except Exception as error:  # noqa: BLE001  python-docx lets whatever goes wrong inside come out
        raise FormatError(
            f"a Word file that is broken cannot be read ({type(error).__name__})"
        ) from None


def paragraphs_of(document: "Document") -> list[Paragraph]:
    """Return all paragraphs in their order, those of tables too. Raises FormatError for too many."""
    if getattr(document.element, "body", None) is None:
        raise FormatError("a Word file without a document in it cannot be read")
    try:
        styles = _styles(document)
    except Exception as error:  # noqa: BLE001  python-docx lets whatever goes wrong inside come out
        raise FormatError(
            f"a Word file that is broken cannot be read ({type(error).__name__})"
        ) from None
    links = {id: rel.target_ref for id, rel in document.part.rels.items() if rel.is_external}
    found: list[Paragraph] = []
    for element in document.element.body.iter(f"{W}p"):
        found.append(_paragraph(element, styles, links))
        if len(found) > MAX_PARAGRAPHS:
            raise FormatError(f"a Word file has at most {MAX_PARAGRAPHS:,} paragraphs")
    return found


def _styles(document: "Document") -> dict[str, _Style]:
    """Return the styles by their ids, with what they take from those that they are based on."""
    raw: dict[str, tuple[str, str, Any]] = {}
    for element in document.styles.element.iter(f"{W}style"):
        id = element.get(f"{W}styleId") or ""
        name = element.find(f"{W}name")
        raw[id] = (id, (name.get(f"{W}val") or "") if name is not None else "", element)
    styles: dict[str, _Style] = {}
    for id in raw:
        path: list[str] = []
        current = id
        while current in raw and current not in styles and current not in path:
            path.append(current)
            base = raw[current][2].find(f"{W}basedOn")
            current = base.get(f"{W}val") if base is not None else ""
        for name in reversed(path):
            base = raw[name][2].find(f"{W}basedOn")
            below = styles.get(base.get(f"{W}val") or "") if base is not None else None
            styles[name] = _style(*raw[name], below)
    return styles


def _style(id: str, name: str, element: Any, below: _Style | None) -> _Style:
    keys = {_key(id), *map(_key, name.split(","))}
    level = next((_level(key) for key in sorted(keys) if _level(key)), below.level if below else 0)
    outline = element.find(f"{W}pPr/{W}outlineLvl")
    if outline is not None and not level and (outline.get(f"{W}val") or "").isdecimal():
        level = int(outline.get(f"{W}val")) + 1
        level = level if level < 10 else 0
    format = element.find(f"{W}rPr")
    read = _underlined(format)
    if keys & _READ:
        read = True
    if read is None and below is not None:
        read = below.read
    bold = _on(format, "b")
    key = next(iter(sorted(keys & _CITE)), _key(id))
    return _Style(key, level, read, below.bold if bold is None and below else bold)


def _key(name: str) -> str:
    return "".join(name.split()).lower()


def _level(key: str) -> int:
    if key.startswith("heading") and key[7:].isdecimal() and len(key) == 8:
        return int(key[7:])
    return _LEVELS.get(key, 0)


def _underlined(format: Any) -> bool | None:
    mark = format.find(f"{W}u") if format is not None else None
    return None if mark is None else mark.get(f"{W}val") not in ("none", "0")


def _on(format: Any, name: str) -> bool | None:
    mark = format.find(f"{W}{name}") if format is not None else None
    return None if mark is None else mark.get(f"{W}val") not in ("0", "false", "none", "off")


def _paragraph(element: Any, styles: dict[str, _Style], links: dict[str, str]) -> Paragraph:
    properties = element.find(f"{W}pPr")
    named = properties.find(f"{W}pStyle") if properties is not None else None
    id = (named.get(f"{W}val") or "") if named is not None else ""
    style = styles.get(id) or _Style(_key(id), _level(_key(id)), None, None)
    item = None
    numbered = properties.find(f"{W}numPr") if properties is not None else None
    if numbered is not None and not style.level:
        level = numbered.find(f"{W}ilvl")
        value = (level.get(f"{W}val") or "0") if level is not None else "0"
        item = int(value) if value.isdecimal() and len(value) < 3 else 0
    elif style.key.startswith(("listbullet", "listnumber")):
        item = int(style.key[-1]) - 1 if style.key[-1].isdecimal() else 0
    paragraph = Paragraph(style.key, style.level, item)
    for run in element.iter(f"{W}r", f"{W}hyperlink"):
        if run.tag == f"{W}hyperlink":
            target = links.get(run.get(f"{_R}id") or "")
            if target:
                paragraph.links.append(target)
            continue
        text = "".join(_words(child) for child in run)
        if text:
            paragraph.runs.append(_run(text, run.find(f"{W}rPr"), styles))
    return paragraph


def _words(child: Any) -> str:
    if child.tag == f"{W}t":
        return child.text or ""
    return _BREAKS.get(child.tag.removeprefix(W), "") if isinstance(child.tag, str) else ""


def _run(text: str, format: Any, styles: dict[str, _Style]) -> Run:
    named = format.find(f"{W}rStyle") if format is not None else None
    id = (named.get(f"{W}val") or "") if named is not None else ""
    style = styles.get(id) or _Style(_key(id), 0, _key(id) in _READ or None, None)
    underlined = _underlined(format)
    read = bool(style.read) if underlined is None else underlined
    light = format.find(f"{W}highlight") if format is not None else None
    shade = format.find(f"{W}shd") if format is not None else None
    spoken = light is not None and light.get(f"{W}val") != "none"
    if light is None and shade is not None:
        spoken = (shade.get(f"{W}fill") or "auto").lower() not in ("auto", "ffffff")
    bold = _on(format, "b")
    return Run(text, read, spoken, style.key in _CITE, bool(style.bold if bold is None else bold))
