"""Bytes of every kind: byte order marks, UTF-16, Windows-1252, line breaks of other systems, halves of characters."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from argmap import formats
from argmap.errors import FormatError
from argmap.formats import LossKind
from tests.support.format_files import EXAMPLES, samples

WRITTEN: dict[str, Callable[[str], bytes]] = {
    "with a byte order mark": lambda text: text.encode("utf-8-sig"),
    "as UTF-16": lambda text: text.encode("utf-16"),
    "as UTF-16 from the other end": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "with line breaks of Windows": lambda text: text.replace("\n", "\r\n").encode(),
    "with line breaks of old systems": lambda text: text.replace("\n", "\r").encode(),
}


@pytest.mark.parametrize("way", WRITTEN)
@pytest.mark.parametrize("path", samples(EXAMPLES), ids=lambda path: path.name)
def test_the_same_text_in_other_bytes_is_the_same_map_with_the_same_report(
    path: Path, way: str
) -> None:
    text, write = path.read_bytes().decode(), WRITTEN[way]
    if "UTF-16" in way:
        text = text.replace('encoding="UTF-8"', 'encoding="UTF-16"')
        text = text.replace("encoding='UTF-8'", "encoding='UTF-16'")
    beside = path.with_suffix(".txt")
    besides = [None]
    if beside.exists() and beside != path:
        besides = [beside.read_bytes(), write(beside.read_bytes().decode())]
    plain = formats.load(path.read_bytes(), beside=besides[0])
    for words in besides:
        assert formats.load(write(text), beside=words) == plain


def test_utf_16_without_a_mark_is_known_by_its_nuls() -> None:
    text = json.dumps({"nodes": [{"nodeID": "1", "type": "I", "text": "é"}], "edges": []})
    for encoding in ("utf-16-le", "utf-16-be"):
        assert formats.load(text.encode(encoding)).map.claims[0].text == "é"


def test_xml_tells_its_encoding_itself() -> None:
    text = '<?xml version="1.0" encoding="ISO-8859-1"?><arggraph id="m"><edu id="e">\xe4</edu>'
    text += '<adu id="a1" type="pro"/><edge id="s" src="e" trg="a1" type="seg"/></arggraph>'
    loaded = formats.load(text.encode("latin-1"))
    assert loaded.map.claims[0].text == "ä"
    assert not loaded.report


@pytest.mark.parametrize("data", [b"\x00\x00\x00\x01", b"some\x00\x01", b"a\n\x00b\n"])
def test_bytes_that_are_no_text_are_refused_with_their_line(data: bytes) -> None:
    with pytest.raises(FormatError, match="NUL character; it is not text"):
        formats.load(data)


def test_half_a_character_and_controls_are_replaced_and_reported_wherever_they_stand() -> None:
    nodes = [{"nodeID": "\ud83d", "type": "I", "text": "a \udc00 b\x01"}]
    loaded = formats.load(json.dumps({"nodes": nodes, "edges": []}).encode())
    (claim,) = loaded.map.claims
    assert claim.text == "a \ufffd b\ufffd"
    assert claim.origin is not None
    assert claim.origin.id == "\ufffd"
    assert [(loss.kind, loss.count) for loss in loaded.report.losses] == [(LossKind.TEXT, 2)]


def test_line_breaks_in_a_title_are_reported() -> None:
    core = {"title": "Trams\nhum"}
    loaded = formats.load(
        json.dumps({"metadata": {"core": core}, "nodes": [], "edges": []}).encode()
    )
    assert loaded.map.title == "Trams hum"
    assert loaded.report.kinds() == {LossKind.TEXT}


BESIDE = "Caf\xe9s close.\r\nTrams hum.\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("counted", [True, False], ids=["counted", "not counted"])
def test_offsets_of_brat_may_count_both_letters_of_a_line_break_or_one(
    encoding: str, counted: bool
) -> None:
    start = (BESIDE if counted else BESIDE.replace("\r\n", "\n")).index("Trams")
    annotation = f"T1\tClaim {start} {start + 9}\tTrams hum\n".encode()
    loaded = formats.load(annotation, beside=BESIDE.encode(encoding))
    assert [(q.exact, q.start) for q in loaded.map.claims[0].quotes] == [("Trams hum", 13)]
    assert loaded.report.kinds() == ({LossKind.ENCODING} if encoding == "cp1252" else set())


def test_offsets_of_brat_may_count_the_byte_order_mark() -> None:
    loaded = formats.load(b"T1\tClaim 7 10\thum\n", beside="Trams hum".encode("utf-8-sig"))
    assert [(q.exact, q.start) for q in loaded.map.claims[0].quotes] == [("hum", 6)]
    assert not loaded.report
