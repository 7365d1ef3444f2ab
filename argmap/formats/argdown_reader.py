"""A reader of Argdown text that takes time in proportion to its length and never gives up on a line."""

import re
from bisect import bisect_left
from functools import cached_property
from typing import Any

from argmap.errors import FormatError
from argmap.formats.argdown_text import (
    BLANK_LINE,
    HEADING,
    LIST,
    NUMBER,
    OPERATOR,
    Scanner,
    shortcode,
)
from argmap.formats.debate import Debate, Inference, Item, Link, flat
from argmap.formats.flow import parse_flow
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
        self._opened = start  # where the statements of an argument begin
        self._ruled = start  # where its last inference begins
        self.debate = Debate()
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
        self._argument: str | None = None  # the one whose statements are being numbered
        self._numbered: list[str] = []
        self._since: list[str] = []  # statements since the last conclusion
        self._concluded = False  # whether the last of them is a conclusion
        self._inference: Inference | None = None  # the one whose conclusion comes next

    def read(self) -> Debate:
        """Read the whole text."""
        scan, length = self._scan, len(self._scan.text)
        while scan.place < length:
            letter = scan.first_letter()
            if letter in "\n" and (blank := BLANK_LINE.match(scan.text, scan.place)):
                scan.place = blank.end()
                self._end_block()
            elif not (letter in "/<" and scan.comment(whole_line=True)):
                self._line(letter)
        self._close_argument()
        self._report_bare_heading()
        places = (self._line_number(place)[0] for place in sorted(self._scan.comments))
        self.losses.add(LossKind.NOTE, "A comment was left out.", places)
        return self.debate

    def _line(self, letter: str) -> None:
        """Read the line that begins with that letter after its indentation, and what belongs to it."""
        self._begun = self._scan.place
        if letter in _MARKS and self._marked(letter):
            return
        self._close_argument()
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
            if self._numbered and self._rule(rule):
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

    def _end_block(self) -> None:
        """At an empty line an argument whose conclusion has been told is complete."""
        if self._concluded and self._inference is None:
            self._close_argument()

    def _close_argument(self) -> None:
        pending = self._inference is not None
        self._end_inference()
        if self._argument is not None and not self._concluded and not pending:
            self.losses.add(
                LossKind.DANGLING,
                "Numbered statements without a conclusion are no argument.",
                self._line_number(self._opened),
            )
        item = self.debate.items.get(self._argument or "")
        if item is not None and item.title is None and not item.inferences:
            del self.debate.items[self._argument or ""]  # of which nothing is left
        self._argument, self._numbered, self._since, self._concluded = None, [], [], False

    def _end_inference(self) -> None:
        if self._inference is not None:
            self.losses.add(
                LossKind.DANGLING,
                "An inference without a conclusion was dropped.",
                self._line_number(self._ruled),
            )
            self._inference = None
            self.debate.inferences.pop()
            index = self.debate.items[self._argument or ""].inferences.pop()
            place = len(self.debate.steps) - 1
            while self.debate.steps[place] != index:
                place -= 1
            after = self.debate.steps[place + 1 :]
            kept = [step for step in after if isinstance(step, int) or step.target != index]
            self.debate.steps[place:] = kept
            self.losses.add(
                LossKind.DANGLING,
                "What undercuts an inference without a conclusion stands alone.",
                self._line_number(self._ruled) * (len(after) - len(kept)),
            )

    @cached_property
    def _breaks(self) -> list[int]:
        return [match.start() for match in re.finditer("\n", self._scan.text)]

    def _line_number(self, place: int | None = None) -> tuple[str, ...]:
        """Name the line of a place, without one the line that is being read."""
        return (f"line {bisect_left(self._breaks, self._begun if place is None else place) + 1}",)

    def _heading(self, match: re.Match[str]) -> None:
        self._close_argument()
        self._report_bare_heading()
        self._headed = self._begun
        self._scan.place = match.end()
        words, content = self._scan.content(in_heading=True)
        self._section = (len(match[1]), words[:300])
        self._parents, self._before = [], None
        if content.data or content.tags:
            self.losses.add(
                LossKind.METADATA, "Data and tags of a heading were left out.", self._line_number()
            )

    def _report_bare_heading(self) -> None:
        if self._headed is not None:
            bare = "A heading under which no statement begins was left out."
            self.losses.add(LossKind.STRUCTURE, bare, self._line_number(self._headed))

    def _here(self) -> tuple[int, str] | None:
        """Return the section of a statement that begins here."""
        self._headed = None
        return self._section

    def _statement_of_argument(self, number: re.Match[str]) -> None:
        if self._argument is None:
            key = self._before
            if key is None or self.debate.items[key].inferences:
                key = self._new(Item(None, argument=True))
            self._argument, self._numbered, self._since = key, [], []
            self._opened = self._begun
        self._before = None
        self._scan.place = number.end()
        inference, self._inference = self._inference, None
        key = self._element(reason=True)
        if key is None:
            key = self._new(Item(None, text=""))
        if inference is not None:
            inference.conclusion = key
            self._since = []
        self._concluded = inference is not None
        self._numbered.append(key)
        self._since.append(key)
        self._parents = [(-1, key)]

    def _rule(self, match: re.Match[str]) -> bool:
        """Read "----" or "-- rule, rule {data} --", which may run over several lines; False where it has no end."""
        text = self._scan.text
        place = match.end()
        rules: list[str] = []
        data: dict[str, Any] = {}
        if not (len(match[1]) > 2 and BLANK_LINE.match(text, place)):
            words: list[str] = []
            while True:
                letter = text[place : place + 1]
                if not letter or (letter == "\n" and BLANK_LINE.match(text, place + 1)):
                    return False
                if text.startswith("--", place):
                    break
                flow = parse_flow(text, place) if letter == "{" else None
                if flow is not None:
                    data, place = flow
                elif letter == "\\" and place + 1 < len(text):
                    words.append(text[place + 1])
                    place += 2
                elif letter in ".:" and (symbol := shortcode(text, place)) is not None:
                    words.append(symbol[0])
                    place = symbol[1]
                elif letter == ",":
                    rules.append(flat("".join(words)))
                    words = []
                    place += 1
                else:
                    words.append(letter)
                    place += 1
            rules.append(flat("".join(words)))
            while text.startswith("-", place):
                place += 1
        self._scan.place = self._scan.end_of_line(place)
        argument = self._argument or ""
        self._end_inference()
        self._ruled = self._begun
        index = len(self.debate.inferences)
        self._inference = Inference(argument, self._since, self._numbered, len(self._numbered))
        self._inference.rules = [rule for rule in rules if rule]
        self._inference.data = data
        self.debate.inferences.append(self._inference)
        self.debate.items[argument].inferences.append(index)
        self.debate.steps.append(index)
        self._parents = [(-1, index)]
        return True

    def _relation(self, match: re.Match[str]) -> None:
        indent = len(match[1])
        self._scan.place = match.end()
        indent = self._outdented(indent)
        parent = self._parents[-1][1] if self._parents else None
        key = self._element(reason=True)
        if key is None:
            self.losses.add(
                LossKind.DANGLING, "A relation to nothing was dropped.", self._line_number()
            )
            self._parents.append((indent, None))
            return
        if parent is None:
            self.losses.add(
                LossKind.DANGLING,
                "A relation under nothing became a statement of its own.",
                self._line_number(),
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
            self.losses.add(
                LossKind.DANGLING,
                "An inference supports or attacks nothing itself.",
                self._line_number(),
            )

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
        return bool(self.debate.inferences) and self._since[:1] == [key]

    def _element(self, reason: bool = False) -> str | None:
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
            self.losses.add(LossKind.LAYOUT, bold, self._line_number())
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
            self.losses.add(
                LossKind.METADATA, "Data of no statement were left out.", self._line_number()
            )

    def _new(self, item: Item) -> str:
        self._untitled += 1
        key = f"untitled {self._untitled}"
        self._put(key, item)
        return key

    def _put(self, key: str, item: Item) -> None:
        if len(self.debate.items) >= MAX_ITEMS:
            raise FormatError(f"there are more than {MAX_ITEMS:,} statements and arguments")
        self.debate.items[key] = item
