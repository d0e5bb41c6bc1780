ALTER TABLE hub.duty ADD COLUMN workflow TEXT DEFAULT 'copies' NOT NULL;
COMMENT ON COLUMN hub.duty.exchange_id IS 'the exchange or the matter that it is about';

CREATE TABLE hub.matter (
    matter_id UUID NOT NULL,
    workflow TEXT NOT NULL,
    state TEXT NOT NULL,
    parties UUID[] NOT NULL,
    roles TEXT[] NOT NULL,
    content JSON NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_matter PRIMARY KEY (matter_id),
    CONSTRAINT uq_matter_matter_id_parties UNIQUE (matter_id, parties)
);
COMMENT ON COLUMN hub.matter.roles IS 'of the parties, in their order';
COMMENT ON COLUMN hub.matter.content IS 'the projection for reading, never searched';

CREATE TABLE hub.matter_statement (
    matter_id UUID NOT NULL,
    author_id UUID NOT NULL,
    id UUID NOT NULL,
    workflow TEXT NOT NULL,
    kind TEXT NOT NULL,
    body BYTEA NOT NULL,
    sha256 BYTEA NOT NULL,
    signature_base BYTEA NOT NULL,
    signature BYTEA NOT NULL,
    alg TEXT NOT NULL,
    public_key JSONB NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT NOT NULL,
    warnings TEXT[] NOT NULL,
    acceptance TEXT NOT NULL,
    CONSTRAINT pk_matter_statement PRIMARY KEY (matter_id, author_id, id),
    CONSTRAINT uq_matter_statement_author_id_id UNIQUE (author_id, id)
);
COMMENT ON COLUMN hub.matter_statement.body IS 'the exact bytes that were signed';
COMMENT ON COLUMN hub.matter_statement.state IS 'of the matter, after this statement';
COMMENT ON COLUMN hub.matter_statement.acceptance IS 'the hub''s answer, a compact JWS';

CREATE TABLE hub.party (
    tenant_id UUID NOT NULL,
    matter_id UUID NOT NULL,
    role TEXT NOT NULL,
    workflow TEXT NOT NULL,
    state TEXT NOT NULL,
    parties UUID[] NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_party PRIMARY KEY (tenant_id, matter_id),
    CONSTRAINT fk_party_matter_id FOREIGN KEY(matter_id, parties) REFERENCES hub.matter (matter_id, parties) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_party_whose CHECK (CASE role WHEN 'oversight' THEN tenant_id = '00000000-0000-4000-8000-00006f766572'::uuid ELSE tenant_id = ANY (parties) END)
);
CREATE INDEX ix_party_matter ON hub.party (matter_id);
CREATE INDEX ix_party_moved ON hub.party (tenant_id, moved_at, matter_id);

ALTER TABLE hub.matter ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.matter FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.matter USING (EXISTS (SELECT FROM hub.party WHERE party.matter_id = matter.matter_id AND party.role <> 'oversight' AND party.tenant_id = ANY ((SELECT hub.parties())::uuid[]))) WITH CHECK (EXISTS (SELECT FROM hub.party WHERE party.matter_id = matter.matter_id AND party.role <> 'oversight' AND party.tenant_id = ANY ((SELECT hub.parties())::uuid[])));
GRANT SELECT, INSERT, UPDATE ON hub.matter TO hub_app;

ALTER TABLE hub.matter_statement ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.matter_statement FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.matter_statement USING (EXISTS (SELECT FROM hub.party WHERE party.matter_id = matter_statement.matter_id AND party.role <> 'oversight' AND party.tenant_id = ANY ((SELECT hub.parties())::uuid[]))) WITH CHECK (EXISTS (SELECT FROM hub.party WHERE party.matter_id = matter_statement.matter_id AND party.role <> 'oversight' AND party.tenant_id = ANY ((SELECT hub.parties())::uuid[])));
GRANT SELECT, INSERT ON hub.matter_statement TO hub_app;

ALTER TABLE hub.party ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.party FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.party USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT, INSERT, UPDATE ON hub.party TO hub_app;
