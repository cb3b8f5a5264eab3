"""The daemon that plays a transcript: the language, and what a controller that does something else
is told."""

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

import daemonproxy as dp
from daemonproxy._transcript import Bindings, Step, Transcript
from daemonproxy.testing import FakeDaemon

TRANSCRIPTS = Path(__file__).parents[2] / "conformance-tests" / "transcripts"


def files() -> "list[Path]":
    return sorted(TRANSCRIPTS.rglob("*.tsv")) if TRANSCRIPTS.is_dir() else []


def controller(fake: FakeDaemon) -> dp.Controller:
    return dp.Controller(fake.socket, resync=False)


def failure(fake: FakeDaemon) -> str:
    with pytest.raises(AssertionError) as caught:
        fake.finish()
    return str(caught.value)


def test_what_the_conformance_suite_plays_is_played() -> None:
    """The other side is played too: a controller that sends all commands, and takes in all
    events."""
    for file in files():
        transcript = Transcript.parse(str(file), file.read_text(errors="surrogateescape"))
        for name in sorted({step.connection for step in transcript.steps if step.speaker[0] in "<>"}):
            with FakeDaemon(file, connection=name, timeout=60) as fake:
                echo(fake, [step for step in transcript.steps if step.connection == name])


def echo(fake: FakeDaemon, steps: "list[Step]") -> None:
    end = fake.socket
    bindings = Bindings(int(fake.value("{ts:now}")))
    came = end.makefile("rb")
    events = 0
    passes = False
    for step in steps:
        if step.speaker[0] == "<":
            events += 1
        elif step.speaker == "!":
            passes = passes or step.fields[0] == b"pass"
        elif step.speaker == ">":
            # A placeholder is often bound by an event: what is known when the command is due is
            # known here, too.
            for _ in range(events):
                bindings_of(came.readline(), steps, bindings)
            events = 0
            socket.send_fds(end, [bindings.made_up(step.fields) + b"\n"], [0] if passes else [])
            passes = False
    end.shutdown(socket.SHUT_WR)
    came.read()


def bindings_of(line: bytes, steps: "list[Step]", bindings: Bindings) -> None:
    for step in steps:
        if step.speaker[0] == "<" and bindings.matches(step.fields, line.rstrip(b"\n")):
            return


@pytest.mark.parametrize("is_first", [True, False])
def test_a_tag_stands_for_that_of_the_controller(is_first: bool) -> None:
    """Also if the command has none yet, since the controller is only finding out."""
    with FakeDaemon(">\t@a\tservice.start\tweb\n<\tdone\ta\tNoSuchService\tNo such service\n>\tchdir\t/\n") as fake:
        ctl = controller(fake)
        if not is_first:
            ctl.sync()
        with pytest.raises(dp.RefusedError) as caught:
            ctl.service_start("web")
        assert (caught.value.name, caught.value.reason) == ("NoSuchService", "No such service")
        assert (caught.value.message == caught.value.reason) != is_first
        ctl.chdir("/")


def test_a_daemon_that_knows_tags_refuses_with_them() -> None:
    with FakeDaemon('@\tprotocol\t2\n>\tservice.start\tweb\n<\terror\tNo such service, for command "service.start web"') as fake:
        ctl = controller(fake)
        ctl.sync()
        with pytest.raises(dp.RefusedError) as caught:
            ctl.service_start("web")
        assert caught.value.message == "No such service"


def test_placeholders_are_bound_by_their_first_use() -> None:
    script = (
        "<\tservice.state\tweb\tup\t{ts:1}\t{pid:1}\t-\t-\t0\t-\n"
        ">\tservice.start\tweb\t{ts:1+5}\n"
        ">\tservice.tags\tweb\t{text:tag}\n"
        "<\tservice.tags\tweb\t{text:tag}\t{pid:1}\t{ts:now}\n"
    )
    with FakeDaemon(script) as fake:
        ctl = controller(fake)
        web = ctl.service("web")
        web.wait("up")
        assert web.timestamp is not None
        web.start(at=web.timestamp + 5)
        web.set_tags("mine")
        assert web.tags.raw == ("mine", str(web.pid), str(web.timestamp))
        assert fake.value("{pid:1}") == str(web.pid) and fake.value("{text:tag}") == "mine"
        with pytest.raises(KeyError):
            fake.value("{pid:2}")


