"""OPML, the format of outliners and of many mind maps: ours comes back as it was, others are read as outlines."""

from collections.abc import Iterator
from xml.etree import ElementTree  # only to write
from xml.etree.ElementTree import Element

from argmap.errors import FormatError
from argmap.formats.outlines.citations import article_in
from argmap.formats.outlines.own_lines import (
    OwnLine,
    about_claim,
    about_relation,
    build,
    flat,
    report_lines,
)
from argmap.formats.outlines.tree import Node, plant
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft
from argmap.formats.report import Losses
from argmap.formats.source.content import Content
from argmap.formats.source.json_parts import report_unread
from argmap.formats.writing.outline import Line, outline
from argmap.model import ArgumentMap, ClaimKind, RelationKind, limits

_SHOWN = {
    RelationKind.SUPPORTS: "because",
    RelationKind.ATTACKS: "but",
    RelationKind.RESTATES: "in other words",
}
_KNOWN = frozenset(
    {"text", "_note", "url", "htmlUrl", "xmlUrl", "type", "created", "isComment", "isBreakpoint", "_status", "title",
     "category", "expansionState"}
)  # fmt: skip


def sniff(content: Content) -> bool:
    """Recognise the root element."""
    return content.lead.startswith("<") and "<opml" in content.lead


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read our own outline back, or each line as a claim that supports the one it stands in unless it says otherwise.

    Raises FormatError where the root is not <opml>.
    """
    root = content.xml
    if root.tag != "opml":
        raise FormatError("the root element is not <opml>", place=str(root.tag)[:80])
    draft = Draft("opml", losses)
    title = root.findtext("head/title") or ""
    draft.fields["title"] = fit_fields.one_line(flat(title) or None, limits.TITLE, losses)
    body = root.find("body")
    if body is None:
        return draft.build()
    if root.get("argmap") is not None:
        article = article_in(flat(root.findtext("head/article") or ""))
        if article is not None:
            draft.fields["article"] = article
        return build(_own_lines(body), draft)
    roots: list[Node] = []
    waiting = [(element, roots) for element in reversed(body.findall("outline"))]
    number = 0
    while waiting:
        element, siblings = waiting.pop()
        number += 1
        node = Node(
            (element.get("text") or element.get("title") or "").strip(),
            f"line {number} of the outline",
        )
        note = element.get("_note")
        if note:
            node.fields["note"] = fit_fields.many_lines(note, limits.NOTE, losses, node.place)
        url = element.get("url") or element.get("htmlUrl")
        if url:
            node.links.append(("", url))
        tags = [
            tag.strip("/ ") for tag in (element.get("category") or "").split(",") if tag.strip("/ ")
        ]
        if tags:
            node.fields["tags"] = fit_fields.tags(tags, losses, node.place)
        report_unread(dict(element.attrib), _KNOWN, losses, node.place)
        siblings.append(node)
        waiting += [(child, node.children) for child in reversed(element.findall("outline"))]
    if len(roots) == 1 and not roots[0].children and not roots[0].text:
        roots = []
    plant(roots, draft, title.strip() or None)
    return draft.build()


def _own_lines(body: Element) -> Iterator[OwnLine]:
    """Yield the lines that argmap wrote. Raises FormatError for another one."""
    waiting = [(element, 0) for element in reversed(body.findall("outline"))]
    while waiting:
        element, depth = waiting.pop()
        said = element.get("does")
        line = OwnLine(
            depth,
            f"line {depth}",
            details=element.get("details") or "",
            step=element.get("step"),
            relation=element.get("relation"),
            claim=element.get("claim"),
            written=element.get("kind") is not None,
            about=element.get("about") or "",
            text=element.get("words") or "",
        )
        try:
            yield line._replace(
                does=RelationKind(said) if said else None,
                kind=ClaimKind(element.get("kind") or "") if line.written else None,
            )
        except ValueError:
            raise FormatError(
                "this line of an outline has an unknown kind", place=line.place
            ) from None
        waiting += [(child, depth + 1) for child in reversed(element.findall("outline"))]


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write the outline as lines in lines, with what is read again as further attributes, which outliners pass over."""
    report_lines(map, "opml", losses)
    root = ElementTree.Element("opml", {"version": "2.0", "argmap": "1"})
    head = ElementTree.SubElement(root, "head")
    ElementTree.SubElement(head, "title").text = flat(map.title)
    if map.article is not None:
        ElementTree.SubElement(head, "article").text = flat(map.article.citation())
    body = ElementTree.SubElement(root, "body")
    path: list[Element] = [body]
    for line in outline(map):
        del path[line.depth + 1 :]
        path.append(ElementTree.SubElement(path[-1], "outline", _attributes(line)))
    ElementTree.indent(root, " ")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        + ElementTree.tostring(root, encoding="unicode")
        + "\n"
    )


def _attributes(line: Line) -> dict[str, str]:
    told: dict[str, str | None] = {}
    lead = ""
    if line.relation is not None and not line.linked:
        lead = f"{_SHOWN[line.relation.kind]}{' (of the step)' if line.on_step else ''}: "
        told |= {
            "does": line.relation.kind.value,
            "details": about_relation(line.relation),
            "step": line.relation.target if line.on_step else None,
        }
    claim = line.claim
    if claim is None:
        told |= {"text": f"{lead}together", "relation": line.relation.id if line.relation else None}
    elif line.again or line.continued:
        told |= {"text": f"{lead}see: {flat(claim.label or claim.text)}", "claim": claim.id}
    else:
        words = flat(claim.text)
        told |= {
            "text": f"{lead}{words}",
            "claim": claim.id,
            "kind": claim.kind.value,
            "about": about_claim(claim),
            "words": words,
        }
    return {name: value for name, value in told.items() if value}
