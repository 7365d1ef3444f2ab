"""Office files, which are zips of XML: opened only where they are bounded and refer to nothing outside."""

import io
import re
import zipfile

from argmap.errors import FormatError

MAX_UNPACKED = 100 * 2**20
MAX_ENTRIES = 5_000
_DATE = (1980, 1, 1, 0, 0, 0)
_CHANGED = re.compile(rb"(<dcterms:(?:created|modified)[^<>]{0,400}>)[^<>]{0,40}(</dcterms:)")


def open_package(data: bytes, kind: str) -> zipfile.ZipFile:
    """Open an office file of that kind ("a Word file").

    Raises FormatError for a broken one, one that unpacks to more than 100 MiB, one that is locked, and one whose XML
    has entities of its own.
    """
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        entries = package.infolist()
        if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise FormatError(
                f"{kind} that unpacks to more than {MAX_UNPACKED // 2**20} MiB is not read"
            )
        if any(entry.flag_bits & 1 for entry in entries):
            raise FormatError(f"{kind} that is locked with a password is not read")
        for entry in entries:
            if entry.filename.lower().endswith((".xml", ".rels")):
                _check_xml(package.read(entry))
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
    ) as error:
        said = re.sub(r"[^ -~]", "?", str(error))[:80]
        raise FormatError(f"{kind} that is broken cannot be read: {said}") from None
    except RuntimeError:  # of zlib and of locked entries
        raise FormatError(f"{kind} that is broken or locked cannot be read") from None
    return package


def _check_xml(xml: bytes) -> None:
    """Refuse XML with a document type of its own, by which entities come in; office programs write none."""
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in xml[:4]:
        raise FormatError("office files have their XML in UTF-8; this one has not")
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise FormatError("entities and external references in XML are not read")


def entry_names(data: bytes) -> frozenset[str]:
    """Return the names of the entries of a zip; none where it is none, or a broken one."""
    if not data.startswith(b"PK"):
        return frozenset()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return frozenset(package.namelist()[:MAX_ENTRIES])
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError):
        return frozenset()


def undated(data: bytes) -> bytes:
    """Write an office file anew without the time at which it was written: the same map gives the same bytes."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as package,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for name in package.namelist():
            content = package.read(name)
            if name == "docProps/core.xml":
                content = _CHANGED.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", content)
            written.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
