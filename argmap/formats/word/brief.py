"""A map as a brief in Word: theses as blocks, claims as tags with their cites and quotes, styled as debate cards."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from argmap.errors import FormatError
from argmap.formats.outlines.citations import source_in
from argmap.formats.outlines.own_lines import about_relation, fields_of_relation
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.report import Losses, LossKind
from argmap.formats.schemes import name_of, report_schemes, scheme_of
from argmap.formats.source.packages import undated
from argmap.formats.word.cards import TAG, Body, group_tag, head_of, quotes_at
from argmap.formats.word.cites import source_of_cite
from argmap.formats.word.paragraphs import Paragraph, Run
from argmap.formats.writing.outline import Line, outline
from argmap.formats.writing.report_unsaid import report_ids, report_unsaid
from argmap.model import (
    ArgumentMap,
    Claim,
    ClaimKind,
    Quote,
    Relation,
    RelationKind,
    Source,
    limits,
)

if TYPE_CHECKING:
    from docx.document import Document

_SAID = frozenset(
    {"title", "language", "article", "kind", "claim.label", "claim.implicit", "claim.speaker", "claim.source",
     "claim.quotes", "relation.label", "relation.scheme", "relation.implicit", "origin.groups", "origin.cite",
     "origin.body", "origin.spoken"}
)  # fmt: skip
_ID = r"[A-Za-z][A-Za-z0-9_-]{0,63}"
_CLAIM_LINE = re.compile(
    rf"({_ID}) · (thesis|premise|evidence|rebuttal)( · implicit)?(?: · said by (.+))?", re.DOTALL
)
_STEP_LINE = re.compile(
    rf"({_ID}): ({_ID}(?:(?:, | and ){_ID})*)( together)? (support|attack|restate)s? (?:step )?({_ID})"
    r"(?: — (.+))?",
    re.DOTALL,
)
_DOES = {
    "support": RelationKind.SUPPORTS,
    "attack": RelationKind.ATTACKS,
    "restate": RelationKind.RESTATES,
}
_LEVELS = {"pocket": 1, "hat": 2, "block": 3}
STEP, TEXT = "Argmap Step", "Argmap Text"
CITE, SOURCE = "Argmap Cite", "Argmap Source"  # word for word from another file; from fields


def dump(map: ArgumentMap, losses: Losses) -> bytes:
    """Write each thesis as a block, and below it its claims as tags in reading order, answers below what they answer.

    Raises FormatError where python-docx is missing.
    """
    document = _blank_document()
    _report(map, losses)
    told = document.core_properties
    told.author, told.comments = "argmap", ""
    told.title = map.title[:255]
    told.language = map.language or ""
    _fill(document, _paragraphs(map, document))
    out = io.BytesIO()
    document.save(out)
    return undated(out.getvalue())


def _report(map: ArgumentMap, losses: Losses) -> None:
    report_unsaid(map, "docx", _SAID, losses)
    report_schemes(map.relations, losses)
    report_ids(map, "docx", {id: id for id in map.by_id}, losses, map.relations)
    quoted = [claim.id for claim in map.claims if claim.quotes]
    if map.article is not None or quoted:
        around = "Of the article only the paragraphs around quotes are written, and are its text when it is read again."
        losses.add(LossKind.ARTICLE, around)
    losses.add(LossKind.QUOTE, "Quotes stand at other places of the text that is written.", quoted)
    lines = list(outline(map))
    written = [
        line.claim.id for line in lines if line.claim and not line.again and not line.continued
    ]
    steps = [line.relation.id for line in lines if line.relation is not None and not line.linked]
    if written != [c.id for c in map.claims] or steps != [r.id for r in map.relations]:
        losses.add(LossKind.ORDER, "Claims and relations stand in reading order.")
    for claim in map.claims:
        if claim.source is not None and not _cited_exactly(claim):
            losses.add(LossKind.SOURCE, "A source is written as a cite.", (claim.id,))
        if claim.label is not None and claim.label.strip() != claim.label:
            losses.add(LossKind.LABEL, "Blanks around a label are left out.", (claim.id,))
    for relation in map.relations:
        read = fields_of_relation(about_relation(relation))
        again = scheme_of(name_of(relation.scheme)) if relation.scheme else None
        for name, value, kind in (
            ("label", relation.label, LossKind.LABEL),
            ("scheme", again, LossKind.SCHEME),
            ("implicit", relation.implicit or None, LossKind.IMPLICIT),
        ):
            if read.get(name) != value:
                losses.add(kind, f"The {name} of a step is read otherwise.", (relation.id,))


def _cited_exactly(claim: Claim) -> bool:
    assert claim.source is not None  # noqa: S101  the caller looked
    if _extra(claim).get("cite"):
        return True
    runs = _cite_runs(claim.source)
    return _source_of_runs(runs) == claim.source.model_dump(exclude_none=True)


# Writing


def _blank_document() -> "Document":
    try:
        import docx
        from docx.enum.style import WD_STYLE_TYPE
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt, RGBColor
    except ImportError:
        raise FormatError(
            "Word files need the package python-docx; install argmap[office]"
        ) from None

    document = docx.Document()
    styles = document.styles
    normal: Any = styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    normal.paragraph_format.space_after = Pt(6)
    for level, size in ((1, 26), (2, 22), (3, 16), (4, 13)):
        style: Any = styles[f"Heading {level}"]
        style.font.name, style.font.size, style.font.bold = "Calibri", Pt(size), True
        style.font.color.rgb, style.font.italic = RGBColor(0, 0, 0), False
        for mark in style.element.rPr.findall(f"{{{_NAMESPACE}}}rFonts"):
            for name in [name for name in mark.attrib if "Theme" in name]:
                del mark.attrib[name]
        style.paragraph_format.space_before = Pt(14 if level == TAG else 18)
        style.paragraph_format.space_after = Pt(2)
        if level < TAG:
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
            style.font.underline = level == 3
    styles["Title"].font.color.rgb = RGBColor(0, 0, 0)
    cite: Any = styles.add_style("Style 13 pt Bold", WD_STYLE_TYPE.CHARACTER)
    cite.font.size, cite.font.bold = Pt(13), True
    read: Any = styles.add_style("Style Underline", WD_STYLE_TYPE.CHARACTER)
    read.font.underline = True
    for name, size, grey in (
        (STEP, 8, True),
        (TEXT, 11, False),
        (CITE, 11, False),
        (SOURCE, 11, False),
    ):
        added: Any = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        added.base_style = normal
        added.font.size = Pt(size)
        added.paragraph_format.space_after = Pt(4)
        added.paragraph_format.keep_with_next = name != TEXT
        if grey:
            added.font.color.rgb = RGBColor(0x59, 0x59, 0x59)
    return document


_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _fill(document: "Document", paragraphs: Iterable[str]) -> None:
    """Put paragraphs into a document as XML: setting the style of each run through python-docx takes far longer."""
    from docx.oxml import parse_xml

    body = document.element.body
    xml = f'<w:body xmlns:w="{_NAMESPACE}">{"".join(paragraphs)}</w:body>'
    for element in reversed(list(parse_xml(xml))):
        body.insert(0, element)


def _paragraph(style: str | None, runs: Iterable[str]) -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{''.join(runs)}</w:p>"


def _run(text: str, style: str | None = None, spoken: bool = False) -> str:
    """Write a stretch of words; tabs and line breaks have elements of their own."""
    marks = f'<w:rStyle w:val="{style}"/>' if style else ""
    marks += '<w:highlight w:val="yellow"/>' if spoken else ""
    parts: list[str] = []
    for piece in re.split(r"([\n\t])", text):
        if piece == "\n":
            parts.append("<w:br/>")
        elif piece == "\t":
            parts.append("<w:tab/>")
        elif piece:
            parts.append(f'<w:t xml:space="preserve">{escape(piece)}</w:t>')
    return f"<w:r>{f'<w:rPr>{marks}</w:rPr>' if marks else ''}{''.join(parts)}</w:r>"


def _paragraphs(map: ArgumentMap, document: "Document") -> Iterator[str]:
    if map.title:
        yield _paragraph("Title", [_run(map.title)])
    if map.article is not None and map.article.citation() != f"“{map.title}”":
        yield _paragraph(None, [_run(map.article.citation())])
    groups: dict[str, Any] = {}
    for line in outline(map):
        claim = line.claim
        if claim is not None and not line.again and not line.continued:
            told = _extra(claim).get("groups")
            if isinstance(told, dict) and told != groups:
                yield from _group_headings(told, groups)
                groups = told
            yield from _claim(claim, line, map)
        if line.relation is not None and not line.linked:
            yield _paragraph("ArgmapStep", [_run(_step(line.relation, map))])
        if claim is not None and not line.again and not line.continued:
            yield from _evidence(claim, map, document)


def _group_headings(told: dict[str, Any], before: dict[str, Any]) -> Iterator[str]:
    changed = False
    for name, level in _LEVELS.items():
        words = told.get(name)
        changed = changed or words != before.get(name)
        if changed and isinstance(words, str):
            yield _paragraph(f"Heading{level}", [_run(words)])


def _claim(claim: Claim, line: Line, map: ArgumentMap) -> Iterator[str]:
    block = line.depth == 0 and (claim.kind is ClaimKind.THESIS or not _extra(claim))
    yield _paragraph("Heading3" if block else "Heading4", [_run(claim.label or claim.text)])
    told = [claim.id, claim.kind.value] + (["implicit"] if claim.implicit else [])
    told += [f"said by {claim.speaker}"] if claim.speaker else []
    yield _paragraph("ArgmapStep", [_run(" · ".join(told))])
    if claim.label:
        yield _paragraph("ArgmapText", [_run(claim.text)])


def _step(relation: Relation, map: ArgumentMap) -> str:
    sources = relation.sources
    listed = (
        sources[0] if len(sources) == 1 else f"{', '.join(sources[:-1])} and {sources[-1]} together"
    )
    verb = relation.kind.value if len(sources) == 1 else relation.kind.value.removesuffix("s")
    step = "step " if map.relation(relation.target) is not None else ""
    about = about_relation(relation)
    return f"{relation.id}: {listed} {verb} {step}{relation.target}{f' — {about}' if about else ''}"


def _evidence(claim: Claim, map: ArgumentMap, document: "Document") -> Iterator[str]:
    """Write the cite of a claim, and the paragraphs in which its quotes stand."""
    cite = _extra(claim).get("cite")
    url = claim.source.url if claim.source is not None else None
    if isinstance(cite, str) and cite:
        note = claim.note or ""
        for line in note.removeprefix(cite).split("\n") if note.startswith(f"{cite}\n") else ():
            if line:
                yield _paragraph(None, [_run(line)])
        head = _marked_head(claim, cite)
        runs = [_run(cite[:head], "Style13ptBold")] if head else []
        yield _paragraph("ArgmapCite", [*runs, *_linked(cite[head:], url, document)])
    elif claim.source is not None:
        yield _paragraph(
            "ArgmapSource",
            [
                piece
                for run in _cite_runs(claim.source)
                for piece in (
                    [_run(run.text, "Style13ptBold")]
                    if run.cite
                    else _linked(run.text, url, document)
                )
            ],
        )
    text = map.article.text if map.article is not None else None
    placed = (
        [quote for quote in claim.quotes if quote.start is not None] if text is not None else []
    )
    body = _extra(claim).get("body")
    if text is not None and placed:
        yield from _body(claim, text, placed, body)
    for quote in claim.quotes:
        if quote not in placed:
            yield _paragraph(None, [_run(quote.exact, "StyleUnderline")])


def _linked(text: str, url: str | None, document: "Document") -> list[str]:
    """Write words with a link where the address stands in them, or looks to stand in them."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    if url is None:
        return [_run(text)]
    at = text.find(url)
    end = at + len(url)
    if at < 0:
        found = re.search(r"\b[a-z]{2,8}://[^\s)\]]{1,2000}", text)
        at, end = found.span() if found else (len(text), len(text))
    id = document.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    shown = _run(text[at:end] or " ")
    link = f'<w:hyperlink xmlns:r="{_RELATIONS}" r:id="{id}" w:history="1">{shown}</w:hyperlink>'
    return [_run(text[:at]), link, *([_run(text[end:])] if text[end:] else [])]


