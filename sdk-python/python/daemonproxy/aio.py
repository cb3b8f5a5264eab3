"""The controller for asyncio, with the names of the synchronous one.

    >>> import asyncio
    >>> import daemonproxy.aio
    >>> async def main():
    ...     async with await daemonproxy.aio.spawn() as ctl:
    ...         web = ctl.service("web")
    ...         await web.set_args("sh", "-c", "exit 42")
    ...         await web.start()
    ...         await web.wait("down", timeout=10)
    ...         return web.exit
    >>> asyncio.run(main())
    42

Methods that send a command or wait return a future: the command is sent at once and in order, and
awaiting the future says how it ended. What a callback raises goes to the exception handler of the
loop, and all others still get the event. There is no thread and no second event loop, not even to
end a daemon; the running loop watches the descriptors. One that it cannot watch (a regular file)
never blocks, and is read in small pieces between everything else.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Optional, TypeVar, Union

from . import daemon as _daemon
from ._base import Base, close_all, given_one
from ._fields import Field
from ._session import Operation, Pending, Sink, Stream, Waiter
from ._steps import run_async
from ._words import ServiceStateWord
from .client import connected
from .errors import ConnectionLostError, DaemonproxyError, UsageError, WaitTimeoutError
from .events import Event

if TYPE_CHECKING:
    import subprocess

__all__ = ["Controller", "Done", "SpawnedController", "connect", "spawn"]

T = TypeVar("T")
#: The result of a command: it is done when the daemon has carried the command out, and otherwise
#: raises what became of it.
Done = asyncio.Future[None]

#: If more than this waits to be written, the program wrongly does not wait for its commands.
_MAX_WAITING = 4 * 1024 * 1024
#: After this many seconds a program has set the callbacks that it wants.
_BEGIN = 1.0


class Controller(Base["Done"]):
    """A connection to a daemon, in a running event loop. It begins with ``async with`` or
    :meth:`open`.

    Callbacks may be coroutine functions. It belongs to the thread of its loop: in another one, or
    in a forked process, a call raises a :class:`~daemonproxy.UsageError`.

    When an iterator over events has ``max_queue`` of them, nothing more is read from the daemon;
    what must be read because a call waits for its answer is reported as one
    :class:`~daemonproxy.events.Overflow`.
    """

    def _set_up(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._is_reading = False
        self._is_writing = False
        self._is_open = False
        self._beginning: Optional[asyncio.TimerHandle] = None
        self._can_watch = True
        self._can_watch_output = True
        self._tasks: set[asyncio.Task[Any]] = set()
        self._news = asyncio.Event()
        self._read_on()

    async def open(self) -> Controller:
        """Learns the whole state, unless that is turned off."""
        self._is_open = True
        # A program that only has callbacks need not wait for anything here.
        self._beginning = self._loop.call_later(_BEGIN, self._begin)
        if self._auto_resync:
            try:
                self._session.want_runs()
                await self.resync()
            except BaseException:
                await self.close()
                raise
        return self

    async def __aenter__(self) -> Controller:
        return self if self._is_open else await self.open()

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends the connection."""
        with self._in_use():
            self._end()
            self._wire.close()
            for task in self._tasks:
                task.cancel()

    def _in_use(self) -> AbstractContextManager[object]:
        self._check_process()
        if threading.get_ident() != self._thread:
            raise UsageError("this controller belongs to another thread, that of its loop: loop.call_soon_threadsafe")
        return nullcontext()

    def _begin(self) -> None:
        """Before every wait."""
        self._in_use()
        self._session.begin()
        self._write_on()

    def _write_soon(self) -> None:
        self._write_on()

    # --- calls

    def call(self, command: str, *fields: Field) -> Done:
        """Sends any command. The future is done when the daemon has carried it out or refused it.

        :param command: its name, such as ``"service.start"``
        :param fields: ``str``, ``bytes``, ``int`` or path
        """
        self._check_room()
        return self._future(self._session.call((command, *fields)), self.timeout, command)

    def _call_with_fd(self, fd: int, *fields: Field) -> Done:
        self._check_room()
        return self._future(self._session.call(fields, self._duplicate(fd)), self.timeout, str(fields[0]))

    async def give_fd(self, name: str) -> int:
        """``fd.give NAME``: a descriptor of the daemon, which is yours to close; both share one open file. Needs a unix
        socket as connection.

        :raises AnswerLostError: it has come and is lost, because this process has too many open already
        """
        self._check_room()
        operation, given = self._give(name)
        try:
            await self._future(operation, self.timeout, "fd.give")
        except BaseException:
            # Nobody waits for it any more.
            operation.then(lambda: close_all(given))
            raise
        return given_one(given, name)

    def _call_then(self, then: Callable[[], object], *fields: Field) -> Done:
        self._check_room()
        return self._future(self._session.call(fields), self.timeout, str(fields[0]), then)

    def send(self, command: str, *fields: Field) -> None:
        """Sends any command and does not wait. If it is refused, that is an event ``error``."""
        self._check_room()
        self._session.send((command, *fields))
        self._write_on()

    def sync(self, timeout: Optional[float] = None) -> Done:
        """Done when everything that was sent is carried out and reported: sends an echo and waits
        for it."""
        self._in_use()
        return self._future(self._session.sync(), self._or_default(timeout), "an echo")

    def resync(self, timeout: Optional[float] = None) -> Done:
        """Learns the whole state of the daemon (``statedump``), and forgets what no longer
        exists."""
        self._in_use()
        future: Done = self._loop.create_future()
        operation = self._session.resync()
        self._write_on()
        self._follow(operation, future, self._or_default(timeout), "a dump of the state", lambda: None)
        return future

    # --- waiting

    def wait_for(
        self, condition: Callable[[], T], timeout: Optional[float] = None, what: str = "a condition"
    ) -> asyncio.Future[T]:
        """Done when a function, called after each event, returns something true, which is then the
        result. The future raises what it raises.

        :param timeout: seconds; None is the timeout of the controller
        """
        self._begin()
        future: asyncio.Future[T] = self._loop.create_future()
        waiter = self._session.wait_for(condition)
        self._follow(waiter, future, self._or_default(timeout), what, lambda: waiter.value)
        return future

    def wait_for_end(self, name: str, run: int, timeout: Optional[float] = None) -> Done:
        self._begin()
        waiter = self._session.wait_for_end(name, run)
        return self._future(waiter, self._or_default(timeout), f"run {run} of service {name} to end")

    def wait_for_service(self, name: str, state: ServiceStateWord, timeout: Optional[float] = None) -> Done:
        self._begin()
        waiter = self._session.wait_for_service(name, state)
        return self._future(waiter, self._or_default(timeout), f"service {name} to be {state}")

    def events(self) -> AsyncIterator[Event]:
        """The events from now on, one by one, until the connection ends::

            async for event in ctl.events():
                ...

        While it is full it holds the daemon back, for as long as somebody refers to it: drop it
        when you want no more.
        """
        return _Events(self)

    async def _next_of(self, sink: Sink) -> Optional[Event]:
        self._begin()
        event = sink.take()
        while event is None and not self.is_closed:
            self._read_on()
            self._news.clear()
            await self._news.wait()
            event = sink.take()
        return event

    async def run(self) -> None:
        """Waits until the connection ends, while callbacks are called."""
        self._begin()
        while not self.is_closed:
            self._news.clear()
            await self._news.wait()

    # --- futures

    def _future(
        self,
        operation: Operation,
        timeout: Optional[float],
        what: str,
        then: Callable[[], object] = lambda: None,
    ) -> Done:
        future: Done = self._loop.create_future()
        self._write_on()
        def result() -> None:
            then()

        self._follow(operation, future, timeout, what, result)
        return future

    def _follow(
        self,
        operation: Operation,
        future: asyncio.Future[T],
        timeout: Optional[float],
        what: str,
        result: Callable[[], T],
    ) -> None:
        timer: Optional[asyncio.TimerHandle] = None

        def done() -> None:
            if timer is not None:
                timer.cancel()
            value = None if operation.error is not None else result()
            if future.done():
                return
            if operation.error is not None:
                future.set_exception(operation.error)
            else:
                future.set_result(value)  # type: ignore[arg-type]

        def expire() -> None:
            if not future.done():
                future.set_exception(WaitTimeoutError(f"time is up, waiting for {what}"))

        def left(_: asyncio.Future[T]) -> None:
            if timer is not None:
                timer.cancel()
            self._session.forget(operation)

        if operation.done:
            done()
            return
        if timeout is not None:
            timer = self._loop.call_later(timeout, expire)
        operation.then(done)
        if not isinstance(operation, Pending):
            future.add_done_callback(left)
        # Somebody waits now, so nothing may stop the reading.
        self._read_on()

    def _check_room(self) -> None:
        self._in_use()
        if self._session.outbox_size > _MAX_WAITING:
            raise UsageError("4 MiB of commands wait to be written: await them, or sync")

    # --- reading

    def _read_on(self) -> None:
        """Watches the input, unless an iterator has enough and nobody waits."""
        wanted = not self.is_closed and (self._session.has_pending or not self._session.has_full_sink)
        if wanted == self._is_reading:
            return
        self._is_reading = wanted
        if not self._can_watch:
            if wanted:
                self._loop.call_soon(self._readable)
        elif wanted:
            try:
                self._loop.add_reader(self._wire.input, self._readable)
            except PermissionError:
                self._can_watch = False
                self._loop.call_soon(self._readable)
        else:
            self._loop.remove_reader(self._wire.input)

    def _readable(self) -> None:
        if not self._is_reading:
            return
        data = self._wire.read()
        if not data:
            self._end()
            return
        self._session.view.feed(data)
        while True:
            try:
                if not self._session.step():
                    break
            except Exception as error:
                self._report(error)
            self._dispatch()
        self._dispatch()
        self._write_on()
        if not self._can_watch:
            self._loop.call_soon(self._readable)
        self._read_on()

    def _dispatch(self) -> None:
        event = self._next_in_queue()
        while event is not None:
            for callback in self._session.receivers(event):
                try:
                    result = callback(event)
                    if inspect.iscoroutine(result):
                        self._start(result)
                except Exception as error:
                    self._report(error)
            self._news.set()
            self._session.look()
            event = self._next_in_queue()

    def _start(self, coroutine: Any) -> None:
        def ended(task: asyncio.Task[Any]) -> None:
            self._tasks.discard(task)
            error = None if task.cancelled() else task.exception()
            if error is not None:
                self._report(error)

        task = self._loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(ended)

    def _report(self, error: BaseException) -> None:
        self._loop.call_exception_handler({"message": "in a callback of a daemonproxy controller", "exception": error})

    def _end(self) -> None:
        if self.is_closed:
            return
        self._session.closed()
        if self._beginning is not None:
            self._beginning.cancel()
        if self._is_writing:
            self._is_writing = False
            if self._can_watch_output:
                self._loop.remove_writer(self._wire.output)
        if self._is_reading:
            self._is_reading = False
            if self._can_watch:
                self._loop.remove_reader(self._wire.input)
        self._dispatch()
        self._news.set()

    # --- writing

    def _write_on(self) -> None:
        if not self._session.outbox or self._is_writing or self.is_closed:
            return
        self._is_writing = True
        try:
            self._loop.add_writer(self._wire.output, self._writable)
        except PermissionError:
            self._can_watch_output = False
            while self._session.outbox:
                self._writable()

    def _writable(self) -> None:
        if self._session.outbox:
            data, fd = self._session.outbox[0]
            try:
                self._session.written(self._wire.write(data, fd))
            except ConnectionError:
                # What it sent before can still be read; reading shows that it is gone.
                while self._session.outbox:
                    self._session.written(len(self._session.outbox[0][0]))
        if not self._session.outbox and self._is_writing:
            self._is_writing = False
            if self._can_watch_output:
                self._loop.remove_writer(self._wire.output)

    def _or_default(self, timeout: Optional[float]) -> Optional[float]:
        return self.timeout if timeout is None else timeout


