"""Abstract argumentation frameworks (Dung 1995), and how a map becomes one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from argmap.analysis.steps import read
from argmap.model import ArgumentMap

Indices = NDArray[np.intp]


class Rows(NamedTuple):
    """For each argument i the `sizes[i]` arguments `values[starts[i]:starts[i + 1]]`."""

    starts: Indices
    sizes: Indices
    values: Indices

    def of(self, arguments: Indices) -> Indices:
        """Return the values of several arguments, one after the other."""
        sizes = self.sizes[arguments]
        offsets = np.repeat(self.starts[arguments] + sizes - np.cumsum(sizes), sizes)
        offsets += np.arange(offsets.size)
        return self.values[offsets]


def rows(keys: Indices, values: Indices, size: int) -> Rows:
    """Group values by their keys, which are below `size`."""
    order = np.argsort(keys, kind="stable")
    starts = np.zeros(size + 1, dtype=np.intp)
    sizes = np.bincount(keys, minlength=size)
    np.cumsum(sizes, out=starts[1:])
    return Rows(starts, sizes, values[order])


def distinct(arguments: Indices, seen: Indices) -> Indices:
    """Return each argument once, without sorting; `seen` is a scratch array with a place for each."""
    if arguments.size > seen.size // 8:
        marked = np.zeros(seen.size, dtype=bool)
        marked[arguments] = True
        return np.flatnonzero(marked)
    places = np.arange(arguments.size)
    seen[arguments] = places
    last: Indices = arguments[seen[arguments] == places]  # of equal ones the last won its place
    return last


@dataclass(frozen=True, eq=False)
class Framework:
    """A set of arguments and a relation of attack between them (Dung 1995, definition 2).

    `names` are the arguments; argument `source[k]` attacks argument `target[k]`, both counted from 0.
    """

    names: tuple[str, ...]
    source: Indices
    target: Indices

    @classmethod
    def of(cls, names: Iterable[str], attacks: Iterable[tuple[str, str]]) -> "Framework":
        """Build a framework from names and pairs (attacker, attacked). Raises KeyError for an unknown name."""
        names = tuple(names)
        index = {name: number for number, name in enumerate(names)}
        return _framework(names, [(index[one], index[other]) for one, other in attacks])

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def attacked(self) -> Rows:
        """For each argument, those that it attacks."""
        return rows(self.source, self.target, len(self.names))

    @cached_property
    def attackers(self) -> Rows:
        """For each argument, those that attack it."""
        return rows(self.target, self.source, len(self.names))


class Support(StrEnum):
    """What supports count for when a map is read as a framework.

    plain: a claim stands unless an attack on it stands; supports are drawn but decide nothing.
    structured: a claim that is argued for stands only if, besides, one of the steps to it stands.
    """

    PLAIN = "plain"
    STRUCTURED = "structured"


@dataclass(frozen=True, eq=False)
class MapFramework:
    """A map as a framework; `argument` gives each claim and relation the argument that decides about it."""

    framework: Framework
    argument: dict[str, int]


def framework_of(map: ArgumentMap, support: Support = Support.PLAIN) -> MapFramework:
    """Turn a map into an abstract framework; docs/analysis/frameworks.md says in full how, and after whom.

    Every statement is an argument. A step with several premises, or one that is itself supported or attacked, is an
    argument too; it falls when one of its premises falls (an auxiliary argument per premise says "the premise does
    not stand") or when an attack on it stands, as attacks on attacks do in AFRA (Baroni, Cerutti, Giacomin and Guida
    2011). Any other step stands as its premise does and needs no argument of its own. In the structured reading
    every argument that is supported is attacked by an auxiliary argument "nothing supports it", which all its
    supports attack: so it stands if no attack on it does and one of its supports does.
    """
    reading = read(map)
    names = list(reading.names)
    argument = {name: number for number, name in enumerate(names)}
    for step in reading.steps:
        argument[step.id] = argument[step.premises[0]] if step.simple else _add(names, step.id)
    attacks: list[tuple[int, int]] = []
    falls: dict[str, int] = {}
    unsupported: dict[int, int] = {}
    for step in reading.steps:
        if not step.simple:
            for premise in step.premises:
                if premise not in falls:
                    falls[premise] = _add(names, f"not: {premise}")
                    attacks.append((argument[premise], falls[premise]))
                attacks.append((falls[premise], argument[step.id]))
        target = argument[step.target]
        if step.attacks:
            attacks.append((argument[step.id], target))
        elif support is Support.STRUCTURED:
            if target not in unsupported:
                unsupported[target] = _add(names, f"no support: {names[target]}")
                attacks.append((unsupported[target], target))
            attacks.append((argument[step.id], unsupported[target]))
    for wording, statement in reading.statement.items():
        argument[wording] = argument[statement]
    return MapFramework(_framework(tuple(names), attacks), argument)


def _add(names: list[str], name: str) -> int:
    names.append(name)
    return len(names) - 1


def _framework(names: tuple[str, ...], attacks: Sequence[tuple[int, int]]) -> Framework:
    pairs = np.array(list(dict.fromkeys(attacks)), dtype=np.intp).reshape(-1, 2)
    return Framework(names, np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1]))
