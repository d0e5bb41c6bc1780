"""Who works at this computer and how the centre is reached: said once, so that no command asks it again."""

from dataclasses import asdict, replace
from typing import Annotated

import typer

from saikne.command.given import telephone
from saikne.command.manners import InputRefused, verb
from saikne.command.speech import Console, say
from saikne.worker import Profile

_UNFIT = frozenset(";\n\r")
"""What would make two of one in `NAME;POSITION`."""


@verb
def profile(
    console: Console,
    *,
    own_name: Annotated[str | None, typer.Option("--name")] = None,
    own_position: Annotated[str | None, typer.Option("--position")] = None,
    own_organisation: Annotated[str | None, typer.Option("--organisation")] = None,
    own_address: Annotated[str | None, typer.Option("--address")] = None,
    own_email: Annotated[str | None, typer.Option("--email")] = None,
    own_phone: Annotated[str | None, typer.Option("--phone")] = None,
    forget: Annotated[bool, typer.Option("--forget")] = False,
) -> None:
    """Say who works here, or show what is kept."""
    given = {"name": own_name, "position": own_position, "organisation": own_organisation}
    given |= {"address": own_address, "email": own_email, "phone": telephone(own_phone)}
    said = {field: value.strip() for field, value in given.items() if value is not None}
    for field, value in said.items():
        if not value or _UNFIT & set(value):
            raise InputRefused(given=f"  {field}: {say('input.profile')}")
    kept = Profile() if forget else Profile.at()
    shown = replace(kept, **said)
    if said or forget:
        shown.keep()
    fields = {field: value for field, value in asdict(shown).items() if value}
    for field, value in fields.items():
        console.line(f"{say(f'profile.{field}')}: {value}")
    if not fields:
        console.tell("profile.empty")
    console.document(asdict(shown))
