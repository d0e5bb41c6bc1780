"""A whole hand-over through hub and library, against three commands by hand: how long, and at what cost.

By hand an office encrypts with 7z, sends with curl to a server over TLS, and the other fetches and extracts.
The library asks, declares, sends, dispatches, fetches, opens with the texted password, and confirms, over TLS
as well.
"""

import asyncio
import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from uuid import UUID

import httpx

from hub.settings import Settings
from saikne import AnswerFile, Hub, compose, open_parcel, prepare_answer, send_answer
from saikne_demo.stage import LIGZDA, START_SECONDS, ZEMGALE, NotStarted
from saikne_schemas.enrolment import LegalEntity
from saikne_schemas.manifests import Confirmation, Dispatch, Receipt, RequestForCopies
from saikne_schemas.vocabulary import (
    DeliveryChannel,
    ExchangeKind,
    FormType,
    LegalBasis,
    PasswordChannel,
    Purpose,
)
from tests.benchmarks.calls import Body
from tests.benchmarks.limits import receiving
from tests.benchmarks.limits.handing import LIMIT as HANDED
from tests.benchmarks.limits.handing import by_limit
from tests.benchmarks.limits.passes import of_a_server
from tests.benchmarks.peers.nginx import Certificate, Nginx, certificate, nginx
from tests.benchmarks.processes import beside, processor_seconds
from tests.benchmarks.row import Limit, Row, Scale, ratio_of_pairs, rounded
from tests.benchmarks.scene import _ENTITIES, CERTIFICATION
from tests.benchmarks.watch import Turns, Watch
from tests.peers.stage import Stage

CHILD = "AG-7741-B1"
_NAMES = ("Zemgale", "Ligzda")
_COST = (
    "kept: what nginx needs to take the file over TLS, write it and send it over TLS, and one pass of"
    " OpenSSL over every byte, in one thread and in memory, for the digest of the document, AES-256,"
    " HMAC-SHA1 and the digest of the archive, which evidence names; left out: all else, statements,"
    " database, SMS, and every copy"
)


async def handing_over(scale: Scale) -> dict[str, Row]:
    ours, by_hand, bare, passes = Turns(), Turns(), Turns(), []
    async with installed() as centres:
        document, tls = write_document(centres.home, scale.upload_bytes), centres.tls
        log = centres.stage.log("limit")
        with nginx(centres.home / "nginx", tls) as server:
            environment = {**centres.stage._environment(), receiving.FOLDER: str(server.files)}
            with beside(receiving, environment, log) as receiver:
                for _ in range(scale.handovers + 1):
                    await asyncio.to_thread(_by_hand, server, tls.certificate, document, by_hand)
                    await asyncio.to_thread(by_limit, receiver, server, tls.certificate, document, bare)
                    await _through_the_hub(centres, document, ours)
                    passes.append(await asyncio.to_thread(of_a_server, scale.upload_bytes))
    limits = _limit_in_time(bare, by_hand), _limit_of_cost(scale, by_hand, passes[1:])
    return _rows(scale, ours, by_hand, limits)


@asynccontextmanager
async def installed() -> AsyncIterator["Centres"]:
    """An installation with TLS, and two centres."""
    home = Path(tempfile.mkdtemp(prefix="saikne-handover-"))
    tls = certificate(home)
    os.environ["SSL_CERT_FILE"] = str(tls.certificate)
    https = {"HUB_TLS_CERTIFICATE": str(tls.certificate), "HUB_TLS_KEY": str(tls.key)}
    processes = Settings.model_fields["processes"].default
    stage = SecureStage(home / "hub", processes=processes, environment=https, anew=True)
    try:
        await asyncio.to_thread(stage.set_up)
        await asyncio.to_thread(stage.start)
        credentials = [
            (
                await stage.enrol(
                    name, legal_entity=LegalEntity(name=name, registration_number=number), contacts=who
                )
            ).credentials()
            for name, number, who in zip(_NAMES, _ENTITIES, (ZEMGALE, LIGZDA), strict=True)
        ]
        async with Hub(credentials[0]) as requester, Hub(credentials[1]) as holder:
            yield Centres(home, tls, stage, requester, holder)
    finally:
        os.environ.pop("SSL_CERT_FILE")  # it goes with the rest
        await asyncio.to_thread(stage.stop)
        shutil.rmtree(home, ignore_errors=True)


def write_document(home: Path, length: int) -> Path:
    document = home / "document.pdf"
    with document.open("wb") as file:
        file.write(b"%PDF-1.4\n")
        file.writelines(Body(length).blocks())
    return document


def _limit_in_time(bare: Turns, by_hand: Turns) -> Limit:
    raw: dict[str, object] = {"limit_seconds": rounded(bare.seconds[1:]), "limit_parts": bare.parts[-1]}
    return Limit(HANDED, ratio_of_pairs(bare.seconds[1:], by_hand.seconds[1:]), raw)


def _limit_of_cost(scale: Scale, by_hand: Turns, passes: list[dict[str, float]]) -> Limit:
    """What nginx needs to take and give the file, and on top of it each pass that a hub owes every byte."""
    gigabytes, nginx_alone = scale.upload_bytes / 1e9, by_hand.server[1:]
    least = [alone + sum(each.values()) for alone, each in zip(nginx_alone, passes, strict=True)]
    raw: dict[str, object] = {
        f"{name}_s_a_gb": round(median(each[name] for each in passes) / gigabytes, 2) for name in passes[0]
    }
    return Limit(_COST, ratio_of_pairs(least, nginx_alone), raw)


