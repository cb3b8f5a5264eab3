"""The code of README.md, block by block, as a program of its own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import daemonproxy as dp

README = Path(__file__).parent.parent / "README.md"
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README.read_text(), re.DOTALL | re.MULTILINE)
PYTHON = [code for language, code in BLOCKS if language == "python"]


def block(word: str) -> str:
    """The only block that contains this."""
    found: str
    [found] = [code for code in PYTHON if word in code]
    return found


class Program:
    """A block that runs, and what it says."""

    def __init__(self, path: Path, code: str, socket_path: str) -> None:
        assert "/run/daemonproxy.sock" in code
        path.write_text(code.replace("/run/daemonproxy.sock", socket_path))
        self.process = subprocess.Popen([sys.executable, "-u", str(path)], stdout=subprocess.PIPE, text=True)

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def program(tmp_path: Path, ctl: dp.SpawnedController, request: pytest.FixtureRequest) -> "Iterator[Program]":
    for name in ("web", "db", "cache"):
        ctl.service_args(name, "sleep", "1000")
    started = Program(tmp_path / "program.py", block(request.param), ctl.daemon.socket_path)
    yield started
    started.close()


@pytest.fixture
def httpd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a daemon that is started after this there is an `httpd`."""
    file = tmp_path / "bin" / "httpd"
    file.parent.mkdir()
    file.write_text("#!/bin/sh\nexec sleep 1000\n")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{file.parent}:{os.environ['PATH']}")


@pytest.mark.parametrize("program", ["def ended"], indirect=True)
def test_the_beginning(httpd: None, ctl: dp.SpawnedController, program: Program) -> None:
    pid = int(program.line().split()[1])
    # Once it does not answer any more it has the callback: what it starts now has ended.
    ctl.wait_for(lambda: ctl.service("web").pid == pid, 60)
    ended: "list[dp.Event]" = []
    ctl.on("service.state", name="web", state="down")(ended.append)
    ctl.service_signal("web", "KILL")
    assert program.line() == "web has ended with None\n"
    ctl.terminate_shutdown(60)
    ctl.run(timeout=60)
    assert ended and program.process.wait(60) == 0


@pytest.mark.skipif(sys.version_info < (3, 10), reason="match came with 3.10")
@pytest.mark.parametrize("program", ["match event"], indirect=True)
def test_asyncio(ctl: dp.SpawnedController, program: Program) -> None:
    ctl.service("web").wait("up", timeout=60)
    ctl.service_args("db", "false")
    ctl.service_start("db")
    assert program.line() == "db has failed\n"
    ctl.service_signal("web", "KILL")
    assert program.line() == "web has failed\n"
    ctl.service_args("web", "true")
    ctl.service_start("web")
    assert program.line() == "web has finished\n"
    assert program.process.wait(60) == 0


@pytest.mark.parametrize("program", ["RestartPolicy"], indirect=True)
def test_policies(ctl: dp.SpawnedController, program: Program) -> None:
    ctl.timeout = 60
    ctl.service("web").wait("up")
    first = ctl.service("web").pid
    ctl.service_signal("web", "KILL")
    ctl.wait_for(lambda: ctl.service("web").is_running and ctl.service("web").pid != first)
    os.kill(ctl.daemon.pid, signal.SIGHUP)
    assert program.process.wait(60) == 0
    ctl.service("web").wait("down", 60)


def test_tests(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(block("def test_a_refusal"))
    pytester.runpytest("-p", "no:asyncio").assert_outcomes(passed=2)


def test_that_is_all_the_code_there_is() -> None:
    assert len(PYTHON) == 4
    # What is no Python is the line that `check-versions` runs.
    assert [code.split("#")[0].strip() for language, code in BLOCKS if language != "python"] == ["pip install ./sdk-python"]
