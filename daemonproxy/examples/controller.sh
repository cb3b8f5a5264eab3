#!/bin/sh
# Passes SIGHUP on to every service that has the tag "reload", and says when a service ends.
#
# It remembers nothing: whenever it wants to know something it asks for a state dump, and the echo
# after it shows where the dump ends. So there is nothing to repair after an overflow or a restart.
set -f
# Split at TABs and join with them. The shell treats several TABs as one, which does no harm as long
# as nobody needs a field after an empty one.
IFS=$(printf '\t')
send() { printf '%s\n' "$*"; }
pending= # how many SIGHUPs are being dealt with

send statedump # its last lines are signals that came before we did
while read -r line; do
    set -- $line
    case $1 in
        signal)
            case $2 in
                SIGHUP) [ -n "$pending" ] || { pending=$4; send statedump; send echo reloaded; } ;;
                SIGINT | SIGTERM | SIGQUIT) send terminate.shutdown; exit ;;
            esac ;;
        service.tags)
            [ -z "$pending" ] || for tag; do
                [ "$tag" != reload ] || send service.signal "$2" HUP
            done ;;
        reloaded) # another SIGHUP may have come meanwhile; then the dump says so
            send signal.clear HUP "$pending"; pending=; send statedump ;;
        service.state) [ "$3$5" = down- ] || [ "$3" != down ] || echo "$2: $6 $7" >&2 ;;
        terminate.state) exit ;; # what ends from here on was told to
        overflow) pending=; send statedump ;;
        error | warning) echo "$1: $2" >&2 ;;
    esac
done
