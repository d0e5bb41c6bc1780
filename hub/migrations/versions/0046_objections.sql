ALTER TABLE hub.duty ADD COLUMN objections_until DATE;
COMMENT ON COLUMN hub.duty.objections_until IS 'the day that it counts from may be objected to, until then';
