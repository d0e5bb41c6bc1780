"""Amounts of money in documents: whole cents."""

from typing import Annotated

from pydantic import Field

MOST_CENTS = 100_000_000
Cents = Annotated[int, Field(ge=1, le=MOST_CENTS)]
