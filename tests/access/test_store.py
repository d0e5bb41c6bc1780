"""Whose keys count, and what is remembered of used proofs even when the database crashes."""

import asyncio
import os
import shutil
import signal
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.exc import DBAPIError

from hub.access.store import (
    KeyNotAPublicKey,
    KeyTaken,
    KeyUnknown,
    RevokedBecause,
    admit_key,
    clean_up,
    keys_to_seal_to,
    list_keys,
    revoke_key,
    signing_jwk,
)
from hub.kernel import clock
from hub.kernel.ids import CentreId
from hub.ops.schema import install
from hub.plumbing import embedded
from hub.plumbing.database import Database
from saikne_schemas.enrolment import KeyUse, PublicKey
from tests.access.centre_system import CentreSystem, jwk, p256, thumbprint
from tests.access.conftest import SmallHub

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
P256_MEMBERS = jwk(p256())


def written(key: Any, use: KeyUse = KeyUse.SIGNING, **changes: str) -> PublicKey:
    alg = "EdDSA" if isinstance(key, Ed25519PrivateKey) else "ES256"
    alg = "ECDH-ES" if use is KeyUse.ENCRYPTION and alg == "ES256" else alg
    members = {**jwk(key), "kid": thumbprint(key), "alg": alg, "use": use, **changes}
    return PublicKey.model_validate(members)


async def admit(hub: SmallHub, centre: CentreSystem, key: PublicKey) -> None:
    async with hub.owner.transaction() as tx:
        await hub.admit(tx, centre, key)


async def test_a_centres_keys_are_listed_with_their_use_and_fate(hub: SmallHub, centre: CentreSystem) -> None:
    async with hub.owner.transaction() as tx:
        await revoke_key(tx, thumbprint(centre.oauth), because=RevokedBecause.COMPROMISED, now=NOW)
        keys = {key.use: key for key in await list_keys(tx, CentreId(centre.centre))}
    assert {use: key.key_id for use, key in keys.items()} == {
        KeyUse.OAUTH: thumbprint(centre.oauth),
        KeyUse.SIGNING: thumbprint(centre.signing),
    }
    assert keys[KeyUse.OAUTH].revoked_because is RevokedBecause.COMPROMISED
    assert keys[KeyUse.SIGNING].revoked_at is None


async def test_the_first_revocation_of_a_key_stands(hub: SmallHub, centre: CentreSystem) -> None:
    async with hub.owner.transaction() as tx:
        for day, because in ((1, RevokedBecause.COMPROMISED), (2, RevokedBecause.ROTATED)):
            moment = NOW.replace(day=day)
            await revoke_key(tx, thumbprint(centre.oauth), because=because, now=moment)
        (key,) = [k for k in await list_keys(tx, CentreId(centre.centre)) if k.use is KeyUse.OAUTH]
    assert (key.revoked_at, key.revoked_because) == (NOW.replace(day=1), RevokedBecause.COMPROMISED)


async def test_revoking_a_key_nobody_has_is_refused(hub: SmallHub) -> None:
    with pytest.raises(KeyUnknown):
        async with hub.owner.transaction() as tx:
            await revoke_key(tx, thumbprint(p256()), because=RevokedBecause.ROTATED, now=NOW)


@pytest.mark.parametrize("use", list(KeyUse))
async def test_no_key_is_admitted_twice_nor_for_two_uses(
    hub: SmallHub, centre: CentreSystem, use: KeyUse
) -> None:
    key, other = p256(), await hub.enrol()
    await admit(hub, centre, written(key))
    with pytest.raises(KeyTaken):
        await admit(hub, other, written(key, use))


@pytest.mark.parametrize(
    "changes",
    [
        {"kid": "A" * 43},
        {"x": "A" * 43},
        {"alg": "EdDSA"},
        {"y": P256_MEMBERS["x"]},
        {"x": P256_MEMBERS["x"][:-1] + "_"},
    ],
)
async def test_what_is_not_exactly_a_public_key_under_its_own_name_is_refused(
    hub: SmallHub, centre: CentreSystem, changes: dict[str, str]
) -> None:
    key = written(p256(), KeyUse.SIGNING, **changes)
    with pytest.raises(KeyNotAPublicKey):
        await admit(hub, centre, key)


async def test_an_encryption_key_that_could_not_open_is_refused(hub: SmallHub, centre: CentreSystem) -> None:
    with pytest.raises(KeyNotAPublicKey):
        await admit(hub, centre, written(Ed25519PrivateKey.generate(), KeyUse.ENCRYPTION))


