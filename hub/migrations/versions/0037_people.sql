CREATE TABLE hub.person (
    tenant_id UUID NOT NULL,
    person_id UUID NOT NULL,
    name TEXT NOT NULL,
    position TEXT NOT NULL,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    acts TEXT[] NOT NULL,
    state TEXT NOT NULL,
    language TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    password TEXT,
    code_key BYTEA,
    code_used BIGINT DEFAULT '0' NOT NULL,
    tries SMALLINT DEFAULT '0' NOT NULL,
    tried_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_person PRIMARY KEY (tenant_id, person_id),
    CONSTRAINT ck_person_role CHECK (role IN ('social_worker', 'coordinator', 'overseer', 'operator')),
    CONSTRAINT ck_person_state CHECK (state IN ('invited', 'active', 'suspended')),
    CONSTRAINT ck_person_two_factors CHECK (num_nulls(password, code_key) <> 1)
);
COMMENT ON COLUMN hub.person.password IS 'argon2id';
COMMENT ON COLUMN hub.person.code_key IS 'for an app that shows codes, covered by the keyring';
COMMENT ON COLUMN hub.person.code_used IS 'the last half minute';
COMMENT ON COLUMN hub.person.tries IS 'wrong ones in a row';
ALTER TABLE hub.person ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.person FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.person USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT, INSERT, UPDATE (name, position, email, role, acts, state, language, password, code_key, code_used, tries, tried_at) ON hub.person TO hub_app;

CREATE TABLE hub.passkey (
    tenant_id UUID NOT NULL,
    passkey_id BYTEA NOT NULL,
    person_id UUID NOT NULL,
    public_key BYTEA NOT NULL,
    sign_count BIGINT NOT NULL,
    backed_up BOOLEAN NOT NULL,
    label TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_passkey PRIMARY KEY (tenant_id, passkey_id),
    CONSTRAINT fk_passkey_person FOREIGN KEY(tenant_id, person_id) REFERENCES hub.person (tenant_id, person_id)
);
CREATE INDEX ix_passkey_person ON hub.passkey (tenant_id, person_id);
ALTER TABLE hub.passkey ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.passkey FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.passkey USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT, INSERT, DELETE, UPDATE (sign_count, used_at) ON hub.passkey TO hub_app;

CREATE TABLE hub.entrance (
    digest BYTEA NOT NULL,
    door TEXT NOT NULL,
    centre_id UUID NOT NULL,
    person_id UUID NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_entrance PRIMARY KEY (digest),
    CONSTRAINT ck_entrance_door CHECK (door IN ('email', 'passkey', 'link')),
    CONSTRAINT ck_entrance_a_link_ends CHECK ((expires_at IS NOT NULL) = (door = 'link'))
);
COMMENT ON COLUMN hub.entrance.digest IS 'SHA-256 of the door and what is shown there';
COMMENT ON COLUMN hub.entrance.expires_at IS 'of a link';
CREATE INDEX ix_entrance_person ON hub.entrance (centre_id, person_id);
ALTER TABLE hub.entrance ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.entrance FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.entrance USING (true) WITH CHECK (true);
CREATE POLICY author ON hub.entrance AS RESTRICTIVE FOR INSERT TO hub_app WITH CHECK (centre_id = ANY ((SELECT hub.parties())::uuid[]));
CREATE POLICY removal ON hub.entrance AS RESTRICTIVE FOR DELETE TO hub_app USING (centre_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT, INSERT, DELETE ON hub.entrance TO hub_app;

CREATE TABLE hub.session (
    key BYTEA NOT NULL,
    centre_id UUID NOT NULL,
    person_id UUID NOT NULL,
    how TEXT NOT NULL,
    begun_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    proved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_session PRIMARY KEY (key)
);
COMMENT ON COLUMN hub.session.key IS 'SHA-256 of the cookie';
CREATE INDEX ix_session_begun ON hub.session (begun_at);
CREATE INDEX ix_session_person ON hub.session (centre_id, person_id);
ALTER TABLE hub.session ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.session FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.session USING (true) WITH CHECK (true);
CREATE POLICY author ON hub.session AS RESTRICTIVE FOR INSERT TO hub_app WITH CHECK (centre_id = ANY ((SELECT hub.parties())::uuid[]));
CREATE POLICY change ON hub.session AS RESTRICTIVE FOR UPDATE TO hub_app USING (true) WITH CHECK (centre_id = ANY ((SELECT hub.parties())::uuid[]));
CREATE POLICY removal ON hub.session AS RESTRICTIVE FOR DELETE TO hub_app USING (centre_id = ANY ((SELECT hub.parties())::uuid[]) OR begun_at < now() - interval '10 hours');
GRANT SELECT, INSERT, DELETE, UPDATE (seen_at) ON hub.session TO hub_app;

CREATE TABLE hub.errand (
    key BYTEA NOT NULL,
    said JSON NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_errand PRIMARY KEY (key)
);
COMMENT ON COLUMN hub.errand.key IS 'SHA-256 of what the browser holds meanwhile';
COMMENT ON COLUMN hub.errand.said IS 'a challenge, until it is answered: once';
CREATE INDEX ix_errand_expires ON hub.errand (expires_at);
ALTER TABLE hub.errand ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.errand FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.errand USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON hub.errand TO hub_app;
