"""Kialo's text export: numbers say what a claim stands under, links are sources, "See" joins branches."""

from pathlib import Path

import pytest

from argmap import formats
from argmap.errors import FormatError
from argmap.formats import LossKind
from argmap.model import ArgumentMap, ClaimKind, RelationKind

EXAMPLE = Path(__file__).parents[2] / "examples" / "formats" / "trams.kialo.txt"
HEAD = "Discussion Title: On \\[trams\\]\n\n1. Build them.\n"


def load(text: str) -> formats.Loaded:
    return formats.load(text.encode())


def numbered(map: ArgumentMap) -> dict[str, str]:
    return {claim.origin.id: claim.id for claim in map.claims if claim.origin and claim.origin.id}


def test_pros_and_cons_lead_to_the_claim_they_stand_under() -> None:
    loaded = formats.load(EXAMPLE.read_bytes())
    map, ids = loaded.map, numbered(loaded.map)
    assert loaded.format == "kialo"
    assert not loaded.report
    assert map.title == "Should Millbrook build a tram?"
    joined = {(r.sources[0], r.kind, r.target) for r in map.relations}
    pro, con = RelationKind.SUPPORTS, RelationKind.ATTACKS
    assert (ids["1.1.1."], pro, ids["1.1."]) in joined
    assert (ids["1.1.2."], con, ids["1.1."]) in joined
    assert (ids["1.2.1."], pro, ids["1."]) in joined  # "-> See 1.2.1."
    assert len(map.claims) == 6
    evidence = map.claim(ids["1.1.1."])
    assert evidence is not None
    assert evidence.kind is ClaimKind.EVIDENCE
    assert evidence.source is not None
    assert evidence.source.url == "https://example.org/count"
    assert "the county's traffic count shows" in evidence.text


def test_escapes_vanish_and_a_claim_may_run_over_several_lines() -> None:
    map = load(HEAD + "1.1. Pro: They \\(all\\) are\n\nquiet.\n1.2. Con: dear\n").map
    assert map.title == "On [trams]"
    assert map.claims[1].text == "They (all) are\n\nquiet."


def test_several_theses_and_great_depth_are_read() -> None:
    deep = "".join(f"1.{'1.' * depth} Pro: reason {depth}\n" for depth in range(1, 151))
    map = load(HEAD + deep + "2. Or build buses.\n").map
    assert len(map.claims) == 152
    assert len(map.relations) == 150


LOST = {
    "text before the first claim": (HEAD.replace("1. B", "Hear, hear!\n1. B"), LossKind.STRUCTURE),
    "a claim twice": (HEAD + "1.1. Pro: a\n1.1. Pro: b\n", LossKind.DUPLICATE),
    "a claim of no side": (HEAD + "1.1. Neither.\n", LossKind.STRUCTURE),
    "a second link": (HEAD + "1.1. Pro: [a](https://a.org) [b](https://b.org)\n", LossKind.SOURCE),
    "a link to nowhere": (HEAD + "1.1. Pro: -> See 7.7.\n", LossKind.DANGLING),
    "a parent that is not there": (HEAD + "1.4.1. Pro: of what?\n", LossKind.DANGLING),
    "a pro of nothing": (HEAD + "2. Pro: alone\n", LossKind.DANGLING),
    "an empty claim": (HEAD + "1.1. Pro: \n", LossKind.TEXT),
    "links in a circle": (
        HEAD + "1.1. Pro: -> See 1.2.\n1.2. Pro: -> See 1.1.\n",
        LossKind.DANGLING,
    ),
}


@pytest.mark.parametrize(("text", "kind"), LOST.values(), ids=LOST.keys())
def test_what_is_odd_is_survived_and_reported(text: str, kind: LossKind) -> None:
    loaded = load(text)
    assert kind in loaded.report.kinds()
    assert loaded.map.claims[0].text == "Build them."


def test_a_text_without_the_first_line_is_refused_with_its_line() -> None:
    with pytest.raises(FormatError, match="line 2"):
        formats.load(b"\n1. Build them.", format="kialo")


OTHER = """Discussion Name:
Should the town keep its pool?

1. Thesis:
The town should keep its pool.

  1.1. Pro:
  Swimming lessons save lives [1] and are cheap [2].

    1.1.1. Con:
    Lessons could be given in the lake:
    1. in summer
    2. in spring [7].

  1.2. Con:
  The pool costs too much.

    1.2.1. Pro:
    See 1.1.1.

2. Thesis:
The town should build a new one.

Sources:
[1] https://example.org/drowning
"Children who had lessons
drown less often."
[2] The costs of lessons. https://example.org/costs
[3] https://example.org/unused
"""


def test_the_layout_with_words_below_their_heads_is_read_with_its_sources() -> None:
    loaded = load(OTHER)
    map, ids = loaded.map, numbered(loaded.map)
    assert loaded.format == "kialo"
    assert map.title == "Should the town keep its pool?"
    texts = {claim.origin.id: claim.text for claim in map.claims if claim.origin}
    assert texts == {
        "1.": "The town should keep its pool.",
        "1.1.": "Swimming lessons save lives and are cheap.",
        "1.1.1.": "Lessons could be given in the lake:\n1. in summer\n2. in spring [7].",
        "1.2.": "The pool costs too much.",
        "2.": "The town should build a new one.",
    }
    lessons = map.claim(ids["1.1."])
    assert lessons is not None
    assert lessons.source is not None
    assert lessons.source.url == "https://example.org/drowning"
    assert lessons.note is not None
    assert lessons.note.startswith('"Children who had lessons\ndrown less often."\n')
    assert "The costs of lessons. https://example.org/costs" in lessons.note
    joined = {(r.sources[0], r.kind, r.target) for r in map.relations}
    assert joined == {
        (ids["1.1."], RelationKind.SUPPORTS, ids["1."]),
        (ids["1.1.1."], RelationKind.ATTACKS, ids["1.1."]),
        (ids["1.2."], RelationKind.ATTACKS, ids["1."]),
        (ids["1.1.1."], RelationKind.SUPPORTS, ids["1.2."]),
    }
    theses = [claim.id for claim in map.claims if claim.kind is ClaimKind.THESIS]
    assert theses == [ids["1."], ids["2."]]
    assert [(loss.kind, loss.place) for loss in loaded.report.losses] == [
        (LossKind.SOURCE, "1.1."),
        (LossKind.SOURCE, "[3]"),
    ]


def test_a_question_above_several_theses_is_the_title() -> None:
    text = (
        "Discussion Name:\nWhat now?\n\n1. Question:\nWhat now?\n\n"
        "  1.1. Thesis:\n  Go.\n\n    1.1.1. Pro:\n    Late.\n\n  1.2. Thesis:\n  Stay.\n"
    )
    loaded = load(text)
    assert [claim.text for claim in loaded.map.claims] == ["Go.", "Late.", "Stay."]
    assert len(loaded.map.relations) == 1
    assert not loaded.report


def test_a_list_of_sources_that_is_none_belongs_to_the_claim() -> None:
    loaded = load(HEAD + "1.1. Pro: They say so.\nSources:\nmy aunt\n")
    assert loaded.map.claims[1].text == "They say so.\nSources:\nmy aunt"
