"""A Markdown outline of a map, to read or to paste into a document."""

import re

from argmap.formats.report import Losses, LossKind
from argmap.formats.schemes import name_of, report_schemes
from argmap.formats.writing.outline import Line, cited, outline, report_article
from argmap.formats.writing.report_unsaid import report_unsaid
from argmap.model import ArgumentMap, Claim, Relation, RelationKind

_SAID = frozenset(
    {"title", "article", "kind", "claim.label", "claim.implicit", "claim.speaker", "claim.source", "relation.scheme",
     "relation.label", "relation.implicit"}
)  # fmt: skip
_SPECIAL = re.compile(r"([\\`*_\[\]<>&#~|$])")
_VERBS = {
    RelationKind.SUPPORTS: "supported",
    RelationKind.ATTACKS: "attacked",
    RelationKind.RESTATES: "restated",
}


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write the map as nested lists: each thesis with its reasons, evidence and rebuttals below it."""
    report_unsaid(map, "markdown", _SAID, losses)
    report_article(map, losses)
    report_schemes(map.relations, losses)
    if any("\n" in claim.text for claim in map.claims):
        broken = (claim.id for claim in map.claims if "\n" in claim.text)
        losses.add(LossKind.TEXT, "Line breaks in a claim became spaces.", broken)
    lines = [f"# {_plain(map.title) or 'Argument map'}", ""]
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
    tail = " (continued below)" if line.continued else ""
    return f"{lead}{shown}{_about(line.claim)}{'' if line.continued else ': ' + _plain(line.claim.text)}{tail}"


def _lead(relation: Relation, line: Line) -> str:
    named = name_of(relation.scheme) if relation.scheme else None
    details = [_plain(part) for part in (relation.label, named) if part]
    details += ["implicit"] if relation.implicit else []
    subject = f"this step ({relation.target}) is " if line.on_step else ""
    told = f" ({'; '.join(details)})" if details else ""
    return f"*{subject}{_VERBS[relation.kind]} by*{told} "


def _about(claim: Claim) -> str:
    parts = [f"“{_plain(claim.label)}”"] if claim.label else []
    parts += ["implicit"] if claim.implicit else []
    parts += [f"says {_plain(claim.speaker)}"] if claim.speaker else []
    parts += [f"source: {_plain(cited(claim.source))}"] if claim.source else []
    return f" ({'; '.join(parts)})" if parts else ""


def _plain(text: str) -> str:
    """Write a text on one line so that Markdown shows it as it is."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
