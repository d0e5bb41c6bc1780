"""A person's key: offered by the page that has made it, approved by somebody else, ended by many hands.

What is kept is the file that both have signed: years later it proves whose the key was, and who said so.
Each deed is told in the centre's chain. Source: design.md 6, 10; board.md 3; security.md 2.
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from hub.access.store import KeyTaken
from hub.centres.enrolment import read_key
from hub.centres.signed_file import SignedFile, document, open_file, prove
from hub.evidence.event import EventKind, Fact
from hub.evidence.store import record
from hub.kernel.clock import iso
from hub.kernel.ids import CentreId
from hub.people import store
from hub.people.key import (
    AT_MOST,
    LABEL_AT_MOST,
    ApproverWithoutKey,
    EndedBecause,
    KeyUnknown,
    TooManyKeys,
    require_approver,
    require_fit,
)
from hub.people.office import Counter
from hub.people.person import Person, PersonId, PersonState
from hub.people.tables import KeyRow
from hub.plumbing.aside import aside
from hub.signing.public_key import PublicKey, fingerprint, public_key
from saikne_schemas.person_keys import Act, PersonKey

_SHORTEST_FINGERPRINT = 16
"""Hexadecimal digits: fewer could be met by chance."""


@dataclass(frozen=True, slots=True)
class SecondSignature:
    """As the approver's page has made it over the same payload."""

    key: str
    """The one that is approved."""
    protected: str
    signature: str


def waits(row: KeyRow, counter: Counter) -> bool:
    return row.approved_at is None and counter.now < row.ends_at


def counts(row: KeyRow, counter: Counter) -> bool:
    return row.approved_at is not None and row.revoked_at is None and counter.now < row.ends_at


def payload_of(row: KeyRow) -> str:
    """What has been signed, as it stands in the file."""
    return str(json.loads(row.file)["payload"])


async def offer(counter: Counter, person: Person, raw: bytes, label: str) -> str:
    """Keep a key that its own page has signed, until somebody approves it; its name."""
    file = open_file(raw)
    said = document(file, PersonKey)
    require_fit(said, person, counter.now)
    key = read_key(said.key)
    await aside(partial(prove, file, [key]))
    held = await store.keys_of(counter.tx, person.centre, person.id)
    if sum(waits(row, counter) or counts(row, counter) for row in held) >= AT_MOST:
        raise TooManyKeys
    row = {
        "tenant_id": person.centre,
        "key_id": key.key_id,
        "person_id": person.id,
        "id": said.id,
        "label": label[:LABEL_AT_MOST],
        "jwk": key.jwk(),
        "alg": key.algorithm,
        "acts": sorted(said.acts),
        "ends_at": said.until,
        "file": raw,
        "made_at": counter.now,
    }
    if not await store.add_key(counter.tx, row):
        raise KeyTaken(key=key.key_id)
    return key.key_id


async def approve(counter: Counter, approver: Person, given: SecondSignature) -> None:
    """Let a key count that waits: whoever approves has signed for it by a key of his own."""
    row = await _waiting(counter, approver.centre, given.key)
    raw = _with(row.file, given)
    file = open_file(raw)
    require_approver(approver, document(file, PersonKey))
    own = await _by(counter, approver, file)
    await aside(partial(prove, file, [public_key(row.jwk), own]))
    if not await store.approve_key(counter.tx, row.key_id, raw, own.key_id):
        raise KeyUnknown
    await _approved(counter, row, raw, approver.id, own.key_id)


async def approve_by_operator(counter: Counter, centre: CentreId, written: str) -> KeyRow:
    """The operator has compared it and answers for it: as a centre's first, nobody there can approve it.

    The transaction is the owner's.
    """
    row = await called(counter, centre, written)
    found = await store.find(counter.tx, centre, row.person_id)
    if found is None or found.state != PersonState.ACTIVE or not set(row.acts) <= set(found.acts):
        raise KeyUnknown
    if not await store.vouch_for_key(counter.tx, row, counter.now):
        raise KeyTaken(key=row.key_id)
    await _approved(counter, row, row.file, None, None)
    return row


