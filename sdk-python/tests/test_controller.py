"""The synchronous controller with a real daemon."""

import errno
import os
import socket
import tempfile
import time
from typing import Any

import pytest

import daemonproxy as dp
from daemonproxy.events import ErrorText, Event, Overflow, Resynced, ServiceState
from daemonproxy.testing import FakeDaemon


def test_a_service_from_its_setup_to_its_end(ctl: dp.SpawnedController) -> None:
    web = ctl.service("web")
    assert not web and web.state == "deleted"
    web.set_args("sh", "-c", "read line; exit 42")
    ctl.fd_pipe("in.r", "in.w")
    web.set_fds("in.r", "null", "stderr")
    web.set_tags("critical", role="frontend")
    web.start()
    assert web.is_running and web.pid and web.exit is None
    assert web.args == ("sh", "-c", "read line; exit 42")
    assert web.tags["role"] == "frontend" and "critical" in web.tags
    assert web.fds[0] == "in.r" and ctl.fd("in.r").description == "in.w"
    web.signal("KILL")
    web.wait("down")
    assert (web.signal_name, web.exit) == ("SIGKILL", None)
    web.delete()
    assert not web and "web" not in ctl.services


def test_a_refusal_says_what_and_why(ctl: dp.SpawnedController) -> None:
    with pytest.raises(dp.RefusedError) as caught:
        ctl.service_start("nobody")
    assert (caught.value.name, caught.value.reason) == ("NoSuchService", "No such service")
    assert caught.value.command == ("service.start", "nobody")


@pytest.mark.parametrize(
    "fields",
    [("service.start", "a/b"), ("service.args", "web", "a\tb"), ("service.args", "web", "a\nb"), ("service.explode",),
     ("service.signal", "web", "NOSUCH"), ("service.args", "web", 1.5)],
)  # fmt: skip
def test_what_cannot_be_right_is_not_sent(fake_daemon: Any, fields: tuple[Any, ...]) -> None:
    fake = fake_daemon("")
    with pytest.raises(dp.UsageError):
        dp.Controller(fake.socket, resync=False).call(*fields)


def test_bytes_that_are_no_text_come_back(ctl: dp.SpawnedController) -> None:
    ctl.service_args("web", b"\xff\xfe", "é")
    assert [os.fsencode(arg) for arg in ctl.service("web").args] == [b"\xff\xfe", "é".encode()]


def test_callbacks_get_what_they_asked_for(ctl: dp.SpawnedController) -> None:
    ends: list[ServiceState] = []
    ctl.on("service.state", name="web", state="down")(ends.append)
    for name in ("web", "other"):
        ctl.service_args(name, "sh", "-c", "exit 3")
        ctl.service_start(name)
        ctl.service(name).wait("down")
    assert [(end.name, end.exit) for end in ends] == [("web", 3)]
    ctl.off(ends.append)


def test_a_callback_may_call(ctl: dp.SpawnedController) -> None:
    order: list[str] = []

    @ctl.on("service.args", name="a")
    def first(event: Event) -> None:
        order.append("begin")
        ctl.service_args("b", "x")
        order.append("end")

    @ctl.on("service.args", name="b")
    def second(event: Event) -> None:
        order.append("b")

    ctl.service_args("a", "x")
    ctl.sync()
    assert order == ["begin", "end", "b"]


def test_an_unknown_event_is_a_mistake(ctl: dp.SpawnedController) -> None:
    with pytest.raises(dp.UsageError):
        ctl.on("service.mood")  # type: ignore[call-overload]


def test_a_field_that_no_such_event_has_is_a_mistake(ctl: dp.SpawnedController) -> None:
    with pytest.raises(dp.UsageError, match="'service.tags' has no field 'state', but name, tags"):
        ctl.on("service.tags", state="up")  # type: ignore[call-overload]
    ctl.on("*", name="web")


def test_iterating_over_events(ctl: dp.SpawnedController) -> None:
    events = ctl.events(timeout=60)
    ctl.service_args("web", "true")
    ctl.service_start("web")
    states = []
    for event in events:
        if isinstance(event, ServiceState):
            states.append(event.state)
            if event.state == "down":
                break
    assert states == ["start", "up", "down"]


def test_an_iterator_that_falls_behind_is_told(ctl: dp.SpawnedController) -> None:
    with dp.connect(ctl.daemon.socket_path, max_queue=3) as other:
        events = other.events(timeout=0)
        for number in range(10):
            other.service_tags("web", f"n={number}")
        kinds = [type(event) for event in events]
    assert len(kinds) == 4 and kinds[-1] is Overflow


