#!/usr/bin/env python3
"""Switches off a service that has failed three times in a row."""

import sys

from daemonproxy import Controller
from daemonproxy.events import ServiceState

ctl = Controller()
seen: dict[str, object] = {}
failures: dict[str, int] = {}

@ctl.on("service.state", state="down")
def ended(event: ServiceState) -> None:
    name = event.name
    if event.pid in (None, seen.get(name)) or ctl.shutdown:
        return  # no run has ended, or it is a shutdown
    seen[name] = event.pid
    failures[name] = failures.get(name, 0) + 1 if (event.uptime or 0) < 10 else 0
    print(name, "has ended:", event.signal or f"exit {event.exit}", file=sys.stderr)
    if failures[name] == 3:
        print(name, "does not work, I switch it off", file=sys.stderr)
        ctl.service_auto_up(name)
        ctl.service(name).cancel()

ctl.run()
