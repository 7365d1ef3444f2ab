"""Pictures on paper: PDF with real fonts and text that can be selected, on one sheet, several, or with a handout."""

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import fontpkg_inter

from argmap.errors import BadValue, EngineUnavailable, PictureTooLarge
from argmap.model import ArgumentMap, RelationKind
from argmap.picture import text
from argmap.picture.cards import TAG
from argmap.picture.export.sheets import EDGE, SHEETS, Branch
from argmap.picture.layout import Layout
from argmap.picture.outline import Entry, outline
from argmap.picture.reading import listed

OVERLAP = 30  # of neighbouring sheets of a poster, in points
_BETWEEN = 6  # points before a card at which the next sheet may begin
_LEAST_SHARE = 0.4  # of a sheet, that is seen before the next begins
_Box = tuple[float, float, float, float]
_SMALLEST = 2 * (
    EDGE + OVERLAP
)  # sheet of a poster: smaller ones would show what overlaps and nothing else
_NAMED_BY = 60  # characters of a title in the foot of a sheet
_NAMED = 3  # claims at the top of one sheet that are listed
_VERBS = {"supports": "for", "attacks": "against", "restates": "again"}


def pdf(
    map: ArgumentMap,
    svg: str,
    sheet: tuple[int, int],
    scale: float | None,
    branches: Sequence[Branch],
    handout: bool,
    layout: Layout | None = None,
) -> bytes:
    """Set a picture on paper.

    svg: written plain. sheet: width and height in points. scale: that at which the picture is spread over as many
    sheets as it needs, with marks where they overlap; None fits it on one. branches: parts of it that follow on sheets
    of their own; the whole then says which sheet has what. layout: that of the picture, so that sheets of a poster end
    between cards. handout: pages with the title, the article and a numbered
    outline with all texts and sources follow.
    Raises PictureTooLarge when it would take too many sheets, BadValue for a scale that is none and a sheet that has no
    room, EngineUnavailable when the typesetter fails.
    """
    if scale is not None and not 0 < scale < math.inf:
        raise BadValue(f"poster: {scale:g} is not a scale; a scale is a number over 0")
    least = 2 * EDGE + 1 if scale is None else _SMALLEST
    if min(sheet) < least:
        raise BadValue(
            f"page: a sheet of {sheet[0]}x{sheet[1]} has no room; both sides need {least} points"
        )
    width, height = _size(svg)
    title = map.title or "Argument map"
    data = {
        "title": title,
        "name": title
        if len(title) <= _NAMED_BY
        else title[: _NAMED_BY - 1].rstrip() + text.ELLIPSIS,
        "article": map.article.citation() if map.article else "",
        "sheet": sheet,
        "tiles": _tiles(svg, sheet, scale, layout) if scale else [],
        "size": [width * (scale or 1), height * (scale or 1)],
        "branches": [_branch(branch, svg) for branch in branches],
        "entries": _entries(map) if handout else [],
    }
    words = json.dumps(data, ensure_ascii=False)
    files = {
        "main.typ": _TEMPLATE.encode(),
        "map.svg": svg.encode(),
        "data.json": words.encode(),
        **{f"sheet-{branch.number}.svg": branch.svg.encode() for branch in branches},
    }
    try:
        import typst
    except ImportError:
        raise EngineUnavailable("PDF needs the package typst; install argmap[paper]") from None
    # files are given as a mapping, which the package's types do not know yet
    compile: Callable[..., bytes] = typst.compile
    try:
        return compile(
            files,
            font_paths=[Path(fontpkg_inter.ROOT) / "files"],
            ignore_system_fonts=text.is_covered(
                "".join([svg, words, *(branch.svg for branch in branches)])
            ),
        )
    except typst.TypstError as error:
        raise EngineUnavailable(f"the picture cannot be set as PDF: {error.message}") from error


def _size(svg: str) -> tuple[float, float]:
    width, height = _SIZE.findall(svg[:1_000])[:2]
    return float(width), float(height)


_SIZE = re.compile(r'(?:width|height)="([0-9.]+)pt"')
_ORIGIN = re.compile(r'viewBox="(-?[0-9.]+) (-?[0-9.]+) ')


