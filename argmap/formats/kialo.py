"""Kialo's text export of a discussion, in both of its layouts; only read."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from argmap.errors import FormatError
from argmap.formats.outlines.text import is_own
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.report import Losses, LossKind
from argmap.formats.source.content import Content
from argmap.model import ArgumentMap, ClaimKind, RelationKind, limits

_TITLE = re.compile(
    r"(?:Discussion (?:Title|Name)|Diskussionstitel|Titel der Diskussion|Titre de la discussion|Título de la discusión"
    r"|Título del debate|Título da discussão|Titolo della discussione|Titel van de discussie)[ \t\xa0]*:[ \t]*(.*)",
    re.IGNORECASE,
)
_SUPPORTS = r"Pro|Pour|A favor|Dafür|Voor"
_ATTACKS = r"Con|Kontra|Contra|Contre|En contra|Contro|Dagegen|Tegen"
_THESIS = r"Thesis|These|Thèse|Tesis|Tese|Tesi|Stelling"
_QUESTION = r"Question|Frage|Pregunta|Pergunta|Domanda|Vraag"
_NUMBER = r"((?:\d{1,6}\.){0,200}\d{1,6})"
_SIDE = rf"(?:({_SUPPORTS})|({_ATTACKS})|({_THESIS})|({_QUESTION}))[ \xa0]?:[ \t]*"
_CLAIM = re.compile(rf"[ \t]*{_NUMBER}(\.)?[ \t]+(?:{_SIDE})?(.*)", re.IGNORECASE)
_SEE = re.compile(
    rf"-> (?:See|Siehe|Voir|Ver|Véase|Veja|Vedi|Zie)[ \xa0]{_NUMBER}\.?(?!\d)[ \t]*", re.IGNORECASE
)
_SEE_ALONE = re.compile(
    rf"(?:See|Siehe|Voir|Ver|Véase|Veja|Vedi|Zie)[ \xa0]{_NUMBER}\.?", re.IGNORECASE
)
_SOURCES = re.compile(
    r"[ \t]*(?:Sources|Quellen|Fuentes|Fontes|Fonti|Bronnen)[ \xa0]?:[ \t]*", re.IGNORECASE
)
_SOURCE = re.compile(r"[ \t]*\[(\d{1,6})\][ \t]*(.*)")
_URL = re.compile(r"https?://[^\s<>\"]{1,2000}", re.IGNORECASE)
_CITED = re.compile(r"[ \t]?\[(\d{1,6})\](?!\()")
_LINK = re.compile(
    r"\[((?:[^\[\]\\\n]|\\.){1,500})\]\((https?://[^\s()]{1,2000}(?:\([^\s()]*\)[^\s()]*)?)\)"
)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")


class _Entry(NamedTuple):
    """One numbered entry: its number with the full stop after it, its side ("" for a thesis), and its lines."""

    id: str
    side: str
    lines: list[str]


def sniff(content: Content) -> bool:
    """Recognise the title and a claim's number below it, or claims whose numbers and sides make a tree."""
    head = content.lead[:1_000].split("\n")
    following = [line for line in head[1:] if line.strip()]
    titled = _TITLE.match(head[0]) and (not following or any(map(_numbered, following)))
    return bool(titled) or (_is_untitled(head) and not is_own(content))


