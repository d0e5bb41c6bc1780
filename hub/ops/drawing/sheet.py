"""One drawn matter while it is played: its state, its duties, its answers; then the rows that tell of it.

Duties are opened by the hub's own code (`duties.opened`), with the same rows for every side. What is drawn
has no statements, and no event is written of it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Table

from hub.duties.casework import Opening, opened
from hub.duties.duty import DutyKind, Ending
from hub.duties.ladder import rungs_passed
from hub.duties.tables import duty
from hub.exchange.store import answer
from hub.kernel.ids import OVERSIGHT, CentreId, MatterId
from hub.matters.store import OVERSEES, matter, party
from hub.matters.workflow import Owed
from hub.ops.drawing.days import Days
from hub.oversight.late_list import rungs_reached
from hub.plumbing.database import Tx
from hub.plumbing.rows import Json, Rows, insert
from saikne_schemas.vocabulary import Workflow

_VALUES_AT_MOST = 30_000
"""Of one statement: PostgreSQL takes two thousand more."""
Line = dict[str, object]


@dataclass(slots=True)
class Promised:
    """A duty, once for all its sides."""

    kind: DutyKind
    rows: list[Line]
    due_on: date
    policy: str

    @property
    def runs(self) -> bool:
        return self.rows[0]["ended_at"] is None

    def end(self, at: datetime | None, how: Ending | None) -> None:
        for row in self.rows:
            row |= {"ended_at": at, "ending": how.value if how else None}


@dataclass(slots=True)
class Sheet:
    days: Days
    workflow: Workflow
    roles: Mapping[CentreId, StrEnum]
    """In their order."""
    content: BaseModel
    state: StrEnum
    opened_at: datetime
    about: str
    kind: str | None = None
    identity: MatterId = field(init=False)
    moved_at: datetime = field(init=False)
    duties: list[Promised] = field(default_factory=list)
    answers: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.identity, self.moved_at = MatterId(self.number()), self.opened_at

    def number(self) -> UUID:
        """Random as every other, and the same in every filling."""
        return UUID(int=self.days.rng.getrandbits(128), version=4)

    def move(self, state: StrEnum, at: datetime) -> None:
        self.state, self.moved_at = state, at

    def owe(self, owed: Owed) -> None:
        policy = self.days.policies[owed.owner]
        opening = Opening(
            kind=owed.kind,
            about=self.identity,
            owner=owed.owner,
            awaited_by=owed.awaited_by,
            starts_on=owed.starts_on,
            basis=owed.basis,
            policy=policy,
            workflow=self.workflow,
            working_days=owed.working_days,
        )
        terms, found = opened(opening, self.days.calendars)
        beside = {"id": self.number(), "ended_at": None, "ending": None}
        rows: list[Line] = [{**row, **beside} for row in found.values]
        self.duties.append(Promised(owed.kind, rows, terms.due_on, policy))

    def meet(self, kinds: Collection[DutyKind], at: datetime) -> None:
        self._end(kinds, at, Ending.MET)

    def drop(self, kinds: Collection[DutyKind], at: datetime) -> None:
        self._end(kinds, at, Ending.WITHDRAWN)

    def reopen(self, kind: DutyKind) -> None:
        """The first day goes on to count."""
        next(one for one in reversed(self.duties) if one.kind is kind).end(None, None)

    def _end(self, kinds: Collection[DutyKind], at: datetime, how: Ending) -> None:
        for one in self.duties:
            if one.kind in kinds and one.runs:
                one.end(at, how)

    def tables(self) -> Iterable[tuple[Table, Sequence[Line]]]:
        """Who takes part comes first: by that it is decided who may write the rest."""
        shared: Line = {
            "matter_id": self.identity,
            "workflow": self.workflow.value,
            "state": self.state.value,
            "parties": list(self.roles),
            "opened_at": self.opened_at,
            "moved_at": self.moved_at,
        }
        roles = {one: role.value for one, role in self.roles.items()} | {OVERSIGHT: OVERSEES}
        yield (
            party,
            [
                {**shared, "tenant_id": one, "role": role, "kind": self.kind}
                | {"about": None if one == OVERSIGHT else self.about}
                for one, role in roles.items()
            ],
        )
        content = {"roles": [role.value for role in self.roles.values()]}
        yield matter, [{**shared, **content, "content": Json(self.content.model_dump_json())}]
        yield duty, [row for one in self.duties for row in self._told(one)]
        yield answer, self.answers

    def _told(self, one: Promised) -> Iterable[Line]:
        """Nobody is reminded now of what an installation of this age would have reminded of long ago."""
        calendar = self.days.calendars.of(self.days.policies[CentreId(UUID(str(one.rows[0]["owner_id"])))])
        told = rungs_passed(one.due_on, self.days.today, calendar) if one.runs else 0
        overseen = rungs_reached(one.due_on, self.days.today, calendar) if one.runs else 0
        for row in one.rows:
            yield {**row, "rungs_told": overseen if row["tenant_id"] == OVERSIGHT else told}


async def write(tx: Tx, sheets: Sequence[Sheet]) -> None:
    """All of one table before the next, many rows in one statement."""
    gathered: dict[Table, list[Line]] = {}
    for sheet in sheets:
        for table, rows in sheet.tables():
            gathered.setdefault(table, []).extend(rows)
    for table, rows in gathered.items():
        if rows:
            at_once = _VALUES_AT_MOST // len(rows[0])
            for first in range(0, len(rows), at_once):
                await insert(tx, Rows(table, rows[first : first + at_once]))
