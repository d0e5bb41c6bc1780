ALTER TABLE hub.exchange ADD COLUMN signatures TEXT DEFAULT 'plain' NOT NULL;
COMMENT ON COLUMN hub.exchange.signatures IS 'what the request relies on';
