#!/bin/sh
# new-log.sh [LOG PID-FILE]: has nginx begin its log anew once it was moved away. Who moves it
# ("nightly" in docker-compose.yml) is in another container, where nginx hears no signal from.
set -eu
log=${1:-$FRONT_LOG}
pid=${2:-/tmp/nginx.pid}
while sleep 5; do
    if [ -s "$pid" ] && [ ! -e "$log" ]; then
        kill -USR1 "$(cat "$pid")" || true
    fi
done &
