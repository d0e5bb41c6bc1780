ALTER TABLE hub.duty ADD COLUMN original_due_on DATE, ADD COLUMN extended_by UUID;
COMMENT ON COLUMN hub.duty.original_due_on IS 'as first counted, where a later day was agreed on';
COMMENT ON COLUMN hub.duty.extended_by IS 'the statement that agreed to the later day';
ALTER TABLE hub.exchange
    ADD COLUMN proposal_id UUID,
    ADD COLUMN proposed_until DATE,
    ADD COLUMN proposal_reason TEXT;
COMMENT ON COLUMN hub.exchange.proposal_id IS 'the holder''s proposal of a later day that stands';
