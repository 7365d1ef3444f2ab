"""The nodes and edges of arguebuf JSON that say a map."""

import json
from collections.abc import Mapping
from typing import Any

from argmap.formats.argmap_fields import tell
from argmap.formats.reading import fit_fields
from argmap.formats.reading.kinds import infer_kinds
from argmap.formats.report import Losses, LossKind
from argmap.formats.schemes import NAMES
from argmap.formats.writing.report_unsaid import foreign_ids, free_id, report_ids, report_unsaid
from argmap.model import (
    ArgumentMap,
    Article,
    Claim,
    ClaimKind,
    Quote,
    Relation,
    RelationKind,
)

OWN = "argmap"  # the key of userdata under which argmap tells what the format has no word for
CLAIM_FIELDS = ("label", "implicit", "source", "weight", "tags", "note")
RELATION_FIELDS = ("scheme", "label", "implicit", "weight", "note")
_SAID = frozenset(
    {"title", "language", "article", "kind", "claim.speaker", "claim.quotes"}
    | {f"{of}.{name}" for of in ("origin", "map") for name in ("userdata", "metadata")}
    | {f"claim.{name}" for name in CLAIM_FIELDS}
    | {f"relation.{name}" for name in RELATION_FIELDS}
)
KINDS = {
    "support": RelationKind.SUPPORTS,
    "attack": RelationKind.ATTACKS,
    "rephrase": RelationKind.RESTATES,
}
_TYPES = {kind: type for type, kind in KINDS.items()}
_NO_ENUM = frozenset({"established_rule"})  # what NAMES has and the protocol's enumeration has not


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write the graph with the article as its resource; what the format has no word for is in the userdata."""
    report_unsaid(map, "arguebuf", _SAID, losses)
    ids = foreign_ids(map, "arguebuf")
    report_ids(map, "arguebuf", ids, losses, map.relations)
    taken = set(ids.values())
    people = {
        speaker: free_id("p", taken)
        for speaker in dict.fromkeys(c.speaker for c in map.claims if c.speaker)
    }
    article = map.article
    resource = free_id("text", taken) if article is not None else None
    kinds = infer_kinds(((c.id, c.text, c.source is not None) for c in map.claims), map.relations)
    major = next((claim.id for claim in map.claims if claim.kind is ClaimKind.THESIS), None)
    if major is not None:
        kinds[major] = ClaimKind.THESIS
    nodes: dict[str, Any] = {}
    for claim in map.claims:
        text = article.text if article is not None else None
        atom = _atom(claim, people, resource, text, losses)
        data = tell(claim, CLAIM_FIELDS) | (
            {} if kinds[claim.id] is claim.kind else {"kind": claim.kind.value}
        )
        nodes[ids[claim.id]] = {"atom": atom, **_further(claim, data)}
    edges: list[tuple[str, str]] = []
    for relation in map.relations:
        scheme, data = _scheme(relation)
        nodes[ids[relation.id]] = {"scheme": scheme, **_further(relation, data)}
        edges += [(ids[source], ids[relation.id]) for source in relation.sources]
        edges.append((ids[relation.id], ids[relation.target]))
    value: dict[str, Any] = {
        "nodes": nodes,
        "edges": {free_id("e", taken): {"source": start, "target": end} for start, end in edges},
    }
    if article is not None and resource is not None:
        value["resources"] = {resource: _resource(article, losses)}
    if people:
        value["participants"] = {id: {"name": name} for name, id in people.items()}
    if major is not None:
        value["majorClaim"] = ids[major]
    told = {name: item for name in ("title", "language") if (item := getattr(map, name))}
    value |= {"schemaVersion": 1, **_further(map, told)}
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _further(item: Claim | Relation | ArgumentMap, data: dict[str, Any]) -> dict[str, Any]:
    """Return userdata and metadata: what argmap tells, and what the file had that the item came from."""
    origin = item.origin
    extra = origin.extra if origin is not None and origin.format == "arguebuf" else {}
    kept = extra.get("userdata")
    userdata = {**(kept if isinstance(kept, dict) else {}), **({OWN: data} if data else {})}
    metadata = extra.get("metadata")
    return {
        **({"userdata": userdata} if userdata else {}),
        **({"metadata": metadata} if metadata else {}),
    }


def _atom(
    claim: Claim, people: Mapping[str, str], resource: str | None, text: str | None, losses: Losses
) -> dict[str, Any]:
    atom: dict[str, Any] = {"text": claim.text}
    if claim.speaker:
        atom["participant"] = people[claim.speaker]
    if claim.quotes:
        first = claim.quotes[0]
        atom["reference"] = {"text": first.exact}
        placed = (
            text is not None
            and first.start is not None
            and text.startswith(first.exact, first.start)
        )
        if placed:
            atom["reference"] |= {"resource": resource, "offset": first.start}
        again = fit_fields.quote_at(
            text if placed else None, first.start, first.exact, Losses(), ""
        )
        if len(claim.quotes) > 1 or again is None or Quote.model_validate(again) != first:
            losses.add(
                LossKind.QUOTE,
                "The format has one quote for a claim, without its surroundings.",
                (claim.id,),
            )
    return atom


def _scheme(relation: Relation) -> tuple[dict[str, Any], dict[str, Any]]:
    type = _TYPES[relation.kind]
    data = tell(relation, RELATION_FIELDS)
    scheme = relation.scheme
    value = "DEFAULT"
    known = scheme is not None and scheme.key in NAMES and scheme.key not in _NO_ENUM
    if (
        scheme is not None
        and known
        and scheme.key is not None
        and relation.kind is RelationKind.SUPPORTS
    ):
        value = scheme.key.upper()
        if scheme.name is None:
            del data["scheme"]
    return {type: f"{type.upper()}_{value}"}, data


def _resource(article: Article, losses: Losses) -> dict[str, Any]:
    resource = {
        "title": article.title,
        "text": article.text,
        "source": article.url or article.publication,
    }
    kept = {name: value for name, value in resource.items() if value is not None}
    again = {"title": article.title, "text": article.text, "url": article.url}
    if article.url is None and article.publication is not None:
        again["publication"] = article.publication
    if Article.model_validate(again) != article:
        losses.add(LossKind.ARTICLE, "Only title, text and link of the article are kept.")
    return kept
