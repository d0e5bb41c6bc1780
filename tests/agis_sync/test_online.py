"""The register over HTTP: what each answer, silence and broken connection means, on loopback."""

import ssl
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from agis_sync.gateways.findings import Trouble, Unanswered, judged
from agis_sync.gateways.online import Access, AccessFileRefused, AddressRefused, OnlineGateway
from saikne.home import write_private
from saikne_demo.register import Deed, Fault, Faults, Manners, Register
from saikne_schemas.register_entries import RegisterEntry
from saikne_schemas.register_words import JobResult, RegisterOperation, RejectedBecause
from tests.agis_sync.entries import entry_of


def withdrawal(revision: int = 1) -> RegisterEntry:
    """Needs no seal, so that any register can take it."""
    return entry_of(operation=RegisterOperation.WITHDRAW, revision=revision)


@pytest.fixture
def register() -> Iterator[Register]:
    with Register(faults=Faults(manners=Manners(retry_after_seconds=7, slow_seconds=20))) as running:
        yield running


@pytest.fixture
def access(register: Register, tmp_path: Path) -> Access:
    secret = tmp_path / "secret"
    write_private(secret, b"register-secret\n")
    return Access(register.url, register.token_url, "saikne-hub", secret)


@asynccontextmanager
async def online(access: Access) -> AsyncIterator[OnlineGateway]:
    gateway = OnlineGateway(access)
    try:
        yield gateway
    finally:
        await gateway.close()


@pytest.fixture
async def gateway(access: Access) -> AsyncIterator[OnlineGateway]:
    async with online(access) as one:
        yield one


async def test_an_entry_is_registered_and_asked_for(gateway: OnlineGateway, register: Register) -> None:
    entry = withdrawal()
    await gateway.reach()
    assert await gateway.ask(entry.key, 1) is None
    sent = await gateway.send(entry)
    assert (sent.result, sent.trouble) == (JobResult.ACKNOWLEDGED, None)
    assert await gateway.ask(entry.key, 1) == sent.answer
    assert register.book.effects(entry.key) == (1,)


_J, _T = JobResult, Trouble
SENDING = {
    Fault.DOWN: (_J.NOT_SENT, _T.BUSY, 7),
    Fault.BUSY: (_J.NOT_SENT, _T.BUSY, 7),
    Fault.BREAKS_OFF: (_J.UNKNOWN, _T.NO_ANSWER, None),
    Fault.ERROR_AFTER: (_J.UNKNOWN, _T.NO_ANSWER, None),
    Fault.ERROR_BEFORE: (_J.UNKNOWN, _T.NO_ANSWER, None),
    Fault.DUPLICATE: (_J.ACKNOWLEDGED, None, None),
    Fault.REJECTS: (_J.REJECTED, None, None),
    Fault.ACKNOWLEDGES_LATE: (_J.PENDING, None, 7),
    Fault.FORGETS: (_J.PENDING, None, 7),
    Fault.WRONG_DIGEST: (_J.UNKNOWN, _T.OF_ANOTHER_ENTRY, None),
}


@pytest.mark.parametrize("fault", SENDING)
async def test_each_fault_has_its_finding(gateway: OnlineGateway, register: Register, fault: Fault) -> None:
    register.faults.order(fault)
    finding = await gateway.send(withdrawal())
    result, trouble, again = SENDING[fault]
    assert (finding.result, finding.trouble) == (result, trouble)
    assert finding.again_in == (None if again is None else timedelta(seconds=again))


def test_every_fault_but_slowness_is_in_the_table() -> None:
    assert set(Fault) - SENDING.keys() == {Fault.SLOW}


async def test_silence_after_the_entry_went_out_is_unknown(access: Access, register: Register) -> None:
    register.faults.order(Fault.SLOW)
    async with online(access) as patient:
        await patient.reach()
    async with online(replace(access, answer_seconds=0.3)) as hasty:
        finding = await hasty.send(withdrawal())
    assert (finding.result, finding.trouble) == (JobResult.UNKNOWN, Trouble.NO_ANSWER)


@pytest.mark.parametrize("fault", [Fault.DOWN, Fault.BUSY, Fault.BREAKS_OFF, Fault.ERROR_BEFORE])
async def test_trouble_with_the_token_is_never_taken_for_the_entrys(
    gateway: OnlineGateway, register: Register, fault: Fault
) -> None:
    register.faults.order(fault, on=Deed.TOKEN)
    entry = withdrawal()
    assert (await gateway.send(entry)).result is JobResult.NOT_SENT
    assert register.book.effects(entry.key) == ()


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        (Fault.DOWN, Trouble.BUSY),
        (Fault.BUSY, Trouble.BUSY),
        (Fault.BREAKS_OFF, Trouble.AWAY),
        (Fault.ERROR_BEFORE, Trouble.AWAY),
    ],
)
async def test_a_question_without_an_answer_is_no_nothing(
    gateway: OnlineGateway, register: Register, fault: Fault, trouble: Trouble
) -> None:
    entry = withdrawal()
    await gateway.send(entry)
    register.faults.order(fault, on=Deed.ASK)
    with pytest.raises(Unanswered) as why:
        await gateway.ask(entry.key, 1)
    assert why.value.trouble is trouble