class _Events(Stream, AsyncIterator[Event]):
    def __init__(self, ctl: Controller) -> None:
        super().__init__(ctl._session)
        self._ctl = ctl

    async def __anext__(self) -> Event:
        event = await self._ctl._next_of(self._sink)
        if event is None:
            self.close()
            raise StopAsyncIteration
        return event

    async def aclose(self) -> None:
        self.close()

    def close(self) -> None:
        super().close()
        # It may have been what held the daemon back.
        if not self._ctl._loop.is_closed():
            self._ctl._read_on()


async def connect(
    path: Union[str, bytes, "os.PathLike[str]"],
    *,
    timeout: Optional[float] = 30.0,
    resync: bool = True,
    observer: bool = True,
    max_queue: int = 10000,
) -> Controller:
    """A controller on the control socket at a path. The other arguments are those of
    :class:`Controller`.

    :raises ConnectionLostError: there is no daemon
    """
    sock = await _connected(path, timeout)
    ctl = Controller(sock, timeout=timeout, resync=resync, observer=observer, max_queue=max_queue, owned=True)
    return await ctl.open()


async def _connected(path: Union[str, bytes, "os.PathLike[str]"], timeout: Optional[float]) -> socket.socket:
    deadline = None if timeout is None else time.monotonic() + timeout
    while True:
        try:
            return connected(path, 0)
        except ConnectionLostError as error:
            # Too many are waiting to be accepted. No event reports when this changes.
            is_busy = isinstance(error.__cause__, BlockingIOError)
            if not is_busy or (deadline is not None and time.monotonic() > deadline):
                raise
        await asyncio.sleep(0.01)


