"""Strength against published numbers, a second plain implementation, and the postulates of gradual semantics."""

import math
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argmap.analysis import Gradual, Linked, WeightedGraph, graph_of, strength, strengths
from argmap.model import ArgumentMap, Claim, Relation


def pairs(text: str) -> list[tuple[str, str]]:
    """Read "bd>a e>b" as b and d on a, and e on b."""
    return [
        (one, target) for part in text.split() for one in part.split(">")[0] for target in part[-1]
    ]


def values(graph: WeightedGraph, semantics: Gradual) -> dict[str, float]:
    return dict(zip(graph.names, strengths(graph, semantics)[0].tolist(), strict=True))


def bag(corpora: Path, name: str) -> WeightedGraph:
    """Read a .bag file: arg(a, 0.5). att(a, b). sup(a, b)."""
    text = (corpora / "bag" / f"{name}.bag").read_text()
    base = {
        one: float(score) for one, score in re.findall(r"arg\(\s*(\w+)\s*,\s*([\d.]+)\s*\)", text)
    }
    edges = {
        kind: re.findall(rf"{kind}\(\s*(\w+)\s*,\s*(\w+)\s*\)", text) for kind in ("att", "sup")
    }
    return WeightedGraph.of(base, edges["att"], edges["sup"])


@pytest.mark.parametrize(
    ("semantics", "a1", "a2", "p2"),
    [
        (Gradual.DF_QUAD, 0.862, 0.85, 0.08),
        (Gradual.QUADRATIC_ENERGY, 0.719852, 0.66443, 0.185874),
        (Gradual.EULER, 0.68938, 0.626285, 0.339943),
    ],
)
def test_the_e_democracy_debate_has_its_published_strengths(
    corpora: Path, semantics: Gradual, a1: float, a2: float, p2: float
) -> None:
    found = values(bag(corpora, "RagoEtAlEDemocracy"), semantics)
    assert (round(found["A1"], 6), round(found["A2"], 6), round(found["P2"], 6)) == (a1, a2, p2)


@pytest.mark.parametrize(
    ("semantics", "buy", "sell"),
    [
        (Gradual.DF_QUAD, 0.99636, 0.00338),
        (Gradual.QUADRATIC_ENERGY, 0.821646, 0.362170),
        (Gradual.EULER, 0.717141, 0.494889),
    ],
)
def test_the_cyclic_stock_example_converges_to_its_published_strengths(
    corpora: Path, semantics: Gradual, buy: float, sell: float
) -> None:
    found, convergence = strengths(bag(corpora, "stock_example"), semantics)
    assert (round(float(found[0]), 6), round(float(found[1]), 6)) == (buy, sell)
    assert convergence is not None
    assert convergence.converged
    assert convergence.residual < 1e-9


def qdt() -> WeightedGraph:
    base = {"a": 0.5, "b": 0.2, "c": 0.85, "d": 0.65, "e": 0.4, "f": 1.0}
    return WeightedGraph.of(base, pairs("c>a e>b f>c"), pairs("bd>a e>c"))


@pytest.mark.parametrize(
    ("semantics", "a", "b", "c"),
    [(Gradual.QUADRATIC_ENERGY, 0.518755, 0.172414, 0.625), (Gradual.DF_QUAD, 0.676, 0.12, 0.34)],
)
def test_the_decision_example_has_its_published_strengths(
    semantics: Gradual, a: float, b: float, c: float
) -> None:
    found = values(qdt(), semantics)
    assert [round(found[name], 6) for name in "abc"] == [a, b, c]


@pytest.mark.parametrize(
    ("semantics", "expected"),
    [(Gradual.QUADRATIC_ENERGY, [0.75, 0.75, 0.25]), (Gradual.DF_QUAD, [1, 1, 0])],
)
def test_the_small_decision_example_has_its_published_strengths(
    semantics: Gradual, expected: list[float]
) -> None:
    base = {"a": 0.5, "b": 0.5, "c": 0.5, "d": 0.5, "e": 1.0}
    found = values(WeightedGraph.of(base, pairs("c>a e>c"), pairs("bd>a e>b")), semantics)
    assert [round(found[name], 12) for name in "abc"] == expected


