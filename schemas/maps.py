"""Argument maps, claims and relations on the wire."""

import datetime
import itertools
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    StringConstraints,
    model_validator,
)

from argmap.model import ArgumentMap, Change, Claim, Counters, Relation, limits
from argmap.model.edits import Names, refusing
from argmap.model.names import PATTERN, is_temporary
from argmap.store.records import Visibility
from argmap.store.words import LONGEST
from schemas.base import In, Moment, Out, PageQuery, Version

CLAIM_EXAMPLE: dict[str, Any] = {
    "kind": "evidence",
    "text": "One in three pupils of the town has no quiet room to study in.",
    "label": "No quiet room",
    "speaker": "Mira Okafor, head teacher",
    "source": {"title": "School survey", "date": "2025"},
    "quotes": [{"exact": "A third of our pupils have no quiet room at home."}],
}
RELATION_EXAMPLE: dict[str, Any] = {"kind": "supports", "sources": ["c3"], "target": "c2"}
MAP_EXAMPLE: dict[str, Any] = {
    "title": "Should the library open in the evening?",
    "language": "en",
    "claims": [
        {"id": "c1", "kind": "thesis", "text": "The library should stay open until nine."},
        {"id": "c2", "kind": "premise", "text": "Pupils need a quiet place after school."},
        {"id": "c3", **CLAIM_EXAMPLE},
        {"id": "c4", "kind": "rebuttal", "text": "Evening staff cost more than the town can pay."},
    ],
    "relations": [
        {"id": "r1", "kind": "supports", "sources": ["c2"], "target": "c1"},
        {"id": "r2", **RELATION_EXAMPLE},
        {"id": "r3", "kind": "attacks", "sources": ["c4"], "target": "c1"},
    ],
}

# What an answer adds to a map. A client may send it back unchanged with the map; it is not read.
READ_ONLY = (
    "id",
    "owner",
    "version",
    "article_version",
    "created",
    "updated",
    "quotes_only",
    "names",
    "orphans",
)

Reference = Annotated[
    str,
    StringConstraints(pattern=rf"^({limits.ID_PATTERN}|{PATTERN})$"),
    Field(description="An id, or a temporary name (`new:NAME`) that something in this request has"),
]
"""What a client calls a claim or relation: its id, or the temporary name that it has in this request."""

_count = itertools.count()


