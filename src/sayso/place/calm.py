"""Where no border is near: a grid over the world that answers most of many points at once.

A cell of the grid is *calm* if no edge of a border runs through it. If every cell that the box
around a circle meets is calm, whatever holds the circle's middle holds all of it, and nothing else
is near: no distance need be measured. The other points are asked of `sayso.place.nearby`, whose
answers these are too; a property test holds the two together.

How many cells of a box are not calm is four look-ups in a table of sums (F. Crow, "Summed-area
tables for texture mapping", SIGGRAPH 1984). What holds a run of calm cells in a row is asked once,
and taken over by the calm cells beside and below: no border lies between two calm neighbours.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sayso.place import nearby
from sayso.place.ellipsoid import Floats, reach
from sayso.place.nearby import SLACK_M, Bools, Index, Near
from sayso.place.pieces import GRID, Ints, Numbers

CELL = 20_000
"""Units of a cell's side. An edge of a border is shorter, so it meets two columns and rows at most;
a smaller cell answers more points, and takes longer to make."""
COLUMNS, ROWS = 360 * GRID // CELL, 180 * GRID // CELL
_MANY = 5_000
"""Points for which the grid is worth making; it costs what some 20,000 points cost without it."""

Grid = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Calm:
    """`stirred`: for each corner of the grid, how many cells south-west of it are not calm.

    `holders` says for each cell, if it is calm, which of the sets of atoms holds it; the atoms of
    the set `n` are `atoms[start[n] : start[n + 1]]`.
    """

    stirred: Grid
    holders: Grid
    atoms: Numbers
    start: Numbers

    def over(self, lat: Floats, lon: Floats, metres: Floats) -> tuple[Bools, Numbers]:
        """Return which circles lie in calm cells, and for each of those its set of atoms."""
        high, wide = reach(lat, metres + SLACK_M)
        south, north = _cell(lat - high, 90), _cell(lat + high, 90)
        west, east = _cell(lon - wide, 180), _cell(lon + wide, 180)
        # What goes beyond a pole or the antimeridian is left to `nearby`.
        on_grid = (south >= 0) & (north < ROWS) & (west >= 0) & (east < COLUMNS)
        calm = np.flatnonzero(on_grid)
        s, n, w, e = south[calm], north[calm] + 1, west[calm], east[calm] + 1
        sums = self.stirred
        calm = calm[sums[n, e] - sums[s, e] - sums[n, w] + sums[s, w] == 0]
        on_grid[:] = False
        on_grid[calm] = True
        return on_grid, self.holders[south[calm], west[calm]].astype(np.int64)


def near(index: Index, lat: Floats, lon: Floats, *, metres: Floats, beyond_m: float = 0) -> Near:
    """Return what `nearby.near` does, of many points sooner."""
    if len(lat) < _MANY:
        return nearby.near(index, lat, lon, metres=metres, beyond_m=beyond_m)
    grid = calm(index)
    still, kind = grid.over(lat, lon, metres + max(beyond_m, 0))
    many = np.diff(grid.start)[kind]
    ends = np.cumsum(many)
    at = np.arange(int(many.sum())) + np.repeat(grid.start[kind] - (ends - many), many)
    point = np.repeat(np.flatnonzero(still), many)
    rest = np.flatnonzero(~still)
    other = nearby.near(index, lat[rest], lon[rest], metres=metres[rest], beyond_m=beyond_m)
    point = np.concatenate([point, rest[other.point]])
    atom = np.concatenate([grid.atoms[at], other.atom])
    away = np.concatenate([np.zeros(len(at), np.int64), other.metres])
    order = np.argsort(point, kind="stable")
    return Near(point[order], atom[order], away[order])


@lru_cache(maxsize=4)
def calm(index: Index) -> Calm:
    """Return the grid of `index`, made once."""
    still = _still(index)
    stirred = np.zeros((ROWS + 1, COLUMNS + 1), np.int32)
    np.cumsum(np.cumsum(~still, axis=0, dtype=np.int32), axis=1, out=stirred[1:, 1:])
    holders, sets = _held(index, still)
    start = np.cumsum([0, *(len(each) for each in sets)])
    return Calm(stirred, holders, np.array([atom for each in sets for atom in each]), start)


def _cell(degrees: Floats, most: int) -> Numbers:
    """Return the row or column of each latitude or longitude; those beyond the world have none."""
    cells: Numbers = np.floor((degrees + most) * (GRID / CELL)).astype(np.int64)
    return cells


def _middle(cell: Numbers, most: int) -> Floats:
    """Return the latitude or longitude of the middle of each row or column."""
    degrees: Floats = (cell + 0.5) * np.float64(CELL / GRID) - most
    return degrees


def _still(index: Index) -> Bools:
    """Return which cells no edge of a border meets."""
    still = np.ones(ROWS * COLUMNS, np.bool_)
    column = np.minimum((index.x + 180 * GRID) // CELL, COLUMNS - 1)
    row = np.minimum((index.y + 90 * GRID) // CELL, ROWS - 1)
    cell = row * COLUMNS + column
    edge = ~index.void
    edge[1:] |= edge[:-1]
    still[cell[edge]] = False
    # An edge from one cell to another across a corner may meet the two beside as well.
    corner = np.flatnonzero((row[1:] != row[:-1]) & (column[1:] != column[:-1]) & ~index.void[:-1])
    still[row[corner] * COLUMNS + column[corner + 1]] = False
    still[row[corner + 1] * COLUMNS + column[corner]] = False
    return still.reshape(ROWS, COLUMNS)


def _held(index: Index, still: Bools) -> tuple[Grid, tuple[tuple[int, ...], ...]]:
    """Return for each calm cell the number of the set of atoms that holds it, and the sets."""
    opens = still.copy()
    opens[:, 1:] &= ~still[:, :-1]
    run = np.cumsum(opens, dtype=np.int32).reshape(still.shape) - 1
    joined = still[1:] & still[:-1]
    above = np.arange(int(opens.sum()))
    above[run[1:][joined]] = run[:-1][joined]
    while (above[above] != above).any():
        above = above[above]
    root = np.flatnonzero(above == np.arange(len(above)))
    kind = np.zeros(len(above), np.int32)
    row, column = (each[root] for each in np.nonzero(opens))
    kind[root], sets = _asked(index, row, column)
    return np.where(still, kind[above][run], np.int32(-1)), sets


def _asked(index: Index, row: Numbers, column: Numbers) -> tuple[Ints, tuple[tuple[int, ...], ...]]:
    """Return for each cell the number of the set of atoms that holds its middle, and the sets."""
    lat, lon = _middle(row, 90), _middle(column, 180)
    near = nearby.near(index, lat, lon, metres=np.zeros(len(lat)))
    ends = np.cumsum(np.bincount(near.point, minlength=len(lat)))
    atoms = [tuple(each.tolist()) for each in np.split(near.atom, ends[:-1])]
    number = {each: at for at, each in enumerate(dict.fromkeys(atoms))}
    return np.array([number[each] for each in atoms], np.int32), tuple(number)
