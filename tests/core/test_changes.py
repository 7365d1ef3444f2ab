"""Changes turn one version of a map into another and back, and notice what stands in their way."""

import pytest
from hypothesis import given

from argmap.errors import Conflict
from argmap.model import ArgumentMap, Claim, apply, difference, invert
from tests.support.strategies import maps


def content(map: ArgumentMap) -> ArgumentMap:
    """The map without its counters, which only grow."""
    return map.replace(counters={})


@given(maps(), maps())
def test_a_difference_leads_from_any_map_to_any_other_and_back(
    before: ArgumentMap, after: ArgumentMap
) -> None:
    changes = difference(before, after)
    assert content(apply(before, changes)) == content(after)
    assert content(apply(after, invert(changes))) == content(before)


@given(maps())
def test_a_map_does_not_differ_from_itself(map: ArgumentMap) -> None:
    assert difference(map, ArgumentMap.model_validate(map.model_dump())) == ()


def test_only_what_changed_is_listed() -> None:
    before = _map("a", "b", "c")
    after = before.replace(claims=(*before.claims[:1], _claim("b", "other"), before.claims[2]))
    (change,) = difference(before, after)
    assert (change.kind, change.id) == ("claim_changed", "b")


def test_a_new_order_is_a_change() -> None:
    before = _map("a", "b", "c")
    after = before.replace(claims=before.claims[::-1])
    assert [change.kind for change in difference(before, after)] == ["claims_reordered"]
    assert apply(before, difference(before, after)) == after


def test_a_change_of_something_changed_since_is_a_conflict() -> None:
    first = _map("a", "b")
    second = first.replace(claims=(first.claims[0], _claim("b", "mine")))
    third = second.replace(claims=(first.claims[0], _claim("b", "theirs")))
    with pytest.raises(Conflict, match="claim b has been changed since"):
        apply(third, invert(difference(first, second)))


def test_taking_back_an_edit_leaves_later_edits_elsewhere_alone() -> None:
    first = _map("a", "b")
    second = first.replace(claims=(first.claims[0], _claim("b", "mine")))
    third = second.replace(claims=(_claim("a", "theirs"), second.claims[1]))
    back = apply(third, invert(difference(first, second)))
    assert [claim.text for claim in back.claims] == ["theirs", "b"]


def _claim(id: str, text: str) -> Claim:
    return Claim(id=id, kind="premise", text=text)


def _map(*ids: str) -> ArgumentMap:
    return ArgumentMap(claims=tuple(_claim(id, id) for id in ids))
