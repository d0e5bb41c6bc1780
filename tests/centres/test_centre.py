"""When a centre takes part, and whose rows an overseer reads."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from uuid import UUID

import pytest

from hub.centres.centre import (
    STATES,
    Centre,
    CentreRole,
    CentreState,
    CentreSuspended,
    CentreUnknown,
    StateChange,
    StateUnchanged,
    after,
    taking_part,
    tenant_of,
)
from hub.kernel.ids import OVERSIGHT, CentreId
from saikne_schemas.vocabulary import CalendarPolicy, Scope

CENTRE = Centre(
    id=CentreId(UUID("11111111-1111-4111-8111-111111111111")),
    registration_number="50008021661",
    legal_entity="Biedrība “Baltā māja”",
    name="Zemgales atbalsta centrs",
    role=CentreRole.CENTRE,
    state=CentreState.ACTIVE,
    scopes=frozenset({Scope.EXCHANGE}),
    calendar=CalendarPolicy.STATUTORY,
    agreement_version="1.0",
    agreement_signed_on=date(2026, 11, 2),
    admitted_at=datetime(2026, 11, 21, tzinfo=UTC),
)
SUSPENDED = replace(CENTRE, state=CentreState.SUSPENDED)


@pytest.mark.parametrize(("state", "change"), list(product(CentreState, StateChange)))
def test_the_table_is_all_that_can_happen_to_a_centre(state: CentreState, change: StateChange) -> None:
    centre = replace(CENTRE, state=state)
    if (state, change) in STATES:
        assert after(centre, change) is not state
    else:
        with pytest.raises(StateUnchanged, match=r"^centres\.state-unchanged$"):
            after(centre, change)


def test_only_an_admitted_and_active_centre_takes_part() -> None:
    assert taking_part(CENTRE) is CENTRE
    with pytest.raises(CentreSuspended, match=r"^centres\.suspended$"):
        taking_part(SUSPENDED)
    with pytest.raises(CentreUnknown, match=r"^centres\.unknown$"):
        taking_part(None)


def test_a_centre_reads_its_own_rows_and_every_overseer_those_of_oversight() -> None:
    assert tenant_of(CENTRE) == CENTRE.id
    assert tenant_of(replace(CENTRE, role=CentreRole.OVERSIGHT)) == OVERSIGHT


@pytest.mark.parametrize(
    ("kind", "stored"),
    [
        (CentreRole, ["centre", "oversight"]),
        (CentreState, ["active", "suspended"]),
    ],
)
def test_stored_words_are_still_read(kind: type, stored: list[str]) -> None:
    assert [kind(word).value for word in stored] == stored
