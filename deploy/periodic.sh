#!/bin/sh
# periodic.sh [tick|nightly]: runs `tick` each minute, and a backup each hour, of which that at 3:15 is verified;
# without an argument both. Where several run, backups at the same time are refused, so let one do.
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

until_next() { echo $((3600 - ($(date +%s) - 900) % 3600)); }
night() { date -d "194 minutes ago" +%F; }

backup() {
    if sh deploy/as-owner.sh python manage.py backup "$@"; then
        has_failed=
    elif [ -z "$has_failed" ]; then
        has_failed=1
        python manage.py report_failure nightly
    fi
}

nightly() {
    has_failed=
    last=$(night)
    while sleep "$(until_next)"; do
        if [ "$(night)" = "$last" ]; then
            backup
            continue
        fi
        last=$(night)
        if [ "${BACKUP_CHECK:-1}" != 0 ]; then
            backup --check
        else
            backup
            python manage.py restic prune --quiet --max-unused 0
        fi
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
