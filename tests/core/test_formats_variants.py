"""What other tools, and other versions of them, write in a format: no field of a file is dropped without a word."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from argmap import formats
from argmap.formats import LossKind
from argmap.model import ClaimKind, RelationKind

SUPPORTS, ATTACKS = RelationKind.SUPPORTS, RelationKind.ATTACKS


def load(value: Any, **options: Any) -> formats.Loaded:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return formats.load(data, **options)


def places(loaded: formats.Loaded, kind: LossKind) -> list[str]:
    return [loss.place for loss in loaded.report.losses if loss.kind is kind]


def aif(**changes: Any) -> dict[str, Any]:
    return {
        "nodes": [
            {"nodeID": 1, "text": "Trams hum", "type": "I"},
            {"nodeID": 2, "text": "Build trams", "type": "I"},
            {"nodeID": 3, "text": "RA", "type": "RA"},
            {"nodeID": 4, "text": "They hum.", "type": "L"},
            {"nodeID": 5, "text": "Asserting", "type": "YA"},
        ],
        "edges": [
            {"edgeID": 1, "fromID": 1, "toID": 3},
            {"edgeID": 2, "fromID": 3, "toID": 2},
            {"edgeID": 3, "fromID": 4, "toID": 5},
            {"edgeID": 4, "fromID": 5, "toID": 1},
        ],
        **changes,
    }


PEOPLE = {
    "participants": [
        {"participantID": 7, "firstname": "Ann", "surname": "Bee"},
        {"participantID": 8, "firstname": "Cy"},
    ],
    "locutions": [{"nodeID": "4", "personID": 7, "start": "2020-01-01 10:00:00"}],
}


def test_participants_of_aif_speak_and_one_who_says_nothing_is_reported() -> None:
    loaded = load(aif(**PEOPLE))
    assert loaded.format == "aif"
    assert loaded.map.claims[0].speaker == "Ann Bee"
    assert [quote.exact for quote in loaded.map.claims[0].quotes] == ["They hum."]
    assert places(loaded, LossKind.SPEAKER) == ["Cy"]
    assert "locutions/0" in places(loaded, LossKind.DIALOGUE)


def test_a_participant_who_is_named_in_the_words_says_something() -> None:
    value = aif(participants=PEOPLE["participants"])
    value["nodes"][3]["text"] = "Cy: They hum."
    loaded = load(value)
    assert loaded.map.claims[0].speaker == "Cy"
    assert places(loaded, LossKind.SPEAKER) == ["Ann Bee"]


@pytest.mark.parametrize("told", ["node", "fulfillment"])
def test_a_scheme_of_aif_that_is_a_number_only_is_reported(told: str) -> None:
    value = aif()
    if told == "node":
        value["nodes"][2]["schemeID"] = "15"
    else:
        value["schemefulfillments"] = [{"nodeID": "3", "schemeID": 15}]
    assert places(load(value), LossKind.SCHEME) == ["3"]
    value["nodes"][2] |= {"schemeID": "72"}
    value["schemefulfillments"] = None
    assert places(load(value), LossKind.SCHEME) == []


def xaif(**changes: Any) -> dict[str, Any]:
    return {"AIF": aif(**PEOPLE), "text": {"txt": "They hum.", "url": ""}, "OVA": [], **changes}


def test_the_link_of_the_text_of_xaif_is_the_link_of_the_article() -> None:
    loaded = load(xaif(text={"txt": "They hum.", "url": "https://example.org/a"}))
    assert loaded.map.article is not None
    assert loaded.map.article.url == "https://example.org/a"
    assert places(load(xaif(text={"txt": "They hum.", "url": "local"})), LossKind.ARTICLE) == [
        "text/url"
    ]


def test_words_that_differ_from_the_marked_text_are_reported() -> None:
    marked = load(xaif(text='<span id="node4">They hum</span>, he said.'))
    assert [quote.exact for quote in marked.map.claims[0].quotes] == ["They hum"]
    assert places(marked, LossKind.QUOTE) == ["1"]
    assert places(load(xaif(text='<span id="node4">They hum.</span>')), LossKind.QUOTE) == []


def arguebuf(scheme: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "nodes": {
            "a": {"atom": {"text": "Trams hum"}},
            "b": {"atom": {"text": "Build trams"}},
            "s": {"scheme": scheme},
        },
        "edges": {"e": {"source": "a", "target": "s"}, "f": {"source": "s", "target": "b"}},
        **changes,
    }


@pytest.mark.parametrize(
    ("scheme", "kind", "key"),
    [
        ({"support": "SUPPORT_SIGN"}, SUPPORTS, "sign"),
        ({"support": 30}, SUPPORTS, "sign"),
        ({"support": 64}, SUPPORTS, "negative_consequences"),
        ({"support": 0}, SUPPORTS, None),
        ({"attack": 0}, ATTACKS, None),
        (
            {"type": "SCHEME_TYPE_SUPPORT", "argumentationScheme": "SCHEME_SIGN"},
            SUPPORTS,
            "sign",
        ),
        ({"type": "SCHEME_TYPE_ATTACK"}, ATTACKS, None),
        ({"type": 3}, RelationKind.RESTATES, None),
    ],
)
def test_every_spelling_of_a_scheme_of_arguebuf_is_understood(
    scheme: dict[str, Any], kind: RelationKind, key: str | None
) -> None:
    loaded = load(arguebuf(scheme))
    (relation,) = loaded.map.relations
    assert relation.kind is kind
    assert (relation.scheme.key if relation.scheme else None) == key
    assert not loaded.report


def test_dialogue_of_the_first_arguebuf_is_reported_and_an_offset_may_be_a_text() -> None:
    assert LossKind.DIALOGUE in load(arguebuf({"type": "SCHEME_TYPE_ASSERTION"})).report.kinds()
    value = arguebuf({"support": 0}, resources={"r": {"text": "Well, trams hum."}})
    value["nodes"]["a"]["atom"]["reference"] = {"resource": "r", "offset": "6", "text": "trams hum"}
    loaded = load(value)
    assert loaded.map.claims[0].quotes[0].start == 6
    assert not loaded.report


def test_a_participant_of_arguebuf_who_is_not_there_is_reported() -> None:
    value = arguebuf({"support": 0})
    value["nodes"]["a"]["atom"]["participant"] = "p9"
    assert places(load(value), LossKind.SPEAKER) == ["a"]


def sadface(**changes: Any) -> dict[str, Any]:
    return {
        "metadata": {"core": {"title": "Trams", "version": "0.5"}},
        "resources": [],
        "nodes": [
            {"id": "a", "type": "atom", "text": "Trams hum", "sources": [], "metadata": {}},
            {"id": "b", "type": "atom", "text": "Build trams", "sources": [], "metadata": {}},
            {"id": "s", "type": "scheme", "name": "support", "metadata": {}},
        ],
        "edges": [
            {"id": "e", "source_id": "a", "target_id": "s"},
            {"id": "f", "source_id": "s", "target_id": "b"},
        ],
        **changes,
    }


def test_the_first_sadface_has_its_title_beside_the_core_and_tells_the_claim() -> None:
    loaded = load(sadface(metadata={"title": "Trams", "claim": "a", "notes": "n"}))
    assert loaded.map.title == "Trams"
    assert loaded.map.claims[0].kind is ClaimKind.THESIS
    again = load(formats.dump(loaded.map, "sadface").data)
    assert again.map == loaded.map
    assert again.map.origin is not None
    assert again.map.origin.extra["metadata"] == {"claim": "a", "notes": "n"}


def ova2(**changes: Any) -> dict[str, Any]:
    return {
        "nodes": [
            {"id": 1, "x": 1, "type": "I", "text": "Trams hum", "scheme": "0"},
            {"id": 2, "type": "I", "text": "Build trams", "major_claim": True},
            {"id": 3, "type": "RA", "text": "RA", "scheme": "72"},
            {"id": 4, "type": "L", "text": "Ann Bee : They hum", "participantID": 7},
            {"id": 5, "type": "YA", "text": "Asserting", "scheme": "74"},
        ],
        "edges": [
            {"from": {"id": start}, "to": {"id": end}}
            for start, end in ((1, 3), (3, 2), (4, 5), (5, 1))
        ],
        "participants": [{"id": 7, "firstname": "Ann", "surname": "Bee"}],
        "analysis": {"txt": "Well. <span id='node1'>They hum</span>!"},
        **changes,
    }


def test_locutions_of_ova2_give_speakers_and_marks_give_quotes() -> None:
    loaded = load(ova2())
    hum, build = loaded.map.claims
    assert hum.speaker == "Ann Bee"
    assert build.kind is ClaimKind.THESIS
    assert [(quote.exact, quote.start) for quote in hum.quotes] == [("They hum", 6)]
    assert loaded.report.kinds() == {LossKind.LAYOUT, LossKind.DIALOGUE}


def test_marks_of_ova2_are_looked_for_where_the_plain_text_is_told_by_itself() -> None:
    text = "Now then: They hum!"
    loaded = load(ova2(analysis={"txt": "<span id='node1'>They hum</span>!", "plain_txt": text}))
    assert [quote.start for quote in loaded.map.claims[0].quotes] == [10]
    loaded = load(ova2(analysis={"plain_txt": text, "documentSource": "The Echo"}))
    assert "analysis/documentSource" in places(loaded, LossKind.ARTICLE)


ARGDOWN = {
    "arguments": {
        "A": {
            "title": "A",
            "pcs": [
                {"title": "P"},
                {"title": "C", "inference": {"inferenceRules": []}},
                {"title": "D", "inference": {"inferenceRules": ["Modus ponens"]}},
            ],
        },
        "U": {"title": "U", "members": [{"text": "no"}], "pcs": []},
    },
    "statements": {name: {"title": name, "members": [{"text": name}]} for name in "PCD"},
    "relations": [
        {"relationType": "undercut", "from": "U", "fromType": "argument", "to": "A", "toType": "inference"}
    ],
}  # fmt: skip


@pytest.mark.parametrize(("told", "conclusion"), [({}, 1), ({"conclusionIndex": 1}, 0)])
def test_an_undercut_in_argdown_json_leads_to_the_inference_that_is_named(
    told: dict[str, int], conclusion: int
) -> None:
    value = {**ARGDOWN, "relations": [{**ARGDOWN["relations"][0], **told}]}
    loaded = load(value)
    undercut = next(r for r in loaded.map.relations if r.kind is ATTACKS)
    assert undercut.target == loaded.map.relations[conclusion].id


def graphml(keys: str, graph: str, default: str = "directed") -> bytes:
    head = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    return f'{head}{keys}<graph edgedefault="{default}">{graph}</graph></graphml>'.encode()


def test_a_default_of_graphml_tells_what_edges_do_and_further_data_is_kept() -> None:
    keys = (
        '<key id="k" for="edge" attr.name="Kind"><default>attack</default></key>'
        '<key id="w" for="edge" attr.name="weight"/><key id="l" for="node" attr.name="Label"/>'
        '<key id="s" for="node" attr.name="size"/>'
    )
    graph = (
        '<node id="a"><data key="l">Build trams</data><data key="s">7</data></node><node id="b"/>'
        '<edge source="b" target="a"><data key="w">2.5</data></edge>'
        '<edge source="a" target="b"><data key="k">supports</data></edge>'
    )
    loaded = load(graphml(keys, graph))
    trams, bare = loaded.map.claims
    assert (trams.text, bare.text) == ("Build trams", "b")
    assert trams.origin is not None
    assert trams.origin.extra == {"data": {"size": "7"}}
    first, second = loaded.map.relations
    assert (first.kind, second.kind) == (ATTACKS, SUPPORTS)
    assert first.origin is not None
    assert first.origin.extra == {"data": {"weight": "2.5"}}
    assert [(loss.kind, loss.place) for loss in loaded.report.losses] == [(LossKind.TEXT, "b")]
    again = load(formats.dump(loaded.map, "graphml").data)
    assert again.map == loaded.map


def test_the_label_of_an_edge_that_names_no_kind_is_its_label() -> None:
    keys = '<key id="l" attr.name="label"/><key id="k" attr.name="type"/>'
    graph = '<node id="a"/><node id="b"/><edge id="e" source="b" target="a">'
    graph += '<data key="l">because</data><data key="k">con</data></edge>'
    (relation,) = load(graphml(keys, graph)).map.relations
    assert (relation.kind, relation.label) == (ATTACKS, "because")


def test_edges_without_direction_and_data_of_the_graph_are_reported() -> None:
    keys = '<key id="t" attr.name="topic"/>'
    graph = (
        '<data key="t">trams</data><node id="a"/><node id="b"/><edge id="e" source="b" target="a"/>'
    )
    loaded = load(graphml(keys, graph, "undirected"))
    assert places(loaded, LossKind.METADATA) == ["topic"]
    assert places(loaded, LossKind.STRUCTURE) == ["e", "e"]  # nor does it say what it does
    loaded = load(graphml(keys, graph.replace("<edge", '<edge directed="true"'), "undirected"))
    assert places(loaded, LossKind.STRUCTURE) == ["e"]


def test_an_arrowhead_at_the_source_turns_an_edge_of_yed() -> None:
    graph = '<node id="a"/><node id="b"/><edge source="a" target="b"><data key="d"><y:PolyLineEdge '
    graph += (
        'xmlns:y="y"><y:Arrows source="standard" target="none"/></y:PolyLineEdge></data></edge>'
    )
    (relation,) = load(graphml("", graph)).map.relations
    assert (relation.sources, relation.target) == (("b",), "a")


def test_a_second_element_of_arggraph_and_further_attributes_are_reported() -> None:
    graph = b'<arggraph id="m" version="2"><edu id="e1" by="Ann">A</edu><adu id="a1" type="pro"/><adu id="a1"/>'
    graph += b'<edge id="c1" src="e1" trg="a1" type="seg"/></arggraph>'
    loaded = load(graph)
    assert [claim.text for claim in loaded.map.claims] == ["A"]
    assert places(loaded, LossKind.DUPLICATE) == ["a1"]
    assert places(loaded, LossKind.METADATA) == ["arggraph/version, e1/by"]


KIALO = {
    "Diskussionstitel: Trams": ("Pro:", "Kontra:"),
    "Titre de la discussion : Trams": ("Pour :", "Contre :"),
    "Título de la discusión: Trams": ("A favor:", "En contra:"),
    "Discussion name: Trams": ("Pro:", "Con:"),
}


@pytest.mark.parametrize("title", KIALO)
def test_kialo_speaks_other_languages(title: str) -> None:
    pro, con = KIALO[title]
    loaded = load(f"{title}\r\n\r\n1. Build.\r\n1.1. {pro} Quiet.\r\n1.2. {con} Dear.\r\n".encode())
    assert (loaded.format, loaded.map.title) == ("kialo", "Trams")
    assert [relation.kind for relation in loaded.map.relations] == [SUPPORTS, ATTACKS]
    assert [claim.text for claim in loaded.map.claims] == ["Build.", "Quiet.", "Dear."]
    assert not loaded.report


def test_a_numbered_list_inside_a_kialo_claim_is_part_of_its_text() -> None:
    text = "Discussion Title: T\n\n1. Build.\n1.1. Pro: Because\n1. quiet\n2. cheap\n1.2. Con: No.\n2. Or not.\n"
    loaded = load(text.encode())
    assert [claim.text for claim in loaded.map.claims] == [
        "Build.", "Because\n1. quiet\n2. cheap", "No.", "Or not."
    ]  # fmt: skip
    assert not loaded.report


def test_tabs_separate_names_and_labels_of_tgf() -> None:
    loaded = load(b"a\tThe first\nb\n#\na\tb\tsupports\n")
    assert [claim.text for claim in loaded.map.claims] == ["The first", "b"]
    assert [relation.kind for relation in loaded.map.relations] == [SUPPORTS]


UNREAD = {
    "aif: the file": (aif(context="x"), "context"),
    "aif: a node": (
        aif(nodes=[{"nodeID": 1, "type": "I", "text": "a", "colour": "red"}], edges=[]),
        "nodes/0/colour",
    ),
    "aif: an edge": (
        aif(edges=[{"fromID": 1, "toID": 3, "formEdgeID": 9}, {"fromID": 3, "toID": 2}]),
        "edges/0/formEdgeID",
    ),
    "aif: a person": (
        aif(participants=[{"participantID": 7, "firstname": "Ann", "age": 9}]),
        "participants/0/age",
    ),
    "aif: a locution": (
        aif(locutions=[{"nodeID": 4, "personID": 7, "tone": "loud"}]),
        "locutions/0/tone",
    ),
    "aif: answers": (aif(cqdescriptorfulfillments=[{"nodeID": 3}]), "cqdescriptorfulfillments"),
    "xaif: the file": (xaif(dialog=True), "dialog"),
    "xaif: the analyst": (xaif(OVA={"firstname": "Cy", "nodes": []}), "OVA/firstname"),
    "xaif: the text": (xaif(text={"txt": "x", "lang": "en"}), "text/lang"),
    "xaif: a node": (
        xaif(AIF=aif(nodes=[{"nodeID": 1, "type": "I", "text": "a", "x": 3}], edges=[])),
        "AIF/nodes/0/x",
    ),
    "arguebuf: the file": (arguebuf({"support": 0}, mood="x"), "mood"),
    "arguebuf: a node": (
        arguebuf({"support": 0}, nodes={"a": {"atom": {"text": "x"}, "colour": 1}}),
        "nodes/a/colour",
    ),
    "arguebuf: an atom": (
        arguebuf({"support": 0}, nodes={"a": {"atom": {"text": "x", "tone": 1}}}),
        "nodes/a/atom/tone",
    ),
    "arguebuf: a reference": (
        arguebuf(
            {"support": 0},
            nodes={"a": {"atom": {"text": "x", "reference": {"text": "x", "page": 3}}}},
        ),
        "nodes/a/atom/reference/page",
    ),
    "arguebuf: a scheme": (arguebuf({"support": 0, "colour": 3}), "nodes/s/scheme/colour"),
    "arguebuf: an edge": (
        arguebuf(
            {"support": 0},
            edges={"e": {"source": "a", "target": "s", "metadata": {"created": "x"}}},
        ),
        "edges/e/metadata",
    ),
    "arguebuf: a person": (
        arguebuf({"support": 0}, participants={"p": {"name": "Ann", "email": "a@example.org"}}),
        "participants/p/email",
    ),
    "arguebuf: a resource": (
        arguebuf({"support": 0}, resources={"r": {"text": "x", "userdata": {"a": 1}}}),
        "resources/r/userdata",
    ),
    "sadface: the file": (sadface(theme="x"), "theme"),
    "sadface: an edge": (
        sadface(edges=[{"id": "e", "source_id": "a", "target_id": "b", "bend": 3}]),
        "edges/0/bend",
    ),
    "sadface: a node": (
        sadface(nodes=[{"id": "a", "type": "atom", "text": "x", "colour": 3}], edges=[]),
        "nodes/0/colour",
    ),
    "sadface: a source": (
        sadface(
            nodes=[{"id": "a", "type": "atom", "text": "x", "sources": [{"text": "x", "page": 3}]}],
            edges=[],
        ),
        "nodes/0/sources/page",
    ),
    "sadface: a step": (
        sadface(
            nodes=[
                {"id": "s", "type": "scheme", "name": "support", "colour": 3},
                {"id": "a", "type": "atom", "text": "A"},
            ],
            edges=[],
        ),
        "nodes/0/colour",
    ),
    "sadface: a resource": (
        sadface(resources=[{"id": "r", "content": "x", "page": 3}]),
        "resources/0/page",
    ),
    "sadface: about a resource": (
        sadface(resources=[{"id": "r", "content": "x", "metadata": {"page": 3}}]),
        "resources/0/metadata/page",
    ),
    "ova2: the file": (ova2(mood="x"), "mood"),
    "ova2: a node": (
        ova2(nodes=[{"id": 1, "type": "I", "text": "x", "imgurl": "u"}], edges=[]),
        "nodes/0/imgurl",
    ),
    "ova2: an edge": (
        ova2(edges=[{"from": {"id": 1}, "to": {"id": 3}, "date": "x"}]),
        "edges/0/date",
    ),
    "ova2: a person": (
        ova2(participants=[{"id": 7, "firstname": "Ann", "age": 3}]),
        "participants/0/age",
    ),
    "ova2: the analysis": (
        ova2(analysis={"txt": "x", "documentDate": "01/02/2003"}),
        "analysis/documentDate",
    ),
    "argdown-json: the file": ({**ARGDOWN, "mood": "x"}, "mood"),
    "argdown-json: a section": (
        {**ARGDOWN, "sections": [{"id": "s1", "title": "Part", "level": 1, "data": {"a": 1}}]},
        "Part",
    ),
}


@pytest.mark.parametrize(("value", "place"), UNREAD.values(), ids=UNREAD.keys())
def test_a_field_that_no_reader_reads_is_reported_with_its_path(value: Any, place: str) -> None:
    loaded = load(value)
    assert place in ", ".join(places(loaded, LossKind.METADATA)).split(", ")


def test_every_sample_without_odd_fields_is_read_whole() -> None:
    for value in (aif(), arguebuf({"support": 0}), sadface(), ARGDOWN):
        assert LossKind.METADATA not in load(value).report.kinds()
