"""The nodes and edges of GraphML that say a map, with words, shapes and colours for yEd."""

import json
import textwrap
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree  # only to write
from xml.etree.ElementTree import Element

from argmap.formats.argmap_fields import tell
from argmap.formats.report import Losses
from argmap.formats.writing.report_unsaid import foreign_ids, report_ids, report_unsaid
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_YED = "http://www.yworks.com/xml/graphml"
DRAWN = {
    "node": "node_drawn",
    "edge": "edge_drawn",
}  # our keys of what yEd draws, which we do not read
_SHAPES = {
    ClaimKind.THESIS: ("roundrectangle", "#FFE699", "3.0"),
    ClaimKind.PREMISE: ("roundrectangle", "#DDEBF7", "1.0"),
    ClaimKind.EVIDENCE: ("rectangle", "#E2EFDA", "1.0"),
    ClaimKind.REBUTTAL: ("octagon", "#FCE4D6", "1.0"),
}
_LINES = {
    RelationKind.SUPPORTS: ("#1F6F43", "line"),
    RelationKind.ATTACKS: ("#B3261E", "dashed"),
    RelationKind.RESTATES: ("#5B6472", "dotted"),
}
CLAIM_FIELDS = ("label", "implicit", "speaker", "source", "weight", "tags", "note")
RELATION_FIELDS = ("label", "scheme", "implicit", "weight", "note")
_SAID = frozenset(
    {"title", "language", "kind", "origin.*"}
    | {f"claim.{name}" for name in CLAIM_FIELDS}
    | {f"relation.{name}" for name in RELATION_FIELDS}
)
_KEYS = (("graph", "title"), ("graph", "language"), ("node", "type"), ("node", "kind"), ("node", "text"),
         ("node", "label"), ("node", "more"), ("edge", "kind"), ("edge", "more"))  # fmt: skip


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write claims as nodes; a relation as an edge, or as a node where several lead to it or another relation does."""
    report_unsaid(map, "graphml", _SAID, losses)
    ids = foreign_ids(map, "graphml")
    report_ids(map, "graphml", ids, losses, map.relations)
    root = ElementTree.Element("graphml", {"xmlns": NAMESPACE, "xmlns:y": _YED})
    for of, graphics in (("node", "nodegraphics"), ("edge", "edgegraphics")):
        ElementTree.SubElement(root, "key", {"id": DRAWN[of], "for": of, "yfiles.type": graphics})
    for of, name in _KEYS:
        key = {"id": f"{of}_{name}", "for": of, "attr.name": name, "attr.type": "string"}
        ElementTree.SubElement(root, "key", key)
    graph = ElementTree.SubElement(root, "graph", {"id": "map", "edgedefault": "directed"})
    _write_data(graph, "graph", {"title": map.title, "language": map.language or ""})
    drawn: list[str] = []
    for claim in map.claims:
        node = ElementTree.SubElement(graph, "node", {"id": ids[claim.id]})
        more = tell(claim, CLAIM_FIELDS) | _kept(claim)
        told = {
            "type": "claim",
            "kind": claim.kind.value,
            "text": claim.text,
            "label": more.pop("label", ""),
        }
        _write_data(node, "node", {**told, "more": _compact(more)})
        place = len(drawn)
        drawn.append(claim.id)
        _draw_node(node, claim.label or claim.text, claim.kind, claim.implicit, place)
    targeted = {relation.target for relation in map.relations}
    for relation in map.relations:
        _write_relation(graph, relation, ids, relation.id in targeted)
    ElementTree.indent(root, " ")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        + ElementTree.tostring(root, encoding="unicode")
        + "\n"
    )


def _write_relation(
    graph: Element, relation: Relation, ids: Mapping[str, str], targeted: bool
) -> None:
    more = _compact(tell(relation, RELATION_FIELDS) | _kept(relation))
    told = {"kind": relation.kind.value, "more": more}
    id, target = ids[relation.id], ids[relation.target]
    if len(relation.sources) == 1 and not targeted:
        ends = {"id": id, "source": ids[relation.sources[0]], "target": target}
        edge = ElementTree.SubElement(graph, "edge", ends)
        _write_data(edge, "edge", told)
        _draw_edge(edge, relation.kind, arrow=True)
        return
    node = ElementTree.SubElement(graph, "node", {"id": id})
    _write_data(node, "node", {"type": "relation", **told})
    _draw_join(node)
    for source in relation.sources:
        edge = ElementTree.SubElement(graph, "edge", {"source": ids[source], "target": id})
        _draw_edge(edge, relation.kind, arrow=False)
    edge = ElementTree.SubElement(graph, "edge", {"source": id, "target": target})
    _draw_edge(edge, relation.kind, arrow=True)


def _draw_node(node: Element, words: str, kind: ClaimKind, implicit: bool, place: int) -> None:
    """Tell yEd how a claim looks: its words, the shape and colour of its kind, and a place of its own in rows."""
    lines = [line for part in words.split("\n") for line in textwrap.wrap(part, 34) or [""]]
    shape, fill, width = _SHAPES[kind]
    drawn = ElementTree.SubElement(node, "data", {"key": DRAWN["node"]})
    figure = ElementTree.SubElement(drawn, "y:ShapeNode")
    row, column = divmod(place, 6)
    corner = {"x": str(column * 280), "y": str(row * 160)}
    size = {"width": "240", "height": str(24 + 16 * len(lines))}
    ElementTree.SubElement(figure, "y:Geometry", {**corner, **size})
    ElementTree.SubElement(figure, "y:Fill", {"color": fill, "transparent": "false"})
    line = "dashed" if implicit else "line"
    ElementTree.SubElement(
        figure, "y:BorderStyle", {"color": "#1B2230", "type": line, "width": width}
    )
    ElementTree.SubElement(figure, "y:NodeLabel", {"visible": "true"}).text = "\n".join(lines)
    ElementTree.SubElement(figure, "y:Shape", {"type": shape})


def _draw_join(node: Element) -> None:
    """Tell yEd that a step which several things lead to is a small circle."""
    drawn = ElementTree.SubElement(node, "data", {"key": DRAWN["node"]})
    figure = ElementTree.SubElement(drawn, "y:ShapeNode")
    ElementTree.SubElement(figure, "y:Geometry", {"width": "14", "height": "14"})
    ElementTree.SubElement(figure, "y:Fill", {"color": "#1B2230", "transparent": "false"})
    ElementTree.SubElement(figure, "y:Shape", {"type": "ellipse"})


def _draw_edge(edge: Element, kind: RelationKind, arrow: bool) -> None:
    """Tell yEd how a step looks: its colour and line, its word, and its head where it ends."""
    colour, line = _LINES[kind]
    drawn = ElementTree.SubElement(edge, "data", {"key": DRAWN["edge"]})
    figure = ElementTree.SubElement(drawn, "y:PolyLineEdge")
    ElementTree.SubElement(figure, "y:LineStyle", {"color": colour, "type": line, "width": "2.0"})
    head = "standard" if arrow else "none"
    ElementTree.SubElement(figure, "y:Arrows", {"source": "none", "target": head})
    if arrow:
        ElementTree.SubElement(figure, "y:EdgeLabel", {"visible": "true"}).text = kind.value


def _kept(item: Claim | Relation) -> dict[str, Any]:
    origin = item.origin
    return (
        {"extra": origin.extra}
        if origin is not None and origin.format == "graphml" and origin.extra
        else {}
    )


def _compact(more: dict[str, Any]) -> str:
    return json.dumps(more, ensure_ascii=False) if more else ""


def _write_data(element: Element, of: str, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        if value:
            ElementTree.SubElement(element, "data", {"key": f"{of}_{name}"}).text = value
