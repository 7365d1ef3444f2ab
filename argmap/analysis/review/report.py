"""A review written down: as lines of text, and as SARIF for code hosts and editors."""

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from pydantic import JsonValue

from argmap.analysis.review.finding import Finding, Review, Rule
from argmap.errors import Fault

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def lines(review: Review, name: str) -> Iterator[str]:
    """Yield one line per finding: the map's name, severity, code, advice."""
    for finding in review.findings:
        yield f"{name}: {finding.severity}: {finding.advice} [{finding.code}]"


def sarif(
    reviews: Iterable[tuple[str, Review]],
    rules: Iterable[Rule],
    version: str,
    broken: Iterable[tuple[str, tuple[Fault, ...]]] = (),
) -> dict[str, JsonValue]:
    """Return the reviews of several files as one SARIF 2.1.0 log (OASIS 2020), ready for json.dumps.

    `broken` are files that hold no valid map, with their faults. The files are named by paths relative to where the
    log is read; `version` is that of argmap. Claims and relations are logical locations, since a finding concerns
    parts of the map and not lines of its file.
    """
    rules = list(rules)
    number = {rule.code: at for at, rule in enumerate(rules)}
    results = [_faulty(name, fault, len(rules)) for name, faults in broken for fault in faults]
    results += [
        _result(name, finding, number[finding.code])
        for name, review in reviews
        for finding in review.findings
    ]
    driver: dict[str, JsonValue] = {
        "name": "argmap",
        "semanticVersion": version,
        "rules": [*(_rule(rule) for rule in rules), _INVALID],
    }
    run: JsonValue = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


_INVALID: JsonValue = {
    "id": "invalid-map",
    "shortDescription": {"text": "A file that holds no valid map."},
    "fullDescription": {"text": "A reference leads nowhere, or a value is out of its bounds."},
    "defaultConfiguration": {"level": "error"},
}


def _rule(rule: Rule) -> JsonValue:
    return {
        "id": rule.code,
        "shortDescription": {"text": f"{rule.title}."},
        "fullDescription": {"text": rule.reason},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(name: str, finding: Finding, rule: int) -> JsonValue:
    concerned = (*finding.claims, *finding.relations)
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": finding.severity.value,
        "message": {"text": finding.advice},
        "locations": [_location(name, [{"name": id, "kind": "object"} for id in concerned])],
        "partialFingerprints": {"concerned/v1": " ".join((finding.code, *concerned))},
    }


def _faulty(name: str, fault: Fault, rule: int) -> JsonValue:
    return {
        "ruleId": "invalid-map",
        "ruleIndex": rule,
        "level": "error",
        "message": {"text": str(fault)},
        "locations": [
            _location(name, [{"fullyQualifiedName": fault.place}] if fault.place else [])
        ],
        "partialFingerprints": {"concerned/v1": " ".join((fault.code, fault.place))},
    }


def _location(name: str, logical: list[JsonValue]) -> JsonValue:
    location: dict[str, JsonValue] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(name.replace("\\", "/"))},
            "region": {"startLine": 1},
        }
    }
    if logical:
        location["logicalLocations"] = logical
    return location
