#!/usr/bin/env python3
"""The driver of the conformance suite, which plays the daemon on standard input and output, and
says over a third
descriptor what to do with the client."""

import os
import re
import sys
from typing import Any, Optional

try:
    import daemonproxy
except ImportError:
    sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "python"))
    import daemonproxy

from daemonproxy import _native, errors
from daemonproxy._words import COMMANDS

CLASSES = {
    errors.RefusedError: "refused",
    errors.UsageError: "usage",
    errors.ProtocolError: "protocol",
    errors.AnswerLostError: "lost",
    errors.ConnectionLostError: "closed",
    errors.WaitTimeoutError: "timeout",
}


def unescape(field: bytes) -> bytes:
    return re.sub(rb"\\x([0-9a-f]{2})", lambda match: bytes.fromhex(match[1].decode()), field)


def escape(field: bytes) -> bytes:
    return re.sub(rb"[\x00-\x1f\\]", lambda match: b"\\x%02x" % ord(match[0]), field)


def shown(value: object) -> str:
    return "-" if value is None else str(value)


def call(ctl: daemonproxy.Controller, name: str, args: list[str]) -> None:
    if name == "sync":
        ctl.sync()
    elif name == "resync":
        ctl.resync()
    elif name == "wait":
        ctl.wait_for_service(args[1], args[2])  # type: ignore[arg-type]
    else:
        # A command that has no method can only be one that does not exist, and then `call` says so.
        method: Any = getattr(daemonproxy.Controller, name.replace(".", "_"), None)
        if method is None or name not in COMMANDS:
            ctl.call(name, *args)
        else:
            method(ctl, *args)


def ask(ctl: daemonproxy.Controller, what: bytes, args: list[bytes]) -> Optional[list[str]]:
    if what in (b"services", b"fds"):
        return list(ctl.services if what == b"services" else ctl.fds)
    if what == b"overflow":
        return [f"overflow={int(ctl.overflowed)}"]
    name = args[0].decode()
    if what == b"run":
        run = ctl.service(name).run
        facts = {key: value for key, value in vars(run).items() if value is not None and value is not False}
        facts["run"] = facts.pop("number")
        del facts["others"]
        words = {key: f"{value[0]}:{value[1]}" if isinstance(value, tuple) else value for key, value in facts.items()}
        return [f"{key}={1 if value is True else value}" for key, value in words.items()]
    if what == b"signal":
        return [f"count={ctl.signal(name).count}"]
    if what == b"fd":
        fd = ctl.fd(name)
        return [f"type={fd.type}", "flags=" + ",".join(fd.flags), f"description={fd.description}"] if fd else None
    service = ctl.service(name)
    if not service:
        return None
    told = ctl._view.service_state(name) or (None,) * 7
    values = {
        "state": service.state,
        "since": service.timestamp,
        "pid": service.pid,
        "exit": service.exit,
        "signal": service.signal_name,
        # The object's value advances with the clock; this is what was reported.
        "uptime": told[5],
        "downtime": told[6],
        "args": "\t".join(service.args),
        "fds": "\t".join(service.fds),
        "tags": "\t".join(service.tags.raw),
        "interval": service.auto_up_interval,
        "triggers": "\t".join(service.triggers),
    }
    return [f"{key}={shown(value)}" for key, value in values.items()]


def judge(kind: bytes, line: bytes) -> list[bytes]:
    try:
        again = _native.judge_command(line) if kind == b"command" else _native.judge_event(line)
    except ValueError as error:
        return [b"invalid", str(error).encode("utf-8", "surrogateescape")]
    return [b"other"] if again is None else [b"valid", *again.split(b"\t")]


def answer(ctl: daemonproxy.Controller, request: list[bytes]) -> list[bytes]:
    if request[0] == b"$" and len(request) > 1:
        try:
            name, *args = (field.decode("utf-8", "surrogateescape") for field in request[1:])
            call(ctl, name, args)
        except (errors.DaemonproxyError, TypeError) as error:
            classes = (CLASSES[cls] for cls in CLASSES if isinstance(error, cls))
            said = [b"error", next(classes, "usage").encode(), str(error).encode("utf-8", "surrogateescape")]
            if isinstance(error, errors.RefusedError) and error.name is not None:
                said.append(error.name.encode())
            return said
        return [b"ok"]
    if request[0] == b"=" and len(request) > 1:
        ctl.poll()
        known = ask(ctl, request[1], request[2:])
        return [b"none"] if known is None else [b"ok", *(field.encode("utf-8", "surrogateescape") for field in known)]
    if request[0] == b"?" and len(request) == 3:
        return judge(request[1], request[2])
    return [b"error", b"usage", b"unknown request"]


def main() -> None:
    number = int(os.environ["DAEMONPROXY_TEST_FD"])
    ctl = daemonproxy.Controller(resync=False, observer=False)
    with open(number, "rb", closefd=False) as requests, open(number, "wb", buffering=0) as answers:
        for line in requests:
            request = [unescape(field) for field in line.rstrip(b"\n").split(b"\t")]
            answers.write(b"\t".join(map(escape, answer(ctl, request))) + b"\n")


if __name__ == "__main__":
    main()
