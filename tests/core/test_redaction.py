"""What stands around quotes is not for those who may not see the article: one rule, for every field of a quote."""

import json

from argmap.model import ArgumentMap, Claim, Quote, canonical
from argmap.model.claim import Passage
from argmap.model.redaction import bare_claim, bare_item, without_surroundings

# Every field of a quote is of one of these kinds; who adds one decides which.
SHOWN = {"exact", "start", "end", "state", "confidence", "given"}
HIDDEN = {"prefix", "suffix", "nearest"}


def test_of_every_field_of_a_quote_it_is_known_whether_it_tells_more_than_the_quoted_words() -> (
    None
):
    assert set(Quote.model_fields) == SHOWN | HIDDEN
    assert SHOWN.isdisjoint(HIDDEN)


def test_no_hidden_field_is_left() -> None:
    quote = Quote(
        exact="quoted",
        prefix="secret before",
        suffix="secret after",
        state="orphan",
        nearest=Passage(exact="secret near", start=1, end=12),
    )
    claim = Claim(id="c1", kind="premise", text="Words.", quotes=(quote,))
    map = ArgumentMap(claims=(claim,))
    bare = without_surroundings(map)
    for written in (
        canonical(bare),
        canonical(bare_claim(claim)),
        json.dumps(bare_item(claim.model_dump(mode="json"))).encode(),
    ):
        assert b"secret" not in written
        assert b"quoted" in written
    assert without_surroundings(bare) is bare
    assert bare.claims[0].quotes[0].exact == "quoted"
