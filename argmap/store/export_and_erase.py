"""What an account has a right to: everything of it in one file, and to be erased."""

import io
import json
import zipfile
from typing import IO, Any

from sqlalchemy import ColumnElement, Table, delete, or_, select, update

from argmap.errors import NotFound
from argmap.model import canonical
from argmap.model.redaction import bare_changes, without_surroundings
from argmap.store.access.loading import LOOK_AT_MAP, asking
from argmap.store.access.rules import article_access, article_value, visible_articles, visible_maps
from argmap.store.events import AccessChanged
from argmap.store.ids import now
from argmap.store.maps.anchoring import detach_map
from argmap.store.maps.bodies import parsed
from argmap.store.maps.versions import forget_surroundings
from argmap.store.maps.write import CHANGES
from argmap.store.records import Access, Asker, Scope
from argmap.store.sql.session import Session
from argmap.store.sql.tables import (
    ACCOUNT,
    ANSWER,
    ARTICLE,
    ARTICLE_PAST,
    ENTRY,
    GRANT,
    IMPORT_FILE,
    IMPORT_JOB,
    MAP,
    MEMBER,
    OPERATION,
    SHARE,
    SIGN_IN,
    TOKEN,
)


def export_account(session: Session, account_id: str) -> bytes:
    """Return the zip file of `write_account`. Raises NotFound."""
    file = io.BytesIO()
    write_account(session, account_id, file)
    return file.getvalue()


def write_account(session: Session, account_id: str, file: IO[bytes]) -> None:
    """Write everything of an account into a zip file: its articles and maps, their versions, what it was granted.

    `account.json` holds the account, its tokens and share tokens (without their secrets), grants, imports, and what it
    wrote in maps of others; each map is a file that can be imported again, with its article carried along.
    Raises NotFound.
    """
    found = session.execute(select(ACCOUNT).where(ACCOUNT.c.id == account_id)).mappings().first()
    if found is None or found["erased"] is not None:
        raise NotFound("the account does not exist")
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("account.json", _json(_about(session, account_id)))
        own_articles = select(ARTICLE).where(ARTICLE.c.owner == account_id)
        for row in session.execute(own_articles).mappings().all():
            archive.writestr(f"articles/{row['id']}.json", _article(row))
            past = select(ARTICLE_PAST).where(ARTICLE_PAST.c.article_id == row["id"])
            for old in session.execute(past).mappings():
                archive.writestr(f"articles/{row['id']}.v{old['version']}.json", _article(old))
        own = Asker(account_id, Scope.READ)
        for id in (
            session.execute(select(MAP.c.id).where(MAP.c.owner == account_id)).scalars().all()
        ):
            archive.writestr(f"maps/{id}.json", map_file(session, own, id))
            entries = select(ENTRY).where(ENTRY.c.map_id == id).order_by(ENTRY.c.version)
            history = [_entry(entry) for entry in session.execute(entries).mappings()]
            archive.writestr(f"maps/{id}.history.json", _json(history))


def _entry(entry: Any) -> dict[str, Any]:
    return {
        "version": entry["version"],
        "at": entry["at"],
        "account_id": entry["account_id"],
        "action": entry["action"],
        "changes": json.loads(entry["changes"]),
    }


def _imports(session: Session, account_id: str) -> list[dict[str, Any]]:
    file = IMPORT_FILE.c
    query = (
        select(IMPORT_JOB.c.id, IMPORT_JOB.c.created, file.name, file.state, file.map_id)
        .join(IMPORT_FILE, file.job_id == IMPORT_JOB.c.id)
        .where(IMPORT_JOB.c.account_id == account_id)
        .order_by(IMPORT_JOB.c.created, IMPORT_JOB.c.id, file.position)
    )
    return [dict(row) for row in session.execute(query).mappings()]


def _elsewhere(session: Session, account_id: str) -> list[dict[str, Any]]:
    """Return what an account wrote in maps of others: its own entries, without what stands around quotes."""
    query = (
        select(*ENTRY.c)
        .join(MAP, MAP.c.id == ENTRY.c.map_id)
        .where(ENTRY.c.account_id == account_id, MAP.c.owner != account_id)
        .order_by(ENTRY.c.map_id, ENTRY.c.version)
    )
    found = []
    for entry in session.execute(query).mappings():
        changes = bare_changes(CHANGES.validate_json(entry["changes"]))
        written = json.loads(CHANGES.dump_json(changes, exclude_defaults=True))
        found.append({**_entry(entry), "map_id": entry["map_id"], "changes": written})
    return found


