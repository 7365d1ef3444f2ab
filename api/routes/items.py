"""Claims and relations one by one, and several changes of a map at once."""

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import APIRouter, Response

from api.deps import Post, Preferred, Write
from api.requests.body import StrictRoute
from api.requests.preconditions import IfMatch, Precondition, bare_tag
from api.resources import EditableMap, ReadableMap
from api.responses.answers import answer
from api.responses.caching import item_tag
from api.responses.maps import map_tag
from api.routes.maps import whole
from argmap.model import ArgumentMap, Claim, Relation, canonical, edits
from argmap.model.redaction import bare_claim
from argmap.store import Session
from argmap.store.maps import batches, history, maps
from argmap.store.records import Written
from schemas.maps import (
    ChangesIn,
    ChangesOut,
    ClaimIn,
    ClaimPatch,
    Operation,
    OperationOut,
    RelationIn,
    RelationPatch,
    RemovalOut,
    WrittenMapOut,
    new_item,
)

router = APIRouter(prefix="/maps/{map_id}", tags=["claims and relations"], route_class=StrictRoute)


@router.get("/claims", operation_id="list_claims", response_model=list[Claim])
def list_claims(newest: ReadableMap) -> Response:
    """List the claims of a map in its order."""
    return _items(newest.map.claims)


@router.get("/relations", operation_id="list_relations", response_model=list[Relation])
def list_relations(newest: ReadableMap) -> Response:
    """List the relations of a map in its order."""
    return _items(newest.map.relations)


@router.get("/claims/{claim_id}", operation_id="read_claim", response_model=Claim)
def read_claim(newest: ReadableMap, claim_id: str) -> Response:
    """Read one claim; its ETag is its own content's."""
    return _item(edits.find_claim(newest.map, claim_id))


@router.get("/relations/{relation_id}", operation_id="read_relation", response_model=Relation)
def read_relation(newest: ReadableMap, relation_id: str) -> Response:
    """Read one relation; its ETag is its own content's."""
    return _item(edits.find_relation(newest.map, relation_id))


@router.post("/claims", status_code=201, operation_id="add_claim", response_model=Claim)
def add_claim(map_id: EditableMap, body: ClaimIn, post: Post) -> Response:
    """Add a claim at the end of the map; without an id it gets the next number."""
    return _add(map_id, "claims", edits.add_claim, new_item(body), post)


@router.post("/relations", status_code=201, operation_id="add_relation", response_model=Relation)
def add_relation(map_id: EditableMap, body: RelationIn, post: Post) -> Response:
    """Add a relation at the end of the map; without an id it gets the next number."""
    return _add(map_id, "relations", edits.add_relation, new_item(body), post)


@router.patch("/claims/{claim_id}", operation_id="change_claim", response_model=Claim)
def change_claim(
    map_id: EditableMap, claim_id: str, body: ClaimPatch, if_match: IfMatch, write: Write
) -> Response:
    """Change a claim by a merge patch; without If-Match it applies to the newest version."""
    patch = body.model_dump(exclude_unset=True)

    def change(map: ArgumentMap) -> ArgumentMap:
        if_match.check(*_tags(edits.find_claim(map, claim_id)))
        return edits.patch_claim(map, claim_id, patch)[0]

    written = _write(map_id, change, "claim changed", write)
    return _item(edits.find_claim(written.stored.map, claim_id))


@router.patch("/relations/{relation_id}", operation_id="change_relation", response_model=Relation)
def change_relation(
    map_id: EditableMap, relation_id: str, body: RelationPatch, if_match: IfMatch, write: Write
) -> Response:
    """Change a relation by a merge patch; without If-Match it applies to the newest version."""
    patch = body.model_dump(exclude_unset=True)

    def change(map: ArgumentMap) -> ArgumentMap:
        if_match.check(*_tags(edits.find_relation(map, relation_id)))
        return edits.patch_relation(map, relation_id, patch)[0]

    written = _write(map_id, change, "relation changed", write)
    return _item(edits.find_relation(written.stored.map, relation_id))


@router.delete("/claims/{claim_id}", operation_id="remove_claim", response_model=RemovalOut)
def remove_claim(map_id: EditableMap, claim_id: str, if_match: IfMatch, write: Write) -> Response:
    """Remove a claim and the relations that cannot be without it; the answer says which."""
    return _remove(map_id, claim_id, edits.find_claim, edits.remove_claim, "claim", if_match, write)


@router.delete(
    "/relations/{relation_id}", operation_id="remove_relation", response_model=RemovalOut
)
def remove_relation(
    map_id: EditableMap, relation_id: str, if_match: IfMatch, write: Write
) -> Response:
    """Remove a relation and those that target it; the answer says which."""
    return _remove(
        map_id, relation_id, edits.find_relation, edits.remove_relation, "relation", if_match, write
    )


