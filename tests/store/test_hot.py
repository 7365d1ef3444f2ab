"""The hot reads: the same answers as the others, at once after every commit, of this process and of another."""

import asyncio
import datetime
import subprocess
import sys
from collections.abc import Callable
from typing import TypeVar

import pytest

from argmap.errors import NotFound, StoreUnavailable
from argmap.model import ArgumentMap, Article
from argmap.store import Database, accounts, articles
from argmap.store.access import sharing
from argmap.store.maps import maps
from argmap.store.records import ANONYMOUS, Access, Asker, Role, Scope, Subject, Visibility

T = TypeVar("T")
Edit = Callable[[ArgumentMap], ArgumentMap]


def test_the_hot_map_is_the_stored_map_for_everybody(
    database: Database, ann: Asker, ben: Asker, op_ed: Article, small_map: ArgumentMap
) -> None:
    with database.write() as session:
        article = articles.create_article(session, ann, op_ed)
        id = maps.create_map(session, ann, small_map, article_id=article.id).id
        _, plain = sharing.add_share(session, ann, Subject.MAP, id)
    shared = Asker(share=accounts.token_hash(plain))
    steps: list[Callable[[], object]] = [
        lambda: None,
        lambda: sharing.set_visibility(session, ann, Subject.MAP, id, Visibility.UNLISTED, True),
        lambda: sharing.grant(session, ann, Subject.MAP, id, ben.account_id or "", Role.EDITOR),
        lambda: maps.write_map(session, ann, id, lambda old: old.replace(title="N"), action="x"),
        lambda: sharing.set_visibility(
            session, ann, Subject.ARTICLE, article.id, Visibility.PUBLIC
        ),
        lambda: sharing.ungrant(session, ann, Subject.MAP, id, ben.account_id or ""),
        lambda: sharing.set_visibility(session, ann, Subject.MAP, id, Visibility.PUBLIC),
        lambda: maps.delete_map(session, ann, id),
        lambda: maps.undelete_map(session, ann, id),
    ]
    seen = set()
    for step in steps:
        with database.write() as session:
            step()
        for asker in (ann, ben, shared, ANONYMOUS):
            with database.read() as session:
                try:
                    expected = maps.map(session, asker, id)
                except NotFound:
                    expected = None
            for _ in range(2):  # read, then kept
                assert asyncio.run(database.hot.map(id, asker)) == expected
            level = Access.NONE if expected is None else expected.access
            assert asyncio.run(database.hot.access(Subject.MAP, id, asker)) == level
            seen.add((asker, level))
    assert len(seen) >= 8  # the steps did change what is seen


def test_access_to_articles_is_told_too(
    database: Database, ann: Asker, ben: Asker, op_ed: Article
) -> None:
    with database.write() as session:
        id = articles.create_article(session, ann, op_ed).id
    hot = database.hot
    assert asyncio.run(hot.access(Subject.ARTICLE, id, ann)) is Access.OWN
    assert asyncio.run(hot.access(Subject.ARTICLE, id, ben)) is Access.NONE
    assert asyncio.run(hot.access(Subject.ARTICLE, "absent", ann)) is Access.NONE
    assert asyncio.run(hot.map(id, ann)) is None


def test_who_asks_is_told_until_the_token_is_revoked_or_expires(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
    with database.write() as session:
        id = accounts.create_account(session, "Ann", admin=True).id
        token, plain = accounts.add_token(session, id, "t", Scope.WRITE)
        _, brief = accounts.add_token(session, id, "brief", Scope.READ, soon)

    def ask(plain: str | None, share: str | None = None) -> Asker | None:
        hash = None if plain is None else accounts.token_hash(plain)
        return asyncio.run(database.hot.asker(hash, share))

    assert ask(None) == ANONYMOUS
    assert ask(None, "s") == Asker(share="s")
    assert ask("argmap_unknown") is None
    for _ in range(2):
        assert ask(plain) == Asker(id, Scope.WRITE, True)
        assert ask(plain, "s") == Asker(id, Scope.WRITE, True, "s")
        assert ask(brief) == Asker(id, Scope.READ, True)
    uses = database.hot.take_uses()
    assert set(uses) == {accounts.token_hash(plain), accounts.token_hash(brief)}
    assert database.hot.take_uses() == {}
    monkeypatch.setattr("argmap.store.hot.now", lambda: soon)
    assert ask(brief) is None
    with database.write() as session:
        accounts.revoke_token(session, id, token.id)
    assert ask(plain) is None


REVOKE = """
import sys
from argmap.store import Database, accounts
from argmap.store.access import sharing
from argmap.store.maps import maps
from argmap.store.records import Asker, Scope, Subject, Visibility
url, account, token, map = sys.argv[1:]
database = Database(url)
for line in sys.stdin:
    with database.write() as session:
        if line == "revoke\\n":
            accounts.revoke_token(session, account, token)
        else:
            sharing.set_visibility(session, Asker(account, Scope.WRITE), Subject.MAP, map, Visibility(line.strip()))
    print("done", flush=True)
"""


def test_what_another_process_revokes_is_revoked_at_once(
    database: Database, url: str, ann: Asker, small_map: ArgumentMap
) -> None:
    account = ann.account_id or ""
    with database.write() as session:
        id = maps.create_map(session, ann, small_map).id
        token, plain = accounts.add_token(session, account, "t", Scope.WRITE)
    hash = accounts.token_hash(plain)
    other = subprocess.Popen(
        [sys.executable, "-c", REVOKE, url, account, token.id, id],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip

    def tell(line: str) -> None:
        assert other.stdin
        assert other.stdout
        other.stdin.write(line + "\n")
        other.stdin.flush()
        assert other.stdout.readline() == "done\n"

    async def answers() -> tuple[bool, bool]:
        found = [
            (await database.hot.asker(hash), await database.hot.map(id, ANONYMOUS))
            for _ in range(50)
        ]
        assert len(set(found)) == 1
        return found[0][0] is not None, found[0][1] is not None

    try:
        assert asyncio.run(answers()) == (True, False)
        for visibility, seen in (("public", True), ("private", False), ("public", True)) * 3:
            tell(visibility)
            assert asyncio.run(answers()) == (True, seen)
        tell("revoke")
        assert asyncio.run(answers()) == (False, True)
    finally:
        assert other.stdin
        other.stdin.close()
        assert other.wait(20) == 0


def test_what_is_kept_is_really_kept_and_stays_bounded(
    sqlite: Database, small_map: ArgumentMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite.write() as session:
        ann = Asker(accounts.create_account(session, "Ann").id, Scope.WRITE)
        ids = [item.id for item in maps.create_maps(session, ann, [small_map] * 20)]
    first = asyncio.run(sqlite.hot.map(ids[0], ann))
    assert asyncio.run(sqlite.hot.map(ids[0], ann)) is first
    monkeypatch.setattr("argmap.store.hot.CACHED_BYTES", 5_000)
    for id in ids:
        asyncio.run(sqlite.hot.map(id, ann))
    assert asyncio.run(sqlite.hot.map(ids[0], ann)) is not first


def test_the_hot_connection_cannot_write_and_says_when_the_file_is_no_database(
    sqlite: Database, tmp_path: object
) -> None:
    assert asyncio.run(sqlite.hot.asker("x")) is None
    broken = Database(f"sqlite:///{tmp_path}/broken.sqlite3")
    with open(f"{tmp_path}/broken.sqlite3", "w") as file:
        file.write("no database, but long enough to look like a header of one" * 20)
    with pytest.raises(StoreUnavailable):
        asyncio.run(broken.hot.asker("x"))
    broken.dispose()
