"""What can be asked of a picture: themes, a page, a focus, a legend, and what happens to maps that are too large."""

import re
import subprocess
import sys

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from argmap import picture
from argmap.errors import EngineTimeout, NotFound, PictureTooLarge
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind
from argmap.picture import Arrangement, Note, Options, Theme, engine, excerpt
from argmap.picture.revision import REVISION, revision
from argmap.picture.theme import PALETTES
from tests.support.strategies import maps


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_the_standard_says():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", list(PALETTES))
def test_every_text_can_be_read_on_its_ground_in_every_theme(theme):
    colors = PALETTES[theme].colors
    grounds = [colors["ground"], *(colors[f"{kind}-card"] for kind in ClaimKind)]
    for ground in grounds:
        assert contrast(colors["text"], ground) >= 7
        assert contrast(colors["muted"], ground) >= 4.5
    for kind in ClaimKind:
        assert contrast(colors[kind], colors[f"{kind}-card"]) >= 4.5
        assert contrast(colors[kind], colors["ground"]) >= 3, "the outline of a card"
        assert contrast(colors["attacks"], colors[f"{kind}-card"]) >= 4.5, "a mark on a card"
    for kind in RelationKind:
        assert contrast(colors[kind], colors["ground"]) >= 4.5


@pytest.mark.parametrize("theme", list(Theme))
def test_a_theme_changes_colours_and_nothing_else(theme):
    map = small()
    layout = picture.lay_out(map)
    style = re.compile("<style>.*</style>")
    for plain in (False, True):
        light, themed = (
            picture.write_svg(map, layout, Options(theme=name), plain)
            for name in (Theme.LIGHT, theme)
        )
        assert style.sub("", light) == style.sub("", themed)
        assert (light == themed) is (theme is Theme.LIGHT or (plain and theme is Theme.AUTO))


def test_the_automatic_theme_holds_light_and_dark():
    sheet = picture.style_sheet(Theme.AUTO)
    assert "prefers-color-scheme:dark" in sheet
    assert PALETTES[Theme.DARK].colors["ground"] in sheet
    assert PALETTES[Theme.LIGHT].colors["thesis"] in sheet


def test_every_rule_of_every_theme_keeps_to_the_picture():
    for theme in Theme:
        sheet = re.sub(r"@font-face\{[^}]*\}", "", picture.style_sheet(theme))
        sheet = re.sub(r"@media(?: screen and )?\([a-z:-]+\)\{(.*?\})\}", r"\1", sheet)
        for selectors in re.findall(r"([^{}]+)\{", sheet):
            assert all(selector.startswith(".argmap") for selector in selectors.split(",")), (
                selectors
            )


@settings(max_examples=40)
@given(map=maps(), legend=st.booleans(), noted=st.booleans(), plain=st.booleans())
def test_a_picture_has_the_rules_of_its_classes_and_no_others(map, legend, noted, plain):
    options = Options(legend=legend)
    notes = {claim.id: Note(strength=0.5, marks=("weak",)) for claim in map.claims if noted}
    layout = picture.lay_out(map, options, overlay=notes)
    svg = picture.write_svg(map, layout, options, plain, version=1)
    (style,) = re.findall("<style>(.*)</style>", svg)
    own, every = rules(style), rules(picture.style_sheet(plain=plain))
    drawn = set(" ".join(re.findall('class="([^"]*)"', svg)).split())
    drawn |= {"claim", "focus", "highlighted", "faded"}  # which a page may add later on
    assert own <= every
    assert all(classes_in(selector) - drawn for selector, _ in every - own)
    drawn |= {"card", "inner", "line", "head", "kind", "id", "text"}  # of no use in few pictures
    drawn |= {"premise", "supports"} if legend else set()
    assert all(classes_in(selector) <= drawn for selector, _ in own)


def rules(sheet: str) -> set[tuple[str, str]]:
    """Return each selector of a style sheet with its body."""
    found = re.findall(r"([^{}]+)\{([^{}]*)\}", sheet)
    return {(selector, body) for selectors, body in found for selector in selectors.split(",")}


def classes_in(selector: str) -> set[str]:
    return set(re.findall(r"\.([a-z]+)", selector))


def test_a_plain_style_sheet_has_no_custom_properties():
    for theme in Theme:
        assert "var(" not in picture.style_sheet(theme, plain=True)


@pytest.mark.parametrize("page", ["A5", "10x", "0x500", "800x600x3", "800X600", "9x9", "<b>"])
def test_a_page_that_is_none_is_refused(page):
    with pytest.raises(ValidationError, match=r"800x600|20 characters"):
        Options(page=page)


