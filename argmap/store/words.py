"""Finding articles and claims by words, with nothing of the databases' query languages let through."""

import re

from sqlalchemy import ColumnElement, false, text

from argmap.errors import BadValue
from argmap.store.sql.session import Session

MOST_TERMS = 20
LONGEST = 200  # characters

_TERM = re.compile(r'"([^"]*)"|([^\s"]+)')

# as the indexes of migration 0002 are defined
_SQLITE = "{0}.number IN (SELECT rowid FROM {0}_words WHERE {0}_words MATCH :words)"
_POSTGRESQL = {
    "article": "to_tsvector('simple', coalesce(left(article.title, 150000), '') || ' ' || "
    "coalesce(left(article.authors, 150000), '') || ' ' || coalesce(left(article.text, 150000), '')) "
    "@@ websearch_to_tsquery('simple', :words)",
    "claim": "to_tsvector('simple', coalesce(left(claim.text, 150000), '') || ' ' || "
    "coalesce(left(claim.label, 150000), '')) @@ websearch_to_tsquery('simple', :words)",
}


def terms(words: str) -> tuple[str, ...]:
    """Split what somebody searches for into words and, where they used double quotes, phrases.

    What has no letter or digit is passed over. Raises BadValue for more than 20 terms or 200 characters.
    """
    if len(words) > LONGEST:
        raise BadValue(f"at most {LONGEST} characters can be searched for")
    clean = words.replace("\0", " ").encode("utf-8", "replace").decode()
    found = [match[1] or match[2] or "" for match in _TERM.finditer(clean)]
    kept = tuple(term for term in found if any(character.isalnum() for character in term))
    if len(kept) > MOST_TERMS:
        raise BadValue(f"at most {MOST_TERMS} words can be searched for")
    return kept


def with_words(session: Session, table: str, words: str) -> ColumnElement[bool]:
    """Say of an "article" (title, authors, text) or a "claim" (text, label) whether all the words occur in it.

    Each term is passed on in double quotes, in which neither FTS5 nor websearch_to_tsquery knows any operator.
    """
    quoted = " ".join(f'"{term}"' for term in terms(words))
    if not quoted:
        return false()
    sqlite = session.connection().dialect.name == "sqlite"
    condition = _SQLITE.format(table) if sqlite else _POSTGRESQL[table]
    return text(condition).bindparams(words=quoted)  # type: ignore[return-value]  # a condition as text
