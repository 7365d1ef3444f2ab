"""Make Inter's web fonts anew from the installed package: `python web/fonts/make.py` (needs fonttools and brotli)."""

import io
from pathlib import Path

import fontpkg_inter
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).parent
SUBSETS = {  # the ranges stand in web/styles/tokens.css as well
    "latin": "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,"
    "U+2000-206F,U+20AC,U+2122,U+2190-2193,U+2212,U+2215,U+FEFF,U+FFFD",
    "latin-ext": "U+0100-0130,U+0132-0151,U+0154-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,"
    "U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF",
    "cyrillic": "U+0301,U+0400-052F,U+1C80-1C88,U+2116,U+2DE0-2DFF,U+A640-A69F",
    "greek": "U+0370-03FF,U+1F00-1FFF",
    "vietnamese": "U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,U+0300-0301,"
    "U+0303-0304,U+0308-0309,U+0323,U+0329,U+1EA0-1EF9,U+20AB",
}


def main() -> None:
    """Write one file for each subset: weights 400 to 700, letters as they are drawn for small sizes."""
    whole = next((Path(fontpkg_inter.__file__).parent / "files").glob("Inter[[]*"))
    for name, ranges in SUBSETS.items():
        part = io.BytesIO()
        instantiateVariableFont(TTFont(whole), {"wght": (400, 700), "opsz": 14}).save(part)
        font = TTFont(part)
        options = subset.Options(flavor="woff2", layout_features=["kern", "liga", "calt", "ccmp",
            "mark", "mkmk", "locl", "tnum", "cv05", "ss03"])  # fmt: skip
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=subset.parse_unicodes(ranges.replace("U+", "")))
        subsetter.subset(font)
        subset.save_font(font, HERE / f"inter-{name}.woff2", options)


if __name__ == "__main__":
    main()
