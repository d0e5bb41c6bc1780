CREATE INDEX ix_side_open ON hub.side (tenant_id, role, requester_id, holder_id)
WHERE role <> 'oversight' AND state IN ('requested', 'preparing', 'disputed', 'lapsed', 'frozen');
