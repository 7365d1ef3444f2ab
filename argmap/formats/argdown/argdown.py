"""Argdown text, read as its own tool reads it and written so that the tool gives the same statements and relations."""

import re

from argmap.formats.argdown.document import TOLD_OF_CLAIM, TOLD_OF_RELATION
from argmap.formats.argdown.document_map import read_debate
from argmap.formats.argdown.front import front_fields, front_matter
from argmap.formats.argdown.reader import Reader
from argmap.formats.argdown.recognise import fenced, looks_like_argdown
from argmap.formats.argdown.writer import compact, write_debate
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft
from argmap.formats.report import Losses, LossKind
from argmap.formats.source.content import Content
from argmap.formats.writing.report_unsaid import report_unsaid
from argmap.model import ArgumentMap, Claim, Relation, limits

SAID = frozenset(
    {"title", "language", "kind", "origin.type", "origin.section", "origin.data", "map.front"}
    | {f"claim.{name}" for name in TOLD_OF_CLAIM}
    | {f"relation.{name}" for name in TOLD_OF_RELATION}
)
_INCLUDE = re.compile(r"^[ \t]*@include\(([^)\n]{0,300})\)[^\n]*$", re.MULTILINE)
_STRICT = re.compile(r"^([ \t]+mode:[ \t]*)[\"']?strict[\"']?[ \t]*$", re.MULTILINE)


def sniff(content: Content) -> bool:
    """Recognise what looks like Argdown, in Markdown's fences too; `argmap.formats.argdown.recognise` says how."""
    lead = content.lead
    return bool(lead) and lead[0] != "{" and looks_like_argdown(content.text)


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read a debate (`argmap.formats.argdown.document_map` says what becomes of it); headings and data go to `origin`.

    Never refuses a text for its syntax. Raises FormatError for more than 50,000 statements.
    """
    draft = Draft("argdown", losses)
    text = _argdown_of(content, losses)
    front, start = front_matter(text)
    if front:
        fields = front_fields(front)
        draft.fields["title"] = fit_fields.one_line(fields.pop("title", None), limits.TITLE, losses)
        draft.fields["language"] = fit_fields.language(fields.pop("language", None), losses)
        if fields or ":" in re.sub(r"^(title|language):.*$", "", front, flags=re.MULTILINE):
            draft.extra["front"] = _STRICT.sub(
                r"\1loose", front
            )  # what strict mode means is said by relations
    debate = Reader(text, start, losses).read()
    debate.strict = _STRICT.search(front) is not None
    read_debate(debate, draft)
    return draft.build()


def _argdown_of(content: Content, losses: Losses) -> str:
    """Return the text, or what stands between fences in it, without lines that would include other files."""
    text = content.text
    found = fenced(text)
    if found is not None:
        text, count = found
        losses.add(LossKind.NOTE, "What stands outside the fences of Argdown was left out.")
        if count > 1:
            several = "Several fences of Argdown were read as one map."
            losses.add(LossKind.STRUCTURE, several, [f"{count} fences"])
    if "@include" in text:
        lines = (match[1][:60] for match in _INCLUDE.finditer(text))
        losses.add(LossKind.STRUCTURE, "A file that is included by name was not read.", lines)
        text = _INCLUDE.sub("", text)
    return text


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write statements first, then relations in the map's order.

    A single reason is a line of its own; a step that has several sources, a scheme or other fields, or that something
    leads to, is spelled out as an argument. What Argdown has no word for stands in its data.
    """
    report_unsaid(map, "argdown", SAID, losses)
    items: tuple[Claim | Relation, ...] = (*map.claims, *map.relations)
    places = (i.id for i in items if i.origin and i.origin.format == "argdown" and i.origin.id)
    losses.add(LossKind.ORIGIN, "The id that it had in another file is not written.", places)
    return _front(map, losses) + write_debate(map, losses)


def _front(map: ArgumentMap, losses: Losses) -> str:
    origin = map.origin
    if (
        origin is not None
        and origin.format == "argdown"
        and isinstance(origin.extra.get("front"), str)
    ):
        front = str(origin.extra["front"])
        fields = front_fields(front)
        title = fit_fields.one_line(fields.get("title"), limits.TITLE, Losses()) or ""
        if (
            title == map.title
            and fit_fields.language(fields.get("language"), Losses()) == map.language
        ):
            return f"===\n{front}===\n\n"
        losses.add(
            LossKind.ORIGIN,
            "The front matter was left out; its title or language is another one.",
            ("map",),
        )
    fields = {name: value for name in ("title", "language") if (value := getattr(map, name))}
    if not fields:
        return ""
    lines = [f"{name}: {compact(value)}" for name, value in fields.items()]
    return "\n".join(["===", *lines, "===", "", ""])
