"""The command `saikne`: what a centre's own computer does with the hub.

Its exit codes are those of all commands (`saikne_schemas.command_line`).
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import typer

from saikne.command.manners import SaikneCommand, group, run_command, tells_its_version

# Which function each verb is: of a module that is loaded when the verb is wanted.
COMMANDS = (
    ("init", "setting_up.init"),
    ("profile", "worker.profile"),
    ("centres", "setting_up.centres"),
    ("request", "asking.request"),
    ("offer", "offering.offer"),
    ("take-back", "offering.take_back"),
    ("inbox", "looking.inbox"),
    ("status", "looking.status"),
    ("answer", "answering.answer"),
    ("certification-preview", "certifying.certification_preview"),
    ("answer-on-paper", "paper.answer_on_paper"),
    ("handed-over", "paper.handed_over"),
    ("posted", "paper.posted"),
    ("correct-item", "paper.correct_item"),
    ("post-outcome", "paper.post_outcome"),
    ("discard", "answering.discard"),
    ("reveal", "answering.reveal"),
    ("download", "receiving.download"),
    ("open", "receiving.open_archive"),
    ("confirm", "receiving.confirm"),
    ("dispute", "receiving.dispute"),
    ("refuse", "refusing.refuse"),
    ("dispute-refusal", "refusing.dispute_refusal"),
    ("accept-refusal", "refusing.accept_refusal"),
    ("prolong", "receiving.prolong"),
    ("hand-over-again", "receiving.hand_over_again"),
    ("withdraw", "asking.withdraw"),
    ("wrong-recipient", "paper.wrong_recipient"),
    ("resolve", "paper.resolve"),
    ("supplement", "supplementing.supplement"),
    ("propose-extension", "extending.propose_extension"),
    ("accept-extension", "extending.accept_extension"),
    ("decline-extension", "extending.decline_extension"),
    ("today", "today.today"),
    ("names", "naming.names"),
    ("overdue", "looking.overdue"),
    ("duties", "today.duties"),
    ("duty-report", "counting.duty_report"),
    ("matters", "matters.matters"),
    ("matter", "matters.matter"),
    ("receipt", "looking.receipt"),
    ("statements", "looking.statements"),
    ("verify", "verifying.verify"),
    ("proof", "proving.proof"),
    ("signed", "proving.signed"),
    ("courts", "courts.courts"),
    ("court-letter", "courts.court_letter"),
    ("register-worksheet", "registering.register_worksheet"),
    ("register", "registrations.register"),
    ("registrations", "registrations.registrations"),
    ("registration", "registrations.registration"),
    ("register-again", "registrations.register_again"),
    ("register-withdraw", "registrations.register_withdraw"),
    ("register-compare", "reconciling.register_compare"),
    ("register-differences", "reconciling.register_differences"),
    ("register-difference-resolve", "reconciling.register_difference_resolve"),
    ("register-report", "reconciling.register_report"),
)
GROUPS = (
    ("keys", "setting_up.KEYS"),
    ("families", "naming.FAMILIES"),
    ("agreement", "agreements.VERBS"),
    ("training", "training.VERBS"),
    ("move", "moves.VERBS"),
    ("child-move", "child_moves.VERBS"),
    ("plan", "plans.VERBS"),
    ("siblings", "siblings.VERBS"),
    ("outside", "outside.VERBS"),
)


def loaded(which: str) -> Any:
    """Of a module of this room; only the wanted ones are loaded."""
    module, _, name = which.partition(".")
    return getattr(import_module(f"{__name__}.{module}"), name)


def application(wanted: str | None = None) -> typer.Typer:
    """The command with all its verbs, or with the wanted one alone: a hundred take longer than most do.

    Sentences follow the language that is spoken when it is built.
    """
    names = {name for name, _ in (*COMMANDS, *GROUPS)}
    built = {wanted} & names or names
    app = group("help.saikne", completes=True)
    tells_its_version(app, "saikne", "saikne")
    for name, function in COMMANDS:
        if name in built:
            app.command(name, cls=SaikneCommand, help=f"help.{name}")(loaded(function))
    for of, verbs in GROUPS:
        if of not in built:
            continue
        below = group(f"help.{of}")
        for name, function in loaded(verbs):
            runs_as = getattr(function, "runs_as", SaikneCommand)
            below.command(name, cls=runs_as, help=f"help.{of}.{name}")(function)
        app.add_typer(below, name=of)
    return app


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    words = sys.argv[1:] if arguments is None else arguments
    run_command(lambda: application(*words[:1]), "saikne", arguments)
