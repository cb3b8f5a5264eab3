"""For tests of controllers: a daemon that plays a script, and waiting for several services at once.

The pytest plugin, which comes with this package, makes fixtures of this: ``daemonproxy``, ``daemonproxy_socket``, ``fake_daemon``.
"""

from __future__ import annotations

import socket
import threading
from typing import Optional

from .client import Controller

__all__ = ["FakeDaemon", "left_over", "wait_for_states"]


class FakeDaemon:
    r"""A daemon that expects certain commands and says certain things.

    The script has a line for each: ``>`` and a command that must come, ``<`` and an event that is sent. Fields are separated by
    TABs. Commands ``echo`` are answered by themselves unless they are in the script.

    >>> with FakeDaemon('''
    ... >\tservice.start\tweb
    ... <\terror\tNo such service, for command "service.start web"
    ... ''') as fake:
    ...     ctl = Controller(fake.socket, resync=False)
    ...     try:
    ...         ctl.service_start("web")
    ...     except Exception as error:
    ...         print(error)
    No such service, for command "service.start web"

    :raises AssertionError: at the end, if the controller did not do what the script says
    """

    def __init__(self, script: str, *, timeout: float = 10) -> None:
        self._script = [line.split("\t", 1) for line in script.splitlines() if line.strip() and line[0] != "#"]
        for line in self._script:
            if line[0] not in ("<", ">") or len(line) != 2:
                raise ValueError(f"a line of a script begins with > or < and a TAB, not: {line[0]!r}")
        self._timeout = timeout
        #: The controller's end.
        self.socket, self._end = socket.socketpair()
        self._end.settimeout(timeout)
        self._failure: Optional[str] = None
        #: Descriptors that came with ``fd.take``.
        self.received_fds: list[int] = []
        self._thread = threading.Thread(target=self._play, daemon=True)
        self._thread.start()

    def __enter__(self) -> FakeDaemon:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            self.finish()
        except AssertionError:
            # What went wrong first is the better news.
            if kind is None:
                raise

    def finish(self) -> None:
        """Waits until the script is played.

        :raises AssertionError: something else came
        """
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        self._thread.join(self._timeout)
        self._end.close()
        self.socket.close()
        assert self._failure is None, self._failure

    def _play(self) -> None:
        try:
            self._follow_script()
        except OSError as error:
            self._failure = f"the controller is gone, or silent: {error}"

    def _follow_script(self) -> None:
        lines = self._lines()
        for direction, text in self._script:
            if direction == "<":
                self._say(text)
                continue
            for line in lines:
                if line == text:
                    break
                if line.startswith("echo\t"):
                    self._say(line[5:])
                    continue
                self._failure = f"expected {text!r}, and {line!r} came"
                return
            else:
                self._failure = f"expected {text!r}, and nothing came"
                return
        for line in lines:
            if not line.startswith("echo\t"):
                self._failure = f"nothing more was expected, and {line!r} came"
                return
            self._say(line[5:])

    def _say(self, line: str) -> None:
        self._end.sendall(line.encode("utf-8", "surrogateescape") + b"\n")

    def _lines(self) -> Lines:
        return Lines(self._end, self.received_fds)


class Lines:
    """The lines that come over a socket."""

    def __init__(self, end: socket.socket, fds: list[int]) -> None:
        self._end = end
        self._fds = fds
        self._rest = b""

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        while b"\n" not in self._rest:
            data, fds, _, _ = socket.recv_fds(self._end, 65536, 16)
            self._fds += fds
            if not data:
                raise StopIteration
            self._rest += data
        line, self._rest = self._rest.split(b"\n", 1)
        return line.decode("utf-8", "surrogateescape")


def wait_for_states(ctl: Controller, timeout: Optional[float] = None, **states: str) -> None:
    """Waits until all these services are in these states at the same time::

        wait_for_states(ctl, web="up", db="up", old="deleted")

    :param timeout: seconds; None is the timeout of the controller
    :raises WaitTimeoutError: the text says what they were instead
    """
    what = ", ".join(f"{name} to be {state}" for name, state in states.items())
    ctl.wait_for(lambda: all(ctl.service(name).state == state for name, state in states.items()), timeout, what)


def left_over(ctl: Controller) -> list[str]:
    """The services that still run or are about to, sorted by name."""
    return [name for name in ctl.services if ctl.service(name).state in ("up", "start")]
