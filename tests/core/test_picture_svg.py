"""The SVG: the contract with frontends, and that no text can break out of it."""

import base64
import io
import random
import re
from xml.etree import ElementTree

import pytest
from defusedxml.ElementTree import fromstring
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from pydantic import ValidationError

from argmap import load, picture
from argmap.model import ArgumentMap, Article, Claim, Quote, Relation, Scheme, Source
from argmap.picture import Options
from argmap.picture.cards import sentence_of
from argmap.picture.reading import words_of
from tests.support.strategies import HOSTILE, maps

SVG = "{http://www.w3.org/2000/svg}"
# All that a picture may consist of: elements with their attributes.
ALLOWED = {
    "svg": {"class", "role", "x", "y", "width", "height", "viewBox", "aria-labelledby"},
    "title": {"id"},
    "desc": {"id"},
    "style": set(),
    "g": {
        *("id", "class", "transform", "data-claim"),
        *("data-relation", "data-sources", "data-target"),
        *("role", "tabindex", "aria-label", "aria-hidden", "data-refers"),
    },
    "rect": {"class", "x", "y", "width", "height", "rx"},
    "path": {"class", "d"},
    "circle": {"class", "cx", "cy", "r"},
    "text": {"class", "x", "y", "textLength", "lengthAdjust", "direction"},
    "a": {"href"},
}


def parsed(svg: str) -> ElementTree.Element:
    """Parse a picture strictly and check it against the allow-list."""
    root = fromstring(svg, forbid_dtd=True)
    for element in root.iter():
        name = element.tag.removeprefix(SVG)
        assert name in ALLOWED, name
        extra = set(element.attrib) - ALLOWED[name]
        assert not extra, (name, extra)
        assert re.match("https?://", element.get("href", "http://"), re.IGNORECASE)
    return root


def words(element: ElementTree.Element, role: str) -> str:
    """Return the text of one role in a card, as one line."""
    return " ".join(t.text or "" for t in element.iter(f"{SVG}text") if t.get("class") == role)


def letters(text: str) -> str:
    """Return a text without white space: a word longer than a line is cut, so that there may be more of it."""
    return "".join(text.split())


@settings(max_examples=40)
@given(map=maps())
def test_every_claim_and_relation_is_there_with_its_id_class_and_words(map):
    root = parsed(picture.draw(map))
    groups = {group.get("id"): group for group in root.iter(f"{SVG}g") if group.get("id")}
    for claim in map.claims:
        group = groups.pop(f"claim-{claim.id}")
        implicit = ["implicit"] if claim.implicit else []
        quoted = ["quoted"] if words_of(claim) != claim.text else []
        found = [name for name in group.get("class", "").split() if name not in {"main", "plain"}]
        assert found == ["claim", claim.kind, *implicit, *quoted]
        assert group.get("data-claim") == claim.id
        assert letters(words(group, "text")) == letters(words_of(claim))
        unsaid = claim.kind == "premise" or "plain" in group.get("class", "").split()
        said = [] if unsaid else [claim.kind.upper()]
        said += ["IMPLICIT"] if claim.implicit else []
        assert words(group, "kind") == (f"· {' · '.join(said)}" if said else "")
        assert letters(claim.speaker or "") in letters("".join(group.itertext()))
        assert letters(words(group, "headline")) == letters(claim.label or "")
    for relation in map.relations:
        group = groups.pop(f"relation-{relation.id}")
        assert group.get("class", "").split()[:2] == ["relation", relation.kind]
        assert group.get("data-relation") == relation.id
        assert group.get("data-sources", "").split() == list(relation.sources)
        assert group.get("data-target") == relation.target
    assert not groups


def test_a_prefix_keeps_the_ids_of_several_maps_on_a_page_apart():
    map = ArgumentMap(
        claims=(
            Claim(id="c1", kind="thesis", text="x"),
            Claim(id="c2", kind="premise", text="y"),
        ),
        relations=(Relation(id="r1", kind="supports", sources=("c2",), target="c1"),),
    )
    ids = set(re.findall(r' id="([^"]*)"', picture.draw(map, Options(id_prefix="left-"))))
    assert ids == {
        "left-title",
        "left-desc",
        "left-claim-c1",
        "left-claim-c2",
        "left-relation-r1",
    }
    root = fromstring(picture.draw(map, Options(id_prefix="left-")))
    assert root.get("aria-labelledby") == "left-title left-desc"


