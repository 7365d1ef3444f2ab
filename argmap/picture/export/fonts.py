"""The letters of one picture as a font of its own, so that a file looks the same where Inter is not installed."""

import base64
import hashlib
import io
from functools import lru_cache

import fontpkg_inter

from argmap.errors import EngineUnavailable

_FILE = fontpkg_inter.ROOT / "files" / "Inter[opsz,wght].ttf"
_FEATURES = ["ccmp", "kern", "mark", "mkmk"]
_WEIGHTS = (400, 700)  # that pictures use, and all between
_SMALL = 14  # the optical size that texts are measured in


def faced(letters: frozenset[str]) -> tuple[str, str]:
    """Return the name of a font with those letters of Inter, and the CSS rule that brings it along as a data URI.

    Letters that Inter lacks are left to other fonts. Raises EngineUnavailable where the packages for that are missing.
    """
    font = _woff2("".join(sorted(letters)))
    name = f"argmap-inter-{hashlib.sha256(font).hexdigest()[:8]}"
    data = base64.b64encode(font).decode()
    weights = f"{_WEIGHTS[0]} {_WEIGHTS[1]}"
    return name, (
        f"@font-face{{font-family:{name};font-weight:{weights};"
        f"src:url(data:font/woff2;base64,{data})format('woff2')}}"
    )


@lru_cache(maxsize=64)
def _woff2(letters: str) -> bytes:
    try:
        import brotli  # noqa: F401  # fontTools needs it to write WOFF2, and would only say so at the end
        from fontTools import subset
        from fontTools.ttLib import TTFont
        from fontTools.varLib.instancer import instantiateVariableFont
    except ImportError:
        raise EngineUnavailable(
            "font=embed needs the packages fonttools and brotli; install argmap[fonts]"
        ) from None
    options = subset.Options(
        layout_features=_FEATURES, hinting=False, name_IDs=[], glyph_names=False
    )
    options.drop_tables += ["STAT", "meta"]
    font = TTFont(_FILE, lazy=True, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=letters)
    subsetter.subset(font)  # first, since the axis is cut the sooner the fewer letters there are
    part = io.BytesIO()
    font.save(part)
    part.seek(0)
    cut = instantiateVariableFont(
        TTFont(part, recalcTimestamp=False), {"wght": _WEIGHTS, "opsz": _SMALL}
    )
    cut.flavor = "woff2"
    written = io.BytesIO()
    cut.save(written)
    return written.getvalue()
