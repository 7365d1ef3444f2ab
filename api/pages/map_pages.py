"""The pages of one map: to read it, to embed it, and to take it to other tools."""

from collections import Counter
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from api.auth import Reader
from api.deps import Data, Drawing
from api.jobs.files import losses_of
from api.requests.negotiation import format_of
from api.resources import ReadableMap
from api.responses.answers import PREFIX
from api.responses.html import html_page
from api.responses.problems import base_url
from argmap import formats
from argmap.drawing.overlays import Laid
from argmap.model import ArgumentMap, ClaimKind, RelationKind
from argmap.picture.outline import outline
from argmap.store import articles
from argmap.store.accounts import token_hash
from argmap.store.maps import maps
from argmap.store.records import ANONYMOUS, Asker, StoredMap, Visibility
from schemas.embeds import PageView, View

router = APIRouter()

FEW = 80_000  # bytes of a map that is written in all formats to see what each leaves out: some 400 claims
_LAYOUTS: dict[str, dict[str, str]] = {
    "As the screen has room": {},
    "A4": {"layout": "page", "page": "A4"},
    "16:9": {"layout": "page", "page": "16:9"},
    "Ranks": {"layout": "layered"},
}
_THEMES: dict[str, dict[str, str]] = {
    "As the system has it": {},
    "Light": {"theme": "light"},
    "Dark": {"theme": "dark"},
    "High contrast": {"theme": "contrast"},
    "Colour-blind safe": {"theme": "colorblind"},
    "Black and white": {"theme": "print"},
}
_ANALYSES: dict[str, dict[str, str]] = {
    "Nothing": {},
    "Strength": {"overlay": "strength"},
    "Review": {"overlay": "review"},
    "Open questions": {"overlay": "questions"},
}
_EXPLANATIONS: dict[Laid | None, str] = {
    Laid.STRENGTH: "A bar says how much a claim is worth once its reasons and objections are counted in.",
    Laid.REVIEW: "Marks are what a coach would look at again.",
    Laid.QUESTIONS: "Dashed cards are questions that a step of this kind should answer and that nobody has.",
}
_PRINTED = {"layout": "page", "page": "A4", "theme": "print", "legend": "true"}
_KINDS = {
    ClaimKind.THESIS: ("thesis", "theses"),
    ClaimKind.PREMISE: ("premise", "premises"),
    ClaimKind.EVIDENCE: ("piece of evidence", "pieces of evidence"),
    ClaimKind.REBUTTAL: ("rebuttal", "rebuttals"),
}


@router.get("/maps/{map_id}")
def show_map(
    stored: ReadableMap,
    request: Request,
    asker: Reader,
    database: Data,
    view: Annotated[PageView, Query()],
) -> Response:
    """Show one map: its picture, its claims with the passages that they come from, its files."""
    article = None
    if stored.article_id is not None and stored.article_visible:
        with database.read() as session:
            article = articles.article(session, asker, stored.article_id).article
    map = stored.map
    values: dict[str, Any] = {
        **_pictures(request, stored, map, view),
        "article": article or map.article,
        "counts": _counts(map),
        "restated": any(r.kind is RelationKind.RESTATES for r in map.relations),
        "undercut": any(map.claim(r.target) is None for r in map.relations),
        "entries": outline(map),
        "layouts": _choices(view, _LAYOUTS, ("layout", "page", "direction")),
        "themes": _choices(view, _THEMES, ("theme",)),
        "analyses": _choices(view, _ANALYSES, ("overlay",)),
        "explanation": _EXPLANATIONS.get(view.overlay),
        "printed": _choices(view, {"": _PRINTED}, tuple(_PRINTED))[0],
    }
    oembed = None
    if stored.visibility is Visibility.PUBLIC:
        here = f"{base_url(request)}/maps/{stored.id}{_query(view.asked())}"
        oembed = f"{base_url(request)}/oembed?{urlencode({'url': here, 'format': 'json'})}"
    response = html_page(request, "map.html", asker, oembed=oembed, **values)
    if oembed is not None:
        response.headers["Link"] = f'<{oembed}>; rel="alternate"; type="application/json+oembed"'
    return response


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


def _choices(
    view: PageView, choices: dict[str, dict[str, str]], names: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Return each choice with the address of the page in which it is taken, and whether it is now."""
    asked = view.asked()
    others = {name: value for name, value in asked.items() if name not in names}
    taken = {name: value for name, value in asked.items() if name in names}
    return [
        {"name": name, "href": f"?{urlencode(others | choice)}", "now": choice == taken}
        for name, choice in choices.items()
    ]


def _counts(map: ArgumentMap) -> str:
    counts = Counter(claim.kind for claim in map.claims)
    parts = [f"{counts[kind]} {names[counts[kind] != 1]}" for kind, names in _KINDS.items()]
    return ", ".join(part for part in parts if not part.startswith("0 "))


def _query(words: dict[str, str]) -> str:
    return f"?{urlencode(words)}" if words else ""
