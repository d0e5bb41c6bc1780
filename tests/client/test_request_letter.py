"""The request to a centre outside of the hub says where the copies go, and by which day, as the hub does."""

import json
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

import pytest

from saikne.request_letter import RequestLetter, compose_request_letter
from saikne.worker import Reached
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.outside import OutsideCentreView
from saikne_schemas.views import CentreView, ExchangeView
from saikne_schemas.vocabulary import DeliveryChannel
from tests.client.test_court_letter import pages

POST = Reached("Parauga iela 1, Jelgava, LV-3001", "birojs@centrs.example", "+37120000001")


def example(of: type[Any]) -> Any:
    return of.model_validate_json(json.dumps(EXAMPLES[of]))


def letter(way: DeliveryChannel, term: Mapping[str, object] = MappingProxyType({})) -> str:
    view: ExchangeView = example(ExchangeView)
    assert view.term is not None
    counted = view.term.model_copy(update={"basis": "request_made", **term})
    receipt = view.receipt.model_copy(update={"channel": way, "password_channel": None})
    asked = view.model_copy(update={"receipt": receipt, "term": counted})
    centre, outside = example(CentreView), example(OutsideCentreView)
    facts = RequestLetter(asked, centre, outside, "Ilze Kalniņa", "vadītāja", date(2026, 3, 2), reached=POST)
    return " ".join(pages(compose_request_letter(facts)))


def test_its_head_and_its_table_say_where_the_copies_go() -> None:
    said = letter(DeliveryChannel.REGISTERED_POST)
    assert "Parauga iela 1, Jelgava, LV-3001 · +37120000001 · birojs@centrs.example" in said
    assert "ierakstītā pasta sūtījumā; adrese: Parauga iela 1, Jelgava, LV-3001" in said
    in_person = letter(DeliveryChannel.IN_PERSON)
    assert "personīgi pret parakstu; par laiku lūdzam vienoties: +37120000001" in in_person


@pytest.mark.parametrize(
    ("wished", "others"),
    [
        (DeliveryChannel.IN_PERSON, "nosūtīt ierakstītā pasta sūtījumā."),
        (DeliveryChannel.REGISTERED_POST, "izsniegt personīgi pret parakstu."),
        (
            DeliveryChannel.EMAIL_TWO_STEP,
            "izsniegt personīgi pret parakstu vai nosūtīt ierakstītā pasta sūtījumā.",
        ),
    ],
)
def test_it_offers_the_ways_that_are_not_wished(wished: DeliveryChannel, others: str) -> None:
    assert f"nodot nevarat, tās var {others} Ja pieprasījumu" in letter(wished)


def test_it_names_the_day_that_the_hub_counts_to_and_from_when() -> None:
    days: dict[str, object] = {"due_on": date(2026, 3, 16), "starts_on": date(2026, 3, 2)}
    made = letter(DeliveryChannel.IN_PERSON, days)
    assert "izsniegt vai nosūtīt līdz 16.03.2026." in made
    assert "skaitīts no pieprasījuma dienas, 02.03.2026. Ja pieprasījumu saņemat vēlāk" in made
    received = letter(DeliveryChannel.IN_PERSON, days | {"basis": "request_received"})
    assert "pieprasījums ir saņemts, 02.03.2026." in received
    assert "saņemat vēlāk" not in received


@pytest.mark.parametrize(
    ("way", "reached", "lacks"),
    [
        (DeliveryChannel.REGISTERED_POST, POST, None),
        (DeliveryChannel.REGISTERED_POST, Reached(email="a@b.example", phone="+37120000001"), "address"),
        (DeliveryChannel.IN_PERSON, Reached(email="a@b.example"), None),
        (DeliveryChannel.IN_PERSON, Reached(address="Jelgava"), "phone"),
        (DeliveryChannel.EMAIL_TWO_STEP, Reached(address="Jelgava"), "email"),
    ],
)
def test_what_a_way_needs_is_known(way: DeliveryChannel, reached: Reached, lacks: str | None) -> None:
    assert reached.lacks(way) == lacks
