"""The command `agis-sync`: a centre's registrations, or every centre's, on their way to the register.

Its exit codes are those of all commands (`saikne_schemas.command_line`).
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import typer
from typer.exceptions import TyperException

from agis_sync.command import checking, extracting, run
from saikne.command.manners import SaikneCommand, group, tells_its_version
from saikne.command.speech import Console, speak_in
from saikne.wording import also_from, wished_language, without_language
from saikne_schemas.command_line import Exit, speak_legibly

COMMANDS = (
    ("run", run.run),
    ("check", checking.check),
    ("extract", extracting.extract),
)


def application() -> typer.Typer:
    """The command with its verbs; sentences follow the language that is spoken when it is built."""
    also_from(Path(__file__).parents[1] / "sentences")
    app = group("help.agis-sync", completes=True)
    tells_its_version(app, "agis-sync", "saikne-agis-sync")
    for name, function in COMMANDS:
        app.command(name, cls=SaikneCommand, help=f"help.agis-sync.{name}")(function)
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    given = list(sys.argv[1:] if arguments is None else arguments)
    speak_legibly(given)
    speak_in(wished_language(given, os.environ))
    try:
        code = application()(without_language(given), prog_name="agis-sync", standalone_mode=False)
    except TyperException as wrong:
        code = _console(given).wrong_use(wrong)
    except (KeyboardInterrupt, typer.Abort):
        code = _console(given).interrupted()
    sys.exit(code or Exit.DONE)


def _console(given: Sequence[str]) -> Console:
    """A document a line, as the verbs have it."""
    console = Console(as_json="--json" in given)
    console.indent = None
    return console