@pytest.mark.parametrize("prefix", ["1x", 'a" onload="alert(1)', "a b", "é", "x" * 65])
def test_a_prefix_that_is_no_id_is_refused(prefix):
    with pytest.raises(ValidationError):
        Options(id_prefix=prefix)


def test_unknown_options_are_refused_by_name():
    with pytest.raises(ValidationError, match="colour"):
        Options(colour="red")


def test_equal_options_have_equal_keys_and_others_do_not():
    assert Options().key() == Options(theme="light").key()
    keys = {Options(direction=side).key() for side in picture.Direction}
    assert len({*keys, Options(id_prefix="a").key()}) == 5


def test_a_picture_has_a_name_and_a_description():
    map = ArgumentMap(
        title="Borders & cartels",
        claims=(Claim(id="c1", kind="thesis", text="x"),),
        article=Article(title="Leading from behind", authors=("A. Writer",)),
    )
    root = parsed(picture.draw(map))
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert title.text == "Borders & cartels"
    assert "A. Writer, “Leading from behind”" in (description.text or "")
    assert "1 claim and 0 relations" in (description.text or "")
    assert root.get("role", "").split()[0] == "graphics-document"
    assert words(root, "title") == "Borders & cartels"
    assert words(root, "citation") == "A. Writer, “Leading from behind”"


def test_a_map_without_anything_is_still_a_picture():
    root = parsed(picture.draw(ArgumentMap()))
    assert float(root.get("width", "").removesuffix("pt")) > 0


def test_nothing_that_a_claim_says_is_cut_however_long_it_is():
    long = "Words that go on and on. " * 12
    claim = Claim(
        id="c1",
        kind="premise",
        text="A sentence that goes on. " * 60 + "And ends.",
        label="W" * 120,
        speaker=long[:200],
        source=Source(title=long, url="https://example.org/"),
    )
    for layout in ("layered", "page"):
        map = ArgumentMap(claims=(claim,), title="M" * 150)
        notes = {"c1": picture.Note(marks=(long,))}
        root = parsed(picture.draw(map, Options(layout=layout), overlay=notes))
        group = next(group for group in root.iter(f"{SVG}g") if group.get("data-claim"))
        for role, text in (
            ("text", claim.text),
            ("headline", claim.label),
            ("source", f"—{claim.speaker},“{long}”"),
            ("mark", f"▲{long}"),
        ):
            assert letters(words(group, role)) == letters(text or "")
        titles = [group.findtext(f"{SVG}title") for group in root.iter(f"{SVG}g")]
        assert [title for title in titles if title] == ["M" * 150], "two lines of it at most"


@pytest.mark.parametrize(
    ("detail", "shown"),
    [
        ("label", ""),
        ("labels", ""),
        ("short", "The first sentence, no. 1, says it."),
        ("full", None),
    ],
)
def test_a_card_shows_as_much_of_its_claim_as_is_asked_for_and_is_read_aloud_whole(detail, shown):
    claim = Claim(id="c1", kind="premise", text="The first sentence, no. 1, says it. A second one.")
    root = parsed(picture.draw(ArgumentMap(claims=(claim,)), Options(detail=detail)))
    group = next(group for group in root.iter(f"{SVG}g") if group.get("data-claim"))
    assert words(group, "text") == (claim.text if shown is None else shown)
    assert claim.text in group.get("aria-label", "")
    assert group.findtext(f"{SVG}title") == (None if shown is None else claim.text)
    if detail.startswith("label"):
        assert words(group, "headline") == "The first sentence, no. 1, says it. A…"


