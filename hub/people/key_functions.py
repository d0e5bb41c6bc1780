"""What the database itself does with people's keys: the application may ask for three deeds and write no key.

`client_key` is the operator's table. These functions lend the owner's right for exactly one row, and stay
behind the forced wall: who waits and who approves is found only where the transaction acts for their centre.
`acts_by_key` is asked for nobody, at the door, and looks behind the wall of the one centre whose key it is:
whoever asks acts for the same as before when it has answered.
Source: security.md 4 (definer functions stay behind a forced wall); board.md 0.5.
"""

from hub.plumbing.database import APP_ROLE, OWNER_ROLE

_ACTS = """
CREATE OR REPLACE FUNCTION hub.acts_by_key(key text) RETURNS text[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    parties text := coalesce(current_setting('hub.parties', true), '');
    held hub.client_key;
    found_acts text[];
BEGIN
    SELECT * INTO held FROM hub.client_key AS one WHERE one.key_id = key AND one.use = 'person';
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('hub.parties', '{' || held.centre_id::text || '}', true);
    SELECT ARRAY(SELECT unnest(held.acts) INTERSECT SELECT unnest(who.acts)) INTO found_acts
    FROM hub.person AS who
    WHERE who.tenant_id = held.centre_id AND who.person_id = held.person_id AND who.state = 'active';
    PERFORM set_config('hub.parties', parties, true);
    RETURN found_acts;
END $$
"""
"""What a key's person may state by it now; nothing at all where the person is not active."""

_APPROVE = """
CREATE OR REPLACE FUNCTION hub.approve_person_key(key text, signed bytea, by_key text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    waiting hub.person_key;
    approver uuid;
BEGIN
    SELECT * INTO waiting FROM hub.person_key AS one
    WHERE one.key_id = key AND one.approved_at IS NULL AND one.ends_at > clock_timestamp() FOR UPDATE;
    SELECT held.person_id INTO approver FROM hub.client_key AS held
    WHERE held.key_id = by_key AND held.centre_id = waiting.tenant_id AND held.use = 'person'
        AND held.revoked_at IS NULL AND held.ends_at > clock_timestamp()
        AND held.person_id <> waiting.person_id
        AND 'manage_people' = ANY (hub.acts_by_key(by_key));
    IF approver IS NULL OR NOT EXISTS (
        SELECT FROM hub.person AS who
        WHERE who.tenant_id = waiting.tenant_id AND who.person_id = waiting.person_id
            AND who.state = 'active' AND waiting.acts <@ who.acts
    ) THEN
        RETURN false;
    END IF;
    INSERT INTO hub.client_key (key_id, centre_id, use, jwk, alg, admitted_at, person_id, acts, ends_at)
    VALUES (waiting.key_id, waiting.tenant_id, 'person', waiting.jwk, waiting.alg, clock_timestamp(),
        waiting.person_id, waiting.acts, waiting.ends_at)
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE hub.person_key AS one SET file = signed, approved_at = clock_timestamp(), approved_by = approver
    WHERE one.tenant_id = waiting.tenant_id AND one.key_id = key;
    RETURN true;
END $$
"""
"""One that waits counts from now on, if a key of somebody else who may manage people approves it."""

_END = """
CREATE OR REPLACE FUNCTION hub.end_person_keys(keys text[], because text) RETURNS SETOF text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE hub.client_key AS held SET revoked_at = clock_timestamp(), revoked_because = because
    WHERE held.key_id = ANY (keys) AND held.use = 'person' AND held.revoked_at IS NULL
        AND held.centre_id = ANY (hub.parties())
    RETURNING held.key_id
$$
"""
"""From now on they count for nothing new, and never again; those that did until now."""

_SIGNATURES = (
    "hub.acts_by_key(text)",
    "hub.approve_person_key(text, bytea, text)",
    "hub.end_person_keys(text[], text)",
)
STATEMENTS: tuple[str, ...] = (
    *(_ACTS, _APPROVE, _END),
    *(f"ALTER FUNCTION {one} OWNER TO {OWNER_ROLE}" for one in _SIGNATURES),
    *(f"REVOKE ALL ON FUNCTION {one} FROM PUBLIC" for one in _SIGNATURES),
    *(f"GRANT EXECUTE ON FUNCTION {one} TO {APP_ROLE}" for one in _SIGNATURES),
)
"""What the migration runs after the tables are there."""
