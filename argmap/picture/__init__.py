"""Argument maps as pictures: a pipeline of values (cards, graph, layout, SVG) that one can stop at."""

import math
from collections import Counter

from argmap.errors import EngineTimeout, NotFound, PictureTooLarge
from argmap.model import ArgumentMap, Claim, ClaimKind
from argmap.model.order import Forest, concerned, forest
from argmap.picture import dot, engine
from argmap.picture.cards import Card, cards_of, with_notes
from argmap.picture.excerpt import among, branch, folded, near, without
from argmap.picture.export.layout_json import plan
from argmap.picture.export.sheets import LEGIBLE, SHEETS, Branch, Page, pages
from argmap.picture.layout import Layout
from argmap.picture.options import Arrangement, Direction, Options, Part, Spread, spread_of
from argmap.picture.outline import numbers_of
from argmap.picture.overlay import NO_NOTE, NO_OVERLAY, Note, Overlay
from argmap.picture.page.arrange import arrange_on_page
from argmap.picture.ranks.arrange import arrange_in_ranks
from argmap.picture.svg.document import LEGEND, MARGIN, footing, heading, write_svg
from argmap.picture.svg.style import style_sheet
from argmap.picture.theme import Detail, Medium, Theme

CLAIMS, RELATIONS = 5_000, 10_000  # of one picture, at most
_READY_SECONDS = 2.0
_RANKS_SHARE = 0.6  # of the time for ranks, when a page may have to be laid out after all
_TRIES = 4  # to spread a map over sheets that can be read
_DEEPEST, _SHOWN = 3, 150  # of an overview: how far below the theses, and how many claims
LAYERED_CLAIMS = 250  # more are laid out for a page, unless ranks are asked for

__all__ = [
    "Arrangement",
    "Card",
    "Detail",
    "Direction",
    "Layout",
    "Medium",
    "Note",
    "Options",
    "Overlay",
    "Part",
    "Spread",
    "Theme",
    "arrange",
    "cards_of",
    "draw",
    "draw_pdf",
    "draw_png",
    "lay_out",
    "part_of",
    "plan",
    "ready",
    "spread_of",
    "style_sheet",
    "write_svg",
]

_DEFAULT = Options()


def draw(
    map: ArgumentMap,
    options: Options = _DEFAULT,
    *,
    overlay: Overlay = NO_OVERLAY,
    version: int | None = None,
    deadline: float = engine.DEADLINE,
) -> str:
    """Draw a map as SVG text.

    `overlay`: notes by claim id; `version`: of the map, for the foot; `deadline`: seconds that the layout may take.
    Raises PictureTooLarge, EngineTimeout, EngineUnavailable, and NotFound for a focus that the map does not have.
    """
    map, overlay = _shown(map, options, overlay)
    trees = forest(map, options.sides)
    cards = cards_of(map, overlay, options, trees)
    layout = arrange(map, cards, options, trees, deadline=deadline)
    return write_svg(map, layout, options, version=version)


def draw_png(
    map: ArgumentMap,
    options: Options = _DEFAULT,
    *,
    overlay: Overlay = NO_OVERLAY,
    version: int | None = None,
    scale: float = 2.0,
    deadline: float = engine.DEADLINE,
) -> bytes:
    """Draw a map as PNG; a scale of 1 has 96 dots per inch. Raises what `draw` does."""
    from argmap.picture.export import png  # brings a converter along that pages do not need

    map, overlay = _shown(map, options, overlay)
    trees = forest(map, options.sides)
    cards = cards_of(map, overlay, options, trees)
    layout = arrange(map, cards, options, trees, deadline=deadline)
    return png.png(write_svg(map, layout, options, True, version), scale)


