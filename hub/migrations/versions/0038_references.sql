CREATE INDEX ix_party_about ON hub.party (tenant_id, (about COLLATE "C"), matter_id) WHERE about IS NOT NULL;
