"""The reads that every request makes: who asks, and one map, in microseconds on the event loop's thread."""

import datetime

from argmap.store.records import Access, Asker, StoredMap, Subject


class Hot:
    """Hot reads for `async def` routes; correct at once after a commit of any process.

    On SQLite each is one prepared read on a connection of its own, kept in a cache for as long as
    `PRAGMA data_version` says that nothing was committed. On PostgreSQL it is a read in a thread, without a cache.
    """

    async def asker(self, token_hash: str | None, share_hash: str | None = None) -> Asker | None:
        """Say who asks, by the SHA-256 (hexadecimal) of the tokens they sent.

        None: a token was sent that is unknown, expired or revoked. An unknown share token is no error here.
        """
        raise NotImplementedError

    async def map(self, id: str, asker: Asker) -> StoredMap | None:
        """Return the newest version of a map, or None when there is none or the asker may not see it."""
        raise NotImplementedError

    async def access(self, subject: Subject, id: str, asker: Asker) -> Access:
        """Say what the asker may do with an article or map (NONE for an unknown one)."""
        raise NotImplementedError

    def take_uses(self) -> dict[str, datetime.datetime]:
        """Return when tokens were used since the last call, by token hash, for `accounts.note_uses`."""
        raise NotImplementedError
