"""Semantics against one pass over the same edges, preferred extensions against a rival, a review against a picture."""

import importlib
import importlib.util
import itertools
import math
import random
import sys
import time
from collections.abc import Callable

import numpy as np

from argmap import picture
from argmap.analysis import Framework, Gradual, Semantics, WeightedGraph, extensions, strengths
from argmap.analysis.grounded import grounded
from argmap.analysis.review import review
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind

SIZES = (30, 300, 3_000, 30_000)
VOCABULARY = 2_000

Row = tuple[str, str, str, float, str]
Edges = np.ndarray[tuple[int, int], np.dtype[np.intp]]


def rows() -> list[Row]:
    """Return the rows. Semantics run on trees of claims with some cross edges, three attacks to seven supports."""
    return [
        *_growth("grounded", _grounded),
        *_growth("DF-QuAD", _df_quad),
        *_preferred(),
        *_review(),
    ]


def _growth(
    name: str, prepare: Callable[[int], tuple[Callable[[], object], Callable[[], object]]]
) -> list[Row]:
    found, ours = [], {}
    for size in SIZES:
        ours[size], bare = _best(*prepare(size))
        goal = "<= 10" if size == SIZES[-1] else ""
        found.append(
            (
                f"{name}, {size:,} claims / one pass over the edges",
                _ms(ours[size]),
                _ms(bare),
                ours[size] / bare,
                goal,
            )
        )
    exponent = math.log(ours[30_000] / ours[3_000]) / math.log(10)
    found.append(
        (
            f"{name}, growth exponent from 3,000 to 30,000",
            _ms(ours[30_000]),
            _ms(ours[3_000]),
            exponent,
            "<= 1.1",
        )
    )
    return found


def _grounded(size: int) -> tuple[Callable[[], object], Callable[[], object]]:
    edges, _ = _tree(size)
    attack = Framework(tuple(map(str, range(size))), *np.ascontiguousarray(edges.T))
    assert len(grounded(attack)) == size  # and builds what is built once for a framework
    return lambda: grounded(attack), _one_pass(edges, size)


def _df_quad(size: int) -> tuple[Callable[[], object], Callable[[], object]]:
    edges, attacks = _tree(size)
    base = np.random.default_rng(2).random(size)
    names = tuple(map(str, range(size)))
    graph = WeightedGraph(names, base, edges[attacks], edges[~attacks], edges[:0])
    assert graph.layers is not None
    return lambda: strengths(graph, Gradual.DF_QUAD), _one_pass(edges, size)


def _one_pass(edges: Edges, size: int) -> Callable[[], object]:
    source, target = np.ascontiguousarray(edges.T)
    values = np.random.default_rng(3).random(size)
    return lambda: np.bincount(target, weights=values[source], minlength=size)


def _tree(size: int) -> tuple[Edges, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Return edges from each claim to an earlier one, a tenth more across, and which of them are attacks."""
    drawn = np.random.default_rng(1)
    child = np.concatenate([np.arange(1, size), drawn.integers(1, size, size // 10)])
    parent = (drawn.random(child.size) * child).astype(np.intp)
    edges = np.unique(np.stack([child, parent], axis=1).astype(np.intp), axis=0)
    return edges, drawn.random(len(edges)) < 0.3


def _preferred() -> list[Row]:
    if importlib.util.find_spec("pygarg") is None:
        print("pygarg is not installed: preferred extensions are NOT MEASURED", file=sys.stderr)
        return []
    rival = importlib.import_module("pygarg.dung.solver")
    drawn = random.Random(4)
    names = [f"a{number}" for number in range(60)]
    inputs = []
    for _ in range(10):
        pairs = [pair for pair in itertools.permutations(names, 2) if drawn.random() < 0.03]
        inputs.append(
            pairs + [(other, one) for one, other in pairs[:12]]
        )  # some that exclude each other

    def ours() -> list[set[frozenset[str]]]:
        found = []
        for pairs in inputs:
            framework = Framework.of(names, pairs)
            sets = extensions(framework, Semantics.PREFERRED, limit=10**6).sets
            found.append({frozenset(names[one] for one in members) for members in sets})
        return found

    def theirs() -> list[set[frozenset[str]]]:
        return [
            {
                frozenset(members)
                for members in rival.extension_enumeration(names, list(map(list, pairs)), "PR")
            }
            for pairs in inputs
        ]

    assert ours() == theirs()
    our_time, their_time = _best(ours, theirs)
    name = "preferred extensions of 10 random frameworks of 60 arguments: pygarg / argmap"
    return [(name, _ms(our_time), _ms(their_time), their_time / our_time, "> 1")]


def _review() -> list[Row]:
    map = _map(1_000)
    our_time, draw_time = _best(lambda: review(map), lambda: picture.draw(map), rounds=5)
    return [
        (
            "review of 1,000 claims / drawing them",
            _ms(our_time),
            _ms(draw_time),
            our_time / draw_time,
            "< 0.5",
        )
    ]


def _map(size: int) -> ArgumentMap:
    """Return a tree of claims in words of the frequencies of a language (Zipf)."""
    drawn = random.Random(5)
    letters = "bcdfghjklmnprstvw"
    words = [f"{a}{b}a{c}e" for a, b, c in itertools.product(letters, repeat=3)][:VOCABULARY]
    weights = [1 / (rank + 2) for rank in range(VOCABULARY)]
    kinds = [ClaimKind.PREMISE, ClaimKind.EVIDENCE, ClaimKind.REBUTTAL]
    claims = [
        Claim(
            id=f"c{number}",
            kind=drawn.choice(kinds) if number else ClaimKind.THESIS,
            text=" ".join(drawn.choices(words, weights, k=drawn.randint(5, 25))),
        )
        for number in range(size)
    ]
    relations = [
        Relation(
            id=f"r{number}",
            kind=RelationKind.ATTACKS if drawn.random() < 0.3 else RelationKind.SUPPORTS,
            sources=(f"c{number}",),
            target=f"c{drawn.randrange(number)}",
        )
        for number in range(1, size)
    ]
    return ArgumentMap(claims=tuple(claims), relations=tuple(relations))


def _best(*actions: Callable[[], object], rounds: int = 30) -> list[float]:
    """Return the least processor time of each action in seconds, taken in alternating rounds."""
    best = [math.inf] * len(actions)
    for _ in range(rounds):
        for place, action in enumerate(actions):
            begin = time.thread_time()
            action()
            best[place] = min(best[place], time.thread_time() - begin)
    return best


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.3f} ms"
