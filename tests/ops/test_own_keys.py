"""`hub key own`, `renew`, `rewrap`, `retire` on a real database, killed in the middle too."""

import asyncio
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import typer
from typer.testing import CliRunner

from hub.kernel.ids import CentreId
from hub.kernel.secret import Secret
from hub.ops import centres, keys, own_keys
from hub.plumbing.database import OWNER_ROLE, Database
from hub.proofs import store
from hub.signing.key_files import NEEDED
from hub.signing.keyring import Keyring, Kind
from hub.signing.store import cover
from saikne_schemas.command_line import Exit
from tests.centres.centre_files import an_enrolment_file
from tests.conftest import Cluster

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PASSWORD = "the password of "
app = typer.Typer()
own_keys.add_to(keys.app)
app.add_typer(keys.app, name="key")
app.add_typer(centres.app, name="centre")


@dataclass
class Installation:
    """A database with a centre in it, and a keys directory."""

    url: str
    home: Path
    centre: UUID

    @property
    def environment(self) -> dict[str, str]:
        return {"HUB_DATABASE_URL": self.url, "HUB_HOME": str(self.home), "HUB_LANG": "en"}

    @property
    def keyring(self) -> Keyring:
        """As another process opens it."""
        return Keyring(self.home / "keys")

    def __call__(self, *words: str, expect: int = 0, answer: str = "") -> str:
        ended = CliRunner().invoke(app, list(words), env=self.environment, input=answer)
        assert ended.exit_code == expect, ended.output
        return ended.output if expect else ended.stdout

    def json(self, *words: str, expect: int = 0) -> list[dict[str, Any]]:
        ended = CliRunner().invoke(app, [*words, "--json"], env=self.environment)
        assert ended.exit_code == expect, ended.output
        return [json.loads(line) for line in ended.stdout.splitlines()]

    def wrapping(self, state: str) -> list[dict[str, Any]]:
        expect = Exit.REFUSED if state == "missing" else 0
        known = self.json("key", "own", expect=expect)
        return [key for key in known if (key["kind"], key["state"]) == ("wrapping", state)]

    def keep(self, count: int) -> list[UUID]:
        """So many proofs of the centre, each password covered by the newest key."""
        return asyncio.run(self._keep([uuid4() for _ in range(count)]))

    async def _keep(self, identities: list[UUID]) -> list[UUID]:
        keyring, owner = self.keyring, CentreId(self.centre)
        database = Database(self.url, role=OWNER_ROLE, pool_size=1)
        async with database.transaction([owner]) as tx:
            for one in identities:
                password = Secret(f"{PASSWORD}{one}")
                row = {
                    "tenant_id": owner,
                    "id": one,
                    "media_type": "text/plain",
                    "bytes": 1,
                    "sha256": b"",
                    "path": "proofs/none",
                    "segment_bytes": 1,
                    "archive_sha256": b"",
                    "wrapped": await cover(tx, keyring, password, store.bound_to(owner, one)),
                    "sealed_at": NOW,
                }
                assert await store.keep(tx, row)
        await database.close()
        return identities

    def opens(self, identities: list[UUID]) -> bool:
        """Whether every one of these opens to its own password, by the keys that are there now."""
        return asyncio.run(self._opens(identities))

    async def _opens(self, identities: list[UUID]) -> bool:
        keyring, owner = self.keyring, CentreId(self.centre)
        database = Database(self.url, role=OWNER_ROLE, pool_size=1)
        async with database.transaction([owner]) as tx:
            rows = [await store.find(tx, owner, one) for one in identities]
        await database.close()
        return all(
            row is not None
            and keyring.unwrap(row.wrapped, store.bound_to(owner, row.id)) == Secret(f"{PASSWORD}{row.id}")
            for row in rows
        )


@pytest.fixture
def hub(cluster: Cluster, database_name: str, tmp_path: Path) -> Installation:
    installation = Installation(cluster.url(database_name), tmp_path, uuid4())
    Keyring(tmp_path / "keys")
    file = tmp_path / "enrolment.json"
    file.write_bytes(an_enrolment_file())
    [admitted] = installation.json("centre", "admit", str(file), "--yes")
    installation.centre = UUID(admitted["id"])
    return installation


