"""What a browser makes of the picture, on a machine that has no Inter."""

import json
import re
import shutil
import subprocess

import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given, settings
from playwright.sync_api import Browser, Page

from argmap import formats, picture
from argmap.model import ArgumentMap, Article, Claim, Relation, RelationKind, Scheme, Source
from argmap.picture import Note, Options, Theme
from argmap.picture.cards import with_links
from argmap.picture.reading import reading
from argmap.picture.theme import PALETTES, STYLES
from tests.support.naughty import NAUGHTY
from tests.support.strategies import HOSTILE, maps

pytestmark = pytest.mark.xdist_group("browser")

_PLAIN = Options()


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    return browser.new_page()


def installed(families: set[str]) -> set[str]:
    """Return which families of fonts are installed; none is known where fontconfig is not."""
    if not shutil.which("fc-list"):
        return set()
    listed = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=True)
    return families & set(listed.stdout.replace(",", "\n").splitlines())


def test_the_stand_in_for_inter_is_as_wide_as_inter(page):
    """Then fitting moves letters by so little that nobody sees it."""
    if not installed({"Helvetica Neue", "Arial", "Liberation Sans", "Arimo"}):
        pytest.skip("none of the fonts that stand in for Inter is here: NOT TESTED with one")
    map = ArgumentMap(
        claims=tuple(
            Claim(id=f"c{n}", kind="premise", text=NAUGHTY[len(HOSTILE)]) for n in range(1)
        )
    )
    page.set_content(picture.draw(map))
    ratios = page.evaluate(
        """() => [...document.querySelectorAll('.text')].map(text => {
            const fitted = Number(text.getAttribute('textLength'));
            text.removeAttribute('textLength');
            return text.getComputedTextLength() / fitted;
        })"""
    )
    assert len(ratios) >= 2
    assert all(0.93 < ratio < 1.07 for ratio in ratios), ratios


def test_no_script_runs_whatever_a_claim_says(page):
    claims = tuple(
        Claim(id=f"c{n}", kind="evidence", text=words, source=Source(url="https://x/" + "\"'><b"))
        for n, words in enumerate(
            (
                "<script>window.hit=1</script>",
                "</text></svg><img src=x onerror=window.hit=1>",
                "]]></style><script>window.hit=1</script>",
            )
        )
    )
    svg = picture.draw(ArgumentMap(claims=claims, title="<img src=x onerror=window.hit=1>"))
    page.set_content(f"{svg}<img src=x onerror=window.later=1>")
    page.wait_for_function("window.later")  # by then an earlier one would have been run
    assert page.evaluate("window.hit") is None
    for script in ("<svg><script>window.hit=1</script></svg>", "<img src=x onerror=window.hit=1>"):
        page.set_content(script)
        page.wait_for_function("window.hit")  # the test can notice a script
        page.evaluate("delete window.hit")


def test_two_maps_on_a_page_do_not_share_ids_and_leave_the_page_alone(page):
    map = debate().replace(claims=debate().claims[:3], relations=())
    svgs = [picture.draw(map, Options(id_prefix=prefix)) for prefix in ("a-", "b-")]
    page.set_content(f"<p class='text'>page</p>{''.join(svgs)}")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids)) == 10
    assert page.evaluate("getComputedStyle(document.querySelector('p')).fontSize") == "16px"


def debate() -> ArgumentMap:
    def relation(id: str, kind: str, sources: str, target: str) -> Relation:
        return Relation(id=id, kind=kind, sources=tuple(sources.split()), target=target)

    return ArgumentMap(
        title="A debate",
        claims=(
            Claim(id="c4", kind="evidence", text="A figure", speaker="A. Speaker"),
            Claim(id="c1", kind="thesis", text="A thesis"),
            Claim(id="c2", kind="premise", text="A reason"),
            Claim(id="c3", kind="premise", text="What nobody says", implicit=True),
            Claim(id="c5", kind="rebuttal", text="An objection", label="Not so"),
            Claim(
                id="c6",
                kind="evidence",
                text="Another figure",
                source=Source(title="A report", url="https://example.org/report"),
            ),
        ),
        relations=(
            relation("r1", "supports", "c2 c3", "c1"),
            relation("r2", "supports", "c4", "c2"),
            relation("r3", "attacks", "c5", "r2"),
            relation("r4", "restates", "c6", "c1"),
        ),
    )


NAMES = [
    "Thesis c1: A thesis; supported by c2 and c3; restated by c6",
    "Evidence c6, restating thesis c1: Another figure",
    "Premise c2, together with c3 supporting thesis c1: A reason; supported by c4",
    "Evidence c4, supporting premise c2: A figure, said by A. Speaker",
    "Rebuttal c5, attacking the step from c4 to c2: Not so: An objection",
    "Implicit premise c3, together with c2 supporting thesis c1: What nobody says",
]


