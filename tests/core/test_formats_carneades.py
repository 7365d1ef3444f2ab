"""YAML maps, Carneades, LKIF and AML: what supports, attacks and undercuts what."""

import pytest

from argmap import formats
from argmap.errors import FormatError
from argmap.formats import LossKind
from argmap.model import ArgumentMap, QuoteState

DONKEY = """# a donkey
"Brunellus is irrational":
  r1:
    "Brunellus is a donkey.":
      note: A name in logic books.
    All donkeys are irrational.:
    label: ad asinum
    strength: 4
  o1:
    "Brunellus studied in Paris.":
      r1: {"He said so.": }
    "-Most who study in Paris are rational.":
"""
CARNEADES = """
meta:
  title: Tweety
statements:
  flies: Tweety flies.
  bird:
    text: Tweety is a bird.
    assumed: true
  penguin: Tweety is a penguin.
  not flies: Tweety does not fly.
arguments:
  a1:
    scheme: expert opinion
    conclusion: flies
    premises: [bird]
    undercutter: penguin
    weight: 0.5
  a2:
    conclusion: not flies
    premises: {minor: penguin}
issues:
  i1: {positions: [flies, not flies]}
tests:
  in: [bird]
  out: [flies]
"""
LKIF = """<?xml version="1.0"?><lkif version="2.0.4"><argument-graphs><argument-graph id="g" title="Tweety" main-issue="s1">
<statements><statement id="s1" value="unknown" assumption="false" standard="BA"><s>Tweety <i>flies</i>.</s></statement>
<statement id="s2" value="true" assumption="true"><s>Tweety is a bird.</s></statement>
<statement id="s3"><s>Tweety is a penguin.</s></statement></statements>
<arguments><argument id="a1" direction="pro" scheme="example" weight="0.5"><conclusion statement="s1"/><premises>
<premise polarity="positive" exception="false" statement="s2"/><premise exception="true" statement="s3"/></premises></argument>
<argument id="a2" direction="con"><conclusion statement="s1"/><premises><premise statement="s3" polarity="positive"/>
</premises></argument></arguments></argument-graph></argument-graphs></lkif>"""
AML = """<?xml version="1.0"?><!DOCTYPE ARG SYSTEM "argument.dtd"><ARG><SCHEMESET/><TEXT>We stay. It is late and dark.</TEXT>
<EDATA><AUTHOR>A. Analyst</AUTHOR><COMMENTS>none</COMMENTS></EDATA><AU><PROP identifier="A" missing="no">
<PROPTEXT offset="0">We stay.</PROPTEXT></PROP><REFUTATION><AU><PROP identifier="E" missing="yes"><PROPTEXT offset="-1">We could go.
</PROPTEXT><OWNER name="Bo"/></PROP></AU></REFUTATION><LA><AU><PROP identifier="B" missing="no"><PROPTEXT offset="9">It is late
</PROPTEXT><INSCHEME scheme="Argument from Consequences" schid="0"/></PROP></AU><AU><PROP identifier="C" missing="no">
<PROPTEXT offset="24">dark</PROPTEXT></PROP><CA><AU><PROP identifier="D" missing="yes"><PROPTEXT offset="-1">It is night</PROPTEXT>
</PROP></AU></CA></AU></LA></AU></ARG>"""


def steps(map: ArgumentMap) -> list[tuple[tuple[str, ...], str, str]]:
    text = {claim.id: claim.text for claim in map.claims}
    return [
        (tuple(text[source] for source in r.sources), r.kind.value, text.get(r.target, r.target))
        for r in map.relations
    ]


