"""Questions of a centre with a hundred thousand exchanges, against those of one with a thousand.

Both are of one installation and are asked by turns, so that what slows the machine slows both. As many
of both are open; the rest is confirmed. The exchanges are written past the hub, after one that it made.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from statistics import median
from uuid import UUID

import asyncpg

from saikne.hub import Hub
from saikne_schemas.vocabulary import ExchangeState
from tests.benchmarks.calls import Caller, Line
from tests.benchmarks.row import Row, Scale
from tests.benchmarks.scene import Scene

FEW, MANY = 1_000, 100_000
_OPEN = 120
"""Of each centre, spread evenly over all of its exchanges; half of them it has asked for itself."""
_TURNS = 40
_OPEN_STATES = [
    state for state in ExchangeState if state not in (ExchangeState.CONFIRMED, ExchangeState.WITHDRAWN)
]
_WAITING = "&".join(f"state={state.value}" for state in _OPEN_STATES)
_READ = {
    "inbox": f"/v1/exchanges?{_WAITING}&limit=200",
    "list of 50": "/v1/exchanges",
    "by an open state": "/v1/exchanges?state=frozen",
    "by a state of most": "/v1/exchanges?state=confirmed",
    "by a state of none": "/v1/exchanges?state=withdrawn",
    "duties": "/v1/duties",
    "overdue": "/v1/overdue",
}

Asked = Callable[[Caller, int], Awaitable[bytes]]
"""Signs a question of a centre that has so many."""

_ROOM = "CREATE TEMP TABLE made (n int, matter_id uuid, duty_id uuid, state text) ON COMMIT DROP"
_MADE = """
INSERT INTO made SELECT n, gen_random_uuid(), gen_random_uuid(),
    CASE n % ($1::int / $2::int)
        WHEN 0 THEN ($3::text[])[1 + n / ($1::int / $2::int) % cardinality($3::text[])]
        ELSE 'confirmed'
    END
FROM generate_series(1, $1::int) AS n
"""
_COPIED = """
INSERT INTO hub.{table}
SELECT copy.* FROM hub.{table} AS known
CROSS JOIN made CROSS JOIN LATERAL jsonb_populate_record(known, jsonb_build_object({changes})) AS copy
WHERE known.matter_id = $1
"""
_BEFORE = "known.{0} - made.n * interval '1 minute'"
_MOVED = (
    "'matter_id', made.matter_id, 'state', made.state,"
    f" 'opened_at', {_BEFORE.format('opened_at')}, 'moved_at', {_BEFORE.format('moved_at')}"
)
_ENDED = (
    "'matter_id', made.matter_id, 'id', made.duty_id,"
    " 'due_on', known.due_on - 30 - made.n / 1440,"
    " 'ended_at', CASE made.state WHEN 'confirmed' THEN now() END,"
    " 'ending', CASE made.state WHEN 'confirmed' THEN 'met' END"
)
_CHANGES = {"matter": _MOVED, "party": _MOVED, "duty": _ENDED}


async def growing(scene: Scene, scale: Scale) -> Row:
    few, many, other, another = scene.callers[4:8]
    known = {FEW: await loaded(scene, few, other, FEW), MANY: await loaded(scene, many, other, MANY)}
    asked: dict[str, Asked] = {
        name: lambda caller, _, path=path: caller.get(path)  # type: ignore[misc]
        for name, path in _READ.items()
    }
    asked["one exchange"] = lambda caller, count: caller.get(f"/v1/exchanges/{known[count]}")
    asked["create"] = lambda caller, _: caller.post("/v1/exchanges", scene.request(caller, another))
    found: dict[str, dict[str, float]] = {}
    for name, call in asked.items():
        waits: dict[int, list[float]] = {FEW: [], MANY: []}
        with Line(scene.port) as line:
            for _ in range(max(8, round(_TURNS * scale.reading_seconds / 20))):
                for caller, count in ((few, FEW), (many, MANY)):
                    signed = await call(caller, count)
                    waits[count].append(await asyncio.to_thread(wait, line, signed))
        of_few, of_many = (median(some) * 1000 for some in waits.values())
        found[name] = {"few_ms": round(of_few, 2), "many_ms": round(of_many, 2), "ratio": of_many / of_few}
    worst = max(one["ratio"] for one in found.values())
    raw: dict[str, object] = {
        name: {figure: round(value, 2) for figure, value in one.items()} for name, one in found.items()
    }
    what = "the slowest grown question at 100,000 exchanges of a centre against 1,000"
    return Row(what, worst, at_most=1.3, raw=raw)


def wait(line: Line, call: bytes) -> float:
    began = time.perf_counter()
    line.send(call)
    line.answer()
    return time.perf_counter() - began


async def loaded(scene: Scene, centre: Caller, other: Caller, count: int) -> UUID:
    """Half of them it has asked for, half it was asked for; one that is open."""
    async with Hub(centre.credentials) as hub, Hub(other.credentials) as there:
        asked = [
            (await hub.tell(scene.request(centre, other))).exchange,
            (await there.tell(scene.request(other, centre))).exchange,
        ]
    connection = await asyncpg.connect(scene.stage.owner_url)
    try:
        for template in asked:
            async with connection.transaction():
                states = [state.value for state in _OPEN_STATES]
                await connection.execute(_ROOM)
                await connection.execute(_MADE, count // 2, _OPEN // 2, states)
                for table, changes in _CHANGES.items():
                    await connection.execute(_COPIED.format(table=table, changes=changes), template)
        await connection.execute("VACUUM ANALYZE hub.matter, hub.party, hub.duty")
    finally:
        await connection.close()
    return asked[1]
