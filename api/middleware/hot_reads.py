"""The fast lane: a map's newest JSON or finished picture, answered before the framework is asked.

It calls the same functions as the routes in api/routes/pictures.py, without the framework's routing and injection of
dependencies, which cost several times as much as the read itself. Whatever is not at hand (another version, a picture
to be drawn, a refusal) goes on to the routes.
"""

import re
from functools import lru_cache
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import QueryParams
from starlette.types import ASGIApp, Receive, Scope, Send

from api.requests.preconditions import matches
from api.responses.answers import PREFIX
from api.responses.kept import Kept
from api.responses.maps import (
    as_pinned,
    is_pinned,
    json_answer,
    map_json,
    map_tag,
    picture_answer,
    picture_tag,
)
from argmap.errors import ArgmapError
from argmap.picture import Options
from argmap.store.accounts import token_hash
from argmap.store.records import Asker, StoredMap
from schemas.pictures import PictureQuery

_PATH = re.compile(rf"{re.escape(PREFIX)}/maps/([A-Za-z0-9_-]{{1,64}})(\.svg)?")
_JSON = (None, b"*/*", b"application/json")
_PLAIN = (PictureQuery(), Options())
_BEARER = b"Bearer "
HEADS = 16  # of answers about one record that are put by with it


class FastLane:
    """Answers hot reads itself and hands everything else on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "http" and scope["method"] == "GET":
            match = _PATH.fullmatch(scope["path"].removeprefix(scope["root_path"]))
            if match is not None:
                answer = await _at_hand(scope, match[1], drawn=match[2] is not None)
                if answer is not None:
                    start, body = answer
                    await send(start)
                    await send(body)
                    return
        await self._app(scope, receive, send)


async def _at_hand(
    scope: Scope, map_id: str, drawn: bool
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return the two messages of the answer if everything for it is at hand."""
    given: dict[bytes, bytes] = dict(scope["headers"])
    if len(given) != len(scope["headers"]):  # repeated ones may be lines of one list
        return None
    query, options = _PLAIN
    if scope["query_string"]:
        parsed = _query(scope["query_string"])
        if parsed is None or not drawn:
            return None
        query, options = parsed
    authorization = given.get(b"authorization")
    if authorization is None:
        if b"cookie" in given:
            return None
    elif not authorization.startswith(_BEARER):
        return None
    if not drawn and given.get(b"accept") not in _JSON:
        return None
    state = scope["app"].state
    try:
        found = await state.database.hot.look(
            map_id,
            None if authorization is None else token_hash(authorization[7:].decode("latin-1")),
            None if query.share is None else token_hash(query.share),
        )
    except ArgmapError:
        return None  # the route refuses with all that belongs to it
    if found is None or query.version not in (None, found[1].version):
        return None
    asker, stored = found
    pinned = is_pinned(query)
    if pinned:
        stored = as_pinned(stored)
    picture = None
    if drawn:
        kept = state.desk.kept(f"{map_id}:{picture_tag(stored, options)}")
        if kept is None:
            return None
        picture = kept.data
    return _messages(scope, given.get(b"if-none-match"), stored, asker, options, pinned, picture)


def _messages(
    scope: Scope,
    if_none_match: bytes | None,
    stored: StoredMap,
    asker: Asker,
    options: Options,
    pinned: bool,
    picture: bytes | None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the route would send. The head is put by with the record, a map's JSON with all finished answers."""
    tag = map_tag(stored) if picture is None else picture_tag(stored, options)
    known = if_none_match is not None and matches(if_none_match.decode("latin-1"), tag)
    key = f"{tag} {pinned} {asker.account_id is None} {known}"
    start = stored.derived.get(key)
    body = b"" if known else picture
    if body is None:
        body = _json(scope["app"].state.kept, stored)
    if start is None:
        if picture is None:
            response = json_answer(asker, tag, None if known else body)
        else:
            response = picture_answer(asker, tag, None if known else body, pinned)
        start = {
            "type": "http.response.start",
            "status": response.status_code,
            "headers": response.raw_headers,
        }
        if len(stored.derived) < HEADS:
            stored.derived[key] = start
    return dict(start), {"type": "http.response.body", "body": body}


def _json(kept: Kept, stored: StoredMap) -> bytes:
    key = ("json", stored.id, map_tag(stored), stored.updated)
    body: bytes | None = kept.get(key)
    if body is None:
        body = map_json(stored)
        kept.put(key, body, len(body))
    return body


@lru_cache(maxsize=256)
def _query(text: bytes) -> tuple[PictureQuery, Options] | None:
    """Read a query string, or return None where the route has something to say about it."""
    given = QueryParams(text).multi_items()
    if len(dict(given)) != len(given):
        return None
    try:
        query = PictureQuery.model_validate(dict(given))
        return None if query.overlay is not None else (query, query.to_options())
    except ValidationError:
        return None
