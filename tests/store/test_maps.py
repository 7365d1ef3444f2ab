"""Maps in the store: created, listed, written, deleted, brought back."""

import datetime
from collections.abc import Callable

import pytest
from sqlalchemy import select

from argmap.errors import BadCursor, Conflict, NotFound, NotPermitted, VersionMismatch
from argmap.model import ArgumentMap, Article, Claim, ClaimKind, Quote, QuoteState, canonical
from argmap.store import Database, articles
from argmap.store.access import sharing
from argmap.store.maps import maps
from argmap.store.records import ANONYMOUS, Access, Asker, Scope, StoredMap, Subject, Visibility
from argmap.store.sql.tables import CLAIM, QUOTE, RELATION

Edit = Callable[[ArgumentMap], ArgumentMap]


def test_a_stored_map_reads_back_as_it_was(
    database: Database, ann: Asker, small_map: ArgumentMap
) -> None:
    with database.write() as session:
        created = maps.create_map(session, ann, small_map)
    with database.read() as session:
        stored = maps.map(session, ann, created.id)
    assert stored == created
    assert stored.map == small_map
    assert stored.body == canonical(small_map)
    assert (stored.version, stored.access, stored.owner) == (1, Access.OWN, ann.account_id)
    assert stored.created.tzinfo is datetime.UTC


def test_new_quotes_are_anchored_in_the_article(
    database: Database, ann: Asker, op_ed: Article, small_map: ArgumentMap
) -> None:
    with database.write() as session:
        article = articles.create_article(session, ann, op_ed)
        stored = maps.create_map(session, ann, small_map, article_id=article.id)
    quote = stored.map.claims[1].quotes[0]
    assert quote.state is QuoteState.ANCHORED
    assert op_ed.text is not None
    assert op_ed.text[quote.start : quote.end] == quote.exact
    assert stored.article_version == 1


def test_an_edit_makes_a_version_and_touches_only_the_rows_it_names(
    database: Database, ann: Asker, small_map: ArgumentMap, adding: Callable[..., Edit]
) -> None:
    with database.write() as session:
        id = maps.create_map(session, ann, small_map).id
    with database.read() as session:
        before = {row.id: row.number for row in session.execute(select(CLAIM))}
    with database.write() as session:
        written = maps.write_map(session, ann, id, adding("It is cheap."), action="claim added")
    assert written.entry is not None
    assert (written.entry.version, written.entry.action) == (2, "claim added")
    assert [change.id for change in written.entry.changes] == ["c3"]
    with database.read() as session:
        after = {row.id: row.number for row in session.execute(select(CLAIM))}
        assert maps.map(session, ann, id) == written.stored
    assert {id: after[id] for id in before} == before
    assert set(after) == {"c1", "c2", "c3"}


def test_the_rows_follow_every_kind_of_change(
    database: Database, ann: Asker, op_ed: Article, small_map: ArgumentMap
) -> None:
    def edit(map: ArgumentMap) -> ArgumentMap:
        first = map.claims[0].replace(
            text="Open it.", quotes=(Quote(exact="Nobody swims"), Quote(exact="closed"))
        )
        return map.replace(
            claims=(first, Claim(id="x", kind=ClaimKind.REBUTTAL, text="No.")), relations=()
        )

    with database.write() as session:
        article = articles.create_article(session, ann, op_ed)
        id = maps.create_map(session, ann, small_map, article_id=article.id).id
        maps.write_map(session, ann, id, edit, action="replaced")
    with database.read() as session:
        claims = {row.id: row.text for row in session.execute(select(CLAIM))}
        quotes = [
            (row.claim_id, row.position, row.exact)
            for row in session.execute(select(QUOTE).order_by(QUOTE.c.position))
        ]
        relations = session.execute(select(RELATION)).all()
    assert claims == {"c1": "Open it.", "x": "No."}
    assert quotes == [("c1", 0, "Nobody swims"), ("c1", 1, "closed")]
    assert relations == []


def test_an_edit_that_changes_nothing_makes_no_version(
    database: Database, ann: Asker, small_map: ArgumentMap
) -> None:
    with database.write() as session:
        id = maps.create_map(session, ann, small_map).id
        written = maps.write_map(session, ann, id, lambda same: same, action="nothing")
    assert written.entry is None
    assert written.stored.version == 1


