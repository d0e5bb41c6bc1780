"""Matters beside copies as records of the engine: who may begin and hold them, what they answer."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import BaseModel

from hub.centres import store as centres
from hub.centres.centre import CentreRole
from hub.kernel.clock import riga_day
from hub.kernel.ids import OVERSIGHT, CentreId, MatterId
from hub.kernel.refusal import Refusal
from hub.matters import store
from hub.matters.casework.engine import Engine
from hub.matters.casework.records import Cause, Desk, Records, Sent
from hub.matters.workflow import AnyOpening, Held, Scene, StepNotAllowed, Workflow
from hub.plumbing.database import Tx, act_for
from hub.plumbing.promises import promised
from hub.plumbing.rows import Rows
from hub.workdays.calendars import Policy, YearNotKnown
from hub.workdays.store import CalendarMissing
from saikne_schemas.matters import MatterAccepted
from saikne_schemas.spelling import KEPT

C = TypeVar("C", bound=BaseModel)


class NotFound(Refusal):
    """Absent, or of other centres: the answer is the same."""

    code = "matters.not-found"


class NotYourMatter(Refusal):
    """The caller is none of the parties that its own statement names."""

    code = "matters.not-your-matter"


class PartyUnknown(Refusal):
    """A matter is begun among active centres, each named once; it goes on when one of them is suspended."""

    code = "matters.party-unknown"


class OtherMatter(Refusal):
    """The signed statement names another matter than the address it was sent to."""

    code = "matters.other-matter"


class IdentityReused(Refusal):
    code = "matters.identity-reused"


def identity_of(author: CentreId, statement: UUID) -> MatterId:
    """A matter is named by who began it and by which statement: a repeated beginning finds the first."""
    return MatterId(uuid5(uuid5(NAMESPACE_URL, f"saikne:matter:{author}"), str(statement)))


class Matters(Records[MatterAccepted, C, Scene, C]):
    about = "matter"
    reused = IdentityReused
    elsewhere = OtherMatter
    may_refuse = (IdentityReused, PartyUnknown, CalendarMissing, YearNotKnown)
    may_refuse_moving = (NotFound, OtherMatter, StepNotAllowed)

    def identity_of(self, author: CentreId, statement: UUID) -> MatterId:
        return identity_of(author, statement)

    def accepted(self, about: UUID, state: str, warnings: Sequence[str], acceptance: str) -> MatterAccepted:
        return MatterAccepted(
            matter=about,
            workflow=self.workflow.kind,
            state=state,
            warnings=list(warnings),
            acceptance=acceptance,
        )

    async def at_beginning(self, desk: Desk, opening: AnyOpening[C], sent: Sent) -> Scene:
        """Each centre once, all of them active, the author among them and in the role that may begin."""
        named = [(CentreId(one), role) for one, role in opening.parties(sent.manifest)]
        roles = dict(named)
        if len(roles) < len(named):
            raise PartyUnknown(centre=str(named[0][0]))
        if sent.author not in roles or sent.whose not in roles:
            raise NotYourMatter
        role = roles[sent.whose]
        if opening.by not in {None, role}:
            raise StepNotAllowed(state=opening.state.value, action="begin", role=role.value)
        scene = await _scene(desk, sent.whose, roles)
        if scene.suspended:
            raise PartyUnknown(centre=str(min(scene.suspended)))
        return scene

    async def hold(self, desk: Desk, identity: UUID, author: CentreId) -> Held[C]:
        held = await self.held(desk, identity)
        if author not in held.roles:
            raise NotFound
        return held

    async def held(self, desk: Desk, identity: UUID, *, also_for: tuple[CentreId, ...] = ()) -> Held[C]:
        """For whoever may act for its parties; the transaction then acts for `also_for` too."""
        row = await store.lock(desk.tx, MatterId(identity))
        if row is None or row.workflow != self.workflow.kind:
            raise NotFound
        roles = roles_of(self.workflow, row)
        await act_for(desk.tx, (*roles, OVERSIGHT, *also_for))
        content = self.workflow.content.model_validate(row.content, context=KEPT)
        return Held(MatterId(identity), self.workflow.states(row.state), roles, content)

    async def moment(self, desk: Desk, author: CentreId, held: Held[C]) -> Scene:
        return await _scene(desk, author, held.roles)

    def notice(self, tx: Tx, cause: Cause, to: CentreId, notice: str) -> Rows:
        return told_of(tx, cause, to, notice)


def engine_of(workflow: Workflow[C]) -> Engine[MatterAccepted, C, Scene, C]:
    """What takes the statements of a workflow whose records are matters."""
    return Engine(workflow, Matters(workflow))


def told_of(tx: Tx, cause: Cause, to: CentreId, notice: str) -> Rows:
    """The promise to mail one notice."""
    about, by = str(cause.identity), str(cause.by)
    payload: dict[str, str | int] = {"matter": about, "to": str(to), "notice": notice, "by": by}
    return promised(tx, "matters.tell", payload)


def roles_of(workflow: Workflow[C], row: store.MatterRow) -> dict[CentreId, StrEnum]:
    """Who is what in a matter."""
    named = zip(row.parties, row.roles, strict=True)
    return {CentreId(centre): workflow.roles(role) for centre, role in named}


async def _scene(desk: Desk, author: CentreId, roles: Mapping[CentreId, StrEnum]) -> Scene:
    """What a rule may know of those who take part; `author` is whose hand it is, or in whose place."""
    known = await centres.find(desk.tx, roles)
    for one in roles:
        found = known.get(one)
        if found is None or found.role is not CentreRole.CENTRE:
            raise PartyUnknown(centre=str(one))
    return Scene(
        now=desk.now,
        today=riga_day(desk.now),
        author=author,
        roles=roles,
        calendars=await desk.calendars.current(desk.tx),
        policies={one: Policy(centre.calendar) for one, centre in known.items()},
        suspended=frozenset(one for one, centre in known.items() if not centre.takes_part),
    )
