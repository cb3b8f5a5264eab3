"""The synchronous controller.

    >>> import daemonproxy
    >>> with daemonproxy.spawn() as ctl:
    ...     web = ctl.service("web")
    ...     web.set_args("sh", "-c", "exit 42")
    ...     web.start()
    ...     web.wait("down", timeout=10)
    ...     web.exit
    42

It reads only during calls: every command waits for its answer, and takes in whatever comes
meanwhile. A controller that only reacts calls :meth:`Controller.run`.

**What a callback raises** comes out of a call that waits (`run`, `poll`, `wait_for`, `wait`, the
next event of an iterator): the one in progress, or the next one. It never comes out of a command,
which has nothing to do with it. Before that, all other callbacks get the event, too. ``SystemExit``
and ``KeyboardInterrupt`` are raised at once.

**One thread at a time.** A call while another thread is in one raises a
:class:`~daemonproxy.UsageError`, and so does any call in a forked process: the connection belongs
to the parent.
"""

from __future__ import annotations

import os
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Optional, TypeVar, Union

from ._base import Base, given_one
from ._fields import Field
from ._session import Operation, Sink, Stream
from ._words import ServiceStateWord
from .errors import ConnectionLostError, UsageError, WaitTimeoutError
from .events import Event

__all__ = ["Controller", "connect"]

T = TypeVar("T")


class _Use:
    """One call at a time, from one thread; calls within a call are part of it."""

    def __init__(self, check_process: Callable[[], None]) -> None:
        self._lock = threading.RLock()
        self._check_process = check_process

    def __enter__(self) -> None:
        self._check_process()
        if not self._lock.acquire(blocking=False):
            raise UsageError("another thread is in a call of this controller: let each thread have a connection of its own")

    def __exit__(self, *_: object) -> None:
        self._lock.release()


