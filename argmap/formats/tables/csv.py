"""A CSV table of claims and relations for spreadsheets, in which no cell can start a formula."""

import csv
import io

from argmap.formats.report import Losses, LossKind
from argmap.formats.schemes import name_of, report_schemes
from argmap.formats.writing.report_unsaid import report_unsaid
from argmap.model import ArgumentMap, Claim, Relation

COLUMNS = (
    "row", "id", "kind", "text", "label", "implicit", "sources", "target", "scheme", "speaker", "source", "source_url",
    "weight", "tags", "quotes", "note",
)  # fmt: skip
_SAID = frozenset(
    {"kind", "claim.label", "claim.implicit", "claim.speaker", "claim.source", "claim.weight", "claim.tags",
     "claim.note", "relation.scheme", "relation.label", "relation.implicit", "relation.weight", "relation.note",
     "claim.quotes"}
)  # fmt: skip
_STARTS_FORMULA = tuple("=+-@\t\r＝＋－＠")


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write a row for each claim, then for each relation; several values of one cell are joined by "; ".

    A text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    report_unsaid(map, "csv", _SAID, losses)
    report_schemes(map.relations, losses)
    moved = "The place of a quote in the text is left out."
    losses.add(
        LossKind.QUOTE,
        moved,
        (c.id for c in map.claims if any(q.start is not None for q in c.quotes)),
    )
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    items: tuple[Claim | Relation, ...] = (*map.claims, *map.relations)
    for item in items:
        cells = _claim(item) if isinstance(item, Claim) else _relation(item)
        written = {name: _inert(value) for name, value in cells.items()}
        if written != cells:
            marked = "A cell that would start a formula got an apostrophe in front."
            losses.add(LossKind.TEXT, marked, (item.id,))
        writer.writerow([written.get(name, "") for name in COLUMNS])
    return out.getvalue()


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


def _inert(text: str) -> str:
    return f"'{text}" if text.lstrip(" \n").startswith(_STARTS_FORMULA) else text
