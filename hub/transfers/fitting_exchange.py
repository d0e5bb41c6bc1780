"""Whether an exchange of copies belongs to a move: asked between the same centres, about whom the move is.

Source: method S77, S106, S108. What is in the answer, and by when, is the exchange's own matter.
"""

from dataclasses import dataclass
from datetime import date

from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal
from saikne_schemas.vocabulary import ExchangeKind, ExchangeState


class ExchangeDoesNotFit(Refusal):
    """No such exchange, or between others, about others, of another kind, or withdrawn."""

    code = "transfers.exchange-does-not-fit"


@dataclass(frozen=True, slots=True)
class NamedExchange:
    """What an exchange says of itself, as far as a move asks."""

    kind: ExchangeKind
    requester: CentreId
    holder: CentreId
    family: str | None
    children: tuple[str, ...]
    state: ExchangeState
    answered_before: bool = False
    """What was asked for first is confirmed; only more is awaited."""
    due_on: date | None = None
    """By when somebody owes its next step."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which exchange a move needs."""

    kind: ExchangeKind
    requester: CentreId
    holder: CentreId
    about: str
    """The family's reference for its case, the child's for everything else."""


def require_fit(named: NamedExchange | None, wanted: Wanted) -> NamedExchange:
    if named is None or named.state is ExchangeState.WITHDRAWN:
        raise ExchangeDoesNotFit
    of_a_family = wanted.kind is ExchangeKind.FAMILY_CASE
    about = (named.family,) if of_a_family else named.children
    parties = (named.requester, named.holder) == (wanted.requester, wanted.holder)
    if not (named.kind is wanted.kind and parties and wanted.about in about):
        raise ExchangeDoesNotFit
    return named
