"""AIFdb JSON: what becomes of nodes, edges and locutions, and that everything else is reported."""

import json
from typing import Any

import pytest

from argmap import formats
from argmap.errors import FormatError
from argmap.formats import LossKind
from argmap.formats.aif.speakers import split_speaker
from argmap.model import ClaimKind, QuoteState, RelationKind, parse_map


def aif(nodes: str, edges: str = "", **more: Any) -> bytes:
    """AIF from a shorthand: "1:I:text 2:RA" and "1>2 2>3"."""
    parts = [part.split(":", 2) for part in nodes.split(" | ")]
    value = {
        "nodes": [
            {"nodeID": p[0], "type": p[1], "text": p[2] if len(p) > 2 else p[1]} for p in parts
        ],
        "edges": [
            {"edgeID": str(n), "fromID": pair.split(">")[0], "toID": pair.split(">")[1]}
            for n, pair in enumerate(edges.split())
        ],
        "locutions": [],
    }
    return json.dumps({**value, **more}).encode()


def test_linked_and_convergent_premises_stay_distinct() -> None:
    map = formats.load(
        aif("1:I:t | 2:I:a | 3:I:b | 4:I:c | 5:RA | 6:RA", "2>5 3>5 5>1 4>6 6>1")
    ).map
    assert [(r.sources, r.target) for r in map.relations] == [(("c2", "c3"), "c1"), (("c4",), "c1")]
    assert map.relations[0].origin is not None
    assert map.relations[0].origin.id == "5"


def test_undercuts_and_undercuts_of_undercuts_stay_undercuts() -> None:
    map = formats.load(
        aif("1:I:t | 2:I:a | 3:I:b | 4:I:c | 5:RA | 6:CA | 7:CA", "2>5 5>1 3>6 6>5 4>7 7>6")
    ).map
    assert [(r.kind, r.target) for r in map.relations] == [
        (RelationKind.SUPPORTS, "c1"),
        (RelationKind.ATTACKS, "r1"),
        (RelationKind.ATTACKS, "r2"),
    ]


def test_kinds_follow_from_the_place_in_the_map() -> None:
    map = formats.load(
        aif(
            "1:I:t | 2:I:a | 3:I:40 per cent | 4:I:no | 5:RA | 6:RA | 7:CA",
            "2>5 5>1 3>6 6>2 4>7 7>1",
        )
    ).map
    assert [c.kind for c in map.claims] == [
        ClaimKind.THESIS, ClaimKind.PREMISE, ClaimKind.EVIDENCE, ClaimKind.REBUTTAL
    ]  # fmt: skip


def test_locutions_give_speaker_and_words_and_are_reported() -> None:
    loaded = formats.load(
        aif("1:I:the claim | 2:L:Ann Bee : her own words | 3:YA:Asserting", "2>3 3>1")
    )
    claim = loaded.map.claims[0]
    assert claim.speaker == "Ann Bee"
    assert [(q.exact, q.state) for q in claim.quotes] == [("her own words", QuoteState.UNANCHORED)]
    assert loaded.report.kinds() == {LossKind.DIALOGUE}
    assert loaded.report.losses[0].count == 2


def test_words_that_stand_in_the_text_beside_become_anchored_quotes() -> None:
    data = aif(
        "1:I:the claim | 2:L:Ann : her own words | 3:YA:Asserting | 4:I:said twice | 5:I:said twice",
        "2>3 3>1",
    )
    text = b"Well, her own words. It was said twice, said twice."
    map = formats.load(data, beside=text, name="debate7.json").map
    assert map.article is not None
    assert map.article.title == "debate7"
    starts = [claim.quotes[0].start for claim in map.claims]
    assert starts == [6, 28, 40]
    for claim in map.claims:
        (quote,) = claim.quotes
        assert map.article.text is not None
        assert map.article.text[quote.start : quote.end] == quote.exact


def test_marked_up_text_in_windows_1252_is_read_as_plain_text_and_reported() -> None:
    text = '<span class="highlighted" id="node1">the caf\xe9</span><br>closed &amp; gone'.encode(
        "cp1252"
    )
    loaded = formats.load(aif("1:I:the café | 2:I:closed & gone"), beside=text)
    assert loaded.map.article is not None
    assert loaded.map.article.text == "the café\nclosed & gone"
    assert [c.quotes[0].start for c in loaded.map.claims] == [0, 9]
    assert LossKind.ENCODING in loaded.report.kinds()


