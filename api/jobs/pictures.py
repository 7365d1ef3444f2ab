"""A stored map drawn: as SVG, PNG or PDF, with or without an analysis laid over it, or as its layout alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple

from api.jobs.desk import Desk
from api.requests.negotiation import PDF, PNG, SVG
from api.responses.maps import picture_tag, shown_article, shown_body
from argmap import __version__, picture
from argmap.drawing import orders
from argmap.drawing.overlays import Laid
from argmap.errors import Fault, InvalidMap, NotFound
from argmap.store import Database
from argmap.store.records import Asker, StoredMap


class Form(NamedTuple):
    """A form of a picture: its media type, the end of its entity tag, what draws it, what is laid over it."""

    media_type: str
    mark: str
    draw: Callable[..., str | bytes]
    analysis: Laid | None = None


SVG_OF = Form(SVG, "", picture.draw)
LAYOUT = Form("application/json", "-layout", orders.layout)


def png_of(scale: float) -> Form:
    """Return the form of a PNG of that scale."""
    return Form(PNG, f"-{scale:g}", partial(picture.draw_png, scale=scale))


def pdf_of(poster: picture.Spread | float, handout: bool) -> Form:
    """Return the form of a PDF: spread over sheets that way; with or without a handout."""
    size = poster if isinstance(poster, picture.Spread) else f"{poster:g}"
    draw = partial(picture.draw_pdf, poster=poster, handout=handout)
    return Form(PDF, f"-{size}{'-handout' if handout else ''}", draw)


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
    stored: StoredMap,
    asker: Asker,
    database: Database,
    desk: Desk,
    options: picture.Options,
    form: Form = SVG_OF,
) -> bytes:
    """Return a picture, drawing it unless it is at hand.

    Raises what drawing raises, and InvalidMap for a claim to focus on or to fold that the map does not have.
    """

    def make() -> bytes:
        article = None
        if stored.article_id is not None:
            with database.read() as session:
                article = shown_article(session, stored, asker)
        order = orders.Order(
            shown_body(stored),
            article,
            options,
            form.analysis,
            form.draw,
            stored.version,
            desk.seconds,
        )
        with parameter_named():
            return desk.call(orders.filled, order)

    return await desk.get(f"{stored.id}:{picture_tag(stored, options)}{form.mark}", make)
