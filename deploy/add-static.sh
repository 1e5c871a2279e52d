#!/bin/sh
# add-static.sh [FROM TO]: adds a release's static files to those of earlier releases. Pages cached in
# browsers and CDNs still refer to the earlier files, so these stay for 30 days after their release was
# replaced. nginx may be serving them: files are replaced atomically, and unchanged ones left alone.
set -eu
export LC_ALL=C # comm and sort agree
from=${1:-/app/staticfiles}
to=${2:-/static}
days=30

# A list of each release's files; its time is when the release was last in use.
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
mv "$files" "$lists/$name" # the release may have been here before
touch "$lists/$name"
echo "$name" >"$lists/current"

find "$lists" -name '*.list' -mtime "+$days" -exec rm -f {} +
sort -u "$lists"/*.list >"$lists/needed.$$"
served | comm -23 - "$lists/needed.$$" | while IFS= read -r file; do
    case $file in *.new) continue ;; esac # another run is copying it
    rm -f "$to/$file"
done
rm -f "$lists/needed.$$"
# Left by a run that was killed.
find "$to" \( -name '*.new' -o -name 'files.*' -path '*/.releases/*' \) -mtime +1 -exec rm -f {} +
