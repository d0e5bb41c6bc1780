"""`hub centre` and `hub key` as an operator uses them, against a real database."""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import typer
from typer.testing import CliRunner

from hub.access.store import RevokedBecause
from hub.centres.centre import SuspendedBecause
from hub.ops import centres, evidence, keys
from saikne import jws
from saikne.enrolment import CentreKeys, rotation_file
from saikne.keys import Algorithm, CentreKey, fingerprint
from saikne.statements import compose, wire_bytes
from saikne_schemas.enrolment import KeyRotation, LegalEntity
from tests.centres.centre_files import CONTACTS, an_enrolment, an_enrolment_file
from tests.conftest import Cluster


@dataclass
class Operator:
    """Somebody at the hub's command line."""

    url: str
    desk: Path

    def __call__(self, *words: str, answer: str = "", lang: str = "en", expect: int = 0) -> str:
        """What a command says on both streams; its exit code is as expected."""
        app = typer.Typer()
        for name, part in (("centre", centres.app), ("key", keys.app), ("evidence", evidence.app)):
            app.add_typer(part, name=name)
        environment = {"HUB_DATABASE_URL": self.url, "HUB_LANG": lang}
        ended = CliRunner().invoke(app, list(words), input=answer, env=environment)
        assert ended.exit_code == expect, ended.output
        return ended.output if expect else ended.stdout

    def json(self, *words: str, expect: int = 0) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self(*words, "--json", expect=expect).splitlines()]

    def file(self, content: bytes) -> str:
        path = self.desk / f"{uuid4()}.json"
        path.write_bytes(content)
        return str(path)

    def admit(self, given: CentreKeys | None = None, **changes: Any) -> UUID:
        [admitted] = self.json("centre", "admit", self.file(an_enrolment_file(given, **changes)), "--yes")
        return UUID(admitted["id"])

    def chain(self, tenant: object) -> list[str]:
        """The kinds of a chain's events."""

        async def read() -> list[str]:
            connection = await asyncpg.connect(self.url)
            rows = await connection.fetch(
                "SELECT kind FROM hub.event WHERE tenant_id = $1 ORDER BY seq", tenant
            )
            await connection.close()
            return [row["kind"] for row in rows]

        return asyncio.run(read())

    def tamper(self, statement: str) -> None:
        async def do() -> None:
            connection = await asyncpg.connect(self.url)
            await connection.execute("SET session_replication_role = replica")
            await connection.execute(statement)
            await connection.close()

        asyncio.run(do())


@pytest.fixture
def operator(cluster: Cluster, database_name: str, tmp_path: Path) -> Operator:
    return Operator(cluster.url(database_name), tmp_path)


def test_the_operator_sees_what_will_be_admitted_and_is_asked(operator: Operator) -> None:
    given = CentreKeys.generate()
    enrolment = an_enrolment(given)
    file = operator.file(jws.general(wire_bytes(enrolment), given.every()))
    shown = operator("centre", "admit", file, answer="n\n", expect=1)
    for said in ("Zemgales atbalsta centrs", "50008021661", "lietas@centrs.example", "+37126123456"):
        assert said in shown
    digits = shown.replace("\n    ", " ")
    assert all(fingerprint(key) in digits for key in enrolment.keys)
    assert "Nothing was changed." in shown
    assert operator("centre", "list") == ""
    assert f"Admitted: Zemgales atbalsta centrs ({enrolment.id})." in operator(
        "centre", "admit", file, answer="y\n"
    )
    assert operator("centre", "list") == f"{enrolment.id}\tactive\tcentre\tZemgales atbalsta centrs\n"


def test_a_latvian_operator_answers_in_latvian(operator: Operator) -> None:
    file = operator.file(an_enrolment_file())
    assert "Vai uzņemt šo centru? [j/N]" in operator(
        "centre", "admit", file, answer="nē\n", lang="lv", expect=1
    )
    assert "Uzņemts: Zemgales atbalsta centrs" in operator("centre", "admit", file, answer="jā\n", lang="lv")


