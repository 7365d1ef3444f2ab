"""xAIF, the JSON that OVA3 and the open argument mining tools pass on: an AIF graph with its text marked up."""

import json
from collections.abc import Mapping
from typing import Any

from argmap.errors import FormatError
from argmap.formats.aif.aif import SAID, arguments, locution, numbered, utter
from argmap.formats.aif.graph import anchor_quotes, article_of, read_graph
from argmap.formats.aif.speakers import give_speakers
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft
from argmap.formats.reading.fit_fields import span as quote_at
from argmap.formats.report import Losses, LossKind
from argmap.formats.source.content import Content
from argmap.formats.source.html_text import Span, marked
from argmap.formats.source.json_parts import report_unread
from argmap.formats.writing.report_unsaid import foreign_ids, report_unsaid
from argmap.model import ArgumentMap, Article, Claim

_UNTITLED = "Untitled"
_FIELDS = frozenset({"AIF", "text", "OVA", "ova"})
_TEXT = frozenset({"txt", "url"})
_LAYOUT = frozenset({"nodes", "edges"})


def sniff(content: Content) -> bool:
    """Recognise the object AIF with its nodes."""
    graph = content.fields.get("AIF")
    return isinstance(graph, dict) and "nodes" in graph


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read the graph as AIF, speakers from participants, and spans of the marked text as quotes.

    Raises FormatError with the path of what has the wrong type.
    """
    fields = content.json
    graph = fields.get("AIF") if isinstance(fields, dict) else None
    if not isinstance(graph, dict):
        raise FormatError("there is no object AIF", place="AIF")
    draft = Draft("xaif", losses)
    asserted, texts, asked = read_graph(draft, graph, "AIF/")
    give_speakers(draft, graph, asserted, texts, "AIF/", asked)
    text, spans = _text(fields, draft)
    if text:
        own = {key: [*spans.get(key, ()), *(s for id in asserted.get(key, ()) for s in spans.get(id, ()))]
               for key in draft.claims}  # fmt: skip
        anchor_quotes(draft, text, own)
    _report_rest(fields, losses)
    return draft.build()


def _text(fields: Mapping[str, Any], draft: Draft) -> tuple[str, dict[str, list[Span]]]:
    """Give the draft its article; return the plain text and the spans by the node they mark."""
    value = fields.get("text")
    words = value.get("txt") if isinstance(value, dict) else value
    if isinstance(value, dict):
        report_unread(value, _TEXT, draft.losses, "text")
    if not isinstance(words, str) or not words.strip():
        fit_fields.left_out(None if isinstance(words, str) else words, draft.losses, "text")
        return "", {}
    text, found = article_of(draft, words, _UNTITLED, markup=True)
    url = value.get("url") if isinstance(value, dict) else None
    article = draft.fields.get("article")
    if article is not None and fit_fields.url(url) is not None:
        article["url"] = url
    elif url:
        draft.losses.add(
            LossKind.ARTICLE, "The link of the text is not a web address.", ("text/url",)
        )
    spans: dict[str, list[Span]] = {}
    for span in found:
        id = span.id.removeprefix("node")
        spans.setdefault(id, []).append(span)
    return text, {id: sorted(places) for id, places in spans.items()}


def _report_rest(fields: Mapping[str, Any], losses: Losses) -> None:
    report_unread(fields, _FIELDS, losses)
    name = "OVA" if "OVA" in fields else "ova"
    layout = fields.get(name)
    if not isinstance(layout, dict):
        fit_fields.left_out(layout, losses, name)
        return
    report_unread(layout, _LAYOUT, losses, name)
    nodes = layout.get("nodes")
    if isinstance(nodes, list):
        places = (f"{name}/nodes/{index}" for index in range(len(nodes)))
        losses.add(LossKind.LAYOUT, "Where nodes stand in the drawing was left out.", places)


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write the graph as AIF, and the article's text as HTML in which the quotes are marked."""
    report_unsaid(map, "xaif", SAID | {"article"}, losses)
    nodes, pairs, taken = arguments(map, "xaif", losses)
    ids = foreign_ids(map, "xaif")
    people = {
        speaker: number
        for number, speaker in enumerate(dict.fromkeys(c.speaker or "" for c in map.claims), 1)
    }
    text = map.article.text if map.article is not None and map.article.text is not None else ""
    if map.article is not None and map.article != _article(text):
        losses.add(LossKind.ARTICLE, "Only the text of the article is kept.")
    spans: list[Span] = []
    owners: dict[str, str] = {}
    locutions: list[dict[str, Any]] = []
    unsaid: set[str] = set()
    for claim in map.claims:
        for said, start, end in _utterances(claim):
            spoken = f"{claim.speaker}: {said}" if claim.speaker else said
            id = utter(spoken, ids[claim.id], nodes, pairs, taken)
            locutions.append(locution(id, str(people[claim.speaker or ""])))
            owners[f"node{id}"] = claim.id
            if start is not None and end is not None and text[start:end] == said:
                spans.append(Span(f"node{id}", start, end))
        if not _quotes_come_back(claim, text):
            unsaid.add(claim.id)
    html, crossing = marked(text, spans)
    unsaid.update(owners[span.id] for span in crossing)
    losses.add(
        LossKind.QUOTE,
        "A quote cannot be marked in the text so that it comes back.",
        sorted(unsaid),
    )
    value = {
        "AIF": {
            "nodes": nodes,
            "edges": numbered(pairs),
            "schemefulfillments": [
                {"nodeID": node["nodeID"], "schemeID": node["schemeID"]}
                for node in nodes
                if "schemeID" in node
            ],
            "participants": [_person(speaker, number) for speaker, number in people.items()],
            "locutions": locutions,
            "descriptorfulfillments": [],
            "cqdescriptorfulfillments": [],
        },
        "text": html,
        "OVA": [],
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _article(text: str) -> Article | None:
    return Article(title=_UNTITLED, text=text) if text.strip() else None


def _person(speaker: str, number: int) -> dict[str, Any]:
    first, _, last = speaker.rpartition(" ")
    if not first or not last:
        first, last = speaker, ""
    return {"participantID": number, "firstname": first, "surname": last}


def _utterances(claim: Claim) -> list[tuple[str, int | None, int | None]]:
    """Return words and their place in the text for each locution of a claim."""
    if claim.quotes:
        return [(quote.exact, quote.start, quote.end) for quote in claim.quotes]
    return [(claim.text, None, None)] if claim.speaker else []


def _quotes_come_back(claim: Claim, text: str) -> bool:
    """Say whether reading the marked text, or the locutions where there is none, gives the same quotes again."""
    written = [quote.model_dump(mode="json", exclude_none=True) for quote in claim.quotes]
    if not text.strip():
        said = [quote.exact for quote in claim.quotes]
        loose = [
            {"exact": words, "prefix": "", "suffix": "", "state": "unanchored"} for words in said
        ]
        plain = all(words == words.strip() != claim.text.strip() for words in said)
        return written == loose and plain and len(set(said)) == len(said)
    if not claim.quotes:
        return claim.text not in text
    starts = [quote.start or 0 for quote in claim.quotes]
    found = [quote_at(text, quote.start or 0, quote.end or 0) for quote in claim.quotes]
    return written == found and starts == sorted(set(starts))
