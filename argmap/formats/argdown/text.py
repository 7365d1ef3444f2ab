"""The letters of Argdown text: titles, words with their marks, tags, links and data, comments."""

import re
from typing import Any

from argmap.formats.argdown.document import flat
from argmap.formats.argdown.symbols import shortcode
from argmap.formats.argdown.yaml import parse_flow

BLANK_LINE = re.compile(r"[ \t]*(?:\n|\Z)")
HEADING = re.compile(r"[ \t]*(#{1,20}) ")
NUMBER = re.compile(r"[ \t']*\(\d{1,9}\)")
OPERATOR = re.compile(r"([ \t']*)(\+>|->|<?\+|<?-|><|_>|<_|_(?=\s))")
LIST = re.compile(r"[ \t']*(?:\d{1,9}\.|\*)(?=\s)")
_BLANKS = re.compile(r"[ \t]*")
_INDENTATION = re.compile(r"[ \t']*")
_TAG = re.compile(
    r"#(?:\(([^()\n]{1,200})\)|([A-Za-z0-9_\-\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef]+))[ \t]?"
)
_PLAIN = re.compile(r"[^\\#*_\[{/<@\n.:]+(?:[.:](?=[ \n])[^\\#*_\[{/<@\n.:]*)*")
_SKIPPED = frozenset(" \t/<")  # may begin blanks or a comment
_CLOSERS = " \t\n)}_.,!?;:-*"


class Content:
    """The words of one statement while they are read."""

    __slots__ = ("data", "links", "marks", "open", "parts", "tags")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.tags: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.data: dict[str, Any] = {}
        self.open: list[tuple[str, int]] = []  # marks of emphasis and the part that each of them is
        self.marks = 0


