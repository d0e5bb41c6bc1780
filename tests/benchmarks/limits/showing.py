"""One exchange and a list of them as one call of the database each, which writes the answer's JSON as well.

What is asked of the tables is what the hub asks, behind the same wall in the same role; who calls is looked
at, and the proof used up, in the same call. The JSON says all that the hub's answer says of an exchange as
the benchmarks make them: asked for or being answered, nothing late, nothing ended. `same` compares the two.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from hub.duties.duty import NAMED_BY_METHOD
from hub.exchange.steps import OWED
from hub.exchange.store import _SHOWN, Listed, _page
from saikne_schemas.vocabulary import ExchangeKind, ExchangeState, SideRole


def _listed(words: object) -> str:
    return ", ".join(f"'{word}'" for word in sorted(map(str, words)))  # type: ignore[call-overload]


_BY_METHOD = _listed(NAMED_BY_METHOD)
_REFUSABLE = (
    f"kind <> '{ExchangeKind.CHILD_INFORMATION}' AND state IN ({_listed(OWED)})"
    " AND (NOT ever_sent OR answered_before)"
)

_TERM = """
    due_on, original_due_on, moved_by, extended_by, alt_due_on, starts_on, basis, working_days, calendar,
    calendar_version, confirmed, (
        SELECT json_agg(json_build_object(
            'day', day -> 'date', 'counted', day ->> 'counted' IS NOT NULL, 'why', day -> 'why'))
        FROM json_array_elements(explanation) AS day
    ) AS days,
    NULL AS met_at, NULL AS met_on, NULL AS met_late_by, false AS overdue, 0 AS working_days_late, (
        SELECT count(*) + (worked AND starts_on = today)::int FROM json_array_elements(explanation) AS day
        WHERE day ->> 'counted' IS NOT NULL AND (day ->> 'date')::date >= today
    ) AS working_days_left
"""
_DUTIES = f"""
    SELECT coalesce(json_agg(one ORDER BY due_on, kind, id), '[]') FROM (
        SELECT {_TERM}, id, kind, workflow, matter_id AS concerns, owner_id AS owner, (
                SELECT name FROM hub.centre WHERE centre.id = owner_id
            ) AS owner_name, false AS owner_outside, stake, kind IN ({_BY_METHOD}) AS by_method,
            ended_at, ending
        FROM hub.duty WHERE tenant_id = caller AND duty.matter_id = exchange AND ended_at IS NULL
    ) AS one
"""  # noqa: S608  # our own words
_DOCUMENTS = """
    SELECT coalesce(json_agg(json_build_object(
        'no', no, 'form', form, 'subject', subject, 'spouse', spouse, 'media_type', media_type,
        'bytes', document.bytes, 'sha256', encode(document.sha256, 'hex'), 'sealed_at', sealed_at
    ) ORDER BY no), '[]')
    FROM hub.document LEFT JOIN hub.segment USING (exchange_id, round, no)
    WHERE exchange_id = exchange AND document.round = shown.round
"""
_ANSWER = f"""
    SELECT round, declared_at, way, departure, ({_DOCUMENTS}) AS documents, missing, dispatched_at,
        archive_bytes, archive_sha256, archive_kept AS archive_available, delivery,
        CASE WHEN channel IS NOT NULL THEN json_build_object(
            'channel', channel, 'address', left(password_address, 4) || '…' || right(password_address, 2),
            'state', password_state, 'at', password_at, 'expires_at', expires_at, 'last_day', expires_at,
            'prolonged', prolonged, 'weaker', false) END AS password,
        dispute, NULL AS paper, NULL AS certified_by
