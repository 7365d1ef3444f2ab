"""JSON of OVA2 and its descendants: drawn nodes, and edges that hold copies of the nodes they join; only read."""

from collections.abc import Mapping
from typing import Any

from argmap.formats import clean
from argmap.formats.aif_graph import KINDS
from argmap.formats.content import Content
from argmap.formats.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.html import plain
from argmap.formats.joining import join
from argmap.formats.parts import as_id, as_object, as_objects
from argmap.formats.report import Losses, LossKind
from argmap.formats.schemes import scheme_of
from argmap.model import ArgumentMap, ClaimKind, limits


def sniff(content: Content) -> bool:
    """Recognise nodes with an `id` beside an analysis, or edges whose ends are nodes."""
    nodes, edges = content.fields.get("nodes"), content.fields.get("edges")
    if not isinstance(nodes, list) or not isinstance(edges, list):
        return False
    if isinstance(content.fields.get("analysis"), dict):
        return True
    return bool(edges) and all(
        isinstance(edge, dict) and isinstance(edge.get("from"), dict) for edge in edges[:5]
    )


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read nodes of type I as claims, RA, CA and MA as relations, and the analysed text with its marks as the article.

    Raises FormatError with the path of what has the wrong type.
    """
    fields = as_object(content.json, "")
    draft = Draft("ova2", losses)
    analysis = as_object(fields.get("analysis"), "analysis")
    text = _article(analysis, draft)
    people = {
        str(person.get("id")): " ".join(
            str(part) for part in (person.get("firstname"), person.get("surname")) if part
        )
        for person in as_objects(fields.get("participants"), "participants")
    }
    for index, node in enumerate(as_objects(fields.get("nodes"), "nodes")):
        id = as_id(node.get("id"), f"nodes/{index}/id")
        kind = node.get("type")
        if id in draft.claims or id in draft.relations:
            losses.add(LossKind.DUPLICATE, "A second node of the same id was left out.", (id,))
        elif kind == "I":
            draft.claims[id] = _claim(id, node, people, text, losses)
        elif kind in KINDS:
            scheme = scheme_of(node.get("scheme")) or scheme_of(node.get("text"))
            draft.relations[id] = DraftRelation(
                id, KINDS[kind], [], None, {"scheme": scheme} if scheme else {}
            )
        elif kind in ("L", "YA", "TA"):
            losses.add(
                LossKind.DIALOGUE,
                "Locutions, illocutions and transitions have no place in a map.",
                (id,),
            )
        elif kind == "PA":
            losses.add(
                LossKind.PREFERENCE, "A preference has no place in a map; it was left out.", (id,)
            )
        else:
            losses.add(LossKind.STRUCTURE, "A node of an unknown type was left out.", (id,))
    pairs: list[tuple[str, str]] = []
    for index, edge in enumerate(as_objects(fields.get("edges"), "edges")):
        pairs.append((_end(edge, "from", index), _end(edge, "to", index)))
    known = draft.claims.keys() | draft.relations.keys()
    join(draft, [pair for pair in pairs if known.issuperset(pair)])
    lost = [f"{start} -> {end}" for start, end in pairs if not known.issuperset((start, end))]
    losses.add(
        LossKind.DANGLING,
        "An edge from or to a node that is no claim and no step was left out.",
        lost,
    )
    places = (key for key in (*draft.claims, *draft.relations))
    losses.add(LossKind.LAYOUT, "Where nodes stand in the drawing was left out.", places)
    return draft.build()


def _end(edge: Mapping[str, Any], name: str, index: int) -> str:
    value = edge.get(name)
    return as_id(value.get("id") if isinstance(value, dict) else value, f"edges/{index}/{name}")


def _article(analysis: Mapping[str, Any], draft: Draft) -> str | None:
    marked = analysis.get("plain_txt") or analysis.get("txt")
    if not isinstance(marked, str) or not marked.strip():
        return None
    words = marked if analysis.get("plain_txt") else plain(marked)[0]
    text = clean.article_text(words, draft.losses)
    if text is not None:
        title = (
            clean.one_line(analysis.get("documentTitle"), limits.TITLE, draft.losses) or "Untitled"
        )
        source = analysis.get("documentSource")
        article = {"title": title, "text": text, **({"url": source} if clean.url(source) else {})}
        draft.fields["article"] = article
    if analysis.get("annotatorName"):
        draft.losses.add(
            LossKind.METADATA, "The annotator was left out.", ("analysis/annotatorName",)
        )
    return text


def _claim(
    id: str, node: Mapping[str, Any], people: Mapping[str, str], text: str | None, losses: Losses
) -> DraftClaim:
    fields: dict[str, Any] = {
        "speaker": clean.one_line(
            people.get(str(node.get("participantID"))), limits.NAME, losses, id
        ),
        "note": clean.many_lines(node.get("comment"), limits.NOTE, losses, id),
    }
    begins, ends = node.get("text_begin"), node.get("text_end")
    quotes: list[dict[str, Any]] = []
    if text is not None and isinstance(begins, list) and isinstance(ends, list):
        for start, end in zip(begins, ends, strict=False):
            whole = isinstance(start, int) and isinstance(end, int)
            quote = clean.span(text, start, end) if whole else None
            if quote is None:
                losses.add(LossKind.QUOTE, "A span lies outside the text.", (id,))
            else:
                quotes.append(quote)
    words = node.get("text")
    if (
        not quotes
        and text is not None
        and isinstance(words, str)
        and words.strip()
        and words in text
    ):
        start = text.index(words)
        found = clean.span(text, start, start + len(words))
        quotes += [found] if found else []
    fields["quotes"] = tuple(quotes[: limits.QUOTES_PER_CLAIM]) or None
    kind = ClaimKind.THESIS if node.get("majorClaim") is True else None
    return DraftClaim(id, words, kind, fields)
