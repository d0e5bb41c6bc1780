"""The limits do what they say they keep: else they would be no limits."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidSignature

from hub.access.tokens import AccessTokens
from hub.kernel.ids import CentreId
from hub.signing.keyring import Keyring, Kind
from saikne.keys import Algorithm, CentreKey
from saikne.proofs import ProofKey
from saikne.signatures import content_digest, sign_request
from saikne_schemas.enrolment import KeyUse
from tests.benchmarks.limits.handing import NotWhole, opened_by_two
from tests.benchmarks.limits.passes import sealed_by_two
from tests.benchmarks.limits.proving import NotProved, Prover, signing_key
from tests.benchmarks.limits.receiving import Cover
from tests.benchmarks.row import Limit, Row

HUB = "http://127.0.0.1:8480"
PATH = "/v1/exchanges"
BODY = b'{"schema": "saikne.request/1"}'
DOCUMENT = hashlib.shake_256(b"document").digest(3_000_001)


@dataclass(frozen=True)
class Call:
    headers: dict[bytes, bytes]
    prover: Prover


@pytest.fixture(params=Algorithm)
def call(request: pytest.FixtureRequest, tmp_path: Path) -> Call:
    """A statement's head as the client writes it."""
    keyring, proofs, now = Keyring(tmp_path / "keys"), ProofKey(), datetime.now(UTC)
    key = CentreKey.generate(KeyUse.SIGNING, request.param)
    centre = CentreId(uuid4())
    tokens = AccessTokens(keyring, HUB)
    jkt = proofs._key.kid
    token = tokens.issue(centre=centre, client_id=str(centre), scope="exchange", jkt=jkt, now=now)
    fields = {
        "Authorization": f"DPoP {token}",
        "DPoP": proofs.proof("POST", HUB + PATH, now, token),
        "Content-Type": "application/json",
        "Content-Digest": content_digest(hashlib.sha256(BODY).digest()),
    }
    sign_request("POST", HUB + PATH, fields, key, now)
    of_tokens = keyring._newest(Kind.TOKEN)
    assert of_tokens.public is not None
    by_kid = {of_tokens.key_id: signing_key(of_tokens.public.jwk(), "").verify}
    prover = Prover(HUB, by_kid, {key.kid: signing_key(key.public_jwk(), "{}")})
    return Call({name.lower().encode(): value.encode() for name, value in fields.items()}, prover)


def test_the_bare_door_takes_what_a_centre_signs(call: Call) -> None:
    proved = call.prover.prove("POST", PATH, "", call.headers)
    assert proved.signed is not None
    assert proved.signed.sha256 == hashlib.sha256(BODY).digest()
    assert len(proved.used) == len(proved.until) == 2


OTHER = content_digest(hashlib.sha256(b"other").digest()).encode()


@pytest.mark.parametrize(
    "changed",
    [
        lambda fields: fields | {b"content-digest": OTHER},
        lambda fields: fields | {b"signature-input": fields[b"signature-input"].replace(b"alg=", b"ALG=")},
        lambda fields: fields | {b"signature": fields[b"signature"].translate(bytes.maketrans(b"Aa", b"Bb"))},
        lambda fields: fields | {b"dpop": fields[b"dpop"].translate(bytes.maketrans(b"Aa", b"Bb"))},
    ],
)
def test_and_nothing_that_was_changed(
    call: Call, changed: Callable[[dict[bytes, bytes]], dict[bytes, bytes]]
) -> None:
    with pytest.raises((NotProved, InvalidSignature, ValueError, KeyError)):
        call.prover.prove("POST", PATH, "", changed(call.headers))


def test_nor_at_another_address(call: Call) -> None:
    with pytest.raises(NotProved):
        call.prover.prove("POST", f"{PATH}/other", "", call.headers)


def test_what_the_receiver_covers_is_opened_whole_and_what_was_changed_is_not(tmp_path: Path) -> None:
    archive, opened = tmp_path / "archive", tmp_path / "opened"
    with archive.open("wb", buffering=0) as file:
        cover = Cover(file, hashed=True)
        for at in range(0, len(DOCUMENT), 1 << 20):
            cover.take(DOCUMENT[at : at + (1 << 20)])
        sealed = cover.close()
    assert opened_by_two(archive, opened) == (hashlib.sha256(DOCUMENT).hexdigest(), sealed)
    assert opened.read_bytes() == DOCUMENT
    archive.write_bytes(b"\0" + archive.read_bytes()[1:])
    with pytest.raises(NotWhole):
        opened_by_two(archive, opened)


def test_two_threads_seal_what_the_receiver_would(tmp_path: Path) -> None:
    clear, archive = tmp_path / "clear", tmp_path / "archive"
    clear.write_bytes(DOCUMENT)
    sealed_by_two(clear, archive)
    opened_by_two(archive, tmp_path / "opened")
    assert (tmp_path / "opened").read_bytes() == DOCUMENT


def test_a_row_says_how_near_it_comes_to_its_limit() -> None:
    quick = Row("calls", 0.2, at_least=0.3, limit=Limit("kept", 0.8))
    dear = Row("seconds", 2.0, at_most=1.6, limit=Limit("kept", 1.5))
    assert (quick.of_limit, dear.of_limit) == (0.25, 0.75)
    assert "limit" not in Row("calls", 0.2, at_least=0.3).as_json()
