"""A service, and people who call it."""

from collections.abc import Iterator

import httpx
import pytest

from tests.support.service import Person, Service, serving


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service of the module's own."""
    with serving(tmp_path_factory.mktemp("data")) as running:
        yield running


@pytest.fixture(scope="module")
def owner(service: Service) -> Person:
    return service.person()


@pytest.fixture(scope="module")
def stranger(service: Service) -> Person:
    return service.person()


@pytest.fixture(scope="module")
def anonymous(service: Service) -> httpx.Client:
    return service.client()
