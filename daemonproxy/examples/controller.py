#!/usr/bin/env python3
"""Starts whatever has the tag "restart", and waits longer each time it fails: 1, 2, 4 ... 60 s."""
import sys

state, tags, waits = {}, {}, {}

def send(*fields):
    print(*fields, sep="\t", flush=True)

def start_if_down(name):
    if state.get(name, "-")[0] == "down" and "restart" in tags.get(name, []):
        _, reaped, _, _, _, uptime, downtime = state.pop(name)
        if uptime == "-":  # never started
            send("service.start", name)
            return
        waits[name] = 1 if int(uptime) > 60 else min(2 * waits.get(name, 0.5), 60)
        at = int(reaped) + int(downtime) + int(waits[name])
        send("service.start", name, at)  # the clock is kept by the daemon
        print(f"{name} has ended; next start in {waits[name]:.0f} s", file=sys.stderr)

send("statedump")  # whoever started before us, this is how it is now
for line in sys.stdin:
    event, *fields = line.rstrip("\n").split("\t")
    if event == "service.state":
        state[fields[0]] = fields[1:]
        start_if_down(fields[0])
    elif event == "service.tags":
        tags[fields[0]] = fields[1:]
        start_if_down(fields[0])
    elif event == "terminate.state":  # nothing is started from here on
        break
    elif event == "overflow":  # we were too slow and have missed something
        state, tags = {}, {}
        send("statedump")
    elif event == "signal" and fields[0] in ("SIGINT", "SIGTERM", "SIGQUIT"):
        send("terminate.shutdown")
        break
    elif event in ("error", "warning"):
        print(event, *fields, file=sys.stderr)