def test_a_descriptor_is_passed(ctl: dp.SpawnedController) -> None:
    with tempfile.TemporaryFile() as file:
        ctl.fd_take("out", file)
        ctl.service_args("web", "sh", "-c", "echo hello")
        ctl.service_fds("web", "null", "out", "null")
        ctl.service_start("web")
        ctl.service("web").wait("down")
        file.seek(0)
        assert file.read() == b"hello\n"


def test_descriptors_come_with_their_lines(ctl: dp.SpawnedController) -> None:
    ctl.fd_pipe("a.r", "a.w")
    ctl.fd_pipe("b.r", "b.w")
    with dp.connect(ctl.daemon.socket_path, timeout=60) as other:
        for _ in range(20):
            other.send("service.tags", "web", "x" * 900)
        # It looks like the answer.
        other.send("echo", "fd.give", "b.r", "pipe", "from", "b.w")
        ends = [other.give_fd(name) for name in ("b.r", "a.w", "b.w", "a.r")]
        with pytest.raises(dp.RefusedError) as refused:
            other.give_fd("nope")
        assert refused.value.name == "NoSuchFd"
    try:
        assert not any(os.get_inheritable(fd) for fd in ends)
        os.write(ends[1], b"to a")
        os.write(ends[2], b"to b")
        assert (os.read(ends[3], 9), os.read(ends[0], 9)) == (b"to a", b"to b")
    finally:
        for fd in ends:
            os.close(fd)


def test_a_descriptor_cannot_be_passed_over_a_pipe() -> None:
    read, write = os.pipe()
    try:
        with pytest.raises(dp.UsageError):
            dp.Controller(read, write, resync=False).fd_take("x", 0)
    finally:
        os.close(read)
        os.close(write)


def test_many_commands_without_waiting(ctl: dp.SpawnedController) -> None:
    for number in range(20000):
        ctl.send("service.tags", "web", f"n={number}", "x" * 100)
    ctl.sync()
    assert ctl.service("web").tags["n"] == "19999"


def test_the_end_of_the_connection(ctl: dp.SpawnedController) -> None:
    closed: list[Event] = []
    with dp.connect(ctl.daemon.socket_path) as other:
        other.on("closed")(closed.append)
        other.exit()
        other.run(timeout=60)
        assert other.is_closed and len(closed) == 1
        with pytest.raises(dp.ConnectionLostError):
            other.sync()


def test_no_daemon() -> None:
    with pytest.raises(dp.ConnectionLostError, match="cannot connect to /nonexistent"):
        dp.connect("/nonexistent")
    with pytest.raises(dp.SpawnError, match="cannot start"):
        dp.spawn("/nonexistent")


def test_time_runs_out(ctl: dp.SpawnedController) -> None:
    with pytest.raises(dp.WaitTimeoutError, match="service web to be up"):
        ctl.service("web").wait("up", timeout=0.01)


def test_signals_are_counted_and_cleared(ctl: dp.SpawnedController) -> None:
    os.kill(ctl.daemon.pid, 1)
    hup = ctl.signal("HUP")
    ctl.wait_for(lambda: hup.count)
    hup.clear()
    assert hup.count == 0 and "SIGHUP" not in ctl.signals


def test_after_an_overflow_callbacks_hear_what_changed() -> None:
    script = """
<\tservice.args\told\tx
<\tservice.args\tweb\tx
<\toverflow
>\tstatedump
<\tservice.args\tweb\tx
<\tservice.args\tnew\tx
"""
    heard: list[Event] = []
    with FakeDaemon(script) as fake:
        ctl = dp.Controller(fake.socket, resync=False)
        ctl._session._auto_resync = True
        ctl.on("*")(heard.append)
        ctl.wait_for(lambda: any(isinstance(event, Resynced) for event in heard), 60)
        assert list(ctl.services) == ["new", "web"]
    assert [(event.event, getattr(event, "name", "")) for event in heard] == [
        ("service.args", "old"), ("service.args", "web"), ("overflow", ""),
        ("service.args", "new"), ("service.state", "old"), ("resynced", ""),
    ]  # fmt: skip


