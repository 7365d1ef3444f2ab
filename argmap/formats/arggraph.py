"""arggraph XML, in which the argumentative microtexts are annotated."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree  # only to write

from argmap.errors import FormatError
from argmap.formats import clean
from argmap.formats.content import Content, decode
from argmap.formats.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.fields import foreign_ids, free_id, report_unsaid
from argmap.formats.report import Losses, LossKind
from argmap.model import ArgumentMap, Article, Claim, Origin, Relation, RelationKind, Scheme, limits

_SAID = frozenset({"title", "article", "claim.implicit", "claim.quotes", "relation.scheme"})
_KINDS = {
    "sup": RelationKind.SUPPORTS,
    "exa": RelationKind.SUPPORTS,
    "reb": RelationKind.ATTACKS,
    "und": RelationKind.ATTACKS,
}
_EXAMPLE = Scheme(key="example")
_NO_ID = "argmap"


def sniff(content: Content) -> bool:
    """Recognise the root element."""
    return content.lead.startswith("<") and "<arggraph" in content.lead


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read adus as claims, their edus as quotes, `add` as linked premises, `und` as undercuts.

    The article's text is the one beside the file, else the edus one after the other. Raises FormatError with the id of
    an element that has the wrong type.
    """
    root = content.xml
    if root.tag != "arggraph":
        raise FormatError("the root element is not <arggraph>", place=root.tag[:80])
    draft = Draft("arggraph", losses)
    draft.id = root.get("id") if root.get("id") != _NO_ID else None
    draft.fields["title"] = clean.one_line(root.get("topic_id"), limits.TITLE, losses)
    if root.get("stance"):
        draft.extra["stance"] = root.get("stance")
    edus: dict[str, tuple[str, bool]] = {}
    edges: dict[str, Mapping[str, str]] = {}
    types: dict[str, str | None] = {}
    for element in root:
        id = element.get("id")
        if id is None:
            raise FormatError(f"a <{str(element.tag)[:20]}> has no id")
        if element.tag == "edu":
            edus[id] = ("".join(element.itertext()), element.get("implicit") == "true")
        elif element.tag == "adu":
            draft.claims[id] = DraftClaim(id, "")
            types[id] = element.get("type")
        elif element.tag == "edge":
            edges[id] = element.attrib
        elif element.tag != "joint":
            losses.add(LossKind.STRUCTURE, "An unknown element was left out.", (id,))
    _join(draft, edges)
    _give_words(draft, edus, edges, content)
    return _with_types(draft.build(), list(types.values()))


def _with_types(map: ArgumentMap, types: list[str | None]) -> ArgumentMap:
    """Keep the side of each claim (pro, opp) that does not follow from what it supports and attacks."""
    sides = _sides(map, map.relations)
    claims: list[Claim] = []
    for claim, type in zip(map.claims, types, strict=True):
        if type not in (sides[claim.id], None):
            id = claim.origin.id if claim.origin else None
            claim = claim.replace(origin=Origin(format="arggraph", id=id, extra={"type": type}))
        claims.append(claim)
    return map.replace(claims=claims) if tuple(claims) != map.claims else map


def _join(draft: Draft, edges: Mapping[str, Mapping[str, str]]) -> None:
    """Make a relation of every edge, and let `add` edges join the sources of the relation they lead to."""
    taken = set(draft.claims)
    added: dict[str, tuple[str, str]] = {}
    for id, edge in edges.items():
        type, source, target = edge.get("type"), edge.get("src", ""), edge.get("trg", "")
        key = _key(id, taken)
        if type == "add":
            added[key] = (source, _key(target, taken))
        elif type in _KINDS:
            fields = {"scheme": {"key": "example"}} if type == "exa" else {}
            end = target if target in draft.claims else _key(target, taken)
            draft.relations[key] = DraftRelation(id, _KINDS[type], [source], end, fields)
        elif type != "seg":
            draft.losses.add(LossKind.RELATION, "An edge of an unknown type was left out.", (id,))
    for key, (source, target) in added.items():
        seen = {key}
        while target in added and target not in seen:  # joined to what is itself joined
            seen.add(target)
            target = added[target][1]
        if target in draft.relations:
            draft.relations[target].sources.append(source)
        else:
            draft.losses.add(
                LossKind.DANGLING,
                "A linked premise of a step that is not there was left out.",
                (key,),
            )


