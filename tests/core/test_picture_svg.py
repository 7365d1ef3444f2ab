"""The SVG: the contract with frontends, and that no text can break out of it."""

import random
import re
from xml.etree import ElementTree

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from pydantic import ValidationError

from argmap import picture
from argmap.model import ArgumentMap, Article, Claim, Relation, Source
from argmap.picture import Options
from tests.strategies import HOSTILE, maps

SVG = "{http://www.w3.org/2000/svg}"
# All that a picture may consist of: elements with their attributes.
ALLOWED = {
    "svg": {"class", "role", "width", "height", "viewBox", "aria-labelledby"},
    "title": {"id"},
    "desc": {"id"},
    "style": set(),
    "g": {
        *("id", "class", "transform", "data-claim"),
        *("data-relation", "data-sources", "data-target"),
        *("role", "tabindex", "aria-label", "aria-hidden"),
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
        assert group.get("class", "").split() == ["claim", claim.kind, *implicit]
        assert group.get("data-claim") == claim.id
        assert letters(words(group, "text")) == letters(claim.text)
        assert words(group, "kind").split(" · ") == [
            claim.kind.upper(),
            *(["IMPLICIT"] if claim.implicit else []),
        ]
        assert letters(words(group, "speaker")) == letters(
            f"—{claim.speaker}" * bool(claim.speaker)
        )
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
    assert Options().key() == Options(direction="top").key()
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


def test_a_text_too_long_for_its_card_ends_in_an_ellipsis_and_is_whole_in_the_title():
    text = "A sentence that goes on. " * 60
    root = parsed(picture.draw(ArgumentMap(claims=(Claim(id="c1", kind="premise", text=text),))))
    group = next(root.iter(f"{SVG}g"))
    assert words(group, "text").endswith("…")
    whole = group.find(f"{SVG}title")
    assert whole is not None
    assert whole.text == text


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