"""  # our own words
_VIEW = f"""
    SELECT matter_id AS id, CASE caller WHEN parties[1] THEN 'requester' ELSE 'holder' END AS role, state,
        kind, parties[1] AS requester, requester_name, parties[2] AS holder, holder_name,
        content -> 'family' AS family, content -> 'children' AS children,
        content -> 'legal_basis' AS legal_basis,
        content -> 'purpose' AS purpose, content -> 'receipt' AS receipt, false AS weaker_way,
        content -> 'signatures' AS signatures, NULL AS signed_request, opened_at AS requested_at, moved_at,
        (SELECT row_to_json(term) FROM (SELECT {_TERM}) AS term) AS term, content -> 'proposal' AS extension,
        NULL AS supplement, content -> 'refusal' AS refusal, content -> 'despite' AS despite,
        CASE WHEN round IS NOT NULL THEN (SELECT row_to_json(given) FROM ({_ANSWER}) AS given) END AS answer,
        {_REFUSABLE} AS refusable, ({_DUTIES}) AS duties
    FROM (
        SELECT *, content ->> 'kind' AS kind, (content ->> 'answered_before')::boolean AS answered_before
        FROM ({_SHOWN.replace("$1", "exchange").replace("$2", "caller")}) AS found
    ) AS shown
"""  # noqa: S608  # our own words

TWENTY = 20
_FOUND = _page(Listed(tuple(SideRole), tuple(ExchangeState), TWENTY + 1), beginning=True)
_LINE = f"""
    SELECT matter_id AS id, role, state, kind, counterpart, counterpart_name, opened_at AS requested_at,
        moved_at, due_on, original_due_on, moved_by, coalesce(due_on < today, false) AS overdue,
        next, next_stake, next_due_on, next IN ({_BY_METHOD}) AS next_by_method,
        coalesce(next_due_on < today, false) AS next_overdue, way, archive_sha256,
        {_REFUSABLE} AS refusable
    FROM ({_FOUND.replace("$1", "caller")}) AS found
"""  # noqa: S608  # our own words
_CURSOR = """
    translate(encode(convert_to(format('["%s+00:00", "%s"]',
        to_char(max(moved_at) FILTER (WHERE number = 20), 'YYYY-MM-DD HH24:MI:SS.US'),
        max(id::text) FILTER (WHERE number = 20)
    ), 'UTF8'), 'base64'), E'+/\\n', '-_')
"""
_PAGE = f"""
    SELECT json_build_object(
        'items', coalesce(json_agg(line ORDER BY number) FILTER (WHERE number <= {TWENTY}), '[]'),
        'next', CASE WHEN count(*) > {TWENTY} THEN {_CURSOR} END)
    FROM (
        SELECT row_to_json(one) AS line, id, moved_at,
            row_number() OVER (ORDER BY moved_at DESC, id DESC) AS number
        FROM ({_LINE}) AS one
    ) AS numbered
"""  # noqa: S608  # our own words

SHOW = f"""
CREATE FUNCTION limits.show(
    caller uuid, token text, used bytea[], until timestamptz[], exchange uuid, today date, worked boolean
) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM limits.let_in(caller, token, NULL, used, until);
    PERFORM set_config('hub.parties', ARRAY[caller]::text, true);
    RETURN (SELECT row_to_json(view) FROM ({_VIEW}) AS view);
END $$;

CREATE FUNCTION limits.list(caller uuid, token text, used bytea[], until timestamptz[], today date)
RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM limits.let_in(caller, token, NULL, used, until);
    PERFORM set_config('hub.parties', ARRAY[caller]::text, true);
    RETURN ({_PAGE});
END $$;
"""  # noqa: S608  # our own words


class Otherwise(Exception):  # noqa: N818  # says what it is
    """The limit answers something else than the hub: its figure would mean nothing."""


def same(ours: bytes, bare: bytes) -> None:
    """Both say the same; moments may be spelt in two ways."""
    differing = set(_said(json.loads(ours))) ^ set(_said(json.loads(bare)))
    if differing:
        raise Otherwise("; ".join(sorted(differing))[:1000])


def _said(told: Any, place: str = "") -> Iterator[str]:
    """Each value with its place."""
    if isinstance(told, dict):
        for name, one in told.items():
            yield from _said(one, f"{place}.{name}")
    elif isinstance(told, list):
        for number, one in enumerate(told):
            yield from _said(one, f"{place}.{number}")
    else:
        is_moment = place.endswith("_at") and told is not None
        yield f"{place}: {datetime.fromisoformat(told) if is_moment else told!r}"
