"""A map on several sheets: nothing is lost, and every sheet says where the rest is."""

import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError
from pypdf import PdfReader

from argmap import formats, picture
from argmap.model import ArgumentMap, Claim, Relation
from argmap.picture import Options, Spread
from argmap.picture.export import pdf
from argmap.picture.export.sheets import EDGE, pages
from tests.support.strategies import maps


def tree(branches: int, reasons: int) -> ArgumentMap:
    """A thesis with branches, each a premise with its own reasons."""
    claims = [Claim(id="t", kind="thesis", text="The thesis stands at the top.")]
    relations = []
    for branch in range(branches):
        claims.append(Claim(id=f"b{branch}", kind="premise", text=f"Branch {branch}. " * 4))
        relations.append(
            Relation(id=f"r{branch}", kind="supports", sources=(f"b{branch}",), target="t")
        )
        for number in range(reasons):
            id = f"b{branch}-{number}"
            claims.append(Claim(id=id, kind="evidence", text=f"Reason {id}. " * 5))
            relations.append(
                Relation(id=f"r{id}", kind="supports", sources=(id,), target=f"b{branch}")
            )
    return ArgumentMap(title="A tree", claims=tuple(claims), relations=tuple(relations))


def read(data: bytes) -> list[str]:
    """Return the words of each page."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(data)).pages]


@settings(max_examples=60)
@given(map=maps(max_claims=14, max_relations=16, rich=False), most=st.integers(3, 8))
def test_every_claim_is_on_a_sheet_and_every_relation_is_drawn_or_told_at_both_ends(
    map: ArgumentMap, most: int
) -> None:
    found = pages(map, most, first=2)
    assert {claim.id for page in found for claim in page.map.claims} == {c.id for c in map.claims}
    drawn = {relation.id for page in found for relation in page.map.relations}
    said = " ".join(words for page in found for see in page.see.values() for words in see)
    for relation in map.relations:
        for source in relation.sources:
            assert relation.id in drawn or re.search(rf"\b{source}\b", said), (relation, said)
    for page in found:
        assert page.roots
        for words in (words for see in page.see.values() for words in see):
            assert all(
                2 <= int(number) < 2 + len(found) for number in re.findall(r"sheet (\d+)", words)
            )


@settings(max_examples=60)
@given(map=maps(max_claims=14, max_relations=16, rich=False), most=st.integers(3, 8))
def test_what_continues_elsewhere_and_what_comes_from_there_agree(
    map: ArgumentMap, most: int
) -> None:
    found = pages(map, most, first=0)
    for number, page in enumerate(found):
        for id, see in page.see.items():
            for words in see:
                if words.startswith("continued on sheet "):
                    other = found[int(words.rpartition(" ")[2])]
                    assert f"from sheet {number}" in other.see[id]
                if words.startswith("from sheet "):
                    other = found[int(words.rpartition(" ")[2])]
                    assert f"continued on sheet {number}" in other.see[id]


def test_sheets_hold_no_more_than_asked_unless_reasons_count_together() -> None:
    for map, most in ((tree(6, 9), 12), (tree(40, 0), 10), (tree(3, 30), 12)):
        found = pages(map, most, first=2)
        assert max(len(page.map.claims) for page in found) <= most
        assert len(found) <= 3 * len(map.claims) / most
    linked = ArgumentMap(
        claims=tree(20, 0).claims,
        relations=(
            Relation(
                id="r", kind="supports", sources=tuple(f"b{n}" for n in range(20)), target="t"
            ),
        ),
    )
    (page,) = pages(linked, 8, first=2)
    assert len(page.map.relations) == 1


def test_an_undercut_stays_with_the_step_that_it_attacks() -> None:
    map = tree(6, 9)
    cut = Relation(id="u", kind="attacks", sources=("x",), target="r5")
    map = map.replace(
        claims=(*map.claims, Claim(id="x", kind="rebuttal", text="It does not follow.")),
        relations=(*map.relations, cut),
    )
    (page,) = [page for page in pages(map, 12, first=2) if page.map.claim("x")]
    assert {"u", "r5"} <= {relation.id for relation in page.map.relations}


def test_a_map_that_could_not_be_read_on_one_sheet_gets_one_for_each_branch_and_an_overview() -> (
    None
):
    map = tree(5, 12)
    told = read(picture.draw_pdf(map))
    assert len(told) > 2
    assert f"sheet 1 of {len(told)}: the main claims, and which sheet has what" in told[0]
    for number in range(2, len(told) + 1):
        assert f"A tree · sheet {number} of {len(told)}" in told[number - 1]
        assert re.search(rf"\b{number} (Premise|Thesis) ", told[0])
    assert any("continued on sheet" in words for words in told[1:])
    assert any("from sheet" in words for words in told[1:])
    whole = " ".join(told[1:])
    assert all(f"Reason {claim.id}." in whole for claim in map.claims if claim.kind == "evidence")
    assert len(read(picture.draw_pdf(map, poster=Spread.ONE))) == 1
    assert len(read(picture.draw_pdf(tree(2, 2)))) == 1


def test_branches_can_be_asked_for_and_lead_to_each_other(root) -> None:
    map = formats.load((root / "examples/military-to-mexico.json").read_bytes()).map
    reader = PdfReader(io.BytesIO(picture.draw_pdf(map, poster=Spread.BRANCHES)))
    assert len(reader.pages) > 2
    assert len(reader.pages[0]["/Annots"]) >= 2 * (len(reader.pages) - 1)
    options = Options(numbers=True, page="A3")
    numbered = read(picture.draw_pdf(map, options, poster=Spread.BRANCHES, handout=True))
    assert "1.5 · c20" in " ".join(numbered)


def test_each_thesis_and_the_branches_of_a_lone_one_have_a_sheet_where_that_is_asked_for() -> None:
    one = tree(3, 3)
    two = [tree(2, 2), prefixed(tree(2, 2), "z")]
    both = ArgumentMap(
        claims=(*two[0].claims, *two[1].claims), relations=(*two[0].relations, *two[1].relations)
    )
    assert [len(page.map.claims) for page in pages(both, 50, first=2)] == [len(both.claims)]
    apart = pages(both, 50, first=2, apart=True)
    assert [page.map.claims for page in apart] == [two[0].claims, two[1].claims]
    assert len(pages(one, 50, first=2)) == 1
    assert len(pages(one, 50, first=2, apart=True)) > 1
    loose = ArgumentMap(claims=tuple(Claim(id=f"c{n}", kind="thesis", text="x") for n in range(9)))
    assert len(pages(loose, 50, first=2, apart=True)) < 4, "a sheet for each would help nobody"


def prefixed(map: ArgumentMap, prefix: str) -> ArgumentMap:
    """Return a map with other ids."""
    return ArgumentMap(
        claims=tuple(claim.replace(id=prefix + claim.id) for claim in map.claims),
        relations=tuple(
            relation.replace(
                id=prefix + relation.id,
                sources=tuple(prefix + source for source in relation.sources),
                target=prefix + relation.target,
            )
            for relation in map.relations
        ),
    )


def test_what_a_poster_can_be_is_said() -> None:
    assert [picture.spread_of(word) for word in ("auto", "one", "branches")] == list(Spread)
    assert [picture.spread_of(word) for word in ("2", "0.5", "20")] == [2, 0.5, 20]
    for wrong in ("brunch", "", "0", "21", "+1", "1e1", "nan", "-1", None):
        with pytest.raises(PydanticCustomError, match="auto, one, branches, or a scale"):
            picture.spread_of(wrong)


@pytest.mark.parametrize(("branches", "reasons"), [(5, 12), (12, 4), (30, 1), (2, 60)])
def test_text_on_every_sheet_of_an_automatic_poster_can_be_read(branches, reasons) -> None:
    """Eight points of what is set in ten, on the overview too."""
    drawn = []

    def kept(map, svg, sheet, _scale, branches, _handout) -> bytes:
        drawn.extend(pdf.scale_on(each, sheet) for each in (svg, *(b.svg for b in branches)))
        assert {c.id for branch in branches for c in branch.page.map.claims} == {
            claim.id for claim in map.claims
        }
        return b""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "pdf", kept)
        picture.draw_pdf(tree(branches, reasons))
    assert len(drawn) > 2
    assert min(drawn) >= 0.8


def test_sheets_of_a_poster_cut_no_card_that_fits_on_one_and_none_is_blank(root) -> None:
    map = formats.load((root / "examples/military-to-mexico.json").read_bytes()).map
    options = Options(layout="page", legend=True)
    layout = picture.lay_out(map, options)
    svg = picture.write_svg(map, layout, options, True)
    sheet, scale = options.page_size(), 1.5
    tiles = pdf._tiles(svg, sheet, scale, layout)
    left, top = (float(n) for n in re.findall(r'viewBox="(\S+) (\S+) ', svg)[0])
    room = sheet[0] - 2 * EDGE, sheet[1] - 2 * EDGE
    seen = set()
    for tile in tiles:
        inked = 0
        for card, x, y in layout.cards:
            x, y = (x - left) * scale - tile["x"], (y - top) * scale - tile["y"]
            wide, high = card.width * scale, card.height * scale
            inked += x < room[0] and x + wide > 0 and y < room[1] and y + high > 0
            if x >= 0 and y >= 0 and x + wide <= room[0] and y + high <= room[1]:
                seen.add(card.claim.id)
        assert inked, tile["name"]
    assert len(seen) >= len(map.claims) - 1, "whole on a sheet"
    assert len({tile["name"] for tile in tiles}) == len(tiles)
