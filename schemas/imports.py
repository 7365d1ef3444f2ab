"""Imports, formats and reports of losses on the wire."""

import datetime
import json
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field

from argmap import formats
from argmap.formats import LossKind
from argmap.store.imports import FileState, ImportFile, ImportJob, JobState
from argmap.store.records import Page, Visibility
from schemas.base import In, Out
from schemas.pictures import FileQuery
from schemas.problem import Problem

_FORMAT = Annotated[str, Field(max_length=40)]


class ImportQuery(In):
    """How files are to be imported."""

    name: Annotated[str | None, Field(max_length=255)] = Field(
        None,
        description="What the file is called; its ending helps where the content fits several formats",
    )
    format: _FORMAT | None = Field(
        None, description="The format of all files; left out: the content of each tells"
    )
    visibility: Visibility = Field(
        Visibility.PRIVATE, description="Of the maps, and of the articles that come along"
    )
    article_id: Annotated[str | None, Field(max_length=64)] = Field(
        None, description="The article that all the maps read, if it is stored already"
    )


class LossOut(Out):
    """One kind of loss or repair: how often, where (ids, paths or lines), and one sentence about it."""

    kind: LossKind
    count: int
    place: str
    message: str


class ImportProblem(Problem):
    """Why a file was not imported; `line` is where, in formats of lines."""

    line: int | None = None


class ImportedOut(BaseModel):
    """What became of one file.

    A stored one has a map, an article if it carried one, its format and what was lost on the way; a failed one has a
    problem.
    """

    name: str | None
    state: FileState
    map_id: str | None = None
    article_id: str | None = None
    format: str | None = None
    losses: list[LossOut] = []
    problem: ImportProblem | None = None

    @classmethod
    def of(cls, file: ImportFile, service: str) -> Self:
        """Read a record; problems lead to pages of the service at that address."""
        report: dict[str, Any] = json.loads(file.report) if file.report else {}
        problem = None
        if "slug" in report:
            told = {name: value for name, value in report.items() if name != "slug"}
            problem = ImportProblem(type=f"{service}/problems/{report['slug']}", **told)
        return cls(
            name=file.name,
            state=file.state,
            map_id=file.map_id,
            article_id=file.article_id,
            format=report.get("format"),
            losses=report.get("losses", []),
            problem=problem,
        )


class ImportProgress(Out):
    """How far an import is, and how many of its files are in which state."""

    id: str
    state: JobState
    created: datetime.datetime
    finished: datetime.datetime | None
    total: int
    waiting: int
    stored: int
    failed: int


class ImportOut(ImportProgress):
    """An import with one page of its files in the order sent; `next` is the cursor of the page after it."""

    items: list[ImportedOut]
    next: str | None

    @classmethod
    def of_page(cls, job: ImportJob, page: Page[ImportFile], service: str) -> Self:
        """Put the job and a page of its files together."""
        return cls(
            **ImportProgress.of(job).model_dump(),
            items=[ImportedOut.of(file, service) for file in page.items],
            next=page.next,
        )


class FormatOut(BaseModel):
    """A format, and whether it can be read, written or both."""

    name: str
    title: str
    media_type: str
    endings: list[str] = Field(description="With the dot, the usual one first")
    reads: bool
    writes: bool

    @classmethod
    def of(cls, format: formats.Format) -> Self:
        """Read an entry of the registry."""
        return cls(
            name=format.name,
            title=format.title,
            media_type=format.media_type,
            endings=list(format.endings),
            reads=format.load is not None,
            writes=format.dump is not None,
        )


class FormatsOut(BaseModel):
    """All formats."""

    items: list[FormatOut]


class LossesQuery(FileQuery):
    """Which format to ask about."""

    format: _FORMAT = Field(description="A format that is written: `argdown`, `aif`, ...")


class LossesOut(BaseModel):
    """What a map would lose in a format; nothing is lost when there are no items."""

    format: str
    items: list[LossOut]


def stored_report(loaded: formats.Loaded, more: list[formats.Loss]) -> str:
    """Write down what reading a file lost; `ImportedOut.of` reads it."""
    losses = [LossOut.of(loss).model_dump(mode="json") for loss in (*loaded.report.losses, *more)]
    return json.dumps({"format": loaded.format, "losses": losses})
