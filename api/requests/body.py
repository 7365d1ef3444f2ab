"""Reading requests strictly: bounded bodies in bounded time, plain JSON only, no unknown query parameters."""

import asyncio
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Coroutine
from difflib import get_close_matches
from typing import Any

from fastapi import Request, Response, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope

from api.responses.caching import finished
from api.responses.problems import ProblemError
from argmap.errors import Fault, InvalidMap

_PART = re.compile(r"[A-Za-z0-9_-]{1,64}")
_DEPTH = 64
_INTEGER_DIGITS = 18
_MEDIA_TYPE_LENGTH = 1_000  # that is looked at
_ALIKE = 0.75  # how much alike two names must be, in 0..1
_CALLED_ELSEWHERE = {
    "title": "words", "text": "words", "q": "words", "query": "words", "search": "words", "filter": "words",
    "page": "cursor", "offset": "cursor", "after": "cursor", "next": "cursor",
    "per_page": "limit", "page_size": "limit", "size": "limit", "count": "limit", "max": "limit",
    "color": "theme", "colors": "theme", "colour": "theme", "style": "theme", "mode": "theme",
    "since": "changed_since", "updated_since": "changed_since", "modified": "changed_since",
    "user": "owner", "account": "owner", "token": "share", "zoom": "scale", "dpi": "scale", "claim": "focus",
    "type": "format", "extension": "format", "orientation": "direction", "rankdir": "direction",
}  # fmt: skip
_SHOWN = 5  # wrong parameters that are told of in one sentence


class StrictRequest(Request):
    """A request whose body is read up to the limit and the deadline of the settings."""

    media_type = "application/json"

    async def body(self) -> bytes:
        """Return the whole body. Raises ProblemError (413, 408)."""
        if not hasattr(self, "_body"):
            settings = self.app.state.settings
            try:
                async with asyncio.timeout(settings.body_seconds):
                    self._body = await self._read(settings.body_bytes)
            except TimeoutError:
                seconds = f"{settings.body_seconds:g} seconds"
                raise ProblemError(
                    "timeout",
                    f"The body did not arrive within {seconds}.",
                    headers={"Connection": "close"},
                ) from None
        return self._body

    async def json(self) -> Any:
        """Return the decoded body. Raises ProblemError (400) for anything but plain JSON."""
        if not hasattr(self, "_json"):
            self._json = strict_json(await self.body())
        return self._json

    async def _read(self, limit: int) -> bytes:
        announced = self.headers.get("content-length", "")
        chunks: list[bytes] = []
        size = int(announced) if announced.isdecimal() and len(announced) < 20 else 0
        if size <= limit:
            size = 0
            async for chunk in self.stream():
                size += len(chunk)
                if size > limit:
                    break
                chunks.append(chunk)
        if size > limit:
            raise ProblemError(
                "too-large",
                f"The body is larger than {limit:,} bytes.",
                headers={"Connection": "close"},
            )
        return b"".join(chunks)


class StrictRoute(APIRoute):
    """A route that refuses unknown query parameters and other media types, and tags what it answers to GET."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match an address only if each of its parts could be an id: with a dot in it, say, it is a file's."""
        match, found = super().matches(scope)
        if match is Match.NONE:
            return match, found
        parts = (str(part) for part in found["path_params"].values())
        if scope["path"].isprintable() and all(_PART.fullmatch(part) for part in parts):
            return match, found
        return Match.NONE, {}

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler with the checks before it."""
        handle = super().get_route_handler()
        known = _query_names(self)
        media_type = (
            "application/merge-patch+json"
            if "PATCH" in (self.methods or ())
            else "application/json"
        )
        takes_body = self.body_field is not None
        # what streams its body says so in the document alone, and bounds it itself
        streams = "requestBody" in (self.openapi_extra or {})

        async def handle_strictly(request: Request) -> Response:
            if request.scope["query_string"]:
                _check_query(request, known)
            if takes_body or (not streams and _has_body(request)):
                request = StrictRequest(request.scope, request.receive)
                await request.body()
            if takes_body:
                _check_media_type(request, media_type)
            response = await handle(request)
            return finished(request, response) if request.method == "GET" else response

        return handle_strictly


def _has_body(request: Request) -> bool:
    """Say whether a body comes along, which a route that takes none must not read beyond the limit either."""
    headers = request.headers
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


def strict_json(data: bytes) -> Any:
    """Decode JSON as RFC 8259 has it, bounded.

    Refused are: anything but UTF-8, duplicate keys, NaN and infinities, whole numbers of more than 18 digits, more
    than 64 levels, lone surrogates. Raises ProblemError that says what and where.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _bad_json(f"The body is not UTF-8: byte {error.start} is wrong.") from None
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise _bad_json(f"The body is not JSON: {error.msg} ({place}).") from None
    except RecursionError:  # the parser has a limit of its own, some hundred levels further
        raise _too_deep() from None
    if data.count(b"[") + data.count(b"{") > _DEPTH:
        _check_depth(value)
    if b"\\ud" in data.lower():
        _check_surrogates(value, "")
    return value


