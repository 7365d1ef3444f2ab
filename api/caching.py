"""Entity tags and preconditions (RFC 9110, section 13)."""

import hashlib
import re

from fastapi import Request

from api.problems import ProblemError
from argmap.errors import VersionMismatch
from argmap.model import Claim, Relation, canonical

_TAG = re.compile(r'\s*(W/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|$)')


def item_tag(item: Claim | Relation) -> str:
    """Return the tag of a claim or relation: a hash of its own content, whatever happens elsewhere in the map."""
    return hashlib.blake2b(canonical(item), digest_size=9).hexdigest()


def not_modified(request: Request, tag: str) -> bool:
    """Tell whether If-None-Match names this tag (weak comparison) or is `*`."""
    given = request.headers.get("if-none-match")
    if given is None:
        return False
    return (
        given == f'"{tag}"' or given.strip() == "*" or any(tag == each for _, each in _tags(given))
    )


def check_match(request: Request, tag: str, *, required: bool = False) -> None:
    """Check If-Match against the tag of what is there (strong comparison).

    Raises VersionMismatch, and ProblemError (428) where a precondition is required and missing.
    """
    given = request.headers.get("if-match")
    if given is None:
        if required:
            raise _required()
    elif given.strip() != "*" and not any(tag == each for weak, each in _tags(given) if not weak):
        raise VersionMismatch("it has been changed since; read it again")


def expected_version(request: Request, *, required: bool = False) -> int | None:
    """Return the version that If-Match names, or None for any.

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
        int(tag) for weak, tag in _tags(given) if not weak and re.fullmatch(r"[1-9]\d{0,9}", tag)
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
    while (match := _TAG.match(header, position)) and position < len(header):
        tags.append((match[1] is not None, match[2]))
        position = match.end()
    return tags


def _required() -> ProblemError:
    return ProblemError(
        "precondition-required",
        "Send If-Match with the ETag that you read, so that nobody's newer work is overwritten.",
    )
