CREATE TABLE hub.saved_view (
    tenant_id UUID NOT NULL,
    person_id UUID NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    CONSTRAINT pk_saved_view PRIMARY KEY (tenant_id, person_id, name),
    CONSTRAINT fk_saved_view_person FOREIGN KEY(tenant_id, person_id) REFERENCES hub.person (tenant_id, person_id)
);
COMMENT ON COLUMN hub.saved_view.query IS 'of the list''s address';
ALTER TABLE hub.saved_view ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.saved_view FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.saved_view USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT, INSERT, DELETE, UPDATE (query) ON hub.saved_view TO hub_app;

ALTER TABLE hub.entrance DROP CONSTRAINT ck_entrance_door;
ALTER TABLE hub.entrance ADD CONSTRAINT ck_entrance_door CHECK (door IN ('email', 'passkey', 'link', 'feed'));
