"""What a text has that looks like Argdown, so that prose, lists and data are not read as debates."""

import re

from argmap.formats.argdown.front import front_matter

_LOOKED_AT = 40_000  # letters
_FENCE = re.compile(
    r"^ {0,3}(`{3,}|~{3,})[ \t]*argdown(?:-map|-source)?(?:[ \t{].*)?$", re.IGNORECASE
)
# "[Title]: " or "<Title>: " where a statement begins, or either, alone too, after the sign of a relation that stands
# further in. Links, boxes, footnotes and addresses are none.
_TITLE = re.compile(
    r"[ \t]*(?:(?:<?[+-]>?|><|<?_>?)[ \t]+)?"
    r"(?:\[(?![ xX]?\]|\^)[^\[\]\n]{1,200}\]:(?![ \t]*(?:https?:|www\.|<|/|\./))(?:$|[ \t])"
    r"|<(?![/!?@])[^<>@/\n=\"]{1,200}>:(?:$|[ \t]))"
)
_REFERENCE = re.compile(
    r"[ \t]+(?:<?[+-]>?|><|<?_>?)[ \t]+"
    r"(?:\[(?![ xX]?\]|\^)[^\[\]\n]{1,200}\]|<(?![/!?@])[^<>@/\n=\"]{1,200}>)[ \t]*(?:$|[{#]|//)"
)
_BARE = re.compile(
    r"(?:\[(?![ xX]?\]|\^)[^\[\]\n]{1,200}\]|<(?![/!?@])[^<>@/\n=\"]{1,200}>)[ \t]*(?:$|([{#]))"
)
_ARROW = re.compile(r"[ \t]+(?:<[+_-]|[+_-]>|><|_)[ \t]+\S")
_MINUS = re.compile(r"[ \t]+[+-][ \t]+\S")
_MENTION = re.compile(r"(?:^|\s)@(?:\[[^\]\n]{1,200}\]|<[^>@/\n=\"]{1,200}>)")
_PREMISE = re.compile(r"\(\d{1,4}\)[ \t]+\S")
_RULE = re.compile(r"(?:-{4,}|--[ \t]*\S.*--)[ \t]*$")
_OPENED_RULE = re.compile(r"--[ \t]*$")
_LIST = re.compile(r"[ \t]*(?:[-*+>#|]|\d{1,4}[.)])(?:[ \t]|$)|[-=#>|`~<]")
_KEY = re.compile(r"[\w .\"'-]{1,60}:(?:[ \t]|$)")


def looks_like_argdown(text: str) -> bool:
    """Say whether a text has front matter, titles, arrows, relations under a statement, or inferences of Argdown."""
    if has_fences(text):
        return True
    text = text[:_LOOKED_AT]
    if front_matter(text)[1]:
        return True
    markup = "</" in text
    lines = text.split("\n")
    premise = False
    statement: str | None = None  # the line at the margin under which relations may stand
    others = False  # whether a line is another than a title alone
    apart = True  # whether a blank line stands before
    listed = any(line[:2] in ("- ", "* ", "+ ") for line in lines)
    for line in lines:
        if not line.strip():
            apart = True
            continue
        beside, apart = not apart, False
        titled = _TITLE.match(line) or _REFERENCE.match(line) or _MENTION.search(line)
        if titled and not (markup and "<" in line and not line.lstrip().startswith("[")):
            return True
        bare = _BARE.match(line)
        if bare is not None and bare[1] and not markup:
            return True
        others = others or bare is None
        if premise and (_RULE.match(line) or _OPENED_RULE.match(line)):
            return True
        premise = premise or _PREMISE.match(line) is not None
        if line[0] not in " \t":
            plain = (
                not _LIST.match(line) and not _KEY.match(line) and not line.rstrip().endswith(":")
            )
            statement = line if plain else None
        elif statement is not None and (
            _ARROW.match(line)
            or (not listed and (beside or "+" in line[:9]) and _MINUS.match(line))
        ):
            return True
    return not others and bool(text.strip()) and not markup


def has_fences(text: str) -> bool:
    """Say whether a text is Markdown with Argdown in fences."""
    return "argdown" in text and any(_FENCE.match(line) for line in text.split("\n"))


def fenced(text: str) -> tuple[str, int] | None:
    """Return the Argdown between the fences of a Markdown text, every line in its place, and how many fences there are.

    None where there are none. The front matter of the first stands at the beginning; that of others is left out.
    """
    if not has_fences(text):
        return None
    lines = text.split("\n")
    kept: list[str] = []
    count, closing = 0, ""
    front = False  # whether a line of front matter is open in this fence
    begun = False
    for line in lines:
        opening = _FENCE.match(line)
        if not closing and opening is not None:
            count, closing, begun, front = count + 1, opening[1], False, False
            kept.append("")
        elif closing and line.strip().startswith(closing) and not line.strip().strip(closing[0]):
            closing = ""
            kept.append("")
        elif not closing:
            kept.append("")
        elif count > 1 and (front or not begun) and re.fullmatch(r"={3,}[ \t]*", line):
            front, begun = not front, True
            kept.append("")
        else:
            begun = begun or bool(line.strip())
            kept.append("" if front else line)
    return "\n".join(kept), count
