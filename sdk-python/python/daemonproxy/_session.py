"""What a connection does, without doing any I/O: the rules that both controllers share.

A command has a tag, with which the daemon says how it has ended. A daemon of protocol 1 does not
know tags; that is found out by a tagged echo in front of the first command, which it answers with an
error. Until the answer is there, and from then on if it is an error, an echo of a fresh word is sent
after each command instead, and an error that comes before that word comes back is the answer.
Commands that were sent without an echo are then kept apart from the next one by an echo of their
own.

Events go into the view first, then to whoever waits, and then into a queue, from which callbacks
and iterators get them one at a time: a callback that waits for something does not make other
callbacks run inside itself. The queue is bounded. What does not fit is reported as an Overflow.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from typing import Any, Optional, cast, get_args

from . import _native, events
from ._fields import Field, encode
from ._filter import bits_of, checked
from ._words import ErrorName, ServiceStateWord
from .errors import (
    AnswerLostError,
    ConnectionLostError,
    ProtocolError,
    RefusedError,
    UsageError,
)
from .events import BITS, Event

_ENDING = frozenset({"exit", "terminate", "terminate.shutdown"})
_ALL = sum(BITS.values())
#: Without these a connection cannot do its work.
_OWN = (
    BITS["error"]
    | BITS["warning"]
    | BITS["overflow"]
    | BITS["echo"]
    | BITS["malformed"]
    | BITS["conn.features"]
    | BITS["done"]
)
_STATE = BITS["service.state"]
_SIGNAL = BITS["signal"]
#: The signals that end the daemon by default if nobody listens.
_ENDS_DAEMON = frozenset({"SIGTERM", "SIGINT", "SIGQUIT"})

#: How many services are remembered with what they went through, and how many of their states.
_MAX_COURSES = 1000
_MAX_STATES = 16


def is_news(text: str) -> bool:
    """Whether an error is about a service and answers no command.

    >>> is_news('no such program, for service "web"'), is_news('No such service, for command "service.start web"')
    (True, False)
    """
    _, found, name = text.rpartition(', for service "')
    return bool(found) and name.find('"') == len(name) - 1


class Operation:
    """Something that will be done, or fail."""

    __slots__ = ("_then", "done", "error")

    def __init__(self) -> None:
        self.done = False
        self.error: Optional[Exception] = None
        self._then: list[Callable[[], None]] = []

    def then(self, callback: Callable[[], None]) -> None:
        """Calls this when it is done, or at once if it is."""
        if self.done:
            callback()
        else:
            self._then.append(callback)

    def finish(self, error: Optional[Exception] = None) -> None:
        if self.done:
            return
        self.error = self.error or error
        self.done = True
        for callback in self._then:
            callback()


class Pending(Operation):
    """A command whose end the daemon will tell; without a command it is an echo alone."""

    __slots__ = ("command", "is_own", "is_tagged", "marker", "tells_losses")

    def __init__(self, command: tuple[str, ...], marker: str, is_tagged: bool) -> None:
        super().__init__()
        self.command = command
        #: Its tag, or the word of the echo after it.
        self.marker = marker
        self.is_tagged = is_tagged
        #: It was sent after an overflow: what was sent before and is not answered by then never will
        #: be.
        self.tells_losses = not is_tagged
        #: Nobody but the connection itself wants to know how it ended.
        self.is_own = False


class Waiter(Operation):
    """Waits for a condition, which is checked after each event that can matter to it."""

    __slots__ = ("condition", "kinds", "value")

    def __init__(self, condition: Callable[[], Any], kinds: int) -> None:
        super().__init__()
        self.condition = condition
        self.kinds = kinds
        self.value: Any = None

    def look(self) -> None:
        """Whether it holds now. What the condition raises is for whoever waits, and for nobody
        else."""
        try:
            self.value = self.condition()
        except Exception as error:
            self.finish(error)
            return
        if self.value:
            self.finish()


class Course:
    """What a service went through since the last command for it, as far as nobody has waited for it
    yet.

    A service that ends at once is down when the answer to its start is back: whoever then waits for
    it to be up finds that here.
    """

    __slots__ = ("begun", "dropped", "position", "states")

    def __init__(self, begun: Optional[Operation]) -> None:
        #: Done when the command has taken effect; None for one that was sent without an echo.
        self.begun = begun
        self.states: list[str] = []
        self.dropped = 0
        #: Up to here somebody has waited.
        self.position = 0

    def add(self, state: str) -> None:
        self.states.append(state)
        if len(self.states) > _MAX_STATES:
            del self.states[0]
            self.dropped += 1

    def passed(self, state: str, since: int) -> bool:
        """Whether it was in this state since then. The next wait begins after it."""
        for index in range(max(since - self.dropped, 0), len(self.states)):
            if self.states[index] == state:
                self.position = max(self.position, self.dropped + index + 1)
                return True
        return False


class Handler:
    """A callback and what it wants."""

    __slots__ = ("callback", "fields", "kinds")

    def __init__(self, callback: Callable[[Any], Any], kinds: int, fields: dict[str, object]) -> None:
        self.callback = callback
        self.kinds = kinds
        self.fields = fields

    @property
    def answers_signals(self) -> bool:
        """Whether it is for a signal that would end the daemon. A handler for everything only
        watches."""
        return self.kinds == _SIGNAL and self.fields.get("signal", "SIGTERM") in _ENDS_DAEMON

    def wants(self, event: Event) -> bool:
        """Whether the fields are as asked for; the kind matches already."""
        return all(getattr(event, key, None) == value for key, value in self.fields.items())


class Stream:
    """An iterator over events, which gets them from its beginning until it is closed or nobody has
    it any more."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._sink = session.add_sink()

    def close(self) -> None:
        """Takes no more events."""
        self._session.remove_sink(self._sink)

    # A generator that nobody has started would not notice that nobody will.
    def __del__(self) -> None:
        self.close()


