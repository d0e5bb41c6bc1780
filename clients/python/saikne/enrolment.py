"""What a centre hands to the hub's operator: its enrolment, or its new keys, signed by every key it names.

The file is a JWS in general JSON form. A rotation is signed by the new keys and by the signing key in force,
so that only the centre itself can change its keys. Source: method S1, S13, S91; domain 2.1, 2.3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID, uuid4

from saikne.jws import general
from saikne.keys import Algorithm, CentreKey
from saikne.statements import compose, wire_bytes
from saikne_schemas.enrolment import Agreement, Contacts, Enrolment, KeyRotation, KeyUse, LegalEntity
from saikne_schemas.vocabulary import CalendarPolicy, Scope

Role = Literal["centre", "oversight", "register"]
_USUAL: dict[Role, Scope] = {
    "centre": Scope.EXCHANGE,
    "oversight": Scope.OVERSIGHT,
    "register": Scope.REGISTER_SIDE,
}


@dataclass(frozen=True)
class CentreKeys:
    """The keys of a centre: for tokens, for what is kept for years, and to open what is sealed to it."""

    oauth: CentreKey
    signing: CentreKey
    encryption: CentreKey | None = None
    """Absent on a machine that was set up before there was one; new keys bring it."""

    @classmethod
    def generate(cls, algorithm: Algorithm = Algorithm.EDDSA) -> "CentreKeys":
        """New ones of every use. What opens is P-256 whatever signs: an X25519 key could not prove itself."""
        return cls(
            CentreKey.generate(KeyUse.OAUTH, algorithm),
            CentreKey.generate(KeyUse.SIGNING, algorithm),
            CentreKey.generate(KeyUse.ENCRYPTION, Algorithm.ES256),
        )

    def every(self) -> tuple[CentreKey, ...]:
        return (self.oauth, self.signing, *([self.encryption] if self.encryption else []))


def new_enrolment(
    keys: CentreKeys,
    *,
    name: str,
    legal_entity: LegalEntity,
    contacts: Contacts,
    agreement: Agreement,
    calendar: CalendarPolicy = CalendarPolicy.STATUTORY,
    oversight: bool = False,
    register_side: bool = False,
    scopes: Sequence[Scope] | None = None,
    known_as: UUID | None = None,
) -> Enrolment:
    """A centre's enrolment; its `id` becomes the centre's identifier in the hub.

    `known_as`: the number by which members know it already as a centre outside of the hub.

    Oversight and a job on the register's side are enrolled in the same way, and are no centres.
    """
    role: Role = "oversight" if oversight else "register" if register_side else "centre"
    return compose(
        Enrolment,
        id=known_as or uuid4(),
        role=role,
        legal_entity=legal_entity,
        name=name,
        contacts=contacts,
        calendar=calendar,
        scopes=[_USUAL[role]] if scopes is None else list(scopes),
        agreement=agreement,
        keys=[key.public() for key in keys.every()],
    )


def enrolment_file(enrolment: Enrolment, keys: CentreKeys) -> bytes:
    """The file for the hub's operator, signed by every key in it."""
    return general(wire_bytes(enrolment), keys.every())


def rotation_file(centre: UUID, new: CentreKeys, in_force: CentreKey | None) -> bytes:
    """The file that announces new keys. Where the key in force is lost, the hub's operator must vouch."""
    rotation = compose(KeyRotation, centre=centre, keys=[key.public() for key in new.every()])
    return general(wire_bytes(rotation), [*new.every(), *([in_force] if in_force else [])])
