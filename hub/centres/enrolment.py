"""When an enrolment or a rotation of keys may be admitted: proven, well made, and of a possible centre.

Source: method S1, S13, S91; domain 2.1, 2.3 (participation agreement), 5.2 (registration numbers). That the
centre is who it says is asked by people: they compare the keys' fingerprints by another way.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from hub.centres.centre import CentreRole
from hub.centres.contacts import check_contacts
from hub.centres.signed_file import FileMalformed, ProofInvalid, SignedFile, document, open_file, prove
from hub.kernel.days import drawn_up
from hub.kernel.ids import OVERSIGHT, REGISTRY
from hub.kernel.refusal import Refusal
from hub.signing.public_key import NotAPublicKey, public_key
from hub.signing.public_key import PublicKey as ReadKey
from saikne_schemas.enrolment import Enrolment, KeyRotation, KeyUse, PublicKey
from saikne_schemas.registration_numbers import is_registration_number
from saikne_schemas.vocabulary import Scope

SCOPES: Mapping[CentreRole, frozenset[Scope]] = {
    CentreRole.CENTRE: frozenset({Scope.EXCHANGE, Scope.REGISTER}),
    CentreRole.OVERSIGHT: frozenset({Scope.OVERSIGHT}),
    CentreRole.REGISTER: frozenset({Scope.REGISTER_SIDE}),
}
"""What each role may be admitted to. An overseer and the register take no part in exchanges."""


_NEEDED = frozenset({KeyUse.OAUTH, KeyUse.SIGNING})
"""Without a key for encryption a centre takes part too; it cannot be sent who is meant."""


class KeysWrong(Refusal):
    """A key is not what its `kid` or `alg` says, or the keys are not one of each use, all different."""

    code = "centres.keys-wrong"


class RegistrationNumberInvalid(Refusal):
    code = "centres.registration-number-invalid"


class ScopeNotForRole(Refusal):
    code = "centres.scope-not-for-role"


class AgreementNotYetSigned(Refusal):
    code = "centres.agreement-not-yet-signed"


@dataclass(frozen=True, slots=True)
class ProvenEnrolment:
    document: Enrolment
    file: bytes


@dataclass(frozen=True, slots=True)
class ProvenRotation:
    document: KeyRotation
    file: bytes
    vouched: bool
    """Nobody could sign with an older key: the operator answers for whose the new keys are."""


def read_enrolment(raw: bytes, today: date) -> ProvenEnrolment:
    """The enrolment in a file, if it may be admitted."""
    file = open_file(raw)
    enrolment = document(file, Enrolment)
    if enrolment.id in {OVERSIGHT, REGISTRY}:  # whoever bore one of them would read the rows of all
        raise FileMalformed(fields=["id"])
    prove(file, _distinct(enrolment.keys))
    if not {key.use for key in enrolment.keys} >= _NEEDED:
        raise KeysWrong(keys=[key.kid for key in enrolment.keys])
    if not is_registration_number(enrolment.legal_entity.registration_number):
        raise RegistrationNumberInvalid(registration_number=enrolment.legal_entity.registration_number)
    if not set(enrolment.scopes) <= SCOPES[CentreRole(enrolment.role)]:
        raise ScopeNotForRole(role=enrolment.role)
    if enrolment.agreement.signed_on > today:
        raise AgreementNotYetSigned(signed_on=enrolment.agreement.signed_on.isoformat())
    drawn_up(enrolment.agreement.signed_on, today)
    check_contacts(enrolment.contacts)
    return ProvenEnrolment(enrolment, raw)


def read_rotation(raw: bytes) -> tuple[SignedFile, KeyRotation]:
    """A rotation as it says of itself, to find the centre's keys by; `prove_rotation` decides."""
    file = open_file(raw)
    return file, document(file, KeyRotation)


def prove_rotation(
    file: SignedFile, rotation: KeyRotation, in_force: Iterable[ReadKey], *, vouched: bool = False
) -> ProvenRotation:
    """New keys sign for themselves, and one of the centre's signing keys in force for them.

    `vouched`: the centre has lost its signing key, and the operator answers for the new ones.
    """
    prove(file, _distinct(rotation.keys), others=True)
    if not vouched:
        signed = {signature.kid for signature in file.signatures}
        older = [key for key in in_force if key.key_id in signed]
        if not older:
            raise ProofInvalid(keys=[])
        prove(file, older, others=True)
    return ProvenRotation(rotation, file.raw, vouched)


def _distinct(keys: list[PublicKey]) -> list[ReadKey]:
    """The keys read, each named by what it is, no two the same and no two for one use."""
    read = [read_key(key) for key in keys]
    if len({key.key_id for key in read}) != len(keys) or len({key.use for key in keys}) != len(keys):
        raise KeysWrong(keys=[key.kid for key in keys])
    return read


def read_key(key: PublicKey) -> ReadKey:
    """A key that is what its `kid` and `alg` say."""
    try:
        read = public_key(key.model_dump(exclude_none=True))
    except NotAPublicKey as error:
        raise KeysWrong(keys=[key.kid]) from error
    if read.key_id != key.kid or key.alg != algorithm_of(key):
        raise KeysWrong(keys=[key.kid])
    return read


def algorithm_of(key: PublicKey) -> str | None:
    """The only one by which a key of its kind does what it is for; none where it cannot."""
    if key.use is KeyUse.ENCRYPTION:
        return "ECDH-ES" if key.crv == "P-256" else None
    return "EdDSA" if key.crv == "Ed25519" else "ES256"
