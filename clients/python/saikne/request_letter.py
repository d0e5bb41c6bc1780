"""The written request for copies to a centre outside of the hub, in formal Latvian, as a PDF/A to be signed.

Source: method S57 (a written request that names how the copies are to come; ten working days), S77, S88-S90,
S108; domain 2.4 (the marking). It bears references only, as the request in the hub does; the centre adds
names in a letter of its own where it must. Made on this machine; it goes where the centre says.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from saikne.court_letter import in_locative
from saikne.typesetting import typeset
from saikne_schemas.marking import MARKING
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
_RECEIPT = {
    DeliveryChannel.IN_PERSON: "klātienē pret parakstu",
    DeliveryChannel.REGISTERED_POST: "ierakstītā pasta sūtījumā",
    DeliveryChannel.EMAIL_TWO_STEP: "elektroniski divos soļos: ar paroli aizsargāts arhīvs, parole atsevišķi",
    DeliveryChannel.HUB: "elektroniski divos soļos: ar paroli aizsargāts arhīvs, parole atsevišķi",
}
_TERM = (
    "Metodikā noteiktajā kārtībā kopijas izsniedz vai nosūta 10 darbdienu laikā no rakstiska pieprasījuma"
    " saņemšanas (Metodiskais materiāls par sadarbību starp atbalsta centriem atbalsta sniegšanā"
    " audžuģimenēm vai specializētajām audžuģimenēm un tajās ievietotajiem bērniem)."
)
_WAYS = (
    "Ja kopijas šādā veidā nosūtīt nevarat, tās var izsniegt klātienē pret parakstu vai nosūtīt ierakstītā"
    " pasta sūtījumā. Ja pieprasījumu nevarat izpildīt, lūdzam rakstiski norādīt iemeslu."
)


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


def compose_request_letter(facts: RequestLetter) -> bytes:
    """The letter as PDF/A-2a and PDF/UA-1. The same facts give the same bytes, on every machine."""
    marking, _, basis = facts.marking.partition("\n")
    said = {
        "sender": _party(facts.sender),
        "addressee": {
            **_party(facts.addressee),
            "postal_address": facts.addressee.postal_address,
            "email": facts.addressee.email,
        },
        "opening": _OPENING[facts.request.kind],
        "family": facts.request.family,
        "children": list(facts.request.children),
        "receipt": _RECEIPT[facts.request.receipt.channel],
        "reference": str(facts.request.id),
        "term": _TERM,
        "ways": _WAYS,
        "written_on": in_locative(facts.written_on),
        "number": facts.number,
        "signer": facts.signer,
        "position": facts.position[:1].upper() + facts.position[1:],
        "marking": marking,
        "marking_basis": basis,
    }
    return typeset("request_letter", said, facts.written_on)


def _party(centre: "CentreView | OutsideCentreView") -> dict[str, str]:
    return {
        "name": centre.name,
        "legal_entity": centre.legal_entity,
        "registration_number": centre.registration_number,
    }
