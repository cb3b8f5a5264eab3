#!/usr/bin/env python3
"""The state of all services over HTTP: status_page.py [PORT]

It is a controller. Let the daemon open the port, so that it stays open while this program is
restarted:

    fd.socket        http     inet,tcp,listen   127.0.0.1:8080
    service.args     status   status_page.py
    service.fds      status   control.event     control.cmd   stderr   http
    service.auto_up  status   1                 always

GET / is a page, GET /status.json the same for programs. The status is 503 while a service with the
tag "critical" is not up. With PORT it opens that port of 127.0.0.1 by itself.
"""

from __future__ import annotations

import asyncio
import html
import json
import socket
import sys
from typing import Any

import daemonproxy
import daemonproxy.aio
from daemonproxy.aio import Controller


def status(ctl: Controller) -> tuple[bool, list[dict[str, Any]]]:
    """Whether all is well, and what to say about each service."""
    services = list(ctl.services.values())
    rows = [
        {
            "name": service.name,
            "state": service.state,
            "pid": service.pid if service.is_running else None,
            "exit": service.exit,
            "signal": service.signal_name,
            "tags": list(service.tags.raw),
        }
        for service in services
    ]
    return all(service.is_running for service in services if "critical" in service.tags), rows


def page(rows: list[dict[str, Any]]) -> str:
    keys = ("name", "state", "pid", "exit", "signal")
    shown = ["".join(f"<td>{html.escape(str('' if row[key] is None else row[key]))}" for key in keys) for row in rows]
    head = "".join(f"<th>{key}" for key in keys)
    return f"<!DOCTYPE html><title>services</title><table><tr>{head}<tr>{'<tr>'.join(shown)}</table>"


async def answer(ctl: Controller, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        request = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        method, path, *_ = request.decode("latin-1").split(" ", 2)
        is_well, rows = status(ctl)
        code = "200 OK" if is_well else "503 Service Unavailable"
        kind, body = "text/html; charset=utf-8", page(rows)
        if path == "/status.json":
            kind, body = "application/json", json.dumps({"ok": is_well, "services": rows})
        elif path != "/":
            code, kind, body = "404 Not Found", "text/plain", "There are / and /status.json\n"
        content = body.encode("utf-8", "replace")
        head = f"HTTP/1.1 {code}\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + (b"" if method == "HEAD" else content))
        await writer.drain()
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.TimeoutError, ValueError, ConnectionError):
        pass    # No request that could be answered.
    finally:
        writer.close()


async def main(port: int | None) -> None:
    async with Controller() as ctl:
        if port is None:
            listener = socket.socket(fileno=ctl.inherited_fd("http"))
        else:
            listener = socket.create_server(("127.0.0.1", port))
        server = await asyncio.start_server(lambda reader, writer: answer(ctl, reader, writer), sock=listener)
        async with server:
            await ctl.run()


if __name__ == "__main__":
    if len(sys.argv) > 2 or not all(arg.isdecimal() for arg in sys.argv[1:]):
        sys.exit(f"usage: {sys.argv[0]} [PORT]")
    try:
        asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else None))
    except daemonproxy.ConnectionLostError:
        pass
