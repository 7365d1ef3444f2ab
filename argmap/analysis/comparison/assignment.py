"""One-to-one assignment of rows to columns with the largest total, and only where they fit at all."""

import numpy as np

from argmap.analysis.frameworks import distinct, rows
from argmap.analysis.weighted import Numbers


def assign(scores: Numbers, least: float) -> list[tuple[int, int]]:
    """Pair rows with columns so that the sum of the pairs' scores is largest; no pair scores under `least` (> 0).

    Rows and columns that no possible pair connects are solved apart, each group by shortest augmenting paths
    (Jonker and Volgenant 1987).
    """
    possible = np.where(scores >= least, scores, 0.0)
    pairs: list[tuple[int, int]] = []
    for some_rows, some_columns in _groups(possible > 0):
        part = possible[np.ix_(some_rows, some_columns)]
        transposed = part.shape[0] > part.shape[1]
        for row, column in enumerate(_solve(-part.T if transposed else -part)):
            one, other = (column, row) if transposed else (row, column)
            if part[one, other] > 0:
                pairs.append((some_rows[one], some_columns[other]))
    return sorted(pairs)


def _groups(
    possible: np.ndarray[tuple[int, int], np.dtype[np.bool_]],
) -> list[tuple[list[int], list[int]]]:
    row, column = np.nonzero(possible)
    by_row, by_column = (
        rows(row, column, possible.shape[0]),
        rows(column, row, possible.shape[1]),
    )
    row_done = np.zeros(possible.shape[0], dtype=bool)
    scratch = np.zeros(max(possible.shape), dtype=np.intp)
    groups = []
    for start in np.unique(row).tolist():
        if row_done[start]:
            continue
        row_done[start] = True
        wave = np.array([start])
        inside, columns = [wave], np.zeros(possible.shape[1], dtype=bool)
        while wave.size:
            reached = by_row.of(wave)
            reached = distinct(reached[~columns[reached]], scratch)
            columns[reached] = True
            back = by_column.of(reached)
            wave = distinct(back[~row_done[back]], scratch)
            row_done[wave] = True
            inside.append(wave)
        groups.append((sorted(np.concatenate(inside).tolist()), np.flatnonzero(columns).tolist()))
    return groups


def _solve(cost: Numbers) -> list[int]:
    """Return for each row a column of its own so that the total cost is least; there are no more rows than columns."""
    height, width = cost.shape
    row_price, column_price = np.zeros(height), np.zeros(width + 1)
    row_of = np.full(
        width + 1, -1, dtype=np.intp
    )  # the last column stands for the row that is being added
    for row in range(height):
        row_of[width] = row
        at = width
        shortest = np.full(width, np.inf)
        before = np.full(width, width, dtype=np.intp)
        done = np.zeros(width + 1, dtype=bool)
        while row_of[at] >= 0:
            done[at] = True
            here = row_of[at]
            open_columns = ~done[:width]
            reduced = cost[here] - row_price[here] - column_price[:width]
            better = open_columns & (reduced < shortest)
            shortest[better], before[better] = reduced[better], at
            following = int(np.argmin(np.where(open_columns, shortest, np.inf)))
            step = shortest[following]
            row_price[row_of[done]] += step
            column_price[done] -= step
            shortest[open_columns] -= step
            at = following
        while at != width:
            row_of[at] = row_of[before[at]]
            at = int(before[at])
    column = np.empty(height, dtype=np.intp)
    taken = np.flatnonzero(row_of[:width] >= 0)
    column[row_of[taken]] = taken
    return [int(one) for one in column]
