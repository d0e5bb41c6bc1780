CREATE TABLE hub.price_ceiling (
    tenant_id UUID NOT NULL,
    year SMALLINT NOT NULL,
    matter_id UUID NOT NULL,
    ceiling_cents INTEGER NOT NULL,
    contract TEXT NOT NULL,
    CONSTRAINT pk_price_ceiling PRIMARY KEY (tenant_id, year)
);
COMMENT ON COLUMN hub.price_ceiling.contract IS 'its number';
ALTER TABLE hub.price_ceiling ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.price_ceiling FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.price_ceiling USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT, INSERT, DELETE, UPDATE (matter_id, ceiling_cents) ON hub.price_ceiling TO hub_app;
