"""Every line that reports a loss: take it out of the code, and a test fails, here or beside the format."""

import datetime
import json
from typing import Any

import pytest

from argmap import formats
from argmap.formats import FORMATS, LossKind
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.report import Losses
from argmap.model import (
    ArgumentMap,
    Article,
    Claim,
    ClaimKind,
    Origin,
    Quote,
    QuoteState,
    Relation,
    RelationKind,
    Scheme,
    Source,
    limits,
)
from tests.support.format_files import words_in

TEXT = "Trams hum. Cars roar, all day long."


def quoted(words: str, **changes: Any) -> Quote:
    start = TEXT.index(words)
    end = start + len(words)
    fields = {"prefix": TEXT[max(0, start - 32) : start], "suffix": TEXT[end : end + 32], **changes}
    return Quote(exact=words, start=start, end=end, state=QuoteState.ANCHORED, **fields)


# A word for every field, told nowhere else: what is not in the written file must be in the report.
WHOLE = ArgumentMap(
    title="Maptitle",
    language="pt-BR",
    article=Article(
        title="Heading",
        authors=("Author1", "Author2"),
        publication="Gazette",
        url="https://example.org/page",
        published=datetime.date(2021, 3, 4),
        language="eo",
        text=TEXT,
        rights="Reserved",
    ),
    claims=(
        Claim(
            id="c1",
            kind=ClaimKind.PREMISE,
            text="Claim1",
            label="Label1",
            speaker="Speaker1",
            weight=0.37,
            tags=("Tag1", "Tag2"),
            note="Note1",
            quotes=(quoted("Trams hum"), quoted("Cars roar")),
        ),
        Claim(
            id="c2",
            kind=ClaimKind.EVIDENCE,
            text="Claim2",
            implicit=True,
            source=Source(
                author="Writer",
                title="Study",
                publication="Press",
                date="May",
                url="https://example.org/study",
            ),
        ),
        Claim(
            id="c3",
            kind=ClaimKind.THESIS,
            text="Claim3",
            origin=Origin(format="other", id="Oldclaim", extra={"a": "Extra3"}),
        ),
        Claim(id="c4", kind=ClaimKind.REBUTTAL, text="Claim4"),
    ),
    relations=(
        Relation(
            id="r1",
            kind=RelationKind.SUPPORTS,
            sources=("c1", "c2"),
            target="c3",
            scheme=Scheme(key="analogy", name="Likeness"),
            label="Step1",
            weight=0.59,
            note="Stepnote",
            origin=Origin(format="other", id="Oldstep"),
        ),
        Relation(id="r2", kind=RelationKind.ATTACKS, sources=("c4",), target="r1"),
        Relation(
            id="r3",
            kind=RelationKind.ATTACKS,
            sources=("c1",),
            target="r2",
            scheme=Scheme(name="Quibble"),
        ),
        Relation(id="r4", kind=RelationKind.RESTATES, sources=("c4",), target="c2"),
    ),
    origin=Origin(format="other", id="Oldmap", extra={"b": "Extramap"}),
)
WORDS = [
    *[(f"Claim{number}", LossKind.TEXT, f"c{number}") for number in (1, 2, 3, 4)],
    ("Maptitle", LossKind.TITLE, ""), ("pt-BR", LossKind.LANGUAGE, ""),
    *[(word, LossKind.ARTICLE, "") for word in ("Heading", "Author1", "Author2", "Gazette", "/page", "2021-03-04")],
    *[(word, LossKind.ARTICLE, "") for word in ('"eo"', "Reserved", "all day long")],
    ("Label1", LossKind.LABEL, "c1"), ("Speaker1", LossKind.SPEAKER, "c1"), ("0.37", LossKind.WEIGHT, "c1"),
    ("Tag1", LossKind.TAGS, "c1"), ("Tag2", LossKind.TAGS, "c1"), ("Note1", LossKind.NOTE, "c1"),
    ("Trams hum", LossKind.QUOTE, "c1"), ("Cars roar", LossKind.QUOTE, "c1"),
    *[(word, LossKind.SOURCE, "c2") for word in ("Writer", "Study", "Press", "May", "/study")],
    ("Oldclaim", LossKind.ORIGIN, "c3"), ("Extra3", LossKind.ORIGIN, "c3"), ("Oldstep", LossKind.ORIGIN, "r1"),
    ("Oldmap", LossKind.ORIGIN, "map"), ("Extramap", LossKind.ORIGIN, "map"),
    ("analogy", LossKind.SCHEME, "r1"), ("Likeness", LossKind.SCHEME, "r1"), ("Quibble", LossKind.SCHEME, "r3"),
    ("Step1", LossKind.LABEL, "r1"), ("0.59", LossKind.WEIGHT, "r1"), ("Stepnote", LossKind.NOTE, "r1"),
]  # fmt: skip
DROPPED = {LossKind.RELATION, LossKind.UNDERCUT}  # the relation with all that it says