def _numbered_schema(example: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
    """Say in a JSON schema what becomes of an id that is left out, and give an example."""

    def change(schema: dict[str, Any]) -> None:
        schema["properties"]["id"].pop("default")
        schema["properties"]["id"]["description"] = (
            "Left out, or a temporary name such as `new:a`: the next number (c7, r3) is given"
        )
        schema["examples"] = [example]

    return change


def _without_null(data: Any) -> Any:
    """Take an id that is null for one that is left out."""
    if isinstance(data, dict) and "id" in data and data["id"] is None:
        return {name: value for name, value in data.items() if name != "id"}
    return data


ItemT = TypeVar("ItemT", Claim, Relation)


def _named(item: Any) -> Any:
    """Give an item whose id is left out one that no client can send, and so nothing else in the body can mean."""
    if not item.id:
        object.__setattr__(item, "id", f"?{next(_count)}")
    return item


class ClaimIn(Claim):
    """A new claim; without an `id` it gets the map's next number. Quotes may give `exact` alone."""

    model_config = ConfigDict(json_schema_extra=_numbered_schema(CLAIM_EXAMPLE))

    id: Reference = ""

    _take_null = model_validator(mode="before")(_without_null)
    _name = model_validator(mode="after")(_named)


class RelationIn(Relation):
    """A new relation; without an `id` it gets the map's next number."""

    model_config = ConfigDict(json_schema_extra=_numbered_schema(RELATION_EXAMPLE))

    id: Reference = ""
    sources: Annotated[
        tuple[Reference, ...], Field(min_length=1, max_length=limits.SOURCES_PER_RELATION)
    ]
    target: Reference

    _take_null = model_validator(mode="before")(_without_null)
    _name = model_validator(mode="after")(_named)


class MapContent(ArgumentMap):
    """The whole content of a map.

    Claims and relations without an `id`, or with a temporary name (`new:NAME`) by which relations of the same body can
    refer to them, are numbered; `names` in the answer has the ids that temporary names got.
    """

    claims: Annotated[tuple[ClaimIn, ...], Field(max_length=limits.CLAIMS)] = ()
    relations: Annotated[tuple[RelationIn, ...], Field(max_length=limits.RELATIONS)] = ()

    @model_validator(mode="wrap")
    @classmethod
    def _drop_read_only(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Take a map as the service gave it: what only an answer has is not read."""
        if isinstance(data, Mapping):
            data = {name: value for name, value in data.items() if name not in READ_ONLY}
        return handler(data)

    def content(self, known: Counters) -> tuple[ArgumentMap, Names]:
        """Return the map that was sent, what has no id numbered on from the known counters, and the temporary names.

        Raises InvalidMap when the numbers are used up.
        """
        counters = Counters(
            claims=max(known.claims, self.counters.claims),
            relations=max(known.relations, self.counters.relations),
        )
        taken = {claim.id for claim in self.claims} | {step.id for step in self.relations}
        claim_ids, last_claim = _numbered(self.claims, "c", counters.claims, taken)
        relation_ids, last_relation = _numbered(self.relations, "r", counters.relations, taken)
        ids = claim_ids | relation_ids
        fields = {name: getattr(self, name) for name in ArgumentMap.model_fields}
        fields["claims"] = [_with_ids(item, Claim, ids) for item in self.claims]
        fields["relations"] = [_with_ids(item, Relation, ids) for item in self.relations]
        with refusing():
            fields["counters"] = Counters(claims=last_claim, relations=last_relation)
            map = ArgumentMap(**fields)
        return map, {name: id for name, id in ids.items() if is_temporary(name)}


class MapIn(MapContent):
    """A new map: its content, the article that it reads (if any), and who may see it.

    The article is named by `article_id`, or comes along in `article` and is then stored as an
    article of its own.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [MAP_EXAMPLE]})

    article_id: Annotated[str, Field(max_length=64)] | None = None
    visibility: Visibility = Visibility.PRIVATE


class MapPut(MapContent):
    """The whole new content of a map.

    Visibility and article stay what they are.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [MAP_EXAMPLE]})

    article_id: Annotated[str, Field(max_length=64)] | None = Field(
        None, description="May be sent back as it was read; a map never changes its article"
    )
    visibility: Visibility | None = Field(
        None, description="May be sent back as it was read; changed by PATCH"
    )


class MapsIn(In):
    """Several new maps; all are stored or none."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"maps": [MAP_EXAMPLE]}]})

    maps: Annotated[tuple[MapIn, ...], Field(min_length=1, max_length=1_000)]


