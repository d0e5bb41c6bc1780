CREATE TABLE hub.family_care (
    tenant_id UUID NOT NULL,
    family TEXT NOT NULL,
    matter_id UUID NOT NULL,
    talk_on DATE NOT NULL,
    talk_by DATE NOT NULL,
    CONSTRAINT pk_family_care PRIMARY KEY (tenant_id, family)
);
COMMENT ON COLUMN hub.family_care.matter_id IS 'its newest plan, open or not';
COMMENT ON COLUMN hub.family_care.talk_on IS 'when it was talked with last';
COMMENT ON COLUMN hub.family_care.talk_by IS 'the last day for the next talk';
CREATE INDEX ix_family_care_talk_by ON hub.family_care (tenant_id, talk_by);

-- The newest plan of each family at each centre, unless their cooperation has ended with it. The owner carries
-- the rows over, so the wall lets it through meanwhile.
ALTER TABLE hub.matter NO FORCE ROW LEVEL SECURITY;
INSERT INTO hub.family_care (tenant_id, family, matter_id, talk_on, talk_by)
SELECT tenant_id, family, matter_id, talk_on, (talk_on + INTERVAL '1 year')::date
FROM (
    SELECT DISTINCT ON (parties[1], content ->> 'family') parties[1] AS tenant_id, content ->> 'family' AS family,
        matter_id, (content ->> 'talk_on')::date AS talk_on, content ->> 'closed_because' AS closed_because
    FROM hub.matter WHERE workflow = 'support_plan'
    ORDER BY parties[1], content ->> 'family', (content ->> 'closed_on') IS NULL DESC, opened_at DESC
) AS newest
WHERE closed_because IS DISTINCT FROM 'cooperation_ended';
ALTER TABLE hub.matter FORCE ROW LEVEL SECURITY;

ALTER TABLE hub.family_care ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.family_care FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.family_care USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT, INSERT, DELETE, UPDATE (matter_id, talk_on, talk_by) ON hub.family_care TO hub_app;
