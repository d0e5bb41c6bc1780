-- Orphans' courts and the territories they serve since 01.07.2021, without contacts: those the operator enters.
-- Varakļānu novads was merged into Madonas novads on 01.07.2025.

CREATE TABLE hub.court (
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    registration_number TEXT,
    email TEXT,
    postal_address TEXT,
    checked_on DATE,
    CONSTRAINT pk_court PRIMARY KEY (code)
);
COMMENT ON COLUMN hub.court.code IS 'ISO 3166-2 of the territory in which it sits';
COMMENT ON COLUMN hub.court.registration_number IS 'whose e-address reaches it';
COMMENT ON COLUMN hub.court.checked_on IS 'when the operator last entered it';

ALTER TABLE hub.court ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.court FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.court USING (true) WITH CHECK (true);
GRANT SELECT ON hub.court TO hub_app;

CREATE TABLE hub.court_territory (
    territory TEXT NOT NULL,
    valid_from DATE NOT NULL,
    name TEXT NOT NULL,
    court TEXT NOT NULL,
    valid_to DATE,
    merged_into TEXT,
    CONSTRAINT pk_court_territory PRIMARY KEY (territory, valid_from),
    CONSTRAINT ck_court_territory_days CHECK (valid_from <= valid_to),
    CONSTRAINT ck_court_territory_merged CHECK (merged_into IS NULL OR valid_to IS NOT NULL),
    CONSTRAINT fk_court_territory_court FOREIGN KEY(court) REFERENCES hub.court (code)
);
COMMENT ON COLUMN hub.court_territory.territory IS 'ISO 3166-2';
COMMENT ON COLUMN hub.court_territory.valid_to IS 'the last day';

ALTER TABLE hub.court_territory ENABLE ROW LEVEL SECURITY;
ALTER TABLE hub.court_territory FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON hub.court_territory USING (true) WITH CHECK (true);
GRANT SELECT ON hub.court_territory TO hub_app;

INSERT INTO hub.court (code, name) VALUES
    ('LV-DGV', 'Daugavpils valstspilsētas bāriņtiesa'),
    ('LV-JEL', 'Jelgavas valstspilsētas bāriņtiesa'),
    ('LV-JUR', 'Jūrmalas valstspilsētas bāriņtiesa'),
    ('LV-LPX', 'Liepājas valstspilsētas bāriņtiesa'),
    ('LV-REZ', 'Rēzeknes valstspilsētas bāriņtiesa'),
    ('LV-RIX', 'Rīgas bāriņtiesa'),
    ('LV-VEN', 'Ventspils valstspilsētas bāriņtiesa'),
    ('LV-002', 'Aizkraukles novada bāriņtiesa'),
    ('LV-007', 'Alūksnes novada bāriņtiesa'),
    ('LV-011', 'Ādažu novada bāriņtiesa'),
    ('LV-015', 'Balvu novada bāriņtiesa'),
    ('LV-016', 'Bauskas novada bāriņtiesa'),
    ('LV-022', 'Cēsu novada bāriņtiesa'),
    ('LV-026', 'Dobeles novada bāriņtiesa'),
    ('LV-033', 'Gulbenes novada bāriņtiesa'),
    ('LV-041', 'Jelgavas novada bāriņtiesa'),
    ('LV-042', 'Jēkabpils novada bāriņtiesa'),
    ('LV-047', 'Krāslavas novada bāriņtiesa'),
    ('LV-050', 'Kuldīgas novada bāriņtiesa'),
    ('LV-052', 'Ķekavas novada bāriņtiesa'),
    ('LV-054', 'Limbažu novada bāriņtiesa'),
    ('LV-056', 'Līvānu novada bāriņtiesa'),
    ('LV-058', 'Ludzas novada bāriņtiesa'),
    ('LV-059', 'Madonas novada bāriņtiesa'),
    ('LV-062', 'Mārupes novada bāriņtiesa'),
    ('LV-067', 'Ogres novada bāriņtiesa'),
    ('LV-068', 'Olaines novada bāriņtiesa'),
    ('LV-073', 'Preiļu novada bāriņtiesa'),
    ('LV-077', 'Rēzeknes novada bāriņtiesa'),
    ('LV-080', 'Ropažu novada bāriņtiesa'),
    ('LV-087', 'Salaspils novada bāriņtiesa'),
    ('LV-088', 'Saldus novada bāriņtiesa'),
    ('LV-089', 'Saulkrastu novada bāriņtiesa'),
    ('LV-091', 'Siguldas novada bāriņtiesa'),
    ('LV-094', 'Smiltenes novada bāriņtiesa'),
    ('LV-097', 'Talsu novada bāriņtiesa'),
    ('LV-099', 'Tukuma novada bāriņtiesa'),
    ('LV-101', 'Valkas novada bāriņtiesa'),
    ('LV-102', 'Varakļānu novada bāriņtiesa'),
    ('LV-106', 'Ventspils novada bāriņtiesa'),
    ('LV-111', 'Augšdaugavas novada bāriņtiesa'),
    ('LV-112', 'Dienvidkurzemes novada bāriņtiesa'),
    ('LV-113', 'Valmieras novada bāriņtiesa');

