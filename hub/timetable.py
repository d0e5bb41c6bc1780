"""The worker's work: which room keeps which promise, and what recurs when."""

from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from hub.access.store import clean_up
from hub.agis.casework.time_passing import pass_time
from hub.board import store as board
from hub.board.casework import telling as mornings
from hub.board.casework.pushing import Pushes
from hub.centres import store as centres
from hub.duties import casework as duties
from hub.exchange.casework import erasing, ownerless, time_passing
from hub.exchange.casework.case import Desk as ExchangeDesk
from hub.exchange.casework.exchanges import MOVED
from hub.exchange.casework.mailing import Postroom
from hub.identities import casework as identities
from hub.kernel import clock
from hub.kernel.documents import JsonObject
from hub.kernel.ids import OVERSIGHT, CentreId
from hub.matters.casework import owners
from hub.matters.casework.records import Desk
from hub.matters.casework.recounting import recount
from hub.matters.casework.telling import Notices
from hub.matters.office import MattersOffice
from hub.oversight.casework import telling as oversight
from hub.parcels import casework as parcels
from hub.parts import Parts
from hub.passwords import casework as passwords
from hub.passwords.casework import HAND_OVER, HAND_OVER_BEFORE
from hub.passwords.courier import Courier, Outlet
from hub.passwords.gateways.second_mailbox import SecondMailbox
from hub.passwords.gateways.sms import SmsGateway
from hub.passwords.handover import Handover
from hub.people.casework import sessions
from hub.plans.casework import dispatching as plans
from hub.plans.casework import ending, preparing
from hub.plans.casework import time_passing as plan_time
from hub.plans.casework.mailing import Postman
from hub.plans.casework.nearing import look_for_talks
from hub.plumbing.outbound import gateway_client
from hub.plumbing.promises import Overtaken, promise
from hub.plumbing.worker import Worker
from hub.proofs import casework as proofs
from hub.reconciliation.casework import telling as reconciliation
from hub.transfers.casework.family_moves import FAMILY_MOVES
from hub.transfers.casework.hearing import hear, hear_all
from hub.transfers.casework.time_passing import establish_days
from hub.transfers.family import silence
from hub.workflows import WORKFLOWS
from saikne_schemas.vocabulary import PasswordChannel, Workflow

log = structlog.get_logger(__name__)

COUNTED_FROM = {FAMILY_MOVES.kind: frozenset(silence.COUNTS_FROM)}
"""An older version counted a centre's days from other events, after which saying nothing meant nothing."""
BY_MAIL = (
    *("exchange.tell", "exchange.mail_archive", "matters.tell", "reconciliation.tell"),
    *(oversight.TELL, plans.MAIL, mornings.TELL),
    *(duties.TELL, passwords.TELL, "matters.remind", HAND_OVER[PasswordChannel.EMAIL]),
)
BY_SMS = (HAND_OVER[PasswordChannel.SMS],)
"""Promises that nobody keeps where no mail server, or no gateway, is set: they wait for a worker that has it,
untried, and go out when one starts."""


