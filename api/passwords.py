"""Passwords: hashed by Argon2, at most two at once, and tried a bounded number of times.

Whether a name is known makes no difference to anybody who tries: not to the answer, not to the time it takes, not to
how often one may try.
"""

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from time import time
from typing import TypeVar

from fastapi import Request
from limits import RateLimitItemPerMinute, storage, strategies
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.jobs.desk import client_of
from api.responses.problems import ProblemError
from argmap.errors import Fault, InvalidMap
from argmap.store.records import ANONYMOUS

R = TypeVar("R")

SHORTEST, LONGEST = 8, 200  # letters of a password
AT_ONCE = 2  # hashes, of 64 MiB and a good part of a second each
MOST_WAITING = 20
WINDOW_MINUTES = 15
_OF_ONE = RateLimitItemPerMinute(10, WINDOW_MINUTES)  # tries at a name from one address
_OF_NAME = RateLimitItemPerMinute(100, WINDOW_MINUTES)  # at a name from everywhere
_OF_CLIENT = RateLimitItemPerMinute(100, WINDOW_MINUTES)  # from one address, a school's perhaps
_LOOKUPS = RateLimitItemPerMinute(60, WINDOW_MINUTES)  # of others' names by one account
_SIGN_UPS = RateLimitItemPerMinute(20, 60)  # from one address


class Passwords:
    """Hashes and checks passwords, and counts tries; used from the event loop's thread."""

    def __init__(self) -> None:
        self._hasher = PasswordHash((Argon2Hasher(),))
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="password")
        self._waiting = 0
        self._limiter = strategies.MovingWindowRateLimiter(storage.MemoryStorage())
        self._nobodys: str | None = None  # a hash to compare with where there is none

    def close(self) -> None:
        """Stop hashing."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def hash(self, password: str) -> str:
        """Hash a password. Raises ProblemError (429) when too many wait."""
        return await self._run(self._hash_now, _plain(password))

    async def fits(self, password: str, hash: str | None) -> bool:
        """Tell whether a password has that hash (none: it does not, which takes as long). Raises ProblemError (429)."""
        return await self._run(self._fits_now, _plain(password), hash)

    def count_try(self, request: Request, name: str) -> None:
        """Count a try at a name. Raises ProblemError (429) past the limits."""
        client, folded = client_of(request, ANONYMOUS), name.strip().casefold()[:100]
        self._count(_OF_CLIENT, "client", client)
        self._count(_OF_ONE, "one", client, folded)
        self._count(_OF_NAME, "name", folded)

    def count_sign_up(self, request: Request) -> None:
        """Count an account that is made. Raises ProblemError (429) past the limit."""
        self._count(_SIGN_UPS, "sign-up", client_of(request, ANONYMOUS))

    def count_lookup(self, account_id: str) -> None:
        """Count a name that somebody asks for. Raises ProblemError (429) past the limit."""
        self._count(_LOOKUPS, "lookup", account_id)

    def _count(self, limit: RateLimitItemPerMinute, *who: str) -> None:
        if not self._limiter.hit(limit, *who):
            wait = ceil(self._limiter.get_window_stats(limit, *who).reset_time - time())
            raise _too_many(max(wait, 1))

    async def _run(self, function: Callable[..., R], *arguments: object) -> R:
        if self._waiting >= MOST_WAITING:
            raise _too_many(5)
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._pool, function, *arguments)
        finally:
            self._waiting -= 1

    def _hash_now(self, password: str) -> str:
        return self._hasher.hash(password)

    def _fits_now(self, password: str, hash: str | None) -> bool:
        if self._nobodys is None:
            self._nobodys = self._hasher.hash("nobody's")
        fits = self._hasher.verify(password, hash or self._nobodys)
        return fits and hash is not None


def check_new_password(password: str, name: str | None) -> None:
    """Refuse a password that is too short, or the name itself. Raises InvalidMap."""
    plain = _plain(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise _refused(f"has {SHORTEST} to {LONGEST} characters")
    if plain.casefold() == (name or "").casefold() or len(set(plain)) < 4:
        raise _refused("is too easy to guess")


def _refused(message: str) -> InvalidMap:
    return InvalidMap((Fault("password", "password", message),))


def _plain(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def _too_many(seconds: int) -> ProblemError:
    return ProblemError(
        "too-many-attempts",
        f"Too many tries; the next is possible in {seconds} seconds.",
        headers={"Retry-After": str(seconds)},
    )
