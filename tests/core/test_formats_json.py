"""Our own JSON: exact round trips, and a strict reader that says where a broken file is broken."""

import json

import pytest
from hypothesis import given

from argmap import formats
from argmap.errors import FormatError, InvalidMap, UnknownFormat
from argmap.formats import LossKind
from argmap.model import ArgumentMap
from tests.support.strategies import maps

MINIMAL = {"claims": [{"id": "c1", "kind": "thesis", "text": "A thesis"}]}


@given(maps())
def test_reading_what_was_written_gives_the_same_map_and_the_same_bytes(map: ArgumentMap) -> None:
    written = formats.dump(map, "json")
    read = formats.load(written.data)
    assert read.map == map
    assert not written.report
    assert not read.report
    assert formats.dump(read.map, "json").data == written.data


def test_a_document_as_the_service_gives_it_back_is_read_and_its_own_fields_are_reported() -> None:
    document = {
        **MINIMAL, "id": "x", "version": 7, "owner": "ann", "visibility": "private", "quotes_only": False,
        "article_id": None, "article_version": None, "created": "2026-01-01", "updated": "2026-01-01",
    }  # fmt: skip
    loaded = formats.load(json.dumps(document).encode())
    assert loaded.map.claims[0].text == "A thesis"
    (loss,) = loaded.report.losses
    assert loss.kind is LossKind.READ_ONLY
    assert loss.count == 9
    assert "article_version" in loss.place


def test_an_unknown_field_is_a_fault_with_its_place_and_not_a_loss() -> None:
    with pytest.raises(InvalidMap) as caught:
        formats.load(json.dumps({**MINIMAL, "claim": [], "relations": [{"id": "r1"}]}).encode())
    assert {"claim", "relations/0/kind", "relations/0/target"} <= {
        f.place for f in caught.value.faults
    }


BROKEN = {
    "a duplicate key": (b'{"claims": [],\n "claims": []}', "claims' occurs twice"),
    "a duplicate key with a blank after it": (
        b'{"claims": [],\n "claims" : []}',
        "claims' occurs twice",
    ),
    "NaN": (b'{"claims":\n[{"id": "NaN", "weight": NaN}]}', "line 2: NaN is not a JSON value"),
    "a float out of range": (b'{"claims": [],\n "x": 1e999}', "line 2: a number is too large"),
    "a huge integer": (b'{"claims": [], "x": ' + b"9" * 10_000 + b"}", "line 1: a number has more"),
    "deep nesting": (b'{"claims": \n' + b"[" * 65 + b"]" * 65 + b"}", "line 2: it is nested"),
    "bottomless nesting": (b'{"claims": \n' + b"[" * 100_000, "line 2: it is nested"),
    "a lone surrogate": (
        b'{"claims": [],\n "title": "\\uD800"}',
        "line 2: a text has a lone surrogate",
    ),
    "a lone surrogate in a key": (b'{"claims": [], "\\udc00": 1}', "lone surrogate"),
    "a bare control character": (
        b'{"claims": [],\n "title": "a\x07"}',
        "line 2: this is not valid JSON",
    ),
    "a truncated file": (b'{"claims": [\n{"id": "c1",', "line 2: this is not valid JSON"),
    "a NUL": (b'{"claims": []}\n\x00', "line 2: the file has a NUL"),
    "a newer version": (b'{"claims": [], "format_version": 2}', "format_version: only version 1"),
    "another schema": (b'{"$schema": "urn:argmap:map:9"}', "$schema: the schema is not"),
    "a list": (b"[1, 2]", "a map is a JSON object"),
}


@pytest.mark.parametrize(("data", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_one_clear_error(data: bytes, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        formats.load(data, format="json")
    assert message in str(caught.value)
    assert len(str(caught.value)) < 300


def test_a_file_over_the_size_limit_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(FormatError, match="larger than 16 MiB"):
        formats.load(b" " * (formats.MAX_BYTES + 1), format="json")


def test_a_byte_order_mark_and_a_pair_of_surrogates_are_no_reason_to_refuse() -> None:
    data = b'\xef\xbb\xbf{"claims": [], "title": "\\ud83d\\ude00"}'
    assert formats.load(data).map.title == "😀"


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(UnknownFormat, match="'pages' is not a format; the formats are json"):
        formats.load(b"{}", format="pages")
    with pytest.raises(UnknownFormat, match="can be written but not read"):
        formats.load(b"digraph {}", format="dot")
    with pytest.raises(UnknownFormat, match="does not know the format of this JSON"):
        formats.load(b'{"some": "json"}')
