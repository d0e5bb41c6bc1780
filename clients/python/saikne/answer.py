"""How an answer is made and brought to the hub: hashed, declared, sent side by side, resumed, dispatched.

An answer that was interrupted is the same answer: the hub says which documents it has sealed, and only the
others are sent. Source: method S47-S55 (forms), S78; design.md 5.
"""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from saikne.blocks import DocumentProgress, Progress, sha256_of, silent
from saikne.hub import Hub
from saikne.media_types import media_type_of
from saikne.problems import LocalRefusal
from saikne.statements import compose
from saikne_schemas.inscription import inscription
from saikne_schemas.manifests import AnswerManifest, Certification, DeclaredDocument, Receipt
from saikne_schemas.proofs import ProofRef
from saikne_schemas.views import AnswerView, ExchangeView
from saikne_schemas.vocabulary import (
    CaseSection,
    DepartureReason,
    Derivative,
    ExchangeState,
    FormType,
    Original,
)

AT_ONCE = 3
"""Documents sent side by side; more gains little and makes others wait."""

_TO_BE_DECLARED = (ExchangeState.REQUESTED, ExchangeState.DISPUTED, ExchangeState.LAPSED)


class AnswerDiffers(LocalRefusal):
    """The hub holds another answer in preparation: it must be discarded before this one is declared."""

    code = "answer.differs-from-declared"


class NothingToAnswer(LocalRefusal):
    """The exchange is not waiting for an answer."""

    code = "answer.not-awaited"


@dataclass(frozen=True)
class AnswerFile:
    """One document of an answer as it lies on the holder's disk."""

    path: Path
    form: FormType
    subject: str
    spouse: int | None = None
    original: Original = Original.PAPER
    derivative: Derivative = Derivative.COPY
    certification: Certification | None = None
    sections: Sequence[CaseSection] = ()


@dataclass(frozen=True)
class Departing:
    """An archive where copies on paper were wished."""

    way: Receipt
    because: DepartureReason


async def prepare_answer(
    exchange: UUID,
    files: Sequence[AnswerFile],
    *,
    spouses: int | None = None,
    children: Sequence[str] = (),
    certification: Certification | None = None,
    certified_by: ProofRef | None = None,
    departing: Departing | None = None,
    accounted: bool = False,
    identity: UUID | None = None,
    progress: Progress = silent,
) -> AnswerManifest:
    """Hash the files and declare them in their order; nothing is sent yet.

    `certification`: one for the whole set of copies, each of which then carries none. `certified_by`: the
    same as a signed file, sent as a proof before. `accounted`: what the family's case has to hold and no
    document does counts as missing.
    """
    read = _Reading([file.path for file in files], progress)
    documents = [
        await asyncio.to_thread(_declared, number, file, read) for number, file in enumerate(files, start=1)
    ]
    return compose(
        AnswerManifest,
        id=identity or uuid4(),
        exchange=exchange,
        spouses=spouses,
        children=list(children),
        certification=certification,
        certified_by=certified_by,
        documents=documents,
        way=departing.way if departing else None,
        departure=departing.because if departing else None,
        accounted=True if accounted else None,
    )


async def send_answer(
    hub: Hub,
    manifest: AnswerManifest,
    paths: Mapping[int, Path],
    *,
    at_once: int = AT_ONCE,
    progress: DocumentProgress | None = None,
) -> ExchangeView:
    """Declare the answer unless it is declared, send what is still awaited, and return where it stands.

    Doing it again after an interruption continues; doing it again when all is sealed does nothing.
    """
    view = await hub.exchange(manifest.exchange)
    if view.state in _TO_BE_DECLARED:
        await hub.tell(manifest)
        view = await hub.exchange(manifest.exchange)
    if view.state in _TO_BE_DECLARED:  # declared once, and taken back since: this is another statement
        manifest = manifest.model_copy(update={"id": uuid4()})
        await hub.tell(manifest)
        view = await hub.exchange(manifest.exchange)
    answer = view.answer
    if answer is None or view.state is not ExchangeState.PREPARING:
        raise NothingToAnswer(state=view.state.value, exchange=str(view.id))
    if not is_declared(answer, manifest):
        raise AnswerDiffers(exchange=str(manifest.exchange), round=answer.round)
    places = asyncio.Semaphore(at_once)
    await _Sending(hub, manifest, paths, progress or _unwatched, places).all_awaited(answer)
    return await hub.exchange(manifest.exchange)


def certification_preview(manifest: AnswerManifest) -> str:
    """The inscription exactly as it will lie in the archive (`apliecinajums.txt`), to be read before."""
    return inscription(manifest).decode()


def is_declared(answer: AnswerView, manifest: AnswerManifest) -> bool:
    """Whether the hub's answer in preparation is this one, document by document."""
    return [(d.no, d.form, d.subject, d.spouse, d.bytes, d.sha256) for d in answer.documents] == [
        (d.no, d.form, d.subject, d.spouse, d.bytes, d.sha256) for d in manifest.documents
    ]


class _Reading:
    """How much of all the files is read."""

    def __init__(self, paths: Sequence[Path], progress: Progress) -> None:
        self._total = sum(path.stat().st_size for path in paths if path.is_file())
        self._before = 0
        self._progress = progress

    def __call__(self, done: int, total: int) -> None:
        self._progress(self._before + done, self._total)
        if done == total:
            self._before += total


def _declared(number: int, file: AnswerFile, read: _Reading) -> DeclaredDocument:
    media_type = media_type_of(file.path)
    digest, size = sha256_of(file.path, read)
    return DeclaredDocument(
        no=number,
        form=file.form,
        subject=file.subject,
        spouse=file.spouse,
        sections=list(file.sections),
        media_type=media_type,
        bytes=size,
        sha256=digest.hex(),
        original=file.original,
        derivative=file.derivative,
        certification=file.certification,
    )


@dataclass(frozen=True)
class _Sending:
    """One round's documents on their way, a few side by side."""

    hub: Hub
    manifest: AnswerManifest
    paths: Mapping[int, Path]
    progress: DocumentProgress
    places: asyncio.Semaphore

    async def all_awaited(self, answer: AnswerView) -> None:
        sealed = {document.no for document in answer.documents if document.sealed_at is not None}
        for document in self.manifest.documents:
            if document.no in sealed:
                self.progress(document.no, document.bytes, document.bytes)
        awaited = [document for document in self.manifest.documents if document.no not in sealed]
        await _all_or_first_failure([self._one(answer.round, document) for document in awaited])

    async def _one(self, round_number: int, document: DeclaredDocument) -> None:
        async with self.places:
            await self.hub.send_document(
                self.manifest.exchange,
                round_number,
                document,
                self.paths[document.no],
                lambda done, total: self.progress(document.no, done, total),
            )


async def _all_or_first_failure(works: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Run side by side; after a failure stop the others, wait until they have stopped, and raise it."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _unwatched(_number: int, _done: int, _total: int) -> None:
    """Progress that nobody watches."""
