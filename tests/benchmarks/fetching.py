"""The way down of a hand-over, over TLS: the library beside curl, and its opening beside `7z x`.

On an installation of its own, whose hub speaks TLS itself and whose worker texts the password. curl brings
the same bytes from the same hub by HTTP/1.1 and hashes nothing; the library asks for the exchange, hashes
what arrives and names the file when it is whole. By hand a person unpacks with 7-Zip and hashes the
documents; the library also checks the archive's digest, names, sizes and the signed manifest.
Turns alternate, and a ratio is the median of the turns' ratios.
"""

import asyncio
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx
import trustme

from hub.settings import Settings
from saikne import AnswerFile, Hub, compose, open_parcel, prepare_answer, send_answer
from saikne_demo.stage import LIGZDA, START_SECONDS, NotStarted
from saikne_schemas.enrolment import LegalEntity
from saikne_schemas.manifests import Dispatch, Receipt, RequestForCopies
from saikne_schemas.vocabulary import (
    DeliveryChannel,
    ExchangeKind,
    FormType,
    LegalBasis,
    PasswordChannel,
    Purpose,
)
from tests.benchmarks.row import Row, Scale, ratio_of_pairs
from tests.benchmarks.scene import _ENTITIES
from tests.client.archives import certification
from tests.peers.seven_zip import seven_zip
from tests.peers.stage import Stage

CHILD = "AG-7741-B1"
PEERS = {"download": "curl"}
"""Rows that are left out where this program is not; 7-Zip comes with the tests."""


@dataclass
class TlsStage(Stage):
    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        with httpx.Client(timeout=5) as client:
            while time.monotonic() < deadline and self._running["serve"].poll() is None:
                try:
                    if client.get(f"{self.url}/v1/health").is_success:
                        return
                except httpx.TransportError:
                    pass
                self._pause()
        raise NotStarted(self.log("serve").read_text(errors="replace")[-2000:])


@dataclass(frozen=True)
class HandOver:
    """An answer that waits to be fetched."""

    folder: Path
    authority: Path
    requester: Hub
    exchange: UUID
    password: str


async def fetching(names: list[str], scale: Scale) -> dict[str, Row]:
    rows = {"download": download, "opening": opening}
    async with _handed_over(scale) as there:
        return {name: await rows[name](there, scale) for name in names}


async def download(there: HandOver, scale: Scale) -> Row:
    url = f"{there.requester.credentials.hub}/v1/exchanges/{there.exchange}/archive"
    calls, target = there.requester._calls, there.folder / "fetched.zip"
    ours, theirs = [], []
    for _ in range(scale.pairs + 1):
        headers = calls.caller.headers("GET", url, await calls.token(), datetime.now(UTC), {})
        lines = [word for name, value in headers.items() for word in ("--header", f"{name}: {value}")]
        curl = ["curl", "--silent", "--show-error", "--fail", "--http1.1", "--cacert", str(there.authority)]
        began = time.perf_counter()
        await asyncio.to_thread(subprocess.run, [*curl, *lines, "--output", str(target), url], check=True)
        theirs.append(time.perf_counter() - began)
        target.unlink()
        began = time.perf_counter()
        await there.requester.download(there.exchange, target)
        ours.append(time.perf_counter() - began)
        target.unlink()
    return _row("download of an archive by the library against curl, both over TLS", ours[1:], theirs[1:])


async def opening(there: HandOver, scale: Scale) -> Row:
    archive = (await there.requester.download(there.exchange, there.folder / "archive.zip")).path
    ours, theirs = [], []
    for _ in range(scale.pairs + 1):
        theirs.append(await _seconds(there.folder, lambda into: _by_hand(archive, there.password, into)))
        ours.append(await _seconds(there.folder, lambda into: open_parcel(archive, there.password, into)))
    archive.unlink()
    return _row("opening and verifying against `7z x` and the documents' SHA-256", ours[1:], theirs[1:])


