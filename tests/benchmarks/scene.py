"""Where it is measured: a whole installation without its worker, its centres, yardstick and limit beside it.

The worker stays out: it is another process, which would send the mails of measured requests at moments of its
own. Everything runs with the settings that an installation has by default.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import asyncpg
import httpx

from hub.settings import Settings
from hub.signing.keyring import Keyring
from saikne.credentials import Credentials
from saikne.hub import Hub
from saikne.statements import compose
from saikne_demo.stage import LIGZDA
from saikne_schemas.enrolment import LegalEntity
from saikne_schemas.manifests import (
    AnswerManifest,
    Certification,
    DeclaredDocument,
    Receipt,
    RequestForCopies,
)
from saikne_schemas.vocabulary import (
    CertificationWords,
    DeliveryChannel,
    Derivative,
    ExchangeKind,
    FormType,
    LegalBasis,
    MediaType,
    Original,
    PasswordChannel,
    Purpose,
)
from tests.benchmarks import yardstick
from tests.benchmarks.calls import Body, Caller, reference
from tests.benchmarks.limits import door
from tests.benchmarks.limits.installing import make_room
from tests.benchmarks.processes import beside
from tests.peers.stage import Stage

CENTRES = 32
_ENTITIES = ("50008021661", "40003521600")
CERTIFICATION = Certification(
    words=CertificationWords.KOPIJA_PAREIZA,
    officer="Solvita Krēsliņa",
    position="vadītāja",
    organisation="SIA Ligzda",
    on=date(2026, 1, 5),
)


@dataclass(frozen=True)
class Upload:
    """One declared document that the hub waits for."""

    caller: Caller
    path: str
    document: DeclaredDocument

    async def head(self) -> bytes:
        return await self.caller.put_head(self.path, self.document)


@dataclass(frozen=True)
class Scene:
    stage: Stage
    yardstick_port: int
    limit_port: int
    """Of the bare door (`limits.door`)."""
    limit_pid: int
    callers: list[Caller]
    files: Path
    """Where the yardstick and the bare door write."""

    @property
    def port(self) -> int:
        return self.stage.port

    def request(self, requester: Caller, holder: Caller) -> RequestForCopies:
        return compose(
            RequestForCopies,
            requester=requester.credentials.centre,
            holder=holder.credentials.centre,
            kind=ExchangeKind.FAMILY_CASE,
            family=reference(),
            children=[reference()],
            legal_basis=LegalBasis.METHOD_FAMILY_MOVE,
            purpose=Purpose.CONTINUITY_OF_SUPPORT,
            receipt=Receipt(channel=DeliveryChannel.HUB, password_channel=PasswordChannel.SMS),
        )

    async def awaited(self, count: int, length: int) -> list[Upload]:
        """Documents of one answer, declared and still to be sent."""
        requester, holder = self.callers[:2]
        request = self.request(requester, holder)
        async with Hub(requester.credentials) as asking, Hub(holder.credentials) as answering:
            exchange = (await asking.tell(request)).exchange
            assert request.family is not None
            sha256 = await Body(length).sha256()
            documents = [_document(no, request.family, length, sha256) for no in range(1, count + 1)]
            manifest = compose(AnswerManifest, exchange=exchange, spouses=1, documents=documents)
            await answering.tell(manifest)
        where = f"/v1/exchanges/{exchange}/rounds/1/documents"
        return [Upload(holder, f"{where}/{document.no}", document) for document in documents]

    async def with_new_centres(self, count: int) -> "Scene":
        """The same with others, who have no exchanges yet."""
        enrolled = [await _enrol(self.stage, CENTRES + number) for number in range(count)]
        http = self.callers[0].http
        return replace(self, callers=[Caller(credentials, http) for credentials in enrolled])

    def clear(self) -> None:
        """Remove what was uploaded, before the kernel has written all of it to the disk."""
        for folder in (self.files, self.stage.home / "objects"):
            for path in folder.rglob("*"):
                if path.is_file():
                    path.unlink()


def _document(no: int, family: str, length: int, sha256: str) -> DeclaredDocument:
    return DeclaredDocument(
        no=no,
        form=FormType.OTHER_FAMILY,
        subject=family,
        media_type=MediaType.PDF,
        bytes=length,
        sha256=sha256,
        original=Original.PAPER,
        derivative=Derivative.COPY,
        certification=CERTIFICATION,
    )


@asynccontextmanager
async def scene() -> AsyncIterator[Scene]:
    home = Path(tempfile.mkdtemp(prefix="saikne-benchmarks-"))
    stage = Stage(home, processes=Settings.model_fields["processes"].default, anew=True)
    try:
        await asyncio.to_thread(stage.set_up)
        Keyring(home / "keys")  # a hub that has centres has had keys
        enrolled = [await _enrol(stage, number) for number in range(CENTRES)]
        written_to = await make_room(stage)
        await asyncio.to_thread(stage.start, "serve")
        await _described(stage)
        await _make_room_for_yardstick(stage)
        files = home / "yardstick"
        files.mkdir()
        environment = {**stage._environment(), yardstick.FOLDER: str(files), door.WRITTEN_TO: written_to}
        with (
            beside(yardstick, environment, stage.log("yardstick")) as plain,
            beside(door, environment, stage.log("limit")) as limit,
        ):
            async with httpx.AsyncClient(trust_env=False) as http:
                callers = [Caller(credentials, http) for credentials in enrolled]
                yield Scene(stage, plain.port, limit.port, limit.pid, callers, files)
    finally:
        await asyncio.to_thread(stage.stop)
        shutil.rmtree(home, ignore_errors=True)


async def _enrol(stage: Stage, number: int) -> Credentials:
    entity = LegalEntity(name="Biedrība", registration_number=_ENTITIES[number % 2])
    return (await stage.enrol(f"Centrs {number}", legal_entity=entity, contacts=LIGZDA)).credentials()


async def _described(stage: Stage) -> None:
    """Have the API's description written now: else that second would fall into what is measured."""
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        (await http.get(f"{stage.url}/schema/openapi.json")).raise_for_status()


async def _make_room_for_yardstick(stage: Stage) -> None:
    connection = await asyncpg.connect(stage.owner_url)
    try:
        await connection.execute(yardstick.INSTALLATION)
    finally:
        await connection.close()
