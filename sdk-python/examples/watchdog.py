#!/usr/bin/env python3
"""Restarts services later each time they fail, and gives up on those that keep failing: watchdog.py
[GIVE_UP [WITHIN]]

It is a controller. Let the daemon start it, and restart the services that it looks after:

    service.args     watchdog   watchdog.py    5            300
    service.fds      watchdog   control.event  control.cmd  stderr
    service.auto_up  watchdog   1              always

    service.tags     web        watchdog
    service.auto_up  web        1              always

It looks after every service with the tag "watchdog". After a run of less than a minute the wait for
the next start doubles, up to a minute. A service that was started GIVE_UP (5) times in WITHIN (300)
seconds stays down and gets the tag "failed". One that has no triggers is left alone.

It is the daemon that does this, by the options `backoff=` and `giveup=`, also while this is away.
What is left to do here is to set them, and the tag.
"""

from __future__ import annotations

import sys

import daemonproxy
from daemonproxy import Controller
from daemonproxy.events import ServiceState
from daemonproxy.policy import RestartPolicy


def main(give_up: int = 5, within: int = 300) -> None:
    ctl = Controller()

    def failed(event: ServiceState) -> None:
        print(f"{event.name} has failed {give_up} times in {within} seconds", file=sys.stderr)
        service = ctl.service(event.name)
        service.set_tags(*service.tags.raw, "failed")

    RestartPolicy(ctl, lambda service: "watchdog" in service.tags, give_up=give_up, within=within, on_give_up=failed)
    ctl.run()


if __name__ == "__main__":
    if len(sys.argv) > 3 or not all(arg.isdecimal() for arg in sys.argv[1:]):
        sys.exit(f"usage: {sys.argv[0]} [GIVE_UP [WITHIN]]")
    try:
        main(*map(int, sys.argv[1:]))
    except daemonproxy.ConnectionLostError:
        pass
