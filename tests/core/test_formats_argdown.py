"""Argdown text: read as its own tool reads it, written so that the tool finds the same, in linear time."""

import gc
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from argmap import formats
from argmap.formats import LossKind
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind, Scheme
from tests.support.strategies import examples, maps

SUPPORTS, ATTACKS = RelationKind.SUPPORTS, RelationKind.ATTACKS
ROOT = Path(__file__).parents[2]


def read(text: str) -> ArgumentMap:
    return formats.load(text.encode(), format="argdown").map


def facts(map: ArgumentMap) -> list[tuple[Any, ...]]:
    """The relations of a map by the names of what they join, in no particular order."""

    def name(id: str) -> Any:
        claim, relation = map.claim(id), map.relation(id)
        return fact(relation) if relation else (claim and (claim.label or claim.text))

    def fact(relation: Relation) -> tuple[Any, ...]:
        sources = tuple(name(source) for source in relation.sources)
        return relation.kind.value, sources, name(relation.target), relation.label, relation.scheme

    return sorted((fact(relation) for relation in map.relations), key=str)


def test_titles_texts_tags_links_and_marks() -> None:
    map = read(
        "# Group\n\n[One]: A **bold** and _slanted_ text\n  that goes on, with \\[brackets\\] and a "
        "[link](https://example.org/a). #tag #(long tag)\n\n<Two>: An argument {weight: 0.7, own: [1, 2]}\n"
    )
    one, two = map.claims
    assert one.label == "One"
    assert one.text == "A bold and slanted text that goes on, with [brackets] and a link."
    assert one.tags == ("tag", "long tag")
    assert one.source is not None
    assert one.source.url == "https://example.org/a"
    assert one.origin is not None
    assert one.origin.extra == {"section": [1, "Group"]}
    assert two.weight == 0.7
    assert two.origin is not None
    assert two.origin.extra["data"] == {"own": [1, 2]}
    assert two.origin.extra["type"] == "argument"


def test_every_operator_and_direction() -> None:
    operators = {
        "+": (SUPPORTS, "B", "A"), "<+": (SUPPORTS, "B", "A"), "+>": (SUPPORTS, "A", "B"),
        "-": (ATTACKS, "B", "A"), "<-": (ATTACKS, "B", "A"), "->": (ATTACKS, "A", "B"),
    }  # fmt: skip
    for operator, (kind, source, target) in operators.items():
        assert facts(read(f"[A]: a\n  {operator} [B]: b")) == [
            (kind.value, (source,), target, None, None)
        ]
    assert len(facts(read("[A]: a\n  >< [B]: b"))) == 2


def test_indentation_says_what_a_relation_leads_to() -> None:
    map = read("[A]\n  + [B]\n    - [C]\n      + [D]\n    - [E]\n  - [F]\n[G]\n  + [A]\n")
    joined = {(fact[1][0], fact[2]) for fact in facts(map)}
    assert joined == {("B", "A"), ("C", "B"), ("D", "C"), ("E", "B"), ("F", "A"), ("A", "G")}


SPELLED = """
<Proof>: A short proof.

(1) [P]: all men are mortal
(2) Socrates is a man
-- Modus Ponens, Other {uses: [1, 2]} --
(3) [M]: Socrates is mortal
(4) [Q]: what is mortal will die
----
(5) [End]: Socrates will die

[End]
  + <Proof>
  - <Proof>

<Other>
  _> <Proof>
[Doubt]
  -> <Proof>
"""


def test_a_spelled_out_argument_is_one_linked_step_for_each_inference() -> None:
    map = read(SPELLED)
    first, second, *others = map.relations
    names = {claim.id: claim.label or claim.text for claim in map.claims}
    assert [names[id] for id in first.sources] == ["P", "Socrates is a man"]
    assert names[first.target] == "M"
    assert first.scheme == Scheme(name="Modus Ponens, Other")
    assert [names[id] for id in second.sources] == ["M", "Q"]
    assert second.label == "Proof"
    assert second.note == "A short proof."
    assert [(r.kind, names[r.sources[0]], r.target) for r in others] == [
        (ATTACKS, "Other", second.id),
        (ATTACKS, "Doubt", second.id),
    ]


