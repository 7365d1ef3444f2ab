"""The lines of a text, by which losses in it are reported."""

import re
from bisect import bisect_left
from functools import cached_property

from argmap.formats.report import Losses, LossKind


class Lines:
    """Reports losses by the line of the place where they happened."""

    def __init__(self, text: str, losses: Losses) -> None:
        self._text = text
        self._losses = losses

    @cached_property
    def _breaks(self) -> list[int]:
        return [match.start() for match in re.finditer("\n", self._text)]

    def name(self, place: int) -> str:
        """Name the line in which a place is."""
        return f"line {bisect_left(self._breaks, place) + 1}"

    def report(self, kind: LossKind, message: str, place: int, count: int = 1) -> None:
        """Report a loss that happened at a place, as often as it did."""
        self._losses.add(kind, message, [self.name(place)] * count)