INSERT INTO hub.court_territory (territory, name, court, valid_from, valid_to, merged_into) VALUES
    ('LV-DGV', 'Daugavpils valstspilsēta', 'LV-DGV', '2021-07-01', NULL, NULL),
    ('LV-JEL', 'Jelgavas valstspilsēta', 'LV-JEL', '2021-07-01', NULL, NULL),
    ('LV-JUR', 'Jūrmalas valstspilsēta', 'LV-JUR', '2021-07-01', NULL, NULL),
    ('LV-LPX', 'Liepājas valstspilsēta', 'LV-LPX', '2021-07-01', NULL, NULL),
    ('LV-REZ', 'Rēzeknes valstspilsēta', 'LV-REZ', '2021-07-01', NULL, NULL),
    ('LV-RIX', 'Rīga', 'LV-RIX', '2021-07-01', NULL, NULL),
    ('LV-VEN', 'Ventspils valstspilsēta', 'LV-VEN', '2021-07-01', NULL, NULL),
    ('LV-002', 'Aizkraukles novads', 'LV-002', '2021-07-01', NULL, NULL),
    ('LV-007', 'Alūksnes novads', 'LV-007', '2021-07-01', NULL, NULL),
    ('LV-011', 'Ādažu novads', 'LV-011', '2021-07-01', NULL, NULL),
    ('LV-015', 'Balvu novads', 'LV-015', '2021-07-01', NULL, NULL),
    ('LV-016', 'Bauskas novads', 'LV-016', '2021-07-01', NULL, NULL),
    ('LV-022', 'Cēsu novads', 'LV-022', '2021-07-01', NULL, NULL),
    ('LV-026', 'Dobeles novads', 'LV-026', '2021-07-01', NULL, NULL),
    ('LV-033', 'Gulbenes novads', 'LV-033', '2021-07-01', NULL, NULL),
    ('LV-041', 'Jelgavas novads', 'LV-041', '2021-07-01', NULL, NULL),
    ('LV-042', 'Jēkabpils novads', 'LV-042', '2021-07-01', NULL, NULL),
    ('LV-047', 'Krāslavas novads', 'LV-047', '2021-07-01', NULL, NULL),
    ('LV-050', 'Kuldīgas novads', 'LV-050', '2021-07-01', NULL, NULL),
    ('LV-052', 'Ķekavas novads', 'LV-052', '2021-07-01', NULL, NULL),
    ('LV-054', 'Limbažu novads', 'LV-054', '2021-07-01', NULL, NULL),
    ('LV-056', 'Līvānu novads', 'LV-056', '2021-07-01', NULL, NULL),
    ('LV-058', 'Ludzas novads', 'LV-058', '2021-07-01', NULL, NULL),
    ('LV-059', 'Madonas novads', 'LV-059', '2021-07-01', NULL, NULL),
    ('LV-062', 'Mārupes novads', 'LV-062', '2021-07-01', NULL, NULL),
    ('LV-067', 'Ogres novads', 'LV-067', '2021-07-01', NULL, NULL),
    ('LV-068', 'Olaines novads', 'LV-068', '2021-07-01', NULL, NULL),
    ('LV-073', 'Preiļu novads', 'LV-073', '2021-07-01', NULL, NULL),
    ('LV-077', 'Rēzeknes novads', 'LV-077', '2021-07-01', NULL, NULL),
    ('LV-080', 'Ropažu novads', 'LV-080', '2021-07-01', NULL, NULL),
    ('LV-087', 'Salaspils novads', 'LV-087', '2021-07-01', NULL, NULL),
    ('LV-088', 'Saldus novads', 'LV-088', '2021-07-01', NULL, NULL),
    ('LV-089', 'Saulkrastu novads', 'LV-089', '2021-07-01', NULL, NULL),
    ('LV-091', 'Siguldas novads', 'LV-091', '2021-07-01', NULL, NULL),
    ('LV-094', 'Smiltenes novads', 'LV-094', '2021-07-01', NULL, NULL),
    ('LV-097', 'Talsu novads', 'LV-097', '2021-07-01', NULL, NULL),
    ('LV-099', 'Tukuma novads', 'LV-099', '2021-07-01', NULL, NULL),
    ('LV-101', 'Valkas novads', 'LV-101', '2021-07-01', NULL, NULL),
    ('LV-102', 'Varakļānu novads', 'LV-102', '2021-07-01', '2025-06-30', 'LV-059'),
    ('LV-106', 'Ventspils novads', 'LV-106', '2021-07-01', NULL, NULL),
    ('LV-111', 'Augšdaugavas novads', 'LV-111', '2021-07-01', NULL, NULL),
    ('LV-112', 'Dienvidkurzemes novads', 'LV-112', '2021-07-01', NULL, NULL),
    ('LV-113', 'Valmieras novads', 'LV-113', '2021-07-01', NULL, NULL);
