"""The model refuses what is inconsistent, with every fault at once, and writes itself down without loss."""

import json
from typing import Any

import pytest
from hypothesis import given
from pydantic import ValidationError

from argmap.errors import InvalidMap
from argmap.model import ArgumentMap, Article, Claim, Quote, Relation, Source, canonical, parse_map
from tests.support.strategies import maps


def claim(id: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "kind": "premise", "text": f"Text of {id}.", **more}


def relation(id: str, sources: list[str], target: str, kind: str = "supports") -> dict[str, Any]:
    return {"id": id, "kind": kind, "sources": sources, "target": target}


def faults(data: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(InvalidMap) as refused:
        parse_map(data)
    return {fault.place: fault.code for fault in refused.value.faults}


@given(maps())
def test_canonical_json_gives_back_the_same_map(map: ArgumentMap) -> None:
    assert ArgumentMap.model_validate_json(canonical(map)) == map


@given(maps())
def test_equal_maps_have_equal_canonical_bytes(map: ArgumentMap) -> None:
    again = ArgumentMap.model_validate(json.loads(canonical(map)))
    assert canonical(again) == canonical(map)


def test_faults_of_fields_and_of_references_are_listed_together() -> None:
    found = faults(
        {
            "claims": [
                claim("c1", kind="thesi"),
                claim("c2", text="x" * 2001),
                claim("c1", text="nul \x00 here"),
            ],
            "relations": [
                relation("r1", [], "r2"),
                relation("r2", ["c1", "c9"], "r1"),
                relation("r3", ["c2"], "c2"),
                relation("c2", ["c1"], "nothing"),
            ],
        }
    )
    assert found == {
        "claims/0/kind": "enum",
        "claims/1/text": "string_too_long",
        "claims/2/text": "control_character",
        "claims/2/id": "duplicate_id",
        "relations/0/sources": "too_short",
        "relations/0/target": "target_cycle",
        "relations/1/sources/1": "unknown_id",
        "relations/2/target": "self_reference",
        "relations/3/id": "duplicate_id",
        "relations/3/target": "unknown_id",
    }


def test_a_relation_may_target_a_relation_that_targets_a_relation() -> None:
    map = parse_map(
        {
            "claims": [claim("c1"), claim("c2"), claim("c3"), claim("c4")],
            "relations": [
                relation("r1", ["c2"], "c1"),
                relation("r2", ["c3"], "r1", "attacks"),
                relation("r3", ["c4"], "r2", "attacks"),
            ],
        }
    )
    assert map.relation("r3") is not None
    assert map.claim("r3") is None


def test_a_cycle_through_claims_is_accepted() -> None:
    parse_map(
        {
            "claims": [claim("c1"), claim("c2")],
            "relations": [relation("r1", ["c1"], "c2"), relation("r2", ["c2"], "c1")],
        }
    )


@pytest.mark.parametrize(
    ("broken", "place"),
    [
        (relation("r2", ["r1"], "c1"), "relations/1/sources/0"),
        (relation("r2", ["c2", "c2"], "c1"), "relations/1/sources"),
        (relation("r2", ["c2"], "r1", "restates"), "relations/1/target"),
    ],
    ids=["a relation as source", "a source twice", "a restated relation"],
)
def test_a_relation_that_makes_no_sense_is_refused(broken: dict[str, Any], place: str) -> None:
    data = {
        "claims": [claim("c1"), claim("c2")],
        "relations": [relation("r1", ["c2"], "c1"), broken],
    }
    assert list(faults(data)) == [place]


@pytest.mark.parametrize(
    "text",
    ["", "  \n ", "a\x00b", "a\x1bb", "a\x85b", "a\ufffeb", "a" * 2001, "\ud800"],
    ids=["empty", "blank", "NUL", "escape", "C1", "noncharacter", "overlong", "lone surrogate"],
)
def test_text_that_cannot_be_shown_or_stored_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Claim(id="c1", kind="thesis", text=text)


def test_line_breaks_of_other_systems_become_ours() -> None:
    assert Article(title="T", text="one\r\ntwo\rthree").text == "one\ntwo\nthree"


@pytest.mark.parametrize("id", ["", "7", "c 7", "c.7", "é", "c" * 65, "-c", "c\n"])
def test_an_id_that_cannot_stand_in_a_url_is_refused(id: str) -> None:
    with pytest.raises(ValidationError):
        Claim(id=id, kind="thesis", text="T")


@pytest.mark.parametrize("weight", [-0.1, 1.1, float("nan"), float("inf"), "0.5", True])
def test_a_weight_is_a_number_from_0_to_1(weight: Any) -> None:
    with pytest.raises(ValidationError):
        Claim(id="c1", kind="thesis", text="T", weight=weight)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://a.b/", "http://", "https://a b", "//a.b", "data:,x"]
)
def test_a_link_leads_to_the_web_or_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        Source(url=url)


