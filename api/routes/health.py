"""Whether the service is alive, and whether it can do its work."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from api.deps import Data
from api.requests.body import StrictRoute
from argmap import picture

router = APIRouter(tags=["health"], route_class=StrictRoute)


class Health(BaseModel):
    """The service answers."""

    status: Annotated[str, Field(examples=["ok"])] = "ok"


@router.get("/healthz", operation_id="is_alive", response_model=Health)
async def is_alive() -> dict[str, Any]:
    """Answer as long as the process lives; looks at nothing else."""
    return {"status": "ok"}


@router.get("/readyz", operation_id="is_ready", response_model=Health)
def is_ready(request: Request, database: Data) -> dict[str, Any]:
    """Answer when the database and the layout engine answer; else 503."""
    database.ping()
    picture.ready()
    return {"status": "ok"}
