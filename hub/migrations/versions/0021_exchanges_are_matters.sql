-- An exchange is a matter whose workflow is copies. Its record, its sides and its statements go to the tables
-- that all matters lie in, under the ids they have; a receipt goes to the answer that it confirms. What events
-- and duties name is called what it is. The owner carries the rows over, so the walls let it through meanwhile.
ALTER TABLE hub.exchange NO FORCE ROW LEVEL SECURITY;
ALTER TABLE hub.side NO FORCE ROW LEVEL SECURITY;
ALTER TABLE hub.statement NO FORCE ROW LEVEL SECURITY;
ALTER TABLE hub.answer NO FORCE ROW LEVEL SECURITY;
ALTER TABLE hub.matter NO FORCE ROW LEVEL SECURITY;
ALTER TABLE hub.party NO FORCE ROW LEVEL SECURITY;
ALTER TABLE hub.matter_statement NO FORCE ROW LEVEL SECURITY;

ALTER TABLE hub.party ADD COLUMN kind TEXT;
COMMENT ON COLUMN hub.party.kind IS 'what is asked for, where its workflow is one for several things';
DROP INDEX hub.ix_party_workflow;
CREATE INDEX ix_party_workflow ON hub.party (tenant_id, workflow, state) WHERE workflow <> 'copies';
DROP INDEX hub.ix_party_moved;
CREATE INDEX ix_party_moved ON hub.party (tenant_id, moved_at, matter_id) WHERE workflow <> 'copies';
CREATE INDEX ix_party_copies ON hub.party (tenant_id, moved_at, matter_id) WHERE workflow = 'copies';
CREATE INDEX ix_party_open ON hub.party (tenant_id, parties)
WHERE workflow = 'copies' AND state IN ('requested', 'preparing', 'disputed', 'lapsed', 'frozen');

INSERT INTO hub.matter (matter_id, workflow, state, parties, roles, content, opened_at, moved_at)
SELECT exchange_id, 'copies', state, ARRAY[requester_id, holder_id], ARRAY['requester', 'holder'],
    json_build_object(
        'kind', kind, 'family', family, 'children', children, 'legal_basis', legal_basis, 'purpose', purpose,
        'receipt', json_build_object('channel', channel, 'password_channel', password_channel),
        'archive_address', archive_address, 'password_address', password_address, 'signatures', signatures,
        'round', round, 'more_children', more_children, 'more_forms', more_forms,
        'answered_before', answered_before,
        'proposal', CASE WHEN proposal_id IS NOT NULL THEN json_build_object(
            'proposal', proposal_id, 'until', proposed_until, 'reason', proposal_reason) END
    ),
    requested_at, moved_at
FROM hub.exchange;
INSERT INTO hub.party (tenant_id, matter_id, role, workflow, kind, state, parties, opened_at, moved_at)
SELECT tenant_id, exchange_id, role, 'copies', kind, state, ARRAY[requester_id, holder_id], requested_at,
    moved_at
FROM hub.side;

ALTER TABLE hub.matter_statement DROP CONSTRAINT uq_matter_statement_author_id_id;
INSERT INTO hub.matter_statement (
    matter_id, author_id, id, workflow, kind, body, sha256, signature_base, signature, alg, public_key,
    received_at, state, warnings, acceptance)
SELECT exchange_id, author_id, id, 'copies', kind, body, sha256, signature_base, signature, alg, public_key,
    received_at, state, '{}', acceptance
FROM hub.statement;

UPDATE hub.answer SET receipt = exchange.receipt FROM hub.exchange
WHERE exchange.exchange_id = answer.exchange_id AND exchange.round = answer.round
    AND exchange.state = 'confirmed' AND exchange.receipt IS NOT NULL;
COMMENT ON COLUMN hub.answer.receipt IS 'that was countersigned, a compact JWS';
SET CONSTRAINTS ALL IMMEDIATE;

