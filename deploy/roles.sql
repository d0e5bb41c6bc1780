-- The roles and schemas of the hub, for a server whose administrator makes roles by hand.
-- Run once as the server's administrator, in the hub's own database; running it again changes nothing.
-- Then give the two logins passwords, or let them in by certificate:  \password hub_app_login
--
-- hub_owner        owns every table, may not log in
-- hub_app          what serve and worker act as: owns nothing, is held by row-level security
-- hub_owner_login  logs in for `hub migrate` and the operator's commands (HUB_DATABASE_OWNER_URL)
-- hub_app_login    logs in for serve and worker (HUB_DATABASE_URL); cannot become hub_owner

DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['hub_owner', 'hub_app'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE', wanted);
        END IF;
    END LOOP;
    FOREACH wanted IN ARRAY ARRAY['hub_owner_login', 'hub_app_login'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE', wanted);
        END IF;
    END LOOP;
    FOREACH wanted IN ARRAY ARRAY['hub', 'queue', 'migration'] LOOP
        IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = wanted) THEN
            EXECUTE format('CREATE SCHEMA %I AUTHORIZATION hub_owner', wanted);
        END IF;
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO hub_app', wanted);
    END LOOP;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO hub_owner_login, hub_app_login', current_database());
END
$$;

GRANT hub_owner TO hub_owner_login;
GRANT hub_app TO hub_owner_login, hub_app_login;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
