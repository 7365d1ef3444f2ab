"""Claims and relations as an importer finds them, before they are repaired."""

from dataclasses import dataclass, field
from typing import Any

from argmap.model import ClaimKind, RelationKind


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
