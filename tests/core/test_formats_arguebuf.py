"""arguebuf JSON: every part of it that a map can say, and the judgement of arguebuf itself on what we write."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from argmap import formats
from argmap.errors import FormatError
from argmap.formats import LossKind
from argmap.formats.writing.report_unsaid import foreign_ids
from argmap.model import ArgumentMap, ClaimKind, RelationKind
from tests.support.strategies import examples, maps

ROOT = Path(__file__).parents[2]
SAMPLE: dict[str, Any] = {
    "nodes": {
        "a": {"atom": {"text": "We should build trams"}},
        "b": {
            "atom": {"text": "Trams are quiet", "reference": {"resource": "t", "text": "Trams"}, "participant": "p"}
        },
        "c": {"atom": {"text": "Buses are cheaper", "reference": {"resource": "t", "offset": 6, "text": "are"}}},
        "s": {"scheme": {"support": "SUPPORT_EXPERT_OPINION"}},
        "u": {"scheme": {"attack": "ATTACK_DEFAULT"}},
        "m": {"scheme": {"rephrase": "REPHRASE_DEFAULT"}},
    },
    "edges": {
        "1": {"source": "b", "target": "s"}, "2": {"source": "s", "target": "a"},
        "3": {"source": "c", "target": "u"}, "4": {"source": "u", "target": "s"},
        "5": {"source": "c", "target": "m"}, "6": {"source": "m", "target": "b"},
    },
    "resources": {"t": {"title": "On trams", "text": "Trams are quiet.", "source": "https://example.org/t"}},
    "participants": {"p": {"name": "Ann Bee"}},
    "majorClaim": "a",
    "schemaVersion": 1,
}  # fmt: skip


def load(value: dict[str, Any]) -> formats.Loaded:
    return formats.load(json.dumps(value).encode())


def test_atoms_schemes_references_participants_and_the_undercut_are_read() -> None:
    loaded = load(SAMPLE)
    map = loaded.map
    assert not loaded.report
    assert [(c.id, c.kind, c.speaker) for c in map.claims] == [
        ("a", ClaimKind.THESIS, None), ("b", ClaimKind.PREMISE, "Ann Bee"), ("c", ClaimKind.REBUTTAL, None)
    ]  # fmt: skip
    assert [[(q.exact, q.start) for q in c.quotes] for c in map.claims] == [
        [],
        [("Trams", 0)],
        [("are", 6)],
    ]
    assert [(r.id, r.kind, r.target) for r in map.relations] == [
        ("s", RelationKind.SUPPORTS, "a"), ("u", RelationKind.ATTACKS, "s"), ("m", RelationKind.RESTATES, "b")
    ]  # fmt: skip
    assert map.relations[0].scheme is not None
    assert map.relations[0].scheme.key == "expert_opinion"
    assert map.article is not None
    assert (map.article.title, map.article.url) == ("On trams", "https://example.org/t")


def test_snake_case_is_read_and_foreign_userdata_comes_back() -> None:
    value = {
        key: item for key, item in SAMPLE.items() if key not in ("majorClaim", "schemaVersion")
    }
    value |= {
        "major_claim": "c",
        "schema_version": 1,
        "library_version": "2",
        "userdata": {"mine": [1]},
    }
    map = load(value).map
    assert map.claims[2].kind is ClaimKind.THESIS
    assert json.loads(formats.dump(map, "arguebuf").data)["userdata"]["mine"] == [1]


LOST: dict[str, tuple[dict[str, Any], LossKind]] = {
    "a preference": ({"scheme": {"preference": "PREFERENCE_DEFAULT"}}, LossKind.PREFERENCE),
    "a step of no type": ({"scheme": {}}, LossKind.STRUCTURE),
    "neither atom nor scheme": ({"text": "?"}, LossKind.STRUCTURE),
    "premise descriptors": ({"scheme": {"support": "SUPPORT_SIGN", "premiseDescriptors": ["x"]}}, LossKind.METADATA),
    "a scheme as a number": ({"scheme": {"support": 700}}, LossKind.SCHEME),
    "a quote elsewhere": (
        {"atom": {"text": "t", "reference": {"resource": "t", "offset": 3, "text": "quiet"}}}, LossKind.QUOTE
    ),
    "a step without ends": ({"scheme": {"support": "SUPPORT_DEFAULT"}}, LossKind.DANGLING),
}  # fmt: skip


@pytest.mark.parametrize(("node", "kind"), LOST.values(), ids=LOST.keys())
def test_what_a_map_cannot_say_is_reported(node: dict[str, Any], kind: LossKind) -> None:
    loaded = load({**SAMPLE, "nodes": {**SAMPLE["nodes"], "x": node}})
    assert kind in loaded.report.kinds()
    assert len(loaded.map.claims) >= 3


def test_further_resources_analysts_and_lost_edges_are_reported() -> None:
    more = {**SAMPLE, "analysts": {"n": {"name": "N"}}}
    more["resources"] = {**SAMPLE["resources"], "z": {"text": "other"}}
    more["edges"] = {**SAMPLE["edges"], "9": {"source": "zz", "target": "a"}}
    assert load(more).report.kinds() == {LossKind.ARTICLE, LossKind.METADATA, LossKind.DANGLING}


def test_a_wrong_type_is_an_error_with_its_path() -> None:
    with pytest.raises(FormatError) as caught:
        load({**SAMPLE, "nodes": {"a": 3}})
    assert caught.value.place == "nodes/a"


Ask = Callable[[list[tuple[str, str]]], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def arguebuf() -> Ask:
    """arguebuf in the environment FOLDER/python, where ARGMAP_JUDGES names FOLDER (pip install arguebuf)."""
    python = Path(os.environ.get("ARGMAP_JUDGES", "")) / "python" / "bin" / "python"
    if not os.environ.get("ARGMAP_JUDGES") or not os.access(python, os.X_OK):
        pytest.skip("ARGMAP_JUDGES names no folder with arguebuf in python/: NOT JUDGED by it")

    def ask(files: list[tuple[str, str]]) -> list[dict[str, Any]]:
        script = ROOT / "tests" / "judges" / "read_with_arguebuf.py"
        done = subprocess.run(
            [python, script], input=json.dumps(files), capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr[-2_000:]
        answers: list[dict[str, Any]] = json.loads(done.stdout)
        return answers

    return ask


def expected(
    map: ArgumentMap, format: str
) -> tuple[dict[str, str], dict[str, str], list[list[str]]]:
    ids = foreign_ids(map, format)
    types = {"supports": "Support", "attacks": "Attack", "restates": "Rephrase"}
    edges = [[ids[source], ids[r.id]] for r in map.relations for source in r.sources]
    edges += [[ids[r.id], ids[r.target]] for r in map.relations]
    claims = {ids[claim.id]: " ".join(claim.text.split()) for claim in map.claims}
    return claims, {ids[r.id]: types[r.kind.value] for r in map.relations}, sorted(edges)


def test_arguebuf_finds_in_what_we_write_the_same_nodes_and_edges(arguebuf: Ask) -> None:
    written: list[ArgumentMap] = []

    @given(maps(min_claims=1))
    @settings(examples(40), database=None, suppress_health_check=list(HealthCheck))
    def collect(map: ArgumentMap) -> None:
        written.append(map)

    collect()
    asked = [(map, name) for name in ("arguebuf", "aif", "xaif", "sadface") for map in written]
    answers = arguebuf([(name, formats.dump(map, name).data.decode()) for map, name in asked])
    for (map, name), answer in zip(asked, answers, strict=True):
        assert "refused" not in answer, (name, answer)
        claims, steps, edges = expected(map, name)
        assert {id: " ".join(text.split()) for id, text in answer["claims"].items()} == claims
        assert answer["edges"] == edges
        if name == "sadface":  # of which it knows one name only
            assert set(answer["steps"]) == set(steps)
        else:
            assert {id: type for id, (type, _) in answer["steps"].items()} == steps


def test_arguebuf_reads_the_undercuts_and_schemes_that_we_write(arguebuf: Ask) -> None:
    answer, microtext = arguebuf(
        [
            ("arguebuf", formats.dump(load(SAMPLE).map, "arguebuf").data.decode()),
            ("microtexts", formats.dump(load(SAMPLE).map, "arggraph").data.decode()),
        ]
    )
    assert answer["steps"]["s"] == ["Support", "EXPERT_OPINION"]
    assert ["u", "s"] in answer["edges"]
    assert answer["major"] == "a"
    assert len(microtext["claims"]) == 3


def test_other_readers_find_the_claims_of_brat_and_the_whole_of_graphml_that_we_write(
    arguebuf: Ask,
) -> None:
    map = load(SAMPLE).map
    brat, graphml = arguebuf(
        [
            ("brat", formats.dump(map, "brat").data.decode()),
            ("graphml", formats.dump(map, "graphml").data.decode()),
        ]
    )
    texts = {text.removeprefix(". ") for text in brat["claims"].values()}
    assert texts == {
        "We should build trams",
        "Trams",
        "are",
    }  # the words of the text that are quoted
    assert graphml["claims"] == {claim.id: claim.text for claim in map.claims}
    assert graphml["steps"] == {"s": "supports"}
    assert graphml["edges"] == [
        ["b", "s", None], ["c", "b", "restates"], ["c", "s", "attacks"], ["s", "a", None]
    ]  # fmt: skip
