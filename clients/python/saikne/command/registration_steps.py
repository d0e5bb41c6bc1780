"""Which registration in AĢIS is meant by a key as lists show it, and what can be done with it next.

Source: method S80; features N10.
"""

import re
from typing import TYPE_CHECKING
from uuid import UUID

from saikne.command.speech import Console
from saikne.command.speech import known as worded
from saikne.problems import LocalRefusal

if TYPE_CHECKING:
    from saikne.hub import Hub
    from saikne_schemas.registrations import RegistrationView

SHORT_KEY = 8
_BEGINNING = re.compile(rf"[0-9a-f-]{{{SHORT_KEY},36}}")


class KeyUnknown(LocalRefusal):
    """No registration begins so, or several do."""

    code = "registration.key-unknown"


async def key_of(hub: "Hub", written: str) -> UUID:
    """A whole key, or its beginning as lists show it."""
    try:
        return UUID(written)
    except ValueError:
        wanted = written.lower()
    if not _BEGINNING.fullmatch(wanted):
        raise KeyUnknown(given=written)
    found = [one.key async for one in hub.registrations() if str(one.key).startswith(wanted)]
    if len(found) != 1:
        raise KeyUnknown(given=written)
    return found[0]


def tell_next_step(console: Console, view: "RegistrationView") -> None:
    if (following := next_step(view)) is not None:
        console.tell(following, matter=view.matter, key=view.key)


def next_step(view: "RegistrationView") -> str | None:
    """What can be done next; where a person is needed, it depends on why."""
    said = f"registration.next.{view.state.value}"
    if view.needs_person_because and worded(f"{said}.{view.needs_person_because.value}"):
        return f"{said}.{view.needs_person_because.value}"
    return said if worded(said) else None
