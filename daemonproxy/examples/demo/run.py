#!/usr/bin/env python3
"""Runs the demo: finds a free port, runs `daemonproxy -c demo.conf`, and looks at what it left behind.

usage: run.py DAEMONPROXY [SECONDS]

The exit status is 0 if all went well, with ^C too. All went well if the web server was fetched before
and after it was killed, every line that it wrote is in its log, and no process is left.
"""
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile

# Seconds beyond its own time after which the demo must have ended by itself.
MARGIN = 90


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main(daemonproxy, seconds="20"):
    with tempfile.TemporaryDirectory(prefix="daemonproxy-demo.") as folder:
        environment = {
            **os.environ,
            "DEMO_PORT": str(free_port()),
            "DEMO_DIR": folder,
            "DEMO_SECONDS": seconds,
        }
        status = run(os.path.abspath(daemonproxy), environment, float(seconds) + MARGIN)
        return judge(status, pathlib.Path(folder))


def run(daemonproxy, environment, patience):
    """Runs the daemon in a process group of its own, which has the terminal, if there is one."""
    daemon = subprocess.Popen(
        [daemonproxy, "-q", "-c", "demo.conf"],
        cwd=pathlib.Path(__file__).parent,
        env=environment,
        stdin=subprocess.DEVNULL,
        preexec_fn=os.setpgrp,
    )
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Whatever is asked of us is asked of the daemon.
        signal.signal(number, lambda *_: daemon.send_signal(signal.SIGTERM))
    # ^C is for the daemon and what it runs, as it would be without us. `make` must not get it, or it
    # would call a demo that has ended well an error.
    foreground = give_terminal(daemon.pid)
    try:
        return daemon.wait(patience)
    except subprocess.TimeoutExpired:
        return "still running"
    finally:
        if foreground:
            give_terminal(foreground)
        leftover = kill_group(daemon.pid)
        if leftover and daemon.poll() is not None:
            sys.exit("demo: FAILED: a process was left behind (it has been killed)")


def give_terminal(group):
    """Makes `group` the foreground group of our terminal. Returns which one it was."""
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        return None
    try:
        before = os.tcgetpgrp(terminal)
        if before not in (os.getpgrp(), group) and os.getpgrp() != group:
            # We are in the background ourselves: nothing to give, unless we gave it.
            if before != given.get("group"):
                return None
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        os.tcsetpgrp(terminal, group)
        given["group"] = group
        return before
    except OSError:
        return None
    finally:
        os.close(terminal)
