ALTER TABLE hub.calendar_year RENAME COLUMN moves_confirmed TO confirmed;
COMMENT ON COLUMN hub.calendar_year.confirmed IS 'moved and proclaimed days are all entered';

ALTER TABLE hub.duty ADD COLUMN edition INTEGER DEFAULT '0' NOT NULL;
ALTER TABLE hub.duty ADD COLUMN moved_by JSON;
COMMENT ON COLUMN hub.duty.edition IS 'by which it was last counted';
COMMENT ON COLUMN hub.duty.original_due_on IS 'as first counted, where a later day counts';
COMMENT ON COLUMN hub.duty.moved_by IS 'the days off that moved it by law; kept as written, never searched';
CREATE INDEX ix_duty_counted ON hub.duty (edition, id) WHERE ended_at IS NULL AND stake = 'oversees';

-- What was said of a year to come was said of moved days alone: it has to be said of proclaimed ones too.
WITH standing AS (
    SELECT DISTINCT ON (year) year, confirmed FROM hub.calendar_year ORDER BY year, edition DESC
), lapsed AS (
    SELECT year FROM standing WHERE confirmed AND year > extract(year FROM now())
), entered AS (
    INSERT INTO hub.calendar_edition (edition, entered_at, entered_by, source)
    SELECT max(edition) + 1, now(), 'hub', 'proclaimed days off have to be confirmed too'
    FROM hub.calendar_edition HAVING EXISTS (SELECT FROM lapsed)
    RETURNING edition
)
INSERT INTO hub.calendar_year (year, edition, confirmed) SELECT year, edition, false FROM lapsed, entered;
