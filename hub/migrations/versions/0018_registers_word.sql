ALTER TABLE hub.register_key ADD COLUMN purpose TEXT DEFAULT 'sealing' NOT NULL;
COMMENT ON COLUMN hub.register_key.purpose IS 'sealing to it, or signing by it';

ALTER TABLE hub.registration_attempt ADD COLUMN handed_sha256 BYTEA;
COMMENT ON COLUMN hub.registration_attempt.handed_sha256 IS 'of the entry as it was handed out; of old attempts none';
ALTER TABLE hub.registration_attempt ADD COLUMN word TEXT;
COMMENT ON COLUMN hub.registration_attempt.word IS 'the register''s own, as it signed it: a compact JWS';

ALTER TABLE hub.registration ADD COLUMN confirmed_by TEXT;
COMMENT ON COLUMN hub.registration.confirmed_by IS 'whose word both are: the register''s, or the job''s';

-- until now nobody's word but the job's was known; the wall stands in the way of its owner too
ALTER TABLE hub.registration NO FORCE ROW LEVEL SECURITY;
UPDATE hub.registration SET confirmed_by = 'job' WHERE register_id IS NOT NULL;
ALTER TABLE hub.registration FORCE ROW LEVEL SECURITY;
