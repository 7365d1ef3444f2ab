"""brat standoff: all spans become quotes, stances become implicit relations, a second MajorClaim restates the first."""

from pathlib import Path

import pytest

import argmap
from argmap import formats
from argmap.formats import LossKind
from argmap.model import ClaimKind, RelationKind

TEXT = "On trams\n\nTrams are good. They are quiet, and they never queue.\nTo sum up, trams are a boon.\n"


def at(words: str) -> str:
    """The offsets of words in the text."""
    return f"{TEXT.index(words)} {TEXT.index(words) + len(words)}"


LINES = (
    f"T1\tMajorClaim {at('Trams are good')}\tTrams are good",
    f"T2\tClaim {at('They are quiet')}\tThey are quiet",
    "A1\tStance T2 For",
    f"T3\tPremise {at('they')};{at('queue')}\tthey queue",
    "R1\tattacks Arg1:T3 Arg2:T2\t",
    f"T4\tMajorClaim {at('trams are a boon')}\ttrams are a boon",
    "#1\tAnnotatorNotes T3\tAre they?",
)


def ann(*more: str) -> bytes:
    return "\n".join([*LINES, *more, ""]).encode()


def test_spans_stances_relations_and_notes_are_read() -> None:
    assert (
        TEXT[46:66] == "they never queue.\nTo"
    )  # the second fragment is not what it says, see below
    loaded = formats.load(ann(), beside=TEXT.encode())
    map = loaded.map
    assert map.article is not None
    assert [c.kind for c in map.claims] == [
        ClaimKind.THESIS, ClaimKind.PREMISE, ClaimKind.REBUTTAL, ClaimKind.THESIS
    ]  # fmt: skip
    assert [[(q.exact, q.start) for q in c.quotes] for c in map.claims[:2]] == [
        [("Trams are good", 10)], [("They are quiet", 26)]
    ]  # fmt: skip
    assert [len(c.quotes) for c in map.claims] == [1, 1, 2, 1]
    assert map.claims[2].note == "Are they?"
    assert [(r.id, r.kind, r.sources, r.target, r.implicit) for r in map.relations] == [
        ("A1", RelationKind.SUPPORTS, ("T2",), "T1", True),
        ("R1", RelationKind.ATTACKS, ("T3",), "T2", False),
        ("r1", RelationKind.RESTATES, ("T4",), "T1", True),
    ]
    assert not loaded.report


def test_offsets_count_a_windows_line_break_as_two_characters() -> None:
    text = TEXT.replace("\n", "\r\n")
    start = text.index("They are quiet")
    data = f"T2\tClaim {start} {start + 14}\tThey are quiet\n".encode()
    (claim,) = formats.load(data, beside=text.encode()).map.claims
    assert [(q.exact, q.start) for q in claim.quotes] == [("They are quiet", 26)]


def test_without_the_text_words_are_kept_and_the_loss_is_reported() -> None:
    loaded = formats.load(ann())
    assert loaded.map.claims[0].quotes[0].exact == "Trams are good"
    assert loaded.report.kinds() == {LossKind.QUOTE}


def test_a_text_in_windows_1252_is_reported() -> None:
    text = TEXT.replace("boon", "bo\xf6n")
    loaded = formats.load(ann(), beside=text.encode("cp1252"))
    assert LossKind.ENCODING in loaded.report.kinds()
    assert loaded.map.article is not None
    assert loaded.map.article.text == text


def test_the_library_reads_the_text_beside_a_file_along(tmp_path: Path) -> None:
    (tmp_path / "essay.ann").write_bytes(ann())
    assert argmap.load(tmp_path / "essay.ann").article is None
    (tmp_path / "essay.txt").write_text(TEXT)
    map = argmap.load(tmp_path / "essay.ann")
    assert map.article is not None
    assert (map.article.title, map.article.text) == ("essay", TEXT)


LOST = {
    "an event": ("E1\tAct:T1", LossKind.METADATA),
    "a relation of another kind": ("R9\tcauses Arg1:T1 Arg2:T2\t", LossKind.METADATA),
    "a note to nothing": ("#9\tAnnotatorNotes T77\tx", LossKind.NOTE),
    "a relation to nothing": ("R9\tsupports Arg1:T1 Arg2:T77\t", LossKind.DANGLING),
    "a span outside the text": ("T9\tClaim 9000 9004\tnope", LossKind.QUOTE),
    "words of another span": ("T9\tClaim 0 8\tOff trams", LossKind.QUOTE),
    "a line of nonsense": ("nonsense", LossKind.METADATA),
}


@pytest.mark.parametrize(("line", "kind"), LOST.values(), ids=LOST.keys())
def test_what_a_map_cannot_say_is_reported(line: str, kind: LossKind) -> None:
    loaded = formats.load(ann(line), format="brat", beside=TEXT.encode())
    assert loaded.report.kinds() == {kind}
    assert len(loaded.map.claims) >= 4


def test_stances_and_restatements_are_written_as_they_were_read() -> None:
    map = formats.load(ann(), beside=TEXT.encode()).map
    written = formats.dump(map, "brat")
    text = written.data.decode()
    assert "A1\tStance T2 For" in text
    assert text.count("MajorClaim") == 2
    again = formats.load(written.data, beside=TEXT.encode()).map
    assert [c.quotes for c in again.claims] == [c.quotes for c in map.claims]
    assert {(r.kind, r.sources, r.target) for r in again.relations} == {
        (r.kind, r.sources, r.target) for r in map.relations
    }


def test_undercuts_restatements_and_linked_premises_are_reported_when_written() -> None:
    map = formats.load(ann(), beside=TEXT.encode()).map
    linked = map.relations[1].replace(sources=("T3", "T1"))
    undercut = map.relations[1].replace(id="R7", target="A1")
    restated = map.relations[2].replace(id="R8", implicit=False)
    odd = map.replace(relations=(map.relations[0], linked, undercut, restated))
    kinds = formats.dump(odd, "brat").report.kinds()
    assert {LossKind.LINKED, LossKind.UNDERCUT, LossKind.RELATION} <= kinds


def test_a_changed_order_of_relations_is_reported() -> None:
    map = formats.load(ann(), beside=TEXT.encode()).map
    assert [relation.kind for relation in map.relations][-1] is RelationKind.RESTATES
    assert LossKind.ORDER in formats.dump(map, "brat").report.kinds()
    first = map.replace(relations=(map.relations[-1], *map.relations[:-1]))
    assert LossKind.ORDER not in formats.dump(first, "brat").report.kinds()
