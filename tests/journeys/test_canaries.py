"""Names and passwords are hunted through everything the hub leaves behind, after the whole story was told."""

import asyncio
import base64
import hashlib
import io
import json
import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import asyncpg
import pytest

from hub.board.casework.pushing import Pushes
from hub.kernel.ids import CentreId
from hub.people.casework import subscribing
from hub.people.gateways.push_services import PushServices, written
from hub.people.office import PeopleOffice
from hub.people.person import PersonRole
from hub.people.store import add
from hub.plumbing.database import Database
from hub.signing.keyring import Keyring
from hub.workdays.casework import CalendarShelf
from saikne import AnswerFile, compose, prepare_answer, send_answer
from saikne.identities import seal_identity
from saikne_demo.documents import make_case
from saikne_demo.family import CANARY_DETAILS, CANARY_NAMES
from saikne_demo.stage import ZEMGALE
from saikne_schemas.identities import Identity
from saikne_schemas.manifests import AuthorisedPerson, Dispatch, Reveal
from saikne_schemas.vocabulary import DeliveryChannel, ExchangeKind, PasswordChannel
from tests.journeys.play import CERTIFIED, CHILD, FAMILY, Play
from tests.peers.push_service import PushService
from tests.people.persons import somebody

MEANT, MEANT_CODE, MEANT_ADDRESS = "Leontīne Purvgrāvja", "32867300679", "Virsaišu gatve 77-9, Jaunpūrumi"
"""Known to the hub under a seal only."""
CANARIES = (*CANARY_NAMES, *CANARY_DETAILS, MEANT, MEANT_CODE, MEANT_ADDRESS)
WAYS = [
    (DeliveryChannel.EMAIL_TWO_STEP, PasswordChannel.SMS),
    (DeliveryChannel.HUB, PasswordChannel.EMAIL),
    (DeliveryChannel.HUB, PasswordChannel.VOICE),
]
OTHERS_TABLES = ("pg_catalog", "information_schema", "pg_toast")


