"""Every route that takes a map asks for it by a type that says what it needs of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute

from api.app import create_app
from api.resources import editable_map, owned_map, readable_map
from api.settings import Settings

ASKED = {readable_map, editable_map, owned_map}
APART = {
    "undelete_map": "of a deleted map there is nothing to read",
    "embed_map": "whoever looks is shown what a stranger would see",
    "stream_map": "asks again and again what its reader may do",
    "set_presence": "needs what one may do with it, not what it says",
}


def routes(router: Any) -> Iterator[APIRoute]:
    """Yield the routes of a router and of those that it includes."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from routes(route.original_router)


ROUTES = [route for route in routes(create_app(Settings()).router) if "{map_id}" in route.path]


def calls(dependant: Any) -> Iterator[Any]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from calls(inner)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.name} {route.path}")
def test_it_cannot_be_forgotten(route: APIRoute) -> None:
    asked = ASKED & set(calls(route.dependant))
    if route.name in APART:
        assert not asked
        return
    assert len(asked) == 1, f"{route.name} takes a map without ReadableMap, EditableMap or OwnedMap"
    writes = (
        route.methods & {"POST", "PUT", "PATCH", "DELETE"} and route.name != "suppose_otherwise"
    )
    assert bool(writes) is (readable_map not in asked), route.name


def test_there_are_such_routes_and_no_name_is_kept_apart_for_nothing() -> None:
    assert len(ROUTES) > 30
    assert set(APART) <= {route.name for route in ROUTES}
