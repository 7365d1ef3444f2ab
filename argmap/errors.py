"""Everything that argmap refuses, as a few exception classes without any knowledge of HTTP."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input.

    place: where, as a path from the outermost value ("claims/3/text", "relations/0/target"; "" is the whole).
    code: a short stable word ("unknown_id", "too_long"), for programs.
    message: one plain sentence, for people. It never repeats the offending input at length.
    """

    place: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class ArgmapError(Exception):
    """The parent of every error that argmap raises on purpose; its text is one clear sentence."""


class InvalidMap(ArgmapError):
    """An article or map breaks rules of the model; `faults` lists every one of them with its place."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        shown = "; ".join(str(fault) for fault in faults[:5])
        more = f"; and {len(faults) - 5} more" if len(faults) > 5 else ""
        super().__init__(f"{len(faults)} fault{'s' if len(faults) != 1 else ''}: {shown}{more}")

    def __reduce__(self) -> tuple[type["InvalidMap"], tuple[tuple[Fault, ...]]]:
        """Be the same after pickling, which would pass on the text."""
        return type(self), (self.faults,)


class FormatError(ArgmapError):
    """A file cannot be read in its format; says the line (1-based) or the place inside it where that is known."""

    def __init__(self, message: str, *, line: int | None = None, place: str = "") -> None:
        self.line = line
        self.place = place
        where = f"line {line}: " if line is not None else f"{place}: " if place else ""
        super().__init__(where + message)


class UnknownFormat(ArgmapError):
    """No format of that name or ending exists, or the content does not tell which one it is."""


class NotFound(ArgmapError):
    """There is nothing of that name, or the asker may not know that there is. `option`: where a picture's named it."""

    def __init__(self, message: str = "", option: str = "") -> None:
        self.option = option
        super().__init__(message)


class NotPermitted(ArgmapError):
    """The asker may see the thing but not do this with it."""


class Conflict(ArgmapError):
    """The request contradicts the present state: an id is taken, an undo meets another's edit."""


class VersionMismatch(ArgmapError):
    """The caller's precondition names another version than the newest."""


class EditConflict(Conflict):
    """Somebody else has changed the same since the writer looked at it.

    `conflicts`: for each operation in the way a JSON object with what both had, what each made of it, and who did it.
    `version`: the newest of the map.
    """

    def __init__(
        self, message: str, conflicts: "tuple[dict[str, Any], ...]" = (), version: int = 0
    ) -> None:
        self.conflicts = conflicts
        self.version = version
        super().__init__(message)


class EngineError(ArgmapError):
    """A picture could not be laid out."""


class PictureTooLarge(EngineError):
    """The map has more claims or relations than a picture may have, or needs more memory than it may take."""


class EngineTimeout(EngineError):
    """The layout did not end before its deadline."""


class EngineUnavailable(EngineError):
    """The layout engine is missing, crashed or gave no usable answer."""


class AnalysisTimeout(ArgmapError):
    """An analysis did not end before its deadline; a smaller map or a longer deadline may help."""


class WorkTimeout(ArgmapError):
    """Work took longer than it may, and was ended; less of it may do."""


class WorkTooLarge(ArgmapError):
    """Work needs more memory than it may have."""


class WorkEnded(ArgmapError):
    """Work was ended before it was done: its process was killed or did not start, or the service is stopping."""


class StoreUnavailable(ArgmapError):
    """The database does not answer or is locked by another process; trying again later may help."""


class StoreFull(ArgmapError):
    """The disk that holds the database is full; reading still works."""


class BadValue(ArgmapError):
    """A value outside the model (a name, a label, a time) is out of its bounds."""


class BadCursor(BadValue):
    """A page cursor was not made by this list."""


class IdempotencyMismatch(Conflict):
    """An idempotency key was used before for another request."""


class BackupError(ArgmapError):
    """A file is no backup, is damaged, or comes from a newer version; or the database cannot be copied this way."""


class StoreDamaged(ArgmapError):
    """What is stored does not have the hash that was stored with it."""


class ClientGone(Exception):
    """Whoever asked for something is not there any more, so that nobody needs it. Not refused, and never answered."""
