CREATE TABLE hub.provider (
    centre_id UUID NOT NULL,
    issuer TEXT NOT NULL,
    client_id TEXT NOT NULL,
    secret BYTEA NOT NULL,
    hosts TEXT[] NOT NULL,
    registered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_provider PRIMARY KEY (centre_id),
    CONSTRAINT fk_provider_centre_id FOREIGN KEY(centre_id) REFERENCES hub.centre (id)
);
COMMENT ON COLUMN hub.provider.secret IS 'of the client, covered by the keyring';
COMMENT ON COLUMN hub.provider.hosts IS 'which the hub may call, as the operator saw them';
ALTER TABLE hub.provider ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.provider FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.provider USING (true) WITH CHECK (true);
GRANT SELECT ON hub.provider TO hub_app;

CREATE TABLE hub.account (
    tenant_id UUID NOT NULL,
    digest BYTEA NOT NULL,
    person_id UUID NOT NULL,
    issuer TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_account PRIMARY KEY (tenant_id, digest),
    CONSTRAINT fk_account_person FOREIGN KEY(tenant_id, person_id) REFERENCES hub.person (tenant_id, person_id)
);
COMMENT ON COLUMN hub.account.digest IS 'of its door: whose account, only the provider knows';
CREATE INDEX ix_account_person ON hub.account (tenant_id, person_id);
ALTER TABLE hub.account ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.account FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.account USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT, INSERT, DELETE, UPDATE (used_at) ON hub.account TO hub_app;

ALTER TABLE hub.entrance DROP CONSTRAINT ck_entrance_door;
ALTER TABLE hub.entrance ADD CONSTRAINT ck_entrance_door CHECK (door IN ('email', 'passkey', 'link', 'feed', 'account'));
