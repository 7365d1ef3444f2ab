"""The formats that maps can be read from and written in, and what each would lose of a map."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.auth import Reader
from api.deps import Data, Drawing
from api.jobs import files
from api.requests.body import StrictRoute
from api.resources import ReadableMap
from api.responses.answers import answer
from api.routes.pictures import stored_at
from argmap import formats
from schemas.imports import FormatOut, FormatsOut, LossesOut, LossesQuery, LossOut

router = APIRouter(tags=["formats"], route_class=StrictRoute)


@router.get("/formats", operation_id="list_formats", response_model=FormatsOut)
def list_formats(_: Reader) -> Response:
    """List the formats: their names, media types and file endings, and whether they are read, written or both."""
    return answer(FormatsOut(items=[FormatOut.of(format) for format in formats.FORMATS.values()]))


@router.get("/maps/{map_id}/losses", operation_id="list_losses", response_model=LossesOut)
async def list_losses(
    newest: ReadableMap,
    request: Request,
    query: Annotated[LossesQuery, Query()],
    asker: Reader,
    database: Data,
    desk: Drawing,
) -> Response:
    """Say what a map would lose if it were written in a format. Files tell the count in `Argmap-Losses`."""
    stored = await stored_at(newest, query.version, asker, database)
    _, found = await files.losses_of(
        request, stored, asker, database, desk, (_known(query.format),)
    )
    items = [LossOut.model_validate(loss) for loss in found[query.format]]
    return answer(LossesOut(format=query.format, items=items))


def _known(name: str) -> str:
    """Return the name of a format that is written. Raises UnknownFormat."""
    formats.writable(name)
    return name
