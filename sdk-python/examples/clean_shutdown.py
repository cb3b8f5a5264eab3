#!/usr/bin/env python3
"""Ends a daemon with everything in it, in good order: clean_shutdown.py SOCKET [TERM_SECONDS
[KILL_SECONDS]]

A reader of a pipe (a logger) is left alone while anything that writes into that pipe is still
running. Then the daemon closes its own copy of the write end, so that the logger reads everything
and then end of file. Each service gets SIGTERM, and SIGKILL after TERM_SECONDS (10), and is given
up KILL_SECONDS (5) later. Services that are controllers come last.

Works with daemons of protocol 1; those of protocol 2 can do it by themselves (terminate.shutdown).
The status of the daemon, and of this program: 0, or 10 if something needed SIGKILL, 11 if something
outlived it.
"""

from __future__ import annotations

import sys

import daemonproxy
from daemonproxy import Controller, Service, WaitTimeoutError, policy

USAGE = f"usage: {sys.argv[0]} SOCKET [TERM_SECONDS [KILL_SECONDS]]"


def ends(ctl: Controller, service: Service[None], direction: str) -> set[str]:
    """The pipes that a service writes into (direction "to") or reads from ("from"), by the name of
    their read end."""
    pipes = set()
    for name in service.fds:
        fd = ctl.fd(name)
        if fd.type == "pipe" and fd.flags[-1:] == (direction,):
            pipes.add(name if direction == "from" else fd.description)
    return pipes


def next_ones(ctl: Controller) -> list[Service[None]]:
    """Who may stop now: those that read from no pipe into which another still writes. In a circle,
    all."""
    running = [service for service in ctl.services.values() if service.is_running]
    others = [service for service in running if not any(fd.startswith("control.") for fd in service.fds)]
    left = others or running
    free = [
        reader
        for reader in left
        if not any(ends(ctl, reader, "from") & ends(ctl, writer, "to") for writer in left if writer != reader)
    ]
    return free or left


def main(path: str, term: float = 10, kill: float = 5) -> int:
    status = 0
    with daemonproxy.connect(path) as ctl:
        for service in ctl.services.values():
            # Nothing should be restarted.
            if service.triggers:
                service.auto_up()
            if service.state == "start":
                service.cancel()
        given_up: set[str] = set()
        while now := [service for service in next_ones(ctl) if service.name not in given_up]:
            for service in now:
                pipes = ends(ctl, service, "from")
                for pipe in pipes:
                    if ctl.fd(writer := ctl.fd(pipe).description):
                        ctl.fd_delete(writer)
                try:
                    if pipes:
                        service.wait("down", timeout=term)
                        continue
                except WaitTimeoutError:
                    pass    # It does not end with its input.
                try:
                    if not policy.stop(service, timeout=term, kill_timeout=kill):
                        status = max(status, 10)
                except WaitTimeoutError:
                    given_up.add(service.name)
                    status = 11
        ctl.terminate(status)
    return status


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 4:
        sys.exit(USAGE)
    try:
        times = [float(arg) for arg in sys.argv[2:]]
    except ValueError:
        sys.exit(USAGE)
    try:
        sys.exit(main(sys.argv[1], *times))
    except daemonproxy.ConnectionLostError as error:
        sys.exit(f"{sys.argv[0]}: {error}")
