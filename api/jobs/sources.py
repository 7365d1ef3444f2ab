"""What work on a stored map begins with: its JSON as the asker may see it, and its article where they may see that."""

from api.responses.maps import shown_article, shown_body
from argmap.drawing.orders import Source
from argmap.store import Database
from argmap.store.records import Asker, StoredMap


def source_of(stored: StoredMap, asker: Asker, database: Database) -> Source:
    """Return a map with its article; reads that where there is one."""
    article = None
    if stored.article_id is not None and stored.article_visible:
        with database.read() as session:
            article = shown_article(session, stored, asker)
    return Source(shown_body(stored), article)


def bare_source(stored: StoredMap) -> Source:
    """Return a map as it is stored, for work in which the words around its quotes and its article play no part."""
    return Source(stored.body)
