CREATE TABLE hub.subscription (
    tenant_id UUID NOT NULL,
    digest BYTEA NOT NULL,
    person_id UUID NOT NULL,
    label TEXT NOT NULL,
    reached BYTEA NOT NULL,
    push_key TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE,
    outcome TEXT,
    CONSTRAINT pk_subscription PRIMARY KEY (tenant_id, digest),
    CONSTRAINT fk_subscription_person FOREIGN KEY(tenant_id, person_id) REFERENCES hub.person (tenant_id, person_id)
);
COMMENT ON COLUMN hub.subscription.digest IS 'SHA-256 of its endpoint';
COMMENT ON COLUMN hub.subscription.reached IS 'endpoint and keys, covered by the keyring';
COMMENT ON COLUMN hub.subscription.push_key IS 'of the hub''s own, which alone it takes messages of';
COMMENT ON COLUMN hub.subscription.told_at IS 'the last try';
COMMENT ON COLUMN hub.subscription.outcome IS 'of the last try';
CREATE INDEX ix_subscription_person ON hub.subscription (tenant_id, person_id);
ALTER TABLE hub.subscription ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.subscription FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.subscription USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT, INSERT, DELETE, UPDATE (told_at, outcome) ON hub.subscription TO hub_app;

ALTER TABLE hub.morning ADD COLUMN way TEXT DEFAULT 'letter' NOT NULL;
COMMENT ON COLUMN hub.morning.way IS 'a letter, or by push';
COMMENT ON COLUMN hub.morning.named IS 'how many duties; unknown until it is written';
ALTER TABLE hub.morning DROP CONSTRAINT pk_morning;
ALTER TABLE hub.morning ADD CONSTRAINT pk_morning PRIMARY KEY (tenant_id, person_id, day, way);
