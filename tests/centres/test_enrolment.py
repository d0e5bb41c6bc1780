"""What an enrolment and a change of keys must prove, and what is refused."""

import base64
import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from hub.centres.contacts import ContactShared
from hub.centres.enrolment import (
    AgreementNotYetSigned,
    KeysWrong,
    RegistrationNumberInvalid,
    ScopeNotForRole,
    prove_rotation,
    read_enrolment,
    read_rotation,
)
from hub.centres.signed_file import LONGEST_BYTES, FileMalformed, ProofInvalid
from hub.signing.public_key import PublicKey, public_key
from saikne import jws
from saikne.enrolment import CentreKeys, enrolment_file, rotation_file
from saikne.keys import Algorithm, CentreKey
from saikne.statements import compose, wire_bytes
from saikne_schemas.enrolment import Agreement, KeyRotation, KeyUse, LegalEntity
from saikne_schemas.vocabulary import Scope
from tests.centres.centre_files import CONTACTS, TODAY, an_enrolment, an_enrolment_file


def read_key(key: CentreKey) -> PublicKey:
    return public_key(key.public().model_dump(exclude_none=True))


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.mark.parametrize("algorithm", Algorithm)
def test_an_enrolment_signed_by_all_its_keys_is_read(algorithm: Algorithm) -> None:
    keys = CentreKeys.generate(algorithm)
    enrolment = an_enrolment(keys)
    raw = enrolment_file(enrolment, keys)
    proven = read_enrolment(raw, TODAY)
    assert proven.document == enrolment
    assert proven.file == raw


def test_keys_may_be_of_different_kinds() -> None:
    keys = CentreKeys(
        CentreKey.generate(KeyUse.OAUTH, Algorithm.ES256), CentreKey.generate(KeyUse.SIGNING, Algorithm.EDDSA)
    )
    assert read_enrolment(an_enrolment_file(keys), TODAY).document.keys[0].alg == "ES256"


def test_a_file_that_one_of_its_keys_did_not_sign_is_refused() -> None:
    keys = CentreKeys.generate()
    payload = wire_bytes(an_enrolment(keys))
    oauth, signing, encryption = keys.every()
    for signers in ([oauth], [signing, encryption], [signing, signing, encryption]):
        with pytest.raises(ProofInvalid, match=r"^centres\.proof-invalid$"):
            read_enrolment(jws.general(payload, signers), TODAY)
    assert read_enrolment(jws.general(payload, [encryption, signing, oauth]), TODAY)


def test_a_signature_by_a_key_that_the_file_does_not_name_is_refused() -> None:
    keys, stranger = CentreKeys.generate(), CentreKeys.generate()
    payload = wire_bytes(an_enrolment(keys))
    with pytest.raises(ProofInvalid, match=r"^centres\.proof-invalid$"):
        read_enrolment(jws.general(payload, [*keys.every(), stranger.signing]), TODAY)


def test_another_enrolment_under_the_same_signatures_is_refused() -> None:
    keys = CentreKeys.generate()
    file = json.loads(an_enrolment_file(keys))
    file["payload"] = b64(wire_bytes(an_enrolment(keys, name="Cits centrs")))
    with pytest.raises(ProofInvalid, match=r"^centres\.proof-invalid$"):
        read_enrolment(json.dumps(file).encode(), TODAY)


@pytest.mark.parametrize("part", ["signature", "protected"])
def test_a_changed_signature_is_refused(part: str) -> None:
    file = json.loads(an_enrolment_file())
    first, second, _ = file["signatures"]
    first[part], second[part] = second[part], first[part]
    with pytest.raises(ProofInvalid, match=r"^centres\.proof-invalid$"):
        read_enrolment(json.dumps(file).encode(), TODAY)


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "RS256"},
        {"crit": ["exp"]},
        {"jwk": {"kty": "oct", "k": "AA"}},
        {"kid": None},
    ],
)
def test_a_header_can_ask_for_nothing_but_the_two_algorithms(header: dict[str, Any]) -> None:
    file = json.loads(an_enrolment_file())
    signed = file["signatures"][0]
    protected = json.loads(base64.urlsafe_b64decode(signed["protected"] + "=="))
    signed["protected"] = b64(json.dumps({**protected, **header}).encode())
    with pytest.raises(FileMalformed, match=r"^centres\.file-malformed$"):
        read_enrolment(json.dumps(file).encode(), TODAY)


