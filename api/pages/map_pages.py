"""The pages of one map: to read it, to embed it, and to take it to other tools."""

import json
import re
from collections import Counter
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from markupsafe import Markup

from api.auth import Reader
from api.deps import Data, Drawing
from api.jobs.files import losses_of
from api.requests.negotiation import format_of
from api.resources import ReadableMap
from api.responses.answers import PREFIX
from api.responses.html import html_page
from api.responses.maps import map_json, shown_article
from api.responses.problems import base_url
from api.settings import CHECKOUT
from argmap import formats
from argmap.model import ArgumentMap
from argmap.picture.outline import outline
from argmap.store import accounts
from argmap.store.accounts import token_hash
from argmap.store.maps import maps
from argmap.store.records import ANONYMOUS, Asker, StoredMap, Visibility
from schemas.embeds import PageView, View

router = APIRouter()

FEW = 80_000  # bytes of a map that is written in all formats to see what each leaves out: some 400 claims
MODULES = tuple(  # of the page, so that a browser asks for all of them at once
    sorted(
        file.relative_to(CHECKOUT / "web").as_posix()
        for file in (CHECKOUT / "web" / "editor").glob("*.js")
    )
)
WORDS_PER_MINUTE = 220
_PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")  # lines that follow each other


@router.get("/maps/{map_id}")
def show_map(
    stored: ReadableMap,
    request: Request,
    asker: Reader,
    database: Data,
    view: Annotated[PageView, Query()],
) -> Response:
    """Show one map beside its article; whoever may change it has the tools for that, too."""
    with database.read() as session:
        article = shown_article(session, stored, asker)
        me = accounts.account(session, asker.account_id) if asker.account_id else None
    map = stored.map
    text = article.text if article else None
    values: dict[str, Any] = {
        **_pictures(request, stored, map, view),
        "article": article or map.article,
        "paragraphs": paragraphs(text or ""),
        "minutes": round(len((text or "").split()) / WORDS_PER_MINUTE),
        "entries": outline(map),
        "modules": MODULES,
        "me": me,
        "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "data": _embedded(
            {
                "map": json.loads(map_json(stored)),
                "access": stored.access.name.lower(),
                "me": me and {"id": me.id, "name": me.name},
                "root": request.scope["root_path"],
                "share": view.share,
                "overlay": view.overlay,
            }
        ),
    }
    oembed = None
    if stored.visibility is Visibility.PUBLIC:
        here = f"{base_url(request)}/maps/{stored.id}{_query(view.asked())}"
        oembed = f"{base_url(request)}/oembed?{urlencode({'url': here, 'format': 'json'})}"
    response = html_page(request, "workspace.html", asker, trusted=True, oembed=oembed, **values)
    if oembed is not None:
        response.headers["Link"] = f'<{oembed}>; rel="alternate"; type="application/json+oembed"'
    return response


def paragraphs(text: str) -> list[tuple[int, str]]:
    """Split an article at its blank lines: where each paragraph begins, in code points, and its words."""
    return [(match.start(), match.group()) for match in _PARAGRAPH.finditer(text)]


def _embedded(value: Any) -> Markup:
    """Write JSON that can stand in a page: nothing in it ends the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704  the one character that could end it is written otherwise


@router.get("/maps/{map_id}/embed")
def embed_map(
    map_id: str, request: Request, database: Data, view: Annotated[View, Query()]
) -> Response:
    """Show a map alone, for a frame on a page of another site.

    Whoever looks, it is shown as to a stranger: a site must not learn from a frame what its visitor may see.
    """
    asker = ANONYMOUS if view.share is None else Asker(share=token_hash(view.share))
    with database.read() as session:
        stored = maps.map(session, asker, map_id)
    values = _pictures(request, stored, stored.map, view)
    return html_page(request, "embed.html", asker, framed=True, **values)


@router.get("/maps/{map_id}/files")
async def list_files(
    stored: ReadableMap,
    request: Request,
    asker: Reader,
    database: Data,
    desk: Drawing,
    share: str | None = None,
    losses: str | None = None,
) -> Response:
    """List the formats that a map can be had in, with what each leaves out.

    That takes writing the map out in each, so that of a large one only the format that `losses` names is looked into.
    """
    root = request.scope["root_path"]
    few = len(stored.body) <= FEW
    written = [format for format in formats.FORMATS.values() if format.dump is not None]
    looked_into = tuple(one.name for one in written if few or one.name == losses)
    title, found = await losses_of(request, stored, asker, database, desk, looked_into)
    files = []
    for format in written:
        ending = format.endings[0].removeprefix(".")
        more = {} if format_of(ending).name == format.name else {"format": format.name}
        if share:
            more["share"] = share
        address = f"{root}{PREFIX}/maps/{stored.id}.{ending}{_query(more)}"
        lost = found.get(format.name, [])
        counts = Counter[str]()
        for loss in lost:
            counts[loss["kind"]] += loss["count"]
        look = _query({"losses": format.name, **({"share": share} if share else {})})
        files.append(
            {
                "format": format,
                "address": address,
                "losses": lost,
                "counts": counts,
                "look": None if format.name in found else f"{look}#{format.name}",
            }
        )
    back = f"{root}/maps/{stored.id}{_query({'share': share} if share else {})}"
    title = title or "Untitled map"
    return html_page(request, "files.html", asker, title=title, files=files, back=back, few=few)


def _pictures(request: Request, stored: StoredMap, map: ArgumentMap, view: View) -> dict[str, Any]:
    """Return what the templates say of a map: its title, its addresses, its picture as asked for."""
    more = {} if view.share is None else {"share": view.share}
    root = request.scope["root_path"]
    address = f"{root}{PREFIX}/maps/{stored.id}"
    narrow = view.narrow()
    return {
        "stored": stored,
        "map": map,
        "title": map.title or "Untitled map",
        "page": f"{root}/maps/{stored.id}{_query(view.asked())}",
        "files": f"{root}/maps/{stored.id}/files{_query(more)}",
        "address": address,
        "share": _query(more),
        "picture": f"{address}.svg?{view.picture()}",
        "narrow": narrow and f"{address}.svg?{narrow}",
        "png": f"{address}.png?{view.picture()}",
        "pdf": f"{address}.pdf{_query(more)}",
        "handout": f"{address}.pdf{_query({'handout': 'true', **more})}",
    }


def _query(words: dict[str, str]) -> str:
    return f"?{urlencode(words)}" if words else ""
