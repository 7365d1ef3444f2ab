"""Argunet's dialect of GraphML: theses, and arguments whose premises and conclusions may be spelled out."""

from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element

from argmap.formats.argdown.document import Debate, Inference, Item, Link, flat
from argmap.formats.argdown.document_map import read_debate
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft
from argmap.formats.report import LossKind
from argmap.model import limits

_ARG = "{http://www.argunet.org/xml/argml}"
_KINDS = {
    "support": "support",
    "sketchedSupport": "support",
    "attack": "attack",
    "sketchedAttack": "attack",
}


def is_argunet(names: Iterable[str]) -> bool:
    """Say whether keys of these names are Argunet's."""
    return "arg.node" in names


def read_argunet(root: Element, draft: Draft) -> None:
    """Read a debate: folders become sections, an argument's propositions a spelled-out argument.

    An edge that names the proposition it leads to leads to that one.
    """
    title = root.find(f".//{_ARG}debate/{_ARG}title")
    language = root.find(f".//{_ARG}debate/{_ARG}language")
    draft.fields["title"] = fit_fields.one_line(_text(title), limits.TITLE, draft.losses)
    draft.fields["language"] = fit_fields.language(_text(language).partition(" ")[0], draft.losses)
    debate = Debate()
    nodes: dict[str, str] = {}
    waiting: list[tuple[Element, tuple[int, str] | None]] = [(root, None)]
    while waiting:
        element, section = waiting.pop()
        name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        group = element.find(f"*/{_ARG}group") if name == "node" else None
        if name == "node" and group is None:
            _read_node(element, section, debate, nodes)
            continue
        if group is not None:
            folder = _text(group.find(f"{_ARG}title"))
            section = ((section[0] if section else 0) + 1, folder[:300]) if folder else section
        if name in ("graphml", "graph", "node"):
            waiting.extend((child, section) for child in reversed(element))
    for edge in root.iter():
        if (
            isinstance(edge.tag, str)
            and edge.tag.rpartition("}")[2] == "edge"
            and edge.get("source")
        ):
            _read_edge(edge, debate, nodes, draft)
    drawn = "Where nodes stand in the drawing, and their colours, were left out."
    draft.losses.add(LossKind.LAYOUT, drawn, nodes if nodes else ())
    read_debate(debate, draft)


def _text(element: Element | None) -> str:
    return flat("".join(element.itertext())) if element is not None else ""


def _read_node(
    node: Element, section: tuple[int, str] | None, debate: Debate, nodes: dict[str, str]
) -> None:
    thesis, argument = node.find(f"*/{_ARG}thesis"), node.find(f"*/{_ARG}argument")
    id = node.get("id") or ""
    if thesis is not None:
        key = f"[{thesis.get('id')}"
        item = debate.items.setdefault(key, Item(None))
        item.title = _text(thesis.find(f"{_ARG}title")) or None
        item.text = _text(thesis.find(f"{_ARG}content")) or item.text or item.title
        item.section = section
        nodes[id] = key
    elif argument is not None:
        key = f"<{id}"
        title = _text(argument.find(f"{_ARG}title")) or None
        description = _text(argument.find(f"{_ARG}description")) or None
        debate.items[key] = Item(title, argument=True, text=description, section=section)
        nodes[id] = key
        _read_propositions(argument, key, section, debate)


def _read_propositions(
    argument: Element, key: str, section: tuple[int, str] | None, debate: Debate
) -> None:
    before: list[str] = []
    since: list[str] = []
    for proposition in argument.findall(f"{_ARG}proposition"):
        content = _text(proposition.find(f"{_ARG}content"))
        statement = f"[{proposition.get('id')}"
        if statement not in debate.items and not content:
            continue
        item = debate.items.setdefault(statement, Item(None, section=section))
        item.text = item.text or content
        if (proposition.get("type") or "premise") != "premise" and since:
            index = len(debate.inferences)
            debate.inferences.append(Inference(key, since, before, len(before), statement))
            debate.items[key].inferences.append(index)
            debate.steps.append(index)
            since = []
        since.append(statement)
        before.append(statement)


def _read_edge(edge: Element, debate: Debate, nodes: Mapping[str, str], draft: Draft) -> None:
    data = edge.find(f"*/{_ARG}edge")
    source, target = nodes.get(edge.get("source") or ""), nodes.get(edge.get("target") or "")
    kind = _KINDS.get(data.get("type") or "") if data is not None else None
    if source is None or target is None or kind is None or data is None:
        draft.losses.add(
            LossKind.DANGLING,
            "An edge that leads nowhere, or says nothing, was left out.",
            (str(edge.get("id")),),
        )
        return
    proposition = f"[{data.get('targetPropositionId')}"
    if proposition in debate.items and debate.items[target].argument:
        target = proposition
    if source == target:  # a thesis is a premise of that argument, which says so
        return
    debate.steps.append(Link(kind, source, target))
