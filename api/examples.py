"""The example op-eds that a new service shows."""

from pathlib import Path

import argmap
from argmap.store import Session, articles
from argmap.store.maps import maps
from argmap.store.records import Account, Asker, Scope, Visibility


def store_examples(session: Session, owner: Account, folder: Path) -> None:
    """Store each example of a folder, its article and its map, as public and owned by the account.

    A folder that is not there has no examples. Raises what `argmap.load` raises for a broken one.
    """
    asker = Asker(owner.id, Scope.WRITE, owner.admin)
    for path in sorted(folder.glob("*.json")):
        map = argmap.load(path)
        article_id = None
        if map.article is not None:
            stored = articles.create_article(session, asker, map.article, Visibility.PUBLIC)
            article_id = stored.id
        maps.create_map(
            session,
            asker,
            map.replace(article=None),
            article_id=article_id,
            visibility=Visibility.PUBLIC,
        )