DROP POLICY wall ON hub.answer;
CREATE POLICY wall ON hub.answer USING (EXISTS (SELECT FROM hub.party WHERE party.matter_id = answer.exchange_id AND party.role <> 'oversight' AND party.tenant_id = ANY ((SELECT hub.parties())::uuid[]))) WITH CHECK (EXISTS (SELECT FROM hub.party WHERE party.matter_id = answer.exchange_id AND party.role <> 'oversight' AND party.tenant_id = ANY ((SELECT hub.parties())::uuid[])));
DROP POLICY wall ON hub.document;
CREATE POLICY wall ON hub.document USING (EXISTS (SELECT FROM hub.party WHERE party.matter_id = document.exchange_id AND party.role <> 'oversight' AND party.tenant_id = ANY ((SELECT hub.parties())::uuid[]))) WITH CHECK (EXISTS (SELECT FROM hub.party WHERE party.matter_id = document.exchange_id AND party.role <> 'oversight' AND party.tenant_id = ANY ((SELECT hub.parties())::uuid[])));
DROP POLICY wall ON hub.segment;
CREATE POLICY wall ON hub.segment USING (EXISTS (SELECT FROM hub.party WHERE party.matter_id = segment.exchange_id AND party.role <> 'oversight' AND party.tenant_id = ANY ((SELECT hub.parties())::uuid[]))) WITH CHECK (EXISTS (SELECT FROM hub.party WHERE party.matter_id = segment.exchange_id AND party.role <> 'oversight' AND party.tenant_id = ANY ((SELECT hub.parties())::uuid[])));
DROP POLICY wall ON hub.password;
CREATE POLICY wall ON hub.password USING (EXISTS (SELECT FROM hub.party WHERE party.matter_id = password.exchange_id AND party.role <> 'oversight' AND party.tenant_id = ANY ((SELECT hub.parties())::uuid[]))) WITH CHECK (EXISTS (SELECT FROM hub.party WHERE party.matter_id = password.exchange_id AND party.role <> 'oversight' AND party.tenant_id = ANY ((SELECT hub.parties())::uuid[])));

DROP TABLE hub.statement;
ALTER TABLE hub.matter_statement RENAME TO statement;
ALTER TABLE hub.statement RENAME CONSTRAINT pk_matter_statement TO pk_statement;
CREATE UNIQUE INDEX uq_statement_id ON hub.statement (author_id, id, (workflow = 'copies'));
DROP POLICY wall ON hub.exchange;
DROP TABLE hub.side;
DROP TABLE hub.exchange;
ALTER TABLE hub.answer FORCE ROW LEVEL SECURITY;
ALTER TABLE hub.matter FORCE ROW LEVEL SECURITY;
ALTER TABLE hub.party FORCE ROW LEVEL SECURITY;
ALTER TABLE hub.statement FORCE ROW LEVEL SECURITY;

ALTER TABLE hub.duty RENAME COLUMN exchange_id TO matter_id;
COMMENT ON COLUMN hub.duty.matter_id IS NULL;
ALTER INDEX hub.ix_duty_exchange RENAME TO ix_duty_matter;

ALTER TABLE hub.event RENAME COLUMN exchange_id TO about_id;
DROP FUNCTION hub.append_events(uuid[], text, uuid, bytea);
DROP FUNCTION hub.link_hash(uuid, bigint, timestamptz, text, uuid, bytea, bytea);
CREATE OR REPLACE FUNCTION hub.link_hash(
    tenant uuid, seq bigint, at timestamptz, kind text, about uuid, body bytea, prev bytea
) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(
    '\x02'::bytea || uuid_send(tenant) || int8send(seq)
    || int8send((extract(epoch FROM at) * 1000000)::bigint)
    || int4send(octet_length(convert_to(kind, 'UTF8'))) || convert_to(kind, 'UTF8')
    || CASE WHEN about IS NULL THEN decode(repeat('00', 17), 'hex')
            ELSE '\x01'::bytea || uuid_send(about) END
    || sha256(body) || prev
);
CREATE OR REPLACE FUNCTION hub.append_events(tenants uuid[], kind text, about uuid, body bytea)
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
        INSERT INTO hub.event (tenant_id, seq, at, kind, about_id, body, prev, hash)
        SELECT link.tenant_id, link.seq, moment, $2, $3, $4, link.prev, link.hash FROM link
    ), moved AS (
        UPDATE hub.chain_head AS head SET seq = link.seq, hash = link.hash
        FROM link WHERE head.tenant_id = link.tenant_id
    )
    SELECT link.tenant_id, link.seq, link.hash, moment FROM link;
END $$;
ALTER FUNCTION hub.append_events(uuid[], text, uuid, bytea) OWNER TO hub_owner;
REVOKE ALL ON FUNCTION hub.append_events(uuid[], text, uuid, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hub.append_events(uuid[], text, uuid, bytea) TO hub_app;
