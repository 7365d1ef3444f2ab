"""The graph of the Argument Interchange Format, which AIFdb JSON, xAIF and OVA share, read into a draft."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from argmap.formats import clean
from argmap.formats.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.html import Span, looks_like_html, plain
from argmap.formats.joining import finish_joining
from argmap.formats.parts import as_id, as_objects, report_unread
from argmap.formats.report import LossKind
from argmap.formats.schemes import scheme_of
from argmap.model import RelationKind

KINDS = {
    "RA": RelationKind.SUPPORTS,
    "CA": RelationKind.ATTACKS,
    "MA": RelationKind.RESTATES,
}
_DIALOGUE = frozenset({"L", "YA", "TA"})
_NODE = frozenset({"nodeID", "text", "type", "timestamp", "scheme", "schemeID"})
_EDGE = frozenset({"edgeID", "fromID", "toID"})
_FULFILLED = frozenset({"nodeID", "schemeID"})
_ANSWERS = ("descriptorfulfillments", "cqdescriptorfulfillments")
_GRAPH = frozenset({"nodes", "edges", "locutions", "participants", "schemefulfillments", *_ANSWERS})
_NO_SCHEME = frozenset({"0", "71", "72", "144"})  # default conflict, inference and rephrase


def read_graph(
    draft: Draft, graph: Mapping[str, Any], place: str = ""
) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Put claims and steps of an AIF graph into the draft, and report what a map cannot say.

    Returns for each claim the ids of the locutions that assert it, and the texts of all locutions. `place` is the path
    of the graph in the file, with a slash. Raises FormatError with the path of what has the wrong type.
    """
    nodes = as_objects(graph.get("nodes"), f"{place}nodes")
    edges = as_objects(graph.get("edges"), f"{place}edges")
    types: dict[str, str] = {}
    locutions: dict[str, str] = {}
    numbers: dict[str, str] = {}  # of schemes
    dialogue: list[str] = []
    preferences: list[str] = []
    unknown: list[str] = []
    losses = draft.losses
    report_unread(graph, _GRAPH, losses, place.rstrip("/"))
    report_unread(nodes, _NODE, losses, f"{place}nodes")
    report_unread(edges, _EDGE, losses, f"{place}edges")
    for index, node in enumerate(nodes):
        id = node.get("nodeID")
        if type(id) is not str:
            id = (
                _without_id(f"{place}nodes/{index}", draft)
                if id is None
                else as_id(id, f"{place}nodes/{index}/nodeID")
            )
        kind = node.get("type")
        if id in types:
            losses.add(LossKind.DUPLICATE, "A second node of the same id was left out.", (id,))
            continue
        types[id] = kind = kind if isinstance(kind, str) else ""
        if kind == "I":
            extra = {"timestamp": node["timestamp"]} if node.get("timestamp") else {}
            draft.claims[id] = DraftClaim(id, node.get("text"), extra=extra)
        elif kind in KINDS:
            extra = {"timestamp": node["timestamp"]} if node.get("timestamp") else {}
            told = node.get("scheme")
            scheme = scheme_of(told) or scheme_of(node.get("text"))
            fields = {"scheme": scheme} if scheme else {}
            named = told is None or (isinstance(told, str) and not told.isdecimal())
            number = node.get("schemeID") if named else told
            if not scheme and number:
                numbers[id] = str(number)
            draft.relations[id] = DraftRelation(id, KINDS[kind], [], None, fields, extra)
        elif kind in _DIALOGUE:
            dialogue.append(id)
            if kind == "L":
                text = node.get("text")
                locutions[id] = text if isinstance(text, str) else ""
        elif kind == "PA":
            preferences.append(id)
        else:
            unknown.append(id)
    losses.add(
        LossKind.DIALOGUE,
        "Locutions, illocutions and transitions have no place in a map; speakers and words were kept.",
        dialogue,
    )
    losses.add(
        LossKind.PREFERENCE, "A preference has no place in a map; it was left out.", preferences
    )
    losses.add(LossKind.STRUCTURE, "A node of an unknown type was left out.", unknown)
    _report_schemes(draft, numbers, graph, place)
    return _assertions(types, _read_edges(draft, types, edges, place)), locutions


def _without_id(place: str, draft: Draft) -> str:
    """Give a node that lacks an id the place that it stands at for one; no edge can lead to it."""
    nameless = "A node without an id stands alone."
    draft.losses.add(LossKind.DANGLING, nameless, (place,))
    return place


