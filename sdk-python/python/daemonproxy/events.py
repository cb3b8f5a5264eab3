"""What the daemon reports, one class for each event of the protocol.

Events are immutable, can be compared, and can be matched (Python 3.10 and later)::

    match event:
        case ServiceState(name, "down", exit=0):
            print(name, "has finished")
        case ServiceState(name, "down"):
            print(name, "has failed")

Text that is not UTF-8 is decoded with ``surrogateescape``, as Python does with file names:
``os.fsencode`` returns the bytes. Times are whole seconds, timestamps those of
``time.clock_gettime(time.CLOCK_MONOTONIC)``.

>>> ServiceState("web", "up", timestamp=1042, pid=7123, uptime=0).pid
7123
>>> Signal("SIGHUP", 1042, 1).event
'signal'
"""

from __future__ import annotations

from typing import Any, ClassVar, Final, Optional

from . import _words
from ._run import Failure, Run
from ._words import ErrorName, Level, LogType, Phase, ServiceStateWord, SignalAction, SignalName

__all__ = [
    "Chdir",
    "Closed",
    "ConnFeatures",
    "ConnState",
    "ConnTimer",
    "EVENTS",
    "Echo",
    "Env",
    "EnvApply",
    "ErrorText",
    "Event",
    "Failure",
    "FdGive",
    "FdState",
    "Info",
    "LogDest",
    "LogFilter",
    "Malformed",
    "Overflow",
    "Resynced",
    "Run",
    "ServiceArgs",
    "ServiceAutoUp",
    "ServiceEnv",
    "ServiceEnvApply",
    "ServiceFds",
    "ServiceOptions",
    "ServiceRun",
    "ServiceState",
    "ServiceTags",
    "Signal",
    "SignalDefault",
    "SocketCreate",
    "SocketDelete",
    "TerminateExecArgs",
    "TerminateState",
    "Text",
    "WarningText",
]


class Event:
    """Any event: its fields are attributes, which cannot be changed. ``vars(event)`` is all of
    them."""

    #: Its name in the protocol; ``echo`` for a line that is not an event, ``malformed`` for one
    #: that looks like an event but is not.
    event: ClassVar[str] = ""
    #: The names of its fields, in the order of the protocol.
    __match_args__: ClassVar[tuple[str, ...]] = ()

    def __setattr__(self, name: str, value: object) -> None:
        # Set once, by the constructor. These are not dataclasses because making so many of those
        # takes longer than importing all the rest.
        if name in self.__dict__ or name not in self.__match_args__:
            raise AttributeError(f"cannot set {name!r}: events do not change")
        self.__dict__[name] = value

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"cannot delete {name!r}: events do not change")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *(self.__dict__[name] for name in self.__match_args__)))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={self.__dict__[name]!r}" for name in self.__match_args__)
        return f"{type(self).__name__}({fields})"


class ServiceState(Event):
    """``service.state``: a service starts, runs, has ended, or is forgotten. What does not apply is
    None.

    :param state: ``"down"``, ``"start"`` (a start is pending), ``"up"`` or ``"deleted"``
    :param timestamp: when it starts, was started, or its end was noticed (seconds, CLOCK_MONOTONIC)
    :param pid: the process, even of a service that has ended
    :param exit: its exit status
    :param signal: the signal that killed it, such as ``"SIGTERM"``
    :param uptime: how long it has been running, or ran (seconds)
    :param downtime: how long it has been down (seconds)
    """

    event = "service.state"
    __match_args__ = ("name", "state", "timestamp", "pid", "exit", "signal", "uptime", "downtime")

    def __init__(
        self,
        name: str,
        state: ServiceStateWord,
        timestamp: Optional[int] = None,
        pid: Optional[int] = None,
        exit: Optional[int] = None,
        signal: Optional[SignalName] = None,
        uptime: Optional[int] = None,
        downtime: Optional[int] = None,
    ) -> None:
        self.name: Final = name
        self.state: Final = state
        self.timestamp: Final = timestamp
        self.pid: Final = pid
        self.exit: Final = exit
        self.signal: Final = signal
        self.uptime: Final = uptime
        self.downtime: Final = downtime


class ServiceRun(Event):
    """``service.run``: what is known of the run of a service that goes on, or else of its last one
    (protocol 2).

    :param run: the number of the run
    :param facts: the run with all of its facts
    """

    event = "service.run"
    __match_args__ = ("name", "run", "facts")

    def __init__(self, name: str, run: int, facts: Run) -> None:
        self.name: Final = name
        self.run: Final = run
        self.facts: Final = facts


class ServiceTags(Event):
    """``service.tags``: the tags of a service."""

    event = "service.tags"
    __match_args__ = ("name", "tags")

    def __init__(self, name: str, tags: tuple[str, ...]) -> None:
        self.name: Final = name
        self.tags: Final = tags


class ServiceOptions(Event):
    """``service.options``: the options of a service, for connections with the feature ``settings``."""

    event = "service.options"
    __match_args__ = ("name", "options")

    def __init__(self, name: str, options: tuple[str, ...]) -> None:
        self.name: Final = name
        self.options: Final = options


