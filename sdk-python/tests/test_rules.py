"""Rules of a controller that both kinds keep: filters, waits, what callbacks raise, who may
call."""

import asyncio
import os
import signal
import threading
import time
from typing import Any

import pytest

import daemonproxy as dp
import daemonproxy.aio
from daemonproxy import events
from daemonproxy.testing import FakeDaemon


# --- filters


@pytest.mark.parametrize("written", ["TERM", "SIGTERM", 15, signal.SIGTERM])
def test_a_signal_is_written_with_and_without_sig(written: Any) -> None:
    heard: "list[events.Event]" = []
    with FakeDaemon("<\tsignal\tSIGHUP\t1\t1\n<\tsignal\tSIGTERM\t2\t1") as fake:
        ctl = dp.Controller(fake.socket, resync=False)
        ctl.on("signal", signal=written)(heard.append)
        ctl.wait_for(lambda: ctl.signal("TERM").count)
        ctl.sync()
    assert heard == [events.Signal("SIGTERM", 2, 1)]


@pytest.mark.parametrize(
    ("event", "fields", "message"),
    [
        ("signal", {"name": "TERM"}, "'signal' has no field 'name', but at, count, signal"),
        ("signal", {"signal": "TREM"}, "there is no signal 'TREM'"),
        ("service.state", {"state": "dwn"}, "'state' of 'service.state' is never 'dwn', but 'down', 'start', 'up', 'deleted'"),
        ("service.state", {"exit": "1"}, "is never '1', but a number or None"),
        ("service.state", {"name": "a/b"}, "'a/b' is no name"),
        ("service.args", {"args": "httpd"}, "is never 'httpd', but a list of texts"),
        ("fd.state", {"type": "pip"}, "is never 'pip', but 'file', 'pipe'"),
        ("log.filter", {"level": "loud"}, "is never 'loud', but 'none'"),
        ("*", {"state": "dwn"}, "is never 'dwn'"),
        ("*", {"mood": "good"}, "has no field 'mood'"),
        ("overflow", {"name": "web"}, "has no field 'name', but none at all"),
        ("service.mood", {}, "there is no event"),
        (dict, {}, "there is no event"),
        (events.Text, {}, "there is no event"),
    ],
)
def test_what_would_never_fire_is_refused(event: Any, fields: "dict[str, object]", message: str) -> None:
    with FakeDaemon("") as fake:
        ctl: Any = dp.Controller(fake.socket, resync=False)
        with pytest.raises(dp.UsageError, match=message.replace("(", r"\(").replace("*", r"\*")):
            ctl.on(event, **fields)


def test_lists_and_nothing_can_be_asked_for() -> None:
    heard: "list[events.Event]" = []
    script = "<\tservice.args\tweb\ta\tb\n<\tservice.args\tweb\tc\n<\tservice.state\tweb\tup\t1\t2\t-\t-\t0\t-"
    with FakeDaemon(script) as fake:
        ctl = dp.Controller(fake.socket, resync=False)
        ctl.on("service.args", args=["a", "b"])(heard.append)
        ctl.on(events.ServiceState, exit=None, signal=None)(heard.append)
        ctl.service("web").wait("up")
        ctl.sync()
    assert [event.event for event in heard] == ["service.args", "service.state"]


def test_off_takes_a_method_away() -> None:
    heard: "list[events.Event]" = []
    with FakeDaemon("<\tservice.args\tweb\ta\n>\tchdir\t/\n<\tservice.args\tweb\tb") as fake:
        ctl = dp.Controller(fake.socket, resync=False)
        ctl.on("service.args")(heard.append)
        ctl.wait_for(lambda: heard)
        ctl.off(heard.append)
        ctl.chdir("/")
        ctl.sync()
    assert len(heard) == 1


# --- waits


def test_a_run_that_is_over_already_was_up(ctl: dp.SpawnedController) -> None:
    web = ctl.service("web")
    web.set_args("true")
    for _ in range(20):
        web.start()
        web.wait("up", timeout=60)
        web.wait("down", timeout=60)


def test_a_state_that_passed_is_passed_once() -> None:
    script = (
        ">\tservice.start\tweb\n"
        "<\tservice.state\tweb\tup\t1\t7\t-\t-\t0\t-\n<\tservice.state\tweb\tdown\t2\t7\texit\t0\t1\t0\n"
    )
    with FakeDaemon(script) as fake:
        ctl = dp.Controller(fake.socket, resync=False)
        web = ctl.service("web")
        web.start()
        web.wait("up", timeout=60)
        web.wait("down", timeout=60)
        with pytest.raises(dp.WaitTimeoutError):
            web.wait("up", timeout=0.01)


