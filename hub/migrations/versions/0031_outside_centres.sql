ALTER TABLE hub.centre ALTER COLUMN agreement_version DROP NOT NULL;
ALTER TABLE hub.centre ALTER COLUMN agreement_signed_on DROP NOT NULL;
ALTER TABLE hub.centre DROP CONSTRAINT ck_centre_state;
ALTER TABLE hub.centre ADD CONSTRAINT ck_centre_state CHECK (state IN ('active', 'suspended', 'outside'));
ALTER TABLE hub.centre ADD CONSTRAINT ck_centre_agreement
    CHECK (state = 'outside' OR num_nulls(agreement_version, agreement_signed_on) = 0);
CREATE UNIQUE INDEX uq_centre_outside ON hub.centre (registration_number, lower(name)) WHERE state = 'outside';

CREATE TABLE hub.outside_centre (
    id UUID NOT NULL,
    postal_address TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT,
    sha256 BYTEA NOT NULL,
    named_by UUID NOT NULL,
    named_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_outside_centre PRIMARY KEY (id),
    CONSTRAINT fk_outside_centre_id FOREIGN KEY(id) REFERENCES hub.centre (id),
    CONSTRAINT fk_outside_centre_named_by FOREIGN KEY(named_by) REFERENCES hub.centre (id)
);
COMMENT ON COLUMN hub.outside_centre.sha256 IS 'of the statement that named it; it bears its id';
ALTER TABLE hub.outside_centre ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.outside_centre FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.outside_centre USING (true) WITH CHECK (true);
CREATE POLICY author ON hub.outside_centre AS RESTRICTIVE FOR INSERT TO hub_app
    WITH CHECK (named_by = ANY ((SELECT hub.parties())::uuid[]));
CREATE POLICY entry ON hub.outside_centre AS RESTRICTIVE FOR INSERT TO hub_app
    WITH CHECK (EXISTS (SELECT FROM hub.centre WHERE centre.id = outside_centre.id AND centre.state = 'outside'));
GRANT SELECT, INSERT ON hub.outside_centre TO hub_app;

CREATE POLICY entry ON hub.centre AS RESTRICTIVE FOR INSERT TO hub_app
    WITH CHECK (state = 'outside' AND role = 'centre' AND scopes = '{}');
GRANT INSERT ON hub.centre TO hub_app;
GRANT INSERT ON hub.legal_entity TO hub_app;
CREATE POLICY entry ON hub.contact AS RESTRICTIVE FOR INSERT TO hub_app
    WITH CHECK (EXISTS (SELECT FROM hub.centre WHERE centre.id = tenant_id AND centre.state = 'outside'));
GRANT INSERT ON hub.contact TO hub_app;
