"""The tables of the store; their classes stay inside it, and records of `argmap.store.records` leave."""

import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, false
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from argmap.store.ids import from_microseconds, to_microseconds

# so that migrations can name what they drop, on both databases
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA = MetaData(naming_convention=NAMING)


class Moment(TypeDecorator[datetime.datetime]):
    """A moment as the whole number of microseconds since 1970, UTC: exact, sortable, the same everywhere."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime.datetime | None, dialect: Dialect) -> int | None:
        """Write an aware time as a number."""
        return None if value is None else to_microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime.datetime | None:
        """Read a number as an aware time."""
        return None if value is None else from_microseconds(value)


# SQLite numbers rows by itself only in a column of exactly this type
Number = BigInteger().with_variant(Integer, "sqlite")

# one tree instead of two on SQLite, so that a write touches fewer pages
_NO_ROWID = {"sqlite_with_rowid": False}


class Row(SQLModel, registry=registry(metadata=METADATA)):
    """The parent of all tables."""

    __table__: ClassVar[Table]


def _key(target: str, *, cascade: bool = True) -> Any:
    return ForeignKey(target, ondelete="CASCADE" if cascade else None)


class AccountRow(Row, table=True):
    """A principal: an account, or a group of accounts (`kind`).

    An erased account keeps its row, nameless, since histories refer to it. `folded` is the name without case, of kinds
    whose names are unique; `password` the Argon2 hash of its password, if it has one.
    """

    __tablename__ = "account"
    id: str = Field(primary_key=True)
    name: str | None = None
    folded: str | None = Field(default=None, unique=True)
    admin: bool = False
    kind: str = Field(default="person", sa_column_kwargs={"server_default": "person"})
    created: datetime.datetime = Field(sa_type=Moment)
    erased: datetime.datetime | None = Field(default=None, sa_type=Moment)
    password: str | None = None


class MemberRow(Row, table=True):
    """An account as a member of a group."""

    __tablename__ = "member"
    __table_args__ = _NO_ROWID
    account_id: str = Field(primary_key=True, sa_column_args=[_key("account.id")])
    group_id: str = Field(primary_key=True, sa_column_args=[_key("account.id")], index=True)


class TokenRow(Row, table=True):
    """An API token, or a session of somebody who signed in with a browser (`agent`); revoking removes it."""

    __tablename__ = "token"
    id: str = Field(primary_key=True)
    hash: str = Field(unique=True)
    account_id: str = Field(sa_column_args=[_key("account.id")], index=True)
    name: str
    scope: str
    created: datetime.datetime = Field(sa_type=Moment)
    last_used: datetime.datetime | None = Field(default=None, sa_type=Moment)
    expires: datetime.datetime | None = Field(default=None, sa_type=Moment)
    session: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    agent: str | None = None


class SignInRow(Row, table=True):
    """A one-time sign-in; using it removes it."""

    __tablename__ = "sign_in"
    hash: str = Field(primary_key=True)
    account_id: str = Field(sa_column_args=[_key("account.id")], index=True)
    expires: datetime.datetime = Field(sa_type=Moment)


class ArticleRow(Row, table=True):
    """The newest version of an article: `body` is its canonical JSON without the text.

    `title`, `authors` (one a line) and `publication` are for searching, the last two without case.
    """

    __tablename__ = "article"
    __table_args__ = (Index("ix_article_created_id", "created", "id"),)
    number: int | None = Field(default=None, primary_key=True, sa_type=Number)
    id: str = Field(unique=True)
    owner: str = Field(sa_column_args=[_key("account.id", cascade=False)], index=True)
    visibility: str
    version: int
    created: datetime.datetime = Field(sa_type=Moment)
    updated: datetime.datetime = Field(sa_type=Moment)
    deleted: datetime.datetime | None = Field(default=None, sa_type=Moment)
    title: str
    authors: str
    publication: str
    published: datetime.date | None = None
    body: bytes = Field(sa_type=LargeBinary)
    text: str | None = None


class ArticlePastRow(Row, table=True):
    """A version of an article that was replaced, and when it was made."""

    __tablename__ = "article_past"
    article_id: str = Field(primary_key=True, sa_column_args=[_key("article.id")])
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    updated: datetime.datetime = Field(sa_type=Moment)
    body: bytes = Field(sa_type=LargeBinary)
    text: str | None = None


class MapRow(Row, table=True):
    """The newest version of a map: `body` is its canonical JSON, `hash` the SHA-256 of that.

    `claims` and `relations` are counts. `unsaved` is how many bytes of changes came after the last entry that keeps a
    whole body (see EntryRow).
    """

    __tablename__ = "map"
    __table_args__ = (Index("ix_map_created_id", "created", "id"),)
    id: str = Field(primary_key=True)
    owner: str = Field(sa_column_args=[_key("account.id", cascade=False)], index=True)
    visibility: str
    quotes_only: bool
    article_id: str | None = Field(
        default=None, sa_column_args=[_key("article.id", cascade=False)], index=True
    )
    article_version: int | None = None
    version: int
    created: datetime.datetime = Field(sa_type=Moment)
    updated: datetime.datetime = Field(sa_type=Moment)
    deleted: datetime.datetime | None = Field(default=None, sa_type=Moment)
    title: str
    language: str | None = None
    claims: int
    relations: int
    unsaved: int
    hash: bytes = Field(sa_type=LargeBinary)
    body: bytes = Field(sa_type=LargeBinary)


class ClaimRow(Row, table=True):
    """What of a claim serves search; the claim itself is in the body of its map, and so is its place."""

    __tablename__ = "claim"
    __table_args__ = (Index("uq_claim_map_id_id", "map_id", "id", unique=True),)
    number: int | None = Field(default=None, primary_key=True, sa_type=Number)
    map_id: str = Field(sa_column_args=[_key("map.id")])
    id: str
    kind: str
    text: str
    label: str | None = None
    speaker: str | None = None


class RelationRow(Row, table=True):
    """What of a relation serves queries; `sources` are claim ids as a JSON list."""

    __tablename__ = "relation"
    __table_args__ = _NO_ROWID
    map_id: str = Field(primary_key=True, sa_column_args=[_key("map.id")])
    id: str = Field(primary_key=True)
    kind: str
    sources: str
    target: str
    scheme: str | None = None


class QuoteRow(Row, table=True):
    """A quote of a claim, by its place in the claim's list."""

    __tablename__ = "quote"
    __table_args__ = _NO_ROWID
    map_id: str = Field(primary_key=True, sa_column_args=[_key("map.id")])
    claim_id: str = Field(primary_key=True)
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    state: str
    start: int | None = None
    end: int | None = None
    exact: str


