#!/bin/sh
# roles.sh: database roles for site and invalidator, if the environment has their passwords. The owner
# stays as DATABASE_URL names it; it has to be allowed to create roles.
set -eu
[ -n "${POSTGRES_SITE_PASSWORD:-}${POSTGRES_INVALIDATOR_PASSWORD:-}" ] || exit 0
: "${POSTGRES_SITE_PASSWORD:?set it, too}" "${POSTGRES_INVALIDATOR_PASSWORD:?set it, too}"
# dbshell gives psql the password by its environment: every user of the machine can read arguments.
exec python manage.py dbshell -- --quiet --no-psqlrc <"$(dirname -- "$0")/roles.sql"
