"""`argmap import`: the files of a folder sent to a service one by one, so that it can be broken off and taken up."""

import hashlib
import io
import json
import os
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, TextIO

import typer

from argmap.cli import files
from argmap.cli.client import Answer, Service, told
from argmap.cli.losses import Tally
from argmap.cli.maps import count
from argmap.cli.say import plain, say, tracked

POLL_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A file to be sent: where it is, what it is called there, and the text that it annotates."""

    path: str
    name: str
    beside: str | None


@dataclass(slots=True)
class Summary:
    """What became of the files so far, and what they lost.

    `out` is where the stored maps are told; while a progress bar is shown, standard output is not itself.
    """

    out: TextIO
    stored: int = 0
    before: int = 0
    failed: int = 0
    losses: Tally = field(default_factory=Tally)


def import_files(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH", help="Files, zips of files, and folders of either."),
    ],
    server: Annotated[
        str, typer.Option(metavar="URL", help="The address of the service.")
    ] = "http://127.0.0.1:8000",
    token_env: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="The environment variable that holds a token with scope write."
        ),
    ] = "ARGMAP_TOKEN",  # noqa: S107  the name of a variable
    visibility: Annotated[
        str, typer.Option(metavar="private|unlisted|public", help="Who may see the maps.")
    ] = "private",
    format: Annotated[
        str | None,
        typer.Option(
            metavar="FORMAT", help="The format of all files; without it they are looked into."
        ),
    ] = None,
) -> None:
    """Store the maps of files in a service.

    Prints the id of each map and the name of its file; on standard error, what was lost on the way. Broken off and
    run again within a day it goes on where it was: what is stored is not stored again.
    """
    token = os.environ.get(token_env, "").strip()
    if not token:
        raise typer.TyperException(
            f"the environment variable {token_env} has no token; make one with"
            " `argmap token add NAME --scope write` where the service runs"
        )
    if visibility not in ("private", "unlisted", "public"):
        raise typer.BadParameter(
            f"{visibility} is not one of private, unlisted, public", param_hint="--visibility"
        )
    found = {each.path: each for path in paths for each in _outgoing(path)}
    service, summary = Service(server, token), Summary(sys.stdout)
    query = {"visibility": visibility, **({"format": format} if format else {})}
    try:
        for path in tracked(list(found)):
            _send(service, found[path], query, summary)
    finally:
        _tell(summary)
    if summary.failed:
        raise typer.Exit(1)


def _outgoing(path: str) -> Iterator[Outgoing]:
    """List a file, or those files in a folder that may be maps: not hidden, and of an ending that is read."""
    if not os.path.isdir(path):
        yield Outgoing(path, os.path.basename(path), _beside(path))
        return
    endings = _endings()
    passed = 0
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        shown = {name for name in names if not name.startswith(".")}
        annotated = {_text_name(name) for name in shown if _annotates(name, endings)}
        for name in sorted(shown - annotated):
            whole = os.path.join(folder, name)
            if not name.lower().endswith(endings):
                passed += 1
            elif os.path.isfile(whole):
                relative = os.path.relpath(whole, path).replace(os.sep, "/")
                yield Outgoing(whole, relative, _beside(whole))
    if passed:
        say(
            f"{path}: {count(passed, 'file')} not sent: nothing that argmap reads has such an ending"
        )


def _endings() -> tuple[str, ...]:
    from argmap.formats import FORMATS

    read = [ending for format in FORMATS.values() if format.load for ending in format.endings]
    return (*read, ".txt", ".zip")


def _beside(path: str) -> str | None:
    text = _text_name(path)
    return text if _annotates(path, _endings()) and os.path.isfile(text) else None


def _annotates(name: str, endings: tuple[str, ...]) -> bool:
    """Whether a text of the same name would belong to that file."""
    lower = name.lower()
    return lower.endswith(endings) and not lower.endswith((".txt", ".zip"))


def _text_name(name: str) -> str:
    return os.path.splitext(name)[0] + ".txt"


def _send(service: Service, each: Outgoing, query: dict[str, str], summary: Summary) -> None:
    """Send one file, wait until it is read, and note what became of it."""
    try:
        body = files.read(each.path)
        if each.beside is not None:
            body = _zipped({each.name: body, _text_name(each.name): files.read(each.beside)})
    except typer.TyperException as error:
        summary.failed += 1
        say(f"{each.path}: {error.format_message()}")
        return
    asked = {**query, "name": each.name}
    answer = service.call("POST", "/imports", asked, body, {"Idempotency-Key": _key(asked, body)})
    if answer.status not in (200, 202):
        summary.failed += 1
        say(f"{each.path}: {told(answer)}")
        return
    before = answer.headers.get("idempotency-replayed") == "true"
    for item in _items(service, answer):
        _note(each, item, summary, before)


def _key(asked: dict[str, str], body: bytes) -> str:
    """Name what is sent, so that the service knows it when it comes again."""
    hashed = hashlib.sha256(json.dumps(asked, sort_keys=True).encode() + b"\n" + body)
    return f"import-{hashed.hexdigest()}"


def _zipped(contents: dict[str, bytes]) -> bytes:
    """Put files into a zip that has the same bytes every time."""
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        for name, data in contents.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return zipped.getvalue()


def _items(service: Service, answer: Answer) -> Iterator[dict[str, Any]]:
    """Yield the results of an import once it is finished, from all its pages."""
    state = _import_in(answer)
    address = f"/imports/{state['id']}"
    while state["state"] == "running":
        time.sleep(POLL_SECONDS)
        state = _import_in(service.call("GET", address, {"limit": "200"}))
    while True:
        yield from state["items"]
        if state["next"] is None:
            return
        query = {"limit": "200", "cursor": state["next"]}
        state = _import_in(service.call("GET", address, query))


def _import_in(answer: Answer) -> dict[str, Any]:
    if not isinstance(answer.body, dict) or not {"id", "state", "items", "next"} <= set(
        answer.body
    ):
        raise typer.TyperException(f"the server does not answer as argmap does: {told(answer)}")
    return answer.body


def _note(each: Outgoing, item: dict[str, Any], summary: Summary, before: bool) -> None:
    name = each.path if item["name"] in (each.name, None) else f"{each.path}/{item['name']}"
    if item["state"] != "stored":
        summary.failed += 1
        say(f"{name}: {(item['problem'] or {}).get('detail', item['state'])}")
        return
    summary.stored += not before
    summary.before += before
    out = None if summary.out.isatty() else summary.out  # a terminal gets it above the bar
    print(f"{item['map_id']}\t{plain(name)}", file=out)
    summary.losses.files += 1
    for loss in item["losses"]:
        summary.losses.add(loss["kind"], loss["message"], loss["count"], loss["place"])


def _tell(summary: Summary) -> None:
    """Print what was lost as a table, and how many files there were."""
    summary.losses.show()
    parts = [f"{summary.stored} stored"]
    if summary.before:
        parts.append(f"{summary.before} stored before")
    if summary.failed:
        parts.append(f"{summary.failed} failed")
    say(", ".join(parts))
