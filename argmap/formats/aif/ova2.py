"""JSON of OVA2 and of the first OVA3: drawn nodes, and edges that name or copy the nodes they join; only read."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from argmap.formats.aif.graph import read_graph
from argmap.formats.aif.speakers import give_speakers
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft, DraftClaim
from argmap.formats.report import Losses, LossKind
from argmap.formats.source.content import Content
from argmap.formats.source.html_text import Span, plain
from argmap.formats.source.json_parts import as_id, as_object, as_objects, report_unread
from argmap.model import ArgumentMap, ClaimKind, limits

_LAYOUT = frozenset({"x", "y", "w", "h", "color", "visible"})
_PASSED_ON = frozenset({"schemefulfillments", "descriptorfulfillments", "cqdescriptorfulfillments"})
_FIELDS = _PASSED_ON | {"nodes", "edges", "participants", "locutions", "analysis"}
_NODE = _LAYOUT | {
    "id",
    "nodeID",
    "type",
    "text",
    "scheme",
    "participantID",
    "comment",
    "majorClaim",
    "major_claim",
}
_NODE |= {"text_begin", "text_end", "text_length"}
_EDGE = frozenset({"from", "to", "fromID", "toID", "visible"})
_PERSON = frozenset({"id", "participantID", "firstname", "surname"})
_ANALYSIS = frozenset({"txt", "plain_txt", "documentTitle", "documentSource", "ovaVersion"})


def sniff(content: Content) -> bool:
    """Recognise nodes with an `id` beside an analysis, or edges whose ends are nodes."""
    nodes, edges = content.fields.get("nodes"), content.fields.get("edges")
    if not isinstance(nodes, list) or not isinstance(edges, list):
        return False
    if isinstance(content.fields.get("analysis"), dict):
        return True
    return bool(edges) and all(
        isinstance(edge, dict) and isinstance(edge.get("from"), dict) for edge in edges[:5]
    )


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read the graph as AIF, comments as notes, and the analysed text with its marks as the article.

    Raises FormatError with the path of what has the wrong type.
    """
    fields = as_object(content.json, "")
    report_unread(fields, _FIELDS, losses)
    draft = Draft("ova2", losses)
    nodes = as_objects(fields.get("nodes"), "nodes")
    report_unread(nodes, _NODE, losses, "nodes")
    graph = _graph(fields, nodes, losses)
    asserted, texts, asked = read_graph(draft, graph)
    give_speakers(draft, graph, asserted, texts, asked=asked)
    text, spans = _article(as_object(fields.get("analysis"), "analysis"), draft)
    for node in nodes:
        claim = draft.claims.get(str(_id(node, "nodeID")))
        if claim is not None:
            own = claim.id or ""
            marked = [quote for id in (own, *asserted.get(own, ())) for quote in spans.get(id, ())]
            _complete(claim, node, text, marked, losses)
    losses.add(
        LossKind.LAYOUT,
        "Where nodes stand in the drawing was left out.",
        (f"nodes/{index}" for index, node in enumerate(nodes) if not _LAYOUT.isdisjoint(node)),
    )
    return draft.build()


def _graph(
    fields: Mapping[str, Any], nodes: Sequence[Mapping[str, Any]], losses: Losses
) -> dict[str, Any]:
    """Return the graph in the words of AIF."""
    persons = as_objects(fields.get("participants"), "participants")
    report_unread(persons, _PERSON, losses, "participants")
    edges = as_objects(fields.get("edges"), "edges")
    report_unread(edges, _EDGE, losses, "edges")
    return {
        "nodes": [
            {"nodeID": as_id(_id(node, "nodeID"), f"nodes/{index}/id"),
             **{name: node.get(name) for name in ("text", "type", "scheme")}}
            for index, node in enumerate(nodes)
        ],
        "edges": [
            {"fromID": _end(edge, "from", index), "toID": _end(edge, "to", index)}
            for index, edge in enumerate(edges)
        ],
        "participants": [
            {"participantID": _id(person, "participantID"),
             **{name: person.get(name) for name in ("firstname", "surname")}}
            for person in persons
        ],
        "locutions": fields.get("locutions") or [
            {"nodeID": str(_id(node, "nodeID")), "personID": node.get("participantID")}
            for node in nodes
            if node.get("type") == "L" or (node.get("type") == "I" and node.get("participantID"))
        ],
        **{name: fields.get(name) for name in _PASSED_ON},
    }  # fmt: skip


