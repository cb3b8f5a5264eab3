"""What is known of a run of a service, as the event ``service.run`` tells it (protocol 2)."""

# Generated from grammar.toml by `cargo run -p daemonproxy-codegen`. Do not edit.

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Optional, Union

from ._words import SignalName

#: What started a run: a command, or the trigger that held, which may be conditions.
Why = Union[Literal["order", "always", "condition", "ready", "watchdog", "deadman"], SignalName, str]


class Failure(NamedTuple):
    """A step of a start that failed, and why, as in the module ``errno``."""

    stage: str
    errno: int


@dataclass(frozen=True)
class Run:
    """A run of a service: that which goes on, or else the last one.

    What is not known is None, and what is not so is False. Moments are seconds of
    ``time.clock_gettime(time.CLOCK_MONOTONIC)``.

    >>> Run.of(17, {"why": "order", "failed": ("exec", 2)}).failed
    Failure(stage='exec', errno=2)
    """

    #: Counts all starts of the daemon, from 1; 0 if the service never ran. It stays while the daemon lives.
    number: int = 0
    #: How often the service has been started since it exists, this run included.
    starts: Optional[int] = None
    #: What started it: ``order``, a command; or the trigger that held, as ``service.auto_up`` has it: ``always``, a signal, or conditions joined by commas. ``condition``: one with conditions that is too long for here, or that the service does not have any more.
    why: Optional[Why] = None
    #: The process id that it has, or had.
    pid: Optional[int] = None
    #: When its process was made.
    start: Optional[float] = None
    #: When the daemon learned that the process has become its program. Without it and without ``failed`` that is not known yet, or the process ended before.
    exec: Optional[float] = None
    #: Since when it is ready: when it said so in the way of its option ``ready=``; without that, when it became its program.
    ready: Optional[float] = None
    #: Why it could not become its program: the stage of the start that failed (``fds``: its descriptors or its connection as a controller; ``exec``: execve(2)), and the error number, as in errno(3).
    failed: Optional[Failure] = None
    #: When the daemon began to stop it.
    stop: Optional[float] = None
    #: Why the daemon stops it by itself: something was not said in time. ``ready``: that it is ready (``ready_within=``); ``watchdog``: that it is alive (``watchdog=``), or it said that it is not; ``deadman``: that it may go on (``deadman=``).
    late: Optional[Why] = None
    #: The stop needed SIGKILL: something of the service was still there at the end of its time.
    killed: bool = False
    #: When its end was noticed.
    end: Optional[float] = None
    #: The status with which it exited.
    exit: Optional[int] = None
    #: The signal that ended it.
    signal: Optional[SignalName] = None
    #: It dumped core.
    core: bool = False
    #: Its end is a success, although it is not exit status 0: it was told to stop and ended by that signal, or the option ``success=`` says so.
    success: bool = False
    #: How many processes of its group, or of its session, were still there a moment after its main process had ended without being stopped; or when somebody last asked for a dump; 9999 for any more. A shutdown stops them, and so does ``service.stop``.
    left: Optional[int] = None
    #: The processor time that it and those of its children that it has waited for have used, user and system together. Told once, with the end of the run.
    cpu: Optional[float] = None
    #: The most memory that one of them ever had resident (getrusage(2)). What the daemon has resident counts, too, as the child begins as a copy of it. Told once, with the end of the run. (kB)
    maxrss: Optional[int] = None
    #: What the service is started with, such as its arguments or descriptors, has changed since this run was started.
    stale: bool = False
    #: It was stopped by ``service.stop``, or since nobody vouched for it (``deadman=``), or given up: no trigger starts it.
    held: bool = False
    #: Its triggers started it too often (the option ``giveup=``), and it is held for that.
    gaveup: bool = False
    #: How many of its last runs in a row were short, if it has the option ``backoff=``.
    failures: Optional[int] = None
    #: No process could be made for the start that is pending, with this error number, as in errno(3); it is tried again.
    retry: Optional[int] = None
    #: When it will be started: a start is pending, or follows the stop that is under way.
    next: Optional[float] = None
    #: What it said last of how it is, by ``STATUS=`` of sd_notify(3): at most 128 bytes, or fewer if the line would be longer than the shortest that a line may be, with ``?`` for control characters. It is told at most once a second, and with everything else that is new.
    status: Optional[SignalName] = None
    #: Facts of a daemon that is newer than this.
    others: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, number: int, facts: Mapping[str, Any]) -> Run:
        """The run with these facts, by their names in the protocol."""
        known = {name: value for name, value in facts.items() if name in _NAMES}
        if "failed" in known:
            known["failed"] = Failure(*known["failed"])
        return cls(number, **known, others={name: facts[name] for name in facts if name not in _NAMES})


_NAMES = frozenset(Run.__dataclass_fields__) - {"number", "others"}
