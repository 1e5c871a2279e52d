#!/bin/sh
# periodic.sh [tick|nightly]: runs `tick` each minute, and at 3:15 a verified backup; without an argument
# both. Where several run, backups at the same time are refused, so let one do.
cd "$(dirname -- "$0")/.." || exit

tick() {
    has_failed=
    while sleep 60; do
        if python -m podcast.tick; then
            has_failed=
        elif [ -z "$has_failed" ]; then
            has_failed=1
            python manage.py report_failure tick
        fi
    done
}

until_night() { echo $((($(date -d "tomorrow 03:15" +%s) - $(date +%s)) % 86400)); }

nightly() {
    check=--check
    [ "${BACKUP_CHECK:-1}" != 0 ] || check=
    while sleep "$(until_night)"; do
        sh deploy/as-owner.sh python manage.py backup $check || python manage.py report_failure nightly
        [ -n "${DOWNLOADS_LOG:-}" ] || continue
        mv "$DOWNLOADS_LOG" "$DOWNLOADS_LOG-$(date +%FT%H%M%S)"
        find "$(dirname "$DOWNLOADS_LOG")" -name "$(basename "$DOWNLOADS_LOG")-*" -mtime +1 -delete
    done
}

# In the background, as a shell that waits for a program heeds no signal. A container then ends at once.
trap 'exit 0' TERM INT
case ${1:-both} in
    tick) tick & ;;
    nightly) nightly & ;;
    *)
        tick &
        nightly &
        ;;
esac
wait
