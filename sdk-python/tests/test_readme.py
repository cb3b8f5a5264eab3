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


def write_first(folder: Path) -> None:
    """The first controller, with a web server that takes no port."""
    code = block("daemonproxy.Controller()")
    server = '"python3", "-m", "http.server", "--bind", "127.0.0.1", "8000"'
    assert server in code
    (folder / "first.py").write_text(code.replace(server, '"sleep", "1000"'))


def test_the_first_controller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_first(tmp_path)
    [conf] = [code for language, code in BLOCKS if language == "text"]
    Path("first.conf").write_text(conf.replace("python3", sys.executable))
    run = [os.environ.get("DAEMONPROXY", "daemonproxy"), "-q", "-S", "first.sock", "-c", "first.conf"]
    is_ready, ready = os.pipe()
    run += ["--ready-fd", str(ready)]
    with subprocess.Popen(
        run, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, pass_fds=[ready]
    ) as daemon:
        os.close(ready)
        try:
            with open(is_ready) as line:
                assert line.readline() == "\n"
            with dp.connect("first.sock", timeout=60) as ctl:
                web = ctl.service("web")
                ctl.wait_for(lambda: web.is_running)
                before = web.pid
                web.signal("KILL")
                ctl.wait_for(lambda: web.is_running and web.pid != before)
                assert daemon.stderr and daemon.stderr.readline() == "web has ended: SIGKILL\n"
        finally:
            daemon.terminate()
    assert daemon.returncode == 0


def test_its_test(pytester: pytest.Pytester) -> None:
    write_first(pytester.path)
    pytester.makepyfile(block("def test_it_keeps"))
    pytester.runpytest("-p", "no:asyncio").assert_outcomes(passed=1)


@pytest.mark.parametrize("program", ["def ended(event):\n        print"], indirect=True)
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
    assert len(PYTHON) == 6
    # What is no Python is a configuration, and the line that `check-versions` runs.
    assert [code.split("#")[0].strip() for language, code in BLOCKS if language == "sh"] == ["pip install ./sdk-python"]
