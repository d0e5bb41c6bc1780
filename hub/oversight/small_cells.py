"""Which figures of a table of centres and kinds stay untold, so that nobody is seen through a small number.

Source: the threshold rule and cell suppression as the Handbook on Statistical Disclosure Control (ESSNet SDC)
has them. Of the two usual bounds, three and five (UNECE/Eurostat glossary of 2005), it is the higher, since
behind a duty there is one family and the country is small. Neither method nor law names one: it is the hub's.

Every total is the sum of its row or column, so a table is a circulation: a figure flows from its row to its
column, a column's total on to the row of totals, and so back to the rows. What is untold can be computed
exactly where it lies on no ring of untold figures along which one could be moved up and down without any
told figure noticing. Each small figure gets such a ring, the cheapest there is: what lies on it stays untold
with it. A reader who knows this rule, and which figures are small, still finds more than one table that fits.
"""

import heapq
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count

AT_LEAST = 5
"""A figure below is untold; nought too, or else its absence would speak."""
A_TOTAL_COUNTS = 10
"""As much as a cell: of two ways to hide something, the one that leaves the totals is taken."""
Cell = tuple[Hashable | None, Hashable | None]
"""Row and column; None is the total of all rows, or of all columns."""
_Node = tuple[bool, Hashable | None]


@dataclass(frozen=True, slots=True)
class Tally:
    """What fell due, and how much of it was done by its day."""

    due: int = 0
    in_time: int = 0

    @property
    def late(self) -> int:
        return self.due - self.in_time


@dataclass(frozen=True, slots=True)
class Untold:
    """`figures` are wholly untold; of `outcomes`, which are more, it is not said how much was in time."""

    figures: frozenset[Cell]
    outcomes: frozenset[Cell]


@dataclass(frozen=True, slots=True)
class _Way:
    """Whether a figure may be moved up or down by one, and what it costs where it has to be untold for it."""

    up: bool
    down: bool
    cost: int = 0


_Ways = Callable[[Cell], _Way]


def untold(table: Mapping[Cell, Tally]) -> Untold:
    """`table` holds every cell with all its totals, and they add up."""
    figures = {cell for cell, tally in table.items() if tally.due < AT_LEAST}
    grid = _Grid(table)

    def counted(cell: Cell) -> _Way:
        return _due_moves(table[cell], 0 if cell in figures else _worth(cell, table[cell]))

    for cell in [cell for cell in table if table[cell].due and cell in figures]:
        ring = grid.ring(cell, counted)
        figures |= set(table) if ring is None else ring
    outcomes = set(figures)
    for cell in [cell for cell in table if table[cell].due and cell in figures]:
        for part in ("in_time", "late"):
            if getattr(table[cell], part):
                _hide_outcome(grid, cell, part, figures, outcomes)
    return Untold(frozenset(figures), frozenset(outcomes))


def _hide_outcome(grid: "_Grid", cell: Cell, part: str, figures: set[Cell], outcomes: set[Cell]) -> None:
    """A part moves with what is due, among wholly untold figures, or against the other part."""

    def with_due(one: Cell) -> _Way:
        way, moves = _due_moves(grid.table[one]), one in figures
        return _Way(moves and way.up, moves and way.down and getattr(grid.table[one], part) > 0)

    def against(one: Cell) -> _Way:
        tally = grid.table[one]
        return _Way(tally.late > 0, tally.in_time > 0, 0 if one in outcomes else _worth(one, tally))

    if grid.ring(cell, with_due) is None:
        ring = grid.ring(cell, against)
        outcomes |= set(grid.table) if ring is None else ring


def _due_moves(tally: Tally, cost: int = 0) -> _Way:
    """A small figure stays small and a large one large: who knows which is which learns no more by it."""
    small = tally.due < AT_LEAST
    up = not small or tally.due < AT_LEAST - 1
    return _Way(up, tally.due > (0 if small else AT_LEAST), cost)


def _worth(cell: Cell, tally: Tally) -> int:
    """What is lost with a figure: as much as it counts, and far more where it is a total."""
    counts: int = A_TOTAL_COUNTS ** cell.count(None)
    return tally.due * counts


class _Grid:
    """A table as a net of rows and columns; between two of them lies one figure."""

    def __init__(self, table: Mapping[Cell, Tally]) -> None:
        self.table = table
        self._about: dict[_Node, list[tuple[Cell, _Node, bool]]] = {}
        for cell in table:
            start, end = _ends(cell)
            self._about.setdefault(start, []).append((cell, end, True))
            self._about.setdefault(end, []).append((cell, start, False))

    def ring(self, cell: Cell, ways: _Ways) -> set[Cell] | None:
        """The cells of the cheapest ring through `cell`, itself among them; None where there is none."""
        (start, end), way = _ends(cell), ways(cell)
        found = [
            *(self._path(end, start, cell, ways) if way.up else ()),
            *(self._path(start, end, cell, ways) if way.down else ()),
        ]
        return {cell, *min(found, key=lambda one: one[0])[1]} if found else None

    def _path(self, start: _Node, end: _Node, without: Cell, ways: _Ways) -> Iterator[tuple[int, list[Cell]]]:
        """The cheapest way from one to the other (Dijkstra), if there is any."""
        order = count()
        waiting: list[tuple[int, int, _Node, list[Cell]]] = [(0, next(order), start, [])]
        done: set[_Node] = set()
        while waiting:
            cost, _, node, passed = heapq.heappop(waiting)
            if node == end:
                yield cost, passed
                return
            if node in done:
                continue
            done.add(node)
            for cell, other, forward in self._about[node]:
                if cell == without or other in done:
                    continue
                way = ways(cell)
                if way.up if forward else way.down:
                    heapq.heappush(waiting, (cost + way.cost, next(order), other, [*passed, cell]))


def _ends(cell: Cell) -> tuple[_Node, _Node]:
    """From where to where a figure flows."""
    row, column = cell
    ends = (True, row), (False, column)
    return ends if (row is None) == (column is None) else ends[::-1]


def with_totals(
    cells: Mapping[Cell, Tally], rows: Iterable[Hashable], columns: Iterable[Hashable]
) -> dict[Cell, Tally]:
    """Every cell of these rows and columns, noughts too, and all their totals."""
    rows, columns = list(rows), list(columns)
    table: dict[Cell, Tally] = {}
    for row in (*rows, None):
        for column in (*columns, None):
            within = [
                cells.get((one, other), Tally())
                for one in ([row] if row is not None else rows)
                for other in ([column] if column is not None else columns)
            ]
            table[row, column] = Tally(sum(one.due for one in within), sum(one.in_time for one in within))
    return table
