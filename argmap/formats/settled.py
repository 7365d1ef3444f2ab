"""Claims and relations of a draft made into values of the model, validated where they are not plainly valid."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from pydantic_core import to_json

from argmap.errors import FormatError
from argmap.formats import clean
from argmap.formats.drafted import DraftClaim, DraftRelation
from argmap.formats.json_text import refuse_depth
from argmap.formats.report import Losses, LossKind
from argmap.model import Claim, ClaimKind, Origin, Quote, QuoteState, Relation, Scheme, limits
from argmap.model.base import proven
from argmap.model.claim import is_short, texts_in

_SPOKEN = frozenset({"speaker", "quotes"})
_SCHEME = frozenset({"scheme"})


def settled_claim(
    claim: DraftClaim, name: str, kind: ClaimKind, format: str, losses: Losses
) -> Claim | dict[str, Any]:
    """Return a claim under that name; where it has more than words, who says them and an origin, fields to validate."""
    place = claim.id or name
    fields = claim.fields
    noted = fields.get("note") is not None
    text, whole = clean.claim_text(claim.text, losses, place, noted)
    origin = settled_origin(format, name, claim.id, claim.extra, losses, place)
    if whole is None and type(origin) is not dict and fields.keys() <= _SPOKEN:
        speaker, quotes = fields.get("speaker"), _loose(fields.get("quotes") or ())
        if quotes is not None and (speaker is None or _is_name(speaker)):
            return proven(
                Claim,
                {
                    "id": name,
                    "kind": kind,
                    "text": text,
                    "label": None,
                    "implicit": False,
                    "quotes": quotes,
                    "speaker": speaker,
                    "source": None,
                    "weight": None,
                    "tags": (),
                    "note": None,
                    "origin": origin,
                },
                {"id", "kind", "text", "quotes", "speaker", "origin"},
            )
    found = {key: value for key, value in fields.items() if value is not None}
    if whole is not None:
        found.setdefault("note", whole)
    return {**found, "id": name, "kind": kind, "text": text, "origin": origin}


def settled_relation(
    relation: DraftRelation, name: str, names: Mapping[str, str], format: str, losses: Losses
) -> Relation | dict[str, Any]:
    """Return a sound relation under that name; where it has more than a scheme and an origin, fields to validate."""
    sources = tuple([names[source] for source in relation.sources])
    target = names[relation.target or ""]
    origin = settled_origin(format, name, relation.id, relation.extra, losses, relation.id or name)
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
                "label": None,
                "implicit": False,
                "weight": None,
                "note": None,
                "origin": origin,
            },
            {"id", "kind", "sources", "target", "scheme", "origin"},
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


def settled_origin(
    format: str, name: str | None, id: str | None, extra: dict[str, Any], losses: Losses, place: str
) -> Origin | dict[str, Any] | None:
    """Return what a thing had in its file beside what the model says, None where there is nothing.

    An id is kept where the thing has another `name`; data that are not plainly short are returned to be validated.
    """
    foreign = None if id == name else id
    plain = foreign is None or (foreign.isalnum() and len(foreign) <= limits.NAME)
    if foreign is not None and not plain:
        foreign = clean.one_line(foreign, limits.NAME, losses, place)
    short = not extra or is_short(extra)
    if not short and not _fits(extra):
        losses.add(
            LossKind.METADATA, "Further data is too large to be kept with the map.", (place,)
        )
        extra, short = {}, True
    if foreign is None and not extra:
        return None
    fields = {"format": format, "id": foreign, "extra": extra}
    return proven(Origin, fields, {"format", "id", "extra"}) if plain and short else fields


def _fits(extra: dict[str, Any]) -> bool:
    """Say whether further data is small and flat enough to be kept."""
    try:
        refuse_depth(extra)
        if len(to_json(extra)) > limits.ORIGIN_EXTRA_BYTES:
            return False
    except (ValueError, FormatError):
        return False
    return all(clean.is_clean(text) for text in texts_in(extra))


def _loose(quotes: Sequence[dict[str, Any]]) -> tuple[Quote, ...] | None:
    """Return quotes that have no place in an article, None where one has."""
    found: list[Quote] = []
    for quote in quotes:
        if quote["state"] != "unanchored":
            return None
        fields = {
            "exact": quote["exact"],
            "prefix": "",
            "suffix": "",
            "start": None,
            "end": None,
            "state": QuoteState.UNANCHORED,
            "confidence": None,
        }
        found.append(proven(Quote, fields, {"exact", "state"}))
    return tuple(found)


def _is_name(text: str) -> bool:
    return 0 < len(text) <= limits.NAME and text.isprintable() and not text.isspace()


@lru_cache(maxsize=1024)
def _scheme(key: str | None, name: str | None) -> Scheme:
    return Scheme(key=key, name=name)
