CREATE TABLE hub.register_decision (
    tenant_id UUID NOT NULL,
    difference_id UUID NOT NULL,
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
    CONSTRAINT pk_register_decision PRIMARY KEY (tenant_id, difference_id),
    CONSTRAINT uq_register_decision_tenant_id_id UNIQUE (tenant_id, id)
);
COMMENT ON COLUMN hub.register_decision.body IS 'the exact bytes that were signed';
COMMENT ON COLUMN hub.register_decision.acceptance IS 'the hub''s answer, a compact JWS';

CREATE TABLE hub.register_difference (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    sides UUID NOT NULL,
    nth SMALLINT NOT NULL,
    centre_id UUID NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    key UUID,
    matter_id UUID,
    hub_side JSON,
    register_side JSON,
    found_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    how TEXT,
    resolved_by JSONB,
    closed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_register_difference PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_register_difference_tenant_id_sides_nth UNIQUE (tenant_id, sides, nth),
    CONSTRAINT ck_register_difference_whose CHECK (tenant_id IN (centre_id, '00000000-0000-4000-8000-000061676973')),
    CONSTRAINT ck_register_difference_closed CHECK ((state = 'open') = (closed_at IS NULL))
);
CREATE INDEX ix_register_difference_found ON hub.register_difference (tenant_id, found_at, id);
CREATE INDEX ix_register_difference_open ON hub.register_difference (tenant_id, found_at, id) WHERE state = 'open';
COMMENT ON COLUMN hub.register_difference.sides IS 'names what both sides say';
COMMENT ON COLUMN hub.register_difference.nth IS 'how often these sides were found, gone between';
COMMENT ON COLUMN hub.register_difference.centre_id IS 'whom it concerns, and who decides';
COMMENT ON COLUMN hub.register_difference.hub_side IS 'as it was compared, never searched';
COMMENT ON COLUMN hub.register_difference.register_side IS 'as it was compared, never searched';
COMMENT ON COLUMN hub.register_difference.seen_at IS 'when the newest extract that shows it was taken';
COMMENT ON COLUMN hub.register_difference.resolved_by IS 'a person at work';

CREATE TABLE hub.register_extract (
    tenant_id UUID NOT NULL,
    taken_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_page SMALLINT,
    compared_at TIMESTAMP WITH TIME ZONE,
    sha256 BYTEA,
    entries INTEGER,
    found INTEGER,
    CONSTRAINT pk_register_extract PRIMARY KEY (tenant_id, taken_at)
);
COMMENT ON COLUMN hub.register_extract.sha256 IS 'of the pages'' digests in their order';
COMMENT ON COLUMN hub.register_extract.found IS 'new differences';

CREATE TABLE hub.register_page (
    tenant_id UUID NOT NULL,
    taken_at TIMESTAMP WITH TIME ZONE NOT NULL,
    page SMALLINT NOT NULL,
    last BOOLEAN NOT NULL,
    sha256 BYTEA NOT NULL,
    key_id TEXT NOT NULL,
    nonce TEXT NOT NULL,
    content BYTEA,
    answer JSON NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_register_page PRIMARY KEY (tenant_id, taken_at, page)
);
COMMENT ON COLUMN hub.register_page.key_id IS 'of the signature';
COMMENT ON COLUMN hub.register_page.content IS 'the exact bytes that were signed, until the extract is compared';
COMMENT ON COLUMN hub.register_page.answer IS 'as first given';

ALTER TABLE hub.register_decision ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.register_decision FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.register_decision USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT, INSERT ON hub.register_decision TO hub_app;

ALTER TABLE hub.register_difference ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.register_difference FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.register_difference USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON hub.register_difference TO hub_app;

ALTER TABLE hub.register_extract ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.register_extract FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.register_extract USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON hub.register_extract TO hub_app;

ALTER TABLE hub.register_page ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.register_page FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.register_page USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON hub.register_page TO hub_app;
