#!/bin/sh
# Gives the two logins of roles.sql their passwords when compose makes the database for the first time.
set -eu
psql --username "${POSTGRES_USER:-postgres}" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 \
    --set owner="$HUB_OWNER_PASSWORD" --set app="$HUB_APP_PASSWORD" <<'SQL'
ALTER ROLE hub_owner_login PASSWORD :'owner';
ALTER ROLE hub_app_login PASSWORD :'app';
SQL
