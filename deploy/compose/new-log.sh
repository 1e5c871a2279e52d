#!/bin/sh
# new-log.sh [LOG PID-FILE]: nginx reopens its log after it was moved away. "nightly" of
# docker-compose.yml moves it, in another container, which can't send nginx a signal.
set -eu
log=${1:-$NGINX_LOG}
pid=${2:-/tmp/nginx.pid}
while sleep 5; do
    if [ -s "$pid" ] && [ ! -e "$log" ]; then
        kill -USR1 "$(cat "$pid")" || true
    fi
done &
