"""The new centre asks, or the previous one offers unasked: what is looked up for it, and what it begins.

A request begins the holder's term (method S57). What is offered about a child before it moves is the same
exchange, opened by its holder: no term of the method runs, and the hub reminds it of its own word (method
S106; domain 1.2).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from hub.agreements.agreement import password_by_mail, require_enough
from hub.agreements.casework import HAS_AGREEMENTS, papers_between
from hub.centres import store as centres
from hub.centres.centre import CentreRole
from hub.centres.store import Reachable
from hub.duties.duty import Basis, DutyKind
from hub.evidence.event import Fact
from hub.exchange import copy_request, owed, quotas, ways
from hub.exchange import offer as offers
from hub.exchange.casework.case import Desk
from hub.exchange.record import Record
from hub.kernel.ids import CentreId
from hub.kernel.refusal import TooMuch
from hub.matters.workflow import Moment, Outcome, Owed
from hub.passwords.channels import route
from hub.proofs import casework as proofs
from hub.proofs import sufficing
from hub.web.limits import NOT_SOON
from hub.workdays.calendars import Policy
from saikne_schemas.agreements import Agreement
from saikne_schemas.beside import DespiteView
from saikne_schemas.manifests import Receipt, RequestForCopies
from saikne_schemas.offers import Offer
from saikne_schemas.signed_files import Verdict
from saikne_schemas.vocabulary import PAPER_WAYS, ExchangeKind, Purpose, RequestSignatures


class TooManyOpen(TooMuch):
    """One centre may not bury another one under its requests."""

    code = "exchange.too-many-open"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the two centres when one of them begins an exchange."""

    author: Reachable
    other: Reachable | None
    open_now: int
    """How many of the author's wait upon the other."""
    at_most: int
    signatures: RequestSignatures = RequestSignatures.PLAIN
    files: Mapping[UUID, Verdict] = field(default_factory=dict)
    """What the hub found in those that came with it and may be signed."""
    papers: Sequence[Agreement] = ()
    """What the two ever agreed in writing; asked only where something depends on it: a plain signature has to
    suffice, or a password is to come by mail as its archive does."""

    @property
    def other_takes_part(self) -> bool:
        return (
            self.other is not None
            and self.other.centre.takes_part
            and self.other.centre.role is CentreRole.CENTRE
        )

    def check_open(self) -> None:
        if self.open_now >= self.at_most:
            raise TooManyOpen(NOT_SOON, open=self.open_now)


async def know_for_request(desk: Desk, author: CentreId, request: RequestForCopies) -> Known:
    """In one query, where there are neither proofs nor agreements."""
    holder, at_most = CentreId(request.holder), desk.limits.open_requests
    beside = f"ARRAY[({HAS_AGREEMENTS})::int, {quotas.open_upon(at_most)}]"
    known = await centres.find_reachable(desk.tx, [author, holder], also=beside)
    has_agreements, open_now = known[author].also
    owner, named = author, request.proofs
    if (word := request.for_outside) is not None:  # it came signed, on paper or as a file: that is kept
        owner, named = holder, word.proofs
    files = await proofs.verdicts(desk.tx, owner, named)
    signatures = sufficing.relied_on(files.values())
    plain = signatures is RequestSignatures.PLAIN
    asked_papers = has_agreements and (plain or request.receipt.by_mail_twice)
    return Known(
        author=known[author],
        other=known.get(holder),
        open_now=open_now,
        at_most=at_most,
        signatures=signatures,
        files=files,
        papers=await papers_between(desk.tx, author, holder) if asked_papers else (),
    )


async def know_for_offer(desk: Desk, author: CentreId, offer: Offer) -> Known:
    receiver, at_most = CentreId(offer.receiver), desk.limits.open_requests
    known = await centres.find_reachable(desk.tx, [author, receiver], also=quotas.offered_to(at_most))
    return Known(
        author=known[author],
        other=known.get(receiver),
        open_now=known[author].also,
        at_most=at_most,
        papers=await papers_between(desk.tx, author, receiver) if offer.receipt.by_mail_twice else (),
    )


def ask(request: RequestForCopies, moment: Moment, known: Known) -> Outcome[Record]:
    copy_request.check(request, caller=moment.author, holder_is_active_centre=known.other_takes_part)
    assert known.other is not None  # noqa: S101  # it takes part
    known.check_open()
    qualified = known.signatures is not RequestSignatures.PLAIN
    require_enough(known.papers, moment.today, qualified=qualified, files=known.files.values())
    ways.check_collects(request.receipt.channel, outside=known.author.centre.outside)
    ways.check_sends(request.receipt.channel, outside=known.other.centre.outside)
    on_paper = request.receipt.channel in PAPER_WAYS
    by_mail = password_by_mail(known.papers, moment.today)
    way = None if on_paper else route(request.receipt, known.author.contacts, password_by_mail=by_mail)
    answer = Owed(
        kind=DutyKind.ANSWER,
        owner=CentreId(request.holder),
        starts_on=moment.today,
        basis=Basis.REQUEST_MADE if known.other.centre.outside else Basis.REQUEST_RECEIVED,
        awaited_by=(moment.author,),
        policy=Policy(known.other.centre.calendar),
        tells_its_days=True,
    )
    record = Record(
        kind=request.kind,
        family=request.family,
        children=request.children,
        legal_basis=request.legal_basis,
        purpose=request.purpose,
        receipt=request.receipt,
        archive_address=way.archive_address if way else None,
        password_address=way.password_address if way else None,
        signatures=known.signatures,
        despite=DespiteView.of(request.despite),
        signed_request=None if request.for_outside else sufficing.best_of(known.files),
    )
    told = ((answer.owner, "request_received"),)
    return Outcome(record, opens=(answer,), tells=told, facts=_weaker(request.receipt))


def offer(said: Offer, moment: Moment, known: Known) -> Outcome[Record]:
    offers.check(said, caller=moment.author, receiver_is_active_centre=known.other_takes_part)
    assert known.other is not None  # noqa: S101  # it takes part
    known.check_open()
    ways.check_collects(said.receipt.channel, outside=known.other.centre.outside)
    by_mail = password_by_mail(known.papers, moment.today)
    way = route(said.receipt, known.other.contacts, password_by_mail=by_mail)
    record = Record(
        kind=ExchangeKind.CHILD_INFORMATION,
        family=None,
        children=[said.child],
        legal_basis=said.legal_basis,
        purpose=Purpose.CARE_OF_PLACED_CHILD,
        receipt=said.receipt,
        archive_address=way.archive_address,
        password_address=way.password_address,
    )
    receiver = CentreId(said.receiver)
    begins = owed.owed(DutyKind.SEND_OFFERED, receiver, moment.author, moment.today)
    told = ((receiver, "offer_received"),)
    return Outcome(record, opens=(begins,), tells=told, facts=_weaker(said.receipt))


def _weaker(receipt: Receipt) -> dict[str, Fact]:
    """What evidence says of a way that is weaker than the method's others."""
    return {"weaker_way": True} if receipt.by_mail_twice else {}
