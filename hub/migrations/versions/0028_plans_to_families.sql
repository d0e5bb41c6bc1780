ALTER TABLE hub.password ADD COLUMN workflow TEXT DEFAULT 'copies' NOT NULL;
ALTER TABLE hub.password ADD COLUMN wrapped_places BYTEA;
ALTER TABLE hub.password ALTER COLUMN archive_address DROP NOT NULL;
ALTER TABLE hub.password ALTER COLUMN password_address DROP NOT NULL;
ALTER TABLE hub.password ADD CONSTRAINT ck_password_in_clear CHECK (num_nonnulls(archive_address, password_address) = 2 * (workflow = 'copies')::int);
ALTER TABLE hub.password ADD CONSTRAINT ck_password_as_the_password CHECK ((wrapped_places IS NOT NULL) = (workflow <> 'copies' AND wrapped IS NOT NULL));
COMMENT ON COLUMN hub.password.workflow IS 'of the matter';
COMMENT ON COLUMN hub.password.wrapped_places IS 'a family''s two addresses, wrapped like the password';
COMMENT ON COLUMN hub.password.archive_address IS 'of a centre; a family''s is wrapped';
COMMENT ON COLUMN hub.password.password_address IS 'of a centre; a family''s is wrapped';
GRANT UPDATE (wrapped_places) ON hub.password TO hub_app;

CREATE TABLE hub.plan_sending (
	matter_id UUID NOT NULL,
	number SMALLINT NOT NULL,
	id UUID NOT NULL,
	recipient_sha256 BYTEA NOT NULL,
	begun_at TIMESTAMP WITH TIME ZONE NOT NULL,
	dispatched_at TIMESTAMP WITH TIME ZONE,
	directory BYTEA,
	archive_bytes BIGINT,
	archive_sha256 BYTEA,
	mailed_at TIMESTAMP WITH TIME ZONE,
	ended_at TIMESTAMP WITH TIME ZONE,
	erased_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_plan_sending PRIMARY KEY (matter_id, number),
	CONSTRAINT uq_plan_sending_matter_id_id UNIQUE (matter_id, id)
);
COMMENT ON COLUMN hub.plan_sending.id IS 'chosen by the centre';
COMMENT ON COLUMN hub.plan_sending.recipient_sha256 IS 'of the document with the addresses';
COMMENT ON COLUMN hub.plan_sending.directory IS 'the archive''s last bytes, after its segments';
COMMENT ON COLUMN hub.plan_sending.ended_at IS 'when it had served, or was given up: nothing opens it any more';
COMMENT ON COLUMN hub.plan_sending.erased_at IS 'when the sealed segments were deleted';
ALTER TABLE hub.plan_sending ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.plan_sending FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.plan_sending USING (EXISTS (SELECT FROM hub.party WHERE party.matter_id = plan_sending.matter_id AND party.role <> 'oversight' AND party.tenant_id = ANY ((SELECT hub.parties())::uuid[]))) WITH CHECK (EXISTS (SELECT FROM hub.party WHERE party.matter_id = plan_sending.matter_id AND party.role <> 'oversight' AND party.tenant_id = ANY ((SELECT hub.parties())::uuid[])));
GRANT SELECT, INSERT, UPDATE (dispatched_at, directory, archive_bytes, archive_sha256, mailed_at, ended_at, erased_at) ON hub.plan_sending TO hub_app;
