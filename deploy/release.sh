#!/bin/sh
# release.sh: updates database roles, extension, schema, stored HTML and search. Run it before a release
# starts, also while the former one runs. It can be repeated.
set -eu
cd "$(dirname -- "$0")/.."
as_owner() { sh deploy/as-owner.sh "$@"; }
as_owner sh deploy/roles.sh
# Where the owner may not create the extension, psql says so, and search goes by words.
as_owner python manage.py dbshell -- --quiet --no-psqlrc <deploy/extension.sql
as_owner python manage.py migrate --noinput
as_owner python manage.py rerender
as_owner python manage.py rebuild_search --missing
