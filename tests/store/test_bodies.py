"""Bodies put together from the parts of the version before are the canonical JSON all the same."""

import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st

from argmap.model import ArgumentMap, canonical
from argmap.store.maps import bodies
from tests.support.strategies import maps


@settings(max_examples=20)
@given(before=maps(), after=maps(), kept=st.booleans())
def test_a_body_is_the_canonical_json_whatever_was_there_before(
    before: ArgumentMap, after: ArgumentMap, kept: bool
) -> None:
    row = {"hash": b"none", "body": canonical(before)}
    if kept:
        row["hash"] = bodies.body_after(row, before)[1]
        after = after if after.claims else before.replace(title="Another", relations=())
    body, key = bodies.body_after(row, after)
    assert body == canonical(after)
    assert key == hashlib.sha256(body).digest()
    assert bodies.parsed({"hash": key, "body": body}) == after


def test_what_is_kept_is_bounded_and_what_is_long_is_not_kept() -> None:
    for number in range(bodies.KEPT_MAPS * 2):
        bodies.body_after({"hash": b"none"}, ArgumentMap(title=f"No. {number}"))
    assert len(bodies._KEPT) == bodies.KEPT_MAPS
    long = ArgumentMap.model_validate(
        {"claims": [{"id": f"c{n}", "kind": "premise", "text": "x" * 2_000} for n in range(1, 120)]}
    )
    _, key = bodies.body_after({"hash": b"none"}, long)
    assert key not in bodies._KEPT
