"""The most that a training centre may charge for a participant in a year: stated once, not in each contract.

It stands in the centre's own contract with the State (method S37); contracts about training of that year are
checked against it. Money is whole cents. Source: method S37, S98, S104; domain 2.1.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from saikne_schemas.matters import About, Beginning, MatterView
from saikne_schemas.money import Cents
from saikne_schemas.training_lists import CeilingCorrection, CeilingWithdrawal
from saikne_schemas.wire import SCHEMA, Day, Id, Reference, Stated, View

_PATH = "/v1/price-ceilings"


class PriceCeiling(Beginning):
    """A centre states the price ceiling of a year, as its contract with the State has it (method S37)."""

    goes_to: ClassVar[str] = _PATH
    schema_: Literal["saikne.price-ceiling/1"] = SCHEMA
    centre: Id
    year: Annotated[int, Field(ge=2020, le=2100)]
    ceiling_cents: Cents
    contract: Reference
    """The number of the centre's contract with the State."""
    signed_on: Day
    """Of that contract, or of its change for this year."""


class CorrectCeiling(About):
    """The centre corrects the amount; what was agreed and invoiced before stays as it was."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/correct-ceiling"
    schema_: Literal["saikne.price-ceiling-corrected/1"] = SCHEMA
    ceiling_cents: Cents
    reason: CeilingCorrection


class WithdrawCeiling(About):
    """The centre takes back what it has stated in error; the year can then be stated anew."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/withdraw-ceiling"
    schema_: Literal["saikne.price-ceiling-withdrawn/1"] = SCHEMA
    reason: CeilingWithdrawal


class CeilingBefore(View):
    """What it was until a correction."""

    ceiling_cents: int
    until: Day
    reason: CeilingCorrection


class Ceiling(View):
    year: int
    ceiling_cents: int
    contract: Stated
    signed_on: Day
    before: list[CeilingBefore] = []
    withdrawn_because: CeilingWithdrawal | None = None


class PriceCeilingView(MatterView):
    """The price ceiling of a year as its centre sees it; others see it in their contracts with the centre."""

    lies_at: ClassVar[str] = _PATH
    content: Ceiling
