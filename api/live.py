"""Who watches what: the events of the store, brought to the event loop, and who has which map open.

Everything here is used from the event loop's thread; the store's listener is the one door from other threads.
"""

import asyncio
import itertools
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from starlette.concurrency import run_in_threadpool

from argmap.errors import ArgmapError
from argmap.store import Database
from argmap.store.events import AccessChanged, Changed, Event, ImportChanged, Missed, Said
from argmap.store.maps import history
from argmap.store.records import Access, Asker, Entry, Standing
from schemas.events import AccessName, ChangeEvent, PersonOut

KEPT_ENTRIES = 256  # of each map that is watched, written out once for all its readers
ALL_SECONDS = (
    1.0  # at most, between looks at everybody's access when it is not known whose has changed
)
FORGOTTEN_SECONDS = 45.0  # after which somebody who is not heard of is not there any more
AGAIN_SECONDS = 15.0  # between words that somebody is still there

Topic = tuple[str, str]
"""A kind ("map", "import") and an id."""


class Live:
    """The watchers of this process: an asyncio.Event for each, set when something may have happened to its topic."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._loop = asyncio.get_running_loop()
        self._process = secrets.token_hex(6)
        self._voice = ThreadPoolExecutor(1, thread_name_prefix="presence")
        self._watchers: dict[Topic, set[asyncio.Event]] = {}
        self._rooms: dict[str, Room] = {}
        self._looking: asyncio.Task[None] | None = None
        self._look_again = False
        self._all_later: asyncio.TimerHandle | None = None
        self._deaf = database.events.listen(self._from_any_thread)

    def close(self) -> None:
        """Listen no longer."""
        self._deaf()
        if self._looking is not None:
            self._looking.cancel()
        if self._all_later is not None:
            self._all_later.cancel()
        self._voice.shutdown()

    @contextmanager
    def watching(self, *topics: Topic) -> Iterator[asyncio.Event]:
        """Give an event that is set whenever something may have happened to one of the topics; clear it, then look."""
        event = asyncio.Event()
        for topic in topics:
            self._watchers.setdefault(topic, set()).add(event)
        try:
            yield event
        finally:
            for topic in topics:
                self._watchers[topic].discard(event)
                if not self._watchers[topic]:
                    del self._watchers[topic]

    @contextmanager
    def room(self, map_id: str) -> "Iterator[Room]":
        """Give what the watchers of one map share."""
        room = self._rooms.get(map_id)
        if room is None:
            people = People(
                self._process,
                lambda *words: self._say(map_id, words),
                lambda: self._wake(("map", map_id)),
            )
            room = self._rooms[map_id] = Room(map_id, self._database, people)
            self._say(map_id, ("who", self._process))
        room.streams += 1
        try:
            yield room
        finally:
            room.streams -= 1
            if not room.streams:
                del self._rooms[map_id]

    @property
    def streams(self) -> int:
        """How many streams of maps are open."""
        return sum(room.streams for room in self._rooms.values())

    def _say(self, map_id: str, words: tuple[object, ...]) -> None:
        self._voice.submit(self._database.events.say, map_id, words)

    def _from_any_thread(self, event: Event) -> None:
        try:
            self._loop.call_soon_threadsafe(self._heard, event)
        except RuntimeError:  # the loop has ended
            self._deaf()

    def _heard(self, event: Event) -> None:
        match event:
            case Changed(map_id, version):
                self._changed(map_id, version)
            case AccessChanged(None):
                self._all_changed()
            case AccessChanged(str(map_id)):
                self._changed(map_id)
            case ImportChanged(job_id):
                self._wake(("import", job_id))
            case Said(map_id, words):
                if (room := self._rooms.get(map_id)) is not None:
                    room.people.heard(words)
            case Missed():
                for kind, id in tuple(self._watchers):
                    if kind != "map":
                        self._wake((kind, id))
                self._look_again = True
                if self._looking is None or self._looking.done():
                    self._looking = asyncio.ensure_future(self._look())
                if self._all_later is None:
                    self._all_later = self._loop.call_later(ALL_SECONDS, self._all_changed)

    async def _look(self) -> None:
        """Find out which of the watched maps have new versions."""
        while self._look_again and self._rooms:
            self._look_again = False
            try:
                versions = await run_in_threadpool(self._versions, tuple(self._rooms))
            except ArgmapError:  # the database is away; who waits will be told when it is back
                continue
            for map_id, room in tuple(self._rooms.items()):
                if versions.get(map_id) != room.version:
                    self._changed(map_id, versions.get(map_id))

    def _versions(self, map_ids: tuple[str, ...]) -> dict[str, int]:
        with self._database.read() as session:
            return history.versions(session, map_ids)

    def _all_changed(self) -> None:
        if self._all_later is not None:
            self._all_later.cancel()
        self._all_later = None
        for map_id in tuple(self._rooms):
            self._changed(map_id)

    def _changed(self, map_id: str, version: int | None = None) -> None:
        if (room := self._rooms.get(map_id)) is not None:
            room.forget_standings()
            room.version = version or room.version
        self._wake(("map", map_id))

    def _wake(self, topic: Topic) -> None:
        for event in self._watchers.get(topic, ()):
            event.set()


class Room:
    """What those who watch one map in this process share: entries written out, who may see them, who is there."""

    def __init__(self, map_id: str, database: Database, people: "People") -> None:
        self._map_id = map_id
        self._database = database
        self.people = people
        self.streams = 0
        self.version: int | None = None
        self._entries: OrderedDict[int, Entry] = OrderedDict()
        self._written: dict[tuple[int, bool, bool], bytes] = {}
        self._standings: dict[object, asyncio.Future[Standing | None]] = {}
        self._reading = asyncio.Lock()

    def forget_standings(self) -> None:
        """Have everybody's access asked for anew."""
        self._standings = {}

    async def standing(self, who: object, asker: Callable[[], Awaitable[Asker]]) -> Standing | None:
        """Say what somebody may do with the map now; asked once for all streams of the same credentials (`who`)."""
        found = self._standings.get(who)
        if found is None or (found.done() and (found.cancelled() or found.exception())):
            found = self._standings[who] = asyncio.ensure_future(self._stand(asker))
        return await asyncio.shield(found)

    async def _stand(self, asker: Callable[[], Awaitable[Asker]]) -> Standing | None:
        return await self._database.hot.standing(self._map_id, await asker())

    async def after(self, version: int, limit: int) -> list[Entry]:
        """Return the entries that follow a version, read once for all who ask for them."""
        async with self._reading:
            if version + 1 not in self._entries:
                for entry in await run_in_threadpool(self._read, version, limit):
                    self._entries[entry.version] = entry
                while len(self._entries) > KEPT_ENTRIES + limit:
                    gone, _ = self._entries.popitem(last=False)
                    for bare, own in itertools.product((True, False), repeat=2):
                        self._written.pop((gone, bare, own), None)
        following = itertools.count(version + 1)
        found = itertools.takewhile(self._entries.__contains__, following)
        return [self._entries[number] for number in itertools.islice(found, limit)]

    def written(self, entry: Entry, account_id: str | None, *, bare: bool) -> bytes:
        """Write an entry as JSON for an account, `bare` for those who may not see the article."""
        own = account_id is not None and account_id == entry.account_id and bool(entry.keys)
        key = entry.version, bare, own
        if (data := self._written.get(key)) is None:
            shown = history.bare_entry(entry) if bare else entry
            shown = shown if own else replace(shown, keys=())
            event = ChangeEvent.of(shown)
            data = self._written[key] = event.__pydantic_serializer__.to_json(event)
        return data

    def _read(self, version: int, limit: int) -> tuple[Entry, ...]:
        with self._database.read() as session:
            return history.entries_after(session, self._map_id, version, limit)