def _is_untitled(lines: Sequence[str]) -> bool:
    """Say whether lines begin with a claim and some claim below is a pro or con, as where the title was cut off."""
    numbered = [match for match in map(_numbered, lines) if match is not None]
    sides = any((match[3] or match[4]) and not match[1].isdecimal() for match in numbered)
    first = _numbered(lines[0])
    return sides and first is not None and first[1].rstrip(".").isdecimal()


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read theses, and pros and cons as supports and attacks of the claim that their number stands under.

    The layout of 2020 has the words of the title and of each claim on the lines below its head, and sources as [1] that
    are told at the end. "-> See 1.2." is a relation of that claim; the first link or source of a claim is its source.
    Raises FormatError where the first line is no title, and what follows no tree of pros and cons.
    """
    lines = content.text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    title = _TITLE.match(lines[first].strip())
    if title is None and not _is_untitled(lines[first:]):
        raise FormatError('the first line is not "Discussion Title: ..."', line=first + 1)
    draft = Draft("kialo", losses)
    if title is not None:
        words = title[1].strip()
        first += 1
        while not words and first < len(lines) and _numbered(lines[first]) is None:
            words = lines[first].strip()
            first += 1
        draft.fields["title"] = fit_fields.one_line(_unescaped(words), limits.TITLE, losses)
    end, sources = _sources(lines, first)
    entries = _entries(lines[:end], first, losses)
    references: dict[str, str] = {}
    for id, side, words_below in entries:
        text = "\n".join(words_below).strip()
        see = _SEE.match(text) or _SEE_ALONE.fullmatch(text)
        if id in draft.claims or id in references:
            losses.add(LossKind.DUPLICATE, "A second claim of the same number was left out.", (id,))
        elif side == "question":
            if text != draft.fields.get("title"):
                losses.add(LossKind.TEXT, "A question that theses answer was left out.", (id,))
        elif see is not None:
            references[id] = f"{see[1]}."
            if see.end() < len(text):
                losses.add(LossKind.TEXT, "Words after a reference were left out.", (id,))
        else:
            draft.claims[id] = _claim(id, text, sources, losses)
            if "." not in id.rstrip("."):
                draft.claims[id].kind = ClaimKind.THESIS
    cited = {number for entry in entries for line in entry.lines for number in _CITED.findall(line)}
    unused = "A source that is not a claim's was left out."
    losses.add(
        LossKind.SOURCE, unused, [f"[{number}]" for number in sources if number not in cited]
    )
    for id, side, _ in entries:
        if side not in ("thesis", "question"):
            _relate(draft, id, _KINDS.get(side), references)
    return draft.build()


_KINDS = {"pro": RelationKind.SUPPORTS, "con": RelationKind.ATTACKS}


def _side(match: re.Match[str]) -> str:
    names = ("pro", "con", "thesis", "question")
    return next(
        (name for name, found in zip(names, match.group(3, 4, 5, 6), strict=True) if found), ""
    )


def _entries(lines: Sequence[str], first: int, losses: Losses) -> list[_Entry]:
    """Return the numbered entries from a line on, each with the lines of its text."""
    entries: list[_Entry] = []
    taken: set[str] = set()
    listed = 0  # the last number of a list inside a claim
    below = False  # whether the words of a claim stand below its head
    for number, line in enumerate(lines[first:], start=first + 1):
        match = _numbered(line)
        if match and not _side(match) and entries:
            if below:  # then a head has a side always
                match = None
            elif match[1].isdecimal():
                inside = line[0].isspace() or match[1] in taken or int(match[1]) == listed + 1 > 1
                listed = int(match[1]) if inside else 0
                match = None if inside else match
        if match:
            below = below or (bool(_side(match)) and not match[7].strip() and not entries)
            taken.add(match[1])
            entries.append(_Entry(f"{match[1]}.", _side(match), [match[7]]))
            if len(entries) > limits.CLAIMS + limits.RELATIONS:
                raise FormatError("there are more claims than a map may have", line=number)
        elif entries:
            entries[-1].lines.append(line.strip() if below else line)
        elif line.strip():
            losses.add(
                LossKind.STRUCTURE, "Text before the first claim was left out.", (f"line {number}",)
            )
    return entries


def _sources(lines: Sequence[str], first: int) -> tuple[int, dict[str, list[str]]]:
    """Return where the list of sources at the end begins, and the lines of each source by its number."""
    found: dict[str, list[str]] = {}
    start = next(
        (at for at in range(len(lines) - 1, first, -1) if _SOURCES.fullmatch(lines[at])), None
    )
    if start is None:
        return len(lines), found
    last: list[str] | None = None
    for line in lines[start + 1 :]:
        match = _SOURCE.match(line)
        if match:
            last = found.setdefault(match[1], [])
            last.append(match[2])
        elif last is not None:
            last.append(line)
        elif line.strip():
            return len(lines), {}
    return (start, found) if found else (len(lines), {})


def _numbered(line: str) -> re.Match[str] | None:
    """Match the number and the side of a claim; a number without its last full stop counts only before a side."""
    match = _CLAIM.match(line)
    if match and not match[2] and (match[1].isdecimal() or not (match[3] or match[4])):
        return None
    return match


def _claim(id: str, text: str, sources: dict[str, list[str]], losses: Losses) -> DraftClaim:
    fields: dict[str, Any] = {}
    for words, url in _LINK.findall(text):
        link = fit_fields.url(url)
        if link is None or "source" in fields:
            losses.add(
                LossKind.SOURCE, "A claim has one source; further links were left out.", (id,)
            )
            continue
        title = fit_fields.one_line(_unescaped(words), limits.TITLE, losses, id)
        fields["source"] = {"url": link, **({"title": title} if title else {})}
    text = _LINK.sub(r"\1", text)
    notes: list[str] = []
    for number in dict.fromkeys(_CITED.findall(text)):
        if number in sources:
            source, note = _source(sources[number], losses, f"[{number}]")
            if source and "source" not in fields:
                fields["source"] = source
            else:
                losses.add(
                    LossKind.SOURCE, "A claim has one source; its note has the others.", (id,)
                )
                notes.append(" ".join(line.strip() for line in sources[number]).strip())
                note = None
            notes += [note] if note else []
    if notes:
        fields["note"] = fit_fields.many_lines("\n".join(notes), limits.NOTE, losses, id)
    if sources:
        text = _CITED.sub(lambda match: "" if match[1] in sources else match[0], text)
    return DraftClaim(id, _unescaped(text), None, fields)


def _source(
    lines: Sequence[str], losses: Losses, place: str
) -> tuple[dict[str, Any] | None, str | None]:
    """Return a source of the list at the end, and the words that are quoted from it."""
    whole = "\n".join(line.strip() for line in lines).strip()
    link = _URL.search(whole)
    rest = (whole[: link.start()] + whole[link.end() :]).strip(" \n-–—,:;") if link else whole
    url = fit_fields.url(link[0].rstrip(".,;")) if link else None
    quoted = rest[:1] in ('"', "“", "„", "«", "'", "‘")
    title = (
        None if quoted or "\n" in rest else fit_fields.one_line(rest, limits.TITLE, losses, place)
    )
    source = {**({"url": url} if url else {}), **({"title": title} if title else {})}
    note = None if title else rest or None
    if not source and note:
        title = fit_fields.one_line(" ".join(note.split()), limits.TITLE, losses, place)
        return ({"title": title} if title else None), None
    return source or None, note


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(r"\1", text)


def _relate(draft: Draft, id: str, kind: RelationKind | None, references: dict[str, str]) -> None:
    parent = id[: id[:-1].rfind(".") + 1]
    if not parent:
        if kind is not None:
            draft.losses.add(
                LossKind.DANGLING, "A pro or con without a parent stands alone now.", (id,)
            )
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
