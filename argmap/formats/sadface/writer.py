"""The JSON of SADFace that says a map: atoms, scheme nodes, the edges between them and the article as a resource."""

import json
from collections.abc import Mapping
from typing import Any

from argmap.formats.argmap_fields import tell
from argmap.formats.reading import fit_fields
from argmap.formats.reading.kinds import infer_kinds
from argmap.formats.report import Losses, LossKind
from argmap.formats.schemes import name_of, scheme_of
from argmap.formats.writing.report_unsaid import foreign_ids, free_id, report_ids, report_unsaid
from argmap.model import (
    ArgumentMap,
    Article,
    Claim,
    Quote,
    Relation,
    RelationKind,
    Scheme,
)

OWN = "argmap"  # the key of metadata under which argmap tells what the format has no word for
CLAIM_FIELDS = ("label", "implicit", "speaker", "source", "weight", "tags", "note")
RELATION_FIELDS = ("scheme", "label", "implicit", "weight", "note")
_SAID = frozenset(
    {
        "title",
        "language",
        "article",
        "kind",
        "claim.quotes",
        "origin.metadata",
        "map.core",
        "map.metadata",
    }
    | {f"claim.{name}" for name in CLAIM_FIELDS}
    | {f"relation.{name}" for name in RELATION_FIELDS}
)
KINDS = {
    "conflict": RelationKind.ATTACKS,
    "attack": RelationKind.ATTACKS,
    "rephrase": RelationKind.RESTATES,
    "restatement": RelationKind.RESTATES,
}
_NAMES = {
    RelationKind.SUPPORTS: "support",
    RelationKind.ATTACKS: "conflict",
    RelationKind.RESTATES: "rephrase",
}
_UNKNOWN_TIME = "1970-01-01T00:00:00"
UNTITLED = "Untitled"


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write the document of version 0.2; what the format has no word for is in the metadata of each node."""
    report_unsaid(map, "sadface", _SAID, losses)
    ids = foreign_ids(map, "sadface")
    report_ids(map, "sadface", ids, losses, map.relations)
    taken = set(ids.values())
    article = map.article
    resource = free_id("text", taken) if article is not None else ""
    kinds = infer_kinds(((c.id, c.text, c.source is not None) for c in map.claims), map.relations)
    nodes: list[dict[str, Any]] = []
    for claim in map.claims:
        data = tell(claim, CLAIM_FIELDS) | (
            {} if kinds[claim.id] is claim.kind else {"kind": claim.kind.value}
        )
        text = article.text if article is not None else None
        sources = [_source(quote, resource, text) for quote in claim.quotes]
        if not all(_comes_back(quote, text) for quote in claim.quotes):
            losses.add(
                LossKind.QUOTE,
                "The surroundings and state of a quote are not written.",
                (claim.id,),
            )
        nodes.append(
            {
                "id": ids[claim.id],
                "type": "atom",
                "text": claim.text,
                "sources": sources,
                **_metadata(claim, data),
            }
        )
    pairs: list[tuple[str, str]] = []
    for relation in map.relations:
        name, data = _named(relation)
        nodes.append(
            {"id": ids[relation.id], "type": "scheme", "name": name, **_metadata(relation, data)}
        )
        pairs += [(ids[source], ids[relation.id]) for source in relation.sources]
        pairs.append((ids[relation.id], ids[relation.target]))
    origin = map.origin
    extra = origin.extra if origin is not None and origin.format == "sadface" else {}
    core, rest = extra.get("core"), extra.get("metadata")
    metadata = {
        **(rest if isinstance(rest, dict) else {}),
        "core": core_of(core if isinstance(core, dict) else {}, map.title),
        **({OWN: {"language": map.language}} if map.language else {}),
    }
    value = {
        "metadata": metadata,
        "resources": [_resource(article, resource, losses)] if article is not None else [],
        "nodes": nodes,
        "edges": [
            {"id": free_id("e", taken), "source_id": start, "target_id": end}
            for start, end in pairs
        ],
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def core_of(kept: Mapping[str, Any], title: str) -> dict[str, Any]:
    """Return the core of the metadata: what the file had, or what every reader expects."""
    core: dict[str, Any] = dict(kept) or {
        "id": "argmap",
        "analyst_name": "",
        "analyst_email": "",
        "created": _UNKNOWN_TIME,
        "edited": _UNKNOWN_TIME,
        "version": "0.2",
        "description": "",
        "notes": "",
    }
    return {**core, "title": title}


def _metadata(item: Claim | Relation, data: dict[str, Any]) -> dict[str, Any]:
    origin = item.origin
    kept = (
        origin.extra.get("metadata") if origin is not None and origin.format == "sadface" else None
    )
    return {
        "metadata": {
            "core": {},
            **(kept if isinstance(kept, dict) else {}),
            **({OWN: data} if data else {}),
        }
    }


def _source(quote: Quote, resource: str, text: str | None) -> dict[str, Any]:
    if text is None or quote.start is None:
        return {"resource_id": "", "text": quote.exact, "offset": 0, "length": len(quote.exact)}
    return {
        "resource_id": resource,
        "text": quote.exact,
        "offset": quote.start,
        "length": len(quote.exact),
    }


def _comes_back(quote: Quote, text: str | None) -> bool:
    found = fit_fields.quote_at(
        text if quote.start is not None else None, quote.start, quote.exact, Losses(), ""
    )
    return found is not None and Quote.model_validate(found) == quote


def _named(relation: Relation) -> tuple[str, dict[str, Any]]:
    """Return the name of a step's node: its scheme where it supports, else what it does."""
    data = tell(relation, RELATION_FIELDS)
    if relation.scheme is None or relation.kind is not RelationKind.SUPPORTS:
        return _NAMES[relation.kind], data
    name = name_of(relation.scheme)
    again = scheme_of(name)
    if name.lower() in KINDS or again is None:
        return _NAMES[relation.kind], data
    if Scheme(**again) == relation.scheme:
        del data["scheme"]
    return name, data


def _resource(article: Article, id: str, losses: Losses) -> dict[str, Any]:
    if article != Article(title=article.title, text=article.text, url=article.url):
        losses.add(LossKind.ARTICLE, "Only title, text and link of the article are kept.")
    metadata = {"core": {}, "title": article.title, **({"url": article.url} if article.url else {})}
    return {"id": id, "type": "text", "content": article.text or "", "metadata": metadata}
