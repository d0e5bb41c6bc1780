"""The closed lists of training between centres. They only grow; a value is what is stored and signed.

Source: method S37, S62-S66, S92-S104. No document and no library of documents here: help for typing loads
this.
"""

from enum import StrEnum


class TrainingState(StrEnum):
    """What is still to come: certificate and invoice follow the training in any order."""

    PROPOSED = "proposed"
    DECLINED = "declined"
    IN_FORCE = "in_force"
    CANCELLED = "cancelled"
    HELD = "held"
    """The certificate and the invoice are to come."""
    CERTIFIED = "certified"
    """The invoice is to come."""
    INVOICED = "invoiced"
    """The certificate and the payment are to come."""
    DELIVERED = "delivered"
    """Certified and invoiced; the payment is to come."""
    PAID = "paid"
    """The certificate is to come."""
    CLOSED = "closed"


class TrainingRole(StrEnum):
    TRAINER = "trainer"
    """The centre that trains."""
    FAMILYS = "familys"
    """The centre with which the family has its agreement."""


class TrainingKind(StrEnum):
    """Method S93."""

    INITIAL = "initial"
    ADVANCED = "advanced"
    SPECIALISATION = "specialisation"


class TrainingTopic(StrEnum):
    """What the training is about; the programme's own words stand in the paper contract."""

    CARE_AND_PROTECTION = "care_and_protection"
    DEVELOPMENTAL_NEEDS = "developmental_needs"
    RELATIONS_WITH_FAMILIES = "relations_with_families"
    SAFE_LIFELONG_RELATIONS = "safe_lifelong_relations"
    TEAMWORK = "teamwork"
    TRAUMA_AND_ATTACHMENT = "trauma_and_attachment"
    BEHAVIOUR = "behaviour"
    HEALTH_AND_DISABILITY = "health_and_disability"
    CRISIS_CARE = "crisis_care"
    LAW = "law"
    OTHER = "other"


class TrainingForm(StrEnum):
    IN_PERSON = "in_person"
    ONLINE = "online"


class Premises(StrEnum):
    """Whose premises a training in person is held in; the address is in the paper contract only."""

    TRAINER = "trainer"
    FAMILYS = "familys"
    """Of the family's centre."""
    INSTITUTION = "institution"
    """Of a school, a municipality, a hospital."""
    HIRED = "hired"


class PaymentOrder(StrEnum):
    """Never in advance: the invoice follows the training (method S104)."""

    TRANSFER_AFTER_INVOICE = "transfer_after_invoice"
    INSTALMENTS_AFTER_INVOICE = "instalments_after_invoice"


class ContractClause(StrEnum):
    """What a contract about training must hold (method S96)."""

    TOPIC = "topic"
    HOURS = "hours"
    TIME = "time"
    FORM = "form"
    PLACE = "place"
    LECTURER = "lecturer"
    FAMILY = "family"
    PRICE = "price"
    PAYMENT = "payment"


class TrainingCost(StrEnum):
    """What an actual cost of the training was for."""

    LECTURER = "lecturer"
    PREMISES = "premises"
    MATERIALS = "materials"
    TRAVEL = "travel"
    OTHER = "other"


class CeilingState(StrEnum):
    """Of the price ceiling of a centre's year."""

    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"
    """Stated in error: for another year, or of another contract."""


class CeilingRole(StrEnum):
    CENTRE = "centre"


class CeilingCorrection(StrEnum):
    """Why a stated ceiling is another amount."""

    MISTYPED = "mistyped"
    CONTRACT_AMENDED = "contract_amended"


class CeilingWithdrawal(StrEnum):
    WRONG_YEAR = "wrong_year"
    WRONG_CONTRACT = "wrong_contract"


class IncomeAccount(StrEnum):
    """Where income from another centre's invoice must be paid into (method S38, S104)."""

    STATE_BUDGET = "state_budget"


class IncomeUse(StrEnum):
    """What that income may be spent on (method S104)."""

    TRAINING_COSTS_ONLY = "training_costs_only"


class TrainingDeclined(StrEnum):
    """Why a centre does not accept the contract that the other proposed."""

    NO_PLACE = "no_place"
    NOT_NEEDED = "not_needed"
    TIME_DOES_NOT_FIT = "time_does_not_fit"
    PRICE_DOES_NOT_FIT = "price_does_not_fit"
    CONTRACT_DIFFERS = "contract_differs"


class TrainingCancelled(StrEnum):
    """Why an agreed training does not take place."""

    FAMILY_CANNOT = "family_cannot"
    LECTURER_CANNOT = "lecturer_cannot"
    TOO_FEW_PARTICIPANTS = "too_few_participants"
    FAMILY_LEFT_CENTRE = "family_left_centre"
    RECORDED_IN_ERROR = "recorded_in_error"
