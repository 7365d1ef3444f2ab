"""How routes answer: wire objects as JSON bytes, created things with their address, pages with their Link."""

from collections.abc import Iterator
from typing import IO, Any

from fastapi import Request, Response
from pydantic import BaseModel

from api.responses.problems import base_url
from argmap.store import records

PREFIX = "/api/v1"


def answer(
    body: BaseModel | bytes,
    status: int = 200,
    *,
    tag: str | None = None,
    location: str | None = None,
) -> Response:
    """Write a wire object (or JSON that is written already)."""
    headers = {}
    if tag is not None:
        headers["ETag"] = f'"{tag}"'
    if location is not None:
        headers["Location"] = f"{PREFIX}{location}"
    data = body if isinstance(body, bytes) else body.__pydantic_serializer__.to_json(body)
    return Response(data, status, headers, media_type="application/json")


def listed(request: Request, page: records.Page[Any], kind: Any) -> Response:
    """Write one page of a list, with a Link to the next (RFC 8288)."""
    items = [kind.of(item).model_dump(mode="json") for item in page.items]
    response = answer(_Listed(items=items, next=page.next))
    if page.next is not None:
        url = request.url.include_query_params(cursor=page.next)
        path = url.path.removeprefix(request.scope["root_path"])
        response.headers["Link"] = f'<{base_url(request)}{path}?{url.query}>; rel="next"'
    return response


def gone() -> Response:
    """Answer a removal."""
    return Response(status_code=204)


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    """Read a file piece by piece, and close it."""
    with file:
        while chunk := file.read(1 << 16):
            yield chunk


class _Listed(BaseModel):
    items: list[dict[str, Any]]
    next: str | None
