"""Abstract and weighted frameworks: tgf, apx and bag."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from argmap import formats
from argmap.analysis import Semantics, accept
from argmap.errors import FormatError
from argmap.formats import LossKind
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind

SUPPORTS, ATTACKS = RelationKind.SUPPORTS, RelationKind.ATTACKS


def test_tgf_names_labels_and_edges_are_read() -> None:
    loaded = formats.load(b"a\nb The second\n1\n#\na b\nb 1 supports\n")
    assert loaded.format == "tgf"
    assert [(c.id, c.text) for c in loaded.map.claims] == [
        ("a", "a"),
        ("b", "The second"),
        ("c1", "1"),
    ]
    assert [(r.kind, r.sources, r.target) for r in loaded.map.relations] == [
        (ATTACKS, ("a",), "b"), (SUPPORTS, ("b",), "c1")
    ]  # fmt: skip


def test_apx_and_bag_are_told_apart_by_their_weights() -> None:
    apx = formats.load(
        b'% a comment\narg(a). arg(b). % The second\narg("B-1").\natt(a,b).\natt("B-1", a).\n'
    )
    assert apx.format == "apx"
    assert [(c.id, c.text) for c in apx.map.claims] == [
        ("a", "The second"),
        ("b", "The second"),
        ("B-1", "B-1"),
    ]
    bag = formats.load(b"arg(Buy, 0.5)\narg(1, 0.8).\n\natt(Buy, 1)\nsup(1,Buy).\n")
    assert bag.format == "bag"
    assert [(c.id, c.weight) for c in bag.map.claims] == [("Buy", 0.5), ("c1", 0.8)]
    assert [r.kind for r in bag.map.relations] == [ATTACKS, SUPPORTS]


def test_a_comment_that_begins_with_the_name_of_its_argument_is_the_text_of_it() -> None:
    loaded = formats.load(b"arg(a).\n% a: The first: yes.\narg(b).\n% c: nobody\natt(a,b). % why\n")
    assert [claim.text for claim in loaded.map.claims] == ["The first: yes.", "b"]
    assert [(loss.kind, loss.place) for loss in loaded.report.losses] == [
        (LossKind.NOTE, "line 4, line 5")
    ]


LOST = {
    "tgf: an argument twice": ("tgf", "a\na\n#\n", LossKind.DUPLICATE),
    "tgf: a label of an edge": ("tgf", "a\nb\n#\na b because\n", LossKind.LABEL),
    "tgf: an edge to nowhere": ("tgf", "a\n#\na z\n", LossKind.DANGLING),
    "tgf: no line between": ("tgf", "a\nb\n", LossKind.STRUCTURE),
    "apx: an argument twice": ("apx", "arg(a).\narg(a).\n", LossKind.DUPLICATE),
    "apx: another fact": ("apx", "arg(a).\ngoal(a).\n", LossKind.STRUCTURE),
    "bag: a weight that is none": ("bag", "arg(a, 0.5).\narg(b, heavy).\n", LossKind.WEIGHT),
    "bag: a weight over one": ("bag", "arg(a, 7).\n", LossKind.WEIGHT),
    "bag: an attack from nowhere": ("bag", "arg(a, 0.1).\natt(z, a).\n", LossKind.DANGLING),
}


@pytest.mark.parametrize(("format", "text", "kind"), LOST.values(), ids=LOST.keys())
def test_what_a_map_cannot_say_is_reported(format: str, text: str, kind: LossKind) -> None:
    loaded = formats.load(text.encode(), format=format)
    assert loaded.report.kinds() == {kind}
    assert loaded.map.claims


@pytest.mark.parametrize(
    ("format", "text"), [("tgf", "a\n#\na a\n"), ("apx", "arg(a).\natt(a,a).\n")]
)
def test_an_argument_that_attacks_itself_is_kept_and_cannot_be_accepted(
    format: str, text: str
) -> None:
    loaded = formats.load(text.encode(), format=format)
    assert loaded.report.kinds() == set()
    assert accept(loaded.map, Semantics.STABLE).extensions == ()
    assert accept(loaded.map, Semantics.GROUNDED).extensions == ((),)


@pytest.mark.parametrize(
    ("format", "text", "line"), [("tgf", "a\n#\na\n", 3), ("apx", "arg(a).\natt(a b\n", 2), ("bag", "arg(a, 1).\n]", 2)]
)  # fmt: skip
def test_a_broken_line_is_an_error_with_its_number(format: str, text: str, line: int) -> None:
    with pytest.raises(FormatError) as caught:
        formats.load(text.encode(), format=format)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("tgf", "a\nb\n#\na b\nb"),
        ("tgf", "a\nb\n#\na b\nb z\n"),
        ("apx", "arg(a).\narg(b).\natt(a"),
        ("apx", "arg(a).\n?arg(b).\natt(a,b).\n"),
        ("apx", "arg(a). arg(b). att(a"),
        ("apx", "arg(a)." * 20_000),
        ("bag", "arg(a, 0.5).\natt(a, b, 0.4).\n"),
    ],
)
def test_a_broken_framework_is_not_taken_for_prose(format: str, text: str) -> None:
    content = formats.Content(text.encode())
    assert formats.sniff(content).name == format


def test_supports_are_no_attacks_and_are_reported_where_only_attacks_can_be_written() -> None:
    map = formats.load(b"arg(a, 0.5).\narg(b, 0.25).\nsup(a, b).\natt(b, a).\n").map
    for format, line in (("tgf", "b a"), ("apx", "att(b,a).")):
        written = formats.dump(map, format)
        assert LossKind.RELATION in written.report.kinds()
        assert line in written.data.decode().split("\n")
        assert "a b" not in written.data.decode().split("\n")
    assert formats.dump(map, "bag").data == b"arg(a, 0.5).\narg(b, 0.25).\nsup(a, b).\natt(b, a).\n"


def test_the_shipped_frameworks_of_the_corpora_have_the_arguments_that_their_lines_name(
    corpora: Path,
) -> None:
    files = sorted((corpora / "bag").iterdir())
    assert len(files) >= 2
    for path in files:
        map = formats.load(path.read_bytes()).map
        text = path.read_text()
        assert len(map.claims) == text.count("arg(")
        assert len(map.relations) == text.count("att(") + text.count("sup(")
        assert all(claim.weight is not None for claim in map.claims)


def test_another_reader_finds_the_same_arguments_and_attacks_in_what_we_write() -> None:
    """formal-argumentation in the environment FOLDER/python, where ARGMAP_JUDGES names FOLDER."""
    python = Path(os.environ.get("ARGMAP_JUDGES", "")) / "python" / "bin" / "python"
    if not os.environ.get("ARGMAP_JUDGES") or not os.access(python, os.X_OK):
        pytest.skip("ARGMAP_JUDGES names no folder with formal-argumentation: NOT JUDGED by it")
    map = ArgumentMap(
        claims=tuple(
            Claim(id=id, kind=ClaimKind.THESIS, text=text)
            for id, text in (
                ("a", "a"),
                ("b_1", "Trams (new ones) hum: % 50 dB, # 1."),
                ("C2", "x\ny"),
            )
        ),
        relations=(
            Relation(id="r1", kind=RelationKind.ATTACKS, sources=("a",), target="b_1"),
            Relation(id="r2", kind=RelationKind.ATTACKS, sources=("b_1", "C2"), target="C2"),
            Relation(id="r3", kind=RelationKind.SUPPORTS, sources=("a",), target="C2"),
        ),
    )
    files = [(format, formats.dump(map, format).data.decode()) for format in ("tgf", "apx")]
    script = Path(__file__).parents[1] / "judges" / "read_frameworks.py"
    done = subprocess.run(
        [python, script], input=json.dumps(files), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    found = {
        "arguments": ["C2", "a", "b_1"],
        "attacks": [["C2", "C2"], ["a", "b_1"], ["b_1", "C2"]],
    }
    assert json.loads(done.stdout) == [found, found]


def test_a_framework_of_the_newer_kind_is_read_with_its_names() -> None:
    loaded = formats.load(b"# two of three attack\np af 3\n# 2 Trams hum\n1 2\n2 3\n")
    assert loaded.format == "iccma23"
    assert [claim.text for claim in loaded.map.claims] == ["1", "Trams hum", "3"]
    assert [(r.sources, r.target) for r in loaded.map.relations] == [
        (("c1",), "c2"),
        (("c2",), "c3"),
    ]
    assert loaded.report.kinds() == {LossKind.NOTE}


@pytest.mark.parametrize(
    "text", ["p af 2\n1 3\n", "p af 2\n1\n", "p af 60000\n", "p af 2\n1 2 3\n", "# nothing\n"]
)
def test_a_broken_framework_of_the_newer_kind_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        formats.load(text.encode(), format="iccma23")
