"""The command `agis-sync`: a centre's registrations, or every centre's, on their way to the register.

Its exit codes are those of all commands (`saikne_schemas.command_line`).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import typer

from agis_sync.command import checking, extracting, run
from saikne.command.manners import SaikneCommand, group, run_command, tells_its_version
from saikne.wording import CATALOGUE as SAIKNES
from saikne_schemas.catalogue import Catalogue

CATALOGUE = Catalogue(Path(__file__).parents[1] / "locale", SAIKNES)
COMMANDS = (
    ("run", run.run),
    ("check", checking.check),
    ("extract", extracting.extract),
)


def application() -> typer.Typer:
    """The command with its verbs; sentences follow the language that is spoken when it is built."""
    app = group("help.agis-sync", completes=True)
    tells_its_version(app, "agis-sync", "saikne-agis-sync")
    for name, function in COMMANDS:
        app.command(name, cls=SaikneCommand, help=f"help.agis-sync.{name}")(function)
    return app


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    run_command(application, "agis-sync", arguments, catalogue=CATALOGUE, by_line=True)