@pytest.mark.parametrize(
    ("scheme", "key", "name"),
    [
        ("ExpertOpinion", "expert_opinion", None),
        ("Argument From Expert Opinion", "expert_opinion", None),
        ("Cause To Effect", "cause_to_effect", None),
        ("Argument From Authority", None, "Argument From Authority"),
        ("Default Inference", None, None),
        ("RA_12ab", None, None),
    ],
)
def test_a_scheme_is_a_key_where_it_is_known_else_its_name(
    scheme: str, key: str | None, name: str | None
) -> None:
    data = aif(f"1:I:t | 2:I:a | 3:RA:{scheme}", "2>3 3>1")
    found = formats.load(data).map.relations[0].scheme
    assert (found.key if found else None, found.name if found else None) == (key, name)
    again = formats.load(formats.dump(formats.load(data).map, "aif").data).map
    assert again.relations[0].scheme == found


ODD = {
    "no conclusion": (("1:I:t | 2:RA", "1>2"), LossKind.DANGLING, "without a target"),
    "no premise": (("1:I:t | 2:RA", "2>1"), LossKind.DANGLING, "without a source"),
    "an edge to nowhere": (("1:I:t", "1>9"), LossKind.DANGLING, "a node that is not there"),
    "a direct edge": (("1:I:t | 2:I:a", "2>1"), LossKind.STRUCTURE, "straight from claim to claim"),
    "two conclusions": (("1:I:t | 2:I:u | 3:I:a | 4:RA", "3>4 4>1 4>2"), LossKind.STRUCTURE, "several ends"),
    "support of itself": (("1:I:t | 2:RA", "1>2 2>1"), LossKind.SELF_REFERENCE, "supported or restated itself"),
    "a circle of steps": (("1:I:t | 2:CA | 3:CA", "1>2 1>3 2>3 3>2"), LossKind.CYCLE, "in a circle"),
    "a step to a dropped one": (("1:I:t | 2:RA | 3:CA", "1>3 3>2 2>1"), LossKind.DANGLING, "is not there"),
    "a preference": (("1:I:t | 2:PA", ""), LossKind.PREFERENCE, "preference"),
    "an unknown node": (("1:I:t | 2:XX", ""), LossKind.STRUCTURE, "unknown type"),
    "no text": (("1:I:", ""), LossKind.TEXT, "no text"),
    "a long text": (("1:I:" + "x" * 2_001, ""), LossKind.TEXT, "was cut"),
    "a node twice": (("1:I:t | 1:I:u", ""), LossKind.DUPLICATE, "same id"),
    "a premise twice": (("1:I:t | 2:I:a | 3:RA", "2>3 2>3 3>1"), LossKind.DUPLICATE, "twice"),
    "two speakers": (
        ("1:I:t | 2:L:A: x | 3:YA | 4:L:B: x | 5:YA", "2>3 3>1 4>5 5>1"), LossKind.SPEAKER, "one speaker"
    ),
    "a restated step": (("1:I:t | 2:I:a | 3:RA | 4:MA", "2>3 3>1 1>4 4>3"), LossKind.RELATION, "restatement"),
    "a locution as premise": (("1:I:t | 2:L:x | 3:RA", "2>3 3>1"), LossKind.DANGLING, "lost that end"),
}  # fmt: skip


@pytest.mark.parametrize(("shorthand", "kind", "words"), ODD.values(), ids=ODD.keys())
def test_what_is_odd_is_survived_and_reported(
    shorthand: tuple[str, str], kind: LossKind, words: str
) -> None:
    loaded = formats.load(aif(*shorthand))
    assert loaded.map.claims
    assert any(loss.kind is kind and words in loss.message for loss in loaded.report.losses)


def test_a_text_cut_short_is_whole_in_the_note() -> None:
    claim = formats.load(aif("1:I:" + "x" * 2_500)).map.claims[0]
    assert len(claim.text) == 2_000
    assert claim.note == "x" * 2_500


def test_a_file_without_locutions_and_an_empty_one_are_read() -> None:
    assert formats.load(b'{"nodes": [], "edges": [], "locutions": []}').map.claims == ()
    assert formats.load(
        b'{"nodes": [{"nodeID": 7, "type": "I", "text": "t"}], "edges": []}'
    ).map.claims


def test_what_lacks_its_id_or_an_end_is_reported_and_the_rest_is_kept() -> None:
    nodes = b'[{"type": "I", "text": "t"}, {"nodeID": null, "type": "I", "text": "u"}]'
    data = b'{"nodes": ' + nodes + b', "edges": [{"toID": "1"}]}'
    loaded = formats.load(data, format="aif")
    assert [claim.text for claim in loaded.map.claims] == ["t", "u"]
    assert [(loss.kind, loss.count) for loss in loaded.report.losses] == [
        (LossKind.DANGLING, 2), (LossKind.DANGLING, 1)
    ]  # fmt: skip


