"""The commands that reason about maps: what they print, what they exit with, one line for whatever goes wrong."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import argmap
from argmap import cli
from argmap.analysis.review import RULES
from argmap.model import ArgumentMap, Claim, Relation, Scheme, canonical
from tests.support.references import each_reference

Run = Callable[..., tuple[int, str, str]]

BRIDGE = ArgumentMap(
    claims=(
        Claim(id="t", kind="thesis", text="The city should close the old bridge."),
        Claim(id="p", kind="premise", text="The bridge is no longer safe.", weight=0.8),
        Claim(id="e", kind="evidence", text="The chief engineer says so.", speaker="The engineer"),
        Claim(id="b", kind="rebuttal", text="The detour costs an hour.", weight=0.3),
    ),
    relations=(
        Relation(id="r1", kind="supports", sources=("p",), target="t"),
        Relation(
            id="r2",
            kind="supports",
            sources=("e",),
            target="p",
            scheme=Scheme(key="expert_opinion"),
        ),
        Relation(id="r3", kind="attacks", sources=("b",), target="t"),
    ),
)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str | Path, stdin: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["argmap", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        assert all(line.startswith("argmap: ") for line in err.splitlines())
        return int(ended.value.code or 0), out, err

    return call


@pytest.fixture
def bridge(tmp_path: Path) -> Path:
    path = tmp_path / "bridge.json"
    path.write_bytes(canonical(BRIDGE))
    return path


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.json"
    path.write_bytes(canonical(BRIDGE).replace(b'"target":"p"', b'"target":"nobody"'))
    return path


def test_check_reviews_a_valid_map_and_passes_unless_it_is_strict(run: Run, bridge: Path) -> None:
    status, out, err = run("check", bridge)
    assert (status, err) == (0, "")
    first, *findings = out.splitlines()
    assert first == f"{bridge}: a map of 4 claims and 3 relations"
    assert {line.rpartition("[")[2] for line in findings} == {
        "unanswered-attack]", "one-legged]", "bare-evidence]",
    }  # fmt: skip
    assert run("check", bridge, "--strict")[0] == 1


def test_check_leaves_out_rules_and_refuses_unknown_ones(run: Run, bridge: Path) -> None:
    words = [word for rule in RULES for word in ("--without", rule.code)]
    assert run("check", bridge, "--strict", *words)[0] == 0
    status, _, err = run("check", bridge, "--without", "nonsense")
    assert status == 1
    assert "nonsense" in err


def test_check_writes_json_and_sarif_for_a_folder_of_maps(
    run: Run, bridge: Path, broken: Path
) -> None:
    status, out, err = run("check", bridge, broken, "--json")
    assert status == 1  # one file has a fault, the other is reviewed all the same
    assert "nobody" in err
    answer, faulty = json.loads(out)
    assert (answer["file"], answer["faults"]) == (str(bridge), [])
    assert (faulty["file"], faulty["faults"][0]["code"]) == (str(broken), "unknown_id")
    assert {finding["code"] for finding in answer["findings"]} >= {"unanswered-attack"}
    status, out, _ = run("check", bridge, bridge, "--sarif")
    assert status == 0
    log = json.loads(out)
    assert len(log["runs"][0]["results"]) == 2 * len(answer["findings"])
    status, out, _ = run("check", broken, "--sarif")
    assert status == 1
    run_of_it = json.loads(out)["runs"][0]
    (result,) = run_of_it["results"]
    assert (
        run_of_it["tool"]["driver"]["rules"][result["ruleIndex"]]["id"]
        == result["ruleId"]
        == "invalid-map"
    )
    assert result["locations"][0]["logicalLocations"] == [
        {"fullyQualifiedName": "relations/1/target"}
    ]
    assert run("check", bridge, "--json", "--sarif")[0] == 2


def test_accept_prints_the_extensions(run: Run, bridge: Path) -> None:
    status, out, _ = run("accept", bridge, "--semantics", "grounded", "--json")
    assert (status, json.loads(out)) == (0, [["p", "e", "b"]])
    status, out, _ = run("accept", bridge, "--support", "structured")
    assert out.splitlines()[0] == "{p, e, b}"
    assert json.loads(run("accept", bridge, "--full")[1])["labels"]["t"] == "out"


def test_strength_prints_a_number_for_each_claim(run: Run, bridge: Path) -> None:
    status, out, _ = run("strength", bridge, "--semantics", "df-quad", "--json")
    assert status == 0
    found = json.loads(out)
    assert list(found) == ["t", "p", "e", "b"]
    assert found["p"] == pytest.approx(0.9)
    assert found["t"] == pytest.approx(0.8)
    assert json.loads(run("strength", bridge, "--full")[1])["semantics"] == "quadratic-energy"
    assert "0.500  The chief engineer says so." in run("strength", bridge)[1]


def test_explain_says_it_in_words_and_figures(run: Run, bridge: Path) -> None:
    status, out, _ = run("explain", bridge, "--semantics", "df-quad")
    assert status == 0
    assert out.startswith("t (“The city should close the old bridge.”) has a strength of 0.80")
    found = json.loads(run("explain", bridge, "--claim", "p", "--json")[1])
    assert found["claim"] == "p"
    status, out, err = run("explain", bridge, "--claim", "zz")
    assert (status, out) == (1, "")
    assert "'zz'" in err


def test_questions_lists_open_and_answered_ones(run: Run, bridge: Path) -> None:
    status, out, _ = run("questions", bridge)
    assert status == 0
    assert "r2 cq_expert_opinion_field:" in out
    assert len(json.loads(run("questions", bridge, "--open", "--json")[1])["questions"]) == 6


def test_open_questions_are_drawn_into_the_map_for_a_picture(run: Run, bridge: Path) -> None:
    status, out, _ = run("questions", bridge, "--map")
    assert status == 0
    status, svg, _ = run("render", "-", stdin=out.encode())
    assert status == 0
    assert "Do other experts agree?" in svg


def test_stats_counts_each_file_and_all_together(run: Run, bridge: Path) -> None:
    status, out, _ = run("stats", bridge, bridge)
    assert status == 0
    assert "2 maps together:" in out
    assert "the author 75%, The engineer 25%" in out
    found = json.loads(run("stats", bridge, "--json")[1])
    assert found["files"][0]["claims"] == 4
    assert found["together"]["maps"] == 1


def test_compare_holds_one_file_against_another(run: Run, bridge: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_bytes(
        canonical(BRIDGE.replace(claims=BRIDGE.claims[:3], relations=BRIDGE.relations[:2]))
    )
    status, out, _ = run("compare", bridge, other)
    assert status == 0
    assert "+ b: The detour costs an hour." in out
    found = json.loads(run("compare", other, bridge, "--json")[1])
    assert (found["claims"]["precision"], found["claims"]["recall"]) == (1, 0.75)
    assert run("compare", bridge, tmp_path / "nowhere.json")[0] == 1


@pytest.mark.parametrize(
    "words",
    [
        ("accept", "--semantics", "best"),
        ("accept", "--support", "none"),
        ("strength", "--semantics", "loud"),
        ("strength", "--linked", "sum"),
        ("explain", "--semantics", "loud"),
    ],
)
def test_a_choice_that_does_not_exist_is_refused_with_those_that_do(
    run: Run, bridge: Path, words: tuple[str, ...]
) -> None:
    status, out, err = run(words[0], bridge, *words[1:])
    assert (status, out) == (2, "")
    assert words[-1] in err
    assert "not one of" in err


@pytest.mark.parametrize("command", ["stats", "accept", "strength", "explain", "questions"])
def test_a_broken_file_is_one_line_each_and_no_answer(run: Run, broken: Path, command: str) -> None:
    status, _, err = run(command, broken)
    assert status == 1
    assert "nobody" in err


def test_a_map_is_read_from_standard_input(run: Run) -> None:
    assert run("strength", "-", "--json", stdin=canonical(BRIDGE))[0] == 0


@each_reference
def test_compare_gives_annotated_dialogues_their_reference_values_of_cass(
    run: Run,
    corpora: Path,
    one: str,
    other: str,
    matching: float,
    segmentation: float,
    total: float,
) -> None:
    names = [corpora / "xaif" / f"{name}.json" for name in (one, other)]
    status, out, _ = run("compare", *names, "--json")
    assert status == 0
    found = json.loads(out)["annotation_cass"]
    assert [round(found[name], 10) for name in ("matching", "segmentation", "score")] == [
        matching, segmentation, total,
    ]  # fmt: skip
    assert f"dialogue included: {total:.4f}" in run("compare", *names)[1]


def test_compare_passes_over_what_is_malformed_in_an_annotation(run: Run, tmp_path: Path) -> None:
    graph = {
        "nodes": [{"nodeID": 1, "type": "I", "text": "The bridge is safe."}],
        "edges": [{"fromID": 1, "toID": 99}],
    }
    path = tmp_path / "odd.json"
    path.write_text(json.dumps({"AIF": graph, "text": ""}))
    status, out, _ = run("compare", path, path, "--json")
    assert status == 0
    found = json.loads(out)["annotation_cass"]
    assert (found["matching"], found["segmentation"], found["score"]) == (1, None, None)


TGF = {
    "bas1": [["a", "c"], ["a", "d", "g"]],
    "even_cycle2": [["1", "3"], ["2", "4"]],
    "simple_attack1": [["2"]],
}


@pytest.mark.parametrize("name", TGF)
def test_published_frameworks_are_read_and_accepted_from_the_command_line(
    run: Run, corpora: Path, name: str
) -> None:
    path = corpora / "tgf" / f"{name}.tgf"
    found = json.loads(run("accept", path, "--semantics", "preferred", "--json")[1])
    texts = {claim.id: claim.text for claim in argmap.load(path).claims}
    assert [[texts[id] for id in extension] for extension in found] == TGF[name]


@pytest.mark.parametrize(
    ("semantics", "a1", "a2", "p2"),
    [
        ("df-quad", 0.862, 0.85, 0.08),
        ("quadratic-energy", 0.719852, 0.66443, 0.185874),
        ("euler", 0.68938, 0.626285, 0.339943),
    ],
)
def test_a_published_debate_is_read_and_weighed_from_the_command_line(
    run: Run, corpora: Path, semantics: str, a1: float, a2: float, p2: float
) -> None:
    path = corpora / "bag" / "RagoEtAlEDemocracy.bag"
    found = json.loads(run("strength", path, "--semantics", semantics, "--json")[1])
    assert [round(found[name], 6) for name in ("A1", "A2", "P2")] == [a1, a2, p2]
