-- What was counted on oversight's rows were the rungs of those who owe: it was told of none of them.
ALTER TABLE hub.duty NO FORCE ROW LEVEL SECURITY;
UPDATE hub.duty SET rungs_told = 0 WHERE stake = 'oversees' AND ended_at IS NULL AND rungs_told <> 0;
ALTER TABLE hub.duty FORCE ROW LEVEL SECURITY;
CREATE INDEX ix_duty_due ON hub.duty (tenant_id, due_on);
