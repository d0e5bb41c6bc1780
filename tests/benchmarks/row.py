"""One row of the table: what was compared, the ratio, the bound it must keep, and the figures behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True)
class Limit:
    """What the quickest code does that keeps the row's obligations, in the same run; made by `limits`."""

    what: str
    """What it keeps, and what it leaves out."""
    figure: float
    """In the row's own measure."""
    raw: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    what: str
    figure: float
    """A ratio; of `memory`, megabytes."""
    at_least: float | None = None
    at_most: float | None = None
    limit: Limit | None = None
    """Of a row that is hard to hold, what could be reached at all."""
    also: "Row | None" = None
    """What else the same measurement must keep."""
    raw: dict[str, object] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return (
            (self.at_least is None or self.figure >= self.at_least)
            and (self.at_most is None or self.figure <= self.at_most)
            and (self.also is None or self.also.holds)
        )

    @property
    def of_limit(self) -> float | None:
        """How near it comes to its limit: 1 is there, a half takes twice as much as it has to."""
        if self.limit is None:
            return None
        more_is_better = self.at_most is None
        return self.figure / self.limit.figure if more_is_better else self.limit.figure / self.figure

    def _limit_as_json(self) -> dict[str, object]:
        if self.limit is None or self.of_limit is None:
            return {}
        told = {"what": self.limit.what, "figure": round(self.limit.figure, 3)}
        return {"limit": {**told, "of_limit": round(self.of_limit, 3), "raw": self.limit.raw}}

    def as_json(self) -> dict[str, object]:
        bounds = {"at_least": self.at_least, "at_most": self.at_most}
        return {
            "what": self.what,
            "figure": round(self.figure, 3),
            **{name: bound for name, bound in bounds.items() if bound is not None},
            "holds": self.holds,
            **self._limit_as_json(),
            **({"also": self.also.as_json()} if self.also else {}),
            "raw": self.raw,
        }


@dataclass(frozen=True)
class Scale:
    """How much is done. The table's figures are those of `FULL`; a smaller one only shows that all runs."""

    pairs: int = 7
    """How often the hub and its yardstick take turns."""
    handovers: int = 3
    upload_bytes: int = 512_000_000
    small_bytes: int = 64_000_000
    large_bytes: int = 2_000_000_000
    calls: int = 1000
    """Create-request calls in one turn."""
    reading_seconds: float = 20.0
    """How long small reads go on in one turn."""
    neighbour_calls: int = 60
    """Of the quiet centre in one turn."""
    noisy_calls_a_second: int = 400
    """More than the hub answers."""
    of_all: int = 1_000_000
    """Exchanges of all centres together, where pages are looked at."""
    of_one_centre: int = 50_000


FULL = Scale()


def ratio_of_pairs(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios of neighbours: what slows the machine for a while slows both."""
    return median(our / their for our, their in zip(ours, theirs, strict=True))


def rounded(figures: Sequence[float]) -> list[float]:
    return [round(figure, 1) for figure in figures]
