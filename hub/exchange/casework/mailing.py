"""What the exchange sends by mail: notices without personal data, and the archive where that was wished.

Source: method S59, S90, S91; features F54 (a notice holds no personal data), 2.2 (it names the case and
ends with its cause). Promised with the deed; the worker keeps it at least once.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hub.duties import store as duties
from hub.duties.casework import still_owed
from hub.duties.duty import DutyKind
from hub.duties.term import moved_facts
from hub.evidence.event import EventKind, Fact
from hub.evidence.store import record
from hub.exchange import store
from hub.exchange.casework.case import hub_case, tell
from hub.kernel import clock
from hub.kernel.documents import JsonObject
from hub.kernel.ids import CentreId, ExchangeId
from hub.kernel.refusal import Refusal
from hub.matters import store as matters
from hub.matters.casework.telling import mailbox_of, owed_in_words
from hub.parcels import casework as parcels
from hub.parcels.store import segments as segments_of
from hub.passwords import store as passwords
from hub.passwords.handover import Handover, short_reference
from hub.plumbing.blobs import Blobs
from hub.plumbing.database import Database
from hub.plumbing.outbound import Attachment, Letter, Mail, MailTooLarge, attached_bytes
from hub.plumbing.promises import Overtaken
from hub.wording.catalogue import LANGUAGES, text
from saikne_schemas.marking import MARKING
from saikne_schemas.vocabulary import ExchangeState

UNASKED = {
    "answer_dispatched": "information_dispatched",
    "disputed": "information_disputed",
    "disputed_late": "information_disputed",
    "abandoned": "information_abandoned",
    "withdrawn": "information_declined",
}
"""What is said otherwise where nothing was asked for and nothing is owed by a day."""


_SAYS_UNTIL = (DutyKind.CONFIRM_COPIES, DutyKind.SEND_AGAIN, DutyKind.DECIDE_EXTENSION)
"""Of which a notice says by when; the end of a password's life is that of the term to collect."""


_WHERE, _OVERSEEN = "mail.where", "mail.where.overseen"
"""Where a party looks; and an overseer, who sees what is owed and not the exchange."""


