"""For tests of controllers: a daemon that plays a transcript, and waiting for several services at
once.

The pytest plugin, which comes with this package, makes these into fixtures: ``daemonproxy``,
``daemonproxy_socket``, ``fake_daemon``.
"""

from __future__ import annotations

import os
import random
import shutil
import socket
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Optional, Union

from . import _native
from ._transcript import Bindings, Pattern, Step, Transcript, pattern, shown, split_tag
from ._words import ServiceStateWord
from .client import Controller
from .errors import ConnectionLostError, WaitTimeoutError

__all__ = ["FakeDaemon", "left_over", "wait_for_states"]


class FakeDaemon:
    r"""A daemon that expects what a transcript expects, and sends what it sends.

    >>> with FakeDaemon('''
    ... # A service that exits.
    ... >\tservice.start\tweb
    ... <\tservice.state\tweb\tup\t{ts}\t{pid:1}\t-\t-\t0\t-
    ... !\treap\t{pid:1}\texit\t42
    ... <\tservice.state\tweb\tdown\t{ts}\t{pid:1}\texit\t42\t{secs}\t0
    ... ''') as fake:
    ...     ctl = Controller(fake.socket, resync=False)
    ...     ctl.service_start("web")
    ...     ctl.service("web").wait("down")
    ...     print(ctl.service("web").exit)
    42

    The language is that of the conformance suite of daemonproxy (``conformance-tests/README.md``),
    and recordings made there can be played. Fields are separated by one TAB, and the first says
    whose line it is:

    ``#``
        a comment
    ``>``
        a command that must come next. Another spelling of it will do (``HUP`` for ``SIGHUP``).
        Commands ``echo`` and ``conn.features`` that are not in the transcript are answered
        automatically. In ``>\t@a\tservice.start\tweb`` the ``@a`` is a tag, whatever tag the controller
        chooses, and ``<\tdone\ta\tNoSuchService\tNo such service`` answers it. Without any tag in the
        transcript this is a daemon of protocol 1, which does not know them
    ``<`` ``<|`` ``<*``
        an event that is sent: the next, one of several that may come in any order, one that may
        come any number of times. With a `seed` the order and the number are not those of the
        transcript, since no controller may count on them
    ``!``
        the world. ``pass``: the next command comes with a descriptor. ``close`` and ``shut``: the
        controller leaves. ``closed`` and ``leaves``: the daemon does. ``flood``: up to this many of
        these commands may come. Everything else is skipped, because it shows in the events after it
    ``@`` ``=`` ``$`` ``$=``
        skipped: what a real daemon needs, and what the view of a controller says
    ``>b`` ``<b``
        the connection ``b``, skipped unless `connection` says that it is this one

    ``\xNN`` in a field is a byte. ``{ts}``, ``{pid}``, ``{secs}`` and ``{text}`` are any field of
    that kind, or one that is made up;
    ``{pid:1}`` is bound by its first use, ``{ts:now+60}`` is a minute after the beginning.

    A wrong command ends the connection, and is reported with file, line, what was expected and what
    came.

    :param script: the transcript, or the path of one
    :param timeout: how many seconds the controller may be silent
    :param seed: for the order of events that have none, as for :class:`random.Random`; None means
        that of the transcript
    :param connection: which one of the transcript the controller is; empty is the main one
    :param listen: wait for the controller at `socket_path`, and not at `socket`
    :raises ValueError: it is not a transcript
    """

    def __init__(
        self,
        script: Union[str, "os.PathLike[str]"],
        *,
        timeout: float = 30,
        seed: Optional[int] = None,
        connection: str = "",
        listen: bool = False,
    ) -> None:
        if isinstance(script, str):
            self._transcript = Transcript.parse("script", script)
        else:
            with open(script, encoding="utf-8", errors="surrogateescape") as file:
                self._transcript = Transcript.parse(os.fspath(script), file.read())
        self._timeout = timeout
        self._random = None if seed is None else random.Random(seed)
        self._connection = connection
        self._bindings = Bindings(int(time.clock_gettime(time.CLOCK_MONOTONIC)))
        self._said: deque[str] = deque(maxlen=8)
        self._floods: list[Flood] = []
        self._tags = Tags(self._transcript.has_tags)
        self._failure: Optional[str] = None
        self._is_mistaken = False
        self._is_finishing = False
        #: Descriptors that came with ``fd.take``. They are closed at the end.
        self.received_fds: list[int] = []
        self._folder: Optional[str] = None
        if listen:
            self._folder = tempfile.mkdtemp(prefix="daemonproxy-")
            self._listener = socket.socket(socket.AF_UNIX)
            self._listener.bind(self.socket_path)
            self._listener.listen()
            self._listener.settimeout(0.05)
        else:
            #: The controller's end: ``Controller(fake.socket)``, or standard input and output of a
            #: process.
            self.socket, self._end = socket.socketpair()
        self._thread = threading.Thread(target=self._play, daemon=True)
        self._thread.start()

    @property
    def socket_path(self) -> str:
        """Where it listens, if it does."""
        if self._folder is None:
            raise ValueError("this daemon does not listen: FakeDaemon(script, listen=True)")
        return os.path.join(self._folder, "control")

    def value(self, placeholder: str) -> str:
        """What a placeholder stands for, such as ``value("{pid:1}")``.

        :raises KeyError: nothing has bound it yet
        """
        hole = pattern(placeholder)
        known = None if isinstance(hole, bytes) else self._bindings.value(hole)
        if known is None:
            raise KeyError(placeholder)
        return known.decode("utf-8", "surrogateescape")

    @property
    def mistake(self) -> Optional[str]:
        """What the controller did wrong, where, and what was expected. None if nothing (yet)."""
        return self._failure if self._is_mistaken else None

    def __enter__(self) -> FakeDaemon:
        return self

    def __exit__(self, kind: Optional[type[BaseException]], *_: object) -> None:
        try:
            self.finish()
        except AssertionError:
            # What went wrong first is what matters. That the faulty controller then lost its
            # connection is not.
            is_consequence = kind is not None and issubclass(kind, (ConnectionLostError, WaitTimeoutError))
            if kind is None or (self._is_mistaken and is_consequence):
                raise

    def finish(self) -> None:
        """Waits until the transcript is played.

        :raises AssertionError: the controller did not do what it says
        """
        self._is_finishing = True
        if self._folder is None:
            try:
                self.socket.shutdown(socket.SHUT_WR)
            except OSError:
                pass
        self._thread.join(self._timeout + 10)
        if self._thread.is_alive():
            raise AssertionError(f"{self._transcript.file} is still being played: the controller does not read")
        if self._folder is None:
            self.socket.close()
        else:
            self._listener.close()
            shutil.rmtree(self._folder)
            self._folder = None
        for fd in self.received_fds:
            os.close(fd)
        self.received_fds = []
        if self._failure is not None:
            raise AssertionError(self._failure)

    # --- the thread that plays

    def _play(self) -> None:
        step: Optional[Step] = None
        try:
            if self._folder is not None and not self._accept():
                self._failure = f"{self._transcript.file}: nobody has connected to {self.socket_path}"
                return
            self._end.settimeout(self._timeout)
            lines = Lines(self._end, self.received_fds)
            for step in self._steps():
                if not self._follow(step, lines):
                    return
            step = None
            self._expect(None, lines)
        except Mistake as mistake:
            self._fail(step, *mistake.args)
            self._is_mistaken = True
        except socket.timeout:
            self._fail(step, f"nothing, for {self._timeout:g} seconds")
        except OSError as error:
            self._fail(step, f"the end of the connection ({error.strerror})")
        finally:
            if hasattr(self, "_end"):
                self._end.close()

    def _accept(self) -> bool:
        """Waits for the controller, as long as there is a test from which it may come."""
        deadline = time.monotonic() + self._timeout
        while True:
            is_last = self._is_finishing or time.monotonic() > deadline
            try:
                self._end = self._listener.accept()[0]
                return True
            except socket.timeout:
                if is_last:
                    return False

    def _steps(self) -> Iterator[Step]:
        """The steps of this connection, with an order for those that have none."""
        group: list[Step] = []
        for step in self._transcript.steps:
            if step.connection != self._connection and step.speaker[0] in "<>!":
                continue
            if step.speaker != "<|":
                yield from self._in_any_order(group)
                group = []
            if step.speaker == "<|":
                group.append(step)
            elif step.speaker == "<*" and self._random is not None:
                yield from [step] * self._random.randrange(4)
            else:
                yield step
        yield from self._in_any_order(group)

    def _in_any_order(self, group: list[Step]) -> list[Step]:
        return group if self._random is None else self._random.sample(group, len(group))

    def _follow(self, step: Step, lines: Lines) -> bool:
        """Does one step. False if the connection ends with it."""
        if step.speaker[0] == "<":
            line = self._tags.told(self._bindings.made_up(step.fields))
            if line is not None:
                self._say(line)
        elif step.speaker == ">":
            self._expect(step.fields, lines)
        elif step.speaker == "!":
            what = step.fields[0]
            if what == b"flood":
                self._floods.append(Flood(step.text))
            elif what == b"pass":
                lines.has_to_pass = True
            elif what in (b"close", b"shut"):
                self._expect(None, lines)
                return what == b"shut"
            elif what in (b"closed", b"leaves"):
                return False
        return True

    def _expect(self, fields: Optional[Sequence[Pattern]], lines: Lines) -> None:
        """Takes commands up to this one; without any, up to the end of the connection."""
        end = self._tags.end()
        if end is not None:
            self._say(end)
        here, fields = (None, None) if fields is None else split_tag(fields)
        is_due = here is not None and fields == (b"echo",)
        for line in lines:
            answer, tag, command = self._tags.read(line, is_due)
            if answer is not None:
                self._end.sendall(answer + b"\n")
                continue
            if fields is not None and self._is_same(fields, command):
                self._tags.expected(here, tag, command)
                self._said.append(f">\t{shown(line)}")
                if lines.has_to_pass:
                    if not lines.unclaimed_fds:
                        raise Mistake(f">\t{shown(line)}\n            and no descriptor with it")
                    lines.unclaimed_fds -= 1
                lines.has_to_pass = False
                return
            if self._is_flood(command):
                continue
            name, _, words = command.partition(b"\t")
            if name == b"echo" and (words or tag is not None):
                self._answer(words, tag)
            elif name == b"conn.features":
                self._answer(command, tag)
            else:
                raise Mistake(f">\t{shown(line)}")
        if fields is not None:
            raise Mistake("the end of the connection")

    def _answer(self, line: bytes, tag: Optional[bytes]) -> None:
        """Answers what is not in the transcript."""
        lines = [line] if line else []
        if tag is not None:
            lines.append(b"done\t" + tag)
        self._end.sendall(b"".join(line + b"\n" for line in lines))

    def _is_same(self, fields: Sequence[Pattern], line: bytes) -> bool:
        if self._bindings.matches(fields, line):
            return True
        expected = [field if isinstance(field, bytes) else self._bindings.value(field) for field in fields]
        if None in expected:
            return False
        try:
            same = b"\t".join(field for field in expected if field is not None)
            return _native.judge_command(same) == _native.judge_command(line)
        except ValueError:
            return False

    def _is_flood(self, line: bytes) -> bool:
        for flood in self._floods:
            if flood.left and self._bindings.matches(flood.fields, line):
                flood.left -= 1
                return True
        return False

    def _say(self, line: bytes) -> None:
        self._said.append(f"<\t{shown(line)}")
        self._end.sendall(line + b"\n")

    def _fail(self, step: Optional[Step], got: str) -> None:
        file = self._transcript.file
        where, expected = f"{file}, after its end", "the end of the connection"
        if step is not None:
            where, expected = f"{file}:{step.line}", step.text
            if step.speaker == ">":
                expected = f">\t{self._bindings.expected(step.fields)}"
        hint = ""
        if got == ">\tstatedump":
            hint = "\n  hint:     a controller begins with statedump, unless it was made with resync=False"
        said = "".join(f"\n            {line}" for line in self._said) or "\n            nothing"
        self._failure = (
            f"{where}: the controller did not do what was expected"
            f"\n  expected: {expected}\n  got:      {got}{hint}\n  before:{said}"
        )


