#!/bin/sh
# roles.sh: database roles for site and invalidator, if .env has their passwords. The owner, who is the
# container's superuser, stays as DATABASE_URL names it.
set -eu
[ -n "$POSTGRES_SITE_PASSWORD$POSTGRES_INVALIDATOR_PASSWORD" ] || exit 0
: "${POSTGRES_SITE_PASSWORD:?set it in .env, too}" "${POSTGRES_INVALIDATOR_PASSWORD:?set it in .env, too}"
# dbshell gives psql the password by its environment: every user of the machine can read arguments.
OWNER=podcast exec python manage.py dbshell -- --quiet --no-psqlrc <"$(dirname -- "$0")/../roles.sql"
