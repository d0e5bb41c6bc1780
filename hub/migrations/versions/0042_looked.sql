CREATE TABLE hub.looked (
    tenant_id UUID NOT NULL,
    matter_id UUID NOT NULL,
    person_id UUID NOT NULL,
    day DATE NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_looked PRIMARY KEY (tenant_id, matter_id, person_id, day),
    CONSTRAINT fk_looked_person FOREIGN KEY(tenant_id, person_id) REFERENCES hub.person (tenant_id, person_id)
);
COMMENT ON COLUMN hub.looked.day IS 'in Riga';
COMMENT ON COLUMN hub.looked.at IS 'the last time on that day';
ALTER TABLE hub.looked ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.looked FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.looked USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT, INSERT, UPDATE (at) ON hub.looked TO hub_app;
