"""SADFace JSON, the argument description format of the Open Argumentation project, old and new."""

import json
from collections.abc import Mapping
from typing import Any

from argmap.formats import clean
from argmap.formats.content import Content
from argmap.formats.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.fields import foreign_ids, free_id, report_ids, report_unsaid
from argmap.formats.joining import join
from argmap.formats.kinds import infer_kinds
from argmap.formats.parts import as_id, as_list, as_object, as_objects, report_unread
from argmap.formats.report import Losses, LossKind
from argmap.formats.schemes import name_of, scheme_of
from argmap.formats.told import tell, told_fields, told_kind
from argmap.model import (
    ArgumentMap,
    Article,
    Claim,
    ClaimKind,
    Quote,
    Relation,
    RelationKind,
    Scheme,
    limits,
)

_OWN = "argmap"  # the key of metadata under which argmap tells what the format has no word for
_CLAIM = ("label", "implicit", "speaker", "source", "weight", "tags", "note")
_RELATION = ("scheme", "label", "implicit", "weight", "note")
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
    | {f"claim.{name}" for name in _CLAIM}
    | {f"relation.{name}" for name in _RELATION}
)
_KINDS = {
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
_FIELDS = frozenset({"metadata", "resources", "nodes", "edges"})
_ATOM = frozenset({"id", "type", "text", "sources", "metadata"})
_STEP = frozenset({"id", "type", "name", "metadata"})
_EDGE = frozenset({"id", "source_id", "target_id"})
_SOURCE = frozenset({"resource_id", "text", "offset", "length"})
_RESOURCE = frozenset({"id", "type", "content", "metadata"})
_ABOUT_TEXT = frozenset({"title", "url"})
_UNKNOWN_TIME = "1970-01-01T00:00:00"
_UNTITLED = "Untitled"


def sniff(content: Content) -> bool:
    """Recognise metadata with a core beside lists of nodes and edges, or atoms among the nodes."""
    nodes, metadata = content.fields.get("nodes"), content.fields.get("metadata")
    if not isinstance(nodes, list) or not isinstance(content.fields.get("edges"), list):
        return False
    atoms = any(isinstance(node, dict) and node.get("type") == "atom" for node in nodes[:20])
    return atoms or (isinstance(metadata, dict) and "core" in metadata)


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read atoms as claims, scheme, inference and conflict nodes as relations, sources as quotes of the resource.

    Raises FormatError with the path of what has the wrong type.
    """
    fields = as_object(content.json, "")
    draft = Draft("sadface", losses)
    metadata = as_object(fields.get("metadata"), "metadata")
    core = dict(as_object(metadata.get("core"), "metadata/core"))
    own = as_object(metadata.get(_OWN), f"metadata/{_OWN}")
    rest = {key: value for key, value in metadata.items() if key not in ("core", _OWN)}
    title = core.pop("title", None) or rest.pop("title", None)  # the first documents have no core
    draft.fields["title"] = clean.one_line(title, limits.TITLE, losses)
    draft.fields["language"] = clean.language(own.get("language"), losses)
    if core and {**core, "title": ""} != _core({}, ""):
        draft.extra["core"] = core
    if rest:
        draft.extra["metadata"] = rest
    report_unread(fields, _FIELDS, losses)
    texts = _article(fields, own, draft)
    for index, node in enumerate(as_objects(fields.get("nodes"), "nodes")):
        id = as_id(node.get("id"), f"nodes/{index}/id")
        type = node.get("type")
        if id in draft.claims or id in draft.relations:
            losses.add(LossKind.DUPLICATE, "A second node of the same id was left out.", (id,))
        elif type == "atom":
            draft.claims[id] = _claim(id, node, texts, f"nodes/{index}", losses)
        elif type in ("scheme", "inference", "conflict"):
            draft.relations[id] = _relation(id, node, f"nodes/{index}", losses)
        else:
            losses.add(LossKind.STRUCTURE, "A node of an unknown type was left out.", (id,))
    claim = core.get("claim", rest.get("claim"))
    if isinstance(claim, str) and claim in draft.claims and draft.claims[claim].kind is None:
        draft.claims[claim].kind = ClaimKind.THESIS
    edges = as_objects(fields.get("edges"), "edges")
    report_unread(edges, _EDGE, losses, "edges")
    join(draft, [(str(edge.get("source_id")), str(edge.get("target_id"))) for edge in edges])
    return draft.build()


def _article(fields: Mapping[str, Any], own: Mapping[str, Any], draft: Draft) -> dict[str, str]:
    """Give the draft its article; return the text of the article by the id of its resource."""
    resources = as_objects(fields.get("resources"), "resources")
    if not resources:
        return {}
    first = resources[0]
    others = [str(resource.get("id")) for resource in resources[1:]]
    draft.losses.add(
        LossKind.ARTICLE, "A map has one article; further resources were left out.", others
    )
    metadata = first.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    report_unread(first, _RESOURCE, draft.losses, "resources/0")
    report_unread(metadata, _ABOUT_TEXT, draft.losses, "resources/0/metadata")
    title = clean.one_line(metadata.get("title"), limits.TITLE, draft.losses)
    article: dict[str, Any] = {"title": title or _UNTITLED}
    text = clean.article_text(first.get("content"), draft.losses)
    if text is not None:
        article["text"] = text
    if clean.url(metadata.get("url")) is not None:
        article["url"] = metadata["url"]
    else:
        clean.left_out(metadata.get("url"), draft.losses, "resources/0/metadata/url")
    if first.get("type") != "text":
        clean.left_out(first.get("type"), draft.losses, "resources/0/type")
    draft.fields["article"] = article
    return {} if text is None else {str(first.get("id")): text}


def _claim(
    id: str, node: Mapping[str, Any], texts: Mapping[str, str], place: str, losses: Losses
) -> DraftClaim:
    extra: dict[str, Any] = {}
    own = _own(node, extra)
    fields = told_fields(own, _CLAIM, losses, id)
    report_unread(node, _ATOM, losses, place)
    quotes: list[dict[str, Any]] = []
    for source in as_list(node.get("sources"), f"{place}/sources"):
        if isinstance(source, dict):
            report_unread(source, _SOURCE, losses, f"{place}/sources")
            resource = source.get("resource_id")
            text = texts.get(str(resource))
            if resource and text is None:
                losses.add(LossKind.QUOTE, clean.NO_SUCH_TEXT, (id,))
            quote = clean.quote_at(text, source.get("offset"), source.get("text"), losses, id)
            quotes += [quote] if quote else []
        else:
            losses.add(LossKind.QUOTE, "A source that is no object was left out.", (id,))
    fields["quotes"] = clean.quotes(quotes, losses, id)
    return DraftClaim(id, node.get("text"), told_kind(own, losses, id), fields, extra)


def _own(node: Mapping[str, Any], extra: dict[str, Any]) -> Mapping[str, Any]:
    metadata = node.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    rest = {key: value for key, value in metadata.items() if key != _OWN and value != {}}
    if rest:
        extra["metadata"] = rest
    own = metadata.get(_OWN)
    return own if isinstance(own, dict) else {}


def _relation(id: str, node: Mapping[str, Any], place: str, losses: Losses) -> DraftRelation:
    extra: dict[str, Any] = {}
    own = _own(node, extra)
    fields = told_fields(own, _RELATION, losses, id)
    report_unread(node, _STEP, losses, place)
    name = node.get("name")
    if not isinstance(name, str):
        clean.left_out(name, losses, f"{place}/name")
        name = ""
    kind = (
        RelationKind.ATTACKS
        if node.get("type") == "conflict"
        else _KINDS.get(name.lower(), RelationKind.SUPPORTS)
    )
    scheme = None if name.lower() in _KINDS else scheme_of(name)
    if scheme is not None:
        fields.setdefault("scheme", scheme)
    return DraftRelation(id, kind, [], None, fields, extra)


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
        data = tell(claim, _CLAIM) | (
            {} if kinds[claim.id] is claim.kind else {"kind": claim.kind.value}
        )
        text = article.text if article is not None else None
        sources = [_source(quote, resource, text) for quote in claim.quotes]
        if not all(_comes_back(quote, text) for quote in claim.quotes):
            losses.add(
                LossKind.QUOTE, "The surroundings and state of a quote are not told.", (claim.id,)
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
        "core": _core(core if isinstance(core, dict) else {}, map.title),
        **({_OWN: {"language": map.language}} if map.language else {}),
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


def _core(kept: Mapping[str, Any], title: str) -> dict[str, Any]:
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
            **({_OWN: data} if data else {}),
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
    found = clean.quote_at(
        text if quote.start is not None else None, quote.start, quote.exact, Losses(), ""
    )
    return found is not None and Quote.model_validate(found) == quote


def _named(relation: Relation) -> tuple[str, dict[str, Any]]:
    """Return the name of a step's node: its scheme where it supports, else what it does."""
    data = tell(relation, _RELATION)
    if relation.scheme is None or relation.kind is not RelationKind.SUPPORTS:
        return _NAMES[relation.kind], data
    name = name_of(relation.scheme)
    again = scheme_of(name)
    if name.lower() in _KINDS or again is None:
        return _NAMES[relation.kind], data
    if Scheme(**again) == relation.scheme:
        del data["scheme"]
    return name, data


def _resource(article: Article, id: str, losses: Losses) -> dict[str, Any]:
    if article != Article(title=article.title, text=article.text, url=article.url):
        losses.add(LossKind.ARTICLE, "Of the article only title, text and link are told.")
    metadata = {"core": {}, "title": article.title, **({"url": article.url} if article.url else {})}
    return {"id": id, "type": "text", "content": article.text or "", "metadata": metadata}
