"""The command `hub`: every command's name, and the module that does it."""

import typer

from hub.ops import calendars, serving, terms

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Saikne: exchange of case files between Latvian out-of-family-care support centres.",
)
app.command("serve")(serving.serve)
app.command("worker")(serving.worker)
app.command("migrate")(serving.migrate)
app.command("deadline")(terms.deadline)
app.command("transfer-date")(terms.transfer_date)
app.add_typer(calendars.app, name="calendar")


def main() -> None:
    app()
