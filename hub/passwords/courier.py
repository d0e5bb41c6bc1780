"""How a promised password is brought: taken up, sent, noted; nothing is held while a gateway thinks.

Source: method S60; design.md 7. At least once: the identity of a sending makes a repetition harmless for the
gateway, and a sending that is noted is not taken up again. An Outage lets the job live until the password's
time is over; a Refusal ends it and both centres are told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from hub.kernel import clock
from hub.kernel.documents import JsonObject
from hub.kernel.refusal import Outage, Refusal
from hub.kernel.secret import Secret
from hub.passwords import casework
from hub.passwords.handover import Handover, Sending
from hub.plumbing.database import Database
from hub.signing.store import Safe
from saikne_schemas.vocabulary import PasswordChannel


class NoOutlet(Outage):
    """The operator has not configured the way that a centre was promised."""

    code = "passwords.no-outlet"
    retry_after = timedelta(minutes=1)


class Outlet(Protocol):
    """A way out (`gateways`): answers with its own name for the message."""

    async def send(self, address: str, password: Secret, sending: Sending) -> str: ...


@dataclass(frozen=True, slots=True)
class Courier:
    database: Database
    safe: Safe
    outlets: Mapping[PasswordChannel, Outlet]
    now: Callable[[], datetime] = clock.now

    async def hand_over(self, payload: JsonObject) -> None:
        """Keep the promise of a sending (`casework.HAND_OVER`)."""
        sending = Sending(Handover.of(payload), int(payload["sending"]))
        parties = sending.handover.parties
        async with self.database.transaction(parties) as tx:
            errand = await casework.take_up(tx, self.safe, sending, self.now())
        try:
            provider_id = await self._outlet(errand.channel).send(errand.address, errand.password, sending)
        except Refusal as refused:
            async with self.database.transaction(parties) as tx:
                await casework.undeliverable(tx, sending, refused.code)
        else:
            async with self.database.transaction(parties) as tx:
                await casework.sent(tx, sending, provider_id, self.now())

    def _outlet(self, channel: PasswordChannel) -> Outlet:
        if channel not in self.outlets:
            raise NoOutlet(channel=channel.value)
        return self.outlets[channel]