def _bad_json(detail: str, place: str = "") -> ProblemError:
    return ProblemError("bad-json", detail, faults=[Fault(place, "bad_json", detail)])


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]  # add returns None, which is falsy
        raise _bad_json(f"The key {json.dumps(twice[:60])} is given twice in one object.")
    return result


def _integer(digits: str) -> int:
    if len(digits) > _INTEGER_DIGITS + digits.startswith("-"):
        raise _bad_json(f"A whole number has more than {_INTEGER_DIGITS} digits.")
    return int(digits)


def _float(digits: str) -> float:
    if len(digits) > 100 or not math.isfinite(value := float(digits)):
        raise _bad_json("A number is too long or too large.")
    return value


def _constant(name: str) -> None:
    raise _bad_json(f"{name} is not JSON.")


def _check_depth(value: Any) -> None:
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(_DEPTH):
        level = [
            below
            for each in level
            for below in (each.values() if isinstance(each, dict) else each)
            if isinstance(below, dict | list)
        ]
        if not level:
            return
    raise _too_deep()


def _too_deep() -> ProblemError:
    return _bad_json(f"The body has more than {_DEPTH} levels.")


def _check_surrogates(value: Any, place: str) -> None:
    if isinstance(value, str):
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise _bad_json(
                f"A lone surrogate, half a character, stands in {place or 'the body'}.", place
            )
    elif isinstance(value, dict):
        for name, item in value.items():
            _check_surrogates(name, f"{place}/a key".lstrip("/"))
            _check_surrogates(item, f"{place}/{name}".lstrip("/"))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check_surrogates(item, f"{place}/{index}".lstrip("/"))


def _query_names(route: APIRoute) -> frozenset[str]:
    fields = get_flat_params(route.dependant)
    # Not `params.Query`: the fields of a query's model are plain fields.
    elsewhere = (params.Path, params.Header, params.Cookie)
    names = {field.alias for field in fields if not isinstance(field.field_info, elsewhere)}
    return frozenset({"share", *names})


def _check_query(request: Request, known: frozenset[str]) -> None:
    given = Counter(name for name, _ in request.query_params.multi_items())
    unknown = [name for name in given if name not in known]
    wrong = [
        Fault(
            name[:60],
            "unknown",
            "is not a parameter of this address" + (_meant(name, known) if place < _SHOWN else ""),
        )
        for place, name in enumerate(unknown)
    ] + [
        Fault(name[:60], "repeated", "is given more than once")
        for name, times in given.items()
        if times > 1
    ]
    if wrong:
        detail = "; ".join(str(fault) for fault in wrong[:_SHOWN])
        takes = ", ".join(sorted(known))
        raise ProblemError("unknown-parameter", f"{detail}. Known are: {takes}.", faults=wrong)
    faults = tuple(
        Fault(name, "control_character", "has the control character U+0000")
        for name, value in request.query_params.items()
        if "\0" in value
    )
    if faults:
        raise InvalidMap(faults)


def _meant(name: str, known: frozenset[str]) -> str:
    """Say which parameter was probably meant: one that is written alike, or that is called so elsewhere."""
    name = name[:60].lower()
    near = get_close_matches(name, sorted(known), 1, _ALIKE)
    if not near:
        other = get_close_matches(name, _CALLED_ELSEWHERE, 1, _ALIKE)
        near = [known_as for each in other if (known_as := _CALLED_ELSEWHERE[each]) in known]
    return f" (is {near[0]} meant?)" if near else ""


def _check_media_type(request: Request, expected: str) -> None:
    header = request.headers.get("content-type", "")[:_MEDIA_TYPE_LENGTH].lower()
    given, *parameters = (part.strip() for part in header.split(";"))
    named = dict(part.partition("=")[::2] for part in parameters)
    if named.get("charset", "utf-8").strip('"') not in ("utf-8", "utf8"):
        raise ProblemError(
            "unsupported-media-type", "JSON is UTF-8 (RFC 8259); leave other charsets out."
        )
    if given != expected:
        said = f"not {given[:60]}" if given else "and none was given"
        names = "Accept-Patch" if expected.startswith("application/merge") else "Accept-Post"
        raise ProblemError(
            "unsupported-media-type",
            f"The content type must be {expected}, {said}.",
            headers={names: expected},
        )