class MapPatch(In):
    """A JSON merge patch of a map's own fields; claims and relations have addresses of their
    own."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={"examples": [{"title": "Open the library in the evening"}]},
    )

    title: Any = Field(None, description="One line; null empties it")
    language: Any = Field(None, description="BCP 47 tag")
    origin: Any = None
    visibility: Any = Field(
        None, description="private, unlisted or public; only the owner may change it"
    )
    quotes_only: Any = Field(
        None,
        description="true: the map may be more visible than its article, but shows of it only the quoted words",
    )


class MapEnvelope(Out):
    """What the service adds to a map's content.

    `version` counts accepted writes from 1.
    """

    id: str
    owner: str = Field(description="Account id")
    visibility: Visibility
    quotes_only: bool
    article_id: str | None
    article_version: int | None = Field(
        description="The article version that quotes are anchored in"
    )
    version: int
    created: datetime.datetime
    updated: datetime.datetime


NamesOut = Annotated[
    dict[str, str] | None,
    Field(
        description="The ids that temporary names of the request got; left out when it had none",
        examples=[{"new:a": "c26"}],
    ),
]


OrphansOut = Annotated[
    int,
    Field(
        description="How many quotes the article does not have in their words; left out when it has all"
    ),
]


class CreatedMapOut(MapEnvelope):
    """A map that was created."""

    names: NamesOut = None
    orphans: OrphansOut = 0


class CreatedMapsOut(BaseModel):
    """Maps that were created, in the order sent, without their content."""

    items: list[CreatedMapOut]


class MapOut(ArgumentMap):
    """A map as stored: its content without defaults, and what the service adds.

    `version` counts its writes.
    """

    claims: tuple[Claim, ...]
    relations: tuple[Relation, ...]
    id: str
    owner: str = Field(description="Account id")
    visibility: Visibility
    quotes_only: bool
    article_id: str | None
    article_version: int | None = Field(
        description="The article version that quotes are anchored in"
    )
    version: int
    created: datetime.datetime
    updated: datetime.datetime


class WrittenMapOut(MapOut):
    """A map as a request has left it."""

    names: NamesOut = None
    orphans: OrphansOut = 0


class MapSummaryOut(MapEnvelope):
    """A map in a list, without its content."""

    article_version: None = None
    title: str
    language: str | None
    claims: int = Field(description="How many")
    relations: int = Field(description="How many")


class ClaimPatch(In):
    """A JSON merge patch of a claim: null removes an optional field, arrays are replaced whole,
    `id` never changes."""

    model_config = ConfigDict(
        extra="allow", json_schema_extra={"examples": [{"label": "No quiet room", "note": None}]}
    )


class RelationPatch(In):
    """A JSON merge patch of a relation: null removes an optional field, arrays are replaced whole,
    `id` never changes."""

    model_config = ConfigDict(
        extra="allow", json_schema_extra={"examples": [{"sources": ["c3", "c5"], "label": None}]}
    )


class RemovalOut(BaseModel):
    """What went along with a removed claim or relation."""

    removed_relations: list[str]
    changed_relations: list[str] = Field(
        description="Linked groups that lost a source and keep the others"
    )
    version: int = Field(description="The map's version after it")


class _Operation(In):
    """What every operation of a batch may say besides what is to be done."""

    key: Annotated[str, Field(pattern=r"^[!-~]{1,100}$")] | None = Field(
        None,
        description="The operation's own idempotency key, remembered for 30 days. With a dot in it, what stands before"
        " that names the window that it comes from, whose earlier operations its later ones never conflict with",
    )


class _Expecting(_Operation):
    """An operation that may say what its writer knew; it conflicts with what others have changed of the same since."""

    base: Version | None = Field(
        None,
        description="The version of the map that one looked at: a conflict is what later versions changed in the same"
        " fields of the same item",
    )
    etag: Annotated[str, Field(max_length=100)] | None = Field(
        None, description="The item's own ETag: a conflict is any other state of it"
    )


class AddClaim(_Operation):
    """Add a claim at the end of the map."""

    op: Literal["add_claim"]
    claim: dict[str, Any] = Field(description="As in POST /maps/{map_id}/claims")


class AddRelation(_Operation):
    """Add a relation at the end of the map."""

    op: Literal["add_relation"]
    relation: dict[str, Any] = Field(description="As in POST /maps/{map_id}/relations")
    base: Version | None = Field(
        None,
        description="The version of the map that one looked at: a conflict is what the relation names, and a later"
        " version has removed",
    )


class ChangeClaim(_Expecting):
    """Change a claim by a merge patch."""

    op: Literal["change_claim"]
    id: Reference
    patch: dict[str, Any]


class ChangeRelation(_Expecting):
    """Change a relation by a merge patch."""

    op: Literal["change_relation"]
    id: Reference
    patch: dict[str, Any]


class RemoveClaim(_Expecting):
    """Remove a claim and what hangs on it."""

    op: Literal["remove_claim"]
    id: Reference


class RemoveRelation(_Expecting):
    """Remove a relation and those that target it."""

    op: Literal["remove_relation"]
    id: Reference


class ChangeMap(_Expecting):
    """Change the map's own fields by a merge patch."""

    op: Literal["change_map"]
    patch: dict[str, Any]