class SpawnedController(Controller):
    """A controller of its own daemon, which ends with it."""

    #: The daemon.
    daemon: _daemon.Daemon

    async def __aenter__(self) -> SpawnedController:
        return self

    async def close(self) -> None:
        """Ends the connection, and the daemon."""
        await super().close()
        # If it did not answer, there is none yet.
        if hasattr(self, "daemon"):
            await _close(self.daemon)


async def spawn(
    program: Optional[_daemon.Path] = None,
    args: Sequence[str] = (),
    *,
    config: Sequence[str] = (),
    grace: int = 3,
    timeout: Optional[float] = 30.0,
    resync: bool = True,
    observer: bool = True,
    max_queue: int = 10000,
) -> SpawnedController:
    """Starts a daemon and returns its controller, whose ``close`` ends both, and all services.

    The arguments are those of :class:`~daemonproxy.Daemon` and of :class:`Controller`.

    :raises SpawnError: it could not be started
    """
    own = _daemon.Daemon(program, args, config=config, grace=grace)
    try:
        ctl = SpawnedController(own.socket, timeout=timeout, resync=resync, observer=observer, max_queue=max_queue)
        await ctl.open()
    except Exception as error:
        raise own.failed(error) from error
    except BaseException:
        own.kill()
        raise
    ctl.daemon = own
    return ctl