def test_an_undercut_of_an_argument_that_is_not_spelled_out_leads_to_its_step() -> None:
    map = read("[A]\n  + <B>: because\n    _ [C]: not so\n")
    step, undercut = map.relations
    assert undercut.target == step.id
    report = formats.load(b"[A]: a\n  _ [C]: c", format="argdown").report
    assert report.kinds() == {LossKind.UNDERCUT}


def test_strict_mode_makes_attacks_between_statements_symmetric() -> None:
    text = "[A]: a\n  - [B]: b\n  - <C>: c\n"
    assert len(read(text).relations) == 2
    map = read("===\nmodel:\n    mode: strict\n===\n\n" + text)
    assert len(map.relations) == 3
    again = formats.load(formats.dump(map, "argdown").data).map
    assert facts(again) == facts(map)


def test_comments_and_escapes_and_odd_lines_are_no_content() -> None:
    map = read(
        "[A]: a // comment\n/* two\nlines */\n  + [B]: b <!-- x -->\n\n[C]: 1 \\< 2 and \\#no tag\n"
    )
    assert [claim.text for claim in map.claims] == ["a", "b", "1 < 2 and #no tag"]


LOST = {
    "bold": ("a **b** c", LossKind.LAYOUT),
    "data of a heading": ("# Heading {isGroup: false}\n\n[A]: a", LossKind.METADATA),
    "data of nothing": ("{a: 1}\n\n[A]: a", LossKind.METADATA),
    "data of an inference apart": ("(1) b\n----\n{a: 1}\n(2) c", LossKind.METADATA),
    "a second wording": ("[A]: a\n\n[A]: b", LossKind.TEXT),
    "a second link": ("[A]: [x](https://a.org) [y](https://b.org)", LossKind.SOURCE),
    "a relation to nothing": ("[A]: a\n  +\n", LossKind.DANGLING),
    "an inference to nothing": ("<A>\n\n(1) b\n--\nrule\n--\n\n[C]", LossKind.DANGLING),
    "a relation under nothing": ("# Heading\n\n+ [A]: a", LossKind.DANGLING),
    "an inference that attacks": ("<A>\n\n(1) b\n----\n  -> [C]\n(2) d", LossKind.DANGLING),
    "numbers without a conclusion": ("<A>\n\n(1) b\n\n[C]", LossKind.DANGLING),
    "tags of a spelled-out argument": ("<A> #tag\n\n(1) b\n----\n(2) c", LossKind.TAGS),
    "uses of no statement": ("<A>\n\n(1) b\n-- {uses: [7, 1]} --\n(2) c", LossKind.DANGLING),
}


@pytest.mark.parametrize(("text", "kind"), LOST.values(), ids=LOST.keys())
def test_what_is_left_out_is_reported(text: str, kind: LossKind) -> None:
    loaded = formats.load(text.encode(), format="argdown")
    assert kind in loaded.report.kinds()
    assert loaded.map.claims


def test_linked_attacks_and_steps_with_a_scheme_are_spelled_out() -> None:
    map = ArgumentMap(
        claims=tuple(
            Claim(id=f"c{n}", kind=ClaimKind.PREMISE, text=f"text {n}") for n in range(1, 5)
        ),
        relations=(
            Relation(
                id="r1", kind=ATTACKS, sources=("c2", "c3"), target="c1", scheme=Scheme(key="bias")
            ),
            Relation(id="r2", kind=ATTACKS, sources=("c4",), target="r1"),
        ),
    )
    text = formats.dump(map, "argdown").data.decode()
    assert "<r1>\n\n(1) [c2]\n(2) [c3]\n-- Bias --\n" in text
    assert "<r1>\n  _ [c4]" in text
    assert formats.load(text.encode()).map == map


def test_ten_times_the_text_takes_about_ten_times_as_long() -> None:
    def seconds(text: str) -> float:
        gc.collect()
        gc.disable()  # programs set the collector (argmap.collector); the library leaves it alone
        try:
            begun = time.process_time()
            formats.load(text.encode(), format="argdown")
            return time.process_time() - begun
        finally:
            gc.enable()

    part = "[S{0}]: A **statement** number {0}, see @[S1]. #tag {a: 1}\n  + <A{0}>: why\n    - no // c\n\n"
    short, long = (
        "".join(part.replace("{0}", str(n)) for n in range(count)) for count in (300, 3_000)
    )
    ratios: list[float] = []
    while len(ratios) < 6 and min(ratios, default=99) > 14:  # a busy machine has hiccups
        ratios.append(seconds(long) / min(seconds(short) for _ in range(3)))
    assert min(ratios) <= 14, ratios


