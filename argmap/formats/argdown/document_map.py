"""The map that a debate in Argdown makes: what becomes of statements, arguments, inferences and links."""

from collections.abc import Mapping
from typing import Any

from argmap.formats.argdown.document import (
    NUMBERED,
    TOLD_OF_CLAIM,
    TOLD_OF_RELATION,
    Debate,
    Inference,
    Item,
    Link,
    flat,
)
from argmap.formats.argmap_fields import told_fields, told_kind
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.report import Losses, LossKind
from argmap.formats.schemes import scheme_of
from argmap.model import RelationKind, limits

_READ_OF_CLAIM = frozenset({"id", "kind", *TOLD_OF_CLAIM})
_READ_OF_RELATION = frozenset({"id", "kind", "uses", "from", *TOLD_OF_RELATION})


def read_debate(debate: Debate, draft: Draft) -> None:
    """Put a debate's claims and relations into the draft.

    A statement is a claim. An argument that is not spelled out is a claim, too: what it is described as, else its
    title. One that is spelled out is a relation for each inference; where it supports or attacks something, its main
    conclusion does, and what supports, attacks or undercuts it leads to its last inference.
    """
    for key, item in debate.items.items():
        if not item.inferences:
            draft.claims[key] = _claim(item, draft.losses)
        else:
            _report_spelled(item, item.title or key, draft.losses)
    bridges = {
        step.conclusion: index
        for index, step in enumerate(debate.inferences)
        if step.conclusion is not None and _is_bridge(debate.items[step.conclusion])
    }
    for key in bridges:
        draft.claims.pop(key, None)
    seen: set[tuple[str, str, str | None]] = set()
    undercuts: list[str] = []
    for number, step in enumerate(debate.steps):
        if isinstance(step, int):
            key = f"inference {step}"
            relation = draft.relations.setdefault(
                key, DraftRelation(None, RelationKind.SUPPORTS, [], None)
            )
            _read_inference(
                debate, step, relation, draft.losses, bridged=relation.target is not None
            )
        elif step.source in bridges:
            relation = draft.relations.setdefault(
                f"inference {bridges[step.source]}",
                DraftRelation(None, RelationKind.SUPPORTS, [], None),
            )
            relation.kind = (
                RelationKind.SUPPORTS if step.kind == "support" else RelationKind.ATTACKS
            )
            relation.target = _target(debate, step.target)
        else:
            for key, relation in _read_link(debate, step, f"link {number}"):
                fact = (relation.kind.value, relation.sources[0], relation.target)
                if fact in seen:
                    continue
                seen.add(fact)
                draft.relations[key] = relation
                if step.kind == "undercut" and relation.target in debate.items:
                    undercuts.append(key)
    _place_undercuts(debate, draft, undercuts)


def _report_spelled(item: Item, place: str, losses: Losses) -> None:
    """Report what an argument has that is spelled out, and a step has no place for."""
    if item.tags:
        losses.add(LossKind.TAGS, "An argument that is spelled out has no tags.", (place,))
    if item.links:
        links = "A link of an argument that is spelled out was left out."
        losses.add(LossKind.SOURCE, links, (place for _ in item.links))
    _report_wordings(item, place, losses)


def _report_wordings(item: Item, place: str, losses: Losses) -> None:
    if item.wordings > 1:
        again = "A statement was worded more than once; its last wording was kept."
        losses.add(LossKind.TEXT, again, (place,))


def _is_bridge(item: Item) -> bool:
    """Say whether a conclusion only stands for what the step does, as argmap writes linked attacks."""
    return item.title is None and item.data.get("step") is True


def _claim(item: Item, losses: Losses) -> DraftClaim:
    title, data = item.title, item.data
    place = title or (item.text or "")[:40]
    numbered = title is not None and title[:1] in "cr" and NUMBERED.fullmatch(title) is not None
    id = (_told_id(data, losses, place) if data else None) or (title if numbered else None)
    fields = told_fields(data, TOLD_OF_CLAIM, losses, place) if data else {}
    if title is not None and not numbered and id != title and "label" not in fields:
        fields["label"] = fit_fields.one_line(title, limits.LABEL, losses, place)
    if item.tags:
        fields["tags"] = fit_fields.tags([*item.tags, *fields.get("tags", ())], losses, place)
    for words, url in item.links:
        link = fit_fields.url(url)
        if link is None or "source" in fields:
            losses.add(
                LossKind.SOURCE,
                "Dropped a link that is not a web address, or not the first.",
                (place,),
            )
            continue
        fields["source"] = {
            "title": fit_fields.one_line(words, limits.TITLE, losses, place) or link[:80],
            "url": link,
        }
    _report_wordings(item, place, losses)
    extra: dict[str, Any] = {"type": "argument"} if item.argument else {}
    if item.section is not None:
        extra["section"] = list(item.section)
    text = item.text if item.text is not None else title or ""
    kind = None
    if data:
        kind = told_kind(data, losses, place)
        told = data.get("text")
        same = isinstance(told, str) and flat(told) == flat(text)
        text = told if isinstance(told, str) and same else text
        extra |= _further(data, _READ_OF_CLAIM | {"text"} if same else _READ_OF_CLAIM)
    return DraftClaim(id, text, kind, fields, extra)


