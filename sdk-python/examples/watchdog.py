#!/usr/bin/env python3
"""Restarts services that end, later each time, and gives up on those that keep failing: watchdog.py [GIVE_UP [WITHIN]]

It is a controller. Let the daemon start it:

    service.args     watchdog   watchdog.py    5            300
    service.fds      watchdog   control.event  control.cmd  stderr
    service.auto_up  watchdog   1              always

It looks after every service with the tag "watchdog". "watchdog=2" says how many seconds to wait the first time (1); each time
after that it is twice as long, up to a minute, and after a minute of running it begins anew. A service that failed GIVE_UP (5)
times in WITHIN (300) seconds stays down and gets the tag "failed".
"""

from __future__ import annotations

import sys

import daemonproxy
from daemonproxy import Controller
from daemonproxy.events import ServiceState
from daemonproxy.policy import Backoff


def main(give_up: int = 5, within: int = 300) -> None:
    ctl = Controller()
    backoffs: dict[str, Backoff] = {}

    @ctl.on("service.state", state="down")
    def ended(event: ServiceState) -> None:
        service = ctl.service(event.name)
        if "watchdog" not in service.tags or service.state != "down" or event.timestamp is None:
            return
        if event.name not in backoffs:
            first = int(service.tags["watchdog"] or 1)
            backoffs[event.name] = Backoff(first, give_up=give_up, within=within)
        delay = backoffs[event.name].failed(event.uptime or 0, event.timestamp)
        if delay is None:
            del backoffs[event.name]
            print(f"{event.name} has failed {give_up} times in {within} seconds", file=sys.stderr)
            service.set_tags(*service.tags.raw, "failed")
        else:
            # The daemon keeps the time: the start takes place even if this program is gone by then.
            service.start(at=event.timestamp + delay)

    # What ended while this program was not there.
    for service in ctl.services.values():
        if "watchdog" in service.tags and "failed" not in service.tags and service.state == "down" and service.args:
            service.start()
    ctl.run()


if __name__ == "__main__":
    if len(sys.argv) > 3 or not all(arg.isdecimal() for arg in sys.argv[1:]):
        sys.exit(f"usage: {sys.argv[0]} [GIVE_UP [WITHIN]]")
    try:
        main(*map(int, sys.argv[1:]))
    except daemonproxy.ConnectionLostError:
        pass