def test_every_end_of_a_line_is_one_letter() -> None:
    text = Claim(id="c1", kind="premise", text="one\r\ntwo\rthree\n\r\nfour").text
    assert text == "one\ntwo\nthree\n\nfour"


def test_a_quote_has_both_ends_or_none() -> None:
    with pytest.raises(ValidationError):
        Quote(exact="word", start=3)
    with pytest.raises(ValidationError):
        Quote(exact="word", start=3, end=9)
    for state in ("orphan", "unanchored"):
        with pytest.raises(ValidationError, match="neither otherwise"):
            Quote(exact="word", start=3, end=7, state=state)
    assert Quote(exact="word", start=3, end=7).state == "anchored"


def test_leftovers_of_another_format_are_bounded() -> None:
    with pytest.raises(ValidationError, match="4096"):
        Claim(id="c1", kind="thesis", text="T", origin={"format": "x", "extra": {"a": "b" * 5000}})


@pytest.mark.parametrize(
    "extra",
    [{"a": "\u0000"}, {"a\u0001": 1}, {"a": [{"b": ["\u009f"]}]}],
    ids=["text", "key", "deep"],
)
def test_leftovers_hold_no_control_characters(extra: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="control character"):
        Claim(id="c1", kind="thesis", text="T", origin={"format": "x", "extra": extra})


def test_leftovers_may_have_line_breaks_and_tabs() -> None:
    Claim(id="c1", kind="thesis", text="T", origin={"format": "x", "extra": {"a": "b\r\n\tc"}})


def test_a_claim_may_attack_itself_but_not_support_or_restate_itself() -> None:
    def data(kind: str) -> dict[str, Any]:
        return {"claims": [claim("c1")], "relations": [relation("r1", ["c1"], "c1", kind)]}

    assert parse_map(data("attacks")).relations[0].target == "c1"
    for kind in ("supports", "restates"):
        assert faults(data(kind)) == {"relations/0/target": "self_reference"}


def test_counters_never_lag_behind_the_ids() -> None:
    map = ArgumentMap(claims=(Claim(id="c41", kind="thesis", text="T"),))
    assert (map.counters.claims, map.counters.relations) == (41, 0)


def test_values_cannot_be_changed_in_place() -> None:
    map = ArgumentMap(title="T")
    with pytest.raises(ValidationError):
        map.title = "U"  # type: ignore[misc]  # the point of the test


def test_a_replaced_value_is_checked_again() -> None:
    map = ArgumentMap(claims=(Claim(id="c1", kind="thesis", text="T"),))
    step = Relation(id="r1", kind="supports", sources=("c1",), target="gone")
    with pytest.raises(ValidationError):
        map.replace(relations=(step,))


def test_a_notebook_shows_a_map_as_its_picture() -> None:
    map = ArgumentMap(title="T", claims=(Claim(id="c1", kind="thesis", text="T"),))
    bundle = map._repr_mimebundle_()
    assert bundle["image/svg+xml"].lstrip().startswith("<svg")
    assert "1 claims" in bundle["text/plain"]
