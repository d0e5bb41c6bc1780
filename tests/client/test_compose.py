"""A statement is composed field by field: what does not fit is an error to a type checker, and refused.

Every `type: ignore` below is the assertion: mypy, which warns of those that are not needed, fails where one
of these mistakes is none to it any more.
"""

from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from saikne import Dispatch, Dispute, DisputeReason, Withdrawal, WithdrawReason, compose

EXCHANGE = uuid4()


def test_schema_and_identity_are_filled_in() -> None:
    said = compose(Withdrawal, exchange=EXCHANGE, reason=WithdrawReason.DUPLICATE)
    other = compose(Withdrawal, exchange=EXCHANGE, reason=WithdrawReason.DUPLICATE)
    assert (said.schema_, said.exchange, said.id.version) == ("saikne.withdrawal/1", EXCHANGE, 4)
    assert said.id != other.id


def test_an_identity_that_is_given_is_kept() -> None:
    identity = UUID("2b3c4d5e-6f7a-4b8c-9d0e-1f2a3b4c5d6e")
    assert compose(Dispatch, id=identity, exchange=EXCHANGE, round=1).id == identity


def test_a_misspelt_field_is_an_error() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        compose(Dispatch, exchange=EXCHANGE, round=1, incomplete_becuase=None)  # type: ignore[call-arg]


def test_a_missing_field_is_an_error() -> None:
    with pytest.raises(ValidationError, match="Field required"):
        compose(Dispute, exchange=EXCHANGE, reason=DisputeReason.UNREADABLE)  # type: ignore[call-arg]


def test_a_field_of_another_type_is_an_error() -> None:
    with pytest.raises(ValidationError, match="Input should be a valid integer"):
        compose(Dispatch, exchange=EXCHANGE, round="one")  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="Input should be an instance of WithdrawReason"):
        compose(Withdrawal, exchange=EXCHANGE, reason="duplicate")  # type: ignore[arg-type]
