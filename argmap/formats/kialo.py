"""Kialo's text export of a discussion; only read."""

import re
from collections.abc import Sequence

from argmap.errors import FormatError
from argmap.formats import clean
from argmap.formats.content import Content
from argmap.formats.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.report import Losses, LossKind
from argmap.model import ArgumentMap, RelationKind, limits

_TITLE = re.compile(
    r"(?:Discussion (?:Title|Name)|Diskussionstitel|Titel der Diskussion|Titre de la discussion|Título de la discusión"
    r"|Título del debate|Título da discussão|Titolo della discussione|Titel van de discussie)[ \t\xa0]*:[ \t]*(.*)",
    re.IGNORECASE,
)
_SUPPORTS = r"Pro|Pour|A favor|Dafür|Voor"
_ATTACKS = r"Con|Kontra|Contra|Contre|En contra|Contro|Dagegen|Tegen"
_NUMBER = r"((?:\d{1,6}\.){0,200}\d{1,6})"
_SIDE = rf"(?:({_SUPPORTS})|({_ATTACKS}))[ \xa0]?:[ \t]*"
_CLAIM = re.compile(rf"[ \t]*{_NUMBER}(\.)?[ \t]+(?:{_SIDE})?(.*)", re.IGNORECASE)
_SEE = re.compile(
    rf"-> (?:See|Siehe|Voir|Ver|Véase|Veja|Vedi|Zie)[ \xa0]{_NUMBER}\.?(?!\d)[ \t]*", re.IGNORECASE
)
_LINK = re.compile(
    r"\[((?:[^\[\]\\\n]|\\.){1,500})\]\((https?://[^\s()]{1,2000}(?:\([^\s()]*\)[^\s()]*)?)\)"
)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")


def sniff(content: Content) -> bool:
    """Recognise the title and a claim's number below it, or claims whose numbers and sides make a tree."""
    head = content.lead[:1_000].split("\n")
    following = [line for line in head[1:] if line.strip()]
    titled = _TITLE.match(head[0]) and (not following or any(map(_numbered, following)))
    return bool(titled) or _is_untitled(head)


def _is_untitled(lines: Sequence[str]) -> bool:
    """Say whether lines begin with a claim and some claim below is a pro or con, as where the title was cut off."""
    numbered = [match for match in map(_numbered, lines) if match is not None]
    sides = any((match[3] or match[4]) and not match[1].isdecimal() for match in numbered)
    return sides and _numbered(lines[0]) is not None


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read theses, and pros and cons as supports and attacks of the claim that their number stands under.

    "-> See 1.2." is a relation of that claim; the first link of a claim is its source.
    Raises FormatError where the first line is no title, and what follows no tree of pros and cons.
    """
    lines = content.text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    title = _TITLE.match(lines[first].strip())
    if title is None and not _is_untitled(lines[first:]):
        raise FormatError('the first line is not "Discussion Title: ..."', line=first + 1)
    draft = Draft("kialo", losses)
    if title is not None:
        draft.fields["title"] = clean.one_line(_unescaped(title[1].strip()), limits.TITLE, losses)
        first += 1
    entries: list[tuple[str, RelationKind | None, list[str]]] = []
    taken: set[str] = set()
    listed = 0  # the last number of a list inside a claim
    for number, line in enumerate(lines[first:], start=first + 1):
        match = _numbered(line)
        if match and not match[3] and not match[4] and match[1].isdecimal() and entries:
            inside = line[0].isspace() or match[1] in taken or int(match[1]) == listed + 1 > 1
            listed = int(match[1]) if inside else 0
            match = None if inside else match
        if match:
            taken.add(match[1])
            kind = RelationKind.SUPPORTS if match[3] else RelationKind.ATTACKS if match[4] else None
            entries.append((f"{match[1]}.", kind, [match[5]]))
            if len(entries) > limits.CLAIMS + limits.RELATIONS:
                raise FormatError("there are more claims than a map may have", line=number)
        elif entries:
            entries[-1][2].append(line)
        elif line.strip():
            losses.add(
                LossKind.STRUCTURE, "Text before the first claim was left out.", (f"line {number}",)
            )
    references: dict[str, str] = {}
    for id, _, words in entries:
        text = "\n".join(words).strip()
        see = _SEE.match(text)
        if id in draft.claims or id in references:
            losses.add(LossKind.DUPLICATE, "A second claim of the same number was left out.", (id,))
        elif see is not None:
            references[id] = f"{see[1]}."
            if see.end() < len(text):
                losses.add(LossKind.TEXT, "Words after a reference were left out.", (id,))
        else:
            draft.claims[id] = _claim(id, text, losses)
    for id, kind, _ in entries:
        _relate(draft, id, kind, references)
    return draft.build()


def _numbered(line: str) -> re.Match[str] | None:
    """Match the number and the side of a claim; a number without its last full stop counts only before a side."""
    match = _CLAIM.match(line)
    if match and not match[2] and (match[1].isdecimal() or not (match[3] or match[4])):
        return None
    return match


def _claim(id: str, text: str, losses: Losses) -> DraftClaim:
    links = _LINK.findall(text)
    fields = {}
    for words, url in links:
        link = clean.url(url)
        if link is None or "source" in fields:
            losses.add(
                LossKind.SOURCE, "A claim has one source; further links were left out.", (id,)
            )
            continue
        title = clean.one_line(_unescaped(words), limits.TITLE, losses, id)
        fields["source"] = {"url": link, **({"title": title} if title else {})}
    return DraftClaim(id, _unescaped(_LINK.sub(r"\1", text)), None, fields)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(r"\1", text)


def _relate(draft: Draft, id: str, kind: RelationKind | None, references: dict[str, str]) -> None:
    parent = id[: id[:-1].rfind(".") + 1]
    if not parent:
        if kind is not None:
            draft.losses.add(LossKind.DANGLING, "A pro or con of nothing stands alone now.", (id,))
        return
    if kind is None:
        draft.losses.add(
            LossKind.STRUCTURE, "A claim that is neither pro nor con stands alone now.", (id,)
        )
        return
    source, target = _found(id, references), _found(parent, references)
    key = f"{id} {kind}"
    if key not in draft.relations:
        draft.relations[key] = DraftRelation(None, kind, [source], target)


def _found(id: str, references: dict[str, str]) -> str:
    seen: set[str] = set()
    while id in references and id not in seen:
        seen.add(id)
        id = references[id]
    return id
