"""arguebuf JSON, the proto3 JSON of arg_services.graph.v1 that the arguebuf tools read and write."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from argmap.formats.argmap_fields import told_fields, told_kind
from argmap.formats.arguebuf.writer import CLAIM_FIELDS, KINDS, OWN, RELATION_FIELDS
from argmap.formats.arguebuf.writer import dump as dump
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.reading.join_steps import join
from argmap.formats.report import Losses, LossKind
from argmap.formats.schemes import scheme_of
from argmap.formats.source.content import Content
from argmap.formats.source.json_parts import as_object, report_unread
from argmap.model import (
    ArgumentMap,
    ClaimKind,
    RelationKind,
    limits,
)

_UNTITLED = "Untitled"
_OWN = frozenset({"userdata", "metadata"})  # kept in the origin of claims, relations and the map
_GRAPH = _OWN | {
    "nodes",
    "edges",
    "resources",
    "participants",
    "analysts",
    "majorClaim",
    "major_claim",
}
_GRAPH |= {"schemaVersion", "schema_version", "libraryVersion", "library_version"}
_NODE = _OWN | {"atom", "scheme"}
_ATOM = frozenset({"text", "reference", "participant"})
_SCHEME = frozenset(
    {
        "type",
        "argumentationScheme",
        "argumentation_scheme",
        "premiseDescriptors",
        "premise_descriptors",
        *KINDS,
        "preference",
    }
)
_TYPES = ("", "support", "attack", "rephrase", "transition", "preference", "assertion")
# The supports of the protocol from number 1 on: JSON may tell them so.
_NUMBERED = (
    "position_to_know", "expert_opinion", "witness_testimony", "popular_opinion",
    "popular_practice", "example", "analogy", "practical_reasoning_from_analogy", "composition",
    "division", "oppositions", "rhetorical_oppositions", "alternatives", "verbal_classification",
    "verbal_classification_definition", "verbal_classification_vagueness",
    "verbal_classification_arbitrariness", "interaction_of_act_and_person", "values", "sacrifice",
    "the_group_and_its_members", "practical_reasoning", "two_person_practical_reasoning", "waste",
    "sunk_costs", "ignorance", "epistemic_ignorance", "cause_to_effect", "correlation_to_cause",
    "sign", "abductive", "evidence_to_hypothesis", "consequences", "pragmatic_alternatives",
    "threat", "fear_appeal", "danger_appeal", "need_for_help", "distress", "commitment", "ethotic",
    "generic_ad_hominem", "pragmatic_inconsistency", "inconsistent_commitment",
    "circumstantial_ad_hominem", "bias", "bias_ad_hominem", "gradualism", "slippery_slope",
    "precedent_slippery_slope", "sorites_slippery_slope", "verbal_slippery_slope",
    "full_slippery_slope", "constitutive_rule_claims", "rules", "exceptional_case", "precedent",
    "plea_for_excuse", "perception", "memory", "positive_values", "negative_values",
    "positive_consequences", "negative_consequences",
)  # fmt: skip
_REFERENCE = frozenset({"resource", "offset", "text"})
_RESOURCE = frozenset({"text", "title", "source"})
_PERSON = frozenset({"name", "username"})
_EDGE = frozenset({"source", "target"})


def sniff(content: Content) -> bool:
    """Recognise dictionaries of nodes and edges."""
    nodes, edges = content.fields.get("nodes"), content.fields.get("edges")
    version = content.fields.get("schemaVersion", content.fields.get("schema_version"))
    if isinstance(nodes, dict) and edges is None and version is None:
        values = list(islice(nodes.values(), 20))
        return not values or any(
            isinstance(v, dict) and ("atom" in v or "scheme" in v) for v in values
        )
    return (isinstance(nodes, dict) and (edges is None or isinstance(edges, dict))) or (
        nodes is None and isinstance(version, int) and "claims" not in content.fields
    )


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read atoms as claims, scheme nodes as relations, references as quotes, participants as speakers.

    The resource that is referred to first is the article. Keys may be in camelCase or snake_case.
    Raises FormatError with the path of what has the wrong type.
    """
    fields = as_object(content.json, "")
    draft = Draft("arguebuf", losses)
    own = _own(fields, draft.extra)
    draft.fields["title"] = fit_fields.one_line(own.get("title"), limits.TITLE, losses)
    draft.fields["language"] = fit_fields.language(own.get("language"), losses)
    nodes = {
        id: as_object(node, f"nodes/{id}")
        for id, node in as_object(fields.get("nodes"), "nodes").items()
    }
    resource, text = _article(fields, nodes, draft)
    report_unread(fields, _GRAPH, losses)
    people = {
        id: as_object(person, f"participants/{id}")
        for id, person in as_object(fields.get("participants"), "participants").items()
    }
    for id, person in people.items():
        report_unread(person, _PERSON, losses, f"participants/{id}")
    for id, node in nodes.items():
        report_unread(node, _NODE, losses, f"nodes/{id}")
        if "scheme" in node:
            draft.relations[id] = _relation(id, node, losses)
        elif "atom" in node:
            draft.claims[id] = _claim(id, node, people, resource, text, losses)
        else:
            losses.add(
                LossKind.STRUCTURE,
                "A node that is neither an atom nor a scheme was left out.",
                (id,),
            )
    for id in [id for id, relation in draft.relations.items() if relation.id is None]:
        del draft.relations[id]
    major = fields.get("majorClaim", fields.get("major_claim"))
    if isinstance(major, str) and major in draft.claims:
        draft.claims[major].kind = draft.claims[major].kind or ClaimKind.THESIS
    elif major:
        losses.add(
            LossKind.DANGLING, "The file names a major claim that it does not have.", (str(major),)
        )
    edges = as_object(fields.get("edges"), "edges")
    ends = {id: as_object(edge, f"edges/{id}") for id, edge in edges.items()}
    for id, edge in ends.items():
        report_unread(edge, _EDGE, losses, f"edges/{id}")
    join(draft, [(str(edge.get("source")), str(edge.get("target"))) for edge in ends.values()])
    if fields.get("analysts"):
        losses.add(
            LossKind.METADATA, "Analysts were left out.", as_object(fields["analysts"], "analysts")
        )
    return draft.build()


