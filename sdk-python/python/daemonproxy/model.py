"""Services, file descriptors and signals as objects.

They are live: each attribute says what is known at that moment. An object can be had for a name that does not exist
(yet, or any more), and is then false.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Generic, Optional, Union

from ._commands import FlagsLike, R, SignalLike
from ._session import Field

if TYPE_CHECKING:
    from ._base import Base

__all__ = ["FileDescriptor", "Service", "SignalCount", "Tags"]


class Tags(Mapping[str, str]):
    """Tags as a mapping: ``KEY=VALUE`` is a key and its value, a word alone has the value ``""``.

    >>> tags = Tags(("role=frontend", "critical"))
    >>> tags["role"], "critical" in tags, tags.get("zone")
    ('frontend', True, None)
    >>> tags.raw
    ('role=frontend', 'critical')
    """

    def __init__(self, raw: tuple[str, ...]) -> None:
        #: As they stand on the line.
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


class _Named(Generic[R]):
    _kind = ""

    def __init__(self, ctl: Base[R], name: str) -> None:
        self._ctl = ctl
        self._view = ctl._session.view
        #: Its name.
        self.name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and (self._ctl, self.name) == (other._ctl, other.name)

    def __hash__(self) -> int:
        return hash((id(self._ctl), self.name))


class Service(_Named[R]):
    """A service."""

    def __bool__(self) -> bool:
        """Whether it exists."""
        return self._view.has_service(self.name)

    def __repr__(self) -> str:
        pid = f", pid {self.pid}" if self.is_running else ""
        return f"<Service {self.name}: {self.state}{pid}>"

    @property
    def state(self) -> str:
        """``"down"``, ``"start"`` (a start is pending), ``"up"``, or ``"deleted"`` (there is none)."""
        state = self._view.service_state(self.name)
        return "deleted" if state is None else state[0]

    @property
    def is_running(self) -> bool:
        """Whether its state is ``"up"``."""
        return self.state == "up"

    @property
    def timestamp(self) -> Optional[int]:
        """When it is to start, was started, or ended (seconds, CLOCK_MONOTONIC)."""
        state = self._view.service_state(self.name)
        return None if state is None else state[1]

    @property
    def pid(self) -> Optional[int]:
        """Its process, also when that has ended."""
        state = self._view.service_state(self.name)
        return None if state is None else state[2]

    @property
    def exit(self) -> Optional[int]:
        """The status with which it exited. None if it runs, never ran, or was killed."""
        state = self._view.service_state(self.name)
        return None if state is None else state[3]

    @property
    def signal_name(self) -> Optional[str]:
        """The signal that killed it, such as ``"SIGTERM"``."""
        state = self._view.service_state(self.name)
        return None if state is None else state[4]

    @property
    def uptime(self) -> Optional[int]:
        """For how long it ran, or had been running at the last event (seconds)."""
        state = self._view.service_state(self.name)
        return None if state is None else state[5]

    @property
    def downtime(self) -> Optional[int]:
        """For how long it had been down at the last event (seconds)."""
        state = self._view.service_state(self.name)
        return None if state is None else state[6]

    @property
    def args(self) -> tuple[str, ...]:
        """Program and arguments."""
        return self._view.service_args(self.name)

    @property
    def fds(self) -> tuple[str, ...]:
        """The names of its descriptors 0, 1, 2 …"""
        return self._view.service_fds(self.name)

    @property
    def tags(self) -> Tags:
        """Its tags."""
        return Tags(self._view.service_tags(self.name))

    @property
    def auto_up_interval(self) -> Optional[int]:
        """The least number of seconds between two starts, while it has triggers."""
        return self._view.service_auto_up(self.name)[0]

    @property
    def triggers(self) -> tuple[str, ...]:
        """What starts it by itself: ``"always"``, names of signals."""
        return self._view.service_auto_up(self.name)[1]

    def wait(self, state: str, timeout: Optional[float] = None) -> R:
        """Waits until it is ``"down"``, ``"start"``, ``"up"`` or ``"deleted"``; a state that passes by is noticed.

        :param timeout: seconds; None is the timeout of the controller
        :raises WaitTimeoutError: time is up
        """
        return self._ctl.wait_for_service(self.name, state, timeout)

    def set_args(self, *args: Field) -> R:
        """``service.args``: program and arguments, from the next start on."""
        return self._ctl.service_args(self.name, *args)

    def set_fds(self, *fds: str) -> R:
        """``service.fds``: names of descriptors, from the next start on."""
        return self._ctl.service_fds(self.name, *fds)

    def set_tags(self, *tags: Field, **values: str) -> R:
        """``service.tags``: all its tags, ``set_tags("critical", role="frontend")``."""
        return self._ctl.service_tags(self.name, *tags, *(f"{key}={value}" for key, value in values.items()))

    def auto_up(self, interval: Optional[int] = None, *triggers: SignalLike) -> R:
        """``service.auto_up``: start it whenever a trigger holds, at most every so many seconds."""
        return self._ctl.service_auto_up(self.name, interval, *triggers)

    def start(self, at: Optional[int] = None) -> R:
        """``service.start``: now, or at that second of CLOCK_MONOTONIC."""
        return self._ctl.service_start(self.name, at)

    def cancel(self) -> R:
        """``service.start NAME -``: takes back a start that is pending."""
        return self._ctl.service_start(self.name, "-")

    def signal(self, signal: SignalLike, *, group: bool = False) -> R:
        """``service.signal``: to its process, or its process group."""
        return self._ctl.service_signal(self.name, signal, "group" if group else None)

    def logger(self, *args: Field, fds: Union[str, list[int], tuple[int, ...]] = (1, 2)) -> R:
        """``service.pipe``: a service ``NAME-log`` that reads what this one writes (protocol 2)."""
        return self._ctl.service_pipe(self.name, fds, *args)

    def delete(self) -> R:
        """``service.delete``: forget it."""
        return self._ctl.service_delete(self.name)


class FileDescriptor(_Named[R]):
    """A file descriptor that the daemon holds under a name."""

    def __bool__(self) -> bool:
        """Whether it exists."""
        return self._view.fd(self.name) is not None

    def __repr__(self) -> str:
        about = " ".join(filter(None, (self.type, ",".join(self.flags), self.description)))
        return f"<FileDescriptor {self.name}: {about}>"

    @property
    def type(self) -> str:
        """``"file"``, ``"pipe"``, ``"socket"``, ``"special"``, ``"deleted"``, or one that is yet to come."""
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

    def open(self, flags: FlagsLike, path: Union[str, bytes]) -> R:
        """``fd.open``: makes it an open file."""
        return self._ctl.fd_open(self.name, flags, path)

    def take(self, fd: object) -> R:
        """``fd.take``: makes it a duplicate of an open descriptor of this process."""
        return self._ctl.fd_take(self.name, fd)

    def delete(self) -> R:
        """``fd.delete``: closes it."""
        return self._ctl.fd_delete(self.name)


class SignalCount(_Named[R]):
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
        """``signal.clear``: takes off what was dealt with; None is all that is known of."""
        return self._ctl.signal_clear(self.name, self.count if count is None else count)
