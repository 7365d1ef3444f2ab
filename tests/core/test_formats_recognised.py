"""Nothing is read as what it is not: what looks like Argdown, containers by their first bytes, refusals by name."""

import io
import json
import zipfile

import pytest

from argmap import formats
from argmap.errors import FormatError, UnknownFormat
from argmap.formats import LossKind
from argmap.model import parse_map

OP_ED = """The pool should stay. It is healthy - and cheap.

+ More at example.org
- Advertisement -

> “A quote.”
"""


def zipped(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), "<x/>")
    return file.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "[Stay]: The pool should stay.\n",
        "<Costs>: It costs too much.\n",
        "The pool should stay.\n  + It is healthy.\n",
        "The pool should stay.\n  - It is dear.\n",
        "The pool should stay.\n  <- It is dear.\n",
        "[Stay]\n  + <Health>\n",
        "Some words first.\n\n[Stay]: The pool should stay. #tag\n",
        "(1) Heating is dear.\n(2) What is dear should go.\n-----\n(3) It should go.\n",
        "(1) Heating is dear.\n-- modus ponens --\n(2) It should go.\n",
        "===\ntitle: Pool\n===\n\nThe pool should stay.\n",
        "Notes.\n\n```argdown-map\nThe pool should stay.\n```\n",
    ],
)
def test_what_looks_like_argdown_is_read_as_argdown(text: str) -> None:
    assert formats.load(text.encode()).format == "argdown"
    assert formats.load(b"\xef\xbb\xbf" + text.encode()).format == "argdown"


@pytest.mark.parametrize(
    ("text", "name", "what"),
    [
        ("The pool should stay. It is cheap.\n", None, "plain text"),
        (OP_ED, "oped.txt", "say --from argdown"),
        ("aspic text of an op-ed pasted.\n", None, "plain text"),
        ("Dialogue.\n\nAnn: We go.\nBob: We stay.\n", None, "plain text"),
        ("See [the pool](https://example.org) and <b>more</b>.\n", None, "plain text"),
        ("[1]: https://example.org/pool\n[2]: https://example.org\n", None, "plain text"),
        ("# Notes\n\nSome words.\n", "notes.md", "a Markdown file: say --from argdown"),
        ("claims:\n  - text: The pool stays\n    pro: cheap\n", "a.yml", "a YAML file"),
        ("title: x\nitems:\n  - a: b\n  - c: d\n", None, "a YAML file"),
        ("a;b;c\n1;2;3\n4;5;6\n", None, "a table"),
        ("import os\n\ndef main():\n    print(1)\n", None, "code"),
        ("import os\n", "main.py", "code"),
        ("function f(x) {\n  return -x;\n}\n", None, "code"),
        ("p aba 4\na 1\nc 1 3\n", "x.aba", "ABA"),
        ("[a] => b\n", "x.aspic", "ASPIC"),
        ("[Music]\n\nHello and welcome.\n\n[Applause]\n", None, "plain text"),
        ("[section]\nkey = value\n", "x.ini", "a settings file"),
        ("- [ ] to do\n- [x] done\n", None, "a Markdown file"),
        ("<p>Hello</p>\n<div>x</div>\n", "x.txt", "markup"),
        ("", None, "empty"),
        ("not a pdf", "x.pdf", "not what its name says"),
    ],
)
def test_other_texts_are_refused_by_name(text: str, name: str | None, what: str) -> None:
    with pytest.raises((UnknownFormat, FormatError), match=what) as refusal:
        formats.load(text.encode(), name=name)
    assert "\n" not in str(refusal.value)


