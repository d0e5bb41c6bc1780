CREATE INDEX ix_party_workflow ON hub.party (tenant_id, workflow, state);
