"""One at a time is open about the same family or child between two centres, unless it says why."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import select

from hub.exchange.casework import reading as exchanges
from hub.exchange.casework.copies import COPIES
from hub.exchange.casework.copies import ENGINE as ASKING
from hub.exchange.copy_request import AskedAlready
from hub.kernel.ids import OVERSIGHT, CentreId, ExchangeId, MatterId
from hub.kernel.refusal import Refusal
from hub.matters import store
from hub.matters.casework import reading
from hub.matters.casework.matters import engine_of
from hub.matters.casework.once import NotOpenAlready
from hub.matters.casework.records import Sent
from hub.plumbing.database import Database
from hub.signing.keyring import Keyring
from hub.transfers.casework.child_moves import CHILD_MOVES
from hub.transfers.casework.family_moves import FAMILY_MOVES
from hub.transfers.child_move import ChildMovesAlready
from hub.transfers.family.opening import FamilyMovesAlready
from saikne import compose
from saikne_demo import stage
from saikne_schemas.beside import Despite, DespiteView
from saikne_schemas.child_moves import BeginChildMove, CancelChildMove
from saikne_schemas.child_vocabulary import ChildMoveCancelled
from saikne_schemas.correction_words import DespiteReason
from saikne_schemas.family_move_words import MoveCancelReason
from saikne_schemas.family_moves import BeginFamilyMove, CancelMove
from saikne_schemas.manifests import RequestForCopies, Withdrawal
from saikne_schemas.statements import Statement
from saikne_schemas.supplements import Supplement
from saikne_schemas.vocabulary import (
    ExchangeKind,
    LegalBasis,
    Purpose,
    SupplementReason,
    WithdrawReason,
)
from tests.conftest import Cluster
from tests.exchange.bureau import RECEIVED, Bureau, as_signed, request_for_copies
from tests.journeys.play import until
from tests.matters.crowd import crowd

FAMILY, CHILD, OTHER = "AG-7741", "AG-7741-B1", "AG-7741-B2"
COURT_SAYS = DespiteReason.ASKED_BY_COURT


@dataclass
class Bench:
    """Two centres, each of which may ask the other."""

    bureau: Bureau
    new: CentreId
    previous: CentreId
    admin_url: str

    async def say(self, statement: Any, by: CentreId | None = None) -> UUID:
        """The record that a statement begins or moves."""
        kind, author = type(statement), by or self.new
        sent = Sent(author, as_signed(statement, RECEIVED), statement)
        async with self.bureau.desk(RECEIVED, self.new, self.previous, OVERSIGHT) as desk:
            if kind is RequestForCopies:
                return (await ASKING.begin(desk, COPIES.opening, sent)).exchange
            if kind in {BeginFamilyMove, CancelMove}:
                return await self._of_a_move(desk, FAMILY_MOVES, sent)
            if kind in {BeginChildMove, CancelChildMove}:
                return await self._of_a_move(desk, CHILD_MOVES, sent)
            verb = next(one for one in COPIES.verbs if one.statement is kind)
            return (await ASKING.advance(desk, verb, statement.exchange, sent)).exchange

    async def _of_a_move(self, desk: Any, workflow: Any, sent: Sent) -> UUID:
        engine = engine_of(workflow)
        if workflow.opening.statement is type(sent.manifest):
            return (await engine.begin(desk, workflow.opening, sent)).matter
        verb = next(one for one in workflow.verbs if one.statement is type(sent.manifest))
        return (await engine.advance(desk, verb, sent.manifest.matter, sent)).matter

    async def refused(self, statement: Any, by: CentreId | None = None) -> Refusal:
        with pytest.raises(Refusal) as refusal:
            await self.say(statement, by)
        return refusal.value

    def plan(self, **changes: Any) -> RequestForCopies:
        return request_for_copies(self.new, self.previous, **changes)

    def case(self, **changes: Any) -> RequestForCopies:
        of_a_family = {
            "kind": ExchangeKind.FAMILY_CASE,
            "family": FAMILY,
            "legal_basis": LegalBasis.METHOD_FAMILY_MOVE,
            "purpose": Purpose.CONTINUITY_OF_SUPPORT,
        }
        return self.plan(**{**of_a_family, **changes})

    def family_move(self, **changes: Any) -> BeginFamilyMove:
        fields: dict[str, Any] = {
            "new": self.new,
            "previous": self.previous,
            "family": FAMILY,
            "children": [CHILD],
            "agreement": "V-2026/31",
            "agreed_on": date(2026, 10, 20),
            "territory": "LV-041",
        }
        return compose(BeginFamilyMove, **{**fields, **changes})

    def child_move(self, **changes: Any) -> BeginChildMove:
        return compose(
            BeginChildMove, **{"new": self.new, "previous": self.previous, "child": CHILD, **changes}
        )


@pytest.fixture
async def bench(
    cluster: Cluster, database_name: str, database: Database, owner: Database, tmp_path: Path
) -> Bench:
    bureau = Bureau(database, owner, Keyring(tmp_path / "keys"))
    new = await bureau.admit("Zemgale", "50008021661", stage.ZEMGALE)
    previous = await bureau.admit("Ligzda", "40003521600", stage.LIGZDA)
    return Bench(bureau, new, previous, cluster.url(database_name))


@pytest.fixture
async def crowded(cluster: Cluster, database_name: str, database: Database) -> Database:
    await crowd(cluster.url(database_name))
    return database


BEGINNINGS: dict[type[Refusal], tuple[Callable[..., Any], Callable[[UUID], Statement]]] = {
    AskedAlready: (
        Bench.plan,
        lambda one: compose(Withdrawal, exchange=one, reason=WithdrawReason.DUPLICATE),
    ),
    FamilyMovesAlready: (
        Bench.family_move,
        lambda one: compose(CancelMove, matter=one, reason=MoveCancelReason.FAMILY_STAYS),
    ),
    ChildMovesAlready: (
        Bench.child_move,
        lambda one: compose(CancelChildMove, matter=one, reason=ChildMoveCancelled.FAMILY_WITHDREW),
    ),
}


@pytest.mark.parametrize("refusal", BEGINNINGS)
async def test_a_second_one_is_refused_by_the_first_ones_number_until_that_is_over(
    bench: Bench, refusal: type[Refusal]
) -> None:
    beginning, ending = BEGINNINGS[refusal]
    first = await bench.say(beginning(bench))
    before = await chains(bench)
    refused = await bench.refused(beginning(bench))
    assert (type(refused), refused.facts) == (refusal, {"already": [str(first)]})
    assert await chains(bench) == before
    await bench.say(ending(first))
    assert await bench.say(beginning(bench)) != first


@pytest.mark.parametrize("refusal", BEGINNINGS)
async def test_one_that_says_why_is_taken_and_both_centres_read_it(
    bench: Bench, refusal: type[Refusal]
) -> None:
    beginning, _ = BEGINNINGS[refusal]
    first = await bench.say(beginning(bench))
    despite = Despite(already=[first], reason=COURT_SAYS)
    second = await bench.say(beginning(bench, despite=despite))
    for centre in (bench.new, bench.previous):
        assert await despite_of(bench, refusal, centre, second) == DespiteView.of(despite)
        assert await despite_of(bench, refusal, centre, first) is None
    half = Despite(already=[second], reason=COURT_SAYS)
    refused = await bench.refused(beginning(bench, despite=half))
    assert refused.facts == {"already": sorted([str(first), str(second)])}
    both = Despite(already=[second, first], reason=COURT_SAYS)
    assert await bench.say(beginning(bench, despite=both)) not in {first, second}


@pytest.mark.parametrize("refusal", BEGINNINGS)
async def test_what_is_not_open_about_the_same_is_not_named(bench: Bench, refusal: type[Refusal]) -> None:
    beginning, ending = BEGINNINGS[refusal]
    first = await bench.say(beginning(bench))
    for strange in ([uuid4()], [first, uuid4()]):
        named = Despite(already=strange, reason=COURT_SAYS)
        assert type(await bench.refused(beginning(bench, despite=named))) in {NotOpenAlready, refusal}
    await bench.say(ending(first))
    over = Despite(already=[first], reason=COURT_SAYS)
    assert isinstance(await bench.refused(beginning(bench, despite=over)), NotOpenAlready)


async def test_what_follows_from_a_move_or_is_about_another_goes_on_as_ever(bench: Bench) -> None:
    """A move, its copies, each child's plan, the same number the other way round: none is a second one."""
    begun = [
        await bench.say(bench.family_move()),
        await bench.say(bench.family_move(family="AG-7742")),
        await bench.say(bench.child_move()),
        await bench.say(bench.child_move(child=OTHER), by=bench.previous),
        await bench.say(bench.case()),
        await bench.say(bench.case(family="AG-7742")),
        await bench.say(bench.plan()),
        await bench.say(bench.plan(children=[OTHER])),
        await bench.say(request_for_copies(bench.previous, bench.new), by=bench.previous),
        await bench.say(bench.family_move(new=bench.previous, previous=bench.new), by=bench.previous),
        await bench.say(bench.child_move(new=bench.previous, previous=bench.new)),
    ]
    assert len(set(begun)) == 11