class ServiceEnv(Event):
    """``service.env``: what is different in the environment of a service."""

    event = "service.env"
    __match_args__ = ("name", "env")

    def __init__(self, name: str, env: tuple[str, ...]) -> None:
        self.name: Final = name
        self.env: Final = env


class ServiceEnvApply(Event):
    """``service.env.apply``: more of that, to be added."""

    event = "service.env.apply"
    __match_args__ = ("name", "apply")

    def __init__(self, name: str, apply: tuple[str, ...]) -> None:
        self.name: Final = name
        self.apply: Final = apply


class Env(Event):
    """``env``: the environment of every service."""

    event = "env"
    __match_args__ = ("env",)

    def __init__(self, env: tuple[str, ...]) -> None:
        self.env: Final = env


class EnvApply(Event):
    """``env.apply``: more of that, to be added."""

    event = "env.apply"
    __match_args__ = ("apply",)

    def __init__(self, apply: tuple[str, ...]) -> None:
        self.apply: Final = apply


class ServiceArgs(Event):
    """``service.args``: program and arguments of a service."""

    event = "service.args"
    __match_args__ = ("name", "args")

    def __init__(self, name: str, args: tuple[str, ...]) -> None:
        self.name: Final = name
        self.args: Final = args


class ServiceFds(Event):
    """``service.fds``: the names of what a service gets as descriptors 0, 1, 2 and so on."""

    event = "service.fds"
    __match_args__ = ("name", "fds")

    def __init__(self, name: str, fds: tuple[str, ...]) -> None:
        self.name: Final = name
        self.fds: Final = fds


class ServiceAutoUp(Event):
    """``service.auto_up``: when a service starts by itself.

    :param interval: the minimum number of seconds between two starts
    :param triggers: ``"always"``, or names of signals; none is never
    """

    event = "service.auto_up"
    __match_args__ = ("name", "interval", "triggers")

    def __init__(self, name: str, interval: Optional[int], triggers: tuple[str, ...]) -> None:
        self.name: Final = name
        self.interval: Final = interval
        self.triggers: Final = triggers


class FdState(Event):
    """``fd.state``: a file descriptor of the daemon was made, or is gone.

    :param type: ``"file"``, ``"pipe"``, ``"socket"``, ``"special"``, ``"deleted"``, or a future one
    :param flags: joined by commas, as in the protocol
    :param description: a path, an address, or the name of the other end
    """

    event = "fd.state"
    __match_args__ = ("name", "type", "flags", "description")

    def __init__(self, name: str, type: str, flags: str, description: str) -> None:
        self.name: Final = name
        self.type: Final = type
        self.flags: Final = flags
        self.description: Final = description


class FdGive(Event):
    """``fd.give``: the answer to that command (protocol 2). The descriptor itself is the result of
    ``give_fd``.

    :param type: as in ``fd.state``
    :param flags: likewise
    :param description: likewise
    """

    event = "fd.give"
    __match_args__ = ("name", "type", "flags", "description")

    def __init__(self, name: str, type: str, flags: str, description: str) -> None:
        self.name: Final = name
        self.type: Final = type
        self.flags: Final = flags
        self.description: Final = description


class Signal(Event):
    """``signal``: the daemon got a signal.

    :param signal: which, such as ``"SIGHUP"``
    :param at: when (seconds, CLOCK_MONOTONIC); None if a resync found that it was cleared
    :param count: how many are pending now
    """

    event = "signal"
    __match_args__ = ("signal", "at", "count")

    def __init__(self, signal: SignalName, at: Optional[int], count: int) -> None:
        self.signal: Final = signal
        self.at: Final = at
        self.count: Final = count


class LogFilter(Event):
    """``log.filter``: what the log leaves out."""

    event = "log.filter"
    __match_args__ = ("level",)

    def __init__(self, level: Level) -> None:
        self.level: Final = level


class LogDest(Event):
    """``log.dest``: where the log goes."""

    event = "log.dest"
    __match_args__ = ("type", "fd")

    def __init__(self, type: LogType, fd: str) -> None:
        self.type: Final = type
        self.fd: Final = fd


class TerminateExecArgs(Event):
    """``terminate.exec_args``: what the daemon becomes when it leaves."""

    event = "terminate.exec_args"
    __match_args__ = ("args",)

    def __init__(self, args: tuple[str, ...]) -> None:
        self.args: Final = args


class SignalDefault(Event):
    """``signal.default``: what a signal does that nobody listens for."""

    event = "signal.default"
    __match_args__ = ("signal", "action")

    def __init__(self, signal: SignalName, action: SignalAction) -> None:
        self.signal: Final = signal
        self.action: Final = action


class Chdir(Event):
    """``chdir``: the working directory of the daemon."""

    event = "chdir"
    __match_args__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path: Final = path


class SocketCreate(Event):
    """``socket.create``: a control socket, with its options and its path as they were given."""

    event = "socket.create"
    __match_args__ = ("options", "path")

    def __init__(self, options: str, path: str) -> None:
        self.options: Final = options
        self.path: Final = path