def scale_on(svg: str, sheet: tuple[int, int]) -> float:
    """Return by how much a picture is scaled to stand on a sheet: at most 1."""
    width, height = _size(svg)
    return min(1.0, (sheet[0] - 2 * EDGE) / width, (sheet[1] - 2 * EDGE) / height)


def _branch(branch: Branch, svg: str) -> dict[str, Any]:
    """Say what the sheet of a branch is, and where the picture of the whole has its marks, from that's top left."""
    left, top = _ORIGIN.findall(svg[:1_000])[0]
    page = branch.page
    names = [f"{root.kind.capitalize()} {root.id}" for root in page.roots[:_NAMED]]
    rest = len(page.roots) - len(names)
    first = page.roots[0]
    return {
        "number": branch.number,
        "names": ", ".join(names) + (f" and {rest} more" if rest else ""),
        "again": ", continued" if page.again else "",
        "more": f", continued with {listed(page.marks)}" if page.again else "",
        "words": "" if page.again or len(page.roots) > 1 else first.label or first.text,
        "claims": len(page.map.claims),
        "size": _size(branch.svg),
        "marks": [[x - float(left), y - float(top)] for x, y in branch.corners],
    }


def _tiles(
    svg: str, sheet: tuple[int, int], scale: float, layout: Layout | None
) -> list[dict[str, float | str]]:
    """Return the part of the scaled picture that each sheet of a poster shows, with a name such as B2.

    Sheets end between cards where they can, columns of sheets on their own; none is blank. `right` and `below` say how
    much of the next sheet is seen there as well, to be laid over it; 0 at the edges of the poster.
    """
    width, height = (length * scale for length in _size(svg))
    left, top = (float(number) * scale for number in _ORIGIN.findall(svg[:1_000])[0])
    room = sheet[0] - 2 * EDGE, sheet[1] - 2 * EDGE
    count = math.ceil(width / (room[0] - OVERLAP)) * math.ceil(height / (room[1] - OVERLAP))
    if count > SHEETS:
        raise PictureTooLarge(
            f"the poster would take {count} sheets; choose a smaller scale or a larger sheet"
        )
    cards, ink = _boxes(layout, scale, left, top)
    found: list[dict[str, float | str]] = []
    columns = _cuts(width, room[0], [(x, right) for x, _, right, _ in cards])
    for column, (x, next_x) in enumerate(zip(columns, [*columns[1:], width], strict=True)):
        own = [box for box in cards if box[0] < next_x and box[2] > x]
        rows = _cuts(height, room[1], [(y, bottom) for _, y, _, bottom in own])
        for row, (y, next_y) in enumerate(zip(rows, [*rows[1:], height], strict=True)):
            inked = any(
                a < next_x and c > x and b < next_y and d > y for a, b, c, d in (*own, *ink)
            )
            if inked or layout is None:
                found.append(
                    {
                        "x": x,
                        "y": y,
                        "name": f"{_letter(row)}{column + 1}",
                        "right": x + room[0] - next_x if next_x < width else 0.0,
                        "below": y + room[1] - next_y if next_y < height else 0.0,
                    }
                )
    return found


def _boxes(
    layout: Layout | None, scale: float, left: float, top: float
) -> tuple[list[_Box], list[_Box]]:
    """Return the boxes that cards take on a poster, and those that anything else takes."""
    if layout is None:
        return [], []

    def scaled(x: float, y: float, right: float, bottom: float) -> _Box:
        return x * scale - left, y * scale - top, right * scale - left, bottom * scale - top

    cards = [scaled(x, y - TAG, x + card.width, y + card.height) for card, x, y in layout.cards]
    ink = [
        scaled(min(x, a), min(y, b), max(x, a), max(y, b))
        for route in layout.routes
        if route.seen != ()
        for (x, y), (a, b) in pairwise(route.points)
    ]
    head = (0.0, 0.0, layout.width * scale, -top)
    return cards, [*ink, head]


