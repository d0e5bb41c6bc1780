ALTER TABLE hub.outside_centre ADD COLUMN earlier JSONB NOT NULL DEFAULT '[]';
COMMENT ON COLUMN hub.outside_centre.earlier IS 'how it was reached, oldest first';
CREATE POLICY change ON hub.outside_centre AS RESTRICTIVE FOR UPDATE TO hub_app USING (true)
    WITH CHECK (named_by = ANY ((SELECT hub.parties())::uuid[])
        AND EXISTS (SELECT FROM hub.centre WHERE centre.id = outside_centre.id AND centre.state = 'outside'));
GRANT UPDATE (postal_address, email, phone, earlier) ON hub.outside_centre TO hub_app;

CREATE POLICY change ON hub.contact AS RESTRICTIVE FOR UPDATE TO hub_app USING (true)
    WITH CHECK (EXISTS (SELECT FROM hub.centre WHERE centre.id = tenant_id AND centre.state = 'outside'));
GRANT UPDATE (notices, archive_email, password_phone, since) ON hub.contact TO hub_app;
