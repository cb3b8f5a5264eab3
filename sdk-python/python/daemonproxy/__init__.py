"""Write a controller for daemonproxy in Python.

    >>> import daemonproxy
    >>> with daemonproxy.spawn() as ctl:
    ...     ctl.service_args("hello", "sh", "-c", "exit 3")
    ...     ctl.service_start("hello")
    ...     ctl.service("hello").wait("down")
    ...     print(ctl.service("hello").state, ctl.service("hello").exit)
    down 3

`Controller` is the synchronous one, `daemonproxy.aio` has the same for asyncio,
`daemonproxy.policy` has what many controllers need, `daemonproxy.testing` and the pytest plugin
what their tests need.
"""

from __future__ import annotations

from . import errors, events
from ._native import StateView
from .client import Controller, connect
from .daemon import Daemon, SpawnedController, spawn
from .errors import (
    AnswerLostError,
    ConnectionLostError,
    DaemonproxyError,
    ProtocolError,
    RefusedError,
    SpawnError,
    UsageError,
    WaitTimeoutError,
)
from .events import Event, Failure, Run
from .model import FileDescriptor, Service, SignalCount, Tags

__all__ = [
    "AnswerLostError",
    "ConnectionLostError",
    "Controller",
    "Daemon",
    "DaemonproxyError",
    "Event",
    "Failure",
    "FileDescriptor",
    "ProtocolError",
    "RefusedError",
    "Run",
    "Service",
    "SignalCount",
    "SpawnError",
    "SpawnedController",
    "StateView",
    "Tags",
    "UsageError",
    "WaitTimeoutError",
    "connect",
    "errors",
    "events",
    "spawn",
]
