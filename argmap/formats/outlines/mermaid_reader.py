"""Mermaid flowcharts and mind maps as people write them, read as claims and relations."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple

from argmap.errors import FormatError
from argmap.formats.outlines.sides import side_word
from argmap.formats.outlines.tree import Node, plant
from argmap.formats.reading.draft import Draft
from argmap.formats.report import Losses, LossKind
from argmap.model import RelationKind, limits

_BEGINS = re.compile(r"(flowchart|graph|mindmap)\b[^\n;]{0,40}(?=\n|;|\Z)")
_SKIPPED = (
    "classDef",
    "class ",
    "style ",
    "linkStyle",
    "click ",
    "direction ",
    "subgraph",
    "accTitle",
    "accDescr",
)
_NAME = re.compile(r"[^\s\[\](){}<>|&;:\"'=-](?:[^\s\[\](){}<>|&;:\"'=-]|-(?![->.x]))*")
_SHAPES = (
    ("(((", ")))"), ("((", "))"), ("([", "])"), ("[[", "]]"), ("[(", ")]"), ("[/", "/]"), ("[\\", "\\]"), ("[/", "\\]"),
    ("[\\", "/]"), ("{{", "}}"), ("(", ")"), ("[", "]"), ("{", "}"), (">", "]"),
)  # fmt: skip
_HEADED = r"(?=>|[xo](?![\w.-]))"
_ARROW = re.compile(
    rf"([<xo]?)(-{{2,20}}{_HEADED}|-{{3,20}}|={{2,20}}{_HEADED}|={{3,20}}|-\.{{1,20}}-|~{{3,20}})(>|[xo](?![\w.-])|)"
)
_OPENING = re.compile(r"([<xo]?)(--|==|-\.)\s{0,9}(?=[^\s>xo.=-])")
_CLOSING = re.compile(r"\s{0,9}(-{1,20}|={1,20}|\.{1,20}-)([>xo]?)(?=\s|$|[\w\[(])")
_CODE = re.compile(r"#(\d{1,7}|[a-z]{2,8});")
_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
MAX_LINES = 200_000


class Edge(NamedTuple):
    """An arrow between two nodes, with its words, its line and its head ("x" for a cross)."""

    source: str
    target: str
    words: str
    line: str
    head: str
    place: str


@dataclass(slots=True)
class Chart:
    """What a flowchart has: the words of its nodes, its arrows, and classes of nodes."""

    nodes: dict[str, str] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    classes: dict[str, str] = field(default_factory=dict)


def head_of(text: str) -> str | None:
    """Return with which word a chart begins, None where it is none; comments and front matter may stand before it."""
    for line in text.lstrip().split("\n", 60)[:60]:
        bare = line.strip()
        if not bare or bare == "---" or bare.startswith(("%%", "title:", "config:", "```")):
            continue
        match = _BEGINS.match(bare)
        return match[1] if match else None
    return None


def lines_of(text: str) -> list[tuple[int, str]]:
    """Return the lines below the head of a chart with their numbers. Raises FormatError for too many."""
    if text.count("\n") > MAX_LINES:
        raise FormatError(f"this has more than {MAX_LINES:,} lines")
    found: list[tuple[int, str]] = []
    begun = False
    for number, line in enumerate(text.split("\n"), start=1):
        bare = line.strip()
        if begun and bare and not bare.startswith(("%%", "```")):
            found.append((number, line))
        begun = begun or _BEGINS.match(bare) is not None
    return found


def read_chart(text: str) -> Chart:
    """Read the nodes and arrows of a flowchart. Raises FormatError for a line that is neither."""
    chart = Chart()
    for number, line in lines_of(text):
        for statement in _statements(line):
            if statement == "end" or statement.startswith(_SKIPPED):
                _read_class(statement, chart)
                continue
            _read_statement(statement, number, chart)
            if (
                len(chart.nodes) > limits.CLAIMS + limits.RELATIONS
                or len(chart.edges) > 4 * limits.RELATIONS
            ):
                raise FormatError("this chart has more nodes and arrows than a map may have")
    return chart


def _statements(line: str) -> list[str]:
    if ";" not in line:
        return [line.strip()]
    parts: list[str] = []
    start = depth = 0
    quoted = False
    for at, letter in enumerate(line):
        if letter == '"':
            quoted = not quoted
        elif not quoted and letter in "[({":
            depth += 1
        elif not quoted and letter in "])}":
            depth -= 1
        elif letter == ";" and not quoted and depth <= 0:
            parts.append(line[start:at])
            start = at + 1
    parts.append(line[start:])
    return [part.strip() for part in parts if part.strip()]


def _read_class(statement: str, chart: Chart) -> None:
    if statement.startswith("class "):
        names, _, kind = statement[6:].strip().rpartition(" ")
        for name in names.split(","):
            chart.classes[name.strip()] = f"{chart.classes.get(name.strip(), '')} {kind}".strip()


def _read_statement(text: str, number: int, chart: Chart) -> None:
    at = 0
    before: list[str] = []
    arrow: tuple[str, str, str] | None = None
    while at < len(text):
        group: list[str] = []
        while True:
            name, at = _read_node(text, at, number, chart)
            group.append(name)
            if text.startswith("&", at):
                at = _past(text, at + 1)
                continue
            break
        if arrow is not None:
            for source in before:
                for target in group:
                    back = arrow[1].startswith("<") and not arrow[2]
                    ends = (target, source) if back else (source, target)
                    chart.edges.append(Edge(*ends, *arrow, f"line {number}"))
        before = group
        at = _past(text, at)
        if at >= len(text):
            return
        arrow, at = _read_arrow(text, at, number)


def _past(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t":
        at += 1
    return at


def _read_node(text: str, at: int, number: int, chart: Chart) -> tuple[str, int]:
    at = _past(text, at)
    named = _NAME.match(text, at)
    if named is None:
        raise FormatError(
            "this line of a Mermaid chart is neither a node nor an arrow", line=number
        )
    at = named.end()
    name = named[0]
    words = None
    for left, right in _SHAPES:
        if text.startswith(left, at):
            start = at + len(left)
            quoted = text.startswith('"', start)
            end = text.find(f'"{right}' if quoted else right, start + quoted)
            if end >= 0:
                words = text[start + quoted : end]
                at = end + quoted + len(right)
                break
    if words is not None:
        chart.nodes[name] = plain(words)
    else:
        chart.nodes.setdefault(name, name)
    if text.startswith(":::", at):
        style = _NAME.match(text, at + 3)
        if style is not None:
            chart.classes[name] = style[0]
            at = style.end()
    return name, _past(text, at)


def _read_arrow(text: str, at: int, number: int) -> tuple[tuple[str, str, str], int]:
    """Return the words, the line and the head of an arrow, and where it ends."""
    whole = _ARROW.match(text, at)
    if whole is not None:
        at = _past(text, whole.end())
        words = ""
        if text.startswith("|", at):
            end = text.find("|", at + 1)
            if end > 0:
                words, at = text[at + 1 : end], end + 1
        return (plain(words.strip().strip('"')), whole[1] + whole[2], whole[3]), at
    opening = _OPENING.match(text, at)
    if opening is not None:
        closing = _CLOSING.search(text, opening.end())
        if closing is not None:
            words = text[opening.end() : closing.start()]
            return (
                plain(words.strip().strip('"')),
                opening[1] + opening[2],
                closing[2],
            ), closing.end()
    raise FormatError("this line of a Mermaid chart has no arrow where one should be", line=number)


def plain(text: str) -> str:
    """Return the words of a label: line breaks as such, codes as their letters, without tags and marks."""
    text = _TAG.sub("", _BREAK.sub("\n", text.strip().strip("`")))
    if "#" in text:
        text = _CODE.sub(lambda m: _letter(m[1]), text)
    return text.strip()


def _letter(code: str) -> str:
    if code.isdecimal():
        number = int(code)
        return chr(number) if 31 < number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
    return unescape(f"&{code};")


def kind_of(edge: Edge, losses: Losses) -> RelationKind:
    """Return what an arrow says that its source does; one that says nothing supports."""
    first = edge.words.split(" · ")[0]
    said = side_word(first)
    if said is not None:
        return said
    if edge.head == "x":
        return RelationKind.ATTACKS
    if edge.words:
        losses.add(LossKind.LABEL, "The words of an arrow were left out.", (edge.place,))
    return RelationKind.SUPPORTS


def read_mindmap(text: str, draft: Draft) -> None:
    """Read a mind map as an outline: what stands deeper supports, unless it says otherwise."""
    roots: list[Node] = []
    path: list[tuple[int, Node]] = []
    for number, line in lines_of(text):
        words = line.strip()
        if words.startswith(("::icon", ":::")):
            continue
        depth = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
        while path and path[-1][0] >= depth:
            path.pop()
        node = Node(_shaped(words), f"line {number}")
        (path[-1][1].children if path else roots).append(node)
        path.append((depth, node))
    plant(roots, draft)


def _shaped(words: str) -> str:
    """Return the words inside the shape of a node of a mind map."""
    named = _NAME.match(words)
    at = named.end() if named is not None else 0
    for left, right in (("))", "(("), (")", "("), *_SHAPES):
        if words.startswith(left, at) and words.endswith(right) and len(words) > at + len(left):
            return plain(words[at + len(left) : -len(right)].strip('"'))
    return plain(words.strip('"'))
