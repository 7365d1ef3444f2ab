"""GraphML: written plainly; read as we write it, as yEd does, as Argunet does, and as other tools may."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree  # only to write
from xml.etree.ElementTree import Element

from argmap.errors import FormatError
from argmap.formats import clean
from argmap.formats.argunet import is_argunet, read_argunet
from argmap.formats.content import Content
from argmap.formats.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.fields import foreign_ids, report_unsaid
from argmap.formats.joining import join
from argmap.formats.report import Losses, LossKind
from argmap.formats.told import tell, told_fields, told_kind
from argmap.model import ArgumentMap, Claim, Relation, RelationKind, limits

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_CLAIM = ("label", "implicit", "speaker", "source", "weight", "tags", "note")
_RELATION = ("label", "scheme", "implicit", "weight", "note")
_SAID = frozenset(
    {"title", "language", "kind"}
    | {f"claim.{name}" for name in _CLAIM}
    | {f"relation.{name}" for name in _RELATION}
)
_KINDS = {
    "supports": RelationKind.SUPPORTS, "support": RelationKind.SUPPORTS, "pro": RelationKind.SUPPORTS,
    "+": RelationKind.SUPPORTS, "attacks": RelationKind.ATTACKS, "attack": RelationKind.ATTACKS,
    "con": RelationKind.ATTACKS, "-": RelationKind.ATTACKS, "conflict": RelationKind.ATTACKS,
    "undercuts": RelationKind.ATTACKS, "rebuts": RelationKind.ATTACKS, "restates": RelationKind.RESTATES,
    "rephrase": RelationKind.RESTATES,
}  # fmt: skip
_TEXT = ("text", "label", "name", "description", "title")
_KEYS = (("graph", "title"), ("graph", "language"), ("node", "type"), ("node", "kind"), ("node", "text"),
         ("node", "label"), ("node", "more"), ("edge", "kind"), ("edge", "more"))  # fmt: skip


def sniff(content: Content) -> bool:
    """Recognise the root element."""
    return content.lead.startswith("<") and "<graphml" in content.lead


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read nodes as claims and edges as relations; a node of type "relation" is a step that edges lead to and from.

    The text is told by data named text, label, name or description, or by yEd's labels; what an edge does by data named
    kind or type, or by its label. Raises FormatError where the root is not <graphml>.
    """
    root = content.xml
    if _name(root) != "graphml":
        raise FormatError("the root element is not <graphml>", place=_name(root)[:80])
    draft = Draft("graphml", losses)
    keys = {
        element.get("id"): element.get("attr.name") or ""
        for element in root
        if _name(element) == "key"
    }
    if is_argunet(keys.values()):
        read_argunet(root, draft)
        return draft.build()
    graph = next((element for element in root if _name(element) == "graph"), None)
    if graph is None:
        return draft.build()
    data = _data(graph, keys)
    draft.fields["title"] = clean.one_line(data.get("title"), limits.TITLE, losses)
    draft.fields["language"] = clean.language(data.get("language"))
    steps: list[tuple[str, str]] = []
    edges: list[tuple[int, Element, dict[str, str]]] = []
    order: dict[str, int] = {}
    for place, element in enumerate(root.iter()):
        if _name(element) == "node":
            _read_node(element, _data(element, keys), draft)
            order.setdefault(element.get("id") or "", place)
        elif _name(element) == "edge":
            edges.append((place, element, _data(element, keys)))
        elif _name(element) == "hyperedge":
            losses.add(LossKind.STRUCTURE, "A hyperedge was left out.", (str(element.get("id")),))
    for place, element, data in edges:
        source, target = element.get("source") or "", element.get("target") or ""
        joins = source in draft.relations or target in draft.relations
        if joins and _kind(data) is None:
            steps.append((source, target))
        else:
            _read_edge(element, data, source, target, place, draft)
            order[f"edge {place}"] = place
    join(draft, steps)
    last = len(order) + 10**9
    draft.relations = dict(
        sorted(draft.relations.items(), key=lambda item: order.get(item[0], last))
    )
    return draft.build()


