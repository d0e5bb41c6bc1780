"""Why what is missing of an answer is missing: one reason for all, or one for each thing (method S47-S55).

Typed as `WHAT=REASON`, where WHAT is a form, with its spouse or its subject where there are several, or a
section of the family's case. It stands for everything missing that it fits.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from saikne.command.speaking_for import command_of
from saikne.command.speech import Console, word
from saikne.problems import LocalRefusal
from saikne_schemas.latvian_values import meant
from saikne_schemas.vocabulary import CaseSection, FormType, IncompleteBecause

if TYPE_CHECKING:
    from saikne_schemas.manifests import MissingBecause
    from saikne_schemas.views import AnswerView, ExchangeView, MissingForm

Because = Annotated[IncompleteBecause | None, typer.Option("--incomplete-because")]
EachBecause = Annotated[list[str] | None, typer.Option("--missing", metavar="WHAT=REASON")]


class FormsMissing(LocalRefusal):
    """Mandatory forms are missing and no reason was given; nothing was dispatched."""

    code = "answer.forms-missing"
    lacks = "incomplete_because"


class MissingNotDescribed(LocalRefusal):
    """An option that is not `WHAT=REASON`."""

    code = "answer.missing-not-described"


class NotMissing(LocalRefusal):
    """A reason for something that the answer holds, or that nobody asked for."""

    code = "answer.not-missing"


def why_missing(
    view: "ExchangeView", of_all: IncompleteBecause | None, of_each: Sequence[str]
) -> dict[str, Any]:
    """What a dispatch says of it; nothing where nothing is missing."""
    missing = view.answer.missing if view.answer else []
    each = {number: reason for given in of_each for number, reason in _fitting(missing, given).items()}
    alone = len(each) < len(missing)
    return {
        "incomplete_because": of_all if alone else None,
        "missing_because": [_because(missing[number], each[number]) for number in sorted(each)],
    }


def check_reasons(view: "ExchangeView", said: dict[str, Any]) -> None:
    """Refuse here what the hub would refuse, and ask for what is lacking."""
    missing = view.answer.missing if view.answer else []
    named = {(one.form, one.subject, one.spouse, one.section) for one in said["missing_because"]}
    lacking = [one for one in missing if (one.form, one.subject, one.spouse, one.section) not in named]
    if lacking and said["incomplete_because"] is None:
        found = "\n".join(f"  {missing_form(one)}" for one in lacking)
        raise FormsMissing(found=found, act=command_of("discard", view.id))


def tell_missing(console: Console, answer: "AnswerView | None") -> bool:
    """What an answer does not hold and why, if anything."""
    missing = answer.missing if answer else []
    for one in missing:
        console.tell("status.missing", form=missing_form(one))
        if one.because is not None:
            console.tell("status.missing.because", because=word("incomplete", one.because.value))
    return bool(missing)


def missing_form(missing: "MissingForm") -> str:
    """A missing form with whom it is about."""
    about = [missing.subject or "", f"({missing.spouse})" if missing.spouse else ""]
    section = [word("section", missing.section.value)] if missing.section else []
    return " ".join([word("form", missing.form.value), *filter(None, about), *section])


def _fitting(missing: "Sequence[MissingForm]", given: str) -> dict[int, IncompleteBecause]:
    """Which of the missing things a reason is given for."""
    what, _, why = given.rpartition("=")
    reason = meant(IncompleteBecause, why)
    first, *rest = what.split(":")
    form, section = meant(FormType, first), meant(CaseSection, first)
    if reason is None or (form is None and section is None):
        raise MissingNotDescribed(given=given)
    fits = {
        number: reason
        for number, one in enumerate(missing)
        if (one.section is section if section else one.form is form)
        and all(part in {one.subject, str(one.spouse)} for part in rest)
    }
    if not fits:
        raise NotMissing(given=what, found="\n".join(f"  {missing_form(one)}" for one in missing) or "  -")
    return fits


def _because(missing: "MissingForm", reason: IncompleteBecause) -> "MissingBecause":
    from saikne_schemas.manifests import MissingBecause

    about = missing.model_dump(exclude={"because"})
    return MissingBecause.model_validate({**about, "because": reason})
