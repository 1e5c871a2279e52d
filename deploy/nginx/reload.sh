#!/bin/sh
# reload.sh PIDFILE LOG: reloads nginx's configuration. If nginx goes on with the former one, fails
# with its error message. `nginx -t` finds neither ports that another program uses nor changes that
# need a restart, and nginx reports a failed reload only in its log.
set -eu
pid=$(cat "$1")
log=$2
children() { cat "/proc/$pid/task/$pid/children"; }
new_lines() { tail -c "+$((logged + 1))" "$log"; }

before=" $(children)"
logged=$(stat -c %s "$log" 2>/dev/null || echo 0)
kill -HUP "$pid"
tries=150
while [ "$tries" -gt 0 ]; do
    for child in $(children); do
        # A new worker: nginx has bound all ports of the new configuration.
        case $before in *" $child "*) ;; *) exit 0 ;; esac
    done
    ! new_lines | grep -qF 'still could not bind' || break
    tries=$((tries - 1))
    sleep 0.1
done
new_lines | grep -F '[emerg]' | sed 's/.*\[emerg\] [^ ]* //' | sort -u >&2
exit 1
