"""A signed file is looked at by a process of its own, which gives up everything else before it does."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.proofs.gateways import examination
from hub.proofs.gateways.examination import Examiners
from hub.proofs.signed_file import LOOKED_AT_BYTES, Findings
from saikne_schemas.proofs import ProofMediaType
from saikne_schemas.signed_files import Verdict
from tests.peers import signed_files, trusted_lists
from tests.peers.signing_people import SIGNER, service

ELSEWHERE = service("Cita valsts")


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trusted_lists.install(tmp_path_factory.mktemp("lists"))


async def blocks(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 50_000):
        yield content[start : start + 50_000]


async def looked_at(content: bytes, lists: Path | None, kind: str = ProofMediaType.ASICE) -> Findings | None:
    examiners = Examiners(lists)
    copy = examiners.copy(kind, len(content))
    assert copy is not None
    try:
        assert b"".join([block async for block in copy.taking(blocks(content))]) == content
        return await examiners.look(copy)
    finally:
        copy.forget()


async def verdict(content: bytes, lists: Path | None) -> Verdict:
    found = await looked_at(content, lists)
    assert found is not None
    return found.verdict


async def test_a_signature_that_the_lists_lead_to_is_valid_and_says_who_and_when(lists: Path) -> None:
    found = await looked_at(signed_files.container(), lists)
    assert found is not None
    assert found.verdict is Verdict.VALID
    (by,) = found.signers
    assert by.name == SIGNER
    assert by.at is not None
    assert abs(by.at - datetime.now(UTC)) < timedelta(hours=1)


async def test_without_lists_the_same_file_is_whole_and_its_signer_named() -> None:
    found = await looked_at(signed_files.container(), None)
    assert found is not None
    assert (found.verdict, [by.name for by in found.signers]) == (Verdict.WHOLE, [SIGNER])


async def test_lists_out_of_date_lead_nowhere_and_blame_nobody(tmp_path: Path) -> None:
    late = trusted_lists.install(tmp_path, holds_for=timedelta(days=-1))
    assert await verdict(signed_files.container(), late) is Verdict.WHOLE


async def test_lists_that_their_keeper_did_not_sign_lead_nowhere(tmp_path: Path, lists: Path) -> None:
    kept = (lists / "tl.xml").read_text()
    (tmp_path / "signers.pem").write_bytes(service().authority.pem)
    (tmp_path / "tl.xml").write_text(kept)
    assert await verdict(signed_files.container(), tmp_path) is Verdict.WHOLE


@pytest.mark.parametrize("spoil", [signed_files.with_another_document, signed_files.with_another_signature])
async def test_what_was_changed_after_it_was_signed_is_altered_with_lists_and_without(
    spoil: signed_files.Spoiling, lists: Path
) -> None:
    spoilt = spoil(signed_files.container())
    assert await verdict(spoilt, lists) is Verdict.ALTERED
    assert await verdict(spoilt, None) is Verdict.ALTERED


async def test_a_signer_of_another_authority_is_not_trusted(lists: Path) -> None:
    assert await verdict(signed_files.container(by=ELSEWHERE), lists) is Verdict.UNTRUSTED


@pytest.mark.parametrize("lacks", [{"stamped"}, {"answered"}, {"stamped", "answered"}])
async def test_without_a_stamp_or_an_answer_on_revocation_it_is_incomplete(
    lacks: set[str], lists: Path
) -> None:
    content = signed_files.container(stamped="stamped" not in lacks, answered="answered" not in lacks)
    assert await verdict(content, lists) is Verdict.INCOMPLETE
    assert await verdict(content, None) is Verdict.INCOMPLETE


async def test_a_container_without_a_signature_is_unsigned(lists: Path) -> None:
    assert await verdict(signed_files.unsigned(), lists) is Verdict.UNSIGNED


@pytest.mark.parametrize("content", [b"PK\x03\x04" + bytes(500), b"a letter", b"\0"])
async def test_what_is_no_container_does_not_verify(content: bytes, lists: Path) -> None:
    assert await verdict(content, lists) is Verdict.ALTERED


async def test_a_file_that_unpacks_to_gibibytes_costs_its_process_and_nobody_else(lists: Path) -> None:
    packed = signed_files.bomb()
    assert len(packed) < LOOKED_AT_BYTES
    found = await looked_at(packed, lists)
    assert found is None or found.verdict is Verdict.ALTERED


def test_what_is_too_large_or_of_another_kind_is_not_looked_at() -> None:
    examiners = Examiners()
    assert examiners.copy(ProofMediaType.ASICE, LOOKED_AT_BYTES + 1) is None
    assert examiners.copy(ProofMediaType.JPEG, 1000) is None


async def test_a_process_that_does_not_end_has_not_looked(
    monkeypatch: pytest.MonkeyPatch, lists: Path
) -> None:
    monkeypatch.setattr(examination, "_PATIENCE_SECONDS", 0.01)
    assert await looked_at(signed_files.container(), lists) is None


async def test_no_more_than_a_few_are_looked_at_together(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once: list[int] = []
    running = 0

    def ask(*_: object) -> bytes:
        nonlocal running
        running += 1
        at_once.append(running)
        os.sched_yield()
        running -= 1
        return json.dumps({"opened": True, "lists": False, "signatures": []}).encode()

    monkeypatch.setattr(examination, "_ask", ask)
    examiners = Examiners()
    copies = [examiners.copy(ProofMediaType.ASICE, 10) for _ in range(12)]
    found = await asyncio.gather(*[examiners.look(copy) for copy in copies if copy])
    for copy in copies:
        assert copy is not None
        copy.forget()
    assert len(found) == 12
    assert max(at_once) <= examination.AT_ONCE


CONFINED = """
import os, socket, subprocess, sys, threading
from pathlib import Path
from hub.proofs.gateways import confinement

secret, allowed = Path(sys.argv[1]), Path(sys.argv[2])
before = secret.read_text() + (allowed / "list").read_text()
confinement.stay_small()
confinement.stay_alone()
confinement.let_go_of_files(but=[allowed])

def tried(deed):
    try:
        deed()
    except (OSError, MemoryError, ArithmeticError) as refused:
        return type(refused).__name__
    return "done"

print(before, *map(tried, (
    lambda: (allowed / "list").read_text(),
    secret.read_text,
    lambda: secret.write_text("mine"),
    secret.unlink,
    lambda: os.open(secret.with_name("new"), os.O_CREAT | os.O_WRONLY),
    socket.socket,
    lambda: os.execv("/bin/true", ["true"]),
    os.fork,
    lambda: bytearray(2 << 30),
    lambda: threading.Thread(target=int).start() or 1 / 0,
)))
"""


def test_what_looks_reads_no_key_writes_no_file_and_speaks_with_nobody(tmp_path: Path) -> None:
    secret, allowed = tmp_path / "secret", tmp_path / "allowed"
    allowed.mkdir()
    secret.write_text("key")
    (allowed / "list").write_text("list")
    words = [sys.executable, "-c", CONFINED, str(secret), str(allowed)]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()
    assert told[:2] == ["keylist", "done"]
    assert "done" not in told[2:]
    assert (len(told), told[-2:]) == (11, ["MemoryError", "ZeroDivisionError"])  # a thread is no process
    assert secret.read_text() == "key"
    assert not (tmp_path / "new").exists()
