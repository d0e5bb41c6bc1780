"""Numbers of exchanges and matters as they are typed: whole, or by their first eight characters.

Which one a beginning means says the hub, since it may be of any that the centre takes part in.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

import typer

from saikne.command.given import SHORTEST
from saikne.command.speech import say
from saikne.problems import LocalRefusal, SaikneProblem

_BEGINNING = re.compile(rf"[0-9a-f]{{{SHORTEST},31}}")


class Beginning(str):
    """Of a number, in its hexadecimal digits alone."""

    __slots__ = ()


class NumberUnknown(LocalRefusal):
    """The centre takes part in nothing whose number begins so."""

    code = "number.unknown"


class NumberAmbiguous(LocalRefusal):
    """Several numbers begin so."""

    code = "number.ambiguous"


def number(written: str) -> UUID | Beginning:
    """What was typed for a number."""
    try:
        return UUID(written)
    except ValueError:
        digits = written.lower().replace("-", "")
    if not _BEGINNING.fullmatch(digits):
        raise typer.BadParameter(say("usage.not-a-number", given=written))
    return Beginning(digits)


async def with_whole_numbers(given: Mapping[str, Any]) -> dict[str, Any]:
    """The same with every beginning replaced by the number that it is of."""
    from saikne.command.connection import connected

    async with connected() as hub:
        return {
            name: await _whole(hub, value) if isinstance(value, Beginning) else value
            for name, value in given.items()
        }


async def refuse_unknown(given: Mapping[str, Any]) -> None:
    """A beginning that no number has is told before anything else is asked for; not where nobody knows."""
    if not any(isinstance(value, Beginning) for value in given.values()):
        return
    try:
        await with_whole_numbers(given)
    except (NumberUnknown, NumberAmbiguous):
        raise
    except (SaikneProblem, OSError):
        return


async def _whole(hub: Any, beginning: Beginning) -> UUID:
    found = await hub.numbers(beginning)
    if not found:
        raise NumberUnknown(given=beginning)
    if len(found) > 1:
        raise NumberAmbiguous(given=beginning, found="\n".join(f"  {one.id}" for one in found))
    whole: UUID = found[0].id
    return whole


OfExchange = Annotated[UUID, typer.Option("--exchange", metavar="ID", parser=number)]
