"""Registrations through the library: sealed bytes as announced, whole lists, claims and reports."""

import hashlib
from datetime import date
from uuid import UUID, uuid4

import pytest

from saikne.hub import Hub
from saikne.problems import HubRefusal
from saikne.statements import compose
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.register_words import JobResult, RegistrationState
from saikne_schemas.registrations import (
    ClaimRegistrations,
    Outcome,
    PrepareRegistration,
    ReportOutcomes,
)
from tests.client.hub_peer import Fault, HubPeer

SEALED = b"header..iv.text.tag"


async def prepared(hub: Hub, day: int = 1) -> UUID:
    """The key of a registration that is announced and not sealed yet."""
    announced = compose(
        PrepareRegistration,
        matter=uuid4(),
        effective_on=date(2026, 4, day),
        sealed_sha256=hashlib.sha256(SEALED).hexdigest(),
        sealed_bytes=len(SEALED),
        register_key="thumbprint",
        prepared_by=AuthorisedPerson(name="Ilze Kalna", position="vadītāja"),
    )
    accepted = await hub.tell(announced)
    (key,) = [one.key async for one in hub.registrations() if one.matter == accepted.matter]
    return key


async def test_how_the_register_is_reached_is_asked(peer: HubPeer, requester: Hub) -> None:
    assert not (await requester.register()).machine
    peer.register.view = {"machine": True, "keys": [{"kid": "k", "jwk": {"kty": "EC"}}]}
    view = await requester.register()
    assert (view.machine, [one.kid for one in view.keys]) == (True, ["k"])


async def test_sealed_bytes_are_sent_signed_and_the_same_again_after_a_fault(
    peer: HubPeer, requester: Hub
) -> None:
    key = await prepared(requester)
    peer.faults.append(Fault("/sealed", "lost"))
    assert (await requester.send_sealed(key, SEALED)).state is RegistrationState.QUEUED
    sent = peer.calls("PUT", f"/v1/registrations/{key}/sealed")
    assert [one.body for one in sent] == [SEALED, SEALED]
    assert {one.headers["content-type"] for one in sent} == {"application/jose"}
    assert len({one.headers["signature"] for one in sent}) == 2
    with pytest.raises(HubRefusal, match=r"^agis\.other-seal"):
        await requester.send_sealed(key, SEALED + b"x")


async def test_registrations_are_listed_to_their_end_and_by_state(requester: Hub) -> None:
    keys = [await prepared(requester, day) for day in (1, 2, 3)]
    await requester.send_sealed(keys[1], SEALED)
    assert [one.key async for one in requester.registrations(page_size=2)] == keys
    queued = [one async for one in requester.registrations(RegistrationState.QUEUED)]
    assert [(one.key, one.state) for one in queued] == [(keys[1], RegistrationState.QUEUED)]
    assert (await requester.registration(keys[0])).state is RegistrationState.DRAFT
    with pytest.raises(HubRefusal, match=r"^agis\.not-found"):
        await requester.registration(uuid4())


async def test_a_claim_and_a_report_are_said_again_with_the_same_bytes(peer: HubPeer, requester: Hub) -> None:
    peer.faults += [Fault("/claims", "lost"), Fault("/outcomes", "busy")]
    claimed = await requester.claim_registrations(compose(ClaimRegistrations, at_most=3))
    assert (claimed.tasks, claimed.next_at is not None) == ([], True)
    outcome = Outcome(key=uuid4(), revision=1, attempt=1, result=JobResult.UNKNOWN)
    taken = await requester.report_outcomes(compose(ReportOutcomes, outcomes=[outcome]))
    assert [(one.key, one.state) for one in taken.outcomes] == [(outcome.key, RegistrationState.UNKNOWN)]
    for path in ("/v1/registrations/claims", "/v1/registrations/outcomes"):
        sent = peer.calls("POST", path)
        assert len(sent) == 2
        assert len({one.body for one in sent}) == 1
