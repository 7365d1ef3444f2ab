"""Mind maps, flowcharts and outlines of other programs: the claims and relations that one sees."""

import pytest

from argmap import formats
from argmap.errors import FormatError, UnknownFormat
from argmap.formats import LossKind
from argmap.model import ArgumentMap, ClaimKind

POOL = {
    ("healthy", "supports", "The pool should stay"),
    ("few swim", "attacks", "healthy"),
    ("dear", "attacks", "The pool should stay"),
    ("the grant pays", "supports", "dear"),
}
MAPS = {
    "freemind": '<map version="1.0.1"><node TEXT="The pool should stay"><node TEXT="Pro: healthy"><node TEXT="few swim">'
    '<icon BUILTIN="button_cancel"/></node></node><node TEXT="Con"><node TEXT="dear"><node><richcontent TYPE="NODE">'
    "<html><body><p>the <b>grant</b> pays</p></body></html></richcontent></node></node></node></node></map>",
    "opml": '<?xml version="1.0"?><opml version="2.0"><head><title>Pool</title></head><body><outline '
    'text="The pool should stay"><outline text="Pro: healthy"><outline text="Con: few swim"/></outline>'
    '<outline text="Cons"><outline text="dear"><outline text="the grant pays"/></outline></outline></outline></body></opml>',
    "html-list": "<!DOCTYPE html><html><head><title>x</title><style>li{}</style></head><body><h1>Pool</h1><ul><li><p>The pool "
    "should stay</p><ul><li>Pro: <b>healthy</b><ol><li>Con: few swim</ol></li><li>Con: dear<ul><li>the grant&nbsp;pays</li>"
    "</ul></li></ul></li></ul></body></html>",
    "html-list of Google Docs": '<html><body><ul class="c1 lst-kix_ab1-0 start"><li>The pool should stay</li></ul>'
    '<ul class="lst-kix_ab1-1 start"><li>Pro: healthy</li></ul><ul class="lst-kix_ab1-2"><li>Con: few swim</li></ul>'
    '<ul class="lst-kix_ab1-1"><li>Con: dear</li></ul><ul class="lst-kix_ab1-2"><li>the grant pays</li></ul></body></html>',
    "mermaid": '%% ours\ngraph LR;\n  A["healthy"] -->|supports| B(["The pool should stay"]); D[dear] -- attacks --> B\n'
    "  F{few swim} --x A\n  subgraph s\n  G>the grant pays]:::kept ==> D\n  end\n  classDef kept fill:#fff\n",
    "mermaid mind map": "---\ntitle: x\n---\nmindmap\n  root((The pool should stay))\n    Pro\n      a[healthy]\n"
    "        ::icon(fa fa-book)\n        Con: few swim\n    Con\n      dear\n        the grant pays\n",
    "mermaid without blanks": "flowchart TD\nA[healthy]-->|pro|B[The pool should stay]\nD[dear]-->|con|B\n"
    "F[few swim]-.->|con|A\nG[the grant pays]-->D\n",
}  # fmt: skip


def joined(map: ArgumentMap) -> set[tuple[str, str, str]]:
    text = {claim.id: claim.text for claim in map.claims}
    return {
        (text[source], relation.kind.value, text[relation.target])
        for relation in map.relations
        for source in relation.sources
    }


@pytest.mark.parametrize("name", MAPS)
def test_one_reads_what_one_sees(name: str) -> None:
    loaded = formats.load(MAPS[name].encode())
    assert loaded.format == name.split()[0]
    assert joined(loaded.map) == POOL
    theses = [claim.text for claim in loaded.map.claims if claim.kind is ClaimKind.THESIS]
    assert theses == ["The pool should stay"]


def test_notes_links_and_attributes_of_a_mind_map_are_kept() -> None:
    text = (
        '<map><node TEXT="a" ID="n1" LINK="https://example.org/"><richcontent TYPE="NOTE"><html><body><p>why</p></body>'
        '</html></richcontent><attribute NAME="mood" VALUE="glad"/><node TEXT="b" ID="n2"><arrowlink DESTINATION="n1"/>'
        '<arrowlink DESTINATION="n7"/></node></node></map>'
    )
    loaded = formats.load(text.encode())
    first = loaded.map.claims[0]
    assert first.note == "why"
    assert first.source is not None
    assert first.origin is not None
    assert first.origin.extra == {"data": {"mood": "glad"}}
    assert loaded.report.kinds() == {LossKind.DANGLING, LossKind.STRUCTURE}


def test_a_node_without_words_joins_in_a_flowchart() -> None:
    text = 'flowchart BT\n a[one] --- j((" "))\n b[two] --- j\n j -->|supports| c[three]\n d[but] --x|attacks| j\n'
    map = formats.load(text.encode()).map
    assert [(r.kind.value, r.sources, r.target) for r in map.relations] == [
        ("supports", ("a", "b"), "c"),
        ("attacks", ("d",), map.relations[0].id),
    ]


@pytest.mark.parametrize(
    "page",
    [
        "<html><body><p>An op-ed with many words, as pages of newspapers have.</p><ul><li>More<ul><li>news</li></ul></li></ul>",
        "<html><body><ul><li>milk</li><li>bread</li></ul></body></html>",
        "<html><body><p>a</p></body></html>",
    ],
)
def test_other_pages_are_no_lists(page: str) -> None:
    sniff = formats.FORMATS["html-list"].sniff
    assert sniff is not None
    assert not sniff(formats.Content(page.encode()))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("html-list", "<ul><li>" * 80),
        ("html-list", "<p>words</p>"),
        ("opml", "<opml><body>" + "<outline text='a'>" * 80 + "</outline>" * 80 + "</body></opml>"),
        ("freemind", '<!DOCTYPE a [<!ENTITY b "b">]><map><node TEXT="&b;"/></map>'),
        ("mermaid", "graph TD\n  A[one] ~ B\n"),
        ("mermaid", "graph TD\n" + "A\n" * 200_001),
        ("mermaid", "pie\n"),
    ],
)
def test_what_is_broken_or_hostile_is_refused_in_one_line(name: str, text: str) -> None:
    with pytest.raises((FormatError, UnknownFormat)) as refused:
        formats.load(text.encode(), format=name)
    assert str(refused.value).isprintable()