def draw_pdf(
    map: ArgumentMap,
    options: Options = _DEFAULT,
    *,
    overlay: Overlay = NO_OVERLAY,
    version: int | None = None,
    poster: Spread | float = Spread.AUTO,
    handout: bool = False,
    deadline: float = engine.DEADLINE,
) -> bytes:
    """Draw a map as PDF on sheets of `options.page`.

    It is laid out for that page unless ranks are asked for. `poster`: on one sheet, on a sheet for each thesis or main
    branch after one with the whole (`auto`: where one could not be read), or enlarged by a scale on as many sheets as
    that takes. `handout` adds pages with a numbered outline of all texts and sources. Raises what `draw` does.
    """
    from argmap.picture.export import pdf  # brings a typesetter along that pages do not need

    map, overlay = _shown(map, options, overlay)
    on_paper: dict[str, object] = {}
    if options.layout is Arrangement.AUTO:
        on_paper["layout"] = Arrangement.PAGE
    if options.legend is None:
        on_paper["legend"] = True
    options = options.model_copy(update=on_paper)
    trees = forest(map, options.sides)
    cards = cards_of(map, overlay, options, trees)
    layout = arrange(map, cards, options, trees, deadline=deadline)
    svg = write_svg(map, layout, options, True, version)
    size = options.page_size()
    if isinstance(poster, float | int):
        return pdf.pdf(map, svg, size, poster, (), handout, layout)
    scale = pdf.scale_on(svg, size)
    branches: list[Branch] = []
    if poster == Spread.BRANCHES or (poster == Spread.AUTO and scale < LEGIBLE):
        most = max(4, int(len(cards) * min(1.0, scale / LEGIBLE) ** 2))
        apart = poster == Spread.BRANCHES
        drawn = _branches(map, cards, overlay, options, most, apart, deadline)
        if len(drawn) > 1:
            whole, svg = _overview(map, overlay, options, len(drawn), version, deadline)
            corners = {item.card.claim.id: (item.x, item.y) for item in whole.cards}
            branches = [
                Branch(n, page, part, tuple(corners[id] for id in page.marks if id in corners))
                for n, (page, part) in enumerate(drawn, 2)
            ]
    return pdf.pdf(map, svg, size, None, branches, handout)


