CREATE TABLE hub.telling (
    tenant_id UUID NOT NULL,
    coordinators TEXT NOT NULL,
    workers TEXT NOT NULL,
    at TIME WITHOUT TIME ZONE NOT NULL,
    quiet_from TIME WITHOUT TIME ZONE,
    quiet_until TIME WITHOUT TIME ZONE,
    CONSTRAINT pk_telling PRIMARY KEY (tenant_id),
    CONSTRAINT ck_telling_quiet_both CHECK (num_nulls(quiet_from, quiet_until) <> 1)
);
COMMENT ON COLUMN hub.telling.coordinators IS 'from which step on a duty is named to them';
COMMENT ON COLUMN hub.telling.at IS 'of the day in Riga';
ALTER TABLE hub.telling ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.telling FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.telling USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT, INSERT, UPDATE (coordinators, workers, at, quiet_from, quiet_until) ON hub.telling TO hub_app;

CREATE TABLE hub.morning (
    tenant_id UUID NOT NULL,
    person_id UUID NOT NULL,
    day DATE NOT NULL,
    named INTEGER,
    sent_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_morning PRIMARY KEY (tenant_id, person_id, day),
    CONSTRAINT fk_morning_person FOREIGN KEY(tenant_id, person_id) REFERENCES hub.person (tenant_id, person_id)
);
COMMENT ON COLUMN hub.morning.named IS 'how many duties; unknown until the letter is written';
ALTER TABLE hub.morning ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.morning FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.morning USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT, INSERT, UPDATE (named, sent_at) ON hub.morning TO hub_app;

CREATE TABLE hub.silent (
    tenant_id UUID NOT NULL,
    person_id UUID NOT NULL,
    CONSTRAINT pk_silent PRIMARY KEY (tenant_id, person_id),
    CONSTRAINT fk_silent_person FOREIGN KEY(tenant_id, person_id) REFERENCES hub.person (tenant_id, person_id)
);
ALTER TABLE hub.silent ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.silent FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.silent USING (tenant_id = ANY ((SELECT hub.parties())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT hub.parties())::uuid[]));
GRANT SELECT, INSERT, DELETE ON hub.silent TO hub_app;
