"""Trees of claims as lists and mind maps have them, made into a draft of a map."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from argmap.formats.outlines.sides import group_of, side_of
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.report import LossKind
from argmap.model import ClaimKind, RelationKind, limits

_PROPERTY = re.compile(r"([A-Za-z][\w -]{0,30}):: ?(.*)")
_TOLD = re.compile(
    r"(source|quelle|quote|speaker|said by|note):\s{0,9}(.*)", re.IGNORECASE | re.DOTALL
)
_TAGS = re.compile(r"#([^\s#\[\]]{1,60}|\[\[[^\[\]]{1,60}\]\])$")
_URL = re.compile(r"https?://[^\s<>\"]{1,2000}", re.IGNORECASE)
_KINDS = {
    **{kind.value: kind for kind in ClaimKind},
    "claim": None,
    "conclusion": ClaimKind.THESIS,
    "reason": ClaimKind.PREMISE,
}


@dataclass(slots=True)
class Node:
    """One line of an outline, with those below it.

    `does`: what it does to the line above where the file says so; without, its own words decide ("Pro:"), and a line
    that says nothing supports. `fields` are those of a claim that the file tells, `links` addresses in its words.
    """

    text: str
    place: str = ""
    id: str | None = None
    does: RelationKind | None = None
    kind: ClaimKind | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    links: list[tuple[str, str]] = field(default_factory=list)
    children: "list[Node]" = field(default_factory=list)
    plain: bool = False  # its words are all claim, whatever they begin with


def plant(roots: Sequence[Node], draft: Draft, title: str | None = None) -> dict[int, str]:
    """Add the claims and relations of trees to a draft; return the keys of claims by the `id()` of their nodes.

    A line that has no more words than "Pro" or "Con" gives its side to those below it. Where lines at the margin say
    pro or con, they say it of the first line at the margin that does not, else of the title.
    """
    keys: dict[int, str] = {}
    roots = _rooted(roots, title)
    waiting: list[tuple[Node, str | None, RelationKind | None]] = [
        (root, None, None) for root in reversed(roots)
    ]
    while waiting:
        node, above, given = waiting.pop()
        does = None if node.plain else group_of(node.text)
        if does is not None and node.children and not node.fields:
            waiting.extend((child, above, does) for child in reversed(node.children))
            continue
        key = _plant_one(node, above, given, draft)
        keys[id(node)] = key
        for child in reversed(node.children):
            if not _told_below(child, draft.claims[key], draft):
                waiting.append((child, key, None))
    return keys


def _rooted(roots: Sequence[Node], title: str | None) -> list[Node]:
    """Put lines at the margin that say pro or con below the line that they say it of."""
    if not any(_says_side(root) for root in roots):
        return list(roots)
    neutral = next((root for root in roots if not _says_side(root)), None)
    if neutral is not None and roots[0] is neutral:
        planted: list[Node] = []
        for root in roots:
            if _says_side(root):
                planted[-1].children.append(root)
            else:
                planted.append(root)
        return planted
    return [Node(title, children=list(roots), plain=True)] if title else list(roots)


def _says_side(node: Node) -> bool:
    if node.does is not None:
        return True
    if node.plain:
        return False
    return side_of(node.text).does is not None or (
        bool(node.children) and group_of(node.text) is not None
    )


def _plant_one(node: Node, above: str | None, given: RelationKind | None, draft: Draft) -> str:
    losses = draft.losses
    key = f"{len(draft.claims)} {node.place}"
    place = node.id or node.place
    does, kind, words = (None, None, node.text) if node.plain else side_of(node.text)
    does = node.does or does or given
    kind = node.kind or kind
    fields = dict(node.fields)
    if not node.plain:
        words, kind, tags = _tagged(words, kind)
        if tags:
            fields["tags"] = fit_fields.tags((*fields.get("tags", ()), *tags), losses, place)
    _cite(node, fields, draft, place)
    draft.claims[key] = DraftClaim(node.id, words.strip(), kind, fields, dict(node.extra))
    draft.refuse_many()
    if above is None:
        if does is not None:
            losses.add(
                LossKind.DANGLING, "A pro or con without a parent stands alone now.", (place,)
            )
    else:
        relation = DraftRelation(None, does or RelationKind.SUPPORTS, [key], above)
        draft.relations[f"to {key}"] = relation
    return key


def _tagged(words: str, kind: ClaimKind | None) -> tuple[str, ClaimKind | None, list[str]]:
    """Take the tags off the end of a line; one that is a kind of claim says that."""
    tags: list[str] = []
    for _ in range(limits.TAGS):
        head, _, last = words.rstrip().rpartition(" ")
        found = _TAGS.fullmatch(last)
        if found is None or not head.strip():
            break
        word = found[1].strip("[]")
        if word.lower() in _KINDS:
            kind = kind or _KINDS[word.lower()]
        else:
            tags.insert(0, word)
        words = head.rstrip()
    return words, kind, tags


def _cite(node: Node, fields: dict[str, Any], draft: Draft, place: str) -> None:
    """Take the first link of a line as the source of its claim."""
    for words, address in node.links:
        url = fit_fields.url(address)
        if url is None:
            continue
        if "source" in fields:
            message = "A claim has one source; further links were left out."
            draft.losses.add(LossKind.SOURCE, message, (place,))
            continue
        title = fit_fields.one_line(words, limits.TITLE, draft.losses, place)
        titled = title and title.strip() != url and not title.startswith(("http://", "https://"))
        fields["source"] = {"url": url, **({"title": title} if titled else {})}


def _told_below(node: Node, claim: DraftClaim, draft: Draft) -> bool:
    """Take what a line without lines below it says of the claim above ("source:: ...", "Source: ..."); else False."""
    if node.children or node.plain:
        return False
    match = _PROPERTY.fullmatch(node.text) or _TOLD.fullmatch(node.text)
    if match is None or side_of(node.text).does is not None:
        return False
    set_property(claim, match[1].strip().lower(), match[2].strip(), node, draft)
    return True


def set_property(claim: DraftClaim, name: str, value: str, node: Node, draft: Draft) -> None:
    """Set what a property of a line says of its claim; one that a claim has no place for is kept among its data."""
    losses, fields = draft.losses, claim.fields
    if name in ("source", "quelle", "url"):
        if "source" in fields:
            message = "A claim has one source; further links were left out."
            losses.add(LossKind.SOURCE, message, (node.place,))
        elif source := source_of(value, node.links, draft, node.place):
            fields["source"] = source
    elif name in ("speaker", "said by"):
        fields["speaker"] = fit_fields.one_line(value, limits.NAME, losses, node.place)
    elif name == "note":
        fields["note"] = fit_fields.many_lines(value, limits.NOTE, losses, node.place)
    elif name == "quote":
        quote = fit_fields.loose_quote(value.strip(' "“”'), losses, node.place)
        fields["quotes"] = fit_fields.quotes((*fields.get("quotes", ()), quote), losses, node.place)
    elif name == "tags":
        told = (word.strip(" #[]") for word in value.split(","))
        tags = (*fields.get("tags", ()), *(word for word in told if word))
        fields["tags"] = fit_fields.tags(tags, losses, node.place)
    elif name in ("kind", "type") and value.lower() in _KINDS:
        claim.kind = _KINDS[value.lower()] or claim.kind
    elif value and name not in ("collapsed", "id"):
        claim.extra.setdefault("data", {})[name] = value


def source_of(
    text: str, links: Sequence[tuple[str, str]], draft: Draft, place: str
) -> dict[str, Any] | None:
    """Return the source that a line of words with a link in it names."""
    link = _URL.search(text)
    address = links[0][1] if links else link[0].rstrip(".,;)") if link else None
    url = fit_fields.url(address)
    words = text if links or link is None else text[: link.start()] + text[link.end() :]
    title = fit_fields.one_line(
        " ".join(words.split()).strip(" ,.;:()"), limits.TITLE, draft.losses, place
    )
    if title == url:
        title = None
    source = {**({"title": title} if title else {}), **({"url": url} if url else {})}
    return source or None