@pytest.mark.parametrize("layout", ["layered", "page"])
def test_claims_are_reached_by_keyboard_in_reading_order_with_their_names(page, layout):
    page.set_content(picture.draw(debate(), Options(layout=layout)))
    reached = []
    for _ in range(7):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "document.activeElement.getAttribute('aria-label') || document.activeElement.textContent"
            )
        )
    assert reached == [*NAMES[:2], "—\u00a0“A report”", *NAMES[2:]]


def test_the_accessibility_tree_has_every_claim_and_relation(page):
    page.set_content(picture.draw(debate()))
    tree = page.locator(".argmap").aria_snapshot()
    for name in NAMES:
        assert f'group "{name}"' in tree
    for name in (
        "c2 and c3 together support thesis c1",
        "c4 supports premise c2",
        "c5 attacks the step from c4 to c2",
        "c6 restates thesis c1",
    ):
        assert f'img "{name}"' in tree
    assert '"A debate' in tree


def named(page: Page, map: ArgumentMap, options: Options) -> dict[str, list[str]]:
    """Return the names that the aria snapshot of a map's picture has, by role, in order."""
    page.set_content(picture.draw(map, options))
    found: dict[str, list[str]] = {}
    for line in page.locator(".argmap").aria_snapshot().split("\n"):
        entry = line.strip().removeprefix("- ").removesuffix(":")
        if entry.startswith("'"):  # as YAML quotes it
            entry = entry[1:-1].replace("''", "'")
        if match := re.match(r'(\w+) ("(?:[^"\\]|\\.)*")', entry):
            found.setdefault(match[1], []).append(_told(json.loads(match[2])))
    return found


def check_names(page: Page, map: ArgumentMap, options: Options = _PLAIN) -> None:
    """Check that all claims, in reading order, and all relations have a name that says what they are."""
    found = named(page, map, options)
    words = reading(map)
    groups, images = found.get("group", []), found.get("img", [])
    assert groups == [_told(words.names[claim.id]) for claim in words.claims]
    assert sorted(images) == sorted(_told(words.names[relation.id]) for relation in map.relations)
    assert {claim.id for claim in words.claims} == {claim.id for claim in map.claims}
    for claim, name in zip(words.claims, groups, strict=True):
        assert re.match(rf"(Implicit )?{claim.kind} {claim.id}(?![\w-])", name, re.IGNORECASE)
        assert _told(claim.text) in name
        assert claim.speaker is None or _told(claim.speaker) in name
        for relation in map.relations:
            if claim.id in relation.sources:
                assert re.search(rf"(ing|together with .* {DOING[relation.kind]}) ", name)
    for relation in map.relations:
        name = _told(words.names[relation.id])
        assert all(re.search(rf"(?<![\w-]){id}(?![\w-])", name) for id in relation.sources)
        ends = [relation.target] if map.claim(relation.target) else []
        ends += map.relation(relation.target).sources if not ends else []  # never the id of a step
        assert all(re.search(rf"(?<![\w-]){id}(?![\w-])", name) for id in ends)


DOING = {"supports": "supporting", "attacks": "attacking", "restates": "restating"}


def _told(name: str) -> str:
    """Return a name as snapshots have it: every blank as one space, nothing that is not seen, no marks of direction."""
    return " ".join(re.sub("[\u200b\u00ad\u202a-\u202e\u2066-\u2069]", "", name).split())


@settings(max_examples=15)
@given(map=maps(min_claims=1, max_claims=7, max_relations=9))
def test_every_claim_and_relation_of_any_map_is_in_the_accessibility_tree(page, map):
    check_names(page, map)


@pytest.mark.parametrize("layout", ["layered", "page"])
@pytest.mark.parametrize("name", ["old-enough-at-sixteen", "military-to-mexico"])
def test_every_claim_and_relation_of_an_example_is_in_the_accessibility_tree(
    page, root, name, layout
):
    map = formats.load((root / "examples" / f"{name}.json").read_bytes()).map
    check_names(page, map, Options(layout=layout))


def test_undercuts_of_undercuts_and_linked_premises_are_named(page):
    map = ArgumentMap(
        claims=tuple(
            Claim(id=f"c{n}", kind=kind, text=f"text {n}")
            for n, kind in enumerate(["thesis", "premise", "premise", "rebuttal", "rebuttal"], 1)
        ),
        relations=(
            Relation(id="r1", kind="supports", sources=("c2", "c3"), target="c1"),
            Relation(id="r2", kind="attacks", sources=("c4",), target="r1"),
            Relation(id="r3", kind="attacks", sources=("c5",), target="r2"),
        ),
    )
    check_names(page, map)
    found = named(page, map, _PLAIN)
    assert "Rebuttal c4, attacking the step from c2 and c3 to c1: text 4" in found["group"]
    assert "c5 attacks the step from c4 to the step from c2 and c3" in found["img"]