async def called(counter: Counter, centre: CentreId, written: str) -> KeyRow:
    """The one that waits and is called so, or whose fingerprint begins so, with or without its spaces."""
    digits = "".join(written.split()).lower()
    found = [
        row
        for row in await store.keys_of_centre(counter.tx, centre)
        if waits(row, counter)
        and (
            row.key_id == written
            or (
                len(digits) >= _SHORTEST_FINGERPRINT
                and fingerprint(row.key_id).replace(" ", "").startswith(digits)
            )
        )
    ]
    if len(found) != 1:
        raise KeyUnknown
    return found[0]


async def end(counter: Counter, row: KeyRow, because: EndedBecause, by: PersonId | None) -> None:
    """One that waits is forgotten; one that counted never counts again."""
    await _end(counter, [row], because, by)


async def end_all(
    counter: Counter, centre: CentreId, whom: PersonId, because: EndedBecause, by: PersonId | None
) -> None:
    await _end(counter, await store.keys_of(counter.tx, centre, whom), because, by)


async def of(counter: Counter, centre: CentreId, whom: PersonId, key_id: str) -> KeyRow:
    """A key of one person."""
    row = await store.find_key(counter.tx, centre, key_id)
    if row is None or row.person_id != whom:
        raise KeyUnknown
    return row


async def _end(
    counter: Counter, rows: Collection[KeyRow], because: EndedBecause, by: PersonId | None
) -> None:
    if not rows:
        return
    whose = next(iter(rows))
    await store.forget_waiting(counter.tx, whose.tenant_id, [row.key_id for row in rows])
    ended = await store.end_keys(counter.tx, [row.key_id for row in rows], because.value)
    if ended:
        facts: dict[str, Fact] = {"keys": [*ended], "because": because.value}
        await _noted(counter, EventKind.PERSON_KEY_ENDED, whose, by, facts)


async def _waiting(counter: Counter, centre: CentreId, key_id: str) -> KeyRow:
    row = await store.find_key(counter.tx, centre, key_id)
    if row is None or not waits(row, counter):
        raise KeyUnknown
    return row


async def _by(counter: Counter, approver: Person, file: SignedFile) -> PublicKey:
    """The approver's own key among those that signed, if it was approved for managing people."""
    signed = {signature.kid for signature in file.signatures}
    for row in await store.keys_of(counter.tx, approver.centre, approver.id):
        if row.key_id in signed and counts(row, counter) and Act.MANAGE_PEOPLE in row.acts:
            return public_key(row.jwk)
    raise ApproverWithoutKey


def _with(file: bytes, given: SecondSignature) -> bytes:
    """The file with the second signature behind the first."""
    said = json.loads(file)
    said["signatures"].append({"protected": given.protected, "signature": given.signature})
    return json.dumps(said, separators=(",", ":")).encode()


async def _approved(
    counter: Counter, row: KeyRow, file: bytes, by: PersonId | None, by_key: str | None
) -> None:
    facts: dict[str, Fact] = {
        "key": row.key_id,
        "alg": row.alg,
        "acts": [*row.acts],
        "until": iso(row.ends_at),
        "by_key": by_key,
        "file_sha256": hashlib.sha256(file).hexdigest(),
    }
    await _noted(counter, EventKind.PERSON_KEY_APPROVED, row, by, facts)


async def _noted(
    counter: Counter, kind: EventKind, row: KeyRow, by: PersonId | None, facts: dict[str, Fact]
) -> None:
    """On the centre's chain: which person of the hub, never its name."""
    who: dict[str, Fact] = {"person": str(row.person_id), "by": str(by) if by else None}
    await record(counter.tx, kind, [row.tenant_id], None, who | facts)
