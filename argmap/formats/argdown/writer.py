"""The lines of Argdown that say a map: statements, single reasons, and steps that are spelled out as arguments."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from argmap.formats.argdown.document import NUMBERED, TOLD_OF_CLAIM, TOLD_OF_RELATION, flat
from argmap.formats.argdown.symbols import BEGINS_SHORTCODE
from argmap.formats.argmap_fields import tell
from argmap.formats.reading.kinds import infer_kinds
from argmap.formats.report import Losses, LossKind
from argmap.formats.schemes import name_of, scheme_of
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind, Scheme

_SPECIAL = re.compile(rf"[\\#*_\[\]<>{{}}@]|//|/\*|===+|{BEGINS_SHORTCODE}")
_TITLE = re.compile(r"[^\W_][^\[\]<>\n\t]*")
_TAG = re.compile(r"[^()\n\t]+")
_WORD = re.compile(r"[A-Za-z0-9-]+")
_OPERATORS = {RelationKind.SUPPORTS: "+", RelationKind.ATTACKS: "-"}


def write_debate(map: ArgumentMap, losses: Losses) -> str:
    """Write claims and relations of a map, without front matter."""
    writer = _Names(map)
    blocks = [*_claims(map, writer, losses), *_relations(map, writer)]
    return "\n\n".join(blocks) + ("\n" if blocks else "")


class _Names:
    """What every claim and relation of a map is called in Argdown, and which steps must be spelled out."""

    def __init__(self, map: ArgumentMap) -> None:
        self.map = map
        taken: set[str] = set()
        self.titles: dict[str, str] = {}
        for claim in map.claims:
            self.titles[claim.id] = _title(claim.label, claim.id, taken)
        targeted = {relation.target for relation in map.relations}
        self.arguments = {claim.id for claim in map.claims if _is_argument(claim)}
        self.spelled = {r.id for r in map.relations if r.id in targeted or not _is_plain(r)}
        said: set[tuple[str, str, str]] = set()
        for relation in map.relations:  # said twice, a line counts once
            fact = (relation.kind.value, relation.sources[0], relation.target)
            if relation.id not in self.spelled and fact in said:
                self.spelled.add(relation.id)
            said.add(fact)
        ids = [relation.id for relation in map.relations]
        self.spelled |= _misnumbered(ids, self.spelled | {c.id for c in map.claims}, "r")
        for relation in map.relations:
            if relation.id in self.spelled:
                self.arguments -= {*relation.sources, relation.target}
        taken = set()
        self.steps = {
            r.id: _title(r.label, r.id, taken) for r in map.relations if r.id in self.spelled
        }
        named = {id for id, title in self.titles.items() if title == id} | set(self.steps)
        self.told_ids = _misnumbered([claim.id for claim in map.claims], named, "c")
        self.told_ids |= {
            id for id, title in self.titles.items() if title == id and not NUMBERED.fullmatch(id)
        }

    def reference(self, id: str) -> str:
        """Return "[title]" or "<title>" of a claim, "<title>" of a step."""
        if id in self.titles:
            return f"<{self.titles[id]}>" if id in self.arguments else f"[{self.titles[id]}]"
        return f"<{self.steps[id]}>"


def _title(label: str | None, id: str, taken: set[str]) -> str:
    """Return the label where it can be a title and is free, else the id."""
    usable = (
        label is not None
        and label not in taken
        and label == label.strip()
        and _TITLE.fullmatch(label)
        and label.isprintable()
        and not NUMBERED.fullmatch(label)
    )
    title = label if usable and label is not None else id
    taken.add(title)
    return title


def _is_argument(claim: Claim) -> bool:
    origin = claim.origin
    return (
        origin is not None and origin.format == "argdown" and origin.extra.get("type") == "argument"
    )


def _is_plain(relation: Relation) -> bool:
    fields = (relation.scheme, relation.label, relation.weight, relation.note, relation.origin)
    return (
        relation.kind is not RelationKind.RESTATES
        and len(relation.sources) == 1
        and not relation.implicit
        and all(field is None for field in fields)
    )


def _misnumbered(ids: Sequence[str], named: set[str], letter: str) -> set[str]:
    """Return the ids that do not come back when those without a name of their own are numbered in their order."""
    told: set[str] = set()
    for _ in range(4):
        number, wrong = 0, set()
        for id in ids:
            if id in named or id in told:
                continue
            number += 1
            while f"{letter}{number}" in named or f"{letter}{number}" in told:
                number += 1
            if id != f"{letter}{number}":
                wrong.add(id)
        if not wrong:
            return told
        told |= wrong
    return set(ids) - named


def _claims(map: ArgumentMap, names: _Names, losses: Losses) -> Iterator[str]:
    inferred = infer_kinds(
        ((c.id, c.text, c.source is not None) for c in map.claims), map.relations
    )
    section: object = None
    for claim in map.claims:
        origin = claim.origin
        extra = origin.extra if origin is not None and origin.format == "argdown" else {}
        heading = extra.get("section")
        if heading != section and isinstance(heading, list) and len(heading) == 2:
            yield f"{'#' * max(1, int(str(heading[0])))} {_escaped(str(heading[1]))}"
            section = heading
        yield _claim(claim, names, inferred[claim.id], extra)
        if extra.get("type") == "argument" and claim.id not in names.arguments:
            losses.add(
                LossKind.ORIGIN,
                "An argument that a step is spelled out with became a statement.",
                (claim.id,),
            )


def _claim(claim: Claim, names: _Names, inferred: ClaimKind, extra: dict[str, Any]) -> str:
    title = names.titles[claim.id]
    data = dict(extra["data"]) if isinstance(extra.get("data"), dict) else {}
    if claim.id in names.told_ids:
        data["id"] = claim.id
    if claim.kind is not inferred:
        data["kind"] = claim.kind.value
    told = tell(claim, TOLD_OF_CLAIM)
    if told.get("label") == title != claim.id:
        del told["label"]
    tags = ""
    if all(_TAG.fullmatch(tag) and tag == flat(tag) and tag.strip() == tag for tag in claim.tags):
        told.pop("tags", None)
        tags = "".join(f" #{tag}" if _WORD.fullmatch(tag) else f" #({tag})" for tag in claim.tags)
    shown = flat(claim.text)
    if shown != claim.text:
        told["text"] = claim.text
    data |= told
    reference = names.reference(claim.id)
    words = "" if claim.text == title and claim.label == title else f": {_escaped(shown)}"
    return f"{reference}{words}{tags}{' ' + compact(data) if data else ''}"


def _relations(map: ArgumentMap, names: _Names) -> Iterator[str]:
    block: list[str] = []
    target = ""
    for relation in map.relations:
        spelled = relation.id in names.spelled
        if block and (spelled or relation.target != target):
            yield "\n".join(block)
            block = []
        if spelled:
            yield _spelled(relation, names)
            continue
        target = relation.target
        if not block:
            block = [names.reference(target)]
        undercut = relation.kind is RelationKind.ATTACKS and map.claim(target) is None
        operator = "_" if undercut else _OPERATORS[relation.kind]
        block.append(f"  {operator} {names.reference(relation.sources[0])}")
    if block:
        yield "\n".join(block)


def _spelled(relation: Relation, names: _Names) -> str:
    """Write a step as an argument; one that attacks, or leads to a step, has a conclusion that says so."""
    title = names.steps[relation.id]
    origin = relation.origin
    extra = origin.extra if origin is not None and origin.format == "argdown" else {}
    kept = extra.get("data")
    data: dict[str, Any] = dict(kept) if isinstance(kept, dict) else {}
    told = tell(relation, TOLD_OF_RELATION)
    if title != relation.id or not NUMBERED.fullmatch(title):
        data["id"] = relation.id
    if told.get("label") == title != relation.id:
        del told["label"]
    if relation.kind is RelationKind.RESTATES:
        data["kind"] = "restates"
    rule = ""
    if relation.scheme is not None:
        rule = flat(name_of(relation.scheme))
        again = scheme_of(rule)
        if again is not None and Scheme(**again) == relation.scheme:
            del told["scheme"]
    head = f"<{title}>"
    note = relation.note
    if note is not None and flat(note) == note:
        head += f": {_escaped(note)}"
        del told["note"]
    data |= told
    lines = [head, ""]
    lines += [
        f"({number}) {names.reference(id)}" for number, id in enumerate(relation.sources, start=1)
    ]
    inside = " ".join(part for part in (_rule(rule), compact(data) if data else "") if part)
    lines.append(f"-- {inside} --" if inside else "----")
    number = len(relation.sources) + 1
    if relation.kind is not RelationKind.ATTACKS and relation.target in names.titles:
        lines.append(f"({number}) {names.reference(relation.target)}")
    else:
        lines += _bridge(relation, number, names)
    return "\n".join(lines)


def _bridge(relation: Relation, number: int, names: _Names) -> list[str]:
    if relation.kind is RelationKind.SUPPORTS:
        words, operator = "That step holds.", "+>"
    elif relation.target in names.titles:
        words, operator = "That is not so.", "->"
    else:
        words, operator = "That step does not hold.", "_>"
    return [
        f'({number}) {words} {{"step": true}}',
        f"    {operator} {names.reference(relation.target)}",
    ]


def compact(data: Any) -> str:
    """Write data on one line so that it stays one token of Argdown: no braces and fences inside its texts."""
    text = json.dumps(data, ensure_ascii=False)
    return re.sub(r'"(?:[^"\\]|\\.)*"', _without_marks, text)


def _without_marks(match: re.Match[str]) -> str:
    return (
        match[0]
        .replace("{", "\\u007b")
        .replace("}", "\\u007d")
        .replace("===", "\\u003d\\u003d\\u003d")
    )


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda match: "".join(f"\\{letter}" for letter in match[0]), text)


def _rule(text: str) -> str:
    return re.sub(r"([\\{},:.<>/-])", r"\\\1", text)
