"""Orders for pictures: all that one is made from, small enough to be handed to another process."""

import json
from collections.abc import Callable
from typing import NamedTuple

from argmap import picture
from argmap.drawing.overlays import Laid, overlay_of
from argmap.model import ArgumentMap, Article


class Order(NamedTuple):
    """One picture of a stored map.

    `body`: the map as JSON, of which `article` is the article, where it has one that is to be shown. `draw`: a function
    of argmap.picture, or a part of one, that takes a map, options and an overlay. `version`: of the map, for the foot.
    `seconds`: what the layout may take.
    """

    body: bytes
    article: Article | None
    options: picture.Options
    analysis: Laid | None
    draw: Callable[..., str | bytes]
    version: int
    seconds: float


def filled(order: Order) -> bytes:
    """Return the picture; text as UTF-8. Raises what drawing it raises."""
    map = ArgumentMap.model_validate_json(order.body)
    if order.article is not None:
        map = map.replace(article=order.article)
    overlay: picture.Overlay = {}
    if order.analysis is not None:
        map, overlay = overlay_of(map, order.analysis)
    drawn = order.draw(
        map, order.options, overlay=overlay, version=order.version, deadline=order.seconds
    )
    return drawn if isinstance(drawn, bytes) else drawn.encode()


def layout(
    map: ArgumentMap,
    options: picture.Options,
    *,
    overlay: picture.Overlay,
    version: int,
    deadline: float,
) -> bytes:
    """Write where everything stands as JSON, whatever the version; what `Order.draw` may be besides pictures."""
    found = picture.lay_out(map, options, overlay=overlay, deadline=deadline)
    return json.dumps(picture.plan(found)).encode()
