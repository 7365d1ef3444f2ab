"""Pictures on paper: PDF with real fonts and text that can be selected, on one sheet, several, or with a handout."""

import json
import math
import re
from collections.abc import Callable
from pathlib import Path

import fontpkg_inter

from argmap.errors import BadValue, EngineUnavailable, PictureTooLarge
from argmap.model import ArgumentMap
from argmap.picture import text
from argmap.picture.outline import Entry, outline

MARGIN = 20  # of a sheet, in points
OVERLAP = 30  # of neighbouring sheets of a poster, in points
SHEETS = 100  # of one poster, at most
_VERBS = {"supports": "for", "attacks": "against", "restates": "again"}


def pdf(
    map: ArgumentMap, svg: str, sheet: tuple[int, int], poster: float | None, handout: bool
) -> bytes:
    """Set a picture on paper.

    svg: written plain. sheet: width and height in points. poster: the scale at which the picture is spread over as many
    sheets as it needs, with marks where they overlap; None fits it on one. handout: pages with the title, the article
    and a numbered outline with all texts and sources follow.
    Raises PictureTooLarge when it would take too many sheets, BadValue for a scale that is none, EngineUnavailable when
    the typesetter fails.
    """
    if poster is not None and not 0 < poster < math.inf:
        raise BadValue(f"poster: {poster:g} is no scale; it is a number over 0")
    width, height = (float(number) for number in _SIZE.findall(svg[:1_000])[:2])
    data = {
        "title": map.title or "Argument map",
        "article": map.article.citation() if map.article else "",
        "sheet": sheet,
        "overlap": OVERLAP,
        "tiles": _tiles(width, height, sheet, poster) if poster else [],
        "size": [width * (poster or 1), height * (poster or 1)],
        "entries": [_entry(entry) for entry in outline(map)] if handout else [],
    }
    words = json.dumps(data, ensure_ascii=False)
    files = {
        "main.typ": _TEMPLATE.encode(),
        "map.svg": svg.encode(),
        "data.json": words.encode(),
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
            ignore_system_fonts=text.is_covered(svg + words),
        )
    except typst.TypstError as error:
        raise EngineUnavailable(f"the picture cannot be set as PDF: {error.message}") from error


_SIZE = re.compile(r'(?:width|height)="([0-9.]+)pt"')


def _tiles(
    width: float, height: float, sheet: tuple[int, int], scale: float
) -> list[dict[str, float | str | bool]]:
    """Return the part of the scaled picture that each sheet of a poster shows, with a name such as B2."""
    room = (sheet[0] - 2 * MARGIN, sheet[1] - 2 * MARGIN)
    steps = (room[0] - OVERLAP, room[1] - OVERLAP)
    across = max(1, math.ceil((width * scale - OVERLAP) / steps[0]))
    down = max(1, math.ceil((height * scale - OVERLAP) / steps[1]))
    if across * down > SHEETS:
        raise PictureTooLarge(
            f"the poster would take {across * down} sheets; choose a smaller scale or a larger sheet"
        )
    return [
        {
            "x": column * steps[0],
            "y": row * steps[1],
            "name": f"{_letter(row)}{column + 1}",
            "right": column < across - 1,
            "below": row < down - 1,
        }
        for row in range(down)
        for column in range(across)
    ]


def _letter(row: int) -> str:
    return chr(ord("A") + row) if row < 26 else f"{_letter(row // 26 - 1)}{_letter(row % 26)}"


def _entry(entry: Entry) -> dict[str, str | int]:
    claim = entry.claim
    source = claim.source.citation() if claim.source else ""
    return {
        "number": entry.number,
        "depth": min(entry.number.count("."), 8),
        "kind": str(claim.kind) + (", implicit" if claim.implicit else ""),
        "verb": _VERBS[entry.relation.kind] if entry.relation else "",
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
#if data.tiles.len() == 0 {
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
        if tile.right {
          place(top + right, dx: -data.overlap * 1pt, line(length: 100%, angle: 90deg, stroke: dashes))
        }
        if tile.below {
          place(bottom + left, dy: -data.overlap * 1pt, line(length: 100%, stroke: dashes))
        }
      })
      place(bottom + right, dy: 13pt, text(7pt, fill: luma(90), data.title + " · " + tile.name))
    })
  }
}
#if data.entries.len() > 0 {
  set page(width: calc.min(wide, high), height: calc.max(wide, high), margin: 50pt, numbering: "1")
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
