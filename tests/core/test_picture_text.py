"""Measuring and wrapping text."""

import json
import os
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import fontpkg_inter
import pytest
from fontTools.subset import Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer
from hypothesis import given
from hypothesis import strategies as st

from argmap.model import Claim, ClaimKind
from argmap.picture import text
from argmap.picture.cards import FOLD, TAG_LEFT, Face, card_of, sizes_of
from argmap.picture.hyphens import divisions
from argmap.picture.theme import STYLES, THESIS_TEXT
from tests.support.strategies import texts

STYLE = STYLES["text"]
LIMITS = st.integers(60, 300)


@given(words=texts(200), limit=LIMITS, most=st.integers(1, 20))
def test_no_line_is_wider_than_asked_for_and_no_more_lines_are_set(words, limit, most):
    wrapped = text.wrap(words, limit, STYLE, most)
    assert 1 <= len(wrapped.lines) <= most
    for line, width in wrapped.lines:
        assert width <= limit + 0.001
        assert width == pytest.approx(text.width(line, STYLE)) or width == limit


@given(words=texts(200), limit=LIMITS)
def test_wrapping_loses_nothing_but_white_space(words, limit):
    wrapped = text.wrap(words, limit, STYLE, 10_000)
    assert not wrapped.shortened
    assert "".join("".join(line.split()) for line, _ in wrapped.lines) == "".join(words.split())


def test_text_beyond_the_last_line_is_told_by_an_ellipsis():
    wrapped = text.wrap("one two three four five six seven", 50, STYLE, 2)
    assert wrapped.shortened
    assert wrapped.lines[-1][0].endswith("…")
    assert not text.wrap("one two", 300, STYLE, 2).shortened


def test_line_breaks_of_the_text_are_kept():
    lines = text.wrap("one\ntwo three\n\nfour", 300, STYLE, 9).lines
    assert [line for line, _ in lines] == ["one", "two three", "four"]


def test_a_word_longer_than_a_line_is_cut_but_never_between_a_letter_and_its_marks():
    word = "e\u0301o\u0302" * 40
    lines = [line for line, _ in text.wrap(word, 60, STYLE, 99).lines]
    assert len(lines) > 2
    assert all(line[0] in "eo" for line in lines)


def test_a_long_word_is_torn_at_a_hyphen_and_never_to_fill_the_rest_of_a_line():
    limit = text.width("maximally-incl", STYLE)
    lines = text.wrap("an open, maximally-inclusive debate", limit, STYLE, 9).lines
    assert [words for words, _ in lines] == ["an open,", "maximally-", "inclusive", "debate"]


def test_an_emoji_of_several_people_is_as_wide_as_one():
    family = "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
    assert text.width(family, STYLE) == text.width("\U0001f469", STYLE)
    waving = "\U0001f44b\U0001f3fd"
    first, _ = text.wrap(waving * 9, 60, STYLE, 99).lines[0]
    assert first.endswith(waving)


@pytest.mark.parametrize(
    ("words", "leftwards"),
    [
        ("plain", False),
        ("“Mexico”", False),
        ("שלום world", True),
        ("(سلام)", True),
        ("1984 שלום", True),
        ("漢字 שלום", False),
        ("…", False),
    ],
)
def test_the_first_letter_decides_the_direction(words, leftwards):
    assert text.runs_leftwards(words) is leftwards


def advances() -> dict[str, Any]:
    """Return the advances of Inter's text cut in every weight that pictures use, each with its characters."""
    font = TTFont(fontpkg_inter.ROOT / "files" / "Inter[opsz,wght].ttf")
    weights = sorted({style.weight for style in (*STYLES.values(), THESIS_TEXT)})
    cuts = [font.getGlyphSet(location={"wght": weight, "opsz": 14}) for weight in weights]
    characters: dict[tuple[int, ...], str] = defaultdict(str)
    for code, glyph in sorted(font.getBestCmap().items()):
        characters[tuple(round(cut[glyph].width) for cut in cuts)] += chr(code)
    rows = [[*widths, found] for widths, found in characters.items()]
    return {"em": font["head"].unitsPerEm, "weights": weights, "advances": rows}


