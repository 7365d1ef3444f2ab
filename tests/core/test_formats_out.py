"""What every written format owes: each part of a map is in the file or in the report, and no text turns into markup."""

import csv
import io
import json
import re
from typing import Any

import pytest
from hypothesis import given

from argmap import formats
from argmap.formats import FORMATS, LossKind
from argmap.model import ArgumentMap, Article, Claim, Quote, parse_map
from tests.support.format_files import words_in
from tests.support.strategies import examples, maps

TEXT = "Wordsbefore Quotedwords wordsafter"
MAP: dict[str, Any] = {
    "title": "Maptitle",
    "language": "pt-BR",
    "article": {"title": "Articletitle", "authors": ["Authorname"], "publication": "Papername",
                "url": "https://example.org/article", "text": TEXT, "rights": "Rightsline"},
    "claims": [
        {"id": "c1", "kind": "thesis", "text": "Thesistext"},
        {"id": "c2", "kind": "thesis", "text": "Premisetext", "label": "Claimlabel", "implicit": True,
         "speaker": "Speakername", "source": {"author": "Sourceauthor", "title": "Sourcetitle"}, "weight": 0.87,
         "tags": ["Tagword"], "note": "Claimnote",
         "quotes": [{"exact": "Quotedwords", "start": 12, "end": 23, "prefix": "Wordsbefore ",
                     "suffix": " wordsafter"}]},
        {"id": "c3", "kind": "rebuttal", "text": "Rebuttaltext"},
        {"id": "c4", "kind": "premise", "text": "Linkedtext"},
    ],
    "relations": [
        {"id": "r1", "kind": "supports", "sources": ["c2", "c4"], "target": "c1", "scheme": {"name": "Schemename"},
         "label": "Steplabel", "weight": 0.43, "note": "Stepnote", "implicit": True},
        {"id": "r2", "kind": "attacks", "sources": ["c3"], "target": "r1"},
        {"id": "r3", "kind": "restates", "sources": ["c4"], "target": "c1"},
    ],
}  # fmt: skip
PARTS = {
    "Maptitle": LossKind.TITLE, "pt-BR": LossKind.LANGUAGE, "Articletitle": LossKind.ARTICLE,
    "Rightsline": LossKind.ARTICLE, "wordsafter": LossKind.ARTICLE, "Thesistext": LossKind.TEXT,
    "Premisetext": LossKind.TEXT, "Rebuttaltext": LossKind.TEXT, "Claimlabel": LossKind.LABEL,
    "Speakername": LossKind.SPEAKER, "Sourcetitle": LossKind.SOURCE, "0.87": LossKind.WEIGHT,
    "Tagword": LossKind.TAGS, "Claimnote": LossKind.NOTE, "Quotedwords": LossKind.QUOTE,
    "Schemename": LossKind.SCHEME, "Steplabel": LossKind.LABEL, "0.43": LossKind.WEIGHT, "Stepnote": LossKind.NOTE,
}  # fmt: skip
WRITTEN = [name for name, format in FORMATS.items() if format.dump]


@pytest.mark.parametrize("name", WRITTEN)
def test_each_part_of_a_map_is_in_the_file_or_in_the_report(name: str) -> None:
    map = parse_map(MAP)
    for part, kind in PARTS.items():
        written = formats.dump(map, name)
        said = re.sub(r"<br ?/?>|&nbsp;", " ", words_in(written.data))
        assert part in said or kind in written.report.kinds(), part


@pytest.mark.parametrize("name", WRITTEN)
def test_nothing_is_reported_of_a_map_that_any_format_can_say(name: str) -> None:
    claims = [
        {"id": "c1", "kind": "thesis", "text": "Trams"},
        {"id": "c2", "kind": "rebuttal", "text": "Costs"},
    ]
    attack = {"id": "r1", "kind": "attacks", "sources": ["c2"], "target": "c1"}
    report = formats.dump(parse_map({"claims": claims, "relations": [attack]}), name).report
    ids = (
        {LossKind.ID} if name in ("brat", "tgf", "apx", "bag", "iccma23") else set()
    )  # which number relations anew
    words = (
        {LossKind.ARTICLE, LossKind.QUOTE} if name == "arggraph" else set()
    )  # which needs words of a text
    own = {
        "bag": {LossKind.WEIGHT},
        "brat": {LossKind.IMPLICIT},
    }  # which have no other way to say it
    assert report.kinds() <= ids | words | own.get(name, set())


