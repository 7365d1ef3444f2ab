"""Front matter of Argdown: the block between lines of "===" at the start of a text."""

import re
from typing import Any

from argmap.formats.argdown.yaml import scalar

_FRONT = re.compile(r"\s*={3,}[ \t]*\n")


def front_matter(text: str) -> tuple[str, int]:
    """Return the front matter at the start of a text, without its fences, and where the text after it begins."""
    match = _FRONT.match(text)
    if match is None:
        return "", 0
    end = text.find("===", match.end())
    if end < 0:
        return "", 0
    place = end
    while place < len(text) and text[place] == "=":
        place += 1
    return text[match.end() : end], place


def front_fields(text: str) -> dict[str, Any]:
    """Return the fields of front matter that stand on one line each; what is nested is passed over."""
    fields: dict[str, Any] = {}
    last = ""
    for line in text.split("\n"):
        key, colon, value = line.partition(":")
        if colon and key and not key[0].isspace() and re.fullmatch(r"[A-Za-z_][\w-]{0,40}", key):
            fields[key] = scalar(value)
            last = key
        elif (
            line[:1].isspace()
            and line.strip()
            and ":" not in line
            and isinstance(fields.get(last), str)
        ):
            fields[last] = f"{fields[last]} {line.strip()}"
    return fields
