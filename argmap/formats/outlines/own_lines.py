"""Lines of the outlines that argmap writes: what stands in their brackets, and how they stand below each other."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from argmap.errors import FormatError
from argmap.formats.outlines.citations import article_comes_back, source_in
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.reading.naming import names_of
from argmap.formats.report import Losses, LossKind
from argmap.formats.schemes import name_of, report_schemes, scheme_of
from argmap.formats.writing.outline import cited, outline
from argmap.formats.writing.report_unsaid import report_ids, report_unsaid
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind, limits

SAID = frozenset(
    {"title", "article", "kind", "claim.label", "claim.implicit", "claim.speaker", "claim.source", "relation.scheme",
     "relation.label", "relation.implicit"}
)  # fmt: skip
NO_TITLE = "Argument map"


class OwnLine(NamedTuple):
    """One line as it is read: how deep it stands, the step that leads from it to the line above, and its claim.

    `does` is None at the margin and for linked sources; `relation` is the id of the step where the line tells it, and
    `step` that of the step above to which it leads. `claim` is None for the head of linked sources; `written`: the
    claim stands here with its words.
    """

    depth: int
    place: str
    does: RelationKind | None = None
    details: str = ""
    step: str | None = None
    relation: str | None = None
    claim: str | None = None
    written: bool = False
    kind: ClaimKind | None = None
    about: str = ""
    text: str = ""


def about_claim(claim: Claim) -> str:
    """Write what an outline says of a claim beside its kind and its words."""
    parts = [f"“{claim.label}”"] if claim.label else []
    parts += ["implicit"] if claim.implicit else []
    parts += [f"says {claim.speaker}"] if claim.speaker else []
    parts += [f"source: {cited(claim.source)}"] if claim.source else []
    return _bracketed("; ".join(parts))


def about_relation(relation: Relation) -> str:
    """Write what an outline says of a step."""
    parts = [f"“{relation.label}”"] if relation.label else []
    parts += [name_of(relation.scheme)] if relation.scheme else []
    parts += ["implicit"] if relation.implicit else []
    return _bracketed("; ".join(parts))


def _bracketed(about: str) -> str:
    """Return what stands in brackets on one line, without what would look like their end or beginning."""
    about = flat(about).replace("):", ")")
    for kind in ClaimKind:
        about = about.replace(f" ({kind.value}", f" {kind.value}")
    return about


def flat(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())


def fields_of_claim(about: str) -> dict[str, Any]:
    """Read what `about_claim` wrote."""
    label, rest = _label(about)
    fields: dict[str, Any] = {"label": label} if label else {}
    if rest == "implicit" or rest.startswith("implicit; "):
        fields["implicit"] = True
        rest = rest[10:]
    if rest.startswith("says "):
        speaker, _, rest = rest[5:].partition("; source: ")
        fields["speaker"] = speaker
    elif rest.startswith("source: "):
        rest = rest[8:]
    if rest and (source := source_in(rest)):
        fields["source"] = source
    return fields


def fields_of_relation(about: str) -> dict[str, Any]:
    """Read what `about_relation` wrote."""
    label, rest = _label(about)
    fields: dict[str, Any] = {"label": label} if label else {}
    if rest == "implicit" or rest.endswith("; implicit"):
        fields["implicit"] = True
        rest = rest[:-10]
    if rest and (scheme := scheme_of(rest)):
        fields["scheme"] = scheme
    return fields


def _label(about: str) -> tuple[str | None, str]:
    if not about.startswith("“"):
        return None, about
    end = about.find("”; ")
    if end < 0:
        return (about[1:-1], "") if about.endswith("”") else (None, about)
    return about[1:end], about[end + 3 :]


def report_lines(map: ArgumentMap, format: str, losses: Losses) -> None:
    """Report what the lines of an outline lose of a map: what they have no place for, and what is read otherwise."""
    report_unsaid(map, format, SAID, losses)
    report_schemes(map.relations, losses)
    if map.article is not None and not article_comes_back(map.article):
        losses.add(LossKind.ARTICLE, "Only a one-line citation of the article is kept.")
    if flat(map.title) != map.title or map.title == NO_TITLE:
        losses.add(LossKind.TITLE, "The title is written otherwise.")
    blanks = "Line breaks and runs of blanks in a text became single blanks."
    losses.add(LossKind.TEXT, blanks, (c.id for c in map.claims if flat(c.text) != c.text))
    for claim in map.claims:
        _report_claim(claim, losses)
    for relation in map.relations:
        read = fields_of_relation(about_relation(relation))
        again = scheme_of(name_of(relation.scheme)) if relation.scheme else None
        for name, told, kind in (
            ("label", relation.label, LossKind.LABEL),
            ("scheme", again, LossKind.SCHEME),
            ("implicit", relation.implicit or None, LossKind.IMPLICIT),
        ):
            if read.get(name) != told:
                otherwise = f"The {name} of a step is read otherwise in its brackets."
                losses.add(kind, otherwise, (relation.id,))
    lines = list(outline(map))
    written = [
        line.claim.id for line in lines if line.claim and not line.again and not line.continued
    ]
    if written != [claim.id for claim in map.claims] or _strays(lines, map):
        losses.add(LossKind.ORDER, "Claims and relations stand where the outline has them.")
    report_ids(map, format, {claim.id: claim.id for claim in map.claims}, losses)
    steps = [line.relation for line in lines if line.relation is not None and not line.linked]
    named = {line.relation.target for line in lines if line.relation is not None and line.on_step}
    named |= {
        line.relation.id for line in lines if line.relation is not None and line.claim is None
    }
    again = names_of(
        [(claim.id, claim.id) for claim in map.claims],
        [(step.id, step.id if step.id in named else None) for step in steps],
    )
    numbered = "Relations are numbered anew in the order of the outline."
    losses.add(LossKind.ID, numbered, (step.id for step in steps if again[step.id] != step.id))


def _report_claim(claim: Claim, losses: Losses) -> None:
    read = fields_of_claim(about_claim(claim))
    for name, kind in (
        ("label", LossKind.LABEL),
        ("speaker", LossKind.SPEAKER),
        ("implicit", LossKind.IMPLICIT),
    ):
        if (read.get(name) or None) != (getattr(claim, name) or None):
            losses.add(
                kind, f"The {name} of a claim is read otherwise in its brackets.", (claim.id,)
            )
    told = claim.source.model_dump(exclude_none=True) if claim.source is not None else None
    if read.get("source") != told:
        losses.add(LossKind.SOURCE, "A source is written on one line.", (claim.id,))


def _strays(lines: Iterable[Any], map: ArgumentMap) -> bool:
    steps = [line.relation.id for line in lines if line.relation is not None and not line.linked]
    return steps != [relation.id for relation in map.relations]


def build(lines: Iterable[OwnLine], draft: Draft) -> ArgumentMap:
    """Put lines together again. Raises FormatError for a line that stands below none."""
    path: list[
        tuple[OwnLine, str | None]
    ] = []  # the lines above, each with the key of the step from it
    for line in lines:
        while path and path[-1][0].depth >= line.depth:
            path.pop()
        step = None
        if line.does is not None:
            if not path:
                raise FormatError("this line stands below none", place=line.place)
            step = _relate(line, path[-1], draft)
        elif line.depth and line.claim is not None and path and path[-1][1] is not None:
            draft.relations[path[-1][1]].sources.append(line.claim)
        if line.claim is not None and line.written:
            fields = fields_of_claim(line.about)
            if line.claim in draft.claims:
                again = "A second claim of the same id was left out."
                draft.losses.add(LossKind.DUPLICATE, again, (line.claim,))
            else:
                draft.claims[line.claim] = DraftClaim(
                    line.claim, line.text, line.kind, _clean(fields, draft.losses, line.claim)
                )
        path.append((line, step))
        draft.refuse_many()
    return draft.build()


def _relate(line: OwnLine, above: tuple[OwnLine, str | None], draft: Draft) -> str:
    key = f"step {len(draft.relations)}"
    target = above[1] if line.step is not None or above[0].claim is None else above[0].claim
    if line.step is not None and above[1] is not None:
        draft.relations[above[1]].id = line.step
    fields = _clean(fields_of_relation(line.details), draft.losses, line.place)
    sources = [] if line.claim is None else [line.claim]
    assert line.does is not None  # noqa: S101  the caller looked
    draft.relations[key] = DraftRelation(line.relation, line.does, sources, target, fields)
    return key


def _clean(fields: dict[str, Any], losses: Losses, place: str) -> dict[str, Any]:
    """Make fields fit the model."""
    for name, limit in (("label", limits.LABEL), ("speaker", limits.NAME)):
        if name in fields:
            fields[name] = fit_fields.one_line(fields[name], limit, losses, place)
    source = fields.get("source")
    if source is not None:
        bounds = {
            "author": limits.NAME,
            "title": limits.TITLE,
            "publication": limits.NAME,
            "date": limits.LABEL,
        }
        fields["source"] = {
            name: value
            if name == "url"
            else fit_fields.one_line(value, bounds[name], losses, place)
            for name, value in source.items()
        }
    return fields
