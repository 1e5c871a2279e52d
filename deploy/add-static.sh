#!/bin/sh
# add-static.sh [FROM TO]: adds a release's static files to those of earlier releases. Pages that
# browsers and CDNs have kept from before an update still name those, so they stay for 30 days after
# the release that had them was replaced. nginx may be serving them: a file is there whole or not at
# all, and none is touched that stays as it is.
set -eu
export LC_ALL=C # comm and sort agree
from=${1:-/app/staticfiles}
to=${2:-/static}
days=30

# Which files each release has; a list is as old as it is since its release was last in use.
lists=$to/.releases
served() { (cd "$to" && find . -type f ! -path './.releases/*' | sort); }
if [ ! -d "$lists" ]; then
    mkdir -p "$lists"
    served >"$lists/before.list"
fi

cd "$from"
files=$lists/files.$$
find . -type f | sort >"$files"
while IFS= read -r file; do
    cmp -s "$file" "$to/$file" && continue
    mkdir -p "$to/${file%/*}"
    cp "$file" "$to/$file.new"
    mv "$to/$file.new" "$to/$file"
done <"$files"

if [ -e "$lists/current" ]; then
    touch -c "$lists/$(cat "$lists/current")" # until now
fi
name=$(cksum <"$files" | tr ' ' -).list
mv "$files" "$lists/$name" # also newer than it was, if this release was here before
touch "$lists/$name"
echo "$name" >"$lists/current"

find "$lists" -name '*.list' -mtime "+$days" -exec rm -f {} +
sort -u "$lists"/*.list >"$lists/kept.$$"
served | comm -23 - "$lists/kept.$$" | while IFS= read -r file; do
    case $file in *.new) continue ;; esac # another's, being copied
    rm -f "$to/$file"
done
rm -f "$lists/kept.$$"
# Of one that was killed.
find "$to" \( -name '*.new' -o -name 'files.*' -path '*/.releases/*' \) -mtime +1 -exec rm -f {} +
