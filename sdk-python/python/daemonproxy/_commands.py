"""Every command of the protocol as a method, for both controllers.

What a method gives back is up to the controller: the synchronous one waits and gives None, that of asyncio gives a future.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Generic, Optional, TypeVar, Union

from ._session import Field

R = TypeVar("R")
#: A signal: ``"HUP"``, ``"SIGHUP"``, ``1`` or ``signal.SIGHUP``.
SignalLike = Union[str, int]
#: Flags: ``"read,write"`` or ``["read", "write"]``.
FlagsLike = Union[str, "list[str]", "tuple[str, ...]"]
PathLike = Union[str, bytes, "os.PathLike[str]", "os.PathLike[bytes]"]


def flags_field(flags: FlagsLike) -> str:
    """Flags as the protocol has them.

    >>> flags_field(["read", "write"])
    'read,write'
    """
    return flags if isinstance(flags, str) else ",".join(flags)


def _given(*fields: Optional[Field]) -> tuple[Field, ...]:
    """Optional fields: those at the end that are None are left out, others are ``-``."""
    kept = list(fields)
    while kept and kept[-1] is None:
        kept.pop()
    return tuple("-" if field is None else field for field in kept)


class Commands(Generic[R]):
    """All commands. Names have 1 to 31 characters out of ``A-Z a-z 0-9 . _ -``; times are whole seconds.

    Each method raises :class:`~daemonproxy.UsageError` for what cannot be right, :class:`~daemonproxy.RefusedError` for what the
    daemon refuses, :class:`~daemonproxy.ConnectionLostError`, and :class:`~daemonproxy.WaitTimeoutError` if no answer comes.
    """

    def call(self, command: str, *fields: Field) -> R:
        """Sends any command.

        :param command: its name, such as ``"service.start"``
        :param fields: ``str``, ``bytes``, ``int`` or path
        """
        raise NotImplementedError

    def _call_with_fd(self, fd: int, *fields: Field) -> R:
        raise NotImplementedError

    def _call_then(self, then: Callable[[], Any], *fields: Field) -> R:
        """The same as `call`, and does something more if the daemon does not refuse."""
        raise NotImplementedError

    # --- services

    def service_args(self, name: str, *args: Field) -> R:
        """Sets program and arguments of a service, and creates it if need be (``service.args``)."""
        return self.call("service.args", name, *args)

    def service_fds(self, name: str, *fds: str) -> R:
        """Sets which file descriptors become 0, 1, 2 … in a service; ``"-"`` is closed (``service.fds``)."""
        return self.call("service.fds", name, *fds)

    def service_tags(self, name: str, *tags: Field) -> R:
        """Sets the tags of a service, by custom ``KEY=VALUE`` (``service.tags``)."""
        return self.call("service.tags", name, *tags)

    def service_tags_apply(self, name: str, *changes: Field) -> R:
        """Changes some tags and keeps the others (``service.tags.apply``, protocol 2)."""
        return self.call("service.tags.apply", name, *changes)

    def service_auto_up(self, name: str, interval: Optional[int] = None, *triggers: SignalLike) -> R:
        """Starts a service whenever a trigger holds (``service.auto_up``).

        :param interval: at least so many seconds between two starts; None is what was set before
        :param triggers: ``"always"`` or signals; none turns it off
        """
        return self.call("service.auto_up", name, "-" if interval is None else interval, *triggers)

    def service_start(self, name: str, at: Optional[Union[int, str]] = None) -> R:
        """Starts a service (``service.start``).

        :param at: the second of CLOCK_MONOTONIC, now if None; ``"-"`` takes back a start that is pending
        """
        return self.call("service.start", name, *_given(at))

    def service_signal(self, name: str, signal: SignalLike, option: Optional[str] = None) -> R:
        """Sends a signal to a service (``service.signal``).

        :param option: ``"group"`` for its whole process group
        """
        return self.call("service.signal", name, signal, *_given(option))

    def service_delete(self, name: str) -> R:
        """Forgets a service, which must not run (``service.delete``)."""
        return self.call("service.delete", name)

    def service_pipe(self, name: str, fds: Union[str, list[int], tuple[int, ...]], *args: Field) -> R:
        """Gives a service a logger: ``NAME-log`` reads what it writes (``service.pipe``, protocol 2).

        :param fds: the numbers that are to be written to the logger, such as ``[1, 2]``
        :param args: program and arguments of the logger
        """
        numbers = fds if isinstance(fds, str) else ",".join(map(str, fds))
        return self.call("service.pipe", name, numbers, *args)

    # --- file descriptors

    def fd_pipe(self, read: str, write: str, flags: Optional[FlagsLike] = None) -> R:
        """Makes a pipe and names its ends, or a pair of sockets if a flag of sockets is given (``fd.pipe``)."""
        return self.call("fd.pipe", read, write, *_given(None if flags is None else flags_field(flags)))

    def fd_open(self, name: str, flags: FlagsLike, path: PathLike) -> R:
        """Opens a file in the daemon (``fd.open``).

        :param flags: ``read write append create trunc nonblock mkdir``
        """
        return self.call("fd.open", name, flags_field(flags), path)

    def fd_socket(self, name: str, flags: FlagsLike, address: Optional[PathLike] = None) -> R:
        """Makes a socket in the daemon, binds it, listens (``fd.socket``).

        :param flags: such as ``"inet,tcp,listen=64"``
        :param address: such as ``"127.0.0.1:80"``, ``"*:80"``, ``"[::1]:80"`` or a path
        """
        return self.call("fd.socket", name, flags_field(flags), *_given(address))

    def fd_take(self, name: str, fd: Any = None) -> R:
        """Passes an open descriptor to the daemon (``fd.take``). Needs a unix socket as connection.

        :param fd: its number, or what has a ``fileno()``. The daemon gets a duplicate, yours stays open
        """
        if fd is None:
            return self.call("fd.take", name)
        number = fd if isinstance(fd, int) else fd.fileno()
        return self._call_with_fd(number, "fd.take", name)

    def fd_delete(self, name: str) -> R:
        """Closes a file descriptor of the daemon (``fd.delete``)."""
        return self.call("fd.delete", name)

    # --- the daemon

    def statedump(self) -> R:
        """Has everything told once more (``statedump``). To learn the state, use ``resync``."""
        return self.call("statedump")

    def echo(self, *fields: Field) -> R:
        """Has a line sent back, which is an event :class:`~daemonproxy.events.Echo` (``echo``)."""
        return self.call("echo", *fields)

    def socket_create(self, options: str, path: PathLike) -> R:
        """Listens for controllers at a path (``socket.create``).

        :param options: ``"-"``
        """
        return self.call("socket.create", options, path)

    def socket_delete(self) -> R:
        """Listens for controllers no more (``socket.delete``)."""
        return self.call("socket.delete")

    def signal_clear(self, signal: SignalLike, count: int) -> R:
        """Takes so many off the pending count of a signal (``signal.clear``)."""
        return self._call_then(lambda: self._cleared(signal, count), "signal.clear", signal, count)

    def _cleared(self, signal: SignalLike, count: int) -> None:
        raise NotImplementedError

    def signal_default(self, signal: SignalLike, action: str) -> R:
        """What becomes of a signal that nobody cares for (``signal.default``, protocol 2).

        :param action: ``"event"``, ``"shutdown"`` or ``"terminate"``
        """
        return self.call("signal.default", signal, action)

    def log_filter(self, level: Optional[str] = None) -> R:
        """Asks for what the log leaves out, or sets it; then ``log_level`` has it (``log.filter``).

        :param level: ``none trace debug info warning error fatal``, ``"+"`` or ``"-"``
        """
        return self.call("log.filter", *_given(level))

    def log_dest(self, type: str, name: str) -> R:
        """Where the log goes (``log.dest``).

        :param type: ``"fd"``
        :param name: of a file descriptor of the daemon
        """
        return self.call("log.dest", type, name)

    def chdir(self, path: PathLike) -> R:
        """Changes the working directory of the daemon (``chdir``)."""
        return self.call("chdir", path)

    def conn_event_timeout(self, reset: int, close: int) -> R:
        """After how many seconds without reading events are given up, and the connection closed (``conn.event_timeout``)."""
        return self.call("conn.event_timeout", reset, close)

    def conn_features(self, *features: str) -> R:
        """Sets what this connection wants of protocol 2 (``conn.features``, protocol 2).

        :param features: ``"observer"``: it does not count as a listener for signals. None at all: protocol 1
        """
        return self.call("conn.features", *features)

    def exit(self) -> R:
        """Has the daemon close this connection, after everything that is owed (``exit``)."""
        return self.call("exit")

    def terminate(self, code: int, guard: Optional[int] = None) -> R:
        """The daemon leaves at once with this exit status; its services go on (``terminate``)."""
        return self.call("terminate", code, *_given(guard))

    def terminate_guard(self, switch: str, code: int) -> R:
        """Guards against a slip of the hand (``terminate.guard``).

        :param switch: ``"+"`` or ``"-"``
        :param code: what is to be named from then on
        """
        return self.call("terminate.guard", switch, code)

    def terminate_exec_args(self, *args: Field) -> R:
        """What the daemon becomes instead of leaving (``terminate.exec_args``)."""
        return self.call("terminate.exec_args", *args)

    def terminate_shutdown(
        self,
        term: Optional[int] = None,
        kill: Optional[int] = None,
        flush: Optional[int] = None,
        guard: Optional[int] = None,
    ) -> R:
        """Ends all services in good order, and then the daemon (``terminate.shutdown``, protocol 2).

        :param term: seconds before SIGKILL
        :param kill: seconds after it
        :param flush: seconds to deliver what is left
        """
        return self.call("terminate.shutdown", *_given(term, kill, flush, guard))
