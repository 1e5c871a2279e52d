#!/bin/sh
# reload.sh PIDFILE LOG: lets nginx take its settings anew; where it goes on with the former ones,
# fails with nginx's own words. `nginx -t` tries neither ports that another program has nor what
# only a restart can change, and of a reload that fails nothing tells but nginx's log.
set -eu
pid=$(cat "$1")
log=$2
children() { cat "/proc/$pid/task/$pid/children"; }
told() { tail -c "+$((logged + 1))" "$log"; }

before=" $(children)"
logged=$(stat -c %s "$log" 2>/dev/null || echo 0)
kill -HUP "$pid"
tries=150
while [ "$tries" -gt 0 ]; do
    for child in $(children); do
        # A worker with the new settings: nginx has all of their ports.
        case $before in *" $child "*) ;; *) exit 0 ;; esac
    done
    ! told | grep -qF 'still could not bind' || break
    tries=$((tries - 1))
    sleep 0.1
done
told | grep -F '[emerg]' | sed 's/.*\[emerg\] [^ ]* //' | sort -u >&2
exit 1