def test_an_algorithm_that_is_not_the_keys_own_is_refused() -> None:
    file = json.loads(an_enrolment_file())
    for signed in file["signatures"]:
        protected = json.loads(base64.urlsafe_b64decode(signed["protected"] + "=="))
        signed["protected"] = b64(json.dumps({**protected, "alg": "ES256"}).encode())
    with pytest.raises(ProofInvalid, match=r"^centres\.proof-invalid$"):
        read_enrolment(json.dumps(file).encode(), TODAY)


def malformed() -> list[bytes]:
    file = json.loads(an_enrolment_file())
    payload = json.loads(base64.urlsafe_b64decode(file["payload"] + "=="))
    unprotected = [{**signed, "header": {"kid": "x"}} for signed in file["signatures"]]
    again = json.dumps(file)[:-1] + ', "payload": "e30"}'
    return [
        b"",
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        b"{" * 100_000,
        b" " * (LONGEST_BYTES + 1),
        again.encode(),
        json.dumps({**file, "signatures": []}).encode(),
        json.dumps({**file, "signatures": file["signatures"] * 5}).encode(),
        json.dumps({**file, "signatures": unprotected}).encode(),
        json.dumps({**file, "payload": file["payload"] + "="}).encode(),
        json.dumps({**file, "payload": b64(b"not json")}).encode(),
        json.dumps({**file, "payload": b64(json.dumps({**payload, "more": 1}).encode())}).encode(),
        json.dumps({**file, "payload": b64(json.dumps({**payload, "id": "1"}).encode())}).encode(),
    ]


@pytest.mark.parametrize("raw", malformed(), ids=range(len(malformed())))
def test_what_is_no_enrolment_file_is_refused(raw: bytes) -> None:
    with pytest.raises(FileMalformed, match=r"^centres\.file-malformed$"):
        read_enrolment(raw, TODAY)


def test_a_malformed_file_says_where() -> None:
    file = json.loads(an_enrolment_file())
    payload = json.loads(base64.urlsafe_b64decode(file["payload"] + "=="))
    payload["contacts"]["notices"] = "nowhere"
    payload["legal_entity"]["registration_number"] = "16117519997"
    file["payload"] = b64(json.dumps(payload).encode())
    with pytest.raises(FileMalformed) as caught:
        read_enrolment(json.dumps(file).encode(), TODAY)
    assert caught.value.facts == {"fields": ["legal_entity.registration_number", "contacts.notices"]}


def test_a_key_that_is_not_its_thumbprint_is_refused() -> None:
    keys = CentreKeys.generate()
    enrolment = an_enrolment(keys)
    misnamed = enrolment.keys[0].model_copy(update={"kid": enrolment.keys[1].kid})
    changed = enrolment.model_copy(update={"keys": [misnamed, *enrolment.keys[1:]]})
    with pytest.raises(KeysWrong, match=r"^centres\.keys-wrong$"):
        read_enrolment(jws.general(wire_bytes(changed), keys.every()), TODAY)


@pytest.mark.parametrize("uses", [(KeyUse.OAUTH, KeyUse.OAUTH), (KeyUse.SIGNING, KeyUse.SIGNING)])
def test_two_keys_of_one_use_are_refused(uses: tuple[KeyUse, KeyUse]) -> None:
    keys = CentreKeys(*(CentreKey.generate(use) for use in uses))
    with pytest.raises(KeysWrong, match=r"^centres\.keys-wrong$"):
        read_enrolment(an_enrolment_file(keys), TODAY)