def _name(element: Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _data(element: Element, keys: Mapping[str | None, str]) -> dict[str, str]:
    """Return the data of a node or an edge by the names of their keys; yEd's labels as "label"."""
    found: dict[str, str] = {}
    for child in element:
        if _name(child) != "data":
            continue
        labels = [text for text in _labels(child) if text.strip()]
        if labels:
            found.setdefault("label", "\n".join(labels))
        elif len(child) == 0:
            found[keys.get(child.get("key")) or str(child.get("key"))] = child.text or ""
    return found


def _labels(data: Element) -> Iterator[str]:
    for element in data.iter():
        if _name(element) in ("NodeLabel", "EdgeLabel"):
            yield element.text or ""


def _more(data: Mapping[str, str]) -> dict[str, Any]:
    """Return what argmap told as JSON; nothing where it is none."""
    try:
        value = json.loads(data.get("more") or "{}")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _read_node(element: Element, data: dict[str, str], draft: Draft) -> None:
    id = element.get("id") or ""
    if not id or id in draft.claims or id in draft.relations:
        draft.losses.add(
            LossKind.DUPLICATE,
            "A node without an id, or of one that is taken, was left out.",
            (id,),
        )
        return
    more = _more(data)
    if data.get("type") == "relation":
        kind = _KINDS.get(data.get("kind", "").lower(), RelationKind.SUPPORTS)
        fields = told_fields(more, _RELATION, draft.losses, id)
        draft.relations[id] = DraftRelation(id, kind, [], None, fields, _extra(more))
        return
    if any(_name(child) == "graph" for child in element):
        draft.losses.add(LossKind.STRUCTURE, "A group was left out; what is in it was kept.", (id,))
        return
    text = next((data[name] for name in _TEXT if data.get(name, "").strip()), "")
    fields = told_fields(more, _CLAIM, draft.losses, id)
    if "text" in data and "label" in data and "label" not in fields:
        fields["label"] = clean.one_line(data["label"], limits.LABEL, draft.losses, id)
    draft.claims[id] = DraftClaim(id, text, told_kind(data), fields, _extra(more))


def _read_edge(
    element: Element, data: dict[str, str], source: str, target: str, place: int, draft: Draft
) -> None:
    id = element.get("id")
    words = (
        data.get(name, "").strip().lower() for name in ("kind", "type", "relation", "label", "name")
    )
    kind = next((_KINDS[word] for word in words if word in _KINDS), None)
    if kind is None:
        read_as = "An edge that does not say what it does was read as a support."
        draft.losses.add(LossKind.STRUCTURE, read_as, (id or f"{source} -> {target}",))
        kind = RelationKind.SUPPORTS
    more = _more(data)
    fields = told_fields(more, _RELATION, draft.losses, id or "")
    draft.relations[f"edge {place}"] = DraftRelation(
        id, kind, [source], target, fields, _extra(more)
    )


def _kind(data: Mapping[str, str]) -> RelationKind | None:
    words = (
        data.get(name, "").strip().lower() for name in ("kind", "type", "relation", "label", "name")
    )
    return next((_KINDS[word] for word in words if word in _KINDS), None)


def _extra(more: Mapping[str, Any]) -> dict[str, Any]:
    extra = more.get("extra")
    return extra if isinstance(extra, dict) else {}


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write claims as nodes; a relation as an edge, or as a node where several lead to it or another relation does."""
    report_unsaid(map, "graphml", _SAID, losses)
    ids = foreign_ids(map, "graphml")
    root = ElementTree.Element("graphml", {"xmlns": NAMESPACE})
    for of, name in _KEYS:
        key = {"id": f"{of}_{name}", "for": of, "attr.name": name, "attr.type": "string"}
        ElementTree.SubElement(root, "key", key)
    graph = ElementTree.SubElement(root, "graph", {"id": "map", "edgedefault": "directed"})
    _write_data(graph, "graph", {"title": map.title, "language": map.language or ""})
    for claim in map.claims:
        node = ElementTree.SubElement(graph, "node", {"id": ids[claim.id]})
        more = tell(claim, _CLAIM) | _kept(claim)
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
    more = _compact(tell(relation, _RELATION) | _kept(relation))
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
