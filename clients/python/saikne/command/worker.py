"""Who works at this computer: said once, so that no command asks for name and position again."""

from dataclasses import asdict, replace
from typing import Annotated

import typer

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
    forget: Annotated[bool, typer.Option("--forget")] = False,
) -> None:
    """Say who works here, or show what is kept."""
    given = {"name": own_name, "position": own_position, "organisation": own_organisation}
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
