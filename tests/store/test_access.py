"""Who may see and do what: every visibility, every grant, every way to ask."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from argmap.errors import ArgmapError, BadValue, Conflict, NotFound, NotPermitted
from argmap.model import ArgumentMap, Article
from argmap.store import Database, accounts, articles
from argmap.store.access import loading, sharing
from argmap.store.maps import history, maps
from argmap.store.records import (
    ANONYMOUS,
    Access,
    Asker,
    Role,
    Scope,
    StoredArticle,
    StoredMap,
    Subject,
    Visibility,
)
from argmap.store.sql.session import Session

PRIVATE, UNLISTED, PUBLIC = Visibility.PRIVATE, Visibility.UNLISTED, Visibility.PUBLIC


@pytest.mark.parametrize(
    ("own", "quotes_only", "article", "expected"),
    [
        (PUBLIC, False, None, PUBLIC),
        (PUBLIC, False, PUBLIC, PUBLIC),
        (PUBLIC, False, UNLISTED, UNLISTED),
        (PUBLIC, False, PRIVATE, PRIVATE),
        (UNLISTED, False, PUBLIC, UNLISTED),
        (UNLISTED, False, PRIVATE, PRIVATE),
        (PRIVATE, False, PUBLIC, PRIVATE),
        (PUBLIC, True, PRIVATE, PUBLIC),
        (PRIVATE, True, PUBLIC, PRIVATE),
    ],
)
def test_a_map_is_no_more_visible_than_its_article_unless_it_shows_quotes_only(
    own: Visibility, quotes_only: bool, article: Visibility | None, expected: Visibility
) -> None:
    assert sharing.effective(own, quotes_only, article) is expected


class Town:
    """One subject of Ann's, and everybody who may ask for it."""

    def __init__(
        self, database: Database, subject: Subject, article: Article, map: ArgumentMap
    ) -> None:
        self.database, self.subject = database, subject
        with database.write() as session:
            self.people = {
                name: Asker(accounts.create_account(session, name, name == "admin").id, Scope.WRITE)
                for name in ("owner", "editor", "viewer", "stranger", "admin")
            }
            owner = self.people["owner"]
            if subject is Subject.ARTICLE:
                self.id = articles.create_article(session, owner, article).id
            else:
                self.id = maps.create_map(session, owner, map).id
            for name, role in (("editor", Role.EDITOR), ("viewer", Role.VIEWER)):
                account_id = self.people[name].account_id or ""
                sharing.grant(session, owner, subject, self.id, account_id, role)
            self.share, plain = sharing.add_share(session, owner, subject, self.id)
        self.people |= {
            "anonymous": ANONYMOUS,
            "shared": Asker(share=accounts.token_hash(plain)),
            "wrong share": Asker(share=accounts.token_hash("argmap_share_no")),
            "owner reading": Asker(owner.account_id, Scope.READ),
        }

    def make(self, visibility: Visibility) -> None:
        with self.database.write() as session:
            sharing.set_visibility(session, self.people["owner"], self.subject, self.id, visibility)

    def access(self, name: str) -> Access:
        load: Any = articles.article if self.subject is Subject.ARTICLE else maps.map
        with self.database.read() as session:
            try:
                loaded: StoredArticle | StoredMap = load(session, self.people[name], self.id)
            except NotFound:
                return Access.NONE
            return loaded.access

    def listed(self, name: str) -> bool:
        listing: Any = articles.articles if self.subject is Subject.ARTICLE else maps.maps
        with self.database.read() as session:
            items = listing(session, self.people[name]).items
        assert all(item.access is self.access(name) for item in items)
        return self.id in [item.id for item in items]


@pytest.fixture(params=list(Subject))
def town(
    request: pytest.FixtureRequest, database: Database, op_ed: Article, small_map: ArgumentMap
) -> Town:
    return Town(database, request.param, op_ed, small_map)


NONE, VIEW, EDIT, OWN = Access.NONE, Access.VIEW, Access.EDIT, Access.OWN


@pytest.mark.parametrize(
    ("visibility", "others", "shared"),
    [(PRIVATE, NONE, NONE), (UNLISTED, NONE, VIEW), (PUBLIC, VIEW, VIEW)],
)
def test_the_permission_matrix_holds(
    town: Town, visibility: Visibility, others: Access, shared: Access
) -> None:
    town.make(visibility)
    expected = {
        "owner": OWN,
        "owner reading": VIEW,
        "editor": EDIT,
        "viewer": VIEW,
        "stranger": others,
        "admin": others,
        "anonymous": others,
        "wrong share": others,
        "shared": shared,
    }
    assert {name: town.access(name) for name in expected} == expected
    known = {"owner", "owner reading", "editor", "viewer"}
    assert {name for name in expected if town.listed(name)} == (
        set(expected) if visibility is PUBLIC else known
    )