def test_the_contribution_papers_examples_have_their_published_strengths() -> None:
    chain = WeightedGraph.of(dict.fromkeys("abc", 0.5), pairs("b>a"), pairs("c>b"))
    found = values(chain, Gradual.DF_QUAD)
    assert (found["b"], found["a"]) == (0.75, 0.125)
    base = {"a": 0.5, "b": 0.0, "c": 0.0, "d": 0.0, "e": 0.5}
    fork = WeightedGraph.of(base, pairs("cd>a"), pairs("e>b e>c e>d b>a"))
    assert values(fork, Gradual.DF_QUAD)["a"] == 0.375
    movie = WeightedGraph.of(
        {"m": 0.79, "fW": 0.02, "fD": 0.05, "fA": 0.16, "a1": 0.05, "a2": 0.07},
        [("fW", "m")],
        [("fD", "m"), ("fA", "m"), ("a1", "fA"), ("a2", "fA")],
    )
    found = values(movie, Gradual.DF_QUAD)
    assert (round(found["fA"], 5), round(found["m"], 6)) == (0.25786, 0.847743)


@pytest.mark.parametrize(
    ("semantics", "expected"),
    [(Gradual.QUADRATIC_ENERGY, 0.1), (Gradual.EULER, 0.297534), (Gradual.DF_QUAD, 0.0)],
)
def test_two_certain_attackers_leave_what_the_paper_says(
    semantics: Gradual, expected: float
) -> None:
    graph = WeightedGraph.of({"a": 0.5, "b": 1.0, "c": 1.0}, pairs("bc>a"))
    assert round(values(graph, semantics)["a"], 6) == expected


def test_df_quad_combines_and_moves_as_its_paper_says() -> None:
    def moved(attackers: list[float], supporters: list[float], base: float) -> float:
        scores = {"a": base}
        scores |= {f"b{n}": score for n, score in enumerate(attackers)}
        scores |= {f"c{n}": score for n, score in enumerate(supporters)}
        graph = WeightedGraph.of(
            scores,
            [(n, "a") for n in scores if n[0] == "b"],
            [(n, "a") for n in scores if n[0] == "c"],
        )
        return values(graph, Gradual.DF_QUAD)["a"]

    assert moved([0.5, 0.5], [], 1.0) == pytest.approx(0.25)  # two attackers of .5 combine to .75
    assert moved([], [0.5], 0.4) == pytest.approx(0.7)
    assert moved([0.5], [], 0.4) == pytest.approx(0.2)


scores = st.one_of(st.sampled_from([0.0, 0.5, 1.0]), st.floats(0, 1))


@st.composite
def graphs(draw: st.DrawFn, largest: int = 8) -> WeightedGraph:
    """Random acyclic graphs, some of whose nodes are steps with premises."""
    size = draw(st.integers(1, largest))
    names = [str(number) for number in range(size)]
    edges: dict[str, list[tuple[str, str]]] = {"attacks": [], "supports": [], "premises": []}
    for target in range(1, size):
        for source in draw(st.sets(st.integers(0, target - 1), max_size=3)):
            kind = draw(st.sampled_from(sorted(edges)))
            edges[kind].append((names[source], names[target]))
    return WeightedGraph.of({name: draw(scores) for name in names}, **edges)


def moved_base(
    semantics: Gradual, base: float, against: list[float], for_it: list[float], step: bool = False
) -> float:
    """What becomes of one base score, straight from the papers."""
    if semantics is Gradual.DF_QUAD:
        down = 1 - math.prod(1 - value for value in against)
        up = 1 - math.prod(1 - value for value in for_it)
        return base - base * (down - up) if down >= up else base + (1 - base) * (up - down)
    energy = sum(for_it) - sum(against)
    if semantics is Gradual.QUADRATIC_ENERGY:
        h = energy**2 / (1 + energy**2)
        return base - base * h if energy <= 0 else base + (1 - base) * h
    if step:
        way = 2 * (1 - 0.75 / (1 + 0.5 * math.exp(energy))) - 1
        return base + (base * way if way <= 0 else (1 - base) * way)
    return 1 - (1 - base**2) / (1 + base * math.exp(energy))