def test_what_is_known_of_a_service_does_not_pass_to_another_one_of_its_name() -> None:
    # It is not in the dump, and yet there: it was made after its place there.
    script = """
<\tservice.args\tweb\told
<\tservice.tags\tweb\trole=old
<\tservice.auto_up\tweb\t5\talways
<\tservice.run\tweb\t7\tpid=77
<\tservice.state\tweb\tup\t10\t77\t-\t-\t0\t-
<\toverflow
>\tstatedump
<\tservice.args\tweb\tnew
"""
    heard: list[Event] = []
    with FakeDaemon(script) as fake:
        ctl = dp.Controller(fake.socket, resync=False)
        ctl._session._auto_resync = True
        ctl.wait_for(lambda: ctl.service("web").is_running, 60)
        ctl.on("*")(heard.append)
        ctl.wait_for(lambda: any(isinstance(event, Resynced) for event in heard), 60)
        web = ctl.service("web")
        assert (web.args, dict(web.tags), web.triggers, web.state) == (("new",), {}, (), "down")
    assert [event.event for event in heard] == [
        "overflow", "service.args", "service.state", "service.run", "service.tags", "service.auto_up", "resynced",
    ]  # fmt: skip


def test_nonsense_is_a_protocol_error() -> None:
    with FakeDaemon("<\tservice.state\tweb\tdancing") as fake:
        ctl = dp.Controller(fake.socket, resync=False)
        with pytest.raises(dp.ProtocolError) as caught:
            ctl.run(timeout=60)
        assert caught.value.line == "service.state\tweb\tdancing"


def test_an_error_about_a_service_answers_no_command() -> None:
    heard: list[ErrorText] = []
    with FakeDaemon('>\tchdir\t/\n<\terror\tno such program, for service "web"') as fake:
        ctl = dp.Controller(fake.socket, resync=False)
        ctl.on("error")(heard.append)
        ctl.chdir("/")
    assert len(heard) == 1


def test_a_full_pipe_in_both_directions_does_not_hang() -> None:
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    with theirs, ours:
        ctl = dp.Controller(ours, resync=False, timeout=0.1)
        with pytest.raises(dp.WaitTimeoutError):
            for _ in range(1000):
                ctl.send("echo", "x" * 1000)


def test_running_until_something_that_no_callback_is_about() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ctl = dp.Controller(ours, resync=False)
        theirs.sendall(b"signal\tSIGHUP\t1\t1\n")
        begin = time.monotonic()
        ctl.run(until=lambda: ctl.signal("HUP"), timeout=60)
        assert ctl.signal("HUP") and time.monotonic() - begin < 30


def test_what_a_callback_waits_for_in_vain_is_told() -> None:
    def wait(_: Event) -> None:
        ctl.service("db").wait("up", timeout=0.01)

    with FakeDaemon("<\tservice.args\tweb\tx") as fake:
        ctl = dp.Controller(fake.socket, resync=False)
        ctl.on("service.args")(wait)
        with pytest.raises(dp.WaitTimeoutError, match="service db to be up"):
            ctl.run(timeout=60)


# --- runs


def test_the_run_of_a_service(ctl: dp.SpawnedController) -> None:
    ctl.service_args("web", "sh", "-c", "exit 3")
    web = ctl.service("web")
    assert web.run == dp.Run() and web.run.number == 0
    ctl.service_start("web")
    web.wait_for_end(1, timeout=60)
    run = web.run
    assert (run.number, run.starts, run.why, run.exit, run.failed) == (1, 1, "order", 3, None)
    assert run.start is not None and run.exec is not None and run.end is not None
    assert run.start <= run.exec <= run.end <= time.clock_gettime(time.CLOCK_MONOTONIC)
    assert run.cpu is not None and run.maxrss is not None and run.maxrss > 0
    ctl.resync()
    assert web.run == run
    ctl.service_args("typo", "no-such-program")
    ctl.service_start("typo")
    ctl.service("typo").wait_for_end(2, timeout=60)
    assert ctl.service("typo").run.failed == dp.Failure("exec", errno.ENOENT)


def test_the_end_of_a_run_is_not_that_of_the_next(ctl: dp.SpawnedController) -> None:
    ctl.service_args("web", "sleep", "1000")
    web = ctl.service("web")
    web.start()
    web.wait("up", timeout=60)
    with pytest.raises(dp.WaitTimeoutError):
        web.wait_for_end(timeout=0.01)
    ctl.call("service.restart", "web")
    web.wait_for_end(1, timeout=60)
    ctl.wait_for(lambda: web.run.number == 2, timeout=60)
    web.wait_for_end(1, timeout=0)
    with pytest.raises(dp.WaitTimeoutError):
        web.wait_for_end(timeout=0.01)
    assert web.run.starts == 2
    ctl.call("service.stop", "web")
    web.wait_for_end(2, timeout=60)
    assert web.run.signal == "SIGTERM" and web.run.held
