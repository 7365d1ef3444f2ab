"""Readers of lists, tables and maps of other programs: ten times as much of a file takes about ten times as long.

What is small enough for the processor's caches is quicker for each byte, so that the ratio is above ten; work that grew
with the square of the length would make it a hundred.
"""

import time
from collections.abc import Callable

from argmap import formats

SHORT, TIMES = 3_200, 10  # claims of about 300 letters
ROUNDS = 3
_WORDS = "word " * 60

Row = tuple[str, str, str, float, str]
_MAKE: dict[str, Callable[[int], str]] = {
    "markdown": lambda n: "- a\n" + "".join(f"  - Pro: {_WORDS}\n" for _ in range(n)),
    "text": lambda n: "a\n" + "".join(f"  because {_WORDS}\n" for _ in range(n)),
    "kialo": lambda n: (
        "Discussion Name:\nT\n\n1. Thesis:\nT\n\n"
        + "".join(f"1.{number}. Pro:\n{_WORDS}\n\n" for number in range(1, n))
    ),
    "csv": lambda n: "id,text,parent\n1,a,\n" + "".join(f"{i},{_WORDS},1\n" for i in range(2, n)),
    "html-list": lambda n: f"<ul><li>a<ul>{f'<li>Pro: {_WORDS}</li>' * n}</ul></li></ul>",
    "opml": lambda n: (
        "<opml><body><outline text='a'>"
        + f"<outline text='Pro: {_WORDS}'/>" * n
        + "</outline></body></opml>"
    ),
    "freemind": lambda n: (
        "<map><node TEXT='a'>" + f"<node TEXT='Pro: {_WORDS}'/>" * n + "</node></map>"
    ),
    "mermaid": lambda n: "graph TD\n" + "".join(f'a{i}["{_WORDS}"] --> b\n' for i in range(n)),
    "yaml": lambda n: "a:\n" + "".join(f"  r{i}:\n    {_WORDS}{i}:\n" for i in range(n)),
}


def rows() -> list[Row]:
    """Return a row for each reader: the time for a file of 10 MB, beside that for a tenth of it."""
    found: list[Row] = []
    for name, make in _MAKE.items():
        short, long = make(SHORT).encode(), make(SHORT * TIMES).encode()
        spent, grown = _least(name, short), _least(name, long)
        times = len(long) / len(short)
        what = f"`{name}`, a file of {len(long) / 1e6:.1f} MB / a {times:.1f}th of it"
        found.append((what, f"{grown:.2f} s", f"{spent:.2f} s", grown / spent, "<= 20"))
    return found


def _least(name: str, data: bytes) -> float:
    """Return the least processor time of a few readings, in seconds."""
    times: list[float] = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        formats.load(data, format=name)
        times.append(time.process_time() - begun)
    return min(times)
