"""Contributions against published numbers and brute force; flips and suppositions against what they claim."""

import dataclasses
import itertools
import math
import time
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argmap.analysis import Gradual, Linked, WeightedGraph, gradual, strength, strengths
from argmap.analysis.contributions import Lens, _sampled, gradients, lens, removals, shapley
from argmap.analysis.explanation import Verdict, explain, verdict_of
from argmap.analysis.what_if import Supposition, suppose, supposed
from argmap.errors import AnalysisTimeout, InvalidMap, NotFound
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind


def pairs(text: str) -> list[tuple[str, str]]:
    return [(one, part[-1]) for part in text.split() for one in part.split(">")[0]]


def view_of(graph: WeightedGraph, target: str, semantics: Gradual) -> tuple[Lens, list[str]]:
    view, players = lens(
        graph, graph.names.index(target), np.arange(len(graph)), semantics, Linked.MINIMUM
    )
    return view, [graph.names[player] for player in players]


def rounded(names: list[str], values: np.ndarray) -> dict[str, float]:
    return {name: round(value, 6) for name, value in zip(names, values.tolist(), strict=True)}


def test_the_chain_of_the_contribution_paper_has_its_published_values() -> None:
    chain = WeightedGraph.of(dict.fromkeys("abc", 0.5), pairs("b>a"), pairs("c>b"))
    view, names = view_of(chain, "a", Gradual.DF_QUAD)
    assert rounded(names, removals(view))["b"] == -0.375
    assert rounded(names, shapley(view).values) == {"b": -0.3125, "c": -0.0625}


def test_the_fork_of_the_contribution_paper_has_its_published_shapley_value() -> None:
    base = {"a": 0.5, "b": 0.0, "c": 0.0, "d": 0.0, "e": 0.5}
    fork = WeightedGraph.of(base, pairs("cd>a"), pairs("e>b e>c e>d b>a"))
    view, names = view_of(fork, "a", Gradual.DF_QUAD)
    assert rounded(names, shapley(view).values)["e"] == -0.083333


def movie() -> tuple[Lens, list[str]]:
    graph = WeightedGraph.of(
        {"m": 0.79, "fW": 0.02, "fD": 0.05, "fA": 0.16, "a1": 0.05, "a2": 0.07},
        [("fW", "m")],
        [("fD", "m"), ("fA", "m"), ("a1", "fA"), ("a2", "fA")],
    )
    return view_of(graph, "m", Gradual.DF_QUAD)


def test_the_movie_review_has_its_published_contributions() -> None:
    view, names = movie()
    assert rounded(names, shapley(view).values) == {
        "fA": 0.044726, "fD": 0.011248, "a1": 0.004065, "a2": 0.00577, "fW": -0.008067,
    }  # fmt: skip
    assert rounded(names, removals(view)) == {
        "fA": 0.051443, "fD": 0.007792, "a1": 0.007792, "a2": 0.011144, "fW": -0.0042,
    }  # fmt: skip


def test_the_decision_example_has_its_published_gradients() -> None:
    base = {"a": 0.5, "b": 0.2, "c": 0.85, "d": 0.65, "e": 0.4, "f": 1.0}
    graph = WeightedGraph.of(base, pairs("c>a e>b f>c"), pairs("bd>a e>c"))
    view, names = view_of(graph, "a", Gradual.QUADRATIC_ENERGY)
    slopes, own = gradients(view)
    assert own == pytest.approx(
        0.962489, abs=1e-6
    )  # .96248966, which the source cuts off instead of rounding
    assert rounded(names, slopes) == {
        "b": 0.157656, "c": -0.134472, "d": 0.182881, "e": -0.122599, "f": 0.100854,
    }  # fmt: skip


scores = st.floats(0, 1)


@st.composite
def graphs(draw: st.DrawFn, largest: int = 6) -> WeightedGraph:
    size = draw(st.integers(1, largest))
    names = [str(number) for number in range(size)]
    edges: dict[str, list[tuple[str, str]]] = {"attacks": [], "supports": [], "premises": []}
    for target in range(1, size):
        for source in draw(st.sets(st.integers(0, target - 1), max_size=3)):
            edges[draw(st.sampled_from(sorted(edges)))].append((names[source], names[target]))
    return WeightedGraph.of({name: draw(scores) for name in names}, **edges)


def last(graph: WeightedGraph, semantics: Gradual) -> Lens:
    return lens(graph, len(graph) - 1, np.arange(len(graph)), semantics, Linked.PRODUCT)[0]


