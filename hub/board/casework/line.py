"""What happened in a record, in the order of time: what was said, what became of it, which terms it met.

Source: the look's page of a record. Of each thing only the moment, a word that all programs know and whose it
was: nothing of a document but that it is there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from hub.duties.duty import Ending
from hub.matters.store import StatementRow
from saikne_schemas.views import DutyView, ExchangeView


class What(StrEnum):
    SAID = "said"
    SEALED = "sealed"
    PASSWORD = "password"  # noqa: S105  # a word
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Happened:
    at: datetime
    what: What
    word: str
    """As all programs call it: a statement, a state of the password, a duty; empty where there is but one."""
    who: str = ""
    duty: DutyView | None = None
    """Of a term that was met: which day it was and how late that is."""


def line_of(
    said: Iterable[StatementRow],
    ended: Iterable[DutyView],
    exchange: ExchangeView | None,
    names: Mapping[UUID, str],
) -> Sequence[Happened]:
    found = [
        *(
            Happened(one.received_at, What.SAID, f"statement.{one.kind}", names[one.author_id])
            for one in said
        ),
        *(done for one in ended if (done := _done(one)) is not None),
        *(_of_answer(exchange) if exchange is not None else ()),
    ]
    return sorted(found, key=lambda one: one.at)


def _said(statement: StatementRow, author: str) -> Happened:
    return Happened(statement.received_at, What.SAID, f"statement.{statement.kind}", author)


def _done(duty: DutyView) -> Happened | None:
    if duty.ended_at is None or duty.ending != Ending.MET:
        return None
    return Happened(duty.ended_at, What.DONE, f"duty.{duty.kind}", duty.owner_name, duty)


def _of_answer(exchange: ExchangeView) -> Iterator[Happened]:
    """Of the newest one: an earlier one's archive and password are erased."""
    answer = exchange.answer
    if answer is None:
        return
    sealed = [one.sealed_at for one in answer.documents if one.sealed_at is not None]
    if sealed and len(sealed) == len(answer.documents):
        yield Happened(max(sealed), What.SEALED, "")
    if answer.password is not None and answer.password.at is not None:
        yield Happened(answer.password.at, What.PASSWORD, f"password-state.{answer.password.state}")