def test_what_one_may_not_see_answers_like_what_does_not_exist(town: Town) -> None:
    stranger, viewer = town.people["stranger"], town.people["viewer"].account_id or ""
    owner_only: list[Callable[[Session, str], object]] = [
        lambda s, it: sharing.grants(s, stranger, town.subject, it),
        lambda s, it: sharing.shares(s, stranger, town.subject, it),
        lambda s, it: sharing.add_share(s, stranger, town.subject, it),
        lambda s, it: sharing.revoke_share(s, stranger, town.subject, it, town.share.id),
        lambda s, it: sharing.grant(s, stranger, town.subject, it, viewer, Role.EDITOR),
        lambda s, it: sharing.ungrant(s, stranger, town.subject, it, viewer),
        lambda s, it: sharing.set_visibility(s, stranger, town.subject, it, PUBLIC),
        lambda s, it: sharing.transfer(s, stranger, town.subject, it, viewer),
    ]
    map_only: list[Callable[[Session, str], object]] = [
        lambda s, it: maps.map(s, stranger, it),
        lambda s, it: maps.map(s, stranger, it, version=1),
        lambda s, it: maps.write_map(s, stranger, it, lambda same: same, action="x"),
        lambda s, it: maps.delete_map(s, stranger, it),
        lambda s, it: maps.undelete_map(s, stranger, it),
        lambda s, it: history.entries(s, stranger, it),
        lambda s, it: history.map_at(s, stranger, it, 1),
        lambda s, it: history.difference(s, stranger, it, 1, 1),
        lambda s, it: history.undo(s, stranger, it, 1),
        lambda s, it: history.restore(s, stranger, it, 1),
    ]
    article_only: list[Callable[[Session, str], object]] = [
        lambda s, it: articles.article(s, stranger, it),
        lambda s, it: articles.article(s, stranger, it, version=1),
        lambda s, it: articles.change_article(s, stranger, it, lambda same: same),
        lambda s, it: articles.delete_article(s, stranger, it),
        lambda s, it: articles.undelete_article(s, stranger, it),
    ]
    for ask in owner_only + (map_only if town.subject is Subject.MAP else article_only):
        said = []
        for id in (town.id, "absent"):
            with town.database.write() as session, pytest.raises(ArgmapError) as caught:
                ask(session, id)
            said.append((type(caught.value), str(caught.value)))
        assert said[0] == said[1]
        assert said[0][0] is NotFound


@pytest.mark.parametrize("name", ["editor", "viewer", "stranger", "admin", "owner reading"])
def test_only_the_owner_decides(town: Town, name: str) -> None:
    town.make(PUBLIC)
    asker, stranger = town.people[name], town.people["stranger"].account_id or ""
    granted = town.people["viewer" if name == "editor" else "editor"].account_id or ""
    asks: list[Callable[[Session], object]] = [
        lambda s: sharing.grants(s, asker, town.subject, town.id),
        lambda s: sharing.shares(s, asker, town.subject, town.id),
        lambda s: sharing.add_share(s, asker, town.subject, town.id),
        lambda s: sharing.grant(s, asker, town.subject, town.id, stranger, Role.VIEWER),
        lambda s: sharing.revoke_share(s, asker, town.subject, town.id, town.share.id),
        lambda s: sharing.ungrant(s, asker, town.subject, town.id, granted),
        lambda s: sharing.set_visibility(s, asker, town.subject, town.id, PRIVATE),
        lambda s: sharing.transfer(s, asker, town.subject, town.id, stranger),
        lambda s: (
            maps.delete_map(s, asker, town.id)
            if town.subject is Subject.MAP
            else articles.delete_article(s, asker, town.id)
        ),
    ]
    if name == "owner reading":  # with a token that only reads one may still look
        asks = asks[2:]
    for ask in asks:
        with town.database.write() as session, pytest.raises(NotPermitted):
            ask(session)


