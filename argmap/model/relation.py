"""A relation of an argument map: an inference step or an attack, on a claim or on another relation."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from argmap.model import limits
from argmap.model.base import Flag, Id, Label, Name, Note, Value, Weight
from argmap.model.claim import Origin


class RelationKind(StrEnum):
    """What the sources do to the target: support it, attack it, or restate it in other words (AIF's MA)."""

    SUPPORTS = "supports"
    ATTACKS = "attacks"
    RESTATES = "restates"


class Scheme(Value):
    """The argumentation scheme of a step: the key of a Walton scheme, a name that is not in our list, or both."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$")] | None = None
    name: Name | None = None

    @model_validator(mode="after")
    def _check_not_empty(self) -> Self:
        if self.key is None and self.name is None:
            raise PydanticCustomError("empty", "a scheme needs a key or a name")
        return self


class Relation(Value):
    """One step: the sources together support, attack or restate the target.

    Several sources in one relation are linked co-premises (each is needed); several relations
    with one source each are convergent, independent reasons. An attack on a claim rebuts it, an
    attack on a relation undercuts that step, a support of a relation backs that step (Toulmin's
    backing). `weight` (0..1) is how much the step carries over.
    """

    id: Id
    kind: RelationKind
    sources: Annotated[tuple[Id, ...], Field(min_length=1, max_length=limits.SOURCES_PER_RELATION)]
    target: Id
    scheme: Scheme | None = None
    label: Label | None = None
    implicit: Flag = False
    weight: Weight | None = None
    note: Note | None = None
    origin: Origin | None = None