@pytest.mark.parametrize("name", [name for name, format in FORMATS.items() if format.dump])
def test_every_word_of_a_map_is_in_the_file_or_in_the_report_at_its_place(name: str) -> None:
    written = formats.dump(WHOLE, name)
    text = words_in(written.data)
    silent = [
        word
        for word, kind, place in WORDS
        if word not in text
        and not any(
            (loss.kind is kind or (place[:1] == "r" and loss.kind in DROPPED))
            and (not loss.place or place in loss.place.split(", "))
            for loss in written.report.losses
        )
    ]
    assert silent == []


def told(map: ArgumentMap, name: str) -> list[tuple[LossKind, str]]:
    return [(loss.kind, loss.place) for loss in formats.dump(map, name).report.losses]


def pair(**changes: Any) -> ArgumentMap:
    """A thesis and its reason; `changes` are those of the reason."""
    return ArgumentMap(
        claims=(
            Claim(id="T1", kind=ClaimKind.THESIS, text="Build trams"),
            Claim(**{"id": "T2", "kind": ClaimKind.PREMISE, "text": "Trams hum", **changes}),
        ),
        relations=(
            Relation(
                id="r1", kind=RelationKind.SUPPORTS, sources=("T2",), target="T1", implicit=True
            ),
        ),
    )


def test_bytes_that_are_no_utf_8_are_reported() -> None:
    loaded = formats.load("a Caf\xe9\n#\n".encode("cp1252"), "tgf")
    assert loaded.report.kinds() == {LossKind.ENCODING}
    assert loaded.map.claims[0].text == "Caf\xe9"


@pytest.mark.parametrize(
    "name", ["aif", "xaif", "csv", "dot", "mermaid", "markdown", "text", "html"]
)
def test_a_key_that_a_schemes_own_name_hides_is_reported(name: str) -> None:
    scheme = Scheme(key="analogy", name="Likeness")
    map = pair()
    map = map.replace(relations=(map.relations[0].replace(implicit=False, scheme=scheme),))
    assert (LossKind.SCHEME, "r1") in told(map, name)


def test_brat_tells_what_its_numbers_stances_and_lines_cannot_say() -> None:
    assert told(pair(), "brat") == [(LossKind.ID, "")]
    assert (LossKind.KIND, "T2") in told(pair(kind=ClaimKind.REBUTTAL), "brat")
    assert (LossKind.TEXT, "T2") in told(pair(text="Trams\nhum"), "brat")
    assert (LossKind.NOTE, "T2") in told(pair(note="one\ntwo"), "brat")
    explicit = pair().replace(relations=(pair().relations[0].replace(implicit=False),))
    assert (LossKind.IMPLICIT, "r1") in told(explicit, "brat")
    loose = Quote(exact="hum", state=QuoteState.UNANCHORED)
    assert (LossKind.QUOTE, "T2") in told(pair(quotes=(loose,)), "brat")


