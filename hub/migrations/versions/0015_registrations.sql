ALTER TABLE hub.centre DROP CONSTRAINT ck_centre_id;
ALTER TABLE hub.centre ADD CONSTRAINT ck_centre_id CHECK (id NOT IN ('00000000-0000-4000-8000-00006f766572', '00000000-0000-4000-8000-000061676973'));
ALTER TABLE hub.centre DROP CONSTRAINT ck_centre_role;
ALTER TABLE hub.centre ADD CONSTRAINT ck_centre_role CHECK (role IN ('centre', 'oversight', 'register'));

CREATE TABLE hub.register_key (
    kid TEXT NOT NULL,
    jwk JSONB NOT NULL,
    admitted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    retired_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_register_key PRIMARY KEY (kid)
);
COMMENT ON COLUMN hub.register_key.kid IS 'its thumbprint (RFC 7638)';
COMMENT ON COLUMN hub.register_key.retired_at IS 'nothing is sealed to it any more';

CREATE TABLE hub.register_report (
    tenant_id UUID NOT NULL,
    report_id UUID NOT NULL,
    author_id UUID NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    body BYTEA NOT NULL,
    sha256 BYTEA NOT NULL,
    signature_base BYTEA NOT NULL,
    signature BYTEA NOT NULL,
    alg TEXT NOT NULL,
    public_key JSONB NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT NOT NULL,
    acceptance TEXT NOT NULL,
    answer JSON NOT NULL,
    CONSTRAINT pk_register_report PRIMARY KEY (tenant_id, report_id)
);
COMMENT ON COLUMN hub.register_report.body IS 'the exact bytes that were signed';
COMMENT ON COLUMN hub.register_report.acceptance IS 'the hub''s answer, a compact JWS';
COMMENT ON COLUMN hub.register_report.answer IS 'what became of each outcome, as first told';

CREATE TABLE hub.registration (
    key UUID NOT NULL,
    matter_id UUID NOT NULL,
    centre_id UUID NOT NULL,
    previous_id UUID NOT NULL,
    parties UUID[] NOT NULL,
    effective_on DATE NOT NULL,
    revision INTEGER NOT NULL,
    operation TEXT NOT NULL,
    replaces UUID,
    replaces_revision INTEGER,
    state TEXT NOT NULL,
    because TEXT,
    register_key TEXT,
    sealed_sha256 BYTEA,
    sealed_bytes INTEGER,
    attempts INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    maybe_there BOOLEAN NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE,
    claimed_until TIMESTAMP WITH TIME ZONE,
    prepared_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    registered_on DATE,
    register_id TEXT,
    CONSTRAINT pk_registration PRIMARY KEY (key)
);
CREATE INDEX ix_registration_centre ON hub.registration (centre_id, prepared_at, key);
CREATE INDEX ix_registration_matter ON hub.registration (matter_id);
CREATE INDEX ix_registration_next ON hub.registration (next_at, key) WHERE state NOT IN ('acknowledged', 'withdrawn');
CREATE INDEX ix_registration_prepared ON hub.registration (prepared_at, key);
COMMENT ON COLUMN hub.registration.key IS 'UUIDv5 of case, day and new centre';
COMMENT ON COLUMN hub.registration.centre_id IS 'the new one, which registers';
COMMENT ON COLUMN hub.registration.parties IS 'who may reach this row';
COMMENT ON COLUMN hub.registration.replaces_revision IS 'the newest of it when this was prepared';
COMMENT ON COLUMN hub.registration.because IS 'why it is rejected, needs a person or was withdrawn';
COMMENT ON COLUMN hub.registration.register_key IS 'the thumbprint of the key that the facts are sealed to';
COMMENT ON COLUMN hub.registration.attempts IS 'ever made';
COMMENT ON COLUMN hub.registration.tries IS 'made since it was prepared, or a person let it go on';
COMMENT ON COLUMN hub.registration.maybe_there IS 'something under this key may be in the register';
COMMENT ON COLUMN hub.registration.next_at IS 'when somebody does the next thing; none once it has ended';
COMMENT ON COLUMN hub.registration.claimed_until IS 'a job has it until then';

CREATE TABLE hub.registration_attempt (
    key UUID NOT NULL,
    attempt INTEGER NOT NULL,
    parties UUID[] NOT NULL,
    revision INTEGER NOT NULL,
    claim_id UUID NOT NULL,
    claimant UUID NOT NULL,
    client TEXT NOT NULL,
    ask_first BOOLEAN NOT NULL,
    claimed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    claimed_until TIMESTAMP WITH TIME ZONE NOT NULL,
    result TEXT,
    reason TEXT,
    entry_sha256 BYTEA,
    reported_at TIMESTAMP WITH TIME ZONE,
    report_id UUID,
    CONSTRAINT pk_registration_attempt PRIMARY KEY (key, attempt),
    CONSTRAINT fk_registration_attempt_key FOREIGN KEY(key) REFERENCES hub.registration (key)
);
CREATE INDEX ix_registration_attempt_claim ON hub.registration_attempt (claimant, claim_id);
COMMENT ON COLUMN hub.registration_attempt.claim_id IS 'the statement that took it';
COMMENT ON COLUMN hub.registration_attempt.claimant IS 'the tenant that took it';
COMMENT ON COLUMN hub.registration_attempt.entry_sha256 IS 'of what was sent';

CREATE TABLE hub.registration_sealed (
    key UUID NOT NULL,
    parties UUID[] NOT NULL,
    facts TEXT NOT NULL,
    CONSTRAINT pk_registration_sealed PRIMARY KEY (key),
    CONSTRAINT fk_registration_sealed_key FOREIGN KEY(key) REFERENCES hub.registration (key)
);
COMMENT ON COLUMN hub.registration_sealed.facts IS 'a compact JWE to the register''s key';

ALTER TABLE hub.register_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.register_key FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.register_key USING (true) WITH CHECK (true);
GRANT SELECT ON hub.register_key TO hub_app;

ALTER TABLE hub.register_report ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.register_report FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.register_report USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT, INSERT ON hub.register_report TO hub_app;

ALTER TABLE hub.registration ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.registration FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.registration USING (parties && (SELECT hub.parties())::uuid[]) WITH CHECK (parties && (SELECT hub.parties())::uuid[]);
GRANT SELECT, INSERT, UPDATE ON hub.registration TO hub_app;

ALTER TABLE hub.registration_attempt ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.registration_attempt FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.registration_attempt USING (parties && (SELECT hub.parties())::uuid[]) WITH CHECK (parties && (SELECT hub.parties())::uuid[]);
GRANT SELECT, INSERT, UPDATE ON hub.registration_attempt TO hub_app;

ALTER TABLE hub.registration_sealed ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.registration_sealed FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.registration_sealed USING (parties && (SELECT hub.parties())::uuid[]) WITH CHECK (parties && (SELECT hub.parties())::uuid[]);
GRANT SELECT, INSERT, UPDATE, DELETE ON hub.registration_sealed TO hub_app;
