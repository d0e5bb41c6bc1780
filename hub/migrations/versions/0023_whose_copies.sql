-- Behind row level security only leakproof operators reach an index: one of two uuids is, one of arrays is not.
DROP INDEX hub.ix_party_open;
CREATE INDEX ix_party_open ON hub.party (tenant_id, (parties[1]), (parties[2]))
WHERE workflow = 'copies' AND state IN ('requested', 'preparing', 'disputed', 'lapsed', 'frozen');
ALTER TABLE hub.party DROP CONSTRAINT ck_party_whose;
ALTER TABLE hub.party ADD CONSTRAINT ck_party_whose CHECK (CASE WHEN role = 'oversight' THEN tenant_id = '00000000-0000-4000-8000-00006f766572'::uuid WHEN workflow = 'copies' THEN tenant_id IS NOT DISTINCT FROM CASE role WHEN 'requester' THEN parties[1] WHEN 'holder' THEN parties[2] END ELSE tenant_id = ANY (parties) END);
