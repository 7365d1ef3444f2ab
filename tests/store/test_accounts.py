"""Accounts, tokens and sign-ins; an account takes everything of it along, and erasing leaves no trace of its name."""

import datetime
import io
import json
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select, update

from argmap.errors import BadValue, Conflict, NotFound, StoreUnavailable
from argmap.model import ArgumentMap, Article, Claim, Quote
from argmap.store import Database, accounts, articles, idempotency, imports, sessions
from argmap.store.access import sharing
from argmap.store.ids import now
from argmap.store.maps import history, maps
from argmap.store.purge import purge
from argmap.store.records import Asker, Role, Scope, Subject, Visibility
from argmap.store.sql.tables import MAP


def test_names_are_taken_whatever_their_case(database: Database) -> None:
    with database.write() as session:
        one = accounts.create_account(session, "  Frau Müller ")
        assert one.name == "Frau Müller"
        with pytest.raises(Conflict, match="already an account"):
            accounts.create_account(session, "FRAU MÜLLER")
        two = accounts.create_account(session, "Ben", admin=True)
        assert accounts.find_account(session, "frau müller") == one
        assert accounts.account(session, two.id) == two
        assert accounts.accounts(session) == (one, two)
        for ask in (accounts.account, accounts.find_account):
            with pytest.raises(NotFound):
                ask(session, "nobody")


@pytest.mark.parametrize("name", ["", "   ", "a\nb", "a\0b", "a" * 61, "\u202eevil"])
def test_bad_names_are_refused(database: Database, name: str) -> None:
    with database.write() as session, pytest.raises(BadValue):
        accounts.create_account(session, name)


def test_a_token_tells_who_asks_until_it_is_revoked(database: Database) -> None:
    with database.write() as session:
        id = accounts.create_account(session, "Ann", admin=True).id
        token, plain = accounts.add_token(session, id, "laptop", Scope.READ)
        assert plain.startswith("argmap_")
        assert len(plain) == len("argmap_") + 43
        assert accounts.token_asker(session, plain) == Asker(id, Scope.READ, True)
        assert accounts.token_asker(session, plain + "x") is None
        assert accounts.tokens(session, id) == (token,)
        with pytest.raises(NotFound):
            accounts.revoke_token(session, "another", token.id)
        accounts.revoke_token(session, id, token.id)
        assert accounts.token_asker(session, plain) is None
        with pytest.raises(NotFound):
            accounts.revoke_token(session, id, token.id)


