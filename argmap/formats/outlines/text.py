"""A plain-text outline of a map, for e-mail and for reading aloud; read again, as are other indented lines."""

import re

from argmap.errors import FormatError
from argmap.formats.outlines.citations import article_in
from argmap.formats.outlines.own_lines import (
    NO_TITLE,
    OwnLine,
    about_claim,
    about_relation,
    build,
    flat,
    report_lines,
)
from argmap.formats.outlines.sides import side_of
from argmap.formats.outlines.tree import Node, plant
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft
from argmap.formats.report import Losses
from argmap.formats.source.content import Content
from argmap.formats.writing.outline import Line, outline
from argmap.model import ArgumentMap, ClaimKind, RelationKind, limits

_VERBS = {
    RelationKind.SUPPORTS: "because",
    RelationKind.ATTACKS: "but",
    RelationKind.RESTATES: "in other words",
}
_MEANS = {verb: kind for kind, verb in _VERBS.items()}
_LEAD = re.compile(
    r"(because|but|in other words)(?:, (?:against|for) step ([A-Za-z][A-Za-z0-9_-]{0,63}))?(?=:| \()"
)
_CLAIM = re.compile(r"\[([A-Za-z][A-Za-z0-9_-]{0,63})\] ")
_GROUP = re.compile(r"together \(([A-Za-z][A-Za-z0-9_-]{0,63})\)")
_AGAIN = re.compile(r"see ([A-Za-z][A-Za-z0-9_-]{0,63})")
_LISTED = re.compile(r"[ \t]*(?:[-*+•\[<]|\d{1,4}[.)])")
_KINDS = tuple(ClaimKind)


def sniff(content: Content) -> bool:
    """Recognise our own outline, and lines of which those that stand deeper begin with "because", "but" or the like."""
    named = (content.name or "").lower().endswith((".argdown", ".ad"))
    return is_own(content) or (not named and _is_indented(content))


def is_own(content: Content) -> bool:
    """Say whether the first line after the first blank one is a claim as argmap writes it."""
    _, found, body = content.head(8_000).partition("\n\n")
    first = body.partition("\n")[0]
    claim = _CLAIM.match(first)
    return bool(found) and claim is not None and _kind_at(first) > 0


def _is_indented(content: Content) -> bool:
    lines = [line for line in content.head(4_000).split("\n") if line.strip()][:80]
    deeper = [line.strip() for line in lines if line[0] in " \t"]
    if not lines or lines[0] in deeper or any(_LISTED.match(line) for line in lines):
        return False
    return len(deeper) > 1 and 2 * sum(side_of(line).does is not None for line in deeper) > len(
        deeper
    )


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read our own outline back, or lines that stand below each other by their indentation.

    Raises FormatError for a line of our own outline that says neither a claim nor a step.
    """
    draft = Draft("text", losses)
    if not is_own(content) and not _is_head(content.text):
        if not _is_indented(content):
            raise FormatError(
                'an outline has lines below each other that begin with "because" or "but"'
            )
        plant(_indented(content.text), draft)
        return draft.build()
    title, *rest = content.text.split("\n")
    draft.fields["title"] = (
        "" if title == NO_TITLE else fit_fields.one_line(title, limits.TITLE, losses) or ""
    )
    if rest and rest[0] and (article := article_in(rest[0])) is not None:
        draft.fields["article"] = article
    start = 2 if rest and rest[0] else 1
    numbered = enumerate(rest[start:], start=start + 2)
    return build((_read_line(line, f"line {at}") for at, line in numbered if line.strip()), draft)


def _is_head(text: str) -> bool:
    """Say whether a text is no more than the title, and the article, of a map without claims."""
    lines = text.rstrip("\n").split("\n") if len(text) < 2_000 else ()
    return 0 < len(lines) <= 2 and all(line.strip() == line != "" for line in lines)


def _indented(text: str) -> list[Node]:
    roots: list[Node] = []
    path: list[tuple[int, Node]] = []
    for number, line in enumerate(text.expandtabs(4).split("\n"), start=1):
        if not line.strip():
            continue
        depth = len(line) - len(line.lstrip())
        while path and path[-1][0] >= depth:
            path.pop()
        node = Node(line.strip(), f"line {number}")
        (path[-1][1].children if path else roots).append(node)
        path.append((depth, node))
    return roots


def _kind_at(line: str) -> int:
    """Return where the brackets after the words of a claim begin, -1 where there are none."""
    if not line.endswith(")"):
        return -1
    starts = (line.rfind(f" ({kind.value}") for kind in _KINDS)
    return max((at for at in starts if at > 0 and _ends_word(line, at)), default=-1)


def _ends_word(line: str, at: int) -> bool:
    kind = next(kind.value for kind in _KINDS if line.startswith(kind.value, at + 2))
    return line[at + 2 + len(kind)] in ";)"


def _read_line(line: str, place: str) -> OwnLine:
    """Read one line of our own outline. Raises FormatError for another one."""
    words = line.lstrip(" ")
    read = OwnLine((len(line) - len(words)) // 2, place)
    lead = _LEAD.match(words)
    if lead is not None and read.depth:
        words = words[lead.end() :]
        details = ""
        if words.startswith(" ("):
            details, _, words = words[2:].partition("):")
        else:
            words = words[1:]
        words = words.lstrip(" ")
        read = read._replace(does=_MEANS[lead[1]], step=lead[2], details=details)
    group, again, claim = _GROUP.fullmatch(words), _AGAIN.fullmatch(words), _CLAIM.match(words)
    if group is not None and read.does is not None:
        return read._replace(relation=group[1])
    if again is not None:
        return read._replace(claim=again[1])
    if claim is None:
        raise FormatError("this line of an outline is neither a claim nor a step", place=place)
    rest = words[claim.end() :]
    if rest == "continued below":
        return read._replace(claim=claim[1])
    at = _kind_at(rest)
    if at < 0:
        raise FormatError("this line of an outline has no kind of claim", place=place)
    kind, _, about = rest[at + 2 : -1].partition("; ")
    return read._replace(
        claim=claim[1], written=True, kind=ClaimKind(kind), about=about, text=rest[:at]
    )


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write theses at the margin, and below each what speaks for it ("because") and against it ("but")."""
    report_lines(map, "text", losses)
    lines = [flat(map.title) or NO_TITLE]
    if map.article is not None:
        lines.append(flat(map.article.citation()))
    lines.append("")
    lines += ["  " * line.depth + _words(line) for line in outline(map)]
    return "\n".join(lines).rstrip() + "\n"


def _words(line: Line) -> str:
    lead = ""
    if line.relation is not None and not line.linked:
        relation = line.relation
        way = "for" if relation.kind is RelationKind.SUPPORTS else "against"
        on_step = f", {way} step {relation.target}" if line.on_step else ""
        about = about_relation(relation)
        lead = f"{_VERBS[relation.kind]}{on_step}{f' ({about})' if about else ''}: "
    if line.claim is None:
        return f"{lead}together ({line.relation.id if line.relation else ''})"
    if line.again:
        return f"{lead}see {line.claim.id}"
    if line.continued:
        return f"{lead}[{line.claim.id}] continued below"
    about = about_claim(line.claim)
    told = f"{line.claim.kind.value}{f'; {about}' if about else ''}"
    return f"{lead}[{line.claim.id}] {flat(line.claim.text)} ({told})"