def test_one_key_for_both_uses_is_refused() -> None:
    oauth = CentreKey.generate(KeyUse.OAUTH)
    with pytest.raises(KeysWrong, match=r"^centres\.keys-wrong$"):
        read_enrolment(an_enrolment_file(CentreKeys(oauth, CentreKey(KeyUse.SIGNING, oauth.jose))), TODAY)


def test_a_centre_without_an_encryption_key_is_enrolled_as_before() -> None:
    keys = CentreKeys(CentreKey.generate(KeyUse.OAUTH), CentreKey.generate(KeyUse.SIGNING))
    assert len(read_enrolment(an_enrolment_file(keys), TODAY).document.keys) == 2


def test_an_encryption_key_signs_the_file_that_names_it() -> None:
    keys = CentreKeys.generate()
    payload = wire_bytes(an_enrolment(keys))
    with pytest.raises(ProofInvalid, match=r"^centres\.proof-invalid$") as caught:
        read_enrolment(jws.general(payload, [keys.oauth, keys.signing]), TODAY)
    assert keys.encryption is not None
    assert caught.value.facts == {"keys": [keys.encryption.kid]}


def test_an_encryption_key_that_could_not_open_is_refused() -> None:
    keys = CentreKeys.generate()
    opens = CentreKey.generate(KeyUse.ENCRYPTION, Algorithm.EDDSA)
    with pytest.raises(KeysWrong, match=r"^centres\.keys-wrong$"):
        read_enrolment(an_enrolment_file(replace(keys, encryption=opens)), TODAY)


def test_a_key_for_encryption_says_so_in_its_algorithm() -> None:
    keys = CentreKeys.generate()
    enrolment = an_enrolment(keys)
    says_otherwise = enrolment.keys[2].model_copy(update={"alg": "ES256"})
    changed = enrolment.model_copy(update={"keys": [*enrolment.keys[:2], says_otherwise]})
    with pytest.raises(KeysWrong, match=r"^centres\.keys-wrong$"):
        read_enrolment(jws.general(wire_bytes(changed), keys.every()), TODAY)


@pytest.mark.parametrize("number", ["40003521600", "90000038741", "50008021661"])
def test_a_legal_entitys_number_is_taken(number: str) -> None:
    entity = LegalEntity(name="SIA", registration_number=number)
    assert read_enrolment(an_enrolment_file(legal_entity=entity), TODAY)


@pytest.mark.parametrize("number", ["40003521601", "50008021616"])
def test_a_number_with_a_wrong_check_digit_is_refused(number: str) -> None:
    entity = LegalEntity(name="SIA", registration_number=number)
    with pytest.raises(RegistrationNumberInvalid, match=r"^centres\.registration-number-invalid$"):
        read_enrolment(an_enrolment_file(legal_entity=entity), TODAY)


@pytest.mark.parametrize(
    ("oversight", "scopes"),
    [(False, [Scope.OVERSIGHT]), (False, list(Scope)), (True, [Scope.EXCHANGE]), (True, [Scope.REGISTER])],
)
def test_a_scope_that_is_not_for_the_role_is_refused(oversight: bool, scopes: list[Scope]) -> None:  # noqa: FBT001
    with pytest.raises(ScopeNotForRole, match=r"^centres\.scope-not-for-role$"):
        read_enrolment(an_enrolment_file(oversight=oversight, scopes=scopes), TODAY)


def test_an_overseer_is_enrolled_with_its_own_scope() -> None:
    assert read_enrolment(an_enrolment_file(oversight=True), TODAY).document.scopes == [Scope.OVERSIGHT]


