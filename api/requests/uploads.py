"""Files sent in to be imported: received up to a limit and a deadline, and taken out of the zip that holds them."""

import asyncio
import contextlib
import errno
import hashlib
import mmap
import posixpath
import struct
import zipfile
import zlib
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Annotated, Any

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from api.auth import Writer
from api.responses.problems import ProblemError, report
from argmap.errors import FormatError, StoreFull
from argmap.formats import FORMATS, MAX_BYTES
from argmap.formats.source.containers import container_of
from argmap.store.imports import Sent, packed

MAX_FILES = 2_000  # of one zip
MAX_ENTRIES = 10 * MAX_FILES  # with folders and what else is passed over
MAX_GROWTH = 8  # times the largest body: what a zip may hold in all
MAX_RATIO = 200  # of a file of a zip to its packed size
NAME_LENGTH = 255

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ENTRY = b"PK\x01\x02"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1
_CHUNK = 1 << 16
_SMALL = 1 << 20  # bytes that may be packed as tightly as one likes


@dataclass(frozen=True, slots=True)
class Upload:
    """What was sent in, in a temporary file: its name, if it has one, and the SHA-256 of its bytes."""

    file: IO[bytes]
    name: str | None
    digest: str


async def _upload(request: Request, asker: Writer) -> AsyncIterator[Upload]:
    """Receive the body, raw or as the one file of a form. Raises ProblemError (400, 408, 413), StoreFull."""
    settings = request.app.state.settings
    limit: int = settings.import_bytes
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and (len(announced) > 18 or int(announced) > limit):
        raise _too_large(limit)
    with contextlib.ExitStack() as stack:
        try:
            async with asyncio.timeout(settings.import_seconds):
                if request.headers.get("content-type", "").lower().startswith("multipart/"):
                    file, name = await _of_form(request, _bounded(request, limit))
                    stack.callback(file.close)
                else:
                    file, name = stack.enter_context(TemporaryFile()), None
                    async for chunk in _bounded(request, limit):
                        await run_in_threadpool(file.write, chunk)
        except TimeoutError:
            raise ProblemError(
                "timeout",
                f"The body did not arrive within {settings.import_seconds:g} seconds.",
                headers={"Connection": "close"},
            ) from None
        except ClientDisconnect:
            raise ProblemError("bad-request", "The connection ended before the body.") from None
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise StoreFull("the disk for files that arrive is full") from None
            raise
        size, digest = await run_in_threadpool(_measured, file)
        if size == 0:
            raise ProblemError("bad-request", "The body is empty; it should be the file.")
        yield Upload(file, name, digest)


Uploaded = Annotated[Upload, Depends(_upload)]


async def _bounded(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        yield chunk


def _too_large(limit: int) -> ProblemError:
    return ProblemError(
        "too-large",
        f"What is sent in to be imported is larger than {limit:,} bytes.",
        headers={"Connection": "close"},
    )


async def _of_form(
    request: Request, stream: AsyncGenerator[bytes, None]
) -> tuple[IO[bytes], str | None]:
    """Read the one file of a multipart/form-data body."""
    try:
        form = await MultiPartParser(request.headers, stream, max_files=1, max_fields=0).parse()
    except MultiPartException as error:
        detail = f"The form cannot be read: {error.message.rstrip('.')}."
        raise ProblemError("bad-request", detail) from None
    for _, value in form.multi_items():
        if isinstance(value, UploadFile):
            return value.file, value.filename
    raise ProblemError("bad-request", "The form has no file; send one in the field `file`.")


def _measured(file: IO[bytes]) -> tuple[int, str]:
    size = file.seek(0, 2)
    file.seek(0)
    hashed: Any = file  # a temporary file is all that file_digest asks for
    digest = hashlib.file_digest(hashed, "sha256").hexdigest()
    file.seek(0)
    return size, digest


def unpacked(file: IO[bytes], name: str | None, limit: int) -> list[Sent]:
    """Return the one file that was sent in, or those of the zip that it is.

    Of a zip, folders and hidden files are passed over; a text beside a file of the same name goes along with it; what
    cannot be taken out is refused by itself. `limit` is the largest body; a zip may hold a few times as much.
    Raises FormatError when the zip is broken, too large or holds too much.
    """
    lead = file.read(4)
    file.seek(0)
    kind = None if lead not in _ZIP else container_of(file.read(MAX_BYTES))
    file.seek(0)
    if kind != "zip":  # an office file is a zip too, but its entries are no maps
        data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise FormatError(f"the file is larger than {MAX_BYTES // 2**20} MiB")
        return [Sent(shown_name(name), packed(data))]
    try:
        _check_entries(file)
        with zipfile.ZipFile(file) as archive:
            return _of_zip(archive, MAX_GROWTH * limit)
    except _BROKEN as error:
        raise _broken(error) from None


# What zipfile raises for archives that are damaged or made with malice.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError,
)  # fmt: skip