def test_what_was_bound_must_come_again() -> None:
    fake = FakeDaemon(">\tservice.tags\ta\t{text:1}\n>\tservice.tags\tb\t{text:1}")
    ctl = controller(fake)
    ctl.service_tags("a", "x")
    with pytest.raises(dp.ConnectionLostError):
        ctl.service_tags("b", "y")
    assert "  expected: >\tservice.tags\tb\tx\n  got:      >\tservice.tags\tb\ty" in failure(fake)


def test_another_spelling_of_a_command_will_do() -> None:
    with FakeDaemon(">\tservice.signal\tweb\tSIGHUP") as fake:
        controller(fake).service_signal("web", 1)


def test_bytes_are_escaped() -> None:
    with FakeDaemon(">\tservice.args\tweb\t\\xff\\x7bpid}\n<\tservice.args\tweb\t\\xff\\x7bpid}") as fake:
        ctl = controller(fake)
        ctl.service_args("web", b"\xff{pid}")
        assert os.fsencode(ctl.service("web").args[0]) == b"\xff{pid}"


def test_what_has_no_order_gets_one_from_the_seed() -> None:
    script = "".join(f"<|\tservice.tags\tn{number}\tx\n" for number in range(8)) + "<*\tservice.tags\tmany\tx\n!\tclosed"
    orders = set()
    for seed in range(4):
        with FakeDaemon(script, seed=seed) as fake:
            with dp.Controller(fake.socket, resync=False) as ctl:
                heard: "list[str]" = []
                ctl.on("service.tags")(lambda event: heard.append(event.name))    # noqa: B023
                ctl.run()
        assert sorted(set(heard) - {"many"}) == [f"n{number}" for number in range(8)]
        orders.add(tuple(heard))
    assert len(orders) == 4


def test_a_command_without_its_descriptor_is_a_mistake(tmp_path: Path) -> None:
    script = "!\tpass\tfile\n>\tfd.take\tout\n<\tfd.state\tout\tfile\twrite\tunknown"
    with FakeDaemon(script) as fake:
        controller(fake).fd_take("out", 0)
        assert len(fake.received_fds) == 1
    fake = FakeDaemon(script)
    with pytest.raises(dp.ConnectionLostError):
        controller(fake).fd_take("out")
    assert "and no descriptor with it" in failure(fake)


@pytest.mark.parametrize("step", ["!\tclosed", "!\tleaves\t0"])
def test_the_daemon_leaves(step: str) -> None:
    with FakeDaemon(f">\tchdir\t/\n{step}") as fake:
        ctl = controller(fake)
        ctl.send("chdir", "/")
        ctl.run()
        assert ctl.is_closed


def test_the_controller_must_leave() -> None:
    with FakeDaemon("!\tclose") as fake:
        with dp.Controller(fake.socket, resync=False, owned=True) as ctl:
            ctl.sync()
    fake = FakeDaemon("!\tclose")
    with pytest.raises(dp.ConnectionLostError):
        controller(fake).chdir("/")
    assert "expected: !\tclose\n  got:      >\tchdir\t/" in failure(fake)


def test_a_flood_may_come() -> None:
    with FakeDaemon("!\tflood\t\t3\tservice.tags\tweb\t{text}\n>\tchdir\t/") as fake:
        ctl = controller(fake)
        ctl.service_tags("web", "a")
        ctl.service_tags("web", "b")
        ctl.chdir("/")


