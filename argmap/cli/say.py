"""What the command line tells people, on standard error so that results can be piped."""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence

# Control characters of a file's content or name would reach the terminal as commands.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def say(message: str) -> None:
    """Print one line, whatever the message has in it; nothing for an empty one."""
    line = plain(message)
    if line:
        print("argmap:", line, file=sys.stderr)


def plain(text: str) -> str:
    """Return a text as one line that does nothing to a terminal."""
    return _CONTROLS.sub(" ", text).strip()


def tracked(files: Sequence[str]) -> Iterable[str]:
    """Yield the files, with a progress bar on standard error while there are several and a terminal shows it."""
    return _with_bar(files) if len(files) > 1 and sys.stderr.isatty() else files


def _with_bar(files: Sequence[str]) -> Iterator[str]:
    from rich.console import Console
    from rich.progress import track

    # A line that say() prints while the bar is shown goes above it.
    yield from track(files, description="", console=Console(stderr=True), transient=True)
