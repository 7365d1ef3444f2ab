"""The OpenAPI document: descriptions, security, and problem details as the shape of every error."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from schemas.problem import Problem

DESCRIPTION = """\
argmap stores op-ed articles decomposed into theses, premises, evidence and rebuttals and draws argument maps.

**Tokens.** Send `Authorization: Bearer TOKEN`; make tokens at `/tokens` or on the command line
(`argmap token add NAME --scope write`). What is public can be read without one. What you may not see looks exactly
like what is not there (404).

**Versions.** A map's `ETag` is its version. Read with `If-None-Match`, write with `If-Match`: nobody's newer work is
overwritten. Replacing or deleting a whole map needs `If-Match` (428).

**Repeats.** A POST with an `Idempotency-Key` that is sent again is answered again, not done again. `/sign-in` has none:
its token works once.

**Errors** are problem details (RFC 9457); each type has a page under `/problems`.

**Lists** come in pages; follow the `Link` header or pass `next` as `cursor`.
"""
TAGS: list[dict[str, Any]] = [
    {
        "name": "articles",
        "description": "Op-eds as published; correcting a text re-anchors quotes.",
    },
    {"name": "maps", "description": "Whole argument maps, and their files in other formats."},
    {"name": "formats", "description": "What can be read and written, and what that loses."},
    {
        "name": "imports",
        "description": "Files of other tools, one or a zip of many, read into maps.",
    },
    {"name": "pictures", "description": "Maps drawn as SVG and PNG, and where everything stands."},
    {"name": "embeds", "description": "Maps on pages of others (oEmbed)."},
    {"name": "claims and relations", "description": "The parts of a map, one by one or together."},
    {"name": "history", "description": "Every version can be read, compared, undone, restored."},
    {"name": "events", "description": "Changes of a map as they happen, and who is there."},
    {"name": "analysis", "description": "Review, strength, explanation: computed, never stored."},
    {"name": "sharing", "description": "Grants, share tokens, transfer: the owner's alone."},
    {"name": "accounts", "description": "Accounts, API tokens, signing in, export, erasing."},
    {"name": "health", "description": "For load balancers and monitors."},
]

_UNTAGGED = {  # GETs whose answers are never the same twice, or not worth keeping
    "export_maps", "export_account", "stream_import", "stream_map", "is_alive", "is_ready",
}  # fmt: skip


def install(app: FastAPI) -> None:
    """Make the app describe itself with problems and security."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]  # FastAPI's documented way


def _document(app: FastAPI) -> dict[str, Any]:
    public = app.state.settings.public_url
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        tags=app.openapi_tags,
        routes=app.routes,
        servers=None if public is None else [{"url": public}],
    )
    components = document["components"]
    components["schemas"]["Problem"] = Problem.model_json_schema(
        ref_template="#/components/schemas/{model}"
    )
    components["schemas"].update(components["schemas"]["Problem"].pop("$defs"))
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    for schema in components["schemas"].values():
        _tell_defaults(schema)
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "An API token"}
    }
    document["security"] = [{"token": []}, {}]
    problem = {
        "description": "A problem (RFC 9457)",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
    for address, path in document["paths"].items():
        for operation in path.values():
            operation["responses"].pop("422", None)
            operation["responses"] |= {"4XX": problem, "5XX": problem}
            name = operation["operationId"]
            shared = "{map_id}" in address or "{article_id}" in address
            if operation is path.get("get") and shared:
                _add_share(operation)
            if operation is path.get("get") and name not in _UNTAGGED:
                _add_header(operation, "If-None-Match", "The `ETag` of what one has already")
                operation["responses"]["304"] = {"description": "One has it already"}
            body = operation.get("requestBody", {}).get("content", {})
            if operation is path.get("patch") and "application/json" in body:
                body["application/merge-patch+json"] = body.pop("application/json")
    return document


def _tell_defaults(schema: dict[str, Any]) -> None:
    """Say in words what a field is when it is left out.

    Answers leave out what has its default value, and requests may. Generators of clients take a field with a `default`
    for one that is always there.
    """
    for field in schema.get("properties", {}).values():
        default = field.pop("default", None)
        if default not in (None, "", False, 0, [], {}) and isinstance(
            default, str | int | float | bool
        ):
            said = field.get("description", "")
            field["description"] = f"{said}. Left out: {default}".removeprefix(". ")


def _add_header(operation: dict[str, Any], name: str, description: str) -> None:
    """Describe a header that the code reads from the request itself."""
    operation.setdefault("parameters", []).append(
        {
            "name": name,
            "in": "header",
            "required": False,
            "description": description,
            "schema": {"type": "string"},
            "example": '"7"',
        }
    )


def _add_share(operation: dict[str, Any]) -> None:
    """Describe the share token where the operation does not do so itself; whoever asks is found out apart from it."""
    given = operation.setdefault("parameters", [])
    if all(each["name"] != "share" for each in given):
        given.append(
            {
                "name": "share",
                "in": "query",
                "required": False,
                "description": "A share token of something unlisted",
                "schema": {"type": "string", "maxLength": 200},
            }
        )
