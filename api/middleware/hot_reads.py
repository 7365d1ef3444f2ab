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
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.responses.answers import PREFIX
from api.responses.maps import as_pinned, is_pinned, json_answer, picture_answer, picture_tag
from argmap.errors import ArgmapError
from argmap.picture import Options
from argmap.store.accounts import token_hash
from argmap.store.records import Asker, StoredMap
from schemas.pictures import PictureQuery

_PATH = re.compile(rf"{re.escape(PREFIX)}/maps/([A-Za-z0-9_-]{{1,64}})(\.svg)?")
_JSON = (None, b"*/*", b"application/json")
_PLAIN = (PictureQuery(), Options())
_BEARER = b"Bearer "


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
    """Return what the route would send; made once for each record and put by with it (but for the picture)."""
    form = options.key() if picture is not None else "json"
    key = f"{form} {pinned} {asker.account_id is None} {if_none_match!r}"
    made = stored.derived.get(key)
    if made is None:
        request = Request(scope)
        if picture is None:
            response = json_answer(request, stored, asker)
        else:
            tag = picture_tag(stored, options)
            response = picture_answer(request, asker, tag, picture, pinned)
        start = {
            "type": "http.response.start",
            "status": response.status_code,
            "headers": response.raw_headers,
        }
        made = start, bytes(response.body) if picture is None else None
        if len(stored.derived) < 16:  # clients can think up any number of tags
            stored.derived[key] = made
    start, body = made
    if body is None:
        body = picture if start["status"] == 200 else b""
    return dict(start), {"type": "http.response.body", "body": body}


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
