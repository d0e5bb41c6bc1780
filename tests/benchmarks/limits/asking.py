"""A request for copies as one call of the database: what its rules ask, and every row that it writes.

Rows, tables, indices, checks and policies are the hub's own, and it is done in the application's role behind
the wall. In this order: proof and nonce are used up and the caller is looked at; the rules' questions; rows
that nobody else waits for; then both chains are taken, and what is asked and written while they are held. The
acceptance is signed after the commit: its text is kept, and signed again it has the same bytes.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import uuid4

import asyncpg

from hub.agreements.casework import HAS_AGREEMENTS
from hub.duties.casework import Opening, opened
from hub.duties.duty import Basis, DutyKind, Stake
from hub.evidence.event import EventKind
from hub.exchange import quotas
from hub.exchange.store import UNDER_WAY
from hub.kernel.ids import OVERSIGHT, CentreId, MatterId
from hub.matters.store import COPIES
from hub.web.limits import Limits
from hub.workdays.calendars import Calendars, Policy
from saikne_schemas.vocabulary import Scope

_AT_MOST = Limits().open_requests
_OPEN_UPON = quotas.open_upon(_AT_MOST).replace("$1", "caller").replace("$2", "holder")
_AGREED = HAS_AGREEMENTS.replace("centre.id", "caller")
_OF_A_TERM = (
    "starts_on, calendar, basis, working_days, calendar_version, edition, confirmed, due_on, alt_due_on,"
    " explanation"
)

SCHEMA = f"""
CREATE SCHEMA limits;
GRANT USAGE ON SCHEMA limits TO hub_app;
CREATE TABLE limits.term AS SELECT {_OF_A_TERM}, rungs_told FROM hub.duty WITH NO DATA;
CREATE UNIQUE INDEX ON limits.term (starts_on, calendar);
GRANT SELECT ON limits.term TO hub_app;

