#!/usr/bin/env python3
"""Services from a YAML file, which is read again on SIGHUP. Only what has changed is restarted:
sync_yaml.py FILE

It is a controller. Let the daemon start it:

    service.args     sync   sync_yaml.py   /etc/services.yaml
    service.fds      sync   control.event  control.cmd  stderr
    service.auto_up  sync   1              always

The file:

    web:
      args: [httpd, -p, 80]
      fds: ["null", web.log, web.log]   # may be left out: null, stdout, stderr
      tags: [role=frontend]             # may be left out
      every: 5 # started again, after 5 seconds at the earliest; left out: started once

It recognises its own services by the tag "from=sync_yaml": so it can itself be restarted at any
time, and it leaves other services alone. A file with a mistake changes nothing.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import yaml

import daemonproxy
from daemonproxy import Controller, Service, policy

OURS = "from=sync_yaml"


@dataclass(frozen=True)
class Wanted:
    """A service as the file describes it."""

    args: tuple[str, ...]
    fds: tuple[str, ...]
    tags: tuple[str, ...]
    every: int | None


def read(path: str) -> dict[str, Wanted]:
    """What the file says. Raises ValueError with a text for its author."""
    with open(path, encoding="utf-8") as file:
        try:
            document = yaml.safe_load(file) or {}
        except yaml.YAMLError as error:
            raise ValueError(f"{path}: {error}") from None
    if not isinstance(document, dict):
        raise ValueError(f"{path}: names of services are missing")
    return {str(name): wanted(f"{path}: {name}", entry) for name, entry in document.items()}


def wanted(where: str, entry: Any) -> Wanted:
    if not isinstance(entry, dict) or not entry.get("args"):
        raise ValueError(f"{where} has no args")
    unknown = set(entry) - {"args", "fds", "tags", "every"}
    if unknown:
        raise ValueError(f"{where}: unknown: {', '.join(map(str, unknown))}")
    every = entry.get("every")
    if every is not None and (not isinstance(every, int) or every < 1):
        raise ValueError(f"{where}: every: {every!r} is no number of seconds")
    lists = {}
    for key, default in (("args", []), ("fds", ["null", "stdout", "stderr"]), ("tags", [])):
        value = entry.get(key, default)
        if not isinstance(value, list):
            raise ValueError(f"{where}: {key} is no list")
        lists[key] = tuple(map(str, value))
    return Wanted(lists["args"], lists["fds"], (*lists["tags"], OURS), every)


def apply(ctl: Controller, services: dict[str, Wanted]) -> None:
    for service in ctl.services.values():
        if OURS in service.tags.raw and service.name not in services:
            policy.stop(service)
            service.delete()
    for name, new in services.items():
        service = ctl.service(name)
        if service and OURS not in service.tags.raw:
            print(f"{name} belongs to somebody else", file=sys.stderr)
        else:
            set_up(service, new)


def set_up(service: Service[None], new: Wanted) -> None:
    is_changed = (service.args, service.fds) != (new.args, new.fds)
    if is_changed:
        if service.is_running:
            policy.stop(service)
        service.set_args(*new.args)
        service.set_fds(*new.fds)
    if service.tags.raw != new.tags:
        service.set_tags(*new.tags)
    has = (service.auto_up_interval, service.triggers)
    if new.every is None and service.triggers:
        service.auto_up()
    elif new.every is not None and has != (new.every, ("always",)):
        service.auto_up(new.every, "always")
    if is_changed and service.state == "down":
        service.start()


def main(path: str) -> None:
    ctl = Controller()
    hup = ctl.signal("HUP")
    while not ctl.is_closed:
        # Reading the file deals with whatever was sent before.
        hup.clear()
        try:
            apply(ctl, read(path))
        except daemonproxy.ConnectionLostError:
            raise
        except (daemonproxy.UsageError, daemonproxy.RefusedError, daemonproxy.WaitTimeoutError) as error:
            print(f"not all was changed: {error}", file=sys.stderr)
        except (ValueError, OSError) as error:
            print(f"nothing was changed: {error}", file=sys.stderr)
        # There is no callback for signals: on SIGTERM the daemon ends itself and its services,
        # including this one.
        ctl.run(until=lambda: hup.count)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} FILE")
    try:
        main(sys.argv[1])
    except daemonproxy.ConnectionLostError:
        pass