def test_another_connection_of_the_transcript() -> None:
    script = "!\tconnect\tb\n>\tchdir\t/tmp\n>b\tchdir\t/\n<b\tservice.tags\tweb\tx\n<\tservice.tags\tdb\tx\n"
    with FakeDaemon(script, connection="b") as fake:
        ctl = controller(fake)
        ctl.chdir("/")
        ctl.sync()
        assert list(ctl.services) == ["web"]


def test_a_failure_says_where_and_what(tmp_path: Path) -> None:
    file = tmp_path / "start.tsv"
    file.write_text("# Starts the wrong one.\n<\tservice.args\tweb\tx\n>\tservice.args\tdb\ty\n>\tservice.start\tweb\n")
    fake = FakeDaemon(file)
    ctl = controller(fake)
    ctl.service_args("db", "y")
    with pytest.raises(dp.ConnectionLostError):
        ctl.service_start("db")
    lines = failure(fake).splitlines()
    assert lines[0] == f"{file}:4: the controller did not do what was expected"
    assert lines[1:3] == ["  expected: >\tservice.start\tweb", "  got:      >\tservice.start\tdb"]
    assert lines[3].startswith("  before:") and lines[4:6] == ["            <\tservice.args\tweb\tx", "            >\tservice.args\tdb\ty"]


def test_the_mistake_is_better_news_than_the_lost_connection() -> None:
    with pytest.raises(AssertionError, match="(?s)script:1: .*expected: .*chdir"):
        with FakeDaemon(">\tchdir\t/") as fake:
            controller(fake).service_start("web")
    with pytest.raises(RuntimeError, match="mine"):
        with FakeDaemon(">\tchdir\t/"):
            raise RuntimeError("mine")


def test_something_more_is_a_mistake() -> None:
    fake = FakeDaemon("")
    with pytest.raises(dp.ConnectionLostError):
        controller(fake).chdir("/")
    assert "script, after its end: " in failure(fake)


def test_a_dump_that_was_not_expected_is_explained() -> None:
    fake = FakeDaemon(">\tservice.start\tweb")
    with pytest.raises(dp.ConnectionLostError):
        dp.Controller(fake.socket)
    assert "hint: " in failure(fake)


def test_silence_is_a_mistake() -> None:
    fake = FakeDaemon(">\tchdir\t/", timeout=0.01)
    assert fake.socket.recv(1) == b""
    assert "nothing, for 0.01 seconds" in failure(fake)


def test_a_controller_that_connects_by_a_path() -> None:
    with FakeDaemon(">\tstatedump\n<\tservice.args\tweb\tx", listen=True) as fake:
        with dp.connect(fake.socket_path) as ctl:
            assert list(ctl.services) == ["web"]
    with FakeDaemon("") as fake, pytest.raises(ValueError, match="listen=True"):
        fake.socket_path  # noqa: B018


def test_nobody_comes() -> None:
    fake = FakeDaemon("", listen=True, timeout=60)
    begin = time.monotonic()
    assert failure(fake).startswith("script: nobody has connected to ")
    assert time.monotonic() - begin < 60


def test_a_controller_that_is_a_program() -> None:
    program = "import daemonproxy; daemonproxy.Controller(resync=False).service_start('web')"
    with FakeDaemon(">\tservice.start\tweb") as fake:
        end = fake.socket.fileno()
        subprocess.run([sys.executable, "-c", program], stdin=end, stdout=end, check=True, timeout=60)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("?\tx", "script:2: expected one of # @ >"),
        (">", "script:2: expected something after a TAB"),
        (">\t{moon}", "script:2: there is no placeholder {moon}"),
        (">\t{ts:}", "script:2: there is no placeholder {ts:}"),
        ("!\texplode", "script:2: expected one of clock"),
        ("@\tmoon", "script:2: expected one of args"),
        ("!\tflood\tx", "script:2: expected a name"),
    ],
)
def test_what_is_no_transcript(line: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        FakeDaemon(f"# A title.\n{line}")
