#!/bin/sh
# add-static.sh [FROM TO]: adds a release's static files to those of earlier releases. Pages that
# browsers and CDNs have kept from before an update still name those. nginx may be serving them:
# a file is there whole or not at all.
set -eu
from=${1:-/app/staticfiles}
to=${2:-/static}
cd "$from"
find . -type f | while IFS= read -r file; do
    cmp -s "$file" "$to/$file" && continue
    mkdir -p "$to/${file%/*}"
    cp "$file" "$to/$file.new"
    mv "$to/$file.new" "$to/$file"
done
