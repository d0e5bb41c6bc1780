"""The command `hub`: every command's name, and the module that does it."""

import sys
from typing import Annotated

import typer
from typer.core import TyperGroup

from hub.ops import (
    calendars,
    centres,
    contracts,
    courts,
    demo,
    evidence,
    fill,
    jobs,
    keys,
    overdue,
    own_keys,
    people,
    providers,
    register,
    serving,
    terms,
    trust_lists,
)
from hub.ops.bad_news import ending_well
from saikne_schemas.command_line import EndsQuietly, speak_legibly, version_line


class HubGroup(EndsQuietly, TyperGroup):
    """The whole command."""


app = typer.Typer(
    cls=HubGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Saikne: exchange of case files between Latvian out-of-family-care support centres.",
)
app.command("demo")(demo.demo)
app.command("fill")(fill.fill)
app.command("serve")(serving.serve)
app.command("worker")(serving.worker)
app.command("migrate")(serving.migrate)
app.command("overdue")(overdue.overdue)
app.command("schemas")(contracts.schemas)
app.command("deadline")(terms.deadline)
app.command("transfer-date")(terms.transfer_date)
app.command("trust-lists")(trust_lists.trust_lists)
app.add_typer(centres.app, name="centre")
app.add_typer(people.app, name="person")
app.add_typer(providers.app, name="provider")
own_keys.add_to(keys.app)
app.add_typer(keys.app, name="key")
app.add_typer(calendars.app, name="calendar")
app.add_typer(courts.app, name="court")
app.add_typer(register.app, name="register")
app.add_typer(evidence.app, name="evidence")
app.add_typer(jobs.app, name="jobs")


def _tell_version(*, asked: bool) -> None:
    if asked:
        print(version_line("hub", "saikne-hub"))
        raise typer.Exit


@app.callback()
def start(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_tell_version, is_eager=True, help="Say which version this is, and end."
        ),
    ] = False,
) -> None:
    del version  # told before anything else is looked at


def main() -> None:
    words = sys.argv[1:]
    speak_legibly(words)
    ending_well(app, words)
