"""Exceptions to problem details (RFC 9457): the only table of its kind, and the answers made from it."""

import dataclasses
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from api.responses.html import html_page
from argmap import errors
from argmap.store.records import ANONYMOUS


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its slug is the last part of its type's address and its heading in docs/problems.md."""

    slug: str
    status: int
    title: str
    advice: str


KINDS = {
    kind.slug: kind
    for kind in (
        Kind("bad-request", 400, "The request cannot be read",
             "A header or the address is malformed; `detail` says which. Send it again, corrected."),
        Kind("bad-json", 400, "The body is not acceptable JSON",
             "The body must be UTF-8 JSON without duplicate keys, NaN, infinities, lone surrogates, whole numbers of"
             " more than 18 digits or more than 64 levels. `errors` says what was found and where."),
        Kind("unknown-parameter", 400, "A query parameter is unknown or given twice",
             "Every address takes the parameters that the API reference lists for it, each at most once. `errors`"
             " names the wrong ones, `detail` the known ones."),
        Kind("bad-parameter", 400, "A query parameter has a value that it cannot have",
             "`errors` names the parameter and says what it can be."),
        Kind("not-public", 401, "Only public maps can be embedded",
             "The address carries a share token, which a page would hand on to all its readers. Link to the map, or"
             " publish it."),
        Kind("unauthenticated", 401, "A valid token is needed",
             "Send `Authorization: Bearer TOKEN`. Tokens expire and can be revoked; a sign-in token works once."),
        Kind("not-permitted", 403, "You may see this but not do that with it",
             "Your role or your token's scope does not reach: writing needs scope `write` and the role editor,"
             " sharing, publishing, transferring and deleting are the owner's alone."),
        Kind("not-found", 404, "There is nothing here",
             "There is nothing at this address, or you may not see it: the two look alike on purpose."),
        Kind("method-not-allowed", 405, "This address does not take that method",
             "The `Allow` header lists the methods that it takes."),
        Kind("not-acceptable", 406, "No format of this fits the Accept header",
             "`detail` lists the media types that there are."),
        Kind("timeout", 408, "The request did not arrive in time",
             "The head of a request must arrive within 10 seconds, a body within `ARGMAP_BODY_SECONDS`, files to be"
             " imported within `ARGMAP_IMPORT_SECONDS`. Send it again over a better line, or in parts."),
        Kind("conflict", 409, "The request contradicts the present state",
             "An id is taken, an undo meets a later edit, a map would be more visible than its article, or the like;"
             " `detail` says which and what would help."),
        Kind("edit-conflict", 409, "Somebody else has changed the same",
             "An operation said on which version (`base`) or state (`etag`) it builds, and somebody else has changed"
             " the same since. Nothing of the batch was stored. Each of `conflicts` has what both had (`base`), your"
             " version (`yours`), the present one (`theirs`, null where it was removed), and who made that. Let a"
             " person choose; to keep yours send it again with the `version` of this answer as `base`."),
        Kind("idempotency-mismatch", 409, "The idempotency key was used for another request",
             "A key stands for one request. Take a new key for a new request."),
        Kind("version-mismatch", 412, "It has been changed since you read it",
             "The `If-Match` header names another version than the newest. Read it again, look at what changed"
             " (`/difference`), make your change on top and send it with the new ETag."),
        Kind("too-large", 413, "The body is too large",
             "A body has at most `ARGMAP_BODY_BYTES` bytes, files to be imported `ARGMAP_IMPORT_BYTES`. Send large maps"
             " in parts (`/changes`), many files in several zips."),
        Kind("unsupported-media-type", 415, "The body has the wrong content type",
             "Bodies are `application/json`, those of PATCH `application/merge-patch+json`. The `Accept-Post` or"
             " `Accept-Patch` header says which."),
        Kind("invalid", 422, "The request is not valid",
             "The body breaks a rule. `errors` lists every fault with its place; nothing was stored."),
        Kind("picture-too-large", 422, "The map is too large to be drawn",
             "A picture has limits on claims, relations and memory. Draw a part of the map."),
        Kind("precondition-required", 428, "Say which version you mean",
             "Replacing or deleting a whole map needs `If-Match` with the ETag that you read, so that nobody's newer"
             " work is overwritten."),
        Kind("too-many-attempts", 429, "Too many tries",
             "A name and password were tried too often, or too many are being checked. Try again after the seconds that"
             " `Retry-After` says. Who has forgotten a password asks an administrator for a one-time link."),
        Kind("internal", 500, "Something went wrong inside the service",
             "This is a fault of the service. It has been logged; nothing of the request was stored."),
        Kind("store-damaged", 500, "What is stored does not match its checksum",
             "The stored map is damaged. Other maps are not affected; put the last backup back."),
        Kind("not-implemented", 501, "This is not offered",
             "`detail` says what is offered in its place."),
        Kind("busy", 503, "Too much work is waiting",
             "What you asked for did not get its turn in time, or many imports of yours are under way. Try again after"
             " the seconds that `Retry-After` says."),
        Kind("picture-timeout", 503, "The picture took too long",
             "The layout did not end before its deadline. Draw a part of the map."),
        Kind("picture-unavailable", 503, "Pictures cannot be drawn at the moment",
             "The layout engine is missing or failed. Reading and writing maps goes on."),
        Kind("analysis-timeout", 503, "The analysis took too long",
             "Not even a part of the answer was found in time. Ask for a semantics that is easier to compute, such as"
             " `grounded`, or ask about a smaller map."),
        Kind("work-too-large", 422, "The work needs too much memory",
             "Files are written and read in bounded memory. Ask for a part of the map, or send smaller files."),
        Kind("work-timeout", 503, "The work took too long",
             "It was ended at its deadline. Ask for a part of the map (`focus`, `hide`)."),
        Kind("work-unavailable", 503, "The work was ended",
             "The process that did it was ended, or the service is stopping. Try again after the seconds that"
             " `Retry-After` says."),
        Kind("store-unavailable", 503, "The database does not answer",
             "The database is gone, restarting or locked for long. Try again after the seconds that `Retry-After`"
             " says; a write sent again with the same `Idempotency-Key` counts once."),
        Kind("store-full", 507, "The disk is full",
             "Nothing can be written until there is room again; reading goes on."),
    )
}  # fmt: skip


