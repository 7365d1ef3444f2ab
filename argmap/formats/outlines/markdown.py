"""A Markdown outline of a map, to read or to paste into a document; read again, as are lists of other people."""

import re
from typing import TYPE_CHECKING

from argmap.errors import FormatError
from argmap.formats import kialo
from argmap.formats.outlines.citations import article_in
from argmap.formats.outlines.markdown_reader import inline, looks_like_outline, parse, read_lists
from argmap.formats.outlines.own_lines import (
    NO_TITLE,
    OwnLine,
    about_claim,
    about_relation,
    build,
    flat,
    report_lines,
)
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft
from argmap.formats.report import Losses
from argmap.formats.source.content import Content
from argmap.formats.writing.outline import Line, outline
from argmap.model import ArgumentMap, ClaimKind, Relation, RelationKind, limits

if TYPE_CHECKING:
    from markdown_it.token import Token

_SPECIAL = re.compile(r"([\\`*_\[\]<>&#~|$])")
_VERBS = {
    RelationKind.SUPPORTS: "supported",
    RelationKind.ATTACKS: "attacked",
    RelationKind.RESTATES: "restated",
}


_FIRST = re.compile(
    r"^- \*\*(?:Thesis|Premise|Evidence|Rebuttal)\*\* [A-Za-z][A-Za-z0-9_-]{0,63}(?: \(|:)",
    re.MULTILINE,
)
_HEAD = re.compile(r"# [^\n]{1,2000}\n(?:\n\*[^\n]{1,2000}\*\n)?")  # of a map without claims
_MEANS = {f"{verb} by": kind for kind, verb in _VERBS.items()}


def sniff(content: Content) -> bool:
    """Recognise our own outline, and any text that is mostly a nested list and not Argdown."""
    if is_own(content):
        return True
    named = (content.name or "").lower().endswith((".argdown", ".ad"))
    return not named and looks_like_outline(content) and not kialo.sniff(content)


def is_own(content: Content) -> bool:
    """Say whether a text has the heading, and the first thesis or claim, of an outline that argmap wrote."""
    lead = content.head(4_000)
    return lead.startswith("# ") and _FIRST.search(lead) is not None


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read our own outline back, or the lists of another one as `argmap.formats.outlines` says.

    Raises FormatError where there is neither a list nor a heading with words below it.
    """
    if not is_own(content) and not _HEAD.fullmatch(content.text):
        return read_lists(content, losses)
    draft = Draft("markdown", losses)
    lines: list[OwnLine] = []
    depth = -1
    for token in parse(content.text):
        if token.type in ("bullet_list_open", "bullet_list_close"):
            depth += 1 if token.type.endswith("open") else -1
        elif token.type == "inline":
            words, _ = inline(token)
            if depth >= 0:
                lines.append(_read_line(token, depth))
            elif "title" not in draft.fields:
                title = "" if words == NO_TITLE else words
                draft.fields["title"] = fit_fields.one_line(title, limits.TITLE, losses) or ""
            elif (article := article_in(flat(words))) is not None:
                draft.fields["article"] = article
    return build(lines, draft)


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write the map as nested lists: each thesis with its reasons, evidence and rebuttals below it."""
    report_lines(map, "markdown", losses)
    lines = [f"# {_plain(map.title) or NO_TITLE}", ""]
    if map.article is not None:
        lines += [f"*{_plain(map.article.citation())}*", ""]
    lines += ["  " * line.depth + "- " + _words(line) for line in outline(map)]
    return "\n".join(lines).rstrip() + "\n"


def _words(line: Line) -> str:
    lead = _lead(line.relation, line) if line.relation is not None and not line.linked else ""
    if line.claim is None:
        return f"{lead}{line.relation.id if line.relation else ''}, together:"
    shown = f"**{line.claim.kind.value.capitalize()}** {line.claim.id}"
    if line.again:
        return f"{lead}{shown} (written out elsewhere)"
    if line.continued:
        return f"{lead}{shown} (continued below)"
    about = about_claim(line.claim)
    return f"{lead}{shown}{f' ({_plain(about)})' if about else ''}: {_plain(line.claim.text)}"


def _lead(relation: Relation, line: Line) -> str:
    subject = f"this step ({relation.target}) is " if line.on_step else ""
    about = about_relation(relation)
    return f"*{subject}{_VERBS[relation.kind]} by*{f' ({_plain(about)})' if about else ''} "


def _read_line(token: "Token", depth: int) -> OwnLine:
    """Read one line of our own outline. Raises FormatError for another one."""
    place = f"line {token.map[0] + 1}" if token.map else ""
    parts: dict[str, list[str]] = {"em": [], "lead": [], "strong": [], "rest": []}
    now = "rest"
    for child in token.children or ():
        if child.type in ("em_open", "strong_open"):
            if child.type == "strong_open" and parts["em"]:
                parts["lead"], parts["rest"] = parts["rest"], []
            now = child.type.removesuffix("_open")
        elif child.type in ("em_close", "strong_close"):
            now = "rest"
        else:
            parts[now].append("\n" if child.type in ("softbreak", "hardbreak") else child.content)
    said, lead, kind, rest = ("".join(parts[name]) for name in ("em", "lead", "strong", "rest"))
    line = OwnLine(depth, place)
    if said:
        step = None
        if said.startswith("this step ("):
            step, _, said = said.removeprefix("this step (").partition(") is ")
        does = _MEANS.get(said)
        if does is None:
            raise FormatError("this line of an outline does not say what it does", place=place)
        line = line._replace(does=does, step=step)
    if not kind:
        details, _, id = rest.removesuffix(", together:").rpartition(" ")
        if line.does is None or not rest.endswith(", together:"):
            raise FormatError("this line of an outline has no claim", place=place)
        return line._replace(details=_unbracketed(details), relation=id)
    id, _, told = rest.strip().partition(" ")
    line = line._replace(details=_unbracketed(lead), claim=id.rstrip(":"))
    if told in ("(written out elsewhere)", "(continued below)"):
        return line
    about = ""
    if not id.endswith(":"):
        about, _, told = told.partition("):")
    try:
        named = ClaimKind(kind.lower())
    except ValueError:
        raise FormatError("this line of an outline has no kind of claim", place=place) from None
    return line._replace(written=True, kind=named, about=about.removeprefix("("), text=told.strip())


def _unbracketed(details: str) -> str:
    return details.strip().removeprefix("(").removesuffix(")")


def _plain(text: str) -> str:
    """Write a text on one line so that Markdown shows it as it is."""
    return _SPECIAL.sub(r"\\\1", flat(text))