class Mistake(Exception):
    """What came instead of what was expected."""


class Tags:
    """The tags of the controller, which it chooses, and those of the transcript, which stand for them.

    A controller may send a command without the tag that it has in the transcript, since it does not
    know at the beginning whether there are tags, and the other way round. Then it is answered as
    such a command is.
    """

    def __init__(self, are_known: bool) -> None:
        self._are_known = are_known
        #: By the tag in the transcript: that of the controller, if it uses one, and the command.
        self._sent: dict[bytes, tuple[Optional[bytes], bytes]] = {}
        #: That of a command whose end is not in the transcript.
        self._open: Optional[bytes] = None
        self._has_asked = False

    def read(self, line: bytes, is_due: bool) -> tuple[Optional[bytes], Optional[bytes], bytes]:
        """The answer, if it is the question whether there are tags; the tag; and the command."""
        tag, fields = split_tag(line.split(b"\t"))
        if tag is None:
            return None, None, line
        if not self._are_known:
            return b"error\tUnknown command: @" + tag, None, b""
        command = line[len(tag) + 2 :]
        is_first, self._has_asked = not self._has_asked, True
        if command == b"echo" and is_first and not is_due:
            return b"done\t" + tag, None, b""
        return None, tag, command

    def expected(self, here: Optional[bytes], tag: Optional[bytes], command: bytes) -> None:
        """This is the command that the transcript has here, with this tag."""
        if here is None:
            self._open = tag
        else:
            self._sent[here] = tag, command

    def told(self, line: bytes) -> Optional[bytes]:
        """An event of the transcript as this controller is told it; None if it is not."""
        name, *fields = line.split(b"\t", 3)
        if name == b"done" and fields and fields[0] in self._sent:
            tag, command = self._sent.pop(fields[0])
            if tag is not None:
                return b"\t".join((b"done", tag, *fields[1:]))
            if len(fields) < 3:
                return None
            quoted = command.replace(b"\t", b" ")
            return b'error\t%b, for command "%b"' % (fields[2], quoted[:30] + b"..." * (len(quoted) > 30))
        if name == b"error" and self._open is not None and b', for command "' in line:
            text = line[6:].split(b', for command "')[0]
            error = _native.error_name(text.decode("utf-8", "replace"))
            if error is not None:
                tag, self._open = self._open, None
                return b"\t".join((b"done", tag, error.encode(), text))
        return line

    def end(self) -> Optional[bytes]:
        """The end of the last command, if it was not told."""
        tag, self._open = self._open, None
        return None if tag is None else b"done\t" + tag


