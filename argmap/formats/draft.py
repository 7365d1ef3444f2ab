"""A map as an importer finds it, with whatever is dangling or odd in it, and its repair into a valid one."""

from dataclasses import dataclass, field
from typing import Any

from pydantic_core import to_json

from argmap.errors import FormatError
from argmap.formats import clean
from argmap.formats.json_text import refuse_depth
from argmap.formats.kinds import Step, infer_kinds
from argmap.formats.naming import names_of
from argmap.formats.report import Losses, LossKind
from argmap.model import ArgumentMap, ClaimKind, RelationKind, limits, parse_map
from argmap.model.claim import is_short, texts_in


@dataclass(slots=True)
class DraftClaim:
    """A claim as found: its id there, text, kind where the format says it, and fields that fit the model already."""

    id: str | None
    text: Any
    kind: ClaimKind | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class DraftRelation:
    """A step as found; `sources` and `target` are keys of the draft and may lead nowhere."""

    id: str | None
    kind: RelationKind
    sources: list[str]
    target: str | None
    fields: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Draft:
    """What an importer collects; claims and relations share one space of keys, which need not be their ids."""

    format: str
    losses: Losses
    claims: dict[str, DraftClaim] = field(default_factory=dict)
    relations: dict[str, DraftRelation] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)  # title, language, article of the map
    id: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    def build(self) -> ArgumentMap:
        """Repair what the model refuses, name what has no readable id, infer missing kinds, and build the map.

        Readable ids stay (those that fit the model's pattern and are no UUIDs); others are numbered, and kept in
        `origin`.
        Raises FormatError when there are more claims or relations than a map may have.
        """
        if len(self.claims) > limits.CLAIMS or len(self.relations) > limits.RELATIONS:
            raise FormatError(
                f"a map has at most {limits.CLAIMS:,} claims and {limits.RELATIONS:,} relations"
            )
        relations = _sound(self)
        names = names_of(
            [(key, claim.id) for key, claim in self.claims.items()],
            [(key, relation.id) for key, relation in relations.items()],
        )
        sources = self.claims
        kinds: dict[str, ClaimKind] = {}
        if any(claim.kind is None for claim in sources.values()):
            kinds = infer_kinds(
                (
                    (key, str(claim.text), "source" in claim.fields)
                    for key, claim in sources.items()
                ),
                (Step(item.kind, item.sources, item.target or "") for item in relations.values()),
            )
        return parse_map(
            {
                **{name: value for name, value in self.fields.items() if value is not None},
                "claims": [
                    _claim(self, names[key], claim, claim.kind or kinds[key])
                    for key, claim in sources.items()
                ],
                "relations": [
                    _relation(self, names, names[key], relation)
                    for key, relation in relations.items()
                ],
                **_origin(self, None, self.id, self.extra, "the map"),
            }
        )


def _claim(draft: Draft, name: str, claim: DraftClaim, kind: ClaimKind) -> dict[str, Any]:
    place = claim.id or name
    text, whole = clean.claim_text(
        claim.text, draft.losses, place, noted=claim.fields.get("note") is not None
    )
    found: dict[str, Any] = {"id": name, "kind": kind, "text": text}
    for key, value in claim.fields.items():
        if value is not None:
            found[key] = value
    if whole is not None:
        found.setdefault("note", whole)
    if claim.id != name or claim.extra:
        found.update(_origin(draft, name, claim.id, claim.extra, place))
    return found


def _relation(
    draft: Draft, names: dict[str, str], name: str, relation: DraftRelation
) -> dict[str, Any]:
    fields = (
        {key: value for key, value in relation.fields.items() if value is not None}
        if relation.fields
        else {}
    )
    if relation.id != name or relation.extra:
        fields.update(_origin(draft, name, relation.id, relation.extra, relation.id or name))
    return {
        "id": name,
        "kind": relation.kind,
        "sources": [names[source] for source in relation.sources],
        "target": names[relation.target or ""],
        **fields,
    }


