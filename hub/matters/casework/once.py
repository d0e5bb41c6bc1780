"""A second record about the same, while the first is open: found, and refused unless it says why.

It is asked in the statement that keeps the new record. By then the chains of both centres are held, and
whoever begins anything between them holds those to its end: of two begun at the same moment the second sees
the first. Source: method S57, S73, S77, S108; design.md 6.
"""

from collections.abc import Sequence
from functools import partial
from typing import TypeVar

from pydantic import BaseModel

from hub.kernel.refusal import Refusal
from hub.matters import store
from hub.matters.casework.keeping import Question
from hub.matters.casework.records import Begun
from hub.matters.workflow import Once, OpenAlready
from hub.plumbing.database import Row
from saikne_schemas.beside import Despite
from saikne_schemas.vocabulary import Workflow

N = TypeVar("N", bound=BaseModel)


class NotOpenAlready(Refusal):
    """What it is begun in spite of is over, or about another, or of other centres."""

    code = "matters.not-open-already"


def question(once: Once[N], workflow: Workflow, begun: Begun[N], despite: Despite | None) -> Question:
    """What else is open about the same, and whether the statement names just that."""
    first, second = begun.roles
    asked = store.still_open(workflow, once.under_way)
    given = (first, second, begun.about, begun.kind, begun.identity)
    return Question(asked, given, partial(_compared, once.refusal, despite))


def _compared(refusal: type[OpenAlready], despite: Despite | None, found: Sequence[Row]) -> None:
    is_open = [row["matter_id"] for row in found]
    named = () if despite is None else despite.already
    if not set(is_open) <= set(named):
        raise refusal(already=[str(one) for one in is_open])
    if not set(named) <= set(is_open):
        raise NotOpenAlready