def test_a_key_is_renewed_everything_rewrapped_and_the_old_one_retired(hub: Installation) -> None:
    kinds = ("passwords", "addresses", "proofs", "signers", "codes", "providers", "subscriptions")
    proofs, none = hub.keep(3), dict.fromkeys(kinds, 0)
    (old,) = hub.wrapping("newest")
    assert old["covers"] == {"proofs": 3}
    [new] = hub.json("key", "renew", "wrapping")
    assert new["kid"] != old["kid"]
    assert "still covers something (proofs: 3)" in hub("key", "retire", old["kid"], "--yes", expect=1)
    assert hub.opens(proofs)
    [done] = hub.json("key", "rewrap")
    assert done == {"kid": new["kid"], "done": {**none, "proofs": 3}, "missing": {}, "damaged": []}
    [again] = hub.json("key", "rewrap")
    assert again["done"] == none
    [retired] = hub.json("key", "retire", old["kid"], "--yes")
    assert Path(retired["kept"]).parent.name == "retired"
    assert [key["kid"] for key in hub.json("key", "own") if key["kind"] == "wrapping"] == [new["kid"]]
    assert hub.opens(proofs)


@pytest.mark.parametrize("kind", Kind)
def test_the_newest_key_of_a_kind_is_not_retired(hub: Installation, kind: Kind) -> None:
    newest = next(key for key in hub.keyring.own() if key.kind is kind)
    assert f"hub key renew {kind}" in hub("key", "retire", newest.key_id, "--yes", expect=1)
    assert hub.keyring.own() == hub.keyring.own()


@pytest.mark.parametrize("kind", [Kind.TOKEN, Kind.RECEIPT])
def test_a_signing_key_is_withdrawn_after_its_consequence_was_told(hub: Installation, kind: Kind) -> None:
    old = next(key.key_id for key in hub.keyring.own() if key.kind is kind)
    hub("key", "renew", kind.value)
    hub("key", "retire", f"{kind}-{old[:10]}", answer="n\n", expect=1)
    assert old in {key["kid"] for key in hub.keyring.public_jwks()["keys"]}
    assert "is withdrawn" in hub("key", "retire", f"{kind}-{old[:10]}", answer="y\n")
    assert [key["kid"] for key in hub.keyring.public_jwks()["withdrawn"]] == [old]
    assert "withdrawn before" in hub("key", "retire", old, "--yes", expect=2)


@pytest.mark.parametrize("called", ["nobody", "w", "wrapping-", "", "wrapping"])
def test_a_name_that_is_not_one_keys_retires_nothing(hub: Installation, called: str) -> None:
    hub("key", "renew", "wrapping")
    before = hub.keyring.own()
    hub("key", "retire", called, "--yes", expect=2)
    assert hub.keyring.own() == before


def test_no_keys_are_made_where_a_command_looks_in_the_wrong_place(hub: Installation, tmp_path: Path) -> None:
    hub.home = tmp_path / "elsewhere"
    for words in (("own",), ("renew", "token"), ("rewrap",), ("retire", "abcdefg", "--yes")):
        assert "Is HUB_HOME set" in hub("key", *words, expect=2)
    assert not hub.home.exists()


def test_what_a_missing_key_covers_is_named_counted_and_left_until_it_is_back(hub: Installation) -> None:
    lost = hub.keep(2)
    (old,) = hub.wrapping("newest")
    hub.json("key", "renew", "wrapping")
    kept = hub.keep(1)
    hub.json("key", "renew", "wrapping")
    file = hub.home / "keys" / f"wrapping-{old['kid']}.json"
    file.rename(hub.home / "away")
    assert hub.wrapping("missing") == [
        {"kind": "wrapping", "kid": old["kid"], "created": None, "state": "missing", "covers": {"proofs": 2}}
    ]
    [done] = hub.json("key", "rewrap", expect=1)
    assert (done["done"]["proofs"], done["missing"]) == (1, {old["kid"]: {"proofs": 2}})
    assert hub.opens(kept)
    (hub.home / "away").rename(file)
    [done] = hub.json("key", "rewrap")
    assert (done["done"]["proofs"], done["missing"]) == (2, {})
    assert hub.opens(lost + kept)


def test_without_a_key_for_push_everything_else_goes_on_and_the_operator_is_told(hub: Installation) -> None:
    [file] = (hub.home / "keys").glob("push-*.json")
    file.unlink()
    ended = CliRunner().invoke(app, ["key", "own"], env=hub.environment)
    assert (ended.exit_code, "hub key renew push" in ended.output) == (0, True)
    [made] = hub.json("key", "renew", "push")
    assert {"kind": "push", "kid": made["kid"]}.items() <= hub.json("key", "own")[-1].items()
    hub.json("key", "renew", "push")
    assert "told nothing more" in hub("key", "retire", f"push-{made['kid'][:10]}", answer="n\n", expect=1)
    assert "is withdrawn" in hub("key", "retire", f"push-{made['kid'][:10]}", answer="y\n")