def _row(what: str, ours: list[float], theirs: list[float]) -> Row:
    raw = {name: [round(one, 2) for one in seconds] for name, seconds in (("s", ours), ("peer_s", theirs))}
    return Row(what, ratio_of_pairs(ours, theirs), at_most=1.5, raw=dict(raw))


async def _seconds(folder: Path, work: Callable[[Path], object]) -> float:
    into = folder / "opened"
    began = time.perf_counter()
    await asyncio.to_thread(work, into)
    took = time.perf_counter() - began
    shutil.rmtree(into)
    return took


def _by_hand(archive: Path, password: str, into: Path) -> None:
    unpack = [seven_zip(), "x", f"-p{password[:16]}", f"-o{into}", str(archive)]
    subprocess.run(unpack, check=True, stdout=subprocess.DEVNULL)
    for document in into.glob("dok-*"):
        with document.open("rb") as file:
            hashlib.file_digest(file, "sha256")


@asynccontextmanager
async def _handed_over(scale: Scale) -> AsyncIterator[HandOver]:
    folder = Path(tempfile.mkdtemp(prefix="saikne-benchmarks-"))
    trusted = os.environ.get("SSL_CERT_FILE")
    authority = _certify(folder)
    os.environ["SSL_CERT_FILE"] = str(authority)
    files = {"HUB_TLS_CERTIFICATE": str(folder / "hub.pem"), "HUB_TLS_KEY": str(folder / "hub.key")}
    stage = TlsStage(
        folder / "stage", processes=Settings.model_fields["processes"].default, environment=files
    )
    try:
        await asyncio.to_thread(stage.set_up)
        await asyncio.to_thread(stage.start)
        asking, answering = [
            (
                await stage.enrol(
                    name, legal_entity=LegalEntity(name=name, registration_number=number), contacts=LIGZDA
                )
            ).credentials()
            for name, number in zip(("Zeme", "Ligzda"), _ENTITIES, strict=True)
        ]
        async with Hub(asking) as requester, Hub(answering) as holder:
            exchange = await _dispatched(requester, holder, folder, scale)
            phone = stage.phone
            await asyncio.to_thread(phone.wait_for, lambda _: bool(phone.messages), START_SECONDS)
            password = phone.messages[-1].text.split()[-1]
            yield HandOver(folder, authority, requester, exchange, password)
    finally:
        await asyncio.to_thread(stage.stop)
        shutil.rmtree(folder, ignore_errors=True)
        os.environ.pop("SSL_CERT_FILE")
        os.environ |= {"SSL_CERT_FILE": trusted} if trusted else {}


def _certify(folder: Path) -> Path:
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost")
    certificate.private_key_pem.write_to_path(folder / "hub.key")
    certificate.cert_chain_pems[0].write_to_path(folder / "hub.pem")
    authority.cert_pem.write_to_path(folder / "authority.pem")
    return folder / "authority.pem"


async def _dispatched(requester: Hub, holder: Hub, folder: Path, scale: Scale) -> UUID:
    request = compose(
        RequestForCopies,
        requester=requester.credentials.centre,
        holder=holder.credentials.centre,
        kind=ExchangeKind.CHILD_IAP,
        children=[CHILD],
        legal_basis=LegalBasis.METHOD_CHILD_MOVE,
        purpose=Purpose.CONTINUITY_OF_SUPPORT,
        receipt=Receipt(channel=DeliveryChannel.HUB, password_channel=PasswordChannel.SMS),
    )
    exchange = (await requester.tell(request)).exchange
    document = folder / "document.pdf"
    with document.open("wb") as file:
        file.write(b"%PDF-1.7\n")
        for _ in range(scale.upload_bytes >> 20):
            file.write(os.urandom(1 << 20))
    answer = AnswerFile(document, FormType.IAP, CHILD, certification=certification())
    manifest = await prepare_answer(exchange, [answer], children=[CHILD])
    await send_answer(holder, manifest, {1: document})
    document.unlink()
    await holder.tell(compose(Dispatch, exchange=exchange, round=1))
    return exchange
