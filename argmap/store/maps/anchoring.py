"""What becomes of the maps of an article when its text is corrected or the article goes."""

import hashlib
from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import select, update

from argmap.errors import NotFound, VersionMismatch
from argmap.model import Anchoring, ArgumentMap, Quote, anchored_map, difference
from argmap.store.access.loading import LOCK_MAP, asking
from argmap.store.access.rules import article_value, effective, map_access
from argmap.store.maps.bodies import parsed
from argmap.store.maps.write import write_next
from argmap.store.records import Access, Asker, Orphan, Visibility
from argmap.store.sql.session import Session
from argmap.store.sql.statements import LoadedRow
from argmap.store.sql.tables import ARTICLE, MAP

Anchored = Mapping[tuple[bytes, str | None], Anchoring]
"""Maps anchored in a text, by the SHA-256 of their bodies and the text."""

NOT_ANCHORED: Anchored = MappingProxyType({})

# what the system writes into histories
REANCHORED, DETACHED = "re-anchored", "detached"


def reanchor_map(
    session: Session,
    asker: Asker,
    map_id: str,
    text: str | None,
    version: int,
    anchored: Anchored = NOT_ANCHORED,
) -> tuple[bool, list[Orphan]]:
    """Anchor a map in another text; say whether the asker may see the map, and which of its quotes are lost.

    What `anchored` holds for the map as it is now need not be looked for again.
    """
    row = _locked_map(session, asker, map_id)
    before = parsed(row)
    anchoring = anchored.get((hashlib.sha256(bytes(row["body"])).digest(), text))
    if anchoring is None:
        anchoring = anchored_map(before, text)
    _write_as_system(
        session, row, anchoring.map, action=REANCHORED, account_id=None, article_version=version
    )
    seen = row["deleted"] is None and map_access(row, asker) >= Access.VIEW
    return seen, [
        Orphan(map_id, claim.id, index, claim.quotes[index].exact)
        for claim_id, index in anchoring.orphaned
        if (claim := before.claim(claim_id)) is not None
    ]


def detach_map(session: Session, asker: Asker, map_id: str) -> None:
    """Let a map go on without its article: with a citation, the words of its quotes, and no more readers than now."""
    row = _locked_map(session, asker, map_id)
    map = parsed(row)
    query = select(ARTICLE.c.body).where(ARTICLE.c.id == row["article_id"])
    bare = map.replace(
        article=article_value(session.execute(query).scalar_one(), None),
        claims=tuple(
            claim.replace(quotes=tuple(Quote(exact=quote.exact) for quote in claim.quotes))
            if claim.quotes
            else claim
            for claim in map.claims
        ),
    )
    _write_as_system(
        session, row, bare, action=DETACHED, account_id=asker.account_id, article_version=None
    )
    now_visible = effective(
        Visibility(row["visibility"]),
        bool(row["quotes_only"]),
        Visibility(row["article_visibility"]),
        row["article_owner"] == row["owner"],
    )
    session.execute(
        update(MAP)
        .where(MAP.c.id == map_id)
        .values(article_id=None, quotes_only=False, visibility=now_visible.value)
    )


def _locked_map(session: Session, asker: Asker, map_id: str) -> LoadedRow:
    row = LOCK_MAP.first(session, asking(map_id, asker))
    if row is None:
        raise NotFound("the map does not exist")
    return row


def _write_as_system(
    session: Session,
    row: LoadedRow,
    after: ArgumentMap,
    *,
    action: str,
    account_id: str | None,
    article_version: int | None,
) -> None:
    before = parsed(row)
    changes = difference(before, after)
    written = write_next(
        session, row, before, after, changes, action=action, account_id=account_id,
        account_name=None, article_version=article_version,
    )  # fmt: skip
    if written is None:
        raise VersionMismatch("somebody else has just written a map of this article")
