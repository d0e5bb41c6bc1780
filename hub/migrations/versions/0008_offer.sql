ALTER TABLE hub.side ALTER COLUMN due_on DROP NOT NULL;
COMMENT ON COLUMN hub.side.due_on IS 'absent where nothing is owed by a day';
