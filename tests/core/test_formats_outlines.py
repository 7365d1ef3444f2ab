"""Lists as people write them in Markdown and plain text: what stands below what, and with which words it says so."""

from pathlib import Path

import pytest
from hypothesis import given

from argmap import formats
from argmap.errors import FormatError, UnknownFormat
from argmap.formats import LossKind
from argmap.formats.outlines import own_lines
from argmap.formats.outlines.sides import group_of, side_of
from argmap.model import ArgumentMap, ClaimKind, RelationKind
from tests.support.strategies import examples, maps

ROOT = Path(__file__).parents[2]
POOL = {
    ("Swimming is healthy", "supports", "The pool should stay"),
    ("Few people swim", "attacks", "Swimming is healthy"),
    ("It costs too much", "attacks", "The pool should stay"),
    ("The grant pays half", "supports", "It costs too much"),
}
LISTS = {
    "sides as words": """# Should the pool stay?

- The pool should stay
  - Pro: Swimming is healthy
    - Con: Few people swim
  - Con: It costs too much
    - The grant pays half
""",
    "groups": """- The pool should stay
  - Pros
    - Swimming is healthy
      - Cons:
        - Few people swim
  - Arguments against
    - It costs too much
      - The grant pays half
""",
    "headings as groups": """# The pool should stay

## Pro

1. Swimming is healthy
   - but few people swim

## Con

1. It costs too much
   - because the grant pays half
""".replace("but few", "But Few").replace("because the", "because The"),
    "marks of items": """* The pool should stay
  + Swimming is healthy
    - Few people swim
  - It costs too much
    + The grant pays half
""",
    "signs": """- The pool should stay
  - (+) Swimming is healthy
    - (-) Few people swim
  - \N{THUMBS DOWN SIGN} It costs too much
    - [+] The grant pays half
""",
    "tabs and properties": """- The pool should stay #thesis
\t- supports:: Swimming is healthy
\t\t- attacks:: Few people swim
\t\t- id:: 64f0c1b2
\t- attacks:: It costs too much
\t  collapsed:: true
\t\t- The grant pays half
""",
    "at the margin": """The pool should stay

- Pro: Swimming is healthy
  - Con: Few people swim
- Con: It costs too much
  - The grant pays half
""",
    "numbers with little indentation": """1. The pool should stay
  - Pro: Swimming is healthy
    1. **Con:** Few people swim
  - Con: It costs too much
    - The grant pays half
""",
    "indented lines": """The pool should stay
  because Swimming is healthy
    but Few people swim
  but It costs too much
    Reason: The grant pays half
""",
}


def joined(map: ArgumentMap) -> set[tuple[str, str, str]]:
    text = {claim.id: claim.text for claim in map.claims}
    return {
        (text[source], relation.kind.value, text[relation.target])
        for relation in map.relations
        for source in relation.sources
    }


@pytest.mark.parametrize("text", LISTS.values(), ids=LISTS.keys())
def test_every_way_to_write_a_list_says_the_same(text: str) -> None:
    loaded = formats.load(text.encode())
    assert loaded.format in ("markdown", "text")
    assert joined(loaded.map) == POOL
    assert [c.text for c in loaded.map.claims if c.kind is ClaimKind.THESIS] == [
        "The pool should stay"
    ]
    assert not loaded.report


def test_what_stands_below_a_claim_may_tell_its_fields() -> None:
    text = """- The [pool](https://example.org/pool) should stay
  - Swimming is healthy #health #evidence
    - source:: The Lancet, https://example.org/lancet
    - Speaker: Dr Lane
    - quote:: It is good for the heart.
    - mood:: sunny
    - [ ] Few people drown
      - Source: https://example.org/drowning
"""
    map = formats.load(text.encode()).map
    pool, health, drowning = map.claims
    assert pool.source is not None
    assert (pool.source.title, pool.source.url) == ("pool", "https://example.org/pool")
    assert health.text == "Swimming is healthy"
    assert health.kind is ClaimKind.EVIDENCE
    assert health.tags == ("health",)
    assert health.speaker == "Dr Lane"
    assert health.source is not None
    assert (health.source.title, health.source.url) == ("The Lancet", "https://example.org/lancet")
    assert [quote.exact for quote in health.quotes] == ["It is good for the heart."]
    assert health.origin is not None
    assert health.origin.extra == {"data": {"mood": "sunny"}}
    assert drowning.text == "Few people drown"
    assert drowning.source is not None


def test_numbers_in_brackets_are_premises_that_count_together() -> None:
    text = b"1. I exist\n2. All has a cause\n3. So I have one (1, 2)\n4. So there (from 3).\n"
    map = formats.load(text).map
    assert [claim.text for claim in map.claims] == [
        "I exist",
        "All has a cause",
        "So I have one",
        "So there",
    ]
    assert [(r.sources, r.target) for r in map.relations] == [(("c1", "c2"), "c3"), (("c3",), "c4")]


