"""Weighted bipolar graphs: arguments with base scores that support and attack each other; how a map becomes one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from argmap.analysis.frameworks import Indices, distinct, rows
from argmap.analysis.steps import read
from argmap.model import ArgumentMap, Claim

Numbers = NDArray[np.float64]

DEFAULT_WEIGHT = 0.5


class Group(NamedTuple):
    """Edges that end in one layer, in order of their ends.

    Edge k comes from node `source[k]`. The edges of the layer's node number `target[i]` begin at `start[i]`.
    """

    source: Indices
    start: Indices
    target: Indices


class Layer(NamedTuple):
    """Nodes whose strength depends on earlier layers only, and the edges that end in them, by what they do."""

    nodes: Indices
    attacks: Group
    supports: Group
    premises: Group


@dataclass(frozen=True, eq=False)
class WeightedGraph:
    """Arguments with base scores in 0..1 and edges that attack, support or carry (QBAF with linked premises).

    Each of `attacks`, `supports` and `premises` is an array of pairs (from, to) of node numbers. A node with premises
    is a step: its strength is what its own base score comes to, times what its premises together carry over. A node
    without premises is an ordinary argument.
    """

    names: tuple[str, ...]
    base: Numbers
    attacks: Indices
    supports: Indices
    premises: Indices

    @classmethod
    def of(
        cls,
        base: Mapping[str, float],
        attacks: Iterable[tuple[str, str]] = (),
        supports: Iterable[tuple[str, str]] = (),
        premises: Iterable[tuple[str, str]] = (),
    ) -> "WeightedGraph":
        """Build a graph from base scores by name and pairs of names. Raises KeyError for an unknown name."""
        index = {name: number for number, name in enumerate(base)}
        edges = [
            [(index[one], index[other]) for one, other in pairs]
            for pairs in (attacks, supports, premises)
        ]
        return _graph(tuple(base), list(base.values()), *edges)

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def layers(self) -> tuple[Layer, ...] | None:
        """Return the nodes in layers, each of which depends on earlier ones only; None when there is a cycle."""
        depth = _depths(len(self), np.concatenate([self.attacks, self.supports, self.premises]))
        if depth is None:
            return None
        order = np.argsort(depth, kind="stable")
        bounds = np.searchsorted(depth[order], np.arange(int(depth.max(initial=-1)) + 2))
        parts = [_by_depth(pairs, depth, bounds.size - 1) for pairs in self._edges]
        layers = []
        for level in range(bounds.size - 1):
            nodes = order[bounds[level] : bounds[level + 1]]
            layers.append(Layer(nodes, *(_group(part[level], nodes) for part in parts)))
        return tuple(layers)

    @cached_property
    def whole(self) -> Layer:
        """Return all nodes and edges as one layer, for iteration."""
        nodes: Indices = np.arange(len(self))
        ordered = [pairs[np.argsort(pairs[:, 1], kind="stable")] for pairs in self._edges]
        return Layer(nodes, *(_group(pairs, nodes) for pairs in ordered))

    def leading_to(self, node: int) -> tuple["WeightedGraph", Indices]:
        """Return the part that a node depends on, itself included, and the numbers that its nodes have here."""
        edges = np.concatenate(self._edges)
        before = rows(edges[:, 1], edges[:, 0], len(self))
        kept = np.zeros(len(self), dtype=bool)
        wave: Indices = np.array([node])
        while wave.size:
            kept[wave] = True
            found = before.of(wave)
            wave = np.unique(found[~kept[found]])
        nodes: Indices = np.flatnonzero(kept)
        number: Indices = np.cumsum(kept) - 1
        parts = [number[pairs[kept[pairs[:, 1]]]] for pairs in self._edges]
        names = tuple(self.names[at] for at in nodes.tolist())
        return WeightedGraph(names, self.base[nodes], *parts), nodes

    @property
    def _edges(self) -> tuple[Indices, Indices, Indices]:
        return self.attacks, self.supports, self.premises


@dataclass(frozen=True, eq=False)
class MapGraph:
    """A map as a weighted graph; `node` gives each claim and relation the node that holds its strength."""

    graph: WeightedGraph
    node: dict[str, int]


def graph_of(map: ArgumentMap) -> MapGraph:
    """Turn a map into a weighted bipolar graph; docs/analysis/strength.md says in full how, and after whom.

    Every statement is a node with its claim's weight, or 0.5. A step with several premises, with a weight below 1, or
    that is itself supported or attacked is a node too, with its weight or 1, fed by its premises. Any other step is an
    edge from its premise to its target.
    """
    reading = read(map)
    names = list(reading.names)
    base = [_weight(map.by_id[name]) for name in names]
    node = {name: number for number, name in enumerate(names)}
    attacks: list[tuple[int, int]] = []
    supports: list[tuple[int, int]] = []
    premises: list[tuple[int, int]] = []
    for step in reading.steps:
        if step.simple:
            node[step.id] = node[step.premises[0]]
            continue
        node[step.id] = len(names)
        names.append(step.id)
        base.append(1.0 if step.weight is None else step.weight)
        premises += [(node[premise], node[step.id]) for premise in step.premises]
    for step in reading.steps:
        (attacks if step.attacks else supports).append((node[step.id], node[step.target]))
    for wording, statement in reading.statement.items():
        node[wording] = node[statement]
    return MapGraph(_graph(tuple(names), base, attacks, supports, premises), node)


def _weight(claim: object) -> float:
    return claim.weight if isinstance(claim, Claim) and claim.weight is not None else DEFAULT_WEIGHT


def _graph(
    names: tuple[str, ...], base: list[float], *edges: list[tuple[int, int]]
) -> WeightedGraph:
    arrays = [np.array(pairs, dtype=np.intp).reshape(-1, 2) for pairs in edges]
    return WeightedGraph(names, np.array(base, dtype=np.float64), *arrays)


def _depths(size: int, edges: Indices) -> Indices | None:
    """Return each node's longest distance from a node without incoming edges, or None for a cycle."""
    after = rows(edges[:, 0], edges[:, 1], size)
    waiting = np.bincount(edges[:, 1], minlength=size)
    depth: Indices = np.zeros(size, dtype=np.intp)
    seen: Indices = np.zeros(size, dtype=np.intp)
    wave: Indices = np.flatnonzero(waiting == 0)
    reached, level = 0, 0
    while wave.size:
        depth[wave] = level
        reached += wave.size
        level += 1
        nexts = after.of(wave)
        np.subtract.at(waiting, nexts, 1)
        wave = distinct(nexts[waiting[nexts] == 0], seen)
    return depth if reached == size else None


def _by_depth(pairs: Indices, depth: Indices, levels: int) -> list[Indices]:
    level = depth[pairs[:, 1]]
    order = np.lexsort((pairs[:, 1], level))
    pairs, level = pairs[order], level[order]
    bounds = np.searchsorted(level, np.arange(levels + 1))
    return [pairs[bounds[at] : bounds[at + 1]] for at in range(levels)]


def _group(pairs: Indices, nodes: Indices) -> Group:
    """Group edges, sorted by their ends, by the place of the end among the (ascending) nodes."""
    ends = pairs[:, 1]
    start = np.flatnonzero(np.diff(ends, prepend=-1))
    return Group(np.ascontiguousarray(pairs[:, 0]), start, np.searchsorted(nodes, ends[start]))
