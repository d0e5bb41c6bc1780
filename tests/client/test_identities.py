"""Who is meant opens on the addressee's machine only, and counts only as a signed statement names it."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from joserfc.jwk import ECKey

from saikne.enrolment import CentreKeys
from saikne.hub import Hub
from saikne.identities import (
    EncryptionKeyRefused,
    IdentityNotStated,
    IdentityUnreadable,
    Meant,
    open_identity,
    seal_identity,
    who_is_meant,
)
from saikne.journal import Journal
from saikne.jwe import sealed
from saikne.keys import Algorithm, CentreKey
from saikne_schemas.enrolment import KeyUse
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.identities import IDENTITY_TYPE, Identity, IdentityRef, SealedIdentity
from saikne_schemas.manifests import RequestForCopies
from saikne_schemas.views import StatementView
from tests.client.story import request_of

IDENTITY = Identity.model_validate(EXAMPLES[Identity])


def opens() -> CentreKey:
    return CentreKey.generate(KeyUse.ENCRYPTION, Algorithm.ES256)


def jwk(key: CentreKey) -> dict[str, str]:
    return {**key.public_jwk(), "kid": key.kid}


def damaged(seal: str) -> str:
    head, _, iv, text, tag = seal.split(".")
    return f"{head}..{iv}.{text[:-4]}{'AAAA' if text[-4:] != 'AAAA' else 'BBBB'}.{tag}"


def test_what_is_sealed_to_a_key_opens_with_it() -> None:
    older, key = opens(), opens()
    assert open_identity(seal_identity(IDENTITY, jwk(key)).decode(), [older, key]) == IDENTITY


def test_the_length_of_a_seal_tells_nothing_of_names() -> None:
    key = opens()
    short = IDENTITY.model_copy(update={"address": "A", "children": []})
    assert len(seal_identity(short, jwk(key))) == len(seal_identity(IDENTITY, jwk(key)))


def test_what_was_sealed_to_a_key_that_is_gone_is_told_as_such() -> None:
    key, other = opens(), opens()
    with pytest.raises(IdentityUnreadable, match=r"^identity\.unreadable$") as caught:
        open_identity(seal_identity(IDENTITY, jwk(key)).decode(), [other])
    assert caught.value.facts == {"given": key.kid}


@pytest.mark.parametrize("seal", ["", "a.b.c", "e30..AAAA.AAAA.AAAA", "damaged", "other kind", "no identity"])
def test_what_does_not_open_is_refused(seal: str) -> None:
    key = opens()
    assert isinstance(key.jose, ECKey)
    made = {
        "damaged": damaged(seal_identity(IDENTITY, jwk(key)).decode()),
        "other kind": sealed(IDENTITY.model_dump_json(by_alias=True).encode(), key.jose, "JWE"),
        "no identity": sealed(b'{"schema":"saikne.identity/1","spouses":[]}', key.jose, IDENTITY_TYPE),
    }
    with pytest.raises(IdentityUnreadable, match=r"^identity\.unreadable$"):
        open_identity(made.get(seal, seal), [key])


def test_a_key_that_bears_anothers_name_is_not_sealed_to() -> None:
    key, other = opens(), opens()
    ed25519 = CentreKeys.generate().signing
    for shown in (
        {**jwk(key), "kid": other.kid},
        jwk(ed25519),
        {"kty": "EC", "crv": "P-256", "kid": key.kid},
    ):
        with pytest.raises(EncryptionKeyRefused, match=r"^identity\.key-refused$"):
            seal_identity(IDENTITY, shown)


async def told(requester: Hub, holder: Hub, seal: bytes, to: UUID) -> tuple[UUID, list[StatementView]]:
    """A request that names a seal, as the hub keeps it."""
    ref = IdentityRef(to=to, id=uuid4(), sha256=hashlib.sha256(seal).hexdigest())
    request: RequestForCopies = request_of(requester, holder).model_copy(update={"identities": [ref]})
    exchange = (await requester.tell(request)).exchange
    return exchange, await holder.statements(exchange)


async def opened(
    holder: Hub, seal: bytes, author: UUID, statements: Sequence[StatementView], key: CentreKey
) -> Meant:
    one = SealedIdentity(
        id=uuid4(),
        about=uuid4(),
        author=author,
        sha256="0" * 64,
        sealed=seal.decode(),
        sent_at=datetime.now(UTC),
    )
    reader = holder.credentials.centre
    return who_is_meant(one, statements, [key], reader=reader, hub_jwks=await holder.jwks())


async def test_an_opened_seal_is_the_word_of_who_signed_the_statement(requester: Hub, holder: Hub) -> None:
    key = opens()
    seal = seal_identity(IDENTITY, jwk(key))
    _, statements = await told(requester, holder, seal, holder.credentials.centre)
    meant = await opened(holder, seal, requester.credentials.centre, statements, key)
    assert (meant.identity, meant.author) == (IDENTITY, requester.credentials.centre)


@pytest.mark.parametrize("wrong", ["seal", "author", "addressee", "signature"])
async def test_a_seal_that_no_statement_answers_for_is_not_opened(
    requester: Hub, holder: Hub, wrong: str
) -> None:
    key = opens()
    seal, another = seal_identity(IDENTITY, jwk(key)), seal_identity(IDENTITY, jwk(key))
    to = requester.credentials.centre if wrong == "addressee" else holder.credentials.centre
    _, statements = await told(requester, holder, seal, to)
    author = holder.credentials.centre if wrong == "author" else requester.credentials.centre
    if wrong == "signature":
        statements = [one.model_copy(update={"signature": "A" * 86 + "=="}) for one in statements]
    with pytest.raises(IdentityNotStated, match=r"^identity\.not-stated$"):
        await opened(holder, another if wrong == "seal" else seal, author, statements, key)


def test_a_command_given_again_sends_the_same_seal_until_its_statement_is_answered(tmp_path: Path) -> None:
    book, seals = Journal(tmp_path), [b"first", b"second", b"third"]
    name, first = book.sealed(b"who", "kid", lambda: seals[0])
    assert book.sealed(b"who", "kid", lambda: seals[1]) == (name, first) == (name, b"first")
    assert book.sealed(b"who", "other", lambda: seals[1])[1] == b"second"
    assert book.sealed(b"another", "kid", lambda: seals[2])[1] == b"third"
    ref = IdentityRef(to=uuid4(), id=name, sha256="0" * 64)
    said = RequestForCopies.model_validate_json(json.dumps(EXAMPLES[RequestForCopies]))
    request = said.model_copy(update={"identities": [ref]})
    book.taken(request)
    assert book.sealed(b"who", "kid", lambda: seals[1])[1] == b"second"
    assert not [path for path in (tmp_path / "journal").iterdir() if b"who" in path.read_bytes()]