def by_recursion(graph: WeightedGraph, semantics: Gradual, linked: Linked) -> list[float]:
    """The definitions one node at a time, without numpy, layers or groups."""

    def into(edges: np.ndarray, node: int) -> list[float]:
        return [at(int(one)) for one, other in edges.tolist() if other == node]

    def at(node: int) -> float:
        against, for_it, carried = (
            into(edges, node) for edges in (graph.attacks, graph.supports, graph.premises)
        )
        result = moved_base(semantics, float(graph.base[node]), against, for_it, step=bool(carried))
        if carried:
            result *= min(carried) if linked is Linked.MINIMUM else math.prod(carried)
        return result

    return [at(node) for node in range(len(graph))]


each_semantics = pytest.mark.parametrize("semantics", Gradual)


@each_semantics
@settings(max_examples=60, deadline=None)
@given(graph=graphs(), linked=st.sampled_from(Linked))
def test_layers_of_arrays_give_what_the_definitions_give(
    semantics: Gradual, graph: WeightedGraph, linked: Linked
) -> None:
    found, convergence = strengths(graph, semantics, linked)
    assert convergence is None
    assert found.tolist() == pytest.approx(by_recursion(graph, semantics, linked), abs=1e-12)
    assert ((found >= 0) & (found <= 1)).all()


@each_semantics
@settings(max_examples=30, deadline=None)
@given(graph=graphs(), linked=st.sampled_from(Linked), data=st.data())
def test_variants_side_by_side_are_the_graphs_with_other_scores_and_without_nodes(
    semantics: Gradual, graph: WeightedGraph, linked: Linked, data: st.DataObject
) -> None:
    size, count = len(graph), data.draw(st.integers(1, 4))
    grid = st.lists(st.lists(scores, min_size=count, max_size=count), min_size=size, max_size=size)
    base = np.array(data.draw(grid))
    present = np.array(data.draw(grid)).round()
    found, _ = strengths(graph, semantics, linked, base=base, present=present)
    for column in range(count):
        alone, _ = strengths(
            graph, semantics, linked, base=base[:, column], present=present[:, column]
        )
        assert found[:, column].tolist() == pytest.approx(alone.tolist(), abs=1e-12)
    # To be absent is to have neither a score nor edges, apart from the step that needs the premise.
    column = present[:, 0] > 0
    free = WeightedGraph(
        graph.names,
        np.where(column, base[:, 0], 0.0),
        *(
            edges[column[edges[:, 0]] & column[edges[:, 1]]]
            for edges in (graph.attacks, graph.supports)
        ),
        graph.premises[column[graph.premises[:, 1]]],
    )
    there = strengths(free, semantics, linked)[0] * column
    needed_gone = {int(step) for one, step in graph.premises.tolist() if not column[one]}
    if not needed_gone:
        assert found[:, 0].tolist() == pytest.approx(there.tolist(), abs=1e-12)
    for step in needed_gone:
        assert found[step, 0] == 0


def star(base: float, attackers: list[float], supporters: list[float]) -> WeightedGraph:
    scores = {"x": base}
    scores |= {f"a{n}": value for n, value in enumerate(attackers)}
    scores |= {f"s{n}": value for n, value in enumerate(supporters)}
    return WeightedGraph.of(
        scores,
        [(name, "x") for name in scores if name[0] == "a"],
        [(name, "x") for name in scores if name[0] == "s"],
    )


some = st.lists(scores, max_size=4)


@each_semantics
@given(base=scores, both=some)
def test_balance_equal_supporters_and_attackers_leave_the_base_score(
    semantics: Gradual, base: float, both: list[float]
) -> None:
    assert values(star(base, both, both), semantics)["x"] == pytest.approx(base, abs=1e-12)


@each_semantics
@given(base=scores, attackers=some, supporters=some)
def test_neutrality_what_has_no_strength_changes_nothing(
    semantics: Gradual, base: float, attackers: list[float], supporters: list[float]
) -> None:
    with_nothing = values(star(base, [*attackers, 0.0], [*supporters, 0.0]), semantics)["x"]
    assert with_nothing == pytest.approx(
        values(star(base, attackers, supporters), semantics)["x"], abs=1e-12
    )


@each_semantics
@given(base=scores, attackers=some, supporters=some, one=scores, other=scores)
def test_monotonicity_a_stronger_supporter_never_weakens_and_a_stronger_attacker_never_strengthens(
    semantics: Gradual,
    base: float,
    attackers: list[float],
    supporters: list[float],
    one: float,
    other: float,
) -> None:
    low, high = sorted((one, other))

    def at(attacker: float, supporter: float) -> float:
        return values(star(base, [*attackers, attacker], [*supporters, supporter]), semantics)["x"]

    assert at(low, high) >= at(low, low) - 1e-12
    assert at(high, low) <= at(low, low) + 1e-12


