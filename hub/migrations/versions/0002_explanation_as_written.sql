ALTER TABLE hub.duty ALTER COLUMN explanation TYPE JSON USING explanation::json;
COMMENT ON COLUMN hub.duty.explanation IS 'kept as written, never searched';
