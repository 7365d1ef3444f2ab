"""The style sheet of a picture: every rule keeps to the picture, so that it can stand in a page."""

from functools import cache

from argmap.model import ClaimKind, RelationKind
from argmap.picture.theme import FONTS, LIGHT, STYLES, THESIS_TEXT

_DASHES = {
    RelationKind.SUPPORTS: "",
    RelationKind.ATTACKS: ";stroke-dasharray:6 3.5;stroke-width:1.7",
    RelationKind.RESTATES: ";stroke-dasharray:.1 3;stroke-linecap:round",
}
# Arial and the fonts of its widths, enlarged to the height and width of Inter.
_STAND_IN = (
    "@font-face{font-family:argmap-stand-in;size-adjust:107%;"
    "src:local('Helvetica Neue'),local(Arial),local('Liberation Sans'),local(Arimo)}"
    "@font-face{font-family:argmap-stand-in;size-adjust:102%;font-weight:600 700;"
    "src:local('Helvetica Neue Bold'),local('Arial Bold'),local('Liberation Sans Bold'),"
    "local('Arimo Bold')}"
)


@cache
def style_sheet() -> str:
    """Return the CSS of a picture, every rule under `.argmap`."""
    p = LIGHT
    rules = {
        "": f"font-family:{FONTS};font-variation-settings:'opsz' 14",
        ".ground": f"fill:{p.ground}",
        "text": f"fill:{p.text};white-space:pre",
        ".card": "stroke-width:1.1",
        ".thesis .card": "stroke-width:1.6",
        ".inner": "fill:none;stroke-width:.8",
        ".implicit .card,.implicit .inner": "stroke-dasharray:5 3.2",
        ".line": "fill:none;stroke-width:1.5",
        ".implicit .line": "stroke-opacity:.75",
        ".id": "text-anchor:end",
        ".id,.source,.citation": f"fill:{p.muted}",
    }
    for role, style in STYLES.items():
        face = f"font-size:{style.size:g}px;font-weight:{style.weight}"
        name = f".{role}"
        rules[name] = f"{rules[name]};{face}" if name in rules else face
    rules[".thesis .text"] = f"font-size:{THESIS_TEXT.size:g}px;font-weight:{THESIS_TEXT.weight}"
    for kind in ClaimKind:
        rules[f".{kind} .card"] = f"fill:{p.card[kind]}"
        rules[f".{kind} .card,.{kind} .inner"] = f"stroke:{p.ink[kind]}"
        rules[f".{kind} .kind"] = f"fill:{p.ink[kind]}"
    for relation in RelationKind:
        rules[f".{relation} .line"] = f"stroke:{p.line[relation]}{_DASHES[relation]}"
        rules[f".{relation} .head"] = f"fill:{p.line[relation]}"
    merged = [f"{_scoped(selector)}{{{body}}}" for selector, body in rules.items()]
    return _STAND_IN + "".join(merged)


def _scoped(selectors: str) -> str:
    return ",".join(f".argmap {selector}".rstrip() for selector in selectors.split(","))