def _told_id(data: Mapping[str, Any], losses: Losses, place: str) -> str | None:
    """Return the id that the data tell, a text or a whole number."""
    id = data.get("id")
    if isinstance(id, str) or (isinstance(id, int) and not isinstance(id, bool)):
        return str(id)
    fit_fields.left_out(id, losses, f"{place}: id")
    return None


def _further(data: Mapping[str, Any], read: frozenset[str]) -> dict[str, Any]:
    rest = {key: value for key, value in data.items() if key not in read}
    return {"data": rest} if rest else {}


def _read_inference(
    debate: Debate, index: int, relation: DraftRelation, losses: Losses, bridged: bool
) -> None:
    step = debate.inferences[index]
    item = debate.items[step.argument]
    data = dict(step.data)
    last = item.inferences[-1] == index
    if last:
        data = {**item.data, **data}
    place = item.title or f"inference {index + 1}"
    fields = told_fields(data, TOLD_OF_RELATION, losses, place)
    id = _told_id(data, losses, place)
    if last and item.title is not None:
        if id is None and NUMBERED.fullmatch(item.title):
            id = item.title
        elif id != item.title and "label" not in fields:
            fields["label"] = fit_fields.one_line(item.title, limits.LABEL, losses, place)
    if last and item.text and "note" not in fields:
        fields["note"] = fit_fields.many_lines(item.text, limits.NOTE, losses, place)
    scheme = scheme_of(", ".join(step.rules))
    if scheme is not None:
        fields.setdefault("scheme", scheme)
    relation.id, relation.fields = id, fields
    relation.extra = _further(data, _READ_OF_RELATION)
    relation.sources = _premises(step, losses, place)
    if not bridged and relation.target is None and step.conclusion is not None:
        relation.target = step.conclusion
        if data.get("kind") == "restates":
            relation.kind = RelationKind.RESTATES
        else:
            fit_fields.left_out(data.get("kind"), losses, f"{place}: kind")


def _premises(step: Inference, losses: Losses, place: str) -> list[str]:
    for name in ("uses", "from"):
        uses = step.data.get(name)
        if isinstance(uses, list):
            numbers = [
                number for number in uses if isinstance(number, int) and 0 < number <= step.before
            ]
            if len(numbers) < len(uses):
                losses.add(
                    LossKind.DANGLING,
                    "An inference uses a number that no statement before it has.",
                    (place,),
                )
            return list(dict.fromkeys(step.numbered[number - 1] for number in numbers))
        fit_fields.left_out(uses, losses, f"{place}: {name}")
    return list(dict.fromkeys(step.premises))


def _source(debate: Debate, key: str) -> str:
    """Return the claim that an item speaks with: itself, or the main conclusion of a spelled-out argument."""
    inferences = debate.items[key].inferences
    conclusion = debate.inferences[inferences[-1]].conclusion if inferences else None
    return key if conclusion is None else conclusion


def _target(debate: Debate, target: str | int) -> str:
    if isinstance(target, int):
        return f"inference {target}"
    inferences = debate.items[target].inferences
    return f"inference {inferences[-1]}" if inferences else target


def _read_link(debate: Debate, link: Link, key: str) -> list[tuple[str, DraftRelation]]:
    source, target = _source(debate, link.source), _target(debate, link.target)
    kind = RelationKind.SUPPORTS if link.kind in ("support", "entails") else RelationKind.ATTACKS
    if source == target and source != link.source:
        return []  # an argument supports its own conclusion: its last inference says so already
    found = [(key, DraftRelation(None, kind, [source], target))]
    strict = debate.strict and link.kind == "attack" and _is_statement(debate, source)
    if link.kind in ("contradictory", "contrary") or (strict and _is_statement(debate, target)):
        found.append((f"{key} back", DraftRelation(None, kind, [target], source)))
    return found


def _is_statement(debate: Debate, key: str) -> bool:
    return key in debate.items and not debate.items[key].argument


def _place_undercuts(debate: Debate, draft: Draft, undercuts: list[str]) -> None:
    """Lead undercuts of an argument that is not spelled out to the step that it makes, where it makes one."""
    if not undercuts:
        return
    steps: dict[str, str] = {}
    for key, relation in draft.relations.items():
        if relation.kind is not RelationKind.RESTATES and len(relation.sources) == 1:
            steps.setdefault(relation.sources[0], key)
    for key in undercuts:
        relation = draft.relations[key]
        step = steps.get(relation.target or "")
        item = debate.items[relation.target or ""]
        if step is not None and step != key and item.argument:
            relation.target = step
        else:
            draft.losses.add(
                LossKind.UNDERCUT,
                "An undercut of something that makes no step became an attack on it.",
                (item.title or key,),
            )
