"""A person signs in without a passkey: by e-mail, a password and a code from an app (RFC 6238).

Source: board.md 2. The password is hashed by argon2id beside the event loop, a few at a time: each takes 64
MiB. Whoever is not known costs the same work and hears the same. A code counts once; its key lies covered
by the hub's wrapping key. Wrong tries are counted by person, before anything is hashed.
"""

import asyncio
import secrets
from dataclasses import dataclass
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError, VerifyMismatchError

from hub.kernel.refusal import Refusal
from hub.kernel.secret import Secret
from hub.people import store
from hub.people.casework import ways
from hub.people.casework.passkeys import ANSWER_WITHIN
from hub.people.casework.sessions import key_of
from hub.people.office import Counter, PeopleOffice
from hub.people.person import Person, PersonState
from hub.people.session import TooManyTries, Wrong, pause, tries_after
from hub.people.tables import Door, PersonRow
from hub.plumbing.database import act_for
from hub.signing.store import cover

PASSWORD_AT_LEAST, PASSWORD_AT_MOST = 12, 128
_HALF_MINUTE = 30
_HASHER = PasswordHasher()


class PasswordTooShort(Refusal):
    """At least twelve signs; nothing else is asked of it (NIST SP 800-63B)."""

    code = "people.password-too-short"


class CodeWrong(Refusal):
    """The app shows another one: its clock or its key differs."""

    code = "people.code-wrong"


@dataclass(frozen=True, slots=True)
class Tried:
    """What was typed."""

    email: str
    password: Secret
    code: str


@dataclass(frozen=True, slots=True)
class NewKey:
    """For the app, until it is confirmed."""

    errand: str
    key: str
    """Base32, as people type it."""
    uri: str
    """As a picture shows it."""


async def ask_to_add(counter: Counter, office: PeopleOffice, person: Person) -> NewKey:
    key, errand = pyotp.random_base32(), secrets.token_urlsafe(32)
    covered = await cover(counter.tx, office.keyring, Secret(key), store.bound_to(person.centre, person.id))
    said = {"for": str(person.id), "key": covered.hex()}
    await store.leave(counter.tx, key_of(errand), said, counter.now + 2 * ANSWER_WITHIN)
    uri = pyotp.TOTP(key).provisioning_uri(name=person.email, issuer_name="Saikne")
    return NewKey(errand, key, uri)


async def keep(counter: Counter, office: PeopleOffice, person: Person, errand: str, tried: Tried) -> None:
    """The password, and the key of an app that shows the right code."""
    if not PASSWORD_AT_LEAST <= len(tried.password.reveal()) <= PASSWORD_AT_MOST:
        raise PasswordTooShort
    said = await store.take(counter.tx, key_of(errand), counter.now)
    if said is None or said.get("for") != str(person.id):
        raise CodeWrong
    covered = bytes.fromhex(said["key"])
    key = office.keyring.unwrap(covered, store.bound_to(person.centre, person.id))
    step = _step_of(key, tried.code, counter)
    if step is None:
        raise CodeWrong
    hashed = await _hashed(office, tried.password)
    await store.change(
        counter.tx,
        person.centre,
        person.id,
        password=hashed,
        code_key=covered,
        code_used=step,
        state=PersonState.ACTIVE.value,
        tries=0,
    )
    await ways.added(counter, person, "code")


async def shown(office: PeopleOffice, tried: Tried) -> Person:
    """Who has proved to be who. In transactions of its own: a wrong try is counted although it is refused."""
    async with office.counter() as counter:
        row = await _found(counter, tried.email)
        if row is not None and (wait := pause(row.tries, row.tried_at, counter.now)):
            raise TooManyTries(wait)
    hashed = row.password if row is not None and row.password else None
    right = await _verified(office, hashed or await _nobodys(office), tried.password)
    async with office.counter() as counter:
        row = await _found(counter, tried.email, held=True)
        if row is not None and right and hashed and await _used(counter, office, row, tried.code):
            await store.change(counter.tx, row.tenant_id, row.person_id, tries=0)
            return store.person_of(row)
        if row is not None:
            tries = tries_after(row.tries, row.tried_at, counter.now)
            await store.change(counter.tx, row.tenant_id, row.person_id, tries=tries, tried_at=counter.now)
    raise Wrong


async def _found(counter: Counter, email: str, *, held: bool = False) -> PersonRow | None:
    door = await store.behind(counter.tx, Door.EMAIL, store.email_shown(email))
    if door is None:
        return None
    await act_for(counter.tx, [door.centre_id])
    look = store.lock if held else store.find
    row = await look(counter.tx, door.centre_id, door.person_id)
    return row if row is not None and row.state == PersonState.ACTIVE else None


async def _used(counter: Counter, office: PeopleOffice, row: PersonRow, code: str) -> bool:
    if row.code_key is None:
        return False
    key = office.keyring.unwrap(row.code_key, store.bound_to(row.tenant_id, row.person_id))
    step = _step_of(key, code, counter)
    return step is not None and await store.use_code(counter.tx, row.tenant_id, row.person_id, step)


def _step_of(key: Secret, code: str, counter: Counter) -> int | None:
    """The half minute whose code this is: the present one, or the one before for slow hands."""
    typed, present = "".join(code.split()), int(counter.now.timestamp()) // _HALF_MINUTE
    app = pyotp.TOTP(key.reveal())
    for step in (present, present - 1):
        if secrets.compare_digest(app.at(step * _HALF_MINUTE).encode(), typed.encode()):
            return step
    return None


async def _hashed(office: PeopleOffice, password: Secret) -> str:
    async with office.hashing:
        return await asyncio.to_thread(_HASHER.hash, password.reveal())


async def _verified(office: PeopleOffice, hashed: str, password: Secret) -> bool:
    async with office.hashing:
        return await asyncio.to_thread(_fits, hashed, password)


def _fits(hashed: str, password: Secret) -> bool:
    try:
        return _HASHER.verify(hashed, password.reveal())
    except (VerifyMismatchError, VerificationError):
        return False


async def _nobodys(office: PeopleOffice) -> str:
    async with office.hashing:
        return await asyncio.to_thread(_of_nobody)


@cache
def _of_nobody() -> str:
    """Hashed once, so that whoever is not known costs as much as who is."""
    return _HASHER.hash(secrets.token_hex())
