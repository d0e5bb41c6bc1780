"""One request's way through the house, played by two centres through the real API and client library.

Source: method S57, S77-S79, S90, S134. Every step checks what it claims; the first that does not hold ends
the story.
"""

import asyncio
import json
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from saikne.answer import AnswerFile, prepare_answer, send_answer
from saikne.hub import Hub
from saikne.installation import Installation
from saikne.parcel import OpenedParcel, open_parcel
from saikne.receipts import verify_receipt, verify_statement
from saikne.statements import compose
from saikne_demo import clock
from saikne_demo.certified import certified
from saikne_demo.claim import hold
from saikne_demo.documents import CERTIFICATION, CaseDocument, make_case
from saikne_demo.stage import BERZKALNI, LIGZDA, ZEMGALE, Stage
from saikne_schemas.enrolment import Contacts, LegalEntity
from saikne_schemas.identities import IdentityRef
from saikne_schemas.manifests import (
    AnswerManifest,
    Confirmation,
    Dispatch,
    Receipt,
    RequestForCopies,
)
from saikne_schemas.views import TermView
from saikne_schemas.vocabulary import (
    CaseSection,
    DeliveryChannel,
    ExchangeKind,
    ExchangeState,
    FormType,
    LegalBasis,
    PasswordChannel,
    Purpose,
)

MEGABYTE = 1_000_000


class Teller(Protocol):
    """Tells people how the story goes."""

    def begun(self, step: str) -> None: ...

    def moved(self, step: str, part: int, done: int, total: int) -> None: ...

    def held(self, step: str, seconds: float, **facts: object) -> None: ...


