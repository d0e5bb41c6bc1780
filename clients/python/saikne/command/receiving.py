"""What the new centre does with an archive: fetch it, open it, confirm it or say what is wrong.

Opening works without the hub. Confirming compares what was computed here, at opening, with what the hub says
the holder signed; only then is the three-part receipt given. Source: method S59, S60, S134.
"""

import asyncio
import base64
import hashlib
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saikne.blocks import sha256_of
from saikne.command.answering import for_side, round_of
from saikne.command.asking import Exchange
from saikne.command.connection import connected, journal, said_once
from saikne.command.hearing import tell_done
from saikne.command.manners import verb
from saikne.command.owed import stands, tell_owed
from saikne.command.paper import confirmed, tell_confirmed
from saikne.command.speaking_for import spoken_for
from saikne.command.speech import Console, about, say, size, word
from saikne.home import home_directory
from saikne.passwords import WrongPassword, password_of
from saikne.problems import LocalRefusal
from saikne.statements import compose
from saikne_schemas.brought import brought, opened, piped
from saikne_schemas.vocabulary import DisputeReason, ExchangeState, SideRole

if TYPE_CHECKING:
    from saikne.hub import Hub
    from saikne.journal import OpenedRecord
    from saikne.parcel import OpenedParcel
    from saikne_schemas.manifests import CheckedDocument
    from saikne_schemas.views import ExchangeView


class NotOpenedYet(LocalRefusal):
    """Nobody confirms what was not opened."""

    code = "confirm.not-opened"


class EarlierOpened(LocalRefusal):
    """What was opened here is an earlier sending: what was sent last is confirmed."""

    code = "confirm.earlier-opened"


class OtherArchive(LocalRefusal):
    """The archive at hand is not the one the hub dispatched last."""

    code = "confirm.other-archive"


class OtherStatement(LocalRefusal):
    """The archive's manifest is not the one the holder signed before the hub."""

    code = "confirm.other-statement"


class NothingSent(LocalRefusal):
    """No archive has gone out that an outside centre could have got."""

    code = "confirm.nothing-sent"


class PaperTakesNoArchive(LocalRefusal):
    """An archive is given for an answer on paper."""

    code = "confirm.paper-takes-no-archive"


@verb
async def download(
    console: Console,
    exchange: Exchange,
    *,
    out: Annotated[Path | None, typer.Option("--out")] = None,
) -> None:
    """Fetch the archive; goes on where it stopped."""
    async with connected() as hub:
        view = await hub.exchange(exchange)
        target = out or _archive_name(view)
        with console.transfer() as moved:
            got = await hub.download(exchange, target, lambda done, total: moved(target.name, done, total))
    journal().fetched(exchange, got.sha256)
    console.tell("download.done", path=got.path, size=size(got.bytes))
    lapsed = view.state is ExchangeState.LAPSED
    console.tell("download.next.lapsed" if lapsed else "download.next", path=got.path, exchange=exchange)
    console.document({"path": got.path, "bytes": got.bytes, "sha256": got.sha256, "round": got.round})


@verb
async def open_archive(
    console: Console,
    archive: Annotated[Path, typer.Argument(metavar="ARCHIVE")],
    *,
    to: Annotated[Path, typer.Option("--to", metavar="DIR")],
    password_file: Annotated[Path | None, typer.Option("--password-file", allow_dash=True)] = None,
) -> None:
    """Open the archive and check every document."""
    from saikne.command.sendings import sent_since
    from saikne.journal import Journal
    from saikne.parcel import open_parcel

    opened(archive).close()  # a wrong path is told before a password is asked for
    password = password_of(_password(password_file))
    with _telling_of_which(archive), console.transfer() as moved:
        parcel = await asyncio.to_thread(
            open_parcel, archive, password, to, progress=lambda done, total: moved(to.name, done, total)
        )
    book = Journal(home_directory())
    book.opened(parcel)
    _tell_opened(console, parcel, newest=not await sent_since(book, parcel))


@contextmanager
def _telling_of_which(archive: Path) -> Iterator[None]:
    """A wrong password is told with the exchange that the archive's name holds, or that it was fetched of."""
    try:
        yield
    except WrongPassword as wrong:
        named = _NAMED.search(archive.name)
        exchange = named[1] if named else journal().fetched_as(sha256_of(archive)[0].hex())
        raise WrongPassword(hint=wrong.hint, exchange=exchange) from wrong


@verb
async def confirm(
    console: Console,
    exchange: Exchange,
    archive: Annotated[Path | None, typer.Argument(metavar="ARCHIVE")] = None,
) -> None:
    """Give the three-part receipt: it arrived, it opens, it is complete."""
    from saikne_schemas.manifests import Confirmation

    async with connected() as hub:
        view = await hub.exchange(exchange)
        for_side(view, SideRole.REQUESTER)
        if view.answer is not None and view.answer.paper is not None:
            if archive is not None:
                raise PaperTakesNoArchive
            console.document(await confirmed(console, hub, view))
            return
        if spoken_for() is None:
            opened = _opened(view, archive)
            await _signed_by_holder(hub, view, opened)
            sha256, documents = opened.archive_sha256, opened.documents
        else:
            sha256, documents = as_sent(view)
        statement = compose(
            Confirmation,
            exchange=exchange,
            round=round_of(view),
            arrived=True,
            opens=True,
            complete=True,
            archive_sha256=sha256,
            documents=documents,
        )
        accepted = await said_once(hub.tell, statement)
    tell_confirmed(console, view, "confirm.done", len(documents))
    console.tell("confirm.next", exchange=exchange)
    console.document(accepted)