@pytest.mark.parametrize("kind", sorted(NEEDED))
def test_a_lost_key_is_told_and_no_command_that_looks_makes_another(hub: Installation, kind: Kind) -> None:
    identities = hub.keep(3)
    [file] = (hub.home / "keys").glob(f"{kind}-*.json")
    away = file.rename(hub.home / file.name)
    assert f"hub key renew {kind}" in hub("key", "own", expect=Exit.REFUSED)
    assert (f"{file.stem}\t-\tMISSING" in hub("key", "own", expect=Exit.REFUSED)) == (kind is Kind.WRAPPING)
    expect = Exit.OUT_OF_REACH if kind is Kind.WRAPPING else 0
    assert ("keys.missing" in hub("key", "rewrap", expect=expect)) == (kind is Kind.WRAPPING)
    assert not list((hub.home / "keys").glob(f"{kind}-*.json"))
    for command in ("serve", "worker"):
        ended = started(hub, command)
        assert (ended.returncode, f"key: {kind}" in ended.stderr) == (Exit.OUT_OF_REACH, True), ended.stderr
    assert not list((hub.home / "keys").glob(f"{kind}-*.json"))
    away.rename(file)
    hub("key", "own")
    assert hub.opens(identities)


def test_where_a_key_is_lost_for_good_a_new_one_is_made_on_order(hub: Installation) -> None:
    for file in (hub.home / "keys").glob("*.json"):
        file.unlink()
    for command in ("serve", "worker"):
        ended = started(hub, command)
        assert (ended.returncode, str(hub.home / "keys") in ended.stderr) == (Exit.OUT_OF_REACH, True)
    assert not list((hub.home / "keys").glob("*.json"))
    for kind in Kind:
        hub("key", "renew", kind.value)
    assert {(key["kind"], key["state"]) for key in hub.json("key", "own")} == {
        (kind.value, "newest") for kind in Kind
    }


def started(hub: Installation, command: str) -> "subprocess.CompletedProcess[str]":
    """What a process of the hub says that does not begin."""
    return subprocess.run(
        [sys.executable, "-m", "hub", command],
        env={**os.environ, **hub.environment, "HUB_BIND": "127.0.0.1:0"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_damaged_value_is_named_and_stops_nothing(hub: Installation) -> None:
    proofs = hub.keep(3)
    asyncio.run(_damage(hub, proofs[1]))
    hub.json("key", "renew", "wrapping")
    [done] = hub.json("key", "rewrap", expect=1)
    assert (done["done"]["proofs"], done["damaged"]) == (2, [f"proofs {hub.centre} {proofs[1]}"])
    assert hub.opens([proofs[0], proofs[2]])


async def _damage(hub: Installation, proof: UUID) -> None:
    database = Database(hub.url, role=OWNER_ROLE, pool_size=1)
    async with database.transaction([CentreId(hub.centre)]) as tx:
        statement = "UPDATE hub.proof SET wrapped = set_byte(wrapped, 40, 1 - get_byte(wrapped, 40) % 2)"
        await tx.exec_driver_sql(f"{statement} WHERE id = $1", (proof,))
    await database.close()


def test_killed_in_the_middle_a_rewrapping_is_finished_by_the_next(hub: Installation) -> None:
    proofs = hub.keep(8 * own_keys.BATCH)
    (old,) = hub.wrapping("newest")
    hub.json("key", "renew", "wrapping")
    for kills in (1, 2):
        command = [sys.executable, "-m", "hub", "key", "rewrap"]
        environment = {**os.environ, **hub.environment, "PYTHONUNBUFFERED": "1"}
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as rewrapping:
            assert rewrapping.stderr is not None
            assert rewrapping.stderr.readline().startswith("Rewrapped: ")
            rewrapping.kill()
        left = hub.wrapping("older")[0]["covers"]["proofs"]
        assert 0 < left <= len(proofs) - kills * own_keys.BATCH
    assert hub.opens(proofs)
    [done] = hub.json("key", "rewrap")
    assert done["done"]["proofs"] == left
    hub.json("key", "retire", old["kid"], "--yes")
    assert hub.opens(proofs)