CREATE FUNCTION limits.let_in(caller uuid, token text, signer text, used bytea[], until timestamptz[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE noted integer;
BEGIN
    INSERT INTO hub.seen SELECT * FROM unnest(used, until) ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS noted = ROW_COUNT;
    PERFORM FROM hub.centre CROSS JOIN hub.memory
    WHERE id = caller AND state = 'active' AND '{Scope.EXCHANGE.value}' = ANY (scopes)
        AND whole_since < now() - interval '1 minute'
        AND NOT EXISTS (SELECT FROM hub.revoked_token WHERE jti = token)
        AND (signer IS NULL OR EXISTS (
            SELECT FROM hub.client_key
            WHERE key_id = signer AND use = 'signing' AND centre_id = caller AND revoked_at IS NULL
        ));
    IF NOT FOUND OR noted < cardinality(used) THEN RAISE EXCEPTION 'not let in'; END IF;
END $$;
"""  # noqa: S608  # our own words
"""What a read needs as well. The terms that begin on a day are counted once, as in a process of the hub's."""

ASK = f"""
CREATE FUNCTION limits.ask(
    caller uuid, token text, signer text, used bytea[], until timestamptz[],
    exchange uuid, said uuid, holder uuid, wish text, subject text, record json,
    manifest bytea, digest bytea, base bytea, proof bytea, algorithm text, jwk jsonb,
    moment timestamptz, today date
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    both_sides uuid[] := ARRAY[caller, holder];
    owed limits.term; mailbox text; phone text; link record; owing uuid := gen_random_uuid();
    named text := format(
        '"id": "%s", "kind": "saikne.request/1", "sha256": "%s"', said, encode(digest, 'hex'));
    answered text;
BEGIN
    PERFORM limits.let_in(caller, token, signer, used, until);
    PERFORM set_config('hub.parties', (both_sides || '{OVERSIGHT}'::uuid)::text, true);

    SELECT notices, password_phone INTO mailbox, phone FROM hub.contact
    WHERE tenant_id = caller AND NOT {_AGREED} AND {_OPEN_UPON} < {_AT_MOST};
    SELECT term.* INTO owed FROM hub.centre JOIN limits.term USING (calendar)
    WHERE id = holder AND state = 'active' AND role = 'centre' AND starts_on = today;
    IF mailbox IS NULL OR phone IS NULL OR owed.due_on IS NULL OR caller = holder THEN
        RAISE EXCEPTION 'not allowed';
    END IF;

    INSERT INTO hub.party
        (tenant_id, matter_id, role, workflow, kind, about, state, parties, opened_at, moved_at)
    VALUES
        (caller, exchange, 'requester', 'copies', wish, subject, 'requested', both_sides, moment, moment),
        (holder, exchange, 'holder', 'copies', wish, subject, 'requested', both_sides, moment, moment),
        ('{OVERSIGHT}', exchange, 'oversight', 'copies', wish, NULL, 'requested', both_sides, moment, moment);
    INSERT INTO hub.duty (
        tenant_id, stake, rungs_told, id, kind, matter_id, workflow, owner_id, {_OF_A_TERM}
    )
    SELECT side.*, owing, 'answer', exchange, 'copies', holder, owed.starts_on, owed.calendar, owed.basis,
        owed.working_days, owed.calendar_version, owed.edition, owed.confirmed, owed.due_on, owed.alt_due_on,
        owed.explanation
    FROM (VALUES (caller, 'awaits', owed.rungs_told), (holder, 'owes', owed.rungs_told),
        ('{OVERSIGHT}'::uuid, 'oversees', 0)) AS side;
    INSERT INTO queue.pgqueuer (priority, entrypoint, payload, status)
    VALUES (0, 'exchange.tell', convert_to(format(
        '{{"exchange": "%s", "to": "%s", "notice": "request_received"}}', exchange, holder
    ), 'UTF8'), 'queued');
    INSERT INTO hub.matter (matter_id, workflow, state, parties, roles, content, opened_at, moved_at)
    VALUES (exchange, 'copies', 'requested', both_sides, '{{requester,holder}}', (
        left(record::text, -1) || format(',"archive_address":"%s","password_address":"%s"}}', mailbox, phone)
    )::json, moment, moment);

    SELECT * INTO link FROM hub.append_events(
        both_sides, '{EventKind.REQUEST_OPENED.value}', exchange, convert_to(format(
            '{{"alt_due_on":"%s","author":"%s","due_on":"%s","state":"requested","statement":{{%s}}}}',
            owed.alt_due_on, caller, owed.due_on, replace(replace(named, '": ', '":'), ', ', ',')
        ), 'UTF8')
    ) AS links WHERE links.tenant_id = caller;
    PERFORM FROM hub.party
    WHERE tenant_id = caller AND parties[1] = caller AND parties[2] = holder AND about = subject
        AND {COPIES} AND {UNDER_WAY} AND kind = wish AND matter_id <> exchange;
    IF FOUND THEN RAISE EXCEPTION 'asked already'; END IF;
    answered := format(
        '{{"accepted_at": "%s", "alt_due_on": "%s", "author": "%s", "due_on": "%s",'
        ' "evidence": {{"hash": "%s", "seq": %s}}, "exchange": "%s", "state": "requested",'
        ' "statement": {{%s, "key": "%s", "signature": "%s"}}}}',
        to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), owed.alt_due_on, caller,
        owed.due_on, encode(link.hash, 'hex'), link.seq, exchange, named, signer, encode(proof, 'hex'));
    INSERT INTO hub.statement (
        matter_id, author_id, id, workflow, kind, body, sha256, signature_base, signature, alg, public_key,
        received_at, acceptance, state, warnings
    ) VALUES (
        exchange, caller, said, 'copies', 'saikne.request/1', manifest, digest, base, proof, algorithm, jwk,
        moment, answered, 'requested', '{{}}'
    );
    RETURN answered;
END $$;
"""  # noqa: S608  # our own words

_COLUMNS = [*_OF_A_TERM.split(", "), "rungs_told"]
_TERM = (
    f"INSERT INTO limits.term ({', '.join(_COLUMNS)})"  # noqa: S608  # our own words
    f" VALUES ({', '.join(f'${number}' for number, _ in enumerate(_COLUMNS, 1))})"
)


async def install(connection: asyncpg.Connection, calendars: Calendars, today: date) -> None:
    """By the owner, in a database of the hub's schema; with the terms that begin today or tomorrow."""
    await connection.execute(SCHEMA + ASK)
    for day in (today, today + timedelta(days=1)):
        for policy in Policy:
            term = _term(day, policy, calendars)
            await connection.execute(_TERM, *(term[name] for name in _COLUMNS))


def _term(day: date, policy: Policy, calendars: Calendars) -> Mapping[str, object]:
    """What the duty to answer has of it, where both are told of it on that day."""
    opening = Opening(
        kind=DutyKind.ANSWER,
        about=MatterId(OVERSIGHT),
        owner=CentreId(uuid4()),
        awaited_by=(),
        starts_on=day,
        basis=Basis.REQUEST_RECEIVED,
        policy=policy,
        opened_on=day,
    )
    _, rows = opened(opening, calendars)
    return next(row for row in rows.values if row["stake"] == Stake.OWES.value)