@dataclass
class Story:
    stage: Stage
    teller: Teller
    scene: Path
    """A directory for what the centres hold on their own disks."""
    times: dict[str, float] = field(default_factory=dict)
    move: UUID = field(init=False)
    child_move: UUID = field(init=False)
    registration: UUID = field(init=False)

    @contextmanager
    def step(self, name: str) -> Iterator[dict[str, object]]:
        """One step; it gets a place for the facts that are told of it."""
        facts: dict[str, object] = {}
        self.teller.begun(name)
        began = time.perf_counter()
        yield facts
        self.times[name] = round(time.perf_counter() - began, 3)
        self.teller.held(name, self.times[name], **facts)

    def install(self) -> None:
        with self.step("installation"):
            self.stage.set_up()
            self.stage.start()

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """While the requester and the holder talk to the hub."""
        async with (
            Hub(self.new.credentials()) as self.requester,
            Hub(self.previous.credentials()) as self.holder,
        ):
            yield

    async def write_case(self) -> None:
        with self.step("documents") as told:
            self.documents = await asyncio.to_thread(make_case, self.scene / "documents")
            size = sum(document.path.stat().st_size for document in self.documents)
            told |= {"count": len(self.documents), "megabytes": round(size / MEGABYTE)}

    async def enrol(self) -> None:
        """Registration numbers are well-formed samples; the centres are invented."""
        enrol = self.stage.enrol
        with self.step("enrolment") as told:
            self.new, self.previous, self.third, self.overseer = await asyncio.gather(
                enrol(
                    "Atbalsta centrs „Zemgales mājas”",
                    legal_entity=_entity("Biedrība „Zemgales mājas”", "50008021661"),
                    contacts=ZEMGALE,
                ),
                enrol(
                    "Atbalsta centrs „Ligzda”",
                    legal_entity=_entity("Biedrība „Liepsalas ligzda”", "40003521600"),
                    contacts=LIGZDA,
                ),
                enrol(
                    "Atbalsta centrs „Bērzkalni”",
                    legal_entity=_entity("Biedrība „Bērzkalni”", "40008000206"),
                    contacts=BERZKALNI,
                ),
                enrol(
                    "Pārraudzība",
                    legal_entity=_entity("Pārraudzības iestāde", "90000038741"),
                    contacts=Contacts(notices="parraudziba@iestade.example"),
                    oversight=True,
                ),
            )
            told |= {"requester": self.new.name, "holder": self.previous.name, "third": self.third.name}

    @property
    def centres(self) -> tuple[Installation, ...]:
        return self.new, self.previous, self.third

    @property
    def family(self) -> str:
        return next(d.subject for d in self.documents if d.child is None)

    @property
    def children(self) -> list[str]:
        return sorted({d.child for d in self.documents if d.child is not None})

    async def ask(self, meant: IdentityRef) -> None:
        request = compose(
            RequestForCopies,
            requester=self.new.centre,
            holder=self.previous.centre,
            kind=ExchangeKind.FAMILY_CASE,
            family=self.family,
            children=self.children,
            legal_basis=LegalBasis.METHOD_FAMILY_MOVE,
            purpose=Purpose.CONTINUITY_OF_SUPPORT,
            receipt=Receipt(channel=DeliveryChannel.HUB, password_channel=PasswordChannel.SMS),
            identities=[meant],
        )
        with self.step("request") as told:
            accepted = await self.requester.tell(request)
            self.exchange = accepted.exchange
            again = await self.requester.tell(request)
            hold(again == accepted, "a repeated request is answered as the first")
            self.view = await self.requester.exchange(self.exchange)
            told |= {"ref": str(self.exchange)[:8].upper(), "due": self.view.due_on}
        with self.step("inbox"):
            found = [item.id async for item in self.holder.inbox()]
            hold(self.exchange in found, "the request is in the holder's inbox")
            await asyncio.to_thread(self.stage.mailbox.wait_for_message, LIGZDA.notices)

    async def answer(self) -> None:
        paths = {number: document.path for number, document in enumerate(self.documents, start=1)}
        with self.step("declaration") as told:
            self.manifest = await prepare_answer(
                self.exchange,
                [_file(document) for document in self.documents],
                spouses=2,
                children=self.view.children,
            )
            await self.holder.tell(self.manifest)
            answer = (await self.holder.exchange(self.exchange)).answer
            hold(answer is not None and answer.missing == [], "no mandatory form is missing")
            told |= {"count": len(self.documents)}
        with self.step("upload"):
            await send_answer(self.holder, self.manifest, paths, progress=self._uploaded)
        with self.step("dispatch"):
            dispatched = await self.holder.tell(compose(Dispatch, exchange=self.exchange, round=1))
            hold(dispatched.state is ExchangeState.DISPATCHED, "the answer is dispatched")

    async def receive(self) -> None:
        number = str(ZEMGALE.password_phone)
        with self.step("password"):
            await asyncio.to_thread(self.stage.phone.wait_for_message, number)
            self.sms = self.stage.phone.inbox(number)[-1].text
            self.password = self.sms.rsplit(" ", 1)[-1]
        self.archive = self.scene / "archive.zip"
        with self.step("download") as told:
            fetched = await self.requester.download(
                self.exchange, self.archive, lambda done, total: self.teller.moved("download", 1, done, total)
            )
            told |= {"megabytes": round(fetched.bytes / MEGABYTE)}
        with self.step("opening"):
            opened = await asyncio.to_thread(open_parcel, self.archive, self.password, self.scene / "opened")
            hold(opened.archive_sha256 == fetched.sha256, "the archive is the one that was dispatched")
            await asyncio.to_thread(_same_bytes, self.documents, opened)
        with self.step("confirmation"):
            confirmation = compose(
                Confirmation,
                exchange=self.exchange,
                round=1,
                arrived=True,
                opens=True,
                complete=True,
                archive_sha256=opened.archive_sha256,
                documents=opened.checked,
            )
            confirmed = await self.requester.tell(confirmation)
            hold(confirmed.state is ExchangeState.CONFIRMED, "the exchange is confirmed")

    async def prove(self) -> None:
        with self.step("evidence"):
            keys = await self.holder.jwks()
            told = verify_receipt((await self.holder.receipt(self.exchange)).receipt, keys)
            hold(told["exchange"] == str(self.exchange), "the receipt is this exchange's")
            for statement in await self.holder.statements(self.exchange):
                verify_statement(statement, keys)
            self.view = await self.requester.exchange(self.exchange)
            self.heads = await self._chains()

    async def _chains(self) -> dict[str, dict[str, Any]]:
        told = await asyncio.to_thread(self.stage.operate, "evidence", "verify", "--json")
        chains = {chain["tenant"]: chain for chain in map(json.loads, told.splitlines())}
        both = {"requester": chains[str(self.new.centre)], "holder": chains[str(self.previous.centre)]}
        hold(all(chain["holds"] for chain in both.values()), "both chains hold")
        return {side: chain["last"] for side, chain in both.items()}

    def _uploaded(self, number: int, done: int, total: int) -> None:
        self.teller.moved("upload", number, done, total)

    def report(self) -> dict[str, Any]:
        """What a script wants to know of the story."""
        return {
            "request": str(self.exchange),
            "state": self.view.state.value,
            **_terms(self.view.term),
            "archive": {
                "file": "archive.zip",
                "sha256": self.view.answer.archive_sha256 if self.view.answer else None,
                "bytes": self.archive.stat().st_size,
            },
            "documents": _listed(self.manifest, self.documents),
            "steps": [{"step": step, "seconds": seconds} for step, seconds in self.times.items()],
            "evidence": self.heads,
            "move": str(self.move),
            "child_move": str(self.child_move),
            "registration": str(self.registration),
            "finished_at": clock.iso(clock.now()),
        }

    def keep(self, place: Path) -> None:
        """Leave what each had: the archive, the password, the originals; and the report, last."""
        place.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.archive, place / "archive.zip")
        (place / "password.txt").write_text(self.password, encoding="ascii")
        shutil.copytree(self.scene / "documents", place / "documents", dirs_exist_ok=True)
        report = json.dumps(self.report(), ensure_ascii=False, indent=2)
        (place / "report.json").write_text(report + "\n", encoding="utf-8")


def _entity(name: str, number: str) -> LegalEntity:
    return LegalEntity(name=name, registration_number=number)


def homes(story: Story) -> dict[str, Installation]:
    return {"requester": story.new, "holder": story.previous, "overseer": story.overseer}


def _file(document: CaseDocument) -> AnswerFile:
    return AnswerFile(
        document.path,
        document.form,
        document.subject,
        document.spouse,
        certification=certified(CERTIFICATION),
        sections=list(CaseSection) if document.form is FormType.FAMILY_CASE else (),
    )


def _same_bytes(documents: list[CaseDocument], opened: OpenedParcel) -> None:
    for number, document in enumerate(documents, start=1):
        same = document.path.read_bytes() == opened.files[number].read_bytes()
        hold(same, f"document {number} arrived bit by bit")


def _terms(term: TermView | None) -> dict[str, Any]:
    if term is None:
        return {}
    return {
        "due_on": term.due_on.isoformat(),
        "alt_due_on": term.alt_due_on.isoformat(),
        "calendar": term.calendar.value,
        "calendar_version": term.calendar_version,
        "confirmed_calendar": term.confirmed,
    }


def _listed(manifest: AnswerManifest, documents: list[CaseDocument]) -> list[dict[str, Any]]:
    return [
        {
            "no": declared.no,
            "file": f"documents/{document.path.name}",
            "form": declared.form.value,
            "sha256": declared.sha256,
            "bytes": declared.bytes,
        }
        for declared, document in zip(manifest.documents, documents, strict=True)
    ]
