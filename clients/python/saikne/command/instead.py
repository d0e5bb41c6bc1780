"""What helps beside a refusal: what may be done instead of a step that is not allowed now, or shown by what.

Source: design.md 3, 9. A refusal says that it cannot be; people need to know what can. In one place for every
verb, and only for people: a program reads the code of the refusal.
"""

import asyncio
import sys
from collections.abc import Mapping
from contextlib import redirect_stdout, suppress
from typing import TYPE_CHECKING, Any
from uuid import UUID

from saikne.command.elsewhere import of_the_other_kind, tell_elsewhere
from saikne.command.numbering import Beginning, with_whole_numbers
from saikne.command.speech import Console, word
from saikne.problems import HubRefusal, LocalRefusal, SaikneProblem

if TYPE_CHECKING:
    from saikne.hub import Hub

_CONFLICT = 409
"""The hub's status of what would be right in another state."""


def not_now(problem: SaikneProblem) -> bool:
    """Whether the state, and not what was typed, stands against it."""
    if isinstance(problem, HubRefusal):
        return problem.status == _CONFLICT
    return isinstance(problem, LocalRefusal) and problem.not_now


def tell_what_helps(console: Console, problem: SaikneProblem, given: Mapping[str, Any]) -> None:
    """Beside a refusal, to people; nothing where the hub does not say."""
    if not console.as_json and (not_now(problem) or of_the_other_kind(problem)):
        with suppress(SaikneProblem, TimeoutError, ConnectionError), redirect_stdout(sys.stderr):
            asyncio.run(_tell(console, problem, given))


async def _tell(console: Console, problem: SaikneProblem, given: Mapping[str, Any]) -> None:
    from saikne.command.connection import connected

    if any(isinstance(value, Beginning) for value in given.values()):
        given = await with_whole_numbers(given)
    async with connected() as hub:
        if of_the_other_kind(problem):
            await tell_elsewhere(console, hub, given)
        else:
            await _tell_instead(console, hub, problem, given)


async def _tell_instead(
    console: Console, hub: "Hub", problem: SaikneProblem, given: Mapping[str, Any]
) -> None:
    """Where it stands and what can be done."""
    facts = problem.facts if isinstance(problem, HubRefusal) else {}
    exchange, matter = given.get("exchange"), given.get("matter") or _number(facts.get("matter"))
    if "key" in given:
        await _tell_registration(console, hub, given["key"])
    elif isinstance(matter, UUID):
        await _tell_matter(console, hub, matter)
    elif isinstance(exchange, UUID):
        await _tell_exchange(console, hub, exchange)


def _number(fact: object) -> UUID | None:
    """A refusal to begin names what there is already."""
    with suppress(ValueError):
        return UUID(str(fact))
    return None


async def _tell_matter(console: Console, hub: "Hub", matter: UUID) -> None:
    from saikne.command.beside import may_be_done, tell_duties, waiting
    from saikne.command.correcting import remedies, tell_remedies
    from saikne_schemas.workflows import VIEWS

    workflow = (await hub.matter_line(matter)).workflow
    view = await hub.matter(VIEWS[workflow], matter)
    console.tell("instead.stands", state=word(f"{workflow.value}.state", view.state))
    beside = [*waiting(view), *may_be_done(view)]
    _tell_whether(console, anything=bool(beside or _open(view) or any(remedies(view))))
    for line in beside:
        console.line(line)
    tell_duties(console, view, told="\n".join(beside))
    tell_remedies(console, view)
    console.tell("instead.see", act=f"saikne matter {matter}")


async def _tell_exchange(console: Console, hub: "Hub", exchange: UUID) -> None:
    from saikne.command.correcting import remedies, tell_remedies
    from saikne.command.owed import stands, tell_owed

    view = await hub.exchange(exchange)
    console.tell("instead.stands", state=word("state", view.state.value))
    _tell_whether(console, anything=bool(_open(view) or any(remedies(view))))
    tell_owed(console, view.duties, stands(view))
    tell_remedies(console, view)
    console.tell("instead.see", act=f"saikne status {exchange}")


async def _tell_registration(console: Console, hub: "Hub", written: str) -> None:
    from saikne.command.registration_steps import key_of, next_step, tell_next_step

    view = await hub.registration(await key_of(hub, written))
    console.tell("instead.stands", state=word("registration.state", view.state.value))
    _tell_whether(console, anything=next_step(view) is not None)
    tell_next_step(console, view)
    console.tell("instead.see", act=f"saikne registration {view.key}")


def _open(view: Any) -> bool:
    return any(duty.ended_at is None for duty in view.duties)


def _tell_whether(console: Console, *, anything: bool) -> None:
    """What introduces the list that follows; or that there is none."""
    console.tell("instead.do" if anything else "instead.nothing")