class Sink:
    """The events that an iterator has not taken yet, up to the number it may leave."""

    __slots__ = ("events", "limit", "lost")

    def __init__(self, limit: int) -> None:
        self.events: deque[Event] = deque()
        self.limit = limit
        self.lost = False

    @property
    def is_full(self) -> bool:
        return len(self.events) >= self.limit

    def put(self, event: Event) -> None:
        if self.lost or self.is_full:
            self.lost = True
        else:
            self.events.append(event)

    def take(self) -> Optional[Event]:
        if self.events:
            return self.events.popleft()
        if self.lost:
            self.lost = False
            return events.Overflow()
        return None


class Session:
    """The state of one connection. Bytes to be sent are in `outbox`, each piece with the descriptor
    that goes with it."""

    def __init__(self, *, auto_resync: bool, max_queue: int, observer: bool = False) -> None:
        self.view = _native.StateView()
        self.outbox: deque[tuple[bytes, Optional[int]]] = deque()
        self.outbox_size = 0
        self.queue = Sink(max_queue)
        self.is_closed = False
        self.max_queue = max_queue
        self._auto_resync = auto_resync
        # A tag has at most 31 characters.
        self._word = f"python-{os.urandom(6).hex()}-"
        self._words = 0
        #: What the daemon has not answered yet, in order, by tag or word.
        self._pending: dict[str, Pending] = {}
        #: Whether the daemon knows tags, if that is known; and the echo that finds out.
        self._has_tags: Optional[bool] = None
        self._question: Optional[Pending] = None
        self._unanswered = False
        self._resync: Optional[Operation] = None
        self._waiters: list[Waiter] = []
        self._courses: dict[str, Course] = {}
        self._handlers: list[Handler] = []
        #: Whether the daemon is told that this connection only observes, and what it was told last.
        self._may_observe = observer
        self._has_begun = False
        self._observes = False
        self._wants_runs = False
        self._features_are_set = False
        self._sinks: list[Sink] = []
        #: Which events the view should report, and which of them are for handlers and iterators.
        self._kinds = _OWN
        self._wanted = 0
        #: The handlers of each event, if that was asked since they changed.
        self._handlers_of: dict[str, list[Handler]] = {}

    # --- who listens

    def add_handler(self, selector: object, callback: Callable[[Any], Any], fields: dict[str, object]) -> None:
        self._handlers.append(Handler(callback, bits_of(selector), checked(selector, fields)))
        self._update_kinds()
        self._observe()

    def remove_handler(self, callback: Callable[[Any], Any]) -> None:
        self._handlers = [handler for handler in self._handlers if handler.callback != callback]
        self._update_kinds()
        self._observe()

    def begin(self) -> None:
        """The program waits: until then nobody knows what it has handlers for, and a signal from
        before waits for them."""
        if not self._has_begun:
            self._has_begun = True
            self._observe()

    def _observe(self) -> None:
        """Tells the daemon whether this connection listens for signals. One that does not listen
        does not keep it from ending on SIGTERM."""
        observes = not any(handler.answers_signals for handler in self._handlers)
        if not (self._may_observe and self._has_begun) or self.is_closed or observes == self._observes:
            return
        self._observes = observes
        self._set_features()

    def want_runs(self) -> None:
        """From now on the daemon tells of runs, unless the program has its own wishes."""
        if not self._wants_runs and not self._features_are_set and not self.is_closed:
            self._wants_runs = True
            self._set_features()

    def _set_features(self) -> None:
        wanted = ("observer", self._observes), ("runs", self._wants_runs)
        command = ("conn.features", *(name for name, is_wanted in wanted if is_wanted))
        # A daemon of protocol 1 says that there is no such command, which is fine.
        self._ask(command, "\t".join(command).encode()).is_own = True

    def add_sink(self) -> Sink:
        sink = Sink(self.max_queue)
        self._sinks.append(sink)
        self._update_kinds()
        return sink

    def remove_sink(self, sink: Sink) -> None:
        self._sinks = [other for other in self._sinks if other is not sink]
        self._update_kinds()

    @property
    def has_full_sink(self) -> bool:
        return any(sink.is_full for sink in self._sinks)

    @property
    def has_pending(self) -> bool:
        return bool(self._pending or self._waiters)

    def _update_kinds(self) -> None:
        self._handlers_of = {}
        self._wanted = _ALL if self._sinks else 0
        for handler in self._handlers:
            self._wanted |= handler.kinds
        self._kinds = _OWN | self._wanted | (_STATE if self._courses else 0)
        for waiter in self._waiters:
            self._kinds |= waiter.kinds

    # --- sending

    def call(self, fields: tuple[Field, ...], fd: Optional[int] = None) -> Pending:
        """Sends a command, and learns how it ends."""
        line = self._checked(fields)
        pending = self._ask(tuple(field.decode("utf-8", "surrogateescape") for field in line.split(b"\t")), line, fd)
        self._note(pending.command, pending)
        return pending

    def send(self, fields: tuple[Field, ...]) -> None:
        """Sends a command and asks for nothing."""
        line = self._checked(fields)
        self._put(line + b"\n")
        self._unanswered = not self._has_tags
        self._note(tuple(field.decode("utf-8", "surrogateescape") for field in line.split(b"\t", 2)), None)

    def _note(self, command: tuple[str, ...], operation: Optional[Operation]) -> None:
        """From this command on, the states of a service are remembered."""
        if command[0] == "conn.features":
            self._may_observe, self._features_are_set = False, True    # The program takes care of it.
        if not command[0].startswith("service.") or len(command) < 2:
            return
        self._courses.pop(command[1], None)
        if len(self._courses) >= _MAX_COURSES:
            del self._courses[next(iter(self._courses))]
        self._courses[command[1]] = Course(operation)
        if not self._kinds & _STATE:
            self._update_kinds()

    def sync(self) -> Operation:
        """An echo: done when all that was sent is carried out and known, in spite of an
        overflow."""
        if self.is_closed:
            raise ConnectionLostError("the connection has ended")
        operation = Operation()
        echo = self._echo()

        def done() -> None:
            resync = self._resync
            if resync is not None and (echo.error is None or isinstance(echo.error, AnswerLostError)):
                resync.then(lambda: operation.finish(resync.error))
            else:
                operation.finish(echo.error)

        echo.then(done)
        return operation

    def _checked(self, fields: tuple[Field, ...]) -> bytes:
        encoded = [encode(field) for field in fields]
        wrong = _native.check_command(encoded)
        if wrong is not None:
            shown = " ".join(repr(field)[1:-1] if isinstance(field, str) else repr(field) for field in fields[:4])
            raise UsageError(f"{wrong}, for command {shown}")
        if self.is_closed:
            raise ConnectionLostError("the connection has ended")
        return b"\t".join(encoded)

    def _ask(self, command: tuple[str, ...], line: bytes, fd: Optional[int] = None) -> Pending:
        """Sends a line whose end the daemon will tell."""
        if self._has_tags:
            pending = self._note_pending(command, True)
            self._put(f"@{pending.marker}\t".encode() + line + b"\n", fd)
            return pending
        if self._unanswered or (self._has_tags is None and self._question is None):
            self._echo()
        self._put(line + b"\n", fd)
        return self._mark(command)

    def _echo(self) -> Pending:
        """Asks for nothing but an answer, which comes behind all others. The first time it is a
        question: whether the daemon knows tags."""
        is_question = self._has_tags is None and self._question is None
        if not (self._has_tags or is_question):
            return self._mark(())
        pending = self._note_pending((), True)
        if is_question:
            self._question = pending
        self._unanswered = False
        self._put(f"@{pending.marker}\techo\n".encode())
        return pending

    def _mark(self, command: tuple[str, ...]) -> Pending:
        """The echo after a command without a tag."""
        pending = self._note_pending(command, False)
        self._unanswered = False
        self._put(f"echo\t{pending.marker}\n".encode())
        return pending

    def _note_pending(self, command: tuple[str, ...], is_tagged: bool) -> Pending:
        self._words += 1
        pending = Pending(command, f"{self._word}{self._words}", is_tagged)
        self._pending[pending.marker] = pending
        return pending

    def _put(self, data: bytes, fd: Optional[int] = None) -> None:
        # Small pieces go together, but a descriptor belongs to the line that it is sent with.
        if fd is None and self.outbox and self.outbox[-1][1] is None and len(self.outbox[-1][0]) < 4096:
            self.outbox[-1] = (self.outbox[-1][0] + data, None)
        else:
            self.outbox.append((data, fd))
        self.outbox_size += len(data)

    def written(self, count: int) -> None:
        """This many bytes of the first piece have been sent."""
        data, fd = self.outbox.popleft()
        self.outbox_size -= count
        if fd is not None and count:
            os.close(fd)
            fd = None
        if count < len(data):
            self.outbox.appendleft((data[count:], fd))

    # --- receiving

    def step(self) -> bool:
        """Takes in one of the events that were fed. False when there is none left."""
        item = self.view.next(self._kinds)
        if item is None:
            self.look()
            return False
        event = events.from_native(item)
        kind = 1 << item[0]
        if isinstance(event, events.ServiceState) and event.name in self._courses:
            self._courses[event.name].add(event.state)
        if not kind & _OWN or self._look_into(event):
            if kind & self._wanted:
                self.queue.put(event)
        if self._waiters:
            self.look()
        return True

    def _look_into(self, event: Event) -> bool:
        """Handles what it means for the connection. Returns whether it is for others, too."""
        if isinstance(event, events.Echo):
            pending = self._pending.get(event.line)
            if pending is not None and not pending.is_tagged:
                self._settle(pending)
                return False
        elif isinstance(event, events.Done):
            return self._done(event)
        elif isinstance(event, events.ErrorText):
            return self._refused(event.text)
        elif isinstance(event, events.ConnFeatures):
            first = self._first()
            return first is None or not first.is_own
        elif isinstance(event, events.Overflow):
            self._overflowed()
        elif isinstance(event, events.Malformed):
            self._malformed(event)
        return True

    def publish(self, event: Event) -> None:
        """Puts an event into the queue, if anybody wants it."""
        if BITS[event.event] & self._wanted:
            self.queue.put(event)

    def receivers(self, event: Event) -> list[Callable[[Any], Any]]:
        """Whom an event from the queue is for."""
        for sink in self._sinks:
            sink.put(event)
        handlers = self._handlers_of.get(event.event)
        if handlers is None:
            bit = BITS[event.event]
            handlers = [handler for handler in self._handlers if handler.kinds & bit]
            self._handlers_of[event.event] = handlers
        return [handler.callback for handler in handlers if not handler.fields or handler.wants(event)]

    def _first(self) -> Optional[Pending]:
        """What the daemon will answer next, if it answers in order."""
        return next(iter(self._pending.values()), None)

    def _settle(self, pending: Pending) -> None:
        """The answers before this one will not come any more."""
        for first in list(self._pending.values()):
            del self._pending[first.marker]
            if first is self._question:
                self._question = None
                # If nothing was missed, and yet there was no answer, whoever is there does not know tags.
                if first is not pending and not self.view.overflowed:
                    self._has_tags = False
            if first is pending:
                first.finish()
                return
            what = first.command[0] if first.command else "an echo"
            first.finish(AnswerLostError(f"the answer of {what} was lost: events were read too slowly"))

    def _done(self, event: events.Done) -> bool:
        """Finds the command that has ended. Returns whether it is for others, too."""
        pending = self._pending.get(event.tag)
        if pending is None or not pending.is_tagged:
            return True
        if pending is self._question:
            self._has_tags, self._question = True, None
        if pending.tells_losses:
            self._settle(pending)
            return False
        # The answer of a long command may come behind those of later ones.
        del self._pending[event.tag]
        if event.error is not None and pending.error is None:
            pending.error = RefusedError(event.text or "", pending.command, event.error)
        pending.finish()
        return False

    def _refused(self, text: str) -> bool:
        """Finds the command that it answers. Returns whether it is for others, too."""
        if self._question is not None and text == f"Unknown command: @{self._question.marker}":
            question = self._question
            self._has_tags = False
            self._settle(question)
            return False
        first = self._first()
        if first is None or first.is_tagged or is_news(text):
            return True
        if first.command and first.error is None:
            first.error = RefusedError(text, first.command)
            first.error.name = cast("Optional[ErrorName]", _native.error_name(first.error.reason))
        return not first.is_own

    def _overflowed(self) -> None:
        if self._auto_resync and self._resync is None:
            self.resync()
        elif self._pending:
            # Their answers may be among the lost lines. When this one is back, we know.
            self._echo().tells_losses = True

    def _malformed(self, event: events.Malformed) -> None:
        error = ProtocolError(event.reason, event.line)
        # Nobody waits for the question.
        waiting = (pending for pending in self._pending.values() if pending is not self._question)
        first = next(waiting, self._question)
        if first is not None and first.error is None and not first.is_own:
            first.error = error
        elif not any(handler.kinds & BITS["malformed"] for handler in self._handlers):
            raise error

    def closed(self) -> None:
        """There will be no more events."""
        if self.is_closed:
            return
        self.is_closed = True
        lost = ConnectionLostError("the connection has ended")
        pending, self._pending = self._pending, {}
        for operation in pending.values():
            ends_it = bool(operation.command) and operation.command[0] in _ENDING
            operation.finish(None if ends_it else lost)
        self.look()
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            waiter.finish(lost)
        for _, fd in self.outbox:
            if fd is not None:
                os.close(fd)
        self.outbox.clear()
        self.outbox_size = 0
        self.publish(events.Closed())

    # --- waiting

    def wait_for(self, condition: Callable[[], Any], kinds: int = _ALL) -> Waiter:
        """Done when the condition holds."""
        waiter = Waiter(condition, kinds)
        waiter.look()
        if waiter.done:
            return waiter
        if self.is_closed:
            waiter.finish(ConnectionLostError("the connection has ended"))
        else:
            self._waiters.append(waiter)
            self._update_kinds()
        return waiter

    def wait_for_service(self, name: str, state: ServiceStateWord) -> Waiter:
        words: tuple[str, ...] = get_args(ServiceStateWord)
        if state not in words:
            given: str = state
            hint = ". That is a fact: ctl.wait_for(lambda: web.run.ready)" if given == "ready" else ""
            raise UsageError(f"{given!r} is no state: those are {', '.join(words)}{hint}")
        course = self._courses.get(name)
        if course is None:
            return self.wait_for(lambda: self.state_of(name) == state, _STATE)
        if course.begun is None and not self.is_closed:
            course.begun = self._echo()
        since, begun = course.position, course.begun

        def holds() -> bool:
            # Until the command has taken effect, the state is that from before it.
            return course.passed(state, since) or ((begun is None or begun.done) and self.state_of(name) == state)

        return self.wait_for(holds, _STATE)

    def wait_for_end(self, name: str, run: int) -> Waiter:
        return self.wait_for(lambda: self.view.run_is_over(name, run), _STATE | BITS["service.run"])

    def state_of(self, name: str) -> str:
        state = self.view.service_state(name)
        return "deleted" if state is None else state[0]

    def forget(self, operation: Operation) -> None:
        """Nobody waits for this any more."""
        if isinstance(operation, Waiter) and operation in self._waiters:
            self._waiters.remove(operation)
            self._update_kinds()

    def look(self) -> None:
        """Whether what somebody waits for holds now."""
        for waiter in self._waiters[:]:
            if not waiter.done:
                waiter.look()
        if any(waiter.done for waiter in self._waiters):
            self._waiters = [waiter for waiter in self._waiters if not waiter.done]
            self._update_kinds()

    # --- learning the whole state

    def resync(self) -> Operation:
        """Done when the whole state is known. A resync in progress will do."""
        if self._resync is not None:
            return self._resync
        if self.is_closed:
            raise ConnectionLostError("the connection has ended")
        operation = Operation()
        self._dump(operation)
        self._resync = operation
        return operation

    def _dump(self, operation: Operation) -> None:
        # What the daemon sent before the dump does not show what is still there. For services and
        # descriptors that does not matter, since their end is news too; but no event reports a
        # signal that another controller has cleared.
        begin = self._echo()
        begin.tells_losses |= self.view.overflowed
        begin.then(lambda: None if begin.error else self.view.begin_resync())
        end = self.call(("statedump",))
        end.then(lambda: self._dumped(begin, end, operation))

    def _dumped(self, begin: Operation, end: Operation, operation: Operation) -> None:
        error = begin.error or end.error
        lost = isinstance(error, AnswerLostError)
        if error is not None and not lost:
            self._resync = None
            operation.finish(error)
            return
        unheard = None if lost else self.view.end_resync()
        if unheard is None:
            self._dump(operation)
            return
        services, fds, signals, others = unheard
        for name in services:
            if name in self._courses:
                self._courses[name].add("deleted")
            self.publish(events.ServiceState(name, "deleted"))
        for name in fds:
            self.publish(events.FdState(name, "deleted", "", ""))
        for name in signals:
            self.publish(events.Signal(name, None, 0))  # type: ignore[arg-type]    # Names of the native part are right.
        # A service is another one of its name, which is known to have less.
        for item in others:
            self.publish(events.from_native(item))
        self._resync = None
        self.publish(events.Resynced())
        operation.finish()
