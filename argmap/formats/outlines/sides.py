"""The words with which people say in an outline what a line does to the one above it."""

import re
from typing import NamedTuple

from argmap.model import ClaimKind, RelationKind

_PRO, _CON, _AGAIN = RelationKind.SUPPORTS, RelationKind.ATTACKS, RelationKind.RESTATES


class Side(NamedTuple):
    """What a line does to the one above it, what kind of claim it is (each None where it is not said), and the rest."""

    does: RelationKind | None
    kind: ClaimKind | None
    words: str


_MEANS: dict[str, tuple[RelationKind | None, ClaimKind | None]] = {
    **dict.fromkeys(
        (
            "pro", "pros", "for", "support", "supports", "supported by", "supporting", "supporting argument",
            "because", "reason", "argument for", "argument", "in favour", "in favor", "warrant", "backing",
            "dafür", "weil", "denn", "grund", "argument dafür", "pour", "car", "parce que", "a favor", "porque",
            "a favore", "perché", "voor", "want", "omdat",
        ),
        (_PRO, None),
    ),
    **dict.fromkeys(("evidence", "example", "data", "proof", "beleg", "preuve"), (_PRO, ClaimKind.EVIDENCE)),
    **dict.fromkeys(("premise", "prämisse", "prémisse", "premisa", "co-premise"), (_PRO, ClaimKind.PREMISE)),
    **dict.fromkeys(
        (
            "con", "cons", "contra", "against", "attack", "attacks", "attacked by", "opposing", "oppose", "opposes",
            "opposing argument", "but", "however", "objection", "counter", "counterargument", "counter-argument",
            "counterclaim", "argument against", "response", "refutes", "contradicts", "dagegen", "aber", "kontra",
            "einwand", "contre", "mais", "en contra", "pero", "contro", "ma", "tegen", "maar",
        ),
        (_CON, None),
    ),
    **dict.fromkeys(("rebuttal", "reply", "rebuts", "rebutted by", "answer", "erwiderung"), (_CON, ClaimKind.REBUTTAL)),
    **dict.fromkeys(("restates", "restated by", "in other words", "that is", "d. h."), (_AGAIN, None)),
    **dict.fromkeys(
        ("thesis", "main claim", "contention", "main contention", "conclusion", "resolution", "these", "tesis"),
        (None, ClaimKind.THESIS),
    ),
    "claim": (None, None),
}  # fmt: skip
_GROUPS = {
    **dict.fromkeys(
        (
            "pro", "pros", "for", "arguments for", "arguments in favour", "arguments in favor", "supporting arguments",
            "reasons", "reasons for", "in favour", "in favor", "advantages", "benefits", "support", "supports",
            "evidence", "supporting evidence", "because", "argumente dafür", "dafür", "vorteile", "gründe",
            "pour", "avantages", "a favor", "ventajas", "voor", "voordelen",
        ),
        _PRO,
    ),
    **dict.fromkeys(
        (
            "con", "cons", "contra", "against", "arguments against", "opposing arguments", "reasons against",
            "objections", "rebuttals", "counterarguments", "counter-arguments", "counterclaims", "attacks",
            "disadvantages", "drawbacks", "but", "argumente dagegen", "dagegen", "kontra", "nachteile",
            "einwände", "contre", "inconvénients", "en contra", "desventajas", "tegen", "nadelen",
        ),
        _CON,
    ),
}  # fmt: skip
_SIGNS = {
    "+": _PRO, "➕": _PRO, "👍": _PRO, "✅": _PRO, "✔": _PRO,
    "-": _CON, "–": _CON, "−": _CON, "➖": _CON, "👎": _CON, "❌": _CON, "✘": _CON,
}  # fmt: skip
_LONGEST = max(map(len, _MEANS)) + 8
_HEAD = re.compile(r"[(\[]?([^():\[\]]{1,24})(?:[)\]]:{0,2}|:{1,2})(?=\s|\Z)\s{0,9}")
_SIGN = re.compile(r"(?:[(\[]([+–−-])[)\]]|([+–−-])(?=\s)|([➕👍✅✔➖👎❌✘])\ufe0f?):?\s{0,9}")
_WORD = re.compile(
    r"(because|but|however|yet|weil|denn|aber|car|mais|porque|pero)(,? )", re.IGNORECASE
)


def side_of(text: str) -> Side:
    """Take "Pro:", "(con)", "+", "because" and the like off the beginning of a line, and say what they mean."""
    head = _HEAD.match(text)
    if head is not None:
        means = _MEANS.get(" ".join(head[1].lower().split()))
        if means is not None:
            return Side(*means, text[head.end() :])
    sign = _SIGN.match(text)
    if sign is not None and sign.end() < len(text):
        return Side(_SIGNS[sign[1] or sign[2] or sign[3]], None, text[sign.end() :])
    word = _WORD.match(text)
    if word is not None:
        does, kind = _MEANS.get(word[1].lower(), (_CON, None))
        rest = text[word.end() :]
        if rest[:3].lower() == "of " or not rest.strip():  # "because of the rain" says all of it
            return Side(does, kind, text)
        return Side(does, kind, rest[:1].upper() + rest[1:])
    return Side(None, None, text)


def group_of(text: str) -> RelationKind | None:
    """Return what all below a line does to the one above it, where the line says no more than that ("Pro", "Cons:")."""
    if len(text) > _LONGEST:
        return None
    return _GROUPS.get(" ".join(text.strip(" \t\n:*_#").lower().split()))


def side_word(word: str) -> RelationKind | None:
    """Return what a word alone says that a claim does ("pro", "attacks", "-"), None where it says nothing."""
    bare = " ".join(word.lower().replace("_", " ").split()).strip(" :()[]")
    if bare in _SIGNS:
        return _SIGNS[bare]
    found = _MEANS.get(bare, (None, None))[0]
    return found or _GROUPS.get(bare)
