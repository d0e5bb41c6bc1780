"""A hub in which much lies already, so that how a row is found is what it will be when that matters."""

import asyncpg

_LIES = """
    INSERT INTO hub.party
        (tenant_id, matter_id, role, workflow, kind, about, state, parties, opened_at, moved_at)
    SELECT centre, gen_random_uuid(), CASE workflow WHEN 'copies' THEN 'requester' ELSE 'new' END, workflow,
        CASE workflow WHEN 'copies' THEN 'child_iap' END, 'AG-' || number, state, ARRAY[centre, other],
        now(), now() - number * interval '1 minute'
    FROM (
        SELECT number, md5('centre ' || number % 20)::uuid AS centre,
            md5('centre ' || (number / 20) % 20)::uuid AS other,
            (ARRAY['copies', 'copies', 'family_move', 'child_move'])[1 + number % 4] AS workflow,
            CASE WHEN number % 7 > 0
                THEN (ARRAY['confirmed', 'confirmed', 'closed', 'closed'])[1 + number % 4]
                ELSE (ARRAY['requested', 'dispatched', 'dated', 'placed'])[1 + number % 4] END AS state
        FROM generate_series(1, 8000) AS number
    ) AS lies
"""


async def crowd(admin_url: str) -> None:
    """Parties without their records: for the planner only."""
    connection = await asyncpg.connect(admin_url)
    await connection.execute("SET session_replication_role = replica")
    await connection.execute(_LIES)
    await connection.execute("ANALYZE hub.party")
    await connection.close()
