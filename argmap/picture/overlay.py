"""What callers lay over a map: strengths, marks and emphasis, by claim; the picture does not compute them."""

from collections.abc import Mapping
from typing import Literal, NamedTuple


class Note(NamedTuple):
    """What is laid over one claim.

    strength: 0 to 1, shown as a bar. marks: short words of a review, such as "no source".
    emphasis: whether the claim stands out or steps back. folded: how many claims below it are not drawn.
    see: what more of it is to be found elsewhere, and where, such as "continued on sheet 3".
    shows_strength: whether the strength is drawn; where most have the same, theirs is only read aloud.
    question: the claim is no claim, but a question that is still to be answered.
    """

    strength: float | None = None
    marks: tuple[str, ...] = ()
    emphasis: Literal["", "highlighted", "faded"] = ""
    folded: int = 0
    see: tuple[str, ...] = ()
    shows_strength: bool = True
    question: bool = False

    def in_words(self) -> str:
        """Say the note in words, for those who do not see it."""
        parts = [] if self.strength is None else [f"strength {self.strength:.0%}"]
        parts += [*self.marks, *([self.folded_in_words()] if self.folded else []), *self.see]
        return "".join(f"; {part}" for part in parts)

    def folded_in_words(self) -> str:
        """Say how many claims are not drawn below this one."""
        return f"{self.folded} more claim{'s' * (self.folded != 1)} below"


NO_NOTE = Note()
Overlay = Mapping[str, Note]
NO_OVERLAY: Overlay = {}