def _marked_head(claim: Claim, cite: str) -> int:
    """Return how many letters of a cite are its author and date, which are set bold."""
    source = claim.source
    if source is None or not source.author or not cite.startswith(source.author):
        return 0
    year = re.compile(r"[ ,('’]{1,4}\d[\d/.-]{1,9}").match(cite, len(source.author))
    return year.end() if year else len(source.author)


def _body(claim: Claim, text: str, quotes: Sequence[Quote], body: Any) -> Iterator[str]:
    spans = sorted((q.start, q.end) for q in quotes if q.start is not None and q.end is not None)
    start, end = _extent(text, spans, body)
    spoken: list[tuple[int, int]] = []
    told = _extra(claim).get("spoken")
    if [start, end] == body and isinstance(told, list):
        spoken = [
            (start + pair[0], start + pair[0] + pair[1])
            for pair in told
            if isinstance(pair, list) and len(pair) == 2 and all(isinstance(n, int) for n in pair)
        ]
    at = start
    for piece in re.split(r"(\n\n+)", text[start:end]):
        if piece and not piece.startswith("\n\n"):
            yield _paragraph(None, _marked_runs(text, at, at + len(piece), spans, spoken))
        at += len(piece)


def _extent(text: str, spans: Sequence[tuple[int, int]], body: Any) -> tuple[int, int]:
    """Return from where to where paragraphs are written: all of a card, else those that the quotes stand in."""
    first, last = spans[0][0], max(end for _, end in spans)
    if (
        isinstance(body, list)
        and len(body) == 2
        and all(isinstance(place, int) for place in body)
        and 0 <= body[0] <= first
        and last <= body[1] <= len(text)
    ):
        return body[0], body[1]
    start = text.rfind("\n\n", 0, first)
    end = text.find("\n\n", last)
    return (start + 2 if start >= 0 else 0), (end if end >= 0 else len(text))


