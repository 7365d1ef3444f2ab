"""A map as an importer finds it, with whatever is dangling or odd in it, and its repair into a valid one."""

from dataclasses import dataclass, field
from typing import Any

from argmap.errors import FormatError
from argmap.formats.reading.build_values import build_claim, build_origin, build_relation
from argmap.formats.reading.check_ends import sound_relations
from argmap.formats.reading.draft_items import DraftClaim, DraftRelation
from argmap.formats.reading.kinds import infer_kinds
from argmap.formats.reading.naming import names_of
from argmap.formats.report import Losses
from argmap.model import ArgumentMap, ClaimKind, limits, parse_map
from argmap.model.map import proven_map

__all__ = ["Draft", "DraftClaim", "DraftRelation"]


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

    def refuse_many(self) -> None:
        """Raise FormatError when there are more claims or relations than a map may have."""
        if len(self.claims) > limits.CLAIMS or len(self.relations) > limits.RELATIONS:
            raise FormatError(
                f"a map has at most {limits.CLAIMS:,} claims and {limits.RELATIONS:,} relations"
            )

    def build(self) -> ArgumentMap:
        """Repair what the model refuses, name what has no readable id, infer missing kinds, and build the map.

        Readable ids stay (those that fit the model's pattern and are no UUIDs); others are numbered, and kept in
        `origin`.
        Raises FormatError when there are more claims or relations than a map may have.
        """
        self.refuse_many()
        format, losses = self.format, self.losses
        relations = sound_relations(self.claims, self.relations, losses)
        names = names_of(
            [(key, claim.id) for key, claim in self.claims.items()],
            [(key, relation.id) for key, relation in relations.items()],
        )
        kinds = self._kinds(relations)
        claims = [
            build_claim(claim, names[key], claim.kind or kinds[key], format, losses)
            for key, claim in self.claims.items()
        ]
        steps = [
            build_relation(relation, names[key], names, format, losses)
            for key, relation in relations.items()
        ]
        origin = build_origin(format, None, self.id, self.extra, losses, "the map")
        fields = {name: value for name, value in self.fields.items() if value is not None}
        sure = tuple([claim for claim in claims if not isinstance(claim, dict)])
        firm = tuple([step for step in steps if not isinstance(step, dict)])
        if fields or len(sure) < len(claims) or len(firm) < len(steps) or isinstance(origin, dict):
            return parse_map({**fields, "claims": claims, "relations": steps, "origin": origin})
        return proven_map(sure, firm, origin)

    def _kinds(self, relations: dict[str, DraftRelation]) -> dict[str, ClaimKind]:
        if all(claim.kind is not None for claim in self.claims.values()):
            return {}
        return infer_kinds(
            [
                (key, str(claim.text), "source" in claim.fields)
                for key, claim in self.claims.items()
            ],
            relations.values(),
        )
