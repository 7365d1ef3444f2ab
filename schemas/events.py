"""What the event stream of a map sends."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from argmap.model.base import Id
from schemas.base import In
from schemas.history import EntryOut

AccessName = Literal["view", "edit", "own"]
Tab = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,40}$")]
"""The name that a page gives itself, so that one person in two windows is there twice."""


class ChangeEvent(EntryOut):
    """A new version of the map: the entry of its history that made it."""

    article_version: int | None = Field(
        description="The article version that quotes are anchored in from here on"
    )
    keys: list[str] = Field(description="Of the operations that made it, if these were one's own")


class OpenEvent(BaseModel):
    """The stream has begun: where the map stands, and what one may do with it."""

    version: int
    access: AccessName


class AccessEvent(BaseModel):
    """One's access has changed; one may still read."""

    access: AccessName


class ResetEvent(BaseModel):
    """What was missed is too much to be sent, or was taken back by a backup: read the map again."""

    version: int


class EndEvent(BaseModel):
    """The stream ends: one may no longer read the map, it was deleted, the service stops, or one reads too slowly."""

    reason: Literal["access", "deleted", "stopping"]


class PersonOut(BaseModel):
    """Somebody with an account who has the map open, and at which claim they are."""

    tab: str
    account_id: str
    name: str | None
    claim: str | None
    editing: bool


class PeopleEvent(BaseModel):
    """Who has the map open: people by name, and how many others read it."""

    people: list[PersonOut]
    readers: int


class PresenceIn(In):
    """At which claim one is, in a window whose event stream is open."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"tab": "k3v9x2mq", "claim": "c9", "editing": True}]}
    )

    tab: Tab = Field(description="As in the address of the event stream")
    claim: Id | None = None
    editing: bool = Field(False, strict=True)