class Controller(Base[None]):
    """A connection to a daemon.

    When an iterator over events, or callbacks that call, leave ``max_queue`` events, the others are
    reported as one
    :class:`~daemonproxy.events.Overflow`.
    """

    def _set_up(self) -> None:
        self._is_writing = False
        self._is_dispatching = False
        #: What callbacks have raised and nobody has seen yet.
        self._raised: list[Exception] = []
        self._use = _Use(self._check_process)
        if self._auto_resync:
            try:
                self._session.want_runs()
                self.resync()
            except BaseException:
                self._close()
                raise

    def _in_use(self) -> _Use:
        return self._use

    def __enter__(self) -> Controller:
        return self

    def __exit__(self, kind: Optional[type[BaseException]], *_: object) -> None:
        self._close()
        if kind is None:
            self._raise()

    def close(self) -> None:
        """Ends the connection. In a forked process, closes only its own descriptors: the parent's
        connection goes on."""
        self._close()
        self._raise()

    def _close(self) -> None:
        if self._process == os.getpid():
            with self._use:
                self._session.closed()
        self._wire.close()

    # --- calls

    def call(self, command: str, *fields: Field) -> None:
        """Sends any command and waits until it is carried out.

        :param command: its name, such as ``"service.start"``
        :param fields: ``str``, ``bytes``, ``int`` or path
        """
        with self._use:
            self._finish(self._session.call((command, *fields)), self.timeout, command)

    def _call_with_fd(self, fd: int, *fields: Field) -> None:
        with self._use:
            self._finish(self._session.call(fields, self._duplicate(fd)), self.timeout, str(fields[0]))

    def give_fd(self, name: str) -> int:
        """``fd.give NAME``: a descriptor of the daemon, which is yours to close; both share one open file. Needs a unix
        socket as connection::

            log = os.fdopen(ctl.give_fd("log"), "w")

        :raises AnswerLostError: it has come and is lost, because this process has too many open already
        """
        with self._use:
            operation, given = self._give(name)
            self._finish(operation, self.timeout, "fd.give")
        return given_one(given, name)

    def _call_then(self, then: Callable[[], object], *fields: Field) -> None:
        self.call(str(fields[0]), *fields[1:])
        then()

    def send(self, command: str, *fields: Field) -> None:
        """Sends any command and does not wait. If it is refused, that is an event ``error``."""
        with self._use:
            self._session.send((command, *fields))
            self._flush(self._deadline(self.timeout))

    def sync(self, timeout: Optional[float] = None) -> None:
        """Waits until everything that was sent is carried out and reported: sends an echo and waits
        for it."""
        with self._use:
            self._finish(self._session.sync(), self._or_default(timeout), "an echo")

    def resync(self, timeout: Optional[float] = None) -> None:
        """Learns the whole state of the daemon (``statedump``), and forgets what no longer
        exists."""
        with self._use:
            self._finish(self._session.resync(), self._or_default(timeout), "a dump of the state")

    # --- waiting

    def wait_for(self, condition: Callable[[], T], timeout: Optional[float] = None, what: str = "a condition") -> T:
        """Waits until a function, called after each event, returns something true, and returns
        that. It raises what the function raises.

        :param timeout: seconds; None is the timeout of the controller
        :param what: what it is, for the message of the error
        :raises WaitTimeoutError: time is up
        """
        with self._use:
            self._begin()
            waiter = self._session.wait_for(condition)
            self._finish(waiter, self._or_default(timeout), what, waits=True)
            result: T = waiter.value
            return result

    def wait_for_end(self, name: str, run: int, timeout: Optional[float] = None) -> None:
        with self._use:
            self._begin()
            waiter = self._session.wait_for_end(name, run)
            self._finish(waiter, self._or_default(timeout), f"run {run} of service {name} to end", waits=True)

    def wait_for_service(self, name: str, state: ServiceStateWord, timeout: Optional[float] = None) -> None:
        with self._use:
            self._begin()
            waiter = self._session.wait_for_service(name, state)
            self._finish(waiter, self._or_default(timeout), f"service {name} to be {state}", waits=True)

    def events(self, timeout: Optional[float] = None) -> Iterator[Event]:
        """The events from now on, one by one, until the connection ends.

        :param timeout: end when nothing has come for this many seconds
        """
        with self._use:
            return _Events(self, timeout)

    def _next_of(self, sink: Sink, timeout: Optional[float]) -> Optional[Event]:
        with self._use:
            self._begin()
            deadline = self._deadline(timeout)
            event = sink.take()
            while event is None and (not self.is_closed or self._session.queue.events):
                if not self._step():
                    try:
                        self._wait_for_more(deadline, "an event")
                    except WaitTimeoutError:
                        return None
                self._raise()
                event = sink.take()
            return event

    def run(self, until: Optional[Callable[[], object]] = None, timeout: Optional[float] = None) -> None:
        """Takes in events and calls callbacks, until the connection ends, a condition holds, or
        time is up.

        :param until: called after each event; what it raises is raised
        :param timeout: seconds; None is for ever
        """
        with self._use:
            self._begin()
            deadline = self._deadline(timeout)
            waiter = None if until is None else self._session.wait_for(until)
            try:
                while (waiter is None or not waiter.done) and self._turn(deadline):
                    self._raise()
            finally:
                if waiter is not None:
                    self._session.forget(waiter)
            self._raise()
            # The end of the connection is an end like any other.
            if waiter is not None and waiter.error is not None and not isinstance(waiter.error, ConnectionLostError):
                raise waiter.error

    def _turn(self, deadline: Optional[float]) -> bool:
        """One event, or one wait for more. False when there will be no more, or time is up."""
        if self._step():
            return True
        if self.is_closed and not self._session.queue.events:
            return False
        # Only around this: time may be up for something that a callback waits for.
        try:
            self._wait_for_more(deadline, "the end")
        except WaitTimeoutError:
            return False
        return True

    def poll(self) -> None:
        """Takes in what has come, without waiting. For other event loops: call it when `fileno` can
        be read."""
        with self._use:
            self._begin()
            while not self.is_closed:
                while self._step():
                    self._raise()
                if not self._can_read(0):
                    break
                self._read()
            self._dispatch()
            self._raise()

    def _finish(self, operation: Operation, timeout: Optional[float], what: str, waits: bool = False) -> None:
        deadline = self._deadline(timeout)
        try:
            self._flush(deadline)
            while not operation.done:
                self._once(deadline, what)
                if waits:
                    self._raise()
        finally:
            self._session.forget(operation)
        if waits:
            self._raise()
        if operation.error is not None:
            raise operation.error

    def _begin(self) -> None:
        """Before every wait."""
        self._raise()
        self._session.begin()

    def _raise(self) -> None:
        """Raises what a callback has raised, but not within a callback, which has nothing to do
        with others."""
        if self._raised and not self._is_dispatching:
            raise self._raised.pop(0)

    def _once(self, deadline: Optional[float], what: str) -> None:
        """One event, or one wait for more."""
        if not self._step():
            self._wait_for_more(deadline, what)

    def _wait_for_more(self, deadline: Optional[float], what: str) -> None:
        if self.is_closed:
            return
        if self._flush(deadline):
            return    # What has come meanwhile has its turn first.
        left = None if deadline is None else deadline - time.monotonic()
        # What is already there is still read, unless there is no end to it.
        if left is not None and (left < -1 or left <= 0 and not self._can_read(0)):
            raise WaitTimeoutError(f"time is up, waiting for {what}")
        if self._can_read(left):
            self._read()

    def _step(self) -> bool:
        was_something = self._session.step()
        return self._dispatch() or was_something

    def _dispatch(self) -> bool:
        """Calls callbacks. Returns whether more has come meanwhile."""
        # A callback that calls comes here again; what comes then has its turn after it.
        if self._is_dispatching or self._is_writing:
            return False
        session = self._session
        self._is_dispatching = True
        try:
            while (event := session.queue.take()) is not None:
                for callback in session.receivers(event):
                    try:
                        callback(event)
                    except Exception as error:
                        self._raised.append(error)
                session.look()
        finally:
            self._is_dispatching = False
        return bool(session.outbox) and self._flush(self._deadline(self.timeout))

    # --- reading and writing

    def _can_read(self, timeout: Optional[float]) -> bool:
        return bool(self._wait(True, False, timeout))

    def _wait(self, read: bool, write: bool, timeout: Optional[float]) -> dict[int, int]:
        poll = select.poll()
        wanted: dict[int, int] = {}
        if read:
            wanted[self._wire.input] = select.POLLIN
        if write:
            wanted[self._wire.output] = wanted.get(self._wire.output, 0) | select.POLLOUT
        for fd, events in wanted.items():
            poll.register(fd, events)
        return dict(poll.poll(None if timeout is None else max(0, int(timeout * 1000 + 0.999))))

    def _read(self) -> None:
        data = self._wire.read()
        if data:
            self._session.view.feed(data)
        else:
            self._session.closed()
            self._dispatch()

    def _flush(self, deadline: Optional[float]) -> bool:
        """Writes what waits, and takes in events meanwhile, or both sides could wait for each
        other. Returns whether any came."""
        if self._is_writing:
            return False
        self._is_writing = True
        has_read = False
        try:
            while self._session.outbox:
                left = None if deadline is None else max(0.0, deadline - time.monotonic())
                ready = self._wait(True, True, left)
                if not ready:
                    raise WaitTimeoutError("time is up, waiting for the daemon to read commands")
                if ready.get(self._wire.output, 0) & (select.POLLOUT | select.POLLERR):
                    self._write()
                if ready.get(self._wire.input, 0) & (select.POLLIN | select.POLLHUP):
                    while self._session.step():
                        pass
                    self._read()
                    has_read = True
        finally:
            self._is_writing = False
        return has_read

    def _write(self) -> None:
        if not self._session.outbox:
            return
        data, fd = self._session.outbox[0]
        try:
            self._session.written(self._wire.write(data, fd))
        except ConnectionError:
            # What it sent before can still be read; reading shows that it is gone.
            while self._session.outbox:
                self._session.written(len(self._session.outbox[0][0]))

    def _deadline(self, timeout: Optional[float]) -> Optional[float]:
        return None if timeout is None else time.monotonic() + timeout

    def _or_default(self, timeout: Optional[float]) -> Optional[float]:
        return self.timeout if timeout is None else timeout


