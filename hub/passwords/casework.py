"""The password's way, verb by verb: made, kept, promised, sent again, read out, reported, erased.

Source: method S60, S90; security.md 6; features N4. Runs inside the exchange's transaction and never commits.
What it promises is kept by `courier`. Evidence holds channel, masked address, time and a fingerprint.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hub.centres.contacts import is_listed
from hub.evidence.event import EventKind, Fact
from hub.evidence.store import record
from hub.kernel.clock import iso, riga_day
from hub.kernel.refusal import Refusal
from hub.kernel.secret import Secret
from hub.passwords import phrase, store
from hub.passwords.channels import Route, masked
from hub.passwords.handover import (
    REPORTED,
    ErasedBecause,
    Handover,
    HandoverState,
    Report,
    Sending,
    too_many,
)
from hub.passwords.store import Kept, passwords
from hub.plumbing.database import Tx
from hub.plumbing.promises import Overtaken, promise
from hub.signing.store import Safe
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.views import HandoverView
from saikne_schemas.vocabulary import PasswordChannel, Workflow

HAND_OVER = {
    PasswordChannel.SMS: "passwords.hand_over_by_sms",
    PasswordChannel.EMAIL: "passwords.hand_over_by_mail",
}
"""The job that sends a password, by its way: only a worker that has the way takes it. Kept by `courier`."""
HAND_OVER_BEFORE = "passwords.hand_over"
"""What it was called while one name stood for every way; such promises are kept to their end."""
LAPSE = "passwords.lapse"
"""That a password's time is over; what comes of it is bound in `timetable`, as of the next."""
TELL = "passwords.tell"
"""That a centre has to know of it."""
UNDELIVERED = "passwords.undelivered"
"""The same where no exchange is concerned: its room does what follows."""
TIMES_LONGER = 3
"""How often a requester may ask for more time."""

_KEPT = HandoverState.KEPT.value
_REPORTED_KIND = {
    HandoverState.DELIVERED: EventKind.HANDOVER_DELIVERED,
    HandoverState.FAILED: EventKind.HANDOVER_FAILED,
}


class NotHandedOver(Refusal):
    """The answer is not dispatched, or there is none: there is no password to speak of."""

    code = "passwords.not-handed-over"


class Expired(Refusal):
    """Its time is over, or its reason: the password is erased and nobody can bring it back."""

    code = "passwords.expired"


class ProlongedTooOften(Refusal):
    """Whoever has not collected by then says what is wrong, and is sent the copies again."""

    code = "passwords.prolonged-too-often"


class TooManyTries(Refusal):
    code = "passwords.too-many-tries"


class SpokenNotSent(Refusal):
    """A password for channel `voice` is read out by the holder; the hub has nothing to send."""

    code = "passwords.spoken-not-sent"


class NotVoice(Refusal):
    code = "passwords.not-voice"


class PersonNotAuthorised(Refusal):
    code = "passwords.person-not-authorised"


class AlreadyRevealed(Refusal):
    code = "passwords.already-revealed"


@dataclass(frozen=True, slots=True)
class Errand:
    """What the courier needs for one sending."""

    sending: Sending
    channel: PasswordChannel
    address: str
    password: Secret


async def prepare(tx: Tx, safe: Safe, handover: Handover, route: Route) -> Secret:
    """A new password for a round, kept wrapped. A round has one and never another."""
    password = phrase.generate()
    await store.keep(tx, safe, handover, route, password)
    return password


async def unwrap_for_sealing(tx: Tx, safe: Safe, handover: Handover) -> Secret:
    """The same password for every document of the round."""
    password = await store.unwrap(tx, safe, handover)
    if password is None:
        raise Expired
    return password


async def hand_over(
    tx: Tx, handover: Handover, now: datetime, expires: datetime, *, waits: bool = False
) -> None:
    """With the dispatch: from here its time runs, and it is on its way unless it `waits` for the archive."""
    kept = await _kept(tx, handover)
    if kept.expires_at is not None or kept.state is not HandoverState.KEPT:
        raise ValueError("a round is dispatched once")
    await store.change(tx, handover, expires_at=expires, asked_at=now)
    if not waits and kept.channel is not PasswordChannel.VOICE:
        await _first(tx, kept, now)
    await _promise_lapse(tx, handover, 0, expires, now)


async def follow(tx: Tx, handover: Handover, now: datetime) -> None:
    """The archive has gone to its address: now the password goes that waited for it."""
    await _first(tx, _in_time(await _kept(tx, handover), now), now)