def _rows(scale: Scale, ours: Turns, by_hand: Turns, limits: tuple[Limit, Limit]) -> dict[str, Row]:
    gigabytes = scale.upload_bytes / 1e9
    raw: dict[str, object] = {
        "bytes": scale.upload_bytes,
        "hub_seconds": rounded(ours.seconds[1:]),  # the first pair warms both
        "by_hand_seconds": rounded(by_hand.seconds[1:]),
        "hub_parts": ours.parts[-1],
        "by_hand_parts": by_hand.parts[-1],
    }
    whole = Row(
        "a whole hand-over by the library over TLS against 7z, curl, curl and 7z by hand, in time",
        ratio_of_pairs(ours.seconds[1:], by_hand.seconds[1:]),
        at_most=1.6,
        limit=limits[0],
        raw=raw,
    )
    costs = {
        "hub_processor_s_a_gb": rounded([one / gigabytes for one in ours.server[1:]]),
        "nginx_processor_s_a_gb": rounded([one / gigabytes for one in by_hand.server[1:]]),
    }
    processor = Row(
        "the hub's processor seconds of a whole hand-over against nginx's that takes and gives the same file",
        ratio_of_pairs(ours.server[1:], by_hand.server[1:]),
        at_most=1.8,
        limit=limits[1],
        raw=dict(costs),
    )
    return {"handover": whole, "handover-cost": processor}


@dataclass(frozen=True)
class Centres:
    home: Path
    tls: Certificate
    stage: Stage
    requester: Hub
    holder: Hub

    async def ask(self) -> UUID:
        asked = compose(
            RequestForCopies,
            requester=self.requester.credentials.centre,
            holder=self.holder.credentials.centre,
            kind=ExchangeKind.CHILD_IAP,
            children=[CHILD],
            legal_basis=LegalBasis.METHOD_CHILD_MOVE,
            purpose=Purpose.CARE_OF_PLACED_CHILD,
            receipt=Receipt(channel=DeliveryChannel.HUB, password_channel=PasswordChannel.SMS),
        )
        return (await self.requester.tell(asked)).exchange

    async def declare_and_send(self, exchange: UUID, document: Path) -> None:
        file = AnswerFile(document, FormType.IAP, CHILD, certification=CERTIFICATION)
        await send_answer(self.holder, await prepare_answer(exchange, [file]), {1: document})

    async def texted(self, exchange: UUID) -> str:
        """The password, once the requester's telephone has it."""
        about, phone = f"{exchange}:1:", self.stage.phone

        def found() -> list[str]:
            return [one.text.split()[-1] for one in phone.messages if one.reference.startswith(about)]

        await asyncio.to_thread(phone.wait_for, lambda _: bool(found()), 30)
        return found()[0]


class SecureStage(Stage):
    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def _wait_until_it_answers(self) -> None:
        with httpx.Client(timeout=5) as client:  # trusts what SSL_CERT_FILE names
            for _ in range(round(START_SECONDS / 0.1)):
                with contextlib.suppress(httpx.TransportError):
                    if client.get(f"{self.url}/v1/health").is_success:
                        return
                time.sleep(0.1)
        raise NotStarted(self.log("serve").read_text(errors="replace")[-2000:])


async def _through_the_hub(centres: Centres, document: Path, turns: Turns) -> None:
    stage, requester, holder, home = centres.stage, centres.requester, centres.holder, document.parent
    watch, before = Watch(), processor_seconds(stage.pid("serve"))
    into, archive = home / "opened", home / "fetched.zip"
    with watch.on("ask"):
        exchange = await centres.ask()
    with watch.on("declare and send"):
        await centres.declare_and_send(exchange, document)
    with watch.on("dispatch"):
        await holder.tell(compose(Dispatch, exchange=exchange, round=1))
    with watch.on("fetch"):
        await requester.download(exchange, archive)
    with watch.on("password"):
        password = await centres.texted(exchange)
    with watch.on("open and verify"):
        opened = await asyncio.to_thread(open_parcel, archive, password, into)
    with watch.on("confirm"):
        confirmation = compose(
            Confirmation,
            exchange=exchange,
            round=1,
            arrived=True,
            opens=True,
            complete=True,
            archive_sha256=opened.archive_sha256,
            documents=opened.checked,
        )
        await requester.tell(confirmation)
    watch.tell(turns, processor_seconds(stage.pid("serve")) - before)
    shutil.rmtree(into)
    archive.unlink()
    for path in (stage.home / "objects").rglob("*"):
        if path.is_file():
            path.unlink()


def _by_hand(server: Nginx, trusted: Path, document: Path, turns: Turns) -> None:
    home = document.parent
    packed, fetched, into = home / "packed.zip", home / "by-hand.zip", home / "by-hand"
    watch, before = Watch(), processor_seconds(server.pid)
    curl = ["curl", "--silent", "--show-error", "--fail", "--cacert", str(trusted)]
    with watch.on("pack"):
        _run("7z", "a", "-mx0", "-mem=AES256", "-psecret", str(packed), str(document))
    with watch.on("send"):
        _run(*curl, "--upload-file", str(packed), f"{server.url}/packed.zip")
    with watch.on("fetch"):
        _run(*curl, "--output", str(fetched), f"{server.url}/packed.zip")
    with watch.on("open"):
        _run("7z", "x", "-psecret", f"-o{into}", str(fetched))
    watch.tell(turns, processor_seconds(server.pid) - before)
    shutil.rmtree(into)
    for path in (packed, fetched, server.files / "packed.zip"):
        path.unlink()


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
