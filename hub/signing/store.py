"""What stands in the database covered by a wrapping key: by which one, and how it comes under the newest.

Source: security.md 6. The rooms say which of their columns are covered (`Wrapped`); a value names its key in
its second to seventeenth byte. Who covers a value and who retires a key wait for each other: no value is ever
kept under a key that is gone.
"""

from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from sqlalchemy import Column, ColumnElement, Table, bindparam, func, literal_column, select, tuple_, update

from hub.kernel.secret import Secret
from hub.plumbing.database import Tx, fetch
from hub.signing.key_files import ID_BYTES
from hub.signing.public_key import b64url

_COVERING = 0x5A494B58
"""Any number of our own: held by every transaction that covers a value, taken alone to retire a key."""

Place = tuple[object, ...]
"""A row's primary key."""


class Safe(Protocol):
    """What wraps a secret by a key that is not in the database (`keyring`)."""

    def wrap(self, secret: Secret, aad: bytes) -> bytes: ...

    def unwrap(self, wrapped: bytes, aad: bytes) -> Secret: ...


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A column whose values a wrapping key covers."""

    what: str
    """What people call them."""
    column: Column[bytes]
    bound_to: Callable[[Any], bytes]
    """What a row's value belongs to, and only there can it be uncovered."""

    @property
    def table(self) -> Table:
        return self.column.table

    @property
    def place(self) -> list[Column[Any]]:
        return list(self.table.primary_key)

    @property
    def key(self) -> ColumnElement[bytes]:
        return func.substr(self.column, literal_column("2"), literal_column(str(ID_BYTES)))


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction has brought under the newest key."""

    done: int
    last: Place | None
    """Where the next one goes on; None at the end."""
    damaged: list[Place] = field(default_factory=list)
    """These do not open with the key that they name: they stand as they were."""


async def cover(tx: Tx, safe: Safe, secret: Secret, aad: bytes) -> bytes:
    """Cover a secret that this transaction is going to keep.

    1. From here to the commit no key is retired: a key that is about to be is either gone now, or waits.
    2. Then the keys are looked at, and the newest covers it.
    """
    await fetch(tx, "SELECT pg_advisory_xact_lock_shared($1)", _COVERING)
    return safe.wrap(secret, aad)


async def no_new_ones(tx: Tx) -> None:
    """Until this transaction ends nobody covers anything; whoever is about to has finished."""
    await fetch(tx, "SELECT pg_advisory_xact_lock($1)", _COVERING)


async def under_each_key(tx: Tx, kept: Wrapped) -> dict[str, int]:
    """How many values each key covers, of all centres the transaction acts for."""
    counted = select(kept.key, func.count()).where(kept.column.is_not(None)).group_by(kept.key)
    return {b64url(key): count for key, count in await tx.execute(counted)}


async def rewrap(
    tx: Tx, safe: Safe, kept: Wrapped, *, leave: Iterable[str], after: Place | None, limit: int
) -> Batch:
    """Bring the next values under the newest key, except those under the keys that are to be left.

    Each row is held while it is changed: what was erased meanwhile stays erased.
    """
    await fetch(tx, "SELECT pg_advisory_xact_lock_shared($1)", _COVERING)
    left = [urlsafe_b64decode(key + "=" * (-len(key) % 4)) for key in leave]
    asked = select(*kept.place, kept.column).where(kept.column.is_not(None), kept.key.not_in(left))
    if after is not None:
        asked = asked.where(tuple_(*kept.place) > after)
    rows = (await tx.execute(asked.order_by(*kept.place).limit(limit).with_for_update())).all()
    changed, damaged = [], []
    for row in rows:
        where, bound = tuple(row[:-1]), kept.bound_to(row)
        try:
            again = safe.wrap(safe.unwrap(row[-1], bound), bound)
        except (InvalidTag, ValueError):
            damaged.append(where)
        else:
            changed.append({f"at_{n}": part for n, part in enumerate(where)} | {"again": again})
    if changed:
        here = [column == bindparam(f"at_{n}") for n, column in enumerate(kept.place)]
        await tx.execute(update(kept.table).where(*here).values({kept.column: bindparam("again")}), changed)
    return Batch(len(changed), tuple(rows[-1][:-1]) if len(rows) == limit else None, damaged)
