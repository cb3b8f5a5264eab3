#!/bin/sh
# Starts over every service called job… that runs for longer than so many seconds. Each has a timer of its own name.
IFS=$(printf '\t')
send() { printf '%s\n' "$*"; }
send conn.features observer
while read -r event name state rest; do case $event:$name:$state in
    conn.features:* | overflow:*) send statedump ;;
    service.state:job*:up) send conn.timer "$name" "$1" ;;
    service.state:job*) send conn.timer "$name" - ;;
    conn.timer:*) send service.restart "$name" ;;
esac; done