def _cuts(length: float, room: float, spans: Sequence[tuple[float, float]]) -> list[float]:
    """Return where sheets begin along a side of a poster, so that as few cards as can be are whole on none."""
    found = [0.0]
    while found[-1] + room < length:
        end_here = found[-1] + room
        last, first = end_here - OVERLAP, found[-1] + room * _LEAST_SHARE
        begins = [start - _BETWEEN for start, _ in spans if first <= start - _BETWEEN <= last]
        found.append(min([last, *begins], key=lambda at: (_torn(spans, at, end_here), -at)))
    return found


def _torn(spans: Sequence[tuple[float, float]], begin: float, end: float) -> int:
    """Count what ends after one sheet does and starts before the next begins."""
    return sum(start < begin and stop > end for start, stop in spans)


def _letter(row: int) -> str:
    return chr(ord("A") + row) if row < 26 else f"{_letter(row // 26 - 1)}{_letter(row % 26)}"


def _entries(map: ArgumentMap) -> list[dict[str, str | int]]:
    entries = outline(map)
    numbers = {entry.claim.id: entry.number for entry in entries}
    return [_entry(entry, _verb(entry, map, numbers)) for entry in entries]


def _verb(entry: Entry, map: ArgumentMap, numbers: Mapping[str, str]) -> str:
    """Say what a claim does to the one above it: alone or together with which others, and to which step if to one."""
    relation = entry.relation
    if relation is None:
        return ""
    verb = _VERBS[relation.kind]
    step = map.relation(relation.target)
    if step is not None:
        verb = "undercuts" if relation.kind is RelationKind.ATTACKS else "backs"
        goal = numbers.get(step.target)
        verb += f" the step from {_numbered(step.sources, numbers)}" + (
            f" to {goal}" if goal else ""
        )
    others = [source for source in relation.sources if source != entry.claim.id]
    return f"{verb}, together with {_numbered(others, numbers)}" if others else verb


def _numbered(claims: Sequence[str], numbers: Mapping[str, str]) -> str:
    """List the numbers of claims, of many the first ones."""
    shown = [numbers.get(claim, claim) for claim in claims[:6]]
    more = len(claims) - len(shown)
    last = [f"{more} more"] if more else shown[-1:]
    first = shown if more else shown[:-1]
    return f"{', '.join(first)} and {last[0]}" if first else last[0]


def _entry(entry: Entry, verb: str) -> dict[str, str | int]:
    claim = entry.claim
    source = claim.source.citation() if claim.source else ""
    return {
        "number": entry.number,
        "depth": min(entry.number.count("."), 8),
        "kind": str(claim.kind) + (", implicit" if claim.implicit else ""),
        "verb": verb,
        "label": claim.label or "",
        "text": claim.text,
        "speaker": claim.speaker or "",
        "source": source,
        "url": (claim.source.url or "") if claim.source else "",
        "id": claim.id,
    }


