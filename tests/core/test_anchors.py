"""Quotes are found again in corrected texts, or become orphans, and are never moved to another sentence."""

import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argmap.model import (
    Anchors,
    ArgumentMap,
    Claim,
    Quote,
    QuoteState,
    anchor,
    anchored_map,
    anchored_quotes,
)
from argmap.model.wording import Work

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


def test_a_tense_may_differ_only_where_the_surroundings_hold() -> None:
    similar = "evenings were too costly"
    here = Quote(exact=similar, prefix="The mayor says that ", suffix=". A third of our pupils")
    found = anchor(here, TEXT)
    assert (found.exact, found.given) == ("evenings are too costly", similar)
    for surroundings in ({}, {"prefix": "Nobody in Quay Street knew why ", "suffix": ": 12,000!"}):
        assert anchor(Quote(exact=similar, **surroundings), TEXT).state is QuoteState.ORPHAN


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The mayor did not say that the pool will close.", "The mayor did say that the pool will close."),
        ("Unemployment rose by 3.5 per cent in May.", "Unemployment rose by 8.5 per cent in May."),
        ("Unemployment rose by 3.5 per cent in May.", "Unemployment fell by 3.5 per cent in May."),
        ("Our machines engage in conversations.", "chines of conversation"),
        ("We closed seven pools last year.", "We closed eleven pools last year."),
        ("Ahmad Karim wanted the pool closed.", "Ahmed Karim wanted the pool closed."),
        ("It was a non-violent protest.", "violent protest"),
        ("They can't go.", "can"),
        ("Prices fell by -5 per cent.", "5 per cent"),
        ("Prices rose by 3.5 per cent.", "5 per cent"),
        ("Between 5-10 men came.", "510 men"),
        ("The rapist was caught.", "therapist"),
        ("Das ist kein guter Plan.", "Das ist ein guter Plan."),
        ("Ce n'est pas un bon plan.", "est"),
        ("The pool must close before noon.", "The pool must close after noon."),
        ("All members agreed.", "Some members agreed."),
        ("x < 5 holds", "x > 5 holds"),
        ("Ten euros: €10 each", "$10 each"),
        ("10² squares", "102 squares"),
    ],
)  # fmt: skip
def test_other_words_are_no_match(text: str, words: str) -> None:
    (quote,) = anchored_quotes([Quote(exact=words)], text)
    assert (quote.state, quote.exact) == (QuoteState.ORPHAN, words)


def test_an_orphan_has_the_nearest_passage_beside_it() -> None:
    text = "Opening hours are cut. The mayor did not say that the pool will close."
    quote = anchor(Quote(exact="The mayor did say that the pool will close."), text)
    assert quote.nearest is not None
    assert quote.nearest.exact == "The mayor did not say that the pool will close"
    assert text[quote.nearest.start : quote.nearest.end] == quote.nearest.exact


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("She called it “a scandal” twice.", 'called it "a scandal" twice', "called it “a scandal” twice"),
        ("The pool-\ning of taxes is ﬁne.", "The pooling of taxes is fine", "The pool-\ning of taxes is ﬁne"),
        ("He said “no” to it. Now Norway.", '"no"', "“no”"),
        ("They don’t go there", "don't go", "don’t go"),
        ("a well-known man", "well known", "well-known"),
        ("to co-operate now", "cooperate", "co-operate"),
        ("to cooperate now", "co-operate", "cooperate"),
        ("THE POOL STAYS", "The pool stays", "THE POOL STAYS"),
        ("the old bridge must\n    be closed", "The old bridge must be closed", "the old bridge must\n    be closed"),
        ("We had 5000 people", "5,000 people", "5000 people"),
        ("Some 5–10 men came", "5-10 men", "5–10 men"),
        ("the cafe\u0301 is open", "café is open", "cafe\u0301 is open"),
        ("à l’école publique", "l'école", "l’école"),
        ("אמר: „שלום, עולם”, ויצא", "שלום עולם", "שלום, עולם"),
        ("العدالةُ أساسُ الملك", "العدالة أساس الملك", "العدالةُ أساسُ الملك"),
        ("我们的学校很好", "学校", "学校"),
        ("coop\u00aderation pays", "cooperation pays", "coop\u00aderation pays"),
    ],
)  # fmt: skip
def test_the_same_words_in_another_typography_are_found(text: str, words: str, found: str) -> None:
    quote = anchor(Quote(exact=words), text)
    assert (quote.state, quote.exact) == (QuoteState.ANCHORED, found)
    if found != words:
        assert quote.given == words
        assert quote.confidence is not None
        assert 0.6 < quote.confidence < 1


