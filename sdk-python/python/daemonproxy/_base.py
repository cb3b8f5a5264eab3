"""What both controllers have in common: what is known, who is called, and the descriptors of the
connection."""

from __future__ import annotations

import array
import os
import select
import socket
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, Generic, Optional, TypeVar, Union, cast

from ._commands import Commands
from ._fields import Field, R, SignalLike, signal_name
from ._filter import checked
from ._listening import Listening
from ._session import Operation, Session
from ._words import Level, Phase
from .errors import AnswerLostError, ConnectionLostError, UsageError
from .events import Event
from .model import FileDescriptor, Service, SignalCount

T = TypeVar("T")
#: A descriptor, or what has one.
FileLike = Union[int, Any]

#: How much can be written to a pipe without blocking, once it is writable at all (PIPE_BUF).
_PIECE = select.PIPE_BUF
_READ = 65536
#: More descriptors than can wait where each is taken.
_MOST_GIVEN = 16


def given_one(given: list[int], name: str) -> int:
    """The descriptor that a command has got."""
    if not given:
        raise AnswerLostError(f"the descriptor {name} was lost: are too many open in this process?")
    return given.pop()


def close_all(given: list[int]) -> None:
    """Closes descriptors that nobody wants."""
    while given:
        os.close(given.pop())


class Named(Mapping[str, T], Generic[T]):
    """Live objects by name: those that exist, when iterated over; any at all, when asked for by
    name.

    So ``services["web"]`` is not a KeyError if there is no such service (yet): look at its state.
    """

    def __init__(self, names: Callable[[], list[str]], make: Callable[[str], T]) -> None:
        self._names = names
        self._make = make

    def __getitem__(self, name: str) -> T:
        return self._make(name)

    def __contains__(self, name: object) -> bool:
        return name in self._names()

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def __repr__(self) -> str:
        return f"<{', '.join(self._names())}>"


