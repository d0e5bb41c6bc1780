"""Which family is meant: sealed on one centre's machine, opened and matched on the other's, and forgotten."""

import json
from base64 import urlsafe_b64decode
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from hub.evidence.event import EventKind
from saikne import Hub, verify_statement
from saikne.installation import Installation
from tests.journeys.by_command import done, refused, told
from tests.journeys.play import Play, chain_of

REQUEST = (
    *(
        "request",
        "--holder",
        "Ligzda",
        "--kind",
        "family_case",
        "--family",
        "AG-5501",
        "--child",
        "AG-5501-B1",
    ),
    *("--legal-basis", "method_family_move", "--purpose", "continuity_of_support"),
    *("--receipt", "hub", "--password", "sms"),
)
SPOUSE, CODE, ADDRESS, CHILD = (
    "Kunigunde Zvirgzdkalne",
    "16117519997",
    "Pļavu iela 7-2, Saldus",
    "Voldis Kļaviņš",
)
SHOWN_CODE = "161175-19997"
ALGORITHMS = ["ECDH-ES", "A256GCM"]
EVERYBODY = (SPOUSE, CODE, SHOWN_CODE, ADDRESS, CHILD, "32867300679")


@pytest.fixture
def identity(tmp_path: Path) -> Path:
    file = tmp_path / "family.csv"
    rows = [
        "who;number;name;code;address",
        f"laulātais;;{SPOUSE};{SHOWN_CODE};{ADDRESS}",
        f"bērns;AG-5501-B1;{CHILD};328673-00679;",
    ]
    file.write_text("\n".join(rows), encoding="utf-8")
    return file


@pytest.fixture
def other(identity: Path) -> Path:
    file = identity.with_name("other.csv")
    file.write_text(
        identity.read_text(encoding="utf-8").replace("AG-5501-B1", "AG-9999-B1"), encoding="utf-8"
    )
    return file


@pytest.fixture
def families(tmp_path: Path) -> Path:
    file = tmp_path / "families.csv"
    rows = [
        "case;who;number;name;code;address",
        "LG-17;spouse;;Zvirgzdkalne Kunigunde;161175-19997;Saldus, Pļavu iela 7-2",
        "LG-17;child;LG-17-2;Voldis Kļaviņš;;",
        "LG-18;spouse;;Ansis Ozols;;",
    ]
    file.write_text("\n".join(rows), encoding="utf-8")
    return file


async def said(play: Play, hub: Hub, *arguments: str) -> str:
    code, printed = await told(play, hub, *arguments)
    assert code == 0, printed
    return printed


def named_in(printed: str) -> list[str]:
    return [word for word in EVERYBODY if word in printed]


async def asked(play: Play, identity: Path, *more: str) -> str:
    """Again and again for one family: whatever is open of it, this is said to be another."""
    words = (*REQUEST, "--identity", str(identity), *more)
    code, printed = await told(play, play.requester, *words, "--json")
    made = (
        await done(play, play.requester, *words, "--despite", "other_family") if code else json.loads(printed)
    )
    exchange: str = made["accepted"]["exchange"]
    return exchange


async def kept(play: Play, exchange: str) -> int:
    (row,) = await play.sql("SELECT count(*) FROM hub.sealed_identity WHERE concerns = $1", UUID(exchange))
    return int(row[0])


async def test_the_holder_opens_who_is_meant_and_finds_its_own_case(
    play: Play, identity: Path, families: Path
) -> None:
    exchange = await asked(play, identity)
    without: list[tuple[str, ...]] = [("inbox",), ("status", exchange)]
    for look in without:
        assert named_in(await said(play, play.holder, *look)) == []
    printed = await said(play, play.holder, "status", exchange, "--names")
    assert {SPOUSE, SHOWN_CODE, ADDRESS, CHILD} <= set(named_in(printed))
    assert "saikne families import" in printed
    await said(play, play.holder, "families", "import", str(families))
    with_names: list[tuple[str, ...]] = [
        ("status", exchange, "--names"),
        ("inbox", "--names"),
        ("names", exchange),
    ]
    for look in with_names:
        printed = await said(play, play.holder, *look)
        assert "Case number in your centre: LG-17 (the personal code is the same)" in printed
        assert "child AG-5501-B1: number in your centre LG-17-2" in printed
    (document,) = await done(play, play.holder, "names", exchange)
    assert document["matches"] == [{"case": "LG-17", "sure": "code", "children": {"AG-5501-B1": "LG-17-2"}}]
    assert document["author"] == str(play.requester.credentials.centre)
    assert await refused(play, play.holder, "status", exchange, "--names") == (2, "names.not-in-document")
    own = await said(play, play.requester, "names", exchange)
    assert {SPOUSE, SHOWN_CODE, ADDRESS, CHILD} <= set(named_in(own))
    assert await refused(play, play.stranger, "names", exchange) == (2, "number.unknown")


async def test_who_was_meant_is_erased_when_it_ends_and_everything_still_verifies(
    play: Play, identity: Path
) -> None:
    exchange = await asked(play, identity)
    before = [one async for one in play.holder.sealed_identities(UUID(exchange))]
    assert (len(before), await kept(play, exchange)) == (1, 2)
    await done(play, play.requester, "withdraw", exchange, "--reason", "duplicate")
    assert await kept(play, exchange) == 0
    assert await done(play, play.holder, "names", exchange) == []
    statements = await done(play, play.holder, "statements", exchange)
    assert [one["kind"] for one in statements] == ["saikne.request/1", "saikne.withdrawal/1"]
    for centre in (play.requester, play.holder):
        events, verdict = await chain_of(centre)
        assert verdict.holds
        (ended,) = [
            one for one in events if one.kind == EventKind.REQUEST_WITHDRAWN and str(one.about) == exchange
        ]
        assert before[0].sha256 in json.loads(ended.body)["identities_erased"]


