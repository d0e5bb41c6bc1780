-- The owner changes the rows, so the wall lets it through meanwhile. What came of the copies since they were asked
-- for, and who owes the next step, the worker finds by itself.
ALTER TABLE hub.matter NO FORCE ROW LEVEL SECURITY;
UPDATE hub.matter
SET content = jsonb_set(content::jsonb, '{remaining}', content::jsonb -> 'remaining' || '["receive_copies"]')::json
WHERE workflow = 'family_move' AND state IN ('agreed', 'late', 'dated')
    AND NOT content::jsonb -> 'remaining' ? 'receive_copies';
ALTER TABLE hub.matter FORCE ROW LEVEL SECURITY;
