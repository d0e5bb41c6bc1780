"""Legal entities, their centres, how each is reached, and the files that prove whose keys are whose.

The directory is common to all; contacts and files are the centre's own, behind the wall. Only the operator's
commands write here, but for centres that are not in the hub. Source: domain 2.1, 8; security.md 2 (the proof
of whose a key is, kept for years).
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert

from hub.centres.centre import Centre, CentreRole, CentreState, CentreUnknown
from hub.centres.contacts import ContactsInForce
from hub.kernel.clock import iso
from hub.kernel.documents import JsonObject
from hub.kernel.ids import OVERSIGHT, REGISTRY, CentreId
from hub.plumbing.database import Tx, fetch, metadata
from hub.plumbing.wall import OF_THESE
from hub.workdays.calendars import Policy
from saikne_schemas.enrolment import Contacts, Enrolment
from saikne_schemas.outside import CorrectOutsideCentre, NameOutsideCentre
from saikne_schemas.spelling import KEPT
from saikne_schemas.vocabulary import CalendarPolicy, Scope

_OUTSIDE = "state = 'outside' AND role = 'centre' AND scopes = '{}'"
"""All that the application may add to the directory; whoever is admitted is entered by the operator."""
_COMMON = {"wall": "common", "grant": "SELECT"}
_OWN = {"wall": "tenant", "grant": "SELECT"}


def _of_outside(column: str) -> str:
    return f"EXISTS (SELECT FROM hub.centre WHERE centre.id = {column} AND centre.state = 'outside')"


legal_entities = Table(
    "legal_entity",
    metadata,
    Column("registration_number", Text, primary_key=True),
    Column("name", Text, nullable=False),
    info={"wall": "common", "grant": "SELECT, INSERT"},
)

centres = Table(
    "centre",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("registration_number", ForeignKey(legal_entities.c.registration_number), nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("calendar", Text, nullable=False),
    Column("agreement_version", Text),
    Column("agreement_signed_on", Date),
    Column("admitted_at", DateTime(timezone=True), nullable=False),
    CheckConstraint(f"id NOT IN ('{OVERSIGHT}', '{REGISTRY}')", name="id"),
    CheckConstraint("role IN ('centre', 'oversight', 'register')", name="role"),
    CheckConstraint("state IN ('active', 'suspended', 'outside')", name="state"),
    CheckConstraint("calendar IN ('statutory', 'moved')", name="calendar"),
    Index(
        "uq_centre_outside",
        *("registration_number", text("lower(name)")),
        unique=True,
        postgresql_where=text("state = 'outside'"),
    ),
    CheckConstraint(
        "state = 'outside' OR num_nulls(agreement_version, agreement_signed_on) = 0", name="agreement"
    ),
    info={"wall": "common", "grant": "SELECT, INSERT", "inserted_if": _OUTSIDE},
)

contacts_table = Table(
    "contact",
    metadata,
    Column("tenant_id", ForeignKey(centres.c.id), primary_key=True),
    Column("notices", Text, nullable=False),
    Column("archive_email", Text),
    Column("password_phone", Text),
    Column("password_email", Text),
    Column("voice_phone", Text),
    Column("authorised_persons", JSONB, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    CheckConstraint("lower(archive_email) <> lower(password_email)", name="two_ways"),
    info={
        "wall": "tenant",
        "grant": "SELECT, INSERT",
        "changes": "notices archive_email password_phone since",
        "inserted_if": _of_outside("tenant_id"),
        "changed_if": _of_outside("tenant_id"),
    },
)

outside = Table(
    "outside_centre",
    metadata,
    Column("id", ForeignKey(centres.c.id), primary_key=True),
    Column("postal_address", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("phone", Text),
    Column("sha256", LargeBinary, nullable=False, comment="of the statement that named it; it bears its id"),
    Column("named_by", ForeignKey(centres.c.id), nullable=False),
    Column("named_at", DateTime(timezone=True), nullable=False),
    Column("earlier", JSONB, nullable=False, server_default="[]", comment="how it was reached, oldest first"),
    info={
        "wall": "common",
        "grant": "SELECT, INSERT",
        "changes": "postal_address email phone earlier",
        "written_by": "named_by",
        "inserted_if": _of_outside("outside_centre.id"),
        "changed_if": f"named_by = {OF_THESE} AND {_of_outside('outside_centre.id')}",
    },
)

files = Table(
    "enrolment",
    metadata,
    Column("tenant_id", ForeignKey(centres.c.id), primary_key=True),
    Column("id", Uuid, primary_key=True, comment="the enrolment's or the rotation's own"),
    Column("file", LargeBinary, nullable=False, comment="the exact bytes of the JWS"),
    Column("sha256", LargeBinary, nullable=False),
    Column("vouched", Boolean, nullable=False, comment="no older key signed: the operator answers for it"),
    Column("received_at", DateTime(timezone=True), nullable=False),
    info=_OWN,
)

_CENTRES = """
SELECT centre.*, legal_entity.name AS legal_entity
FROM hub.centre JOIN hub.legal_entity USING (registration_number)
"""
_WITH_CONTACTS = f"""
SELECT *, {{also}} AS also FROM ({_CENTRES}) AS centre JOIN hub.contact ON contact.tenant_id = centre.id
WHERE centre.id IN ({{places}})
"""  # noqa: S608  # our own words


async def find(tx: Tx, ids: Iterable[CentreId]) -> dict[CentreId, Centre]:
    """Those of these centres that are admitted, suspended ones too; one query."""
    rows = await fetch(tx, f"{_CENTRES} WHERE centre.id = ANY ($1)", list(ids))
    return {CentreId(row["id"]): _centre(row) for row in rows}


async def names(tx: Tx, ids: Iterable[CentreId]) -> dict[UUID, str]:
    return (await named(tx, ids))[0]


async def named(tx: Tx, ids: Iterable[CentreId]) -> tuple[dict[UUID, str], set[UUID]]:
    """The names of centres, and which of them are not in the hub; one query."""
    found = (await find(tx, ids)).values()
    return {one.id: one.name for one in found}, {one.id for one in found if one.outside}


@dataclass(frozen=True, slots=True)
class Reachable:
    """A centre and how it is reached."""

    centre: Centre
    _row: asyncpg.Record

    @property
    def contacts(self) -> Contacts:
        return _contacts(self._row)

    @property
    def also(self) -> Any:
        """What else was asked about it."""
        return self._row["also"]


async def find_reachable(tx: Tx, ids: Iterable[CentreId], *, also: str = "NULL") -> dict[CentreId, Reachable]:
    """The same, with contacts; for a transaction that acts for all of them.

    `also` is asked about each in the same statement: an expression over `centre`, of the caller's own words.
    """
    wanted = list(ids)
    places = ", ".join(f"${number + 1}" for number in range(len(wanted)))  # an array's plan would not be kept
    rows = await fetch(tx, _WITH_CONTACTS.format(also=also, places=places), *wanted)
    return {CentreId(row["id"]): Reachable(_centre(row), row) for row in rows}


async def calendar_of(tx: Tx, centre: CentreId) -> Policy:
    """By which a centre that takes part counts."""
    return Policy((await find(tx, [centre]))[centre].calendar)


async def directory(tx: Tx) -> list[Centre]:
    """Every centre and overseer that was ever admitted, by name."""
    return [centre for centre in await every(tx) if not centre.outside]


async def every(tx: Tx) -> list[Centre]:
    """The same with the centres that are not in the hub: all of whom there are rows and chains."""
    return [_centre(row) for row in await fetch(tx, f"{_CENTRES} ORDER BY centre.name, centre.id")]


async def notices_of(tx: Tx, centre: CentreId) -> str | None:
    """To which mailbox notices go; None for a centre that is not in the hub. It acts for the centre."""
    found = (await find_reachable(tx, [centre]))[centre]
    return None if found.centre.outside else found.contacts.notices


async def contacts(tx: Tx, centre: CentreId) -> ContactsInForce:
    """How a centre is reached; for a transaction that acts for it."""
    rows = await fetch(tx, "SELECT * FROM hub.contact WHERE tenant_id = $1", centre)
    if not rows:
        raise CentreUnknown(centre=str(centre))
    return ContactsInForce(_contacts(rows[0]), rows[0]["since"])


async def add(tx: Tx, enrolment: Enrolment, now: datetime) -> bool:
    """A new centre, or one that members knew as an outside one; False where its id is taken otherwise.

    A legal entity known already goes by its newest name.
    """
    entity = enrolment.legal_entity
    named = insert(legal_entities).values(registration_number=entity.registration_number, name=entity.name)
    await tx.execute(
        named.on_conflict_do_update(index_elements=["registration_number"], set_={"name": entity.name})
    )
    row = {
        "id": enrolment.id,
        "registration_number": entity.registration_number,
        "name": enrolment.name,
        "role": enrolment.role,
        "state": CentreState.ACTIVE.value,
        "scopes": sorted({scope.value for scope in enrolment.scopes}),
        "calendar": enrolment.calendar.value,
        "agreement_version": enrolment.agreement.version,
        "agreement_signed_on": enrolment.agreement.signed_on,
        "admitted_at": now,
    }
    entered = insert(centres).values(row)
    known = (centres.c.state == CentreState.OUTSIDE.value) & (
        centres.c.registration_number == entity.registration_number
    )
    added = entered.on_conflict_do_update(index_elements=["id"], set_=row, where=known)
    return bool((await tx.execute(added)).rowcount)


async def of_entity(tx: Tx, registration_number: str, name: str) -> Centre | None:
    """The centre of a legal entity that bears a name, in whatever letters."""
    asked = f"{_CENTRES} WHERE centre.registration_number = $1 AND lower(centre.name) = lower($2)"
    rows = await fetch(
        tx, f"{asked} ORDER BY centre.state = 'outside', centre.id LIMIT 1", registration_number, name
    )
    return _centre(rows[0]) if rows else None


@dataclass(frozen=True, slots=True)
class OutsideCentre:
    """A centre that a member named, and how it is reached; it may have been admitted since."""

    centre: Centre
    postal_address: str
    email: str
    phone: str | None
    sha256: bytes
    named_by: CentreId
    named_at: datetime
    earlier: Sequence[JsonObject]
    """How it was reached before, each with the statement that corrected it; the oldest first."""


_OUTSIDE_CENTRES = f"""
SELECT centre.*, outside_centre.postal_address, outside_centre.email, outside_centre.phone,
    outside_centre.sha256, outside_centre.named_by, outside_centre.named_at, outside_centre.earlier
