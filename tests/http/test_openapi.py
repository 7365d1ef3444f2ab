"""The OpenAPI document reads well for generated clients, and does not change unnoticed."""

import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.settings import Settings
from tests.support.service import Service

SNAPSHOT = Path(__file__).parent / "openapi.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(Settings()).openapi()


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        operation["operationId"]: operation
        for path in document["paths"].values()
        for operation in path.values()
    }


def test_the_document_is_as_it_was_accepted(document: dict[str, Any]) -> None:
    """ARGMAP_ACCEPT=1 accepts a new one; read the difference first."""
    text = json.dumps(document, indent=1, sort_keys=True) + "\n"
    if os.environ.get("ARGMAP_ACCEPT"):
        SNAPSHOT.write_text(text)
    same = text == SNAPSHOT.read_text()  # apart, as both are too long to be shown
    assert same, "the OpenAPI document changed (ARGMAP_ACCEPT=1 accepts it)"


def test_every_operation_has_a_name_a_summary_and_a_description(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    names = [
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
    ]
    assert len(names) == len(set(names))
    for name, operation in operations(document).items():
        assert name.isidentifier()
        assert name == name.lower()
        assert operation["summary"], name
        assert operation["description"], name
        assert operation["tags"], name


def test_every_operation_answers_errors_as_problems(document: dict[str, Any]) -> None:
    for name, operation in operations(document).items():
        for status in ("4XX", "5XX"):
            content = operation["responses"][status]["content"]
            assert list(content) == ["application/problem+json"], name
        assert "default" not in operation["responses"], name
        assert "422" not in operation["responses"], name


def test_preconditions_can_be_sent_by_generated_clients(document: dict[str, Any]) -> None:
    def headers(operation: dict[str, Any]) -> dict[str, bool]:
        given = operation.get("parameters", [])
        return {each["name"]: each["required"] for each in given if each["in"] == "header"}

    known = operations(document)
    for name in ("replace_map", "delete_map"):
        assert headers(known[name])["If-Match"], name
    for name, operation in known.items():
        if name.startswith(("change_", "remove_")) or name in ("delete_article", "restore_version"):
            assert headers(operation)["If-Match"] is False, name
    assert "If-None-Match" in headers(known["read_map"])
    assert "304" in known["draw_map"]["responses"]


def test_share_tokens_can_be_sent_by_generated_clients(document: dict[str, Any]) -> None:
    for address, path in document["paths"].items():
        if "get" in path and ("{map_id}" in address or "{article_id}" in address):
            names = [each["name"] for each in path["get"]["parameters"]]
            assert names.count("share") == 1, address


def test_every_body_has_an_example_and_the_right_media_type(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for path in document["paths"].values():
        for method, operation in path.items():
            if "requestBody" not in operation:
                continue
            if operation["operationId"] == "import_files":  # files as they are, not JSON
                offered = operation["requestBody"]["content"]
                assert set(offered) == {"application/octet-stream", "multipart/form-data"}
                continue
            if operation["operationId"] == "preview_article":
                assert "text/html" in operation["requestBody"]["content"]
                continue
            offered = dict(operation["requestBody"]["content"])
            if operation["operationId"] == "create_article":  # files too
                offered = {"application/json": offered["application/json"]}
            ((media_type, content),) = offered.items()
            patch = method == "patch"
            assert media_type == ("application/merge-patch+json" if patch else "application/json")
            schema = schemas[content["schema"]["$ref"].rpartition("/")[2]]
            simple = set(schema["properties"]) <= {"token", "account_id"}
            assert simple or schema.get("examples"), operation["operationId"]


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    for part in text.split('"$ref": "#/components/schemas/')[1:]:
        assert part.partition('"')[0] in document["components"]["schemas"]


def test_every_example_of_a_body_is_accepted_by_its_schema() -> None:
    from schemas import accounts, articles, maps

    accepted = 0
    for module in (accounts, articles, maps):
        for name in dir(module):
            kind = getattr(module, name)
            if isinstance(kind, type) and kind.__module__ == module.__name__:
                for example in kind.model_json_schema().get("examples", []):
                    kind.model_validate(example)
                    accepted += 1
    assert accepted > 10


def test_the_reference_page_may_only_ask_this_service(service: Service) -> None:
    answer = httpx.get(f"{service.url}/docs")
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "connect-src 'self'" in answer.headers["content-security-policy"]
