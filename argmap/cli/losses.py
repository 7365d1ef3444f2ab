"""What files lost on the way, counted and printed as one table."""

import sys
from collections import Counter
from dataclasses import dataclass, field

from argmap.cli.say import plain


@dataclass(slots=True)
class Tally:
    """Losses of files, counted by their sentence: how often, in how many files, and where for a single file.

    `files` counts the files that were looked at, with and without losses.
    """

    files: int = 0
    times: Counter[tuple[str, str]] = field(default_factory=Counter)
    losing: Counter[tuple[str, str]] = field(default_factory=Counter)
    places: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, kind: str, message: str, count: int, place: str) -> None:
        """Count a loss of the file that is looked at."""
        self.times[kind, message] += count
        self.losing[kind, message] += 1
        before = self.places.get((kind, message))
        self.places[kind, message] = f"{before}, {place}" if before and place else before or place

    def show(self) -> None:
        """Print the table on standard error, the most frequent loss first; nothing where nothing was lost."""
        if not self.times:
            return
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        several = self.files > 1
        table = Table(
            "loss",
            "times",
            "files" if several else "where",
            "what",
            title="Lost or repaired on the way",
        )
        for (kind, message), times in self.times.most_common():
            known = (kind, message)
            where = str(self.losing[known]) if several else plain(self.places[known])
            table.add_row(kind, str(times), Text(where), Text(plain(message)))
        sys.stdout.flush()
        Console(stderr=True).print(table)
