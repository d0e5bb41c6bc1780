CREATE TABLE hub.open_plan (
    tenant_id UUID NOT NULL,
    family TEXT NOT NULL,
    matter_id UUID NOT NULL,
    CONSTRAINT pk_open_plan PRIMARY KEY (tenant_id, family)
);

ALTER TABLE hub.open_plan ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.open_plan FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.open_plan USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT, INSERT, DELETE ON hub.open_plan TO hub_app;
