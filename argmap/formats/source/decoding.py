"""Bytes of a file turned into text: UTF-8 or UTF-16, else Windows-1252 as a guess."""

import codecs

from argmap.errors import FormatError


def decode(data: bytes) -> tuple[str, bool]:
    """Decode UTF-8 or UTF-16, else Windows-1252; says whether that had to be guessed.

    Line breaks become "\\n". Raises FormatError for bytes that are no text.
    """
    text, guessed = decode_as_it_is(data)
    nul = text.find("\x00")
    if nul >= 0:
        raise FormatError(
            "the file has a NUL character; it is not text", line=text.count("\n", 0, nul) + 1
        )
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, guessed


def decode_as_it_is(data: bytes) -> tuple[str, bool]:
    """Decode as `decode` does, without looking at what comes out.

    UTF-16 is known by its byte order mark, or by a NUL beside a first letter of ASCII.
    """
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16"), False
        if len(data) % 2 == 0 and len(data) > 1 and (data[0] == 0) != (data[1] == 0):
            return data.decode("utf-16-be" if data[0] == 0 else "utf-16-le"), False
        return data.decode().removeprefix("\ufeff"), False
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace").replace("\ufffd", "?"), True
