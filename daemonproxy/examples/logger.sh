#!/bin/sh
# The smallest logger: copies each line that it reads to its output, after a TAG, and appends it to
# FILE if there is one.
#
# usage: logger.sh TAG [FILE]
#
# A ^C in a terminal is sent to everything that runs there. A logger ignores it, because the last
# lines of whatever it logs are still to come; it ends when there is nothing left to read.
trap '' INT

tag=$1
file=${2:-/dev/null}
while IFS= read -r line; do
    printf '%s | %s\n' "$tag" "$line"
    printf '%s\n' "$line" >>"$file"
done
