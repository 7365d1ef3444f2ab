"""Argument maps as pictures: a pipeline of values (cards, graph, layout, SVG) that one can stop at."""

from collections.abc import Mapping

from argmap.errors import EngineTimeout, NotFound, PictureTooLarge
from argmap.model import ArgumentMap, Claim, ClaimKind
from argmap.model.order import forest
from argmap.picture import dot, engine
from argmap.picture.cards import Card, cards_of, with_notes
from argmap.picture.excerpt import branch, folded, near, without
from argmap.picture.export.layout_json import plan
from argmap.picture.export.sheets import EDGE, LEGIBLE, SHEETS, Branch, Page, pages
from argmap.picture.layout import Layout, Point
from argmap.picture.options import Arrangement, Direction, Options, Part, Spread, spread_of
from argmap.picture.overlay import NO_NOTE, NO_OVERLAY, Note, Overlay
from argmap.picture.page.arrange import arrange_on_page
from argmap.picture.ranks.arrange import arrange_in_ranks
from argmap.picture.svg.document import MARGIN, footing, heading, write_svg
from argmap.picture.svg.style import style_sheet
from argmap.picture.theme import Detail, Medium, Theme

CLAIMS, RELATIONS = 5_000, 10_000  # of one picture, at most
_READY_SECONDS = 2.0
_RANKS_SHARE = 0.6  # of the time for ranks, when a page may have to be laid out after all
_FILLED = 0.6  # of a sheet by cards and what lies between them, as a rule
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
    cards = cards_of(map, overlay, options)
    layout = arrange(map, cards, options, deadline=deadline)
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
    cards = cards_of(map, overlay, options)
    layout = arrange(map, cards, options, deadline=deadline)
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
    cards = cards_of(map, overlay, options)
    layout = arrange(map, cards, options, deadline=deadline)
    svg = write_svg(map, layout, options, True, version)
    if isinstance(poster, float | int):
        return pdf.pdf(map, svg, options.page_size(), poster, (), handout)
    width, height = (length - 2 * EDGE for length in options.page_size())
    parts: list[Page] = []
    if poster == Spread.BRANCHES or (poster == Spread.AUTO and layout.fit(width, height) < LEGIBLE):
        parts = pages(
            map, _on_a_sheet(cards, width * height), first=2, apart=poster == Spread.BRANCHES
        )
    corners = {item.card.claim.id: (item.x, item.y) for item in layout.cards}
    branches = [
        _branch(page, number, cards, corners, overlay, options, deadline)
        for number, page in enumerate(parts, 2)
        if len(parts) > 1
    ]
    return pdf.pdf(map, svg, options.page_size(), None, branches, handout)


def _on_a_sheet(cards: tuple[Card, ...], room: float) -> int:
    """Return how many claims fit on a sheet of that many square points so that they can be read."""
    each = sum((card.width + 24) * (card.height + 40) for card in cards) / max(1, len(cards))
    fitting = _FILLED * room / LEGIBLE**2 / max(1, each)
    return max(4, int(fitting), len(cards) // (SHEETS // 2))


def _branch(
    page: Page,
    number: int,
    cards: tuple[Card, ...],
    corners: Mapping[str, Point],
    overlay: Overlay,
    options: Options,
    deadline: float,
) -> Branch:
    """Draw one sheet of several, and say where it stands in the whole: at which `corners` of cards."""
    own = {card.claim.id for card in cards} & {claim.id for claim in page.map.claims}
    notes = {
        id: overlay.get(id, NO_NOTE)._replace(see=page.see.get(id, ()))
        for id in own
        if id in overlay or id in page.see
    }
    part = page.map.replace(title="", article=None)
    shown = with_notes((card for card in cards if card.claim.id in own), notes)
    svg = write_svg(part, arrange(part, shown, options, deadline=deadline), options, plain=True)
    return Branch(number, page, svg, tuple(corners[id] for id in page.marks))


def lay_out(
    map: ArgumentMap,
    options: Options = _DEFAULT,
    *,
    overlay: Overlay = NO_OVERLAY,
    deadline: float = engine.DEADLINE,
) -> Layout:
    """Find the places that `draw` gives to the claims and lines of a map. Raises what `draw` does."""
    map, overlay = _shown(map, options, overlay)
    return arrange(map, cards_of(map, overlay, options), options, deadline=deadline)


def part_of(map: ArgumentMap, part: Part) -> ArgumentMap:
    """Return the part of a map that is asked for. Raises NotFound for a focus that the map does not have."""
    shown = without(map, part.hide.split(",")) if part.hide else map
    return shown if part.focus is None else _near(shown, map, part, part.focus)


def _near(shown: ArgumentMap, map: ArgumentMap, part: Part, focus: str) -> ArgumentMap:
    """Return what is near a claim of what is shown of a map; say which of both lacks the claim."""
    if map.claim(focus) is not None and shown.claim(focus) is None:
        raise NotFound(
            f"claim {focus} is hidden or folded away, and so nothing to focus on", "focus"
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
    *,
    deadline: float = engine.DEADLINE,
) -> Layout:
    """Find a place for the cards of a map and the lines between them.

    A layout for a page may set the claims on cards of other widths. Where the layout is left open, large maps are
    laid out for a page, and so is a map that Graphviz cannot lay out in time.
    """
    trees = forest(map, options.sides)
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
    height = max(height // 2, height - around)
    return arrange_on_page(map, cards, trees, width, height)


def ready() -> None:
    """Return when a picture can be drawn; raise EngineUnavailable or EngineTimeout when none can.

    The first call also loads the typeface and the layout engine, so that the first picture does not wait for them.
    """
    claim = Claim(id="c1", kind=ClaimKind.THESIS, text="Ready")
    draw(ArgumentMap(claims=(claim,)), Options(layout=Arrangement.LAYERED), deadline=_READY_SECONDS)