async def prolong(tx: Tx, handover: Handover, now: datetime, expires: datetime) -> int:
    """It lives until a later moment; how often that was asked for by now."""
    kept = _in_time(await _kept(tx, handover), now)
    if kept.prolonged >= TIMES_LONGER:
        raise ProlongedTooOften(at_most=TIMES_LONGER)
    times = kept.prolonged + 1
    await store.change(tx, handover, expires_at=expires, prolonged=times)
    await _promise_lapse(tx, handover, times, expires, now)
    return times


async def lapses(tx: Tx, handover: Handover, prolonged: int, now: datetime, until: datetime | None) -> bool:
    """Whether a promised lapse comes now; overtaken where it was prolonged since it was promised.

    `until`: the end of the requester's term to collect. Where the law has moved that, the password waits for
    it, and its lapse is promised anew.
    """
    kept = await store.find(tx, handover.exchange, handover.round, for_change=True)
    if kept is None or kept.expires_at is None:
        return True
    if kept.prolonged != prolonged:
        raise Overtaken("prolonged")
    if until is None or until <= kept.expires_at:
        return True
    await store.change(tx, handover, expires_at=until)
    await _promise_lapse(tx, handover, prolonged, until, now)
    return False


async def again(tx: Tx, handover: Handover, now: datetime) -> None:
    """The requester asks that the same password be sent once more to the same address."""
    kept = _in_time(await _kept(tx, handover), now)
    if kept.channel is PasswordChannel.VOICE:
        raise SpokenNotSent
    if kept.sending == 0:  # its archive has not gone yet
        raise NotHandedOver
    if kept.asked_at is None or too_many(kept.sending - 1, kept.asked_at, now):
        raise TooManyTries
    sending = Sending(handover, kept.sending + 1)
    await store.change(
        tx,
        handover,
        state=_KEPT,
        sending=sending.number,
        attempts=0,
        provider_id=None,
        asked_at=now,
        sent_at=None,
        delivered_at=None,
    )
    await _promise(tx, sending, kept.channel)


async def reveal(
    tx: Tx,
    safe: Safe,
    handover: Handover,
    *,
    spoken_by: AuthorisedPerson,
    authorised: Sequence[AuthorisedPerson],
    now: datetime,
) -> Secret:
    """Show the password once, in groups with its check symbol, to a listed person of the holder's."""
    kept = await _kept(tx, handover)
    if kept.channel is not PasswordChannel.VOICE:
        raise NotVoice
    _in_time(kept, now)
    if not is_listed(spoken_by, authorised):
        raise PersonNotAuthorised
    password = await store.reveal(tx, safe, handover, now)
    if password is None:
        raise AlreadyRevealed
    await _record(tx, EventKind.HANDOVER_REVEALED, kept, position=spoken_by.position)
    return phrase.dictated(password)


async def take_up(tx: Tx, safe: Safe, sending: Sending, now: datetime) -> Errand:
    """What is to be sent now; overtaken when it was sent, sent again since, or erased and so told of.

    One whose time is over while it still stands here was never sent, and nobody knows: that is a person's.
    """
    kept = await store.find(tx, sending.handover.exchange, sending.handover.round, for_change=True)
    if kept is None:
        raise Overtaken("nothing kept")
    if kept.present != sending:
        raise Overtaken("another sending")
    if kept.state is not HandoverState.KEPT:
        raise Overtaken(kept.erased_because or kept.state.value)
    if _over(kept, now):
        raise Expired
    password = await store.unwrap(tx, safe, sending.handover)
    places = await store.places(tx, safe, sending.handover)
    assert password is not None and places is not None  # noqa: S101, PT018  # by the table's own constraints
    await store.change(tx, sending.handover, attempts=kept.attempts + 1)
    return Errand(sending, kept.channel, places.password, password)


async def sent(tx: Tx, sending: Sending, provider_id: str, now: datetime) -> None:
    """A gateway took it. Nothing to do where its report was faster."""
    values = {"state": HandoverState.SENT.value, "provider_id": provider_id, "sent_at": now}
    if await store.change(tx, sending.handover, *_still(sending), **values):
        await _record(tx, EventKind.HANDOVER_SENT, await _kept(tx, sending.handover))


async def undeliverable(tx: Tx, sending: Sending, reason: str) -> None:
    """It can never be brought to this address: a person has to act."""
    if await store.change(tx, sending.handover, *_still(sending), state=HandoverState.FAILED.value):
        await _failed(tx, await _kept(tx, sending.handover), reason)