async def test_more_children_of_a_family_are_a_supplement_and_not_another_request(bench: Bench) -> None:
    first = await bench.say(bench.case(children=[CHILD]))
    refused = await bench.refused(bench.case(children=[OTHER]))
    assert refused.facts == {"already": [str(first)]}
    placed = SupplementReason.CHILD_PLACED_SINCE
    assert await bench.say(compose(Supplement, exchange=first, children=[OTHER], reason=placed)) == first


async def test_one_that_is_taken_up_again_is_open_again(bench: Bench) -> None:
    """A second one was begun meanwhile: both go on, and a third has to name both."""
    first = await bench.say(bench.plan())
    async with bench.bureau.desk(RECEIVED, bench.new, bench.previous, OVERSIGHT) as desk:
        await desk.tx.exec_driver_sql("UPDATE hub.party SET state = 'confirmed'")
    second = await bench.say(bench.plan())
    async with bench.bureau.desk(RECEIVED, bench.new, bench.previous, OVERSIGHT) as desk:
        await desk.tx.exec_driver_sql("UPDATE hub.party SET state = 'lapsed'")
    refused = await bench.refused(bench.plan())
    assert refused.facts == {"already": sorted([str(first), str(second)])}


@pytest.mark.parametrize("refusal", BEGINNINGS)
async def test_of_two_at_the_same_moment_one_is_taken(bench: Bench, refusal: type[Refusal]) -> None:
    """Both have looked up all that their rules want to know, and wait for the same chains."""
    beginning, _ = BEGINNINGS[refusal]
    async with bench.bureau.owner.transaction([bench.previous]) as tx:
        held = "SELECT FROM hub.chain_head WHERE tenant_id = $1 FOR UPDATE"
        await tx.exec_driver_sql(held, (bench.previous,))
        both = [asyncio.create_task(bench.say(beginning(bench))) for _ in range(2)]
        await waiting(bench, 2)
    came = await asyncio.gather(*both, return_exceptions=True)
    (taken,) = [one for one in came if isinstance(one, UUID)]
    (refused,) = [one for one in came if isinstance(one, BaseException)]
    assert isinstance(refused, refusal)
    assert refused.facts == {"already": [str(taken)]}


