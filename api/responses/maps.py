"""A stored map as bytes: its JSON answer, its pictures, and what of it a reader may see."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import replace

from fastapi import Response

from api.requests.negotiation import SVG
from api.requests.preconditions import HELD_BACK
from api.responses.caching import kept_headers
from argmap import __version__, picture
from argmap.model import ArgumentMap, Article
from argmap.picture.revision import REVISION
from argmap.store import Session, articles
from argmap.store.records import Asker, StoredMap
from schemas.pictures import PictureQuery

_WHOLE = picture.Part()

# A picture or an outline is shown, never run: no scripts, no requests, only its own style.
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; sandbox"


def with_article(session: Session, stored: StoredMap, asker: Asker) -> ArgumentMap:
    """Return the map as the asker may see it, its article with it where they may see that too."""
    article = shown_article(session, stored, asker)
    return stored.map if article is None else stored.map.replace(article=article)


def shown_article(session: Session, stored: StoredMap, asker: Asker) -> Article | None:
    """Return a stored map's article if there is one that the asker may see."""
    if not stored.article_visible or stored.article_id is None:
        return None
    cited = articles.article(session, asker, stored.article_id, version=stored.article_newest)
    if stored.article_version in (None, cited.version):
        return cited.article
    # an earlier map is anchored in the text as it then was
    then = articles.article(session, asker, stored.article_id, version=stored.article_version)
    return cited.article.replace(text=then.article.text)


def is_pinned(query: PictureQuery) -> bool:
    """Say whether an address always gives the same picture. An analysis is of no revision, and may change."""
    settled = query.version is not None and query.overlay is None
    return settled and query.revision == REVISION


def as_pinned(stored: StoredMap) -> StoredMap:
    """Return a map as pinned pictures show it: with the citation that its article had when it was anchored."""
    if stored.article_newest == stored.article_version:
        return stored
    return replace(stored, article_newest=stored.article_version)


def map_tag(stored: StoredMap) -> str:
    """Return the entity tag of a map's JSON: its version, marked when parts are held back."""
    return str(stored.version) if stored.article_visible else f"{stored.version}{HELD_BACK}"


def map_json(stored: StoredMap, names: Mapping[str, str] | None = None) -> bytes:
    """Write the JSON answer of a map: what the store adds, spliced with the stored bytes.

    `names`: in the answer to a write, the ids that the temporary names of the request got; with it goes how many quotes
    are orphans, where any are.
    """
    written = ""
    if names is not None:
        told = f',"names":{json.dumps(names)}' if names else ""
        lost = orphans_in(stored)
        written = told + (f',"orphans":{lost}' if lost else "")
    envelope = (
        f'{{"id":"{stored.id}","owner":"{stored.owner}","visibility":"{stored.visibility}",'
        f'"quotes_only":{"true" if stored.quotes_only else "false"},'
        f'"article_id":{_text(stored.article_id)},"article_version":{stored.article_version or "null"},'
        f'"version":{stored.version},"created":"{_time(stored.created)}",'
        f'"updated":"{_time(stored.updated)}"{written}'
    ).encode()
    body = stored.body
    if b'"relations":[' not in body:  # always there, so that clients need not ask whether they are
        envelope += b',"relations":[]'
    if b'"claims":[' not in body:
        envelope += b',"claims":[]'
    return envelope + (b"}" if body == b"{}" else b"," + body[1:])


def orphans_in(stored: StoredMap) -> int:
    """Count the quotes whose words the article does not have."""
    return stored.body.count(b'"state":"orphan"')  # within a text the quotation marks are escaped


def json_answer(asker: Asker, tag: str, body: bytes | None) -> Response:
    """Answer a map as JSON (none: the client has it)."""
    if body is None:
        return unchanged(asker, tag)
    return Response(body, headers=kept_headers(asker, tag), media_type="application/json")


def whole_tag(stored: StoredMap) -> str:
    """Return the tag of a map together with its article, whose citation may change by itself.

    It names the content: a version alone may be written anew after a backup was put back.
    """
    article = "" if stored.article_newest is None else f".{stored.article_newest}"
    return f"{map_tag(stored)}{article}.{stored.mark}"


def picture_tag(stored: StoredMap, options: picture.Options) -> str:
    """Return the entity tag of a picture: the map's version, the options, the revision of the picture code."""
    return f"{whole_tag(stored)}-{options.key()}-{REVISION}"


def file_tag(stored: StoredMap, format: str, part: picture.Part) -> str:
    """Return the entity tag of a map written in a format: its version, the format, the part, and argmap's version."""
    shown = "" if part == _WHOLE else f"-{part.key()}"
    return f"{whole_tag(stored)}-{format}{shown}-{__version__}"


def picture_answer(
    asker: Asker,
    tag: str,
    data: bytes | None,
    pinned: bool,
    media_type: str = SVG,
) -> Response:
    """Answer a picture (none: the client has it); a pinned address always gives the same one.

    Private caches may keep a pinned picture for a year; shared ones for five minutes, so that erasing reaches them.
    """
    sent = kept_headers(asker, tag)
    sent["Content-Security-Policy"] = PICTURE_POLICY
    sent["Argmap-Revision"] = REVISION
    if pinned:
        kept = "s-maxage=300, " if asker.account_id is None else "private, "
        sent["Cache-Control"] = f"{kept}max-age=31536000, immutable"
    if data is None:
        return Response(status_code=304, headers=sent)
    return Response(data, headers=sent, media_type=media_type)


def unchanged(asker: Asker, tag: str) -> Response:
    """Return the 304 of an answer that the client has already."""
    return Response(status_code=304, headers=kept_headers(asker, tag))


def _time(value: datetime.datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")


def _text(value: str | None) -> str:
    return json.dumps(value)
