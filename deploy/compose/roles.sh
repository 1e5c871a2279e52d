#!/bin/sh
# roles.sh: database roles for site and invalidator, if .env has their passwords. The owner, who is the
# container's superuser, stays as DATABASE_URL names it.
set -eu
[ -n "$POSTGRES_SITE_PASSWORD$POSTGRES_INVALIDATOR_PASSWORD" ] || exit 0
: "${POSTGRES_SITE_PASSWORD:?set it in .env, too}" "${POSTGRES_INVALIDATOR_PASSWORD:?set it in .env, too}"
OWNER=podcast exec psql --quiet --no-psqlrc --dbname="$DATABASE_URL" <"$(dirname -- "$0")/../roles.sql"