def _own(value: Mapping[str, Any], extra: dict[str, Any]) -> Mapping[str, Any]:
    """Return what argmap itself told in the userdata; other userdata and the metadata go to `extra`."""
    data = value.get("userdata")
    own = data.get(OWN) if isinstance(data, dict) else None
    rest = {key: item for key, item in data.items() if key != OWN} if isinstance(data, dict) else {}
    if rest:
        extra["userdata"] = rest
    if isinstance(value.get("metadata"), dict) and value["metadata"]:
        extra["metadata"] = value["metadata"]
    return own if isinstance(own, dict) else {}


def _article(
    fields: Mapping[str, Any], nodes: Mapping[str, Mapping[str, Any]], draft: Draft
) -> tuple[str | None, str | None]:
    """Give the draft its article; return the id of its resource and its text."""
    resources = as_object(fields.get("resources"), "resources")
    if not resources:
        return None, None
    named = (_reference(node).get("resource") for node in nodes.values())
    chosen = next(
        (id for id in named if isinstance(id, str) and id in resources), next(iter(resources))
    )
    others = [id for id in resources if id != chosen]
    draft.losses.add(
        LossKind.ARTICLE, "A map has one article; further resources were left out.", others
    )
    resource = as_object(resources[chosen], f"resources/{chosen}")
    report_unread(resource, _RESOURCE, draft.losses, f"resources/{chosen}")
    text = fit_fields.article_text(resource.get("text"), draft.losses)
    draft.fields["article"] = {
        "title": fit_fields.one_line(resource.get("title"), limits.TITLE, draft.losses)
        or _UNTITLED,
        **({"text": text} if text is not None else {}),
    }
    source = resource.get("source")
    if fit_fields.url(source) is not None:
        draft.fields["article"]["url"] = source
    elif source:
        publication = fit_fields.one_line(source, limits.NAME, draft.losses, chosen)
        draft.fields["article"].update({"publication": publication} if publication else {})
    return chosen, text