@each_semantics
@settings(max_examples=40, deadline=None)
@given(graph=graphs(), data=st.data())
def test_directionality_only_what_leads_to_a_claim_matters_to_it(
    semantics: Gradual, graph: WeightedGraph, data: st.DataObject
) -> None:
    changed = data.draw(st.integers(0, len(graph) - 1))
    base = graph.base.copy()
    base[changed] = data.draw(scores)
    reached = {changed}
    for one, other in sorted(
        np.concatenate([graph.attacks, graph.supports, graph.premises]).tolist()
    ):
        if (
            one in reached
        ):  # edges lead from lower to higher numbers, so one pass in order is enough
            reached.add(other)
    before, after = strengths(graph, semantics)[0], strengths(graph, semantics, base=base)[0]
    for node in set(range(len(graph))) - reached:
        assert before[node] == after[node]


@pytest.mark.parametrize("semantics", [Gradual.DF_QUAD, Gradual.QUADRATIC_ENERGY])
@given(base=scores, attackers=some, supporters=some)
def test_duality_attacks_take_what_supports_would_give(
    semantics: Gradual, base: float, attackers: list[float], supporters: list[float]
) -> None:
    """Potyka (2018); the Euler-based semantics does not have this property."""
    one = values(star(base, attackers, supporters), semantics)["x"]
    mirrored = values(star(1 - base, supporters, attackers), semantics)["x"]
    assert one == pytest.approx(1 - mirrored, abs=1e-12)


@each_semantics
@settings(max_examples=25, deadline=None)
@given(graph=graphs(largest=6))
def test_iteration_in_continuous_time_comes_to_the_exact_strengths_of_an_acyclic_graph(
    semantics: Gradual, graph: WeightedGraph
) -> None:
    """A loop far away from everything makes the whole graph cyclic and so sends it through the iteration."""
    loose = len(graph)
    looped = WeightedGraph(
        (*graph.names, "loop"),
        np.append(graph.base, 0.5),
        np.concatenate([graph.attacks, [[loose, loose]]]),
        graph.supports,
        graph.premises,
    )
    found, convergence = strengths(looped, semantics)
    assert convergence is not None
    assert convergence.converged
    assert found[:loose].tolist() == pytest.approx(
        strengths(graph, semantics)[0].tolist(), abs=1e-6
    )


def a_map(weights: dict[str, float | None], lines: str, **step_weights: float) -> ArgumentMap:
    kinds = {">": "supports", "x": "attacks", "=": "restates"}
    relations = []
    for line in lines.split(", "):
        name, *sources, kind, target = line.replace(":", " ").split()
        relations.append(
            Relation(
                id=name,
                kind=kinds[kind],
                sources=sources,
                target=target,
                weight=step_weights.get(name),
            )
        )
    claims = [
        Claim(id=name, kind="premise", text=f"Claim {name}.", weight=weight)
        for name, weight in weights.items()
    ]
    return ArgumentMap(claims=claims, relations=relations)


def test_a_claim_without_weight_counts_half() -> None:
    found = strength(a_map({"a": None, "b": 0.8}, "r1: b > a"), Gradual.DF_QUAD)
    assert found.claims == {"a": pytest.approx(0.9), "b": 0.8}
    assert found.relations == {"r1": 0.8}


def test_linked_premises_are_as_strong_as_the_weakest_or_as_their_product() -> None:
    drawn = a_map({"t": 0.5, "p": 0.8, "q": 0.5}, "r1: p q > t")
    assert strength(drawn, Gradual.DF_QUAD).claims["t"] == pytest.approx(0.75)
    product = strength(drawn, Gradual.DF_QUAD, Linked.PRODUCT)
    assert product.relations["r1"] == pytest.approx(0.4)
    assert product.claims["t"] == pytest.approx(0.7)


def test_the_weight_of_a_step_is_how_much_it_carries_over() -> None:
    found = strength(a_map({"t": 0.5, "p": 0.8}, "r1: p > t", r1=0.5), Gradual.DF_QUAD)
    assert found.relations["r1"] == pytest.approx(0.4)
    assert found.claims["t"] == pytest.approx(0.7)