def _key(edge: str, taken: set[str]) -> str:
    """Edges and adus each have their own ids; keep them apart where they clash."""
    return f"edge {edge}" if edge in taken else edge


def _give_words(
    draft: Draft,
    edus: Mapping[str, tuple[str, bool]],
    edges: Mapping[str, Mapping[str, str]],
    content: Content,
) -> None:
    parents = {e.get("src", ""): e.get("trg", "") for e in edges.values() if e.get("type") == "seg"}
    members: defaultdict[str, list[str]] = defaultdict(list)
    for id in edus:
        owner = parents.get(id, "")
        owner = parents.get(owner, owner) if owner not in draft.claims else owner  # through a joint
        if owner in draft.claims:
            members[owner].append(id)
        else:
            draft.losses.add(
                LossKind.STRUCTURE, "Words that belong to no claim stay in the article only.", (id,)
            )
    text, places = _text(draft, edus, content)
    if text:
        title = (
            draft.fields["title"]
            or clean.one_line(draft.id, limits.TITLE, draft.losses)
            or "Untitled"
        )
        draft.fields["article"] = {"title": title, "text": text}
    for key, claim in draft.claims.items():
        claim.text = " ".join(edus[id][0] for id in members[key])
        implicit = bool(members[key]) and all(edus[id][1] for id in members[key])
        claim.fields["implicit"] = True if implicit else None
        quotes = [clean.span(text, *places[id]) for id in members[key] if id in places]
        claim.fields["quotes"] = tuple(quote for quote in quotes if quote is not None) or None


def _text(
    draft: Draft, edus: Mapping[str, tuple[str, bool]], content: Content
) -> tuple[str, dict[str, tuple[int, int]]]:
    """Return the article's text and where each edu that is said stands in it."""
    said = {id: words for id, (words, implicit) in edus.items() if not implicit and words.strip()}
    places: dict[str, tuple[int, int]] = {}
    cursor = 0
    if content.beside is None:
        for id, words in said.items():
            places[id] = (cursor, cursor + len(words))
            cursor += len(words) + 1
        return clean.article_text(" ".join(said.values()), draft.losses) or "", places
    beside, guessed = decode(content.beside)
    if guessed:
        draft.losses.add(LossKind.ENCODING, "The text beside the file was read as Windows-1252.")
    text = clean.article_text(beside, draft.losses) or ""
    for id, words in said.items():
        start = text.find(clean.printable(words), cursor)
        start = start if start >= 0 else text.find(clean.printable(words))
        if start < 0:
            missing = "Words of a claim do not stand in the text beside the file."
            draft.losses.add(LossKind.QUOTE, missing, (id,))
            continue
        cursor = start + len(words)
        places[id] = (start, cursor)
    return text, places


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write a map: an edu for each quote of a claim whose words they are, else one for the claim's own text."""
    relations = _writable(map, losses)
    report_unsaid(map, "arggraph", _SAID, losses, relations)
    ids = foreign_ids(map, "arggraph", apart=True)
    origin = map.origin if map.origin is not None and map.origin.format == "arggraph" else None
    root = ElementTree.Element("arggraph", {"id": (origin.id if origin else None) or _NO_ID})
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
    sides = _sides(map, relations)
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
    text = " ".join(words for _, words, implicit in edus if not implicit)
    old = map.origin.id if map.origin is not None and map.origin.format == "arggraph" else None
    article = Article(title=map.title or old or "Untitled", text=text) if text.strip() else None
    if len(text) > limits.ARTICLE_TEXT or map.article != article:
        losses.add(
            LossKind.ARTICLE,
            "The article is its claims' words one after the other when it is read again.",
        )
    quotes: defaultdict[str, list[object]] = defaultdict(list)
    cursor = 0
    for claim, words, implicit in edus:
        if not implicit:
            quotes[claim].append(clean.span(text, cursor, cursor + len(words)))
            cursor += len(words) + 1
    for item in map.claims:
        before = [quote.model_dump(mode="json", exclude_none=True) for quote in item.quotes]
        if before != quotes[item.id]:
            losses.add(
                LossKind.QUOTE,
                "The words of a claim are the claim itself when it is read again.",
                (item.id,),
            )


def _sides(map: ArgumentMap, relations: Sequence[Relation]) -> dict[str, str]:
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
