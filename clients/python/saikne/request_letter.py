"""The written request for copies to a centre outside of the hub, in formal Latvian, as a PDF/A to be signed.

Source: method S57 (a written request that names how the copies are to come; ten working days), S77, S88-S90,
S108; domain 2.4 (the marking). It bears references only, as the request in the hub does; the centre adds
names in a letter of its own where it must. Made on this machine; it goes where the centre says.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from saikne.court_letter import in_locative
from saikne.typesetting import typeset
from saikne.worker import Reached
from saikne_schemas.marking import MARKING
from saikne_schemas.moments import for_people
from saikne_schemas.vocabulary import DeliveryChannel, ExchangeKind

if TYPE_CHECKING:
    from saikne_schemas.outside import OutsideCentreView
    from saikne_schemas.views import CentreView, ExchangeView

_OPENING = {
    ExchangeKind.FAMILY_CASE: (
        "Audžuģimene ir pārgājusi vai pāriet uz mūsu atbalsta centru. Lūdzam izsniegt vai nosūtīt"
        " audžuģimenes lietas kopiju un ievietoto bērnu individuālās attīstības plānu (IAP) kopijas."
    ),
    ExchangeKind.CHILD_IAP: (
        "Bērns pāriet audžuģimenē, kurai atbalstu sniedz mūsu atbalsta centrs. Lūdzam izsniegt vai nosūtīt"
        " bērna individuālās attīstības plāna (IAP) kopiju."
    ),
}
_IN_PERSON = "personīgi pret parakstu"
_BY_POST = "ierakstītā pasta sūtījumā"
_BY_MAIL = "e-pastā divpakāpju drošības sistēmā: ar paroli aizsargāts arhīva fails, parole atsevišķi"
_METHOD = (
    "Metodikā noteiktajā kārtībā kopijas izsniedz vai nosūta 10 darbdienu laikā no rakstiska pieprasījuma"
    " saņemšanas (Metodiskais materiāls par sadarbību starp atbalsta centriem atbalsta sniegšanā"
    " audžuģimenēm vai specializētajām audžuģimenēm un tajās ievietotajiem bērniem)."
)
_MADE = (
    "Šis termiņš ir skaitīts no pieprasījuma dienas, {day} Ja pieprasījumu saņemat vēlāk, termiņu skaita no"
    " saņemšanas dienas; lūdzam to mums paziņot."
)
_RECEIVED = "Šis termiņš ir skaitīts no dienas, kurā pieprasījums ir saņemts, {day}"
_OTHER_WAYS = {
    DeliveryChannel.IN_PERSON: f"izsniegt {_IN_PERSON}",
    DeliveryChannel.REGISTERED_POST: f"nosūtīt {_BY_POST}",
}
_IF_NOT_SO = "Ja kopijas šādā veidā nodot nevarat, tās var {ways}."
_IF_NOT = "Ja pieprasījumu nevarat izpildīt, lūdzam rakstiski norādīt iemeslu."


@dataclass(frozen=True)
class RequestLetter:
    """Everything that the letter says."""

    request: "ExchangeView"
    sender: "CentreView"
    addressee: "OutsideCentreView"
    signer: str
    position: str
    written_on: date
    number: str | None = None
    """Under which the sender keeps the letter."""
    marking: str = MARKING
    reached: Reached = field(default_factory=Reached)


def compose_request_letter(facts: RequestLetter) -> bytes:
    """The letter as PDF/A-2a and PDF/UA-1. The same facts give the same bytes, on every machine."""
    marking, _, basis = facts.marking.partition("\n")
    said = {
        "sender": {**_party(facts.sender), "contacts": facts.reached.said()},
        "addressee": {
            **_party(facts.addressee),
            "postal_address": facts.addressee.postal_address,
            "email": facts.addressee.email,
        },
        "opening": _OPENING[facts.request.kind],
        "family": facts.request.family,
        "children": list(facts.request.children),
        "receipt": _receipt(facts.request.receipt.channel, facts.reached),
        "reference": str(facts.request.id),
        "term": _term(facts.request),
        "ways": _ways(facts.request.receipt.channel),
        "written_on": in_locative(facts.written_on),
        "number": facts.number,
        "signer": facts.signer,
        "position": facts.position[:1].upper() + facts.position[1:],
        "marking": marking,
        "marking_basis": basis,
    }
    return typeset("request_letter", said, facts.written_on)


def _receipt(way: DeliveryChannel, reached: Reached) -> str:
    """How and where the copies are wished."""
    if way is DeliveryChannel.REGISTERED_POST:
        return f"{_BY_POST}; adrese: {reached.address}" if reached.address else _BY_POST
    if way is DeliveryChannel.IN_PERSON:
        by = ", ".join(one for one in (reached.phone, reached.email) if one)
        return f"{_IN_PERSON}; par laiku lūdzam vienoties: {by}" if by else _IN_PERSON
    return f"{_BY_MAIL}; adrese: {reached.email}" if reached.email else _BY_MAIL


def _ways(wished: DeliveryChannel) -> str:
    """Which way else the copies may come on paper, and what if they cannot come at all."""
    others = " vai ".join(said for way, said in _OTHER_WAYS.items() if way is not wished)
    return f"{_IF_NOT_SO.format(ways=others)} {_IF_NOT}"


def _term(request: "ExchangeView") -> str:
    """By when, as every list in the hub says it, and from which day that is counted."""
    if request.term is None:
        return _METHOD
    since = _RECEIVED if request.term.basis == "request_received" else _MADE
    until = f"Lūdzam kopijas izsniegt vai nosūtīt līdz {_in_letters(request.term.due_on)}"
    return f"{until} {_METHOD} {since.format(day=_in_letters(request.term.starts_on))}"


def _in_letters(day: date) -> str:
    return f"{for_people(day)}."


def _party(centre: "CentreView | OutsideCentreView") -> dict[str, str]:
    return {
        "name": centre.name,
        "legal_entity": centre.legal_entity,
        "registration_number": centre.registration_number,
    }
