"""What many controllers need: restarts with growing pauses, stops with escalation, loggers.

With protocol 2 it is the daemon that does all of it, and these are other words for its options.

Functions that wait exist twice: ``stop`` for a synchronous controller, ``stop_async`` for an
asyncio one.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Optional, Union

from ._base import Base
from ._fields import Field, R, SignalLike, signal_name
from ._steps import Steps, run, run_async
from .aio import Done
from .errors import RefusedError, UsageError, WaitTimeoutError
from .events import ServiceAutoUp, ServiceRun, ServiceState
from .model import Service

__all__ = ["RestartPolicy", "add_logger", "add_logger_async", "stop", "stop_async"]


class RestartPolicy:
    """Restarts services later each time they fail, and not at all if they fail too often::

        ctl.service("web").auto_up(1, "always")
        RestartPolicy(ctl, ["web"], give_up=5, on_give_up=lambda event: page(event.name))

    It is the daemon that does this, even while this controller is gone. A service without triggers,
    because somebody never wanted it restarted, is left alone. All others are told to the daemon
    once, when they are seen, and what is told stays when this controller goes:

    ========================================  ==================================================
    ``first``                                 INTERVAL of ``service.auto_up``
    ``longest``, ``factor``, ``reset_after``  the option ``backoff=longest:factor:reset_after``
    ``give_up``, ``within``                   the option ``giveup=give_up/within``
    ``on_give_up``                            called when a run has the fact ``gaveup``
    ========================================  ==================================================

    A service that was given up is held with its triggers: ``service.start`` or ``service.release``
    let it begin anew.

    With a daemon of protocol 1, which knows no options, this class changes the interval of a
    service that has ended; it takes away the triggers of one that it gives up.

    :param names: which services, as names or as a function that says so of a service; None is all
        that have triggers
    :param first: the interval after a good run (seconds, 1 or more)
    :param factor: by how much it grows after each bad run, at most 1000
    :param longest: seconds, at most
    :param reset_after: a run of this many seconds is a good one
    :param give_up: after this many starts by triggers ...
    :param within: ... within this many seconds there are no more. None means never
    :param on_give_up: is called with the last event of a service that was given up, also if that was
        before this controller came
    :raises UsageError: one of these numbers cannot be right
    """

    def __init__(
        self,
        ctl: Base[Any],
        names: Union[Iterable[str], Callable[[Service[Any]], bool], None] = None,
        *,
        first: int = 1,
        factor: float = 2,
        longest: int = 60,
        reset_after: int = 60,
        give_up: Optional[int] = None,
        within: int = 300,
        on_give_up: Callable[[ServiceState], object] = lambda event: None,
    ) -> None:
        for what, number in (("first", first), ("longest", longest), ("within", within), ("give_up", give_up or 1)):
            if int(number) != number or number < 1:
                raise UsageError(f"{what} is {number!r}, and must be a whole number of 1 or more")
        if not 1 <= factor <= 1000 or longest < first:
            raise UsageError(f"from first={first} with factor={factor} to longest={longest} nothing grows")
        if reset_after <= 0:
            raise UsageError(f"reset_after is {reset_after!r}, and must be more than 0")
        self._ctl = ctl
        self._wants = _chosen(names)
        self._first = first
        self._on_give_up = on_give_up
        self._options = [f"backoff={longest}:{_decimal(factor)}:{_decimal(reset_after)}"]
        if give_up is not None:
            self._options.append(f"giveup={give_up}/{within}")
        self._told: set[str] = set()
        self._given_up: set[str] = set()
        #: The last end of each service.
        self._ends: dict[str, ServiceState] = {}
        self._old = _OldPolicy(ctl, first, factor, longest, reset_after, give_up, within, on_give_up)
        ctl.on("service.state")(self._changed)
        ctl.on("service.auto_up")(self._has_triggers)
        ctl.on("service.run")(self._run)
        known = list(ctl.services.values())
        self._knows_options = any(service.run.number for service in known)
        for service in known if self._knows_options else ():
            self._tell(service.name)

    def cancel(self) -> None:
        """Changes nothing any more, and calls nobody. What the daemon was told stays."""
        for callback in (self._changed, self._has_triggers, self._run):
            self._ctl.off(callback)

    def _tell(self, name: str) -> None:
        service = self._ctl.service(name)
        if name in self._told or not service.triggers or not self._wants(service):
            return
        self._told.add(name)
        self._ctl.send("service.options.apply", name, *self._options)
        if service.auto_up_interval != self._first:
            self._ctl.send("service.auto_up", name, self._first, *service.triggers)

    def _has_triggers(self, event: ServiceAutoUp) -> None:
        if self._knows_options:
            self._tell(event.name)

    def _run(self, event: ServiceRun) -> None:
        # An event of protocol 2: so are the options.
        self._knows_options = True
        self._tell(event.name)
        if not event.facts.gaveup:
            self._given_up.discard(event.name)
        elif event.name in self._told and event.name in self._ends and event.name not in self._given_up:
            self._given_up.add(event.name)
            self._on_give_up(self._ends[event.name])

    def _changed(self, event: ServiceState) -> None:
        if event.state == "deleted":
            self._told.discard(event.name)
            self._ends.pop(event.name, None)
        elif event.state == "down" and event.uptime is not None:
            self._ends[event.name] = event
        if not self._knows_options:
            self._old.changed(event, self._wants)


class _OldPolicy:
    """The same with a daemon of protocol 1, from here."""

    def __init__(
        self,
        ctl: Base[Any],
        first: int,
        factor: float,
        longest: int,
        reset_after: int,
        give_up: Optional[int],
        within: int,
        on_give_up: Callable[[ServiceState], object],
    ) -> None:
        self._ctl = ctl
        self._first = first
        self._factor = factor
        self._longest = longest
        self._reset_after = reset_after
        self._give_up = give_up
        self._within = within
        self._on_give_up = on_give_up
        self._failures: dict[str, deque[float]] = {}
        self._given_up: set[str] = set()

    def changed(self, event: ServiceState, wants: Callable[[Service[Any]], bool]) -> None:
        """A service has another state."""
        if event.name in self._given_up:
            self._given_up.discard(event.name)
            if event.state == "start":
                self._ctl.send("service.start", event.name, "-")
            return
        if event.state == "deleted":
            self._failures.pop(event.name, None)
        service = self._ctl.service(event.name)
        if event.state != "down" or event.uptime is None or not service.triggers or not wants(service):
            return
        interval = self._first
        if event.uptime >= self._reset_after:
            self._failures.pop(event.name, None)
        elif self._has_failed_too_often(event.name):
            del self._failures[event.name]
            # The next start was planned together with this end, and its event comes next.
            if "always" in service.triggers:
                self._given_up.add(event.name)
            self._ctl.send("service.auto_up", event.name)
            self._on_give_up(event)
            return
        else:
            # The old interval shows how often it has already failed, even before this controller
            # was started.
            grown = int((service.auto_up_interval or self._first) * self._factor + 0.5)
            interval = max(self._first, min(grown, self._longest))
        if interval != service.auto_up_interval:
            self._ctl.send("service.auto_up", event.name, interval, *service.triggers)

    def _has_failed_too_often(self, name: str) -> bool:
        if self._give_up is None:
            return False
        now = time.monotonic()
        failures = self._failures.setdefault(name, deque())
        failures.append(now)
        while failures[0] <= now - self._within:
            failures.popleft()
        return len(failures) >= self._give_up


def _decimal(number: float) -> str:
    return f"{number:.9f}".rstrip("0").rstrip(".")


def _chosen(names: Union[Iterable[str], Callable[[Service[Any]], bool], None]) -> Callable[[Service[Any]], bool]:
    if names is None:
        return lambda service: True
    if callable(names):
        return names
    chosen = frozenset(names)
    return lambda service: service.name in chosen


def _stop(
    service: Service[R], signal: Optional[SignalLike], timeout: float, kill_timeout: float, group: bool
) -> Steps[R, bool]:
    try:
        if signal is not None and service:
            yield service.options_apply(f"stop={signal_name(signal)}")
        yield service.stop(timeout)
    except RefusedError as error:
        if error.name != "UnknownCommand":
            raise
    else:
        yield service.wait("down", timeout + kill_timeout)
        return not service.run.killed
    # A daemon of protocol 1.
    first = "TERM" if signal is None else signal
    if service.triggers:
        yield service.auto_up()
    if service.state == "start":
        try:
            yield service.cancel()
        except RefusedError:
            pass    # Its time had come.
    if not service.is_running:
        return True
    for what, seconds in ((first, timeout), ("KILL", kill_timeout)):
        try:
            yield service.signal(what, group)
        except RefusedError:
            pass    # It has just ended.
        try:
            yield service.wait("down", seconds)
            return what == first
        except WaitTimeoutError:
            if what == "KILL":
                raise
    return False


def stop(
    service: Service[None],
    *,
    signal: Optional[SignalLike] = None,
    timeout: float = 10,
    kill_timeout: float = 5,
    group: bool = False,
) -> bool:
    """Stops a service, waits until it is down, and keeps it from coming back: the daemon holds it,
    whatever its triggers, until :meth:`Service.start <daemonproxy.Service.start>`, ``restart`` or
    ``release``. This is ``service.stop`` and a wait.

    With a daemon of protocol 1 its triggers are removed instead, a pending start is cancelled, and
    it is signalled from here. To have it restarted then, give it triggers.

    :param signal: the signal that asks it to end: its option ``stop=`` becomes this, and stays so
    :param timeout: after this many seconds it gets SIGKILL
    :param kill_timeout: and after this many more this is an error
    :param group: with protocol 1: the signals go to its whole process group. With protocol 2 its
        option ``kill=`` says what a stop is about, and that is the group
    :return: whether it ended by itself
    :raises WaitTimeoutError: it outlived SIGKILL
    """
    return run(_stop(service, signal, timeout, kill_timeout, group))


async def stop_async(
    service: Service[Done],
    *,
    signal: Optional[SignalLike] = None,
    timeout: float = 10,
    kill_timeout: float = 5,
    group: bool = False,
) -> bool:
    """The same as :func:`stop`."""
    return await run_async(_stop(service, signal, timeout, kill_timeout, group))


def _add_logger(service: Service[R], args: tuple[Field, ...]) -> Steps[R, Service[R]]:
    ctl = service._ctl
    logger = Service(ctl, f"{service.name}-log")
    read, write = f"{service.name}-log.r", f"{service.name}-log.w"
    if ctl._view.fd(write) is None:
        yield ctl.fd_pipe(read, write)
    yield logger.set_args(*args)
    yield logger.set_fds(read, "null", "stderr")
    yield logger.auto_up(1, "always")
    fds = list(service.fds) or ["null", "null", "null"]
    fds[1:3] = [write, write]
    yield service.set_fds(*fds)
    return logger


def add_logger(service: Service[None], *args: Field) -> Service[None]:
    """Gives a service a logger, ``NAME-log``, that reads what it writes to 1 and 2, from its next
    start on.

    The pipe stays in the daemon: either can be restarted, and nothing that was written is lost.
    Works with daemons of protocol 1; with protocol 2 there is also
    :meth:`Service.logger <daemonproxy.Service.logger>`.

    :param args: program and arguments of the logger
    :return: the logger
    """
    return run(_add_logger(service, args))


async def add_logger_async(service: Service[Done], *args: Field) -> Service[Done]:
    """The same as :func:`add_logger`."""
    return await run_async(_add_logger(service, args))
