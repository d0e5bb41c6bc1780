"""The passwords of a matter's rounds: wrapped while they are needed, gone afterwards; their way stays.

Source: method S60, S90, S133; security.md 6. Behind the shared wall: both centres of an exchange reach a row
by key. The key that wraps is not in this database. That archive and password never take one way is a
constraint here too, so that no other code can bring it about. A centre's addresses are notified ones and
stand in clear; a family's are wrapped like the password, and go with it.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    LargeBinary,
    Row,
    SmallInteger,
    Table,
    Text,
    Uuid,
    insert,
    select,
    update,
)
from sqlalchemy.sql.elements import ColumnElement

from hub.kernel.ids import CentreId, ExchangeId
from hub.kernel.secret import Secret
from hub.passwords.channels import ChannelClass, Route
from hub.passwords.handover import ErasedBecause, Handover, HandoverState, Sending
from hub.plumbing.database import Tx, metadata
from hub.signing.store import Safe, Wrapped, cover
from saikne_schemas.vocabulary import PasswordChannel, Workflow

Condition = ColumnElement[bool]
"""What must still be true of a row for it to be changed."""

_MOMENT = DateTime(timezone=True)
_KEPT, _ERASED = HandoverState.KEPT.value, HandoverState.ERASED.value
_COPIES = Workflow.COPIES.value

passwords = Table(
    "password",
    metadata,
    Column("exchange_id", Uuid, primary_key=True),
    Column("round", SmallInteger, primary_key=True),
    Column("requester_id", Uuid, nullable=False),
    Column("holder_id", Uuid, nullable=False),
    Column("wrapped", LargeBinary, comment="by the keyring, for this round only; null once erased"),
    Column("fingerprint", LargeBinary, nullable=False, comment="SHA-256 of what was wrapped"),
    Column("channel", Text, nullable=False),
    Column("archive_class", Text, nullable=False),
    Column("archive_address", Text, comment="of a centre; a family's is wrapped"),
    Column("password_class", Text, nullable=False),
    Column("password_address", Text, comment="of a centre; a family's is wrapped"),
    Column("state", Text, nullable=False, server_default=_KEPT),
    Column("sending", SmallInteger, nullable=False, server_default="0", comment="0: not asked for yet"),
    Column("attempts", SmallInteger, nullable=False, server_default="0", comment="of the present sending"),
    Column("provider_id", Text, comment="what the gateway calls the present sending"),
    Column("asked_at", _MOMENT, comment="when the present sending was asked for"),
    Column("sent_at", _MOMENT),
    Column("delivered_at", _MOMENT),
    Column("revealed_at", _MOMENT),
    Column("expires_at", _MOMENT, comment="null until dispatch"),
    Column("prolonged", SmallInteger, nullable=False, server_default="0", comment="how often"),
    Column("erased_at", _MOMENT),
    Column("erased_because", Text),
    Column("workflow", Text, nullable=False, server_default=_COPIES, comment="of the matter"),
    Column("wrapped_places", LargeBinary, comment="a family's two addresses, wrapped like the password"),
    CheckConstraint(
        "archive_class <> password_class"
        f" OR (workflow = '{_COPIES}' AND password_class = '{ChannelClass.EMAIL}')",  # two centres may agree
        name="another_class",
    ),
    CheckConstraint("lower(archive_address) <> lower(password_address)", name="another_address"),
    CheckConstraint(f"state IN ({', '.join(repr(state.value) for state in HandoverState)})", name="state"),
    CheckConstraint(f"(wrapped IS NULL) = (state = '{_ERASED}')", name="erased"),
    CheckConstraint("num_nulls(erased_at, erased_because) = 2 * (wrapped IS NOT NULL)::int", name="reason"),
    CheckConstraint("round > 0", name="round"),
    CheckConstraint(
        f"num_nonnulls(archive_address, password_address) = 2 * (workflow = '{_COPIES}')::int",
        name="in_clear",
    ),
    CheckConstraint(
        f"(wrapped_places IS NOT NULL) = (workflow <> '{_COPIES}' AND wrapped IS NOT NULL)",
        name="as_the_password",
    ),
    info={
        "wall": "exchange",
        "grant": "SELECT, INSERT",
        "changes": (
            "wrapped state sending attempts provider_id asked_at sent_at delivered_at revealed_at "
            "expires_at prolonged erased_at erased_because wrapped_places"
        ),
    },
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A password as it is kept, without what would open it."""

    handover: Handover
    channel: PasswordChannel
    address: str | None
    """Of a centre; of a family only `places` tells."""
    archive_address: str | None
    state: HandoverState
    sending: int
    attempts: int
    fingerprint: bytes
    provider_id: str | None
    asked_at: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None
    revealed_at: datetime | None
    expires_at: datetime | None
    prolonged: int
    erased_at: datetime | None
    erased_because: str | None

    @property
    def present(self) -> Sending:
        return Sending(self.handover, self.sending)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the two go. Never shown."""

    archive: str = field(repr=False)
    password: str = field(repr=False)


async def keep(tx: Tx, safe: Safe, handover: Handover, route: Route, secret: Secret) -> None:
    """Keep a password for a round, wrapped.

    Its fingerprint goes into evidence: it names this first wrapping for good, whatever key comes later, and
    once the wrapped bytes are gone it tells nothing of the password, not even to who holds the key.
    """
    wrapped = await cover(tx, safe, secret, _bound_to(handover.exchange, handover.round))
    of_a_centre = handover.workflow is Workflow.COPIES
    row: dict[str, object] = {
        "exchange_id": handover.exchange,
        "round": handover.round,
        "requester_id": handover.requester,
        "holder_id": handover.holder,
        "wrapped": wrapped,
        "fingerprint": sha256(wrapped).digest(),
        "channel": route.password_channel.value,
        "archive_class": route.archive_class.value,
        "archive_address": route.archive_address if of_a_centre else None,
        "password_class": route.password_class.value,
        "password_address": route.password_address if of_a_centre else None,
        "workflow": handover.workflow.value,
    }
    if not of_a_centre:
        both = Secret(json.dumps([route.archive_address, route.password_address]))
        row["wrapped_places"] = await cover(tx, safe, both, _places_of(handover.exchange, handover.round))
    await tx.execute(insert(passwords).values(row))


async def find(tx: Tx, exchange: ExchangeId, round_: int, *, for_change: bool = False) -> Kept | None:
    """One round's password, without its value. `for_change` holds the row to the transaction's end."""
    asked = select(*_WITHOUT_VALUE).where(_of(exchange, round_))
    row = (await tx.execute(asked.with_for_update() if for_change else asked)).first()
    return _kept(row) if row else None


async def unwrap(tx: Tx, safe: Safe, handover: Handover) -> Secret | None:
    """The value; None once it is erased, or where there never was one."""
    asked = select(passwords.c.wrapped).where(_of(handover.exchange, handover.round))
    wrapped = await tx.scalar(asked)
    return safe.unwrap(wrapped, _bound_to(handover.exchange, handover.round)) if wrapped is not None else None


async def places(tx: Tx, safe: Safe, handover: Handover) -> Places | None:
    """A centre's, or a family's until they are erased."""
    columns = passwords.c.archive_address, passwords.c.password_address, passwords.c.wrapped_places
    row = (await tx.execute(select(*columns).where(_of(handover.exchange, handover.round)))).first()
    if row is None or (row.wrapped_places is None and row.archive_address is None):
        return None
    if row.wrapped_places is None:
        return Places(row.archive_address, row.password_address)
    return Places(
        *json.loads(safe.unwrap(row.wrapped_places, _places_of(handover.exchange, handover.round)).reveal())
    )


async def change(tx: Tx, handover: Handover, *only_if: Condition, **values: object) -> bool:
    """Change the row if it is still as expected, atomically; whether it was."""
    where = (_of(handover.exchange, handover.round), *only_if)
    changed = await tx.execute(update(passwords).where(*where).values(**values))
    return bool(changed.rowcount)


async def reveal(tx: Tx, safe: Safe, handover: Handover, now: datetime) -> Secret | None:
    """The value, to the first who asks and to no other, however many ask at once."""
    taken = (
        update(passwords)
        .where(_of(handover.exchange, handover.round), passwords.c.state == _KEPT)
        .where(passwords.c.revealed_at.is_(None))
        .values(state=HandoverState.REVEALED.value, revealed_at=now)
        .returning(passwords.c.wrapped)
    )
    wrapped = (await tx.execute(taken)).scalar()
    return safe.unwrap(wrapped, _bound_to(handover.exchange, handover.round)) if wrapped is not None else None


async def erase(tx: Tx, handover: Handover, because: ErasedBecause, now: datetime) -> bool:
    """Whether there was still something to erase."""
    return await change(
        tx,
        handover,
        passwords.c.wrapped.is_not(None),
        wrapped=None,
        wrapped_places=None,
        state=_ERASED,
        erased_at=now,
        erased_because=because.value,
    )


AS_SEEN = """
    password.channel, password.password_address, password.state AS password_state, password.expires_at,
    password.prolonged,
    coalesce(password.erased_at, password.revealed_at, password.delivered_at, password.sent_at) AS password_at