def test_counters_never_fall_and_the_article_of_a_file_is_not_stored(
    database: Database,
    ann: Asker,
    op_ed: Article,
    small_map: ArgumentMap,
    adding: Callable[..., Edit],
) -> None:
    carried = small_map.replace(article=op_ed)
    with database.write() as session:
        id = maps.create_map(session, ann, carried).id
        maps.write_map(session, ann, id, adding("Third."), action="claim added")
        written = maps.write_map(session, ann, id, lambda _: carried, action="replaced")
    assert written.stored.map.article is None
    assert [claim.id for claim in written.stored.map.claims] == ["c1", "c2"]
    assert written.stored.map.counters.claims == 3


def test_an_expected_version_that_is_not_the_newest_is_refused(
    database: Database, ann: Asker, small_map: ArgumentMap, adding: Callable[..., Edit]
) -> None:
    with database.write() as session:
        id = maps.create_map(session, ann, small_map).id
        maps.write_map(session, ann, id, adding("One."), action="claim added", expected=1)
    with (
        pytest.raises(VersionMismatch, match="newest version is 2, not 1"),
        database.write() as session,
    ):
        maps.write_map(session, ann, id, adding("Two."), action="claim added", expected=1)
    with pytest.raises(VersionMismatch), database.write() as session:
        maps.delete_map(session, ann, id, expected=1)
    with database.read() as session:
        assert maps.map(session, ann, id).version == 2


def test_what_an_edit_raises_leaves_everything_as_it_was(
    database: Database, ann: Asker, small_map: ArgumentMap
) -> None:
    def refuse(map: ArgumentMap) -> ArgumentMap:
        raise Conflict("no")

    with database.write() as session:
        id = maps.create_map(session, ann, small_map).id
    with pytest.raises(Conflict, match="no"), database.write() as session:
        maps.write_map(session, ann, id, refuse, action="x")
    with database.read() as session:
        assert maps.map(session, ann, id).version == 1


def test_a_deleted_map_is_gone_for_everybody_until_its_owner_brings_it_back(
    database: Database, ann: Asker, ben: Asker, small_map: ArgumentMap
) -> None:
    with database.write() as session:
        created = maps.create_map(session, ann, small_map, visibility=Visibility.PUBLIC)
    with database.write() as session:
        maps.delete_map(session, ann, created.id)
    with database.write() as session:
        for asker in (ann, ben):
            with pytest.raises(NotFound):
                maps.map(session, asker, created.id)
        assert maps.maps(session, ann).items == ()
        assert [m.id for m in maps.maps(session, ann, maps.MapFilter(deleted=True)).items] == [
            created.id
        ]
        assert maps.maps(session, ben, maps.MapFilter(deleted=True)).items == ()
        with pytest.raises(NotFound):
            maps.undelete_map(session, ben, created.id)
        maps.undelete_map(session, ann, created.id)
        with pytest.raises(NotFound):
            maps.undelete_map(session, ann, created.id)
    with database.read() as session:
        assert maps.map(session, ben, created.id).body == created.body


def test_purging_removes_only_what_was_deleted_long_ago(
    database: Database, ann: Asker, op_ed: Article, small_map: ArgumentMap
) -> None:
    with database.write() as session:
        article = articles.create_article(session, ann, op_ed)
        maps.create_map(session, ann, small_map, article_id=article.id)
        kept = maps.create_map(session, ann, small_map)
        articles.delete_article(session, ann, article.id)
        assert maps.purge(session) == 0
        later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=1)
        assert maps.purge(session, later) == 2
        with pytest.raises(NotFound):
            articles.undelete_article(session, ann, article.id)
        assert {row.map_id for row in session.execute(select(CLAIM))} == {kept.id}


def test_many_maps_are_stored_together_or_not_at_all(
    database: Database, ann: Asker, small_map: ArgumentMap
) -> None:
    with database.write() as session:
        stored = maps.create_maps(
            session, ann, [small_map.replace(title=f"No. {n}") for n in range(20)]
        )
    assert len({item.id for item in stored}) == 20
    with pytest.raises(NotFound), database.write() as session:  # noqa: PT012 - the first is rolled back
        maps.create_maps(session, ann, [small_map] * 3)
        maps.create_maps(session, ann, [small_map] * 3, article_id="absent")
    with database.read() as session:
        titles = [item.title for item in maps.maps(session, ann, limit=100).items]
    assert titles == [f"No. {n}" for n in reversed(range(20))]


