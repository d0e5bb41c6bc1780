-- The floor of the hub: tables of the first exchange, the wall before each, evidence that is only added to.
-- Runs as hub_owner. Written once; a later step changes it by its own file.

CREATE FUNCTION hub.parties() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('hub.parties', true), '')::uuid[] $$;

CREATE TABLE hub.answer (
    exchange_id UUID NOT NULL,
    round SMALLINT NOT NULL,
    statement_id UUID NOT NULL,
    missing JSONB NOT NULL,
    declared_at TIMESTAMP WITH TIME ZONE NOT NULL,
    incomplete_because TEXT,
    dispatched_at TIMESTAMP WITH TIME ZONE,
    directory BYTEA,
    archive_bytes BIGINT,
    archive_sha256 BYTEA,
    delivery TEXT,
    dispute TEXT,
    erased_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_answer PRIMARY KEY (exchange_id, round)
);
COMMENT ON COLUMN hub.answer.directory IS 'the archive''s last bytes, after its segments';
COMMENT ON COLUMN hub.answer.delivery IS 'of an archive that is sent: queued, mailed, linked, failed';
COMMENT ON COLUMN hub.answer.erased_at IS 'when the sealed segments were deleted';

CREATE TABLE hub.calendar_edition (
    edition INTEGER NOT NULL,
    entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    entered_by TEXT NOT NULL,
    source TEXT NOT NULL,
    CONSTRAINT pk_calendar_edition PRIMARY KEY (edition)
);

CREATE TABLE hub.chain_head (
    tenant_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT pk_chain_head PRIMARY KEY (tenant_id)
);

CREATE TABLE hub.document (
    exchange_id UUID NOT NULL,
    round SMALLINT NOT NULL,
    no SMALLINT NOT NULL,
    form TEXT NOT NULL,
    subject TEXT NOT NULL,
    spouse SMALLINT,
    media_type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 BYTEA NOT NULL,
    CONSTRAINT pk_document PRIMARY KEY (exchange_id, round, no)
);