"""
"""What both centres may see of how it travels: SQL, asked beside."""

_WITHOUT_VALUE = [column for column in passwords.c if column.name not in {"wrapped", "wrapped_places"}]


def _of(exchange: ExchangeId, round_: int) -> Condition:
    return (passwords.c.exchange_id == exchange) & (passwords.c.round == round_)


def _bound_to(exchange: UUID, round_: int) -> bytes:
    """A wrapped password put into another row does not open."""
    return f"password:{exchange}:{round_}".encode()


def _places_of(exchange: UUID, round_: int) -> bytes:
    return f"password-places:{exchange}:{round_}".encode()


WRAPPED = (
    Wrapped("passwords", passwords.c.wrapped, lambda row: _bound_to(row.exchange_id, row.round)),
    Wrapped("addresses", passwords.c.wrapped_places, lambda row: _places_of(row.exchange_id, row.round)),
)


def _kept(row: Row[Any]) -> Kept:
    handover = Handover(
        ExchangeId(row.exchange_id),
        row.round,
        CentreId(row.requester_id),
        CentreId(row.holder_id),
        Workflow(row.workflow),
    )
    return Kept(
        handover=handover,
        channel=PasswordChannel(row.channel),
        address=row.password_address,
        archive_address=row.archive_address,
        state=HandoverState(row.state),
        sending=row.sending,
        attempts=row.attempts,
        fingerprint=row.fingerprint,
        provider_id=row.provider_id,
        asked_at=row.asked_at,
        sent_at=row.sent_at,
        delivered_at=row.delivered_at,
        revealed_at=row.revealed_at,
        expires_at=row.expires_at,
        prolonged=row.prolonged,
        erased_at=row.erased_at,
        erased_because=row.erased_because,
    )
