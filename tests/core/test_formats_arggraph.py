"""arggraph XML: all spans become quotes, undercuts stay undercuts, added premises stay linked."""

from pathlib import Path

import pytest

from argmap import formats
from argmap.errors import FormatError
from argmap.formats import LossKind
from argmap.model import ArgumentMap, Claim, ClaimKind, RelationKind

TEXT = "Trams are slow. But they are quiet, and they never queue. Not that quiet! Well, so it is."
SAMPLE = b"""<?xml version='1.0' encoding='UTF-8'?>
<arggraph id="trams" topic_id="trams_or_buses" stance="pro">
  <edu id="e1"><![CDATA[Trams are slow.]]></edu>
  <edu id="e2"><![CDATA[But they are quiet,]]></edu>
  <edu id="e3"><![CDATA[and they never queue.]]></edu>
  <edu id="e4"><![CDATA[Not that quiet!]]></edu>
  <edu id="e5" implicit="true"><![CDATA[The town should build trams.]]></edu>
  <edu id="e6"><![CDATA[Well, so it is.]]></edu>
  <joint id="j1"/>
  <adu id="a1" type="opp"/>
  <adu id="a2" type="pro"/>
  <adu id="a4" type="opp"/>
  <adu id="a5" type="pro"/>
  <edge id="s1" src="e1" trg="a1" type="seg"/>
  <edge id="s2" src="e2" trg="j1" type="seg"/>
  <edge id="s3" src="e3" trg="j1" type="seg"/>
  <edge id="s4" src="j1" trg="a2" type="seg"/>
  <edge id="s5" src="e4" trg="a4" type="seg"/>
  <edge id="s6" src="e5" trg="a5" type="seg"/>
  <edge id="c1" src="a1" trg="a5" type="reb"/>
  <edge id="c2" src="a2" trg="c1" type="und"/>
  <edge id="c3" src="a4" trg="c2" type="und"/>
  <edge id="c4" src="a1" trg="c3" type="add"/>
</arggraph>"""


def test_spans_become_quotes_and_steps_keep_their_shape() -> None:
    loaded = formats.load(SAMPLE, beside=TEXT.encode())
    map = loaded.map
    assert map.title == "trams_or_buses"
    assert map.article is not None
    assert map.article.text == TEXT
    assert [(c.id, c.text, c.implicit) for c in map.claims] == [
        ("a1", "Trams are slow.", False),
        ("a2", "But they are quiet, and they never queue.", False),
        ("a4", "Not that quiet!", False),
        ("a5", "The town should build trams.", True),
    ]
    assert [[q.start for q in c.quotes] for c in map.claims] == [[0], [16, 36], [58], []]
    attacks = RelationKind.ATTACKS
    assert [(r.id, r.kind, r.sources, r.target) for r in map.relations] == [
        ("c1", attacks, ("a1",), "a5"), ("c2", attacks, ("a2",), "c1"), ("c3", attacks, ("a4", "a1"), "c2")
    ]  # fmt: skip
    assert map.claims[3].kind is ClaimKind.THESIS
    assert [(loss.kind, loss.place) for loss in loaded.report.losses] == [
        (LossKind.STRUCTURE, "e6")
    ]


def test_what_is_written_gives_back_id_stance_sides_and_all_steps() -> None:
    map = formats.load(SAMPLE).map
    written = formats.dump(map, "arggraph")
    text = written.data.decode()
    assert 'id="trams"' in text
    assert 'stance="pro"' in text
    assert text.count('type="opp"') == 2
    again = formats.load(written.data)
    assert again.map.relations == map.relations
    assert [c.quotes[0].exact for c in again.map.claims if c.quotes] == [
        c.quotes[0].exact for c in map.claims if c.quotes
    ]
    assert LossKind.ARTICLE in written.report.kinds()  # the words that belong to no claim are gone


def test_an_example_is_a_scheme_and_other_schemes_and_restatements_are_reported() -> None:
    data = SAMPLE.replace(b'trg="a5" type="reb"', b'trg="a5" type="exa"')
    step = formats.load(data).map.relations[0]
    assert step.scheme is not None
    assert step.scheme.key == "example"
    assert step.kind is RelationKind.SUPPORTS
    map = formats.load(SAMPLE).map
    odd = map.replace(
        relations=(
            map.relations[0].replace(scheme={"name": "Sign"}),
            map.relations[1].replace(kind="restates", target="a5"),
        )
    )
    report = formats.dump(odd, "arggraph").report
    assert {LossKind.SCHEME, LossKind.RELATION} <= report.kinds()