def test_a_user_may_say_that_prose_is_argdown() -> None:
    assert formats.load(OP_ED.encode(), format="argdown").format == "argdown"
    assert formats.load(b"We go.\n", name="notes.argdown").format == "argdown"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n1 0 obj", "a PDF"),
        (b"\xef\xbb\xbf\n%PDF-1.4", "a PDF"),
        (b"{\\rtf1 text}", "RTF"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\xff\xd8\xff\xe0JFIF", "a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "older office program"),
        (zipped("mimetype", "META-INF/container.xml"), "EPUB"),
        (zipped("content.json", "metadata.json"), "XMind"),
        (zipped("Index/Document.iwa", "preview.jpg"), "Pages"),
        (zipped("ppt/presentation.xml"), "PowerPoint"),
        (zipped("map.json"), "zip archive"),
        (b"PK\x03\x04" + zipped("ppt/presentation.xml")[4:60], "PowerPoint"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_containers_are_known_by_their_first_bytes(data: bytes, what: str) -> None:
    for name in (None, "map.argdown", "map.json", "map.txt"):
        with pytest.raises(UnknownFormat, match=what):
            formats.load(data, name=name)


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ({"nodes": {"n1": {"type": "claim"}}, "nodeLinks": {}, "nodeRevisions": {}}, "debate map"),
        ({"directed": True, "multigraph": False, "nodes": [], "links": []}, "node-link"),
        ({"id": "root", "formatVersion": 3, "ideas": {"1": {"title": "x"}}}, "MindMup"),
        ({"cells": [], "nbformat": 4}, "Jupyter"),
        (
            {"nodes": {"a": {"label": "x"}}, "edges": {}},
            "graph in another tool's JSON|nothing in it",
        ),
        ({"some": "json"}, "does not know the format"),
    ],
)
def test_json_of_other_tools_is_refused_by_name(value: object, what: str) -> None:
    with pytest.raises((UnknownFormat, FormatError), match=what):
        formats.load(json.dumps(value).encode(), name="map.json")


@pytest.mark.parametrize(
    ("xml", "what"),
    [
        ("<caf version='1'><x/></caf>", "CAF"),
        ("<?xml version='1.0'?><rst><header/></rst>", "RST"),
        ("<?xml version='1.0'?><mxfile><diagram/></mxfile>", "draw.io"),
        ("<?xml version='1.0'?><odd><x/></odd>", "another kind"),
    ],
)
def test_xml_of_other_tools_is_refused_by_name(xml: str, what: str) -> None:
    with pytest.raises(UnknownFormat, match=what):
        formats.load(xml.encode(), name="map.xml")


def test_fences_in_markdown_give_their_maps() -> None:
    text = (
        "# Notes\n\n- a list\n\n```argdown-map\n===\ntitle: Pool\n===\n\n[A]: We go.\n  - [B]\n```\n\n"
        "More.\n\n~~~ argdown\n===\ntitle: Other\n===\n[B]: We stay.\n~~~\n"
    )
    loaded = formats.load(text.encode(), name="notes.md")
    assert (loaded.format, loaded.map.title) == ("argdown", "Pool")
    assert [claim.text for claim in loaded.map.claims] == ["We go.", "We stay."]
    assert LossKind.STRUCTURE in loaded.report.kinds()


def test_an_include_is_told_and_no_claim() -> None:
    loaded = formats.load(b"@include(part-one.argdown)\n\n[Stay]: The pool should stay.\n")
    assert [claim.text for claim in loaded.map.claims] == ["The pool should stay."]
    (loss,) = loaded.report.losses
    assert "part-one.argdown" in loss.place


def test_an_empty_brat_file_is_an_empty_map_with_its_article() -> None:
    loaded = formats.load(b"", name="a.ann", beside=b"Foo pool\n")
    assert (loaded.format, loaded.map.claims) == ("brat", ())
    assert loaded.map.article is not None
    assert loaded.map.article.text == "Foo pool\n"


def test_places_that_are_off_are_set_right_by_the_words_and_told_once() -> None:
    text = b"Foo pool\n  Bar stay\nBecause."
    data = (
        b"T1\tMajorClaim 1 9\tFoo pool\nT2\tPremise 21 27\tBecause.\nR1\tsupports Arg1:T2 Arg2:T1\n"
    )
    loaded = formats.load(data, beside=text)
    assert [(q.exact, q.start) for c in loaded.map.claims for q in c.quotes] == [
        ("Foo pool", 0),
        ("Because.", 20),
    ]
    (loss,) = loaded.report.losses
    assert (loss.kind, loss.count) == (LossKind.QUOTE, 1)
    assert "one character before" in loss.message


