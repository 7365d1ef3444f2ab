"""GraphML: our own, yEd's labels, Argunet's debates, and what others may write."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from argmap import formats
from argmap.errors import FormatError
from argmap.formats import LossKind
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind

HEAD = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml" '
HEAD += 'xmlns:arg="http://www.argunet.org/xml/argml">'
YED = f"""{HEAD}<key id="d0" for="node" yfiles.type="nodegraphics"/><graph edgedefault="directed">
<node id="n0" yfiles.foldertype="group"><graph id="n0:">
 <node id="n0::n0"><data key="d0"><y:ShapeNode><y:NodeLabel>Build trams</y:NodeLabel></y:ShapeNode></data></node>
</graph></node>
<node id="n1"><data key="d0"><y:ShapeNode><y:NodeLabel>They are quiet</y:NodeLabel></y:ShapeNode></data></node>
<edge id="e0" source="n1" target="n0::n0"><data key="d1"><y:PolyLineEdge><y:EdgeLabel>attack</y:EdgeLabel>
</y:PolyLineEdge></data></edge>
<edge id="e1" source="n1" target="n0::n0"/>
</graph></graphml>"""
ARGUNET = f"""{HEAD}<key attr.name="arg.debate" id="d0"/><key attr.name="arg.node" for="node" id="d2"/>
<key attr.name="arg.edge" for="edge" id="d4"/>
<data key="d0"><arg:map><arg:debate><arg:title>Trams</arg:title><arg:language> en - English </arg:language>
</arg:debate></arg:map></data>
<graph edgedefault="directed" id="G">
<node id="n4" yfiles.foldertype="group"><data key="d2"><arg:group id="7"><arg:title>Quiet</arg:title></arg:group></data>
<graph id="n4:">
 <node id="n4::n0"><data key="d2"><arg:thesis id="11"><arg:title>T1</arg:title><arg:content>Build trams</arg:content>
 </arg:thesis></data></node>
 <node id="n4::n1"><data key="d2"><arg:argument id="12"><arg:title>A1</arg:title><arg:description>why</arg:description>
  <arg:proposition id="21" type="premise"><arg:content>Trams are quiet</arg:content></arg:proposition>
  <arg:proposition id="22" type="premise"><arg:content>Quiet is good</arg:content></arg:proposition>
  <arg:proposition id="11" type="conclusion"><arg:content>Build trams</arg:content></arg:proposition>
 </arg:argument></data></node>
</graph></node>
<node id="n5"><data key="d2"><arg:argument id="13"><arg:title>A2</arg:title>
<arg:description>They squeal</arg:description>
</arg:argument></data></node>
<edge id="e0" source="n4::n1" target="n4::n0"><data key="d4">
 <arg:edge sourcePropositionId="11" targetPropositionId="11" type="support"/></data></edge>
<edge id="e1" source="n5" target="n4::n1"><data key="d4">
 <arg:edge sourcePropositionId="13" targetPropositionId="21" type="sketchedAttack"/></data></edge>
