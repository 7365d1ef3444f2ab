"""The formats that maps can be read from and written in, and what each would lose of a map."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from starlette.concurrency import run_in_threadpool

from api.auth import Reader
from api.deps import Data
from api.requests.body import StrictRoute
from api.responses.answers import answer
from api.responses.maps import with_article
from api.routes.pictures import stored_at
from argmap import formats
from argmap.store import Database
from argmap.store.records import Asker, StoredMap
from schemas.imports import FormatOut, FormatsOut, LossesOut, LossesQuery, LossOut

router = APIRouter(tags=["formats"], route_class=StrictRoute)


@router.get("/formats", operation_id="list_formats", response_model=FormatsOut)
def list_formats(_: Reader) -> Response:
    """List the formats: their names, media types and file endings, and whether they are read, written or both."""
    return answer(FormatsOut(items=[FormatOut.of(format) for format in formats.FORMATS.values()]))


@router.get("/maps/{map_id}/losses", operation_id="list_losses", response_model=LossesOut)
async def list_losses(
    map_id: str, query: Annotated[LossesQuery, Query()], asker: Reader, database: Data
) -> Response:
    """Say what a map would lose if it were written in a format. Files tell the count in `Argmap-Losses`."""
    stored = await stored_at(map_id, query.version, asker, database)
    return await run_in_threadpool(_losses, stored, query.format, asker, database)


def _losses(stored: StoredMap, format: str, asker: Asker, database: Database) -> Response:
    with database.read() as session:
        map = with_article(session, stored, asker)
    dumped = formats.dump(map, format)
    items = [LossOut.of(loss) for loss in dumped.report.losses]
    return answer(LossesOut(format=format, items=items))