# All words come from data.json as strings, which Typst never reads as markup.
_TEMPLATE = """
#let data = json("data.json")
#let (wide, high) = data.sheet.map(n => n * 1pt)
#let margin = 20pt
#set document(title: data.title)
#set text(font: "Inter", size: 10pt, fill: rgb("#1b2230"))
#set page(width: wide, height: high, margin: margin)
#let map(..size) = image("map.svg", alt: data.title, ..size)
#let foot(words) = place(bottom + right, dy: 13pt, text(7pt, fill: luma(90), words))
#if data.branches.len() > 0 {
  let mark(number) = box(fill: black, radius: 6pt, inset: (x: 3.5pt, y: 2pt), text(7pt, white, weight: 700, number))
  let leads(branch, words) = link((page: branch.number, x: 0pt, y: 0pt), words)
  page({
    grid(rows: (1fr, auto), row-gutter: 10pt,
      layout(room => {
        let scale = calc.min(1, room.width / (data.size.at(0) * 1pt), room.height / (data.size.at(1) * 1pt))
        let (across, down) = data.size.map(n => n * scale * 1pt)
        align(center + horizon, box(width: across, height: down, {
          map(width: 100%, height: 100%)
          for branch in data.branches {
            for (x, y) in branch.marks {
              place(top + left, dx: x * scale * 1pt - 7pt, dy: y * scale * 1pt - 7pt,
                leads(branch, mark(str(branch.number))))
            }
          }
        }))
      }),
      {
        let many = data.branches.len() > 12
        let across = calc.max(1, calc.floor(wide / if many { 150pt } else { 260pt }))
        set text(if many { 6.5pt } else { 8pt })
        let entry(branch) = block(below: 5pt, leads(branch, grid(columns: (22pt, 1fr), mark(str(branch.number)), {
          text(weight: 600, branch.names + if many { branch.again } else { branch.more })
          if branch.words != "" and not many { ". " + branch.words }
          text(fill: luma(80), " (" + str(branch.claims) + " claims)")
        })))
        grid(columns: (1fr,) * across, column-gutter: 8pt,
          ..data.branches.chunks(calc.ceil(data.branches.len() / across)).map(part => part.map(entry).join()))
      })
    foot(data.name + " · sheet 1 of " + str(data.branches.len() + 1) + ": the main claims, and which sheet has what")
  })
  for branch in data.branches {
    page({
      layout(room => {
        let (width, height) = branch.size.map(n => n * 1pt)
        let scale = calc.min(1, room.width / width, room.height / height)
        align(center + horizon, image("sheet-" + str(branch.number) + ".svg",
          width: width * scale, height: height * scale, alt: branch.names + branch.more))
      })
      foot(link((page: 1, x: 0pt, y: 0pt), data.name + " · sheet " + str(branch.number) + " of "
        + str(data.branches.len() + 1)))
    })
  }
} else if data.tiles.len() == 0 {
  align(center + horizon, map(width: 100%, height: 100%, fit: "contain"))
} else {
  for tile in data.tiles {
    page({
      // where the next sheet is laid over this one
      let seam = .4pt + luma(150)
      let dashes = (paint: luma(150), thickness: .4pt, dash: "dashed")
      box(width: 100%, height: 100%, clip: true, stroke: seam, {
        place(top + left, dx: -tile.x * 1pt, dy: -tile.y * 1pt,
          map(width: data.size.at(0) * 1pt, height: data.size.at(1) * 1pt))
        if tile.right > 0 {
          place(top + right, dx: -tile.right * 1pt, line(length: 100%, angle: 90deg, stroke: dashes))
        }
        if tile.below > 0 {
          place(bottom + left, dy: -tile.below * 1pt, line(length: 100%, stroke: dashes))
        }
      })
      foot(data.name + " · " + tile.name)
    })
  }
}
#if data.entries.len() > 0 {
  // upright, and on A4 where a small sheet has no room for lines of text
  let (short, long) = (calc.min(wide, high), calc.max(wide, high))
  if short < 300pt { (short, long) = (595pt, 842pt) }
  set page(width: short, height: long, margin: 50pt, numbering: "1")
  // words that no line could hold may break anywhere; scripts without spaces break by their own rules
  show regex("[^\\s\\p{Lo}]{30,}|[\\p{Arabic}\\p{Hebrew}]{30,}"): word => word.text.clusters().join(sym.zws)
  heading(text(18pt, data.title))
  if data.article != "" { block(below: 18pt, text(fill: luma(80), data.article)) }
  for entry in data.entries {
    pad(left: entry.depth * 14pt, block(below: 9pt, breakable: false, {
      text(8pt, weight: 700, fill: luma(70), upper(entry.number + "  " +
        if entry.verb != "" { entry.verb + " · " } else { "" } + entry.kind))
      h(1fr)
      text(8pt, fill: luma(90), entry.id)
      linebreak()
      if entry.label != "" { text(weight: 700, entry.label + ". ") }
      text(entry.text)
      if entry.speaker != "" { text(weight: 600, 9pt, "  — " + entry.speaker) }
      if entry.source != "" {
        linebreak()
        let words = text(8.5pt, fill: luma(80), entry.source)
        if entry.url != "" { link(entry.url, words) } else { words }
      }
    }))
  }
}
"""
