"""Copies on paper, and copies gone astray: what each centre says of them (method S58, S88, S89).

Papers are described as in `answer`, with their number of pages in place of a file:
`FORM[:SPOUSE]:SUBJECT=PAGES`.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from saikne.command.answering import (
    SpousesNotGiven,
    for_side,
    round_of,
)
from saikne.command.asking import Exchange
from saikne.command.certifying import (
    DerivativeIs,
    Officer,
    On,
    Organisation,
    OriginalIs,
    Position,
    WholeCase,
    certifier_of,
)
from saikne.command.connection import connected, proofs_of, said_once
from saikne.command.correcting import tell_remedies
from saikne.command.given import PERSON, NeededProof, ProofFiles, certification_by, papers_from, person
from saikne.command.hearing import tell_done
from saikne.command.manners import verb
from saikne.command.missing import Because, EachBecause, check_reasons, tell_missing, why_missing
from saikne.command.owed import stands, tell_owed
from saikne.command.placed import placed
from saikne.command.speaking_for import command_of, its_day
from saikne.command.speech import Console, about, say, spoken, word
from saikne.problems import LocalRefusal
from saikne.statements import compose
from saikne_schemas.correction_words import ItemCorrected
from saikne_schemas.latvian_values import shown
from saikne_schemas.vocabulary import (
    Authority,
    DeliveryChannel,
    DepartureReason,
    Derivative,
    Original,
    PostalOutcome,
    ResolveReason,
    SideRole,
)

if TYPE_CHECKING:
    from saikne.hub import Hub
    from saikne_schemas.views import Accepted, ExchangeView, PaperView


class NoPapersGiven(LocalRefusal):
    code = "paper.no-documents-given"
    lacks = "documents"


class NotOnPaper(LocalRefusal):
    """The answer is an archive, or there is none yet."""

    code = "paper.not-on-paper"
    not_now = True


@verb
async def answer_on_paper(
    console: Console,
    exchange: Exchange,
    documents: Annotated[list[str] | None, typer.Argument(metavar="FORM[:SPOUSE]:SUBJECT=PAGES...")] = None,
    *,
    way: Annotated[DeliveryChannel | None, typer.Option("--way")] = None,
    departure: Annotated[DepartureReason | None, typer.Option("--departure")] = None,
    spouses: Annotated[int | None, typer.Option("--spouses", min=1, max=2)] = None,
    child: Annotated[list[str] | None, typer.Option("--child")] = None,
    officer: Officer = None,
    position: Position = None,
    organisation: Organisation = None,
    on: On = None,
    original: OriginalIs = Original.PAPER,
    derivative: DerivativeIs = Derivative.COPY,
    whole_case: WholeCase = False,
) -> None:
    """Declare copies on paper, certified as one set."""
    from saikne_schemas.paper import PaperAnswer

    given = papers_from(documents or [], original, derivative, whole_case=whole_case)
    if not given:
        raise NoPapersGiven
    certifier = certifier_of(officer, position, organisation, on, whole_set=True)
    async with connected() as hub:
        view = await hub.exchange(exchange)
        for_side(view, SideRole.HOLDER)
        if view.kind.value == "family_case" and spouses is None:
            raise SpousesNotGiven
        statement = compose(
            PaperAnswer,
            exchange=exchange,
            way=way or view.receipt.channel,
            departure=departure,
            spouses=spouses,
            children=placed(view, given, child or []),
            certification=certification_by(certifier, derivative),
            accounted=True if view.kind.value == "family_case" else None,
            documents=given,
        )
        await said_once(hub.tell, statement)
        view = await hub.exchange(exchange)
    taken = statement.way.value
    console.tell("paper.declared", documents=len(given), way=word("way", taken))
    if tell_missing(console, view.answer):
        console.tell("status.missing.next", act=command_of("discard", exchange))
    tell_owed(console, view.duties, stands(view))
    tell_remedies(console, view, "answer-on-paper")
    console.document(view)


@verb
async def handed_over(
    console: Console,
    exchange: Exchange,
    *,
    to: Annotated[str, typer.Option("--to", metavar=PERSON)],
    proof: NeededProof,
    authority: Annotated[Authority, typer.Option("--authority")] = Authority.LISTED_REPRESENTATIVE,
    authority_reference: Annotated[str | None, typer.Option("--authority-reference")] = None,
    on: On = None,
    incomplete_because: Because = None,
    missing: EachBecause = None,
) -> None:
    """Say to whom the papers were handed over against signature."""
    from saikne_schemas.paper import HandedOver

    async with connected() as hub:
        view = await _on_paper(hub, exchange, SideRole.HOLDER)
        why = why_missing(view, incomplete_because, missing or [])
        check_reasons(view, why)
        statement = compose(
            HandedOver,
            exchange=exchange,
            round=round_of(view),
            to=person(to),
            authority=authority,
            authority_reference=authority_reference,
            handed_over_on=on or its_day(),
            **why,
            proofs=await proofs_of(hub, proof),
        )
        await said_once(hub.tell, statement)
        view = await hub.exchange(exchange)
    console.tell("paper.handed-over", to=statement.to.name, on=statement.handed_over_on)
    _tell_due(console, view, "paper.met")
    tell_owed(console, view.duties, stands(view))
    tell_remedies(console, view, "handed-over")
    console.document(view)


@verb
async def posted(
    console: Console,
    exchange: Exchange,
    *,
    item: Annotated[str, typer.Option("--item")],
    proof: NeededProof,
    on: On = None,
    incomplete_because: Because = None,
    missing: EachBecause = None,
) -> None:
    """Say by which registered item the papers were posted."""
    from saikne_schemas.paper import Posted

    async with connected() as hub:
        view = await _on_paper(hub, exchange, SideRole.HOLDER)
        why = why_missing(view, incomplete_because, missing or [])
        check_reasons(view, why)
        statement = compose(
            Posted,
            exchange=exchange,
            round=round_of(view),
            item_number=item,
            posted_on=on or its_day(),
            **why,
            proofs=await proofs_of(hub, proof),
        )
        await said_once(hub.tell, statement)
        view = await hub.exchange(exchange)
    console.tell("paper.posted", item=item, on=statement.posted_on)
    _tell_due(console, view, "paper.met")
    _tell_unusual(console, view)
    tell_remedies(console, view, "posted")
    tell_owed(console, view.duties, stands(view))
    console.document(view)


@verb
async def correct_item(
    console: Console,
    exchange: Exchange,
    *,
    item: Annotated[str, typer.Option("--item")],
    reason: Annotated[ItemCorrected, typer.Option("--reason")],
) -> None:
    """Say which number the registered item has in fact."""
    from saikne_schemas.paper import CorrectItem

    async with connected() as hub:
        view = await _on_paper(hub, exchange, SideRole.HOLDER)
        statement = compose(
            CorrectItem, exchange=exchange, round=round_of(view), item_number=item, reason=reason
        )
        accepted = await said_once(hub.tell, statement)
        after = await hub.exchange(exchange)
        before = view.answer.paper.item_number if view.answer and view.answer.paper else None
        facts = {"item": item, "before": before, "reason": shown(reason, spoken())}
        await tell_done(console, hub, after, "paper.item-corrected", **facts)
    _tell_unusual(console, after)
    tell_remedies(console, after, "correct-item")
    console.document(accepted)


@verb
async def post_outcome(
    console: Console,
    exchange: Exchange,
    *,
    outcome: Annotated[PostalOutcome, typer.Option("--outcome")],
    on: On = None,
    proof: ProofFiles = None,
) -> None:
    """Say how the registered item ended."""
    from saikne_schemas.paper import PostOutcome

    async with connected() as hub:
        view = await _on_paper(hub, exchange, SideRole.HOLDER)
        statement = compose(
            PostOutcome,
            exchange=exchange,
            round=round_of(view),
            outcome=outcome,
            on=on or its_day(),
            proofs=await proofs_of(hub, proof or []),
        )
        accepted = await said_once(hub.tell, statement)
        view = await hub.exchange(exchange)
    noted = word("outcome", outcome.value)
    console.tell("paper.outcome-noted", outcome=noted, on=statement.on, other=view.requester_name)
    if outcome is not PostalOutcome.DELIVERED:
        console.tell("paper.came-back")
        _tell_due(console, view, "paper.due-still")
    tell_owed(console, view.duties, stands(view))
    tell_remedies(console, view, "post-outcome")
    console.document(accepted)


@verb
async def wrong_recipient(console: Console, exchange: Exchange) -> None:
    """Say that the copies came to a wrong recipient; everything stops."""
    from saikne_schemas.paper import WrongRecipient

    async with connected() as hub:
        view = await hub.exchange(exchange)
        statement = compose(WrongRecipient, exchange=exchange, round=round_of(view))
        accepted = await said_once(hub.tell, statement)
        view = await hub.exchange(exchange)
        await tell_done(console, hub, view, "wrong-recipient.done", holder=view.holder_name)
    tell_owed(console, view.duties, stands(view))
    console.document(accepted)


@verb
async def resolve(
    console: Console,
    exchange: Exchange,
    *,
    reason: Annotated[ResolveReason, typer.Option("--reason")],
) -> None:
    """Say what became of misdirected copies; the answer is open again."""
    from saikne_schemas.paper import Resolve

    async with connected() as hub:
        view = await hub.exchange(exchange)
        for_side(view, SideRole.HOLDER)
        statement = compose(Resolve, exchange=exchange, round=round_of(view), reason=reason)
        accepted = await said_once(hub.tell, statement)
        view = await hub.exchange(exchange)
        await tell_done(console, hub, view, "paper.came-back")
    _tell_due(console, view, "paper.due-still")
    tell_owed(console, view.duties, stands(view))
    console.document(accepted)


async def confirmed(console: Console, hub: "Hub", view: "ExchangeView") -> "Accepted":
    """The three-part receipt for papers in one's hands."""
    from saikne_schemas.paper import PaperReceipt

    statement = compose(
        PaperReceipt, exchange=view.id, round=round_of(view), arrived=True, readable=True, complete=True
    )
    accepted = await said_once(hub.tell, statement)
    papers = view.answer.paper.documents if view.answer and view.answer.paper else []
    tell_confirmed(console, view, "confirm.paper", len(papers))
    return accepted


