"""Articles in the store: created, found, corrected with their maps, deleted, brought back."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argmap.errors import BadCursor, BadValue, Conflict, NotFound, VersionMismatch
from argmap.model import ArgumentMap, Article, Quote, QuoteState
from argmap.store import Database, articles
from argmap.store.access import sharing
from argmap.store.articles import ArticleFilter
from argmap.store.maps import history, maps
from argmap.store.records import Access, Asker, Orphan, Role, Subject, Visibility
from argmap.store.words import terms


def test_a_stored_article_reads_back_as_it_was(
    database: Database, ann: Asker, op_ed: Article
) -> None:
    full = op_ed.replace(
        published=datetime.date(2024, 5, 1),
        language="en",
        url="https://example.org/a",
        rights="CC0",
    )
    with database.write() as session:
        for article in (full, Article(title="Only cited")):
            created = articles.create_article(session, ann, article)
            assert articles.article(session, ann, created.id) == created
            assert created.article == article
            assert (created.version, created.access) == (1, Access.OWN)


def test_articles_are_found_by_each_filter(
    database: Database, ann: Asker, ben: Asker, op_ed: Article
) -> None:
    with database.write() as session:
        river = articles.create_article(
            session, ann, op_ed.replace(published=datetime.date(2024, 5, 1))
        )
        percent = articles.create_article(
            session,
            ann,
            Article(title="100 % Ärger", authors=("ÖZ",), published=datetime.date(2025, 1, 1)),
        )
        articles.create_article(session, ben, op_ed)

    def found(**fields: object) -> list[str]:
        with database.read() as session:
            page = articles.articles(session, ann, ArticleFilter(**fields))  # type: ignore[arg-type]
            assert all(item.citation.text is None for item in page.items)
            return [{river.id: "river", percent.id: "percent"}[item.id] for item in page.items]

    assert found() == ["percent", "river"]
    assert found(author="iris QUILL") == ["river"]
    assert found(author="öz") == ["percent"]
    assert found(author="%") == []
    assert found(author="_") == []
    assert found(publication="weekly") == ["river"]
    assert found(published_from=datetime.date(2024, 5, 2)) == ["percent"]
    assert found(published_to=datetime.date(2024, 5, 1)) == ["river"]
    assert found(owner=ann.account_id) == ["percent", "river"]
    assert found(owner=ben.account_id) == []
    assert found(words="swims river") == ["river"]
    assert found(words="quill") == ["river"]
    assert found(words='"closed for ten years"') == ["river"]
    assert found(words='"ten closed"') == []
    assert found(words="ärger") == ["percent"]
    assert found(changed_since=percent.updated) == ["percent"]


HOSTILE = [
    '"', "'", "*", "river*", "^river", "NEAR(river swims)", "river AND", "OR", "NOT river", "title:river",
    "river - swims", "(river", "river)", "{river}", "a:b", "\0", "river\0swims", "\ud800", "; DROP TABLE article",
    "''", '""', '"river', "river \"", "<->", "!river", "river & swims", "river | swims", "river:*", "\\", "%", "_",
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_only_words(
    database: Database, ann: Asker, op_ed: Article, words: str
) -> None:
    with database.write() as session:
        articles.create_article(session, ann, op_ed)
        found = articles.articles(session, ann, ArticleFilter(words=words)).items
        maps.maps(session, ann, maps.MapFilter(words=words))
        # the control: the same search without what is hostile about it finds the article
        assert articles.articles(session, ann, ArticleFilter(words="river")).items
    plain = [term.casefold() for term in terms(words)]
    if plain in (["river"], []):
        assert bool(found) is bool(plain)


@given(st.text(max_size=200))
def test_any_text_can_be_searched_for(words: str) -> None:
    try:
        found = terms(words)
    except BadValue:
        return
    assert all('"' not in term and "\0" not in term for term in found)


def test_too_many_or_too_long_words_are_refused() -> None:
    assert len(terms("a " * 20)) == 20
    with pytest.raises(BadValue):
        terms("a " * 21)
    with pytest.raises(BadValue):
        terms("a" * 201)


def test_pages_of_articles_are_complete(database: Database, ann: Asker) -> None:
    with database.write() as session:
        ids = [articles.create_article(session, ann, Article(title=f"{n}")).id for n in range(5)]
    seen: list[str] = []
    cursor: str | None = None
    with database.read() as session:
        while True:
            page = articles.articles(session, ann, cursor=cursor, limit=2)
            seen += [item.id for item in page.items]
            if (cursor := page.next) is None:
                break
        with pytest.raises(BadCursor):
            articles.articles(session, ann, cursor="no")
    assert seen == ids[::-1]


def test_every_version_of_an_article_stays_readable(
    database: Database, ann: Asker, op_ed: Article
) -> None:
    with database.write() as session:
        first = articles.create_article(session, ann, op_ed)
        second = articles.change_article(
            session, ann, first.id, lambda article: article.replace(text="Shorter."), expected=1
        ).stored
        third = sharing.set_visibility(session, ann, Subject.ARTICLE, first.id, Visibility.PUBLIC)
        with pytest.raises(VersionMismatch):
            articles.change_article(session, ann, first.id, lambda same: same, expected=2)
    with database.read() as session:
        assert articles.article(session, ann, first.id, 1).article == op_ed
        assert articles.article(session, ann, first.id, 1).updated == first.updated
        assert articles.article(session, ann, first.id, 2).article == second.article
        assert articles.article(session, ann, first.id, 3) == third
        for version in (0, -1, 4, 10**20):
            with pytest.raises(NotFound):
                articles.article(session, ann, first.id, version)


def test_a_change_that_changes_nothing_makes_no_version(
    database: Database, ann: Asker, op_ed: Article
) -> None:
    with database.write() as session:
        id = articles.create_article(session, ann, op_ed).id
        assert articles.change_article(session, ann, id, lambda same: same).stored.version == 1


def test_correcting_the_text_anchors_all_maps_again_and_names_the_orphans(
    database: Database, ann: Asker, ben: Asker, op_ed: Article, small_map: ArgumentMap
) -> None:
    assert op_ed.text is not None
    swims = small_map.replace(
        claims=(small_map.claims[0].replace(quotes=(Quote(exact="Nobody swims in it."),)),),
        relations=(),
    )
    with database.write() as session:
        article = articles.create_article(session, ann, op_ed, Visibility.PUBLIC)
        clean = maps.create_map(session, ann, small_map, article_id=article.id)
        lost = maps.create_map(session, ann, swims, article_id=article.id)
        maps.create_map(session, ben, swims, article_id=article.id)
        corrected = "Correction. " + op_ed.text.replace(" Nobody swims in it.", "")
        changed = articles.change_article(
            session, ann, article.id, lambda article: article.replace(text=corrected)
        )
    assert changed.reanchored == 3
    assert changed.orphans == (Orphan(lost.id, "c1", 0, "Nobody swims in it."),)
    assert changed.hidden_orphans == 1
    with database.read() as session:
        now = maps.map(session, ann, clean.id)
        entry = history.entries(session, ann, clean.id).items[0]
        orphan = maps.map(session, ann, lost.id).map.claims[0].quotes[0]
        before = maps.map(session, ann, clean.id, version=1)
    quote = now.map.claims[1].quotes[0]
    assert corrected[quote.start : quote.end] == "the water is clean"
    assert (now.version, now.article_version, before.article_version) == (2, 2, 1)
    assert (entry.action, entry.account_id) == ("re-anchored", None)
    assert orphan.state is QuoteState.ORPHAN
    assert before.body == clean.body


def test_other_metadata_leaves_the_maps_alone(
    database: Database, ann: Asker, op_ed: Article, small_map: ArgumentMap
) -> None:
    with database.write() as session:
        article = articles.create_article(session, ann, op_ed)
        id = maps.create_map(session, ann, small_map, article_id=article.id).id
        changed = articles.change_article(
            session, ann, article.id, lambda article: article.replace(title="Better")
        )
        assert (changed.stored.version, changed.reanchored) == (2, 0)
        assert maps.map(session, ann, id).version == 1


def test_deleting_an_article_takes_its_owners_maps_along_and_back(
    database: Database, ann: Asker, op_ed: Article, small_map: ArgumentMap
) -> None:
    with database.write() as session:
        article = articles.create_article(session, ann, op_ed)
        gone = maps.create_map(session, ann, small_map, article_id=article.id).id
        kept = maps.create_map(session, ann, small_map, article_id=article.id).id
        maps.delete_map(session, ann, gone)
        articles.delete_article(session, ann, article.id, expected=1)
        with pytest.raises(NotFound):
            articles.article(session, ann, article.id)
        with pytest.raises(NotFound):
            maps.map(session, ann, kept)
        with pytest.raises(Conflict, match="article is deleted"):
            maps.undelete_map(session, ann, kept)
        deleted = articles.articles(session, ann, ArticleFilter(deleted=True)).items
        assert [item.id for item in deleted] == [article.id]
        assert deleted[0].deleted is not None
        articles.undelete_article(session, ann, article.id)
        assert maps.map(session, ann, kept).version == 1
        with pytest.raises(NotFound):  # it was deleted by itself before
            maps.map(session, ann, gone)
        maps.undelete_map(session, ann, gone)


def test_other_peoples_maps_stand_in_the_way_of_deleting_unless_they_are_detached(
    database: Database, ann: Asker, ben: Asker, op_ed: Article, small_map: ArgumentMap
) -> None:
    assert ben.account_id
    with database.write() as session:
        article = articles.create_article(session, ann, op_ed)
        sharing.grant(session, ann, Subject.ARTICLE, article.id, ben.account_id, Role.VIEWER)
        map = maps.create_map(session, ben, small_map, article_id=article.id)
        sharing.set_visibility(
            session, ben, Subject.MAP, map.id, Visibility.PUBLIC, quotes_only=True
        )
        with pytest.raises(Conflict, match="1 map of other people"):
            articles.delete_article(session, ann, article.id)
        articles.delete_article(session, ann, article.id, detach=True)
        left = maps.map(session, ben, map.id)
        seen = maps.map(session, ann, map.id)
        earlier = maps.map(session, ben, map.id, version=1)
        said = repr(history.entries(session, ben, map.id).items)
        back = history.restore(session, ben, map.id, 1).stored.map.claims[1].quotes[0]
    assert left.article_id is None
    assert left.map.article == op_ed.replace(text=None)
    quote = left.map.claims[1].quotes[0]
    assert quote == Quote(exact="the water is clean")
    assert (left.visibility, left.quotes_only, seen.access) == (
        Visibility.PUBLIC,
        False,
        Access.VIEW,
    )
    assert earlier.map.claims[1].quotes[0].suffix == ""  # ": the county ..." is of the article
    assert not earlier.article_visible
    assert "the county measured" not in said
    assert back == Quote(exact="the water is clean")


def test_a_detached_map_gets_no_more_readers_than_it_had(
    database: Database, ann: Asker, ben: Asker, op_ed: Article, small_map: ArgumentMap
) -> None:
    with database.write() as session:
        article = articles.create_article(session, ann, op_ed, Visibility.PUBLIC)
        map = maps.create_map(
            session, ben, small_map, article_id=article.id, visibility=Visibility.PUBLIC
        )
        sharing.set_visibility(session, ann, Subject.ARTICLE, article.id, Visibility.PRIVATE)
        articles.delete_article(session, ann, article.id, detach=True)
        assert maps.map(session, ben, map.id).visibility is Visibility.PRIVATE
        with pytest.raises(NotFound):
            maps.map(session, ann, map.id)