async def test_an_encryption_key_gets_no_token_and_signs_nothing(hub: SmallHub, centre: CentreSystem) -> None:
    opens = p256()
    await admit(hub, centre, written(opens, KeyUse.ENCRYPTION))
    assert await centre.token(hub.http)
    centre.oauth = opens
    with pytest.raises(AssertionError, match="invalid_client"):
        await centre.token(hub.http)
    assert await signing_jwk(hub.database, thumbprint(opens)) is None
    assert await signing_jwk(hub.database, thumbprint(centre.signing)) is not None


async def test_what_is_sealed_is_sealed_to_keys_in_force_the_newest_first(
    hub: SmallHub, centre: CentreSystem
) -> None:
    older, newer = p256(), p256()
    for moment, key in ((NOW, older), (NOW.replace(day=3), newer)):
        async with hub.owner.transaction() as tx:
            given = written(key, KeyUse.ENCRYPTION)
            await admit_key(tx, centre=CentreId(centre.centre), key=given, now=moment)
    async with hub.owner.transaction() as tx:
        shown = await keys_to_seal_to(tx)
        assert [jwk["kid"] for jwk in shown[CentreId(centre.centre)]] == [
            thumbprint(newer),
            thumbprint(older),
        ]
        await revoke_key(tx, thumbprint(newer), because=RevokedBecause.ROTATED, now=NOW)
        shown = await keys_to_seal_to(tx)
    assert [jwk["kid"] for jwk in shown[CentreId(centre.centre)]] == [thumbprint(older)]


async def test_a_rotated_in_key_counts_beside_the_old_one_until_that_is_revoked(
    hub: SmallHub, centre: CentreSystem
) -> None:
    old, new = centre.oauth, Ed25519PrivateKey.generate()
    await admit(hub, centre, written(new, KeyUse.OAUTH))
    for key in (old, new):
        centre.oauth = key
        assert await centre.token(hub.http)
    async with hub.owner.transaction() as tx:
        await revoke_key(tx, thumbprint(old), because=RevokedBecause.ROTATED, now=clock.now())
    assert await centre.token(hub.http)


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE hub.client_key SET revoked_at = NULL",
        "DELETE FROM hub.client_key",
        "INSERT INTO hub.client_key SELECT * FROM hub.client_key",
        "UPDATE hub.seen SET expires_at = now()",
        "DELETE FROM hub.memory",
        "UPDATE hub.memory SET whole_since = 'epoch'",
        "TRUNCATE hub.revoked_token",
    ],
)
async def test_the_application_cannot_change_keys_nor_what_is_remembered(hub: SmallHub, deed: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with hub.database.transaction() as tx:
            await tx.exec_driver_sql(deed)


async def test_only_what_can_no_longer_count_is_forgotten(hub: SmallHub) -> None:
    moments = {NOW - timedelta(seconds=1): b"over", NOW + timedelta(seconds=1): b"still counts"}
    async with hub.database.transaction() as tx:
        await clean_up(tx, NOW)
        for moment, key in moments.items():
            await tx.exec_driver_sql("INSERT INTO hub.seen VALUES ($1, $2)", (key, moment))
            await tx.exec_driver_sql("INSERT INTO hub.revoked_token VALUES ($1, $2)", (key.decode(), moment))
        assert await clean_up(tx, NOW) == 2
        left = (await tx.exec_driver_sql("SELECT key FROM hub.seen WHERE expires_at < now()")).scalars().all()
    assert left == [b"still counts"]


async def test_a_crash_of_one_backend_empties_the_memory_although_the_server_never_stopped() -> None:
    """Why the memory's own mark is asked, and not the server's start time."""
    home = Path(tempfile.mkdtemp(prefix="saikne-crash-"))
    directory = home / "postgres"
    server = embedded.start(directory)
    await install(server.admin_url)
    database = Database(server.admin_url, pool_size=1)
    async with database.transaction() as tx:
        await tx.exec_driver_sql("INSERT INTO hub.seen VALUES ('used', now())")
    ((started, backend),) = await database.alone("SELECT pg_postmaster_start_time(), pg_backend_pid()")
    os.kill(backend, signal.SIGKILL)
    counts = await _after_recovery(server.admin_url)
    assert counts == (started, 0, 0)
    await database.close()
    embedded.stop(directory)
    shutil.rmtree(home, ignore_errors=True)


async def _after_recovery(url: str) -> tuple[Any, ...]:
    deadline = time.monotonic() + 30
    while True:
        try:
            connection = await asyncpg.connect(url)
            row = await connection.fetchrow(
                "SELECT pg_postmaster_start_time(),"
                " (SELECT count(*) FROM hub.seen), (SELECT count(*) FROM hub.memory)"
            )
        except (asyncpg.PostgresError, OSError):
            assert time.monotonic() < deadline, "the database did not recover"
            await asyncio.sleep(0.05)
        else:
            await connection.close()
            assert row is not None
            return tuple(row)