@pytest.fixture(scope="module")
def judge() -> Callable[[list[str]], list[dict[str, str]]]:
    """Argdown's own tool, in the folder that ARGMAP_JUDGES names (npm install --prefix FOLDER @argdown/core)."""
    folder = os.environ.get("ARGMAP_JUDGES", "")
    node = shutil.which("node")
    if (
        not folder
        or node is None
        or not (Path(folder) / "node_modules" / "@argdown" / "core").is_dir()
    ):
        pytest.skip(
            "ARGMAP_JUDGES names no folder with @argdown/core, or there is no node: NOT JUDGED by it"
        )

    def ask(texts: list[str]) -> list[dict[str, str]]:
        script = (ROOT / "tests" / "judges" / "argdown.cjs").read_text()
        done = subprocess.run(
            [node, "-e", script],
            input=json.dumps(texts),
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=120,
        )
        answers: list[dict[str, str]] = json.loads(done.stdout)
        return answers

    return ask


Judge = Callable[[list[str]], list[dict[str, str]]]


def test_argdowns_own_tool_finds_in_the_debates_what_we_find(judge: Judge, corpora: Path) -> None:
    files = sorted((corpora / "argdown").rglob("*.argdown"))
    compared = 0
    for path, answer in zip(files, judge([path.read_text() for path in files]), strict=True):
        if "json" in answer:  # some of its own tests are only for its lexer and do not parse
            ours = formats.load(path.read_bytes(), format="argdown").map
            theirs = formats.load(answer["json"].encode(), format="argdown-json").map
            assert facts(ours) == facts(theirs), path
            described = {(c.label, c.text, c.tags, c.source) for c in ours.claims}
            assert described == {(c.label, c.text, c.tags, c.source) for c in theirs.claims}, path
            compared += 1
    assert compared >= 26


def test_argdowns_own_tool_finds_in_what_we_write_what_was_in_the_map(judge: Judge) -> None:
    written: list[ArgumentMap] = []

    @given(maps(min_claims=1))
    @settings(examples(60), database=None, suppress_health_check=list(HealthCheck))
    def collect(map: ArgumentMap) -> None:
        written.append(map)

    collect()
    texts = [formats.dump(map, "argdown").data.decode() for map in written]
    for map, text, answer in zip(written, texts, judge(texts), strict=True):
        assert "json" in answer, (answer.get("refused"), text)
        theirs = formats.load(answer["json"].encode(), format="argdown-json").map
        ours = formats.load(text.encode(), format="argdown").map
        assert facts(theirs) == facts(ours), text
        assert len(theirs.claims) == len(map.claims)
        assert [r.kind for r in ours.relations] == [r.kind for r in map.relations]


def test_what_is_left_out_is_reported_with_the_line_it_stands_on() -> None:
    text = """===
title: Trams
===

// first
[A]: Build // second
  + They /* third
 and more */ **hum**
  +
<!-- fourth -->

(1) alone

(1) one
-- Rule --

[C]: Cheap
"""
    lines = {
        loss.message: loss.place for loss in formats.load(text.encode(), "argdown").report.losses
    }
    assert lines == {
        "A comment was left out.": "line 5, line 6, line 7, line 10",
        "Bold and italic type was dropped.": "line 7",
        "A relation to nothing was dropped.": "line 9",
        "An inference without a conclusion was dropped.": "line 15",
    }


def test_numbered_statements_that_conclude_nothing_are_reported_where_they_begin() -> None:
    loaded = formats.load(b"[A]: x\n\n(1) alone\n(2) and\n(3) more\n\n[B]: y\n", "argdown")
    assert [loss.place for loss in loaded.report.losses] == ["line 3"]


def test_an_undercut_of_an_inference_that_is_dropped_does_not_lead_to_the_next_one() -> None:
    text = "(1) p\n----\n  <_ <U>: no\n\n[C]: x\n\n(1) q\n----\n(2) [D]: d\n"
    loaded = formats.load(text.encode(), "argdown")
    assert [relation.kind for relation in loaded.map.relations] == [RelationKind.SUPPORTS]
    assert [claim.text for claim in loaded.map.claims] == ["p", "no", "x", "q", "d"]
    assert [loss.place for loss in loaded.report.losses] == ["line 2", "line 2"]
