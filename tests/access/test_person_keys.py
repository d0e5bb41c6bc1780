"""What a person's key signs: as far as the person's acts reach, until its day, while the person is there."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.access.tokens import AccessTokens
from hub.kernel import clock
from hub.kernel.ids import CentreId
from hub.signing.public_key import public_key
from tests.access.centre_system import CentreSystem, PrivateKey, jwk, p256, thumbprint
from tests.access.conftest import SmallHub

BODY = b'{"schema":"saikne.request/1"}'
PERSON = """
INSERT INTO hub.person (tenant_id, person_id, name, position, email, role, acts, state, language, made_at)
VALUES ($1, $2, 'Rita Balode', 'psihologe', 'rita@ligzda.example', 'coordinator', $3, $4, 'lv', now())
"""
KEY = """
INSERT INTO hub.client_key (key_id, centre_id, use, jwk, alg, admitted_at, person_id, acts, ends_at)
VALUES ($1, $2, 'person', $3, $4, now(), $5, $6, $7)
"""


@dataclass
class Worker:
    """One of a centre's people with a key that counts; the token is the centre's own."""

    hub: SmallHub
    centre: CentreSystem
    id: UUID
    key: PrivateKey

    async def sends(
        self, place: str = "wishes", *, token_of: CentreSystem | None = None, key: PrivateKey | None = None
    ) -> httpx.Response:
        uri, system = f"{self.hub.url}/v1/{place}", token_of or self.centre
        token = await system.token(self.hub.http)
        headers = system.signed(token, "POST", uri, BODY, key=key or self.key)
        return await self.hub.http.post(uri, headers=headers, content=BODY)

    async def told(self, place: str = "wishes", **changes: Any) -> str:
        answer = await self.sends(place, **changes)
        return "welcome" if answer.is_success else str(answer.json()["code"])

    async def change(self, sql: str, *values: Any) -> None:
        async with self.hub.owner.transaction([CentreId(self.centre.centre)]) as tx:
            await tx.exec_driver_sql(sql, values)


async def worker(
    hub: SmallHub,
    *,
    acts: Sequence[str] = ("ask", "answer"),
    of_key: Sequence[str] = ("ask", "answer", "confirm"),
    state: str = "active",
    ends_at: datetime | None = None,
    key: PrivateKey | None = None,
) -> Worker:
    centre, key = await hub.enrol(), key or Ed25519PrivateKey.generate()
    one = Worker(hub, centre, uuid4(), key)
    await one.change(PERSON, centre.centre, one.id, list(acts), state)
    read = public_key(jwk(key))
    async with hub.owner.transaction([CentreId(centre.centre)]) as tx:
        until = ends_at or clock.now() + timedelta(days=1)
        row = (
            read.key_id,
            centre.centre,
            json.dumps(read.jwk()),
            read.algorithm,
            one.id,
            list(of_key),
            until,
        )
        await tx.exec_driver_sql(KEY, row)
    return one


@pytest.mark.parametrize("kind", [Ed25519PrivateKey.generate, p256])
async def test_what_a_persons_acts_allow_is_taken_under_the_persons_own_key(hub: SmallHub, kind: Any) -> None:
    one = await worker(hub, key=kind())
    answer = await one.sends()
    assert answer.is_success, answer.text
    told = answer.json()
    assert (told["centre"], told["person"]) == (str(one.centre.centre), str(one.id))
    assert told["jwk"]["kid"] == thumbprint(one.key)


async def test_the_centres_own_key_signs_as_before_and_names_nobody(hub: SmallHub) -> None:
    one = await worker(hub)
    answer = await one.sends(key=one.centre.signing)
    assert answer.json()["person"] is None
    assert await one.told("things", key=one.centre.signing) == "welcome"


@pytest.mark.parametrize(
    ("acts", "of_key", "taken"),
    [
        (("ask",), ("ask",), True),
        (("answer", "confirm"), ("answer",), True),
        (("confirm",), ("ask", "confirm"), False),
        (("ask",), ("confirm",), False),
        (("ask", "confirm"), ("answer", "confirm"), False),
        (("manage_people",), ("manage_people",), False),
        ((), ("ask",), False),
        (("ask",), (), False),
    ],
)
async def test_both_the_person_and_the_key_must_reach_so_far(
    hub: SmallHub,
    acts: Sequence[str],
    of_key: Sequence[str],
    taken: bool,  # noqa: FBT001
) -> None:
    one = await worker(hub, acts=acts, of_key=of_key)
    answer = await one.sends()
    if taken:
        assert answer.is_success
    else:
        assert (answer.status_code, answer.json()["code"]) == (403, "access.person-may-not")
        assert answer.json()["acts"] == ["answer", "ask"]


async def test_what_a_centres_system_does_by_itself_no_person_does(hub: SmallHub) -> None:
    one = await worker(hub, acts=("ask", "answer", "dispatch", "confirm", "agree"))
    assert await one.told("things") == "access.person-may-not"


async def test_a_key_counts_until_its_day(hub: SmallHub) -> None:
    one = await worker(hub, ends_at=clock.now() - timedelta(seconds=1))
    answer = await one.sends()
    assert (answer.status_code, answer.json()["code"]) == (401, "signing.key-ended")
    assert answer.headers["accept-signature"].startswith("saikne=")


async def test_what_is_taken_from_a_person_is_taken_from_the_key_at_once(hub: SmallHub) -> None:
    one = await worker(hub)
    codes = [await one.told()]
    whom = (one.centre.centre, one.id)
    for change in (
        "state = 'suspended'",
        "state = 'invited'",
        "state = 'active', acts = '{confirm}'",
        "acts = '{ask}'",
    ):
        sql = f"UPDATE hub.person SET {change} WHERE tenant_id = $1 AND person_id = $2"  # noqa: S608
        await one.change(sql, *whom)
        codes.append(await one.told())
    revoked = "UPDATE hub.client_key SET revoked_at = now(), revoked_because = 'by_person' WHERE key_id = $1"
    await one.change(revoked, thumbprint(one.key))
    codes.append(await one.told())
    assert codes == [
        "welcome",
        "access.person-suspended",
        "access.person-suspended",
        "access.person-may-not",
        "welcome",
        "signing.key-revoked",
    ]


async def test_a_persons_key_counts_with_no_other_centres_token(hub: SmallHub) -> None:
    one, other = await worker(hub), await hub.enrol()
    assert await one.told(token_of=other) == "signing.unknown-key"


async def test_by_a_persons_key_nobody_gets_a_token(hub: SmallHub) -> None:
    """A centre's client assertions are signed by its own key for that."""
    one = await worker(hub)
    answer = await hub.http.post(
        f"{hub.url}/oauth/token",
        data=one.centre.form(grant_type="client_credentials", scope="exchange")
        | {"client_assertion": one.centre.assertion(key=one.key)},
        headers={"DPoP": one.centre.proof("POST", f"{hub.url}/oauth/token")},
    )
    assert answer.json()["error"] == "invalid_client"