class Scanner:
    """A place in a text, and what can be read from there on; each letter is looked at a fixed number of times."""

    def __init__(self, text: str, place: int) -> None:
        self.text = text
        self.place = place
        self.comments: dict[int, None] = {}  # the places of those that were passed over
        self._nearest: dict[str, int] = {}

    def title(self, opening: str) -> tuple[str | None, bool]:
        """Read "[title]:" or "[title]", or with "<>": the title, and whether it is defined; None where it is none."""
        text, start = self.text, self.place
        closing = "]" if opening == "[" else ">"
        line_end = self.find("\n", start)
        end = self.find(closing, start)
        if end >= line_end or end == start + 1 or text.startswith("<!--", start):
            return None, False
        if (
            opening == "["
            and text.startswith("](", end)
            and text.find(")", end, line_end) > end + 2
        ):
            return None, False  # a link
        if not text.startswith(closing + ":", end):
            whole = text.find(closing + ":", end, line_end)
            inner = text[start + 1 : whole] if whole >= 0 else ""
            if whole >= 0 and inner.count(opening) == inner.count(closing):
                end = whole
        title = text[start + 1 : end]
        definition = text.startswith(closing + ":", end)
        if not definition and title.startswith("-"):
            return None, False
        self.place = end + (2 if definition else 1)
        return title, definition

    def find(self, mark: str, start: int) -> int:
        """Find a mark at or after a place (the length of the text when there is none), looking at each letter once."""
        known = self._nearest.get(mark, -1)
        if known < start:
            found = self.text.find(mark, start)
            known = self._nearest[mark] = found if found >= 0 else len(self.text)
        return known

    def first_letter(self) -> str:
        """Return the first letter after the indentation of the line that begins here; "" at the end of the text."""
        letter = self.text[self.place : self.place + 1]
        if letter not in " \t'":
            return letter
        match = _INDENTATION.match(self.text, self.place)
        place = match.end() if match else self.place
        return self.text[place : place + 1]

    def skip_blanks(self) -> None:
        text = self.text
        while text[self.place : self.place + 1] in _SKIPPED:
            match = _BLANKS.match(text, self.place)
            self.place = match.end() if match else self.place
            if not self.comment():
                return

    def comment(self, whole_line: bool = False) -> bool:
        """Pass over a comment, with its line break when nothing else stands on its line."""
        text, start = self.text, self.place
        if whole_line:
            match = _BLANKS.match(text, start)
            start = match.end() if match else start
        if text[start : start + 1] not in ("/", "<"):
            return False
        if text.startswith("//", start):
            end = self.find("\n", start)
        elif text.startswith("/*", start):
            end = self.find("*/", start + 2) + 2
        elif text.startswith("<!--", start):
            end = self.find("-->", start + 4) + 3
        else:
            return False
        if end > len(text):
            return False
        self.comments[start] = None
        if whole_line:
            match = BLANK_LINE.match(text, end)
            end = match.end() if match else end
        self.place = end
        return True

    def data_alone(self) -> dict[str, Any] | None:
        match = _BLANKS.match(self.text, self.place)
        start = match.end() if match else self.place
        if not self.text.startswith("{", start):
            return None
        flow = parse_flow(self.text, start)
        if flow is None or not BLANK_LINE.match(self.text, flow[1]):
            return None
        self.place = self.end_of_line(flow[1])
        return flow[0]

    def end_of_line(self, place: int) -> int:
        match = BLANK_LINE.match(self.text, place)
        return match.end() if match else place

    def content(self, reference: bool = False) -> tuple[str, "Content"]:
        """Read words, with their tags, links and data, up to the line on which something else begins."""
        content = Content()
        text, length = self.text, len(self.text)
        while self.place < length:
            match = _PLAIN.match(text, self.place)
            if match:
                content.parts.append(match[0])
                self.place = match.end()
                if self.place == length:
                    break
            letter = text[self.place]
            if letter == "\n":
                self.place += 1
                if reference or self._something_begins():
                    break
                content.parts.append(" ")
            elif letter == "\\" and self.place + 1 < length and text[self.place + 1] != "\n":
                content.parts.append(text[self.place + 1])
                self.place += 2
            elif letter == "{" and (flow := parse_flow(text, self.place)) is not None:
                content.data |= flow[0]
                self.place = flow[1]
            elif letter == "#" and (tag := _TAG.match(text, self.place)) is not None:
                content.tags.append(tag[1] or tag[2])
                self.place = tag.end()
            elif letter in ".:" and (symbol := shortcode(text, self.place)) is not None:
                content.parts.append(symbol[0])
                self.place = symbol[1]
            elif letter in "*_":
                self._emphasis(letter, content)
            elif (
                (letter == "[" and self._link(content))
                or (letter == "@" and self._mention(content))
                or (letter in "/<" and self.comment())
            ):
                continue
            else:
                content.parts.append(letter)
                self.place += 1
        return flat("".join(content.parts)), content

    def _something_begins(self) -> bool:
        text, place = self.text, self.place
        start = place
        if text[place : place + 1] in " \t" and (match := _BLANKS.match(text, place)):
            start = match.end()
        letter = text[start : start + 1]
        if letter in "\n" or (letter == "#" and HEADING.match(text, place)):
            return True
        if letter in "+->_<'(*0123456789" and (
            OPERATOR.match(text, place) or NUMBER.match(text, place) or LIST.match(text, place)
        ):
            return True
        if letter in "[<":
            title, definition = self._peek_title(start, letter)
            return title is not None and (definition or self._alone(start))
        return False

    def _peek_title(self, start: int, letter: str) -> tuple[str | None, bool]:
        kept, self.place = self.place, start
        found = self.title(letter)
        self.place = kept
        return found

    def _alone(self, start: int) -> bool:
        """Say whether a reference is all that stands on its line."""
        end = self.find("]" if self.text[start] == "[" else ">", start)
        return BLANK_LINE.match(self.text, end + 1) is not None

    def _emphasis(self, letter: str, content: "Content") -> None:
        text, place = self.text, self.place
        marks = (letter * 2, letter) if text.startswith(letter, place + 1) else (letter,)
        for mark in marks:
            following = text[place + len(mark) : place + len(mark) + 1]
            if (
                content.open
                and content.open[-1][0] == mark
                and (not following or following in _CLOSERS)
            ):
                _, start = content.open.pop()
                content.parts[start] = ""
                content.marks += 1
                self.place += len(mark)
                return
        for mark in marks:
            following = text[place + len(mark) : place + len(mark) + 1]
            if following and not following.isspace():
                content.open.append((mark, len(content.parts)))
                content.parts.append(mark)
                self.place += len(mark)
                return
        content.parts.append(letter)
        self.place += 1

    def _link(self, content: "Content") -> bool:
        text, start = self.text, self.place
        line_end = self.find("\n", start)
        middle = self.find("](", start)
        if middle >= line_end or middle == start + 1 or self.find("]", start) < middle:
            return False
        end = self.find(")", middle)
        if end >= line_end or end == middle + 2:
            return False
        words = text[start + 1 : middle]
        content.parts.append(words)
        content.links.append((words, text[middle + 2 : end]))
        self.place = end + 1
        return True

    def _mention(self, content: "Content") -> bool:
        text, start = self.text, self.place
        opening = text[start + 1 : start + 2]
        if opening not in ("[", "<"):
            return False
        end = self.find("]" if opening == "[" else ">", start)
        if end >= self.find("\n", start):
            return False
        content.parts.append(text[start : end + 1])
        self.place = end + 1
        return True
