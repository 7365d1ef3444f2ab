"""The style sheet of a picture: every rule keeps to the picture, so that it can stand in a page."""

import re
from functools import lru_cache

from argmap.model import ClaimKind, RelationKind
from argmap.picture.theme import FONTS, PALETTES, PAPER, STYLES, Look, Theme

_DASHES = {
    RelationKind.ATTACKS: "stroke-dasharray:6 3.5",
    RelationKind.RESTATES: "stroke-dasharray:.1 3;stroke-linecap:round",
}
# Classes that many a picture does without; what a page may add to a claim, such as `highlighted`, is always there.
_MARKS = ("implicit", "bar", "measure", "tag", "main", "plain", "question")
_ON_PAGES = (
    "family",
    "tray",
    "reference",
    "frame",
    "ring",
    "way",
    "at-full",
    "at-short",
    "at-label",
)
_OPTIONAL = frozenset([*ClaimKind, *RelationKind, *STYLES, *_MARKS, *_ON_PAGES])
# Arial and the fonts of its widths, enlarged to the height and width of Inter.
_STAND_IN = (
    "@font-face{font-family:argmap-stand-in;size-adjust:107%;"
    "src:local('Helvetica Neue'),local(Arial),local('Liberation Sans'),local(Arimo)}"
    "@font-face{font-family:argmap-stand-in;size-adjust:102%;font-weight:600 700;"
    "src:local('Helvetica Neue Bold'),local('Arial Bold'),local('Liberation Sans Bold'),"
    "local('Arimo Bold')}"
)
# Where the reader's system chooses all colours, as Windows does in its high contrast.
_FORCED = (
    "@media(forced-colors:active){.argmap g{color:CanvasText!important}"
    ".argmap .ground,.argmap .card{fill:Canvas!important}"
    ".argmap text{fill:CanvasText!important}.argmap a text{fill:LinkText!important}"
    ".argmap .claim:focus-visible{color:Highlight!important}}"
)


