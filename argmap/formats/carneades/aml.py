"""Araucaria's argument markup language (AML); only read."""

from typing import Any
from xml.etree.ElementTree import Element

from argmap.errors import FormatError
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.report import Losses, LossKind
from argmap.formats.schemes import scheme_of
from argmap.formats.source.content import Content
from argmap.model import ArgumentMap, RelationKind, limits

_KNOWN = frozenset({"PROP", "REFUTATION", "CA", "LA"})
_OF_PROP = frozenset({"PROPTEXT", "INSCHEME", "OWNER", "TUTOR", "ROLE"})


def sniff(content: Content) -> bool:
    """Recognise the root element, with a text or an argument unit below it."""
    if not content.lead.startswith("<"):
        return False
    head = content.head(200_000)
    return "<ARG>" in head and ("<TEXT" in head or "<AU>" in head)


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read each argument unit as a claim with what supports it (CA apart, LA together) and what refutes it.

    The text is the article's, in which claims are quoted by their offsets; what is missing from it is implicit.
    Raises FormatError where the root is not <ARG>.
    """
    root = content.xml
    if root.tag != "ARG":
        raise FormatError("the root element is not <ARG>", place=str(root.tag)[:80])
    draft = Draft("aml", losses)
    element = root.find("TEXT")
    text = (
        fit_fields.article_text((element.text or "").replace("\r\n", "\n"), losses)
        if element is not None
        else None
    )
    title, note = _told(root.find("EDATA"), losses)
    if text is not None:
        draft.fields["article"] = {"title": title or content.title or "Text", "text": text}
    draft.fields["title"] = title
    if note:
        draft.extra["comment"] = note[:2_000]
    waiting = list(reversed(root.findall("AU")))
    keys: dict[int, str] = {}
    order = [*reversed(waiting)]
    while waiting:
        unit = waiting.pop()
        keys[id(unit)] = f"unit {len(keys)}"
        draft.claims[keys[id(unit)]] = _claim(unit, text, losses)
        draft.refuse_many()
        below = [inner for child in unit for inner in child.findall("AU")]
        order += below
        waiting += reversed(below)
    for unit in order:
        _relate(unit, keys, draft)
    return draft.build()


def _told(data: Element | None, losses: Losses) -> tuple[str | None, str]:
    """Return the title that the data of a file tell, and the analyst's comment."""
    if data is None:
        return None, ""
    told = {child.tag: " ".join("".join(child.itertext()).split()) for child in data}
    rest = [
        f"{name.lower()}: {words}"
        for name, words in told.items()
        if words and name not in ("TITLE", "COMMENTS")
    ]
    losses.add(LossKind.METADATA, "Who analysed a text, when and where from, was left out.", rest)
    return fit_fields.one_line(told.get("TITLE") or None, limits.TITLE, losses), told.get(
        "COMMENTS", ""
    )


def _claim(unit: Element, text: str | None, losses: Losses) -> DraftClaim:
    prop = unit.find("PROP")
    if prop is None:
        return DraftClaim(None, "")
    told = prop.find("PROPTEXT")
    words = ("".join(told.itertext()) if told is not None else "").strip()
    place = prop.get("identifier") or words[:40]
    fields: dict[str, Any] = {}
    if prop.get("missing") == "yes":
        fields["implicit"] = True
    elif text is not None and told is not None and words:
        offset = told.get("offset") or ""
        start = int(offset) if offset.isdecimal() and len(offset) < 9 else None
        fields["quotes"] = (fit_fields.quote_at(text, start, words, losses, place),)
    owners = [owner.get("name") for owner in prop.findall("OWNER") if owner.get("name")]
    if owners:
        fields["speaker"] = fit_fields.one_line(
            ", ".join(map(str, owners)), limits.NAME, losses, place
        )
    if any(child.tag not in _OF_PROP for child in prop):
        losses.add(LossKind.STRUCTURE, "An unknown element was left out.", (place,))
    return DraftClaim(None, " ".join(words.split()), None, fields)


def _relate(unit: Element, keys: dict[int, str], draft: Draft) -> None:
    target = keys[id(unit)]
    for child in unit:
        if child.tag not in _KNOWN:
            draft.losses.add(
                LossKind.STRUCTURE, "An unknown element was left out.", (str(child.tag)[:40],)
            )
            continue
        inner = child.findall("AU")
        if not inner:
            continue
        kind = RelationKind.ATTACKS if child.tag == "REFUTATION" else RelationKind.SUPPORTS
        groups = [inner] if child.tag == "LA" else [[each] for each in inner]
        for group in groups:
            fields: dict[str, Any] = {}
            scheme = _scheme(group)
            if scheme is not None and kind is RelationKind.SUPPORTS:
                fields["scheme"] = scheme
            key = f"step {len(draft.relations)}"
            sources = [keys[id(each)] for each in group]
            draft.relations[key] = DraftRelation(None, kind, sources, target, fields)
    draft.refuse_many()


def _scheme(group: list[Element]) -> dict[str, Any] | None:
    """Return the scheme that premises are part of."""
    for unit in group:
        for mark in unit.findall("PROP/INSCHEME"):
            found = scheme_of(mark.get("scheme"))
            if found is not None:
                return found
    return None