def worker(parts: Parts) -> Worker:
    """A worker that keeps every promise of the hub, as far as it has a way out for it."""
    assert parts.settings.database_url is not None  # noqa: S101  # parts are not made without one
    work = Worker(parts.settings.database_url)
    courier = Courier(parts.database, parts.keyring, _outlets(parts))
    for channel in courier.outlets:
        work.handle(HAND_OVER[channel], courier.hand_over)
    work.handle(HAND_OVER_BEFORE, courier.hand_over)
    _say_what_is_missing(parts)
    for name in (passwords.LAPSE, "exchange.lapse"):  # the second is what was promised by an older version
        work.handle(name, _lapse(parts))
    work.handle("exchange.abandon", _in_time(parts, time_passing.abandon))
    work.handle("exchange.erase_payload", _erase(parts))
    work.handle(MOVED, partial(hear, parts.office))
    work.handle(oversight.LOOK, _look_for_late(parts))
    pushes = Pushes(parts.database, parts.keyring, parts.office.calendars, parts.people.push)
    work.handle(mornings.PUSH, pushes.tell)
    _handle_plans(work, parts)
    if parts.mail is not None:
        postroom = Postroom(
            parts.database,
            parts.blobs,
            parts.mail,
            parts.settings.public_url,
            parts.settings.attachment_bytes,
        )
        for name in ("exchange.tell", passwords.TELL):
            work.handle(name, postroom.tell)
        work.handle("exchange.mail_archive", postroom.mail_archive)
        work.handle(plans.MAIL, Postman(parts.plans, parts.mail).bring)
        notices = Notices(parts.database, parts.mail, parts.settings.public_url)
        work.handle("matters.tell", notices.tell)
        work.handle("matters.remind", notices.remind)  # promised by an older version
        work.handle(duties.TELL, told_of_a_duty(postroom, notices))
        differences = reconciliation.Notices(parts.database, parts.mail, parts.settings.public_url)
        work.handle("reconciliation.tell", differences.tell)
        digests = oversight.Digests(
            parts.database, parts.mail, parts.office.calendars, parts.settings.public_url
        )
        work.handle(oversight.TELL, digests.tell)
        letters = mornings.Mornings(
            parts.database, parts.keyring, parts.office.calendars, parts.mail, parts.settings.public_url
        )
        work.handle(mornings.TELL, letters.tell)
    for name, when, recurring in _recurring(parts):
        work.recur(name, when, recurring)
    return work


def _say_what_is_missing(parts: Parts) -> None:
    """At the start and by name, so that nobody takes a silence for health."""
    if parts.mail is None:
        log.warning("no way out", what="mail", setting="HUB_SMTP_URL", promises=list(BY_MAIL))
    if not parts.settings.sms_url:
        log.warning("no way out", what="sms", setting="HUB_SMS_URL", promises=list(BY_SMS))


def _outlets(parts: Parts) -> dict[PasswordChannel, Outlet]:
    """The ways out that the operator has configured."""
    outlets: dict[PasswordChannel, Outlet] = {}
    if parts.mail is not None:
        outlets[PasswordChannel.EMAIL] = SecondMailbox(parts.mail)
    if parts.settings.sms_url:
        outlets[PasswordChannel.SMS] = SmsGateway(
            client=gateway_client(),
            url=parts.settings.sms_url,
            token=parts.sms_token,
            sender=parts.settings.sms_sender,
            callback_url=f"{parts.settings.public_url}/v1/gateway/sms/reports",
        )
    return outlets


Keep = Callable[[JsonObject], Awaitable[None]]


def _handle_plans(work: Worker, parts: Parts) -> None:
    """What follows when a plan on its way to a family lapses, does not arrive, or is not sent at all."""

    def kept_by(happen: Callable[[Desk, Handover], Awaitable[None]]) -> Keep:
        async def keep(payload: JsonObject) -> None:
            handover = Handover.of(payload)
            async with parts.plans.desk(handover.holder) as desk:
                await happen(desk, handover)

        return keep

    async def lapse(payload: JsonObject) -> None:
        handover = Handover.of(payload)
        async with parts.plans.desk(handover.holder) as desk:
            await plan_time.lapse(desk, handover, int(payload.get("prolonged", 0)))

    async def erase(payload: JsonObject) -> None:
        await plan_time.erase_payload(parts.plans, Handover.of(payload))

    of_plans = f".{Workflow.SUPPORT_PLAN.value}"
    work.handle(passwords.LAPSE + of_plans, lapse)
    work.handle(passwords.UNDELIVERED + of_plans, kept_by(plan_time.password_not_delivered))
    work.handle(preparing.ABANDON, kept_by(plan_time.abandon))
    work.handle(ending.ERASE_PAYLOAD, erase)


def _in_time(parts: Parts, happen: Callable[[ExchangeDesk, Handover], Awaitable[None]]) -> Keep:
    async def keep(payload: JsonObject) -> None:
        handover = Handover.of(payload)
        async with parts.office.desk(*handover.parties) as desk:
            await happen(desk, handover)

    return keep


