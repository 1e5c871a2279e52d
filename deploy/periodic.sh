#!/bin/sh
# periodic.sh [tick|nightly]: runs `tick` each minute, and a backup each hour, of which that at 3:15 is verified;
# without an argument both. Where several run, backups at the same time are refused, so let one do.
cd "$(dirname -- "$0")/.." || exit

# attempt JOB COMMAND…: reports the first of several failures. If that report can't be sent, it reports a later
# failure instead, but doesn't try each minute.
attempt() {
    job=$1
    shift
    if "$@"; then
        is_reported=
    elif [ -z "$is_reported" ]; then
        if python manage.py report_failure "$job"; then
            is_reported=1
        else
            sleep 240
        fi
    fi
}

tick() {
    is_reported=
    while sleep 60; do
        attempt tick python -m podcast.tick
    done
}

until_next() { echo $((3600 - ($(date +%s) - 900) % 3600)); }
night() { date -d "194 minutes ago" +%F; }

backup() { sh deploy/as-owner.sh python manage.py backup "$@"; }
backup_and_prune() { backup && python manage.py restic prune --quiet --max-unused 0; }

nightly() {
    is_reported=
    last=$(night)
    while sleep "$(until_next)"; do
        if [ "$(night)" = "$last" ]; then
            attempt nightly backup
            continue
        fi
        last=$(night)
        if [ "${BACKUP_CHECK:-1}" != 0 ]; then
            attempt nightly backup --check
        else
            attempt nightly backup_and_prune
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
