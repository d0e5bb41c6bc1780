"""Requests that wait for a person, and what persons have approved: written and read once each.

A request is pushed by a centre's system, brought by a browser within a minute, and then waits some minutes
for the person. An approval is found by its code, once; then by the token that it gave, at every call, until
that has run out or the approval is ended: the token ends with it. Source: RFC 6749 (4.1.2), 9126, 9449 (10).
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from hub.access.tables import approval, pushed_request, return_address
from hub.kernel.ids import CentreId
from hub.plumbing.database import Tx

BROUGHT_WITHIN = timedelta(seconds=60)
DECIDED_WITHIN = timedelta(minutes=10)
"""Signing in may have to come first."""
CODE_LIVES = timedelta(seconds=60)
OPEN_AT_MOST = 100
"""Requests of one centre: so many of its people may be coming in at the same moment."""
_URN = "urn:ietf:params:oauth:request_uri:"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a system asks of a person."""

    centre: CentreId
    redirect_uri: str
    scope: str
    state: str | None
    challenge: str
    jkt: str


@dataclass(frozen=True, slots=True)
class Approval:
    """Whom a person has let act in his name, and how far; the names of methods are Authlib's."""

    key: bytes
    person: UUID
    redirect_uri: str
    scope: str
    code_challenge: str
    jkt: str
    code_challenge_method: str = "S256"

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope


@dataclass(frozen=True, slots=True)
class Approved:
    """In whose name a system acts, and what the person may."""

    person: UUID
    acts: frozenset[str]


def key_of(brought: str) -> bytes:
    return hashlib.sha256(brought.encode(errors="surrogatepass")).digest()


def open_requests(connection: Connection, centre: CentreId, now: datetime) -> int:
    """How many may still be brought, or wait for a person."""
    waits = or_(pushed_request.c.brought_at.is_not(None), pushed_request.c.bring_by > now)
    mine = pushed_request.c.centre_id == centre, pushed_request.c.expires_at > now
    return connection.execute(select(func.count()).where(*mine, waits)).scalar_one()


def push(connection: Connection, asked: Asked, now: datetime) -> str:
    """The name under which a browser brings it."""
    request_uri = _URN + secrets.token_urlsafe(32)
    connection.execute(
        insert(pushed_request).values(
            key=key_of(request_uri),
            centre_id=asked.centre,
            redirect_uri=asked.redirect_uri,
            scope=asked.scope,
            state=asked.state,
            challenge=asked.challenge,
            jkt=asked.jkt,
            bring_by=now + BROUGHT_WITHIN,
            expires_at=now + DECIDED_WITHIN,
        )
    )
    return request_uri


async def brought(tx: Tx, request_uri: str, now: datetime) -> Asked | None:
    """What a browser brings, if it still counts and people may still be sent back there."""
    known = select(return_address.c.address).where(
        return_address.c.centre_id == pushed_request.c.centre_id,
        return_address.c.address == pushed_request.c.redirect_uri,
    )
    asked = select(pushed_request).where(pushed_request.c.key == key_of(request_uri), known.exists())
    row = (await tx.execute(asked)).first()
    if row is None or row.expires_at <= now or (row.brought_at is None and row.bring_by <= now):
        return None
    return Asked(
        centre=CentreId(row.centre_id),
        redirect_uri=row.redirect_uri,
        scope=row.scope,
        state=row.state,
        challenge=row.challenge,
        jkt=row.jkt,
    )


async def note_brought(tx: Tx, request_uri: str, now: datetime) -> None:
    """The transaction acts for the centre whose request it is."""
    mine = pushed_request.c.key == key_of(request_uri), pushed_request.c.brought_at.is_(None)
    await tx.execute(update(pushed_request).where(*mine).values(brought_at=now))


async def decided(tx: Tx, request_uri: str) -> bool:
    """Whether it had not been: of two answers one counts."""
    done = await tx.execute(delete(pushed_request).where(pushed_request.c.key == key_of(request_uri)))
    return done.rowcount == 1


async def approve(tx: Tx, asked: Asked, approved: Approved, scope: str, now: datetime) -> str:
    """The code, which counts once."""
    code = secrets.token_urlsafe(32)
    await tx.execute(
        insert(approval).values(
            key=key_of(code),
            centre_id=asked.centre,
            person_id=approved.person,
            acts=sorted(approved.acts),
            redirect_uri=asked.redirect_uri,
            scope=scope,
            challenge=asked.challenge,
            jkt=asked.jkt,
            approved_at=now,
            expires_at=now + CODE_LIVES,
        )
    )
    return code


def take(connection: Connection, centre: CentreId, code: str, now: datetime) -> Approval | None:
    """What a code stands for, once; used a second time it ends what it gave (RFC 6749 4.1.2)."""
    mine = approval.c.key == key_of(code), approval.c.centre_id == centre
    used = update(approval).where(*mine, approval.c.used_at.is_(None)).values(used_at=now)
    row = connection.execute(used.returning(*approval.c)).first()
    if row is None:
        connection.execute(delete(approval).where(*mine))
        return None
    if row.expires_at <= now:
        return None
    return Approval(row.key, row.person_id, row.redirect_uri, row.scope, row.challenge, row.jkt)


def note_given(connection: Connection, given: Approval, jti: str, expires: datetime) -> None:
    """From now on it is found by its token, and lasts as long."""
    last = {"jti": jti, "expires_at": expires}
    connection.execute(update(approval).where(approval.c.key == given.key).values(last))


def counts(connection: Connection, jti: str) -> bool:
    """Whether a token that names a person still rests on an approval."""
    found = connection.execute(select(approval.c.key).where(approval.c.jti == jti)).first()
    return found is not None


async def end_approvals(tx: Tx, centre: CentreId, person: UUID | None = None) -> None:
    """Of one person, or of all of a centre: what they let systems do ends now, with every token."""
    whose = () if person is None else (approval.c.person_id == person,)
    await tx.execute(delete(approval).where(approval.c.centre_id == centre, *whose))


async def addresses_of(tx: Tx, centre: CentreId) -> list[str]:
    mine = return_address.c.centre_id == centre
    rows = await tx.execute(
        select(return_address.c.address)
        .where(mine)
        .order_by(return_address.c.added_at, return_address.c.address)
    )
    return [row.address for row in rows]


async def add_address(tx: Tx, centre: CentreId, address: str, person: UUID, now: datetime) -> bool:
    """Whether it was not there before."""
    row = {"centre_id": centre, "address": address, "added_at": now, "added_by": person}
    done = await tx.execute(insert(return_address).values(row).on_conflict_do_nothing())
    return done.rowcount == 1


async def remove_address(tx: Tx, centre: CentreId, address: str) -> bool:
    mine = return_address.c.centre_id == centre, return_address.c.address == address
    return (await tx.execute(delete(return_address).where(*mine))).rowcount == 1
