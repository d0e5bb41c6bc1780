"""The yearly talk with a family: that it was held, that one is needed sooner, and the review's empty form.

Source: method S122, S124, S129, S153. What is said at it, and the marks of the review, stay in the family's
file: no statement has a place for them.
"""

from datetime import date
from typing import Annotated

import typer

from saikne.command.given import day
from saikne.command.manners import verb
from saikne.command.matters import Matter, state
from saikne.command.speech import Console, say, word
from saikne.statements import compose
from saikne_schemas.plan_lists import CompetenceCategory, EarlierTalk, ReviewMark, TalkHow, TalkReason

_Day = Annotated[date, typer.Option(parser=day, metavar="YYYY-MM-DD")]
_SomeDay = Annotated[date | None, typer.Option(parser=day, metavar="YYYY-MM-DD")]
_LINE = "_" * 30


@verb
async def talk(
    console: Console,
    matter: Matter,
    *,
    on: _Day,
    how: Annotated[TalkHow, typer.Option("--how")],
    reviews: Annotated[int, typer.Option("--reviews", min=0, max=2)],
    reason: Annotated[TalkReason, typer.Option("--reason")] = TalkReason.YEARLY,
    evaluation_on: _SomeDay = None,
) -> None:
    """State that the talk with the family was held; the next year counts from it."""
    from saikne_schemas.plan_talks import TalkHeld

    statement = compose(
        TalkHeld,
        matter=matter,
        held_on=on,
        reason=reason,
        form=how,
        reviews=reviews,
        evaluation_on=evaluation_on,
    )
    await state(console, statement)


@verb
async def talk_needed(
    console: Console,
    matter: Matter,
    *,
    reason: Annotated[EarlierTalk | None, typer.Option("--reason")] = None,
    by: _SomeDay = None,
    evaluation_on: _SomeDay = None,
) -> None:
    """State that a talk is needed sooner, or when the orphans' court evaluates the family."""
    from saikne_schemas.plan_talks import TalkNeeded

    await state(
        console, compose(TalkNeeded, matter=matter, reason=reason, by=by, evaluation_on=evaluation_on)
    )


@verb
def review_form(console: Console) -> None:
    """Print an empty competence review: its categories, the scale, and a summary; nobody signs it."""
    console.tell("plan.review")
    marks = {mark.value: word("plan.review.mark", mark.value) for mark in ReviewMark}
    categories = {
        one.value: word("support_plan.activities.category", one.value) for one in CompetenceCategory
    }
    for mark, meaning in marks.items():
        console.line(f"  {mark}  {meaning}")
    scale = " / ".join(marks)
    for number, category in enumerate(categories.values(), start=1):
        console.line(f"{number}. {category}:   {scale}")
    console.line(f"{say('plan.review.summary')}:\n   {_LINE}")
    console.tell("plan.review.stays")
    console.document({"categories": categories, "marks": marks})


VERBS = (
    ("talk", talk),
    ("talk-needed", talk_needed),
    ("review-form", review_form),
)
