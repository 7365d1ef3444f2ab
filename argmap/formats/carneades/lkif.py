"""Argument graphs in LKIF, which Carneades exchanges; only read."""

from typing import Any
from xml.etree.ElementTree import Element

from argmap.errors import FormatError
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.report import Losses, LossKind
from argmap.formats.schemes import scheme_of
from argmap.formats.source.content import Content
from argmap.model import ArgumentMap, RelationKind, limits


def sniff(content: Content) -> bool:
    """Recognise the root element."""
    return content.lead.startswith("<") and "<lkif" in content.lead


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read statements as claims, and arguments as steps from all their premises together.

    An argument against its conclusion is an attack; a premise that is an exception attacks the step of its argument; a
    premise that is denied is a claim of its own. Rules and sources are left out.
    Raises FormatError where the root is not <lkif>, and for a file without an argument graph.
    """
    root = content.xml
    if _name(root) != "lkif":
        raise FormatError("the root element is not <lkif>", place=_name(root)[:80])
    draft = Draft("lkif", losses)
    graphs = [element for element in root.iter() if _name(element) == "argument-graph"]
    if not graphs:
        raise FormatError("there is no argument graph in this LKIF file")
    title = next(
        (graph.get("title") for graph in graphs if (graph.get("title") or "").strip()), None
    )
    draft.fields["title"] = fit_fields.one_line(title, limits.TITLE, losses)
    for graph in graphs:
        for element in graph.iter():
            if _name(element) == "statement" and element.get("id"):
                _read_statement(element, draft)
        for number, element in enumerate(graph.iter()):
            if _name(element) == "argument":
                _read_argument(element, element.get("id") or f"argument {number}", draft)
    for name in ("theory", "sources", "rules"):
        if any(_name(element) == name for element in root):
            losses.add(LossKind.STRUCTURE, "Rules, theories and sources were left out.", (name,))
    return draft.build()


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _read_statement(element: Element, draft: Draft) -> None:
    id = str(element.get("id"))
    if id in draft.claims:
        draft.losses.add(
            LossKind.DUPLICATE, "A second statement of the same id was left out.", (id,)
        )
        return
    text = " ".join(" ".join(element.itertext()).split())
    tags = ("assumed",) if element.get("assumption") == "true" else ()
    value = element.get("value")
    extra: dict[str, Any] = {"value": value} if value not in (None, "", "unknown") else {}
    if element.get("standard"):
        extra["standard"] = element.get("standard")
    draft.claims[id] = DraftClaim(id, text or id, None, {"tags": tags} if tags else {}, extra)
    draft.refuse_many()


def _read_argument(element: Element, id: str, draft: Draft) -> None:
    losses = draft.losses
    conclusion = next(
        (each.get("statement") for each in element.iter() if _name(each) == "conclusion"), None
    )
    kind = RelationKind.ATTACKS if element.get("direction") == "con" else RelationKind.SUPPORTS
    fields: dict[str, Any] = {}
    scheme = scheme_of(element.get("scheme") or None)
    if scheme:
        fields["scheme"] = scheme
    label = fit_fields.one_line(element.get("title") or None, limits.LABEL, losses, id)
    if label:
        fields["label"] = label
    if element.get("weight"):
        try:
            fields["weight"] = fit_fields.weight(float(str(element.get("weight"))), losses, id)
        except ValueError:
            fit_fields.left_out(element.get("weight"), losses, id)
    sources: list[str] = []
    exceptions: list[str] = []
    for premise in (each for each in element.iter() if _name(each) == "premise"):
        statement = premise.get("statement") or ""
        if premise.get("exception") == "true":
            exceptions.append(statement)
        elif premise.get("polarity") == "negative" and statement in draft.claims:
            sources.append(_denied(statement, draft))
        else:
            sources.append(statement)
    key = f"argument {id}"
    draft.relations[key] = DraftRelation(id, kind, sources, conclusion, fields)
    for number, statement in enumerate(exceptions):
        undercut = DraftRelation(None, RelationKind.ATTACKS, [statement], key)
        draft.relations[f"exception {number} of {id}"] = undercut
    draft.refuse_many()


def _denied(statement: str, draft: Draft) -> str:
    """Return the key of a claim that denies a statement; the two attack each other."""
    key = f"not {statement}"
    if key not in draft.claims:
        draft.losses.add(
            LossKind.STRUCTURE, "A premise that is denied became a claim of its own.", (statement,)
        )
        draft.claims[key] = DraftClaim(None, f"It is not so: {draft.claims[statement].text}")
        for one, other in ((key, statement), (statement, key)):
            draft.relations[f"{one} > {other}"] = DraftRelation(
                None, RelationKind.ATTACKS, [one], other
            )
    return key
