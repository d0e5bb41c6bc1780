CREATE TABLE hub.proof (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    media_type TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 BYTEA NOT NULL,
    path TEXT NOT NULL,
    segment_bytes INTEGER NOT NULL,
    archive_sha256 BYTEA NOT NULL,
    wrapped BYTEA NOT NULL,
    sealed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    concerns UUID,
    named_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_proof PRIMARY KEY (tenant_id, id),
    CONSTRAINT ck_proof_named CHECK ((concerns IS NULL) = (named_at IS NULL))
);
CREATE INDEX ix_proof_unnamed ON hub.proof (tenant_id, sealed_at) WHERE concerns IS NULL;
COMMENT ON COLUMN hub.proof.id IS 'chosen by the centre';
COMMENT ON COLUMN hub.proof.sha256 IS 'of the plaintext';
COMMENT ON COLUMN hub.proof.path IS 'in the object store';
COMMENT ON COLUMN hub.proof.wrapped IS 'its password, by the keyring, for it only';
COMMENT ON COLUMN hub.proof.concerns IS 'the matter whose statement named it';

ALTER TABLE hub.proof ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.proof FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.proof USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON hub.proof TO hub_app;
