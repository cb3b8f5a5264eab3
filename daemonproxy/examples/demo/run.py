#!/usr/bin/env python3
"""Runs the demo: finds a free port, runs `daemonproxy -L demo.lua`, and checks what is left of it.

usage: run.py DAEMONPROXY [SECONDS]

The exit status is 0 if all went well, also after ^C. All went well if the page was fetched before and
after the web server was killed, every line that the server wrote is in its log, and no process is left.
"""
import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time

# Seconds beyond its own time after which the demo is taken to hang.
MARGIN = 90


def main(daemonproxy, seconds="20"):
    try:
        patience = float(seconds) + MARGIN
    except ValueError:
        return f"demo: the number of seconds (DEMO_SECONDS) is not a number: {seconds!r}"
    with tempfile.TemporaryDirectory(prefix="daemonproxy-demo.") as folder:
        environment = {
            **os.environ,
            "DEMO_PORT": str(free_port()),
            "DEMO_DIR": folder,
            "DEMO_SECONDS": seconds,
        }
        status = run(os.path.abspath(daemonproxy), environment, patience)
        return judge(status, pathlib.Path(folder))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(daemonproxy, environment, patience):
    """Runs the daemon and returns its exit status."""
    daemon = subprocess.Popen(
        [daemonproxy, "-q", "-L", "demo.lua"],
        cwd=pathlib.Path(__file__).parent,
        env=environment,
        stdin=subprocess.DEVNULL,
        preexec_fn=os.setpgrp,
    )
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # A signal that ends us should end the daemon.
        signal.signal(number, lambda *_: daemon.send_signal(signal.SIGTERM))
    with terminal_lent_to(daemon.pid):
        try:
            return daemon.wait(patience)
        except subprocess.TimeoutExpired:
            return f"still running after {patience:g} s"
        finally:
            clear_up(daemon)


@contextlib.contextmanager
def terminal_lent_to(group):
    """Makes `group` the foreground group of the terminal for a while, if we are that and have one.

    So ^C goes to the daemon and to what it runs, just as if it had been started by hand; and not to
    `make`, which would then call even the best end an error.
    """
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        yield
        return
    mine = os.tcgetpgrp(terminal) == os.getpgrp()
    # Without this, taking the terminal back would stop us.
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    if mine:
        os.tcsetpgrp(terminal, group)
    try:
        yield
    finally:
        if mine:
            os.tcsetpgrp(terminal, os.getpgrp())
        os.close(terminal)


def clear_up(daemon):
    """Makes sure that no process is left, and reports a failure if there was one."""
    if daemon.poll() is not None and group_has_ended(daemon.pid):
        return
    os.killpg(daemon.pid, signal.SIGKILL)
    daemon.wait()
    sys.exit("demo: FAILED: something did not end, and has been killed now")


def group_has_ended(group):
    """Whether nobody of that group is left; the kernel may need a moment to forget the last one."""
    until = time.monotonic() + 2
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False


def judge(status, folder):
    """Says how it went, and returns the exit status."""
    outcome = folder / "outcome"
    how, fetched = outcome.read_text().split() if outcome.exists() else ("unfinished", "0")
    log = folder / "web.log"
    requests = log.read_text().count('"GET / HTTP/1.1" 200') if log.exists() else 0
    with contextlib.suppress(BrokenPipeError):  # nobody reads any more, as after `make demo | head`
        text = f"The daemon has ended with status {status}. The page was fetched {fetched} times, "
        print(f"{text}and the log of the web server has {requests} requests.", flush=True)
    well = status == 0 and how in ("complete", "interrupted") and requests == int(fetched)
    if not well:
        print(f"demo: FAILED ({how})", file=sys.stderr)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