@given(maps())
@examples(20)
def test_no_cell_of_a_table_starts_a_formula_and_every_row_has_all_columns(
    map: ArgumentMap,
) -> None:
    rows = list(csv.reader(io.StringIO(formats.dump(map, "csv").data.decode(), newline="")))
    assert len(rows) == 1 + len(map.claims) + len(map.relations)
    for row in rows:
        assert len(row) == len(rows[0])
        assert not any(cell.lstrip(" \n")[:1] in tuple("=+-@\t\r＝＋－＠") for cell in row if cell)
    texts = [row[3].removeprefix("'") for row in rows[1 : 1 + len(map.claims)]]
    assert texts == [claim.text.removeprefix("'") for claim in map.claims]


MERMAID_LINE = re.compile(
    r"flowchart BT|  (n\d+[\[{/(]{1,2}\"[^\"\n`]*\"[\]}/)]{1,2}|r\d+\(\(\" \"\)\)"
    r"|[nr]\d+ (-->|--x|-\.->)\|\"[^\"\n`]*\"\| [nr]\d+|n\d+ --- r\d+"
    r"|classDef [a-z]+ [a-z0-9:, -]+|class [n\d,]+ [a-z]+)"
)


@given(maps())
@examples(20)
def test_a_flowchart_has_no_line_but_its_own_and_each_text_is_shown(map: ArgumentMap) -> None:
    lines = formats.dump(map, "mermaid").data.decode().split("\n")[:-1]
    for line in lines:
        assert MERMAID_LINE.fullmatch(line), line
    for number, claim in enumerate(map.claims):
        label = lines[1 + number]
        shown = re.sub(r"#(\d+);", lambda code: chr(int(code[1])), label.replace("<br/>", ""))
        assert "".join(claim.text.split()) in "".join(shown.split())


@given(maps())
@examples(20)
def test_linked_data_names_every_thing_once_and_refers_only_to_what_it_names(
    map: ArgumentMap,
) -> None:
    document = json.loads(formats.dump(map, "jsonld").data)
    names = [thing["@id"] for thing in document["@graph"]]
    assert len(names) == len(set(names))
    for thing in document["@graph"]:
        for key in (
            "aif:Premise",
            "aif:Conclusion",
            "aif:ConflictingElement",
            "aif:ConflictedElement",
        ):
            ends = thing.get(key, [])
            assert set([ends] if isinstance(ends, str) else ends) <= set(names)
        assert thing.get("oa:hasTarget", {}).get("oa:hasSource", "#map") in names
    claims = [thing for thing in document["@graph"] if "Claim" in thing["@type"]]
    assert [thing["text"] for thing in claims] == [claim.text for claim in map.claims]


@given(maps())
@examples(20)
def test_the_plain_outline_writes_out_each_claim_once(map: ArgumentMap) -> None:
    lines = formats.dump(map, "text").data.decode().split("\n")
    for claim in map.claims:
        text = " ".join(claim.text.split())
        assert sum(f"[{claim.id}] {text} (".strip() in line for line in lines) >= 1
        assert (
            sum(
                line.lstrip().startswith(f"[{claim.id}] ") or f": [{claim.id}] " in line
                for line in lines
            )
            >= 1
        )


@pytest.mark.parametrize(
    ("name", "fields", "kind", "words"),
    [
        ("csv", {"text": "=1+1"}, LossKind.TEXT, "apostrophe"),
        ("csv", {"quotes": [{"exact": "ab", "start": 0, "end": 2}]}, LossKind.QUOTE, "place of a quote"),
        ("markdown", {"text": "two\nlines"}, LossKind.TEXT, "single blanks"),
        ("text", {"text": "two\nlines"}, LossKind.TEXT, "single blanks"),
        ("jsonld", {"quotes": [{"exact": "a", "start": 0, "end": 1, "confidence": 0.8}]}, LossKind.QUOTE, "confidence"),
    ],
)  # fmt: skip
def test_what_changes_on_the_way_is_reported(
    name: str, fields: dict[str, Any], kind: LossKind, words: str
) -> None:
    map = parse_map({"claims": [{"id": "c1", "kind": "thesis", "text": "t", **fields}]})
    losses = formats.dump(map, name).report.losses
    assert [(loss.kind, loss.place) for loss in losses if words in loss.message] in (
        [(kind, "c1")], [(kind, "")]
    )  # fmt: skip
    plain = parse_map({"claims": [{"id": "c1", "kind": "thesis", "text": "t"}]})
    assert not formats.dump(plain, name).report


@pytest.mark.parametrize("title", [" ", "\u00a0", "  \t", "\u200b"])
@pytest.mark.parametrize("format", [name for name, each in formats.FORMATS.items() if each.dump])
def test_a_title_of_white_space_is_written_in_every_format(title: str, format: str) -> None:
    claim = Claim(id="c1", kind="thesis", text="A", quotes=(Quote(exact="A"),))
    formats.dump(ArgumentMap(title=title, claims=(claim,)), format)
    formats.dump(ArgumentMap(title=title, claims=(claim,), article=Article(title="A")), format)
