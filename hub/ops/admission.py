"""What lets a centre in and lets its keys count: deeds of `centres` and `access` with their evidence.

The operator's commands do them; each is one transaction that acts for the centre and for oversight.
Source: method S1, S91; security.md 2 (proof of whose a key is), threat 12 (rotation).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from hub.access.store import ClientKey, RevokedBecause, admit_key, list_keys, revoke_key
from hub.centres import casework, store
from hub.centres.centre import Centre, tenant_of
from hub.centres.enrolment import ProvenEnrolment, ProvenRotation, prove_rotation, read_rotation
from hub.evidence.event import EventKind, Fact
from hub.evidence.store import record
from hub.kernel.ids import CentreId
from hub.plumbing.database import Tx
from hub.signing.public_key import fingerprint, public_key
from saikne_schemas.enrolment import KeyUse, PublicKey

_SHORTEST_FINGERPRINT = 16
"""Hexadecimal digits: fewer could be met by chance."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """New keys that may be entered, and those which they would put out of force."""

    centre: Centre
    proven: ProvenRotation
    superseded: tuple[ClientKey, ...]


async def admit(tx: Tx, proven: ProvenEnrolment, now: datetime) -> Centre:
    """Enter a centre and let its keys count."""
    centre = await casework.admit(tx, proven, now)
    await _let_count(tx, centre, proven.document.keys, proven.file, now)
    return centre


async def look_at_rotation(tx: Tx, raw: bytes, *, vouched: bool) -> Rotation:
    """Whose keys a file would change and which; refuses a file that may not."""
    file, rotation = read_rotation(raw)
    centre = await casework.known(tx, CentreId(rotation.centre))
    in_force = [key for key in await list_keys(tx, centre.id) if key.revoked_at is None]
    signing = [public_key(key.jwk) for key in in_force if key.use is KeyUse.SIGNING]
    proven = prove_rotation(file, rotation, signing, vouched=vouched)
    uses = {key.use for key in rotation.keys}
    return Rotation(centre, proven, tuple(key for key in in_force if key.use in uses))


async def rotate(tx: Tx, wanted: Rotation, now: datetime, *, keep_old: bool = False) -> None:
    """Let the new keys count from now on, and the old ones of the same use no longer."""
    centre = await casework.take_rotation(tx, wanted.proven, now)
    await _let_count(
        tx, centre, wanted.proven.document.keys, wanted.proven.file, now, vouched=wanted.proven.vouched
    )
    for key in () if keep_old else wanted.superseded:
        await revoke(tx, centre, key.key_id, RevokedBecause.ROTATED, now)


async def revoke(tx: Tx, centre: Centre, key_id: str, because: RevokedBecause, now: datetime) -> None:
    """From now on a key counts for nothing new."""
    await revoke_key(tx, key_id, because=because, now=now)
    await _tell(tx, EventKind.KEY_REVOKED, centre, key=key_id, because=because.value)


async def keys_called(tx: Tx, written: str) -> list[tuple[Centre, ClientKey]]:
    """Keys by their name, or by the beginning of their fingerprint with or without its spaces."""
    digits = written.replace(" ", "").lower()
    return [
        (centre, key)
        for centre in await store.directory(tx)
        for key in await list_keys(tx, centre.id)
        if key.key_id == written
        or (
            len(digits) >= _SHORTEST_FINGERPRINT
            and fingerprint(key.key_id).replace(" ", "").startswith(digits)
        )
    ]


async def _let_count(
    tx: Tx, centre: Centre, keys: Iterable[PublicKey], file: bytes, now: datetime, **facts: Fact
) -> None:
    proof = hashlib.sha256(file).hexdigest()
    for key in keys:
        await admit_key(tx, centre=centre.id, key=key, now=now)
        told: dict[str, Fact] = {"key": key.kid, "use": key.use.value, "alg": key.alg, "file_sha256": proof}
        await _tell(tx, EventKind.KEY_ADMITTED, centre, **told, **facts)


async def _tell(tx: Tx, kind: EventKind, centre: Centre, **facts: Fact) -> None:
    await record(tx, kind, [tenant_of(centre)], None, {"centre": str(centre.id), **facts})
