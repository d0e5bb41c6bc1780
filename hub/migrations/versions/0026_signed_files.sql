ALTER TABLE hub.proof ADD COLUMN verdict TEXT;
COMMENT ON COLUMN hub.proof.verdict IS 'on its signatures; null where it can bear none, or nobody looked';
ALTER TABLE hub.proof ADD COLUMN signers BYTEA;
COMMENT ON COLUMN hub.proof.signers IS 'who and when, by the keyring, for it only';
