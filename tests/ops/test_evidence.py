"""`hub evidence verify` says that chains hold, and where one does not."""

from uuid import uuid4

import pytest

from hub.kernel.ids import OVERSIGHT
from tests.ops.test_centres import Operator, operator

__all__ = ["operator"]


def test_untouched_chains_hold(operator: Operator) -> None:
    centre, overseer = operator.admit(), operator.admit(name="Uzraugs", oversight=True)
    found = {chain["tenant"]: chain for chain in operator.json("evidence", "verify")}
    assert set(found) == {str(centre), str(OVERSIGHT)}
    assert all(chain["holds"] and chain["last"]["seq"] == 4 for chain in found.values())
    assert str(overseer) not in found


def test_a_hub_without_centres_has_nothing_to_be_broken(operator: Operator) -> None:
    assert "nothing recorded yet" in operator("evidence", "verify")


def test_a_broken_chain_is_named_with_its_place_and_the_next_step(operator: Operator) -> None:
    centre, other = operator.admit(), operator.admit(name="Cits centrs")
    operator.tamper(f"UPDATE hub.event SET body = '{{}}' WHERE seq = 2 AND tenant_id = '{centre}'")  # noqa: S608
    told = operator("evidence", "verify", expect=1)
    assert "number 2 was altered" in told
    assert "Keep the database as it is" in told
    found = {chain["tenant"]: chain for chain in operator.json("evidence", "verify", expect=1)}
    assert not found[str(centre)]["holds"]
    assert (found[str(centre)]["flaw"], found[str(centre)]["broken_at"]) == ("altered", 2)
    assert found[str(centre)]["by_database"] == {"flaw": "altered", "broken_at": 2}
    assert found[str(other)]["holds"]
    assert "holds" in operator("evidence", "verify", "--centre", str(other))


def test_a_check_that_was_changed_inside_the_database_is_told_by_the_other(operator: Operator) -> None:
    operator.admit()
    operator.tamper("UPDATE hub.event SET body = '{}' WHERE seq = 2")
    operator.tamper(
        "CREATE OR REPLACE FUNCTION hub.link_hash(tenant uuid, seq bigint, at timestamptz, kind text,"
        " about uuid, body bytea, prev bytea) RETURNS bytea LANGUAGE sql STABLE AS"
        " $$ SELECT event.hash FROM hub.event WHERE event.tenant_id = $1 AND event.seq = $2 $$"
    )
    told = operator("evidence", "verify", expect=1)
    assert "number 2 was altered" in told
    assert "the database's own check says otherwise" in told


def test_a_receipts_link_is_looked_for_in_the_chain(operator: Operator) -> None:
    centre = str(operator.admit())
    [chain] = operator.json("evidence", "verify", "--centre", centre)
    link = f"{chain['last']['seq']}:{chain['last']['hash']}"
    operator("evidence", "verify", "--centre", centre, "--link", link)
    forged = f"2:{chain['last']['hash']}"
    told = operator("evidence", "verify", "--centre", centre, "--link", link, "--link", forged, expect=1)
    assert "number 2 is not the one that the receipt names" in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--link", "1:00"], "--centre"),
        (["--centre", "abc"], "Not an id of a centre"),
        (["--centre", str(uuid4())], "does not know this centre"),
        (["--centre", str(uuid4()), "--link", "x"], "Not a link: x"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(
    operator: Operator, words: list[str], said: str
) -> None:
    assert said in operator("evidence", "verify", *words, expect=2)


def test_an_overseers_id_stands_for_the_chain_of_oversight(operator: Operator) -> None:
    overseer = operator.admit(oversight=True)
    [chain] = operator.json("evidence", "verify", "--centre", str(overseer))
    assert chain["tenant"] == str(OVERSIGHT)