class SocketDelete(Event):
    """``socket.delete``: that control socket is gone, or the one without a name."""

    event = "socket.delete"
    __match_args__ = ("name",)

    def __init__(self, name: Optional[str]) -> None:
        self.name: Final = name


class Text(Event):
    """What the daemon says to a person: :class:`Info`, :class:`WarningText` and
    :class:`ErrorText`."""

    __match_args__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text: Final = text


class Info(Text):
    """``info``: something that a person may like to know."""

    event = "info"


class WarningText(Text):
    """``warning``: a command was carried out, but something about it is odd."""

    event = "warning"


class ErrorText(Text):
    """``error``: a command was refused, or a service could not be started."""

    event = "error"


class Overflow(Event):
    """``overflow``: events were missed.

    Either the daemon dropped them, because nothing was read for too long, or an iterator over
    events did not get them, because its program did not take them. In both cases what is known
    about the daemon is brought up to date.
    """

    event = "overflow"


class TerminateState(Event):
    """``terminate.state``: how far an orderly shutdown has got.

    :param phase: ``"stopping"``, ``"killing"`` or ``"flushing"``
    :param remaining: how many services are still running
    """

    event = "terminate.state"
    __match_args__ = ("phase", "remaining")

    def __init__(self, phase: Phase, remaining: int) -> None:
        self.phase: Final = phase
        self.remaining: Final = remaining


class ConnFeatures(Event):
    """``conn.features``: the features of this connection that are in force (protocol 2).

    :param features: their names
    """

    event = "conn.features"
    __match_args__ = ("features",)

    def __init__(self, features: tuple[str, ...]) -> None:
        self.features: Final = features


class ConnTimer(Event):
    """``conn.timer``: a timer of this connection has run out (protocol 2).

    :param name: its name
    """

    event = "conn.timer"
    __match_args__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name: Final = name


class ConnState(Event):
    """``conn.state``: a connection, as an answer to ``conn.list`` (protocol 2).

    :param id: its number, as in the log
    :param kind: ``config``, ``interactive``, ``socket`` or ``service``, and after a ``:`` the name of that
    :param uid: the user that connected, if that is known
    :param gid: the group of that user
    :param pid: the process that connected
    :param rights: ``watch``, ``operate`` or ``full``, and after a ``:`` the services that it is limited to
    :param features: the names of its features
    """

    event = "conn.state"
    __match_args__ = ("id", "kind", "uid", "gid", "pid", "rights", "features")

    def __init__(
        self,
        id: int,
        kind: str,
        uid: Optional[int],
        gid: Optional[int],
        pid: Optional[int],
        rights: str,
        features: tuple[str, ...],
    ) -> None:
        self.id: Final = id
        self.kind: Final = kind
        self.uid: Final = uid
        self.gid: Final = gid
        self.pid: Final = pid
        self.rights: Final = rights
        self.features: Final = features


class Done(Event):
    """``done``: the end of the answer to a tagged command (protocol 2).

    :param tag: the tag of the command
    :param error: the name of the error if it was refused, else None
    :param text: the text of the error, or None
    """

    event = "done"
    __match_args__ = ("tag", "error", "text")

    def __init__(self, tag: str, error: Optional[ErrorName], text: Optional[str]) -> None:
        self.tag: Final = tag
        self.error: Final = error
        self.text: Final = text


class Echo(Event):
    """A line that is not an event: the result of an ``echo``, or something from a future daemon."""

    event = "echo"
    __match_args__ = ("line",)

    def __init__(self, line: str) -> None:
        self.line: Final = line


class Malformed(Event):
    """A line that begins like an event but is not one."""

    event = "malformed"
    __match_args__ = ("line", "reason")

    def __init__(self, line: str, reason: str) -> None:
        self.line: Final = line
        self.reason: Final = reason


class Resynced(Event):
    """The whole state of the daemon is known, again. Not sent by the daemon: it is what a resync
    ends in."""

    event = "resynced"


class Closed(Event):
    """The connection has ended, and this is the last event. Not sent by the daemon."""

    event = "closed"


#: Those that are no events of the daemon.
_OWN: tuple[type[Event], ...] = (Echo, Malformed, Resynced, Closed)

_BY_NAME = {cls.event: cls for cls in [*Event.__subclasses__(), *Text.__subclasses__()]}

#: All events by their number in the native part: in the order of the grammar, and then those of our
#: own.
EVENTS: tuple[type[Event], ...] = (*(_BY_NAME[name] for name in _words.EVENTS), *_OWN)

#: The bit of each event, by name, in requests to the native part.
BITS: dict[str, int] = {cls.event: 1 << number for number, cls in enumerate(EVENTS)}

_new = object.__new__
_set_fields = Event.__dict__["__dict__"].__set__


def from_native(item: tuple[int, dict[str, Any]]) -> Event:
    """The event that the native part describes by its number and fields."""
    # Bypasses the constructor, which is slow: this runs for each event that anybody wants.
    event: Event = _new(EVENTS[item[0]])
    fields = item[1]
    if "facts" in fields:
        fields["facts"] = Run.of(fields["run"], fields["facts"])
    _set_fields(event, fields)
    return event
