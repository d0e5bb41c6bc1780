"""A person signs in with a passkey: found by the device, proved by a finger, a face or a PIN.

Source: board.md 2; WebAuthn level 3. Discoverable and user-verified, so that no name is typed and two factors
stand behind one touch. A challenge counts once and for five minutes. The library `webauthn` verifies.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from hub.kernel.documents import JsonObject
from hub.kernel.refusal import Refusal
from hub.people import store
from hub.people.casework import ways
from hub.people.casework.sessions import key_of
from hub.people.office import Counter, PeopleOffice
from hub.people.person import Person, PersonState
from hub.people.session import Wrong
from hub.people.tables import Door
from hub.plumbing.database import act_for

ANSWER_WITHIN = timedelta(minutes=5)
LABEL_AT_MOST = 60
_RP_NAME = "Saikne"


class PasskeyNotTaken(Refusal):
    """The device answered something else than was asked, or too late: it is asked again."""

    code = "people.passkey-not-taken"


class LastWayIn(Refusal):
    """Without it the person could not sign in any more."""

    code = "people.last-way-in"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser brings back."""

    errand: str
    said: JsonObject
    label: str = ""
    """What the person calls the device."""


async def ask_to_make(counter: Counter, office: PeopleOffice, person: Person) -> JsonObject:
    """What the browser is told to make a passkey; its answer comes with the `errand` named here."""
    known = await store.passkeys_of(counter.tx, person.centre, person.id)
    options = webauthn.generate_registration_options(
        rp_id=office.host,
        rp_name=_RP_NAME,
        user_id=person.centre.bytes + person.id.bytes,
        user_name=person.email,
        user_display_name=person.name,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.passkey_id) for one in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    said: JsonObject = {"for": str(person.id), "challenge": bytes_to_base64url(options.challenge)}
    return await _asked(counter, said, options_to_json(options))


async def keep(counter: Counter, office: PeopleOffice, person: Person, made_by: Answer) -> None:
    """The passkey that a device has made for a person."""
    said = await store.take(counter.tx, key_of(made_by.errand), counter.now)
    if said is None or said.get("for") != str(person.id):
        raise PasskeyNotTaken
    try:
        made = webauthn.verify_registration_response(
            credential=made_by.said,
            expected_challenge=base64url_to_bytes(said["challenge"]),
            expected_origin=office.origin,
            expected_rp_id=office.host,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise PasskeyNotTaken from None
    if not await store.open_door(counter.tx, Door.PASSKEY, made.credential_id, person):
        raise PasskeyNotTaken
    await store.add_passkey(
        counter.tx,
        {
            "tenant_id": person.centre,
            "passkey_id": made.credential_id,
            "person_id": person.id,
            "public_key": made.credential_public_key,
            "sign_count": made.sign_count,
            "backed_up": made.credential_backed_up,
            "label": made_by.label[:LABEL_AT_MOST],
            "made_at": counter.now,
            "used_at": None,
        },
    )
    await store.change(counter.tx, person.centre, person.id, state=PersonState.ACTIVE.value)
    await ways.added(counter, person, "passkey")


async def ask_to_show(counter: Counter, office: PeopleOffice) -> JsonObject:
    """What the browser is told to find a passkey: none is named, the device knows."""
    options = webauthn.generate_authentication_options(
        rp_id=office.host, user_verification=UserVerificationRequirement.REQUIRED
    )
    said: JsonObject = {"for": None, "challenge": bytes_to_base64url(options.challenge)}
    return await _asked(counter, said, options_to_json(options))


async def _asked(counter: Counter, said: JsonObject, options: str) -> JsonObject:
    errand = secrets.token_urlsafe(32)
    await store.leave(counter.tx, key_of(errand), said, counter.now + ANSWER_WITHIN)
    return {"errand": errand, "options": json.loads(options)}


async def shown(counter: Counter, office: PeopleOffice, answer: Answer) -> Person:
    """Who has proved to be who; the transaction acts for its centre from here on."""
    said = await store.take(counter.tx, key_of(answer.errand), counter.now)
    if said is None or said.get("for") is not None:
        raise PasskeyNotTaken
    try:
        identity = base64url_to_bytes(str(answer.said["rawId"]))
        handle = base64url_to_bytes(str(answer.said["response"]["userHandle"]))
    except (ValueError, KeyError, TypeError):
        raise PasskeyNotTaken from None
    door = await store.behind(counter.tx, Door.PASSKEY, identity)
    if door is None or handle != door.centre_id.bytes + door.person_id.bytes:
        raise Wrong
    await act_for(counter.tx, [door.centre_id])
    kept = await store.find_passkey(counter.tx, door.centre_id, identity)
    row = await store.find(counter.tx, door.centre_id, door.person_id)
    if kept is None or row is None or row.state != PersonState.ACTIVE:
        raise Wrong
    try:
        proved = webauthn.verify_authentication_response(
            credential=answer.said,
            expected_challenge=base64url_to_bytes(said["challenge"]),
            expected_origin=office.origin,
            expected_rp_id=office.host,
            credential_public_key=kept.public_key,
            credential_current_sign_count=kept.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise Wrong from None
    await store.used_passkey(counter.tx, door.centre_id, identity, proved.new_sign_count, counter.now)
    return store.person_of(row)


async def remove(counter: Counter, person: Person, identity: bytes) -> None:
    """A lost device's; the last way in stays until there is another."""
    row = await store.find(counter.tx, person.centre, person.id)
    if row is None or not await store.has_a_way(counter.tx, row, but=identity):
        raise LastWayIn
    if await store.remove_passkey(counter.tx, person, identity):
        await store.close_door(counter.tx, Door.PASSKEY, identity)
        await ways.removed(counter, person, "passkey")