def _branches(
    map: ArgumentMap,
    cards: tuple[Card, ...],
    overlay: Overlay,
    options: Options,
    most: int,
    apart: bool,
    deadline: float,
) -> list[tuple[Page, str]]:
    """Draw a map on sheets of about that many claims, of fewer where they could not be read."""
    from argmap.picture.export import pdf

    options = options.model_copy(update={"legend": False})
    least = max(4, len(cards) // (SHEETS // 2))
    best: tuple[float, list[tuple[Page, str]]] = -1.0, []
    for _ in range(_TRIES):
        most = max(least, most)
        drawn = [
            (page, _branch(page, cards, overlay, options, deadline))
            for page in pages(map, most, first=2, apart=apart)
        ]
        scale = min(pdf.scale_on(svg, options.page_size()) for _, svg in drawn)
        best = max(best, (scale, drawn), key=lambda each: each[0])
        if scale >= LEGIBLE or most == least:
            break
        most = int(most * max(0.5, (scale / LEGIBLE) ** 2 * 0.95))
    return best[1]


def _branch(
    page: Page, cards: tuple[Card, ...], overlay: Overlay, options: Options, deadline: float
) -> str:
    """Draw one sheet of several."""
    own = {claim.id for claim in page.map.claims}
    notes = {
        id: overlay.get(id, NO_NOTE)._replace(see=page.see.get(id, ()))
        for id in own
        if id in overlay or id in page.see
    }
    part = page.map.replace(title="", article=None)
    shown = with_notes((card for card in cards if card.claim.id in own), notes)
    return write_svg(part, arrange(part, shown, options, deadline=deadline), options, plain=True)


def _overview(
    map: ArgumentMap,
    overlay: Overlay,
    options: Options,
    sheets: int,
    version: int | None,
    deadline: float,
) -> tuple[Layout, str]:
    """Draw the theses of a map and as many of their reasons as can be read on one sheet by their labels.

    The sheet also lists that many others.
    """
    from argmap.picture.export import pdf

    width, height = options.page_size()
    page = f"{width}x{max(height // 2, height - 14 * math.ceil(sheets / max(1, width // 260)))}"
    options = options.model_copy(update={"detail": Detail.LABEL, "page": page})
    depths, above = _depths(map, options.sides)
    found: tuple[Layout, str] | None = None
    for deepest in range(_DEEPEST, -1, -1):
        top: dict[str, str] = {}  # by claim, the lowest on the sheet that it is below
        for id, depth in depths.items():
            top[id] = id if depth <= deepest else top[above[id]]
        shown = {id for id, depth in depths.items() if depth <= deepest}
        if len(shown) > _SHOWN and deepest:
            continue
        below = Counter(upper for id, upper in top.items() if id != upper)
        notes = {
            id: overlay.get(id, NO_NOTE)._replace(folded=below[id])
            for id in shown
            if id in overlay or id in below
        }
        part = among(map, shown)
        layout = arrange(part, cards_of(part, notes, options), options, deadline=deadline)
        found = layout, write_svg(part, layout, options, True, version)
        if pdf.scale_on(found[1], options.page_size()) >= LEGIBLE:
            break
    if found is None:
        raise PictureTooLarge("the map has no theses to give an overview of")
    return found


def _depths(map: ArgumentMap, sides: bool) -> tuple[dict[str, int], dict[str, str]]:
    """Return for each claim how far it is below the root of its tree, parents first, and what it hangs below."""
    trees, about = forest(map, sides), concerned(map)
    depths: dict[str, int] = {}
    above: dict[str, str] = {}
    for id in numbers_of(trees):
        relation = trees.above.get(id)
        if relation is not None:
            above[id] = about[relation.id]
        depths[id] = depths[above[id]] + 1 if relation is not None else 0
    return depths, above


def lay_out(
    map: ArgumentMap,
    options: Options = _DEFAULT,
    *,
    overlay: Overlay = NO_OVERLAY,
    deadline: float = engine.DEADLINE,
) -> Layout:
    """Find the places that `draw` gives to the claims and lines of a map. Raises what `draw` does."""
    map, overlay = _shown(map, options, overlay)
    trees = forest(map, options.sides)
    cards = cards_of(map, overlay, options, trees)
    return arrange(map, cards, options, trees, deadline=deadline)


def part_of(map: ArgumentMap, part: Part) -> ArgumentMap:
    """Return the part of a map that is asked for. Raises NotFound for a focus that the map does not have."""
    shown = without(map, part.hide.split(",")) if part.hide else map
    return shown if part.focus is None else _near(shown, map, part, part.focus)


def _near(shown: ArgumentMap, map: ArgumentMap, part: Part, focus: str) -> ArgumentMap:
    """Return what is near a claim of what is shown of a map; say which of both lacks the claim."""
    if map.claim(focus) is not None and shown.claim(focus) is None:
        raise NotFound(
            f"claim {focus} is hidden or folded away, so the picture cannot focus on it", "focus"
        )
    return (branch if part.branch else near)(shown, focus, part.depth)


def _shown(map: ArgumentMap, options: Options, overlay: Overlay) -> tuple[ArgumentMap, Overlay]:
    """Return the part of a map that is to be drawn, and the notes on it."""
    if len(map.claims) > CLAIMS or len(map.relations) > RELATIONS:
        raise PictureTooLarge(
            f"a picture may have {CLAIMS} claims and {RELATIONS} relations; focus on a part of the map"
        )
    whole = map
    if options.hide:
        map = without(map, options.hide.split(","))
    if options.fold:
        kinds = options.hide.split(",")
        hidden = {claim.id for claim in whole.claims if claim.kind in kinds}
        map, counts = folded(map, [id for id in options.fold.split(",") if id not in hidden])
        notes = {
            id: overlay.get(id, NO_NOTE)._replace(folded=count) for id, count in counts.items()
        }
        overlay = {**overlay, **notes}
    if options.focus is not None:
        map = _near(map, whole, options, options.focus)
    return map, overlay


def arrange(
    map: ArgumentMap,
    cards: tuple[Card, ...],
    options: Options = _DEFAULT,
    trees: Forest | None = None,
    *,
    deadline: float = engine.DEADLINE,
) -> Layout:
    """Find a place for the cards of a map and the lines between them; `trees` are those of the map, where known.

    A layout for a page may set the claims on cards of other widths. Where the layout is left open, large maps are
    laid out for a page, and so is a map that Graphviz cannot lay out in time.
    """
    trees = trees or forest(map, options.sides)
    choice = options.layout
    if choice is Arrangement.AUTO and (
        len(cards) > LAYERED_CLAIMS or options.style is Medium.THUMB
    ):
        choice = Arrangement.PAGE
    if choice is not Arrangement.PAGE:
        try:
            share = _RANKS_SHARE if choice is Arrangement.AUTO else 1.0
            graph = dot.graph(map, cards, trees)
            return arrange_in_ranks(graph, options.side(), deadline * share)
        except (EngineTimeout, PictureTooLarge):
            if choice is not Arrangement.AUTO:
                raise
    width, height = options.page_size()
    width = max(width // 2, width - 2 * MARGIN)
    around = 2 * MARGIN + heading(map, width)[1] + footing(map, width, 0)[1]
    around += LEGEND if options.legend else 0
    height = max(height // 2, height - around)
    return arrange_on_page(map, cards, trees, width, height)


def ready() -> None:
    """Return when a picture can be drawn; raise EngineUnavailable or EngineTimeout when none can.

    The first call also loads the typeface and the layout engine, so that the first picture does not wait for them.
    """
    claim = Claim(id="c1", kind=ClaimKind.THESIS, text="Ready")
    draw(ArgumentMap(claims=(claim,)), Options(layout=Arrangement.LAYERED), deadline=_READY_SECONDS)