def test_sections_and_left_out_words_are_told() -> None:
    text = """# Town

## Pool

Some words.

- It stays
  - It is old

## Bus

- It goes
  - Con: no

```
code
```
"""
    loaded = formats.load(text.encode())
    assert loaded.map.title == "Town"
    sections = [c.origin.extra["section"] for c in loaded.map.claims if c.origin]
    assert sections == [[2, "Pool"], [2, "Bus"]]
    assert [loss.kind for loss in loaded.report.losses] == [LossKind.TEXT, LossKind.TEXT]


@pytest.mark.parametrize(
    "text",
    [
        "Milk\nBread\n",
        "- milk\n- bread\n- eggs\n",
        "Some words first, as in any letter.\n\nThen more.\n\n- a\n- b\n\nAnd more words after it.\n",
    ],
)
def test_a_list_that_says_no_more_than_its_items_is_no_outline(text: str) -> None:
    names = [format.name for format in formats.FORMATS.values() if format.sniff]
    content = formats.Content(text.encode())
    fits = [name for name in names if formats.FORMATS[name].sniff(content)]  # type: ignore[misc]
    assert not {"markdown", "text"} & set(fits)


@pytest.mark.parametrize("text", ["[Stay]: The pool.\n  - <Costs>\n", "# T\n\n- a\n  - [b]\n"])
def test_argdown_is_no_outline(text: str) -> None:
    assert formats.sniff(formats.Content(text.encode())).name == "argdown"


def test_a_markdown_text_without_a_list_is_refused_where_one_asks_for_it() -> None:
    with pytest.raises(FormatError, match="neither a list nor a heading"):
        formats.load(b"Only words.\n", format="markdown")
    with pytest.raises((FormatError, UnknownFormat)):
        formats.load(b"Only words.\n\nOnly words.\n", format="text")


@pytest.mark.parametrize(
    "text",
    [
        "- " * 100 + "a",
        "".join("  " * depth + "- a\n" for depth in range(90)),
        "- a\n" * 200_001,
        "- a\n  - " + "[" * 200_001,
    ],
)
def test_what_no_one_writes_is_refused_before_it_takes_long(text: str) -> None:
    with pytest.raises(FormatError, match=r"nested|more than|more marks"):
        formats.load(text.encode(), format="markdown")


@given(maps())
@examples(40)
def test_our_own_outlines_are_read_back_as_they_were(map: ArgumentMap) -> None:
    """Claims, their kinds and how they hang together; test_formats_all looks at every field."""
    for name in ("markdown", "text"):
        again = formats.load(formats.dump(map, name).data, format=name).map
        texts = {claim.id: own_lines.flat(claim.text) for claim in map.claims}
        assert {claim.id: claim.text for claim in again.claims} == texts
        assert {c.id: c.kind for c in again.claims} == {c.id: c.kind for c in map.claims}
        assert steps(again) == steps(map)


def steps(map: ArgumentMap) -> list[tuple[str, ...]]:
    """What each relation joins, a relation told by what it joins itself."""

    def said(id: str) -> str:
        relation = map.relation(id)
        if relation is None:
            return id
        return f"({relation.kind} {','.join(relation.sources)} {said(relation.target)})"

    return sorted((said(relation.id),) for relation in map.relations)


@pytest.mark.parametrize("name", ["old-enough-at-sixteen", "military-to-mexico"])
@pytest.mark.parametrize("format", ["markdown", "text"])
def test_the_example_maps_come_back_from_their_outlines(name: str, format: str) -> None:
    map = formats.load((ROOT / "examples" / f"{name}.json").read_bytes()).map
    again = formats.load(formats.dump(map, format).data)
    assert again.format == format
    for claim in map.claims:
        same = again.map.claim(claim.id)
        assert same is not None
        for field in ("kind", "text", "label", "implicit", "speaker"):
            assert getattr(same, field) == getattr(claim, field)
    assert steps(again.map) == steps(map)


@pytest.mark.parametrize(
    ("line", "does", "words"),
    [
        ("Pro: a", RelationKind.SUPPORTS, "a"),
        ("PRO - a", None, "PRO - a"),
        ("(Con) a", RelationKind.ATTACKS, "a"),
        ("Because of the rain", RelationKind.SUPPORTS, "Because of the rain"),
        ("But it rains", RelationKind.ATTACKS, "It rains"),
        ("Button it up", None, "Button it up"),
        ("Einwand: a", RelationKind.ATTACKS, "a"),
        ("In other words: a", RelationKind.RESTATES, "a"),
        ("Thesis: a", None, "a"),
        ("Note well: a", None, "Note well: a"),
        ("10:30 is late", None, "10:30 is late"),
        ("- a", RelationKind.ATTACKS, "a"),
        ("-5 degrees", None, "-5 degrees"),
    ],
)
def test_words_at_the_beginning_of_a_line_say_its_side(
    line: str, does: RelationKind | None, words: str
) -> None:
    side = side_of(line)
    assert (side.does, side.words) == (does, words)


def test_a_line_that_says_more_than_its_side_is_no_group() -> None:
    assert group_of("**Pros:**") is RelationKind.SUPPORTS
    assert group_of("Pros of the pool") is None