def test_an_ellipsis_makes_two_quotes() -> None:
    text = (
        "The council, which met on Monday, said that it would close the pool for good next spring."
    )
    given = "The council … said that it would close the pool"
    for ellipsis in ("…", "...", "[...]", "[…]", ". . ."):
        words = given.replace("…", ellipsis)
        quotes = anchored_quotes([Quote(exact=words)], text)
        assert [q.exact for q in quotes] == ["The council", "said that it would close the pool"]
        assert {q.given for q in quotes} == {words}
        assert anchored_quotes(quotes, text) == quotes
    (lost,) = anchored_quotes([Quote(exact="The council … would not close the pool")], text)
    assert lost.state is QuoteState.ORPHAN


def test_an_ellipsis_does_not_hide_a_negation() -> None:
    text = "The mayor did not say that the pool, which is not old, will close."
    (lost,) = anchored_quotes([Quote(exact="The mayor did … say that the pool")], text)
    assert lost.state is QuoteState.ORPHAN
    found = anchored_quotes([Quote(exact="say that the pool … will close")], text)
    assert [quote.exact for quote in found] == ["say that the pool", "will close"]


def test_marks_and_letters_of_whoever_quotes_do_not_count() -> None:
    text = "But the pool stays, he said."
    assert anchor(Quote(exact="[T]he pool stays …"), text).exact == "the pool stays"
    assert anchor(Quote(exact="… stays, he said"), text).exact == "stays, he said"


def test_the_same_words_of_another_speaker_are_not_the_quote() -> None:
    first = "Team Alpha said that the new plan cut delays by twelve percent.\n"
    both = first + "\n" + first.replace("Alpha", "Beta")
    quote = anchor(
        Quote(exact="the new plan cut delays by twelve percent", prefix="Team Beta said that "),
        both,
    )
    assert quote.start == both.rindex("the new plan")
    lost = anchor(quote, first)
    assert lost.state is QuoteState.ORPHAN
    assert lost.nearest is not None
    assert lost.nearest.start == first.index("the new plan")


def test_a_quote_keeps_its_place_when_how_it_is_introduced_is_corrected() -> None:
    quote = quoted("evenings are too costly")
    assert anchor(quote, TEXT.replace("says that", "said that")).state is QuoteState.ANCHORED


def test_whole_words_are_preferred() -> None:
    assert anchor(Quote(exact="No"), "Now, Norway?\n\nBob: No").start == 19


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (lambda text, at: len(text[:at].encode("utf-16-le")) // 2, "UTF-16 units"),
        (lambda text, at: len(text[:at].encode()), "bytes of UTF-8"),
        (lambda text, at: at + text.count("\n", 0, at), "line breaks as two characters"),
        (lambda text, at: at + 1, "one character before the places told"),
    ],
)
def test_places_that_are_counted_otherwise_are_understood_once_for_all(
    count: Callable[[str, int], int], told: str
) -> None:
    text = "😀 no é no.\n" * 40
    places = [m.start() for m in re.finditer("no", text)]
    quotes = tuple(
        Quote(exact="no", start=(start := count(text, at)), end=start + 2) for at in places
    )
    claims = (Claim(id="c1", kind="thesis", text="T", quotes=quotes),)
    result = anchored_map(ArgumentMap(claims=claims), text)
    assert [quote.start for quote in result.map.claims[0].quotes] == places
    assert result.counting == told


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
    often = [Quote(exact="something", prefix=f"number {n} says ") for n in range(20)]
    map = ArgumentMap(claims=(Claim(id="c1", kind="thesis", text="T", quotes=(*lost, *often)),))
    begun = time.process_time()
    result = anchored_map(map, text)
    assert time.process_time() - begun < 1.5  # or every "something" were looked at
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
def test_a_corrected_number_loses_the_quote_and_offers_the_whole_passage(corrected: str) -> None:
    text = "But the building is heated, lit and guarded until {} already. So be it."
    exact = "the building is heated, lit and guarded until {} already"
    before = anchor(Quote(exact=exact.format("ten")), text.format("ten"))
    after = anchor(before, text.format(corrected))
    assert (after.state, after.exact) == (QuoteState.ORPHAN, before.exact)
    assert after.nearest is not None
    assert after.nearest.exact == exact.format(corrected)


@pytest.mark.parametrize(
    "quote",
    [
        Quote(exact="ab  " * 1_200),
        Quote(exact="ab" * 2_000 + "c"),
        Quote(exact="a … " * 1_000),
        Quote(exact=". " * 2_000 + "b", prefix=". . "),
        Quote(exact="a-" * 2_000),
    ],
)
def test_the_work_for_a_map_is_bounded_before_it_begins(quote: Quote) -> None:
    work = Work(left=20_000_000)
    anchors = Anchors(("ab . a-" * 20_000), (quote,), work)
    for _ in range(200):
        anchors.of(quote)
    assert work.left < 0  # that much was done, and no more than the last step above it
    assert work.left > -200 * 20_000_000
    assert anchors.of(quote) == (
        Quote(exact=quote.exact, prefix=quote.prefix, state=QuoteState.ORPHAN),
    )