@pytest.mark.parametrize("theme", list(Theme))
def test_axe_finds_nothing(page, theme):
    svg = with_everything(theme)
    ground = "#14181f" if theme == "dark" else "#ffffff"
    frame = f"<html lang=en><title>t</title><body style='background:{ground}'><main><h1>t</h1>"
    page.set_content(frame + svg)
    assert axe(page) == []
    page.set_content(frame + svg.replace('role="group"', 'role="gruppe"'))
    assert axe(page) != [], "axe can find something"


# For every text and line: its class, its colour and the ground that it is on, as the browser paints them.
COLORS = """
() => [...document.querySelectorAll('.argmap text, .argmap .line, .argmap .head, .argmap .card, .argmap .measure')]
    .map(shape => {
        const style = getComputedStyle(shape);
        const card = shape.matches('.card') ? null : shape.closest('.claim')?.querySelector('.card');
        const line = shape.matches('.line, .card');
        const ground = getComputedStyle(card ?? document.querySelector('.ground')).fill;
        let opacity = line ? Number(style.strokeOpacity) : Number(style.fillOpacity);
        for (let part = shape; part.matches('.argmap *'); part = part.parentElement)
            opacity *= Number(getComputedStyle(part).opacity);
        return [shape.getAttribute('class'), line ? style.stroke : style.fill, opacity, ground];
    })
"""


def with_everything(theme: Theme) -> str:
    """A picture with every kind of text and line that there is."""
    map = debate()
    relations = tuple(
        relation.replace(scheme=Scheme(key="sign"), implicit=True) for relation in map.relations
    )
    map = map.replace(relations=relations, article=Article(title="An article"))
    notes = {
        claim.id: Note(0.5, ("vague",), emphasis, 2)
        for claim, emphasis in zip(map.claims, ("", "faded") * 3, strict=True)
    }
    options = Options(theme=theme, legend=True, numbers=True, focus="c1", depth=9)
    links = {"c5": ((RelationKind.ATTACKS, "→ attacks c2"),), "c6": ((RelationKind.SUPPORTS, "→"),)}
    cards = tuple(with_links(card, links) for card in picture.cards_of(map, notes, options))
    return picture.write_svg(map, picture.arrange(map, cards, options), options, version=3)


def contrasts(page: Page) -> dict[str, float]:
    """Return the least contrast of every class of text and line in a picture, as WCAG 2.2 defines it."""
    least: dict[str, float] = {}
    for name, color, opacity, ground in page.evaluate(COLORS):
        over, under = (
            [int(part) for part in re.findall(r"\d+", found)[:3]] for found in (color, ground)
        )
        mixed = [opacity * a + (1 - opacity) * b for a, b in zip(over, under, strict=True)]
        lights = sorted(luminance(parts) + 0.05 for parts in (mixed, under))
        least[name] = min(least.get(name, 99), lights[1] / lights[0])
    return least


def luminance(parts: list[float]) -> float:
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (p / 255 for p in parts)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


MEDIA = [(theme, scheme, "none") for theme in Theme for scheme in ("light", "dark")]
FORCED = [(Theme.LIGHT, scheme, "active") for scheme in ("light", "dark")]


@pytest.mark.parametrize(("theme", "scheme", "forced"), MEDIA + FORCED)
def test_every_text_and_line_can_be_seen_on_its_ground(page, theme, scheme, forced):
    page.emulate_media(color_scheme=scheme, forced_colors=forced)
    page.set_content(with_everything(theme))
    found = contrasts(page)
    assert set(found) == {
        *(STYLES.keys() - {"heading"}),
        *("line", "head", "card", "measure", "link attacks", "link supports"),
    }, "there is one of each"
    assert {
        name: least for name, least in found.items() if name.split()[0] in STYLES and least < 4.5
    } == {}
    assert {name: least for name, least in found.items() if least < 3} == {}
    if forced == "active":
        assert min(found.values()) > 7, "the system's own colours"
    page.emulate_media(color_scheme="light", forced_colors="none")


def test_colours_of_a_page_replace_those_of_a_theme(page):
    for theme in Theme:
        page.set_content(
            "<style>.own{--argmap-text:#123456;--argmap-premise-card:#fedcba;--argmap-attacks:#abcdef}"
            f"</style><div class=own>{picture.draw(debate(), Options(theme=theme))}</div>"
        )
        for selector, property, color in (
            (".text", "fill", "rgb(18, 52, 86)"),
            (".premise .card", "fill", "rgb(254, 220, 186)"),
            (".attacks .line", "stroke", "rgb(171, 205, 239)"),
        ):
            style = f"getComputedStyle(document.querySelector('{selector}')).{property}"
            assert page.evaluate(style) == color


def test_every_colour_that_a_page_can_set_is_documented(root):
    told = (root / "docs" / "svg.md").read_text(encoding="utf-8")
    for name in PALETTES[Theme.LIGHT].colors:
        assert f"`--argmap-{name}`" in told


def axe(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{item['id']}: {node['html'][:200]}" for item in found for node in item["nodes"]]
