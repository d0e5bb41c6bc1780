GRANT UPDATE (missing) ON hub.answer TO hub_app;
COMMENT ON COLUMN hub.answer.missing IS 'from the dispatch on each with its reason';
COMMENT ON COLUMN hub.answer.incomplete_because IS 'one reason for all that has none of its own';

ALTER TABLE hub.password DROP CONSTRAINT ck_password_another_class;
ALTER TABLE hub.password ADD CONSTRAINT ck_password_another_class
    CHECK (archive_class <> password_class OR (workflow = 'copies' AND password_class = 'email'));
