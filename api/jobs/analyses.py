"""What can be said about maps, computed at the desk."""

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from api.jobs.desk import Call, Desk, Errors
from api.jobs.sources import bare_source, source_of
from argmap import __version__
from argmap.drawing.orders import Order, Product, filled
from argmap.errors import (
    AnalysisTimeout,
    Fault,
    InvalidMap,
    NotFound,
    WorkTimeout,
)
from argmap.model import ArgumentMap
from argmap.store import Database
from argmap.store.records import Asker, StoredMap

_START = 0.005  # seconds that any analysis takes
_ERRORS: Errors = {WorkTimeout: AnalysisTimeout}


async def analysed(
    request: Request,
    asker: Asker,
    database: Database,
    desk: Desk,
    key: str,
    work: Callable[..., object],
    maps: Sequence[StoredMap],
    pace: float,
    parameter: str,
    whole: bool,
) -> bytes:
    """Return what some work says about maps, as JSON.

    `pace`: microseconds for each byte of the maps, roughly; `whole`: with their articles.
    Raises what the work raises, and InvalidMap for what is not found by that parameter.
    """

    async def make(call: Call) -> Product:
        sources = [
            await run_in_threadpool(source_of, stored, asker, database)
            if whole
            else bare_source(stored)
            for stored in maps
        ]
        try:
            return await call(filled, Order(tuple(sources), work))
        except NotFound as error:
            raise InvalidMap((Fault(parameter, "unknown_id", str(error)),)) from None

    cost = _START + pace * 1e-6 * sum(len(stored.body) for stored in maps)
    return (await desk.get(request, asker, key, cost, make, _ERRORS)).data


async def analysed_order(
    request: Request, asker: Asker, desk: Desk, key: str, order: Order, cost: float
) -> bytes:
    """Return what an order comes to, as JSON."""

    async def make(call: Call) -> Product:
        return await call(filled, order)

    return (await desk.get(request, asker, key, cost, make, _ERRORS)).data


def review_log(map: ArgumentMap, *, name: str, without: Sequence[str]) -> dict[str, Any]:
    """Review a map as a SARIF log in which it has that name."""
    from argmap.analysis.review import RULES, review, sarif

    return sarif([(name, review(map, without))], RULES, __version__)


def counted(*maps: ArgumentMap) -> object:
    """Count over maps."""
    from argmap.analysis.statistics import collect, statistics_of

    return collect([statistics_of(map) for map in maps])
