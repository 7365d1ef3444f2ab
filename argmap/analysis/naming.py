"""How a sentence names a claim."""

from argmap.model import ArgumentMap, Claim, Relation


def headline(claim: Claim, words: int) -> str:
    """Return a claim's label, or its text, cut after some words."""
    found = (claim.label or claim.text).split()
    return " ".join(found[:words]) + ("…" if len(found) > words else "")


def name_of(claim: Claim, words: int = 6) -> str:
    """Name a claim by its id and its headline: c7 (“The bridge is not safe”)."""
    return f"{claim.id} (“{headline(claim, words)}”)"


def named(map: ArgumentMap, id: str, words: int = 6) -> str:
    """Name a claim as `name_of` does, and a relation by the claim that it begins at: the step from c7 (“...”)."""
    item = map.by_id.get(id)
    if isinstance(item, Relation):
        return f"the step from {named(map, item.sources[0], words)}"
    return id if item is None else name_of(item, words)
