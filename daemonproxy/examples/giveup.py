#!/usr/bin/env python3
"""Switches a service off that has ended three times in a row within ten seconds of its start."""
import sys

def send(*fields):
    print(*fields, sep="\t", flush=True)

seen, failures = {}, {}
send("statedump")
for line in sys.stdin:
    event, *fields = line.rstrip("\n").split("\t")
    if event == "service.state" and fields[1] == "down" and fields[3] != seen.get(fields[0], "-"):
        name, _, _, seen[name], reason, value, uptime, _ = fields
        failures[name] = failures.get(name, 0) + 1 if int(uptime) < 10 else 0
        print(name, "has ended:", reason, value, file=sys.stderr)
        if failures[name] == 3:
            print(name, "does not work, I switch it off", file=sys.stderr)
            send("service.auto_up", name, "-")
            send("service.start", name, "-")
    elif event == "signal" and fields[0] in ("SIGINT", "SIGTERM", "SIGQUIT"):
        send("terminate.shutdown")
        break
    elif event == "terminate.state":
        break  # everything ends now, and has not failed
    elif event == "overflow":
        send("statedump")