def test_nobody_is_admitted_where_nobody_can_be_asked(operator: Operator) -> None:
    assert "--yes" in operator("centre", "admit", operator.file(an_enrolment_file()), expect=2)
    assert operator("centre", "list") == ""


def test_an_admission_and_its_keys_are_told_in_the_centres_chain(operator: Operator) -> None:
    centre = operator.admit()
    assert operator.chain(centre) == [
        "centres.centre.admitted",
        "centres.key.admitted",
        "centres.key.admitted",
        "centres.key.admitted",
    ]


def test_a_second_admission_is_refused_with_the_next_step(operator: Operator) -> None:
    file = operator.file(an_enrolment_file())
    operator("centre", "admit", file, "--yes")
    told = operator("centre", "admit", file, "--yes", expect=2)
    assert "admitted already" in told
    assert "hub key rotate" in told


def test_keys_of_another_centre_are_refused_and_leave_nothing_behind(operator: Operator) -> None:
    given = CentreKeys.generate()
    operator.admit(given)
    file = operator.file(an_enrolment_file(given, name="Cits centrs"))
    assert "admitted before" in operator("centre", "admit", file, "--yes", expect=2)
    assert [centre["name"] for centre in operator.json("centre", "list")] == ["Zemgales atbalsta centrs"]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda raw: raw[:100], "this is not JSON"),
        (lambda raw: raw.replace(b'"signature": "', b'"signature": "A', 1), "not signed by the keys"),
        (lambda _: b"", "is empty"),
    ],
)
def test_a_damaged_file_is_refused_before_anything_is_asked(
    operator: Operator, damage: Callable[[bytes], bytes], said: str
) -> None:
    file = operator.file(damage(an_enrolment_file()))
    told = operator("centre", "admit", file, expect=2)
    assert said in told
    assert "Admit this centre?" not in told


def test_what_others_wrote_cannot_command_the_operators_terminal(operator: Operator) -> None:
    file = operator.file(json.dumps({"payload": "", "signatures": [], "\x1b[2J": 1}).encode())
    assert "\x1b" not in operator("centre", "admit", file, expect=2)


def test_a_changed_name_of_a_legal_entity_is_pointed_out(operator: Operator) -> None:
    operator.admit()
    entity = LegalEntity(name="Biedrība “Jaunā māja”", registration_number="50008021661")
    file = operator.file(an_enrolment_file(name="Vidzemes centrs", legal_entity=entity))
    assert "known as “Biedrība “Baltā māja””" in operator("centre", "admit", file, answer="n\n", expect=1)


def test_a_centre_is_shown_with_its_contacts(operator: Operator) -> None:
    centre = operator.admit()
    [shown] = operator.json("centre", "show", str(centre))
    assert shown["contacts"]["archive_email"] == "lietas@centrs.example"
    assert shown["agreement"] == {"version": "1.0", "signed_on": "2026-11-02"}
    assert "Archives to: lietas@centrs.example" in operator("centre", "show", str(centre))


@pytest.mark.parametrize("command", ["show", "resume", "contacts"])
def test_an_unknown_centre_is_refused(operator: Operator, command: str) -> None:
    assert "does not know this centre" in operator("centre", command, str(uuid4()), expect=2)
    assert "Not an id of a centre: abc" in operator("centre", command, "abc", expect=2)


def test_a_centre_is_suspended_and_resumed(operator: Operator) -> None:
    centre = str(operator.admit())
    operator("centre", "suspend", centre, "--because", "keys-compromised")
    assert operator.json("centre", "show", centre)[0]["state"] == "suspended"
    assert "in that state already" in operator("centre", "suspend", centre, "--because", "other", expect=2)
    operator("centre", "resume", centre)
    assert operator.json("centre", "show", centre)[0]["state"] == "active"
    assert operator.chain(UUID(centre))[-2:] == ["centres.centre.suspended", "centres.centre.resumed"]


