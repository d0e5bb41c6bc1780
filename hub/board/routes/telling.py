"""Who is told of what: a person's own morning letters, and for a coordinator what the centre has chosen."""

from datetime import time

from litestar import get, post
from litestar.di import NamedDependency

from hub.board import store
from hub.board.board import Board
from hub.board.morning import EARLIEST, LATEST, Rule, Since
from hub.board.routes.forms import Form, Malformed
from hub.board.routes.looking_ahead import reader
from hub.board.routes.visits import Visit
from hub.people.person import OF_A_CENTRE, PersonRole
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
    facts = {
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


TELLING = (show_telling, choose, choose_own)