class MoveClaim(_Operation):
    """Put a claim before another in the map's order, which an outline follows for what hangs on nothing."""

    op: Literal["move_claim"]
    id: Reference
    before: Reference | None = Field(description="A claim; null: to the end")


class MoveRelation(_Operation):
    """Put a relation before another in the map's order, which an outline follows for reasons of the same claim."""

    op: Literal["move_relation"]
    id: Reference
    before: Reference | None = Field(description="A relation; null: to the end")


Operation = Annotated[
    AddClaim
    | AddRelation
    | ChangeClaim
    | ChangeRelation
    | RemoveClaim
    | RemoveRelation
    | ChangeMap
    | MoveClaim
    | MoveRelation,
    Field(discriminator="op"),
]


class ChangesIn(In):
    """Several changes, made in their order and together: all of them or none.

    They make one version.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "changes": [
                        {"op": "add_claim", "claim": {"id": "c9", **CLAIM_EXAMPLE}},
                        {
                            "op": "add_relation",
                            "relation": {"kind": "supports", "sources": ["c9"], "target": "c2"},
                        },
                    ]
                }
            ]
        }
    )

    changes: Annotated[tuple[Operation, ...], Field(min_length=1, max_length=1_000)]


class OperationOut(BaseModel):
    """What became of one operation of a batch."""

    id: str | None = Field(description="Of its claim or relation; null: of the map itself")
    version: int = Field(description="The version that it is part of")
    replayed: bool = Field(description="It had been done before, by a request with the same key")
    etag: str | None = Field(description="Of the item as it is now; null: it is gone")


class ChangesOut(BaseModel):
    """What a request changed, without the rest of the map (`Prefer: return=minimal`)."""

    version: int = Field(description="The newest of the map")
    names: dict[str, str] = Field(description="Temporary names, and the ids that they got")
    results: list[OperationOut] = Field(description="One for each operation, in their order")
    changes: list[Change] = Field(description="What the new version changed, as in the history")


class MapQuery(PageQuery):
    """Which maps to list; all conditions must hold."""

    article_id: Annotated[str | None, Field(max_length=64)] = None
    owner: Annotated[str | None, Field(max_length=64)] = Field(None, description="Account id")
    words: Annotated[str | None, Field(max_length=LONGEST)] = Field(
        None, description="Words of its title, of one of its claims, or of its article"
    )
    changed_since: Moment | None = Field(
        None, description="Changed after this time (RFC 3339, with offset)"
    )
    deleted: bool = Field(False, description="List one's own deleted maps instead")
    mine: bool = Field(False, description="One's own alone")
    sort: Literal["created", "changed"] = Field(
        "created", description="`created`: the newest first; `changed`: the latest change first"
    )


def new_item(body: ClaimIn | RelationIn) -> dict[str, Any]:
    """Return the plain fields that were sent, without an id when none was given."""
    return body.model_dump(exclude_unset=True)


def _numbered(
    items: Sequence[Claim | Relation], letter: str, last: int, taken: Container[str]
) -> tuple[dict[str, str], int]:
    """Give the items that have no id the next free numbers; return them by the name that each has, and the last."""
    ids = {}
    for item in items:
        if not item.id[0].isalpha() or is_temporary(item.id):
            last += 1
            while f"{letter}{last}" in taken:
                last += 1
            ids[item.id] = f"{letter}{last}"
    return ids, last


def _with_ids(item: Claim | Relation, kind: type[ItemT], ids: Mapping[str, str]) -> ItemT:
    """Turn a wire item into the model's, with ids where it has names."""
    fields = {name: getattr(item, name) for name in kind.model_fields}
    fields["id"] = ids.get(item.id, item.id)
    if isinstance(item, Relation):
        fields["sources"] = [ids.get(name, name) for name in item.sources]
        fields["target"] = ids.get(item.target, item.target)
    return kind(**fields)
