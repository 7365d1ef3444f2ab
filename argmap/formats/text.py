"""A plain-text outline of a map, for e-mail and for reading aloud."""

from argmap.formats.report import Losses, LossKind
from argmap.formats.schemes import name_of, report_schemes
from argmap.formats.writing.outline import Line, cited, outline, report_article
from argmap.formats.writing.report_unsaid import report_unsaid
from argmap.model import ArgumentMap, Claim, RelationKind

_SAID = frozenset(
    {"title", "article", "kind", "claim.label", "claim.implicit", "claim.speaker", "claim.source", "relation.scheme",
     "relation.label", "relation.implicit"}
)  # fmt: skip
_VERBS = {
    RelationKind.SUPPORTS: "because",
    RelationKind.ATTACKS: "but",
    RelationKind.RESTATES: "in other words",
}


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write theses at the margin, and below each what speaks for it ("because") and against it ("but")."""
    report_unsaid(map, "text", _SAID, losses)
    report_article(map, losses)
    report_schemes(map.relations, losses)
    broken = (claim.id for claim in map.claims if "\n" in claim.text)
    losses.add(LossKind.TEXT, "Line breaks in a claim became blanks.", broken)
    lines = [_line(map.title) or "Argument map"]
    if map.article is not None:
        lines.append(_line(map.article.citation()))
    lines.append("")
    lines += ["  " * line.depth + _words(line) for line in outline(map)]
    return "\n".join(lines).rstrip() + "\n"


def _words(line: Line) -> str:
    lead = ""
    if line.relation is not None and not line.linked:
        relation = line.relation
        scheme = name_of(relation.scheme) if relation.scheme else None
        details = [part for part in (relation.label, scheme) if part] + (
            ["implicit"] if relation.implicit else []
        )
        on_step = f", against step {relation.target}" if line.on_step else ""
        on_step = (
            on_step.replace("against", "for") if relation.kind is RelationKind.SUPPORTS else on_step
        )
        told = f" ({_line('; '.join(details))})" if details else ""
        lead = f"{_VERBS[relation.kind]}{on_step}{told}: "
    if line.claim is None:
        return f"{lead}together ({line.relation.id if line.relation else ''})"
    if line.again:
        return f"{lead}see {line.claim.id}"
    if line.continued:
        return f"{lead}[{line.claim.id}] continued below"
    return f"{lead}[{line.claim.id}] {_line(line.claim.text)}{_about(line.claim)}"


def _about(claim: Claim) -> str:
    parts = [claim.kind.value]
    parts += [f"“{claim.label}”"] if claim.label else []
    parts += ["implicit"] if claim.implicit else []
    parts += [f"says {claim.speaker}"] if claim.speaker else []
    parts += [f"source: {cited(claim.source)}"] if claim.source else []
    return f" ({_line('; '.join(parts))})"


def _line(text: str) -> str:
    return " ".join(text.split())
