"""An argument map: claims, relations between them, and the counter that numbers new ones."""

import importlib
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import Field, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from argmap.errors import InvalidMap
from argmap.model import limits
from argmap.model.article import Article
from argmap.model.base import Language, MapTitle, Value, proven
from argmap.model.claim import Claim, Origin
from argmap.model.faults import faults_of, reference_faults
from argmap.model.relation import Relation

_Count = Annotated[int, Field(ge=0, le=10**9, strict=True)]


class Counters(Value):
    """The highest numbers given so far to claims ("c7") and relations ("r3"); used ids are never given again."""

    claims: _Count = 0
    relations: _Count = 0


_NONE_YET = Counters()


class ArgumentMap(Value):
    """One reading of one article, or a map that stands without one.

    Valid by construction: every reference leads somewhere, every id is unique, relation targets have no cycle.
    `article` is the article as a file carries it along; a store keeps it apart. `counters` never lag behind the ids.
    Raises pydantic.ValidationError with every fault at once.
    """

    title: MapTitle = ""
    language: Language | None = None
    claims: Annotated[tuple[Claim, ...], Field(max_length=limits.CLAIMS)] = ()
    relations: Annotated[tuple[Relation, ...], Field(max_length=limits.RELATIONS)] = ()
    article: Article | None = None
    origin: Origin | None = None
    counters: Counters = _NONE_YET

    @model_validator(mode="wrap")
    @classmethod
    def _check_all(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Check fields and references together, so that one refusal lists the faults of both."""
        try:
            result = handler(data)
        except ValidationError as error:
            broken = _raw_reference_faults(data)
            if not broken:
                raise
            fields: list[Any] = error.errors(include_url=False)
            raise ValidationError.from_exception_data(
                cls.__name__, [_again(item) for item in fields] + broken
            ) from None
        broken = list(reference_faults(result.claims, result.relations))
        if broken:
            raise ValidationError.from_exception_data(cls.__name__, broken)
        counters = _at_least(result.counters, result.by_id)
        if counters != result.counters:
            object.__setattr__(result, "__dict__", {**result.__dict__, "counters": counters})
        return result

    @cached_property
    def by_id(self) -> dict[str, Claim | Relation]:
        """Every claim and relation by its id, claims first, each in the map's order."""
        items: tuple[Claim | Relation, ...] = (*self.claims, *self.relations)
        return {item.id: item for item in items}

    def __getitem__(self, id: str) -> Claim | Relation:
        """Return the claim or relation of that id. Raises KeyError, where `claim` and `relation` return None."""
        try:
            return self.by_id[id]
        except KeyError:
            raise KeyError(f"the map has no claim or relation {id!r}") from None

    def __contains__(self, id: object) -> bool:
        """Say whether the map has a claim or relation of that id, as `"c9" in map`."""
        return id in self.by_id

    def claim(self, id: str) -> Claim | None:
        """Return the claim of that id, or None."""
        found = self.by_id.get(id)
        return found if isinstance(found, Claim) else None

    def relation(self, id: str) -> Relation | None:
        """Return the relation of that id, or None."""
        found = self.by_id.get(id)
        return found if isinstance(found, Relation) else None

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """Show the map as its picture in a notebook, with a line of text for consoles."""
        # By name: the model stands below the picture and does not depend on it.
        render = importlib.import_module("argmap").render
        plain = f"<ArgumentMap {self.title!r}: {len(self.claims)} claims, {len(self.relations)} relations>"
        return {"image/svg+xml": render(self), "text/plain": plain}


def canonical(value: Value) -> bytes:
    """Write a value of the model as compact UTF-8 JSON without its defaults: the same value gives the same bytes."""
    return value.__pydantic_serializer__.to_json(value, exclude_defaults=True)


def parse_map(data: Any) -> ArgumentMap:
    """Build a map from decoded JSON.

    Raises InvalidMap with every fault.
    """
    try:
        return ArgumentMap.model_validate(data)
    except ValidationError as error:
        raise InvalidMap(faults_of(error)) from None


def proven_map(
    claims: tuple[Claim, ...], relations: tuple[Relation, ...], origin: Origin | None
) -> ArgumentMap:
    """Return a map of claims and relations that are known to fit each other, as `proven` does of other values."""
    ids = [claim.id for claim in claims] + [relation.id for relation in relations]
    return proven(
        ArgumentMap,
        {
            "claims": claims,
            "relations": relations,
            "origin": origin,
            "counters": _at_least(_NONE_YET, ids),
        },
    )


def _raw_reference_faults(data: Any) -> list[InitErrorDetails]:
    if not isinstance(data, Mapping):
        return []
    claims, relations = data.get("claims", ()), data.get("relations", ())
    if not isinstance(claims, (list, tuple)) or not isinstance(relations, (list, tuple)):
        return []
    return list(reference_faults(claims, relations))


def _again(item: Any) -> InitErrorDetails:
    kind = PydanticCustomError(item["type"], "{message}", {"message": item["msg"]})
    return InitErrorDetails(type=kind, loc=item["loc"], input=None)


def _at_least(counters: Counters, ids: Iterable[str]) -> Counters:
    highest = {"c": counters.claims, "r": counters.relations}
    for item in ids:
        letter = item[0]
        if letter in highest:
            digits = item[1:]
            if digits.isdigit() and len(digits) <= 9 and digits[0] != "0":
                number = int(digits)
                if number > highest[letter]:
                    highest[letter] = number
    if highest["c"] == counters.claims and highest["r"] == counters.relations:
        return counters
    numbers = {"claims": highest["c"], "relations": highest["r"]}
    return proven(Counters, numbers)
