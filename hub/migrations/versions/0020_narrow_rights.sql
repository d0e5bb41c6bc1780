-- The application updates only the columns that change, writes statements only for the tenants of the
-- transaction, and forgets only what is over: a copy of what the tables said when this landed.
REVOKE UPDATE ON hub.answer FROM hub_app;
GRANT UPDATE (incomplete_because, dispatched_at, directory, archive_bytes, archive_sha256, delivery, dispute, receipt, erased_at, sent_on, handed_over_to, authority, item_number, item_number_checked, outcome, outcome_on) ON hub.answer TO hub_app;
REVOKE UPDATE ON hub.duty FROM hub_app;
GRANT UPDATE (calendar_version, edition, confirmed, due_on, alt_due_on, explanation, ended_at, ending, ended_by, done_on, original_due_on, extended_by, moved_by, rungs_told) ON hub.duty TO hub_app;
REVOKE UPDATE ON hub.exchange FROM hub_app;
GRANT UPDATE (children, state, round, moved_at, more_children, more_forms, answered_before, proposal_id, proposed_until, proposal_reason, receipt) ON hub.exchange TO hub_app;
REVOKE UPDATE ON hub.matter FROM hub_app;
GRANT UPDATE (state, content, moved_at) ON hub.matter TO hub_app;
REVOKE UPDATE ON hub.password FROM hub_app;
GRANT UPDATE (wrapped, state, sending, attempts, provider_id, asked_at, sent_at, delivered_at, revealed_at, expires_at, erased_at, erased_because) ON hub.password TO hub_app;
REVOKE UPDATE ON hub.proof FROM hub_app;
GRANT UPDATE (concerns, named_at) ON hub.proof TO hub_app;
REVOKE UPDATE ON hub.register_difference FROM hub_app;
GRANT UPDATE (state, seen_at, how, resolved_by, closed_at) ON hub.register_difference TO hub_app;
REVOKE UPDATE ON hub.register_extract FROM hub_app;
GRANT UPDATE (last_page, compared_at, sha256, entries, found) ON hub.register_extract TO hub_app;
REVOKE UPDATE ON hub.register_page FROM hub_app;
GRANT UPDATE (content) ON hub.register_page TO hub_app;
REVOKE UPDATE ON hub.registration FROM hub_app;
GRANT UPDATE (effective_on, revision, operation, replaces, replaces_revision, state, because, register_key, sealed_sha256, sealed_bytes, attempts, tries, maybe_there, next_at, claimed_until, prepared_at, changed_at, registered_on, register_id, confirmed_by) ON hub.registration TO hub_app;
REVOKE UPDATE ON hub.party FROM hub_app;
GRANT UPDATE (state, moved_at) ON hub.party TO hub_app;
REVOKE UPDATE ON hub.registration_attempt FROM hub_app;
GRANT UPDATE (result, reason, entry_sha256, reported_at, report_id, word) ON hub.registration_attempt TO hub_app;
REVOKE UPDATE ON hub.side FROM hub_app;
GRANT UPDATE (state, moved_at, due_on) ON hub.side TO hub_app;
REVOKE UPDATE ON hub.registration_sealed FROM hub_app;

CREATE POLICY author ON hub.matter_statement AS RESTRICTIVE FOR INSERT TO hub_app WITH CHECK (author_id = ANY ((SELECT hub.parties())::uuid[]));
CREATE POLICY change ON hub.proof AS RESTRICTIVE FOR UPDATE TO hub_app USING (true) WITH CHECK (concerns IS NOT NULL);
CREATE POLICY removal ON hub.proof AS RESTRICTIVE FOR DELETE TO hub_app USING (concerns IS NULL);
CREATE POLICY author ON hub.register_decision AS RESTRICTIVE FOR INSERT TO hub_app WITH CHECK (author_id = ANY ((SELECT hub.parties())::uuid[]));
CREATE POLICY author ON hub.register_report AS RESTRICTIVE FOR INSERT TO hub_app WITH CHECK (author_id = ANY ((SELECT hub.parties())::uuid[]));
CREATE POLICY removal ON hub.revoked_token AS RESTRICTIVE FOR DELETE TO hub_app USING (expires_at < now());
CREATE POLICY removal ON hub.seen AS RESTRICTIVE FOR DELETE TO hub_app USING (expires_at < now());
CREATE POLICY author ON hub.statement AS RESTRICTIVE FOR INSERT TO hub_app WITH CHECK (author_id = ANY ((SELECT hub.parties())::uuid[]));