def test_pages_are_stable_while_maps_are_added(
    database: Database, ann: Asker, small_map: ArgumentMap
) -> None:
    with database.write() as session:
        ids = [item.id for item in maps.create_maps(session, ann, [small_map] * 7)]
    seen: list[str] = []
    cursor: str | None = None
    while True:
        with database.write() as session:
            page = maps.maps(session, ann, cursor=cursor, limit=3)
            maps.create_map(session, ann, small_map)
        seen += [item.id for item in page.items]
        if (cursor := page.next) is None:
            break
    assert seen == ids[::-1]


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "...", "MQ==", "MQ", "LTE", "é", "A" * 500, "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTkuYQ"],
)
def test_a_made_up_cursor_is_refused(database: Database, ann: Asker, cursor: str) -> None:
    with database.read() as session, pytest.raises(BadCursor):
        maps.maps(session, ann, cursor=cursor)


def test_maps_are_found_by_article_owner_words_and_time(
    database: Database, ann: Asker, ben: Asker, op_ed: Article, small_map: ArgumentMap
) -> None:
    with database.write() as session:
        article = articles.create_article(session, ann, op_ed, Visibility.PUBLIC)
        one = maps.create_map(session, ann, small_map, article_id=article.id)
        two = maps.create_map(session, ben, small_map, visibility=Visibility.PUBLIC)
        maps.create_map(session, ben, small_map)

    def found(**fields: object) -> list[str]:
        with database.read() as session:
            return [item.id for item in maps.maps(session, ann, maps.MapFilter(**fields)).items]  # type: ignore[arg-type]

    assert found() == [two.id, one.id]
    assert found(article_id=article.id) == [one.id]
    assert found(owner=ben.account_id) == [two.id]
    assert found(words="county WATER") == [two.id, one.id]
    assert found(words='"water clean"') == [two.id, one.id]
    assert found(words='"clean water"') == []
    assert found(words="opened county") == []  # in two claims
    assert found(words="river clean") == [one.id]  # in its article
    assert found(changed_since=two.updated) == [two.id]
    assert found(changed_since=two.updated + datetime.timedelta(seconds=1)) == []


@pytest.mark.parametrize("asker", [ANONYMOUS, Asker("x", Scope.READ), Asker("x", None, admin=True)])
def test_storing_needs_a_write_token(
    database: Database, small_map: ArgumentMap, asker: Asker
) -> None:
    with database.write() as session, pytest.raises(NotPermitted, match="write scope"):
        maps.create_map(session, asker, small_map)


def test_exported_maps_carry_their_article_only_where_the_owner_may_see_it(
    database: Database, ann: Asker, ben: Asker, op_ed: Article, small_map: ArgumentMap
) -> None:
    with database.write() as session:
        article = articles.create_article(session, ann, op_ed, Visibility.PUBLIC)
        own = maps.create_map(session, ann, small_map, article_id=article.id)
        other = maps.create_map(session, ben, small_map, article_id=article.id)
        sharing.set_visibility(session, ann, Subject.ARTICLE, article.id, Visibility.PRIVATE)
        files = {**dict(maps.export_maps(session, ann)), **dict(maps.export_maps(session, ben))}
    mine = ArgumentMap.model_validate_json(files[f"{own.id}.json"])
    theirs = ArgumentMap.model_validate_json(files[f"{other.id}.json"])
    assert mine.article == op_ed
    assert theirs.article is None
    assert op_ed.text is not None
    assert theirs.claims[1].quotes[0].suffix == ""
    assert mine.claims[1].quotes[0].suffix != ""


def test_a_record_says_little_in_a_traceback(small_map: ArgumentMap) -> None:
    moment = datetime.datetime.now(datetime.UTC)
    stored = StoredMap(
        "m", "a", Visibility.PRIVATE, False, None, None, 1, moment, moment,
        canonical(small_map), Access.OWN, True,
    )  # fmt: skip
    assert "river" not in repr(stored)
