"""AIFdb JSON, the Argument Interchange Format as the argument corpora of AIFdb have it."""

import json
from typing import Any

from argmap.formats.aif.graph import (
    KINDS,
    anchor_quotes,
    article_of,
    read_graph,
)
from argmap.formats.aif.speakers import give_speakers, split_speaker
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft
from argmap.formats.report import Losses, LossKind
from argmap.formats.schemes import DEFAULTS, name_of, report_schemes
from argmap.formats.source.content import Content
from argmap.formats.source.decoding import decode
from argmap.formats.source.json_parts import as_object
from argmap.formats.writing.report_unsaid import foreign_ids, free_id, report_ids, report_unsaid
from argmap.model import ArgumentMap, Claim, QuoteState, Relation, RelationKind, limits

SAID = frozenset({"claim.speaker", "claim.quotes", "relation.scheme", "origin.timestamp"})
_TYPES = {kind: type for type, kind in KINDS.items()}
SCHEME_IDS = {
    RelationKind.SUPPORTS: "72",
    RelationKind.ATTACKS: "71",
    RelationKind.RESTATES: "144",
}


def sniff(content: Content) -> bool:
    """Recognise a list of nodes with a `nodeID`, or an empty one beside edges and locutions."""
    nodes, edges = content.fields.get("nodes"), content.fields.get("edges")
    if not isinstance(nodes, list) or not isinstance(edges, list):
        return False
    if "OVA" in content.fields or isinstance(content.fields.get("analysis"), dict):
        return False
    if not nodes:
        return "locutions" in content.fields or set(content.fields) == {"nodes", "edges"}
    return isinstance(nodes[0], dict) and "nodeID" in nodes[0]


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read claims (I), supports (RA), attacks (CA) and restatements (MA); locutions give speakers and words.

    With the text beside it, words that stand there verbatim become anchored quotes.
    Raises FormatError with the place of what has the wrong type.
    """
    fields = content.fields or as_object(content.json, "")
    draft = Draft("aif", losses)
    asserted, texts, asked = read_graph(draft, fields)
    give_speakers(draft, fields, asserted, texts, asked=asked)
    if content.beside is not None:
        text, guessed = decode(content.beside)
        if guessed:
            losses.add(
                LossKind.ENCODING,
                "The text beside the file is not valid UTF-8; it was read as Windows-1252.",
            )
        text, _ = article_of(draft, text, fit_fields.one_line(content.title, limits.TITLE, losses))
        if text:
            anchor_quotes(draft, text, {})
    return draft.build()


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write a map as AIFdb JSON: an S-node for every relation, and a locution where a claim has a speaker or quotes."""
    nodes, edges, locutions = graph(map, "aif", losses)
    value = {"nodes": nodes, "edges": edges, "locutions": locutions}
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def graph(
    map: ArgumentMap, format: str, losses: Losses
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Return nodes, edges and locutions of a map; reports what AIF has no place for."""
    report_unsaid(map, format, SAID, losses)
    nodes, pairs, taken = arguments(map, format, losses)
    ids = foreign_ids(map, format)
    locutions: list[dict[str, Any]] = []
    for claim in map.claims:
        for text in _utterances(claim, losses):
            id = utter(text, ids[claim.id], nodes, pairs, taken)
            locutions.append(locution(id, claim.speaker or ""))
    return nodes, numbered(pairs), locutions


def arguments(
    map: ArgumentMap, format: str, losses: Losses
) -> tuple[list[dict[str, Any]], list[tuple[str, str]], set[str]]:
    """Return the nodes of claims and steps, what leads to what, and the ids that are taken."""
    report_schemes(map.relations, losses)
    ids = foreign_ids(map, format)
    report_ids(map, format, ids, losses, map.relations)
    nodes = [_node(ids[claim.id], claim.text, "I", claim, format) for claim in map.claims]
    pairs: list[tuple[str, str]] = []
    for relation in map.relations:
        scheme = name_of(relation.scheme) if relation.scheme else ""
        name = scheme or DEFAULTS[relation.kind]
        node = _node(ids[relation.id], name, _TYPES[relation.kind], relation, format)
        node["scheme"] = name
        if not scheme:
            node["schemeID"] = SCHEME_IDS[relation.kind]
        nodes.append(node)
        pairs += [(ids[source], ids[relation.id]) for source in relation.sources]
        pairs.append((ids[relation.id], ids[relation.target]))
    return nodes, pairs, set(ids.values())


def utter(
    text: str,
    claim: str,
    nodes: list[dict[str, Any]],
    pairs: list[tuple[str, str]],
    taken: set[str],
) -> str:
    """Add a locution that asserts a claim; returns its id."""
    id, act = free_id("L", taken), free_id("YA", taken)
    nodes.append({"nodeID": id, "text": text, "type": "L"})
    nodes.append(
        {"nodeID": act, "text": "Asserting", "type": "YA", "scheme": "Asserting", "schemeID": "74"}
    )
    pairs += [(id, act), (act, claim)]
    return id


def locution(id: str, person: str) -> dict[str, Any]:
    """Return the record that says who speaks."""
    return {
        "nodeID": id,
        "personID": person,
        "timestamp": "",
        "start": None,
        "end": None,
        "source": None,
    }


def numbered(pairs: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return edges for what leads to what."""
    return [
        {"edgeID": str(number), "fromID": start, "toID": end, "formEdgeID": None}
        for number, (start, end) in enumerate(pairs, start=1)
    ]


def _node(id: str, text: str, type: str, item: Claim | Relation, format: str) -> dict[str, Any]:
    node = {"nodeID": id, "text": text, "type": type}
    origin = item.origin
    if origin is not None and origin.format == format and "timestamp" in origin.extra:
        node["timestamp"] = str(origin.extra["timestamp"])
    return node


def _utterances(claim: Claim, losses: Losses) -> list[str]:
    """Return what was said, "Speaker: words", for each quote of a claim, or for the claim itself."""
    if any(
        quote.state is not QuoteState.UNANCHORED or quote.prefix or quote.suffix
        for quote in claim.quotes
    ):
        losses.add(
            LossKind.QUOTE,
            "The format has no place for where a quote stands in the text.",
            (claim.id,),
        )
    said: list[str] = []
    for words in [quote.exact for quote in claim.quotes] or ([claim.text] if claim.speaker else []):
        text = f"{claim.speaker}: {words}" if claim.speaker else words
        speaker, rest = split_speaker(text)
        if speaker != claim.speaker:
            losses.add(
                LossKind.SPEAKER,
                "Reading it again cannot tell a speaker's name from the words.",
                (claim.id,),
            )
        same = bool(claim.quotes) and (rest != words or rest == claim.text.strip())
        if same or rest != words.strip() or text in said:
            losses.add(
                LossKind.QUOTE,
                "Reading it again cannot tell a quote from the claim or the speaker.",
                (claim.id,),
            )
        said.append(text)
    return said