def _id(item: Mapping[str, Any], later: str) -> Any:
    """Return the id of a node or person, which the first OVA3 calls as AIF does."""
    return item.get("id", item.get(later))


def _end(edge: Mapping[str, Any], name: str, index: int) -> str:
    value = edge.get(name, edge.get(f"{name}ID"))
    return as_id(value.get("id") if isinstance(value, dict) else value, f"edges/{index}/{name}")


def _article(
    analysis: Mapping[str, Any], draft: Draft
) -> tuple[str | None, dict[str, list[dict[str, Any]]]]:
    """Give the draft its article; return its text, and the quotes that are marked in it by the node they belong to."""
    losses = draft.losses
    report_unread(analysis, _ANALYSIS, losses, "analysis")
    words, marked = analysis.get("plain_txt"), analysis.get("txt")
    if not isinstance(marked, str):
        fit_fields.left_out(marked, losses, "analysis/txt")
        marked = ""
    shown, spans = plain(marked)
    text = fit_fields.article_text(
        words if isinstance(words, str) and words.strip() else shown, losses
    )
    if text is None:
        return None, {}
    source = analysis.get("documentSource")
    draft.fields["article"] = {
        "title": fit_fields.one_line(analysis.get("documentTitle"), limits.TITLE, losses)
        or "Untitled",
        "text": text,
        **({"url": source} if fit_fields.url(source) else {}),
    }
    if source and fit_fields.url(source) is None:
        losses.add(
            LossKind.ARTICLE,
            "Dropped a source of the text that is not a web address.",
            ("analysis/documentSource",),
        )
    quotes: dict[str, list[dict[str, Any]]] = {}
    for span in sorted(spans, key=lambda span: span.start):
        quote = _marked(text, shown, span)
        if quote is not None:
            quotes.setdefault(span.id.removeprefix("node"), []).append(quote)
    return text, quotes


def _marked(text: str, shown: str, span: Span) -> dict[str, Any] | None:
    """Return the quote of a marked span, which may be looked for where the plain text is told by itself."""
    if text == shown:
        return fit_fields.span(text, span.start, span.end)
    start = text.find(shown[span.start : span.end])
    return fit_fields.span(text, start, start + span.end - span.start) if start >= 0 else None


def _complete(
    claim: DraftClaim,
    node: Mapping[str, Any],
    text: str | None,
    marked: Sequence[dict[str, Any]],
    losses: Losses,
) -> None:
    """Give a claim its note, its kind and its quotes: by their places, else marked, else verbatim."""
    id, words = claim.id or "", claim.text
    claim.fields["note"] = fit_fields.many_lines(node.get("comment"), limits.NOTE, losses, id)
    if node.get("majorClaim") is True or node.get("major_claim") is True:
        claim.kind = ClaimKind.THESIS
    begins, ends = node.get("text_begin"), node.get("text_end")
    quotes: list[dict[str, Any]] = []
    if text is not None and isinstance(begins, list) and isinstance(ends, list):
        for start, end in zip_longest(begins, ends):
            whole = isinstance(start, int) and isinstance(end, int)
            quote = fit_fields.span(text, start, end) if whole else None
            if quote is None:
                losses.add(LossKind.QUOTE, "A span lies outside the text.", (id,))
            else:
                quotes.append(quote)
    quotes = quotes or list(marked)
    if (
        not quotes
        and text is not None
        and isinstance(words, str)
        and words.strip()
        and words in text
    ):
        start = text.index(words)
        found = fit_fields.span(text, start, start + len(words))
        quotes += [found] if found else []
    if quotes:
        claim.fields["quotes"] = fit_fields.quotes(quotes, losses, id)