async def test_oversight_is_not_told_whom_it_is_about(bench: Bench) -> None:
    request = await bench.say(bench.plan())
    async with bench.bureau.desk(RECEIVED, bench.new, bench.previous, OVERSIGHT) as desk:
        rows = await store.PartyRow.every(
            desk.tx, select(store.party).where(store.party.c.matter_id == request)
        )
    assert {row.tenant_id: row.about for row in rows} == {
        bench.new: CHILD,
        bench.previous: CHILD,
        OVERSIGHT: None,
    }


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize(
    ("workflow", "index"),
    [(COPIES, "ix_party_open"), (FAMILY_MOVES, "ix_party_workflow"), (CHILD_MOVES, "ix_party_workflow")],
)
async def test_the_open_one_is_found_by_an_index(
    crowded: Database, workflow: Any, index: str, mode: str
) -> None:
    """However much the two centres have open: the wall lets an index have only what leaks nothing."""
    asked = store.still_open(workflow.kind, workflow.opening.once.under_way)
    async with crowded.transaction() as tx:
        await tx.exec_driver_sql("SET LOCAL enable_seqscan = off")
        await tx.exec_driver_sql(f"SET LOCAL plan_cache_mode = '{mode}'")
        given = (uuid4(), uuid4(), CHILD, "child_iap", uuid4())
        rows = await tx.exec_driver_sql(f"EXPLAIN {asked}", given)
        plan = "\n".join(row[0] for row in rows)
    (condition,) = re.findall(r"Index Cond: (.*)", plan)
    assert index in plan
    assert ("about" if workflow is COPIES else "workflow") in condition, plan


async def chains(bench: Bench) -> list[Any]:
    async with bench.bureau.desk(RECEIVED, bench.new, bench.previous, OVERSIGHT) as desk:
        heads = await desk.tx.exec_driver_sql("SELECT tenant_id, seq FROM hub.chain_head ORDER BY 1")
        return list(heads.all())


async def waiting(bench: Bench, how_many: int) -> None:
    """Until so many transactions wait for a lock."""
    asked = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    watching = await asyncpg.connect(bench.admin_url)

    async def count() -> int:
        return int(await watching.fetchval(asked))

    await until(count, lambda found: found >= how_many)
    await watching.close()


async def despite_of(bench: Bench, refusal: type[Refusal], centre: CentreId, identity: UUID) -> Any:
    async with bench.bureau.desk(RECEIVED, centre) as desk:
        if refusal is AskedAlready:
            return (await exchanges.show(desk, centre, ExchangeId(identity))).despite
        workflow: Any = FAMILY_MOVES if refusal is FamilyMovesAlready else CHILD_MOVES
        view: Any = await reading.show(desk, workflow, centre, MatterId(identity))
        return view.content.despite