def test_a_reason_that_there_is_not_is_answered_with_those_there_are(operator: Operator) -> None:
    centre = str(operator.admit())
    told = operator("centre", "suspend", centre, "--because", "annoyed", expect=2)
    assert all(reason.value in told for reason in SuspendedBecause)
    told = operator("key", "revoke", "x", "--because", "annoyed", expect=2)
    assert all(reason.value in told for reason in RevokedBecause)


def test_contacts_are_changed_from_what_was_shown(operator: Operator) -> None:
    centre = str(operator.admit())
    [before] = operator.json("centre", "contacts", centre)
    file = operator.file(json.dumps({**before, "voice_phone": None}).encode())
    assert "Changed: Passwords read out to." in operator("centre", "contacts", centre, file)
    assert "as they were" in operator("centre", "contacts", centre, file)
    assert operator.json("centre", "contacts", centre) == [{**before, "voice_phone": None}]
    assert operator.chain(UUID(centre))[-1] == "centres.contacts.changed"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"password_phone": "+37167123456"}, "cannot get text messages"),
        ({"password_email": "lietas@centrs.example"}, "one mailbox"),
        ({"notices": "nobody"}, "not contacts: notices"),
        ({"pager": "1"}, "not contacts: pager"),
    ],
)
def test_contacts_that_do_not_hold_are_refused(operator: Operator, change: dict[str, str], said: str) -> None:
    centre = str(operator.admit())
    file = operator.file(json.dumps({**CONTACTS.model_dump(mode="json"), **change}).encode())
    assert said in operator("centre", "contacts", centre, file, expect=2)
    assert operator.chain(UUID(centre))[-1] == "centres.key.admitted"


def test_new_keys_take_the_place_of_the_old(operator: Operator) -> None:
    older, newer = CentreKeys.generate(), CentreKeys.generate()
    centre = operator.admit(older)
    file = operator.file(rotation_file(centre, newer, older.signing))
    [done] = operator.json("key", "rotate", file, "--yes")
    assert {key["kid"] for key in done["keys"]} == {key.kid for key in newer.every()}
    states = {key["kid"]: key["revoked_because"] for key in operator.json("key", "list", str(centre))}
    assert states == {key.kid: "rotated" for key in older.every()} | {key.kid: None for key in newer.every()}
    told = ["centres.key.admitted"] * 3 + ["centres.key.revoked"] * 3
    assert operator.chain(centre)[4:] == told


def test_an_older_centre_gets_its_encryption_key_with_its_next_keys(operator: Operator) -> None:
    newer = CentreKeys.generate()
    older = replace(CentreKeys.generate(), encryption=None)
    centre = operator.admit(older)
    operator("key", "rotate", operator.file(rotation_file(centre, newer, older.signing)), "--yes")
    listed = {key["kid"]: key for key in operator.json("key", "list", str(centre))}
    assert newer.encryption is not None
    assert listed[newer.encryption.kid]["use"] == "encryption"
    assert listed[newer.encryption.kid]["alg"] == "ECDH-ES"
    assert {kid for kid, key in listed.items() if key["revoked_at"]} == {key.kid for key in older.every()}


def test_old_keys_may_count_beside_the_new_for_a_time(operator: Operator) -> None:
    older, newer = CentreKeys.generate(), CentreKeys.generate()
    centre = operator.admit(older)
    operator(
        "key", "rotate", operator.file(rotation_file(centre, newer, older.signing)), "--yes", "--keep-old"
    )
    assert all(key["revoked_at"] is None for key in operator.json("key", "list", str(centre)))


def test_the_operator_is_asked_before_keys_are_changed(operator: Operator) -> None:
    older, newer = CentreKeys.generate(), CentreKeys.generate()
    centre = operator.admit(older)
    file = operator.file(rotation_file(centre, newer, older.signing))
    shown = operator("key", "rotate", file, answer="\n", expect=1)
    assert f"No longer in force: {older.signing.kid}" in shown
    assert len(operator.json("key", "list", str(centre))) == 3


