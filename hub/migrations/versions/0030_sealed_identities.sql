CREATE TABLE hub.sealed_identity (
    tenant_id UUID NOT NULL,
    author_id UUID NOT NULL,
    id UUID NOT NULL,
    addressee_id UUID NOT NULL,
    kid TEXT NOT NULL,
    sealed TEXT NOT NULL,
    sha256 BYTEA NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
    concerns UUID,
    CONSTRAINT pk_sealed_identity PRIMARY KEY (tenant_id, author_id, id)
);
CREATE INDEX ix_sealed_identity_concerns ON hub.sealed_identity (concerns);
COMMENT ON COLUMN hub.sealed_identity.tenant_id IS 'who sent it; once it is named, who can open it';
COMMENT ON COLUMN hub.sealed_identity.id IS 'chosen by its author';
COMMENT ON COLUMN hub.sealed_identity.kid IS 'the addressee''s key';
COMMENT ON COLUMN hub.sealed_identity.sealed IS 'a compact JWE; nobody here can open it';
COMMENT ON COLUMN hub.sealed_identity.concerns IS 'the matter whose statement named it';

ALTER TABLE hub.sealed_identity ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.sealed_identity FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.sealed_identity USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
CREATE POLICY author ON hub.sealed_identity AS RESTRICTIVE FOR INSERT TO hub_app WITH CHECK (author_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT, INSERT, DELETE ON hub.sealed_identity TO hub_app;
