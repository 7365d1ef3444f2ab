"""OVA2 JSON: nodes, edges that hold copies of them, the analysed text and its spans."""

import json
from typing import Any

import pytest

from argmap import formats
from argmap.errors import FormatError
from argmap.formats import LossKind
from argmap.model import ClaimKind, RelationKind


def sample(**changes: Any) -> bytes:
    trams = {
        "id": 1,
        "x": 3,
        "y": 4,
        "type": "I",
        "text": "Build trams",
        "majorClaim": True,
        "participantID": 0,
    }
    quiet = {
        "id": 2, "type": "I", "text": "They hum", "participantID": 5, "text_begin": [6], "text_end": [14],
        "comment": "sic",
    }  # fmt: skip
    step = {"id": 3, "type": "RA", "text": "Default Inference", "scheme": "Argument From Sign"}
    value = {
        "nodes": [trams, quiet, step],
        "edges": [{"from": quiet, "to": step}, {"from": {"id": 3}, "to": {"id": 1}}],
        "participants": [{"id": 5, "firstname": "Ann", "surname": "Bee"}],
        "analysis": {"txt": "Well, <b>they hum</b>.", "documentTitle": "On trams"},
        **changes,
    }
    return json.dumps(value).encode()


def test_claims_steps_speakers_and_spans_are_read() -> None:
    loaded = formats.load(sample())
    trams, quiet = loaded.map.claims
    assert loaded.format == "ova2"
    assert trams.kind is ClaimKind.THESIS
    assert quiet.speaker == "Ann Bee"
    assert quiet.note == "sic"
    assert [(q.exact, q.start) for q in quiet.quotes] == [("they hum", 6)]
    (step,) = loaded.map.relations
    assert (step.kind, step.target) == (RelationKind.SUPPORTS, "c1")
    assert step.scheme is not None
    assert step.scheme.key == "sign"
    assert loaded.report.kinds() == {LossKind.LAYOUT}


def test_the_number_of_a_scheme_is_no_name_and_then_the_text_tells() -> None:
    nodes = json.loads(sample())["nodes"]
    nodes[2] |= {"scheme": "72", "text": "Argument From Sign"}
    step = formats.load(sample(nodes=nodes)).map.relations[0]
    assert step.scheme is not None
    assert (step.scheme.key, step.scheme.name) == ("sign", None)


LOST = {
    "a locution": ({"id": 9, "type": "L", "text": "x"}, LossKind.DIALOGUE),
    "a preference": ({"id": 9, "type": "PA"}, LossKind.PREFERENCE),
    "another type": ({"id": 9, "type": "?"}, LossKind.STRUCTURE),
    "a node twice": ({"id": 2, "type": "I", "text": "again"}, LossKind.DUPLICATE),
    "a span outside": (
        {"id": 9, "type": "I", "text": "x", "text_begin": [90], "text_end": [99]},
        LossKind.QUOTE,
    ),
}


@pytest.mark.parametrize(("node", "kind"), LOST.values(), ids=LOST.keys())
def test_what_a_map_cannot_say_is_reported(node: dict[str, Any], kind: LossKind) -> None:
    nodes = [*json.loads(sample())["nodes"], node]
    assert formats.load(sample(nodes=nodes)).report.kinds() == {LossKind.LAYOUT, kind}


def test_the_annotator_is_reported() -> None:
    analysis = {"txt": "Well, they hum.", "annotatorName": "Bea"}
    kinds = formats.load(sample(analysis=analysis)).report.kinds()
    assert kinds == {LossKind.LAYOUT, LossKind.METADATA}


def test_an_edge_to_nowhere_is_reported_and_one_without_an_end_refused() -> None:
    lost = formats.load(sample(edges=[{"from": {"id": 77}, "to": {"id": 1}}]))
    assert [loss.place for loss in lost.report.losses if "from or to a node" in loss.message] == [
        "77 -> 1"
    ]
    with pytest.raises(FormatError) as caught:
        formats.load(sample(edges=[{"from": {"id": 1}}]))
    assert caught.value.place == "edges/0/to"
