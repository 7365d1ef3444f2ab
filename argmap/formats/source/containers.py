"""What a file is by its first bytes, where it is no text: documents, books, pictures, archives."""

import io
import re
import zipfile

_MAX_ENTRIES = 5_000
_LOOKED_AT = 4_096
_ENTRY = re.compile(rb"PK\x03\x04.{22}(..)(..)", re.DOTALL)
_ENTRIES_LOOKED_AT = 100

# What a file begins with, what it is called here, and what it is.
_BEGINNINGS = (
    (b"%PDF-", "pdf", "a PDF"),
    (b"{\\rtf", "rtf", "a rich text file (RTF)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole", "a file of an older office program (.doc, .xls, .ppt)"),
    (b"\x89PNG\r\n", "png", "a picture (PNG)"),
    (b"\xff\xd8\xff", "jpeg", "a picture (JPEG)"),
    (b"GIF8", "gif", "a picture (GIF)"),
    (b"II*\x00", "tiff", "a picture (TIFF)"),
    (b"MM\x00*", "tiff", "a picture (TIFF)"),
    (b"\x00\x00\x01\x00", "ico", "a picture (ICO)"),
    (b"%!PS", "postscript", "a PostScript file"),
    (b"\x1f\x8b", "gzip", "a gzip archive"),
    (b"BZh", "bzip2", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "xz", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "7z", "a 7z archive"),
    (b"Rar!\x1a\x07", "rar", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "zstd", "a Zstandard archive"),
    (b"SQLite format 3\x00", "sqlite", "an SQLite database"),
    (b"bplist0", "plist", "a property list"),
    (b"ID3", "mp3", "a sound file"),
    (b"OggS", "ogg", "a sound file"),
    (b"\x7fELF", "elf", "a program"),
    (b"MZ\x90\x00", "exe", "a program"),
)  # fmt: skip
_LEADS = tuple(beginning for beginning, _, _ in _BEGINNINGS)
# The entry by which a zip is known, what the file is called here, and what it is.
_BY_ENTRY = (
    ("word/document.xml", "docx", "a Word file"),
    ("xl/workbook.xml", "xlsx", "an Excel file"),
    ("xl/workbook.bin", "xlsb", "a binary Excel file"),
    ("ppt/presentation.xml", "pptx", "a PowerPoint file"),
    ("visio/document.xml", "vsdx", "a Visio drawing"),
    ("META-INF/container.xml", "epub", "an EPUB book"),
    ("Index/Document.iwa", "iwork", "a file of Pages, Numbers or Keynote"),
    ("Index.zip", "iwork", "a file of Pages, Numbers or Keynote"),
    ("index.apxl", "iwork", "a file of Keynote"),
    ("buildVersionHistory.plist", "iwork", "a file of Pages, Numbers or Keynote"),
    ("Metadata/BuildVersionHistory.plist", "iwork", "a file of Pages, Numbers or Keynote"),
    ("mapdata.xml", "ithoughts", "a mind map of iThoughts"),
    ("document/mindmap.xml", "simplemind", "a mind map of SimpleMind"),
    ("contents.xml", "mindnode", "a mind map of MindNode"),
    ("Document.xml", "mindmanager", "a mind map of MindManager"),
    ("META-INF/MANIFEST.MF", "jar", "a Java archive"),
    ("AndroidManifest.xml", "apk", "an Android program"),
)  # fmt: skip
_BY_FOLDER = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"), ("Index/", "iwork"))
_NAMES = {kind: name for _, kind, name in (*_BEGINNINGS, *_BY_ENTRY)} | {
    "odt": "a text document of LibreOffice",
    "ods": "a spreadsheet of LibreOffice",
    "odp": "a presentation of LibreOffice",
    "odg": "a drawing of LibreOffice",
    "xmind": "a mind map of XMind",
    "webp": "a picture (WebP)",
    "wav": "a sound file",
    "avi": "a film",
    "heic": "a picture (HEIC)",
    "mp4": "a film or sound file",
    "bmp": "a picture (BMP)",
    "office": "an office file",
    "zip": "a zip archive",
}
_OPEN_DOCUMENT = re.compile(
    rb"application/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation|graphics)"
)
_OPEN = {b"text": "odt", b"spreadsheet": "ods", b"presentation": "odp", b"graphics": "odg"}


def container_of(data: bytes) -> str | None:
    """Say what kind of container a file is ("docx", "pdf", "zip"), None where it is none. Unpacks nothing."""
    if data.startswith(_LEADS):
        return next(kind for beginning, kind, _ in _BEGINNINGS if data.startswith(beginning))
    if data[4:8] == b"ftyp":
        return "heic" if data[8:12] in (b"heic", b"heix", b"mif1", b"avif") else "mp4"
    if data.startswith(b"RIFF") and len(data) > 12:
        return {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi"}.get(data[8:12])
    if data.startswith(b"BM") and len(data) > 14 and data[6:10] == b"\x00\x00\x00\x00":
        return "bmp"
    if b"%PDF-" in data[:1_024] and data[:1_024].lstrip(b"\xef\xbb\xbf\r\n\t \x00").startswith(
        b"%PDF-"
    ):
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(data)
    return None


def name_of(kind: str) -> str:
    """Name a kind of container for people, with its article ("a PDF")."""
    return _NAMES.get(kind, "a file that is not text")


def _kind_of_zip(data: bytes) -> str:
    lead = data[:_LOOKED_AT]
    open_document = _OPEN_DOCUMENT.search(lead[:200])
    if open_document is not None:
        return _OPEN[open_document[1]]
    if b"application/epub+zip" in lead[:200]:
        return "epub"
    names = _entries(data)
    for entry, kind, _ in _BY_ENTRY:
        if entry in names:
            return kind
    if {"content.json", "content.xml"} & names and {
        "metadata.json",
        "manifest.json",
        "META-INF/manifest.xml",
        "meta.xml",
    } & names:
        return "xmind"
    if "[Content_Types].xml" in names:
        for folder, kind in _BY_FOLDER:
            if any(name.startswith(folder) for name in names):
                return kind
        return "office"
    return "zip"


def _entries(data: bytes) -> frozenset[str]:
    """Return the names of the entries; of a broken zip those that stand at its beginning."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return frozenset(archive.namelist()[:_MAX_ENTRIES])
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        names = set()
        for number, match in enumerate(_ENTRY.finditer(data)):
            if number >= _ENTRIES_LOOKED_AT:
                break
            length = int.from_bytes(match[1], "little")
            names.add(data[match.end() : match.end() + length].decode("utf-8", "replace"))
        return frozenset(names)