def as_sent(view: "ExchangeView") -> "tuple[str, list[CheckedDocument]]":
    """What a centre outside of the hub says it has got whole: the archive as it went out."""
    from saikne_schemas.manifests import CheckedDocument

    if view.answer is None or view.answer.archive_sha256 is None:
        raise NothingSent(exchange=str(view.id))
    sent = view.answer.documents
    return view.answer.archive_sha256, [
        CheckedDocument(no=one.no, sha256=one.sha256, bytes=one.bytes) for one in sent
    ]


@verb
async def dispute(
    console: Console,
    exchange: Exchange,
    *,
    reason: Annotated[DisputeReason, typer.Option("--reason")],
    document: Annotated[list[int] | None, typer.Option("--document")] = None,
) -> None:
    """Say what is wrong; the answer is open again."""
    from saikne_schemas.manifests import Dispute

    async with connected() as hub:
        view = await hub.exchange(exchange)
        number = round_of(view)
        statement = compose(Dispute, exchange=exchange, round=number, reason=reason, documents=document or [])
        accepted = await said_once(hub.tell, statement)
        await tell_done(console, hub, view, "dispute.done")
        view = await hub.exchange(exchange)
    tell_owed(console, view.duties, stands(view))
    console.document(accepted)


@verb
async def hand_over_again(console: Console, exchange: Exchange) -> None:
    """Ask for the password once more."""
    from saikne_schemas.manifests import HandOverAgain

    async with connected() as hub:
        number = round_of(await hub.exchange(exchange))
        accepted = await said_once(hub.tell, compose(HandOverAgain, exchange=exchange, round=number))
        answer = (await hub.exchange(exchange)).answer
    console.tell("statement.taken", state=word("state", accepted.state.value))
    if answer is not None and (sent := answer.password) is not None:
        console.tell("password.again", channel=word("channel", sent.channel), address=sent.address)
    console.document(accepted)


@verb
async def prolong(console: Console, exchange: Exchange) -> None:
    """Let the password live three working days longer."""
    from saikne_schemas.manifests import Prolong

    async with connected() as hub:
        number = round_of(await hub.exchange(exchange))
        accepted = await said_once(hub.tell, compose(Prolong, exchange=exchange, round=number))
        answer = (await hub.exchange(exchange)).answer
    if answer is not None and answer.password is not None:
        console.tell("prolong.done", until=answer.password.last_day)
    console.document(accepted)


_NAMED = re.compile(r"\b([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b")
"""How `download` calls an archive."""


def _archive_name(view: "ExchangeView") -> Path:
    """Of its own for each round: an answer given anew does not lie in the way of the first."""
    number = round_of(view)
    return Path(f"saikne-{view.id}.zip" if number == 1 else f"saikne-{view.id}-{number}.zip")


def _password(file: Path | None) -> str:
    """From a file, from standard input, or typed without echo; never from the command line."""
    if file is None and sys.stdin.isatty():
        from getpass import getpass

        return getpass(say("open.password"), stream=sys.stderr)
    return (piped() if file is None or str(file) == "-" else brought(file, 1024)).text()


def _tell_opened(console: Console, opened: "OpenedParcel", *, newest: bool) -> None:
    manifest = opened.manifest
    console.tell("open.done", directory=opened.directory, documents=len(opened.checked))
    rows = [
        [word("form", one.form.value), about(one.subject, one.spouse), size(one.bytes)]
        for one in manifest.documents
    ]
    names = [opened.files[one.no].name for one in manifest.documents]
    console.table([[name, *row] for name, row in zip(names, rows, strict=True)])
    console.tell("open.key", key=opened.key_id)
    console.tell("open.next" if newest else "open.earlier", exchange=manifest.exchange)
    console.document(
        {
            "exchange": manifest.exchange,
            "directory": opened.directory,
            "archive_sha256": opened.archive_sha256,
            "manifest_sha256": opened.manifest_sha256,
            "key_id": opened.key_id,
            "sent_last": newest,
            "documents": [
                one.model_dump(mode="json") | {"file": opened.files[one.no]} for one in manifest.documents
            ],
        }
    )


def _opened(view: "ExchangeView", archive: Path | None) -> "OpenedRecord":
    """What `open` computed from the archive that the hub says it dispatched last."""
    dispatched = view.answer.archive_sha256 if view.answer else None
    if archive is not None and sha256_of(archive)[0].hex() != dispatched:
        raise OtherArchive(path=str(archive), exchange=str(view.id))
    opened = journal().what_was_opened(dispatched) if dispatched else None
    if opened is None or opened.exchange != view.id:
        if journal().opened_another(view.id):
            raise EarlierOpened(exchange=str(view.id))
        raise NotOpenedYet(exchange=str(view.id))
    return opened


async def _signed_by_holder(hub: "Hub", view: "ExchangeView", opened: "OpenedRecord") -> None:
    from saikne.receipts import verify_statement
    from saikne.signatures import thumbprint

    jwks = await hub.jwks()
    for statement in await hub.statements(view.id):
        same = hashlib.sha256(base64.b64decode(statement.manifest)).hexdigest() == opened.manifest_sha256
        if same and statement.author == view.holder and thumbprint(statement.public_key) == opened.key_id:
            verify_statement(statement, jwks)
            return
    raise OtherStatement(exchange=str(view.id))
