"""Articles read from files, at the desk."""

from functools import partial

from fastapi import Request
from pydantic_core import to_json

from api.jobs.desk import Call, Desk
from api.requests.uploads import Upload
from api.responses.problems import ProblemError
from argmap.drawing.orders import Product
from argmap.errors import FormatError, UnknownFormat, WorkTimeout, WorkTooLarge
from argmap.formats import Content, is_map
from argmap.formats.articles import MOST_BYTES, read_article
from argmap.store.records import Asker
from schemas.articles import ArticlePreviewOut

_START, _PACE = 0.1, 1e-6  # seconds to read a file, and for each byte of it


async def previewed(
    request: Request, asker: Asker, desk: Desk, upload: Upload, name: str | None
) -> ArticlePreviewOut:
    """Return what the reading of a file gives. Raises FormatError; ProblemError (413, 415)."""
    size = upload.file.seek(0, 2)
    if size > MOST_BYTES:
        raise ProblemError("too-large", f"An article's file has at most {MOST_BYTES:,} bytes.")
    upload.file.seek(0)
    data = upload.file.read()

    async def make(call: Call) -> Product:
        return await call(partial(read_to_json, data, name))

    key = f"article:{upload.digest}:{(name or '').rpartition('.')[2]}"
    errors = {WorkTimeout: FormatError, WorkTooLarge: FormatError}
    try:
        product = await desk.get(request, asker, key, _START + _PACE * size, make, errors)
    except UnknownFormat as error:
        raise ProblemError("unsupported-media-type", f"It cannot be read: {error}.") from None
    return ArticlePreviewOut.model_validate_json(product.data)


def read_to_json(data: bytes, name: str | None) -> Product:
    """Read an article and write down what was found, as `ArticlePreviewOut` has it."""
    if is_map(Content(data, name)):
        raise UnknownFormat("this is a map, not an article: send it to /imports")
    found = read_article(data, name)
    values = {
        "format": found.format,
        "title": found.title,
        "authors": found.authors,
        "publication": found.publication,
        "published": found.published,
        "url": found.url,
        "language": found.language,
        "paragraphs": [
            {"text": each.text, "keep": each.why is None, "why": each.why}
            for each in found.paragraphs
        ],
        "left_out": sum(each.why is not None for each in found.paragraphs),
    }
    return Product(to_json(values))