def _reference(node: Mapping[str, Any]) -> Mapping[str, Any]:
    atom = node.get("atom")
    reference = atom.get("reference") if isinstance(atom, dict) else None
    return reference if isinstance(reference, dict) else {}


def _claim(
    id: str,
    node: Mapping[str, Any],
    people: Mapping[str, Any],
    resource: str | None,
    text: str | None,
    losses: Losses,
) -> DraftClaim:
    atom = as_object(node["atom"], f"nodes/{id}/atom")
    extra: dict[str, Any] = {}
    own = _own(node, extra)
    fields = told_fields(own, CLAIM_FIELDS, losses, id)
    report_unread(atom, _ATOM, losses, f"nodes/{id}/atom")
    reference = _reference(node)
    report_unread(reference, _REFERENCE, losses, f"nodes/{id}/atom/reference")
    if reference.get("text"):
        named = reference.get("resource")
        here = text if named == resource else None
        if named and here is None:
            losses.add(LossKind.QUOTE, fit_fields.NO_SUCH_TEXT, (id,))
        offset = reference.get("offset", 0)
        if isinstance(offset, str) and offset.isdecimal():
            offset = int(offset[:9])
        quote = fit_fields.quote_at(here, offset, reference["text"], losses, id)
        fields["quotes"] = (quote,) if quote else None
    person = people.get(str(atom.get("participant")))
    if person is None and atom.get("participant"):
        losses.add(LossKind.SPEAKER, "Dropped a participant whom the file does not have.", (id,))
    elif person is not None:
        speaker = person.get("name") or person.get("username")
        fields["speaker"] = fit_fields.one_line(speaker, limits.NAME, losses, id)
    return DraftClaim(id, atom.get("text"), told_kind(own, losses, id), fields, extra)


def _relation(id: str, node: Mapping[str, Any], losses: Losses) -> DraftRelation:
    scheme = as_object(node["scheme"], f"nodes/{id}/scheme")
    extra: dict[str, Any] = {}
    own = _own(node, extra)
    fields = told_fields(own, RELATION_FIELDS, losses, id)
    report_unread(scheme, _SCHEME, losses, f"nodes/{id}/scheme")
    kind = RelationKind.SUPPORTS
    type, value = _type(scheme)
    if type in KINDS:
        kind = KINDS[type]
        if isinstance(value, str):
            words = value.removeprefix(f"{type.upper()}_").removeprefix("SCHEME_")
            words = words.replace("_", " ").title()
            found = scheme_of("" if words in ("Default", "Unspecified") else words)
            fields.setdefault("scheme", found)
        elif value and type == "support" and value in range(1, len(_NUMBERED) + 1):
            fields.setdefault("scheme", {"key": _NUMBERED[value - 1]})
        elif value:
            losses.add(LossKind.SCHEME, "Dropped a scheme that is given as a number only.", (id,))
    elif type in ("transition", "assertion"):
        losses.add(
            LossKind.DIALOGUE,
            "Locutions, illocutions and transitions have no place in a map.",
            (id,),
        )
        return DraftRelation(None, kind, [], None)
    elif type == "preference":
        losses.add(LossKind.PREFERENCE, "Dropped a preference, which a map cannot say.", (id,))
        return DraftRelation(None, kind, [], None)
    else:
        losses.add(
            LossKind.STRUCTURE, "A step that does not say what it is was read as a support.", (id,)
        )
    for key in ("premiseDescriptors", "premise_descriptors"):
        if scheme.get(key):
            losses.add(LossKind.METADATA, "The roles of premises were left out.", (id,))
    return DraftRelation(id, kind, [], None, fields, extra)


def _type(scheme: Mapping[str, Any]) -> tuple[str, Any]:
    """Return what kind of step it is and its scheme; the first version of the protocol had two fields for them."""
    found = next((type for type in (*KINDS, "preference") if type in scheme), None)
    if found is not None:
        return found, scheme[found]
    type = scheme.get("type")
    if isinstance(type, int) and 0 <= type < len(_TYPES):
        name = _TYPES[type]
    else:
        name = str(type or "").removeprefix("SCHEME_TYPE_").lower()
    return name, scheme.get("argumentationScheme", scheme.get("argumentation_scheme"))
