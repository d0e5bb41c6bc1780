"""Which options an answer of a family to its plan takes: by how it answered (method S132, S134)."""

from typing import Any

from saikne.command.speech import word
from saikne.problems import LocalRefusal
from saikne_schemas.plan_lists import ConfirmedHow

TAKEN_BY: dict[str, ConfirmedHow] = {
    "corrections": ConfirmedHow.THREE_PART,
    "agreed": ConfirmedHow.THREE_PART,
    "signed": ConfirmedHow.IN_PERSON,
}
"""By the option the one way that asks for it; no other takes it."""


class TakesNot(LocalRefusal):
    """An option says what this way of answering does not hold."""

    code = "plan.answer-takes-not"


def check_options(how: ConfirmedHow, **given: Any) -> None:
    """Refuse what is too much, each by its name; `given`: as the parameters of the verb."""
    much = [
        f"--{name}" for name, value in given.items() if value not in (None, []) and TAKEN_BY[name] is not how
    ]
    if much:
        raise TakesNot(given=", ".join(much), how=word("support_plan.confirmed_how", how.value))
