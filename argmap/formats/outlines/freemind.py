"""Mind maps of FreeMind and Freeplane (`.mm`); only read."""

from xml.etree.ElementTree import Element

from argmap.errors import FormatError
from argmap.formats.outlines.tree import Node, plant
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft, DraftRelation
from argmap.formats.report import Losses, LossKind
from argmap.formats.source.content import Content
from argmap.formats.source.html_text import plain
from argmap.model import ArgumentMap, RelationKind, limits

_CHILDREN = frozenset(
    {"node", "richcontent", "icon", "font", "edge", "cloud", "hook", "arrowlink", "attribute", "attribute_layout",
     "linktarget", "properties", "map_styles"}
)  # fmt: skip
_ICONS = {
    "button_ok": RelationKind.SUPPORTS, "yes": RelationKind.SUPPORTS, "addition": RelationKind.SUPPORTS,
    "button_cancel": RelationKind.ATTACKS, "no": RelationKind.ATTACKS, "closed": RelationKind.ATTACKS,
}  # fmt: skip


def sniff(content: Content) -> bool:
    """Recognise the root element with a node in it."""
    return content.lead.startswith("<map") and "<node" in content.head(8_000)


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read each node as a claim that supports the one it stands in unless it says otherwise, by words or by icon.

    Raises FormatError where the root is not <map>.
    """
    root = content.xml
    if root.tag != "map":
        raise FormatError("the root element is not <map>", place=str(root.tag)[:80])
    draft = Draft("freemind", losses)
    roots: list[Node] = []
    ids: dict[str, Node] = {}
    arrows: list[tuple[Node, Element]] = []
    waiting = [(element, roots) for element in reversed(root.findall("node"))]
    while waiting:
        element, siblings = waiting.pop()
        node = _node(element, losses)
        siblings.append(node)
        if element.get("ID"):
            ids[str(element.get("ID"))] = node
        arrows += [(node, arrow) for arrow in element.findall("arrowlink")]
        waiting += [(child, node.children) for child in reversed(element.findall("node"))]
    keys = plant(roots, draft)
    for number, (node, arrow) in enumerate(arrows):
        target = ids.get(arrow.get("DESTINATION") or "")
        if target is None or id(target) not in keys or id(node) not in keys:
            losses.add(
                LossKind.DANGLING, "An arrow that leads nowhere was left out.", (node.place,)
            )
            continue
        losses.add(
            LossKind.STRUCTURE, "An arrow between nodes was read as a support.", (node.place,)
        )
        step = DraftRelation(None, RelationKind.SUPPORTS, [keys[id(node)]], keys[id(target)])
        draft.relations[f"arrow {number}"] = step
    return draft.build()


def _node(element: Element, losses: Losses) -> Node:
    id = element.get("ID")
    text = element.get("TEXT") or ""
    note = None
    for rich in element.findall("richcontent"):
        words = "\n".join(part.strip() for part in rich.itertext() if part.strip())
        if rich.get("TYPE") == "NODE":
            text = words
        else:
            note = words
    if text.startswith("<html>"):
        text = plain(text)[0].strip()
    node = Node(" ".join(text.split()), id or "")
    for icon in element.findall("icon"):
        node.does = node.does or _ICONS.get(icon.get("BUILTIN") or "")
    if note:
        node.fields["note"] = fit_fields.many_lines(note, limits.NOTE, losses, node.place)
    if element.get("LINK", "").startswith("http"):
        node.links.append(("", str(element.get("LINK"))))
    extra = {
        str(each.get("NAME"))[:60]: str(each.get("VALUE") or "")
        for each in element.findall("attribute")
        if each.get("NAME") and each.get("VALUE")
    }
    if extra:
        node.extra["data"] = extra
    if any(child.tag not in _CHILDREN for child in element):
        losses.add(LossKind.STRUCTURE, "An unknown element was left out.", (node.place,))
    return node