@dataclass(slots=True)
class _Here:
    """One window of somebody, or (under no name) how many others read in a process; and when it was last heard of."""

    what: PersonOut | int
    heard: float = field(default_factory=time.monotonic)


class People:
    """Who has one map open, in this process and in others: kept in memory, and told by each process of its own.

    Words: "who", sender: asks. "here", sender, process, window ("" for the others who read), person or count: answers.
    "gone", sender, process, window.
    """

    def __init__(self, process: str, say: Callable[..., None], wake: Callable[[], None]) -> None:
        self._process = process
        self._say = say
        self._wake = wake
        self._here: dict[tuple[str, str], _Here] = {}
        self._said_at = time.monotonic()
        self.revision = 0

    def listed(self) -> tuple[list[PersonOut], int]:
        """Return who is there by name, and how many others read."""
        long_ago = time.monotonic() - FORGOTTEN_SECONDS
        for key, here in tuple(self._here.items()):
            if key[0] != self._process and here.heard < long_ago:
                del self._here[key]
        there = [here.what for here in self._here.values()]
        people = [what for what in there if isinstance(what, PersonOut)]
        people.sort(key=lambda person: (person.name or "", person.tab))
        return people, sum(what for what in there if isinstance(what, int))

    def come(self, person: PersonOut | None) -> None:
        """Note a window of somebody in this process, or another reader."""
        if person is None:
            self._tell("", self._others() + 1)
        else:
            self._tell(person.tab, person)

    def go(self, person: PersonOut | None) -> None:
        """Note that they have left."""
        if person is None:
            self._tell("", self._others() - 1)
        elif self._here.pop((self._process, person.tab), None) is not None:
            self._moved()
            self._say("gone", self._process, self._process, person.tab)

    def move(self, tab: str, account_id: str, claim: str | None, editing: bool) -> None:
        """Note at which claim somebody is, whichever process has their stream."""
        for (process, name), here in tuple(self._here.items()):
            person = here.what
            mine = isinstance(person, PersonOut) and person.account_id == account_id
            if name == tab and mine and isinstance(person, PersonOut):
                at = person.model_copy(update={"claim": claim, "editing": editing})
                self._put(process, tab, at)
                self._say("here", self._process, process, tab, at.model_dump())

    def still_here(self) -> None:
        """Now and then tell the other processes again, which would forget."""
        if time.monotonic() - self._said_at > AGAIN_SECONDS:
            self._answer()

    def heard(self, words: object) -> None:
        """Hear what some process said."""
        match words:
            case [_, self._process, *_]:
                return  # one's own
            case ["who", str()]:
                self._answer()
            case ["here", str(), str(process), str(tab), int(count)]:
                self._put(process, tab, count)
            case ["here", str(), str(process), str(tab), dict(fields)]:
                if process != self._process or (process, tab) in self._here:
                    self._put(process, tab, PersonOut.model_validate(fields))
            case ["gone", str(), str(process), str(tab)]:
                if self._here.pop((process, tab), None) is not None:
                    self._moved()

    def _others(self) -> int:
        here = self._here.get((self._process, ""))
        return here.what if here is not None and isinstance(here.what, int) else 0

    def _answer(self) -> None:
        self._said_at = time.monotonic()
        for (process, tab), here in tuple(self._here.items()):
            if process == self._process:
                self._tell(tab, here.what)

    def _tell(self, tab: str, what: PersonOut | int) -> None:
        self._put(self._process, tab, what)
        plain = what if isinstance(what, int) else what.model_dump()
        self._say("here", self._process, self._process, tab, plain)

    def _put(self, process: str, tab: str, what: PersonOut | int) -> None:
        before = self._here.get((process, tab))
        self._here[process, tab] = _Here(what)
        if before is None or before.what != what:
            self._moved()

    def _moved(self) -> None:
        self.revision += 1
        self._wake()


def access_name(access: Access) -> AccessName:
    """Return a level of access as it is written."""
    return "own" if access is Access.OWN else "edit" if access is Access.EDIT else "view"