ODD = {
    "an edge of another type": (b'type="reb"', b'type="xyz"', LossKind.RELATION, "unknown type"),
    "a premise added to nothing": (b'trg="c3" type="add"', b'trg="zz" type="add"', LossKind.DANGLING, "linked"),
    "an edge from nowhere": (b'src="a1" trg="a5"', b'src="a9" trg="a5"', LossKind.DANGLING, "a source"),
    "an unknown element": (b'<joint id="j1"/>', b'<joint id="j1"/><note id="n"/>', LossKind.STRUCTURE, "element"),
    "an adu without words": (b'src="e1"', b'src="e9"', LossKind.TEXT, "no text"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "kind", "words"), ODD.values(), ids=ODD.keys())
def test_what_is_odd_is_survived_and_reported(
    old: bytes, new: bytes, kind: LossKind, words: str
) -> None:
    assert SAMPLE.count(old) >= 1
    losses = formats.load(SAMPLE.replace(old, new, 1)).report.losses
    assert any(loss.kind is kind and words in loss.message for loss in losses)


HOSTILE = {
    "an entity bomb": b'<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;">]><arggraph id="1">&y;</arggraph>',
    "an external entity": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><arggraph id="a">&x;</arggraph>',
    "deep nesting": b'<arggraph id="a">' + b"<x>" * 100_000,
    "a truncated file": SAMPLE[:400],
    "an element without id": b"<arggraph id='x'><adu/></arggraph>",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_or_broken_xml_is_one_clear_error(data: bytes) -> None:
    with pytest.raises(FormatError) as caught:
        formats.load(data, format="arggraph")
    assert len(str(caught.value)) < 200


def test_every_span_of_the_microtexts_becomes_a_quote(corpora: Path) -> None:
    files = sorted((corpora / "microtexts").rglob("*.xml"))
    assert len(files) >= 30
    for path in files:
        text = path.with_suffix(".txt")
        map = formats.load(
            path.read_bytes(), beside=text.read_bytes() if text.exists() else None
        ).map
        said = path.read_text().count("<edu") - path.read_text().count('implicit="true"')
        assert sum(len(claim.quotes) for claim in map.claims) == said, path


def test_a_text_beside_in_windows_1252_and_words_that_it_lacks_are_reported() -> None:
    text = TEXT.replace("never", "n\xe9ver").encode("cp1252")
    kinds = formats.load(SAMPLE, beside=text).report.kinds()
    assert {LossKind.ENCODING, LossKind.QUOTE} <= kinds


def test_claims_of_more_words_than_an_article_holds_are_written_and_reported() -> None:
    claims = [Claim(id=f"c{n}", kind="thesis", text=f"{n}" + "a" * 1_990) for n in range(260)]
    map = ArgumentMap(claims=claims)
    written = formats.dump(map, "arggraph")
    assert LossKind.ARTICLE in written.report.kinds()
    read = formats.load(written.data)
    assert [claim.text for claim in read.map.claims] == [claim.text for claim in claims]
    assert LossKind.ARTICLE in read.report.kinds()


def test_comments_are_reported_with_the_line_that_each_begins_on() -> None:
    head, rest = SAMPLE.split(b"\n", 1)
    commented = head + b"\n<!-- one -->\n" + rest.replace(b"<joint", b"<!-- two\nlines --><joint")
    loaded = formats.load(commented)
    assert loaded.map == formats.load(SAMPLE).map
    (loss,) = [loss for loss in loaded.report.losses if "comment" in loss.message]
    assert (loss.kind, loss.count, loss.place) == (LossKind.NOTE, 2, "line 2, line 10")


def test_what_looks_like_a_comment_in_the_words_of_an_edu_stays() -> None:
    words = SAMPLE.replace(b"Trams are slow.", b"Trams <!-- are --> slow.")
    loaded = formats.load(words)
    assert any("<!-- are -->" in claim.text for claim in loaded.map.claims)
    assert not any("comment" in loss.message for loss in loaded.report.losses)