@each_semantics
def test_an_undercut_weakens_the_step_and_spares_the_premise(semantics: Gradual) -> None:
    free = strength(a_map({"t": 0.5, "p": 0.8}, "r1: p > t"), semantics)
    undercut = strength(a_map({"t": 0.5, "p": 0.8, "u": 0.9}, "r1: p > t, r2: u x r1"), semantics)
    assert undercut.claims["p"] == free.claims["p"] == 0.8
    assert 0.5 < undercut.claims["t"] < free.claims["t"]
    assert undercut.relations["r1"] < 0.8


def test_a_certain_undercut_cuts_the_step_off_under_df_quad() -> None:
    drawn = a_map({"t": 0.5, "p": 0.8, "u": 1.0}, "r1: p x t, r2: u x r1")
    assert strength(drawn, Gradual.DF_QUAD).claims["t"] == 0.5


def test_backing_raises_a_doubtful_step() -> None:
    alone = strength(a_map({"t": 0.5, "p": 0.8}, "r1: p > t", r1=0.5))
    backed = strength(a_map({"t": 0.5, "p": 0.8, "b": 0.9}, "r1: p > t, r2: b > r1", r1=0.5))
    assert backed.relations["r1"] > alone.relations["r1"]
    assert backed.claims["t"] > alone.claims["t"]


def test_restated_claims_share_one_strength_with_the_weight_of_the_restated_claim() -> None:
    found = strength(a_map({"t": 0.4, "u": 0.9, "p": 0.5}, "r1: u = t, r2: p > u"), Gradual.DF_QUAD)
    assert found.claims["t"] == found.claims["u"] == found.relations["r1"] == pytest.approx(0.7)


def test_a_map_with_a_circle_reports_how_its_strengths_were_found() -> None:
    drawn = a_map({"a": 0.5, "b": 0.5}, "r1: a x b, r2: b x a")
    found = strength(drawn)
    assert found.iteration is not None
    assert found.iteration.converged
    assert found.claims["a"] == pytest.approx(found.claims["b"])
    assert found.claims["a"] < 0.5
    assert strength(a_map({"a": 0.5, "b": 0.5}, "r1: a x b")).iteration is None


def test_simple_steps_need_no_node_of_their_own() -> None:
    drawn = a_map({"a": 0.5, "b": 0.5, "c": 0.5}, "r1: a > b, r2: a c > b, r3: c x r2")
    assert graph_of(drawn).graph.names == ("a", "b", "c", "r2")
    weighted = a_map({"a": 0.5, "b": 0.5, "c": 0.5}, "r1: a > b, r2: c > b", r1=1.0, r2=0.9)
    assert graph_of(weighted).graph.names == ("a", "b", "c", "r2")


def test_an_empty_map_has_no_strengths() -> None:
    assert strength(ArgumentMap()).claims == {}


def test_strengths_survive_json() -> None:
    found = strength(a_map({"a": 0.5, "b": 0.5}, "r1: a x b, r2: b x a"))
    assert type(found).model_validate_json(found.model_dump_json()) == found


@each_semantics
@pytest.mark.parametrize("seed", range(5))
def test_large_steps_come_to_rest_where_the_path_in_tiny_steps_does(
    semantics: Gradual, seed: int
) -> None:
    random = np.random.default_rng(seed)
    size, pairs = 6, random.integers(0, 6, (12, 2)).tolist()
    base = random.random(size)
    at = base.tolist()
    for _ in range(12_000):
        goal = []
        for node in range(size):
            against = [at[one] for one, other in pairs[:7] if other == node]
            for_it = [at[one] for one, other in pairs[7:] if other == node]
            goal.append(moved_base(semantics, base[node], against, for_it))
        at = [value + 0.01 * (wanted - value) for value, wanted in zip(at, goal, strict=True)]
    names, drawn = tuple(map(str, range(size))), np.array(pairs)
    found, convergence = strengths(
        WeightedGraph(names, base, drawn[:7], drawn[7:], drawn[:0]), semantics
    )
    assert convergence is None or convergence.converged
    assert found.tolist() == pytest.approx(at, abs=1e-4)
