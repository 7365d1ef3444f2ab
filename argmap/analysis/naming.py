"""How a sentence names a claim."""

from argmap.model import Claim


def headline(claim: Claim, words: int) -> str:
    """Return a claim's label, or its text, cut after some words."""
    found = (claim.label or claim.text).split()
    return " ".join(found[:words]) + ("…" if len(found) > words else "")


def name_of(claim: Claim, words: int = 6) -> str:
    """Name a claim by its id and its headline: c7 (“The bridge is not safe”)."""
    return f"{claim.id} (“{headline(claim, words)}”)"
