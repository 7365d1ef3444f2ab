"""A stored map drawn: as SVG, PNG or PDF, with or without an analysis laid over it, or as its layout alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from api.jobs.desk import Call, Desk, Errors
from api.jobs.sources import source_of
from api.requests.negotiation import PDF, PNG, SVG
from api.responses.maps import picture_tag
from argmap import __version__, picture
from argmap.drawing import orders
from argmap.drawing.orders import Product
from argmap.drawing.overlays import Laid
from argmap.errors import (
    EngineTimeout,
    EngineUnavailable,
    Fault,
    InvalidMap,
    NotFound,
    PictureTooLarge,
    WorkEnded,
    WorkTimeout,
    WorkTooLarge,
)
from argmap.store import Database
from argmap.store.records import Asker, StoredMap


class Form(NamedTuple):
    """A form of a picture: its media type, the end of its entity tag, what draws it, what is laid over it.

    `pace`: microseconds that it takes for each byte of the map, roughly, on an idle machine.
    """

    media_type: str
    mark: str
    draw: Callable[..., str | bytes]
    pace: float
    analysis: Laid | None = None

    def seconds(self, size: int) -> float:
        """Return how long it is expected to take for a map of that many bytes."""
        return (self.pace + (self.analysis is not None)) * 1e-6 * size


SVG_OF = Form(SVG, "", picture.draw, 2)
LAYOUT = Form("application/json", "-layout", orders.layout, 2)


def png_of(scale: float) -> Form:
    """Return the form of a PNG of that scale."""
    return Form(PNG, f"-{scale:g}", partial(picture.draw_png, scale=scale), 15 * max(1, scale) ** 2)


def pdf_of(poster: picture.Spread | float, handout: bool) -> Form:
    """Return the form of a PDF: spread over sheets that way; with or without a handout."""
    size = poster if isinstance(poster, picture.Spread) else f"{poster:g}"
    draw = partial(picture.draw_pdf, poster=poster, handout=handout)
    return Form(PDF, f"-{size}{'-handout' if handout else ''}", draw, 10)


def laid_over(form: Form, analysis: Laid | None) -> Form:
    """Return the form with an analysis laid over it, computed anew for each version of the map and of argmap."""
    if analysis is None:
        return form
    return form._replace(mark=f"{form.mark}-{analysis}-{__version__}", analysis=analysis)


@contextmanager
def parameter_named() -> Iterator[None]:
    """Turn a claim that is not found into a fault of the parameter that asked for it. Raises InvalidMap."""
    try:
        yield
    except NotFound as error:
        raise InvalidMap((Fault(error.option, "unknown_id", str(error)),)) from None


async def drawn(
    request: Request,
    stored: StoredMap,
    asker: Asker,
    database: Database,
    desk: Desk,
    options: picture.Options,
    form: Form = SVG_OF,
) -> bytes:
    """Return a picture, having it drawn unless it is at hand.

    Raises what drawing raises, and InvalidMap for a claim to focus on or to fold that the map does not have.
    """
    draw = partial(
        orders.drawn,
        draw=form.draw,
        options=options,
        analysis=form.analysis,
        version=stored.version,
        seconds=desk.seconds,
    )

    async def make(call: Call) -> Product:
        source = await run_in_threadpool(source_of, stored, asker, database)
        with parameter_named():
            return await call(orders.filled, orders.Order((source,), draw))

    key = f"{stored.id}:{picture_tag(stored, options)}{form.mark}"
    cost = form.seconds(len(stored.body))
    return (await desk.get(request, asker, key, cost, make, _ERRORS)).data


_ERRORS: Errors = {
    WorkTimeout: EngineTimeout,
    WorkTooLarge: PictureTooLarge,
    WorkEnded: EngineUnavailable,
}