def test_a_card_for_a_screen_has_the_sizes_that_the_page_counts_on():
    """In pixels: what a page draws over the picture stands where the picture has it."""
    claim = Claim(
        id="c1",
        kind="premise",
        label="They judge as well as adults",
        text="Sixteen-year-olds can judge a ballot paper as well as older voters can.",
        speaker="Markus Wagner",
        source=Source(title="Voting at 16"),
    )
    thesis = Claim(id="c2", kind="thesis", text="Vote at sixteen.")
    step = Relation(id="r1", kind="supports", sources=("c1",), target="c2")
    map = ArgumentMap(claims=(thesis, claim), relations=(step,), title="Unseen")
    svg = picture.draw(map, Options(style="screen"), version=3)
    root = parsed(svg)
    assert re.fullmatch("[0-9]+", root.get("width", ""))
    assert "textLength" not in svg
    assert "version 3" not in svg
    assert words(root, "title") == words(root, "id") == words(root, "source") == ""
    group = next(group for group in root.iter(f"{SVG}g") if group.get("data-claim") == "c1")
    card = group.find(f"{SVG}rect")
    assert card is not None
    assert (card.get("width"), card.get("height")) == ("212", "158")
    places = [(t.get("class"), t.get("x"), t.get("y")) for t in group.iter(f"{SVG}text")]
    assert places == [
        ("kind", "13", "21"),
        ("headline", "13", "43"),
        ("headline", "13", "62"),
        ("text", "13", "84"),
        ("text", "13", "102"),
        ("text", "13", "120"),
        ("speaker", "13", "141"),
    ]
    left, right = (picture.lay_out(map, Options(style="screen")).cards[n].x for n in (0, 1))
    assert left < right, "the thesis stands left"
    (small,) = picture.lay_out(
        ArgumentMap(claims=(claim.replace(label="Short"),)), Options(style="screen", detail="label")
    ).cards
    assert (small.card.width, small.card.height) == (196, 46)


def test_a_thumb_has_shapes_and_a_name_and_no_text():
    claims = (Claim(id="c1", kind="thesis", text="x"), Claim(id="c2", kind="evidence", text="y"))
    step = Relation(id="r1", kind="supports", sources=("c2",), target="c1")
    map = ArgumentMap(claims=claims, relations=(step,), title="A small map")
    root = parsed(picture.draw(map, Options(style="thumb")))
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "A small map"
    assert [group.get("data-claim") for group in root.iter(f"{SVG}g")][-2:] == ["c1", "c2"]
    assert not list(root.iter(f"{SVG}text"))
    assert not [element for element in root.iter() if element.get("tabindex")]


def test_a_title_written_as_one_word_is_readable_and_not_said_again_below():
    article = Article(title="charge_for_plastic_bags")
    claims = (Claim(id="c1", kind="thesis", text="x"),)
    map = ArgumentMap(claims=claims, title="charge_for_plastic_bags", article=article)
    root = parsed(picture.draw(map))
    assert words(root, "title") == "Charge for plastic bags"
    assert words(root, "citation") == ""


def test_names_are_on_one_line_and_keep_their_direction_to_themselves():
    claim = Claim(
        id="c1",
        kind="thesis",
        text="two\n\nlines \u202e שלום",
        speaker="A.\u00a0\u202bSpeaker",
        label="x y",
    )
    long = claim.replace(id="c2", text="line\n" * 40)
    svg = picture.draw(ArgumentMap(claims=(claim, long), title="עברית \u202e"))
    root = parsed(svg)
    names = [group.get("aria-label") or "" for group in root.iter(f"{SVG}g") if group.get("id")]
    assert names[0] == "Thesis c1: x y: \u2068two  lines  שלום\u2069, said by A.\u00a0Speaker"
    titles = [title.text or "" for title in root.iter(f"{SVG}title")]
    assert titles == ["\u2068עברית \u2069", "line " * 40], "blanks at its end are on no card"
    assert not any("\n" in name for name in [*names, *titles])


@pytest.mark.parametrize(
    ("quotes", "shown"),
    [
        ((Quote(exact="The very\nwords.", start=3, end=18),), "“The very words.”"),
        ((Quote(exact="The very words."),), "“The very words.”"),
        ((Quote(exact="The very words.", state="orphan"),), "The very words."),
        ((Quote(exact="The words."), Quote(exact="other")), "The very words."),
        ((), "The very words."),
    ],
)
def test_words_of_the_article_stand_in_quotation_marks(quotes, shown):
    claim = Claim(id="c1", kind="thesis", text="The very words.", quotes=quotes)
    root = parsed(picture.draw(ArgumentMap(claims=(claim,))))
    assert words(root, "text") == shown
    assert next(root.iter(f"{SVG}g")).get("aria-label") == f"Thesis c1: {shown}"


