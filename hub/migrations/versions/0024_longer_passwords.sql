ALTER TABLE hub.password ADD COLUMN prolonged SMALLINT DEFAULT '0' NOT NULL;
COMMENT ON COLUMN hub.password.prolonged IS 'how often';
GRANT UPDATE (prolonged) ON hub.password TO hub_app;
