"""SADFace JSON, the argument description format of the Open Argumentation project, old and new."""

from collections.abc import Mapping
from typing import Any

from argmap.formats.argmap_fields import told_fields, told_kind
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.reading.join_steps import join
from argmap.formats.report import Losses, LossKind
from argmap.formats.sadface.writer import (
    CLAIM_FIELDS,
    KINDS,
    OWN,
    RELATION_FIELDS,
    UNTITLED,
    core_of,
)
from argmap.formats.sadface.writer import dump as dump
from argmap.formats.schemes import scheme_of
from argmap.formats.source.content import Content
from argmap.formats.source.json_parts import as_id, as_list, as_object, as_objects, report_unread
from argmap.model import (
    ArgumentMap,
    ClaimKind,
    RelationKind,
    limits,
)

_FIELDS = frozenset({"metadata", "resources", "nodes", "edges"})
_ATOM = frozenset({"id", "type", "text", "sources", "metadata"})
_STEP = frozenset({"id", "type", "name", "metadata"})
_EDGE = frozenset({"id", "source_id", "target_id"})
_SOURCE = frozenset({"resource_id", "text", "offset", "length"})
_RESOURCE = frozenset({"id", "type", "content", "metadata"})
_ABOUT_TEXT = frozenset({"title", "url"})


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
    own = as_object(metadata.get(OWN), f"metadata/{OWN}")
    rest = {key: value for key, value in metadata.items() if key not in ("core", OWN)}
    title = core.pop("title", None) or rest.pop("title", None)  # the first documents have no core
    draft.fields["title"] = fit_fields.one_line(title, limits.TITLE, losses)
    draft.fields["language"] = fit_fields.language(own.get("language"), losses)
    if core and {**core, "title": ""} != core_of({}, ""):
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
    title = fit_fields.one_line(metadata.get("title"), limits.TITLE, draft.losses)
    article: dict[str, Any] = {"title": title or UNTITLED}
    text = fit_fields.article_text(first.get("content"), draft.losses)
    if text is not None:
        article["text"] = text
    if fit_fields.url(metadata.get("url")) is not None:
        article["url"] = metadata["url"]
    else:
        fit_fields.left_out(metadata.get("url"), draft.losses, "resources/0/metadata/url")
    if first.get("type") != "text":
        fit_fields.left_out(first.get("type"), draft.losses, "resources/0/type")
    draft.fields["article"] = article
    return {} if text is None else {str(first.get("id")): text}


def _claim(
    id: str, node: Mapping[str, Any], texts: Mapping[str, str], place: str, losses: Losses
) -> DraftClaim:
    extra: dict[str, Any] = {}
    own = _own(node, extra)
    fields = told_fields(own, CLAIM_FIELDS, losses, id)
    report_unread(node, _ATOM, losses, place)
    quotes: list[dict[str, Any]] = []
    for source in as_list(node.get("sources"), f"{place}/sources"):
        if isinstance(source, dict):
            report_unread(source, _SOURCE, losses, f"{place}/sources")
            resource = source.get("resource_id")
            text = texts.get(str(resource))
            if resource and text is None:
                losses.add(LossKind.QUOTE, fit_fields.NO_SUCH_TEXT, (id,))
            quote = fit_fields.quote_at(text, source.get("offset"), source.get("text"), losses, id)
            quotes += [quote] if quote else []
        else:
            losses.add(LossKind.QUOTE, "Dropped a source that is not an object.", (id,))
    fields["quotes"] = fit_fields.quotes(quotes, losses, id)
    return DraftClaim(id, node.get("text"), told_kind(own, losses, id), fields, extra)


def _own(node: Mapping[str, Any], extra: dict[str, Any]) -> Mapping[str, Any]:
    metadata = node.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    rest = {key: value for key, value in metadata.items() if key != OWN and value != {}}
    if rest:
        extra["metadata"] = rest
    own = metadata.get(OWN)
    return own if isinstance(own, dict) else {}


def _relation(id: str, node: Mapping[str, Any], place: str, losses: Losses) -> DraftRelation:
    extra: dict[str, Any] = {}
    own = _own(node, extra)
    fields = told_fields(own, RELATION_FIELDS, losses, id)
    report_unread(node, _STEP, losses, place)
    name = node.get("name")
    if not isinstance(name, str):
        fit_fields.left_out(name, losses, f"{place}/name")
        name = ""
    kind = (
        RelationKind.ATTACKS
        if node.get("type") == "conflict"
        else KINDS.get(name.lower(), RelationKind.SUPPORTS)
    )
    scheme = None if name.lower() in KINDS else scheme_of(name)
    if scheme is not None:
        fields.setdefault("scheme", scheme)
    return DraftRelation(id, kind, [], None, fields, extra)