def _marked_runs(
    text: str,
    start: int,
    end: int,
    read: Sequence[tuple[int, int]],
    spoken: Sequence[tuple[int, int]],
) -> Iterator[str]:
    """Cut a paragraph where what is read or spoken begins and ends."""
    edges = {start, end}
    for begin, stop in (*read, *spoken):
        edges |= {edge for edge in (begin, stop) if start < edge < end}
    places = sorted(edges)
    for begin, stop in pairwise(places):
        aloud = any(a <= begin and stop <= b for a, b in spoken)
        marked = aloud or any(a <= begin and stop <= b for a, b in read)
        yield _run(text[begin:stop], "StyleUnderline" if marked else None, aloud)


def _cite_runs(source: Source) -> list[Run]:
    """Write a source as a cite: author and date bold, the rest in brackets."""
    runs: list[Run] = []
    inside = [f"“{source.title}”" if source.title else None, source.publication]
    if source.author:
        runs.append(Run(source.author, False, False, True, True))
        if source.date:
            runs += [
                Run(" ", False, False, False, False),
                Run(source.date, False, False, True, True),
            ]
    else:
        inside.append(source.date)
    inside.append(source.url)
    rest = ", ".join(part for part in inside if part)
    if rest:
        runs.append(Run(f" ({rest})" if runs else rest, False, False, False, False))
    return runs