@lru_cache(maxsize=256)
def style_sheet(
    theme: Theme = Theme.LIGHT,
    plain: bool = False,
    classes: frozenset[str] | None = None,
    look: Look = PAPER,
) -> str:
    """Return the CSS of a picture, every rule under `.argmap`.

    Its colours can be set from outside as `--argmap-NAME`, with the names of a palette. `plain` writes them without
    custom properties, which converters to other formats do not know. `classes`: kinds, relations and roles that the
    picture has, so that rules of others are left out; without it they are all there. `look`: how cards are set.
    """
    palette = PALETTES[Theme.LIGHT if theme is Theme.AUTO else theme]
    stroke = palette.stroke

    def color(name: str) -> str:
        if plain:
            return palette.colors[name]
        inner = f"var(--{name})" if theme is Theme.AUTO else palette.colors[name]
        return f"var(--argmap-{name},{inner})"

    ordinary = look.styles["text"]
    rules = {
        "": f"font-family:{FONTS};font-variation-settings:'opsz' 14",
        ".ground": f"fill:{color('ground')}",
        "text": f"fill:{color('text')};white-space:pre;"
        f"font-size:{ordinary.size:g}px;font-weight:{ordinary.weight}",
        "svg": "overflow:hidden",  # whatever a page says of every svg
        ".card": f"stroke:currentColor;stroke-width:{1.1 * stroke:.2g}",
        ".main .card": f"stroke-width:{1.6 * stroke:.2g}",
        ".inner": f"fill:none;stroke:currentColor;stroke-width:{0.8 * stroke:.2g}",
        ".implicit .card,.implicit .inner": "stroke-dasharray:5 3.2",
        ".line": f"fill:none;stroke:currentColor;stroke-width:{1.5 * stroke:.2g}",
        ".head,.kind,.measure": "fill:currentColor",
        ".implicit .line": "stroke-opacity:.75",
        ".focus .card,.highlighted .card": f"stroke-width:{3.2 * stroke:.2g}",
        ".tag": f"fill:{color('ground')};stroke:currentColor;stroke-width:{0.6 * stroke:.2g}",
        ".thesis .tag": f"fill:{color('thesis-card')}",
        ".strength": "text-anchor:end",
        ".claim .id": "fill:currentColor",
        ".speaker,.source,.citation,.strength,.folded,.heading,.claim .scheme": f"fill:{color('muted')}",
        ".family": f"fill:{color('family')}",
        ".tray": f"fill:{color('together')};stroke:currentColor;stroke-width:{0.8 * stroke:.2g};"
        "stroke-opacity:.55",
        ".tray.attacks": f"fill:{color('together-against')}",
        ".tray.implicit": "stroke-dasharray:5 3.2",
        ".frame": f"fill:{color('ground')};stroke:{color('muted')};stroke-width:{0.8 * stroke:.2g};"
        "stroke-dasharray:2.5 2",
        ".reference .link": f"fill:{color('muted')}",
        ".ring": f"fill:{color('ground')};stroke:currentColor;stroke-width:{1.3 * stroke:.2g}",
        ".bar": f"fill:{color('muted')};opacity:.3",
        ".mark": f"fill:{color('attacks')}",
    }
    if plain:  # converters place text that runs leftwards as if it ran rightwards, and nothing has the focus
        rules["text[direction]"] = "text-anchor:end"
    else:
        rules[".claim:focus"] = "outline:none"
        rules[".at-short,.at-label"] = "display:none"
        for size in ("short", "label"):
            rules[f"&.seen-{size} .at-full"] = "display:none"
            rules[f"&.seen-{size} .at-{size}"] = "display:inline"
        rules[".way"] = "fill:none;stroke:currentColor;stroke-opacity:0"
        rules[".relation:hover .way"] = "stroke-opacity:1"
        rules[".claim:focus-visible .card"] = rules[".focus .card,.highlighted .card"]

    def add(selector: str, body: str) -> None:
        rules[selector] = f"{rules[selector]};{body}" if selector in rules else body

    for role, style in look.styles.items():
        if style.size != ordinary.size:
            add(f".{role}", f"font-size:{style.size:g}px")
        if style.weight != ordinary.weight:
            add(f".{role}", f"font-weight:{style.weight}")
    said = ".headline" if look.labelled else ".text"
    rules[f".thesis {said}"] = f"font-size:{look.lesser.size:g}px;font-weight:{look.lesser.weight}"
    rules[f".main {said}"] = f"font-size:{look.thesis.size:g}px;font-weight:{look.thesis.weight}"
    ordinary = look.styles["headline" if look.labelled else "text"]
    rules[f".plain {said}"] = f"font-size:{ordinary.size:g}px;font-weight:{ordinary.weight}"
    for kind in ClaimKind:
        rules[f".{kind}"] = f"color:{color(kind)}"
        add(f".{kind} .card", f"fill:{color(f'{kind}-card')}")
    rules[".plain.claim"] = f"color:{color('premise')}"
    rules[".plain .card,.plain .tag"] = f"fill:{color('ground')}"
    rules[".question .card"] = f"fill:{color('ground')}"
    rules[".faded.claim"] = f"color:{color('muted')}"
    rules[".faded.claim text"] = f"fill:{color('muted')}"
    rules[".faded .card"] = f"fill:{color('ground')};stroke-width:{0.6 * stroke:.2g}"
    for relation in RelationKind:
        rules[f".{relation}"] = f"color:{color(relation)}"
        rules[f".link.{relation}"] = f"fill:{color(relation)}"
        if dashes := _DASHES.get(relation):
            rules[f".{relation} .line"] = dashes
    rules[".question.claim,.question.relation"] = f"color:{color('muted')}"
    absent = frozenset() if classes is None else _OPTIONAL - classes
    merged = "".join(
        f"{','.join(kept)}{{{body}}}"
        for selectors, body in rules.items()
        if (kept := _scoped(selectors, absent))
    )
    if plain:
        return _STAND_IN + merged
    return _STAND_IN + (_following() if theme is Theme.AUTO else "") + merged + _FORCED


def _following() -> str:
    """Return the colours of both themes, chosen by what the reader's system prefers."""

    def variables(theme: Theme) -> str:
        return ";".join(f"--{name}:{value}" for name, value in PALETTES[theme].colors.items())

    return (
        f".argmap{{{variables(Theme.LIGHT)}}}"
        f"@media screen and (prefers-color-scheme:dark){{.argmap{{{variables(Theme.DARK)}}}}}"
    )


def _scoped(selectors: str, absent: frozenset[str]) -> list[str]:
    """Return the selectors of a rule that name no absent class, under `.argmap`; `&` begins a class of that itself."""
    return [
        f".argmap {selector}".rstrip().replace(".argmap &", ".argmap")
        for selector in selectors.split(",")
        if absent.isdisjoint(re.findall(r"\.([a-z-]+)", selector))
    ]
