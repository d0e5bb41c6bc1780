"""The moves of a story as the centres' programs make them, and a caller who words every request by hand."""

import asyncio
import hashlib
import subprocess
import time
from base64 import b64decode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import httpx

from hub.evidence.chain import Event, Head, Verdict, verify
from hub.kernel.ids import CentreId, ExchangeId
from hub.passwords.handover import short_reference
from saikne import AnswerFile, Hub, compose, open_parcel, prepare_answer, send_answer
from saikne.hub import Downloaded
from saikne.parcel import OpenedParcel
from saikne_demo.stage import LIGZDA, ZEMGALE
from saikne_schemas.evidence_views import EventPage
from saikne_schemas.manifests import (
    AnswerManifest,
    Certification,
    Confirmation,
    Dispatch,
    Receipt,
    RequestForCopies,
)
from saikne_schemas.views import Accepted, ExchangeView
from saikne_schemas.vocabulary import (
    CertificationWords,
    DeliveryChannel,
    ExchangeKind,
    FormType,
    LegalBasis,
    PasswordChannel,
    Purpose,
)
from tests.access.centre_system import CentreSystem, digest_of, sign
from tests.peers.seven_zip import seven_zip as seven_zip_program
from tests.peers.stage import Stage

FAMILY, CHILD = "AG-7741", "AG-7741-B1"
CERTIFIED = Certification(
    words=CertificationWords.KOPIJA_PAREIZA,
    officer="Solvita Krēsliņa",
    position="vadītāja",
    organisation="Biedrība „Ligzda”",
    on=date(2026, 11, 20),
)

HUB_SMS = (DeliveryChannel.HUB, PasswordChannel.SMS)
LONGEST_WAIT_SECONDS = 40.0
HANDS_SECONDS = 150.0
"""A token is good for 300."""

T = TypeVar("T")


