"""xAIF: speakers from participants, quotes from the marked text, ids of both kinds."""

import json
from pathlib import Path
from typing import Any

import pytest

from argmap import formats
from argmap.errors import FormatError
from argmap.formats import LossKind


def sample(**changes: Any) -> bytes:
    graph = {
        "nodes": [
            {"nodeID": "1_9", "text": "Trams are quiet", "type": "I"},
            {"nodeID": 2, "text": "Ann Bee: Trams? Quiet!", "type": "L"},
            {"nodeID": "3_9", "text": "Asserting", "type": "YA"},
            {"nodeID": "4_9", "text": "We should build trams", "type": "I"},
            {"nodeID": "5_9", "text": "Argument From Sign", "type": "RA"},
        ],
        "edges": [
            {"edgeID": 1, "fromID": 2, "toID": "3_9"}, {"edgeID": 2, "fromID": "3_9", "toID": "1_9"},
            {"edgeID": 3, "fromID": "1_9", "toID": "5_9"}, {"edgeID": 4, "fromID": "5_9", "toID": "4_9"},
        ],
        "schemefulfillments": None,
        "participants": [{"participantID": 7, "firstname": "Ann", "surname": "Bee"}],
        "locutions": [{"nodeID": "2", "personID": "7", "start": None, "end": None}],
        "descriptorfulfillments": None,
    }  # fmt: skip
    text = 'Ann Bee: <span id="node2" class="highlighted">Trams?<br>Quiet &amp; slow!</span> Well.'
    return json.dumps({"AIF": graph, "text": text, "OVA": [], **changes}).encode()


def test_speakers_come_from_participants_and_spans_become_quotes() -> None:
    map = formats.load(sample()).map
    quiet, thesis = map.claims
    assert quiet.speaker == "Ann Bee"
    assert map.article is not None
    assert map.article.text == "Ann Bee: Trams?\nQuiet & slow! Well."
    assert [(q.exact, q.start) for q in quiet.quotes] == [("Trams?\nQuiet & slow!", 9)]
    assert thesis.quotes == ()
    assert map.relations[0].scheme is not None
    assert map.relations[0].scheme.key == "sign"


def test_a_text_may_be_an_object_or_missing_and_then_words_are_loose_quotes() -> None:
    map = formats.load(sample(text={"txt": "Nothing marked", "url": ""})).map
    assert [q.state for q in map.claims[0].quotes] == ["orphan"]
    map = formats.load(sample(text="")).map
    assert [(q.exact, q.state) for q in map.claims[0].quotes] == [("Trams? Quiet!", "unanchored")]
    assert map.article is None


def test_the_drawing_and_fulfilled_descriptors_are_reported() -> None:
    data = json.loads(sample(ova={"nodes": [{"nodeID": 1, "x": 3}]}))
    del data["OVA"]
    data["AIF"]["cqdescriptorfulfillments"] = [{"nodeID": 1}]
    kinds = formats.load(json.dumps(data).encode()).report.kinds()
    assert kinds == {LossKind.DIALOGUE, LossKind.LAYOUT, LossKind.METADATA, LossKind.QUOTE}


def test_crossing_quotes_are_reported_and_nested_ones_come_back() -> None:
    map = formats.load(sample()).map
    text = map.article.text if map.article and map.article.text else ""

    def quote(start: int, end: int) -> dict[str, Any]:
        return {
            "exact": text[start:end], "prefix": text[max(0, start - 32) : start], "suffix": text[end : end + 32],
            "start": start, "end": end,
        }  # fmt: skip

    first, second = map.claims
    nested = map.replace(claims=(first, second.replace(quotes=(quote(9, 15),))))
    written = formats.dump(nested, "xaif")
    assert LossKind.QUOTE not in written.report.kinds()
    assert formats.load(written.data).map.claims[1].quotes == nested.claims[1].quotes
    crossing = map.replace(claims=(first, second.replace(quotes=(quote(5, 15),))))
    report = formats.dump(crossing, "xaif").report
    assert [loss.place for loss in report.losses if loss.kind is LossKind.QUOTE] == ["c1"]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"AIF": []}, "AIF"),
        ({"AIF": {"nodes": 3}}, "AIF/nodes"),
        ({"AIF": {"nodes": [], "participants": [1]}}, "AIF/participants/0"),
    ],
)
def test_a_wrong_type_is_an_error_with_its_path(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(FormatError) as caught:
        formats.load(sample(**changes), format="xaif")
    assert caught.value.place == place


def test_every_span_of_the_real_files_that_marks_a_locution_of_a_claim_is_a_quote(
    corpora: Path,
) -> None:
    files = sorted((corpora / "xaif").glob("*.json"))
    assert len(files) >= 5
    for path in files:
        map = formats.load(path.read_bytes()).map
        quotes = [quote for claim in map.claims for quote in claim.quotes]
        assert all(quote.state == "anchored" for quote in quotes)
        assert len(quotes) >= len(map.claims) * 0.75