def documentation() -> str:
    """Write docs/problems.md: every kind of problem with its heading."""
    parts = [
        "# Problems",
        "Every error answer of the service is a problem detail (RFC 9457) with the content type"
        " `application/problem+json`. Its `type` is the address of the kind's page on the service"
        " (`/problems/not-found`), `detail` says what happened this time, and `errors` lists every fault of a"
        " request with its place, a code for programs and a sentence for people. The input itself is never repeated."
        " A browser that asks for a page outside the API gets a page that says the same.",
    ]
    parts += [
        f"## {kind.slug}\n\n**{kind.status}** {kind.title}.\n\n{kind.advice}"
        for kind in KINDS.values()
    ]
    return "\n\n".join(parts) + "\n"


_OF_ERROR: dict[type[errors.ArgmapError], str] = {
    errors.InvalidMap: "invalid",
    errors.FormatError: "invalid",
    errors.UnknownFormat: "invalid",
    errors.BadValue: "invalid",
    errors.NotFound: "not-found",
    errors.NotPermitted: "not-permitted",
    errors.IdempotencyMismatch: "idempotency-mismatch",
    errors.EditConflict: "edit-conflict",
    errors.Conflict: "conflict",
    errors.VersionMismatch: "version-mismatch",
    errors.PictureTooLarge: "picture-too-large",
    errors.EngineTimeout: "picture-timeout",
    errors.EngineError: "picture-unavailable",
    errors.AnalysisTimeout: "analysis-timeout",
    errors.WorkTimeout: "work-timeout",
    errors.WorkTooLarge: "work-too-large",
    errors.WorkEnded: "work-unavailable",
    errors.StoreUnavailable: "store-unavailable",
    errors.StoreFull: "store-full",
    errors.StoreDamaged: "store-damaged",
}
_OF_STATUS = {404: "not-found", 405: "method-not-allowed", 413: "too-large", 400: "bad-request"}
_RETRY_AFTER = {
    "busy": "1",
    "picture-unavailable": "5",
    "work-unavailable": "5",
    "store-unavailable": "1",
    "store-full": "60",
}
_FOR_PROGRAMS = ("/api/", "/oembed", "/openapi.json", "/static/")
_CLIENT_GONE = 499  # as nginx has it
MOST_FAULTS = 200  # that one answer lists
_NO_IF_MATCH = (
    "Send If-Match with the ETag that you read, so that nobody's newer work is overwritten."
)
# Said of everything that is not there or may not be known to be there, so that the two look alike.
_NOT_FOUND = "There is nothing here, or you may not see it."


