"""What the daemon tells, one class for each event of the protocol.

Events are immutable, can be compared, and can be matched (Python 3.10 and later)::

    match event:
        case ServiceState(name, "down", exit=0):
            print(name, "has finished")
        case ServiceState(name, "down"):
            print(name, "has failed")

Text that is not UTF-8 is decoded with ``surrogateescape``, as Python does with file names: ``os.fsencode`` gives the
bytes back. Times are whole seconds, timestamps those of ``time.clock_gettime(time.CLOCK_MONOTONIC)``.

>>> ServiceState("web", "up", timestamp=1042, pid=7123, uptime=0).pid
7123
>>> Signal("SIGHUP", 1042, 1).event
'signal'
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Optional, Union

__all__ = [
    "EVENTS",
    "AutoUp",
    "Closed",
    "Echo",
    "ErrorText",
    "Event",
    "FdState",
    "Info",
    "LogFilter",
    "Malformed",
    "Overflow",
    "Resynced",
    "ServiceArgs",
    "ServiceFds",
    "ServiceState",
    "ServiceTags",
    "Signal",
    "TerminateState",
    "WarningText",
]


@dataclass(frozen=True)
class Event:
    """Any event."""

    #: Its name in the protocol; ``echo`` for a line that is no event, ``malformed`` for what is none and looks like one.
    event: ClassVar[str] = ""


@dataclass(frozen=True)
class ServiceState(Event):
    """``service.state``: a service starts, runs, has ended, or is forgotten.

    ``state`` is ``"down"``, ``"start"`` (a start is pending), ``"up"`` or ``"deleted"``. What does not apply is None.
    """

    event: ClassVar[str] = "service.state"
    name: str
    state: str
    #: When it starts, was started, or its end was noticed (seconds, CLOCK_MONOTONIC).
    timestamp: Optional[int] = None
    #: The process, also of a service that has ended.
    pid: Optional[int] = None
    #: The status with which it exited.
    exit: Optional[int] = None
    #: The signal that killed it, such as ``"SIGTERM"``.
    signal: Optional[str] = None
    #: For how long it has been running, or ran (seconds).
    uptime: Optional[int] = None
    #: For how long it has been down (seconds).
    downtime: Optional[int] = None


@dataclass(frozen=True)
class ServiceTags(Event):
    """``service.tags``: the tags of a service."""

    event: ClassVar[str] = "service.tags"
    name: str
    tags: tuple[str, ...]


@dataclass(frozen=True)
class ServiceArgs(Event):
    """``service.args``: program and arguments of a service."""

    event: ClassVar[str] = "service.args"
    name: str
    args: tuple[str, ...]


@dataclass(frozen=True)
class ServiceFds(Event):
    """``service.fds``: the names of what a service gets as descriptors 0, 1, 2 and so on."""

    event: ClassVar[str] = "service.fds"
    name: str
    fds: tuple[str, ...]


@dataclass(frozen=True)
class AutoUp(Event):
    """``service.auto_up``: when a service is started by itself. No trigger: never."""

    event: ClassVar[str] = "service.auto_up"
    name: str
    #: The least number of seconds between two starts.
    interval: Optional[int]
    #: ``"always"``, or names of signals.
    triggers: tuple[str, ...]


@dataclass(frozen=True)
class FdState(Event):
    """``fd.state``: a file descriptor of the daemon was made, or is gone (``type`` is then ``"deleted"``)."""

    event: ClassVar[str] = "fd.state"
    name: str
    #: ``"file"``, ``"pipe"``, ``"socket"``, ``"special"``, ``"deleted"``, or one that is yet to come.
    type: str
    #: Joined by commas, as in the protocol.
    flags: str
    #: A path, an address, or the name of the other end.
    description: str


@dataclass(frozen=True)
class Signal(Event):
    """``signal``: the daemon got a signal."""

    event: ClassVar[str] = "signal"
    name: str
    timestamp: Optional[int]
    #: How many are pending now.
    count: int


@dataclass(frozen=True)
class LogFilter(Event):
    """``log.filter``: what the log leaves out."""

    event: ClassVar[str] = "log.filter"
    level: str


@dataclass(frozen=True)
class Info(Event):
    """``info``: something that a person may like to know."""

    event: ClassVar[str] = "info"
    text: str


@dataclass(frozen=True)
class WarningText(Event):
    """``warning``: a command was carried out, but something about it is odd."""

    event: ClassVar[str] = "warning"
    text: str


@dataclass(frozen=True)
class ErrorText(Event):
    """``error``: a command was refused, or a service could not be started."""

    event: ClassVar[str] = "error"
    text: str


@dataclass(frozen=True)
class Overflow(Event):
    """``overflow``: events were missed.

    Either the daemon gave them up, because nothing was read for too long, or an iterator over events did not get them,
    because its program did not take them. What is known of the daemon is brought up to date in both cases.
    """

    event: ClassVar[str] = "overflow"


@dataclass(frozen=True)
class TerminateState(Event):
    """``terminate.state``: how an orderly shutdown gets on."""

    event: ClassVar[str] = "terminate.state"
    #: ``"stopping"``, ``"killing"`` or ``"flushing"``.
    phase: str
    #: How many services still run.
    remaining: int


@dataclass(frozen=True)
class Echo(Event):
    """A line that is no event: what ``echo`` made, or what a daemon yet to come says."""

    event: ClassVar[str] = "echo"
    line: str


@dataclass(frozen=True)
class Malformed(Event):
    """A line that begins like an event and goes on like none."""

    event: ClassVar[str] = "malformed"
    line: str
    reason: str


@dataclass(frozen=True)
class Resynced(Event):
    """The whole state of the daemon is known, again. Not sent by the daemon: it is what a resync ends in."""

    event: ClassVar[str] = "resynced"


@dataclass(frozen=True)
class Closed(Event):
    """The connection has ended, and this is the last event. Not sent by the daemon."""

    event: ClassVar[str] = "closed"


#: All events by their number in the native part.
EVENTS: tuple[type[Event], ...] = (
    ServiceState,
    ServiceTags,
    ServiceArgs,
    ServiceFds,
    AutoUp,
    FdState,
    Signal,
    LogFilter,
    Info,
    WarningText,
    ErrorText,
    Overflow,
    TerminateState,
    Echo,
    Malformed,
    Resynced,
    Closed,
)

#: The bit of each event, by name, in what the native part is asked for.
BITS: dict[str, int] = {cls.event: 1 << number for number, cls in enumerate(EVENTS)}

#: What a callback can ask for: the name of an event, its class, or ``"*"``.
Selector = Union[str, type[Event]]


_MAKE = tuple((cls, tuple(field.name for field in fields(cls))) for cls in EVENTS)


def from_native(item: tuple[Any, ...]) -> Event:
    """The event that the native part describes by its number and fields."""
    # Past the constructor, which is slow where instances are frozen: this runs for each event that anybody wants.
    cls, names = _MAKE[item[0]]
    event: Event = object.__new__(cls)
    event.__dict__.update(zip(names, item[1:]))
    return event