def _broken(error: Exception) -> FormatError:
    said = str(error) if isinstance(error, zipfile.BadZipFile) else "it is damaged"
    return FormatError(f"the zip cannot be read: {said[:100]}")


def _check_entries(file: IO[bytes]) -> None:
    """Count the entries before zipfile reads them all into memory, whatever the archive says how many they are."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        count, found = 0, data.find(_ENTRY)
        while found >= 0 and count <= MAX_ENTRIES:
            count, found = count + 1, data.find(_ENTRY, found + len(_ENTRY))
    if count > MAX_ENTRIES:
        raise FormatError(f"the zip has more than {MAX_ENTRIES:,} entries")


def _of_zip(archive: zipfile.ZipFile, most: int) -> list[Sent]:
    entries = [entry for entry in archive.infolist() if not _passed_over(entry)]
    texts = {_stem(entry): entry for entry in entries if _is_text(entry)}
    annotations = {_stem(entry) for entry in entries if _annotates(entry)}
    files = [entry for entry in entries if not (_is_text(entry) and _stem(entry) in annotations)]
    if not files:
        raise FormatError("the zip has no file in it")
    if len(files) > MAX_FILES:
        raise FormatError(f"the zip has more than {MAX_FILES:,} files; send several")
    sent: list[Sent] = []
    size = 0
    for entry in files:
        text = texts.get(_stem(entry)) if _annotates(entry) else None
        data, wrong = _taken_out(archive, entry)
        size += len(data)
        beside = None
        if text is not None and wrong is None:
            beside, wrong = _taken_out(archive, text)
            size += len(beside)
        if size > most:
            raise FormatError(f"the files of the zip have more than {most:,} bytes; send several")
        name = shown_name(entry.filename)
        if wrong is not None:
            sent.append(Sent(name, refusal=report(FormatError(wrong))))
        else:
            sent.append(Sent(name, packed(data), None if beside is None else packed(beside)))
    return sent


def _taken_out(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> tuple[bytes, str | None]:
    """Return the bytes of a file of a zip, and what is wrong with it; its declared size is not believed."""
    if entry.flag_bits & _ENCRYPTED:
        return b"", "the file is locked with a password"
    if entry.compress_type not in _METHODS:
        return b"", "the file is packed by another method than deflate"
    most = min(MAX_BYTES, max(_SMALL, MAX_RATIO * entry.compress_size))
    data = bytearray()
    try:
        with archive.open(entry) as file:
            while len(data) <= most and (chunk := file.read(_CHUNK)):
                data += chunk
    except _BROKEN as error:
        return bytes(data), str(_broken(error))
    wrong = None
    if len(data) > MAX_BYTES:
        wrong = f"the file is larger than {MAX_BYTES // 2**20} MiB"
    elif len(data) > most:
        wrong = f"the file is more than {MAX_RATIO} times as large as it is packed"
    elif data.startswith(_ZIP) and container_of(bytes(data)) == "zip":
        wrong = "a zip inside a zip is not opened"
    return bytes(data), wrong


def _passed_over(entry: zipfile.ZipInfo) -> bool:
    parts = entry.filename.replace("\\", "/").split("/")
    hidden = (part.startswith(".") and part.strip(".") for part in parts)
    return entry.is_dir() or "__MACOSX" in parts or any(hidden)


def _is_text(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.lower().endswith(".txt")


def _annotates(entry: zipfile.ZipInfo) -> bool:
    """Whether a text of the same name would belong to that file: whether its ending is one that is read."""
    read = [ending for format in FORMATS.values() if format.load for ending in format.endings]
    return not _is_text(entry) and entry.filename.lower().endswith(tuple(read))


def _stem(entry: zipfile.ZipInfo) -> str:
    return posixpath.splitext(entry.filename)[0]


def shown_name(name: str | None) -> str | None:
    """Return a file's name as it may be shown: a relative path in printable characters, of bounded length."""
    if name is None:
        return None
    parts = (part for part in name.replace("\\", "/").split("/") if part not in ("", ".", ".."))
    plain = "".join(letter if letter.isprintable() else "?" for letter in "/".join(parts))
    return plain[-NAME_LENGTH:] or None
