"""Acceptability against Dung's definitions by brute force, published frameworks and its own postulates."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argmap.analysis import (
    Framework,
    Label,
    Semantics,
    Support,
    accept,
    acceptability,
    extensions,
    framework_of,
)
from argmap.analysis.grounded import grounded
from argmap.errors import AnalysisTimeout
from argmap.model import ArgumentMap, Claim, Relation

Attacks = frozenset[tuple[int, int]]


def framework(size: int, attacks: Attacks) -> Framework:
    names = [str(number) for number in range(size)]
    return Framework.of(names, [(str(one), str(other)) for one, other in attacks])


def by_definition(size: int, attacks: Attacks) -> dict[Semantics, set[frozenset[int]]]:
    """Every semantics straight from its definition over all subsets, without labellings."""
    attackers = {one: {other for other, target in attacks if target == one} for one in range(size)}
    attacked = {one: {target for other, target in attacks if other == one} for one in range(size)}
    subsets = [
        frozenset(members)
        for count in range(size + 1)
        for members in itertools.combinations(range(size), count)
    ]

    def reach(members: frozenset[int]) -> frozenset[int]:
        return frozenset().union(*(attacked[one] for one in members))

    admissible, complete = [], []
    for members in subsets:
        hit = reach(members)
        if members & hit:
            continue
        defended = frozenset(one for one in range(size) if attackers[one] <= hit)
        if members <= defended:
            admissible.append(members)
            if members == defended:
                complete.append(members)
    preferred = {one for one in complete if not any(one < other for other in complete)}
    ranges = {one: one | reach(one) for one in complete}
    ideal = [one for one in admissible if all(one <= other for other in preferred)]
    return {
        Semantics.GROUNDED: {min(complete, key=len)},
        Semantics.COMPLETE: set(complete),
        Semantics.PREFERRED: preferred,
        Semantics.STABLE: {one for one in complete if len(ranges[one]) == size},
        Semantics.SEMI_STABLE: {
            one for one in complete if not any(ranges[one] < ranges[other] for other in complete)
        },
        Semantics.IDEAL: {max(ideal, key=len)},
    }


def check_all_semantics(size: int, attacks: Attacks) -> None:
    subject = framework(size, attacks)
    for semantics, expected in by_definition(size, attacks).items():
        found = extensions(subject, semantics)
        assert found.exhaustive
        assert len(found.sets) == len(set(found.sets)), f"{semantics} lists one twice: {attacks}"
        assert set(found.sets) == expected, f"{semantics}: {sorted(attacks)}"


def one_of_each_shape(size: int) -> list[Attacks]:
    """All attack relations on `size` arguments, one of each class under renaming (2, 10, 104, 3044 of them)."""
    codes = np.arange(2 ** (size * size))
    smallest = codes
    for order in itertools.permutations(range(size)):
        renamed = np.zeros_like(codes)
        for one, other in itertools.product(range(size), repeat=2):
            renamed |= ((codes >> (one * size + other)) & 1) << (order[one] * size + order[other])
        smallest = np.minimum(smallest, renamed)
    pairs = list(itertools.product(range(size), repeat=2))
    return [
        frozenset(pair for bit, pair in enumerate(pairs) if code >> bit & 1)
        for code in codes[smallest == codes].tolist()
    ]


@pytest.mark.parametrize(("size", "shapes"), [(1, 2), (2, 10), (3, 104), (4, 3044)])
def test_all_semantics_follow_their_definitions_on_every_framework_of_up_to_four(
    size: int, shapes: int
) -> None:
    all_of_them = one_of_each_shape(size)
    assert len(all_of_them) == shapes
    for attacks in all_of_them:
        check_all_semantics(size, attacks)


@st.composite
def random_attacks(draw: st.DrawFn, largest: int = 10) -> tuple[int, Attacks]:
    size = draw(st.integers(1, largest))
    one = st.integers(0, size - 1)
    return size, frozenset(draw(st.lists(st.tuples(one, one), max_size=2 * size)))


@settings(max_examples=60, deadline=None)
@given(random_attacks())
def test_all_semantics_follow_their_definitions_on_random_frameworks_of_up_to_ten(
    sample: tuple[int, Attacks],
) -> None:
    check_all_semantics(*sample)


@settings(max_examples=60, deadline=None)
@given(random_attacks(largest=25))
def test_the_semantics_contain_each_other_as_dung_proved(sample: tuple[int, Attacks]) -> None:
    found = {
        semantics: extensions(framework(*sample), semantics, limit=10_000)
        for semantics in Semantics
    }
    assert all(result.exhaustive for result in found.values())
    sets = {semantics: set(result.sets) for semantics, result in found.items()}
    (base,), (ideal,) = sets[Semantics.GROUNDED], sets[Semantics.IDEAL]
    assert all(base <= one for one in sets[Semantics.COMPLETE])
    assert base <= ideal
    assert all(ideal <= one for one in sets[Semantics.PREFERRED])
    assert sets[Semantics.STABLE] <= sets[Semantics.SEMI_STABLE] <= sets[Semantics.PREFERRED]
    assert sets[Semantics.PREFERRED] <= sets[Semantics.COMPLETE]
    if sets[Semantics.STABLE]:
        assert sets[Semantics.STABLE] == sets[Semantics.SEMI_STABLE]


@pytest.mark.parametrize("length", [1, 2, 3, 130, 131, 1_000])
def test_the_grounded_extension_of_a_chain_alternates_however_deep_it_is(length: int) -> None:
    labels = grounded(framework(length, frozenset((one, one + 1) for one in range(length - 1))))
    assert labels.tolist() == [1 if number % 2 == 0 else -1 for number in range(length)]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(200, 600))
def test_wide_and_narrow_searches_find_the_same_grounded_extension(seed: int, size: int) -> None:
    """A long chain ahead of a random framework sends the same framework through both halves of the search."""
    random = np.random.default_rng(seed)
    pairs = random.integers(0, size, size=(size, 2)).tolist()
    attacks = frozenset((one, other) for one, other in pairs)
    alone = grounded(framework(size, attacks))
    chain = 200  # even: its last argument is out, so it leaves alone what it attacks
    ahead = frozenset((size + link, size + link + 1) for link in range(chain - 1))
    tied = frozenset((size + chain - 1, other) for other in range(size))
    assert (
        grounded(framework(size + chain, attacks | ahead | tied))[:size].tolist() == alone.tolist()
    )


TGF = {  # published with the Carneades files, recomputed by brute force
    "bas1": {"grounded": ["a"], "complete": ["a", "ac", "adg"], "preferred": ["ac", "adg"], "stable": ["adg"]},
    "even_cycle1": {"grounded": [""], "preferred": ["1", "2"]},
    "even_cycle2": {"grounded": [""], "preferred": ["13", "24"], "stable": ["13", "24"]},
    "irrelevant1": {"grounded": ["5"], "preferred": ["135", "245"]},
    "odd_cycle1": {
        "grounded": [""], "complete": [""], "preferred": [""], "stable": [], "semi-stable": [""], "ideal": [""],
    },
    "reinstatement1": {"grounded": ["13"]},
    "simple_attack1": {"grounded": ["2"]},
    "unattacked1": {"grounded": ["1"]},
}  # fmt: skip


@pytest.mark.parametrize("name", TGF)
def test_a_published_framework_has_its_published_extensions(name: str, corpora: Path) -> None:
    text = (corpora / "tgf" / f"{name}.tgf").read_text()
    above, below = text.split("#")
    attacks = [
        (one, other) for one, other in (line.split() for line in below.strip().splitlines() if line)
    ]
    subject = Framework.of(above.split(), attacks)
    for semantics, expected in TGF[name].items():
        found = extensions(subject, Semantics(semantics)).sets
        assert {"".join(sorted(subject.names[one] for one in members)) for members in found} == set(
            expected
        )


def claims(names: str) -> tuple[Claim, ...]:
    return tuple(Claim(id=name, kind="premise", text=f"Claim {name}.") for name in names)


def relations(lines: str) -> tuple[Relation, ...]:
    """Read "r1: a b > c" (a and b together support c), "r2: d x r1" (an attack), "r3: e = a" (a restatement)."""
    kinds = {">": "supports", "x": "attacks", "=": "restates"}
    read = []
    for line in lines.splitlines():
        if line.strip():
            name, *sources, kind, target = line.replace(":", " ").split()
            read.append(Relation(id=name, kind=kinds[kind], sources=sources, target=target))
    return tuple(read)


def a_map(names: str, lines: str) -> ArgumentMap:
    return ArgumentMap(claims=claims(names), relations=relations(lines))


@settings(max_examples=60, deadline=None)
@given(random_attacks(largest=8), st.sampled_from(Semantics))
def test_a_map_of_plain_attacks_has_the_extensions_of_dungs_framework_also_when_each_attack_is_an_argument(
    sample: tuple[int, Attacks], semantics: Semantics
) -> None:
    size, attacks = sample
    letters = "abcdefgh"[:size]
    drawn = sorted((one, other) for one, other in attacks if one != other)
    lines = "\n".join(
        f"r{n}: {letters[one]} x {letters[other]}" for n, (one, other) in enumerate(drawn)
    )
    plain = a_map(letters, lines)
    expected = {
        tuple(letters[one] for one in sorted(members))
        for members in extensions(framework(size, frozenset(drawn)), semantics).sets
    }
    assert set(accept(plain, semantics).extensions) == expected
    backed = "\n".join(
        f"b{n}: z > r{n}" for n in range(len(drawn))
    )  # a target is an argument of its own
    with_steps = a_map(letters + "z", lines + "\n" + backed)
    found = accept(with_steps, semantics).extensions
    assert {tuple(one for one in accepted if one != "z") for accepted in found} == expected


def test_an_undercut_spares_the_target_of_the_step() -> None:
    labels = accept(a_map("abc", "r1: a x b\nr2: c x r1")).labels
    assert labels == {
        "a": Label.IN, "b": Label.IN, "c": Label.IN, "r1": Label.OUT, "r2": Label.IN,
    }  # fmt: skip


def test_an_undercut_of_an_undercut_restores_the_step() -> None:
    labels = accept(a_map("abcd", "r1: a x b\nr2: c x r1\nr3: d x r2")).labels
    assert (labels["r2"], labels["r1"], labels["b"]) == (Label.OUT, Label.IN, Label.OUT)


def test_a_joint_attack_falls_with_any_of_its_premises() -> None:
    one_falls = accept(a_map("abcd", "r1: a b x c\nr2: d x b")).labels
    assert (one_falls["b"], one_falls["r1"], one_falls["c"]) == (Label.OUT, Label.OUT, Label.IN)
    assert accept(a_map("abc", "r1: a b x c")).labels["c"] is Label.OUT


def test_supports_decide_nothing_in_the_plain_reading_and_carry_in_the_structured_one() -> None:
    drawn = a_map("tpqa", "r1: p q > t\nr2: a x q")
    plain, structured = accept(drawn).labels, accept(drawn, support=Support.STRUCTURED).labels
    assert (plain["r1"], plain["t"]) == (Label.OUT, Label.IN)
    assert (structured["r1"], structured["t"]) == (Label.OUT, Label.OUT)


def test_one_reason_that_stands_is_enough_in_the_structured_reading() -> None:
    drawn = a_map("tpqa", "r1: p > t\nr2: q > t\nr3: a x q")
    labels = accept(drawn, support=Support.STRUCTURED).labels
    assert (labels["q"], labels["r2"], labels["t"]) == (Label.OUT, Label.OUT, Label.IN)


def test_circular_reasons_stay_undecided_when_grounded_and_are_never_accepted_by_everyone() -> None:
    drawn = a_map("abc", "r1: a > b\nr2: b > a\nr3: a > c")
    assert set(accept(drawn, support=Support.STRUCTURED).labels.values()) == {Label.UNDECIDED}
    preferred = accept(drawn, Semantics.PREFERRED, Support.STRUCTURED)
    assert set(preferred.extensions) == {("a", "b", "c"), ()}
    assert preferred.sceptical == ()


def test_claims_that_restate_each_other_share_attacks_and_supports() -> None:
    labels = accept(a_map("tua", "r1: u = t\nr2: a x u")).labels
    assert labels["t"] is labels["u"] is labels["r1"] is Label.OUT
    assert framework_of(a_map("tua", "r1: u = t\nr2: a x u")).framework.names == ("t", "a")


def test_a_disputed_restatement_is_read_as_a_support() -> None:
    labels = accept(
        a_map("tuab", "r1: u = t\nr2: a x u\nr3: b x r1"), support=Support.STRUCTURED
    ).labels
    assert (labels["u"], labels["r1"], labels["t"]) == (Label.OUT, Label.OUT, Label.OUT)
    assert accept(a_map("tuab", "r1: u = t\nr2: a x u\nr3: b x r1")).labels["t"] is Label.IN


def test_credulous_and_sceptical_acceptance_and_labels_speak_of_all_extensions() -> None:
    drawn = a_map("abcd", "r1: a x b\nr2: b x a\nr3: a x c\nr4: b x c\nr5: c x d")
    found = accept(drawn, Semantics.PREFERRED)
    assert found.extensions == (("a", "d"), ("b", "d"))
    assert found.credulous == ("a", "b", "d")
    assert found.sceptical == ("d",)
    assert [found.labels[name] for name in "abcd"] == [
        Label.UNDECIDED,
        Label.UNDECIDED,
        Label.OUT,
        Label.IN,
    ]


def test_a_map_without_a_stable_extension_has_none_and_accepts_nothing() -> None:
    found = accept(a_map("abc", "r1: a x b\nr2: b x c\nr3: c x a"), Semantics.STABLE)
    assert (found.extensions, found.sceptical, found.exhaustive) == ((), (), True)
    assert set(found.labels.values()) == {Label.UNDECIDED}


def test_an_empty_map_has_one_empty_extension() -> None:
    for semantics in Semantics:
        assert accept(ArgumentMap(), semantics).extensions == ((),)


def many_choices(pairs: int) -> Framework:
    names = [f"{side}{number}" for number in range(pairs) for side in "ab"]
    both = [(f"a{n}", f"b{n}") for n in range(pairs)]
    return Framework.of(names, both + [(other, one) for one, other in both])


def test_a_search_that_reaches_its_limit_says_that_there_may_be_more() -> None:
    found = extensions(many_choices(12), Semantics.PREFERRED, limit=10)
    assert len(set(found.sets)) == 10
    assert not found.exhaustive
    assert extensions(many_choices(3), Semantics.PREFERRED, limit=8).exhaustive


def test_a_large_map_with_very_many_extensions_lists_as_many_as_fit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(acceptability, "MOST_LABELS", 100)
    drawn = a_map("abcdefgh", "\n".join(f"r{n}: {one} x {other}" for n, (one, other) in enumerate(
        [pair for both in ("ab", "cd", "ef", "gh") for pair in (both, both[::-1])]
    )))  # fmt: skip
    found = accept(drawn, Semantics.PREFERRED)
    assert len(found.extensions) == 100 // 16
    assert not found.exhaustive


@pytest.mark.parametrize("semantics", Semantics)
def test_independent_choices_by_the_thousand_do_not_exhaust_the_search(
    semantics: Semantics,
) -> None:
    assert extensions(many_choices(2_000), semantics, limit=3, seconds=30).sets


def test_a_search_without_time_is_refused_when_it_found_nothing() -> None:
    for semantics in set(Semantics) - {Semantics.GROUNDED}:
        with pytest.raises(AnalysisTimeout):
            extensions(many_choices(3), semantics, seconds=-1)


def test_a_search_that_runs_out_of_time_keeps_what_it_found() -> None:
    found = extensions(many_choices(40), Semantics.COMPLETE, limit=10**9, seconds=0.2)
    assert found.sets
    assert not found.exhaustive


def test_an_acceptance_survives_json() -> None:
    found = accept(a_map("abc", "r1: a x b\nr2: b x c"), Semantics.COMPLETE)
    assert type(found).model_validate_json(found.model_dump_json()) == found
