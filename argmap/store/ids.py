"""Opaque strings: ids, secrets and their hashes, page cursors; and the clock."""

import base64
import binascii
import datetime
import hashlib
import secrets

from argmap.errors import BadCursor

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND = datetime.timedelta(microseconds=1)
_LAST = (datetime.datetime.max.replace(tzinfo=datetime.UTC) - EPOCH) // _MICROSECOND


def new_id() -> str:
    """Make an id of 96 random bits: 16 characters that are safe in a URL and no option of a command."""
    while (id := secrets.token_urlsafe(12)).startswith("-"):
        pass
    return id


def new_secret(prefix: str) -> str:
    """Make a secret of 256 random bits; the prefix says what it is for."""
    return f"{prefix}_{secrets.token_urlsafe(32)}"


def token_hash(plain: str) -> str:
    """Hash a secret as it is stored: SHA-256 in hexadecimal."""
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def now() -> datetime.datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.datetime.now(datetime.UTC)


def to_microseconds(moment: datetime.datetime) -> int:
    """Count the microseconds since 1970. Naive times are a programming error and raise TypeError."""
    return (moment - EPOCH) // _MICROSECOND


def from_microseconds(count: int) -> datetime.datetime:
    """Return the moment so many microseconds after 1970, aware, in UTC."""
    return EPOCH + datetime.timedelta(microseconds=count)


def cursor_after(number: int, id: str = "") -> str:
    """Write down the last item of a page, by what the list is sorted by."""
    return base64.urlsafe_b64encode(f"{number}.{id}".encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[int, str]:
    """Read what `cursor_after` wrote. Raises BadCursor."""
    if len(cursor) > 100:
        raise BadCursor("the cursor is not one that this list gave out")
    try:
        plain = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        number, _, id = plain.partition(".")
        found = int(number), id
    except (binascii.Error, ValueError):
        raise BadCursor("the cursor is not one that this list gave out") from None
    known = 0 <= found[0] <= _LAST and id.isprintable()
    if not known or cursor_after(*found) != cursor:
        raise BadCursor("the cursor is not one that this list gave out")
    return found
