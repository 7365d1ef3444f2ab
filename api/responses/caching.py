"""Entity tags, and how an answer may be kept (RFC 9111)."""

import hashlib

from fastapi import Request, Response

from api.requests.preconditions import not_modified
from argmap.model import Claim, Relation, canonical
from argmap.store.records import Asker

_VARY = "Accept, Authorization, Cookie"


def item_tag(item: Claim | Relation) -> str:
    """Return the tag of a claim or relation: a hash of its own content, whatever happens elsewhere in the map."""
    return hashlib.blake2b(canonical(item), digest_size=9).hexdigest()


def kept_headers(asker: Asker, tag: str) -> dict[str, str]:
    """Return the headers of an answer that says how it may be kept and used by other sites.

    What was read without an account may be kept by shared caches (that must ask again) and read by other sites.
    """
    if asker.account_id is not None:
        return {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache", "Vary": _VARY}
    return {
        "ETag": f'"{tag}"',
        "Cache-Control": "public, no-cache",
        "Vary": _VARY,
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "ETag, Link, Argmap-Losses, Argmap-Revision",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }


def finished(request: Request, response: Response) -> Response:
    """Give the answer of a GET its tag and caching headers, or turn it into a 304 when the client has it.

    An answer without a tag of its own is tagged by its bytes. One that says itself how it may be kept, and one that
    nobody asked for by name (health), is left alone.
    """
    asker = request.scope.get("argmap.asker")
    if asker is None or response.status_code != 200 or "cache-control" in response.headers:
        return response
    tag = response.headers.get("etag", "").strip('"')
    if not tag:
        tag = hashlib.blake2b(response.body, digest_size=9).hexdigest()
    headers = kept_headers(asker, tag)
    if not_modified(request, tag):
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response