class Wire:
    """The descriptors of a connection, whose flags are not changed.

    Somebody else may have the same open file, and would be surprised by O_NONBLOCK.
    """

    def __init__(self, input: FileLike, output: FileLike, owned: bool) -> None:
        self._socket: Optional[socket.socket] = None
        self._keep = (input, output)
        self.input = input if isinstance(input, int) else input.fileno()
        self.output = output if isinstance(output, int) else output.fileno()
        self._owned = owned
        self.is_closed = False
        self._received = 0
        #: Descriptors that have come, each with the place in the stream of the bytes that it came with.
        self._given: list[tuple[int, int, int]] = []
        self._input_socket: Optional[socket.socket] = None
        if stat.S_ISSOCK(os.fstat(self.output).st_mode):
            self._socket = socket.socket(fileno=os.dup(self.output))
        if stat.S_ISSOCK(os.fstat(self.input).st_mode):
            same = self.input == self.output
            read = self._socket if same else socket.socket(fileno=os.dup(self.input))
            if read is not None and read.family == socket.AF_UNIX:
                self._input_socket = read

    def read(self) -> bytes:
        """What is there; nothing at the end. Only when it is readable."""
        try:
            if self._input_socket is None:
                return os.read(self.input, _READ)
            flags = socket.MSG_CMSG_CLOEXEC
            data, passed, _, _ = self._input_socket.recvmsg(_READ, socket.CMSG_SPACE(16), flags)
        except ConnectionError:
            return b""
        begin = self._received
        self._received += len(data)
        for level, kind, content in passed:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                fds = array.array("i")
                fds.frombytes(content[: len(content) - len(content) % fds.itemsize])
                self._given += [(begin, self._received, fd) for fd in fds]
        while len(self._given) > _MOST_GIVEN:
            os.close(self._given.pop(0)[2])
        return data

    def take_given(self, at: Optional[int]) -> Optional[int]:
        """The descriptor of the line that begins there. The kernel gives it along with the bytes of
        several lines; those that belong to earlier lines are closed."""
        while at is not None and self._given and self._given[0][0] <= at:
            _, end, fd = self._given.pop(0)
            if at < end:
                return fd
            os.close(fd)
        return None

    def write(self, data: bytes, fd: Optional[int]) -> int:
        """Writes as much as it can, and returns how much. Only when it is writable."""
        try:
            if self._socket is None:
                if fd is not None:
                    raise UsageError("a descriptor can only be passed over a unix socket")
                return os.write(self.output, data[:_PIECE])
            if fd is None:
                return self._socket.send(data, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
            passed = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd]))]
            return self._socket.sendmsg([data], passed, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
        except BlockingIOError:
            return 0

    def can_pass_descriptors(self) -> bool:
        return self._socket is not None and self._socket.family == socket.AF_UNIX

    def __del__(self) -> None:
        # Nobody need close the duplicate: a controller that does not own its descriptors need not
        # be closed.
        for end in (self._socket, self._input_socket):
            if end is not None:
                end.close()

    def close(self) -> None:
        if self.is_closed:
            return
        self.is_closed = True
        for _, _, fd in self._given:
            os.close(fd)
        self._given.clear()
        for end in (self._socket, self._input_socket):
            if end is not None:
                end.close()
        if self._owned:
            for kept in {id(kept): kept for kept in self._keep}.values():
                if isinstance(kept, int):
                    os.close(kept)
                else:
                    kept.close()


class Base(Commands[R], Listening):
    """What is known about the daemon, and who is called when something happens."""

    def __init__(
        self,
        input: Optional[FileLike] = None,
        output: Optional[FileLike] = None,
        *,
        timeout: Optional[float] = 30.0,
        resync: bool = True,
        observer: bool = True,
        max_queue: int = 10000,
        owned: bool = False,
    ) -> None:
        """As a service of the daemon, or with a daemon at standard input and output,
        ``Controller()``; on a socket or any
        other descriptors ``Controller(input, output)``; to a control socket ``connect(path)``.

        :param input: where events are read: a descriptor or what has one. Standard input if None
        :param output: where commands are written; None is the same as the input, or standard output
        :param timeout: how many seconds a call waits for its answer; None is for ever
        :param resync: learn the whole state at the beginning, and again after an overflow
        :param observer: tell the daemon (protocol 2) that this connection only observes, from the
            first call that waits, and for as long as no callback for ``"signal"`` gets TERM, INT or
            QUIT: these then end the daemon as if nobody were connected
        :param max_queue: how many events are kept for whoever has not taken them yet
        :param owned: close the descriptors with the controller
        """
        if input is None:
            input, output = 0, 1 if output is None else output
        self._wire = Wire(input, input if output is None else output, owned)
        self._session = Session(auto_resync=resync, max_queue=max_queue, observer=observer)
        self._view = self._session.view
        self._process = os.getpid()
        self._auto_resync = resync
        #: How many seconds a call waits; None is for ever.
        self.timeout = timeout
        self._set_up()

    def _set_up(self) -> None:
        """What differs between the two controllers."""
        raise NotImplementedError

    def __repr__(self) -> str:
        how = "closed" if self.is_closed else f"on descriptor {self.fileno()}"
        return f"<{type(self).__module__}.{type(self).__name__} {how}, {len(self.services)} services>"

    # --- what is known

    @property
    def services(self) -> Mapping[str, Service[R]]:
        """All services by name."""
        return Named(self._session.view.service_names, self.service)

    @property
    def fds(self) -> Mapping[str, FileDescriptor[R]]:
        """All file descriptors of the daemon by name."""
        return Named(self._session.view.fd_names, self.fd)

    @property
    def signals(self) -> Mapping[str, SignalCount[R]]:
        """The signals that are pending, by name."""
        return Named(lambda: [name for name, _ in self._session.view.signals()], self.signal)

    def service(self, name: str) -> Service[R]:
        """The service of this name, whether it exists or not."""
        return Service(self, name)

    def fd(self, name: str) -> FileDescriptor[R]:
        """The file descriptor of this name, whether it exists or not."""
        return FileDescriptor(self, name)

    def signal(self, name: SignalLike) -> SignalCount[R]:
        """A signal: ``"HUP"``, ``"SIGHUP"`` or ``signal.SIGHUP``.

        :raises UsageError: there is no such signal
        """
        return SignalCount(self, signal_name(name))

    def own_service(self) -> Optional[Service[R]]:
        """The service that this process is, if the daemon has started it."""
        for name in self._session.view.service_names():
            service = self.service(name)
            if service.is_running and service.pid == os.getpid():
                return service
        return None

    def inherited_fd(self, name: str) -> int:
        """The number under which this process, as a service, was given the daemon's descriptor of
        that name::

            listener = socket.socket(fileno=ctl.inherited_fd("http"))

        :raises UsageError: this is not a service of the daemon, or was not given that descriptor
        """
        service = self.own_service()
        if service is None:
            raise UsageError("this process is no service of the daemon")
        if name not in service.fds:
            raise UsageError(f"the service {service.name} has no descriptor {name!r}, but {', '.join(service.fds)}")
        return service.fds.index(name)

    @property
    def overflowed(self) -> bool:
        """Whether events were missed and the state is not learnt again yet."""
        return self._session.view.overflowed

    @property
    def log_level(self) -> Optional[Level]:
        """What the log leaves out, if that was reported."""
        return cast(Optional[Level], self._session.view.log_filter)

    @property
    def settings(self) -> list[tuple[str, ...]]:
        """The settings of the daemon itself as the commands that set them, such as ``("log.dest", "fd", "stderr")``, in
        an order in which they can be sent. The daemon tells them with the feature ``settings``::

            ctl.conn_features("observer", "runs", "settings")
            ctl.resync()
        """
        return self._session.view.settings()

    @property
    def environment(self) -> tuple[str, ...]:
        """What is different in the environment of every service (the command ``env``): items such as ``LANG=C`` and
        ``!TZ``. It is told with the feature ``settings``, too."""
        return self._session.view.environment()

    def commands(self) -> list[tuple[str, ...]]:
        """The commands that make this state again in a daemon that has just started, in an order in which each of them
        is accepted. With the features ``settings`` and ``runs`` these are all of them::

            for command in ctl.commands():
                other.call(*command)

        What is left out, such as descriptors that were inherited, is listed in the documentation of the protocol."""
        return self._session.view.commands()

    @property
    def shutdown(self) -> Optional[tuple[Phase, int]]:
        """How far an orderly shutdown has got: its phase, and how many services are still running.
        None if there is none."""
        return cast("Optional[tuple[Phase, int]]", self._session.view.shutdown)

    @property
    def is_closed(self) -> bool:
        """Whether the connection has ended."""
        return self._session.is_closed

    def fileno(self) -> int:
        """The descriptor that events are read from."""
        return self._wire.input

    # --- who is called

    def _listen(
        self, event: Any, fields: dict[str, object]
    ) -> Callable[[Callable[[Any], object]], Callable[[Any], object]]:
        checked(event, fields)    # A mistake shows here, before there is a function.

        def add(callback: Callable[[Any], object]) -> Callable[[Any], object]:
            with self._in_use():
                self._session.add_handler(event, callback, fields)
                self._write_soon()
            return callback

        return add

    def off(self, callback: Callable[[Any], object]) -> None:
        """Stops calling this function."""
        with self._in_use():
            self._session.remove_handler(callback)
            self._write_soon()

    # --- for both controllers

    def fd_take(self, name: str, fd: Any = None) -> R:
        """``fd.take NAME``: passes an open descriptor to the daemon. Needs a unix socket as
        connection.

        :param fd: its number, or what has a ``fileno()``. The daemon gets a duplicate, yours stays
            open
        """
        if fd is None:
            return super().fd_take(name)
        return self._call_with_fd(fd if isinstance(fd, int) else fd.fileno(), "fd.take", name)

    def _give(self, name: str) -> tuple[Operation, list[int]]:
        """Asks for a descriptor, which is put into the list when the command has ended."""
        operation = self._session.call(("fd.give", name))
        given: list[int] = []

        def take() -> None:
            # Before its end came its line, and nothing that looks like that in between.
            fd = None if operation.error else self._wire.take_given(self._view.given_at)
            if fd is not None:
                given.append(fd)

        operation.then(take)
        return operation, given

    def signal_clear(self, signal: SignalLike, count: int) -> R:
        """``signal.clear SIGNAL COUNT``: takes this many off the pending count of a signal."""
        name = self.signal(signal).name
        return self._call_then(lambda: self._view.cleared(name, int(count)), "signal.clear", signal, count)

    def _call_then(self, then: Callable[[], object], *fields: Field) -> R:
        """The same as `call`, and does something more if the daemon does not refuse."""
        raise NotImplementedError

    def _in_use(self) -> AbstractContextManager[object]:
        """Around whatever changes the connection.

        :raises UsageError: this thread or process may not do so
        """
        raise NotImplementedError

    def _write_soon(self) -> None:
        """Something must be written that nobody waits for."""

    def _check_process(self) -> None:
        if os.getpid() != self._process:
            raise UsageError(
                f"this controller belongs to the process {self._process}, of which this one is a fork: connect anew"
            )

    def _duplicate(self, fd: int) -> int:
        if not self._wire.can_pass_descriptors():
            raise UsageError("a descriptor can only be passed over a unix socket")
        if self._session.is_closed:
            raise ConnectionLostError("the connection has ended")
        return os.dup(fd)

    def _next_in_queue(self) -> Optional[Event]:
        return self._session.queue.take()