@dataclass(frozen=True, slots=True)
class Postroom:
    database: Database
    blobs: Blobs
    mail: Mail
    public_url: str
    attachment_bytes: int
    now: Callable[[], datetime] = clock.now

    async def tell(self, payload: JsonObject) -> None:
        """Keep the promise `exchange.tell`."""
        exchange, tenant = ExchangeId(UUID(payload["exchange"])), CentreId(UUID(payload["to"]))
        async with self.database.transaction([tenant]) as tx:
            to = await mailbox_of(tx, tenant)
            duty = await duties.of_exchange(tx, tenant, exchange)
            running = await duties.open_about(tx, tenant, exchange)
            row = await matters.find(tx, exchange)
        day = clock.riga_day(self.now())
        due = duty.due_on if duty else day
        said = str(payload["notice"])
        notice = said if duty else UNASKED.get(said, said)
        identity = f"{exchange}:{tenant}:{said}:{day}:{due}"
        until = min((one.due_on for one in running if one.kind in _SAYS_UNTIL), default=day)
        facts = {"due": f"{due:%d.%m.%Y}", **(moved_facts(duty) if duty else {})}
        facts |= {"until": f"{until:%d.%m.%Y}"}
        is_party = row is not None and tenant in row.parties
        letter = self._notice(to, exchange, notice, facts, identity, where=_WHERE if is_party else _OVERSEEN)
        await self.mail.send(letter, self.now())

    async def remind(self, payload: JsonObject) -> None:
        """That one duty comes near, is late or was moved; an answer's in the words that are its own."""
        exchange, tenant = ExchangeId(UUID(payload["exchange"])), CentreId(UUID(payload["to"]))
        async with self.database.transaction([tenant]) as tx:
            to = await mailbox_of(tx, tenant)
            owed = await still_owed(tx, tenant, UUID(payload["duty"]))
        said = str(payload["notice"])
        notice = said if owed.kind == DutyKind.ANSWER else f"copies_{said}"
        facts = {"due": f"{owed.due_on:%d.%m.%Y}", **moved_facts(owed)}
        identity = f"{exchange}:{tenant}:{said}:{clock.riga_day(self.now())}:{owed.due_on}:{owed.kind}"
        await self.mail.send(self._notice(to, exchange, notice, facts, identity, kind=owed.kind), self.now())

    def _notice(
        self,
        to: str,
        exchange: ExchangeId,
        notice: str,
        known: dict[str, str],
        identity: str,
        *,
        kind: str = DutyKind.ANSWER,
        where: str = _WHERE,
    ) -> Letter:
        facts = {"ref": short_reference(exchange), "id": exchange, **known}
        parts = [
            text(f"mail.{notice}", language, **facts, **owed_in_words(kind, language))
            for language in LANGUAGES
        ]
        places = [text(where, language, **facts, hub=self.public_url) for language in LANGUAGES]
        body = "\n\n".join(f"{part}\n{place}" for part, place in zip(parts, places, strict=True))
        subject = text(f"mail.{notice}.subject", "lv", **facts)
        return Letter(to=to, subject=subject, text=body + "\n", identity=identity)

    async def mail_archive(self, payload: JsonObject) -> None:
        """Keep the promise `exchange.mail_archive`: the archive itself, or a link where it is too large."""
        handover = Handover.of(payload)
        async with self.database.transaction(handover.parties) as tx:
            case = await hub_case(tx, handover)
            answer = await store.find_answer(tx, handover.exchange, handover.round)
            kept = await passwords.find(tx, handover.exchange, handover.round)
            segments = await segments_of(tx, handover)
        if case is None or answer is None or kept is None or kept.archive_address is None:
            raise Overtaken("no such round")
        if case.state is not ExchangeState.DISPATCHED:  # without its password no archive goes out
            raise Overtaken(case.state.value)
        if answer.delivery != "queued":
            raise Overtaken(str(answer.delivery))
        fits = attached_bytes(answer.archive_bytes) <= self.attachment_bytes
        content = await parcels.content(self.blobs, segments, answer.directory) if fits else None
        try:
            went = await self._mailed(handover, kept.archive_address, content)
        except Refusal as refused:
            await self._note(handover, "failed", refused.code)
        else:
            await self._note(handover, went, None)

    async def _mailed(self, handover: Handover, to: str, content: bytes | None) -> str:
        """How it went: attached where a server takes so much, else as a link."""
        if content is not None:
            with contextlib.suppress(MailTooLarge):
                await self.mail.send(self._archive_letter(handover, to, content), self.now())
                return "mailed"
        await self.mail.send(self._archive_letter(handover, to, None), self.now())
        return "linked"

    def _archive_letter(self, handover: Handover, to: str, content: bytes | None) -> Letter:
        ref = short_reference(handover.exchange)
        link = f"{self.public_url}/v1/exchanges/{handover.exchange}/archive"
        kind = "mail.archive" if content is not None else "mail.archive_link"
        body = "\n\n".join(
            text(kind, language, ref=ref, id=handover.exchange, link=link) for language in LANGUAGES
        )
        attachments = (Attachment(f"saikne-{ref}.zip", "application/zip", content),) if content else ()
        name = "archive" if content is not None else "archive-link"  # another content, another letter
        return Letter(
            to=to,
            subject=text("mail.archive.subject", "lv", ref=ref),
            text=f"{MARKING}\n\n{body}\n",
            identity=f"{name}:{handover.exchange}:{handover.round}",
            attachments=attachments,
        )

    async def _note(self, handover: Handover, delivery: str, reason: str | None) -> None:
        async with self.database.transaction(handover.parties) as tx:
            await store.change_answer(tx, handover.exchange, handover.round, delivery=delivery)
            for party in handover.parties if reason is not None else ():
                await tell(tx, handover.exchange, party, "mail_failed")
            facts: dict[str, Fact] = {"round": handover.round, "delivery": delivery, "reason": reason}
            await record(tx, EventKind.ARCHIVE_MAILED, handover.parties, handover.exchange, facts)