async def test_a_register_that_is_not_there_got_nothing(gateway: OnlineGateway, register: Register) -> None:
    await gateway.reach()
    register.stop()
    finding = await gateway.send(withdrawal())
    with pytest.raises(Unanswered) as why:
        await gateway.reach()
    register.start()
    assert (finding.result, finding.trouble) == (JobResult.NOT_SENT, Trouble.AWAY)
    assert why.value.trouble is Trouble.AWAY
    assert (await gateway.send(withdrawal())).result is JobResult.ACKNOWLEDGED


async def test_a_token_that_was_revoked_is_replaced_once(gateway: OnlineGateway, register: Register) -> None:
    await gateway.reach()
    register.tokens.revoke_all()
    assert (await gateway.send(withdrawal())).result is JobResult.ACKNOWLEDGED
    assert register.tokens.issued == 1


async def test_a_secret_is_changed_by_changing_its_file(access: Access, register: Register) -> None:
    write_private(access.secret, b"other", replace=True)
    async with online(access) as gateway:
        finding = await gateway.send(withdrawal())
        assert (finding.result, finding.trouble) == (JobResult.NOT_SENT, Trouble.ACCESS)
        write_private(access.secret, b"register-secret", replace=True)
        assert (await gateway.send(withdrawal())).result is JobResult.ACKNOWLEDGED
    assert register.tokens.issued == 1


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [(1, 1, RejectedBecause.KEY_REUSED), (2, 1, RejectedBecause.SUPERSEDED)],
)
async def test_a_refusal_has_the_registers_reason(
    gateway: OnlineGateway, first: int, second: int, reason: RejectedBecause
) -> None:
    entry = withdrawal(first)
    await gateway.send(entry)
    finding = await gateway.send(
        entry_of(entry.key, second, RegisterOperation.WITHDRAW, name="Cits nosaukums")
    )
    assert finding.answer is not None
    assert (finding.result, finding.answer.reason) == (JobResult.REJECTED, reason)


async def test_a_lost_answer_is_found_by_asking(gateway: OnlineGateway, register: Register) -> None:
    register.faults.order(Fault.BREAKS_OFF)
    entry = withdrawal()
    assert (await gateway.send(entry)).result is JobResult.UNKNOWN
    answer = await gateway.ask(entry.key, 1)
    assert answer is not None
    assert judged(entry, answer).result is JobResult.ACKNOWLEDGED
    assert register.book.effects(entry.key) == (1,)


@pytest.mark.parametrize(
    "url", ["http://register.example/v1", "ftp://127.0.0.1/", "https://a:b@x.example", "x"]
)
def test_entries_do_not_travel_in_clear(access: Access, url: str) -> None:
    with pytest.raises(AddressRefused):
        OnlineGateway(replace(access, url=url))
    with pytest.raises(AddressRefused):
        OnlineGateway(replace(access, token_url=url))


def test_a_secret_that_others_can_read_is_not_used(access: Access) -> None:
    access.secret.chmod(0o640)
    with pytest.raises(AccessFileRefused) as refused:
        OnlineGateway(access)
    assert refused.value.facts["why"] == "open"


async def test_an_extract_is_read_page_by_page(gateway: OnlineGateway) -> None:
    await gateway.send(withdrawal())
    first = await gateway.extract(1, None)
    assert await gateway.extract(1, first.taken_at) == first
    with pytest.raises(Unanswered) as why:
        await gateway.extract(2, first.taken_at)
    assert why.value.trouble is Trouble.NO_EXTRACT


# mutual TLS -----------------------------------------------------------------------------------------------


def issue(folder: Path, name: str, *more: str) -> tuple[Path, Path]:
    """A certificate for one day and its key, by openssl."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    made += ["-days", "1", "-subj", f"/CN={name}", "-keyout", str(key), "-out", str(certificate), *more]
    subprocess.run(made, check=True, capture_output=True)
    key.chmod(0o600)
    return certificate, key


@pytest.fixture
def tls_access(tmp_path: Path, access: Access) -> Iterator[Access]:
    """A register that demands a certificate, and what opens it."""
    certificate, key = issue(tmp_path, "register", "-addext", "subjectAltName=IP:127.0.0.1")
    ours, our_key = issue(tmp_path, "job")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.load_verify_locations(ours)
    context.verify_mode = ssl.CERT_REQUIRED
    with Register(tls=context) as register:
        yield replace(
            access,
            url=register.url,
            token_url=register.token_url,
            certificate=ours,
            key=our_key,
            authorities=certificate,
        )


async def test_both_sides_show_their_certificate(tls_access: Access) -> None:
    async with online(tls_access) as gateway:
        assert (await gateway.send(withdrawal())).result is JobResult.ACKNOWLEDGED


async def test_without_a_certificate_nothing_goes_out(tls_access: Access) -> None:
    async with online(replace(tls_access, certificate=None, key=None)) as gateway:
        finding = await gateway.send(withdrawal())
    assert finding.result is JobResult.NOT_SENT
    assert finding.trouble in {Trouble.ACCESS, Trouble.AWAY}  # whether the alert or the end comes first


async def test_a_register_with_a_strange_certificate_is_not_told_anything(tls_access: Access) -> None:
    async with online(replace(tls_access, authorities=None)) as gateway:
        finding = await gateway.send(withdrawal())
    assert (finding.result, finding.trouble) == (JobResult.NOT_SENT, Trouble.ACCESS)


def test_a_key_that_others_can_read_is_not_used(tls_access: Access) -> None:
    assert tls_access.key is not None
    tls_access.key.chmod(0o644)
    with pytest.raises(AccessFileRefused):
        OnlineGateway(tls_access)
