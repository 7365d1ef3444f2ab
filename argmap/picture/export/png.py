"""Pictures as PNG, drawn with Inter wherever they are made."""

import re
import struct
import zlib
from pathlib import Path

import fontpkg_inter
import resvg_py

from argmap.errors import BadValue, EngineUnavailable, PictureTooLarge
from argmap.picture import text

PIXELS = 64_000_000  # of one picture, at most
_DOTS_PER_INCH = 96
_HEADER = 33  # bytes of a PNG's signature and first chunk
_SIZE = re.compile(r'(?:width|height)="([0-9.]+)pt"')


def png(svg: str, scale: float) -> bytes:
    """Turn a picture that was written plain into PNG; a scale of 1 draws at 96 dots per inch.

    Raises PictureTooLarge when it would have too many pixels, BadValue when it would have none, EngineUnavailable when
    the converter fails.
    """
    width, height = (float(number) for number in _SIZE.findall(svg[:1_000])[:2])
    if not min(width, height) * scale * _DOTS_PER_INCH / 72 >= 1:  # also what is no number
        raise BadValue(f"scale: {scale:g} leaves no pixel of the picture; choose a larger one")
    pixels = width * height * (scale * _DOTS_PER_INCH / 72) ** 2
    if pixels > PIXELS:
        raise PictureTooLarge(
            f"the picture would have {pixels / 1e6:.0f} million pixels; "
            f"at most {PIXELS / 1e6:.0f} are drawn; choose a smaller scale or focus on a part of the map"
        )
    try:
        data = resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=scale,
            dpi=_DOTS_PER_INCH,
            font_files=[str(Path(fontpkg_inter.ROOT) / "files" / "Inter[opsz,wght].ttf")],
            skip_system_fonts=text.is_covered(svg),  # reading them takes longer than drawing
            font_family="Inter",
            sans_serif_family="Inter",
        )
    except ValueError as error:
        raise EngineUnavailable(f"the picture cannot be turned into PNG: {error}") from error
    return data[:_HEADER] + _density(scale) + data[_HEADER:]


def _density(scale: float) -> bytes:
    """Return the chunk that says how large a picture is on paper (PNG 11.3.4.3): as large as in other formats."""
    dots_per_metre = round(scale * _DOTS_PER_INCH / 0.0254)
    chunk = b"pHYs" + struct.pack(">IIB", dots_per_metre, dots_per_metre, 1)
    return struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