def test_quotation_marks_are_not_doubled():
    claim = Claim(id="c1", kind="thesis", text='"No!"', quotes=(Quote(exact='"No!"'),))
    assert words(parsed(picture.draw(ArgumentMap(claims=(claim,)))), "text") == '"No!"'


def test_the_foot_cites_the_article_and_says_the_version():
    claim = Claim(id="c1", kind="thesis", text="x")
    article = Article(title="Leading from behind", authors=("A. Writer",))
    for cited, version, foot in (
        (article, 7, "A. Writer, “Leading from behind” · version 7"),
        (article, None, "A. Writer, “Leading from behind”"),
        (None, 7, "version 7"),
        (None, None, ""),
    ):
        map = ArgumentMap(claims=(claim,), article=cited)
        root = parsed(picture.draw(map, version=version))
        assert words(root, "citation") == foot
        height = float((root.get("viewBox") or "").split()[3])
        lowest = max(float(text.get("y", "")) for text in root.iter(f"{SVG}text"))
        assert lowest <= height - 40, "above the margin"


def argued(length: int, **scheme: str) -> str:
    """A picture of two claims and a step with a scheme, with that many claims beside them."""
    claims = [Claim(id=f"c{n}", kind="premise", text="A claim.") for n in range(1, length + 1)]
    step = Relation(id="r1", kind="supports", sources=("c2",), target="c1", scheme=Scheme(**scheme))
    return picture.draw(ArgumentMap(claims=tuple(claims), relations=(step,)))


def test_a_scheme_is_named_on_the_card_that_takes_the_step_in_its_title_and_in_words():
    for scheme, name in (
        ({"key": "position_to_know"}, "position to know"),
        ({"name": "My <own> way"}, "My <own> way"),
        ({"key": "sign", "name": "Argument from sign"}, "Argument from sign"),
    ):
        root = parsed(argued(2, **scheme))
        (relation,) = (group for group in root.iter(f"{SVG}g") if group.get("data-relation"))
        assert relation.get("aria-label") == f"c2 supports premise c1 (scheme: {name})"
        assert relation.findtext(f"{SVG}title") == name
        cards = {group.get("data-claim"): group for group in root.iter(f"{SVG}g")}
        assert words(cards["c2"], "scheme") == f"· {name}"
        assert words(cards["c1"], "scheme") == ""


def test_a_text_that_ends_in_an_ellipsis_itself_is_not_taken_for_cut():
    map = ArgumentMap(claims=(Claim(id="c1", kind="premise", text="And so on…"),))
    group = next(parsed(picture.draw(map)).iter(f"{SVG}g"))
    assert group.find(f"{SVG}title") is None


def test_a_source_with_an_address_is_a_link():
    claim = Claim(
        id="c1",
        kind="evidence",
        text="x",
        source=Source(title="Report", url='https://example.org/?a=1&b="<2>'),
    )
    root = parsed(picture.draw(ArgumentMap(claims=(claim,))))
    (link,) = root.iter(f"{SVG}a")
    assert link.get("href") == 'https://example.org/?a=1&b="<2>'


PIECES = (
    *HOSTILE,
    "</text><script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "]]></style><image href='x'/>",
    "{}*{display:none}",
    "&#x3c;script&#x3e;",
    "<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>&x;",
    "javascript:alert(1)",
    "\\N\\G\\L\\",
    "\u202e\u2066\u200f\ufeff",
    "e" + "\u0301" * 60,
    "ا" * 300,
    "W" * 400,
    "👩‍👩‍👧‍👦" * 40,
    "\u2028\u2029\u0085".replace("\u0085", ""),
    "%s{0}$x`y`",
)