def test_half_a_surrogate_pair_and_bare_control_characters_are_replaced_and_reported() -> None:
    data = b'{"nodes": [{"nodeID": "a\\ud83d", "type": "I", "text": "cut \\ud83d off\x07"}], "edges": []}'
    loaded = formats.load(data)
    assert loaded.map.claims[0].text == "cut \ufffd off\ufffd"
    assert LossKind.TEXT in loaded.report.kinds()
    assert formats.load(formats.dump(loaded.map, "json").data).map == loaded.map


WRONG = {
    "nodes are no list": (b'{"nodes": {"a": 1}, "edges": []}', "nodes"),
    "a node is no object": (b'{"nodes": [7], "edges": []}', "nodes/0"),
    "an id that is a list": (b'{"nodes": [{"nodeID": [1]}], "edges": []}', "nodes/0/nodeID"),
    "an end that is a truth": (
        b'{"nodes": [{"nodeID": "1"}], "edges": [{"fromID": "1", "toID": true}]}',
        "edges/0/toID",
    ),
}


@pytest.mark.parametrize(("data", "place"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_type_is_an_error_with_its_path(data: bytes, place: str) -> None:
    with pytest.raises(FormatError) as caught:
        formats.load(data, format="aif")
    assert caught.value.place == place


def test_a_carneades_style_file_of_the_corpora_keeps_its_schemes(corpora: Any) -> None:
    keys = [
        relation.scheme.key
        for path in sorted((corpora / "aif" / "carneades").glob("*.json"))
        for relation in formats.load(path.read_bytes()).map.relations
        if relation.scheme is not None
    ]
    assert len(keys) >= 20
    assert None not in keys


def test_most_locutions_of_the_us_2016_debates_are_found_verbatim(corpora: Any) -> None:
    anchored = total = 0
    for path in sorted((corpora / "aif" / "us-2016").glob("*.json")):
        text = path.with_suffix(".txt")
        if text.exists():
            map = formats.load(path.read_bytes(), beside=text.read_bytes()).map
            total += len(map.claims)
            anchored += sum(any(q.start is not None for q in claim.quotes) for claim in map.claims)
    assert anchored / total > 0.75


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"quotes": [{"exact": "her words", "start": 0, "end": 9}]}, LossKind.QUOTE),
        ({"quotes": [{"exact": "her words", "state": "orphan"}]}, LossKind.QUOTE),
        ({"quotes": [{"exact": "the claim"}]}, LossKind.QUOTE),
        ({"quotes": [{"exact": "one"}, {"exact": "one"}]}, LossKind.QUOTE),
        ({"speaker": "Ann: Bee"}, LossKind.SPEAKER),
        ({"quotes": [{"exact": "Ann: I see"}]}, LossKind.SPEAKER),
        ({"note": "a note"}, LossKind.NOTE),
        ({"kind": "evidence"}, LossKind.KIND),
    ],
)
def test_what_aif_cannot_say_is_reported_when_it_is_written(
    fields: dict[str, Any], kind: LossKind
) -> None:
    map = parse_map({"claims": [{"id": "c1", "kind": "thesis", "text": "the claim", **fields}]})
    assert kind in formats.dump(map, "aif").report.kinds()
    plain = parse_map({"claims": [{"id": "c1", "kind": "thesis", "text": "the claim"}]})
    assert not formats.dump(plain, "aif").report


def dialogue(*said: tuple[str, str, str | None], claims: dict[str, str]) -> bytes:
    """Return AIF in which locutions (text, illocution, claim or None) put claims forward."""
    nodes = [{"nodeID": id, "type": "I", "text": text} for id, text in claims.items()]
    edges = []
    for number, (text, act, claim) in enumerate(said):
        locution, illocution = f"l{number}", f"y{number}"
        nodes.append({"nodeID": locution, "type": "L", "text": text})
        if claim is not None:
            nodes.append({"nodeID": illocution, "type": "YA", "text": act})
            for pair in ((locution, illocution), (illocution, claim)):
                edges.append({"edgeID": f"e{len(edges)}", "fromID": pair[0], "toID": pair[1]})
    return json.dumps({"nodes": nodes, "edges": edges, "locutions": []}).encode()


