"""The addresses of statements about an exchange that need nothing but being taken, as one table.

Whose it is, whether it was taken before and whether it names the exchange of its address is asked here for
all of them; what a statement means, its verb in casework decides (design.md 1, 2).
"""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from hub.exchange import published
from hub.exchange.casework import extending, misdirected, paper, supplementing
from hub.exchange.casework.statements import Case, Desk, OtherExchange, answered_before, open_case
from hub.exchange.office import Office
from hub.kernel.ids import ExchangeId
from hub.signing.statement import SignedStatement, read
from hub.web.openapi import Contract
from saikne_schemas import extensions, supplements
from saikne_schemas import paper as on_paper
from saikne_schemas.views import Accepted
from saikne_schemas.vocabulary import Scope

Http = Request[Any, Any, Any]
Verb = Callable[[Desk, Case, SignedStatement, Any], Awaitable[Accepted]]


async def take(office: Office, request: Http, identity: UUID, model: type[Any], verb: Verb) -> Accepted:
    """Any statement about an exchange: whose is it, was it taken before, is it allowed now."""
    caller, statement = await office.gatekeeper.statement(request, scope=Scope.EXCHANGE)
    manifest = read(model, statement)
    if manifest.exchange != identity:
        raise OtherExchange
    async with office.desk(caller.centre) as desk:
        case = await open_case(desk.tx, caller.centre, ExchangeId(identity))
        if earlier := await answered_before(desk.tx, caller.centre, statement, manifest.id):
            return earlier
        return await verb(desk, case, statement, manifest)


def _statement(
    path: str, operation: str, contract: Contract, model: type[Any], verb: Verb, *, says: str
) -> HTTPRouteHandler:
    """The address of a statement about an exchange that needs nothing but being taken."""

    @post(
        f"/{{identity:uuid}}/{path}",
        status_code=200,
        operation_id=operation,
        contract=contract,
        summary=says,
        name=operation,
    )
    async def say(office: NamedDependency[Office], request: Http, identity: FromPath[UUID]) -> Accepted:
        return await take(office, request, identity, model, verb)

    return say


STATEMENTS = [
    _statement(
        "supplement",
        "supplementRequest",
        published.SUPPLEMENT,
        supplements.Supplement,
        supplementing.supplement,
        says="Ask for more: children placed since, forms found missing (Supplement).",
    ),
    _statement(
        "propose-extension",
        "proposeExtension",
        published.PROPOSE_EXTENSION,
        extensions.ProposeExtension,
        extending.propose,
        says="Propose a later day for the answer (ProposeExtension).",
    ),
    _statement(
        "accept-extension",
        "acceptExtension",
        published.ACCEPT_EXTENSION,
        extensions.AcceptExtension,
        extending.accept,
        says="Agree to the proposed day; the first date is kept beside it (AcceptExtension).",
    ),
    _statement(
        "decline-extension",
        "declineExtension",
        published.DECLINE_EXTENSION,
        extensions.DeclineExtension,
        extending.decline,
        says="Decline the proposed day; the due date stays (DeclineExtension).",
    ),
    _statement(
        "paper-answer",
        "answerOnPaper",
        published.ANSWER_ON_PAPER,
        on_paper.PaperAnswer,
        paper.answer_on_paper,
        says="Declare an answer on paper; nothing is sent to the hub (PaperAnswer).",
    ),
    _statement(
        "handed-over",
        "handOverInPerson",
        published.HAND_OVER_IN_PERSON,
        on_paper.HandedOver,
        paper.hand_over,
        says="Say to whom the papers were handed over against signature (HandedOver).",
    ),
    _statement(
        "posted",
        "postAnswer",
        published.POST,
        on_paper.Posted,
        paper.post,
        says="Say by which registered item the papers were posted (Posted).",
    ),
    _statement(
        "post-outcome",
        "tellPostOutcome",
        published.TELL_POST_OUTCOME,
        on_paper.PostOutcome,
        paper.tell_outcome,
        says="Say how the registered item ended (PostOutcome).",
    ),
    _statement(
        "paper-receipt",
        "confirmPaper",
        published.CONFIRM_PAPER,
        on_paper.PaperReceipt,
        paper.confirm,
        says="Confirm paper in three parts: arrived, readable, complete (PaperReceipt).",
    ),
    _statement(
        "wrong-recipient",
        "tellWrongRecipient",
        published.TELL_WRONG_RECIPIENT,
        on_paper.WrongRecipient,
        misdirected.freeze,
        says="Say that the copies came to a wrong recipient; everything stops (WrongRecipient).",
    ),
    _statement(
        "resolve",
        "resolveWrongRecipient",
        published.RESOLVE,
        on_paper.Resolve,
        misdirected.resolve,
        says="Say what became of misdirected copies; the answer is open again (Resolve).",
    ),
]
