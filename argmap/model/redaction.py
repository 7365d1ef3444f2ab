"""What of a map those may see who may not see its article: its quotes' words, and nothing that stands around them."""

from typing import Any

from pydantic import JsonValue

from argmap.model.changes import Change
from argmap.model.claim import Claim, Quote
from argmap.model.map import ArgumentMap

_AROUND = {"prefix": "", "suffix": "", "nearest": None}
"""The fields of a quote that hold words of the article besides the quoted ones, and what they are without."""


def bare_quote(quote: Quote) -> Quote:
    """Return a quote without the words around it."""
    return quote.replace(**_AROUND)


def bare_claim(claim: Claim) -> Claim:
    """Return a claim without the words around its quotes; the same one where there are none."""
    if not any(getattr(quote, name) for quote in claim.quotes for name in _AROUND):
        return claim
    return claim.replace(quotes=tuple(bare_quote(quote) for quote in claim.quotes))


def without_surroundings(map: ArgumentMap) -> ArgumentMap:
    """Return a map without the words around its quotes; the same one where there are none."""
    claims = tuple(bare_claim(claim) for claim in map.claims)
    same = all(new is old for new, old in zip(claims, map.claims, strict=True))
    return map if same else map.replace(claims=claims)


def bare_changes(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Return changes with quotes without what stands around them."""
    return tuple(
        change.replace(before=bare_item(change.before), after=bare_item(change.after))
        for change in changes
    )


def bare_item(item: JsonValue) -> Any:
    """Leave the surroundings out of the quotes of a claim in its JSON form."""
    if not isinstance(item, dict) or not isinstance(quotes := item.get("quotes"), list):
        return item
    kept = [
        {key: value for key, value in quote.items() if key not in _AROUND}
        for quote in quotes
        if isinstance(quote, dict)
    ]
    return {**item, "quotes": kept}
