"""The graph of the Argument Interchange Format, which AIFdb JSON, xAIF and OVA share, read into a draft."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.reading.join_steps import finish_joining
from argmap.formats.report import LossKind
from argmap.formats.schemes import scheme_of
from argmap.formats.source.html_text import Span, looks_like_html, plain
from argmap.formats.source.json_parts import as_id, as_objects, report_unread
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
        types[id] = kind = kind if type(kind) is str else ""
        if kind in _DIALOGUE:
            dialogue.append(id)
            if kind == "L":
                text = node.get("text")
                locutions[id] = text if isinstance(text, str) else ""
        elif kind == "I":
            extra = {"timestamp": node["timestamp"]} if node.get("timestamp") else {}
            draft.claims[id] = DraftClaim(id, node.get("text"), None, {}, extra)
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
    return _read_edges(draft, types, edges, place), locutions


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
    """Join claims and steps by edges; return for each claim the locutions whose act leads to it."""
    relations, losses = draft.relations, draft.losses
    uttered: defaultdict[str, list[str]] = defaultdict(list)  # locutions by their acts
    acts: defaultdict[str, list[str]] = defaultdict(list)  # by the claims that they assert
    targets: defaultdict[str, list[str]] = defaultdict(list)
    direct: list[tuple[str, str]] = []
    no_node = "An edge from or to a node that is not there was left out."
    no_step = "A step that starts or ends at a locution, transition or preference lost that end."
    for index, edge in enumerate(edges):
        start, end = edge.get("fromID"), edge.get("toID")
        if type(start) is not str or type(end) is not str:
            if start is None or end is None:
                no_end = "An edge that lacks an end was left out."
                losses.add(LossKind.DANGLING, no_end, (f"{place}edges/{index}",))
                continue
            start = as_id(start, f"{place}edges/{index}/fromID")
            end = as_id(end, f"{place}edges/{index}/toID")
        of, to = types.get(start), types.get(end)
        if of is None or to is None:
            losses.add(LossKind.DANGLING, no_node, (f"{start} -> {end}",))
        elif to == "YA":
            if of == "L":
                uttered[end].append(start)
        elif of == "YA":
            if to == "I":
                acts[end].append(start)
        elif of == "I":
            if to in KINDS:
                relations[end].sources.append(start)
            elif to == "I":
                direct.append((start, end))
        elif of in KINDS and (to == "I" or to in KINDS):
            targets[start].append(end)
        elif of in KINDS or to in KINDS:
            losses.add(LossKind.DANGLING, no_step, (f"{start} -> {end}",))
    finish_joining(draft, targets, direct)
    asserted = {
        id: [locution for act in by for locution in uttered.get(act, ())] for id, by in acts.items()
    }
    return {id: said for id, said in asserted.items() if said}


def anchor_quotes(draft: Draft, text: str, spans: Mapping[str, Sequence[Span]]) -> None:
    """Find the words of each claim in the article's text: by its marked spans, else its quotes or itself verbatim.

    Words that are said more than once are found one after the other. A quote that is not found becomes an orphan.
    """
    cursor = 0
    for key, claim in draft.claims.items():
        marked = [fit_fields.span(text, span.start, span.end) for span in spans.get(key, ())]
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
            found = fit_fields.span(text, start, start + len(words)) if start >= 0 else None
            if found is not None:
                cursor = start + len(words)
                quotes.append(found)
            elif "own" not in quote:
                quotes.append({"exact": words, "state": "orphan"})
        if quotes:
            claim.fields["quotes"] = fit_fields.quotes(quotes, draft.losses, key)


def article_of(
    draft: Draft, text: str, title: str | None, markup: bool = False
) -> tuple[str, list[Span]]:
    """Give the draft an article of that text, which is HTML or looks like it; return its plain text and its spans."""
    shown, spans = plain(text) if markup or looks_like_html(text) else (text, [])
    kept = fit_fields.article_text(shown, draft.losses)
    if kept is None:
        return "", []
    draft.fields["article"] = {"title": title or "Untitled", "text": kept}
    return kept, spans
