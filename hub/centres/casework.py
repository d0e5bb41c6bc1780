"""What the operator does with a centre: admit, suspend, resume, change its contacts, take its new keys' file.

Every deed is told in the centre's chain, in the same transaction. Keys themselves are kept by `access`.
Source: method S1, S91; design.md 6.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from hub.centres import store
from hub.centres.centre import (
    Centre,
    CentreUnknown,
    StateChange,
    SuspendedBecause,
    after,
    taking_part,
    tenant_of,
)
from hub.centres.contacts import changed_fields, check_contacts
from hub.centres.enrolment import ProvenEnrolment, ProvenRotation
from hub.evidence.event import EventKind, Fact
from hub.evidence.store import record
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal
from hub.plumbing.database import Tx
from saikne_schemas.enrolment import Contacts


class AlreadyAdmitted(Refusal):
    code = "centres.already-admitted"


class RotationKnown(Refusal):
    """The same file, or another under its id, was taken before."""

    code = "centres.rotation-known"


async def known(tx: Tx, centre: CentreId) -> Centre:
    found = (await store.find(tx, [centre])).get(centre)
    if found is None:
        raise CentreUnknown(centre=str(centre))
    return found


async def active(tx: Tx, ids: Iterable[CentreId]) -> dict[CentreId, Centre]:
    """These centres, every one admitted and not suspended; one query."""
    wanted = list(ids)
    found = await store.find(tx, wanted)
    return {centre: taking_part(found.get(centre)) for centre in wanted}


async def admit(tx: Tx, proven: ProvenEnrolment, now: datetime) -> Centre:
    """Enter a new centre with its contacts and the file that proves its keys."""
    enrolment, centre = proven.document, CentreId(proven.document.id)
    if not await store.add(tx, enrolment, now):
        raise AlreadyAdmitted(centre=str(centre))
    await store.put_contacts(tx, centre, enrolment.contacts, now)
    await store.keep_file(tx, centre, enrolment.id, proven.file, received_at=now)
    admitted = await known(tx, centre)
    await _tell(
        tx,
        EventKind.CENTRE_ADMITTED,
        admitted,
        role=admitted.role.value,
        registration_number=admitted.registration_number,
        scopes=[*sorted(scope.value for scope in admitted.scopes)],
        calendar=admitted.calendar.value,
        agreement_version=admitted.agreement_version,
        agreement_signed_on=admitted.agreement_signed_on.isoformat(),
        file_sha256=hashlib.sha256(proven.file).hexdigest(),
    )
    return admitted


async def suspend(tx: Tx, centre: CentreId, because: SuspendedBecause) -> Centre:
    """From the next call on the hub refuses everything of this centre; what it did stays."""
    return await _change(tx, centre, StateChange.SUSPEND, because=because.value)


async def resume(tx: Tx, centre: CentreId) -> Centre:
    return await _change(tx, centre, StateChange.RESUME)


async def change_contacts(tx: Tx, centre: CentreId, given: Contacts, now: datetime) -> list[str]:
    """Put new contacts in the place of the old; the names of the fields that changed."""
    check_contacts(given)
    changed = changed_fields((await store.contacts(tx, centre)).contacts, given)
    if changed:
        await store.put_contacts(tx, centre, given, now)
        await _tell(tx, EventKind.CONTACTS_CHANGED, await known(tx, centre), fields=[*changed])
    return changed


async def take_rotation(tx: Tx, proven: ProvenRotation, now: datetime) -> Centre:
    """Keep the file that proves a centre's new keys; `access` lets them count."""
    rotation = proven.document
    centre = await known(tx, CentreId(rotation.centre))
    if not await store.keep_file(
        tx, centre.id, rotation.id, proven.file, received_at=now, vouched=proven.vouched
    ):
        raise RotationKnown(rotation=str(rotation.id))
    return centre


async def _change(tx: Tx, centre: CentreId, change: StateChange, **facts: Fact) -> Centre:
    before = await known(tx, centre)
    await store.set_state(tx, centre, after(before, change))
    kinds = {
        StateChange.SUSPEND: EventKind.CENTRE_SUSPENDED,
        StateChange.RESUME: EventKind.CENTRE_RESUMED,
    }
    await _tell(tx, kinds[change], before, **facts)
    return await known(tx, centre)


async def _tell(tx: Tx, kind: EventKind, centre: Centre, **facts: Fact) -> None:
    await record(tx, kind, [tenant_of(centre)], None, {"centre": str(centre.id), **facts})