def test_a_token_ends_when_it_expires(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime.datetime.now(datetime.UTC)
    with database.write() as session:
        id = accounts.create_account(session, "Ann").id
        with pytest.raises(BadValue, match="future"):
            accounts.add_token(session, id, "old", Scope.READ, moment)
        soon = moment + datetime.timedelta(hours=1)
        _, plain = accounts.add_token(session, id, "brief", Scope.READ, soon)
        for late, works in ((-1, True), (0, False)):
            then = soon + datetime.timedelta(microseconds=late)
            monkeypatch.setattr(accounts, "now", lambda then=then: then)
            assert (accounts.token_asker(session, plain) is not None) is works


def test_last_use_is_noted_and_never_goes_back(database: Database) -> None:
    moment = datetime.datetime.now(datetime.UTC)
    earlier = moment - datetime.timedelta(minutes=1)
    with database.write() as session:
        id = accounts.create_account(session, "Ann").id
        _, plain = accounts.add_token(session, id, "laptop", Scope.READ)
        for when in (moment, earlier):
            accounts.note_uses(session, {accounts.token_hash(plain): when, "unknown": when})
        assert accounts.tokens(session, id)[0].last_used == moment


def test_secrets_are_not_stored(sqlite: Database) -> None:
    with sqlite.write() as session:
        owner = accounts.owner(session)
        link = accounts.add_sign_in(session, owner.id)
        _, plain = accounts.add_token(session, owner.id, "t", Scope.READ)
    sqlite.scrub()
    for secret in (link, plain):
        assert secret.encode() not in everything(sqlite)
    assert accounts.token_hash(plain).encode() in everything(sqlite)


def test_a_sign_in_works_once(database: Database) -> None:
    with database.write() as session:
        id = accounts.create_account(session, "Ann").id
        plain = accounts.add_sign_in(session, id)
        late = accounts.add_sign_in(session, id, minutes=-1)
    with database.write() as session:
        account, token, secret = accounts.redeem_sign_in(session, plain)
        assert (account.id, token.scope) == (id, Scope.WRITE)
        assert accounts.token_asker(session, secret) == Asker(id, Scope.WRITE)
    with database.write() as session:
        for used in (plain, late, "made up"):
            with pytest.raises(NotFound, match="unknown, used or expired"):
                accounts.redeem_sign_in(session, used)


def test_the_owner_is_the_first_administrator_and_made_once(database: Database) -> None:
    with database.write() as session:
        accounts.create_account(session, "Owner")  # somebody who took the name before there was one
        first = accounts.owner(session)
        assert first.admin
        assert first.name == "owner 2"
        accounts.create_account(session, "Another", admin=True)
        assert accounts.owner(session) == first


def test_a_session_is_live_until_it_is_ended(database: Database) -> None:
    with database.write() as session:
        owner = accounts.owner(session)
        accounts.add_token(session, owner.id, "a program", Scope.WRITE)
        assert not accounts.has_session(session, owner.id)
        plain = sessions.begin(session, owner.id, "Firefox on Linux", sessions.BY_LINK)
        assert accounts.has_session(session, owner.id)
        accounts.sign_out(session, plain)
        assert not accounts.has_session(session, owner.id)


NAME = "Zaphodine"


@pytest.fixture
def busy(database: Database, op_ed: Article, small_map: ArgumentMap) -> dict[str, str]:
    """An account of that name that has one of everything, and another who has to do with it."""
    return lived_in(database, op_ed, small_map)


def lived_in(database: Database, op_ed: Article, small_map: ArgumentMap) -> dict[str, str]:
    titled = small_map.replace(title="by zzprivatezz")
    with database.write() as session:
        own = Asker(accounts.create_account(session, NAME).id, Scope.WRITE)
        ben = Asker(accounts.create_account(session, "Ben").id, Scope.WRITE)
        assert own.account_id
        assert ben.account_id
        _, token = accounts.add_token(session, own.account_id, "laptop", Scope.WRITE)
        sign_in = accounts.add_sign_in(session, own.account_id)
        private = articles.create_article(session, own, op_ed.replace(title="zzprivatezz"))
        public = articles.create_article(session, own, op_ed, Visibility.PUBLIC)
        sharing.grant(session, own, Subject.ARTICLE, private.id, ben.account_id, Role.VIEWER)
        private_map = maps.create_map(session, own, titled, article_id=private.id)
        public_map = maps.create_map(
            session, own, small_map, article_id=public.id, visibility=Visibility.PUBLIC
        )
        deleted = maps.create_map(session, own, titled, visibility=Visibility.PUBLIC)
        maps.delete_map(session, own, deleted.id)
        bens = maps.create_map(session, ben, small_map, article_id=private.id)
        sharing.grant(session, ben, Subject.MAP, bens.id, own.account_id, Role.EDITOR)
        maps.write_map(session, own, bens.id, lambda old: old.replace(title="Edited"), action="x")
        _, share = sharing.add_share(session, own, Subject.MAP, public_map.id, label="zzlabelzz")
        idempotency.begin(session, own.account_id, "key", "print")
        idempotency.finish(session, own.account_id, "key", 201, {}, b"zzanswerzz " + NAME.encode())
    return {
        "own": own.account_id, "ben": ben.account_id, "token": token, "sign_in": sign_in,
        "private": private.id, "public": public.id, "private_map": private_map.id,
        "public_map": public_map.id, "deleted": deleted.id, "bens": bens.id, "share": share,
    }  # fmt: skip


def test_an_account_can_be_taken_along_whole(
    database: Database, busy: dict[str, str], op_ed: Article
) -> None:
    with database.read() as session:
        archive = zipfile.ZipFile(io.BytesIO(accounts.export_account(session, busy["own"])))
    names = set(archive.namelist())
    assert names == {
        "account.json",
        *(f"articles/{busy[name]}.json" for name in ("private", "public")),
        *(f"maps/{busy[name]}.json" for name in ("private_map", "public_map", "deleted")),
        *(f"maps/{busy[name]}.history.json" for name in ("private_map", "public_map", "deleted")),
    }
    about = json.loads(archive.read("account.json"))
    assert about["account"]["name"] == NAME
    assert [token["name"] for token in about["tokens"]] == ["laptop"]
    assert [grant["account_id"] for grant in about["grants_given"]] == [busy["ben"]]
    assert [grant["map_id"] for grant in about["grants_received"]] == [busy["bens"]]
    assert [share["label"] for share in about["share_tokens"]] == ["zzlabelzz"]
    map = ArgumentMap.model_validate_json(archive.read(f"maps/{busy['public_map']}.json"))
    assert map.article == op_ed
    every = b"".join(archive.read(name) for name in names)
    for secret in (busy["token"], busy["share"]):
        assert secret.encode() not in every
        assert accounts.token_hash(secret).encode() not in every


def test_erasing_an_account_keeps_what_is_public_and_what_is_of_others(
    database: Database, busy: dict[str, str]
) -> None:
    ben = Asker(busy["ben"], Scope.WRITE)
    with database.write() as session:
        accounts.erase_account(session, busy["own"])
    database.scrub()
    with database.write() as session:
        assert accounts.token_asker(session, busy["token"]) is None
        with pytest.raises(NotFound):
            accounts.redeem_sign_in(session, busy["sign_in"])
        for name in ("private_map", "deleted"):
            with pytest.raises(NotFound):
                maps.map(session, Asker(busy["own"], Scope.WRITE), busy[name])
        with pytest.raises(NotFound):
            articles.article(session, ben, busy["private"])
        assert articles.article(session, ben, busy["public"]).owner == busy["own"]
        assert maps.map(session, ben, busy["public_map"]).owner == busy["own"]
        bens = maps.map(session, ben, busy["bens"])
        assert bens.article_id is None
        assert bens.map.article is not None
        assert sharing.grants(session, ben, Subject.MAP, busy["bens"]) == ()
        entries = history.entries(session, ben, busy["bens"]).items
        assert {(entry.account_id, entry.account_name) for entry in entries} == {
            (busy["own"], None),
            (busy["ben"], "Ben"),
        }
        assert accounts.account(session, busy["own"]).erased is not None
        assert accounts.accounts(session) == (accounts.account(session, busy["ben"]),)
        for ask in (accounts.export_account, accounts.erase_account, accounts.add_sign_in):
            with pytest.raises(NotFound):
                ask(session, busy["own"])  # type: ignore[operator]
        assert idempotency.begin(session, busy["own"], "key", "another print") is None
        accounts.create_account(session, NAME)  # the name is free again


def test_erasing_leaves_no_map_that_nobody_sees(
    database: Database, ann: Asker, ben: Asker, op_ed: Article, small_map: ArgumentMap
) -> None:
    with database.write() as session:
        bens = articles.create_article(session, ben, op_ed, Visibility.PUBLIC)
        anns = articles.create_article(session, ann, op_ed, Visibility.PUBLIC)
        made = [
            maps.create_map(session, ann, small_map, article_id=id, visibility=Visibility.PUBLIC).id
            for id in (bens.id, bens.id, anns.id, anns.id)
        ]
        for id in made[1::2]:
            sharing.set_visibility(session, ann, Subject.MAP, id, Visibility.PUBLIC, True)
        for asker, id in ((ben, bens.id), (ann, anns.id)):
            sharing.set_visibility(session, asker, Subject.ARTICLE, id, Visibility.PRIVATE)
        accounts.erase_account(session, ann.account_id or "")
        left = [item.id for item in maps.maps(session, ben).items]
        stored = set(session.execute(select(MAP.c.id)).scalars())
        assert maps.map(session, ben, made[3]).article_id is None
    assert set(left) == stored == {made[1], made[3]}  # those that show quotes only


def everything(database: Database) -> bytes:
    """All bytes of the database's files, the log included."""
    path = Path(database.url.database or "")
    files = [path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")]
    return b"".join(file.read_bytes() for file in files if file.exists())


def test_after_erasing_no_file_of_the_database_holds_the_name(
    sqlite: Database, op_ed: Article, small_map: ArgumentMap
) -> None:
    traces = [NAME.encode(), NAME.casefold().encode(), b"zzprivatezz", b"zzlabelzz", b"zzanswerzz"]
    ids = lived_in(sqlite, op_ed, small_map)
    before = everything(sqlite)
    assert all(trace in before for trace in traces)  # the control: they can be found this way
    with sqlite.write() as session:
        accounts.erase_account(session, ids["own"])
    sqlite.scrub()
    after = everything(sqlite)
    # the citation of a private article stays with the map of another that had it as its article
    assert [trace for trace in traces if trace in after] == [b"zzprivatezz"]
    with sqlite.write() as session:
        maps.delete_map(session, Asker(ids["ben"], Scope.WRITE), ids["bens"])
        maps.purge(session, datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=1))
    sqlite.scrub()
    assert b"zzprivatezz" not in everything(sqlite)


def test_scrubbing_says_when_a_reader_keeps_the_old_state_alive(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("argmap.store.sql.database.BUSY_SECONDS", 0.2)
    impatient = Database(sqlite.url.render_as_string())
    with sqlite.read() as session:
        accounts.accounts(session)
        with impatient.write() as other:
            accounts.create_account(other, "Ann")
        with pytest.raises(StoreUnavailable, match="log cannot be emptied"):
            impatient.scrub()
    impatient.scrub()
    impatient.dispose()


def _two(database: Database) -> tuple[Asker, Asker]:
    with database.write() as session:
        made = [accounts.create_account(session, name) for name in ("Ann", "Ben")]
    return Asker(made[0].id, Scope.WRITE), Asker(made[1].id, Scope.WRITE)


def test_after_erasing_no_history_of_others_has_what_stood_around_quotes(
    sqlite: Database,
) -> None:
    ann, ben = _two(sqlite)
    text = "Unmistakable before. The words that were quoted. Unmistakable after."
    quoted = Quote(exact="The words that were quoted.")
    claim = Claim(id="c1", kind="thesis", text="A claim.", quotes=(quoted,))
    with sqlite.write() as session:
        article = articles.create_article(session, ann, Article(title="An op-ed", text=text))
        sharing.grant(session, ann, Subject.ARTICLE, article.id, ben.account_id or "", Role.VIEWER)
        map = ArgumentMap(claims=(claim,))
        id = maps.create_map(session, ben, map, article_id=article.id).id
        for number in range(4):
            edit = Claim(id="c2", kind="premise", text=f"Words {number}", quotes=(quoted,))
            maps.write_map(
                session,
                ben,
                id,
                lambda old, edit=edit: old.replace(claims=(old.claims[0], edit)),
                action="x",
            )
    assert b"Unmistakable" in everything(sqlite)
    with sqlite.write() as session:
        accounts.erase_account(session, ann.account_id or "")
    sqlite.scrub()
    assert b"Unmistakable" not in everything(sqlite)
    with sqlite.read() as session:
        newest = maps.map(session, ben, id).version
        for version in range(1, newest + 1):  # each can still be read, and is what its hash says
            then = history.map_at(session, ben, id, version).map
            assert then.claims[0].quotes[0].exact == quoted.exact


def test_what_was_deleted_too_long_ago_cannot_be_brought_back_and_is_purged_from_the_files(
    sqlite: Database,
) -> None:
    ann, _ = _two(sqlite)
    with sqlite.write() as session:
        map = ArgumentMap(title="Unmistakable title")
        ids = [maps.create_map(session, ann, map).id for _ in range(2)]
        for id, days in zip(ids, (29, 31), strict=True):
            moment = now() - datetime.timedelta(days=days)
            session.execute(update(MAP).where(MAP.c.id == id).values(deleted=moment))
    with sqlite.write() as session:
        maps.undelete_map(session, ann, ids[0])
        with pytest.raises(NotFound):
            maps.undelete_map(session, ann, ids[1])
        session.execute(
            update(MAP)
            .where(MAP.c.id == ids[0])
            .values(deleted=now() - datetime.timedelta(days=40))
        )
    assert purge(sqlite) == 2
    assert b"Unmistakable" not in everything(sqlite)


def test_an_export_has_imports_and_what_was_written_in_maps_of_others(database: Database) -> None:
    ann, ben = _two(database)
    with database.write() as session:
        id = maps.create_map(session, ann, ArgumentMap(title="A map")).id
        sharing.grant(session, ann, Subject.MAP, id, ben.account_id or "", Role.EDITOR)
        added = Claim(id="c1", kind="thesis", text="By Ben.")
        maps.write_map(session, ben, id, lambda old: old.replace(claims=(added,)), action="x")
        imports.add_job(session, ben.account_id or "", [imports.Sent("a.argdown", b"")])
    with database.read() as session:
        data = accounts.export_account(session, ben.account_id or "")
    about = json.loads(zipfile.ZipFile(io.BytesIO(data)).read("account.json"))
    assert [file["name"] for file in about["imports"]] == ["a.argdown"]
    (entry,) = about["written_in_maps_of_others"]
    assert (entry["map_id"], entry["version"]) == (id, 2)
    assert "By Ben." in json.dumps(entry["changes"])