<edge id="e2" source="n5" target="zz"><data key="d4"><arg:edge type="attack"/></data></edge>
</graph></graphml>"""


def test_yeds_labels_are_texts_and_what_an_edge_does() -> None:
    loaded = formats.load(YED.encode())
    assert [c.text for c in loaded.map.claims] == ["Build trams", "They are quiet"]
    assert [(r.id, r.kind) for r in loaded.map.relations] == [
        ("e0", RelationKind.ATTACKS), ("e1", RelationKind.SUPPORTS)
    ]  # fmt: skip
    assert [(loss.kind, loss.place) for loss in loaded.report.losses] == [
        (LossKind.STRUCTURE, "n0"), (LossKind.LAYOUT, "n0::n0, n1, e0"), (LossKind.STRUCTURE, "e1")
    ]  # fmt: skip


def test_argunets_propositions_are_a_spelled_out_argument_and_attacks_lead_to_their_proposition() -> (
    None
):
    loaded = formats.load(ARGUNET.encode())
    map = loaded.map
    assert (map.title, map.language) == ("Trams", "en")
    names = {claim.id: claim.label or claim.text for claim in map.claims}
    joined = [
        (r.kind, [names[s] for s in r.sources], names[r.target], r.label) for r in map.relations
    ]
    assert joined == [
        (RelationKind.SUPPORTS, ["Trams are quiet", "Quiet is good"], "T1", "A1"),
        (RelationKind.ATTACKS, ["A2"], "Trams are quiet", None),
    ]
    assert map.claims[0].kind is ClaimKind.THESIS
    assert map.claims[0].origin is not None
    assert map.claims[0].origin.extra == {"section": [1, "Quiet"]}
    assert loaded.report.kinds() == {LossKind.LAYOUT, LossKind.DANGLING}


def test_other_tools_names_for_text_and_kind_are_understood() -> None:
    text = (
        f'{HEAD}<key id="a" for="node" attr.name="description"/><key id="b" for="edge" attr.name="type"/>'
        '<graph><node id="x"><data key="a">One</data></node><node id="y"><data key="a">Two</data></node>'
        '<edge source="x" target="y"><data key="b">Con</data></edge><hyperedge id="h"/></graph></graphml>'
    )
    loaded = formats.load(text.encode())
    assert [c.text for c in loaded.map.claims] == ["One", "Two"]
    assert loaded.map.relations[0].kind is RelationKind.ATTACKS
    assert loaded.report.kinds() == {LossKind.STRUCTURE}


def test_a_node_twice_and_an_edge_to_nowhere_are_reported() -> None:
    text = (
        f'{HEAD}<graph><node id="x"/><node id="x"/><edge source="x" target="q"/></graph></graphml>'
    )
    kinds = formats.load(text.encode()).report.kinds()
    assert {LossKind.DUPLICATE, LossKind.DANGLING, LossKind.TEXT} <= kinds


def test_another_root_and_entities_are_refused() -> None:
    with pytest.raises(FormatError, match="root element"):
        formats.load(b"<other/>", format="graphml")
    with pytest.raises(FormatError, match=r"line \d+: entities"):
        formats.load(b'<!DOCTYPE g [<!ENTITY a "b">]><graphml>&a;</graphml>')


def test_the_argunet_debate_of_the_corpora_has_all_theses_and_arguments(corpora: Path) -> None:
    path = corpora / "graphml" / "argunet-climate-engineering.graphml"
    map = formats.load(path.read_bytes()).map
    text = path.read_text()
    labels = {claim.label for claim in map.claims} | {relation.label for relation in map.relations}
    assert len(labels - {None}) >= text.count("<arg:thesis ") + text.count("<arg:argument ") - 3
    assert sum(len(r.sources) > 1 for r in map.relations) >= 20


def test_yed_shows_the_words_and_kinds_of_what_we_write() -> None:
    map = ArgumentMap(
        claims=(
            Claim(id="c1", kind=ClaimKind.THESIS, text="Keep the pool & <more>"),
            Claim(id="c2", kind=ClaimKind.REBUTTAL, text="x", label="It is dear"),
        ),
        relations=(
            Relation(id="r1", kind=RelationKind.ATTACKS, sources=("c2",), target="c1"),
            Relation(id="r2", kind=RelationKind.SUPPORTS, sources=("c1",), target="r1"),
        ),
    )
    data = formats.dump(map, "graphml").data
    root = ElementTree.fromstring(data)
    yed = "{http://www.yworks.com/xml/graphml}"
    keys = {key.get("yfiles.type"): key.get("id") for key in root if key.get("yfiles.type")}
    assert keys.keys() == {"nodegraphics", "edgegraphics"}
    assert [label.text for label in root.iter(f"{yed}NodeLabel")] == [
        "Keep the pool & <more>",
        "It is dear",
    ]
    assert {shape.get("type") for shape in root.iter(f"{yed}Shape")} == {
        "roundrectangle", "octagon", "ellipse",
    }  # fmt: skip
    assert {label.text for label in root.iter(f"{yed}EdgeLabel")} == {"attacks", "supports"}
    again = formats.load(data)
    assert again.map == map
    assert not again.report