def _report_schemes(
    draft: Draft, numbers: dict[str, str], graph: Mapping[str, Any], place: str
) -> None:
    """Report the schemes of steps that are told by a number of AIFdb only, and what else was fulfilled."""
    if graph.get("schemefulfillments"):
        items = as_objects(graph["schemefulfillments"], f"{place}schemefulfillments")
        report_unread(items, _FULFILLED, draft.losses, f"{place}schemefulfillments")
        for item in items:
            numbers.setdefault(str(item.get("nodeID")), str(item.get("schemeID") or "0"))
    draft.losses.add(
        LossKind.SCHEME,
        "A scheme that is told as a number only was left out.",
        (
            id
            for id, number in numbers.items()
            if number not in _NO_SCHEME and id in draft.relations and not draft.relations[id].fields
        ),
    )
    draft.losses.add(
        LossKind.METADATA,
        "Roles of premises and answers to critical questions were left out.",
        (f"{place}{name}" for name in _ANSWERS if graph.get(name)),
    )


def _read_edges(
    draft: Draft, types: Mapping[str, str], edges: Sequence[Mapping[str, Any]], place: str
) -> dict[str, list[str]]:
    """Join claims and steps; return what leads from and to the acts of a dialogue, by the node that it leads to."""
    claims, relations, losses = draft.claims, draft.relations, draft.losses
    incoming: defaultdict[str, list[str]] = defaultdict(list)
    targets: dict[str, list[str]] = {}
    direct: list[tuple[str, str]] = []
    no_node = "An edge from or to a node that is not there was left out."
    no_step = "A step that starts or ends at a locution, transition or preference lost that end."
    for index, edge in enumerate(edges):
        start, end = edge.get("fromID"), edge.get("toID")
        if start is None or end is None:
            losses.add(
                LossKind.DANGLING,
                "An edge that lacks an end was left out.",
                (f"{place}edges/{index}",),
            )
            continue
        if type(start) is not str or type(end) is not str:
            start = as_id(start, f"{place}edges/{index}/fromID")
            end = as_id(end, f"{place}edges/{index}/toID")
        if start in claims:
            if end in relations:
                relations[end].sources.append(start)
                continue
            if end in claims:
                direct.append((start, end))
                continue
        elif start in relations and (end in claims or end in relations):
            targets.setdefault(start, []).append(end)
            continue
        if start not in types or end not in types:
            losses.add(LossKind.DANGLING, no_node, (f"{start} -> {end}",))
        elif types[start] == "YA" or types[end] == "YA":
            incoming[end].append(start)
        elif start in relations or end in relations:
            losses.add(LossKind.DANGLING, no_step, (f"{start} -> {end}",))
    finish_joining(draft, targets, direct)
    return incoming


def _assertions(
    types: Mapping[str, str], incoming: Mapping[str, list[str]]
) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for id, acts in incoming.items():
        if types[id] != "I":
            continue
        said = [start for act in acts for start in incoming.get(act, ()) if types[start] == "L"]
        if said:
            found[id] = said
    return found


def anchor_quotes(draft: Draft, text: str, spans: Mapping[str, Sequence[Span]]) -> None:
    """Find the words of each claim in the article's text: by its marked spans, else its quotes or itself verbatim.

    Words that are said more than once are found one after the other. A quote that is not found becomes an orphan.
    """
    cursor = 0
    for key, claim in draft.claims.items():
        marked = [clean.span(text, span.start, span.end) for span in spans.get(key, ())]
        quotes = [quote for quote in marked if quote is not None]
        loose = claim.fields.get("quotes") or ({"exact": claim.text, "own": True},)
        if quotes and "own" not in loose[0]:
            shown = " ".join(" ".join(quote["exact"] for quote in quotes).split())
            otherwise = [quote for quote in loose if " ".join(quote["exact"].split()) not in shown]
            draft.losses.add(
                LossKind.QUOTE,
                "What was said is worded otherwise than the marked text, which was kept.",
                (key for _ in otherwise),
            )
        for quote in loose if not quotes else ():
            words = quote["exact"]
            if not isinstance(words, str) or not words.strip():
                continue
            start = text.find(words, cursor)
            start = start if start >= 0 else text.find(words)
            found = clean.span(text, start, start + len(words)) if start >= 0 else None
            if found is not None:
                cursor = start + len(words)
                quotes.append(found)
            elif "own" not in quote:
                quotes.append({"exact": words, "state": "orphan"})
        if quotes:
            claim.fields["quotes"] = clean.quotes(quotes, draft.losses, key)


def article_of(
    draft: Draft, text: str, title: str | None, markup: bool = False
) -> tuple[str, list[Span]]:
    """Give the draft an article of that text, which is HTML or looks like it; return its plain text and its spans."""
    shown, spans = plain(text) if markup or looks_like_html(text) else (text, [])
    kept = clean.article_text(shown, draft.losses)
    if kept is None:
        return "", []
    draft.fields["article"] = {"title": title or "Untitled", "text": kept}
    return kept, spans
