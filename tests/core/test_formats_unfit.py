"""Values that do not fit their fields, and parts that lead nowhere: each is told at its place."""

import json
from typing import Any

import pytest

from argmap import formats
from argmap.errors import FormatError, UnknownFormat
from argmap.formats import LossKind
from argmap.model import ClaimKind, RelationKind, limits

SUPPORTS, ATTACKS = RelationKind.SUPPORTS, RelationKind.ATTACKS


def load(value: Any, **options: Any) -> formats.Loaded:
    data = value.encode() if isinstance(value, str) else json.dumps(value).encode()
    return formats.load(data, **options)


NUMBERED = {"id": "s", "type": "scheme", "name": 3}
ATOM = {"id": "a", "type": "atom", "text": "A"}


def told(loaded: formats.Loaded | formats.Dumped) -> list[tuple[LossKind, str]]:
    return [(loss.kind, place) for loss in loaded.report.losses for place in loss.place.split(", ")]


def aif(node: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    nodes = [
        {"nodeID": "1", "type": "I", "text": "Trams hum"},
        {"nodeID": "2", "type": "I", "text": "Build trams"},
        {"nodeID": "3", "type": "RA", "text": "RA", **(node or {})},
        {"nodeID": "4", "type": "L", "text": "They hum"},
    ]
    edges = [{"fromID": "1", "toID": "3"}, {"fromID": "3", "toID": "2"}]
    return {"nodes": nodes, "edges": edges, "locutions": [], **changes}


def sadface(atom: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    return {
        "metadata": {"core": {"title": "Trams"}},
        "resources": [],
        "nodes": [{"id": "a", "type": "atom", "text": "Trams hum", **(atom or {})}],
        "edges": [],
        **changes,
    }


def arguebuf(atom: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    nodes = {"a": {"atom": {"text": "Trams hum", **(atom or {})}}}
    return {"nodes": nodes, "edges": {}, **changes}


def argdown(**changes: Any) -> dict[str, Any]:
    statements = {"A": {"members": [{"text": "Trams hum", **changes.pop("member", {})}]}}
    return {"statements": statements, "arguments": {}, "relations": [], **changes}


def step(inference: Any) -> dict[str, Any]:
    pcs = [{"title": "A"}, {"title": "B", "inference": inference}]
    both = {title: {"members": [{"text": title}]} for title in "AB"}
    return argdown(statements=both, arguments={"X": {"pcs": pcs}})


OWN = {"metadata": {"argmap": {"implicit": "yes"}}}
FOREIGN = {"reference": {"resource": "r9", "text": "hum"}}
UNFIT: dict[str, tuple[Any, LossKind, str]] = {
    "aif: a scheme that is not text": (aif({"scheme": {"a": 1}}), LossKind.SCHEME, "3"),
    "aif: a scheme that is a number": (aif({"scheme": "91"}), LossKind.SCHEME, "3"),
    "aif: a speaker who is a number": (
        aif(locutions=[{"nodeID": "4", "personID": "77"}]), LossKind.SPEAKER, "4"),
    "aif: a participant of an id that is taken": (
        aif(participants=[{"participantID": 1, "firstname": "Ann"}, {"participantID": 1, "firstname": "Cy"}]),
        LossKind.DUPLICATE,
        "Cy",
    ),
    "aif: a speaker of nothing": (
        aif(locutions=[{"nodeID": "9", "personID": "77"}]), LossKind.DANGLING, "9"),
    "aif: when something was said": (
        aif(locutions=[{"nodeID": "4", "timestamp": "2016"}]), LossKind.DIALOGUE, "locutions/0"),
    "aif: what is fulfilled": (
        aif(schemefulfillments=[{"nodeID": "3", "mood": 1}]), LossKind.METADATA, "schemefulfillments/0/mood"),
    "xaif: a text that is a list": ({"AIF": aif(), "text": ["x"]}, LossKind.METADATA, "text"),
    "xaif: a layout that is a list": ({"AIF": aif(), "OVA": [1]}, LossKind.METADATA, "OVA"),
    "ova2: a text that is a number": (
        {"nodes": [], "edges": [], "analysis": {"txt": 3}}, LossKind.METADATA, "analysis/txt"),
    "ova2: a span without an end": (
        {"nodes": [{"id": 1, "type": "I", "text": "x", "text_begin": [0, 1], "text_end": [1]}], "edges": [],
         "analysis": {"txt": "xyz"}}, LossKind.QUOTE, "1"),
    "sadface: a field of ours": (sadface(OWN), LossKind.METADATA, "a: implicit"),
    "sadface: a kind that is none": (
        sadface({"metadata": {"argmap": {"kind": "fact"}}}), LossKind.METADATA, "a: kind"),
    "sadface: a language that is none": (
        sadface(metadata={"core": {}, "argmap": {"language": "?"}}), LossKind.METADATA, "language"),
    "sadface: a name that is not text": (
        sadface(nodes=[NUMBERED, ATOM]), LossKind.METADATA, "nodes/0/name"),
    "sadface: a source of another text": (
        sadface({"sources": [{"resource_id": "r9", "text": "hum"}]}), LossKind.QUOTE, "a"),
    "sadface: a quote that is not text": (sadface({"sources": [{"text": 3}]}), LossKind.METADATA, "a"),
    "sadface: a resource of another type": (
        sadface(resources=[{"id": "r", "type": "image", "content": "x"}]), LossKind.METADATA, "resources/0/type"),
    "sadface: a link that is none": (
        sadface(resources=[{"id": "r", "content": "x", "metadata": {"url": "ftp://x"}}]),
        LossKind.METADATA, "resources/0/metadata/url"),
    "sadface: a text that is none": (
        sadface(resources=[{"id": "r", "content": 3}]), LossKind.METADATA, "the text"),
    "sadface: a title that is none": (
        sadface(metadata={"core": {"title": ["a"]}}), LossKind.METADATA, "title"),
    "arguebuf: a quote of another text": (arguebuf(FOREIGN), LossKind.QUOTE, "a"),
    "arguebuf: a major claim that is not there": (arguebuf(majorClaim="z"), LossKind.DANGLING, "z"),
    "argdown-json: another relation": (
        argdown(relations=[{"relationType": "amuses", "from": "A", "to": "A"}]), LossKind.RELATION, "relations/0"),
    "argdown-json: a field of a relation": (
        argdown(relations=[{"relationType": "attack", "from": "A", "to": "A", "mood": 1}]),
        LossKind.METADATA, "relations/0/mood"),
    "argdown-json: a field of a statement": (
        argdown(statements={"A": {"mood": 1}}), LossKind.METADATA, "statements/A/mood"),
    "argdown-json: a field of a member": (
        argdown(member={"mood": 1}), LossKind.METADATA, "statements/A/members/0/mood"),
    "argdown-json: a text that is none": (argdown(member={"text": 3}), LossKind.METADATA, "A"),
    "argdown-json: bold type": (
        argdown(member={"ranges": [{"type": "bold", "start": 0, "stop": 3}]}), LossKind.LAYOUT, "A"),
    "argdown-json: colours": (
        argdown(statements={"A": {"color": "#f00"}}), LossKind.LAYOUT, "statements/A"),
    "argdown-json: a tag that is none": (
        argdown(statements={"A": {"tags": [3]}}), LossKind.METADATA, "statements/A/tags"),
    "argdown-json: data that are none": (
        argdown(statements={"A": {"data": "x"}}), LossKind.METADATA, "statements/A/data"),
    "argdown-json: a section that is none": (argdown(sections=["x"]), LossKind.METADATA, "sections"),
    "argdown-json: a bare section": (
        argdown(sections=[{"id": "s", "title": "Part", "level": 1}]), LossKind.STRUCTURE, "Part"),
    "argdown-json: a rule that is none": (
        step({"inferenceRules": [3]}), LossKind.METADATA, "arguments/X/pcs/1/inference"),
    "argdown-json: a field of an inference": (
        step({"mood": 1}), LossKind.METADATA, "arguments/X/pcs/1/inference/mood"),
    "argdown: a bare heading": ("# Trams\n\n## Cost\n\n[A]: x\n", LossKind.STRUCTURE, "line 1"),
    "argdown: a bare last heading": ("[A]: x\n\n# Trams\n", LossKind.STRUCTURE, "line 3"),
    "argdown: a label that is none": ("[A]: x {label: [1]}", LossKind.METADATA, "A: label"),
    "argdown: a note that is none": ("[A]: x {note: 7}", LossKind.METADATA, "A: note"),
    "argdown: a scheme's key that is none": (
        "(1) [A]: x\n-- {scheme: {key: 7}} --\n(2) [B]: y", LossKind.METADATA, "inference 1: scheme/key"),
    "argdown: an id that is none": ("[A]: x {id: [1]}", LossKind.METADATA, "A: id"),
    "argdown: a field of a source": ("[A]: x {source: {page: 3}}", LossKind.METADATA, "A: source/page"),
    "argdown: a link of a source": ("[A]: x {source: {url: x}}", LossKind.METADATA, "A: source/url"),
    "argdown: a scheme of a step": (
        "(1) [A]: x\n-- {scheme: 3} --\n(2) [B]: y", LossKind.METADATA, "inference 1: scheme"),
    "argdown: what a step uses": (
        "(1) [A]: x\n-- {uses: x} --\n(2) [B]: y", LossKind.METADATA, "inference 1: uses"),
    "argdown: the kind of a step": (
        "(1) [A]: x\n-- {kind: x} --\n(2) [B]: y", LossKind.METADATA, "inference 1: kind"),
    "argdown: a link of a spelled-out argument": (
        "<X>: see [it](https://example.org)\n\n(1) [A]: x\n----\n(2) [B]: y", LossKind.SOURCE, "X"),
    "argdown: wordings of a spelled-out argument": (
        "<X>: one\n\n(1) [A]: x\n----\n(2) [B]: y\n\n<X>: two", LossKind.TEXT, "X"),
    "kialo: words after a reference": (
        "Discussion Title: T\n\n1. A\n1.1. Pro: B\n1.2. Con: -> See 1.1. but why", LossKind.TEXT, "1.2."),
    "kialo: a reference twice": (
        "Discussion Title: T\n\n1. A\n1.1. Pro: B\n1.2. Con: -> See 1.\n1.2. Con: -> See 1.1.",
        LossKind.DUPLICATE, "1.2."),
}  # fmt: skip


ARGGRAPH = '<arggraph id="g">{}<edu id="e1"><![CDATA[Trams hum]]></edu>{}</arggraph>'
GRAPHML = '<graphml>{}<graph id="G"><node id="a"{}>{}</node></graph></graphml>'
UNFIT |= {
    "arggraph: words between": (ARGGRAPH.format("hm", ""), LossKind.TEXT, "arggraph"),
    "arggraph: words in a claim": (
        ARGGRAPH.format("", '<adu id="a1" type="pro">hm</adu>'),
        LossKind.TEXT,
        "a1",
    ),
    "arggraph: an element in a claim": (
        ARGGRAPH.format("", '<adu id="a1" type="pro"><b/></adu>'),
        LossKind.STRUCTURE,
        "a1",
    ),
    "arggraph: implicit that is none": (
        '<arggraph id="g"><edu id="e1" implicit="yes">x</edu></arggraph>',
        LossKind.METADATA,
        "e1/implicit",
    ),
    "graphml: an attribute of a node": (
        GRAPHML.format("", ' mood="1"', ""),
        LossKind.METADATA,
        "a/mood",
    ),
    "graphml: an element in a node": (GRAPHML.format("", "", "<b/>"), LossKind.STRUCTURE, "a"),
    "graphml: words in a graph": (
        '<graphml><graph id="G">hm</graph></graphml>',
        LossKind.TEXT,
        "G",
    ),
    "argdown-json: a field of a section": (
        argdown(sections=[{"id": "s", "title": "Part", "mood": 1}]),
        LossKind.METADATA,
        "sections/mood",
    ),
    "argdown-json: a field of a statement of an argument": (
        argdown(arguments={"X": {"pcs": [{"title": "A", "mood": 1}]}}),
        LossKind.METADATA,
        "arguments/X/pcs/0/mood",
    ),
    "argdown: a field of a scheme": (
        "(1) [A]: x\n-- {scheme: {name: a, mood: b}} --\n(2) [B]: y",
        LossKind.METADATA,
        "inference 1: scheme/mood",
    ),
    "graphml: a description of the file": (
        GRAPHML.format("<desc>x</desc>", "", ""),
        LossKind.STRUCTURE,
        "graphml",
    ),
    "brat: a note to nothing": (
        "T1\tClaim 0 0\tx\n#1\tAnnotatorNotes R9\tx\n",
        LossKind.NOTE,
        "line 2",
    ),
}


@pytest.mark.parametrize(("value", "kind", "place"), UNFIT.values(), ids=UNFIT.keys())
def test_what_does_not_fit_is_told_at_its_place(value: Any, kind: LossKind, place: str) -> None:
    assert (kind, place) in told(load(value))


def test_a_cut_text_says_whether_the_note_has_the_whole() -> None:
    long = "x" * (limits.CLAIM_TEXT + 1)
    free = load(sadface({"text": long}))
    assert free.map.claims[0].note == long
    assert [loss.message for loss in free.report.losses] == [
        "A text longer than 2,000 characters was cut; its note has the whole."
    ]
    noted = load(sadface({"text": long, "metadata": {"argmap": {"note": "why"}}}))
    assert noted.map.claims[0].note == "why"
    assert [loss.message for loss in noted.report.losses] == [
        "A text longer than 2,000 characters was cut."
    ]
    whole = load(sadface({"text": "x" * (limits.NOTE + 1)}))
    assert len(whole.report.losses) == 2


def test_a_quote_longer_than_the_model_takes_is_cut_with_a_word() -> None:
    long = "x" * (limits.QUOTE_EXACT + 1)
    loaded = load(
        sadface({"sources": [{"resource_id": "r", "text": long}]}, resources=[{"id": "r", "content": "short"}])
    )  # fmt: skip
    assert len(loaded.map.claims[0].quotes[0].exact) == limits.QUOTE_EXACT
    assert (LossKind.TEXT, "a") in told(loaded)


def test_data_of_argdown_that_read_otherwise_are_kept() -> None:
    loaded = load('[A]: x {source: "Smith 2010", id: 5, tags: new, text: "hm", uses: 3, step: 4}')
    (claim,) = loaded.map.claims
    assert not loaded.report
    assert claim.source is not None
    assert (claim.source.title, claim.tags) == ("Smith 2010", ("new",))
    assert claim.origin is not None
    assert claim.origin.id == "5"
    assert claim.origin.extra == {"data": {"text": "hm", "uses": 3, "step": 4}}
    linked = load("[A]: x {source: 'https://example.org/a'}")
    assert linked.map.claims[0].source is not None
    assert linked.map.claims[0].source.url == "https://example.org/a"


def test_further_data_of_graphml_are_kept_whatever_they_are_called() -> None:
    keys = "".join(
        f'<key id="{name}" for="node" attr.name="{name}"/>' for name in ("text", "more", "kind")
    )
    data = '<data key="text">Hum</data><data key="more">yes</data><data key="kind">fact</data>'
    loaded = load(f'<graphml>{keys}<graph><node id="a">{data}</node></graph></graphml>')
    (claim,) = loaded.map.claims
    assert claim.origin is not None
    assert claim.origin.extra == {"data": {"more": "yes", "kind": "fact"}}


@pytest.mark.parametrize(
    "lines",
    [
        ("1.1 Pro: B", "1.2 Con: C"),
        ("1.1. PRO: B", "1.2. CON: C"),
        ("1.1. Dafür: B", "1.2. Dagegen: C"),
    ],
)
def test_sides_of_kialo_are_known_however_they_are_written(lines: tuple[str, str]) -> None:
    loaded = load("\n".join(["Discussion Title: T", "", "1. A", *lines]))
    assert [(r.kind, r.target) for r in loaded.map.relations] == [(SUPPORTS, "c1"), (ATTACKS, "c1")]
    assert not loaded.report


def test_a_kialo_text_whose_title_was_cut_off_is_recognised_by_its_tree() -> None:
    loaded = load("1. A\n1.1. Pro: B\n1.1.1. Con: C\n")
    assert (loaded.format, loaded.map.title, len(loaded.map.relations)) == ("kialo", "", 2)
    with pytest.raises(UnknownFormat, match="say --from argdown"):
        load("1. A list\n2. of prose\n")


@pytest.mark.parametrize("words", ["See", "Siehe", "Voir", "Ver", "Véase", "Veja", "Vedi", "Zie"])
def test_references_of_kialo_speak_other_languages(words: str) -> None:
    loaded = load(f"Discussion Title: T\n\n1. A\n1.1. Pro: B\n1.1.1. Con: -> {words} 1.\n")
    assert len(loaded.map.claims) == 2
    assert [r.sources for r in loaded.map.relations] == [("c2",), ("c1",)]


def test_an_analysis_of_the_first_ova3_is_recognised_and_read_with_its_marks() -> None:
    loaded = load(
        {
            "nodes": [
                {"nodeID": 2, "type": "I", "scheme": None, "descriptors": {}, "participantID": 0, "text": "Trams hum",
                 "x": 1, "y": 2, "visible": True},
                {"nodeID": 3, "type": "L", "scheme": None, "participantID": 1, "text": "Ann Bee: They hum"},
                {"nodeID": 4, "type": "YA", "scheme": "74", "text": "Asserting"},
                {"nodeID": 7, "type": "I", "text": "Build trams"},
                {"nodeID": 8, "type": "RA", "scheme": "72", "text": "Default Inference"},
            ],
            "edges": [
                {"fromID": 3, "toID": 4, "visible": True},
                {"fromID": 4, "toID": "2", "visible": True},
                {"fromID": "2", "toID": 8, "visible": True},
                {"fromID": 8, "toID": 7, "visible": True},
            ],
            "schemefulfillments": [{"nodeID": 8, "schemeID": "72"}, {"nodeID": 2, "schemeID": None}],
            "participants": [{"participantID": 1, "firstname": "Ann", "surname": "Bee"}],
            "locutions": [{"nodeID": 3, "personID": 1}],
            "analysis": {"txt": 'Bee: <span class="highlighted" id="node3">They hum</span>.'},
        }
    )  # fmt: skip
    assert loaded.format == "ova2"
    premise, thesis = loaded.map.claims
    assert (premise.speaker, [quote.exact for quote in premise.quotes]) == ("Ann Bee", ["They hum"])
    assert [(r.sources, r.target) for r in loaded.map.relations] == [((premise.id,), thesis.id)]
    assert loaded.report.kinds() == {LossKind.DIALOGUE, LossKind.LAYOUT}


def test_the_speaker_of_a_claim_itself_is_kept() -> None:
    people = [{"participantID": 1, "firstname": "Ann"}, {"participantID": 2, "firstname": "Cy"}]
    loaded = load(aif(participants=people[:1], locutions=[{"nodeID": "1", "personID": 1}]))
    assert [claim.speaker for claim in loaded.map.claims] == ["Ann", None]
    assert not loaded.report.kinds() & {LossKind.SPEAKER, LossKind.DANGLING}


def test_none_is_no_part_of_a_name() -> None:
    people = [{"participantID": 1, "firstname": "Ann", "surname": "None"}]
    loaded = load(aif(participants=people, locutions=[{"nodeID": "1", "personID": 1}]))
    assert loaded.map.claims[0].speaker == "Ann"


def test_a_disagreement_becomes_mutual_attacks() -> None:
    both = [{"id": id, "type": "atom", "text": id} for id in ("a", "b")]
    conflict = {"id": "s", "type": "conflict", "name": "disagree"}
    edges = [{"id": id, "source_id": "s", "target_id": id} for id in ("a", "b")]
    loaded = load(sadface(nodes=[*both, conflict], edges=edges))
    found = [(r.id, r.kind, r.sources, r.target) for r in loaded.map.relations]
    assert found == [("s", ATTACKS, ("a",), "b"), ("r1", ATTACKS, ("b",), "a")]
    assert told(loaded) == [(LossKind.STRUCTURE, "s")]


def test_a_range_of_an_export_with_a_type_that_is_none_is_passed_over() -> None:
    loaded = load(argdown(member={"ranges": [{"type": [], "start": 0, "stop": 3}]}))
    assert [claim.text for claim in loaded.map.claims] == ["Trams hum"]


def test_an_argument_of_an_export_of_which_nothing_is_told_is_a_claim() -> None:
    loaded = load(argdown(arguments={"X": None}))
    assert [claim.text for claim in loaded.map.claims] == ["Trams hum", "X"]


def test_a_member_of_an_export_that_is_no_object_is_refused_with_its_path() -> None:
    with pytest.raises(FormatError, match="statements/A/members/0"):
        load(argdown(statements={"A": {"members": [3]}}))


def test_a_description_in_graphml_is_the_text_of_a_node_that_has_none_and_kept_otherwise() -> None:
    key = '<key id="t" for="node" attr.name="text"/>'
    told = '<data key="t">Hum</data><desc>They do</desc>'
    nodes = f'<node id="a"><desc>Hum</desc></node><node id="b">{told}</node>'
    loaded = load(f"<graphml>{key}<graph>{nodes}</graph></graphml>")
    first, second = loaded.map.claims
    assert (first.text, second.text) == ("Hum", "Hum")
    assert second.origin is not None
    assert second.origin.extra == {"data": {"desc": "They do"}}
    assert not loaded.report


def test_types_of_brat_that_do_not_follow_from_the_relations_are_kept_and_written_again() -> None:
    lines = [
        "T1\tMajorClaim 0 0\tBuild",
        "T2\tClaim 0 0\tTrams hum",
        "T3\tClaim 0 0\tThey do",
        "T4\tAnecdote 0 0\tI heard one",
        "A1\tStance T2 For",
        "R1\tsupports Arg1:T4 Arg2:T2\t",
        "#1\tAnnotatorNotes R1\tweak",
        "#2\tAnnotatorNotes R1\tvery",
    ]
    loaded = load("\n".join(lines))
    kept = {c.id: c.origin.extra["type"] for c in loaded.map.claims if c.origin is not None}
    assert kept == {"T3": "Claim", "T4": "Anecdote"}
    assert [relation.note for relation in loaded.map.relations if relation.note] == ["weak\nvery"]
    anecdote = loaded.map.claims[3].replace(kind=ClaimKind.THESIS)
    changed = loaded.map.replace(claims=(anecdote, *loaded.map.claims[:3]))
    assert (LossKind.ORIGIN, "T4") in told(formats.dump(changed, "brat"))
    written = formats.dump(loaded.map, "brat").data.decode().split("\n")
    assert [line.split(" ")[0] for line in written[:4]] == [
        line.split(" ")[0] for line in lines[:4]
    ]


def test_what_stands_under_a_relation_to_nothing_does_not_lead_to_what_that_led_to() -> None:
    loaded = load("[A]: x\n  + // nothing\n    - child\n      + its own\n  + [B]\n")
    labels = {claim.id: claim.label or claim.text for claim in loaded.map.claims}
    found = [(r.kind, labels[r.sources[0]], labels[r.target]) for r in loaded.map.relations]
    assert found == [(SUPPORTS, "its own", "child"), (SUPPORTS, "B", "A")]
    dangling = [place for kind, place in told(loaded) if kind is LossKind.DANGLING]
    assert dangling == ["line 2", "line 3"]


@pytest.mark.parametrize(
    ("format", "lines"),
    [
        ("tgf", ["#", *["a a"] * 12, "a"]),
        ("tgf", [f"a{number}" for number in range(12)]),
        ("apx", ["arg(a).", *["att(a,a)."] * 12, "?"]),
        ("bag", ["arg(a, 1)." * 30, "?"]),
        ("brat", [f"T{number}\tClaim 0 0\tx" for number in range(12)]),
        ("kialo", ["Discussion Title: x", "1. a", *["1.1. Pro: a"] * 25]),
    ],
)
def test_a_reader_stops_where_there_is_more_than_a_map_may_have(
    format: str, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CLAIMS", 10)
    monkeypatch.setattr(limits, "RELATIONS", 10)
    with pytest.raises(FormatError, match=r"at most|more"):
        load("\n".join(lines), format=format)