FROM ({_CENTRES}) AS centre JOIN hub.outside_centre USING (id)
"""  # noqa: S608  # our own words


async def find_outside(tx: Tx, centre: CentreId) -> OutsideCentre | None:
    rows = await fetch(tx, f"{_OUTSIDE_CENTRES} WHERE id = $1", centre)
    return _outside_centre(rows[0]) if rows else None


async def outside_centres(tx: Tx) -> list[OutsideCentre]:
    """All that were ever named, by name."""
    rows = await fetch(tx, f"{_OUTSIDE_CENTRES} ORDER BY name, id")
    return [_outside_centre(row) for row in rows]


async def named_by(tx: Tx, author: CentreId) -> int:
    """How many outside centres a member has named."""
    (row,) = await fetch(tx, "SELECT count(*) FROM hub.outside_centre WHERE named_by = $1", author)
    return int(row["count"])


async def add_outside(
    tx: Tx, author: CentreId, said: NameOutsideCentre, sha256: bytes, now: datetime
) -> bool:
    """False where the number, or this very centre, is there already."""
    entity = said.legal_entity
    named = insert(legal_entities).values(registration_number=entity.registration_number, name=entity.name)
    await tx.execute(named.on_conflict_do_nothing())
    row = {
        "id": said.id,
        "registration_number": entity.registration_number,
        "name": said.name,
        "role": CentreRole.CENTRE.value,
        "state": CentreState.OUTSIDE.value,
        "scopes": [],
        "calendar": CalendarPolicy.STATUTORY.value,
        "admitted_at": now,
    }
    if not (await tx.execute(insert(centres).values(row).on_conflict_do_nothing())).rowcount:
        return False
    kept = {"postal_address": said.postal_address, "email": said.email, "phone": said.phone}
    await tx.execute(insert(outside).values(id=said.id, sha256=sha256, named_by=author, named_at=now, **kept))
    reached = {"notices": said.email, "archive_email": said.email, "password_phone": said.phone}
    await tx.execute(
        insert(contacts_table).values(tenant_id=said.id, since=now, authorised_persons=[], **reached)
    )
    return True


_CORRECTED = """
UPDATE hub.outside_centre SET postal_address = $2, email = $3, phone = $4,
    earlier = earlier || jsonb_build_array($5::jsonb || jsonb_build_object(
        'postal_address', postal_address, 'email', email, 'phone', phone))