def disguises(word: str) -> set[bytes]:
    """A word as text, and as the encodings show it that things pass through on their way."""
    raw = word.encode()
    shown = {raw, raw.hex().encode(), raw.hex().upper().encode(), word.encode("utf-16-le")}
    shown |= {json.dumps(word).strip('"').encode(), quote(word).encode(), quopri.encodestring(raw)}
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + raw)
        shown.add(coded[(4 * shift + 2) // 3 : -4 if len(coded) > 12 else None])
    return {one for one in shown if len(one) > 4}


@dataclass(frozen=True)
class Found:
    where: str
    what: str


def found_in(where: str, content: bytes, words: Iterable[str], *, plain: bool = False) -> Iterator[Found]:
    for word in words:
        needles = {word.encode()} if plain else disguises(word)
        if any(needle in content for needle in needles):
            yield Found(where, word)


async def dump(play: Play) -> dict[str, bytes]:
    """Every row of every table, as the bytes that the database holds."""
    connection = await asyncpg.connect(play.stage.owner_url)
    rows = await connection.fetch(
        "SELECT schemaname, tablename FROM pg_tables WHERE NOT schemaname = ANY ($1)", list(OTHERS_TABLES)
    )
    dumped = {}
    for schema, table in rows:
        sink = io.BytesIO()
        await connection.copy_from_table(table, schema_name=schema, output=sink, format="binary")
        dumped[f"{schema}.{table}"] = sink.getvalue()
    await connection.close()
    return dumped


async def behind_the_database(play: Play) -> Iterator[Path]:
    """Its log and its journal, where what was overwritten long ago may still stand."""
    (directory,) = (await play.sql("SHOW data_directory"))[0]
    files = [Path(directory) / "log", *sorted((Path(directory) / "pg_wal").glob("0*"))]
    assert files[0].exists()
    assert len(files) > 1
    return iter(files)


async def hunt(play: Play, names: Iterable[str], passwords: Iterable[str]) -> list[Found]:
    """Everywhere but in the mails."""
    words, found = [*names, *passwords], list[Found]()
    for table, content in (await dump(play)).items():
        found += found_in(table, content, words)
    for name in ("serve", "worker"):
        found += found_in(name, play.stage.log(name).read_bytes(), words)
    for path in await behind_the_database(play):
        found += found_in(str(path), await asyncio.to_thread(path.read_bytes), words, plain=True)
    for path in (play.stage.home / "objects").rglob("*"):
        if path.is_file():
            found += found_in(str(path), await asyncio.to_thread(path.read_bytes), words, plain=True)
    return found


def in_mails(play: Play, words: Iterable[str]) -> list[tuple[str, Found]]:
    """Who got a mail that says one of these words, anywhere in its source or its text."""
    found = []
    words = list(words)
    for mail in play.stage.mailbox.messages:
        shown = mail.source + mail.text.encode() + mail.subject.encode()
        found += [(mail.recipients[0], one) for one in found_in(mail.subject, shown, words)]
    return found


@pytest.fixture(scope="module")
async def passwords(play: Play, tmp_path_factory: pytest.TempPathFactory) -> dict[PasswordChannel, str]:
    """The demo's case has gone all three ways to its end; what each archive was opened with."""
    documents = await asyncio.to_thread(make_case, tmp_path_factory.mktemp("case"))
    told = {}
    for number, (channel, password_channel) in enumerate(WAYS):
        sent = documents if number == 0 else [one for one in documents if one.path.stat().st_size < 10**6]
        told[password_channel] = await tell(play, (channel, password_channel), sent)
    await tell_who_is_meant(play)
    return told


async def tell_who_is_meant(play: Play) -> None:
    """In a request that stays open, so that the seal lies at the hub while it is searched."""
    holder = next(one for one in await play.requester.centres() if one.id == play.holder.credentials.centre)
    identity = Identity.model_validate(
        {
            "schema": "saikne.identity/1",
            "spouses": [{"name": MEANT, "code": MEANT_CODE}],
            "address": MEANT_ADDRESS,
            "children": [],
        }
    )
    sealed = seal_identity(identity, holder.encryption_keys[0].jwk)
    named = await play.requester.send_identity(uuid4(), sealed)
    request = play.request(WAYS[0], ExchangeKind.FAMILY_CASE, family="AG-7799", identities=[named])
    exchange = (await play.requester.tell(request)).exchange
    (kept,) = await play.sql("SELECT sealed FROM hub.sealed_identity WHERE concerns = $1", exchange)
    assert kept["sealed"].encode() == sealed


async def tell(play: Play, way: tuple[DeliveryChannel, PasswordChannel], documents: list) -> str:  # type: ignore[type-arg]
    family = documents[0].subject
    children = [f"{family}-B1", f"{family}-B2"]
    request = play.request(way, ExchangeKind.FAMILY_CASE, family=family, children=children)
    exchange = (await play.requester.tell(request)).exchange
    files = [
        AnswerFile(one.path, one.form, one.subject, one.spouse, certification=CERTIFIED) for one in documents
    ]
    manifest = await prepare_answer(exchange, files, spouses=2, children=children)
    await send_answer(play.holder, manifest, {n: file.path for n, file in enumerate(files, 1)})
    await play.holder.tell(compose(Dispatch, exchange=exchange, round=1))
    fetched = await play.fetch(exchange)
    if way[1] is PasswordChannel.SMS:
        password = await play.texted(exchange)
    elif way[1] is PasswordChannel.EMAIL:
        mail = await play.mailed(str(ZEMGALE.password_email), exchange)
        password = max(mail.text.split(), key=lambda word: word.isascii() * word.isupper() * len(word))
    else:
        speaker = AuthorisedPerson(name="Solvita Krēsliņa", position="sociālā darbiniece")
        shown = await play.holder.reveal(compose(Reveal, exchange=exchange, round=1, spoken_by=speaker))
        password = shown.password
    opened = await play.open(fetched.path, password)
    await play.requester.tell(play.confirmation(exchange, 1, opened))
    return password.replace("-", "").replace(" ", "")[:16]


async def test_no_name_and_no_password_is_left_in_database_store_or_logs(
    play: Play, passwords: dict[PasswordChannel, str]
) -> None:
    texted = {message.text.split()[-1] for message in play.stage.phone.messages}
    assert passwords[PasswordChannel.SMS] in texted
    everything = {*texted, *passwords.values()}
    assert all(len(password) == 16 for password in everything)
    assert await hunt(play, CANARIES, everything) == []


async def test_no_mail_names_anybody(play: Play, passwords: dict[PasswordChannel, str]) -> None:
    assert passwords
    assert len(play.stage.mailbox.messages) > 5
    assert in_mails(play, [*CANARIES, FAMILY, CHILD]) == []


async def test_a_password_stands_in_its_own_mail_and_in_no_other(
    play: Play, passwords: dict[PasswordChannel, str]
) -> None:
    mailed = in_mails(play, [passwords[PasswordChannel.EMAIL]])
    assert [recipient for recipient, _ in mailed] == [ZEMGALE.password_email]
    texted = [message.text.split()[-1] for message in play.stage.phone.messages]
    assert in_mails(play, [*texted, passwords[PasswordChannel.VOICE]]) == []


async def test_no_push_names_anybody(play: Play, passwords: dict[PasswordChannel, str]) -> None:
    """What a browser of the holder's worker reads on the day by which the open request is to be answered."""
    assert passwords
    holder = CentreId(play.holder.credentials.centre)
    (owed,) = await play.sql(
        "SELECT max(due_on) AS due_on FROM hub.duty WHERE tenant_id = $1 AND stake = 'owes'"
        " AND ended_at IS NULL",
        holder,
    )
    noon = datetime.combine(owed["due_on"], time(12), UTC)
    keyring, database = Keyring(play.stage.home / "keys"), Database(play.stage.owner_url)
    key = keyring.push_key()
    assert key is not None
    with PushService(now=noon.timestamp) as service:
        services = PushServices({service.host}, "mailto:saikne@hub.example", service.client)
        office = PeopleOffice(database, keyring, play.stage.url, push=services)
        person, browser = somebody(holder, PersonRole.SOCIAL_WORKER, "lv"), service.subscribe(written(key))
        async with office.counter_of(person) as counter:
            await add(counter.tx, person, counter.now)
            said = {"subscription": browser.json(), "key": key.key_id, "label": "telefons"}
            await subscribing.keep(counter, office, person, said)
        payload = {"to": str(person.id), "centre": str(holder), "day": str(owed["due_on"])}
        payload["browser"] = hashlib.sha256(browser.endpoint.encode()).hexdigest()
        await Pushes(database, keyring, CalendarShelf(), services, lambda: noon).tell(payload)
        async with office.counter_of(person) as counter:
            await subscribing.remove_all(counter, person)
        await services.close()
    await database.close()
    (message,) = service.pushed
    words = [*CANARIES, person.name, person.email, "Ligzda", "Zemgale"]
    assert re.match(r"AG-\d{4}(?:-B\d)?: termiņš ", browser.read(message)["body"])
    assert list(found_in("push", browser.opened(message), words)) == []
    outside = json.dumps(message.headers).encode() + message.path.encode()
    assert list(found_in("on its way", outside, [*words, "AG-7799"])) == []


async def test_a_password_is_texted_to_its_own_number_and_says_nothing_else(
    play: Play, passwords: dict[PasswordChannel, str]
) -> None:
    assert passwords
    for message in play.stage.phone.messages:
        assert message.to == ZEMGALE.password_phone
        first, reference, password = message.text.split()
        assert (first, reference) == ("Saikne", f"{message.reference[:8].upper()}:")
        assert len(password) == 16


async def test_the_hunt_finds_what_was_planted(play: Play) -> None:
    """The opposite case, place by place and disguise by disguise."""
    word = f"Ķirsis{uuid4().hex[:8]}"
    assert await hunt(play, [word], []) == []
    planted = play.stage.home / "objects" / "planted"
    planted.write_bytes(b"..." + word.encode() + b"...")
    with play.stage.log("worker").open("ab") as log:
        log.write(json.dumps({"event": word}).encode() + b"\n")
    held = base64.b64encode(f"Dear {word}".encode()).decode()
    await play.sql("INSERT INTO hub.legal_entity VALUES ('planted', $1)", held)
    found = await hunt(play, [word], [])
    planted.unlink()
    await play.sql("DELETE FROM hub.legal_entity WHERE registration_number = 'planted'")
    assert {Path(one.where).name for one in found} >= {"planted", "worker", "hub.legal_entity"}
    for disguise in disguises(word):
        assert list(found_in("", b"\0" + disguise + b"\0", [word]))
