"""The history of maps: every version comes back byte for byte, undo and restore, and what stands in the way."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from argmap.errors import BadCursor, Conflict, NotFound, NotPermitted, StoreDamaged, VersionMismatch
from argmap.model import ArgumentMap, ChangeKind, Claim, ClaimKind, Relation, RelationKind, apply
from argmap.store import Database, accounts
from argmap.store.access import sharing
from argmap.store.maps import history, maps
from argmap.store.records import Asker, Role, Scope, StoredMap, Subject
from argmap.store.sql.tables import ENTRY

Edit = Callable[[ArgumentMap], ArgumentMap]


def shortened(map: ArgumentMap) -> ArgumentMap:
    """The map without its last claim and what hung on it."""
    claims = map.claims[:-1]
    known = {claim.id for claim in claims}
    relations = [r for r in map.relations if {*r.sources, r.target} <= known]
    return map.replace(claims=claims, relations=tuple(relations))


def extended(map: ArgumentMap) -> ArgumentMap:
    number, step = map.counters.claims + 1, map.counters.relations + 1
    claim = Claim(id=f"c{number}", kind=ClaimKind.PREMISE, text=f"Reason {number} " + "x" * 200)
    relation = Relation(
        id=f"r{step}", kind=RelationKind.SUPPORTS, sources=(claim.id,), target=map.claims[0].id
    )
    return map.replace(claims=(*map.claims, claim), relations=(*map.relations, relation))


EDITS: dict[str, Edit] = {
    "extend": extended,
    "shorten": lambda old: shortened(old) if len(old.claims) > 1 else old,
    "retitle": lambda old: old.replace(title=f"Title {len(old.claims)} {old.counters.claims}"),
    "reword": lambda old: old.replace(
        claims=(old.claims[0].replace(text=f"Anew {old.counters.claims}"), *old.claims[1:])
    ),
    "reverse": lambda old: old.replace(claims=old.claims[::-1], relations=old.relations[::-1]),
    "empty": lambda old: old.replace(claims=old.claims[:1], relations=()),
}


@settings(max_examples=15)
@given(names=st.lists(st.sampled_from(sorted(EDITS)), max_size=25))
def test_every_version_comes_back_byte_for_byte(
    history_database: tuple[Database, Asker], names: list[str]
) -> None:
    database, ann = history_database
    start = extended(
        ArgumentMap(title="x", claims=(Claim(id="c1", kind=ClaimKind.THESIS, text="t"),))
    )
    with database.write() as session:
        versions: list[StoredMap] = [maps.create_map(session, ann, start)]
        id = versions[0].id
        for name in names:
            written = maps.write_map(session, ann, id, EDITS[name], action=name)
            if written.entry is not None:
                versions.append(written.stored)
                assert apply(versions[-2].map, written.entry.changes) == written.stored.map
    with database.read() as session:
        for stored in versions:
            again = history.map_at(session, ann, id, stored.version)
            assert (again.body, again.updated) == (stored.body, stored.updated)
        changes = history.difference(session, ann, id, 1, len(versions))
    assert apply(versions[0].map, changes) == versions[-1].map.replace(
        counters=apply(versions[0].map, changes).counters
    )


@pytest.fixture(scope="module")
def history_database(tmp_path_factory: pytest.TempPathFactory) -> tuple[Database, Asker]:
    database = Database(
        f"sqlite:///{tmp_path_factory.mktemp('history') / 'a.sqlite3'}", synchronous="OFF"
    )
    database.migrate()
    with database.write() as session:
        return database, Asker(accounts.create_account(session, "Ann").id, Scope.WRITE)


def test_old_versions_are_found_from_saved_bodies_nearby(
    database: Database, ann: Asker, small_map: ArgumentMap
) -> None:
    with database.write() as session:
        id = maps.create_map(session, ann, small_map).id
        for _ in range(60):
            maps.write_map(session, ann, id, EDITS["extend"], action="x")
    with database.read() as session:
        query = select(ENTRY.c.version).where(ENTRY.c.map_id == id, ENTRY.c.saved.is_not(None))
        saved = session.execute(query.order_by(ENTRY.c.version)).scalars().all()
        assert len(history.map_at(session, ann, id, 5).map.claims) == 6
    # never further apart than the map's own size in changes
    assert 2 <= len(saved) <= 20
    with database.write() as session:
        session.execute(
            update(ENTRY).where(ENTRY.c.version > saved[0]).values(changes=b"never read")
        )
        assert len(history.map_at(session, ann, id, 2).map.claims) == 3


def test_a_version_that_does_not_have_its_hash_is_not_passed_off_as_whole(
    database: Database, ann: Asker, small_map: ArgumentMap, adding: Callable[..., Edit]
) -> None:
    with database.write() as session:
        id = maps.create_map(session, ann, small_map).id
        maps.write_map(session, ann, id, adding("More."), action="x")
        session.execute(update(ENTRY).where(ENTRY.c.version == 2).values(changes=b"[]"))
        with pytest.raises(StoreDamaged, match="version 1"):
            history.map_at(session, ann, id, 1)


@pytest.mark.parametrize("version", [0, -1, 3, 2**31, 10**30])
def test_a_version_that_never_was_is_not_found(
    database: Database, ann: Asker, small_map: ArgumentMap, version: int
) -> None:
    with database.write() as session:
        id = maps.create_map(session, ann, small_map).id
        maps.write_map(session, ann, id, EDITS["retitle"], action="x")
        for ask in (history.map_at, history.undo, history.restore):
            with pytest.raises(NotFound):
                ask(session, ann, id, version)  # type: ignore[operator]
        with pytest.raises(NotFound):
            history.difference(session, ann, id, 1, version)


def test_entries_are_paged_newest_first_and_name_who_wrote(
    database: Database, ann: Asker, ben: Asker, small_map: ArgumentMap, adding: Callable[..., Edit]
) -> None:
    assert ben.account_id
    with database.write() as session:
        id = maps.create_map(session, ann, small_map).id
        sharing.grant(session, ann, Subject.MAP, id, ben.account_id, Role.EDITOR)
        for asker in (ann, ben, ann, ben):
            maps.write_map(session, asker, id, adding("More."), action="claim added")
        first = history.entries(session, ann, id, limit=2)
        maps.write_map(session, ann, id, adding("Meanwhile."), action="claim added")
        second = history.entries(session, ann, id, cursor=first.next, limit=3)
        with pytest.raises(BadCursor):
            history.entries(session, ann, id, cursor="no")
    seen = [(entry.version, entry.account_name) for entry in (*first.items, *second.items)]
    assert seen == [(5, "Ben"), (4, "Ann"), (3, "Ben"), (2, "Ann"), (1, "Ann")]
    assert second.next is None
    assert first.items[0].changes[0].kind is ChangeKind.CLAIM_ADDED
    with database.read() as session:
        assert history.entry(session, ann, id, 4) == first.items[1]


def test_undo_takes_back_ones_own_entry_and_can_itself_be_undone(
    database: Database, ann: Asker, small_map: ArgumentMap, adding: Callable[..., Edit]
) -> None:
    with database.write() as session:
        created = maps.create_map(session, ann, small_map)
        id = created.id
        maps.write_map(session, ann, id, adding("Third."), action="claim added")
        maps.write_map(session, ann, id, EDITS["retitle"], action="changed")
        undone = history.undo(session, ann, id, 2)
        assert undone.entry is not None
        assert (undone.entry.undoes, undone.entry.action) == (2, "undo")
        assert [claim.id for claim in undone.stored.map.claims] == ["c1", "c2"]
        assert undone.stored.map.counters.claims == 3
        with pytest.raises(Conflict, match="undone already, by version 4"):
            history.undo(session, ann, id, 2)
        redone = history.undo(session, ann, id, 4)
        assert [claim.id for claim in redone.stored.map.claims] == ["c1", "c2", "c3"]
        entries = {
            e.version: (e.undoes, e.undone_by) for e in history.entries(session, ann, id).items
        }
        assert entries == {
            1: (None, None),
            2: (None, None),
            3: (None, None),
            4: (2, 5),
            5: (4, None),
        }
        history.undo(session, ann, id, 2)
        with pytest.raises(Conflict, match="no changes"):
            history.undo(session, ann, id, 1)


def test_an_undo_that_a_later_edit_stands_in_the_way_of_is_refused(
    database: Database, ann: Asker, ben: Asker, small_map: ArgumentMap, adding: Callable[..., Edit]
) -> None:
    assert ben.account_id

    def lean_on_it(map: ArgumentMap) -> ArgumentMap:
        relation = Relation(id="r2", kind=RelationKind.ATTACKS, sources=("c3",), target="c1")
        return map.replace(relations=(*map.relations, relation))

    with database.write() as session:
        id = maps.create_map(session, ann, small_map).id
        sharing.grant(session, ann, Subject.MAP, id, ben.account_id, Role.EDITOR)
        maps.write_map(session, ann, id, EDITS["reword"], action="claim changed")
        maps.write_map(session, ann, id, adding("Third."), action="claim added")
        maps.write_map(session, ben, id, EDITS["reword"], action="claim changed")
        maps.write_map(session, ben, id, lean_on_it, action="relation added")
        with pytest.raises(Conflict, match="claim c1 has been changed since"):
            history.undo(session, ann, id, 2)
        with pytest.raises(Conflict, match="build on what it added"):
            history.undo(session, ann, id, 3)
        with pytest.raises(NotPermitted, match="own"):
            history.undo(session, ann, id, 4)
        assert maps.map(session, ann, id).version == 5


def test_restore_brings_a_whole_version_back_as_a_new_one(
    database: Database, ann: Asker, small_map: ArgumentMap, adding: Callable[..., Edit]
) -> None:
    with database.write() as session:
        created = maps.create_map(session, ann, small_map)
        maps.write_map(session, ann, created.id, adding("Third."), action="claim added")
        maps.write_map(session, ann, created.id, EDITS["empty"], action="replaced")
        with pytest.raises(VersionMismatch):
            history.restore(session, ann, created.id, 1, expected=2)
        restored = history.restore(session, ann, created.id, 1, expected=3)
        added = maps.write_map(session, ann, created.id, adding("Fourth."), action="claim added")
    assert restored.stored.version == 4
    assert restored.stored.map.claims == created.map.claims
    assert [claim.id for claim in added.stored.map.claims] == ["c1", "c2", "c4"]