def test_the_table_of_widths_is_that_of_the_font():
    """ARGMAP_ACCEPT=1 writes it anew, for another version of the font or another weight."""
    kept, now = Path(text.__file__).with_name("inter.json"), advances()
    if os.environ.get("ARGMAP_ACCEPT") == "1":
        rows = ",\n".join(map(json.dumps, now.pop("advances")))
        head = json.dumps(now).removesuffix("}")
        kept.write_text(f'{head}, "advances": [\n{rows}\n]}}\n')
        now = advances()
    assert json.loads(kept.read_text()) == now


@pytest.mark.parametrize("weight", [400, 700])
def test_widths_are_those_of_inter_at_that_weight(weight):
    """Against the font as fonttools cuts it out, by another way through the tables."""
    font = TTFont(fontpkg_inter.ROOT / "files" / "Inter[opsz,wght].ttf")
    subsetter = Subsetter()
    subsetter.populate(text="aW1é“—Ω")
    subsetter.subset(font)
    cut = instancer.instantiateVariableFont(font, {"wght": weight, "opsz": 14})
    names, advances = cut.getBestCmap(), cut["hmtx"]
    style = next(style for style in STYLES.values() if style.weight == weight)
    for letter in "aW1é“—Ω":
        expected = advances[names[ord(letter)]][0] / cut["head"].unitsPerEm * style.size
        assert text.width(letter, style) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("implicit", [False, True])
@pytest.mark.parametrize("kind", list(ClaimKind))
@pytest.mark.parametrize("id", ["c3", "c12", "c1234", "w" * 64])
def test_a_tag_stays_on_its_card_and_only_a_long_id_is_cut_for_that(kind, implicit, id):
    claim = Claim(id=id, kind=kind, implicit=implicit, text="Too short to fill the card.")
    first = card_of(claim, Face(id, scheme="argument from position to know"), 136)
    for width, height in sizes_of(first):
        card = card_of(claim, first.face, width)
        assert card.height == height, "as it was measured"
        shown, _ = card.head[0].lines[0]
        corner = FOLD if kind is ClaimKind.EVIDENCE else 0
        assert TAG_LEFT + card.tag <= card.width - corner
        assert card.width <= 190, "widened a little at most"
        edges = [(block.x, block.x + block.lines[0][1]) for block in card.head]
        assert all(right < left for (_, right), (left, _) in pairwise(edges)), "apart"
        assert edges[-1][1] < TAG_LEFT + card.tag
        if len(id) < 6:
            assert shown == id
        else:
            assert shown.endswith("…")


ENGLISH = (
    "Responsibility for independent considerations notwithstanding characteristic circumstances"
)


@given(limit=st.integers(90, 200))
def test_words_are_divided_where_their_language_allows_it_and_never_in_two_lines_running(limit):
    lines = [line for line, _ in text.wrap(ENGLISH, limit, STYLE, language="en").lines]
    divided = [line.endswith("-") for line in lines]
    joined = "".join(line[:-1] if line.endswith("-") else f"{line} " for line in lines)
    assert joined.split() == ENGLISH.split()
    assert not any(one and next for one, next in pairwise(divided))
    for line, hyphen in zip(lines, divided, strict=True):
        if hyphen:
            begun = line[:-1].split(" ")[-1]
            word = next(word for word in ENGLISH.split() if begun in word)
            assert any(word[:place].endswith(begun) for place in divisions(word, "en"))


def test_a_word_is_divided_only_where_the_line_would_stay_rather_empty():
    limit = text.width("The government says", STYLE)
    words = "The government says considerations"
    assert text.wrap(words, limit, STYLE, language="en").lines[0][0] == "The government says"
    assert text.wrap(words, 1.2 * limit, STYLE, language="en").lines[0][0] == "The government says"
    assert text.wrap(words, 1.5 * limit, STYLE, language="en").lines[0][0].endswith("consider-")


@pytest.mark.parametrize("language", ["", "xx", "zz-ZZ", "tlh"])
def test_words_of_an_unknown_language_stay_whole(language):
    assert divisions("responsibility", language) == ()


@pytest.mark.parametrize("language", ["en", "en-GB", "de", "de-AT", "pt-BR", "fr"])
def test_languages_are_known_with_and_without_their_region(language):
    assert divisions("administration", language)


def test_wrapping_takes_time_in_proportion_to_the_text():
    for words in ("漢" * 2_000, "x" * 2_000, "responsibility " * 140, "a-" * 1_000):
        lines = text.wrap(words, 40, STYLE, language="en").lines
        assert all(width <= 40.001 for _, width in lines)
