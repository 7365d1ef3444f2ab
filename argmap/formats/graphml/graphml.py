"""GraphML: written plainly; read as we write it, as yEd does, as Argunet does, and as other tools may."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from argmap.errors import FormatError
from argmap.formats.argmap_fields import told_fields, told_kind
from argmap.formats.graphml.argunet import is_argunet, read_argunet
from argmap.formats.graphml.writer import CLAIM_FIELDS, DRAWN, RELATION_FIELDS
from argmap.formats.graphml.writer import dump as dump
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.reading.join_steps import join
from argmap.formats.report import Losses, LossKind
from argmap.formats.source.content import Content
from argmap.formats.source.html_text import plain
from argmap.formats.source.json_parts import report_stray, report_unread
from argmap.model import ArgumentMap, RelationKind, limits

_KINDS = {
    "supports": RelationKind.SUPPORTS, "support": RelationKind.SUPPORTS, "pro": RelationKind.SUPPORTS,
    "+": RelationKind.SUPPORTS, "attacks": RelationKind.ATTACKS, "attack": RelationKind.ATTACKS,
    "con": RelationKind.ATTACKS, "-": RelationKind.ATTACKS, "conflict": RelationKind.ATTACKS,
    "undercuts": RelationKind.ATTACKS, "rebuts": RelationKind.ATTACKS, "undercut": RelationKind.ATTACKS,
    "rebuttal": RelationKind.ATTACKS, "contradicts": RelationKind.ATTACKS, "opposes": RelationKind.ATTACKS,
    "refutes": RelationKind.ATTACKS, "objection": RelationKind.ATTACKS, "restates": RelationKind.RESTATES,
    "rephrase": RelationKind.RESTATES,
}  # fmt: skip
_DOES = (
    "kind",
    "type",
    "relation",
    "label",
    "edge label",
    "name",
)  # the data of an edge that may say so
_HTML = re.compile(r"\s{0,20}<html[\s>]", re.IGNORECASE)
_TEXT = ("text", "label", "name", "description", "title", "desc")
_PARTS = frozenset({"graphml", "graph", "node", "edge"})
_CHILDREN = _PARTS | {"key", "data", "desc", "default", "hyperedge", "port"}
_ATTRIBUTES = frozenset(
    {"id", "source", "target", "directed", "edgedefault", "sourceport", "targetport"}
)


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
    keys = {element.get("id"): element for element in root if _name(element) == "key"}
    names = _Names(keys)
    if is_argunet(element.get("attr.name") or "" for element in keys.values()):
        read_argunet(root, draft)
        return draft.build()
    graph = next((element for element in root if _name(element) == "graph"), None)
    if graph is None:
        return draft.build()
    data = names.data(graph)
    draft.fields["title"] = fit_fields.one_line(data.pop("title", None), limits.TITLE, losses)
    draft.fields["language"] = fit_fields.language(data.pop("language", None), losses)
    losses.add(LossKind.METADATA, "Further data of the graph was left out.", data)
    directed = graph.get("edgedefault") != "undirected"
    steps: list[tuple[str, str]] = []
    edges: list[tuple[int, Element, dict[str, str]]] = []
    order: dict[str, int] = {}
    for place, element in enumerate(root.iter()):
        if _name(element) == "node":
            _read_node(element, names.data(element), draft)
            order.setdefault(element.get("id") or "", place)
        elif _name(element) == "edge":
            edges.append((place, element, names.data(element)))
            if element.get("directed", "true" if directed else "false") == "false":
                both = "An edge without a direction was read as one from its source to its target."
                losses.add(LossKind.STRUCTURE, both, (_edge_place(element),))
        if _name(element) in _PARTS:
            _report_strange(element, losses)
        if _name(element) == "hyperedge":
            losses.add(LossKind.STRUCTURE, "A hyperedge was left out.", (str(element.get("id")),))
    for place, element, data in edges:
        source, target = _ends(element)
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


def _report_strange(element: Element, losses: Losses) -> None:
    """Report the words, elements and attributes that GraphML does not have there; other namespaces may have theirs."""
    place = element.get("id") or _name(element)
    own = {name: value for name, value in element.attrib.items() if not _foreign(name)}
    report_unread(own, _ATTRIBUTES, losses, place)
    report_stray(element, losses, place, children=True)
    for child in element:
        name = _name(child)
        if name not in _CHILDREN or (name == "desc" and _name(element) == "graphml"):
            losses.add(LossKind.STRUCTURE, "An unknown element was left out.", (place,))


def _foreign(attribute: str) -> bool:
    """Say whether an attribute is of another namespace, or a hint for parsers ("parse.order", "yfiles.foldertype")."""
    return "}" in attribute or "." in attribute


def _name(element: Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


class _Names:
    """The keys of a file: what the data of its nodes and edges are called, and what they are where nothing is told."""

    def __init__(self, keys: Mapping[str | None, Element]) -> None:
        self._names = {
            id: (key.get("attr.name") or str(id)).strip().lower() for id, key in keys.items()
        }
        self._defaults: dict[str, dict[str, str]] = {}
        for id, key in keys.items():
            for child in key:
                if _name(child) == "default" and (child.text or "").strip():
                    of = self._defaults.setdefault(key.get("for") or "all", {})
                    of[self._names[id]] = child.text or ""

    def data(self, element: Element) -> dict[str, str]:
        """Return the data of a node or an edge by the names of their keys; yEd's labels as "label"."""
        found: dict[str, str] = {}
        for child in element:
            if _name(child) == "desc" and (child.text or "").strip():
                found["desc"] = child.text or ""
            if _name(child) != "data" or child.get("key") in DRAWN.values():
                continue
            labels = [text for text in _labels(child) if text.strip()]
            if labels:
                found.setdefault("label", "\n".join(labels))
            elif len(child) == 0:
                key = child.get("key")
                found[self._names.get(key) or str(key)] = child.text or ""
        return {**self._defaults.get("all", {}), **self._defaults.get(_name(element), {}), **found}