def test_a_yaml_map_has_reasons_and_objections_whose_claims_count_together() -> None:
    loaded = formats.load(DONKEY.encode())
    map = loaded.map
    assert loaded.format == "yaml"
    assert not loaded.report
    assert steps(map) == [
        (
            ("Brunellus is a donkey.", "All donkeys are irrational."),
            "supports",
            "Brunellus is irrational",
        ),
        (
            ("Brunellus studied in Paris.", "Most who study in Paris are rational."),
            "attacks",
            "Brunellus is irrational",
        ),
        (("He said so.",), "supports", "Brunellus studied in Paris."),
    ]
    assert (map.relations[0].label, map.relations[0].weight) == ("ad asinum", 0.8)
    assert map.claims[1].note == "A name in logic books."
    assert [claim.text for claim in map.claims if claim.implicit] == [
        "Most who study in Paris are rational."
    ]


def test_a_graph_of_carneades_is_read_with_issues_undercutters_and_tests() -> None:
    loaded = formats.load(CARNEADES.encode())
    map = loaded.map
    assert loaded.format == "yaml"
    assert map.title == "Tweety"
    assert steps(map) == [
        (("Tweety is a bird.",), "supports", "Tweety flies."),
        (("Tweety is a penguin.",), "attacks", "a1"),
        (("Tweety is a penguin.",), "supports", "Tweety does not fly."),
        (("Tweety flies.",), "attacks", "Tweety does not fly."),
        (("Tweety does not fly.",), "attacks", "Tweety flies."),
    ]
    scheme = map.relations[0].scheme
    assert scheme is not None
    assert scheme.key == "expert_opinion"
    bird = map.claim("bird")
    assert bird is not None
    assert bird.tags == ("assumed",)
    assert bird.origin is not None
    assert bird.origin.extra == {"test": "in"}


def test_lkif_has_arguments_for_and_against_and_exceptions_to_them() -> None:
    loaded = formats.load(LKIF.encode())
    assert loaded.format == "lkif"
    assert loaded.map.title == "Tweety"
    assert steps(loaded.map) == [
        (("Tweety is a bird.",), "supports", "Tweety flies ."),
        (("Tweety is a penguin.",), "attacks", "a1"),
        (("Tweety is a penguin.",), "attacks", "Tweety flies ."),
    ]


def test_aml_has_linked_and_convergent_premises_and_quotes() -> None:
    loaded = formats.load(AML.encode())
    map = loaded.map
    assert loaded.format == "aml"
    assert sorted(steps(map)) == [
        (("It is late", "dark"), "supports", "We stay."),
        (("It is night",), "supports", "dark"),
        (("We could go.",), "attacks", "We stay."),
    ]
    quoted = {claim.text: claim.quotes[0] for claim in map.claims if claim.quotes}
    assert {words: quote.start for words, quote in quoted.items()} == {
        "We stay.": 0,
        "It is late": 9,
        "dark": 24,
    }
    assert all(quote.state is QuoteState.ANCHORED for quote in quoted.values())
    assert {claim.text for claim in map.claims if claim.implicit} == {"We could go.", "It is night"}
    assert loaded.report.kinds() == {LossKind.METADATA}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("yaml", "a: &b\n  r1: *b\n"),
        ("yaml", "a: " + "[" * 100_000),
        ("yaml", "".join(" " * depth + "a:\n" for depth in range(90))),
        ("yaml", "? [a]\n: b\n"),
        ("yaml", "- a\n- b\n"),
        ("yaml", "a: b: c\n"),
        ("yaml", "a:\n  r1: [x]\n"),
        ("yaml", "statements: x\narguments: y\n"),
        ("lkif", "<lkif/>"),
        ("lkif", '<!DOCTYPE a [<!ENTITY b "b">]><lkif>&b;</lkif>'),
        ("aml", "<ARG>" + "<AU><CA>" * 40 + "</CA></AU>" * 40 + "</ARG>"),
    ],
)
def test_what_is_broken_or_hostile_is_refused_in_one_line(name: str, text: str) -> None:
    with pytest.raises(FormatError) as refused:
        formats.load(text.encode(), format=name)
    assert str(refused.value).isprintable()
