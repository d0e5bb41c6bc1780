"""Who is told of what: one's own mornings, by letter and in browsers; a coordinator chooses for the centre.

A browser is added by `telling.js`, and shows what comes by `push-worker.js`; one without scripts can still
take any back.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import time
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from hub.board import store
from hub.board.board import Board
from hub.board.morning import EARLIEST, LATEST, Rule, Since
from hub.board.pages import HEADERS, stills
from hub.board.routes.forms import Form, Malformed, document_of
from hub.board.routes.looking_ahead import reader
from hub.board.routes.visits import Visit, signed_in
from hub.people import subscriptions
from hub.people.casework import inviting, subscribing
from hub.people.gateways.push_services import written
from hub.people.person import OF_A_CENTRE, PersonId, PersonRole
from hub.web.calls import Http, HttpAnswer
from saikne_schemas.person_keys import Act

_SHOWN = 20
MORNINGS = [time(hour, minute) for hour in range(EARLIEST.hour, LATEST.hour) for minute in (0, 30)] + [LATEST]
HOURS = [time(hour) for hour in range(24)]


@get("/telling")
async def show_telling(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    looking = await reader(board, request)
    person = looking.person
    async with board.people.counter_of(person) as counter:
        rule = await store.rule_of(counter.tx, person.centre)
        silent = person.id in await store.silent_ones(counter.tx, person.centre)
        sent = await store.mornings(counter.tx, person.centre, person.id, _SHOWN)
        browsers = await subscriptions.of_person(counter.tx, person.centre, person.id)
    key = board.people.keyring.push_key() if board.people.push.services else None
    facts = {
        "browsers": [(urlsafe_b64encode(one.digest).decode(), one) for one in browsers],
        "push": key and {"key": key.key_id, "shown": written(key)},
        "rule": rule,
        "since": rule.since(person.role),
        "silent": silent,
        "sent": sent,
        "steps": list(Since),
        "mornings": MORNINGS,
        "hours": HOURS,
        "is_told": person.role in OF_A_CENTRE,
        "may": _may_choose(looking),
    }
    return looking.page("telling", facts)


def _may_choose(looking: Visit) -> bool:
    return looking.person.role is PersonRole.COORDINATOR and Act.MANAGE_PEOPLE in looking.person.acts


@post("/telling", status_code=303)
async def choose(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    """What the centre chooses; what no page of ours offers changes nothing."""
    looking = await reader(board, request)
    said = await looking.form()
    if not _may_choose(looking):
        looking.person.require(Act.MANAGE_PEOPLE)
        raise Malformed
    rule = _rule(said)
    async with board.people.counter_of(looking.person) as counter:
        await store.keep_rule(counter.tx, looking.person.centre, rule)
    return looking.to("/telling")


def _rule(said: Form) -> Rule:
    begins, ends = said.field("quiet_from"), said.field("quiet_until")
    try:
        rule = Rule(
            coordinators=Since(said.field("coordinators")),
            workers=Since(said.field("workers")),
            at=time.fromisoformat(said.field("at")),
            quiet_from=time.fromisoformat(begins) if begins and ends else None,
            quiet_until=time.fromisoformat(ends) if begins and ends else None,
        )
    except ValueError:
        raise Malformed from None
    if rule.at not in MORNINGS or {rule.quiet_from, rule.quiet_until} - {None, *HOURS}:
        raise Malformed
    return rule


@post("/telling/own", status_code=303)
async def choose_own(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    """Whether the visitor wants the morning's letter at all."""
    looking = await reader(board, request)
    said = await looking.form()
    change = store.speak_again if said.field("deed") == "speak" else store.fall_silent
    async with board.people.counter_of(looking.person) as counter:
        await change(counter.tx, looking.person.centre, looking.person.id)
    return looking.to("/telling")


@post("/telling/browsers", status_code=200)
async def add_browser(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    """From our own script, after the person has let the browser show messages."""
    looking = await signed_in(board, request)
    looking.require_own()
    said = await document_of(request)
    async with board.people.counter_of(looking.person) as counter:
        await subscribing.keep(counter, board.people, looking.person, said)
    return Response({"ok": True})


@post("/telling/browsers/remove", status_code=303)
async def remove_browser(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    looking = await signed_in(board, request)
    said = await looking.form()
    async with board.people.counter_of(looking.person) as counter:
        await subscribing.remove(counter, looking.person, _raw(said.field("browser")))
    return looking.to("/telling")


@post("/people/{identity:uuid}/browser/remove", status_code=303)
async def remove_others(board: NamedDependency[Board], request: Http, identity: FromPath[UUID]) -> HttpAnswer:
    """Of one of the centre's people, by whoever manages them: a device that was lost."""
    looking = await signed_in(board, request)
    looking.person.require(Act.MANAGE_PEOPLE)
    said = await looking.form()
    async with board.people.counter_of(looking.person) as counter:
        whom = await inviting.known(counter, looking.person.centre, PersonId(identity))
        await subscribing.remove(counter, whom, _raw(said.field("browser")))
    return looking.to("/people")


def _raw(shown: str) -> bytes:
    try:
        return urlsafe_b64decode(shown)
    except ValueError:
        return b""


@get("/telling/push-worker.js")
async def show_worker() -> HttpAnswer:
    """What a browser runs when a message comes. It stands under `/telling/`, and so in front of no page."""
    _, content, kind = stills()["push-worker.js"]
    answer: HttpAnswer = Response(content, media_type=kind, headers=HEADERS)
    return answer


BROWSERS = (add_browser, remove_browser, remove_others, show_worker)
TELLING = (show_telling, choose, choose_own, *BROWSERS)
