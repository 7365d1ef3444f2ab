"""Argdown text, read as its own tool reads it and written so that the tool gives the same statements and relations."""

import re

from argmap.formats.argdown.document import TOLD_OF_CLAIM, TOLD_OF_RELATION
from argmap.formats.argdown.document_map import read_debate
from argmap.formats.argdown.front import front_fields, front_matter
from argmap.formats.argdown.reader import Reader
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
_STRICT = re.compile(r"^([ \t]+mode:[ \t]*)[\"']?strict[\"']?[ \t]*$", re.MULTILINE)


def sniff(content: Content) -> bool:
    """Take any text that is not JSON, XML, or of a format with stricter rules."""
    lead = content.lead
    if not lead or "\x00" in lead:
        return False
    control = sum(1 for letter in lead if letter < " " and letter not in "\n\t")
    return control == 0 and (
        not (lead[0] == "<" and ("</" in lead or "/>" in lead)) or lead.startswith("<!--")
    )


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read a debate (`argmap.formats.argdown.document_map` says what becomes of it); headings and data go to `origin`.

    Never refuses a text for its syntax. Raises FormatError for more than 50,000 statements.
    """
    draft = Draft("argdown", losses)
    front, start = front_matter(content.text)
    if front:
        fields = front_fields(front)
        draft.fields["title"] = fit_fields.one_line(fields.pop("title", None), limits.TITLE, losses)
        draft.fields["language"] = fit_fields.language(fields.pop("language", None), losses)
        if fields or ":" in re.sub(r"^(title|language):.*$", "", front, flags=re.MULTILINE):
            draft.extra["front"] = _STRICT.sub(
                r"\1loose", front
            )  # what strict mode means is said by relations
    debate = Reader(content.text, start, losses).read()
    debate.strict = _STRICT.search(front) is not None
    read_debate(debate, draft)
    return draft.build()


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write statements first, then relations in the map's order.

    A single reason is a line of its own; a step that has several sources, a scheme or other fields, or that something
    leads to, is spelled out as an argument. What Argdown has no word for stands in its data.
    """
    report_unsaid(map, "argdown", SAID, losses)
    items: tuple[Claim | Relation, ...] = (*map.claims, *map.relations)
    places = (i.id for i in items if i.origin and i.origin.format == "argdown" and i.origin.id)
    losses.add(LossKind.ORIGIN, "The id that it had in another file is not told.", places)
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