BEGINNINGS = {
    "move": (
        *("move", "begin", "--previous", "Ligzda", "--family", "AG-5501", "--child", "AG-5501-B1"),
        *("--agreement", "V-2026/55", "--agreed-on", "2026-08-10", "--territory", "LV-041"),
    ),
    "child-move": ("child-move", "begin", "--previous", "Ligzda", "--child", "AG-5501-B1"),
    "siblings": (
        *("siblings", "propose", "--child", "AG-5501-B1", "--with", "Ligzda=LG-1", "--with", "Svešais=SV-1"),
        *("--reason", "distance", "--kind", "visit", "--regularity", "monthly"),
        *("--support", "organisational"),
    ),
}
ENDINGS = {
    "move": ("--reason", "family_stays"),
    "child-move": ("--reason", "family_withdrew"),
    "siblings": ("--reason", "taken_back"),
}


@pytest.mark.parametrize("workflow", BEGINNINGS)
async def test_a_move_and_a_proposal_say_who_is_meant_until_they_end(
    play: Play, identity: Path, workflow: str
) -> None:
    matter = (await done(play, play.requester, *BEGINNINGS[workflow], "--identity", str(identity)))["matter"]
    asked_too = [play.holder, play.stranger] if workflow == "siblings" else [play.holder]
    assert await kept(play, matter) == 1 + len(asked_too)
    for centre in asked_too:
        assert named_in(await said(play, centre, "matter", matter)) == []
        assert {SPOUSE, CHILD} <= set(named_in(await said(play, centre, "matter", matter, "--names")))
    ends = "decline" if workflow == "siblings" else "cancel"
    await done(play, play.requester, workflow, ends, matter, *ENDINGS[workflow])
    assert await kept(play, matter) == 0
    assert named_in(await said(play, play.holder, "matter", matter, "--names")) == []
    jwks = await play.holder.jwks()
    for statement in await play.holder.matter_statements(UUID(matter)):
        verify_statement(statement, jwks)


async def test_a_refusal_forgets_who_was_meant_and_a_dispute_says_it_again(
    play: Play, identity: Path
) -> None:
    exchange = await asked(play, identity)
    await done(play, play.holder, "refuse", exchange, "--reason", "cannot_be_identified")
    assert await kept(play, exchange) == 0
    again = ("--reason", "can_be_identified", "--identity", str(identity))
    await done(play, play.requester, "dispute-refusal", exchange, *again)
    assert await kept(play, exchange) == 2
    assert SPOUSE in named_in(await said(play, play.holder, "names", exchange))


async def test_no_key_of_the_hubs_opens_it_and_the_addressees_does(play: Play, identity: Path) -> None:
    exchange = await asked(play, identity)
    (sealed,) = [one.sealed async for one in play.holder.sealed_identities(UUID(exchange))]
    secrets = [
        urlsafe_b64decode(json.loads(file.read_bytes())["private"] + "==")
        for file in (play.stage.home / "keys").glob("*.json")
    ]
    assert len(secrets) >= 3
    head, _, iv, text, tag = sealed.split(".")
    for secret in secrets:
        as_p256 = ECKey.import_key(ec.derive_private_key(int.from_bytes(secret), ec.SECP256R1()))
        with pytest.raises((JoseError, ValueError)):
            jwe.decrypt_compact(sealed, as_p256, algorithms=ALGORITHMS)
        with pytest.raises(InvalidTag):
            AESGCM(secret).decrypt(raw(iv), raw(text) + raw(tag), head.encode())
    home = play.stage.home / "centres" / str(play.holder.credentials.centre)
    (key,) = Installation.at(home).opening_keys()
    assert isinstance(key.jose, ECKey)
    opened = jwe.decrypt_compact(sealed, key.jose, algorithms=ALGORITHMS).plaintext
    assert opened is not None
    assert SPOUSE in opened.decode()
    assert len(opened) % 1024 == 0


def raw(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


async def test_another_key_of_a_known_centre_is_compared_first(play: Play, identity: Path) -> None:
    home = play.stage.home / "centres" / str(play.requester.credentials.centre)
    known = home / "centre-keys.json"
    await asked(play, identity)
    before, holder = known.read_bytes(), str(play.holder.credentials.centre)
    (kid,) = json.loads(before)[holder]
    known.write_text(json.dumps({holder: ["A" * 43]}))
    code, printed = await told(play, play.requester, *REQUEST, "--identity", str(identity))
    assert code == 2
    assert "identity.key-new" in printed
    assert kid in printed
    shown = await said(play, play.holder, "keys", "show")
    groups = printed.partition(f"  {kid}\n  ")[2].splitlines()[0].split(" ")
    assert " ".join(groups[:8]) in shown
    assert await asked(play, identity, "--their-key", kid)
    known.write_bytes(before)


async def test_a_file_about_another_child_sends_nothing(play: Play, identity: Path, other: Path) -> None:
    assert identity != other
    code = await refused(play, play.requester, *REQUEST, "--identity", str(other))
    assert code == (2, "identity.child-not-asked")