class _Events(Stream, Iterator[Event]):
    def __init__(self, ctl: Controller, timeout: Optional[float]) -> None:
        super().__init__(ctl._session)
        self._ctl = ctl
        self._timeout = timeout
        self._has_ended = False

    def __next__(self) -> Event:
        event = None if self._has_ended else self._ctl._next_of(self._sink, self._timeout)
        if event is None:
            self._has_ended = True
            self.close()
            raise StopIteration
        return event


def connect(
    path: Union[str, bytes, "os.PathLike[str]"],
    *,
    timeout: Optional[float] = 30.0,
    resync: bool = True,
    observer: bool = True,
    max_queue: int = 10000,
) -> Controller:
    """A controller on the control socket at a path.

    The other arguments are those of :class:`Controller`.

    :raises ConnectionLostError: there is no daemon
    """
    sock = connected(path, timeout)
    return Controller(sock, timeout=timeout, resync=resync, observer=observer, max_queue=max_queue, owned=True)


def connected(path: Union[str, bytes, "os.PathLike[str]"], timeout: Optional[float]) -> socket.socket:
    """A socket that is connected to this path."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.settimeout(timeout)
        sock.connect(os.fspath(path))
        sock.settimeout(None)
    except OSError as error:
        sock.close()
        raise ConnectionLostError(f"cannot connect to {os.fsdecode(path)}: {error.strerror or error}") from error
    return sock
