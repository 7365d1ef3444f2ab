"""The grounded extension in linear time: what must be accepted, what must be rejected, what stays open."""

import numpy as np
from numpy.typing import NDArray

from argmap.analysis.frameworks import Framework, Indices, distinct

IN, OUT, UNDECIDED = 1, -1, 0
Labels = NDArray[np.int8]

_WAVES = 64  # deep, narrow frameworks are quicker one argument at a time


def grounded(framework: Framework) -> Labels:
    """Label each argument in (1), out (-1) or undecided (0) by the grounded extension (Dung 1995, definition 20).

    What nothing attacks is in, what it attacks is out, what only such arguments attack is in, and so on (Modgil and
    Caminada 2009, the grounded labelling). Every attack is looked at twice at most.
    """
    size = len(framework)
    labels: Labels = np.zeros(size, dtype=np.int8)
    attacked = framework.attacked
    open_attackers = np.bincount(framework.target, minlength=size)
    seen: Indices = np.zeros(size, dtype=np.intp)
    wave: Indices = np.flatnonzero(open_attackers == 0)
    for _ in range(_WAVES):
        if not wave.size:
            return labels
        labels[wave] = IN
        hit = attacked.of(wave)
        hit = distinct(hit[labels[hit] == UNDECIDED], seen)
        labels[hit] = OUT
        freed = attacked.of(hit)
        np.subtract.at(open_attackers, freed, 1)
        wave = freed[(open_attackers[freed] == 0) & (labels[freed] == UNDECIDED)]
        wave = distinct(wave, seen)
    _one_by_one(framework, labels, open_attackers, wave)
    return labels


def labelling(framework: Framework, extension: frozenset[int]) -> Labels:
    """Label the arguments by an extension: in, out where it attacks, undecided otherwise."""
    labels: Labels = np.zeros(len(framework), dtype=np.int8)
    members = np.fromiter(extension, dtype=np.intp, count=len(extension))
    labels[framework.attacked.of(members)] = OUT
    labels[members] = IN
    return labels


def _one_by_one(
    framework: Framework, labels: Labels, open_attackers: Indices, wave: Indices
) -> None:
    starts, values = framework.attacked.starts.tolist(), framework.attacked.values.tolist()
    label, left, todo = labels.tolist(), open_attackers.tolist(), wave.tolist()
    while todo:
        winner = todo.pop()
        label[winner] = IN
        for loser in values[starts[winner] : starts[winner + 1]]:
            if label[loser] != UNDECIDED:
                continue
            label[loser] = OUT
            for freed in values[starts[loser] : starts[loser + 1]]:
                left[freed] -= 1
                if not left[freed] and label[freed] == UNDECIDED:
                    todo.append(freed)
    labels[:] = label
