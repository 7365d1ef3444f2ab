"""What a conversion could not carry over or had to repair, told instead of done in silence."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

PLACES_SHOWN = 20


class LossKind(StrEnum):
    """What was lost or repaired; docs/formats/losses.md says of each what it means."""

    ARTICLE = "article"
    CYCLE = "cycle"
    DANGLING = "dangling"
    DIALOGUE = "dialogue"
    DUPLICATE = "duplicate"
    ENCODING = "encoding"
    ID = "id"
    IMPLICIT = "implicit"
    KIND = "kind"
    LABEL = "label"
    LANGUAGE = "language"
    LAYOUT = "layout"
    LINKED = "linked"
    METADATA = "metadata"
    NOTE = "note"
    ORDER = "order"
    ORIGIN = "origin"
    PREFERENCE = "preference"
    QUOTE = "quote"
    READ_ONLY = "read_only"
    RELATION = "relation"
    SCHEME = "scheme"
    SELF_REFERENCE = "self_reference"
    SOURCE = "source"
    SPEAKER = "speaker"
    STRUCTURE = "structure"
    TAGS = "tags"
    TEXT = "text"
    TITLE = "title"
    UNDERCUT = "undercut"
    WEIGHT = "weight"


@dataclass(frozen=True, slots=True)
class Loss:
    """One kind of loss or repair: how often it happened, where, and one plain sentence about it.

    `place` lists ids, paths or lines ("c3, c9", "line 4"), the first twenty of them; "" is the whole file.
    """

    kind: LossKind
    count: int
    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """Every loss and repair of one conversion; an empty report means that nothing was lost or repaired."""

    losses: tuple[Loss, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.losses)

    def kinds(self) -> frozenset[LossKind]:
        """Return the kinds of loss that occurred."""
        return frozenset(loss.kind for loss in self.losses)


class Losses:
    """Collects losses while a file is read or written; losses with the same sentence are counted together."""

    def __init__(self) -> None:
        # By the word for the kind, since the hash of an enumeration's member is slow to take.
        self._found: dict[tuple[str, str], list[str]] = {}
        self._counts: dict[tuple[str, str], int] = {}

    def add(self, kind: LossKind, message: str, places: Iterable[str] = ("",)) -> None:
        """Note a loss once for each place; no place, no loss."""
        found = list(places)
        if found:
            key = (kind._value_, message)
            self._counts[key] = self._counts.get(key, 0) + len(found)
            shown = self._found.setdefault(key, [])
            if len(shown) < PLACES_SHOWN:
                shown += map(_shown, islice(filter(None, found), PLACES_SHOWN - len(shown)))

    def report(self) -> Report:
        """Return what was collected, in the order in which each kind of loss first occurred."""
        return Report(
            tuple(
                Loss(
                    LossKind(kind),
                    self._counts[kind, message],
                    _joined(places, self._counts[kind, message]),
                    message,
                )
                for (kind, message), places in self._found.items()
            )
        )


def _joined(places: list[str], count: int) -> str:
    more = count - len(places)
    return ", ".join(places) + (f", and {more} more" if places and more > 0 else "")


def _shown(place: str) -> str:
    """Return a place on one line, without what cannot be shown or written."""
    if place.isprintable() and len(place) <= 80:
        return place
    if not place.isprintable():
        place = "".join(letter if letter.isprintable() else " " for letter in place[:100])
    return place if len(place) <= 80 else place[:77] + "..."
