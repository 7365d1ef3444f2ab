"""Claims and relations of a draft made into values of the model, validated where they are not plainly valid."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from pydantic_core import to_json

from argmap.errors import FormatError
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft_items import DraftClaim, DraftRelation
from argmap.formats.report import Losses, LossKind
from argmap.formats.source.json_text import refuse_depth
from argmap.model import (
    Claim,
    ClaimKind,
    Origin,
    Quote,
    QuoteState,
    Relation,
    Scheme,
    Source,
    limits,
)
from argmap.model.base import proven
from argmap.model.claim import is_short, texts_in

_SCHEME = frozenset({"scheme"})
_LINES = {"speaker": limits.NAME, "label": limits.LABEL}
_CITED = {
    "author": limits.NAME,
    "title": limits.TITLE,
    "publication": limits.NAME,
    "date": limits.LABEL,
}


def build_claim(
    claim: DraftClaim, name: str, kind: ClaimKind, format: str, losses: Losses
) -> Claim | dict[str, Any]:
    """Return a claim under that name; where one of its fields is not plainly valid, all of them to be validated."""
    place = claim.id or name
    fields = claim.fields
    noted = fields.get("note") is not None
    text, whole = fit_fields.claim_text(claim.text, losses, place, noted)
    origin = build_origin(format, name, claim.id, claim.extra, losses, place)
    plain = _plain(fields) if fields else fields
    if plain is not None and whole is None and type(origin) is not dict:
        return proven(Claim, {"id": name, "kind": kind, "text": text, **plain, "origin": origin})
    found = {key: value for key, value in fields.items() if value is not None}
    if whole is not None:
        found.setdefault("note", whole)
    return {**found, "id": name, "kind": kind, "text": text, "origin": origin}


def build_relation(
    relation: DraftRelation, name: str, names: Mapping[str, str], format: str, losses: Losses
) -> Relation | dict[str, Any]:
    """Return a sound relation under that name; where it has more than a scheme and an origin, fields to validate."""
    sources = tuple([names[source] for source in relation.sources])
    target = names[relation.target or ""]
    origin = build_origin(format, name, relation.id, relation.extra, losses, relation.id or name)
    fields = relation.fields
    if type(origin) is not dict and fields.keys() <= _SCHEME:
        scheme = fields.get("scheme")
        return proven(
            Relation,
            {
                "id": name,
                "kind": relation.kind,
                "sources": sources,
                "target": target,
                "scheme": _scheme(scheme.get("key"), scheme.get("name")) if scheme else None,
                "origin": origin,
            },
        )
    found = {key: value for key, value in fields.items() if value is not None}
    return {
        **found,
        "id": name,
        "kind": relation.kind,
        "sources": sources,
        "target": target,
        "origin": origin,
    }


def build_origin(
    format: str, name: str | None, id: str | None, extra: dict[str, Any], losses: Losses, place: str
) -> Origin | dict[str, Any] | None:
    """Return what a thing had in its file beside what the model says, None where there is nothing.

    An id is kept where the thing has another `name`; data that are not plainly short are returned to be validated.
    """
    foreign = None if id == name else id
    plain = foreign is None or (foreign.isalnum() and len(foreign) <= limits.NAME)
    if foreign is not None and not plain:
        foreign = fit_fields.one_line(foreign, limits.NAME, losses, place)
    short = not extra or is_short(extra)
    if not short and not _fits(extra):
        losses.add(
            LossKind.METADATA, "Further data is too large to be kept with the map.", (place,)
        )
        extra, short = {}, True
    if foreign is None and not extra:
        return None
    fields = {"format": format, "id": foreign, "extra": extra}
    return proven(Origin, fields) if plain and short else fields


def _fits(extra: dict[str, Any]) -> bool:
    """Say whether further data is small and flat enough to be kept."""
    try:
        refuse_depth(extra)
        if len(to_json(extra)) > limits.ORIGIN_EXTRA_BYTES:
            return False
    except (ValueError, FormatError):
        return False
    return all(fit_fields.is_clean(text) for text in texts_in(extra))


def _plain(fields: dict[str, Any]) -> dict[str, Any] | None:
    """Return further fields of a claim as values of the model, None where one of them is not plainly valid."""
    found: dict[str, Any] = {}
    for name, value in fields.items():
        if value is None:
            continue
        if name in _LINES:
            sure = value if _is_line(value, _LINES[name]) else None
        elif name == "quotes":
            sure = _loose(value)
        elif name == "tags":
            fits = len(value) <= limits.TAGS and all(_is_line(tag, limits.TAG) for tag in value)
            sure = tuple(value) if fits else None
        elif name == "source":
            sure = _cited(value)
        else:
            return None
        if sure is None:
            return None
        found[name] = sure
    return found


def _loose(quotes: Sequence[dict[str, Any]]) -> tuple[Quote, ...] | None:
    """Return quotes that have no place in an article, None where one has."""
    found: list[Quote] = []
    for quote in quotes:
        if quote["state"] != "unanchored":
            return None
        found.append(proven(Quote, {"exact": quote["exact"], "state": QuoteState.UNANCHORED}))
    return tuple(found)


def _cited(source: dict[str, Any]) -> Source | None:
    """Return a source that is plainly valid, None where it is not."""
    told = {name: value for name, value in source.items() if value is not None}
    url = told.get("url")
    if (url is not None and fit_fields.url(url) is None) or not told:
        return None
    if not all(_is_line(told[name], _CITED.get(name, 0)) for name in told if name != "url"):
        return None
    return proven(Source, told)


def _is_line(text: str, limit: int) -> bool:
    return 0 < len(text) <= limit and text.isprintable() and not text.isspace()


@lru_cache(maxsize=1024)
def _scheme(key: str | None, name: str | None) -> Scheme:
    return Scheme(key=key, name=name)