def test_an_agreement_of_tomorrow_is_refused_and_one_of_today_is_taken() -> None:
    def signed(on: date) -> bytes:
        return an_enrolment_file(agreement=Agreement(version="1.0", signed_on=on))

    assert read_enrolment(signed(TODAY), TODAY)
    with pytest.raises(AgreementNotYetSigned, match=r"^centres\.agreement-not-yet-signed$"):
        read_enrolment(signed(TODAY + timedelta(days=1)), TODAY)


def test_an_enrolment_with_one_mailbox_for_both_ways_is_refused() -> None:
    contacts = CONTACTS.model_copy(update={"password_email": CONTACTS.archive_email})
    with pytest.raises(ContactShared, match=r"^centres\.contact-shared$"):
        read_enrolment(an_enrolment_file(contacts=contacts), TODAY)


def test_new_keys_are_proven_by_themselves_and_by_the_signing_key_in_force() -> None:
    older, newer = CentreKeys.generate(), CentreKeys.generate(Algorithm.ES256)
    centre = an_enrolment(older).id
    file, rotation = read_rotation(rotation_file(centre, newer, older.signing))
    assert rotation.centre == centre
    proven = prove_rotation(file, rotation, [read_key(older.signing)])
    assert proven.document == rotation
    assert not proven.vouched


def test_new_keys_that_the_signing_key_in_force_did_not_sign_are_refused() -> None:
    older, newer, stranger = (CentreKeys.generate() for _ in range(3))
    centre = an_enrolment(older).id
    for signer in (stranger.signing, older.oauth):
        file, rotation = read_rotation(rotation_file(centre, newer, signer))
        with pytest.raises(ProofInvalid, match=r"^centres\.proof-invalid$"):
            prove_rotation(file, rotation, [read_key(older.signing)])
        with pytest.raises(ProofInvalid, match=r"^centres\.proof-invalid$"):
            prove_rotation(file, rotation, [])


def test_new_keys_that_did_not_sign_for_themselves_are_refused_even_when_vouched_for() -> None:
    older, newer = CentreKeys.generate(), CentreKeys.generate()
    rotation = compose(KeyRotation, centre=an_enrolment(older).id, keys=[newer.signing.public()])
    file, read = read_rotation(jws.general(wire_bytes(rotation), [older.signing]))
    for vouched in (False, True):
        with pytest.raises(ProofInvalid, match=r"^centres\.proof-invalid$"):
            prove_rotation(file, read, [read_key(older.signing)], vouched=vouched)


def test_a_forged_signature_in_the_name_of_the_key_in_force_is_refused() -> None:
    older, newer = CentreKeys.generate(), CentreKeys.generate()
    written = json.loads(rotation_file(an_enrolment(older).id, newer, older.signing))
    written["signatures"][3]["signature"] = written["signatures"][1]["signature"]
    file, rotation = read_rotation(json.dumps(written).encode())
    with pytest.raises(ProofInvalid, match=r"^centres\.proof-invalid$"):
        prove_rotation(file, rotation, [read_key(older.signing)])


def test_new_keys_of_a_centre_that_lost_its_own_can_be_vouched_for() -> None:
    newer, lost = CentreKeys.generate(), CentreKeys.generate()
    written = compose(KeyRotation, centre=an_enrolment(lost).id, keys=[key.public() for key in newer.every()])
    file, rotation = read_rotation(jws.general(wire_bytes(written), newer.every()))
    with pytest.raises(ProofInvalid, match=r"^centres\.proof-invalid$"):
        prove_rotation(file, rotation, [read_key(lost.signing)])
    assert prove_rotation(file, rotation, [read_key(lost.signing)], vouched=True).vouched


def test_one_key_alone_can_be_changed() -> None:
    older = CentreKeys.generate()
    oauth = CentreKey.generate(KeyUse.OAUTH)
    rotation = compose(KeyRotation, centre=an_enrolment(older).id, keys=[oauth.public()])
    file, read = read_rotation(jws.general(wire_bytes(rotation), [oauth, older.signing]))
    assert prove_rotation(file, read, [read_key(older.signing)])
