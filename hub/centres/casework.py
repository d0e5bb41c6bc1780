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
from hub.centres.enrolment import ProvenEnrolment, ProvenRotation, RegistrationNumberInvalid
from hub.centres.store import OutsideCentre
from hub.evidence.event import EventKind, Fact
from hub.evidence.store import record
from hub.kernel.documents import JsonObject
from hub.kernel.ids import OVERSIGHT, CentreId
from hub.kernel.refusal import Refusal, TooMuch
from hub.plumbing.database import Tx
from hub.web.limits import NOT_SOON
from saikne_schemas.enrolment import Contacts, LegalEntity
from saikne_schemas.outside import CorrectOutsideCentre, NameOutsideCentre
from saikne_schemas.registration_numbers import is_registration_number


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


class IsAMember(Refusal):
    """The centre that is named as an outside one is in the hub: `centre` is how it is known."""

    code = "outside.is-a-member"


class NamedDifferently(Refusal):
    """It is known by another address: an archive must not go where another member said it does."""

    code = "outside.named-differently"


class LegalNameDiffers(Refusal):
    """Its registration number is known with another legal name: `known_as`."""

    code = "outside.legal-name-differs"


class IdentityReused(Refusal):
    """Other bytes under an identity that was used."""

    code = "outside.identity-reused"


class TooManyNamed(TooMuch):
    code = "outside.too-many-named"


class NamedOutside(Refusal):
    """Members deal with this centre already: it is admitted under the number by which they know it."""

    code = "centres.named-outside"


class NotNamed(Refusal):
    """No member has named a centre of this number as an outside one."""

    code = "outside.not-found"


class NotNamedByYou(Refusal):
    """Who named it says where it is reached: an archive must not go where another member said it does."""

    code = "outside.not-named-by-you"


class SameAddress(Refusal):
    code = "outside.same-address"


NAMED_AT_MOST = 200
"""By one member: there are a few dozen support centres in the country (domain 2.1)."""


async def name_outside(
    tx: Tx, author: CentreId, said: NameOutsideCentre, sha256: bytes, now: datetime
) -> OutsideCentre:
    """A centre that is not in the hub gets a number. One that was named before keeps it, whoever names it.

    The transaction acts for the author, for oversight and for the number.
    """
    number = said.legal_entity.registration_number
    if not is_registration_number(number):
        raise RegistrationNumberInvalid(registration_number=number)
    earlier = await store.find_outside(tx, CentreId(said.id))
    if earlier is not None:
        if earlier.sha256 != sha256:
            raise IdentityReused
        return earlier
    contacts = Contacts(notices=said.email, archive_email=said.email, password_phone=said.phone)
    check_contacts(contacts)
    known = await store.of_entity(tx, number, said.name)
    if known is not None and not known.outside:
        raise IsAMember(centre=str(known.id), name=known.name)
    if known is not None:
        named = await _named(tx, known.id)
        if (named.email.casefold(), named.phone) != (said.email.casefold(), said.phone):
            raise NamedDifferently(centre=str(known.id), name=known.name)
        await _require_legal_name(tx, said.legal_entity)
        return named
    await _require_legal_name(tx, said.legal_entity)
    if await store.named_by(tx, author) >= NAMED_AT_MOST:
        raise TooManyNamed(NOT_SOON, at_most=NAMED_AT_MOST)
    if not await store.add_outside(tx, author, said, sha256, now):
        raise IdentityReused
    facts: dict[str, Fact] = {
        "statement": {"id": str(said.id), "kind": said.schema_, "sha256": sha256.hex()},
        "author": str(author),
        "centre": str(said.id),
        "registration_number": number,
    }
    await record(tx, EventKind.OUTSIDE_CENTRE_NAMED, [author, OVERSIGHT], None, facts)
    return await _named(tx, CentreId(said.id))


async def _require_legal_name(tx: Tx, said: LegalEntity) -> None:
    """As the number is known, but for the size of letters and spaces."""
    for one in await store.every(tx):
        same = one.registration_number == said.registration_number
        if same and _spelled(one.legal_entity) != _spelled(said.name):
            raise LegalNameDiffers(registration_number=said.registration_number, known_as=one.legal_entity)


def _spelled(name: str) -> str:
    return " ".join(name.casefold().split())


async def correct_outside(
    tx: Tx, author: CentreId, said: CorrectOutsideCentre, sha256: bytes, now: datetime
) -> OutsideCentre:
    """The member that named it corrects how it is reached. What is under way to the old address stops there.

    The transaction acts for the author, for oversight and for the outside centre.
    """
    centre = CentreId(said.centre)
    named = await store.find_outside(tx, centre)
    if named is None:
        raise NotNamed(centre=str(centre))
    if (earlier := _corrected_by(named, said)) is not None:
        if earlier["sha256"] != sha256.hex():
            raise IdentityReused
        return named
    if not named.centre.outside:
        raise IsAMember(centre=str(centre), name=named.centre.name)
    if named.named_by != author:
        raise NotNamedByYou(named_by=str(named.named_by))
    check_contacts(Contacts(notices=said.email, archive_email=said.email, password_phone=said.phone))
    fields = [
        name for name in ("postal_address", "email", "phone") if getattr(named, name) != getattr(said, name)
    ]
    if not fields:
        raise SameAddress
    await store.correct_outside(tx, said, sha256, now)
    facts: dict[str, Fact] = {
        "statement": {"id": str(said.id), "kind": said.schema_, "sha256": sha256.hex()},
        "author": str(author),
        "centre": str(centre),
        "reason": said.reason.value,
        "fields": [*fields],
    }
    await record(tx, EventKind.OUTSIDE_CENTRE_CORRECTED, [author, OVERSIGHT], None, facts)
    return await _named(tx, centre)


def _corrected_by(named: OutsideCentre, said: CorrectOutsideCentre) -> JsonObject | None:
    return next((one for one in named.earlier if one["statement"] == str(said.id)), None)


async def _named(tx: Tx, centre: CentreId) -> OutsideCentre:
    found = await store.find_outside(tx, centre)
    assert found is not None  # noqa: S101  # it was looked up or written in this transaction
    return found


async def admit(tx: Tx, proven: ProvenEnrolment, now: datetime) -> Centre:
    """Enter a new centre with its contacts and the file that proves its keys."""
    enrolment, centre = proven.document, CentreId(proven.document.id)
    named = await store.of_entity(tx, enrolment.legal_entity.registration_number, enrolment.name)
    if named is not None and named.outside and named.id != centre:
        raise NamedOutside(centre=str(named.id), name=named.name)
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
        agreement_signed_on=enrolment.agreement.signed_on.isoformat(),
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
