"""How the commands that answer questions about maps print their answers, and refuse choices that do not exist."""

import json
from collections.abc import Iterable
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]


def choice(kind: Any, name: str, option: str) -> Any:
    """Return the member of an enumeration by its value; what it lacks is refused with what it has."""
    if name not in tuple(kind):
        raise typer.BadParameter(f"{name} is not one of {', '.join(kind)}", param_hint=option)
    return kind(name)


def plain(value: Any) -> dict[str, Any]:
    """Return a value of the analyses as JSON can say it."""
    fields: dict[str, Any] = value.model_dump(mode="json")
    return fields


def print_json(value: object) -> None:
    """Print a value as JSON."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def print_columns(rows: Iterable[tuple[object, object]]) -> None:
    """Print pairs of a name and what is said about it, one under the other."""
    pairs = [(str(name), str(value)) for name, value in rows]
    width = max((len(name) for name, _ in pairs), default=0)
    for name, value in pairs:
        print(f"  {name:<{width}}  {value}")