@settings(max_examples=50, deadline=None)
@given(graphs(), st.sampled_from(Gradual))
def test_shapley_values_are_means_over_all_orders_of_arrival(
    graph: WeightedGraph, semantics: Gradual
) -> None:
    view = last(graph, semantics)
    count = view.players.size
    expected = np.zeros(count)
    for order in itertools.permutations(range(count)):
        absent = np.ones((count, 1))
        before = float(view.strength(without=absent)[0])
        for player in order:
            absent[player] = 0
            after = float(view.strength(without=absent)[0])
            expected[player] += after - before
            before = after
    assert shapley(view).values == pytest.approx(expected / math.factorial(count), abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(graphs(largest=9), st.sampled_from(Gradual))
def test_shapley_values_sum_to_the_change_that_all_make_together(
    graph: WeightedGraph, semantics: Gradual
) -> None:
    view = last(graph, semantics)
    change = float(view.strength()[0]) - float(
        view.strength(without=np.ones((view.players.size, 1)))[0]
    )
    assert shapley(view).values.sum() == pytest.approx(change, abs=1e-9)
    if view.players.size:
        assert _sampled(view, 40, 0.0, seed=1).values.sum() == pytest.approx(change, abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(graphs(), st.sampled_from([Gradual.QUADRATIC_ENERGY, Gradual.EULER]), st.data())
def test_gradients_foretell_small_changes(
    graph: WeightedGraph, semantics: Gradual, data: st.DataObject
) -> None:
    """DF-QuAD, and steps under the Euler-based semantics, have kinks where supports and attacks balance."""
    if semantics is Gradual.EULER:
        graph = dataclasses.replace(graph, premises=graph.premises[:0])
    view = last(graph, semantics)
    slopes, own = gradients(view)
    step = 1e-4
    nodes = [*view.players.tolist(), view.target]
    at = data.draw(st.integers(0, len(nodes) - 1))
    base = view.graph.base.copy()
    base[nodes[at]] += step
    moved = float(view.strength(base=base[:, None])[0] - view.strength()[0])
    assert moved == pytest.approx([*slopes, own][at] * step, abs=1e-6)


def test_sampled_shapley_values_lie_within_a_few_of_their_errors_and_repeat() -> None:
    view, _ = movie()
    exact = shapley(view).values
    drawn = _sampled(view, 4_000, 1e-4, seed=7)
    again = _sampled(view, 4_000, 1e-4, seed=7)
    assert drawn.values.tolist() == again.values.tolist()
    assert drawn.errors.max() <= 1e-4
    assert (np.abs(drawn.values - exact) <= 5 * drawn.errors + 1e-12).all()


def test_sampling_stops_when_its_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    view, _ = movie()
    with pytest.raises(AnalysisTimeout):
        _sampled(view._replace(until=-math.inf), 10**9, 0.0, seed=0)
    clock = iter(range(10_000))
    monkeypatch.setattr(gradual, "monotonic", lambda: next(clock))
    found = _sampled(view._replace(until=100), 10**9, 0.0, seed=0)
    assert 2 < found.samples < 200 * 64
    assert np.isfinite(found.values).all()


def knot(claims: int, each: int) -> ArgumentMap:
    """A map in which every claim attacks or supports others, so that nothing about it is quickly found."""
    random = Random(1)
    ids = [f"c{number}" for number in range(claims)]
    return ArgumentMap(
        claims=tuple(Claim(id=id, kind=ClaimKind.THESIS, text=f"Claim {id}.") for id in ids),
        relations=tuple(
            Relation(
                id=f"r{number}",
                kind=random.choice((RelationKind.ATTACKS, RelationKind.SUPPORTS)),
                sources=(ids[number % claims],),
                target=ids[(number + random.randrange(1, claims)) % claims],
            )
            for number in range(claims * each)
        ),
    )


def test_what_is_not_found_in_time_is_named_and_the_rest_is_answered() -> None:
    begun = time.process_time()
    found = explain(knot(300, 6), seconds=0.5)
    assert time.process_time() - begun < 10
    assert "shapley" in found.missing
    assert 0 <= found.strength <= 1
    assert all(one.shapley is None for one in found.contributions)
    assert found.words
    with pytest.raises(AnalysisTimeout):
        explain(knot(300, 6), seconds=-1)
    assert explain(a_map({"t": 0.7, "a": 0.5}, "r: a > t")).missing == ()


def test_a_change_that_leaves_a_claim_open_does_not_overturn_it() -> None:
    left_open = explain(a_map({"t": None, "a": None}, "r: a > t"))
    assert left_open.verdict is Verdict.STANDS
    assert "It would be left open if a (“Claim a.”) could not be held." in left_open.words
    assert "overturn" not in left_open.words
    overturned = explain(a_map({"t": 0.4, "a": 1.0}, "r: a > t"))
    assert overturned.verdict is Verdict.STANDS
    assert "To overturn that it is enough that a (“Claim a.”) cannot be held." in overturned.words


def test_what_does_not_lead_to_the_claim_contributes_nothing_and_is_left_out() -> None:
    graph = WeightedGraph.of(dict.fromkeys("abcd", 0.5), pairs("b>a"), pairs("a>c d>c"))
    _, names = view_of(graph, "a", Gradual.DF_QUAD)
    assert names == ["b"]


def a_map(weights: dict[str, float | None], lines: str) -> ArgumentMap:
    kinds = {">": "supports", "x": "attacks", "=": "restates"}
    relations = []
    for line in filter(None, lines.split(", ")):
        name, *sources, kind, target = line.replace(":", " ").split()
        relations.append(Relation(id=name, kind=kinds[kind], sources=sources, target=target))
    claims = [
        Claim(
            id=name,
            kind="thesis" if name == "t" else "premise",
            text=f"Claim {name}.",
            weight=weight,
        )
        for name, weight in weights.items()
    ]
    return ArgumentMap(claims=claims, relations=relations)


def bridge() -> ArgumentMap:
    return a_map(
        {"t": 0.5, "p": 0.8, "q": 0.9, "b": 0.3, "z": 0.5}, "r1: p q > t, r2: b x t, r3: t > z"
    )


def test_an_explanation_names_what_the_claim_hangs_on() -> None:
    found = explain(bridge(), semantics=Gradual.DF_QUAD)
    assert (found.claim, found.verdict) == ("t", Verdict.STANDS)
    assert found.strength == pytest.approx(0.75)
    assert {one.claim for one in found.contributions} == {"p", "q", "b"}
    assert sum(one.shapley for one in found.contributions) == pytest.approx(
        found.strength - found.weight
    )
    assert found.bearing[:2] == ("p", "q")
    by_claim = {one.claim: one for one in found.contributions}
    assert by_claim["p"].removal == pytest.approx(0.75 - 0.35)
    assert by_claim["b"].removal == pytest.approx(0.75 - 0.9)
    assert by_claim["q"].gradient == 0  # not the weakest of the linked premises


def test_an_explanation_says_in_words_what_its_numbers_say() -> None:
    assert explain(bridge(), "t", Gradual.DF_QUAD).words == (
        "t (“Claim t.”) has a strength of 0.75, beginning from its own weight of 0.50: it stands. "
        "Without p (“Claim p.”) it would be down to 0.35, and without b (“Claim b.”) it would be up to 0.90. "
        "To overturn that it is enough that p (“Claim p.”) cannot be held."
    )


def test_words_speak_of_objections_only_where_there_are_some_and_of_reasons_likewise() -> None:
    supported = explain(a_map({"t": 0.5, "p": 0.8}, "r1: p > t"), "t").words
    assert "down to" in supported
    assert "up to" not in supported
    attacked = explain(a_map({"t": 0.5, "p": 0.8}, "r1: p x t"), "t").words
    assert "up to" in attacked
    assert "down to" not in attacked


def test_a_claim_with_nothing_before_it_is_explained_too() -> None:
    found = explain(a_map({"t": 0.7}, ""))
    assert (found.strength, found.contributions, found.bearing) == (0.7, (), ())
    assert found.words.endswith("Nothing supports or attacks it.")


def test_a_claim_at_one_half_is_open_and_needs_no_change_to_be_overturned() -> None:
    found = explain(a_map({"t": None, "p": 0.4, "b": 0.4}, "r1: p > t, r2: b x t"), "t")
    assert found.verdict is Verdict.OPEN
    assert (found.flip.removal, found.flip.reweigh) == ((), None)
    assert "it stays open" in found.words


def test_explaining_what_is_not_there_is_refused() -> None:
    with pytest.raises(NotFound, match="'x'"):
        explain(bridge(), "x")
    with pytest.raises(NotFound, match="no thesis"):
        explain(a_map({"p": None}, ""))


@st.composite
def weighted_maps(draw: st.DrawFn) -> ArgumentMap:
    size = draw(st.integers(2, 7))
    names = ["t", *(f"p{number}" for number in range(1, size))]
    lines = [
        f"r{number}: {names[number]} {draw(st.sampled_from('>x'))} {names[draw(st.integers(0, number - 1))]}"
        for number in range(1, size)
    ]
    return a_map({name: draw(scores) for name in names}, ", ".join(lines))


@settings(max_examples=50, deadline=None)
@given(weighted_maps(), st.sampled_from(Gradual))
def test_a_flip_overturns_the_verdict_and_no_smaller_removal_does(
    drawn: ArgumentMap, semantics: Gradual
) -> None:
    found = explain(drawn, "t", semantics)
    if found.verdict is Verdict.OPEN:
        return

    def after(removed: tuple[str, ...]) -> Verdict:
        rest = supposed(drawn, Supposition(remove=removed))
        value = strength(rest, semantics).claims["t"]
        return verdict_of(value)

    assert found.flip.exhaustive
    if found.flip.removal:
        assert after(found.flip.removal) is not found.verdict
    others = [claim.id for claim in drawn.claims if claim.id != "t"]
    smaller = (len(found.flip.removal) or 4) - 1
    for size in range(1, min(smaller, len(others)) + 1):
        for removed in itertools.combinations(others, size):
            assert after(removed) is found.verdict
    if found.flip.reweigh:
        change = found.flip.reweigh
        weighed = supposed(drawn, Supposition(weights={change.claim: change.after}))
        assert strength(weighed, semantics).claims["t"] == pytest.approx(0.5, abs=1e-6)
        assert change.strength == pytest.approx(0.5, abs=1e-6)


def test_the_smallest_change_of_a_weight_is_the_published_formula_turned_round() -> None:
    found = explain(a_map({"t": 0.4, "p": 0.1}, "r1: p > t"), "t", Gradual.DF_QUAD)
    assert found.verdict is Verdict.FALLS
    assert found.flip.removal == ()
    assert found.flip.reweigh is not None
    assert found.flip.reweigh.after == pytest.approx(1 / 6)  # .4 + .6 x = .5


def test_a_supposition_shows_what_changes_and_leaves_the_map_alone() -> None:
    drawn = bridge()
    before = drawn.model_dump_json()
    found = suppose(drawn, Supposition(remove=("p",)), Gradual.DF_QUAD)
    changed = {one.claim: one for one in found.changed}
    assert set(changed) == {"p", "t", "z"}
    assert changed["p"].strength_after is None
    assert changed["t"].strength_after == pytest.approx(0.35)
    assert drawn.model_dump_json() == before


def test_a_supposition_can_reweigh_and_add() -> None:
    new = Claim(id="c", kind="rebuttal", text="But no.", weight=1.0)
    link = Relation(id="r9", kind="attacks", sources=["c"], target="r1")
    found = suppose(
        bridge(), Supposition(weights={"b": 0.0}, claims=(new,), relations=(link,)), Gradual.DF_QUAD
    )
    changed = {one.claim: one for one in found.changed}
    assert changed["t"].strength_after == pytest.approx(
        0.5
    )  # the reasons are cut off, the objection weighs nothing
    assert (changed["c"].strength_before, changed["c"].label_after) == (None, "in")


def test_a_supposition_that_does_not_fit_is_refused() -> None:
    with pytest.raises(NotFound):
        suppose(bridge(), Supposition(remove=("nobody",)))
    with pytest.raises(NotFound):
        suppose(bridge(), Supposition(weights={"nobody": 0.1}))
    with pytest.raises(InvalidMap):
        suppose(bridge(), Supposition(claims=(Claim(id="t", kind="premise", text="Taken."),)))


def test_removing_a_step_takes_along_what_targets_it() -> None:
    drawn = a_map({"t": 0.5, "p": 0.8, "u": 0.5}, "r1: p > t, r2: u x r1")
    assert [one.id for one in supposed(drawn, Supposition(remove=("r1",))).relations] == []


def test_circles_are_explained_too() -> None:
    drawn = a_map({"t": 0.5, "b": 0.6, "c": 0.4}, "r1: b x t, r2: t x b, r3: c x b")
    found = explain(drawn, "t")
    exact = strengths(
        WeightedGraph.of({"t": 0.5, "b": 0.6}, [("b", "t"), ("t", "b")]), found.semantics
    )[0][0]
    without_c = next(one for one in found.contributions if one.claim == "c")
    assert found.strength - without_c.removal == pytest.approx(exact, abs=1e-6)


def test_an_explanation_survives_json() -> None:
    found = explain(bridge())
    assert type(found).model_validate_json(found.model_dump_json()) == found
