"""Arguments that are spelled out in Argdown: numbered statements, and the inferences between them."""

from typing import Any

from argmap.formats.argdown.document import Debate, Inference, flat
from argmap.formats.argdown.lines import Lines
from argmap.formats.argdown.symbols import shortcode
from argmap.formats.argdown.text import BLANK_LINE
from argmap.formats.argdown.yaml import parse_flow
from argmap.formats.report import LossKind


class Spelled:
    """The argument whose statements are being numbered, where there is one."""

    def __init__(self, debate: Debate, lines: Lines) -> None:
        self.debate = debate
        self._lines = lines
        self.argument: str | None = None
        self.numbered: list[str] = []
        self.since: list[str] = []  # statements since the last conclusion
        self._opened = 0  # where its statements begin
        self._ruled = 0  # where its last inference begins
        self._concluded = False  # whether its last statement is a conclusion
        self._inference: Inference | None = None  # the one whose conclusion comes next

    def open(self, argument: str, place: int) -> None:
        """Begin with the statements of an argument."""
        self.argument, self.numbered, self.since, self._opened = argument, [], [], place

    def add(self, key: str) -> None:
        """Number a statement, which is a conclusion where an inference stands before it."""
        inference, self._inference = self._inference, None
        if inference is not None:
            inference.conclusion = key
            self.since = []
        self._concluded = inference is not None
        self.numbered.append(key)
        self.since.append(key)

    def infer(self, rules: list[str], data: dict[str, Any], place: int) -> int:
        """Begin an inference from what was numbered so far; returns its index in the debate."""
        self._drop_inference()
        self._ruled = place
        index, argument = len(self.debate.inferences), self.argument or ""
        found = Inference(argument, self.since, self.numbered, len(self.numbered))
        found.rules, found.data = rules, data
        self._inference = found
        self.debate.inferences.append(found)
        self.debate.items[argument].inferences.append(index)
        self.debate.steps.append(index)
        return index

    def end_block(self) -> None:
        """At an empty line an argument whose conclusion has been told is complete."""
        if self._concluded and self._inference is None:
            self.close()

    def close(self) -> None:
        """End the argument, if there is one; report what it lacks."""
        pending = self._inference is not None
        self._drop_inference()
        if self.argument is None:
            return
        if not self._concluded and not pending:
            lacking = "Numbered statements without a conclusion are not an argument."
            self._lines.report(LossKind.DANGLING, lacking, self._opened)
        item = self.debate.items.get(self.argument)
        if item is not None and item.title is None and not item.inferences:
            del self.debate.items[self.argument]  # of which nothing is left
        self.argument, self.numbered, self.since, self._concluded = None, [], [], False

    def _drop_inference(self) -> None:
        """Take back an inference whose conclusion never came."""
        if self._inference is None:
            return
        dropped = "An inference without a conclusion was dropped."
        self._lines.report(LossKind.DANGLING, dropped, self._ruled)
        self._inference = None
        self.debate.inferences.pop()
        index = self.debate.items[self.argument or ""].inferences.pop()
        place = len(self.debate.steps) - 1
        while self.debate.steps[place] != index:
            place -= 1
        after = self.debate.steps[place + 1 :]
        kept = [step for step in after if isinstance(step, int) or step.target != index]
        self.debate.steps[place:] = kept
        alone = "What undercuts an inference without a conclusion stands alone."
        self._lines.report(LossKind.DANGLING, alone, self._ruled, len(after) - len(kept))


def read_rule(text: str, place: int) -> tuple[list[str], dict[str, Any], int] | None:
    """Read "rule, rule {data} --" after the first dashes of an inference: rules, data and where it ends.

    It may run over several lines. None where it has no end.
    """
    rules: list[str] = []
    data: dict[str, Any] = {}
    words: list[str] = []
    while not text.startswith("--", place):
        letter = text[place : place + 1]
        if not letter or (letter == "\n" and BLANK_LINE.match(text, place + 1)):
            return None
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
    return [rule for rule in rules if rule], data, place
