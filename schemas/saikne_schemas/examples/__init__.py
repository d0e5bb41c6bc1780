"""Every published document with its example, as JSON values; `schemas/json` holds a schema of each."""

from pydantic import BaseModel

from saikne_schemas.examples import (
    agreements,
    child_moves,
    courts,
    duty_reports,
    exchange,
    family_moves,
    identities,
    matters,
    outside,
    paper,
    person_keys,
    plans,
    price_ceilings,
    proofs,
    reconciliation,
    registrations,
    sibling_contacts,
    terms,
    training,
    training_reports,
)

EXAMPLES: dict[type[BaseModel], dict[str, object]] = {
    **exchange.EXAMPLES,
    **identities.EXAMPLES,
    **person_keys.EXAMPLES,
    **dict((*proofs.PROOFS, *courts.COURTS, *terms.TERMS, *paper.PAPER, *outside.OUTSIDE)),
    **matters.EXAMPLES,
    **duty_reports.EXAMPLES,
    **agreements.EXAMPLES,
    **training.EXAMPLES,
    **training_reports.EXAMPLES,
    **price_ceilings.EXAMPLES,
    **family_moves.EXAMPLES,
    **registrations.EXAMPLES,
    **reconciliation.EXAMPLES,
    **child_moves.EXAMPLES,
    **plans.EXAMPLES,
    **sibling_contacts.EXAMPLES,
}
