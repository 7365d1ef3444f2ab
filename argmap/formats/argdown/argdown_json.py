"""Argdown JSON, the export of Argdown's own tool; only read."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from argmap.formats.argdown.document import Debate, Inference, Item, Link, flat
from argmap.formats.argdown.document_map import read_debate
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft
from argmap.formats.report import Losses, LossKind
from argmap.formats.source.content import Content
from argmap.formats.source.json_parts import as_list, as_object, as_objects, report_unread
from argmap.model import ArgumentMap

_UNTITLED = re.compile(r"Untitled \d{1,9}")
_FIELDS = frozenset({"arguments", "statements", "relations", "sections", "tags", "map"})
# What Argdown's model calls the parts of a debate; where things stand, and what is told twice, is not needed.
_KNOWN = frozenset({
    "type", "title", "text", "ranges", "tags", "data", "section", "relations", "members", "pcs", "role",
    "inference", "inferenceRules", "argumentTitle", "relationType", "from", "fromType", "to", "toType",
    "conclusionIndex", "id", "level", "parent", "children", "heading", "isClosed", "isGroup", "isReference",
    "isTopLevel", "isUsedAsPremise", "isUsedAsMainConclusion", "isUsedAsIntermediaryConclusion",
    "isUsedAsTopLevelStatement", "isUsedAsRelationStatement", "color", "fontColor", "startLine", "endLine",
    "startColumn", "endColumn", "startOffset", "endOffset",
})  # fmt: skip
_RANGES = ("link", "tag", "bold", "italic")
_KINDS = frozenset({"support", "attack", "undercut", "contrary", "contradictory", "entails"})


def sniff(content: Content) -> bool:
    """Recognise the two dictionaries of arguments and statements beside a list of relations."""
    fields = content.fields
    return (
        isinstance(fields.get("arguments"), dict)
        and isinstance(fields.get("statements"), dict)
        and isinstance(fields.get("relations"), list)
    )


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read statements, arguments, their inferences and relations as `argmap.formats.argdown.document_map` says.

    Raises FormatError with the path of what has the wrong type.
    """
    fields = as_object(content.json, "")
    draft = Draft("argdown-json", losses)
    report_unread(fields, _FIELDS, losses)
    sections: dict[str, tuple[int, str]] = {}
    _read_sections(as_list(fields.get("sections"), "sections"), sections, losses)
    debate = Debate()
    found: list[tuple[tuple[int, int], str, Item]] = []
    for letter, name in (("[", "statements"), ("<", "arguments")):
        for title, value in as_object(fields.get(name) or {}, name).items():
            place = f"{name}/{title}"
            item, line = _item(
                title, as_object(value, place), letter == "<", sections, place, losses
            )
            found.append((line, f"{letter}{title}", item))
    filled = {item.section for _, _, item in found}
    bare = "A heading under which no statement begins was left out."
    losses.add(LossKind.STRUCTURE, bare, (s[1] for s in sections.values() if s not in filled))
    debate.items = {key: item for _, key, item in sorted(found, key=lambda entry: entry[0])}
    places: dict[tuple[str, int], int] = {}
    for title, value in as_object(fields.get("arguments") or {}, "arguments").items():
        _read_argument(title, value or {}, debate, places, losses)
    relations = as_objects(fields.get("relations"), "relations")
    report_unread(relations, _KNOWN, losses, "relations")
    for index, value in enumerate(relations):
        link = _link(value, debate, places)
        if link is not None and link.kind not in _KINDS:
            unknown = "A relation of an unknown type was left out."
            losses.add(LossKind.RELATION, unknown, (f"relations/{index}",))
        elif link is None:
            losses.add(
                LossKind.DANGLING,
                "A relation without two ends was dropped.",
                (f"relations/{index}",),
            )
        else:
            debate.steps.append(link)
    if fields.get("map"):
        losses.add(LossKind.LAYOUT, "The drawing that the export has along was left out.", ("map",))
    read_debate(debate, draft)
    return draft.build()


def _read_sections(
    values: Sequence[Any], sections: dict[str, tuple[int, str]], losses: Losses
) -> None:
    waiting = list(reversed(values))
    while waiting:
        value = waiting.pop()
        if not isinstance(value, dict):
            fit_fields.left_out(value, losses, "sections")
        else:
            report_unread(value, _KNOWN, losses, "sections")
            title, level, id = value.get("title"), value.get("level"), value.get("id")
            if isinstance(title, str) and isinstance(id, str):
                if value.get("data") or value.get("tags"):
                    further = "Data and tags of a heading were left out."
                    losses.add(LossKind.METADATA, further, (title,))
                sections[id] = (
                    level if isinstance(level, int) and 0 < level < 21 else 1,
                    flat(title)[:300],
                )
            children = value.get("children")
            if isinstance(children, list):
                waiting.extend(reversed(children))