def test_frameworks_tell_their_line_breaks_missing_weights_and_ids() -> None:
    attack = Relation(id="r1", kind=RelationKind.ATTACKS, sources=("T2",), target="T1")
    map = pair(text="Trams\nhum", kind=ClaimKind.REBUTTAL).replace(relations=(attack,))
    for name in ("tgf", "apx", "bag"):
        assert {(LossKind.TEXT, "T2"), (LossKind.ID, "r1")} <= set(told(map, name))
    assert (LossKind.WEIGHT, "T1, T2") in told(map, "bag")


@pytest.mark.parametrize("name", ["csv", "html"])
def test_where_a_quote_stands_is_told_where_only_its_words_are_written(name: str) -> None:
    map = pair(quotes=(quoted("Trams hum"),)).replace(article=Article(title="Trams", text=TEXT))
    assert (LossKind.QUOTE, "T2") in told(map, name)
    loose = Quote(exact="hum", state=QuoteState.UNANCHORED)
    assert (LossKind.QUOTE, "T2") not in told(pair(quotes=(loose,)), name)


def test_arguebuf_tells_origins_of_other_formats_and_quotes_it_cannot_give_back() -> None:
    other = Origin(format="other", id="x")
    assert told(pair(origin=other), "arguebuf") == [(LossKind.ORIGIN, "T2")]
    map = pair(quotes=(quoted("Trams hum"), quoted("Cars roar")))
    map = map.replace(article=Article(title="Trams", text=TEXT))
    assert told(map, "arguebuf") == [(LossKind.QUOTE, "T2")]


def test_an_argument_of_argdown_that_a_step_is_spelled_out_with_is_reported() -> None:
    argument = Origin(format="argdown", extra={"type": "argument"})
    map = pair(origin=argument)
    assert (LossKind.ORIGIN, "T2") not in told(map.replace(relations=()), "argdown")
    assert (LossKind.ORIGIN, "T2") in told(map, "argdown")


def debate(**changes: Any) -> dict[str, Any]:
    return {
        "arguments": {"A": {"title": "A", "pcs": [{"title": "P"}]}},
        "statements": {"P": {"title": "P", "members": [{"text": "P"}]}},
        "relations": [],
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "kind", "place"),
    [
        ({"map": {"nodes": [], "edges": []}}, LossKind.LAYOUT, "map"),
        ({"relations": [{"relationType": "attack", "from": "P"}]}, LossKind.DANGLING, "relations/0"),
        ({"statements": {}}, LossKind.DANGLING, "A: 1"),
    ],
)  # fmt: skip
def test_what_of_an_argdown_export_is_no_part_of_the_map_is_reported(
    changes: dict[str, Any], kind: LossKind, place: str
) -> None:
    loaded = formats.load(json.dumps(debate(**changes)).encode(), "argdown-json")
    assert (kind, place) in [(loss.kind, loss.place) for loss in loaded.report.losses]


def test_quotes_that_sadface_cannot_give_back_are_told() -> None:
    article = Article(title="Trams", text=TEXT)
    fine = pair(quotes=(quoted("Trams hum"),)).replace(article=article)
    assert told(fine, "sadface") == []
    orphan = Quote(exact="Trams hum", prefix="Old ", state=QuoteState.ORPHAN)
    assert told(pair(quotes=(orphan,)).replace(article=article), "sadface") == [
        (LossKind.QUOTE, "T2")
    ]


NUMBERED = ["aif", "xaif", "arggraph", "arguebuf", "sadface", "graphml", "tgf", "apx"]


@pytest.mark.parametrize("name", NUMBERED)
def test_ids_that_are_numbered_anew_after_a_claim_is_taken_out_are_told(name: str) -> None:
    map = ArgumentMap(
        claims=tuple(
            Claim(
                id=f"c{number}",
                kind=ClaimKind.THESIS,
                text=f"Claim {number}",
                origin=Origin(format=name, id=str(number)),
            )
            for number in (1, 3)
        )
    )
    assert (LossKind.ID, "c3") in told(map, name)
    assert LossKind.ID not in dict(told(map.replace(claims=map.claims[:1]), name))


