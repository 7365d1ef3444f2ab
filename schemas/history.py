"""Histories of maps on the wire."""

import datetime

from pydantic import BaseModel, Field

from argmap.model import Change
from schemas.base import Out


class EntryOut(Out):
    """One entry of a map's history: how this version came from the one before it."""

    version: int
    at: datetime.datetime
    account_id: str | None = Field(description="Null: the service itself")
    account_name: str | None = Field(description="Null also for an erased account")
    action: str
    changes: list[Change]
    undoes: int | None = Field(description="The version that this entry takes back")
    undone_by: int | None = Field(description="The version that took this entry back")


class DifferenceOut(BaseModel):
    """The changes that turn one version of a map into another."""

    before: int
    after: int
    changes: list[Change]
