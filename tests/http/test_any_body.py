"""Whatever a body says, the service answers it as a request or refuses it as one: never with 5xx."""

import copy
import json
import re
from typing import Any

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from api.app import create_app
from api.settings import Settings
from tests.support.service import Person, Service
from tests.support.strategies import examples

DOCUMENT = create_app(Settings()).openapi()
BODIES = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if "requestBody" in operation
    and any("json" in kind for kind in operation["requestBody"]["content"])
}
# Words that mean something to some operation, so that a change of a body is not only nonsense.
WORDS = (
    "c1", "c2", "r1", "r2", "new:a", "new:b", "new-0123456789abcdef", "?1", "", " ", "\x00", "\ud800", "x" * 3_000,
    "supports", "attacks", "restates", "thesis", "premise", "add_claim", "remove_claim", "private", "public", "viewer",
    "2020-02-30",
)  # fmt: skip
KEYS = st.sampled_from(
    ("id", "text", "counters", "quotes", "start", "end", "article", "origin", "x", "etag", "key", "base", *WORDS)
)  # fmt: skip
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from((0, 1, -1, 10**9, 10**9 + 1, 10**17, 2**63, 0.5, 1e308, -0.0)),
    st.sampled_from(WORDS),
    st.text(max_size=8),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    found = [path]
    if isinstance(value, list):
        value = dict(enumerate(value))
    if isinstance(value, dict):
        for name, child in value.items():
            found += places(child, (*path, name))
    return found


@st.composite
def bent(draw: st.DrawFn, body: Any) -> Any:
    """A body with a few places changed, doubled or taken out."""
    body = copy.deepcopy(body)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(places(body)))
        if not path:
            if draw(st.booleans()):
                continue
            return draw(VALUES)
        inside = body
        for name in path[:-1]:
            inside = inside[name]
        match draw(st.sampled_from(("change", "change", "remove", "double", "add"))):
            case "remove":
                del inside[path[-1]]
            case "double" if isinstance(inside, list):
                inside.append(copy.deepcopy(inside[path[-1]]))
            case "add" if isinstance(inside, dict):
                inside[draw(KEYS)] = draw(VALUES)
            case _:
                inside[path[-1]] = draw(VALUES)
    return body


def example_of(schema: dict[str, Any], depth: int = 0) -> Any:
    """A body as the document shows it, or made from its schema."""
    if "$ref" in schema:
        return example_of(DOCUMENT["components"]["schemas"][schema["$ref"].split("/")[-1]], depth)
    if schema.get("examples"):
        return schema["examples"][0]
    if "const" in schema or "enum" in schema:
        return schema.get("const", *schema.get("enum", [None])[:1])
    for some in ("oneOf", "anyOf", "allOf"):
        if some in schema:
            return example_of(schema[some][0], depth)
    match schema.get("type"):
        case "object" if depth < 5:
            return {
                name: example_of(field, depth + 1)
                for name, field in schema.get("properties", {}).items()
            }
        case "array" if depth < 5:
            return [example_of(schema.get("items", {}), depth + 1)]
        case "integer" | "number":
            return 1
        case "boolean":
            return True
    return "words"


@pytest.fixture(scope="module")
def addresses(owner: Person) -> dict[str, str]:
    """Something that is there for every part of an address."""
    article = owner.article(text="Pupils need a quiet place.")["id"]
    map = owner.map(article)["id"]
    there = {"claim_id": "c1", "relation_id": "r1", "account_id": owner.id}
    return {"map_id": map, "article_id": article, **there}


@pytest.mark.parametrize("name", BODIES)
def test_no_body_is_answered_with_a_server_error(
    name: str, service: Service, owner: Person, addresses: dict[str, str]
) -> None:
    method, path, operation = BODIES[name]
    kind, content = next(
        (kind, content)
        for kind, content in operation["requestBody"]["content"].items()
        if "json" in kind
    )
    address = re.sub(r"\{(\w+)\}", lambda match: addresses.get(match[1], "x"), path)
    body = example_of(content["schema"])

    @given(body=bent(body))
    @examples(15)
    def send(body: Any) -> None:
        data = json.dumps(body).encode()
        note(f"{method} {address} {data[:2_000]!r}")
        headers = {"Content-Type": kind, "If-Match": "*"}
        answer = owner.client.request(
            method, f"{service.url}{address}", content=data, headers=headers
        )
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"

    send()