@pytest.mark.parametrize("seed", range(8))
def test_ten_thousand_hostile_texts_ids_and_links_stay_text(seed):
    """Eight rounds of 320 claims with four hostile texts each: 10,240."""
    generator = random.Random(seed)

    def hostile(limit: int) -> str:
        text = "".join(generator.choices(PIECES, k=generator.randint(1, 3)))[:limit]
        return text.replace("\n", " ").replace("\t", " ") if text.strip() else "x"

    claims = tuple(
        Claim(
            id=f"c{number}-{''.join(generator.choices('onload_script', k=8))}",
            kind=generator.choice(["thesis", "premise", "evidence", "rebuttal"]),
            text=hostile(2_000),
            label=hostile(120),
            speaker=hostile(200),
            source=Source(
                title=hostile(300),
                url="https://x/" + re.sub(r"\s", "", hostile(200)),
            ),
        )
        for number in range(320)
    )
    root = parsed(picture.draw(ArgumentMap(claims=claims)))
    groups = {group.get("data-claim"): group for group in root.iter(f"{SVG}g")}
    for claim in claims:
        group = groups[claim.id]
        if group.find(f"{SVG}title") is None:
            assert letters(words(group, "text")) == letters(claim.text)


def test_the_allow_list_notices_what_does_not_belong():
    """The check itself can fail."""
    svg = picture.draw(ArgumentMap(claims=(Claim(id="c1", kind="thesis", text="x"),)))
    for bad in (
        "<script>1</script>",
        '<g onclick="x"/>',
        '<a href="javascript:x"/>',
        "<foreignObject/>",
    ):
        with pytest.raises(AssertionError):
            parsed(svg.replace("</svg>", f"{bad}</svg>"))


def test_a_picture_can_bring_its_letters_along():
    map = ArgumentMap(
        claims=(
            Claim(id="c1", kind="thesis", text="Größe & “Qualität” — Ωmega 漢", label="Straße"),
        )
    )
    plain, svg = picture.draw(map), picture.draw(map, Options(font="embed"))
    assert svg == picture.draw(map, Options(font="embed")), "the same bytes each time"
    parsed(svg)
    ((name, data),) = re.findall(
        r"@font-face{font-family:(argmap-inter-\w+);.*?base64,([A-Za-z0-9+/=]+)\)", svg
    )
    assert f"font-family:{name},Inter," in svg
    assert len(svg) - len(plain) < 20_000
    font = TTFont(io.BytesIO(base64.b64decode(data)))
    assert {ord(letter) for letter in "Größe&“Qualität”—ΩStraßec1"} <= font.getBestCmap().keys()
    assert ord("z") not in font.getBestCmap()
    assert [(axis.axisTag, axis.minValue, axis.maxValue) for axis in font["fvar"].axes] == [
        ("wght", 400, 700)
    ]
    assert picture.draw_png(map, Options(font="embed")) == picture.draw_png(map)


def test_cards_can_carry_their_label_and_first_sentence_for_when_they_are_seen_small(root):
    map = load(root / "examples" / "military-to-mexico.json")
    options = Options(layout="page", sizes=True)
    layout = picture.lay_out(map, options)
    svg = picture.write_svg(map, layout, options)
    found = parsed(svg)
    placed = {item.card.claim.id: item.card for item in layout.cards}
    larger = 0
    for group in found.iter(f"{SVG}g"):
        if not (id := group.get("data-claim")):
            continue
        card = placed[id]
        parts = {part.get("class"): part for part in group.iter(f"{SVG}g")}
        for name, words in (
            ("at-label", map.claim(id).label),
            ("at-short", sentence_of(map.claim(id))),
        ):
            part = parts[name]
            y, scale = (float(n) for n in re.findall(r"[\d.]+", part.get("transform"))[1:])
            lines = list(part.iter(f"{SVG}text"))
            joined = " ".join(line.text or "" for line in lines).replace("- ", "")
            assert joined.replace(" ", "") == words.replace("- ", "").replace(" ", "")
            assert max(float(line.get("textLength")) for line in lines) * scale <= card.width - 13
            assert y + float(lines[-1].get("y")) * scale < card.height
            larger += name == "at-label" and scale > 1.2
    assert larger > 20, "labels are larger than in the whole text"
    assert ".argmap.seen-label .at-full{display:none}" in svg
    assert "at-label" not in picture.draw(map, Options(layout="page"))
    assert picture.draw_png(map, options, scale=0.5) == picture.draw_png(
        map, Options(layout="page"), scale=0.5
    )