@pytest.mark.parametrize(
    "act", ["PureQuestioning", "Pure Questioning", "Challenging", "Disagreeing"]
)
def test_a_speaker_is_who_asserts_and_not_who_asks(act: str) -> None:
    asked = ("Fiona: Was the bridge built for tourists?", act, "1")
    told = ("Carl: The bridge was built for tourists", "Asserting", "1")
    claims = {"1": "the bridge was built for tourists"}
    for said in ((asked, told), (told, asked)):
        (claim,) = formats.load(dialogue(*said, claims=claims)).map.claims
        assert claim.speaker == "Carl"
        assert len(claim.quotes) == 2
    loaded = formats.load(dialogue(asked, claims=claims))
    assert loaded.map.claims[0].speaker is None
    assert any("only asked about" in loss.message for loss in loaded.report.losses)


@pytest.mark.parametrize(
    ("text", "speaker", "words"),
    [
        ("Ann Ferris :Guests don't need to book", "Ann Ferris", "Guests don't need to book"),
        ("Ann Ferris : Guests come", "Ann Ferris", "Guests come"),
        ("Poostix says 'John has taken it'", "Poostix", "John has taken it"),
        ("The mayor said “we don't go.”", "The mayor", "we don't go."),
        ("We met at 10 :30 sharp", None, "We met at 10 :30 sharp"),
        ("See http://example.org", None, "See http://example.org"),
        ("She says that it's late", None, "She says that it's late"),
    ],
)
def test_speakers_are_told_in_several_ways(text: str, speaker: str | None, words: str) -> None:
    assert split_speaker(text) == (speaker, words)


def test_what_is_said_without_a_claim_is_counted() -> None:
    data = dialogue(
        ("Ann: Schools may open", "Asserting", "1"),
        ("Bob: The chief scientist advised against it", "Asserting", None),
        claims={"1": "schools may open"},
    )
    (loss,) = [each for each in formats.load(data).report.losses if "without" in each.message]
    assert (loss.kind, loss.count, loss.place) == (LossKind.DIALOGUE, 1, "l1")


def test_words_are_found_whole_across_lines_and_in_the_speakers_turn() -> None:
    data = dialogue(
        ("Ann: No", "Asserting", "1"),
        ("Bob: No", "Asserting", "2"),
        ("Bob: It is not safe at all", "Asserting", "3"),
        ("Bob: It is safe", "Asserting", "4"),
        claims={"1": "Norway joins", "2": "Norway stays out", "3": "unsafe", "4": "is safe"},
    )
    text = "Ann: Now, should Norway join?\n\nBob: No. It is not\n   safe at all\n\nAnn: No\n"
    loaded = formats.load(data, beside=text.encode())
    first, second, third, lost = (claim.quotes[0] for claim in loaded.map.claims)
    assert (first.start, second.start) == (text.rindex("No"), text.index("No."))
    assert (third.exact, third.given) == ("It is not\n   safe at all", "It is not safe at all")
    assert lost.state is QuoteState.ORPHAN
    assert any("orphan" in loss.message and loss.count == 1 for loss in loaded.report.losses)


def test_a_loose_claim_is_no_thesis() -> None:
    claims = {"1": "We should go.", "2": "It is late.", "3": "SWAG"}
    graph = json.loads(dialogue(claims=claims))
    graph["nodes"].append({"nodeID": "r", "type": "RA", "text": "Default Inference"})
    graph["edges"] = [
        {"edgeID": "1", "fromID": "2", "toID": "r"},
        {"edgeID": "2", "fromID": "r", "toID": "1"},
    ]
    map = formats.load(json.dumps(graph).encode()).map
    assert [claim.kind.value for claim in map.claims] == ["thesis", "premise", "premise"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Unemployment rose by 3.5 per cent.", "evidence"),
        ("It cost $5bn.", "evidence"),
        ("412,000 people have no work.", "evidence"),
        ("Covid-19 spreads.", "premise"),
        ("He came in 1998.", "premise"),
        ("The G7 met at 10:30.", "premise"),
        ("1. We go.", "premise"),
    ],
)
def test_evidence_has_a_measured_figure(text: str, kind: str) -> None:
    graph = json.loads(dialogue(claims={"1": "We should go.", "2": text}))
    graph["nodes"].append({"nodeID": "r", "type": "RA", "text": "RA"})
    graph["edges"] = [
        {"edgeID": "1", "fromID": "2", "toID": "r"},
        {"edgeID": "2", "fromID": "r", "toID": "1"},
    ]
    assert formats.load(json.dumps(graph).encode()).map.claims[1].kind.value == kind
