"""No ink of a text lies outside its card, in the browser, in a PNG and on paper, in every theme.

Ink is measured on pictures: what a browser says of a text's box leaves out marks that are stacked, and what is cut.
"""

import base64
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import fontpkg_inter
import pytest
from playwright.sync_api import Browser, Page

from argmap import picture
from argmap.model import ArgumentMap, Article, Claim, ClaimKind, Relation, Scheme, Source
from argmap.picture import Note, Options, Theme, text
from argmap.picture.cards import TAG, Block
from argmap.picture.export import pdf, png
from argmap.picture.export.sheets import EDGE
from argmap.picture.layout import Layout
from argmap.picture.svg.document import _LEAST_WIDTH, MARGIN, footing, heading, write_svg
from argmap.picture.theme import STYLES
from tests.support.naughty import NAUGHTY, one_line

pytestmark = pytest.mark.xdist_group("browser")

SOMEWHERE = "https://example.org/report"
_FONT = Path(fontpkg_inter.ROOT) / "files" / "Inter[opsz,wght].ttf"
INTER = f"data:font/ttf;base64,{base64.b64encode(_FONT.read_bytes()).decode()}"
SCALE = 1.5  # pixels of a point
BORDER = 2  # points that belong to a card's border

# Boxes of pixels that differ between two pictures and lie outside all cards; cards in points.
STRAY = """
async ([one, other, cards, scale]) => {
    const [a, b] = await Promise.all([one, other].map(async data => {
        const image = new Image();
        image.src = `data:image/png;base64,${data}`;
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height);
        const context = canvas.getContext('2d');
        context.drawImage(image, 0, 0);
        return context.getImageData(0, 0, image.width, image.height);
    }));
    const inside = new Uint8Array(a.width * a.height);
    for (const [x, y, w, h] of cards)
        for (let row = Math.floor(y * scale); row < (y + h) * scale; row++)
            inside.fill(1, row * a.width + Math.floor(x * scale), row * a.width + Math.ceil((x + w) * scale));
    const stray = [];
    let ink = 0;
    for (let place = 0; place < inside.length; place++) {
        const differs = [0, 1, 2].some(c => Math.abs(a.data[4 * place + c] - b.data[4 * place + c]) > 24);
        ink += differs;
        if (differs && !inside[place])
            stray.push([place % a.width / scale, Math.floor(place / a.width) / scale]);
    }
    return [a.width === b.width && a.height === b.height, ink, stray];
}
"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    return browser.new_page(device_scale_factor=SCALE)


def crowded() -> ArgumentMap:
    """Every text on a card, and in turns as its label, speaker and source too."""
    claims = []
    for number, words in enumerate(NAUGHTY):
        url = SOMEWHERE if number % 2 else None
        more = (
            {"label": one_line(words, 120)},
            {"speaker": one_line(words, 200)},
            {"source": Source(title=one_line(words, 300), url=url)},
        )[number % 3]
        id = f"c{number}" if number % 5 else f"c{number}-{'W' * 40}"
        kind = list(ClaimKind)[number % 4]
        claims.append(Claim(id=id, kind=kind, text=words, implicit=number % 2 == 0, **more))
    return ArgumentMap(claims=tuple(claims))


def every_kind() -> ArgumentMap:
    """Every text on a card of every kind, as its label, speaker and source too; stacked marks above and below."""
    claims = [
        Claim(
            id=f"{kind}{number}",
            kind=kind,
            text=words,
            label=one_line(words, 120),
            speaker=one_line(words, 200),
            source=Source(title=one_line(words, 300)),
            implicit=number % 2 == 0,
        )
        for kind in ClaimKind
        for number, words in enumerate(NAUGHTY)
    ]
    return ArgumentMap(claims=tuple(claims))


def stacked() -> ArgumentMap:
    """Marks stacked on the letters of all that stands on no card: the title, the article below it, a scheme."""
    stack = "".join(letter + "\u0301\u0489\u034e\u0324" * 12 for letter in "Stacked marks") * 2
    claims = (
        Claim(id="c1", kind="thesis", text="A thesis"),
        Claim(id="c2", kind="premise", text="A reason"),
    )
    step = Relation(
        id="r1",
        kind="supports",
        sources=("c2",),
        target="c1",
        scheme=Scheme(key="other", name=stack[:100]),
    )
    article = Article(title=stack[:300])
    return ArgumentMap(title=stack[:200], article=article, claims=claims, relations=(step,))


OPTIONS = Options(layout="page", page="1400x900", numbers=True)
NOTES = {
    claim.id: Note(strength=1, marks=(claim.label,) if claim.label else (), folded=2_999)
    for claim in crowded().claims
}
MAPS = {"crowded": (crowded, NOTES), "every kind": (every_kind, {}), "stacked": (stacked, {})}


@pytest.fixture(scope="module")
def drawn() -> Callable[[str], tuple[ArgumentMap, Layout]]:
    """A map by its name, and its layout."""

    @cache
    def lay_out(name: str) -> tuple[ArgumentMap, Layout]:
        make, notes = MAPS[name]
        map = make()
        return map, picture.lay_out(map, OPTIONS, overlay=notes)

    return lay_out


def in_the_browser(page: Page, svg: str) -> bytes:
    page.set_content(f"<style>body{{margin:0}}.argmap{{zoom:.75}}</style>{svg}")
    return page.screenshot(full_page=True)


def in_a_browser_with_inter(page: Page, svg: str) -> bytes:
    face = f"@font-face{{font-family:Inter;font-weight:100 900;src:url({INTER})}}"
    page.set_content(
        f"<style>{face}body{{margin:0}}.argmap{{zoom:.75}}</style>{svg}", wait_until="load"
    )
    assert page.evaluate("document.fonts.load('700 20px Inter').then(found => found.length)") == 1
    page.evaluate("document.fonts.ready")
    return page.screenshot(full_page=True)


def as_png(_: Page, svg: str) -> bytes:
    return png.png(svg, SCALE * 0.75)


def on_paper(_: Page, svg: str) -> bytes:
    """The first page of a PDF that has the size of the picture."""
    if not shutil.which("pdftoppm"):
        pytest.skip("no pdftoppm here (apt install poppler-utils): ink on paper NOT TESTED")
    width, height = (float(number) for number in png._SIZE.findall(svg[:1_000])[:2])
    sheet = (round(width) + 2 * EDGE, round(height) + 2 * EDGE)
    made = pdf.pdf(ArgumentMap(), svg, sheet, None, (), False)
    command = ["pdftoppm", "-png", "-r", f"{72 * SCALE}", "-"]
    return subprocess.run(command, input=made, capture_output=True, check=True).stdout


MEDIA = {
    "browser with Inter": (in_a_browser_with_inter, False, 0),
    "browser": (in_the_browser, False, 0),
    "png": (as_png, True, 0),
    "paper": (on_paper, True, EDGE),
}


# A theme changes colours alone, as another test shows, so that converters are asked for one.
CASES = [("crowded", "browser", theme) for theme in Theme] + [
    ("crowded", "browser with Inter", Theme.LIGHT),
    ("crowded", "png", Theme.DARK),
    ("crowded", "paper", Theme.LIGHT),
    ("every kind", "browser", Theme.LIGHT),
    ("stacked", "browser", Theme.LIGHT),
    ("stacked", "browser with Inter", Theme.LIGHT),
    ("stacked", "png", Theme.LIGHT),
]


@pytest.mark.parametrize(("name", "medium", "theme"), CASES)
def test_no_ink_of_a_text_lies_outside_its_card(page, drawn, name, medium, theme):
    shown, plain, margin = MEDIA[medium]
    map, layout = drawn(name)
    svg = write_svg(map, layout, OPTIONS.model_copy(update={"theme": theme}), plain)
    pictures = [shown(page, svg), shown(page, WORDS.sub("", svg))]
    assert stray(page, boxes(map, layout, margin), pictures) == []


def test_a_page_that_styles_every_svg_moves_no_text_off_its_card(page, drawn):
    map, layout = drawn("crowded")
    svg = write_svg(map, layout, OPTIONS)
    style = "<style>svg{display:block;overflow:visible}</style>"
    pictures = [in_the_browser(page, style + picture) for picture in (svg, WORDS.sub("", svg))]
    assert stray(page, boxes(map, layout, 0), pictures) == []


def test_ink_outside_a_card_is_noticed(page, drawn):
    map, layout = drawn("crowded")
    svg = write_svg(map, layout, OPTIONS)
    moved = svg.replace('<svg role="none" x="4"', '<svg role="none" x="-30"', 9)
    pictures = [in_the_browser(page, moved), in_the_browser(page, WORDS.sub("", svg))]
    assert stray(page, boxes(map, layout, 0), pictures)


WORDS = re.compile("<text.*?</text>")
Box = tuple[float, float, float, float]  # x, y, width and height in points


def boxes(map: ArgumentMap, layout: Layout, margin: float) -> list[Box]:
    """Return where text may be: on cards, inside their borders, and in the lines of what stands on none."""
    room = max(layout.width, _LEAST_WIDTH)
    head, above = heading(map, room)
    foot, _ = footing(map, room, round(layout.height))
    left, top = MARGIN + margin, MARGIN + margin + above
    inside = []
    for at in layout.cards:
        x, y = left + at.x + BORDER, top + at.y - TAG - 1
        inside.append((x, y, at.card.width - 2 * BORDER, at.card.height + TAG + 1 - BORDER))
    for small in layout.references:
        wide, high = small.reference.width, small.reference.height
        inside.append((left + small.x, top + small.y, wide, high))
    headings = []
    for ground in layout.grounds:
        if ground.label:
            line = [(ground.label, text.width(ground.label, STYLES["heading"]))]
            y = round(ground.y) + 5 + STYLES["heading"].baseline
            headings.append(Block("heading", round(ground.x) + 9, y, 0, line))
    for block in [*head, *foot, *headings]:
        style = STYLES[block.role]
        wide, high = max(wide for _, wide in block.lines), style.leading * len(block.lines)
        x, y = left + block.x - BORDER, top + block.y - style.baseline - BORDER
        inside.append((x, y, wide + 2 * BORDER + 1, high + 2 * BORDER))
    return inside


def stray(page: Page, inside: list[Box], pictures: list[bytes]) -> list[list[float]]:
    """Return the places, in points, where pictures with and without text differ outside all boxes."""
    data = [base64.b64encode(picture).decode() for picture in pictures]
    same_size, ink, places = page.evaluate(STRAY, [*data, inside, SCALE])
    assert same_size
    assert ink > 400, "text was really compared"
    return places
