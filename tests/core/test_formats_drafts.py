"""What readers build without validation is what validation makes of the same fields."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argmap import formats, model
from argmap.errors import FormatError, InvalidMap
from argmap.formats.reading import build_values, fit_fields
from argmap.formats.reading.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.report import Losses
from argmap.model import (
    ArgumentMap,
    ClaimKind,
    RelationKind,
    canonical,
    limits,
    parse_map,
)
from argmap.model.base import Value

EXAMPLES = Path(__file__).parents[2] / "examples" / "formats"
CORPORA = os.environ.get("ARGMAP_CORPORA")

texts = st.text(max_size=12) | st.sampled_from(
    ["", " ", "a\nb", "a\r\nb", "\x07", "\ud800", "é" * 2_500, "c1", "r1"]
)
keys = st.sampled_from(["1", "2", "c1", "r1", "x y"])
extras = st.dictionaries(
    texts, texts | st.none() | st.integers() | st.lists(texts, max_size=2), max_size=2
)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Drafts as odd as a file may be: texts of any kind, ends that are not there, data of any size."""
    draft = Draft("aif", Losses())
    for key in draw(st.lists(keys, min_size=1, max_size=2, unique=True)):
        kind = draw(st.none() | st.sampled_from(list(ClaimKind)))
        claim = DraftClaim(draw(texts | st.just(key)), draw(texts), kind, {}, draw(extras))
        claim.fields["speaker"] = fit_fields.one_line(draw(texts), limits.NAME, draft.losses)
        said = [fit_fields.loose_quote(words, draft.losses) for words in draw(st.lists(texts))]
        claim.fields["quotes"] = fit_fields.quotes(said, draft.losses, key)
        draft.claims[key] = claim
    ends = st.sampled_from([*draft.claims] * 3 + ["step 0", "nowhere"])
    for number in range(draw(st.integers(0, 4))):
        sources, target = draw(st.lists(ends, min_size=1, max_size=3)), draw(ends)
        fields = draw(
            st.sampled_from([{}, {"scheme": {"key": "analogy"}}, {"weight": 0.5}, {"scheme": None}])
        )
        relation = DraftRelation(
            draw(st.none() | texts), draw(st.sampled_from(list(RelationKind))), sources, target
        )
        relation.fields, relation.extra = dict(fields), draw(extras)
        draft.relations[f"step {number}"] = relation
    return draft


@given(drafts())
def test_whatever_a_draft_has_in_it_makes_a_valid_map(draft: Draft) -> None:
    check(draft.build())


@pytest.mark.parametrize(
    "folder",
    [EXAMPLES, *([Path(CORPORA)] if CORPORA else [])],
    ids=["examples", "corpora"][: 1 + bool(CORPORA)],
)
def test_every_real_file_makes_a_map_that_validation_makes_again(folder: Path) -> None:
    built = 0
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            try:
                check(formats.load(path.read_bytes(), name=path.name).map)
            except (formats.UnknownFormat, FormatError, InvalidMap):
                continue
            built += 1
    assert built >= 15


def check(map: ArgumentMap) -> None:
    assert parse_map(json.loads(canonical(map))) == map
    for value in values(map):
        again = type(value).model_validate(vars_of(value))
        assert again == value
        assert list(vars_of(again)) == list(vars_of(value))
        assert [type(field) for field in vars_of(again).values()] == [
            type(field) for field in vars_of(value).values()
        ]


def values(map: ArgumentMap) -> list[Value]:
    quotes = [quote for claim in map.claims for quote in claim.quotes]
    origins = [item.origin for item in (map, *map.claims, *map.relations) if item.origin]
    return [map, *map.claims, *map.relations, *quotes, *origins]


def vars_of(value: Value) -> dict[str, Any]:
    return {name: getattr(value, name) for name in type(value).model_fields}


def test_a_field_is_added_in_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """What readers build without validation has every field of the model, one that was added to it too."""

    class Claim(model.Claim):
        mood: str = "calm"

    class Relation(model.Relation):
        mood: str = "calm"

    monkeypatch.setattr(build_values, "Claim", Claim)
    monkeypatch.setattr(build_values, "Relation", Relation)
    text = "[A]: First.\n  + <B>: Second. #tag\n"
    map = formats.load(text.encode(), format="argdown").map
    assert {type(item) for item in (*map.claims, *map.relations)} == {Claim, Relation}
    for item in (*map.claims, *map.relations):
        assert item.mood == "calm"
        assert set(vars(item)) == set(type(item).model_fields)
        assert item == type(item).model_validate(item.model_dump())
