"""A reader of Argdown text that takes time in proportion to its length and never gives up on a line."""

import re
from typing import Any

from argmap.errors import FormatError
from argmap.formats.argdown.arguments import Spelled, read_rule
from argmap.formats.argdown.document import Debate, Item, Link
from argmap.formats.argdown.lines import Lines
from argmap.formats.argdown.text import (
    BLANK_LINE,
    HEADING,
    LIST,
    NUMBER,
    OPERATOR,
    Scanner,
)
from argmap.formats.report import Losses, LossKind

MAX_ITEMS = 50_000
_MARKS = "#(-+<>_{*0123456789"
_RULE = re.compile(r"[ \t']*(--+)")
_KINDS = {
    "+>": ("support", True),
    "->": ("attack", True),
    "_>": ("undercut", True),
    "+": ("support", False),
    "<+": ("support", False),
    "-": ("attack", False),
    "<-": ("attack", False),
    "_": ("undercut", False),
    "<_": ("undercut", False),
    "><": ("contradictory", True),
}


class Reader:
    """Reads one text, line by line and never backwards, into a debate."""

    def __init__(self, text: str, start: int, losses: Losses) -> None:
        self._scan = Scanner(text, start)
        self.losses = losses
        self._begun = start  # where the line that is being read begins
        self.debate = Debate()
        self._lines = Lines(text, losses)
        self._spelled = Spelled(self.debate, self._lines)
        self._untitled = 0
        self._section: tuple[int, str] | None = None
        self._headed: int | None = (
            None  # where the last heading stands while nothing stands under it
        )
        self._parents: list[
            tuple[int, str | int | None]
        ] = []  # what relations below lead to, by indentation; None where nothing is there
        self._before: str | None = (
            None  # the argument that stands just before, which inferences may belong to
        )

    def read(self) -> Debate:
        """Read the whole text."""
        scan, length = self._scan, len(self._scan.text)
        while scan.place < length:
            letter = scan.first_letter()
            if letter in "\n" and (blank := BLANK_LINE.match(scan.text, scan.place)):
                scan.place = blank.end()
                self._spelled.end_block()
            elif not (letter in "/<" and scan.comment(whole_line=True)):
                self._line(letter)
        self._spelled.close()
        self._report_bare_heading()
        places = (self._lines.name(place) for place in sorted(scan.comments))
        self.losses.add(LossKind.NOTE, "A comment was left out.", places)
        return self.debate

    def _line(self, letter: str) -> None:
        """Read the line that begins with that letter after its indentation, and what belongs to it."""
        self._begun = self._scan.place
        if letter in _MARKS and self._marked(letter):
            return
        self._spelled.close()
        key = self._element()
        self._parents = [(-1, key)] if key else []
        self._before = key if key and self.debate.items[key].argument else None

    def _marked(self, letter: str) -> bool:
        """Read a line that a mark makes something else than a statement; False where it is one all the same."""
        text, place = self._scan.text, self._scan.place
        if letter == "#" and (heading := HEADING.match(text, place)):
            self._heading(heading)
            return True
        if letter == "(" and (number := NUMBER.match(text, place)):
            self._statement_of_argument(number)
            return True
        if letter == "-" and (rule := _RULE.match(text, place)):
            if self._spelled.numbered and self._rule(rule):
                return True
            if BLANK_LINE.match(text, rule.end()):  # a line across the page
                self._scan.place = self._scan.end_of_line(rule.end())
                return True
        elif operator := OPERATOR.match(text, place):
            self._relation(operator)
            return True
        if letter == "{" and (data := self._scan.data_alone()) is not None:
            self._give_data(data)
            return True
        if item := LIST.match(text, place):
            self._scan.place = item.end()
        return False

    def _report(self, kind: LossKind, message: str, place: int | None = None) -> None:
        """Report a loss in the line of a place, without one in the line that is being read."""
        self._lines.report(kind, message, self._begun if place is None else place)

    def _heading(self, match: re.Match[str]) -> None:
        self._spelled.close()
        self._report_bare_heading()
        self._headed = self._begun
        self._scan.place = match.end()
        words, content = self._scan.content()
        self._section = (len(match[1]), words[:300])
        self._parents, self._before = [], None
        if content.data or content.tags:
            self._report(LossKind.METADATA, "Data and tags of a heading were left out.")

    def _report_bare_heading(self) -> None:
        if self._headed is not None:
            bare = "A heading under which no statement begins was left out."
            self._report(LossKind.STRUCTURE, bare, self._headed)

    def _here(self) -> tuple[int, str] | None:
        """Return the section of a statement that begins here."""
        self._headed = None
        return self._section

    def _statement_of_argument(self, number: re.Match[str]) -> None:
        if self._spelled.argument is None:
            key = self._before
            if key is None or self.debate.items[key].inferences:
                key = self._new(Item(None, argument=True))
            self._spelled.open(key, self._begun)
        self._before = None
        self._scan.place = number.end()
        key = self._element()
        if key is None:
            key = self._new(Item(None, text=""))
        self._spelled.add(key)
        self._parents = [(-1, key)]

    def _rule(self, match: re.Match[str]) -> bool:
        """Read "----" or "-- rule, rule {data} --"; False where it has no end."""
        text, place = self._scan.text, match.end()
        rules: list[str] = []
        data: dict[str, Any] = {}
        if not (len(match[1]) > 2 and BLANK_LINE.match(text, place)):
            found = read_rule(text, place)
            if found is None:
                return False
            rules, data, place = found
        self._scan.place = self._scan.end_of_line(place)
        self._parents = [(-1, self._spelled.infer(rules, data, self._begun))]
        return True

    def _relation(self, match: re.Match[str]) -> None:
        indent = len(match[1])
        self._scan.place = match.end()
        indent = self._outdented(indent)
        parent = self._parents[-1][1] if self._parents else None
        key = self._element()
        if key is None:
            self._report(LossKind.DANGLING, "A relation to nothing was dropped.")
            self._parents.append((indent, None))
            return
        if parent is None:
            self._report(
                LossKind.DANGLING, "A relation under nothing became a statement of its own."
            )
            self._parents.append((indent if self._parents else -1, key))
            return
        self._parents.append((indent, key))
        kind, outgoing = _KINDS[match[2]]
        if not outgoing:
            target = parent
            if kind == "undercut" and isinstance(parent, str) and self._is_conclusion(parent):
                target = len(self.debate.inferences) - 1
            self.debate.steps.append(Link(kind, key, target))
        elif isinstance(parent, str):
            self.debate.steps.append(Link(kind, parent, key))
        else:
            self._report(LossKind.DANGLING, "An inference supports or attacks nothing itself.")

    def _outdented(self, indent: int) -> int:
        """Leave the relations that are further in; one that is less far in than they are stands beside what remains."""
        depth = len(self._parents)
        while len(self._parents) > 1 and self._parents[-1][0] > indent:
            self._parents.pop()
        if len(self._parents) < depth and len(self._parents) > 1:
            indent = self._parents[-1][0]
        while len(self._parents) > 1 and self._parents[-1][0] >= indent:
            self._parents.pop()
        return indent

    def _is_conclusion(self, key: str) -> bool:
        """Say whether a statement is the conclusion that was told last, so that its undercut means that inference."""
        return bool(self.debate.inferences) and self._spelled.since[:1] == [key]

    def _element(self) -> str | None:
        """Read a statement or an argument, titled or not; returns its key, None where there is nothing."""
        text = self._scan.text
        self._scan.skip_blanks()
        opening = text[self._scan.place : self._scan.place + 1]
        title, definition = (None, False)
        if opening in ("[", "<"):
            title, definition = self._scan.title(opening)
        words, content = self._scan.content(reference=title is not None and not definition)
        if content.marks:
            bold = "Bold and italic type was dropped."
            self._report(LossKind.LAYOUT, bold)
        if title is None:
            if not words and not content.tags and not content.data:
                return None
            item = Item(None, text=words, wordings=1, section=self._here())
            key = self._new(item)
        else:
            key = f"{opening}{title}"
            found = self.debate.items.get(key)
            if found is None:
                found = Item(title, argument=opening == "<")
                self._put(key, found)
            item = found
            if words:
                item.wordings += item.text != words
                item.text = words
            if item.section is None and (definition or words):
                item.section = self._here()
        if content.tags:
            item.tags = tuple(dict.fromkeys((*item.tags, *content.tags)))
        if content.links:
            item.links += tuple(content.links)
        if content.data:
            item.data = {**item.data, **content.data}
        return key

    def _give_data(self, data: dict[str, Any]) -> None:
        key = self._parents[-1][1] if self._parents else None
        if isinstance(key, str):
            item = self.debate.items[key]
            item.data = {**item.data, **data}
        else:
            self._report(LossKind.METADATA, "Data of no statement were left out.")

    def _new(self, item: Item) -> str:
        self._untitled += 1
        key = f"untitled {self._untitled}"
        self._put(key, item)
        return key

    def _put(self, key: str, item: Item) -> None:
        if len(self.debate.items) >= MAX_ITEMS:
            raise FormatError(f"there are more than {MAX_ITEMS:,} statements and arguments")
        self.debate.items[key] = item