def _item(
    title: str,
    value: Mapping[str, Any],
    argument: bool,
    sections: Mapping[str, tuple[int, str]],
    place: str,
    losses: Losses,
) -> tuple[Item, tuple[int, int]]:
    item = Item(None if _UNTITLED.fullmatch(title) else title, argument=argument)
    line = (10**9, 0)
    report_unread(value, _KNOWN, losses, place)
    if "color" in value or "fontColor" in value:
        losses.add(LossKind.LAYOUT, "Colours were left out.", (place,))
    members = as_objects(value.get("members"), f"{place}/members")
    report_unread(members, _KNOWN, losses, f"{place}/members")
    for member in members:
        start = (member.get("startLine"), member.get("startColumn"))
        if isinstance(start[0], int) and isinstance(start[1], int):
            line = min(line, (start[0], start[1]))
        text, links = _words(member, losses, title)
        if text:
            item.wordings += item.text != text
            item.text = text
        item.links += tuple(links)
    tags = as_list(value.get("tags"), f"{place}/tags")
    item.tags = tuple(_texts(tags, f"{place}/tags", losses))
    item.data = _data(value, place, losses)
    item.section = sections.get(str(value.get("section")))
    return item, line


def _texts(values: Iterable[Any], place: str, losses: Losses) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        else:
            fit_fields.left_out(value, losses, place)


def _data(value: Mapping[str, Any], place: str, losses: Losses) -> dict[str, Any]:
    data = value.get("data")
    if isinstance(data, dict):
        return dict(data)
    fit_fields.left_out(data, losses, f"{place}/data")
    return {}


def _words(member: Mapping[str, Any], losses: Losses, of: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the words of a statement without its tags, and its links."""
    text = member.get("text")
    if not isinstance(text, str):
        fit_fields.left_out(text, losses, of)
        return "", []
    if any(kind in ("bold", "italic") for kind, *_ in _ranges(member)):
        losses.add(LossKind.LAYOUT, "Bold and italic type was dropped.", (of,))
    units = text.encode("utf-16-le", "replace")  # JavaScript counts these
    parts: list[bytes] = []
    links: list[tuple[str, str]] = []
    place = 0
    for kind, start, end, url in sorted(_ranges(member)):
        if kind == "link":
            links.append((units[2 * start : 2 * end].decode("utf-16-le", "replace"), url))
        elif kind == "tag" and start >= place:
            parts.append(units[2 * place : 2 * start])
            place = end
    parts.append(units[2 * place :])
    return flat(b"".join(parts).decode("utf-16-le", "replace")), links


def _ranges(member: Mapping[str, Any]) -> Iterator[tuple[str, int, int, str]]:
    ranges = member.get("ranges")
    for value in ranges if isinstance(ranges, list) else ():
        if isinstance(value, dict) and value.get("type") in _RANGES:
            start, stop = value.get("start"), value.get("stop")
            if isinstance(start, int) and isinstance(stop, int) and 0 <= start <= stop:
                yield str(value["type"]), start, stop + 1, str(value.get("url"))


def _read_argument(
    title: str,
    value: Mapping[str, Any],
    debate: Debate,
    places: dict[tuple[str, int], int],
    losses: Losses,
) -> None:
    key = f"<{title}"
    before: list[str] = []
    since: list[str] = []
    members = as_objects(value.get("pcs"), f"arguments/{title}/pcs")
    report_unread(members, _KNOWN, losses, f"arguments/{title}/pcs")
    for index, member in enumerate(members):
        statement = f"[{member.get('title')}"
        if statement not in debate.items:
            losses.add(
                LossKind.DANGLING,
                "An argument names a statement that the file does not have.",
                (f"{title}: {index + 1}",),
            )
            continue
        inference = member.get("inference")
        if isinstance(inference, dict):
            step = Inference(key, since, before, len(before), statement)
            here = f"arguments/{title}/pcs/{index}/inference"
            report_unread(inference, _KNOWN, losses, here)
            rules = as_list(inference.get("inferenceRules"), f"{here}/inferenceRules")
            step.rules = [flat(rule) for rule in _texts(rules, here, losses)]
            step.data = _data(inference, here, losses)
            number = len(debate.inferences)
            debate.inferences.append(step)
            debate.items[key].inferences.append(number)
            debate.steps.append(number)
            places[title, index] = number
            since = []
        since.append(statement)
        before.append(statement)


def _link(
    value: Mapping[str, Any], debate: Debate, places: Mapping[tuple[str, int], int]
) -> Link | None:
    kind, source, target = value.get("relationType"), value.get("from"), value.get("to")
    source_key = f"{'<' if value.get('fromType') == 'argument' else '['}{source}"
    if not isinstance(kind, str) or source_key not in debate.items:
        return None
    if value.get("toType") == "inference":
        inferences = debate.items[f"<{target}"].inferences if f"<{target}" in debate.items else []
        last = inferences[-1] if inferences else None
        told = value.get("conclusionIndex")  # older exports do not say which inference it is
        inference = places.get((str(target), told), last) if isinstance(told, int) else last
        return None if inference is None else Link(kind, source_key, inference)
    target_key = f"{'<' if value.get('toType') == 'argument' else '['}{target}"
    return Link(kind, source_key, target_key) if target_key in debate.items else None
