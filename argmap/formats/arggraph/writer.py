"""The lines of arggraph XML that say a map."""

from collections import defaultdict
from collections.abc import Sequence
from xml.etree import ElementTree  # only to write

from argmap.formats.reading import fit_fields
from argmap.formats.report import Losses, LossKind
from argmap.formats.writing.report_unsaid import foreign_ids, free_id, report_ids, report_unsaid
from argmap.model import ArgumentMap, Article, Relation, RelationKind, Scheme, limits

_SAID = frozenset(
    {
        "title",
        "article",
        "claim.implicit",
        "claim.quotes",
        "relation.scheme",
        "origin.type",
        "map.stance",
        "map.id",
    }
)
_EXAMPLE = Scheme(key="example")
NO_ID = "argmap"


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write a map: an edu for each quote of a claim whose words they are, else one for the claim's own text."""
    relations = _writable(map, losses)
    report_unsaid(map, "arggraph", _SAID, losses, relations)
    ids = foreign_ids(map, "arggraph")
    report_ids(map, "arggraph", ids, losses, relations)
    origin = map.origin if map.origin is not None and map.origin.format == "arggraph" else None
    root = ElementTree.Element("arggraph", {"id": (origin.id if origin else None) or NO_ID})
    if map.title:
        root.set("topic_id", map.title)
    if origin is not None and "stance" in origin.extra:
        root.set("stance", str(origin.extra["stance"]))
    taken = set(ids.values())
    edus = _edus(map)
    _report_text(map, edus, losses)
    segments: list[tuple[str, str]] = []
    for claim, words, implicit in edus:
        id = free_id("e", taken)
        segments.append((id, ids[claim]))
        element = ElementTree.SubElement(root, "edu", {"id": id})
        if implicit:
            element.set("implicit", "true")
        element.text = words
    sides = sides_of(map, relations)
    for item in map.claims:
        ElementTree.SubElement(root, "adu", {"id": ids[item.id], "type": sides[item.id]})
    for source, target in segments:
        _edge(root, free_id("s", taken), source, target, "seg")
    for relation in relations:
        _write(root, relation, map, ids, taken)
    for element in root:
        element.tail = "\n"
    root.text = "\n"
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        + ElementTree.tostring(root, encoding="unicode")
        + "\n"
    )


def _edus(map: ArgumentMap) -> list[tuple[str, str, bool]]:
    """Return claim id, words, and whether they are implicit, in the order of the text as far as that is known."""
    found: list[tuple[int, str, str, bool]] = []
    last = 0
    for claim in map.claims:
        if not claim.implicit and " ".join(quote.exact for quote in claim.quotes) == claim.text:
            for quote in claim.quotes:
                last = quote.start if quote.start is not None else last
                found.append((last, claim.id, quote.exact, False))
        else:
            found.append((last, claim.id, claim.text, claim.implicit))
    found.sort(key=lambda edu: edu[0])
    return [(claim, words, implicit) for _, claim, words, implicit in found]


def _report_text(map: ArgumentMap, edus: list[tuple[str, str, bool]], losses: Losses) -> None:
    """Report an article and quotes that reading the edus one after the other does not give back."""
    whole = " ".join(words for _, words, implicit in edus if not implicit)
    text = whole[: limits.ARTICLE_TEXT]
    old = map.origin.id if map.origin is not None and map.origin.format == "arggraph" else None
    article = (
        Article(title=map.title.strip() or old or "Untitled", text=text) if text.strip() else None
    )
    if text != whole or map.article != article:
        losses.add(
            LossKind.ARTICLE,
            "The article is its claims' words one after the other when it is read again.",
        )
    quotes: defaultdict[str, list[object]] = defaultdict(list)
    cursor = 0
    for claim, words, implicit in edus:
        if not implicit:
            quotes[claim].append(fit_fields.span(text, cursor, cursor + len(words)))
            cursor += len(words) + 1
    for item in map.claims:
        before = [quote.model_dump(mode="json", exclude_none=True) for quote in item.quotes]
        if before != quotes[item.id]:
            losses.add(
                LossKind.QUOTE,
                "The words of a claim are the claim itself when it is read again.",
                (item.id,),
            )


def sides_of(map: ArgumentMap, relations: Sequence[Relation]) -> dict[str, str]:
    """Return for each claim whether it speaks for the map's theses (pro) or against them (opp)."""
    sides: dict[str, str] = {}
    steps: dict[str, Relation] = {}
    for relation in reversed(relations):
        steps.update((source, relation) for source in relation.sources)
    for claim in map.claims:
        path: dict[str, None] = {}
        current = claim.id
        while current not in sides and current in steps and current not in path:
            path[current] = None
            target = steps[current].target
            seen = {target}
            while (step := map.relation(target)) is not None:
                target = step.sources[0]
                if target in seen:
                    break
                seen.add(target)
            current = target
        side = sides.setdefault(current, "pro")
        for id in reversed(path):
            attacks = steps[id].kind is RelationKind.ATTACKS
            side = {"pro": "opp", "opp": "pro"}[side] if attacks else side
            sides[id] = side
    for claim in map.claims:
        origin = claim.origin
        if (
            origin is not None
            and origin.format == "arggraph"
            and origin.extra.get("type") in ("pro", "opp")
        ):
            sides[claim.id] = str(origin.extra["type"])
    return sides


def _writable(map: ArgumentMap, losses: Losses) -> list[Relation]:
    """Return the relations without restatements and what leads to them."""
    dropped = {relation.id for relation in map.relations if relation.kind is RelationKind.RESTATES}
    targeting: defaultdict[str, list[str]] = defaultdict(list)
    for relation in map.relations:
        targeting[relation.target].append(relation.id)
    queue = list(dropped)
    while queue:
        for id in targeting[queue.pop()]:
            dropped.add(id)
            queue.append(id)
    losses.add(
        LossKind.RELATION,
        "The format has no restatements; they and what leads to them were left out.",
        sorted(dropped),
    )
    for relation in map.relations:
        if relation.scheme is not None and not _is_example(relation):
            losses.add(
                LossKind.SCHEME,
                "The format knows supports by example and no other scheme.",
                (relation.id,),
            )
    return [relation for relation in map.relations if relation.id not in dropped]


def _is_example(relation: Relation) -> bool:
    return relation.kind is RelationKind.SUPPORTS and relation.scheme == _EXAMPLE


def _write(
    root: ElementTree.Element,
    relation: Relation,
    map: ArgumentMap,
    ids: dict[str, str],
    taken: set[str],
) -> None:
    if relation.kind is RelationKind.SUPPORTS:
        type = "exa" if _is_example(relation) else "sup"
    else:
        type = "reb" if map.claim(relation.target) is not None else "und"
    first, *others = relation.sources
    _edge(root, ids[relation.id], ids[first], ids[relation.target], type)
    for other in others:
        _edge(root, free_id("l", taken), ids[other], ids[relation.id], "add")


def _edge(root: ElementTree.Element, id: str, source: str, target: str, type: str) -> None:
    ElementTree.SubElement(root, "edge", {"id": id, "src": source, "trg": target, "type": type})