def test_a_key_put_out_of_force_cannot_bring_in_new_ones(operator: Operator) -> None:
    older, newer, newest = (CentreKeys.generate() for _ in range(3))
    centre = operator.admit(older)
    first = operator.file(rotation_file(centre, newer, older.signing))
    operator("key", "rotate", first, "--yes")
    second = operator.file(rotation_file(centre, newest, older.signing))
    assert "not signed by the keys that it needs" in operator("key", "rotate", second, "--yes", expect=2)
    assert "was entered before" in operator("key", "rotate", first, "--yes", expect=2)


def test_a_centre_that_lost_its_keys_is_vouched_for(operator: Operator) -> None:
    lost, newer = CentreKeys.generate(), CentreKeys.generate()
    centre = operator.admit(lost)
    rotation = compose(KeyRotation, centre=centre, keys=[key.public() for key in newer.every()])
    file = operator.file(jws.general(wire_bytes(rotation), newer.every()))
    assert "--vouched" in operator("key", "rotate", file, "--yes", expect=2)
    shown = operator("key", "rotate", file, "--vouched", answer="n\n", expect=1)
    assert "you answer for it" in shown
    operator("key", "rotate", file, "--vouched", "--yes")
    in_force = [key["kid"] for key in operator.json("key", "list", str(centre)) if not key["revoked_at"]]
    assert set(in_force) == {key.kid for key in newer.every()}


@pytest.mark.parametrize(
    "called", [lambda key: key.kid, lambda key: fingerprint(key.public())[:24]], ids=["name", "fingerprint"]
)
def test_a_key_is_revoked_once_and_told_once(operator: Operator, called: Callable[[CentreKey], str]) -> None:
    given = CentreKeys.generate()
    centre = operator.admit(given)
    for _ in range(2):
        words = ["--because", "compromised", "--json", "--", called(given.signing)]
        assert json.loads(operator("key", "revoke", *words))["key"] == given.signing.kid
    states = {key["kid"]: key["revoked_because"] for key in operator.json("key", "list", str(centre))}
    others = {key.kid: None for key in given.every()}
    assert states == others | {given.signing.kid: "compromised"}
    assert operator.chain(centre)[4:] == ["centres.key.revoked"]


def test_an_unknown_key_is_refused(operator: Operator) -> None:
    operator.admit()
    for called in ("0123456789abcdef", "0123", "x" * 43):
        told = operator("key", "revoke", called, "--because", "compromised", expect=2)
        assert "does not know this key" in told


def test_a_database_that_does_not_answer_is_an_outage(operator: Operator) -> None:
    operator.url = "postgresql://127.0.0.1:1/none"
    assert "database does not answer" in operator("centre", "list", expect=3)


def test_a_latvian_operator_reads_latvian_words_and_riga_time(operator: Operator) -> None:
    centre = operator.admit()
    shown = operator("centre", "show", str(centre), lang="lv")
    assert "Loma: atbalsta centrs\n" in shown
    assert "Stāvoklis: darbojas\n" in shown
    assert "Kalendārs: bez pārceltajām darba dienām\n" in shown
    assert "Tiesības: apmaiņa\n" in shown
    assert re.search(r"^Uzņemts: \d\d\.\d\d\.\d{4} \d\d\.\d\d$", shown, re.MULTILINE)


@pytest.mark.parametrize("alg", Algorithm)
def test_a_key_has_one_name_of_its_algorithm_in_every_command(operator: Operator, alg: Algorithm) -> None:
    centre = operator.admit(CentreKeys.generate(alg))
    listed = {key["use"]: key["alg"] for key in operator.json("key", "list", str(centre))}
    assert listed == {"oauth": alg.value, "signing": alg.value, "encryption": "ECDH-ES"}


@pytest.mark.parametrize(
    ("words", "reasons"), [(("centre", "suspend"), SuspendedBecause), (("key", "revoke"), RevokedBecause)]
)
def test_the_possible_reasons_are_in_the_help(
    operator: Operator, words: tuple[str, ...], reasons: type[StrEnum]
) -> None:
    said = re.sub(r"[│\s]+", " ", operator(*words, "--help"))
    assert all(reason.value in said for reason in reasons)
