"""A stored map drawn: as SVG, PNG or PDF, with or without an analysis laid over it, or as its layout alone."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from api.drawing import Desk
from api.negotiation import PDF, PNG, SVG
from api.representations import picture_tag, with_article
from argmap import __version__, picture
from argmap.errors import Fault, InvalidMap, NotFound
from argmap.model import ArgumentMap
from argmap.overlays import Laid, overlay_of
from argmap.store import Database
from argmap.store.records import Asker, StoredMap


class Form(NamedTuple):
    """A form of a picture: its media type, the end of its entity tag, and how it is made.

    `seconds`: what the layout may take; `version`: of the map, for the foot.
    """

    media_type: str
    mark: str
    make: Callable[[ArgumentMap, picture.Options, picture.Overlay, float, int], bytes]


def _svg(
    map: ArgumentMap,
    options: picture.Options,
    overlay: picture.Overlay,
    seconds: float,
    version: int,
) -> bytes:
    svg = picture.draw(map, options, overlay=overlay, version=version, deadline=seconds)
    return svg.encode()


def _layout(
    map: ArgumentMap, options: picture.Options, overlay: picture.Overlay, seconds: float, _: int
) -> bytes:
    layout = picture.lay_out(map, options, overlay=overlay, deadline=seconds)
    return json.dumps(picture.plan(layout)).encode()


SVG_OF = Form(SVG, "", _svg)
LAYOUT = Form("application/json", "-layout", _layout)


def png_of(scale: float) -> Form:
    """Return the form of a PNG of that scale."""

    def make(
        map: ArgumentMap,
        options: picture.Options,
        overlay: picture.Overlay,
        seconds: float,
        version: int,
    ) -> bytes:
        return picture.draw_png(
            map, options, overlay=overlay, version=version, scale=scale, deadline=seconds
        )

    return Form(PNG, f"-{scale:g}", make)


def pdf_of(poster: picture.Spread | float, handout: bool) -> Form:
    """Return the form of a PDF: spread over sheets that way; with or without a handout."""

    def make(
        map: ArgumentMap,
        options: picture.Options,
        overlay: picture.Overlay,
        seconds: float,
        version: int,
    ) -> bytes:
        return picture.draw_pdf(
            map,
            options,
            overlay=overlay,
            version=version,
            poster=poster,
            handout=handout,
            deadline=seconds,
        )

    size = poster if isinstance(poster, picture.Spread) else f"{poster:g}"
    return Form(PDF, f"-{size}{'-handout' if handout else ''}", make)


def laid_over(form: Form, analysis: Laid | None) -> Form:
    """Return the form with an analysis laid over it, computed anew for each version of the map and of argmap."""
    if analysis is None:
        return form

    def make(
        map: ArgumentMap,
        options: picture.Options,
        _: picture.Overlay,
        seconds: float,
        version: int,
    ) -> bytes:
        map, overlay = overlay_of(map, analysis)
        return form.make(map, options, overlay, seconds, version)

    return Form(form.media_type, f"{form.mark}-{analysis}-{__version__}", make)


@contextmanager
def focus_named() -> Iterator[None]:
    """Turn a claim that is not found into a fault of the parameter that asked for it. Raises InvalidMap."""
    try:
        yield
    except NotFound as error:
        raise InvalidMap((Fault("focus", "unknown_id", str(error)),)) from None


async def drawn(
    stored: StoredMap,
    asker: Asker,
    database: Database,
    desk: Desk,
    options: picture.Options,
    form: Form = SVG_OF,
) -> bytes:
    """Return a picture, drawing it unless it is at hand.

    Raises what drawing raises, and InvalidMap for a focus that the map does not have.
    """

    def make() -> bytes:
        with database.read() as session:
            map = with_article(session, stored, asker)
        with focus_named():
            return form.make(map, options, {}, desk.seconds, stored.version)

    return await desk.get(f"{stored.id}:{picture_tag(stored, options)}{form.mark}", make)
