"""Draws the gallery anew: `./dev python docs/gallery/make.py`. Look at what it draws before it is committed."""

from pathlib import Path

import argmap
from argmap import picture
from argmap.picture import Arrangement, Detail, Direction, Medium, Options, Theme

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
LARGE, SMALL = "old-enough-at-sixteen", "military-to-mexico"


def pictures() -> dict[str, tuple[str, Options]]:
    """Return every picture of the gallery by its name: the example and the options."""
    found = {
        f"page-{name}": (name, Options(layout=Arrangement.PAGE, legend=True))
        for name in (LARGE, SMALL)
    }
    found |= {f"wide-{SMALL}": (SMALL, Options(layout=Arrangement.PAGE, page="16:9", numbers=True))}
    found |= {
        f"layered-{side}": (SMALL, Options(layout=Arrangement.LAYERED, direction=side))
        for side in (Direction.TOP, Direction.LEFT)
    }
    found |= {
        "screen": (SMALL, Options(style=Medium.SCREEN, focus="c12", depth=3, branch=True)),
        "screen-labels": (SMALL, Options(style=Medium.SCREEN, detail=Detail.LABEL)),
        "thumb": (SMALL, Options(style=Medium.THUMB)),
    }
    found |= {
        f"theme-{theme}": (SMALL, Options(theme=theme, focus="c20", depth=2, legend=True))
        for theme in Theme
    }
    return found


def page() -> str:
    """Return the gallery's page."""
    lines = [
        "# Gallery",
        "",
        "The example maps in every layout and theme. `./dev python docs/gallery/make.py` draws them anew.",
        "",
    ]
    for name, (example, options) in pictures().items():
        asked = options.model_dump(mode="json", exclude_defaults=True)
        words = " ".join(
            f"--{key}" if value is True else f"--{key} {value}" for key, value in asked.items()
        )
        lines += [
            f"## {name}",
            "",
            f"`argmap render examples/{example}.json {words}`",
            "",
            f"![The example map {example.replace('-', ' ')}, drawn as {name.replace('-', ' ')}]({name}.svg)",
            "",
        ]
        if (HERE / "before" / f"{name}.svg").exists():
            lines += [
                "The same as it was drawn before the page layout was written anew "
                "([why](../decisions/0005-layout-for-a-page.md)):",
                "",
                f"![The same map, drawn as before](before/{name}.svg)",
                "",
            ]
    return "\n".join(lines)


def main() -> None:
    """Draw all pictures and write the page that shows them."""
    maps = {name: argmap.load(EXAMPLES / f"{name}.json") for name in (LARGE, SMALL)}
    for name, (example, options) in pictures().items():
        svg = picture.draw(maps[example], options)
        (HERE / f"{name}.svg").write_text(svg, encoding="utf-8")
    (HERE / "README.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
