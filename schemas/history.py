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


class StepOut(Out):
    """A change of one's own that can be undone or redone."""

    version: int
    at: datetime.datetime
    action: str
    changes: list[Change]


class StepsOut(Out):
    """What one's next undo and redo on a map would take back; null: nothing."""

    undo: StepOut | None
    redo: StepOut | None


class DifferenceOut(BaseModel):
    """The changes that turn one version of a map into another."""

    before: int
    after: int
    changes: list[Change]