async def test_to_ask_what_a_key_may_opens_no_wall(hub: SmallHub) -> None:
    """The function looks behind one for a moment; the transaction that asks sees what it saw before."""
    one = await worker(hub)
    elsewhere = CentreId(uuid4())
    async with hub.database.transaction([elsewhere]) as tx:
        asked = await tx.exec_driver_sql("SELECT hub.acts_by_key($1)", (thumbprint(one.key),))
        assert set(asked.scalar_one()) == {"ask", "answer"}
        parties = await tx.exec_driver_sql("SELECT hub.parties()")
        assert parties.scalar_one() == [elsewhere]
        assert (await tx.exec_driver_sql("SELECT * FROM hub.person")).all() == []
        assert (await tx.exec_driver_sql("SELECT hub.acts_by_key('none')")).scalar_one() is None


def pages_token(one: Worker, person: UUID | None = None) -> str:
    """As the hub makes it for the page of somebody who is signed in."""
    made = AccessTokens(one.hub.keyring, one.hub.url)
    centre = CentreId(one.centre.centre)
    return made.issue(
        centre=centre,
        client_id=str(centre),
        scope="exchange",
        jkt=thumbprint(one.centre.dpop),
        now=clock.now(),
        person=person or one.id,
    )


async def test_a_pages_token_counts_with_its_persons_key_alone(hub: SmallHub) -> None:
    """Neither with the centre's own, nor with a colleague's, nor to read anything."""
    one = await worker(hub)
    uri = f"{hub.url}/v1/wishes"

    async def told(token: str, key: PrivateKey) -> str:
        headers = one.centre.signed(token, "POST", uri, BODY, key=key)
        answer = await hub.http.post(uri, headers=headers, content=BODY)
        return "welcome" if answer.is_success else str(answer.json()["code"])

    assert await told(pages_token(one), one.key) == "welcome"
    assert await told(pages_token(one), one.centre.signing) == "access.token-of-a-person"
    assert await told(pages_token(one, uuid4()), one.key) == "access.token-of-a-person"
    place = f"{hub.url}/v1/things/a"
    token = pages_token(one)
    answer = await hub.http.get(place, headers=one.centre.bearing(token, "GET", place))
    assert (answer.status_code, answer.json()["code"]) == (403, "access.token-of-a-person")