def tell_confirmed(console: Console, view: "ExchangeView", whole: str, documents: int) -> None:
    """That copies have come; `whole` where nothing is missing, else what is and how it is asked for."""
    if view.answer is None or not view.answer.missing:
        console.tell(whole, documents=documents)
        return
    console.tell("confirm.incomplete", documents=documents)
    tell_missing(console, view.answer)
    if view.role is SideRole.REQUESTER:
        console.tell("confirm.incomplete.next", exchange=view.id)


def tell_paper(console: Console, view: "ExchangeView") -> None:
    """Which way the answer goes; on paper to whom or by which item, and how it ended."""
    answer = view.answer
    if answer is not None and answer.way is not None and answer.way is not view.receipt.channel:
        wish, taken = word("way", view.receipt.channel.value), word("way", answer.way.value)
        console.tell("status.way", wish=wish, way=taken)
    if answer is not None and answer.departure is not None:
        console.tell("status.departure", reason=word("departure", answer.departure.value))
    if answer is not None and answer.paper is not None:
        _tell_papers(console, answer.paper)


def _tell_papers(console: Console, paper: "PaperView") -> None:
    console.table(
        [
            [
                f"  {one.no}.",
                word("form", one.form.value),
                about(one.subject, one.spouse),
                say("status.pages", pages=one.pages),
            ]
            for one in paper.documents
        ]
    )
    if paper.handed_over_to is not None and paper.authority is not None:
        to, right = paper.handed_over_to, word("authority", paper.authority.value)
        console.tell(
            "status.handed-over", on=paper.sent_on, name=to.name, position=to.position, authority=right
        )
    if paper.item_number is not None:
        console.tell("status.posted", on=paper.sent_on, item=paper.item_number)
        for one in paper.items_corrected:
            console.tell("status.item-corrected", on=one.corrected_on, before=one.before)
        if not paper.item_number_checked:
            console.tell("paper.item-unusual", item=paper.item_number)
    if paper.outcome is not None:
        outcome = word("outcome", paper.outcome.value)
        console.tell("status.outcome", outcome=outcome, on=paper.outcome_on)


async def _on_paper(hub: "Hub", exchange: Exchange, side: SideRole) -> "ExchangeView":
    view = await hub.exchange(exchange)
    for_side(view, side)
    if view.answer is None or view.answer.paper is None:
        raise NotOnPaper(exchange=str(exchange))
    return view


def _tell_unusual(console: Console, view: "ExchangeView") -> None:
    """A number that no post writes so; what puts it right is said beside."""
    paper = view.answer.paper if view.answer else None
    if paper is not None and paper.item_number is not None and not paper.item_number_checked:
        console.tell("paper.item-unusual", item=paper.item_number)


def _tell_due(console: Console, view: "ExchangeView", identifier: str) -> None:
    """About the term, where there is one."""
    if view.term is not None:
        console.line(say(identifier, due=view.term.due_on))
