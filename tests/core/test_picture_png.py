"""Pictures as PNG."""

import html
import math
import re
import struct
import zlib
from itertools import pairwise

import pytest

from argmap import picture
from argmap.errors import BadValue, PictureTooLarge
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation
from argmap.picture import Options, Theme, text
from argmap.picture.export import png
from argmap.picture.svg import script_runs
from argmap.picture.theme import PALETTES, STYLES

MAP = ArgumentMap(
    title="Borders",
    claims=tuple(
        Claim(id=f"c{number}", kind=kind, text="Words that need more than one line on their card.")
        for number, kind in enumerate(ClaimKind, 1)
    ),
    relations=(
        Relation(id="r1", kind="supports", sources=("c2", "c3"), target="c1"),
        Relation(id="r2", kind="attacks", sources=("c4",), target="c1"),
    ),
)


def pixels(png: bytes) -> tuple[int, int, list[bytes]]:
    """Return width, height and the rows of an 8-bit RGBA picture (PNG specification, filters 0 to 4)."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    place, data, header = 8, b"", b""
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        name, content = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        header = content if name == b"IHDR" else header
        data += content if name == b"IDAT" else b""
        place += 12 + length
    width, height, depth, color = struct.unpack(">IIBB", header[:10])
    assert (depth, color) == (8, 6)
    raw, step = zlib.decompress(data), width * 4
    rows: list[bytes] = []
    above = bytes(step)
    for number in range(height):
        start = number * (step + 1)
        row = _unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + step]), above)
        rows.append(row)
        above = row
    return width, height, rows


def _unfiltered(kind: int, row: bytearray, above: bytes) -> bytes:
    for place in range(len(row)):
        left = row[place - 4] if place >= 4 else 0
        up = above[place]
        corner = above[place - 4] if place >= 4 else 0
        if kind == 1:
            row[place] = (row[place] + left) & 255
        elif kind == 2:
            row[place] = (row[place] + up) & 255
        elif kind == 3:
            row[place] = (row[place] + (left + up) // 2) & 255
        elif kind == 4:
            guess = left + up - corner
            nearest = min((abs(guess - v), n, v) for n, v in enumerate((left, up, corner)))[2]
            row[place] = (row[place] + nearest) & 255
    return bytes(row)


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
def test_a_png_has_the_size_of_the_svg_and_the_colours_of_its_theme(theme):
    options = Options(theme=theme)
    svg = picture.draw(MAP, options)
    points = [float(n) for n in png._SIZE.findall(svg[:1_000])]
    width, height, rows = pixels(picture.draw_png(MAP, options, scale=0.75))
    assert [width, height] == pytest.approx(points, abs=1)
    found = {row[n : n + 3].hex() for row in rows for n in range(0, len(row), 4)}
    colors = PALETTES[theme].colors
    for name in ("ground", "thesis-card", "evidence-card", "rebuttal-card", "text"):
        assert colors[name][1:] in found, name
    assert rows[0][:3].hex() == colors["ground"][1:]


def test_twice_the_scale_has_twice_the_size():
    small, large = (picture.draw_png(MAP, scale=scale) for scale in (1, 2))
    sizes = [struct.unpack(">II", png[16:24]) for png in (small, large)]
    assert [2 * n for n in sizes[0]] == pytest.approx(sizes[1], abs=2)


def test_a_png_says_how_large_it_is_on_paper():
    for scale, dots_per_metre in ((1, 3780), (2, 7559)):
        png = picture.draw_png(MAP, scale=scale)
        assert png[37:41] == b"pHYs"
        assert struct.unpack(">IIB", png[41:50]) == (dots_per_metre, dots_per_metre, 1)
        assert struct.unpack(">I", png[50:54]) == (zlib.crc32(png[37:50]),)


def test_a_png_with_too_many_pixels_is_refused():
    with pytest.raises(PictureTooLarge, match="million pixels"):
        picture.draw_png(MAP, scale=40)


@pytest.mark.parametrize("scale", [0.0, -1.0, math.nan, 0.001])
def test_a_png_without_a_pixel_is_refused(scale):
    with pytest.raises(BadValue, match="scale"):
        picture.draw_png(MAP, scale=scale)


def test_words_that_run_leftwards_stand_in_their_order():
    """The dots after the word are at its left: the low half of the ink; letters are at its right."""
    claim = Claim(id="c1", kind="premise", text="אאאאאאא..............")
    _, _, rows = pixels(picture.draw_png(ArgumentMap(claims=(claim,)), scale=1.5))  # 2 of a point
    words = [row[4 * 54 : 4 * 326] for row in rows[60:92]]
    columns = [
        sum(row[place : place + 4] != words[0][:4] for row in words)
        for place in range(0, len(words[0]), 4)
    ]
    inked = [high for high in columns if high]
    assert max(inked[:10]) < 8 < max(inked[-10:]), inked


def test_a_line_of_several_scripts_is_written_in_pieces_that_take_its_place():
    style = STYLES["text"]
    line = "one & two 漢字 three 👩‍👩‍👧‍👦🇲🇽 four"
    svg = script_runs.pieces(line, text.width(line, style), 10, 20, "text", style)
    found = re.findall(
        r'<(?:svg|text class="text") x="([\d.]+)"[^>]* (?:width|textLength)="([\d.]+)"', svg
    )
    places = [(float(x), float(x) + float(wide)) for x, wide in found]
    assert len(places) == 8, "words of Inter in one piece, each emoji in one"
    assert all(end <= start + 0.11 for (_, end), (start, _) in pairwise(places))
    assert places[0][0] == 10
    assert places[-1][1] == pytest.approx(10 + text.width(line, style), abs=0.2)
    shown = "".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    assert html.unescape(shown) == line.replace(" ", "")
    assert svg.count("<svg") == 2


def test_words_that_run_leftwards_in_a_line_that_does_not_are_pieces_of_their_own():
    style = STYLES["text"]
    line = "one שלום 12 עולם, two مرحبا"
    svg = script_runs.pieces(line, text.width(line, style), 10, 20, "text", style)
    shown = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert shown == ["one", "שלום 12 עולם", ",", "two", "مرحبا"]


def test_text_that_runs_leftwards_stays_on_its_card():
    words = "ש library evenings open until nine for pupils"  # Hebrew first, and letters that every font has
    map = ArgumentMap(claims=(Claim(id="c1", kind="thesis", text=words),))
    _, _, rows = pixels(picture.draw_png(map, scale=1))
    margin = {row[-4 * 15 :] for row in rows}
    assert len(margin) == 1  # nothing but ground
    assert len(set(rows)) > 20


def test_every_theme_and_layout_can_be_a_png():
    for theme in Theme:
        assert picture.draw_png(MAP, Options(theme=theme, layout="page", legend=True), scale=0.5)
    assert picture.draw_png(ArgumentMap(), scale=1)


def test_letters_that_inter_lacks_are_taken_from_system_fonts(monkeypatch):
    asked = []
    monkeypatch.setattr(
        png.resvg_py,
        "svg_to_bytes",
        lambda **rest: asked.append(rest["skip_system_fonts"]) or b"",
    )
    for words in ("plain “quoted” é", "漢字"):
        claim = Claim(id="c1", kind="premise", text=words)
        picture.draw_png(ArgumentMap(claims=(claim,)))
    assert asked == [True, False]
