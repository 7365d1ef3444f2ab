"""SADFace: old and new kinds of steps, sources as quotes, and everything a map adds kept in the metadata."""

import json
from typing import Any

import pytest

from argmap import formats
from argmap.errors import FormatError
from argmap.formats import LossKind
from argmap.model import RelationKind

SAMPLE: dict[str, Any] = {
    "metadata": {"core": {"id": "d1", "title": "Trams", "analyst_name": "A", "analyst_email": "a@example.org",
                          "created": "2026-01-01T00:00:00", "edited": "2026-01-01T00:00:00", "version": "0.2"}},
    "resources": [{"id": "t", "type": "text", "content": "Trams are quiet. Buses are not.", "metadata": {}}],
    "nodes": [
        {"id": "70447169-9264-41dc-b8e9-50523f8368c1", "type": "atom", "text": "Build trams", "sources": [],
         "metadata": {"core": {}}},
        {"id": "b", "type": "atom", "text": "Trams are quiet", "metadata": {},
         "sources": [{"resource_id": "t", "text": "quiet", "offset": 10, "length": 5},
                     {"resource_id": "t", "text": "Buses", "offset": 17, "length": 5}]},
        {"id": "c", "type": "atom", "text": "Rails are dear", "metadata": {}, "sources": []},
        {"id": "s", "type": "scheme", "name": "Expert Opinion", "metadata": {}},
        {"id": "i", "type": "inference", "name": "support", "metadata": {}},
        {"id": "x", "type": "conflict", "metadata": {}},
        {"id": "y", "type": "scheme", "name": "conflict", "metadata": {}},
    ],
    "edges": [
        {"id": "1", "source_id": "b", "target_id": "s"},
        {"id": "2", "source_id": "s", "target_id": "70447169-9264-41dc-b8e9-50523f8368c1"},
        {"id": "3", "source_id": "c", "target_id": "i"}, {"id": "4", "source_id": "i", "target_id": "b"},
        {"id": "5", "source_id": "c", "target_id": "x"}, {"id": "6", "source_id": "x", "target_id": "s"},
        {"id": "7", "source_id": "c", "target_id": "y"}, {"id": "8", "source_id": "y", "target_id": "b"},
    ],
}  # fmt: skip


def load(value: dict[str, Any]) -> formats.Loaded:
    return formats.load(json.dumps(value).encode())


def test_atoms_sources_and_both_spellings_of_steps_are_read() -> None:
    loaded = load(SAMPLE)
    map = loaded.map
    assert not loaded.report
    assert map.title == "Trams"
    assert [c.id for c in map.claims] == ["c1", "b", "c"]  # a UUID is kept as the origin only
    assert map.claims[0].origin is not None
    assert [(q.exact, q.start) for q in map.claims[1].quotes] == [("quiet", 10), ("Buses", 17)]
    kinds = [(r.id, r.kind, r.target) for r in map.relations]
    assert kinds == [
        ("s", RelationKind.SUPPORTS, "c1"), ("i", RelationKind.SUPPORTS, "b"),
        ("x", RelationKind.ATTACKS, "s"), ("y", RelationKind.ATTACKS, "b"),
    ]  # fmt: skip
    assert map.relations[0].scheme is not None
    assert map.relations[0].scheme.key == "expert_opinion"


def test_the_core_and_the_ids_come_back() -> None:
    value = json.loads(formats.dump(load(SAMPLE).map, "sadface").data)
    assert value["metadata"]["core"] == SAMPLE["metadata"]["core"]
    assert value["nodes"][0]["id"] == "70447169-9264-41dc-b8e9-50523f8368c1"
    assert value["nodes"][1]["sources"][0] == SAMPLE["nodes"][1]["sources"][0] | {
        "resource_id": value["resources"][0]["id"]
    }


LOST: dict[str, tuple[dict[str, Any], LossKind]] = {
    "a node of another type": ({"id": "z", "type": "other"}, LossKind.STRUCTURE),
    "a node twice": ({"id": "b", "type": "atom", "text": "again"}, LossKind.DUPLICATE),
    "a source that is a text": (
        {"id": "z", "type": "atom", "text": "t", "sources": ["x"]},
        LossKind.QUOTE,
    ),
    "a step without ends": ({"id": "z", "type": "inference"}, LossKind.DANGLING),
}


@pytest.mark.parametrize(("node", "kind"), LOST.values(), ids=LOST.keys())
def test_what_a_map_cannot_say_is_reported(node: dict[str, Any], kind: LossKind) -> None:
    assert load({**SAMPLE, "nodes": [*SAMPLE["nodes"], node]}).report.kinds() == {kind}


def test_further_resources_are_reported_and_a_quote_is_looked_for_where_its_offset_is_wrong() -> (
    None
):
    more = json.loads(json.dumps(SAMPLE))
    more["resources"].append({"id": "u", "content": "other"})
    more["nodes"][1]["sources"][0]["offset"] = 3
    loaded = load(more)
    assert loaded.report.kinds() == {LossKind.ARTICLE, LossKind.QUOTE}
    assert loaded.map.claims[1].quotes[0].start == 10


def test_a_wrong_type_is_an_error_with_its_path() -> None:
    with pytest.raises(FormatError) as caught:
        load({**SAMPLE, "nodes": [{"type": "atom"}]})
    assert caught.value.place == "nodes/0/id"
