ALTER TABLE hub.exchange
    ADD COLUMN more_children TEXT[] DEFAULT '{}' NOT NULL,
    ADD COLUMN more_forms TEXT[] DEFAULT '{}' NOT NULL,
    ADD COLUMN answered_before BOOLEAN DEFAULT false NOT NULL;
COMMENT ON COLUMN hub.exchange.more_children IS 'by supplements';
COMMENT ON COLUMN hub.exchange.more_forms IS 'by supplements';
COMMENT ON COLUMN hub.exchange.answered_before IS 'only more is awaited';
ALTER TABLE hub.answer ADD COLUMN receipt TEXT;
COMMENT ON COLUMN hub.answer.receipt IS 'of a round before a supplement; the newest one is the exchange''s';