def test_what_was_kept_of_a_file_and_is_not_written_again_is_told() -> None:
    strange = Origin(format="aif", id="9", extra={"colour": "red"})
    assert (LossKind.ORIGIN, "T2") in told(pair(origin=strange), "aif")
    known = Origin(format="aif", id="9", extra={"timestamp": "2020-01-01 00:00:00"})
    assert LossKind.ORIGIN not in dict(told(pair(origin=known), "aif"))
    taken = Origin(format="aif", id="T1")
    assert (LossKind.ORIGIN, "T2") in told(pair(origin=taken), "aif")
    spaced = Origin(format="tgf", id="a b")
    assert (LossKind.ORIGIN, "T2") in told(pair(origin=spaced), "tgf")
    twin = Origin(format="argdown", id="T1")
    assert (LossKind.ORIGIN, "T2") in told(pair(origin=twin), "argdown")
    front = Origin(format="argdown", extra={"front": "title: Other\nauthor: Ann\n"})
    assert (LossKind.ORIGIN, "map") in told(pair().replace(origin=front), "argdown")
    named = Origin(format="sadface", id="document")
    assert (LossKind.ORIGIN, "map") in told(pair().replace(origin=named), "sadface")


def test_a_draft_tells_what_it_repairs() -> None:
    draft = Draft("other", Losses())
    draft.claims = {
        "a": DraftClaim("a", "Build", extra={"data": "x" * (limits.ORIGIN_EXTRA_BYTES + 1)}),
        "b": DraftClaim("b", "Hum"),
    }
    many = [f"s{number}" for number in range(limits.SOURCES_PER_RELATION + 1)]
    draft.claims |= {key: DraftClaim(key, key) for key in many}
    supports = RelationKind.SUPPORTS
    draft.relations = {
        "r": DraftRelation("r", supports, ["b", "nobody"], "a"),
        "m": DraftRelation("m", supports, many, "a"),
    }
    map = draft.build()
    assert [len(relation.sources) for relation in map.relations] == [1, limits.SOURCES_PER_RELATION]
    assert [(loss.kind, loss.place) for loss in draft.losses.report().losses] == [
        (LossKind.DANGLING, "r: nobody"),
        (LossKind.RELATION, "m"),
        (LossKind.METADATA, "a"),
    ]


def test_what_does_not_fit_the_model_is_cut_and_reported() -> None:
    losses = Losses()
    assert fit_fields.weight(2, losses, "a") is None
    assert fit_fields.weight(True, losses, "b") is None
    assert fit_fields.one_line("x" * 50, 10, losses, "c") == "x" * 9 + "…"
    assert fit_fields.many_lines("y" * 50, 10, losses, "d") == "y" * 9 + "…"
    assert len(fit_fields.tags(map(str, range(limits.TAGS + 1)), losses, "e")) == limits.TAGS
    text = fit_fields.article_text("z" * (limits.ARTICLE_TEXT + 1), losses)
    assert text is not None
    assert len(text) == limits.ARTICLE_TEXT
    many = ({"exact": str(number)} for number in range(limits.QUOTES_PER_CLAIM + 1))
    assert len(fit_fields.quotes(many, losses, "f") or ()) == limits.QUOTES_PER_CLAIM
    assert [(loss.kind, loss.count, loss.place) for loss in losses.report().losses] == [
        (LossKind.WEIGHT, 2, "a, b"),
        (LossKind.TEXT, 1, "c"),
        (LossKind.TEXT, 1, "d"),
        (LossKind.TAGS, 1, "e"),
        (LossKind.ARTICLE, 1, ""),
        (LossKind.QUOTE, 1, "f"),
    ]


@pytest.mark.parametrize("name", ["text", "markdown", "html"])
def test_an_outline_tells_what_it_leaves_out_of_an_article(name: str) -> None:
    cited = Article(title="Trams", authors=("Ann",), publication="Gazette")
    assert LossKind.ARTICLE not in dict(told(pair().replace(article=cited), name))
    rich = cited.replace(rights="Reserved")
    assert LossKind.ARTICLE in dict(told(pair().replace(article=rich), name))
