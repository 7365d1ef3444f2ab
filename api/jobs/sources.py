"""What work on a stored map begins with: its JSON as the asker may see it, and its article where they may see that."""

from api.responses.maps import shown_article
from argmap.drawing.orders import Source
from argmap.store import Database
from argmap.store.records import Asker, StoredMap


def source_of(stored: StoredMap, asker: Asker, database: Database) -> Source:
    """Return a map with its article; reads that where there is one."""
    article = None
    if stored.article_id is not None and stored.article_visible:
        with database.read() as session:
            article = shown_article(session, stored, asker)
    return Source(stored.body, article)


def bare_source(stored: StoredMap) -> Source:
    """Return a map without its article, for work in which that plays no part."""
    return Source(stored.body)