def test_pages_have_their_sizes():
    assert Options().page_size() == (842, 595)
    assert Options(page="800x600").page_size() == (800, 600)


def test_a_wide_page_gets_a_wider_map_than_a_high_one():
    map = ArgumentMap(
        claims=tuple(
            Claim(id=f"c{n}", kind="premise", text="Reasons that need a few lines on their card.")
            for n in range(1, 30)
        ),
        relations=tuple(
            Relation(id=f"r{n}", kind="supports", sources=(f"c{n}",), target=f"c{n // 3 + 1}")
            for n in range(2, 30)
        ),
    )
    shapes = []
    for page in ("1600x400", "400x1600"):
        options = Options(layout="page", page=page)
        layout = picture.arrange(map, picture.cards_of(map), options)
        shapes.append(layout.width / layout.height)
    assert shapes[0] > 2 > 0.5 > shapes[1]


@settings(max_examples=30)
@given(map=maps(min_claims=1, max_claims=8, max_relations=10, rich=False))
def test_a_focus_keeps_whole_relations_and_what_is_near(map):
    focused = map.claims[0].id
    sizes = []
    for depth in (1, 2, 20):
        part = excerpt.near(map, focused, depth)
        assert part.claim(focused)
        assert set(part.relations) <= set(map.relations)
        sizes.append(len(part.claims))
    assert sizes == sorted(sizes)
    direct = {
        end
        for r in map.relations
        if focused in r.sources or r.target == focused
        for end in (*r.sources, r.target)
    }
    near = {claim.id for claim in excerpt.near(map, focused, 1).claims}
    assert near == {end for end in direct if map.claim(end)} | {focused}


def test_a_focus_that_the_map_does_not_have_is_said():
    with pytest.raises(NotFound, match="c99"):
        picture.draw(small(), Options(focus="c99"))


def test_a_focus_is_marked():
    svg = picture.draw(small(), Options(focus="c2", depth=1))
    assert 'class="claim premise focus"' in svg


def family() -> ArgumentMap:
    def relation(id: str, sources: str, target: str, kind: str = "supports") -> Relation:
        return Relation(id=id, kind=kind, sources=tuple(sources.split()), target=target)

    kinds = ("thesis", "premise", "evidence", "evidence", "rebuttal", "premise")
    return ArgumentMap(
        claims=tuple(Claim(id=f"c{n}", kind=k, text="x") for n, k in enumerate(kinds, 1)),
        relations=(
            relation("r1", "c2 c6", "c1"),
            relation("r2", "c3", "c2"),
            relation("r3", "c4", "c3"),
            relation("r4", "c5", "r2", "attacks"),
            relation("r5", "c4", "c6"),
        ),
    )


def test_folded_claims_say_how_many_claims_are_not_drawn_below_them():
    svg = picture.draw(family(), Options(fold="c2"))
    assert set(re.findall(r'data-claim="([^"]*)"', svg)) == {"c1", "c2", "c4", "c6"}
    assert set(re.findall(r'data-relation="([^"]*)"', svg)) == {"r1", "r5"}
    assert ">+ 2 more claims below<" in svg
    assert svg.count("more claims below") == 2, "on the card and in its name"


def test_a_claim_below_a_folded_one_can_be_folded_too():
    svg = picture.draw(family(), Options(fold="c2,c3"))
    assert set(re.findall(r'data-claim="([^"]*)"', svg)) == {"c1", "c2", "c4", "c6"}


def test_a_fold_that_the_map_does_not_have_is_said():
    with pytest.raises(NotFound, match="c99"):
        picture.draw(family(), Options(fold="c2,c99"))


def test_a_focus_that_is_hidden_or_folded_away_is_said_to_be_so():
    for options in (
        Options(focus="c4", hide="premise,evidence,rebuttal"),
        Options(focus="c3", fold="c2"),
    ):
        with pytest.raises(NotFound, match="hidden or folded away"):
            picture.draw(family(), options)


def test_what_is_hidden_needs_no_folding():
    hidden = picture.draw(family(), Options(hide="premise"))
    assert picture.draw(family(), Options(hide="premise", fold="c2")) == hidden


def test_kinds_can_be_left_out_with_what_hangs_on_them():
    svg = picture.draw(family(), Options(hide="evidence,rebuttal"))
    assert set(re.findall(r'data-claim="([^"]*)"', svg)) == {"c1", "c2", "c6"}
    assert set(re.findall(r'data-relation="([^"]*)"', svg)) == {"r1"}


@pytest.mark.parametrize("kinds", ["evidences", "evidence,", ",", "evidence rebuttal"])
def test_kinds_that_are_none_are_refused(kinds):
    with pytest.raises(ValidationError):
        Options(hide=kinds)


