"""arggraph XML, in which the argumentative microtexts are annotated."""

from collections import defaultdict
from collections.abc import Mapping

from argmap.errors import FormatError
from argmap.formats.arggraph.writer import NO_ID, sides_of
from argmap.formats.arggraph.writer import dump as dump
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.report import Losses, LossKind
from argmap.formats.source.content import Content
from argmap.formats.source.decoding import decode
from argmap.formats.source.json_parts import report_stray, report_unread
from argmap.model import ArgumentMap, Claim, Origin, RelationKind, limits

_KINDS = {
    "sup": RelationKind.SUPPORTS,
    "exa": RelationKind.SUPPORTS,
    "reb": RelationKind.ATTACKS,
    "und": RelationKind.ATTACKS,
}

_ATTRIBUTES = {
    "arggraph": frozenset({"id", "topic_id", "stance"}),
    "edu": frozenset({"id", "implicit"}),
    "joint": frozenset({"id"}),
    "adu": frozenset({"id", "type"}),
    "edge": frozenset({"id", "src", "trg", "type"}),
}


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
    draft.id = root.get("id") if root.get("id") != NO_ID else None
    draft.fields["title"] = fit_fields.one_line(root.get("topic_id"), limits.TITLE, losses)
    if root.get("stance"):
        draft.extra["stance"] = root.get("stance")
    edus: dict[str, tuple[str, bool]] = {}
    edges: dict[str, Mapping[str, str]] = {}
    types: dict[str, str | None] = {}
    report_unread(root.attrib, _ATTRIBUTES["arggraph"], losses, "arggraph")
    seen: set[tuple[str, str]] = set()
    report_stray(root, losses, "arggraph", children=True)
    for element in root:
        id, tag = element.get("id"), str(element.tag)
        if id is None:
            raise FormatError(f"a <{tag[:20]}> has no id")
        report_unread(element.attrib, _ATTRIBUTES.get(tag, _ATTRIBUTES["joint"]), losses, id)
        report_stray(element, losses, id, text=tag == "edu")
        if (tag, id) in seen:
            losses.add(LossKind.DUPLICATE, "A second element of the same id was left out.", (id,))
            continue
        seen.add((tag, id))
        if element.tag == "edu":
            implicit = element.get("implicit", "false")
            if implicit not in ("true", "false"):
                fit_fields.left_out(implicit, losses, f"{id}/implicit")
            edus[id] = ("".join(element.itertext()), implicit == "true")
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
    sides = sides_of(map, map.relations)
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
            or fit_fields.one_line(draft.id, limits.TITLE, draft.losses)
            or "Untitled"
        )
        draft.fields["article"] = {"title": title, "text": text}
    for key, claim in draft.claims.items():
        claim.text = " ".join(edus[id][0] for id in members[key])
        implicit = bool(members[key]) and all(edus[id][1] for id in members[key])
        claim.fields["implicit"] = True if implicit else None
        quotes = [fit_fields.span(text, *places[id]) for id in members[key] if id in places]
        claim.fields["quotes"] = fit_fields.quotes(quotes, draft.losses, key)


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
        return fit_fields.article_text(" ".join(said.values()), draft.losses) or "", places
    beside, guessed = decode(content.beside)
    if guessed:
        draft.losses.add(LossKind.ENCODING, "The text beside the file was read as Windows-1252.")
    text = fit_fields.article_text(beside, draft.losses) or ""
    for id, words in said.items():
        start = text.find(fit_fields.printable(words), cursor)
        start = start if start >= 0 else text.find(fit_fields.printable(words))
        if start < 0:
            missing = "Words of a claim do not stand in the text beside the file."
            draft.losses.add(LossKind.QUOTE, missing, (id,))
            continue
        cursor = start + len(words)
        places[id] = (start, cursor)
    return text, places
