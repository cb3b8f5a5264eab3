"""What controllers do again and again: restarts with back-off, starts in order, stops with escalation, loggers.

Each of these is there twice where it waits: ``stop`` for a synchronous controller, ``stop_async`` for one of asyncio. None of them needs
a timer: a start that has to wait is left to the daemon, and takes place even if the controller is gone by then.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any, Optional

from ._base import Base
from ._commands import R, SignalLike
from ._session import Field
from ._steps import Steps, run, run_async
from .aio import Controller as AsyncController
from .aio import Done
from .client import Controller
from .errors import UsageError, WaitTimeoutError
from .events import ServiceState
from .model import Service

__all__ = [
    "Backoff",
    "RestartPolicy",
    "add_logger",
    "add_logger_async",
    "start_in_order",
    "start_in_order_async",
    "stop",
    "stop_async",
]


class Backoff:
    """How long to wait before the next start: longer each time, and from the beginning after a good run.

    >>> backoff = Backoff(first=1, factor=2, longest=10)
    >>> [backoff.failed(uptime=0, at=at) for at in range(5)]
    [1, 2, 4, 8, 10]
    >>> backoff.failed(uptime=3600, at=5)
    1

    Or not at all, when it has failed too often:

    >>> backoff = Backoff(give_up=2, within=60)
    >>> backoff.failed(uptime=0, at=10), backoff.failed(uptime=0, at=20), backoff.failed(uptime=0, at=30)
    (1, 2, None)

    :param first: seconds before the first restart
    :param factor: how many times as long before each next one
    :param longest: seconds, at the most
    :param reset_after: who ran for so many seconds has not failed before
    :param give_up: so many restarts ... None is any number
    :param within: ... in so many seconds, and no more
    """

    def __init__(
        self,
        first: int = 1,
        factor: float = 2,
        longest: int = 60,
        *,
        reset_after: int = 60,
        give_up: Optional[int] = None,
        within: int = 300,
    ) -> None:
        self._first = first
        self._factor = factor
        self._longest = longest
        self._reset_after = reset_after
        self._give_up = give_up
        self._within = within
        self._delay: float = first
        self._failures: deque[int] = deque()

    def failed(self, uptime: int, at: int) -> Optional[int]:
        """It has ended, after so many seconds and at that second: how many to wait, or None to give up."""
        if uptime >= self._reset_after:
            self._delay = self._first
            self._failures.clear()
        while self._failures and self._failures[0] <= at - self._within:
            self._failures.popleft()
        if self._give_up is not None:
            if len(self._failures) >= self._give_up:
                return None
            self._failures.append(at)
        delay = int(min(self._delay, self._longest))
        self._delay = min(self._delay * self._factor, self._longest)
        return delay


class RestartPolicy:
    """Starts services again when they have ended::

        RestartPolicy(ctl, ["web", "db"], lambda: Backoff(give_up=5), on_give_up=lambda event: page(event.name))

    Those that are stopped by :func:`stop`, or whose name is in ``ctl.stopping``, stay down.

    :param names: which services; None is all
    :param backoff: makes the back-off of each
    :param when: whether to restart at all, such as ``lambda event: event.exit != 0``
    :param on_give_up: is called with the last event of a service that failed too often
    """

    def __init__(
        self,
        ctl: Base[Any],
        names: Optional[Iterable[str]] = None,
        backoff: Callable[[], Backoff] = Backoff,
        *,
        when: Callable[[ServiceState], bool] = lambda event: True,
        on_give_up: Callable[[ServiceState], object] = lambda event: None,
    ) -> None:
        self._ctl = ctl
        self._names = None if names is None else frozenset(names)
        self._make = backoff
        self._backoffs: dict[str, Backoff] = {}
        self._when = when
        self._on_give_up = on_give_up
        ctl.on(ServiceState)(self._changed)

    def cancel(self) -> None:
        """Restarts nothing any more."""
        self._ctl.off(self._changed)

    def _changed(self, event: ServiceState) -> None:
        if self._names is not None and event.name not in self._names:
            return
        if event.state == "deleted":
            self._backoffs.pop(event.name, None)
        if event.state != "down" or event.timestamp is None or event.name in self._ctl.stopping:
            return
        service = self._ctl.service(event.name)
        if service.state != "down" or service.triggers or not self._when(event):
            return
        if event.name not in self._backoffs:
            self._backoffs[event.name] = self._make()
        delay = self._backoffs[event.name].failed(event.uptime or 0, event.timestamp)
        if delay is None:
            self._on_give_up(event)
        else:
            now = int(time.clock_gettime(time.CLOCK_MONOTONIC))
            self._ctl.send("service.start", event.name, now + delay)


def _stop(service: Service[R], signal: SignalLike, timeout: float, kill_timeout: float, group: bool) -> Steps[R, bool]:
    ctl = service._ctl
    ctl.stopping.add(service.name)
    if service.triggers:
        yield service.auto_up()
    if service.state == "start":
        yield service.cancel()
    if not service.is_running:
        return True
    ctl.send("service.signal", service.name, signal, *(["group"] if group else []))
    try:
        yield service.wait("down", timeout)
        return True
    except WaitTimeoutError:
        pass
    ctl.send("service.signal", service.name, "KILL", *(["group"] if group else []))
    yield service.wait("down", kill_timeout)
    return False


def stop(
    service: Service[None],
    *,
    signal: SignalLike = "TERM",
    timeout: float = 10,
    kill_timeout: float = 5,
    group: bool = False,
) -> bool:
    """Stops a service, and keeps it from coming back: no triggers, no pending start, no restart policy.

    :param signal: what it is asked with
    :param timeout: after so many seconds it gets SIGKILL
    :param kill_timeout: and after so many more this is an error
    :param group: signal its whole process group
    :return: whether it went by itself
    :raises WaitTimeoutError: it outlived SIGKILL
    """
    return run(_stop(service, signal, timeout, kill_timeout, group))


async def stop_async(
    service: Service[Done],
    *,
    signal: SignalLike = "TERM",
    timeout: float = 10,
    kill_timeout: float = 5,
    group: bool = False,
) -> bool:
    """The same as :func:`stop`."""
    return await run_async(_stop(service, signal, timeout, kill_timeout, group))


def _start_in_order(ctl: Base[R], needs: Mapping[str, Iterable[str]], timeout: float) -> Steps[R, list[str]]:
    try:
        order = list(TopologicalSorter(dict(needs)).static_order())
    except CycleError as error:
        raise UsageError("services need each other in a circle: " + " ".join(error.args[1])) from None
    for name in order:
        ctl.stopping.discard(name)
        if not ctl.service(name).is_running:
            yield ctl.service_start(name)
            yield ctl.wait_for_service(name, "up", timeout)
    return order


def start_in_order(ctl: Controller, needs: Mapping[str, Iterable[str]], timeout: float = 10) -> list[str]:
    """Starts services, each after those that it needs.

    :param needs: for each service the names of those that must be up before
    :param timeout: seconds for each to be up
    :return: the order
    :raises UsageError: they need each other in a circle. Nothing was started
    :raises RefusedError: one cannot be started
    """
    return run(_start_in_order(ctl, needs, timeout))


async def start_in_order_async(
    ctl: AsyncController, needs: Mapping[str, Iterable[str]], timeout: float = 10
) -> list[str]:
    """The same as :func:`start_in_order`."""
    return await run_async(_start_in_order(ctl, needs, timeout))


def _add_logger(service: Service[R], args: tuple[Field, ...]) -> Steps[R, Service[R]]:
    ctl = service._ctl
    logger = ctl.service(f"{service.name}-log")
    read, write = f"{service.name}-log.r", f"{service.name}-log.w"
    if not ctl.fd(write):
        yield ctl.fd_pipe(read, write)
    yield logger.set_args(*args)
    yield logger.set_fds(read, "null", "stderr")
    yield logger.auto_up(1, "always")
    fds = list(service.fds) or ["null", "null", "null"]
    fds[1:3] = [write, write]
    yield service.set_fds(*fds)
    return logger


def add_logger(service: Service[None], *args: Field) -> Service[None]:
    """Gives a service a logger, ``NAME-log``, that reads what it writes to 1 and 2, from its next start on.

    The pipe stays in the daemon: either can be restarted, and nothing of what was written is lost. Works with daemons of
    protocol 1; with protocol 2 there is also :meth:`Service.logger <daemonproxy.Service.logger>`.

    :param args: program and arguments of the logger
    :return: the logger
    """
    return run(_add_logger(service, args))


async def add_logger_async(service: Service[Done], *args: Field) -> Service[Done]:
    """The same as :func:`add_logger`."""
    return await run_async(_add_logger(service, args))
