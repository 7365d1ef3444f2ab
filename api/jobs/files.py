"""Maps written in formats, and what each format leaves out, made at the desk."""

import json
from functools import partial
from typing import Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from api.jobs.desk import Call, Desk
from api.jobs.pictures import parameter_named
from api.jobs.sources import source_of
from api.responses.maps import file_tag
from argmap import picture
from argmap.drawing import orders
from argmap.drawing.orders import Product
from argmap.store import Database
from argmap.store.records import Asker, StoredMap

_START, _PACE = 0.02, 2e-6  # seconds to write a map in a format, and for each byte of it


async def written(
    request: Request,
    stored: StoredMap,
    asker: Asker,
    database: Database,
    desk: Desk,
    format: str,
    part: picture.Part,
) -> Product:
    """Return a map, or a part of it, in a format. Raises InvalidMap for a claim to focus on that it does not have."""
    work = partial(orders.written, format=format, part=part)

    async def make(call: Call) -> Product:
        source = await run_in_threadpool(source_of, stored, asker, database)
        with parameter_named():
            return await call(orders.filled, orders.Order((source,), work))

    key = f"{stored.id}:{file_tag(stored, format, part)}"
    return await desk.get(request, asker, key, _START + _PACE * len(stored.body), make)


async def losses_of(
    request: Request,
    stored: StoredMap,
    asker: Asker,
    database: Database,
    desk: Desk,
    formats: tuple[str, ...],
) -> tuple[str, dict[str, list[dict[str, Any]]]]:
    """Return the map's title, and what each format would leave out: kind, count, place and message of each loss."""
    work = partial(orders.losses, formats=formats)

    async def make(call: Call) -> Product:
        source = await run_in_threadpool(source_of, stored, asker, database)
        return await call(orders.filled, orders.Order((source,), work))

    key = f"{stored.id}:losses:{file_tag(stored, ','.join(formats), picture.Part())}"
    cost = len(formats) * (_START + _PACE * len(stored.body))
    product = await desk.get(request, asker, key, cost, make)
    found = json.loads(product.data)
    return found["title"], found["losses"]