def _lapse(parts: Parts) -> Keep:
    async def keep(payload: JsonObject) -> None:
        handover = Handover.of(payload)
        async with parts.office.desk(*handover.parties) as desk:
            await time_passing.lapse(desk, handover, int(payload.get("prolonged", 0)))

    return keep


def told_of_a_duty(postroom: Postroom, notices: Notices) -> Keep:
    """That a duty comes near, is late or was moved, said as its workflow says it."""

    async def keep(payload: JsonObject) -> None:
        if payload["workflow"] == Workflow.COPIES:
            await postroom.remind({**payload, "exchange": payload["about"]})
        else:
            await notices.remind({**payload, "matter": payload["about"]})

    return keep


def _look_for_late(parts: Parts) -> Keep:
    async def keep(payload: JsonObject) -> None:
        async with parts.office.desk(OVERSIGHT) as desk:
            if not await oversight.look(desk):
                raise Overtaken(f"nothing new on {payload['day']}")

    return keep


def _erase(parts: Parts) -> Keep:
    async def keep(payload: JsonObject) -> None:
        await erasing.erase_payload(parts.database, parts.blobs, Handover.of(payload), clock.now())

    return keep


async def find_owners(office: MattersOffice) -> None:
    """Of all matters beside copies. What is heard first may end what would be given an owner."""
    await hear_all(office)
    for workflow in WORKFLOWS:
        await owners.find_owners(office, workflow, COUNTED_FROM.get(workflow.kind, frozenset()))


async def _remind(desk: Desk, tenant: CentreId) -> None:
    """Quarter-hourly, so that a worker that was down in the morning still reminds that day."""
    if not (await board.rule_of(desk.tx, tenant)).is_quiet(desk.now):
        await duties.remind(desk.tx, tenant, await desk.calendars.current(desk.tx), desk.now)


def _recurring(parts: Parts) -> list[tuple[str, str, Callable[[], Awaitable[object]]]]:
    async def everyone() -> list[CentreId]:
        async with parts.database.transaction() as tx:
            return [centre.id for centre in await centres.directory(tx)]

    def for_everyone(each: Callable[[Desk, CentreId], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
        async def for_all() -> None:
            for tenant in await everyone():
                async with parts.office.desk(tenant) as desk:
                    await each(desk, tenant)

        return for_all

    async def forget_used() -> None:
        async with parts.database.transaction() as tx:
            await clean_up(tx, clock.now())
        async with parts.people.counter() as counter:
            await sessions.tidy(counter)
        await identities.sweep(parts.database, await everyone(), clock.earlier())

    async def sweep() -> None:
        await parcels.sweep(parts.database, parts.blobs, await everyone(), clock.earlier())

    async def sweep_proofs() -> None:
        await proofs.sweep(parts.database, parts.blobs, await everyone(), clock.earlier())

    async def look_for_late() -> None:
        """As a promise, so that an outage in the morning only puts it off."""
        day = str(clock.riga_day(clock.now()))
        async with parts.database.transaction() as tx:
            await promise(tx, oversight.LOOK, {"day": day}, once=f"{oversight.LOOK}:{day}")

    return [
        ("transfers.establish_days", "* * * * *", partial(establish_days, parts.office)),
        ("matters.find_owners", "7 * * * *", partial(find_owners, parts.office)),
        ("agis.pass_time", "* * * * *", partial(pass_time, parts.office)),
        ("duties.recount", "* * * * *", partial(recount, parts.database)),
        ("exchange.find_owners", "5-59/15 * * * *", partial(ownerless.find_owners, parts.office)),
        ("plans.look_for_talks", "20 * * * *", partial(look_for_talks, parts.office, everyone)),
        ("duties.remind", "*/15 * * * *", for_everyone(_remind)),
        ("board.look", "*/15 * * * *", for_everyone(mornings.look)),
        ("oversight.look", "30 5 * * *", look_for_late),
        ("access.clean_up", "*/10 * * * *", forget_used),
        ("exchange.sweep", "30 1 * * *", sweep),
        ("proofs.sweep", "45 1 * * *", sweep_proofs),
    ]