WHERE id = $1
"""


async def correct_outside(tx: Tx, said: CorrectOutsideCentre, sha256: bytes, now: datetime) -> None:
    """From now on it is reached so; what held before is kept beside it, with why and by what."""
    why = {"reason": said.reason.value, "corrected_at": iso(now)}
    by = {"statement": str(said.id), "sha256": sha256.hex()}
    address = (said.postal_address, said.email, said.phone)
    await fetch(tx, _CORRECTED, said.centre, *address, json.dumps({**why, **by}))
    reached = {"notices": said.email, "archive_email": said.email, "password_phone": said.phone}
    of_centre = contacts_table.c.tenant_id == said.centre
    await tx.execute(update(contacts_table).where(of_centre).values(since=now, **reached))


def _outside_centre(row: asyncpg.Record) -> OutsideCentre:
    names = ("postal_address", "email", "phone", "sha256", "named_at", "earlier")
    by = CentreId(row["named_by"])
    return OutsideCentre(centre=_centre(row), named_by=by, **{name: row[name] for name in names})


async def set_state(tx: Tx, centre: CentreId, state: CentreState) -> None:
    await tx.execute(update(centres).where(centres.c.id == centre).values(state=state.value))


async def put_contacts(tx: Tx, centre: CentreId, given: Contacts, now: datetime) -> None:
    row = {**given.model_dump(), "since": now}
    put = insert(contacts_table).values(tenant_id=centre, **row)
    await tx.execute(put.on_conflict_do_update(index_elements=["tenant_id"], set_=row))


async def keep_file(
    tx: Tx, centre: CentreId, document: UUID, file: bytes, *, received_at: datetime, vouched: bool = False
) -> bool:
    """Keep the proof of whose the keys are; False where a file of this id is kept already."""
    digest = hashlib.sha256(file).digest()
    row = {"tenant_id": centre, "id": document, "file": file, "sha256": digest}
    kept = insert(files).values(**row, vouched=vouched, received_at=received_at).on_conflict_do_nothing()
    return bool((await tx.execute(kept)).rowcount)


def _centre(row: asyncpg.Record) -> Centre:
    return Centre(
        id=CentreId(row["id"]),
        registration_number=row["registration_number"],
        legal_entity=row["legal_entity"],
        name=row["name"],
        role=CentreRole(row["role"]),
        state=CentreState(row["state"]),
        scopes=frozenset(Scope(scope) for scope in row["scopes"]),
        calendar=CalendarPolicy(row["calendar"]),
        agreement_version=row["agreement_version"],
        agreement_signed_on=row["agreement_signed_on"],
        admitted_at=row["admitted_at"],
    )


def _contacts(row: asyncpg.Record) -> Contacts:
    return Contacts.model_validate({name: row[name] for name in Contacts.model_fields}, context=KEPT)
