"""Nobody computes a small figure: attackers who know every told figure, every sum and the rule itself."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.oversight.small_cells import AT_LEAST, Cell, Tally, Untold, untold, with_totals

Table = Mapping[Cell, Tally]


@st.composite
def tables(draw: Any, rows: int = 5, columns: int = 5, most: int = 14) -> Table:
    height, width = draw(st.integers(1, rows)), draw(st.integers(1, columns))
    small = st.integers(0, AT_LEAST)
    due = st.one_of(st.just(0), small, small, st.integers(0, most))
    cells: dict[Cell, Tally] = {}
    for place in product(range(height), range(width)):
        many = draw(due)
        kept = draw(st.one_of(st.just(many), st.integers(0, many)))
        cells[place] = Tally(many, kept)
    return with_totals(cells, range(height), range(width))


def sums(table: Table) -> Iterator[tuple[Cell, list[Cell]]]:
    """Every total with the cells that it is the sum of."""
    rows = dict.fromkeys(row for row, _ in table if row is not None)
    columns = dict.fromkeys(column for _, column in table if column is not None)
    for row in (*rows, None):
        yield (row, None), [(row, column) for column in columns]
    for column in (*columns, None):
        yield (None, column), [(row, column) for row in rows]


def computed(table: Table, hidden: frozenset[Cell], part: Callable[[Tally], int]) -> set[Cell]:
    """The hidden cells whose figure follows from the told ones by adding and taking away (Gauss)."""
    unknown = sorted(hidden, key=repr)
    lines = []
    for whole, parts in sums(table):
        signs = {whole: -1, **dict.fromkeys(parts, 1)}
        line = [Fraction(signs.get(cell, 0)) for cell in unknown]
        if any(line):
            lines.append(line)
    reduced = _reduced(lines, len(unknown))
    alone = [[place for place, value in enumerate(line) if value] for line in reduced]
    return {unknown[places[0]] for places in alone if len(places) == 1 and part(table[unknown[places[0]]])}


def _reduced(lines: list[list[Fraction]], width: int) -> list[list[Fraction]]:
    done: list[list[Fraction]] = []
    for place in range(width):
        pivot = next((line for line in lines if line[place]), None)
        if pivot is None:
            continue
        lines.remove(pivot)
        pivot = [value / pivot[place] for value in pivot]
        lines = [[a - line[place] * b for a, b in zip(line, pivot, strict=True)] for line in lines]
        done = [[a - line[place] * b for a, b in zip(line, pivot, strict=True)] for line in done]
        done.append(pivot)
    return done


def bounded(table: Table, hidden: frozenset[Cell], part: Callable[[Tally], int]) -> set[Cell]:
    """The hidden cells whose figure follows since none is below nought, and the small ones are small."""
    small = {cell for cell in hidden if table[cell].due < AT_LEAST}
    low = {cell: 0 if cell in hidden else part(tally) for cell, tally in table.items()}
    high = {cell: part(tally) for cell, tally in table.items()}
    high |= {cell: AT_LEAST - 1 if cell in small else 10**6 for cell in hidden}
    relations = list(sums(table))
    while True:
        before = dict(low), dict(high)
        for whole, parts in relations:
            low[whole] = max(low[whole], sum(low[one] for one in parts))
            high[whole] = min(high[whole], sum(high[one] for one in parts))
            for one in parts:
                others = [other for other in parts if other != one]
                low[one] = max(low[one], low[whole] - sum(high[other] for other in others))
                high[one] = min(high[one], high[whole] - sum(low[other] for other in others))
        if before == (low, high):
            return {cell for cell in hidden if low[cell] == high[cell] > 0}


def enumerated(table: Table, hidden: frozenset[Cell]) -> set[Cell]:
    """The hidden cells that are the same in every table that fits, by trying all: only for very small ones.

    This reader knows which of the hidden figures are small, too.
    """
    places = [cell for cell in table if None not in cell]
    choices = [range(9) if cell in hidden else [table[cell].due] for cell in places]
    rows, columns = ({place[which] for place in places} for which in (0, 1))
    fitting: dict[Cell, set[int]] = {}
    for chosen in product(*choices):
        other = with_totals(dict(zip(places, map(Tally, chosen), strict=True)), rows, columns)
        if all(_same(table[cell].due, other[cell].due, hidden=cell in hidden) for cell in table):
            for cell in hidden:
                fitting.setdefault(cell, set()).add(other[cell].due)
    return {cell for cell, values in fitting.items() if len(values) == 1 and table[cell].due}


def _same(real: int, other: int, *, hidden: bool) -> bool:
    return (real < AT_LEAST) == (other < AT_LEAST) if hidden else real == other


@given(tables())
@settings(max_examples=120)
def test_what_is_small_is_untold_and_cannot_be_computed_from_rows_and_columns(table: Table) -> None:
    found = untold(table)
    assert {cell for cell, tally in table.items() if tally.due < AT_LEAST} <= found.figures <= found.outcomes
    for attack in (computed, bounded):
        assert attack(table, found.figures, lambda tally: tally.due) == set()


@given(tables())
@settings(max_examples=120)
def test_how_much_of_a_small_figure_was_late_cannot_be_computed_either(table: Table) -> None:
    """Of a cell that is wholly untold. What is told of as many as five may show who was late of them all."""
    found = untold(table)
    for part in (lambda tally: tally.in_time, lambda tally: tally.late):
        for attack in (computed, bounded):
            assert attack(table, found.outcomes, part) & found.figures == set()


@given(tables(rows=2, columns=2, most=6))
@settings(max_examples=12, deadline=None)
def test_a_reader_who_knows_what_is_small_finds_more_than_one_table_that_fits(table: Table) -> None:
    assert enumerated(table, untold(table).figures) == set()


def test_a_single_small_figure_takes_three_others_with_it() -> None:
    """In a table of large figures: a ring over two rows and two columns, where it costs least."""
    cells: dict[Cell, Tally] = {
        (row, column): Tally(20 + row + column, 20) for row in range(4) for column in range(4)
    }
    found = untold(with_totals({**cells, (1, 1): Tally(3, 2)}, range(4), range(4)))
    assert found.figures == {(1, 1), (1, 0), (0, 1), (0, 0)}


def test_a_table_without_small_figures_is_told_whole() -> None:
    cells: dict[Cell, Tally] = {(row, column): Tally(AT_LEAST, 0) for row in range(3) for column in range(3)}
    assert untold(with_totals(cells, range(3), range(3))) == Untold(frozenset(), frozenset())


def test_attackers_find_what_is_left_open() -> None:
    """The attackers are no straw men: of a table where only the small figure is untold they compute it."""
    cells: dict[Cell, Tally] = {(row, column): Tally(9, 9) for row in range(3) for column in range(3)}
    table = with_totals({**cells, (1, 1): Tally(2, 1)}, range(3), range(3))
    bare = frozenset({(1, 1)})
    for attack in (computed, bounded):
        assert attack(table, bare, lambda tally: tally.due) == bare
    pair = with_totals({(0, 0): Tally(2, 1), (0, 1): Tally(6, 6)}, [0], [0, 1])
    assert enumerated(pair, frozenset({(0, 0)})) == {(0, 0)}
