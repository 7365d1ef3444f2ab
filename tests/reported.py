"""Comparing a map with what came back from another format, but for what the report says was lost."""

from collections.abc import Iterable
from typing import Any

from argmap.formats import LossKind
from argmap.model import ArgumentMap

_FIELDS = {
    LossKind.LABEL: "label",
    LossKind.IMPLICIT: "implicit",
    LossKind.QUOTE: "quotes",
    LossKind.SPEAKER: "speaker",
    LossKind.SOURCE: "source",
    LossKind.WEIGHT: "weight",
    LossKind.TAGS: "tags",
    LossKind.NOTE: "note",
    LossKind.SCHEME: "scheme",
    LossKind.KIND: "kind",
    LossKind.ORIGIN: "origin",
}


def beyond(map: ArgumentMap, lost: Iterable[LossKind]) -> dict[str, Any]:
    """Return what must have survived when only losses of these kinds were reported."""
    kinds = frozenset(lost)
    fields = map.model_dump(mode="json")
    del fields["counters"]  # follows from the ids
    for kind in (LossKind.TITLE, LossKind.LANGUAGE, LossKind.ARTICLE, LossKind.ORIGIN):
        if kind in kinds:
            del fields[kind.value]
    if LossKind.UNDERCUT in kinds:
        claims = {claim["id"] for claim in fields["claims"]}
        fields["relations"] = [r for r in fields["relations"] if r["target"] in claims]
    if LossKind.ID in kinds:
        _number(fields)
        for relation in fields["relations"] if LossKind.ORDER in kinds else ():
            del relation["id"]
    for item in (*fields["claims"], *fields["relations"]):
        for kind, name in _FIELDS.items():
            if kind in kinds and name in item and (kind is not LossKind.KIND or "text" in item):
                del item[name]
    for claim in fields["claims"]:
        if LossKind.TEXT in kinds:
            claim["text"] = "".join(claim["text"].split())
    if LossKind.LINKED in kinds:
        fields["relations"] = sorted(
            (relation["kind"], source, relation["target"])
            for relation in fields["relations"]
            for source in relation["sources"]
        )
    if LossKind.RELATION in kinds:
        del fields["relations"]
    if LossKind.ORDER in kinds:
        for name in ("claims", "relations"):
            fields[name] = sorted(fields.get(name, ()), key=str)
    return fields


def _number(fields: dict[str, Any]) -> None:
    items = [*fields["claims"], *fields["relations"]]
    numbers = {item["id"]: number for number, item in enumerate(items)}
    for item in items:
        item["id"] = numbers[item["id"]]
        item.pop("origin", None)
        if "target" in item:
            item["target"] = numbers[item["target"]]
            item["sources"] = [numbers[source] for source in item["sources"]]
