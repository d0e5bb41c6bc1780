"""Why something that is mandatory is not among the copies: a reason for each, or one for all that have none.

Source: method S47-S55; features N6. What is missing is found by `documents`. An answer without reasons for
all of it is not sent, and no reason is taken for what is not missing: it would be about another answer.
"""

from collections.abc import Sequence

from hub.kernel.refusal import Refusal
from saikne_schemas.manifests import Dispatch, MissingBecause
from saikne_schemas.paper import HandedOver, Posted
from saikne_schemas.views import MissingForm


class FormsMissing(Refusal):
    """Mandatory forms are missing and the dispatch does not say why (method S47-S55)."""

    code = "exchange.forms-missing"


class NotMissing(Refusal):
    """A reason for something that the answer holds, or that nobody asked for."""

    code = "exchange.not-missing"


REFUSES = (FormsMissing, NotMissing)


def with_reasons(missing: Sequence[MissingForm], said: Dispatch | HandedOver | Posted) -> list[MissingForm]:
    """All that is missing, each with its reason."""
    stated = {_thing(one): one.because for one in said.missing_because}
    if stray := stated.keys() - {_thing(one) for one in missing}:
        raise NotMissing(given=sorted(map(_told, stray)))
    reasoned = [
        one.model_copy(update={"because": stated.get(_thing(one), said.incomplete_because)})
        for one in missing
    ]
    if unreasoned := [_told(_thing(one)) for one in reasoned if one.because is None]:
        raise FormsMissing(missing=unreasoned)
    return reasoned


_Thing = tuple[str, str | None, int | None, str | None]


def _thing(one: MissingForm | MissingBecause) -> _Thing:
    return (one.form.value, one.subject, one.spouse, one.section.value if one.section else None)


def _told(thing: _Thing) -> str:
    return " ".join(str(part) for part in thing if part is not None)
