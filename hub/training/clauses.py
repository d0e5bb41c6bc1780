"""Which clauses a contract about training lacks: all that the method makes mandatory.

Source: method S96 (topic, hours, time, form, place in person, lecturer, family, price, payment), S98. What
is price above the ceiling is refused here too. Says nothing about days: those are the course's.
"""

from hub.kernel.refusal import Refusal
from saikne_schemas.training import TrainingContract
from saikne_schemas.training_lists import ContractClause, TrainingForm


class ClauseMissing(Refusal):
    """The contract lacks mandatory clauses; all of them are named."""

    code = "training.clause-missing"


class OverCeiling(Refusal):
    """Nobody charges more than the training centre's contract with the ministry allows."""

    code = "training.over-ceiling"


def missing(contract: TrainingContract) -> list[ContractClause]:
    """The clauses that are not there, in the order in which the method names them."""
    in_person = contract.form is TrainingForm.IN_PERSON
    there = {
        ContractClause.TOPIC: contract.topics,
        ContractClause.HOURS: contract.minutes,
        ContractClause.TIME: contract.sessions,
        ContractClause.FORM: contract.form,
        ContractClause.PLACE: (contract.premises and contract.territory) or not in_person,
        ContractClause.LECTURER: contract.lecturer,
        ContractClause.FAMILY: contract.family and contract.family_contacts_in,
        ContractClause.PRICE: contract.charged_at_cost and contract.ceiling_cents,
        ContractClause.PAYMENT: contract.payment and contract.payment_days,
    }
    return [clause for clause, said in there.items() if not said]


def require_whole(contract: TrainingContract) -> None:
    """Refuse a contract that lacks a clause, or expects a price above its own ceiling."""
    if lacking := missing(contract):
        raise ClauseMissing(missing=[clause.value for clause in lacking])
    expected, most = contract.price_cents, contract.ceiling_cents
    if expected is not None and most is not None and expected > most:
        raise OverCeiling(amount_cents=expected, most_cents=most)
