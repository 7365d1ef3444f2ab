"""The columns of a table of claims: as argmap writes them, and as people call them."""

from argmap.formats.outlines.citations import source_in
from argmap.formats.report import Losses, LossKind
from argmap.formats.schemes import name_of, report_schemes
from argmap.formats.writing.report_unsaid import report_ids, report_unsaid
from argmap.model import ArgumentMap, Claim, Quote, QuoteState, Relation

COLUMNS = (
    "row", "id", "kind", "text", "label", "implicit", "sources", "target", "scheme", "speaker", "source", "source_url",
    "weight", "tags", "quotes", "note",
)  # fmt: skip
SAID = frozenset(
    {"kind", "claim.label", "claim.implicit", "claim.speaker", "claim.source", "claim.weight", "claim.tags",
     "claim.note", "relation.scheme", "relation.label", "relation.implicit", "relation.weight", "relation.note",
     "claim.quotes"}
)  # fmt: skip
_NAMES = {
    "row": ("row",),
    "id": ("id", "claim id", "nr", "no", "no.", "number", "#", "key", "ref", "nummer"),
    "kind": ("kind", "type", "claim type", "role", "art", "typ"),
    "text": (
        "text", "claim", "claims", "claim text", "statement", "argument", "content", "sentence", "proposition", "point",
        "behauptung", "aussage", "argumento", "affirmation", "énoncé", "texte", "texto",
    ),
    "label": ("label", "tag", "headline", "title", "short", "short name", "name", "schlagwort"),
    "implicit": ("implicit", "unstated", "implizit"),
    "sources": ("sources", "premises"),
    "target": (
        "target", "parent", "parent id", "parent claim", "to", "under", "of", "answers", "answer to", "responds to",
        "reply to", "replies to", "in reply to", "about", "eltern", "ziel",
    ),
    "relation": (
        "relation", "relation type", "relationship", "side", "stance", "polarity", "does", "pro/con", "pro / con",
        "pro or con", "position", "for/against", "link type", "edge", "beziehung",
    ),
    "supports": ("supports", "support", "pro of", "supports claim", "stützt"),
    "attacks": ("attacks", "attack", "con of", "rebuts", "against", "attacks claim", "greift an"),
    "restates": ("restates",),
    "level": ("level", "depth", "ebene"),
    "scheme": ("scheme", "argument scheme"),
    "speaker": ("speaker", "said by", "who", "by", "person", "student", "team", "sprecher"),
    "source": ("source", "citation", "cite", "reference", "quelle", "fuente"),
    "source_url": ("source url", "url", "link", "source link", "web", "address"),
    "author": ("author", "source author", "autor"),
    "source_title": ("source title", "article", "book"),
    "publication": ("publication", "journal", "newspaper", "publisher"),
    "date": ("date", "year", "published", "datum", "jahr"),
    "weight": ("weight", "strength"),
    "tags": ("tags", "topics", "topic", "categories", "category"),
    "quotes": ("quotes", "quote", "exact words", "excerpt", "zitat", "cita"),
    "note": ("note", "notes", "comment", "comments", "remark", "notiz", "kommentar"),
}  # fmt: skip
_FIELDS = {name: field for field, names in _NAMES.items() for name in names}
_JOINS = frozenset({"id", "kind", "target", "relation", "supports", "attacks", "level"})
LONGEST_NAME = 40


def fields_of(header: list[str]) -> dict[str, int] | None:
    """Return in which column each field stands, None where these are no names of the columns of a table of claims.

    Such a table has a column of texts, and one that says of what kind claims are or how they hang together.
    """
    found: dict[str, int] = {}
    for column, name in enumerate(header):
        if len(name) > LONGEST_NAME:
            return None
        field = _FIELDS.get(" ".join(name.replace("_", " ").replace("*", "").split()).lower())
        if field is not None:
            found.setdefault(field, column)
    return found if "text" in found and _JOINS & found.keys() else None


def rows_of(map: ArgumentMap, format: str, losses: Losses) -> list[dict[str, str]]:
    """Return a row for each claim, then for each relation, and report what they lose; "; " joins several values."""
    report_schemes(map.relations, losses)
    report_ids(map, format, {id: id for id in map.by_id}, losses, map.relations)
    report_unsaid(map, format, SAID if format == "csv" else SAID | {"title", "language"}, losses)
    moved = "The place of a quote in the text is left out."
    losses.add(LossKind.QUOTE, moved, (c.id for c in map.claims if not _are_loose(c.quotes)))
    parted = "Quotes, or tags, that are joined in one cell do not come apart where they were."
    losses.add(
        LossKind.QUOTE,
        parted,
        (c.id for c in map.claims if not _come_apart([q.exact for q in c.quotes])),
    )
    losses.add(LossKind.TAGS, parted, (c.id for c in map.claims if not _come_apart(c.tags)))
    for claim in map.claims:
        cells = _claim(claim)
        told = claim.source.model_dump(exclude_none=True) if claim.source is not None else None
        if told is not None and source_of_cells(cells) != told:
            losses.add(LossKind.SOURCE, "A source is written on one line.", (claim.id,))
    return [*(_claim(claim) for claim in map.claims), *(_relation(step) for step in map.relations)]


def _are_loose(quotes: tuple[Quote, ...]) -> bool:
    """Say whether quotes are no more than words."""
    loose = QuoteState.UNANCHORED
    return all(quote == Quote(exact=quote.exact, state=loose) for quote in quotes)


def source_of_cells(cells: dict[str, str]) -> dict[str, str]:
    """Return the parts of a source that the cells of a row tell."""
    parts = {
        "author": "author",
        "source_title": "title",
        "publication": "publication",
        "date": "date",
    }
    source = source_in(cells["source"]) if cells.get("source") else {}
    source |= {name: cells[field] for field, name in parts.items() if cells.get(field)}
    if cells.get("source_url"):
        source["url"] = cells["source_url"]
        if source.get("title") == source["url"]:
            del source["title"]
    return source


def apart(cell: str) -> list[str]:
    """Return the values that are joined in a cell."""
    return [value for value in cell.split("; ") if value.strip()]


def _come_apart(values: tuple[str, ...] | list[str]) -> bool:
    return apart("; ".join(values)) == list(values)


def _claim(claim: Claim) -> dict[str, str]:
    source = claim.source
    return {
        "row": "claim",
        "id": claim.id,
        "kind": claim.kind.value,
        "text": claim.text,
        "label": claim.label or "",
        "implicit": "yes" if claim.implicit else "",
        "speaker": claim.speaker or "",
        "source": source.citation() if source is not None else "",
        "source_url": (source.url or "") if source is not None else "",
        "weight": _number(claim.weight),
        "tags": "; ".join(claim.tags),
        "quotes": "; ".join(quote.exact for quote in claim.quotes),
        "note": claim.note or "",
    }


def _relation(relation: Relation) -> dict[str, str]:
    return {
        "row": "relation",
        "id": relation.id,
        "kind": relation.kind.value,
        "label": relation.label or "",
        "implicit": "yes" if relation.implicit else "",
        "sources": "; ".join(relation.sources),
        "target": relation.target,
        "scheme": name_of(relation.scheme) if relation.scheme else "",
        "weight": _number(relation.weight),
        "note": relation.note or "",
    }


def _number(value: float | None) -> str:
    return "" if value is None else repr(value)
