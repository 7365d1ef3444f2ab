"""Groups as principals: their members have what they were granted, for as long as they are members."""

import asyncio
import dataclasses
from collections.abc import Callable

import pytest

from argmap.errors import BadValue, Conflict, NotFound, NotPermitted
from argmap.model import ArgumentMap, Article
from argmap.store import Database, accounts, articles
from argmap.store.access import principals, sharing
from argmap.store.maps import maps
from argmap.store.records import Access, AccountKind, Asker, Role, Subject, Visibility

Edit = Callable[[ArgumentMap], ArgumentMap]


@pytest.fixture
def team(database: Database) -> str:
    with database.write() as session:
        return principals.create_group(session, AccountKind.TEAM, "Team 1").id


def join(database: Database, group: str, asker: Asker) -> None:
    with database.write() as session:
        principals.add_member(session, group, asker.account_id or "")


def test_a_member_has_the_grants_of_its_group_and_loses_them_with_its_place(
    database: Database,
    team: str,
    ann: Asker,
    ben: Asker,
    op_ed: Article,
    small_map: ArgumentMap,
    adding: Callable[..., Edit],
) -> None:
    with database.write() as session:
        article = articles.create_article(session, ann, op_ed).id
        id = maps.create_map(session, ann, small_map, article_id=article).id
        sharing.grant(session, ann, Subject.MAP, id, team, Role.EDITOR)
        sharing.grant(session, ann, Subject.ARTICLE, article, team, Role.VIEWER)
        with pytest.raises(NotFound):
            maps.map(session, ben, id)
    join(database, team, ben)
    with database.write() as session:
        found = maps.map(session, ben, id)
        assert found.access is Access.EDIT
        assert found.article_visible
        assert [item.id for item in maps.maps(session, ben).items] == [id]
        assert maps.maps(session, ben).items[0].access is Access.EDIT
        assert [item.id for item in articles.articles(session, ben).items] == [article]
        assert articles.article(session, ben, article).access is Access.VIEW
        written = maps.write_map(session, ben, id, adding("By a member."), action="claim added")
        assert written.entry is not None
        assert written.entry.account_id == ben.account_id
    with database.write() as session:
        principals.remove_member(session, team, ben.account_id or "")
        with pytest.raises(NotFound):
            maps.map(session, ben, id)
        assert maps.maps(session, ben).items == ()
        assert articles.articles(session, ben).items == ()
        with pytest.raises(NotFound):
            principals.remove_member(session, team, ben.account_id or "")


@pytest.mark.parametrize("own", [Role.VIEWER, Role.EDITOR])
def test_the_highest_role_counts(
    own: Role, database: Database, team: str, ann: Asker, ben: Asker, small_map: ArgumentMap
) -> None:
    other = Role.EDITOR if own is Role.VIEWER else Role.VIEWER
    with database.write() as session:
        id = maps.create_map(session, ann, small_map).id
        sharing.grant(session, ann, Subject.MAP, id, team, other)
        sharing.grant(session, ann, Subject.MAP, id, ben.account_id or "", own)
    join(database, team, ben)
    with database.read() as session:
        assert maps.map(session, ben, id).access is Access.EDIT
        assert [item.access for item in maps.maps(session, ben).items] == [Access.EDIT]
        names = [grant.account_name for grant in sharing.grants(session, ann, Subject.MAP, id)]
        assert names == ["Team 1", "Ben"]


def test_hot_reads_follow_membership_at_once(
    database: Database, team: str, ann: Asker, ben: Asker, small_map: ArgumentMap
) -> None:
    with database.write() as session:
        id = maps.create_map(session, ann, small_map).id
        sharing.grant(session, ann, Subject.MAP, id, team, Role.VIEWER)
    assert asyncio.run(database.hot.map(id, ben)) is None
    join(database, team, ben)
    assert asyncio.run(database.hot.map(id, ben)) is not None
    with database.write() as session:
        principals.remove_member(session, team, ben.account_id or "")
    assert asyncio.run(database.hot.map(id, ben)) is None


def test_members_are_accounts_and_groups_hold_no_groups(
    database: Database, team: str, ann: Asker, ben: Asker
) -> None:
    with database.write() as session:
        other = principals.create_group(session, AccountKind.CLASS, "Class 9b").id
        a, b = ann.account_id or "", ben.account_id or ""
        for group, member in ((team, "nobody"), ("nothing", a), (a, b)):
            with pytest.raises(NotFound):
                principals.add_member(session, group, member)
        with pytest.raises(BadValue):
            principals.add_member(session, other, team)
    for asker in (ben, ann, ann):  # once more is no error
        join(database, team, asker)
    with database.read() as session:
        assert [each.name for each in principals.members(session, team)] == ["Ann", "Ben"]
        assert [each.kind for each in accounts.accounts(session)] == [AccountKind.PERSON] * 2
        with pytest.raises(NotFound):
            accounts.find_account(session, "Team 1")


def test_only_persons_own(
    database: Database, team: str, ann: Asker, ben: Asker, small_map: ArgumentMap, op_ed: Article
) -> None:
    pupil = dataclasses.replace(ben, kind=AccountKind.PUPIL)
    with database.write() as session:
        with pytest.raises(NotPermitted, match="pupil"):
            maps.create_map(session, pupil, small_map)
        with pytest.raises(NotPermitted, match="pupil"):
            articles.create_article(session, pupil, op_ed)
        id = maps.create_map(session, ann, small_map).id
        with pytest.raises(Conflict, match="only a person can own a map"):
            sharing.transfer(session, ann, Subject.MAP, id, team)


def test_an_erased_member_is_in_no_group(
    database: Database, team: str, ann: Asker, ben: Asker
) -> None:
    join(database, team, ben)
    with database.write() as session:
        exported = accounts.export_account(session, ben.account_id or "")
        assert exported
        accounts.erase_account(session, ben.account_id or "")
        assert principals.members(session, team) == ()
        with pytest.raises(NotFound):
            principals.add_member(session, team, ben.account_id or "")


def test_what_is_public_needs_no_group(
    database: Database, team: str, ann: Asker, small_map: ArgumentMap
) -> None:
    with database.write() as session:
        id = maps.create_map(session, ann, small_map, visibility=Visibility.PUBLIC).id
        sharing.grant(session, ann, Subject.MAP, id, team, Role.EDITOR)
        assert maps.map(session, Asker(), id).access is Access.VIEW