@router.post(
    "/changes",
    operation_id="change_several",
    response_model=WrittenMapOut,
    responses={200: {"model": WrittenMapOut | ChangesOut}},
)
def change_several(
    map_id: EditableMap, body: ChangesIn, if_match: IfMatch, post: Post, prefer: Preferred
) -> Response:
    """Make several changes in their order, all or none, as one version.

    The answer is the whole map, or with `Prefer: return=minimal` what was changed. Each operation may have a key of
    its own, and say what its writer knew: then it is refused (409 `edit-conflict`, which has both versions) only where
    somebody else has changed the same.
    """
    expected = if_match.version()

    def make(session: Session) -> Response:
        batch = batches.write_batch(
            session,
            post.asker,
            map_id,
            [_operation(each) for each in body.changes],
            tags=_tags,
            expected=expected,
        )
        return written_answer(batch.written, prefer, batch.names, batch.results)

    return post.once(make)


def written_answer(
    written: Written,
    minimal: bool,
    names: dict[str, str] | None = None,
    results: Sequence[batches.Result] = (),
) -> Response:
    """Answer the map after a write: whole, or only what the write changed."""
    stored = written.stored
    if not minimal:
        return whole(stored, names=names)
    map = stored.map
    entry = written.entry
    if entry is not None and not stored.article_visible:
        entry = history.bare_entry(entry)
    out = ChangesOut(
        version=stored.version,
        names=names or {},
        results=[
            OperationOut(
                id=each.id,
                version=each.version,
                replayed=each.replayed,
                etag=f'"{item_tag(item)}"' if (item := map.by_id.get(each.id or "")) else None,
            )
            for each in results
        ],
        changes=[] if entry is None else list(entry.changes),
    )
    response = answer(out, tag=map_tag(stored))
    response.headers["Preference-Applied"] = "return=minimal"
    return response


def _operation(body: Operation) -> batches.Operation:
    sent = body.model_dump(exclude_unset=True)
    fields = sent.get("claim") or sent.get("relation") or sent.get("patch") or {}
    if "before" in sent:
        fields = {"before": sent["before"]}
    etag = sent.get("etag")
    return batches.Operation(
        body.op,
        sent.get("id", ""),
        fields,
        body.key,
        sent.get("base"),
        None if etag is None else bare_tag(etag),
    )


def _tags(item: Claim | Relation) -> tuple[str, ...]:
    """Return the tags of an item as it is, and as those see it who may not see the article."""
    return item_tag(item), item_tag(bare_claim(item) if isinstance(item, Claim) else item)


def _add(
    map_id: str,
    noun: str,
    add: Callable[..., tuple[ArgumentMap, Any]],
    fields: dict[str, Any],
    post: Post,
) -> Response:
    def make(session: Session) -> Response:
        added: list[str] = []

        def change(map: ArgumentMap) -> ArgumentMap:
            map, item = add(map, fields)
            added[:] = [item.id]
            return map

        written = maps.write_map(
            session, post.asker, map_id, change, action=f"{noun.removesuffix('s')} added"
        )
        item = written.stored.map.by_id[added[0]]
        location = f"/maps/{map_id}/{noun}/{item.id}"
        return answer(canonical(item), 201, tag=item_tag(item), location=location)

    return post.once(make)


def _remove(
    map_id: str,
    id: str,
    find: Callable[[ArgumentMap, str], Any],
    remove: Callable[[ArgumentMap, str], edits.Removal],
    noun: str,
    if_match: Precondition,
    write: Write,
) -> Response:
    removals: list[edits.Removal] = []

    def change(map: ArgumentMap) -> ArgumentMap:
        if_match.check(*_tags(find(map, id)))
        removals[:] = [remove(map, id)]
        return removals[0].map

    written = _write(map_id, change, f"{noun} removed", write)
    gone = [each for each in removals[0].removed_relations if each != id]
    return answer(
        RemovalOut(
            removed_relations=gone,
            changed_relations=list(removals[0].changed_relations),
            version=written.stored.version,
        )
    )


def _write(
    map_id: str, change: Callable[[ArgumentMap], ArgumentMap], action: str, write: Write
) -> Written:
    with write.session() as session:
        return maps.write_map(session, write.asker, map_id, change, action=action)


def _item(item: Claim | Relation) -> Response:
    return answer(canonical(item), tag=item_tag(item))


def _items(items: Sequence[Claim | Relation]) -> Response:
    return answer(b"[" + b",".join(canonical(item) for item in items) + b"]")
