"""The graph of the Argument Interchange Format, which AIFdb JSON, xAIF and OVA share, read into a draft."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.reading.join_steps import finish_joining
from argmap.formats.report import LossKind
from argmap.formats.schemes import scheme_of
from argmap.formats.source.html_text import Span, looks_like_html, plain
from argmap.formats.source.json_parts import as_id, as_objects, report_unread
from argmap.model import RelationKind
from argmap.model.wording import Wording, Work

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
# Acts by which a claim is put forward without being asserted, as Inference Anchoring Theory names them.
_ASKING = frozenset(
    {"purequestioning", "questioning", "purechallenging", "challenging", "disagreeing"}
)
_ALIKE = 0.99  # confidence of words that stand in another typography
_TURN = re.compile(
    r"^[ \t]{0,20}([^\s:][^:\n]{0,58}?[^\s:]|[^\s:]) ?:(?=\s|[^\W\d_])", re.MULTILINE
)
_NO_SCHEME = frozenset({"0", "71", "72", "144"})  # default conflict, inference and rephrase


def read_graph(
    draft: Draft, graph: Mapping[str, Any], place: str = ""
) -> tuple[dict[str, list[str]], dict[str, str], frozenset[tuple[str, str]]]:
    """Put claims and steps of an AIF graph into the draft, and report what a map cannot say.

    Returns for each claim the ids of the locutions by which it is said, those that assert it first; the texts of all
    locutions; and the pairs (claim, locution) that only ask. `place` is the path
    of the graph in the file, with a slash. Raises FormatError with the path of what has the wrong type.
    """
    nodes = as_objects(graph.get("nodes"), f"{place}nodes")
    edges = as_objects(graph.get("edges"), f"{place}edges")
    types: dict[str, str] = {}
    locutions: dict[str, str] = {}
    numbers: dict[str, str] = {}  # of schemes
    asking: set[str] = set()
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
            elif kind == "YA" and _asks(node):
                asking.add(id)
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
        "Locutions, illocutions and transitions have no place in a map; claims kept their speakers and words.",
        dialogue,
    )
    losses.add(LossKind.PREFERENCE, "Dropped a preference, which a map cannot say.", preferences)
    losses.add(LossKind.STRUCTURE, "A node of an unknown type was left out.", unknown)
    _report_schemes(draft, numbers, graph, place)
    said, asked = _read_edges(draft, types, edges, place, asking)
    silent = set(locutions).difference(*said.values()) if said else locutions
    losses.add(
        LossKind.DIALOGUE,
        "What was said without asserting a claim was left out.",
        (id for id, text in locutions.items() if text.strip() and id in silent),
    )
    return said, locutions, asked


def _asks(node: Mapping[str, Any]) -> bool:
    """Say whether an illocution puts a claim forward without asserting it."""
    named = (node.get("scheme"), node.get("text"))
    return any(isinstance(name, str) and _is_asking(name) for name in named)


@lru_cache(maxsize=1024)
def _is_asking(name: str) -> bool:
    return name.replace(" ", "").lower() in _ASKING


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
        "Dropped a scheme that is given as a number only.",
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
    draft: Draft,
    types: Mapping[str, str],
    edges: Sequence[Mapping[str, Any]],
    place: str,
    asking: set[str],
) -> tuple[dict[str, list[str]], frozenset[tuple[str, str]]]:
    """Join claims and steps by edges; return for each claim the locutions whose act leads to it, and who only asks."""
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
    said: dict[str, list[str]] = {}
    asked: set[tuple[str, str]] = set()
    for id, by in acts.items():
        asserting = [who for act in by if act not in asking for who in uttered.get(act, ())]
        only = [who for act in by if act in asking for who in uttered.get(act, ())]
        if asserting or only:
            said[id] = asserting + only
        asked.update((id, who) for who in only if who not in asserting)
    return said, frozenset(asked)


def anchor_quotes(draft: Draft, text: str, spans: Mapping[str, Sequence[Span]]) -> None:
    """Find the words of each claim in the article's text: by its marked spans, else its quotes or its own words.

    Whole words are found, in whatever typography; those of the speaker's own turn first, then those that follow what
    was found before. A quote that is not found becomes an orphan.
    """
    wording, work, cursor = Wording(text), Work(), 0
    turns = _turns(text)
    lost: list[str] = []
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
            found = _placed(wording, work, words, cursor, turns, claim.fields.get("speaker"))
            if found is not None:
                cursor = found["end"]
                quotes.append(found)
            elif "own" not in quote:
                lost.append(key)
                quotes.append({"exact": words, "state": "orphan"})
        if quotes:
            claim.fields["quotes"] = fit_fields.quotes(quotes, draft.losses, key)
    gone = "What was said is not in the text in these words; the quote is an orphan."
    draft.losses.add(LossKind.QUOTE, gone, lost)


def _placed(
    wording: Wording,
    work: Work,
    words: str,
    cursor: int,
    turns: tuple[list[int], list[str]],
    speaker: str | None,
) -> dict[str, Any] | None:
    """Return the quote of words that stand whole in a text, None where they do not."""
    words = words.strip()
    if not work.begin(words):
        return None
    spans = list(wording.literal(words, work))
    confidence = None
    if not spans:
        spans = list(wording.alike(words, work))
        confidence = _ALIKE
    if not spans:
        return None
    begins, names = turns
    if speaker and begins:
        own = speaker.casefold()
        said = [s for s in spans if (n := bisect_right(begins, s[0])) and names[n - 1] == own]
        spans = said or spans
    start, end = next((span for span in spans if span[0] >= cursor), spans[0])
    quote = fit_fields.span(wording.text, start, end)
    if quote is not None and confidence is not None:
        quote["confidence"] = confidence
        if quote["exact"] != words:
            quote["given"] = words
    return quote


def _turns(text: str) -> tuple[list[int], list[str]]:
    """Return where turns of speakers begin in a text of a dialogue, and whose they are."""
    found = [(match.end(), match[1].casefold()) for match in _TURN.finditer(text)]
    return [place for place, _ in found], [name for _, name in found]


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