class ProblemError(HTTPException):
    """A refusal by the HTTP side itself. `faults` say what and where; `headers` go along.

    It is the framework's exception for refusals, so that the framework lets it pass where it reads bodies.
    """

    def __init__(
        self,
        slug: str,
        detail: str,
        *,
        faults: Sequence[errors.Fault] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        self.kind = KINDS[slug]
        self.faults = tuple(faults)
        super().__init__(self.kind.status, detail, headers)


def install(app: FastAPI) -> None:
    """Answer every exception of the app as a problem."""
    app.add_exception_handler(ProblemError, _on_problem)
    app.add_exception_handler(errors.ArgmapError, _on_argmap_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(Exception, _on_unexpected)
    app.add_exception_handler(errors.ClientGone, _on_client_gone)


def problem(
    request: Request,
    kind: Kind,
    detail: str,
    faults: Sequence[errors.Fault] = (),
    headers: dict[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Response:
    """Build the answer of one problem: a page for a person who looks at pages, problem details for all others.

    `more` are members that this kind of problem has of its own.
    """
    body: dict[str, Any] = {
        "type": f"{base_url(request)}/problems/{kind.slug}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        **(more or {}),
    }
    if faults:
        body["errors"] = [
            {"place": fault.place, "code": fault.code, "message": fault.message}
            for fault in faults[:MOST_FAULTS]
        ]
    sent = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **(headers or {})}
    if request.method == "GET":
        # Pages of other sites, which ask without credentials, learn why they get nothing.
        sent["Access-Control-Allow-Origin"] = "*"
        sent["Cross-Origin-Resource-Policy"] = "cross-origin"
    if kind.slug in _RETRY_AFTER:
        sent.setdefault("Retry-After", _RETRY_AFTER[kind.slug])
    if kind.status == HTTPStatus.UNAUTHORIZED:
        sent.setdefault("WWW-Authenticate", 'Bearer realm="argmap"')
    if _is_read_by_a_person(request):
        asker = request.scope.get("argmap.asker") or ANONYMOUS
        page = html_page(
            request,
            "problem.html",
            asker,
            status=kind.status,
            framed=request.url.path.endswith("/embed"),
            kind=kind,
            detail=detail,
        )
        page.headers.update({**sent, "Vary": "Accept, Cookie"})
        return page
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate (from a percent-encoded address, say) must not break the answer about it.
    data = text.encode("utf-8", "backslashreplace")
    return Response(data, kind.status, sent, media_type="application/problem+json")


def _is_read_by_a_person(request: Request) -> bool:
    """Say whether a browser asked for a page, and not for anything that programs read."""
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    return "text/html" in request.headers.get("accept", "") and not path.startswith(_FOR_PROGRAMS)


def slug_of(error: errors.ArgmapError) -> str | None:
    """Return the kind of problem that an error of the library is answered as; None for one that has no kind."""
    return next((_OF_ERROR[kind] for kind in type(error).__mro__ if kind in _OF_ERROR), None)


def report(error: errors.ArgmapError) -> str:
    """Write down, as JSON, why a file could not be imported; `schemas.imports` reads it."""
    if isinstance(error, errors.InvalidMap):
        faults = error.faults[:MOST_FAULTS]
    elif isinstance(error, errors.FormatError) and (error.place or error.line):
        place = error.place or f"line {error.line}"
        faults = (errors.Fault(place, "format", str(error)),)
    else:
        faults = ()
    kind = KINDS[slug_of(error) or "internal"]
    detail = _NOT_FOUND if kind.slug == "not-found" else str(error)
    written = {
        "slug": kind.slug,
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "line": error.line if isinstance(error, errors.FormatError) else None,
        "errors": [dataclasses.asdict(fault) for fault in faults],
    }
    return json.dumps(written).encode("utf-8", "backslashreplace").decode()


def base_url(request: Request) -> str:
    """Return the service's own address without a slash at the end."""
    public: str | None = request.app.state.settings.public_url
    return public or str(request.base_url).rstrip("/")


def allowed(scope: Mapping[str, Any]) -> str:
    """List the methods that some route takes at an address, nothing where there is none.

    The framework names only those of the first route.
    """
    methods = set()
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        asked = {**scope, "method": method}
        if any(route.matches(asked)[0] is Match.FULL for route in scope["app"].router.routes):
            methods.add(method)
    if "GET" in methods:
        methods.add("HEAD")
    return ", ".join(sorted({*methods, "OPTIONS"})) if methods else ""


def _on_problem(request: Request, error: Exception) -> Response:
    if not isinstance(error, ProblemError):  # the framework's signature is wider than its calls
        return _on_unexpected(request, error)
    return problem(request, error.kind, error.detail, error.faults, dict(error.headers or {}))


def _on_argmap_error(request: Request, error: Exception) -> Response:
    slug = slug_of(error) if isinstance(error, errors.ArgmapError) else None
    if slug is None:
        return _on_unexpected(request, error)
    if slug == "not-found":
        return problem(request, KINDS[slug], _NOT_FOUND)
    if slug == "invalid" and request.method == "GET":  # there is no body that could be it
        slug = "bad-parameter"
    faults = error.faults if isinstance(error, errors.InvalidMap) else ()
    more = None
    if isinstance(error, errors.EditConflict):
        more = {"version": error.version, "conflicts": error.conflicts}
    return problem(request, KINDS[slug], str(error), faults, more=more)


def _on_invalid_request(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        return _on_unexpected(request, error)
    places = {str(item["loc"][0]) for item in error.errors()}
    if any(item["loc"] == ("header", "If-Match") for item in error.errors()):
        return problem(request, KINDS["precondition-required"], _NO_IF_MATCH)
    if "path" in places:
        return problem(request, KINDS["not-found"], _NOT_FOUND)
    slug = "invalid" if "body" in places else "bad-parameter"
    faults = [
        errors.Fault(
            "/".join(str(part) for part in (item["loc"][1:] if len(item["loc"]) > 1 else ())),
            item["type"],
            item["msg"],
        )
        for item in error.errors()
    ]
    whole = errors.InvalidMap(tuple(faults))
    return problem(request, KINDS[slug], str(whole), whole.faults)


def _on_http_exception(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        return _on_unexpected(request, error)
    slug = _OF_STATUS.get(error.status_code, "bad-request")
    headers = dict(error.headers or {})
    if slug == "not-found":
        return problem(request, KINDS[slug], _NOT_FOUND, headers=headers)
    if slug == "method-not-allowed":
        headers["Allow"] = allowed(request.scope)
        detail = f"This address takes {headers['Allow']}."
    else:
        detail = str(error.detail)
    return problem(request, KINDS[slug], detail, headers=headers)


def _on_client_gone(request: Request, error: Exception) -> Response:
    return Response(status_code=_CLIENT_GONE)  # nobody reads it


def _on_unexpected(request: Request, error: Exception) -> Response:
    # The server writes the traceback into its log.
    detail = "The error has been logged. Nothing of this request was stored."
    # It also ends the connection, which clients must know before they use it again.
    return problem(request, KINDS["internal"], detail, headers={"Connection": "close"})


if __name__ == "__main__":
    sys.stdout.write(documentation())
