"""What a debate in Argdown consists of: statements, arguments, inferences and links."""

import re
from dataclasses import dataclass, field
from typing import Any

TOLD_OF_CLAIM = ("label", "implicit", "speaker", "source", "weight", "tags", "note")
TOLD_OF_RELATION = ("label", "scheme", "implicit", "weight", "note")
_BLANKS = re.compile(r"[ \t\n]+")
NUMBERED = re.compile(r"[cr][1-9][0-9]{0,8}")


@dataclass(slots=True)
class Item:
    """A statement, or an argument where `argument` is set, which is one claim unless its inferences are spelled out.

    `text` is its last wording, None where it is only referred to. `inferences` are indexes into the debate's.
    """

    title: str | None
    argument: bool = False
    text: str | None = None
    wordings: int = 0
    tags: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    data: dict[str, Any] = field(default_factory=dict)
    section: tuple[int, str] | None = None
    inferences: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Inference:
    """One step of a spelled-out argument: keys of the argument, of all statements before it, and of its conclusion.

    `premises` are those since the conclusion before; `uses` in the data may name others by their numbers. `numbered`
    are all statements of the argument, which share one list; the first `before` of them stand before the conclusion.
    """

    argument: str
    premises: list[str]
    numbered: list[str]
    before: int
    conclusion: str | None = None
    rules: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Link:
    """A relation between items: `kind` is support, attack, undercut, contradictory, contrary or entails.

    `target` is the key of an item, or the index of an inference.
    """

    kind: str
    source: str
    target: str | int


@dataclass(slots=True)
class Debate:
    """A whole debate; `steps` holds inferences (by their index) and links in the order in which they are told."""

    items: dict[str, Item] = field(default_factory=dict)
    inferences: list[Inference] = field(default_factory=list)
    steps: list[int | Link] = field(default_factory=list)
    strict: bool = False  # between statements "+" entails and "-" is a contrary


def flat(text: str) -> str:
    """Return a text with every run of blanks and line breaks as one blank, as Argdown shows it."""
    if "  " in text or "\n" in text or "\t" in text:
        text = _BLANKS.sub(" ", text)
    return text.strip(" ")
