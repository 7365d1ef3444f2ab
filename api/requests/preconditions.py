"""Preconditions (RFC 9110, section 13): what a request says about the version that its sender knows."""

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request

from api.responses.problems import ProblemError
from argmap.errors import VersionMismatch

HELD_BACK = "-q"  # marks the tag of a map whose readers do not see what stands around its quotes
_TAG = re.compile(r'\s*(W/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|$)')
_VERSION = re.compile(rf"([1-9][0-9]{{0,9}})({HELD_BACK})?")
_CHANGED = "It has been changed since; read it again."
_WEAK = "If-Match compares strong tags, and W/ marks a weak one, which never fits; send the ETag that argmap gave."
_HEADER = Header(
    alias="If-Match",
    description="The `ETag` that one read; refused (412) when it has been changed since",
    examples=['"7"'],
)


@dataclass(frozen=True, slots=True)
class Precondition:
    """What If-Match says; none where it was not sent."""

    given: str | None

    def version(self) -> int | None:
        """Return the version that it names, whether read whole or with parts held back, or None for any.

        Raises VersionMismatch for a tag that is no version, ProblemError (400) for several versions and for what is
        not a tag.
        """
        if self.given is None or self.given.strip() == "*":
            return None
        versions = [int(match[1]) for tag in self._strong() if (match := _VERSION.fullmatch(tag))]
        if not versions:
            raise VersionMismatch(_CHANGED)
        if len(versions) > 1:
            raise ProblemError(
                "bad-request", "If-Match names several versions; name the one that you read."
            )
        return versions[0]

    def check(self, *tags: str) -> None:
        """Check it against the tags that what is there has for its readers (strong comparison).

        Raises VersionMismatch, and ProblemError (400) for what is not a tag.
        """
        if self.given is None or self.given.strip() == "*":
            return
        if not any(tag in tags for tag in self._strong()):
            raise VersionMismatch(_CHANGED)

    def _strong(self) -> list[str]:
        given = self.given or ""
        found, whole = _tags(given)
        if not whole or not found:
            shown = given.strip()[:40].replace('"', "")
            example = f'"{shown}"' if re.fullmatch(r"[\x21\x23-\x7e]{1,40}", shown) else '"7"'
            raise ProblemError(
                "bad-request",
                f"If-Match is an ETag in double quotes, as the answer had it, such as {example}.",
            )
        strong = [tag for weak, tag in found if not weak]
        if not strong:
            raise VersionMismatch(_WEAK)
        return strong


async def _optional(if_match: Annotated[str | None, _HEADER] = None) -> Precondition:
    return Precondition(if_match)


async def _required(if_match: Annotated[str, _HEADER]) -> Precondition:
    return Precondition(if_match)


IfMatch = Annotated[Precondition, Depends(_optional)]
"""If-Match where it may be sent."""
RequiredIfMatch = Annotated[Precondition, Depends(_required)]
"""If-Match where a request without it is refused (428)."""


def bare_tag(etag: str) -> str:
    """Return the tag of an ETag as a body quotes it: without quotes, and as that of the answer before compression."""
    return etag.removeprefix("W/").strip('"').removesuffix("-gzip")


def not_modified(request: Request, tag: str) -> bool:
    """Say whether If-None-Match names this tag (weak comparison) or is `*`."""
    return matches(", ".join(request.headers.getlist("if-none-match")), tag)  # lines of one list


def matches(if_none_match: str, tag: str) -> bool:
    """Say whether the value of If-None-Match names this tag (weak comparison) or is `*`."""
    return (
        if_none_match == f'"{tag}"'
        or if_none_match.strip() == "*"
        or any(tag == each for _, each in _tags(if_none_match)[0])
    )


def _tags(header: str) -> tuple[list[tuple[bool, str]], bool]:
    """Split a list of entity tags into (is weak, tag), and say whether that is all; what is no tag ends the list."""
    tags = []
    position = 0
    while match := _TAG.match(header, position):
        tags.append((match[1] is not None, match[2]))
        position = match.end()
    return tags, position == len(header)
