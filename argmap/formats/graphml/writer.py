"""The nodes and edges of GraphML that say a map."""

import json
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree  # only to write
from xml.etree.ElementTree import Element

from argmap.formats.argmap_fields import tell
from argmap.formats.report import Losses
from argmap.formats.writing.report_unsaid import foreign_ids, report_ids, report_unsaid
from argmap.model import ArgumentMap, Claim, Relation

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
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
    root = ElementTree.Element("graphml", {"xmlns": NAMESPACE})
    for of, name in _KEYS:
        key = {"id": f"{of}_{name}", "for": of, "attr.name": name, "attr.type": "string"}
        ElementTree.SubElement(root, "key", key)
    graph = ElementTree.SubElement(root, "graph", {"id": "map", "edgedefault": "directed"})
    _write_data(graph, "graph", {"title": map.title, "language": map.language or ""})
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
        _write_data(ElementTree.SubElement(graph, "edge", ends), "edge", told)
        return
    _write_data(
        ElementTree.SubElement(graph, "node", {"id": id}), "node", {"type": "relation", **told}
    )
    for source in relation.sources:
        ElementTree.SubElement(graph, "edge", {"source": ids[source], "target": id})
    ElementTree.SubElement(graph, "edge", {"source": id, "target": target})


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
