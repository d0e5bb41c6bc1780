CREATE TABLE hub.return_address (
    centre_id UUID NOT NULL,
    address TEXT NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    added_by UUID NOT NULL,
    CONSTRAINT pk_return_address PRIMARY KEY (centre_id, address),
    CONSTRAINT fk_return_address_centre_id FOREIGN KEY(centre_id) REFERENCES hub.centre (id)
);
COMMENT ON COLUMN hub.return_address.address IS 'compared as it is written, to the letter';
COMMENT ON COLUMN hub.return_address.added_by IS 'a person of the centre';
ALTER TABLE hub.return_address ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.return_address FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.return_address USING (true) WITH CHECK (true);
CREATE POLICY author ON hub.return_address AS RESTRICTIVE FOR INSERT TO hub_app WITH CHECK (centre_id = ANY ((SELECT hub.parties())::uuid[]));
CREATE POLICY removal ON hub.return_address AS RESTRICTIVE FOR DELETE TO hub_app USING (centre_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT, INSERT, DELETE ON hub.return_address TO hub_app;

CREATE TABLE hub.pushed_request (
    key BYTEA NOT NULL,
    centre_id UUID NOT NULL,
    redirect_uri TEXT NOT NULL,
    scope TEXT NOT NULL,
    state TEXT,
    challenge TEXT NOT NULL,
    jkt TEXT NOT NULL,
    bring_by TIMESTAMP WITH TIME ZONE NOT NULL,
    brought_at TIMESTAMP WITH TIME ZONE,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_pushed_request PRIMARY KEY (key),
    CONSTRAINT fk_pushed_request_centre_id FOREIGN KEY(centre_id) REFERENCES hub.centre (id)
);
COMMENT ON COLUMN hub.pushed_request.key IS 'SHA-256 of its request_uri';
COMMENT ON COLUMN hub.pushed_request.state IS 'the system''s own';
COMMENT ON COLUMN hub.pushed_request.challenge IS 'S256 of what will be brought with the code';
COMMENT ON COLUMN hub.pushed_request.jkt IS 'of the only key whose proofs will count';
COMMENT ON COLUMN hub.pushed_request.brought_at IS 'by a browser: from then on the person has some minutes';
CREATE INDEX ix_pushed_request_centre ON hub.pushed_request (centre_id);
CREATE INDEX ix_pushed_request_expires ON hub.pushed_request (expires_at);
ALTER TABLE hub.pushed_request ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.pushed_request FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.pushed_request USING (true) WITH CHECK (true);
CREATE POLICY author ON hub.pushed_request AS RESTRICTIVE FOR INSERT TO hub_app WITH CHECK (centre_id = ANY ((SELECT hub.parties())::uuid[]));
CREATE POLICY change ON hub.pushed_request AS RESTRICTIVE FOR UPDATE TO hub_app USING (true) WITH CHECK (centre_id = ANY ((SELECT hub.parties())::uuid[]));
CREATE POLICY removal ON hub.pushed_request AS RESTRICTIVE FOR DELETE TO hub_app USING (centre_id = ANY ((SELECT hub.parties())::uuid[]) OR expires_at < now());
GRANT SELECT, INSERT, DELETE, UPDATE (brought_at) ON hub.pushed_request TO hub_app;

CREATE TABLE hub.approval (
    key BYTEA NOT NULL,
    centre_id UUID NOT NULL,
    person_id UUID NOT NULL,
    acts TEXT[] NOT NULL,
    redirect_uri TEXT NOT NULL,
    scope TEXT NOT NULL,
    challenge TEXT NOT NULL,
    jkt TEXT NOT NULL,
    approved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    jti TEXT,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_approval PRIMARY KEY (key),
    CONSTRAINT fk_approval_centre_id FOREIGN KEY(centre_id) REFERENCES hub.centre (id),
    CONSTRAINT uq_approval_jti UNIQUE (jti)
);
COMMENT ON COLUMN hub.approval.key IS 'SHA-256 of the code';
COMMENT ON COLUMN hub.approval.acts IS 'what the person may; who gets others approves anew';
COMMENT ON COLUMN hub.approval.jti IS 'of the token that the code has given';
COMMENT ON COLUMN hub.approval.expires_at IS 'of the code, then of the token';
CREATE INDEX ix_approval_person ON hub.approval (centre_id, person_id);
CREATE INDEX ix_approval_expires ON hub.approval (expires_at);
ALTER TABLE hub.approval ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.approval FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.approval USING (true) WITH CHECK (true);
CREATE POLICY author ON hub.approval AS RESTRICTIVE FOR INSERT TO hub_app WITH CHECK (centre_id = ANY ((SELECT hub.parties())::uuid[]));
CREATE POLICY change ON hub.approval AS RESTRICTIVE FOR UPDATE TO hub_app USING (true) WITH CHECK (centre_id = ANY ((SELECT hub.parties())::uuid[]));
CREATE POLICY removal ON hub.approval AS RESTRICTIVE FOR DELETE TO hub_app USING (centre_id = ANY ((SELECT hub.parties())::uuid[]) OR expires_at < now());
GRANT SELECT, INSERT, DELETE, UPDATE (used_at, jti, expires_at) ON hub.approval TO hub_app;
