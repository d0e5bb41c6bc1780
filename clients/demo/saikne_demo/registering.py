"""The demo's second family has moved: its move goes into a register that answers only when asked again.

Source: method S80; domain 3.3; features N10. The register is the tests' own and breaks off the first time;
the job is the real one. Nobody but the register can open what the centre has sealed.
"""

import asyncio
import json
from datetime import date, timedelta
from uuid import UUID

from joserfc.jwk import ECKey

from agis_sync.gateways.online import Access, OnlineGateway
from agis_sync.running import Job, Pace
from agis_sync.telling import Event
from saikne.hub import Hub
from saikne.sealed_journal import ToRegister, sealed_registration
from saikne.statements import compose
from saikne_demo import clock
from saikne_demo.claim import hold
from saikne_demo.register import Fault, Register
from saikne_demo.register.over_http import CLIENT
from saikne_demo.story import Story
from saikne_schemas.enrolment import Contacts, LegalEntity
from saikne_schemas.family_move_words import OverrideReason
from saikne_schemas.family_moves import BeginFamilyMove, ConfirmOverride, FamilyMoveView, OverrideDate
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.register_entries import RegisterFacts, SealedPerson, registration_key
from saikne_schemas.register_words import RegistrationState, Specialised

FAMILY = "AG-3107"
HEAD = AuthorisedPerson(name="Māra Ozola", position="vadītāja")
OTHER_HEAD = AuthorisedPerson(name="Ilze Kalniņa", position="vadītāja")
SPOUSE = SealedPerson(name="Rasma Apsīte", code="32867300679")
MOST_TURNS = 60


async def register(story: Story) -> UUID:
    """From the move's day to the duty met; the key of its registration."""
    with Register(signing_key=ECKey.generate_key("P-256", private=True)) as register:
        async with Hub(story.third.credentials()) as third:
            with story.step("moved_before") as told:
                move, day = await _moved(story, third)
                told |= {"on": day}
            with story.step("sealed_for_register"):
                await _add_keys(story, register)
                key = await _prepare(third, register, move, day)
            with story.step("registered") as told:
                register.faults.order(Fault.BREAKS_OFF)
                await _carry(story, register, third, key)
                hold(register.book.effects(key) == (1,), "it took effect in the register exactly once")
                hold(register.book.facts(key).spouses == [SPOUSE], "the register has opened the facts")
                entry = (await third.matter(FamilyMoveView, move)).content.registered
                hold(entry is not None and entry.registration == key, "the duty is met by the confirmation")
                told |= {"number": entry and entry.register_id}
    return key


async def _moved(story: Story, third: Hub) -> tuple[UUID, date]:
    """A move that took effect today, by agreement of both centres."""
    day = clock.today()
    opening = compose(
        BeginFamilyMove,
        new=story.third.centre,
        previous=story.new.centre,
        family=FAMILY,
        agreement="VIEN-2026/21",
        agreed_on=day - timedelta(days=30),
        territory="LV-041",
    )
    move = (await third.tell(opening)).matter
    proposal = compose(
        OverrideDate,
        matter=move,
        effective_on=day,
        reason=OverrideReason.AGREED_BY_ALL,
        proposed_by=HEAD,
    )
    await third.tell(proposal)
    confirmed = compose(ConfirmOverride, matter=move, override=proposal.id, confirmed_by=OTHER_HEAD)
    await story.requester.tell(confirmed)
    return move, day


async def _add_keys(story: Story, register: Register) -> None:
    """What the register's keeper hands to the operator: to which key facts are sealed, by which it signs."""
    sealing, signing = story.scene / "sealing.jwk", story.scene / "signing.jwk"
    sealing.write_text(json.dumps(register.jwk), encoding="ascii")
    signing.write_text(json.dumps(register.signing_jwk), encoding="ascii")
    await asyncio.gather(
        asyncio.to_thread(story.stage.operate, "register", "add-key", str(sealing)),
        asyncio.to_thread(story.stage.operate, "register", "add-key", str(signing), "--signing"),
    )


async def _prepare(third: Hub, register: Register, move: UUID, day: date) -> UUID:
    """What `saikne register` does: seal on the centre's own machine, state it, send it."""
    key = registration_key(move, day, third.credentials.centre)
    facts = RegisterFacts(
        schema_="saikne.register-facts/1",
        key=key,
        effective_on=day,
        spouses=[SPOUSE],
        agreement="VIEN-2026/21",
        agreed_on=day - timedelta(days=30),
        specialised=Specialised.NONE,
    )
    wish = ToRegister(matter=move, facts=facts, jwk=register.jwk, by=HEAD)
    made = await asyncio.to_thread(sealed_registration, wish)
    await third.tell(made.statement)
    sent = await third.send_sealed(key, made.sealed)
    hold(sent.state is RegistrationState.QUEUED, "the registration waits for a job")
    return key


async def _carry(story: Story, register: Register, third: Hub, key: UUID) -> None:
    """What `agis-sync run` does, on the register's side, until the register has confirmed."""
    installation = await story.stage.enrol(
        "Reģistra darbs",
        legal_entity=LegalEntity(name="Reģistra turētājs", registration_number="90000288142"),
        contacts=Contacts(notices="registrs@iestade.example"),
        register_side=True,
    )
    secret = story.scene / "register-secret"
    ((client, password),) = CLIENT.items()
    secret.touch(mode=0o600)
    secret.write_text(password, encoding="ascii")
    gateway = OnlineGateway(Access(register.url, register.token_url, client, secret))
    seen: set[RegistrationState] = set()

    def listen(_: Event) -> None: ...

    async with Hub(installation.credentials()) as hub:
        job = Job(hub, gateway, Pace(lease_seconds=30), listen)
        for _ in range(MOST_TURNS):
            await job.once()
            seen.add((await third.registration(key)).state)
            if RegistrationState.ACKNOWLEDGED in seen:
                break
            await asyncio.sleep(0.25)
    await gateway.close()
    expected = {RegistrationState.UNKNOWN, RegistrationState.ACKNOWLEDGED}
    hold(seen == expected, "it was unknown until the register was asked, and then confirmed")