CREATE TABLE hub.duty (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    stake TEXT NOT NULL,
    kind TEXT NOT NULL,
    exchange_id UUID NOT NULL,
    owner_id UUID NOT NULL,
    starts_on DATE NOT NULL,
    basis TEXT NOT NULL,
    working_days SMALLINT NOT NULL,
    calendar TEXT NOT NULL,
    calendar_version TEXT NOT NULL,
    confirmed BOOLEAN NOT NULL,
    due_on DATE NOT NULL,
    alt_due_on DATE NOT NULL,
    explanation JSONB NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    ending TEXT,
    ended_by UUID,
    rungs_told INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT pk_duty PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ix_duty_exchange ON hub.duty (tenant_id, exchange_id);
CREATE INDEX ix_duty_open ON hub.duty (tenant_id, due_on, id) WHERE ended_at IS NULL;
COMMENT ON COLUMN hub.duty.ended_by IS 'the statement that met or ended it';

CREATE TABLE hub.event (
    tenant_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    kind TEXT NOT NULL,
    exchange_id UUID,
    body BYTEA NOT NULL,
    prev BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT pk_event PRIMARY KEY (tenant_id, seq),
    CONSTRAINT ck_event_link CHECK (seq > 0 AND octet_length(prev) = 32 AND octet_length(hash) = 32)
);
COMMENT ON COLUMN hub.event.body IS 'the exact bytes that the link binds';

CREATE TABLE hub.exchange (
    exchange_id UUID NOT NULL,
    requester_id UUID NOT NULL,
    holder_id UUID NOT NULL,
    kind TEXT NOT NULL,
    family TEXT,
    children TEXT[] NOT NULL,
    legal_basis TEXT NOT NULL,
    purpose TEXT NOT NULL,
    channel TEXT NOT NULL,
    password_channel TEXT NOT NULL,
    archive_address TEXT NOT NULL,
    password_address TEXT NOT NULL,
    state TEXT NOT NULL,
    round SMALLINT DEFAULT '0' NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    receipt TEXT,
    CONSTRAINT pk_exchange PRIMARY KEY (exchange_id),
    CONSTRAINT uq_exchange_exchange_id_requester_id_holder_id UNIQUE (exchange_id, requester_id, holder_id)
);
COMMENT ON COLUMN hub.exchange.archive_address IS 'as notified when it was asked for';
COMMENT ON COLUMN hub.exchange.password_address IS 'as notified when it was asked for';
COMMENT ON COLUMN hub.exchange.round IS 'of the newest answer';
COMMENT ON COLUMN hub.exchange.receipt IS 'the countersigned receipt, a compact JWS';

CREATE TABLE hub.legal_entity (
    registration_number TEXT NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT pk_legal_entity PRIMARY KEY (registration_number)
);

CREATE UNLOGGED TABLE hub.memory (
    whole_since TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_memory PRIMARY KEY (whole_since)
);

CREATE TABLE hub.password (
    exchange_id UUID NOT NULL,
    round SMALLINT NOT NULL,
    requester_id UUID NOT NULL,
    holder_id UUID NOT NULL,
    wrapped BYTEA,
    fingerprint BYTEA NOT NULL,
    channel TEXT NOT NULL,
    archive_class TEXT NOT NULL,
    archive_address TEXT NOT NULL,
    password_class TEXT NOT NULL,
    password_address TEXT NOT NULL,
    state TEXT DEFAULT 'kept' NOT NULL,
    sending SMALLINT DEFAULT '0' NOT NULL,
    attempts SMALLINT DEFAULT '0' NOT NULL,
    provider_id TEXT,
    asked_at TIMESTAMP WITH TIME ZONE,
    sent_at TIMESTAMP WITH TIME ZONE,
    delivered_at TIMESTAMP WITH TIME ZONE,
    revealed_at TIMESTAMP WITH TIME ZONE,
    expires_at TIMESTAMP WITH TIME ZONE,
    erased_at TIMESTAMP WITH TIME ZONE,
    erased_because TEXT,
    CONSTRAINT pk_password PRIMARY KEY (exchange_id, round),
    CONSTRAINT ck_password_another_class CHECK (archive_class <> password_class),
    CONSTRAINT ck_password_another_address CHECK (lower(archive_address) <> lower(password_address)),
    CONSTRAINT ck_password_state CHECK (state IN ('kept', 'sent', 'delivered', 'failed', 'revealed', 'erased')),
    CONSTRAINT ck_password_erased CHECK ((wrapped IS NULL) = (state = 'erased')),
    CONSTRAINT ck_password_reason CHECK (num_nulls(erased_at, erased_because) = 2 * (wrapped IS NOT NULL)::int),
    CONSTRAINT ck_password_round CHECK (round > 0)
);
COMMENT ON COLUMN hub.password.wrapped IS 'by the keyring, for this round only; null once erased';
COMMENT ON COLUMN hub.password.fingerprint IS 'SHA-256 of what was wrapped';
COMMENT ON COLUMN hub.password.sending IS '0: not asked for yet';
COMMENT ON COLUMN hub.password.attempts IS 'of the present sending';
COMMENT ON COLUMN hub.password.provider_id IS 'what the gateway calls the present sending';
COMMENT ON COLUMN hub.password.asked_at IS 'when the present sending was asked for';
COMMENT ON COLUMN hub.password.expires_at IS 'null until dispatch';

CREATE TABLE hub.revoked_token (
    jti TEXT NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_revoked_token PRIMARY KEY (jti)
);
CREATE INDEX ix_revoked_token_expires_at ON hub.revoked_token (expires_at);

CREATE UNLOGGED TABLE hub.seen (
    key BYTEA NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_seen PRIMARY KEY (key)
);
CREATE INDEX ix_seen_expires_at ON hub.seen (expires_at);

CREATE TABLE hub.segment (
    exchange_id UUID NOT NULL,
    round SMALLINT NOT NULL,
    no INTEGER NOT NULL,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    plain_bytes BIGINT NOT NULL,
    segment_bytes BIGINT NOT NULL,
    sha256 BYTEA NOT NULL,
    sealed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_segment PRIMARY KEY (exchange_id, round, no)
);
COMMENT ON COLUMN hub.segment.no IS 'of the document; what lies beside them comes after';
COMMENT ON COLUMN hub.segment.path IS 'in the object store';
COMMENT ON COLUMN hub.segment.sha256 IS 'of the plaintext';

CREATE TABLE hub.statement (
    exchange_id UUID NOT NULL,
    author_id UUID NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    body BYTEA NOT NULL,
    sha256 BYTEA NOT NULL,
    signature_base BYTEA NOT NULL,
    signature BYTEA NOT NULL,
    alg TEXT NOT NULL,
    public_key JSONB NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT NOT NULL,
    acceptance TEXT NOT NULL,
    CONSTRAINT pk_statement PRIMARY KEY (exchange_id, author_id, id),
    CONSTRAINT uq_statement_author_id_id UNIQUE (author_id, id)
);
COMMENT ON COLUMN hub.statement.body IS 'the exact bytes that were signed';
COMMENT ON COLUMN hub.statement.state IS 'of the exchange, after this statement';
COMMENT ON COLUMN hub.statement.acceptance IS 'the hub''s answer, a compact JWS';

CREATE TABLE hub.calendar_day (
    day DATE NOT NULL,
    edition INTEGER NOT NULL,
    kind TEXT,
    name TEXT NOT NULL,
    other_half DATE,
    CONSTRAINT pk_calendar_day PRIMARY KEY (day, edition),
    CONSTRAINT ck_calendar_day_kind CHECK (kind IN ('public-holiday', 'moved-day-off', 'worked-saturday')),
    CONSTRAINT ck_calendar_day_half CHECK ((other_half IS NOT NULL) = (coalesce(kind, '') IN ('moved-day-off', 'worked-saturday'))),
    CONSTRAINT fk_calendar_day_edition FOREIGN KEY(edition) REFERENCES hub.calendar_edition (edition)
);
COMMENT ON COLUMN hub.calendar_day.kind IS 'null: the day follows the week again';
COMMENT ON COLUMN hub.calendar_day.other_half IS 'of a move: the day it was swapped with';

CREATE TABLE hub.calendar_year (
    year INTEGER NOT NULL,
    edition INTEGER NOT NULL,
    moves_confirmed BOOLEAN NOT NULL,
    CONSTRAINT pk_calendar_year PRIMARY KEY (year, edition),
    CONSTRAINT fk_calendar_year_edition FOREIGN KEY(edition) REFERENCES hub.calendar_edition (edition)
);

CREATE TABLE hub.centre (
    id UUID NOT NULL,
    registration_number TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    scopes TEXT[] NOT NULL,
    calendar TEXT NOT NULL,
    agreement_version TEXT NOT NULL,
    agreement_signed_on DATE NOT NULL,
    admitted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_centre PRIMARY KEY (id),
    CONSTRAINT ck_centre_id CHECK (id <> '00000000-0000-4000-8000-00006f766572'),
    CONSTRAINT ck_centre_role CHECK (role IN ('centre', 'oversight')),
    CONSTRAINT ck_centre_state CHECK (state IN ('active', 'suspended')),
    CONSTRAINT ck_centre_calendar CHECK (calendar IN ('statutory', 'moved')),
    CONSTRAINT fk_centre_registration_number FOREIGN KEY(registration_number) REFERENCES hub.legal_entity (registration_number)
);

CREATE TABLE hub.side (
    tenant_id UUID NOT NULL,
    exchange_id UUID NOT NULL,
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    kind TEXT NOT NULL,
    requester_id UUID NOT NULL,
    holder_id UUID NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_on DATE NOT NULL,
    CONSTRAINT pk_side PRIMARY KEY (tenant_id, exchange_id),
    CONSTRAINT fk_side_exchange_id FOREIGN KEY(exchange_id, requester_id, holder_id) REFERENCES hub.exchange (exchange_id, requester_id, holder_id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_side_whose CHECK (tenant_id = CASE role WHEN 'requester' THEN requester_id WHEN 'holder' THEN holder_id WHEN 'oversight' THEN '00000000-0000-4000-8000-00006f766572'::uuid END)
);
CREATE INDEX ix_side_exchange ON hub.side (exchange_id);
CREATE INDEX ix_side_moved ON hub.side (tenant_id, moved_at, exchange_id);

CREATE TABLE hub.client_key (
    key_id TEXT NOT NULL,
    centre_id UUID NOT NULL,
    use TEXT NOT NULL,
    jwk JSONB NOT NULL,
    alg TEXT NOT NULL,
    admitted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    revoked_because TEXT,
    CONSTRAINT pk_client_key PRIMARY KEY (key_id),
    CONSTRAINT ck_client_key_use CHECK (use IN ('oauth', 'signing')),
    CONSTRAINT ck_client_key_revoked CHECK ((revoked_at IS NULL) = (revoked_because IS NULL)),
    CONSTRAINT fk_client_key_centre_id FOREIGN KEY(centre_id) REFERENCES hub.centre (id)
);
CREATE INDEX ix_client_key_centre_id ON hub.client_key (centre_id);
COMMENT ON COLUMN hub.client_key.key_id IS 'RFC 7638 thumbprint';

CREATE TABLE hub.contact (
    tenant_id UUID NOT NULL,
    notices TEXT NOT NULL,
    archive_email TEXT,
    password_phone TEXT,
    password_email TEXT,
    voice_phone TEXT,
    authorised_persons JSONB NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_contact PRIMARY KEY (tenant_id),
    CONSTRAINT ck_contact_two_ways CHECK (lower(archive_email) <> lower(password_email)),
    CONSTRAINT fk_contact_tenant_id FOREIGN KEY(tenant_id) REFERENCES hub.centre (id)
);

CREATE TABLE hub.enrolment (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    file BYTEA NOT NULL,
    sha256 BYTEA NOT NULL,
    vouched BOOLEAN NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_enrolment PRIMARY KEY (tenant_id, id),
    CONSTRAINT fk_enrolment_tenant_id FOREIGN KEY(tenant_id) REFERENCES hub.centre (id)
);
COMMENT ON COLUMN hub.enrolment.id IS 'the enrolment''s or the rotation''s own';
COMMENT ON COLUMN hub.enrolment.file IS 'the exact bytes of the JWS';
COMMENT ON COLUMN hub.enrolment.vouched IS 'no older key signed: the operator answers for it';

CREATE OR REPLACE FUNCTION hub.link_hash(
    tenant uuid, seq bigint, at timestamptz, kind text, exchange uuid, body bytea, prev bytea
) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(
    '\x02'::bytea || uuid_send(tenant) || int8send(seq)
    || int8send((extract(epoch FROM at) * 1000000)::bigint)
    || int4send(octet_length(convert_to(kind, 'UTF8'))) || convert_to(kind, 'UTF8')
    || CASE WHEN exchange IS NULL THEN decode(repeat('00', 17), 'hex')
            ELSE '\x01'::bytea || uuid_send(exchange) END
    || sha256(body) || prev
);

CREATE OR REPLACE FUNCTION hub.append_events(tenants uuid[], kind text, exchange uuid, body bytea)
RETURNS TABLE (tenant_id uuid, seq bigint, hash bytea, at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    party uuid;
    moment timestamptz;
BEGIN
    FOR party IN SELECT DISTINCT given FROM unnest(tenants) AS given ORDER BY given LOOP
        PERFORM FROM hub.chain_head AS head WHERE head.tenant_id = party FOR UPDATE;
        IF NOT FOUND THEN
            INSERT INTO hub.chain_head VALUES (party, 0, decode(repeat('00', 32), 'hex'))
            ON CONFLICT DO NOTHING;
            PERFORM FROM hub.chain_head AS head WHERE head.tenant_id = party FOR UPDATE;
        END IF;
    END LOOP;
    moment := clock_timestamp();
    RETURN QUERY
    WITH link AS MATERIALIZED (
        SELECT head.tenant_id, head.seq + 1 AS seq, head.hash AS prev,
            hub.link_hash(head.tenant_id, head.seq + 1, moment, $2, $3, $4, head.hash) AS hash
        FROM hub.chain_head AS head WHERE head.tenant_id = ANY (tenants)
    ), kept AS (
        INSERT INTO hub.event (tenant_id, seq, at, kind, exchange_id, body, prev, hash)
        SELECT link.tenant_id, link.seq, moment, $2, $3, $4, link.prev, link.hash FROM link
    ), moved AS (
        UPDATE hub.chain_head AS head SET seq = link.seq, hash = link.hash
        FROM link WHERE head.tenant_id = link.tenant_id
    )
    SELECT link.tenant_id, link.seq, link.hash, moment FROM link;
END $$;

CREATE OR REPLACE FUNCTION hub.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'evidence is only added to' USING ERRCODE = 'integrity_constraint_violation';
END $$;

ALTER FUNCTION hub.append_events(uuid[], text, uuid, bytea) OWNER TO hub_owner;

REVOKE ALL ON FUNCTION hub.append_events(uuid[], text, uuid, bytea) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION hub.append_events(uuid[], text, uuid, bytea) TO hub_app;

CREATE OR REPLACE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON hub.event
FOR EACH STATEMENT EXECUTE FUNCTION hub.refuse_change();

CREATE OR REPLACE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON hub.chain_head
FOR EACH STATEMENT EXECUTE FUNCTION hub.refuse_change();

CREATE OR REPLACE TRIGGER only_forward BEFORE UPDATE ON hub.chain_head
FOR EACH ROW WHEN (NEW.tenant_id <> OLD.tenant_id OR NEW.seq <> OLD.seq + 1)
EXECUTE FUNCTION hub.refuse_change();

CREATE UNIQUE INDEX only_one_memory ON hub.memory ((true));

INSERT INTO hub.memory VALUES ('epoch');

ALTER TABLE hub.answer ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.answer FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.answer USING (EXISTS (SELECT FROM hub.side WHERE side.exchange_id = answer.exchange_id AND side.role <> 'oversight' AND side.tenant_id = ANY ((SELECT hub.parties())::uuid[]))) WITH CHECK (EXISTS (SELECT FROM hub.side WHERE side.exchange_id = answer.exchange_id AND side.role <> 'oversight' AND side.tenant_id = ANY ((SELECT hub.parties())::uuid[])));
GRANT SELECT, INSERT, UPDATE ON hub.answer TO hub_app;

ALTER TABLE hub.calendar_edition ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.calendar_edition FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.calendar_edition USING (true) WITH CHECK (true);
GRANT SELECT ON hub.calendar_edition TO hub_app;

ALTER TABLE hub.chain_head ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.chain_head FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.chain_head USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT ON hub.chain_head TO hub_app;

ALTER TABLE hub.document ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.document FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.document USING (EXISTS (SELECT FROM hub.side WHERE side.exchange_id = document.exchange_id AND side.role <> 'oversight' AND side.tenant_id = ANY ((SELECT hub.parties())::uuid[]))) WITH CHECK (EXISTS (SELECT FROM hub.side WHERE side.exchange_id = document.exchange_id AND side.role <> 'oversight' AND side.tenant_id = ANY ((SELECT hub.parties())::uuid[])));
GRANT SELECT, INSERT ON hub.document TO hub_app;

ALTER TABLE hub.duty ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.duty FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.duty USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON hub.duty TO hub_app;

ALTER TABLE hub.event ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.event FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.event USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT ON hub.event TO hub_app;

ALTER TABLE hub.exchange ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.exchange FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.exchange USING (EXISTS (SELECT FROM hub.side WHERE side.exchange_id = exchange.exchange_id AND side.role <> 'oversight' AND side.tenant_id = ANY ((SELECT hub.parties())::uuid[]))) WITH CHECK (EXISTS (SELECT FROM hub.side WHERE side.exchange_id = exchange.exchange_id AND side.role <> 'oversight' AND side.tenant_id = ANY ((SELECT hub.parties())::uuid[])));
GRANT SELECT, INSERT, UPDATE ON hub.exchange TO hub_app;

ALTER TABLE hub.legal_entity ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.legal_entity FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.legal_entity USING (true) WITH CHECK (true);
GRANT SELECT ON hub.legal_entity TO hub_app;

ALTER TABLE hub.memory ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.memory FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.memory USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON hub.memory TO hub_app;

ALTER TABLE hub.password ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.password FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.password USING (EXISTS (SELECT FROM hub.side WHERE side.exchange_id = password.exchange_id AND side.role <> 'oversight' AND side.tenant_id = ANY ((SELECT hub.parties())::uuid[]))) WITH CHECK (EXISTS (SELECT FROM hub.side WHERE side.exchange_id = password.exchange_id AND side.role <> 'oversight' AND side.tenant_id = ANY ((SELECT hub.parties())::uuid[])));
GRANT SELECT, INSERT, UPDATE ON hub.password TO hub_app;

ALTER TABLE hub.revoked_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.revoked_token FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.revoked_token USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON hub.revoked_token TO hub_app;

ALTER TABLE hub.seen ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.seen FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.seen USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON hub.seen TO hub_app;

ALTER TABLE hub.segment ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.segment FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.segment USING (EXISTS (SELECT FROM hub.side WHERE side.exchange_id = segment.exchange_id AND side.role <> 'oversight' AND side.tenant_id = ANY ((SELECT hub.parties())::uuid[]))) WITH CHECK (EXISTS (SELECT FROM hub.side WHERE side.exchange_id = segment.exchange_id AND side.role <> 'oversight' AND side.tenant_id = ANY ((SELECT hub.parties())::uuid[])));
GRANT SELECT, INSERT ON hub.segment TO hub_app;

ALTER TABLE hub.statement ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.statement FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.statement USING (EXISTS (SELECT FROM hub.side WHERE side.exchange_id = statement.exchange_id AND side.role <> 'oversight' AND side.tenant_id = ANY ((SELECT hub.parties())::uuid[]))) WITH CHECK (EXISTS (SELECT FROM hub.side WHERE side.exchange_id = statement.exchange_id AND side.role <> 'oversight' AND side.tenant_id = ANY ((SELECT hub.parties())::uuid[])));
GRANT SELECT, INSERT ON hub.statement TO hub_app;

ALTER TABLE hub.calendar_day ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.calendar_day FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.calendar_day USING (true) WITH CHECK (true);
GRANT SELECT ON hub.calendar_day TO hub_app;

ALTER TABLE hub.calendar_year ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.calendar_year FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.calendar_year USING (true) WITH CHECK (true);
GRANT SELECT ON hub.calendar_year TO hub_app;

ALTER TABLE hub.centre ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.centre FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.centre USING (true) WITH CHECK (true);
GRANT SELECT ON hub.centre TO hub_app;

ALTER TABLE hub.side ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.side FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.side USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON hub.side TO hub_app;

ALTER TABLE hub.client_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.client_key FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.client_key USING (true) WITH CHECK (true);
GRANT SELECT ON hub.client_key TO hub_app;

ALTER TABLE hub.contact ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.contact FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.contact USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT ON hub.contact TO hub_app;

ALTER TABLE hub.enrolment ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.enrolment FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.enrolment USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT ON hub.enrolment TO hub_app;
