"""A stored map drawn: as SVG, as PNG of some scale, or as its layout alone."""

import json
from collections.abc import Callable
from typing import NamedTuple

from api.drawing import Desk
from api.negotiation import PNG, SVG
from api.representations import picture_tag, with_article
from argmap import picture
from argmap.errors import Fault, InvalidMap, NotFound
from argmap.model import ArgumentMap
from argmap.store import Database
from argmap.store.records import Asker, StoredMap


class Form(NamedTuple):
    """A form of a picture: its media type, the end of its entity tag, and how it is made (`seconds`: of layout)."""

    media_type: str
    mark: str
    make: Callable[[ArgumentMap, picture.Options, float], bytes]


def _svg(map: ArgumentMap, options: picture.Options, seconds: float) -> bytes:
    return picture.draw(map, options, deadline=seconds).encode()


def _layout(map: ArgumentMap, options: picture.Options, seconds: float) -> bytes:
    return json.dumps(picture.plan(picture.lay_out(map, options, deadline=seconds))).encode()


SVG_OF = Form(SVG, "", _svg)
LAYOUT = Form("application/json", "-layout", _layout)


def png_of(scale: float) -> Form:
    """Return the form of a PNG of that scale."""

    def make(map: ArgumentMap, options: picture.Options, seconds: float) -> bytes:
        return picture.draw_png(map, options, scale=scale, deadline=seconds)

    return Form(PNG, f"-{scale:g}", make)


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
        try:
            return form.make(map, options, desk.seconds)
        except NotFound as error:
            raise InvalidMap((Fault("focus", "unknown_id", str(error)),)) from None

    return await desk.get(f"{stored.id}:{picture_tag(stored, options)}{form.mark}", make)
