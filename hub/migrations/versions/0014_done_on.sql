ALTER TABLE hub.duty ADD COLUMN done_on DATE;
COMMENT ON COLUMN hub.duty.done_on IS 'the day of what met it, where it was told of later';
