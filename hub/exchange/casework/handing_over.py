"""The password once more, for longer, or read out: what both centres say of its way (method S60, S90)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hub.centres import store as centres
from hub.duties import store as duties
from hub.duties.duty import WORKING_DAYS, DutyKind
from hub.exchange import ways
from hub.exchange.casework.beside import Effect
from hub.exchange.casework.case import Case, Desk, newest_answer
from hub.exchange.casework.way import way_under_way
from hub.kernel.clock import end_of
from hub.kernel.ids import CentreId
from hub.kernel.secret import Secret
from hub.matters.workflow import Extension, Moment, Outcome
from hub.passwords import casework as passwords
from hub.passwords.channels import Route
from hub.workdays.deadlines import both
from saikne_schemas.manifests import HandOverAgain, Prolong, Reveal


async def way(desk: Desk, _author: CentreId, case: Case, said: HandOverAgain | Reveal) -> Route:
    """Of the newest answer, as both centres stand by it."""
    answer = await newest_answer(desk.tx, case, said.round)
    return await way_under_way(desk.tx, case, answer.way)


def again(case: Case, said: HandOverAgain, _: Moment, _way: Route) -> Effect:
    async def send_again(desk: Desk, case: Case, moment: Moment) -> None:
        await passwords.again(desk.tx, case.handover, moment.now)

    return Outcome(case.record, moves=False, facts={"round": said.round}, beside=(send_again,))


@dataclass(frozen=True, slots=True)
class Collecting:
    """The requester's term to collect, and the day on which it would end."""

    duty: UUID | None
    until: date


async def collecting(desk: Desk, author: CentreId, case: Case, said: Prolong) -> Collecting:
    """The same term again, from where it ends now: whoever asks early loses nothing."""
    answer = await newest_answer(desk.tx, case, said.round)
    ways.check_archive(answer.way)
    lives = passwords.last_day((await passwords.kept(desk.tx, case.handover)).expires_at)
    if lives is None:
        raise passwords.NotHandedOver
    running = await duties.open_about(desk.tx, author, case.identity)
    duty = next((one for one in running if one.kind == DutyKind.CONFIRM_COPIES), None)
    until = await last_day_to_collect(desk, case.requester, duty.due_on if duty else lives)
    return Collecting(duty.id if duty else None, until)


async def last_day_to_collect(desk: Desk, requester: CentreId, since: date) -> date:
    """Three working days of the requester's calendar; the day from which they are counted is none."""
    policy = await centres.calendar_of(desk.tx, requester)
    days = WORKING_DAYS[DutyKind.CONFIRM_COPIES]
    return both(since, days, await desk.calendars.current(desk.tx), policy).due_on


def prolong(case: Case, said: Prolong, _: Moment, known: Collecting) -> Effect:
    """The password lives on, and its requester owes to collect for as long."""

    async def live_on(desk: Desk, case: Case, moment: Moment) -> None:
        await passwords.prolong(desk.tx, case.handover, moment.now, end_of(known.until))

    return Outcome(
        case.record,
        moves=False,
        extends=Extension(known.duty, known.until) if known.duty else None,
        tells=((case.holder, "password_prolonged"),),
        facts={"round": said.round, "until": known.until.isoformat()},
        beside=(live_on,),
    )


class Shown:
    """What a statement that asks for it is answered beside its acceptance: the password, and whom to call."""

    password: Secret
    to: str

    def reveal(self, case: Case, said: Reveal, _: Moment, way: Route) -> Effect:
        """At most once, and only to a person whom the holder has listed."""

        async def show(desk: Desk, case: Case, moment: Moment) -> None:
            listed = (await centres.contacts(desk.tx, case.holder)).contacts.authorised_persons
            self.to = way.password_address
            self.password = await passwords.reveal(
                desk.tx,
                desk.keyring,
                case.handover,
                spoken_by=said.spoken_by,
                authorised=listed,
                now=moment.now,
            )

        return Outcome(
            case.record,
            meets=(DutyKind.READ_PASSWORD_OUT,),
            moves=False,
            facts={"round": said.round},
            beside=(show,),
        )