def _source_of_runs(runs: Sequence[Run]) -> dict[str, str]:
    """Read what `_cite_runs` wrote."""
    marked = [run.text for run in runs if run.cite]
    last = max((at for at, run in enumerate(runs) if run.cite), default=-1)
    rest = "".join(run.text for run in runs[last + 1 :])
    if marked:
        rest = rest.removeprefix(" (").removesuffix(")")
    source = source_in(rest) if rest else {}
    if len(marked) > 1 and "date" in source:
        source["publication"] = ", ".join(
            p for p in (source.get("publication"), source.pop("date")) if p
        )
    if marked and "title" in source and "“" not in rest:
        source["publication"] = source.pop("title")
    return source | dict(zip(("author", "date"), marked, strict=False))


def _extra(claim: Claim) -> dict[str, Any]:
    origin = claim.origin
    return dict(origin.extra) if origin is not None and origin.format == "docx" else {}


# Reading


def is_brief(paragraphs: Iterable[Paragraph]) -> bool:
    """Say whether a file was written by argmap."""
    return any(paragraph.style == "argmapstep" for paragraph in paragraphs)


def read_brief(paragraphs: Sequence[Paragraph], draft: Draft) -> ArgumentMap:
    """Read a brief back: claims with the lines below them that say their ids, kinds and steps."""
    body = Body()
    claim: DraftClaim | None = None
    below: list[Paragraph] = []
    groups: dict[str, str] = {}
    places: list[tuple[DraftClaim, list[list[int]]]] = []

    def close() -> None:
        if claim is not None and below:
            _close(claim, list(below), body, places, draft)
        below.clear()

    heading: Paragraph | None = None
    for number, paragraph in enumerate(paragraphs, start=1):
        if paragraph.level:
            if heading is not None and heading.level < TAG:
                _open_group(heading, groups)
            close()
            heading, claim = paragraph, None
        elif paragraph.style == "title" and not draft.claims:
            draft.fields["title"] = fit_fields.one_line(paragraph.text, limits.TITLE, draft.losses)
        elif paragraph.style == "argmapstep":
            named = _CLAIM_LINE.fullmatch(paragraph.text)
            if named is not None and heading is not None:
                claim = _open_claim(heading, named, groups, draft)
                heading = None
            elif not _read_step(paragraph.text, draft):
                odd = "A line below a tag that says neither a claim nor a step was left out."
                draft.losses.add(LossKind.STRUCTURE, odd, (f"paragraph {number}",))
        elif paragraph.style == "argmaptext" and claim is not None:
            claim.fields["label"] = fit_fields.one_line(claim.text, limits.LABEL, draft.losses)
            claim.text = paragraph.text
        elif paragraph.text.strip() and claim is not None:
            below.append(paragraph)
        elif heading is not None and heading.level < TAG and paragraph.text.strip():
            _open_group(heading, groups)
            heading = None
        draft.refuse_many()
    close()
    whole = "".join(body.parts)
    text = whole[: limits.ARTICLE_TEXT]
    for found, read in places:
        found.fields["quotes"] = quotes_at(read, whole, text, draft, found.id or "")
    if text.strip():
        draft.fields["article"] = {
            "title": draft.fields.get("title") or "Debate cards",
            "text": text,
        }
    return draft.build()


