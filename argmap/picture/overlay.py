"""What callers lay over a map: strengths, marks and emphasis, by claim; the picture does not compute them."""

from collections.abc import Mapping
from typing import Literal, NamedTuple


class Note(NamedTuple):
    """What is laid over one claim.

    strength: 0 to 1, shown as a bar. marks: short words of a review, such as "no source".
    emphasis: whether the claim stands out or steps back.
    """

    strength: float | None = None
    marks: tuple[str, ...] = ()
    emphasis: Literal["", "highlighted", "faded"] = ""

    def in_words(self) -> str:
        """Say the note in words, for those who do not see it."""
        parts = [] if self.strength is None else [f"strength {self.strength:.0%}"]
        return "".join(f"; {part}" for part in (*parts, *self.marks))


NO_NOTE = Note()
Overlay = Mapping[str, Note]
NO_OVERLAY: Overlay = {}
