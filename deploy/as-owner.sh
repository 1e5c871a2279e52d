#!/bin/sh
# as-owner.sh COMMAND…: runs it as the database's owner, if OWNER_DATABASE_URL names that role, and never
# through a pooler, which migrations and backups can't use.
set -eu
if [ -n "${OWNER_DATABASE_URL:-}" ]; then
    export DATABASE_URL="$OWNER_DATABASE_URL"
    unset DATABASE_POOLER
elif [ "${DATABASE_POOLER:-0}" != 0 ]; then
    echo "Set OWNER_DATABASE_URL, too: the address of the database itself, not of its pooler." >&2
    exit 1
fi
exec "$@"
