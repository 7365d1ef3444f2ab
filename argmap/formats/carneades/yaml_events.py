"""YAML as nested pairs, lists and texts: no types, no anchors, in bounded depth and size."""

from typing import Any

import yaml

from argmap.errors import FormatError

MAX_DEPTH = 64
MAX_EVENTS = 1_000_000
_LOADER: Any = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # only asked for events, never for values


class Pairs(list[tuple[str, Any]]):
    """A mapping in its order; a key may occur twice."""

    def first(self, *names: str) -> Any:
        """Return the value of the first of these keys that there is, or None."""
        return next((value for name in names for key, value in self if key == name), None)


def read_yaml(text: str) -> Any:
    """Return the first document of a text: Pairs, lists, texts, and None for what is empty.

    Raises FormatError with the line for what is no YAML, for aliases, which make small files large, and for more than
    64 levels.
    """
    stack: list[Any] = []
    keys: list[str | None] = []
    root: Any = None
    count = 0
    try:
        for event in yaml.parse(str(text), Loader=_LOADER):
            count += 1
            line = event.start_mark.line + 1 if event.start_mark is not None else None
            if count > MAX_EVENTS:
                raise FormatError("this YAML has more entries than a map can have", line=line)
            if isinstance(event, yaml.AliasEvent):
                raise FormatError("aliases in YAML are not read", line=line)
            if isinstance(event, yaml.DocumentEndEvent):
                return root
            value: Any
            if isinstance(event, yaml.ScalarEvent):
                empty = not event.style and event.value in ("", "~", "null")
                value = None if empty else event.value
                if stack and isinstance(stack[-1], Pairs) and keys[-1] is None:
                    keys[-1] = event.value
                    continue
            elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                if stack and isinstance(stack[-1], Pairs) and keys[-1] is None:
                    raise FormatError("a key of this YAML is not text", line=line)
                value = Pairs() if isinstance(event, yaml.MappingStartEvent) else []
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                stack.pop()
                keys.pop()
                continue
            else:
                continue
            if not stack:
                root = value
            elif isinstance(stack[-1], Pairs):
                stack[-1].append((str(keys[-1]), value))
                keys[-1] = None
            else:
                stack[-1].append(value)
            if isinstance(value, list):
                stack.append(value)
                keys.append(None)
                if len(stack) > MAX_DEPTH:
                    raise FormatError(f"it is nested more than {MAX_DEPTH} levels deep", line=line)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        said = "".join(letter if letter.isprintable() else " " for letter in error.problem or "")
        where = mark.line + 1 if mark is not None else None
        raise FormatError(f"this is not valid YAML: {said[:100]}", line=where) from None
    except yaml.YAMLError:
        raise FormatError(
            "this is not valid YAML: it has a character that YAML does not allow"
        ) from None
    return root