@pytest.mark.parametrize(
    ("name", "may"),
    [("owner", True), ("editor", True), ("viewer", False), ("owner reading", False)],
)
def test_owners_and_editors_write(town: Town, name: str, may: bool) -> None:
    asker = town.people[name]

    def write() -> object:
        with town.database.write() as session:
            if town.subject is Subject.MAP:
                return maps.write_map(
                    session, asker, town.id, lambda old: old.replace(title="New"), action="x"
                )
            return articles.change_article(
                session, asker, town.id, lambda article: article.replace(title="New")
            )

    if may:
        write()
    else:
        with pytest.raises(NotPermitted):
            write()


def test_grants_are_listed_replaced_and_taken_back(town: Town) -> None:
    owner, viewer, stranger = (town.people[name] for name in ("owner", "viewer", "stranger"))
    assert viewer.account_id
    assert stranger.account_id
    assert owner.account_id
    with town.database.write() as session:
        listed = sharing.grants(session, owner, town.subject, town.id)
        assert [(grant.account_name, grant.role) for grant in listed] == [
            ("editor", Role.EDITOR),
            ("viewer", Role.VIEWER),
        ]
        sharing.grant(session, owner, town.subject, town.id, viewer.account_id, Role.EDITOR)
        assert {grant.role for grant in sharing.grants(session, owner, town.subject, town.id)} == {
            Role.EDITOR
        }
        reading = Asker(viewer.account_id, Scope.READ)
        with pytest.raises(NotPermitted):
            sharing.ungrant(session, reading, town.subject, town.id, viewer.account_id)
        sharing.ungrant(session, viewer, town.subject, town.id, viewer.account_id)
        with pytest.raises(Conflict):
            sharing.grant(session, owner, town.subject, town.id, owner.account_id, Role.VIEWER)
        with pytest.raises(NotFound, match="account"):
            sharing.grant(session, owner, town.subject, town.id, "absent", Role.VIEWER)
        with pytest.raises(NotFound, match="grant"):
            sharing.ungrant(session, owner, town.subject, town.id, stranger.account_id)
    assert town.access("viewer") is NONE


def test_a_revoked_or_expired_share_token_opens_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.make(UNLISTED)
    owner = town.people["owner"]
    moment = datetime.datetime.now(datetime.UTC)
    with town.database.write() as session:
        with pytest.raises(BadValue):
            sharing.add_share(session, owner, town.subject, town.id, expires=moment)
        for label in ("a\nb", "x" * 121):
            with pytest.raises(BadValue):
                sharing.add_share(session, owner, town.subject, town.id, label=label)
        soon = moment + datetime.timedelta(hours=1)
        share, plain = sharing.add_share(
            session, owner, town.subject, town.id, label="9b" * 60, expires=soon
        )
        assert len(plain) > 50
        town.people["brief"] = Asker(share=accounts.token_hash(plain))
    for late, expected in ((-1, VIEW), (0, NONE)):
        then = soon + datetime.timedelta(microseconds=late)
        monkeypatch.setattr(loading, "now", lambda then=then: then)
        assert town.access("brief") is expected
    with town.database.write() as session:
        listed = sharing.shares(session, owner, town.subject, town.id)
        assert listed[1] == share
        sharing.revoke_share(session, owner, town.subject, town.id, listed[0].id)
        with pytest.raises(NotFound):
            sharing.revoke_share(session, owner, town.subject, town.id, listed[0].id)
    assert town.access("shared") is NONE


def test_the_share_token_of_one_thing_opens_no_other(
    town: Town, op_ed: Article, small_map: ArgumentMap
) -> None:
    owner = town.people["owner"]
    with town.database.write() as session:
        article = articles.create_article(session, owner, op_ed, UNLISTED)
        map = maps.create_map(session, owner, small_map, article_id=article.id, visibility=UNLISTED)
    shared = town.people["shared"]
    with town.database.read() as session:
        with pytest.raises(NotFound):
            articles.article(session, shared, article.id)
        with pytest.raises(NotFound):
            maps.map(session, shared, map.id)


def test_a_transfer_makes_another_the_owner_and_leaves_the_giver_a_view(town: Town) -> None:
    owner, editor = town.people["owner"], town.people["editor"]
    assert editor.account_id
    with town.database.write() as session:
        changed = sharing.transfer(session, owner, town.subject, town.id, editor.account_id)
        assert (changed.owner, changed.version, changed.access) == (editor.account_id, 2, VIEW)
        with pytest.raises(NotPermitted):
            sharing.transfer(session, owner, town.subject, town.id, editor.account_id)
        assert [
            grant.account_name for grant in sharing.grants(session, editor, town.subject, town.id)
        ] == ["viewer", "owner"]
        with pytest.raises(NotFound):
            sharing.transfer(session, editor, town.subject, town.id, "absent")
        with pytest.raises(Conflict):
            sharing.transfer(session, editor, town.subject, town.id, editor.account_id)
    assert town.access("editor") is OWN


