"""Graphviz DOT for other people's Graphviz: labelled and fully escaped; argmap's own layout does not use it."""

import textwrap
from typing import TYPE_CHECKING

from argmap.formats.report import Losses
from argmap.formats.schemes import name_of, report_schemes
from argmap.formats.writing.report_unsaid import report_unsaid
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind

if TYPE_CHECKING:
    import graphviz

_SAID = frozenset(
    {"title", "kind", "claim.label", "claim.implicit", "claim.speaker", "relation.scheme", "relation.label",
     "relation.implicit"}
)  # fmt: skip
_SHAPES = {
    ClaimKind.THESIS: "box",
    ClaimKind.PREMISE: "box",
    ClaimKind.EVIDENCE: "note",
    ClaimKind.REBUTTAL: "octagon",
}
_EDGES = {
    RelationKind.SUPPORTS: {"color": "#2f6f3e"},
    RelationKind.ATTACKS: {"color": "#a8322d", "style": "dashed", "arrowhead": "tee"},
    RelationKind.RESTATES: {"color": "#555555", "style": "dotted", "arrowhead": "none"},
}


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write the map as a digraph.

    Claims are boxes n0, n1, ... in the map's order. A relation is an arrow; one with several sources, or one that
    another relation targets, has a point r0, r1, ... through which it runs. No text of the map is ever a DOT name.
    """
    import graphviz  # only this format needs it

    report_unsaid(map, "dot", _SAID, losses)
    report_schemes(map.relations, losses)
    graph = graphviz.Digraph(
        graph_attr={"rankdir": "BT", "label": _escape(map.title + " "), "labelloc": "t"},
        node_attr={"fontname": "Helvetica", "fontsize": "10"},
        edge_attr={"fontname": "Helvetica", "fontsize": "9"},
    )
    names = {claim.id: f"n{index}" for index, claim in enumerate(map.claims)}
    targeted = {relation.target for relation in map.relations}
    points = [r for r in map.relations if len(r.sources) > 1 or r.id in targeted]
    names.update((relation.id, f"r{index}") for index, relation in enumerate(points))
    for claim in map.claims:
        style = "rounded" if claim.kind is not ClaimKind.EVIDENCE else ""
        dashed = "dashed" if claim.implicit else ""
        graph.node(
            names[claim.id],
            label=_escape(_label(claim)),
            shape=_SHAPES[claim.kind],
            style=",".join(part for part in (style, dashed) if part),
            penwidth="2" if claim.kind is ClaimKind.THESIS else "1",
        )
    for relation in map.relations:
        _draw(graph, relation, names)
    source: str = graph.source
    return source


def _draw(graph: "graphviz.Digraph", relation: Relation, names: dict[str, str]) -> None:
    look = dict(_EDGES[relation.kind])
    if relation.implicit:
        look["style"] = "dashed"
    label = _escape(_words(relation))
    point = names.get(relation.id)
    if point is None:
        graph.edge(names[relation.sources[0]], names[relation.target], label=label, **look)
        return
    graph.node(point, label="", shape="point", color=look["color"])
    for source in relation.sources:
        graph.edge(names[source], point, **{**look, "arrowhead": "none"})
    graph.edge(point, names[relation.target], label=label, **look)


def _label(claim: Claim) -> str:
    head = f"{claim.id} · {claim.kind.value}"
    lines = [head + (f" · {claim.label}" if claim.label else "")]
    for paragraph in claim.text.split("\n"):
        lines += textwrap.wrap(paragraph, 40)
    if claim.speaker:
        lines.append(f"({claim.speaker})")
    return "\n".join(lines)


def _words(relation: Relation) -> str:
    named = name_of(relation.scheme) if relation.scheme else None
    return " · ".join(part for part in (relation.kind.value, relation.label, named) if part)


def _escape(text: str) -> str:
    """Make a label inert: no HTML, no escape sequences, no entities (Graphviz reads `&lt;` in any label)."""
    import graphviz

    escaped: str = graphviz.escape(text.replace("&", "&amp;"))
    return escaped
