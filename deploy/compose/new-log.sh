#!/bin/sh
# new-log.sh [LOG PID-FILE]: nginx reopens its log after it was moved away. "nightly" of
# docker-compose.yml moves it, in another container, which can't send nginx a signal. This moves it
# once it has 100 MB, so that strangers don't fill the disk with their requests.
set -eu
log=${1:-$NGINX_LOG}
pid=${2:-/tmp/nginx.pid}
while sleep 5; do
    if [ -n "$(find "$log" -size +100M 2>/dev/null)" ]; then
        mv "$log" "$log-$(date +%FT%H%M%S)" || true
        ls -1t "$log"-* | tail -n +5 | while IFS= read -r old; do rm -f "$old"; done
    fi
    if [ -s "$pid" ] && [ ! -e "$log" ]; then
        kill -USR1 "$(cat "$pid")" || true
    fi
done &