async def delivery_report(tx: Tx, sending: Sending, report: Report, provider_id: str, now: datetime) -> bool:
    """What the gateway tells of a message; whether it was news. Repeated, late or unknown: it is not."""
    kept = await store.find(tx, sending.handover.exchange, sending.handover.round, for_change=True)
    if kept is None or kept.present != sending or kept.provider_id not in (None, provider_id):
        return False
    early = kept.state is HandoverState.KEPT and kept.attempts > 0
    state = REPORTED.get((HandoverState.SENT if early else kept.state, report))
    if state is None:
        return False
    values = {"state": state.value, "provider_id": provider_id, "sent_at": kept.sent_at or now}
    if state is HandoverState.DELIVERED:
        values["delivered_at"] = now
    await store.change(tx, sending.handover, **values)
    if early:
        await _record(tx, EventKind.HANDOVER_SENT, kept)
    if state is HandoverState.FAILED:
        await _failed(tx, kept, "reported")
    else:
        await _record(tx, _REPORTED_KIND[state], kept)
    return True


async def erase(tx: Tx, handover: Handover, because: ErasedBecause, now: datetime) -> bool:
    """The password's last reason is gone, and so is the password. Asked twice it is the same."""
    kept = await store.find(tx, handover.exchange, handover.round)
    if kept is None or not await store.erase(tx, handover, because, now):
        return False
    await _record(tx, EventKind.PASSWORD_ERASED, kept, because=because.value)
    return True


async def kept(tx: Tx, handover: Handover) -> Kept:
    """How a round's password is to travel, without what would open it."""
    found = await store.find(tx, handover.exchange, handover.round)
    if found is None:
        raise NotHandedOver
    return found


def view(row: Any) -> HandoverView | None:
    """How a password travels, as both centres may see it, of a row that holds `store.AS_SEEN`."""
    if row.channel is None:
        return None
    return HandoverView(
        channel=row.channel,
        address=masked(row.password_address),
        state=row.password_state,
        at=row.password_at,
        expires_at=row.expires_at,
        last_day=last_day(row.expires_at),
        prolonged=row.prolonged,
    )


def last_day(expires_at: datetime | None) -> date | None:
    """On which a password still lives."""
    return None if expires_at is None else riga_day(expires_at - timedelta(microseconds=1))


async def _kept(tx: Tx, handover: Handover) -> Kept:
    kept = await store.find(tx, handover.exchange, handover.round, for_change=True)
    if kept is None:
        raise NotHandedOver
    return kept


def _in_time(kept: Kept, now: datetime) -> Kept:
    if kept.expires_at is None and kept.state is not HandoverState.ERASED:
        raise NotHandedOver
    if _over(kept, now):
        raise Expired
    return kept


def _over(kept: Kept, now: datetime) -> bool:
    return kept.state is HandoverState.ERASED or (kept.expires_at is not None and now >= kept.expires_at)


def _still(sending: Sending) -> tuple[store.Condition, store.Condition]:
    """Nothing has happened to this sending since it was taken up."""
    return passwords.c.state == _KEPT, passwords.c.sending == sending.number


async def _first(tx: Tx, kept: Kept, now: datetime) -> None:
    await store.change(tx, kept.handover, sending=1, asked_at=now)
    await _promise(tx, Sending(kept.handover, 1), kept.channel)


async def _promise(tx: Tx, sending: Sending, channel: PasswordChannel) -> None:
    payload = {**sending.handover.payload(), "sending": sending.number}
    await promise(tx, HAND_OVER[channel], payload, once=f"hand-over:{sending.identity}")


async def _promise_lapse(
    tx: Tx, handover: Handover, prolonged: int, expires: datetime, now: datetime
) -> None:
    """At its end, which an earlier promise does not know of."""
    payload = handover.payload() | ({"prolonged": prolonged} if prolonged else {})
    once = f"lapse:{handover.exchange}:{handover.round}:{prolonged}:{iso(expires)}"
    await promise(tx, handover.promised(LAPSE), payload, after=expires - now, once=once)


async def _failed(tx: Tx, kept: Kept, reason: str) -> None:
    if kept.handover.workflow is not Workflow.COPIES:
        once = f"undelivered:{kept.present.identity}"
        await promise(tx, kept.handover.promised(UNDELIVERED), kept.handover.payload(), once=once)
    else:
        for party in kept.handover.parties:  # a promise each: one's dead mailbox is nothing to the other
            payload: dict[str, str | int] = {"exchange": str(kept.handover.exchange), "to": str(party)}
            once = f"password-failed:{kept.present.identity}:{party}"
            await promise(tx, TELL, {**payload, "notice": "password_failed"}, once=once)
    await _record(tx, EventKind.HANDOVER_FAILED, kept, reason=reason)


async def _record(tx: Tx, kind: EventKind, kept: Kept, **facts: Fact) -> None:
    told: dict[str, Fact] = {
        "round": kept.handover.round,
        "channel": kept.channel.value,
        **({"address": masked(kept.address)} if kept.address else {}),
        "fingerprint": kept.fingerprint.hex(),
        "sending": kept.sending,
    }
    await record(tx, kind, kept.handover.parties, kept.handover.exchange, {**told, **facts})
