CREATE INDEX ix_party_listed ON hub.party (tenant_id, role, state, moved_at, matter_id)
WHERE workflow = 'copies';
DROP INDEX hub.ix_party_copies;