async def _close(daemon: _daemon.Daemon) -> None:
    """What `Daemon.close` does, without holding up the loop."""
    is_leaving = False
    try:
        if daemon.process.poll() is None:
            async with await connect(daemon.socket_path, timeout=daemon.patience) as ctl:
                await run_async(daemon.steps_to_end(ctl))
                await asyncio.wait_for(ctl.run(), daemon.patience)
                is_leaving = True
    except (DaemonproxyError, asyncio.TimeoutError):
        pass    # It is gone, or will be killed.
    finally:
        daemon.socket.close()
        try:
            await _ended(daemon.process, daemon.patience if is_leaving else 1)
        finally:
            daemon.kill()


async def _ended(process: subprocess.Popen[bytes], timeout: float) -> None:
    """Waits until a process has ended, or time is up.

    With a descriptor of the process (Linux 5.3), which the loop watches like any other. Without
    one, the process is checked a hundred times a second.
    """
    deadline = time.monotonic() + timeout
    try:
        pidfd = os.pidfd_open(process.pid)
    except (AttributeError, OSError):
        while process.poll() is None and time.monotonic() < deadline:
            await asyncio.sleep(0.01)
        return
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(pidfd, ended.set)
    try:
        await asyncio.wait_for(ended.wait(), timeout)
    except asyncio.TimeoutError:
        pass
    finally:
        loop.remove_reader(pidfd)
        os.close(pidfd)
