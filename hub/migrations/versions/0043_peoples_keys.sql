ALTER TABLE hub.client_key ADD COLUMN person_id UUID;
ALTER TABLE hub.client_key ADD COLUMN acts TEXT[];
ALTER TABLE hub.client_key ADD COLUMN ends_at TIMESTAMP WITH TIME ZONE;
COMMENT ON COLUMN hub.client_key.person_id IS 'of the centre; a key that is not a person''s is the centre''s own';
COMMENT ON COLUMN hub.client_key.acts IS 'the most that the person may state by it';
ALTER TABLE hub.client_key DROP CONSTRAINT ck_client_key_use;
ALTER TABLE hub.client_key ADD CONSTRAINT ck_client_key_use CHECK (use IN ('oauth', 'signing', 'encryption', 'person'));
ALTER TABLE hub.client_key ADD CONSTRAINT ck_client_key_person CHECK (num_nulls(person_id, acts, ends_at) = CASE use WHEN 'person' THEN 0 ELSE 3 END);

CREATE TABLE hub.person_key (
    tenant_id UUID NOT NULL,
    key_id TEXT NOT NULL,
    person_id UUID NOT NULL,
    id UUID NOT NULL,
    label TEXT NOT NULL,
    jwk JSONB NOT NULL,
    alg TEXT NOT NULL,
    acts TEXT[] NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    file BYTEA NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    approved_at TIMESTAMP WITH TIME ZONE,
    approved_by UUID,
    CONSTRAINT pk_person_key PRIMARY KEY (tenant_id, key_id),
    CONSTRAINT fk_person_key_person FOREIGN KEY(tenant_id, person_id) REFERENCES hub.person (tenant_id, person_id),
    CONSTRAINT ck_person_key_approved CHECK (approved_by IS NULL OR approved_at IS NOT NULL),
    CONSTRAINT ck_person_key_not_by_oneself CHECK (approved_by <> person_id)
);
COMMENT ON COLUMN hub.person_key.key_id IS 'RFC 7638 thumbprint';
COMMENT ON COLUMN hub.person_key.id IS 'of the document';
COMMENT ON COLUMN hub.person_key.file IS 'the proof of whose it is, by all who signed';
COMMENT ON COLUMN hub.person_key.approved_by IS 'a person of the centre; nobody: the operator answers for it';
CREATE INDEX ix_person_key_person ON hub.person_key (tenant_id, person_id);
ALTER TABLE hub.person_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.person_key FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.person_key USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
CREATE POLICY entry ON hub.person_key AS RESTRICTIVE FOR INSERT TO hub_app WITH CHECK (approved_at IS NULL);
CREATE POLICY removal ON hub.person_key AS RESTRICTIVE FOR DELETE TO hub_app USING (approved_at IS NULL);
GRANT SELECT, INSERT, DELETE ON hub.person_key TO hub_app;

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
END $$;
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
END $$;
CREATE OR REPLACE FUNCTION hub.end_person_keys(keys text[], because text) RETURNS SETOF text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE hub.client_key AS held SET revoked_at = clock_timestamp(), revoked_because = because
    WHERE held.key_id = ANY (keys) AND held.use = 'person' AND held.revoked_at IS NULL
        AND held.centre_id = ANY (hub.parties())
    RETURNING held.key_id
$$;
ALTER FUNCTION hub.acts_by_key(text) OWNER TO hub_owner;
ALTER FUNCTION hub.approve_person_key(text, bytea, text) OWNER TO hub_owner;
ALTER FUNCTION hub.end_person_keys(text[], text) OWNER TO hub_owner;
REVOKE ALL ON FUNCTION hub.acts_by_key(text) FROM PUBLIC;
REVOKE ALL ON FUNCTION hub.approve_person_key(text, bytea, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION hub.end_person_keys(text[], text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hub.acts_by_key(text) TO hub_app;
GRANT EXECUTE ON FUNCTION hub.approve_person_key(text, bytea, text) TO hub_app;
GRANT EXECUTE ON FUNCTION hub.end_person_keys(text[], text) TO hub_app;
