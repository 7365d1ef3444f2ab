"""Every error is a problem detail of a documented kind."""

from pathlib import Path

import httpx

from api.responses import problems
from argmap import errors
from tests.support.service import Service, problem


def test_the_documentation_is_that_of_the_code(root: Path) -> None:
    assert (root / "docs" / "problems.md").read_text() == problems.documentation()


def test_every_kind_has_a_page(service: Service) -> None:
    for kind in problems.KINDS.values():
        page = httpx.get(f"{service.url}/problems/{kind.slug}")
        assert page.status_code == 200
        assert kind.title in page.text


def test_every_error_of_the_library_is_answered_as_its_own_problem() -> None:
    def children(kind: type) -> set[type]:
        return {kind}.union(*(children(child) for child in kind.__subclasses__()))

    unanswered = {
        kind.__name__
        for kind in children(errors.ArgmapError) - {errors.ArgmapError}
        if kind.__module__ == "argmap.errors"
        and not any(parent in problems._OF_ERROR for parent in kind.__mro__)
    }
    # It can only happen on the command line.
    assert unanswered <= {"BackupError"}


def test_an_unknown_address_is_a_problem(service: Service) -> None:
    for address in ("/api/v1/nothing", "/nothing", "/api/v1/maps/a/b/c/d"):
        problem(httpx.get(service.url + address), 404, "not-found")


def test_pages_of_other_sites_may_read_why_they_get_nothing(service: Service) -> None:
    answer = httpx.get(f"{service.url}/api/v1/maps/AAAAAAAAAAAAAAAA.svg")
    problem(answer, 404, "not-found")
    assert answer.headers["access-control-allow-origin"] == "*"
    refused = httpx.post(f"{service.url}/api/v1/maps", json={})
    problem(refused, 401, "unauthenticated")
    assert "access-control-allow-origin" not in refused.headers


def test_a_wrong_method_is_a_problem_that_lists_the_right_ones(service: Service) -> None:
    answer = httpx.post(f"{service.url}/api/v1/maps/AAAAAAAAAAAAAAAA")
    problem(answer, 405, "method-not-allowed")
    allowed = {method.strip() for method in answer.headers["allow"].split(",")}
    assert allowed == {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"}
    answer = httpx.put(f"{service.url}/api/v1/maps")
    allowed = {method.strip() for method in answer.headers["allow"].split(",")}
    assert allowed == {"GET", "HEAD", "OPTIONS", "POST"}
    problem(httpx.delete(f"{service.url}/healthz"), 405, "method-not-allowed")
    picture = httpx.post(f"{service.url}/api/v1/maps/AAAAAAAAAAAAAAAA.svg")
    problem(picture, 405, "method-not-allowed")
    assert picture.headers["allow"] == "GET, HEAD, OPTIONS"
    for method in ("PUT", "PATCH", "DELETE"):
        for media_type in ("text/plain", "application/json", "application/merge-patch+json"):
            address = f"{service.url}/api/v1/maps/AAAAAAAAAAAAAAAA.svg"
            sent = httpx.request(method, address, headers={"Content-Type": media_type})
            problem(sent, 405, "method-not-allowed")
            assert sent.headers["allow"] == "GET, HEAD, OPTIONS"


def test_options_lists_the_methods_of_an_address_that_there_is(service: Service) -> None:
    answer = httpx.options(f"{service.url}/api/v1/maps")
    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")
    for address in ("/api/v1/nothing", "/nothing", "/api/v1/maps/a/b/c/d", "/api/v1/maps/a.b/c"):
        problem(httpx.options(service.url + address), 404, "not-found")


def test_health_is_answered(service: Service) -> None:
    for address in ("/healthz", "/readyz"):
        answer = httpx.get(service.url + address)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_readiness_fails_with_the_layout_engine(service: Service, monkeypatch) -> None:
    from argmap import picture

    def absent() -> None:
        raise errors.EngineUnavailable("no engine")

    monkeypatch.setattr(picture, "ready", absent)
    answer = httpx.get(f"{service.url}/readyz")
    problem(answer, 503, "picture-unavailable")
    assert "retry-after" in answer.headers
    assert httpx.get(f"{service.url}/healthz").status_code == 200