class EntryRow(Row, table=True):
    """One entry of a map's history.

    `changes` is a JSON list; `hash` is that of the body which this version had, `article_version` what it was anchored
    in, and the counters are the map's at that time. Some entries keep the whole body, compressed in `saved`: one
    whenever the changes since the last take as much room as a body, so that every version is found in bounded time.
    """

    __tablename__ = "entry"
    __table_args__ = _NO_ROWID
    map_id: str = Field(primary_key=True, sa_column_args=[_key("map.id")])
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime.datetime = Field(sa_type=Moment)
    account_id: str | None = Field(default=None, sa_column_args=[_key("account.id", cascade=False)])
    action: str
    undoes: int | None = None
    undone_by: int | None = None
    article_version: int | None = None
    claim_counter: int
    relation_counter: int
    hash: bytes = Field(sa_type=LargeBinary)
    changes: bytes = Field(sa_type=LargeBinary)
    saved: bytes | None = Field(default=None, sa_type=LargeBinary)


class GrantRow(Row, table=True):
    """The role of a principal on an article or a map (one of the two is set)."""

    __tablename__ = "access_grant"
    __table_args__ = (
        Index("uq_access_grant_article_id_account_id", "article_id", "account_id", unique=True),
        Index("uq_access_grant_map_id_account_id", "map_id", "account_id", unique=True),
    )
    id: str = Field(primary_key=True)
    article_id: str | None = Field(default=None, sa_column_args=[_key("article.id")])
    map_id: str | None = Field(default=None, sa_column_args=[_key("map.id")])
    account_id: str = Field(sa_column_args=[_key("account.id")], index=True)
    role: str
    created: datetime.datetime = Field(sa_type=Moment)


