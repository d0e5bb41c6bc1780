"""How a plan is brought to its family: the archive by mail, and when that is taken, its password after it.

Promised with the deed; kept at least once: the same letter each time. Whatever cannot be brought comes back
to the centre as something to do. The letter names the centre and the way to answer, and nobody else: what
stands in it anybody on its way can read. Source: method S133, S134; features F54.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hub.centres import store as centres
from hub.evidence.event import EventKind
from hub.kernel import clock
from hub.kernel.documents import JsonObject
from hub.kernel.refusal import Refusal
from hub.matters.casework.records import Desk
from hub.parcels import casework as parcels
from hub.parcels.store import segments
from hub.passwords import casework as passwords
from hub.passwords import store as password_rows
from hub.passwords.handover import Handover, short_reference
from hub.plans import store
from hub.plans.casework.time_passing import happens, not_delivered, under_way
from hub.plans.office import PlansOffice
from hub.plans.sending import mailed
from hub.plans.steps import Action
from hub.plumbing.outbound import Attachment, Letter, Mail, MailTooLarge
from hub.plumbing.promises import Overtaken
from hub.wording.catalogue import LANGUAGES, text
from saikne_schemas.marking import MARKING
from saikne_schemas.moments import for_people
from saikne_schemas.plan_lists import PlanUndelivered


@dataclass(frozen=True, slots=True)
class Postman:
    office: PlansOffice
    mail: Mail
    now: Callable[[], datetime] = clock.now

    async def bring(self, payload: JsonObject) -> None:
        """Keep the promise `plans.mail`."""
        handover = Handover.of(payload)
        # 1. what is sent, and where, is read; nothing is held while a server thinks
        async with self.office.desk(handover.holder) as desk:
            letter = await self._letter(desk, handover)
        # 2. it goes
        failed: PlanUndelivered | None = None
        try:
            await self.mail.send(letter, self.now())
        except MailTooLarge:
            failed = PlanUndelivered.ARCHIVE_TOO_LARGE
        except Refusal:
            failed = PlanUndelivered.ARCHIVE
        # 3. it is said, unless something was said meanwhile; and only now the password may follow
        async with self.office.desk(handover.holder) as desk:
            await _still_to_go(desk, handover)
            if failed is not None:
                await not_delivered(desk, handover, failed)
            else:
                await happens(desk, handover, Action.MAIL, EventKind.PLAN_MAILED, mailed)
                changed = {"mailed_at": desk.now}
                await store.change_sending(desk.tx, handover.exchange, handover.round, **changed)
                await passwords.follow(desk.tx, handover, desk.now)

    async def _letter(self, desk: Desk, handover: Handover) -> Letter:
        row = await _still_to_go(desk, handover)
        places = await password_rows.places(desk.tx, desk.keyring, handover)
        if places is None or row.directory is None:
            raise Overtaken("erased")
        kept = await passwords.kept(desk.tx, handover)
        sealed = await segments(desk.tx, handover)
        names = await centres.names(desk.tx, {handover.holder})
        content = await parcels.content(self.office.blobs, sealed, row.directory)
        ref = short_reference(handover.exchange)
        day = passwords.last_day(kept.expires_at)
        assert day is not None  # noqa: S101  # it was dispatched
        facts = {"ref": ref, "centre": names[handover.holder], "until": for_people(day)}
        said = "\n\n".join(text("mail.plan", language, **facts) for language in LANGUAGES)
        return Letter(
            to=places.archive,
            subject=text("mail.plan.subject", "lv", **facts),
            text=f"{MARKING}\n\n{said}\n",
            identity=f"plan:{handover.exchange}:{handover.round}",
            attachments=(Attachment(f"saikne-{ref}.zip", "application/zip", content),),
        )


async def _still_to_go(desk: Desk, handover: Handover) -> store.SendingRow:
    """Overtaken where the family has it, or it is not to be sent any more."""
    row = await under_way(desk, handover)
    if row.mailed_at is not None:
        raise Overtaken("mailed")
    return row
