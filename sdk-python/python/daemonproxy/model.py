"""Services, file descriptors and signals as objects.

They are live: each attribute says what is known at that moment. There can be an object for a name
that does not exist (yet, or any more); it is then falsy.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any, Generic, Optional, cast

from ._commands import Commands, FdCommands, ServiceCommands, SignalCommands
from ._fields import Field, NumbersLike, R
from ._run import Run
from ._words import ServiceStateWord, SignalName
from .errors import UsageError

__all__ = ["FileDescriptor", "Service", "SignalCount", "Tags"]


class Tags(Mapping[str, str]):
    """Tags as a mapping: ``KEY=VALUE`` is a key and its value, a single word has the value ``""``.

    >>> tags = Tags(("role=frontend", "critical"))
    >>> tags["role"], "critical" in tags, tags.get("zone")
    ('frontend', True, None)
    >>> tags.raw
    ('role=frontend', 'critical')
    """

    def __init__(self, raw: tuple[str, ...]) -> None:
        #: As they are on the line.
        self.raw = raw
        self._values = {key: value for key, _, value in (tag.partition("=") for tag in raw)}

    def __getitem__(self, key: str) -> str:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Tags({self.raw!r})"


def _now() -> float:
    """The clock of the daemon: CLOCK_MONOTONIC is one for all processes of a machine."""
    return time.clock_gettime(time.CLOCK_MONOTONIC)


class _Named(Generic[R]):
    def __init__(self, ctl: Commands[R], name: str) -> None:
        self._ctl = ctl
        self._view = ctl._view
        #: Its name.
        self.name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and (self._ctl, self.name) == (other._ctl, other.name)

    def __hash__(self) -> int:
        return hash((id(self._ctl), self.name))


class Service(_Named[R], ServiceCommands[R]):
    """A service."""

    def __bool__(self) -> bool:
        """Whether it exists."""
        return self._view.has_service(self.name)

    def __repr__(self) -> str:
        pid = f", pid {self.pid}" if self.is_running else ""
        return f"<Service {self.name}: {self.state}{pid}>"

    @property
    def state(self) -> ServiceStateWord:
        """``"down"``, ``"start"`` (a start is pending), ``"up"``, or ``"deleted"`` (there is
        none)."""
        state = self._view.service_state(self.name)
        return "deleted" if state is None else cast(ServiceStateWord, state[0])

    @property
    def is_running(self) -> bool:
        """Whether its state is ``"up"``."""
        return self.state == "up"

    @property
    def timestamp(self) -> Optional[int]:
        """When it will start, was started, or ended (seconds, CLOCK_MONOTONIC)."""
        state = self._view.service_state(self.name)
        return None if state is None else state[1]

    @property
    def pid(self) -> Optional[int]:
        """Its process, even after that has ended."""
        state = self._view.service_state(self.name)
        return None if state is None else state[2]

    @property
    def exit(self) -> Optional[int]:
        """Its exit status. None if it is running, never ran, or was killed."""
        state = self._view.service_state(self.name)
        return None if state is None else state[3]

    @property
    def signal_name(self) -> Optional[SignalName]:
        """The signal that killed it, such as ``"SIGTERM"``."""
        state = self._view.service_state(self.name)
        return None if state is None else cast(Optional[SignalName], state[4])

    @property
    def uptime(self) -> Optional[int]:
        """How long it has been running, or ran (seconds). None if it never ran."""
        state = self._view.service_state(self.name)
        if state is None or state[0] != "up" or state[1] is None:
            return None if state is None else state[5]
        return max(0, int(_now() - state[1]))

    @property
    def downtime(self) -> Optional[int]:
        """How long it has been down (seconds). None if it is running, about to start, or never
        ran."""
        state = self._view.service_state(self.name)
        if state is None or state[0] != "down" or state[1] is None:
            return None
        return max(0, int(_now() - state[1]))

    def list_of(self, what: str) -> tuple[str, ...]:
        """A list that the event ``service.WHAT`` told last, such as ``"args"``. Empty if it never
        did."""
        return self._view.service_list(self.name, "service." + what)

    @property
    def args(self) -> tuple[str, ...]:
        """Program and arguments."""
        return self.list_of("args")

    @property
    def fds(self) -> tuple[str, ...]:
        """The names of its descriptors 0, 1, 2 …"""
        return self.list_of("fds")

    @property
    def tags(self) -> Tags:
        """Its tags."""
        return Tags(self.list_of("tags"))

    @property
    def options(self) -> tuple[str, ...]:
        """Its options, each as it was set. They are only told to a connection with the feature
        ``settings``."""
        return self.list_of("options")

    @property
    def env(self) -> tuple[str, ...]:
        """What is different in its environment, each item as it was set. It is only told to a
        connection with the feature ``settings``."""
        return self.list_of("env")

    @property
    def auto_up_interval(self) -> Optional[int]:
        """The minimum number of seconds between two starts, while it has triggers."""
        return self._view.service_auto_up(self.name)[0]

    @property
    def triggers(self) -> tuple[str, ...]:
        """What starts it by itself: ``"always"``, names of signals."""
        return self._view.service_auto_up(self.name)[1]

    @property
    def run(self) -> Run:
        """The run that goes on, or else the last one; number 0 if it never ran, or if the daemon
        tells nothing of runs (protocol 1)."""
        told = self._view.service_run(self.name)
        return Run() if told is None else Run.of(*told)

    def wait_for_end(self, run: Optional[int] = None, timeout: Optional[float] = None) -> R:
        """Waits until this run has ended, however soon the next one begins.

        :param run: its number, ``service.run.number``; None is the run that goes on now
        :param timeout: seconds; None is the timeout of the controller
        :raises WaitTimeoutError: time is up
        :raises UsageError: no number is given, and there is no such service
        """
        if run is None and not self:
            raise UsageError(f"there is no service {self.name} whose run could end")
        return self._ctl.wait_for_end(self.name, self.run.number if run is None else run, timeout)

    def wait(self, state: ServiceStateWord, timeout: Optional[float] = None) -> R:
        """Waits until it is ``"down"``, ``"start"``, ``"up"`` or ``"deleted"``.

        Even a brief state is noticed, starting from the last command that this controller sent for
        this service: after a ``start``, ``wait("up")`` and then ``wait("down")`` follow that run,
        however short it is.

        :param timeout: seconds; None is the timeout of the controller
        :raises WaitTimeoutError: time is up
        """
        return self._ctl.wait_for_service(self.name, state, timeout)

    def set_tags(self, *tags: Field, **values: str) -> R:
        """``service.tags``: all its tags, ``set_tags("critical", role="frontend")``."""
        return super().set_tags(*tags, *(f"{key}={value}" for key, value in values.items()))

    def cancel(self) -> R:
        """``service.start NAME -``: cancels a pending start."""
        return self.start("-")

    def logger(self, *args: Field, fds: NumbersLike = (1, 2)) -> R:
        """``service.pipe``: a service ``NAME-log`` that reads what this one writes to these
        descriptors (protocol 2)."""
        return self.pipe(fds, *args)


class FileDescriptor(_Named[R], FdCommands[R]):
    """A file descriptor that the daemon holds under a name."""

    def __bool__(self) -> bool:
        """Whether it exists."""
        return self._view.fd(self.name) is not None

    def __repr__(self) -> str:
        about = " ".join(filter(None, (self.type, ",".join(self.flags), self.description)))
        return f"<FileDescriptor {self.name}: {about}>"

    @property
    def type(self) -> str:
        """``"file"``, ``"pipe"``, ``"socket"``, ``"special"``, ``"deleted"``, or a future one."""
        state = self._view.fd(self.name)
        return "deleted" if state is None else state[0]

    @property
    def flags(self) -> tuple[str, ...]:
        """How it was made."""
        state = self._view.fd(self.name)
        return tuple(state[1].split(",")) if state is not None and state[1] else ()

    @property
    def description(self) -> str:
        """A path, an address, or the name of the other end."""
        state = self._view.fd(self.name)
        return "" if state is None else state[2]

    def take(self, fd: Any = None) -> R:
        """``fd.take``: makes it a duplicate of an open descriptor of this process, or of what has a
        ``fileno()``."""
        if fd is None:
            return super().take()
        return self._ctl._call_with_fd(fd if isinstance(fd, int) else fd.fileno(), "fd.take", self.name)


class SignalCount(_Named[R], SignalCommands[R]):
    """A signal that the daemon may get."""

    def __bool__(self) -> bool:
        """Whether any is pending."""
        return self.count > 0

    def __repr__(self) -> str:
        return f"<SignalCount {self.name}: {self.count}>"

    @property
    def count(self) -> int:
        """How many are pending."""
        return self._view.pending(self.name) or 0

    def clear(self, count: Optional[int] = None) -> R:
        """``signal.clear``: takes off what was dealt with; None means all that are known."""
        return super().clear(self.count if count is None else count)