@settings(max_examples=30)
@given(map=maps(min_claims=1, max_claims=8, max_relations=10, rich=False))
def test_whatever_is_folded_or_hidden_leaves_a_map_that_can_be_drawn(map):
    part, counts = excerpt.folded(map, [map.claims[0].id, map.claims[-1].id])
    assert {claim.id for claim in part.claims} <= {claim.id for claim in map.claims}
    assert len(part.claims) + max(counts.values(), default=0) <= len(map.claims)
    assert len(part.claims) + sum(counts.values()) >= len(map.claims)
    picture.draw(part, Options(hide="premise"))


def test_a_legend_explains_only_what_the_map_has():
    svg = picture.draw(small(), Options(legend=True))
    assert ">Thesis<" in svg
    assert ">supports<" in svg
    assert ">attacks<" not in svg
    assert ">Evidence<" not in svg
    assert ">about a step<" not in svg
    assert picture.draw(ArgumentMap(), Options(legend=True))


def test_a_legend_explains_arrows_that_end_on_arrows():
    claims = [Claim(id=f"c{n}", kind=ClaimKind.PREMISE, text="Words.") for n in (1, 2, 3)]
    relations = (
        Relation(id="r1", kind="supports", sources=("c2",), target="c1"),
        Relation(id="r2", kind="attacks", sources=("c3",), target="r1"),
    )
    map = ArgumentMap(claims=tuple(claims), relations=relations)
    assert ">about a step<" in picture.draw(map, Options(legend=True))


def test_the_revision_changes_with_the_engine_and_is_the_same_in_every_process(monkeypatch):
    told = subprocess.run(
        [sys.executable, "-c", "from argmap.picture.revision import REVISION; print(REVISION)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == REVISION == revision()
    monkeypatch.setenv("ARGMAP_LAYOUT_ENGINE", "dot")
    assert revision() != REVISION


def test_numbers_are_those_of_the_outline():
    svg = picture.draw(small(), Options(numbers=True))
    assert ">1 · c1<" in svg
    assert ">1.1 · c2<" in svg


def test_notes_are_shown_on_their_claims_and_said_in_words():
    note = Note(strength=0.625, marks=("no source", "vague <b>"), emphasis="faded")
    svg = picture.draw(small(), overlay={"c2": note, "c99": note})
    root = fromstring(svg)
    (group,) = (
        g for g in root.iter("{http://www.w3.org/2000/svg}g") if g.get("data-claim") == "c2"
    )
    assert group.get("class") == "claim premise faded"
    assert (group.get("aria-label") or "").endswith("; strength 62%; no source; vague <b>")
    shown = [text.text for text in group.iter("{http://www.w3.org/2000/svg}text")]
    assert shown[-3:] == ["▲ no source", "▲ vague <b>", "62%"]
    bar, measure = (
        float(rect.get("width", ""))
        for name in ("bar", "measure")
        for rect in group.iter("{http://www.w3.org/2000/svg}rect")
        if rect.get("class") == name
    )
    assert measure / bar == pytest.approx(0.625, abs=0.01)
    assert svg.count("strength 62%") == 1


def test_a_map_with_too_many_claims_is_refused(monkeypatch):
    monkeypatch.setattr(picture, "CLAIMS", 1)
    with pytest.raises(PictureTooLarge, match="1 claims"):
        picture.draw(small())


def test_large_maps_are_laid_out_for_a_page_unless_ranks_are_asked_for(monkeypatch):
    monkeypatch.setattr(picture, "LAYERED_CLAIMS", 1)
    monkeypatch.setattr(engine, "lay_out", broken)
    assert picture.draw(small()) == picture.draw(small(), Options(layout="page"))
    with pytest.raises(EngineTimeout):
        picture.draw(small(), Options(layout=Arrangement.LAYERED))


def test_a_map_that_takes_too_long_in_ranks_is_laid_out_for_a_page(monkeypatch):
    expected = picture.draw(small(), Options(layout="page"))
    monkeypatch.setattr(engine, "lay_out", broken)
    assert picture.draw(small()) == expected


def broken(dot: str, deadline: float) -> bytes:
    raise EngineTimeout(f"the layout took longer than {deadline:g} s")


def small() -> ArgumentMap:
    return ArgumentMap(
        claims=(
            Claim(id="c1", kind="thesis", text="A thesis"),
            Claim(id="c2", kind="premise", text="A reason"),
        ),
        relations=(Relation(id="r1", kind="supports", sources=("c2",), target="c1"),),
    )
