"""The enrolment file proves possession of every key it names."""

import json
from typing import Any
from uuid import uuid4

import pytest
from joserfc import jws
from joserfc.errors import BadSignatureError
from joserfc.jwk import ECKey, OKPKey

from saikne.enrolment import CentreKeys, enrolment_file, new_enrolment, rotation_file
from saikne.keys import Algorithm
from saikne_schemas.enrolment import Agreement, Contacts, Enrolment, KeyRotation, LegalEntity
from saikne_schemas.vocabulary import Scope


class Registry(jws.JWSRegistry):
    def get_alg(self, name: str) -> Any:
        return self.algorithms[name]


def verified(file: bytes, keys: list[dict[str, Any]]) -> bytes:
    """Every signature of the file verified with joserfc, by the key its header names."""
    by_kid = {
        key["kid"]: (OKPKey if key["kty"] == "OKP" else ECKey).import_key(
            {name: key[name] for name in ("kty", "crv", "x", "y") if key.get(name)}
        )
        for key in keys
    }
    document = json.loads(file)
    signed = jws.deserialize_json(document, lambda one: by_kid[one.headers()["kid"]], registry=Registry())
    assert len(document["signatures"]) == len(by_kid)
    return bytes(signed.payload)


def enrolment(keys: CentreKeys, **changes: Any) -> Enrolment:
    return new_enrolment(
        keys,
        name="Atbalsta centrs Saule",
        legal_entity=LegalEntity(name="Biedrība Saule", registration_number="40008000102"),
        contacts=Contacts(notices="lietvediba@saule.example"),
        agreement=Agreement.model_validate({"version": "1", "signed_on": "2026-03-02"}),
        **changes,
    )


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_an_enrolment_is_signed_by_all_its_keys(algorithm: Algorithm) -> None:
    keys = CentreKeys.generate(algorithm)
    made = enrolment(keys)
    payload = verified(enrolment_file(made, keys), [key.model_dump() for key in made.keys])
    assert Enrolment.model_validate_json(payload) == made


def test_an_enrolment_edited_afterwards_does_not_verify() -> None:
    keys = CentreKeys.generate()
    made = enrolment(keys)
    file = json.loads(enrolment_file(made, keys))
    other = json.loads(enrolment_file(enrolment(keys), keys))
    forged = json.dumps(file | {"payload": other["payload"]}).encode()
    with pytest.raises(BadSignatureError):
        verified(forged, [key.model_dump() for key in made.keys])


def test_an_enrolment_holds_no_private_key() -> None:
    keys = CentreKeys.generate()
    file = enrolment_file(enrolment(keys), keys).decode()
    privates = [str(key.jose.as_dict(private=True)["d"]) for key in keys.every()]
    assert not [private for private in privates if private in file]


def test_oversight_asks_for_its_own_scope_only() -> None:
    assert enrolment(CentreKeys.generate(), oversight=True).scopes == [Scope.OVERSIGHT]
    assert enrolment(CentreKeys.generate()).scopes == [Scope.EXCHANGE]


def test_the_registers_side_is_no_centre_and_asks_for_its_own_scope_only() -> None:
    made = enrolment(CentreKeys.generate(), register_side=True)
    assert (made.role, made.scopes) == ("register", [Scope.REGISTER_SIDE])


def test_new_keys_are_announced_by_the_key_in_force() -> None:
    old, new, centre = CentreKeys.generate(), CentreKeys.generate(Algorithm.ES256), uuid4()
    signers = [old.signing.public(), *(key.public() for key in new.every())]
    payload = verified(rotation_file(centre, new, old.signing), [key.model_dump() for key in signers])
    rotation = KeyRotation.model_validate_json(payload)
    assert (rotation.centre, rotation.keys) == (centre, signers[1:])