def _open_group(heading: Paragraph, groups: dict[str, str]) -> None:
    """Take a heading that is not a claim's as a group of cards."""
    for name, level in _LEVELS.items():
        if level >= heading.level:
            groups.pop(name, None)
        if level == heading.level:
            groups[name] = heading.text[: limits.TITLE]


def _open_claim(
    heading: Paragraph, named: re.Match[str], groups: dict[str, str], draft: Draft
) -> DraftClaim:
    fields: dict[str, Any] = {"implicit": True} if named[3] else {}
    if named[4]:
        fields["speaker"] = fit_fields.one_line(named[4], limits.NAME, draft.losses, named[1])
    extra: dict[str, Any] = {"groups": dict(groups)} if groups and heading.level == TAG else {}
    if extra:
        fields["tags"] = (group_tag(next(reversed(groups.values()))),)
    claim = DraftClaim(named[1], heading.text, ClaimKind(named[2]), fields, extra)
    if named[1] in draft.claims:
        draft.losses.add(
            LossKind.DUPLICATE, "A second claim of the same id was left out.", (named[1],)
        )
    else:
        draft.claims[named[1]] = claim
    return claim


def _read_step(text: str, draft: Draft) -> bool:
    step = _STEP_LINE.fullmatch(text)
    if step is None or step[1] in draft.relations:
        return False
    sources = re.split(r", | and ", step[2])
    fields = fields_of_relation(step[6]) if step[6] else {}
    if "label" in fields:
        fields["label"] = fit_fields.one_line(fields["label"], limits.LABEL, draft.losses, step[1])
    draft.relations[step[1]] = DraftRelation(step[1], _DOES[step[4]], sources, step[5], fields)
    return True


def _close(
    claim: DraftClaim,
    below: list[Paragraph],
    body: Body,
    places: list[tuple[DraftClaim, list[list[int]]]],
    draft: Draft,
) -> None:
    """Take the paragraphs below a tag as its cite and the words that it quotes."""
    first = below[0]
    raw = next((at for at, p in enumerate(below) if p.style == "argmapcite"), None)
    if first.style == "argmapsource":
        claim.fields["source"] = _source_of_runs(first.runs) or None
        below = below[1:]
    elif raw is not None:
        place, cite = claim.id or "", below[raw]
        whole = " ".join(cite.text.split())
        claim.fields["source"] = source_of_cite(
            whole, head_of(cite), cite.links, draft.losses, place
        )
        lines = [whole, *(paragraph.text for paragraph in below[:raw])]
        claim.fields["note"] = fit_fields.many_lines(
            "\n".join(lines), limits.NOTE, draft.losses, place
        )
        claim.extra["cite"] = whole[:1_500]
        below = below[raw + 1 :]
    if not below:
        return
    start, end, read, spoken = body.add(below)
    if "cite" in claim.extra:
        claim.extra["body"] = [start, end]
        claim.extra["spoken"] = [[begin - start, stop - begin] for begin, stop in spoken]
    places.append((claim, [span for span in read if span[0] < span[1]]))