def test_visibility_and_transfer_are_entries_of_a_maps_history_that_cannot_be_undone(
    database: Database, ann: Asker, ben: Asker, small_map: ArgumentMap
) -> None:
    assert ben.account_id
    with database.write() as session:
        id = maps.create_map(session, ann, small_map).id
        sharing.set_visibility(session, ann, Subject.MAP, id, PUBLIC)
        with pytest.raises(Conflict, match="no changes"):
            history.undo(session, ann, id, 2)
        sharing.transfer(session, ann, Subject.MAP, id, ben.account_id)
        entries = history.entries(session, ben, id).items
    assert [(entry.version, entry.action, entry.changes) for entry in entries] == [
        (3, "transfer", ()),
        (2, "visibility", ()),
        (1, "created", ()),
    ]
    assert entries[0].account_name == "Ann"


def test_a_map_cannot_claim_to_be_more_visible_than_its_article_but_may_show_quotes_only(
    database: Database, ann: Asker, ben: Asker, op_ed: Article, small_map: ArgumentMap
) -> None:
    with database.write() as session:
        article = articles.create_article(session, ann, op_ed)
        with pytest.raises(Conflict, match="quotes only"):
            maps.create_map(session, ann, small_map, article_id=article.id, visibility=PUBLIC)
        id = maps.create_map(session, ann, small_map, article_id=article.id).id
        with pytest.raises(Conflict, match="quotes only"):
            sharing.set_visibility(session, ann, Subject.MAP, id, PUBLIC)
        sharing.set_visibility(session, ann, Subject.MAP, id, PUBLIC, quotes_only=True)
    with database.read() as session:
        seen = maps.map(session, ben, id)
        own = maps.map(session, ann, id)
        earlier = history.map_at(session, ben, id, 1)
        with pytest.raises(NotFound):
            articles.article(session, ben, article.id)
    assert (seen.article_visible, own.article_visible, earlier.article_visible) == (
        False,
        True,
        False,
    )


def test_an_article_that_becomes_private_takes_its_maps_along_and_back(
    database: Database, ann: Asker, ben: Asker, op_ed: Article, small_map: ArgumentMap
) -> None:
    with database.write() as session:
        article = articles.create_article(session, ann, op_ed, PUBLIC)
        id = maps.create_map(session, ann, small_map, article_id=article.id, visibility=PUBLIC).id

    def seen() -> tuple[bool, bool]:
        with database.read() as session:
            listed = bool(maps.maps(session, ben).items)
            try:
                maps.map(session, ben, id)
            except NotFound:
                return False, listed
            return True, listed

    answers = [seen()]
    for visibility in (PRIVATE, PUBLIC):
        with database.write() as session:
            sharing.set_visibility(session, ann, Subject.ARTICLE, article.id, visibility)
        answers.append(seen())
    assert answers == [(True, True), (False, False), (True, True)]


def test_history_shows_quotes_without_their_surroundings_to_those_who_may_not_see_the_article(
    database: Database, ann: Asker, ben: Asker, op_ed: Article, small_map: ArgumentMap
) -> None:
    def drop(map: ArgumentMap) -> ArgumentMap:
        return map.replace(claims=map.claims[:1], relations=())

    with database.write() as session:
        article = articles.create_article(session, ann, op_ed)
        id = maps.create_map(session, ann, small_map, article_id=article.id).id
        maps.write_map(session, ann, id, drop, action="claim removed")
        sharing.set_visibility(session, ann, Subject.MAP, id, PUBLIC, quotes_only=True)
    with database.read() as session:
        for asker, there in ((ann, True), (ben, False)):
            said = repr(history.entries(session, asker, id).items)
            said += repr(history.difference(session, asker, id, 1, 2))
            assert "the water is clean" in said
            assert ("the county measured" in said) is there
            assert ("Swimming is healthy" in said) is there


def test_making_something_what_it_is_already_makes_no_version(town: Town) -> None:
    owner = town.people["owner"]
    with town.database.write() as session:
        for expected in (2, 2):
            changed = sharing.set_visibility(session, owner, town.subject, town.id, UNLISTED)
            assert (changed.version, changed.visibility) == (expected, UNLISTED)
