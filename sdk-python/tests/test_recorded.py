"""A session that was recorded, of a program with this package, plays again to the same program."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from daemonproxy.testing import FakeDaemon

SUITE = os.environ.get("CONFORMANCE_TESTS", "")
PROGRAM = """
import daemonproxy
with daemonproxy.Controller() as ctl:
    ctl.service_args("web", "sh", "-c", "exit 3")
    web = ctl.service("web")
    web.start()
    web.wait("up")
    web.wait("down")
    try:
        ctl.service_start("nobody")
    except daemonproxy.RefusedError as error:
        assert error.name == "NoSuchService"
    ctl.send("service.tags", "web", "x")
    assert web.exit == 3, web.exit
    ctl.sync()
"""

pytestmark = pytest.mark.skipif(not SUITE, reason="CONFORMANCE_TESTS is not set: sdk-python/check sets it")


@pytest.fixture
def session(tmp_path: Path) -> Path:
    """A session of the program above with a real daemon."""
    program, file = tmp_path / "program.py", tmp_path / "session.tsv"
    program.write_text(PROGRAM)
    # The recorder stands between the two: its standard input and output are those of the program,
    # the other way round.
    recorder = [SUITE, "record", "-o", str(file), "--", os.environ["DAEMONPROXY"], "-i"]
    said, say = os.pipe()
    with subprocess.Popen(recorder, stdin=said, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as running:
        os.close(said)
        subprocess.run([sys.executable, str(program)], stdin=running.stdout, stdout=say, check=True, timeout=60)
        os.close(say)
        assert running.wait(60) == 0
    return file


def test_what_was_recorded_is_replayed(session: Path) -> None:
    assert ">\t@1\techo\n" in session.read_text() and "\tservice.start\tnobody\n" in session.read_text()
    replay = [SUITE, "replay", "--speed", "0", str(session), "--", sys.executable, str(session.with_name("program.py"))]
    played = subprocess.run(replay, capture_output=True, text=True, timeout=60, check=False)
    assert played.returncode == 0, played.stderr


def test_a_transcript_of_before_is_replayed_too(session: Path) -> None:
    """One in which nobody says anything about features."""
    lines = session.read_text().splitlines()
    session.write_text("\n".join(line for line in lines if "conn.features" not in line))
    replay = [SUITE, "replay", "--speed", "0", str(session), "--", sys.executable, str(session.with_name("program.py"))]
    played = subprocess.run(replay, capture_output=True, text=True, timeout=60, check=False)
    assert played.returncode == 0, played.stderr


def test_the_fake_daemon_plays_what_was_recorded(session: Path) -> None:
    with FakeDaemon(session) as fake:
        end = fake.socket.fileno()
        subprocess.run([sys.executable, str(session.with_name("program.py"))], stdin=end, stdout=end, check=True, timeout=60)