def pdf(words: str, size_bytes: int = 1500) -> bytes:
    """A PDF of exactly this size, written by hand; other words give other bytes."""
    start = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    start += b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%"
    end = b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    filling = hashlib.shake_256(words.encode()).hexdigest(size_bytes // 2 + 1).encode()
    return start + filling[: size_bytes - len(start) - len(end)] + end


async def until(
    asked: Callable[[], Awaitable[T]], satisfied: Callable[[T], bool], pause_seconds: float = 0.05
) -> T:
    """What the asking says once it satisfies; asked again and again, up to a limit."""
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    while not satisfied(said := await asked()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"still {said!r} after {LONGEST_WAIT_SECONDS} s")
        await asyncio.sleep(pause_seconds)
    return said


@dataclass
class ByHand:
    """One centre's caller without the client library: every header can be made wrong."""

    system: CentreSystem
    http: httpx.AsyncClient
    token: str

    def uri(self, path: str) -> str:
        return f"{self.system.url}{path}"

    async def get(self, path: str, **headers: str) -> httpx.Response:
        bearing = self.system.bearing(self.token, "GET", self.uri(path))
        return await self.http.get(self.uri(path), headers={**bearing, **headers})

    async def head(self, path: str, **headers: str) -> httpx.Response:
        bearing = self.system.bearing(self.token, "HEAD", self.uri(path))
        return await self.http.head(self.uri(path), headers={**bearing, **headers})

    def signed(self, path: str, body: bytes, **changes: Any) -> dict[str, str]:
        return self.system.signed(self.token, "POST", self.uri(path), body, **changes)

    async def post(self, path: str, body: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
        return await self.http.post(
            self.uri(path), content=body, headers=headers or self.signed(path, body), timeout=60
        )

    def for_upload(
        self, path: str, body: bytes, media_type: str = "application/pdf", **more: str
    ) -> dict[str, str]:
        headers = {
            **self.system.bearing(self.token, "PUT", self.uri(path)),
            "Content-Type": media_type,
            "Content-Digest": digest_of(body),
            **more,
        }
        return sign("PUT", self.uri(path), headers, self.system.signing)

    async def put(self, path: str, body: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
        return await self.http.put(
            self.uri(path), content=body, headers=headers or self.for_upload(path, body), timeout=60
        )

    async def begin_upload(
        self, path: str, headers: dict[str, str], length: int | None
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A socket on which the head of an upload has been sent and nothing of its body."""
        host, port = httpx.URL(self.system.url).host, httpx.URL(self.system.url).port
        reader, writer = await asyncio.open_connection(host, port)
        size = {"Transfer-Encoding": "chunked"} if length is None else {"Content-Length": str(length)}
        lines = [f"PUT {path} HTTP/1.1", f"Host: {host}:{port}"]
        lines += [f"{name}: {value}" for name, value in {**headers, **size, "Connection": "close"}.items()]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n")
        await writer.drain()
        return reader, writer


@dataclass
class Answered:
    """An answer under way: the manifest, and where its documents lie."""

    exchange: UUID
    manifest: AnswerManifest
    files: dict[int, Path]
    round: int = 1


@dataclass
class Play:
    """A stage with its centres, and the moves that most stories share."""

    stage: Stage
    requester: Hub
    holder: Hub
    stranger: Hub
    overseer: Hub
    folder: Path
    http: httpx.AsyncClient
    _hands: dict[UUID, tuple[float, ByHand]] = field(default_factory=dict)
    _made: int = 0

    async def by_hand(self, hub: Hub) -> ByHand:
        """The same centre with the same keys, its requests worded by hand; its token lasts a while."""
        who, now = hub.credentials, time.monotonic()
        until, hands = self._hands.get(who.centre, (0.0, None))
        if hands is None or now > until:
            system = CentreSystem(
                who.hub,
                centre=who.centre,
                oauth=who.oauth_key.private_key,
                signing=who.signing_key.private_key,
            )
            token = await system.token(self.http, " ".join(scope.value for scope in who.scopes))
            hands = ByHand(system, self.http, token)
            self._hands[who.centre] = (now + HANDS_SECONDS, hands)
        return hands

    def new_folder(self) -> Path:
        self._made += 1
        return self.folder / f"{self._made:04}"

    def request(
        self,
        channels: tuple[DeliveryChannel, PasswordChannel] = HUB_SMS,
        kind: ExchangeKind = ExchangeKind.CHILD_IAP,
        **changes: Any,
    ) -> RequestForCopies:
        of_a_family = kind is ExchangeKind.FAMILY_CASE
        fields = {
            "requester": self.requester.credentials.centre,
            "holder": self.holder.credentials.centre,
            "kind": kind,
            "family": FAMILY if of_a_family else None,
            "children": [CHILD],
            "legal_basis": LegalBasis.METHOD_FAMILY_MOVE if of_a_family else LegalBasis.METHOD_CHILD_MOVE,
            "purpose": Purpose.CONTINUITY_OF_SUPPORT,
            "receipt": Receipt(channel=channels[0], password_channel=channels[1]),
        }
        return compose(RequestForCopies, **{**fields, **changes})

    async def ask(
        self,
        channels: tuple[DeliveryChannel, PasswordChannel] = HUB_SMS,
        kind: ExchangeKind = ExchangeKind.CHILD_IAP,
    ) -> UUID:
        return (await self.requester.tell(self.request(channels, kind))).exchange

    def papers(
        self, kind: ExchangeKind, size_bytes: int = 1500, copies: int = 1, *, family: str = FAMILY
    ) -> list[AnswerFile]:
        """All mandatory forms of a small case on disk; `copies` adds annexes of the child's plan."""
        folder = self.new_folder()
        folder.mkdir()
        child = f"{family}-B1"
        forms: list[tuple[FormType, str, int | None]] = [(FormType.IAP, child, None)]
        forms += [(FormType.OTHER_CHILD, child, None)] * (copies - 1)
        if kind is ExchangeKind.FAMILY_CASE:
            forms += [(FormType.FAMILY_CASE, family, None), (FormType.COMPETENCE_REVIEW, family, 1)]
        files = []
        for number, (form, subject, spouse) in enumerate(forms, 1):
            path = folder / f"{number}.pdf"
            path.write_bytes(pdf(f"{folder} {number}", size_bytes))
            files.append(AnswerFile(path, form, subject, spouse, certification=CERTIFIED))
        return files

    async def prepare(self, exchange: UUID, *, size_bytes: int = 1500, copies: int = 1) -> Answered:
        """Documents are written and hashed; the hub knows nothing of them yet."""
        view = await self.holder.exchange(exchange)
        family = view.family or FAMILY
        files = self.papers(view.kind, size_bytes, copies, family=family)
        of_a_family = view.kind is ExchangeKind.FAMILY_CASE
        children = [f"{family}-B1"] if of_a_family else []
        manifest = await prepare_answer(
            exchange, files, spouses=1 if of_a_family else None, children=children
        )
        paths = {number: file.path for number, file in enumerate(files, 1)}
        return Answered(exchange, manifest, paths, (view.answer.round if view.answer else 0) + 1)

    async def send(self, answered: Answered) -> ExchangeView:
        return await send_answer(self.holder, answered.manifest, answered.files)

    async def dispatch(self, answered: Answered) -> Accepted:
        return await self.holder.tell(compose(Dispatch, exchange=answered.exchange, round=answered.round))

    async def answer(self, exchange: UUID, **size: int) -> Answered:
        """Declared, sent and dispatched."""
        answered = await self.prepare(exchange, **size)
        await self.send(answered)
        await self.dispatch(answered)
        return answered

    async def fetch(self, exchange: UUID) -> Downloaded:
        return await self.requester.download(exchange, self.new_folder().with_suffix(".zip"))

    async def open(self, archive: Path, password: str) -> OpenedParcel:
        return await asyncio.to_thread(open_parcel, archive, password, self.new_folder())

    def confirmation(self, exchange: UUID, round_no: int, opened: OpenedParcel) -> Confirmation:
        return compose(
            Confirmation,
            exchange=exchange,
            round=round_no,
            arrived=True,
            opens=True,
            complete=True,
            archive_sha256=opened.archive_sha256,
            documents=opened.checked,
        )

    async def finish(self, answered: Answered) -> Accepted:
        """Fetched, opened by the texted password, and confirmed."""
        fetched = await self.fetch(answered.exchange)
        opened = await self.open(fetched.path, await self.texted(answered.exchange, answered.round))
        confirmation = self.confirmation(answered.exchange, answered.round, opened)
        return await self.requester.tell(confirmation)

    async def texted(self, exchange: UUID, round_no: int = 1, sending: int = 1) -> str:
        """The password that the requester's telephone got."""
        wanted = f"{exchange}:{round_no}:{sending}:"
        phone = self.stage.phone

        def found() -> list[str]:
            return [m.text for m in phone.messages if m.reference.startswith(wanted)]

        await asyncio.to_thread(phone.wait_for, lambda _: bool(found()), LONGEST_WAIT_SECONDS)
        assert len(found()) == 1
        return found()[0].split()[-1]

    async def mailed(self, address: str, exchange: UUID, words: str = "") -> Any:
        """The mail about an exchange that an address got."""
        reference, mailbox = short_reference(exchange), self.stage.mailbox  # type: ignore[arg-type]

        def found() -> list[Any]:
            mails = mailbox.inbox(address)
            return [m for m in mails if reference in m.subject and words in m.subject + m.text]

        await asyncio.to_thread(mailbox.wait_for, lambda _: bool(found()), LONGEST_WAIT_SECONDS)
        assert found(), f"no mail for {address} about {reference} {words}"
        return found()[-1]

    async def mailed_about(self, matter: UUID, to: Hub, words: str = "") -> Any:
        """The mail about a matter that a centre got."""
        address = {self.requester: ZEMGALE.notices, self.holder: LIGZDA.notices}[to]
        mailbox = self.stage.mailbox

        def found() -> list[Any]:
            mails = mailbox.inbox(address)
            return [m for m in mails if short_reference(ExchangeId(matter)) in m.subject and words in m.text]

        await asyncio.to_thread(mailbox.wait_for, lambda _: bool(found()), LONGEST_WAIT_SECONDS)
        assert found(), f"no mail for {address} about {matter} {words}"
        return found()[-1]

    async def state(self, exchange: UUID) -> str:
        return (await self.holder.exchange(exchange)).state.value

    async def sql(self, query: str, *values: Any) -> list[Any]:
        """As the database's superuser, past every wall: what a test looks at, not what the hub may do."""
        connection = await asyncpg.connect(self.stage.owner_url)
        try:
            return list(await connection.fetch(query, *values))
        finally:
            await connection.close()

    async def time_passes(self, job: str, exchange: UUID) -> None:
        """The moment of a promise has come: it is the worker's turn."""
        done = await self.sql(
            "UPDATE queue.pgqueuer SET execute_after = now() WHERE entrypoint = $1"
            " AND convert_from(payload, 'UTF8')::json->>'exchange' = $2 RETURNING id",
            job,
            str(exchange),
        )
        assert done, f"{job} was not promised"
        await self.sql("DELETE FROM queue.pgqueuer WHERE false")  # its trigger wakes the worker

    async def traces(self, exchange: UUID) -> dict[str, str]:
        """Every row that the database holds about an exchange, table by table, as digests."""
        connection = await asyncpg.connect(self.stage.owner_url)
        digest = "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {} AS t WHERE {}"
        try:
            named = await connection.fetch(
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'hub'"
                " AND column_name IN ('exchange_id', 'matter_id', 'about_id') ORDER BY 1"
            )
            found = {
                row[0]: await connection.fetchval(digest.format(f"hub.{row[0]}", f"{row[1]} = $1"), exchange)
                for row in named
            }
        finally:
            await connection.close()
        return found

    async def promised(self, exchange: UUID) -> set[int]:
        """The jobs that wait for the worker."""
        rows = await self.sql(
            "SELECT id FROM queue.pgqueuer WHERE convert_from(payload, 'UTF8')::json->>'exchange' = $1",
            str(exchange),
        )
        return {row[0] for row in rows}

    def objects(self, exchange: UUID) -> list[Path]:
        """Every file of an exchange in the object store, half-written ones too."""
        return sorted(p for p in (self.stage.home / "objects").rglob(f"{exchange}/**/*") if p.is_file())


async def chain_of(hub: Hub) -> tuple[list[Event], Verdict]:
    """A centre's whole chain as the hub shows it, checked link by link without the hub."""
    events: list[Event] = []
    after: int | None = 0
    while after is not None:
        answer = await hub._calls.read("/v1/evidence/events", {"after": str(after), "limit": "500"})
        page = EventPage.model_validate_json(answer.content)
        events += [
            Event(
                tenant=CentreId(page.tenant),
                seq=event.seq,
                at=event.at,
                kind=event.kind,
                about=event.exchange,
                body=b64decode(event.body),
                prev=bytes.fromhex(event.prev),
                hash=bytes.fromhex(event.hash),
            )
            for event in page.items
        ]
        after = page.next
    head = Head(page.head.seq, bytes.fromhex(page.head.hash)) if page.head else None
    return events, verify(events, head)


def seven_zip(archive: Path, password: str, into: Path) -> "subprocess.CompletedProcess[str]":
    """`7z x` as a recipient would call it."""
    command = [seven_zip_program(), "x", "-y", f"-p{password}", f"-o{into}", str(archive)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def code_of(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["title"]
    return answer.status_code, problem["code"]