def _labels(data: Element) -> Iterator[str]:
    for element in data.iter():
        if _name(element) in ("NodeLabel", "EdgeLabel"):
            text = element.text or ""
            yield plain(text)[0].strip() if _HTML.match(text) else text


def _more(data: dict[str, str]) -> dict[str, Any]:
    """Take what argmap told as JSON out of the data; nothing where it is none."""
    try:
        value = json.loads(data.get("more") or "null")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(value, dict):
        return {}
    del data["more"]
    return value


def _read_node(element: Element, data: dict[str, str], draft: Draft) -> None:
    id = element.get("id") or ""
    if not id or id in draft.claims or id in draft.relations:
        draft.losses.add(
            LossKind.DUPLICATE,
            "A node without an id, or of one that is taken, was left out.",
            (id,),
        )
        return
    _report_drawing(element, draft)
    more = _more(data)
    if data.get("type") == "relation":
        kind = _KINDS.get(data.get("kind", "").lower(), RelationKind.SUPPORTS)
        fields = told_fields(more, RELATION_FIELDS, draft.losses, id)
        extra = _extra(more) | _further(data, {"type", "kind"})
        draft.relations[id] = DraftRelation(id, kind, [], None, fields, extra)
        return
    if any(_name(child) == "graph" for child in element):
        draft.losses.add(LossKind.STRUCTURE, "A group was left out; what is in it was kept.", (id,))
        return
    read = next((name for name in _TEXT if data.get(name, "").strip()), None)
    text = data[read] if read is not None else id
    if read is None:
        draft.losses.add(LossKind.TEXT, "A node without a text reads as its id.", (id,))
    fields = told_fields(more, CLAIM_FIELDS, draft.losses, id)
    used = {read} | ({"type"} if data.get("type") == "claim" else set())
    if read == "text" and "label" in data and "label" not in fields:
        fields["label"] = fit_fields.one_line(data["label"], limits.LABEL, draft.losses, id)
        used.add("label")
    told = told_kind(data, Losses(), id)  # what is none is kept among the further data
    if told is not None:
        used.add("kind")
    extra = _extra(more) | _further(data, used)
    draft.claims[id] = DraftClaim(id, text, told, fields, extra)


def _read_edge(
    element: Element, data: dict[str, str], source: str, target: str, place: int, draft: Draft
) -> None:
    id = element.get("id")
    _report_drawing(element, draft)
    kind = _kind(data)
    if kind is None:
        read_as = "An edge that does not say what it does was read as a support."
        draft.losses.add(LossKind.STRUCTURE, read_as, (_edge_place(element),))
    more = _more(data)
    fields = told_fields(more, RELATION_FIELDS, draft.losses, id or "")
    said = next((name for name in _DOES if data.get(name, "").strip().lower() in _KINDS), None)
    label = data.get("label")
    if label and said != "label" and "label" not in fields:
        fields["label"] = fit_fields.one_line(label, limits.LABEL, draft.losses, id or "")
    extra = _extra(more) | _further(data, {said, "label"})
    draft.relations[f"edge {place}"] = DraftRelation(
        id, kind or RelationKind.SUPPORTS, [source], target, fields, extra
    )


def _ends(edge: Element) -> tuple[str, str]:
    """Return where an edge leads from and to; in yEd one that has its arrowhead at the source leads there."""
    ends = edge.get("source") or "", edge.get("target") or ""
    if any(child.get("key") in DRAWN.values() for child in edge):
        return ends  # our own, of which some have no head
    arrows = next((element for element in edge.iter() if _name(element) == "Arrows"), None)
    if arrows is None or arrows.get("target") != "none" or arrows.get("source") in (None, "none"):
        return ends
    return ends[1], ends[0]


def _edge_place(edge: Element) -> str:
    return edge.get("id") or f"{edge.get('source')} -> {edge.get('target')}"


def _report_drawing(element: Element, draft: Draft) -> None:
    data = (child for child in element if _name(child) == "data")
    if any(len(child) and child.get("key") not in DRAWN.values() for child in data):
        place = element.get("id") or _edge_place(element)
        drawn = "Where things stand in the drawing, and their colours, were left out."
        draft.losses.add(LossKind.LAYOUT, drawn, (place,))


def _further(data: Mapping[str, str], used: Collection[str | None]) -> dict[str, Any]:
    """Return the data that are neither empty nor used, to be kept."""
    rest = {name: value for name, value in data.items() if name not in used and value.strip()}
    return {"data": rest} if rest else {}


def _kind(data: Mapping[str, str]) -> RelationKind | None:
    words = (data.get(name, "").strip().lower() for name in _DOES)
    return next((_KINDS[word] for word in words if word in _KINDS), None)


def _extra(more: Mapping[str, Any]) -> dict[str, Any]:
    extra = more.get("extra")
    return extra if isinstance(extra, dict) else {}