def test_words_of_an_annotation_decide_over_its_place() -> None:
    data = b"T1\tClaim 0 4\tBob goes\nT2\tClaim 0 3\tnobody at all\nT3\tClaim 0 3\tAnn\n"
    loaded = formats.load(data, beside=b"Ann stays. Bob goes.")
    first, lost, third = (claim.quotes[0] for claim in loaded.map.claims)
    assert (first.start, third.start) == (11, 0)
    assert (lost.state.value, lost.exact) == ("orphan", "nobody at all")
    assert loaded.report.kinds() == {LossKind.QUOTE}


def test_abstrct_relations_are_relations_and_blanks_no_part_of_a_claim() -> None:
    data = (
        b"T1\tclaim 0 15\tThe pool stays.\t\nT2\tpremise 16 21\tGood. \nT3\tpremise 22 26\tBad.\n"
        b"R1\tSupport Arg1:T2 Arg2:T1\nR2\tAttack Arg1:T3 Arg2:T1\nR3\tPartial-Attack Arg1:T3 Arg2:T2\n"
    )
    map = formats.load(data, beside=b"The pool stays. Good. Bad.").map
    assert [claim.text for claim in map.claims] == ["The pool stays.", "Good.", "Bad."]
    assert [(r.kind.value, r.sources, r.target) for r in map.relations] == [
        ("supports", ("T2",), "T1"),
        ("attacks", ("T3",), "T1"),
        ("attacks", ("T3",), "T2"),
    ]


def test_brat_reports_nothing_where_a_map_comes_back_equal() -> None:
    data = b"T1\tMajorClaim 0 5\tWe go\nT2\tClaim 7 12\tGo on\nA1\tStance T2 For\n"
    loaded = formats.load(data, name="a.ann", beside=b"We go. Go on.")
    written = formats.dump(loaded.map, "brat")
    assert formats.load(written.data, name="a.ann", beside=b"We go. Go on.").map == loaded.map
    assert not written.report


def test_labels_of_yed_lose_their_tags() -> None:
    label = "&lt;html&gt;&lt;b&gt;Dear&lt;/b&gt; &amp;amp; old&lt;/html&gt;"
    xml = (
        '<graphml xmlns:y="http://www.yworks.com/xml/graphml"><graph><node id="n"><data key="d">'
        f"<y:ShapeNode><y:NodeLabel>{label}</y:NodeLabel></y:ShapeNode></data></node></graph></graphml>"
    )
    assert [claim.text for claim in formats.load(xml.encode()).map.claims] == ["Dear & old"]


def test_argdown_escapes_no_dot_that_says_nothing() -> None:
    claims = [{"id": "c1", "kind": "thesis", "text": "It is just...wrong. And .smile. too."}]
    map = parse_map({"claims": claims})
    text = formats.dump(map, "argdown").data
    assert b"just...wrong." in text
    assert formats.load(text).map == map


def test_an_indented_heading_is_a_heading() -> None:
    map = formats.load(b"[a]: We go.\n\n # A group\n\n[b]: We stay.\n").map
    assert [claim.text for claim in map.claims] == ["We go.", "We stay."]


def test_aif_of_nothing_but_dialogue_is_an_empty_map_that_says_so() -> None:
    graph = {"nodes": [{"nodeID": "1", "type": "L", "text": "Ann: Hello"}], "edges": []}
    loaded = formats.load(json.dumps(graph).encode())
    assert loaded.map.claims == ()
    assert any(
        loss.count == 1 and "without asserting" in loss.message for loss in loaded.report.losses
    )


def test_a_byte_order_mark_is_read_everywhere() -> None:
    claims = [
        {"id": "c1", "kind": "thesis", "text": "We go."},
        {"id": "c2", "kind": "premise", "text": "It is late."},
    ]
    step = {"id": "r1", "kind": "supports", "sources": ["c2"], "target": "c1"}
    map = parse_map({"title": "T", "claims": claims, "relations": [step]})
    for name, format in formats.FORMATS.items():
        if format.load is None or format.dump is None:
            continue
        data = formats.dump(map, name).data
        if not data.startswith(b"PK"):
            marked = formats.load(b"\xef\xbb\xbf" + data, format=name)
            assert marked == formats.load(data, format=name), name


def test_markup_within_a_statement_does_not_hide_its_title() -> None:
    written = b'[c1]: Words {"source": {"date": "<b>bold</b> & <script>alert(1)</script>"}}\n'
    assert formats.sniff(formats.Content(written)).name == "argdown"