class ShareRow(Row, table=True):
    """A share token of an article or a map (one of the two is set); revoking removes it."""

    __tablename__ = "share"
    id: str = Field(primary_key=True)
    hash: str = Field(unique=True)
    article_id: str | None = Field(default=None, sa_column_args=[_key("article.id")], index=True)
    map_id: str | None = Field(default=None, sa_column_args=[_key("map.id")], index=True)
    label: str
    created: datetime.datetime = Field(sa_type=Moment)
    expires: datetime.datetime | None = Field(default=None, sa_type=Moment)
    role: str = Field(default="viewer", sa_column_kwargs={"server_default": "viewer"})


class AnswerRow(Row, table=True):
    """The answer to a request with an idempotency key; without a status while the request is under way."""

    __tablename__ = "answer"
    account_id: str = Field(primary_key=True, sa_column_args=[_key("account.id")])
    key: str = Field(primary_key=True)
    fingerprint: str
    created: datetime.datetime = Field(sa_type=Moment, index=True)
    status: int | None = None
    headers: str | None = None
    body: bytes | None = Field(default=None, sa_type=LargeBinary)


class OperationRow(Row, table=True):
    """An operation of a batch that was done under a key of its own: what it was, and which item and version it made."""

    __tablename__ = "operation"
    __table_args__ = (Index("ix_operation_map_id_version", "map_id", "version"),)
    account_id: str = Field(primary_key=True, sa_column_args=[_key("account.id")])
    map_id: str = Field(primary_key=True, sa_column_args=[_key("map.id")])
    key: str = Field(primary_key=True)
    fingerprint: str
    created: datetime.datetime = Field(sa_type=Moment, index=True)
    version: int
    item_id: str | None = None


class ImportJobRow(Row, table=True):
    """Files that an account sent in to be imported, and how.

    `holder` is the worker that has taken the job until `leased`; it was last taken up at `worked`. `tries` counts how
    often it was taken up since the last file that was settled. `finished` is set when no file waits any more.
    """

    __tablename__ = "import_job"
    id: str = Field(primary_key=True)
    account_id: str = Field(sa_column_args=[_key("account.id")], index=True)
    created: datetime.datetime = Field(sa_type=Moment)
    finished: datetime.datetime | None = Field(default=None, sa_type=Moment, index=True)
    cancelled: bool = False
    format: str | None = None
    visibility: str
    article_id: str | None = None
    holder: str | None = None
    leased: datetime.datetime | None = Field(default=None, sa_type=Moment)
    worked: datetime.datetime | None = Field(default=None, sa_type=Moment)
    tries: int = 0


class ImportFileRow(Row, table=True):
    """One file of an import: its compressed bytes and those of the text beside it until it is settled, then the result.

    `report` is JSON: what was lost on the way, or why the file failed.
    """

    __tablename__ = "import_file"
    job_id: str = Field(primary_key=True, sa_column_args=[_key("import_job.id")])
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str | None = None
    state: str
    data: bytes | None = Field(default=None, sa_type=LargeBinary)
    beside: bytes | None = Field(default=None, sa_type=LargeBinary)
    map_id: str | None = None
    article_id: str | None = None
    report: str | None = None


ACCOUNT = AccountRow.__table__
MEMBER = MemberRow.__table__
TOKEN = TokenRow.__table__
SIGN_IN = SignInRow.__table__
ARTICLE = ArticleRow.__table__
ARTICLE_PAST = ArticlePastRow.__table__
MAP = MapRow.__table__
CLAIM = ClaimRow.__table__
RELATION = RelationRow.__table__
QUOTE = QuoteRow.__table__
ENTRY = EntryRow.__table__
GRANT = GrantRow.__table__
SHARE = ShareRow.__table__
ANSWER = AnswerRow.__table__
OPERATION = OperationRow.__table__
IMPORT_JOB = ImportJobRow.__table__
IMPORT_FILE = ImportFileRow.__table__
