"""Quotes looked for in a corrected text at the desk, before the transaction that stores what was found."""

import hashlib
import pickle
from functools import partial

from fastapi import Request

from api.jobs.desk import Call, Desk
from argmap.drawing.orders import Order, Product, Source, filled
from argmap.model import Anchoring, ArgumentMap, anchored_map
from argmap.store.maps.anchoring import Anchored
from argmap.store.records import Asker

_PACE = 2e-6  # seconds for each byte of the maps, and of the text for each of them


async def anchored(
    request: Request, asker: Asker, desk: Desk, text: str | None, bodies: tuple[bytes, ...]
) -> Anchored:
    """Anchor the maps of these bodies in a text."""
    if not bodies:
        return {}
    hashes = [hashlib.sha256(body).digest() for body in bodies]
    work = partial(_found, text=text)

    async def make(call: Call) -> Product:
        return await call(filled, Order(tuple(Source(body) for body in bodies), work))

    asked = hashlib.sha256(b"".join((*hashes, (text or "").encode("utf-8", "surrogatepass"))))
    size = sum(len(body) for body in bodies) + len(bodies) * len(text or "")
    product = await desk.get(request, asker, f"anchor:{asked.hexdigest()}", _PACE * size, make)
    found: list[Anchoring] = pickle.loads(product.data)  # noqa: S301  as a process of ours wrote it
    return {(hash, text): one for hash, one in zip(hashes, found, strict=True)}


def _found(*maps: ArgumentMap, text: str | None) -> bytes:
    return pickle.dumps([anchored_map(map, text) for map in maps])
