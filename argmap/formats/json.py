"""Our own format: the model written down as JSON, with nothing lost either way."""

import json
from collections.abc import Mapping
from typing import Any

from argmap.errors import FormatError
from argmap.formats.report import Losses, LossKind
from argmap.formats.source.content import Content
from argmap.formats.source.json_text import parse_json
from argmap.model import ArgumentMap, parse_map

SCHEMA = "urn:argmap:map:1"
VERSION = 1

# What the service adds to a map that it gives back; it is the store's, not the map's.
READ_ONLY = (
    "id",
    "version",
    "owner",
    "visibility",
    "quotes_only",
    "article_id",
    "article_version",
    "created",
    "updated",
    "names",
    "orphans",
)


def sniff(content: Content) -> bool:
    """Recognise the schema's name, or a JSON object with a list of claims."""
    fields = content.fields
    schema = fields.get("$schema")
    if isinstance(schema, str) and schema.startswith("urn:argmap:map:"):
        return True
    return isinstance(fields.get("claims"), list)


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read a map. Raises FormatError where it is no JSON object of this version, InvalidMap with every fault."""
    value = parse_json(content.text, strictly=True)
    if not isinstance(value, dict):
        raise FormatError("a map is a JSON object")
    _check_version(value)
    read_only = [name for name in READ_ONLY if name in value]
    losses.add(LossKind.READ_ONLY, "What the service adds to a map is not part of it.", read_only)
    return parse_map(
        {
            name: item
            for name, item in value.items()
            if name not in READ_ONLY and name not in ("$schema", "format_version")
        }
    )


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write a map with its defaults left out, indented, one trailing line break; the same map gives the same bytes."""
    fields = map.model_dump(mode="json", exclude_defaults=True)
    value = {"$schema": SCHEMA, "format_version": VERSION, **fields}
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _check_version(value: Mapping[str, Any]) -> None:
    version = value.get("format_version", VERSION)
    schema = value.get("$schema", SCHEMA)
    if version != VERSION or isinstance(version, bool):
        raise FormatError(f"only version {VERSION} of the format is known", place="format_version")
    if schema != SCHEMA:
        raise FormatError(f"the schema is not {SCHEMA}", place="$schema")