def _origin(
    draft: Draft, name: str | None, id: str | None, extra: dict[str, Any], place: str
) -> dict[str, Any]:
    foreign = None if id == name else id
    if foreign is not None and not (foreign.isalnum() and len(foreign) <= limits.NAME):
        foreign = clean.one_line(foreign, limits.NAME, draft.losses, place)
    if extra and not _fits(extra):
        draft.losses.add(
            LossKind.METADATA, "Further data is too large to be kept with the map.", (place,)
        )
        extra = {}
    if foreign is None and not extra:
        return {}
    origin: dict[str, Any] = {"format": draft.format}
    if foreign is not None:
        origin["id"] = foreign
    if extra:
        origin["extra"] = extra
    return {"origin": origin}


def _fits(extra: dict[str, Any]) -> bool:
    """Say whether further data is small and flat enough to be kept."""
    if is_short(extra):
        return True
    try:
        refuse_depth(extra)
        if len(to_json(extra)) > limits.ORIGIN_EXTRA_BYTES:
            return False
    except (ValueError, FormatError):
        return False
    return all(clean.is_clean(text) for text in texts_in(extra))


def _sound(draft: Draft) -> dict[str, DraftRelation]:
    """Return the relations that have a source and lead to a claim or a sound relation; report the others."""
    usable = {
        key: relation
        for key, relation in draft.relations.items()
        if _has_ends(draft, key, relation)
    }
    state: dict[str, bool] = {}
    circular: set[str] = set()
    for start in usable:
        path: list[str] = []
        current: str | None = start
        while current in usable and current not in state and current not in draft.claims:
            state[current] = False  # until its end is known; met again while walking it is a circle
            path.append(current)
            current = usable[current].target
        if current is not None and current in path:
            circle = path[path.index(current) :]
            circular.update(circle)
            draft.losses.add(
                LossKind.CYCLE,
                "Relations that target each other in a circle were dropped.",
                [_place(draft, key) for key in circle],
            )
            continue
        sound = current in draft.claims or state.get(current or "", False)
        for key in path:
            state[key] = sound
    for key in usable:
        if not state[key] and key not in circular:
            draft.losses.add(
                LossKind.DANGLING,
                "A relation to another one that is not there was dropped.",
                (_place(draft, key),),
            )
    return {key: relation for key, relation in usable.items() if state[key]}


def _has_ends(draft: Draft, key: str, relation: DraftRelation) -> bool:
    losses, place, claims = draft.losses, _place(draft, key), draft.claims
    target = relation.target
    sources = relation.sources
    if target in sources and relation.kind is not RelationKind.ATTACKS:
        sources = [source for source in sources if source != target]
        losses.add(
            LossKind.SELF_REFERENCE,
            "A claim supported or restated itself; that was dropped.",
            (place,),
        )
        if not sources:
            return False
    kept = [source for source in sources if source in claims]
    if len(kept) != len(sources):
        losses.add(
            LossKind.DANGLING,
            "A source that is no claim was left out of a relation.",
            [f"{place}: {source}" for source in sources if source not in claims],
        )
    if len(kept) > 1 and len(set(kept)) != len(kept):
        kept = list(dict.fromkeys(kept))
        losses.add(LossKind.DUPLICATE, "A relation named a source twice; it counts once.", (place,))
    if len(kept) > limits.SOURCES_PER_RELATION:
        losses.add(
            LossKind.RELATION,
            f"A relation has at most {limits.SOURCES_PER_RELATION} sources; more were dropped.",
            (place,),
        )
        kept = kept[: limits.SOURCES_PER_RELATION]
    relation.sources = kept
    if not kept:
        losses.add(LossKind.DANGLING, "A relation without a source was dropped.", (place,))
        return False
    if target in claims:
        return True
    if target not in draft.relations:
        losses.add(LossKind.DANGLING, "A relation without a target was dropped.", (place,))
        return False
    if relation.kind is RelationKind.RESTATES:
        losses.add(
            LossKind.RELATION,
            "A restatement of a step was dropped; only claims are restated.",
            (place,),
        )
        return False
    return True


def _place(draft: Draft, key: str) -> str:
    return draft.relations[key].id or key
