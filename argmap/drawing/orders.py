"""Orders: work on stored maps with all that it needs, small enough to be handed to another process."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic_core import to_json

from argmap import picture
from argmap.drawing.overlays import Laid, overlay_of
from argmap.model import ArgumentMap, Article


class Source(NamedTuple):
    """A stored map: its JSON, and its article where it has one that is to be read along."""

    body: bytes
    article: Article | None = None


class Product(NamedTuple):
    """What comes of work: bytes, and for a file how much of the map its format could not carry over."""

    data: bytes
    losses: int = 0


class Order(NamedTuple):
    """Some work on maps: a function (or a part of one) that takes them and returns text, bytes, values or a Product."""

    sources: tuple[Source, ...]
    work: Callable[..., object]


def filled(order: Order) -> Product:
    """Do the work: text becomes UTF-8, values become JSON. Raises what the work raises."""
    made = order.work(*(_read(source) for source in order.sources))
    if isinstance(made, Product):
        return made
    if isinstance(made, str):
        return Product(made.encode())
    return Product(made if isinstance(made, bytes) else to_json(made))


def _read(source: Source) -> ArgumentMap:
    map = ArgumentMap.model_validate_json(source.body)
    return map if source.article is None else map.replace(article=source.article)


def drawn(
    map: ArgumentMap,
    *,
    draw: Callable[..., str | bytes],
    options: picture.Options,
    analysis: Laid | None,
    version: int,
    seconds: float,
) -> str | bytes:
    """Draw a map by a function of argmap.picture (or a part of one), with an analysis laid over it if one is named.

    `version`: of the map, for the foot. `seconds`: what the layout may take.
    """
    overlay: picture.Overlay = {}
    if analysis is not None:
        map, overlay = overlay_of(map, analysis)
    return draw(map, options, overlay=overlay, version=version, deadline=seconds)


def layout(
    map: ArgumentMap,
    options: picture.Options,
    *,
    overlay: picture.Overlay,
    version: int,
    deadline: float,
) -> bytes:
    """Write where everything stands as JSON, whatever the version; one way to be `drawn`."""
    found = picture.lay_out(map, options, overlay=overlay, deadline=deadline)
    return json.dumps(picture.plan(found)).encode()


def written(map: ArgumentMap, *, format: str, part: picture.Part) -> Product:
    """Write a map, or a part of it, in a format."""
    from argmap import formats  # who draws need not load them

    dumped = formats.dump(picture.part_of(map, part), format)
    return Product(dumped.data, sum(loss.count for loss in dumped.report.losses))


def losses(map: ArgumentMap, *, formats: tuple[str, ...]) -> dict[str, Any]:
    """Return a map's title and what each of the formats would leave out of it."""
    from argmap.formats import dump

    found = {name: dump(map, name).report.losses for name in formats}
    return {"title": map.title, "losses": found}