def map_file(session: Session, owner: Asker, id: str) -> bytes:
    """Return the JSON of a map with its article carried along, if the map's owner may see that."""
    row = LOOK_AT_MAP.first(session, asking(id, owner))
    if row is None:
        raise NotFound("the map does not exist")
    map = parsed(row)
    if row["article_id"] is None:
        return canonical(map)
    if article_access(row, owner) < Access.VIEW:
        return canonical(without_surroundings(map))
    query = select(ARTICLE.c.body, ARTICLE.c.text).where(ARTICLE.c.id == row["article_id"])
    article = article_value(*session.execute(query).one())
    return canonical(map.model_copy(update={"article": article}))


def _about(session: Session, account_id: str) -> dict[str, Any]:
    def rows(query: Any) -> list[dict[str, Any]]:
        return [
            {
                name: value
                for name, value in row.items()
                if name not in ("hash", "folded", "password")
            }
            for row in session.execute(query).mappings()
        ]

    return {
        "account": rows(select(ACCOUNT).where(ACCOUNT.c.id == account_id))[0],
        "tokens": rows(select(TOKEN).where(TOKEN.c.account_id == account_id)),
        "groups": rows(select(MEMBER).where(MEMBER.c.account_id == account_id)),
        "grants_received": rows(select(GRANT).where(GRANT.c.account_id == account_id)),
        "grants_given": rows(select(GRANT).where(_of_own(GRANT, account_id))),
        "imports": _imports(session, account_id),
        "written_in_maps_of_others": _elsewhere(session, account_id),
        "share_tokens": rows(select(SHARE).where(_of_own(SHARE, account_id))),
    }


def _of_own(table: Table, account_id: str) -> ColumnElement[bool]:
    """Say of a grant or share whether it is one of an article or map of the account."""
    own_articles = select(ARTICLE.c.id).where(ARTICLE.c.owner == account_id)
    own_maps = select(MAP.c.id).where(MAP.c.owner == account_id)
    return or_(table.c.article_id.in_(own_articles), table.c.map_id.in_(own_maps))


def _article(row: Any) -> bytes:
    return canonical(article_value(row["body"], row["text"]))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str)


def erase_account(session: Session, account_id: str) -> None:
    """Erase an account for good, and leave no trace of its name.

    Gone are its tokens, sign-ins, kept answers, imports, the grants it received, its share tokens, and for good (not
    for 30 days) its articles and maps that not everybody can see. What is public stays, owned by a nameless
    id; maps of others stay too, detached where their article goes: with the words of their quotes, and without what
    stood around those in any version. Histories keep the id without a name.
    Call `Database.scrub` when it is committed, so that nothing can be read from the files either. Raises NotFound.
    """
    session.publish(AccessChanged())
    found = session.execute(
        select(ACCOUNT.c.erased).where(ACCOUNT.c.id == account_id).with_for_update()
    ).first()
    if found is None or found[0] is not None:
        raise NotFound("the account does not exist")
    own = Asker(account_id)
    kept_maps = (
        select(MAP.c.id)
        .outerjoin(ARTICLE, ARTICLE.c.id == MAP.c.article_id)
        .where(visible_maps(None), MAP.c.deleted.is_(None))
    )
    kept_articles = select(ARTICLE.c.id).where(visible_articles(None), ARTICLE.c.deleted.is_(None))
    session.execute(delete(MAP).where(MAP.c.owner == account_id, MAP.c.id.not_in(kept_maps)))
    going = (ARTICLE.c.owner == account_id, ARTICLE.c.id.not_in(kept_articles))
    articles = select(ARTICLE.c.id).where(*going).with_for_update()
    for article_id in session.execute(articles).scalars().all():
        left = select(MAP.c.id).where(MAP.c.article_id == article_id)
        for map_id in session.execute(left).scalars().all():
            detach_map(session, own, map_id)
            forget_surroundings(session, map_id)
    session.execute(delete(ARTICLE).where(*going))
    for table in (TOKEN, SIGN_IN, ANSWER, OPERATION, GRANT, MEMBER, IMPORT_JOB):
        session.execute(delete(table).where(table.c.account_id == account_id))
    session.execute(delete(SHARE).where(_of_own(SHARE, account_id)))
    session.execute(
        update(ACCOUNT)
        .where(ACCOUNT.c.id == account_id)
        .values(name=None, folded=None, password=None, admin=False, erased=now())
    )