def test_a_wait_after_what_was_only_sent_is_for_its_outcome(ctl: dp.SpawnedController) -> None:
    web = ctl.service("web")
    web.set_args("true")
    ctl.send("service.start", "web")
    web.wait("down", timeout=60)
    assert web.exit == 0


async def test_a_run_that_is_over_already_was_up_in_asyncio(actl: "dp.aio.SpawnedController") -> None:
    web = actl.service("web")
    await web.set_args("true")
    for _ in range(20):
        await web.start()
        await actl.sync()
        await asyncio.gather(web.wait("up", timeout=60), web.wait("down", timeout=60))
    # Nor does the wait end with an end from before the start that was just sent.
    started = web.start()
    await web.wait("down", timeout=60)
    assert started.done() and web.exit == 0


def test_a_condition_that_raises_is_told_to_who_waits() -> None:
    with FakeDaemon("<\tservice.args\tweb\tx") as fake:
        ctl = dp.Controller(fake.socket, resync=False)
        with pytest.raises(ZeroDivisionError):
            ctl.wait_for(lambda: 1 / len(ctl.services) > 1)
        with pytest.raises(ZeroDivisionError):
            ctl.run(until=lambda: 1 // 0)


async def test_a_condition_that_raises_in_asyncio(actl: "dp.aio.SpawnedController") -> None:
    def bad() -> bool:
        if not actl.service("web"):
            return False
        raise KeyError("mine")

    waiting = actl.wait_for(bad, timeout=60)
    await actl.service_args("web", "x")
    with pytest.raises(KeyError, match="mine"):
        await waiting
    with pytest.raises(ZeroDivisionError):
        await actl.wait_for(lambda: 1 / 0)
    # The loop goes on, and time runs out for others.
    with pytest.raises(dp.WaitTimeoutError):
        await actl.wait_for(lambda: False, timeout=0.01)


# --- what callbacks raise


def test_what_a_callback_raises_comes_out_of_a_wait_and_of_no_command() -> None:
    heard: "list[events.Event]" = []

    def bad(event: events.Event) -> None:
        raise KeyError(event.event)

    with FakeDaemon(">\tchdir\t/\n<\tservice.args\tweb\tx\n>\tchdir\t/tmp") as fake:
        ctl = dp.Controller(fake.socket, resync=False)
        ctl.on("service.args")(bad)
        ctl.on("service.args")(heard.append)
        ctl.chdir("/")
        ctl.sync()
        assert len(heard) == 1    # All others get it, too.
        ctl.chdir("/tmp")
        with pytest.raises(KeyError, match=r"service\.args"):
            ctl.run(timeout=60)
        ctl.poll()


def test_what_nobody_has_waited_for_comes_out_at_the_end() -> None:
    def bad(event: events.Event) -> None:
        raise KeyError("mine")

    with FakeDaemon(">\tchdir\t/\n<\tservice.args\tweb\tx") as fake:
        with pytest.raises(KeyError, match="mine"):
            with dp.Controller(fake.socket, resync=False) as ctl:
                ctl.on("service.args")(bad)
                ctl.chdir("/")


def test_a_callback_can_end_the_program() -> None:
    def leave(event: events.Event) -> None:
        raise SystemExit(3)

    with FakeDaemon(">\tchdir\t/\n<\tservice.args\tweb\tx") as fake:
        ctl = dp.Controller(fake.socket, resync=False)
        ctl.on("service.args")(leave)
        with pytest.raises(SystemExit):
            ctl.chdir("/")


# --- who may call


def test_two_threads_are_told(ctl: dp.SpawnedController) -> None:
    is_waiting = threading.Event()
    ended: "list[object]" = []

    def is_over() -> bool:
        is_waiting.set()
        return "stop" in ctl.services

    def wait() -> None:
        ctl.run(until=is_over, timeout=60)
        ended.append(True)

    thread = threading.Thread(target=wait)
    thread.start()
    assert is_waiting.wait(60)
    for attempt in (lambda: ctl.service_start("web"), ctl.sync, ctl.poll, ctl.close, lambda: ctl.on("error")(print)):
        with pytest.raises(dp.UsageError, match="another thread"):
            attempt()
    with dp.connect(ctl.daemon.socket_path) as other:
        other.service_args("stop", "x")
    thread.join(60)
    assert ended == [True]
    ctl.sync(timeout=60)    # One after the other is fine.


async def test_another_thread_is_told_in_asyncio(actl: "dp.aio.SpawnedController") -> None:
    said: "list[Exception]" = []

    def call() -> None:
        for attempt in (actl.sync, lambda: actl.service_start("web"), lambda: actl.wait_for(lambda: True)):
            try:
                attempt()
            except dp.UsageError as error:
                said.append(error)

    await asyncio.get_running_loop().run_in_executor(None, call)
    assert len(said) == 3 and "another thread" in str(said[0])
    await actl.sync()


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_fork_is_told_and_leaves_the_daemon_alone(ctl: dp.SpawnedController) -> None:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        said = b"nothing"
        try:
            ctl.sync(timeout=60)
        except dp.UsageError as error:
            said = str(error).encode()
        os.write(write, said)
        ctl.close()
        os._exit(0)
    os.close(write)
    assert os.waitpid(child, 0)[1] == 0
    assert b"of which this one is a fork" in os.read(read, 1000)
    os.close(read)
    ctl.sync(timeout=60)


# --- what is live


def test_times_go_on(ctl: dp.SpawnedController) -> None:
    web = ctl.service("web")
    assert web.uptime is None and web.downtime is None
    web.set_args("sleep", "1000")
    web.start()
    begin = time.monotonic()
    assert web.uptime is not None
    while web.uptime < 2:
        assert time.monotonic() < begin + 60
    assert time.monotonic() - begin >= 1 and web.downtime is None
    web.signal("KILL")
    web.wait("down", timeout=60)
    assert web.uptime >= 1 and web.downtime is not None
    while web.downtime < 2:
        assert time.monotonic() < begin + 120


# --- observers


def test_who_has_no_handler_for_signals_observes() -> None:
    script = (
        ">\tchdir\t/\n"
        ">\tconn.features\tobserver\n<\tconn.features\tobserver\n"
        ">\tconn.features\n<\tconn.features\n"
        ">\tconn.features\tobserver\n<\tconn.features\tobserver\n"
    )
    heard: "list[events.Event]" = []
    with FakeDaemon(script) as fake:
        ctl = dp.Controller(fake.socket, resync=False)
        ctl.on("*")(heard.append)
        ctl.on("signal", signal="HUP")(heard.append)
        ctl.chdir("/")
        ctl.poll()
        ctl.on("signal", signal="INT")(heard.append)
        ctl.sync()
        ctl.off(heard.append)
        ctl.on("conn.features")(heard.append)
        ctl.sync()
    assert heard == []


async def test_the_same_in_asyncio() -> None:
    script = ">\tconn.features\tobserver\n<\tconn.features\tobserver\n>\tconn.features\n<\tconn.features\n"
    with FakeDaemon(script) as fake:
        async with dp.aio.Controller(fake.socket, resync=False) as ctl:
            await ctl.wait_for(lambda: True)
            await ctl.sync()
            ctl.on("signal")(print)
            await ctl.sync()


def test_a_daemon_that_knows_no_features_is_well() -> None:
    script = ">\tconn.features\tobserver\n<\terror\tUnknown command: conn.features\n>\tservice.start\tweb\n<\terror\tNo such service"
    heard: "list[events.Event]" = []
    with FakeDaemon(script) as fake:
        ctl = dp.Controller(fake.socket, resync=False)
        ctl.on("*")(heard.append)
        ctl.poll()
        with pytest.raises(dp.RefusedError, match="No such service"):
            ctl.service_start("web")
    assert heard == [events.ErrorText("No such service")]


def test_a_program_that_sets_features_is_left_alone() -> None:
    with FakeDaemon(">\tconn.features\tother\n<\tconn.features\n>\tchdir\t/") as fake:
        ctl = dp.Controller(fake.socket, resync=False)
        ctl.conn_features("other")
        ctl.poll()
        ctl.on("signal")(print)
        ctl.chdir("/")


def test_settings_are_known_as_commands_that_make_another_daemon_the_same(ctl: dp.SpawnedController) -> None:
    ctl.service("web").set_args("sleep", "100")
    ctl.call("service.options", "web", "nice=5", "stop=INT")
    ctl.call("service.env", "web", "!", "A=\udcff")
    ctl.call("service.auto_up", "web", 5, "HUP")
    ctl.call("service.stop", "web")
    ctl.call("fd.pipe", "log.r", "log.w", "nonblock")
    ctl.call("env", "TZ=UTC")
    ctl.call("chdir", "/")
    ctl.call("log.dest", "fd", "log.w")

    def state(ctl: dp.Controller) -> "tuple[object, ...]":
        ctl.conn_features("observer", "runs", "settings")
        ctl.resync()
        # The socket that it was started with is another one.
        own = [setting for setting in ctl.settings if setting[0] != "socket.create"]
        commands = [command for command in ctl.commands() if command[0] != "socket.create"]
        return own, ctl.environment, commands

    own, environment, commands = state(ctl)
    assert ("log.dest", "fd", "log.w") in own and ("chdir", "/") in own    # type: ignore[operator]
    assert environment == ("TZ=UTC",)
    with dp.spawn() as other:
        for command in commands:    # type: ignore[attr-defined]
            other.call(*command)
        assert state(other) == (own, environment, commands)
        web = other.service("web")
        assert (web.args, web.options, web.env) == (("sleep", "100"), ("nice=5", "stop=INT"), ("!", "A=\udcff"))
        assert web.run.held and not web.is_running


def test_nothing_is_told_if_that_is_not_wanted() -> None:
    heard: "list[events.Event]" = []
    with FakeDaemon(">\tchdir\t/") as fake:
        ctl = dp.Controller(fake.socket, resync=False, observer=False)
        ctl.on("conn.features")(heard.append)
        ctl.poll()
        ctl.chdir("/")
        assert ctl._session._observes is False and heard == []


def test_a_signal_from_before_waits_for_its_handler(ctl: dp.SpawnedController) -> None:
    """The daemon got SIGTERM while its controller was restarted: it must not end before the new one
    can say that it handles that."""
    ctl.on("signal")(print)
    ctl.poll()
    ctl.sync()
    os.kill(ctl.daemon.pid, signal.SIGTERM)
    ctl.wait_for(lambda: ctl.signal("TERM").count, 60)
    with dp.connect(ctl.daemon.socket_path) as again:
        ctl.off(print)
        ctl.sync()
        again.service_args("web", "true")
        heard: "list[events.Signal]" = []
        again.on("signal", signal="TERM")(heard.append)
        again.poll()
        again.signal("TERM").clear()
        again.sync()
        assert not again.is_closed and ctl.daemon.process.poll() is None


async def test_a_program_with_callbacks_alone_has_begun_some_time(actl: "dp.aio.SpawnedController") -> None:
    actl.on("*")(lambda event: None)
    async with await dp.aio.connect(actl.daemon.socket_path) as other:
        other.on("*")(lambda event: None)
        await actl.wait_for(lambda: True)
        while not other._session._observes:
            await asyncio.sleep(0.01)
        await other.sync()
        await actl.sync()
        os.kill(actl.daemon.pid, signal.SIGTERM)
        await asyncio.wait_for(other.run(), 60)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_daemon_ends_although_somebody_looks_on(ctl: dp.SpawnedController, number: signal.Signals) -> None:
    with dp.connect(ctl.daemon.socket_path) as other:
        other.on("*")(lambda event: None)
        other.poll()
        other.sync()
        ctl.poll()
        ctl.sync()
        os.kill(ctl.daemon.pid, number)
        other.run(timeout=60)
        assert other.is_closed
    assert ctl.daemon.wait(60) == 0


def test_a_signal_is_left_to_who_has_a_handler(ctl: dp.SpawnedController) -> None:
    heard: "list[events.Signal]" = []

    @ctl.on("signal", signal="TERM")
    def term(event: events.Signal) -> None:
        heard.append(event)
        ctl.signal("TERM").clear()

    ctl.sync()
    os.kill(ctl.daemon.pid, signal.SIGTERM)
    ctl.wait_for(lambda: heard, 60)
    ctl.sync()
    assert ctl.daemon.process.poll() is None


def test_what_cannot_be_waited_for_is_a_mistake(ctl: dp.SpawnedController) -> None:
    with pytest.raises(dp.UsageError, match="'ready' is no state: .*That is a fact"):
        ctl.service("web").wait("ready")  # type: ignore[arg-type]
    with pytest.raises(dp.UsageError, match="there is no service nosuch"):
        ctl.service("nosuch").wait_for_end()
