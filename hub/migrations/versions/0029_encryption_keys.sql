ALTER TABLE hub.client_key DROP CONSTRAINT ck_client_key_use;
ALTER TABLE hub.client_key ADD CONSTRAINT ck_client_key_use CHECK (use IN ('oauth', 'signing', 'encryption'));