class Flood:
    """``! flood NAME COUNT LINE``: commands that may come."""

    def __init__(self, text: str) -> None:
        _, _, _, count, *fields = text.split("\t")
        self.left = int(count)
        self.fields = tuple(map(pattern, fields))


class Lines:
    """The lines that come over a socket, and the descriptors with them."""

    def __init__(self, end: socket.socket, fds: list[int]) -> None:
        self._end = end
        self._fds = fds
        self._rest = b""
        #: How many descriptors have come whose command has not come yet. Earlier lines may come in
        #: the same message.
        self.unclaimed_fds = 0
        #: The next command must come with one.
        self.has_to_pass = False

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> bytes:
        while b"\n" not in self._rest:
            data, fds, _, _ = socket.recv_fds(self._end, 65536, 16)
            self._fds += fds
            self.unclaimed_fds += len(fds)
            if not data:
                raise StopIteration
            self._rest += data
        line, self._rest = self._rest.split(b"\n", 1)
        return line


def wait_for_states(ctl: Controller, timeout: Optional[float] = None, **states: ServiceStateWord) -> None:
    """Waits until all these services are in these states at the same time::

        wait_for_states(ctl, web="up", db="up", old="deleted")

    :param timeout: seconds; None is the timeout of the controller
    :raises WaitTimeoutError: the text says what they were instead
    """
    what = ", ".join(f"{name} to be {state}" for name, state in states.items())
    ctl.wait_for(lambda: all(ctl.service(name).state == state for name, state in states.items()), timeout, what)


def left_over(ctl: Controller) -> list[str]:
    """The services that are running or about to, sorted by name."""
    return [name for name in ctl.services if ctl.service(name).state in ("up", "start")]
