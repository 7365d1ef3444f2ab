"""What leaves the store: frozen records of articles, maps, accounts, grants, entries and pages of them."""

import datetime
import hashlib
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import cached_property
from typing import Any, Generic, TypeVar

from argmap.model import ArgumentMap, Article, Change

T = TypeVar("T")


class Scope(StrEnum):
    """What a token may be used for; `write` includes reading."""

    READ = "read"
    WRITE = "write"


class Access(IntEnum):
    """How much somebody may do with an article or map; each level includes the ones below it."""

    NONE = 0
    VIEW = 1
    EDIT = 2
    OWN = 3


class Visibility(StrEnum):
    """Who may read an article or map besides its owner and those with a grant.

    `unlisted`: whoever has one of its share tokens. `public`: everybody.
    """

    PRIVATE = "private"
    UNLISTED = "unlisted"
    PUBLIC = "public"


class Role(StrEnum):
    """What a grant lets an account do."""

    VIEWER = "viewer"
    EDITOR = "editor"


class AccountKind(StrEnum):
    """What a principal is. `person`: somebody who owns things. Groups have members, who have the group's grants."""

    PERSON = "person"
    PUPIL = "pupil"
    TEAM = "team"
    CLASS = "class"

    @property
    def is_group(self) -> bool:
        """Whether accounts can be members of it, and nobody can sign in as it."""
        return self in (AccountKind.TEAM, AccountKind.CLASS)


class Subject(StrEnum):
    """What a grant or a share is about."""

    ARTICLE = "article"
    MAP = "map"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: an account by one of its tokens, somebody with a share token, both, or nobody known.

    `scope` is that of the token. `share` is the SHA-256 of the share token in hexadecimal. `admin` lets an asker keep
    accounts; it gives no access to other people's articles and maps. `kind` is that of the account.
    """

    account_id: str | None = None
    scope: Scope | None = None
    admin: bool = False
    share: str | None = None
    kind: AccountKind = AccountKind.PERSON


ANONYMOUS = Asker()


@dataclass(frozen=True, slots=True)
class Account:
    """A principal. An erased account has no name; it only holds the place of its id."""

    id: str
    name: str | None
    admin: bool
    created: datetime.datetime
    erased: datetime.datetime | None = None
    kind: AccountKind = AccountKind.PERSON

    @classmethod
    def of(cls, row: Any) -> "Account":
        """Read a row of the table."""
        return cls(
            row["id"], row["name"], row["admin"], row["created"], row["erased"],
            AccountKind(row["kind"]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """An API token without its secret, of which only a hash is kept."""

    id: str
    account_id: str
    name: str
    scope: Scope
    created: datetime.datetime
    last_used: datetime.datetime | None = None
    expires: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """The role that the owner of an article or map gave to a principal."""

    subject: Subject
    subject_id: str
    account_id: str
    account_name: str | None
    role: Role
    created: datetime.datetime


@dataclass(frozen=True, slots=True)
class Share:
    """A share token of an article or map without its secret; it opens what is unlisted, for reading or for editing."""

    id: str
    subject: Subject
    subject_id: str
    label: str
    created: datetime.datetime
    expires: datetime.datetime | None = None
    role: Role = Role.VIEWER


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as stored, at one of its versions, and what the asker may do with it."""

    id: str
    owner: str
    visibility: Visibility
    version: int
    created: datetime.datetime
    updated: datetime.datetime
    article: Article
    access: Access


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """An article in a list: everything but its text."""

    id: str
    owner: str
    visibility: Visibility
    version: int
    created: datetime.datetime
    updated: datetime.datetime
    citation: Article
    access: Access
    deleted: datetime.datetime | None = None


@dataclass(frozen=True)
class StoredMap:
    """A map as stored, at one of its versions, and what the asker may do with it.

    `body` is the map's canonical JSON. `article_version` is the one that its quotes are anchored in; a change of the
    article's citation alone makes an `article_newest` beyond it.
    `article_visible` is false when the asker may see the map but not its article: then `body` is without the words
    around its quotes.
    """

    id: str
    owner: str
    visibility: Visibility
    quotes_only: bool
    article_id: str | None
    article_version: int | None
    version: int
    created: datetime.datetime
    updated: datetime.datetime
    body: bytes = field(repr=False)
    access: Access
    article_visible: bool
    article_newest: int | None = None
    derived: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What callers made of this very record and want to find again with it."""

    @cached_property
    def mark(self) -> str:
        """A hash of the body, which tells two maps of one id and version apart: one may come from a backup."""
        return hashlib.blake2b(self.body, digest_size=6).hexdigest()

    @cached_property
    def map(self) -> ArgumentMap:
        """The map itself, read from the body once."""
        return ArgumentMap.model_validate_json(self.body)


@dataclass(frozen=True, slots=True)
class MapSummary:
    """A map in a list: what is known of it without reading it. `claims` and `relations` are counts."""

    id: str
    owner: str
    visibility: Visibility
    quotes_only: bool
    article_id: str | None
    version: int
    created: datetime.datetime
    updated: datetime.datetime
    title: str
    language: str | None
    claims: int
    relations: int
    access: Access
    deleted: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a map's history: how `version` came from the version before it.

    `account_id` is none for the system, `account_name` also for an erased account. The first entry ("created") and
    those of visibility and ownership list no changes. `undoes` and `undone_by` are versions. `article_version` is the
    one that the quotes of that version are anchored in. `keys` are those of its operations, where they were asked for.
    """

    version: int
    at: datetime.datetime
    account_id: str | None
    account_name: str | None
    action: str
    changes: tuple[Change, ...]
    undoes: int | None = None
    undone_by: int | None = None
    article_version: int | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody may do with a map, whether they see its article, and the newest version of it."""

    access: Access
    article_visible: bool
    version: int


@dataclass(frozen=True, slots=True)
class Written:
    """A map after a write; `entry` is none when the write changed nothing and so made no version."""

    stored: StoredMap
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Orphan:
    """A quote whose words are no longer found in the corrected text of its article."""

    map_id: str
    claim_id: str
    quote_index: int
    exact: str


@dataclass(frozen=True, slots=True)
class ChangedArticle:
    """An article after a change, and what it did to the quotes of its maps.

    `orphans` names the lost quotes in maps that the asker may see; `hidden_orphans` counts those in other maps.
    `reanchored` counts the maps that got a version anchored in the new text.
    """

    stored: StoredArticle
    orphans: tuple[Orphan, ...] = ()
    hidden_orphans: int = 0
    reanchored: int = 0


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Part of a list, and the cursor of the part after it (none at the end)."""

    items: tuple[T, ...]
    next: str | None = None
