"""Entity tags, preconditions (RFC 9110, section 13) and how an answer may be kept."""

import hashlib
import re

from fastapi import Request, Response

from api.responses.problems import ProblemError
from argmap.errors import VersionMismatch
from argmap.model import Claim, Relation, canonical
from argmap.store.records import Asker

_VARY = "Accept, Authorization, Cookie"
HELD_BACK = "-q"  # marks the tag of a map whose readers do not see what stands around its quotes
_TAG = re.compile(r'\s*(W/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|$)')


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


def not_modified(request: Request, tag: str) -> bool:
    """Tell whether If-None-Match names this tag (weak comparison) or is `*`."""
    given = ", ".join(request.headers.getlist("if-none-match"))  # lines of one list
    return (
        given == f'"{tag}"' or given.strip() == "*" or any(tag == each for _, each in _tags(given))
    )


def check_match(request: Request, *tags: str, required: bool = False) -> None:
    """Check If-Match against the tags that what is there has for its readers (strong comparison).

    Raises VersionMismatch, and ProblemError (428) where a precondition is required and missing.
    """
    given = request.headers.get("if-match")
    if given is None:
        if required:
            raise _required()
    elif given.strip() != "*" and not any(each in tags for weak, each in _tags(given) if not weak):
        raise VersionMismatch("it has been changed since; read it again")


def expected_version(request: Request, *, required: bool = False) -> int | None:
    """Return the version that If-Match names, whether read whole or with parts held back, or None for any.

    Raises VersionMismatch when it names no version that could be, ProblemError (428) where it is required and
    missing, ProblemError (400) for several versions.
    """
    given = request.headers.get("if-match")
    if given is None:
        if required:
            raise _required()
        return None
    if given.strip() == "*":
        return None
    versions = [
        int(match[1])
        for weak, tag in _tags(given)
        if not weak and (match := re.fullmatch(rf"([1-9][0-9]{{0,9}})({HELD_BACK})?", tag))
    ]
    if not versions:
        raise VersionMismatch("it has been changed since; read it again")
    if len(versions) > 1:
        raise ProblemError(
            "bad-request", "If-Match names several versions; name the one that you read."
        )
    return versions[0]


def _tags(header: str) -> list[tuple[bool, str]]:
    """Split a list of entity tags into (is weak, tag); what is no tag ends the list."""
    tags = []
    position = 0
    while match := _TAG.match(header, position):
        tags.append((match[1] is not None, match[2]))
        position = match.end()
    return tags


def _required() -> ProblemError:
    return ProblemError(
        "precondition-required",
        "Send If-Match with the ETag that you read, so that nobody's newer work is overwritten.",
    )
