"""Quotes are found again in corrected texts, or become orphans, and are never moved to another sentence."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argmap.model import ArgumentMap, Claim, Quote, QuoteState, anchor, anchored_map

TEXT = (
    "The town closes its library at five. A third of our pupils have no quiet room at home.\n\n"
    "The mayor says that evenings are too costly. A third of our pupils disagree."
)


def quoted(exact: str) -> Quote:
    start = TEXT.index(exact)
    return anchor(Quote(exact=exact, start=start, end=start + len(exact)), TEXT)


def test_words_alone_are_found_and_get_their_surroundings() -> None:
    quote = anchor(Quote(exact="no quiet room"), TEXT)
    assert quote.state is QuoteState.ANCHORED
    assert TEXT[quote.start : quote.end] == "no quiet room"
    assert quote.prefix == TEXT[quote.start - 32 : quote.start]
    assert quote.confidence is None


def test_of_two_places_the_one_with_the_fitting_surroundings_is_taken() -> None:
    quote = anchor(Quote(exact="A third of our pupils", suffix=" disagree."), TEXT)
    assert quote.start == TEXT.rindex("A third of our pupils")


@pytest.mark.parametrize(
    ("prefix", "suffix", "place"),
    [("", " to some", 1), (" then", "", 1), ("", " to all", 0), ("", "", 0)],
)
def test_words_at_their_old_place_are_taken_only_with_their_surroundings(
    prefix: str, suffix: str, place: int
) -> None:
    text = "They say no to all, then no to some."
    quote = Quote(exact=" no", prefix=prefix, suffix=suffix, start=8, end=11)
    assert anchor(quote, text).start == [8, 24][place]


def test_a_text_that_grew_in_front_moves_the_quote_along() -> None:
    quote = quoted("evenings are too costly")
    moved = anchor(quote, "A new first paragraph.\n\n" + TEXT)
    assert moved.start == quote.start + len("A new first paragraph.\n\n")
    assert moved.exact == quote.exact


def test_a_corrected_quote_is_found_with_its_confidence() -> None:
    quote = quoted("evenings are too costly")
    found = anchor(quote, TEXT.replace("evenings are too costly", "evenings were too costly"))
    assert found.exact == "evenings were too costly"
    assert found.confidence is not None
    assert 0.7 <= found.confidence < 1


def test_a_corrected_quote_is_found_where_a_text_begins() -> None:
    found = anchor(Quote(exact="The town shuts its library"), TEXT.rstrip("."))
    assert (found.start, found.exact) == (0, "The town closes its library")


def test_similar_words_in_other_surroundings_are_not_those_of_the_quote() -> None:
    similar = "evenings were too costly"
    assert anchor(Quote(exact=similar), TEXT).state is QuoteState.ANCHORED
    elsewhere = Quote(exact=similar, prefix="Nobody in Quay Street knew why ", suffix=": 12,000!")
    assert anchor(elsewhere, TEXT).state is QuoteState.ORPHAN


def test_a_deleted_quote_is_an_orphan_that_keeps_its_words() -> None:
    quote = quoted("The mayor says that evenings are too costly.")
    lost = anchor(quote, TEXT.replace("The mayor says that evenings are too costly. ", ""))
    assert (lost.state, lost.exact, lost.start) == (QuoteState.ORPHAN, quote.exact, None)


def test_an_orphan_comes_home_when_its_words_return() -> None:
    orphan = anchor(quoted("no quiet room at home"), "Something else entirely, of no use here.")
    assert orphan.state is QuoteState.ORPHAN
    assert anchor(orphan, TEXT).state is QuoteState.ANCHORED


def test_without_a_stored_text_a_quote_is_unanchored() -> None:
    assert anchor(quoted("no quiet room"), None).state is QuoteState.UNANCHORED


@given(st.integers(0, len(TEXT) - 12), st.integers(10, 60), st.text("xyz \n", max_size=20))
def test_an_anchored_quote_always_stands_where_it_says(
    start: int, length: int, inserted: str
) -> None:
    exact = TEXT[start : start + length]
    if exact.isspace():
        return
    changed = TEXT[: start + 4] + inserted + TEXT[start + 4 :]
    quote = anchor(Quote(exact=exact, start=start, end=start + len(exact)), changed)
    if quote.state is QuoteState.ANCHORED:
        assert changed[quote.start : quote.end] == quote.exact


def test_anchoring_many_quotes_in_a_long_text_takes_bounded_work() -> None:
    text = "".join(f"Sentence number {n} says something. " for n in range(8_000))
    lost = [Quote(exact=f"A wholly different saying of {n}, not in it") for n in range(20)]
    often = [Quote(exact="e", prefix=f"S{n}", suffix="ntence") for n in range(20)]
    map = ArgumentMap(claims=(Claim(id="c1", kind="thesis", text="T", quotes=(*lost, *often)),))
    begun = time.process_time()
    result = anchored_map(map, text)
    assert time.process_time() - begun < 1.5  # 2.8 s where every "e" of the text is looked at
    assert len(result.orphaned) == 20


def test_a_map_says_which_quotes_moved_and_which_were_lost() -> None:
    claims = (
        Claim(id="c1", kind="thesis", text="T", quotes=(quoted("no quiet room at home"),)),
        Claim(id="c2", kind="thesis", text="T", quotes=(quoted("The mayor says"),)),
        Claim(id="c3", kind="thesis", text="T"),
    )
    text = TEXT.replace("The mayor says that ", "").replace("The town", "Our own dear town")
    result = anchored_map(ArgumentMap(claims=claims), text)
    assert result.moved == (("c1", 0),)
    assert result.orphaned == (("c2", 0),)
    assert result.map.claims[2] is claims[2]


@pytest.mark.parametrize("corrected", ["eleven", "two", "a quarter past eleven"])
def test_a_quote_keeps_its_first_and_last_words_when_a_correction_changes_its_length(
    corrected: str,
) -> None:
    text = "But the building is heated, lit and guarded until {} already. So be it."
    exact = "the building is heated, lit and guarded until {} already"
    before = anchor(Quote(exact=exact.format("ten")), text.format("ten"))
    after = anchor(before, text.format(corrected))
    assert after.exact == exact.format(corrected)
