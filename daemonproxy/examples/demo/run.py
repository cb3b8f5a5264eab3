#!/usr/bin/env python3
"""Shows `services.toml` to a person: types what one would type, and has an accident.

usage: run.py DAEMONPROXY [SECONDS]

DAEMONPROXY is the daemon, with its other programs beside it. It ends after SECONDS, or with ^C;
without SECONDS on a terminal only with ^C, else after 20. The exit status is 0 if all went well:
the page was there before and after the accident, every request is in the log, and no process is
left.
"""
import contextlib
import os
import pathlib
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

FILE = pathlib.Path(__file__).with_name("services.toml")
# The port that stands in the file; where it is taken, the demo uses another one.
PORT = 8000
# How long anything may take before the demo has failed, in seconds.
PATIENCE = 60
# How long it lasts where nobody can type ^C.
WITHOUT_TERMINAL = 20


class Ended(Exception):
    """The daemon has ended, as after ^C."""


def main(daemonproxy, seconds=""):
    try:
        seconds = float(seconds) if seconds else 0 if sys.stdin.isatty() else WITHOUT_TERMINAL
    except ValueError:
        return f"demo: the number of seconds (DEMO_SECONDS) is not a number: {seconds!r}"
    with tempfile.TemporaryDirectory(prefix="daemonproxy-demo.") as folder:
        return Demo(pathlib.Path(daemonproxy).resolve(), pathlib.Path(folder), seconds).run()


class Demo:
    def __init__(self, daemonproxy, folder, seconds):
        self.programs = daemonproxy.parent
        self.folder = folder
        self.seconds = seconds
        self.begin = time.monotonic()
        self.port = PORT if is_free(PORT) else free_port()
        self.fetched = 0
        self.environment = {
            **os.environ,
            "PATH": f"{self.programs}:{os.environ.get('PATH', '/usr/bin:/bin')}",
            "DAEMONPROXY_SOCKET": str(folder / "demo.sock"),
        }

    def run(self):
        text = FILE.read_text().replace(str(PORT), str(self.port))
        (self.folder / "services.toml").write_text(text)
        self.say("This file says what should run, and in which order:")
        print("\n".join("    " + line for line in text.splitlines()), end="\n\n", flush=True)
        show("daemonproxy -q -f services.toml &")
        self.daemon = subprocess.Popen(
            ["daemonproxy", "-q", "-f", "services.toml"],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            preexec_fn=os.setpgrp,
        )
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # A signal that ends us should end the daemon.
            signal.signal(number, lambda *_: self.daemon.send_signal(signal.SIGTERM))
        how = "unfinished"
        with terminal_lent_to(self.daemon.pid):
            try:
                self.story()
                how = "complete"
            except Ended:
                how = "interrupted"
            except Exception as problem:  # whatever it is, no process is left
                self.say(f"This demo has failed: {problem}")
            finally:
                status = self.end()
        return self.judge(how, status)

    def story(self):
        self.wait_until_it_is_known()
        self.type("dpctl wait --for ready web")
        self.type("dpctl status")
        self.say("`page` has made the page, and is done. Then `web` was started; it is ready,")
        self.say("because it answers:")
        self.fetch()
        self.pause(2)
        self.say("Now an accident:")
        killed = self.pid_of_web()
        self.type("dpctl signal KILL web")
        # Until the daemon has seen its end, it is ready as before.
        self.wait_until(lambda: self.pid_of_web() != killed, "nobody sees the accident")
        self.type("dpctl wait --for ready web")
        self.say("It is back, by itself, and ready again:")
        self.type("dpctl status web")
        self.type("dpctl why web")
        self.fetch()
        self.type("dpctl logs -n 3 web")
        self.your_turn()
        while not self.seconds or time.monotonic() < self.begin + self.seconds:
            self.pause(0.2)

    def your_turn(self):
        left = self.begin + self.seconds - time.monotonic()
        how_long = f"for {max(left, 0):.0f} s more, or until ^C" if self.seconds else "until ^C"
        self.say(f"Now it is your turn: it runs {how_long}. Type in another terminal:")
        lines = [
            (f"cd {self.folder}", ""),
            (f"export PATH={shlex.quote(str(self.programs))}:$PATH", ""),
            (f"export DAEMONPROXY_SOCKET={self.environment['DAEMONPROXY_SOCKET']}", ""),
            ("dpctl top", "watch it; q leaves"),
            ("dpctl logs -f web", f"and look at http://127.0.0.1:{self.port}/"),
            ("dpctl stop web", "it stays down, until you say: dpctl start web"),
            ("$EDITOR services.toml", "a service more, for example"),
            ("dpctl plan services.toml", "what would change"),
            ("dpctl apply services.toml", "now it does; what did not change goes on"),
            ("dpctl man --file | man -l -", "all that can stand in the file"),
        ]
        for line, remark in lines:
            print(f"    {line:<28}  # {remark}" if remark else f"    {line}")
        print(flush=True)

    def type(self, line):
        """Types this, as a person would, and waits for its end."""
        show(line)
        done = subprocess.run(
            shlex.split(line), env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL,
            timeout=PATIENCE,
        )
        print(flush=True)
        if done.returncode:
            self.pause(0.5)
            raise RuntimeError(f"{line}: exit status {done.returncode}")

    def wait_until_it_is_known(self):
        """A moment later, the file has been read."""
        is_known = ["dpctl", "ls", "visitor"]
        self.wait_until(
            lambda: not subprocess.run(is_known, env=self.environment, capture_output=True).returncode,
            "the services do not come",
        )

    def pid_of_web(self):
        ask = ["dpctl", "status", "web", "-o", "pid", "--format", "tsv"]
        return subprocess.run(ask, env=self.environment, capture_output=True).stdout

    def wait_until(self, holds, otherwise):
        begin = time.monotonic()
        while not holds():
            if time.monotonic() > begin + PATIENCE:
                raise RuntimeError(otherwise)
            self.pause(0.05)

    def fetch(self):
        address = f"http://127.0.0.1:{self.port}/?visit"
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            page = answer.read().decode()
        self.fetched += 1
        print(f"    {address}: {page}", flush=True)

    def pause(self, seconds):
        """Sleeps, unless the daemon ends."""
        try:
            self.daemon.wait(seconds)
        except subprocess.TimeoutExpired:
            return
        raise Ended

    def say(self, text):
        print(f"# {text}", flush=True)

    def end(self):
        """Ends the daemon in good order. No process is left."""
        try:
            if self.daemon.poll() is None:
                self.say("That is all: everything is stopped in good order.")
                self.daemon.send_signal(signal.SIGTERM)
            self.daemon.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            pass
        if self.daemon.poll() is not None and group_has_ended(self.daemon.pid):
            return self.daemon.returncode
        os.killpg(self.daemon.pid, signal.SIGKILL)
        self.daemon.wait()
        return "killed, since something did not end"

    def judge(self, how, status):
        """Says how it went, and returns the exit status."""
        log = self.folder / "logs/web/current"
        requests = log.read_text().count('"GET /?visit HTTP/1.1" 200') if log.exists() else 0
        # Maybe nobody reads any more, as after `make demo | head`.
        with contextlib.suppress(BrokenPipeError):
            self.say(f"The daemon has ended with status {status}. The page was fetched")
            self.say(f"{self.fetched} times, and the log of web has {requests} requests.")
        well = status == 0 and how in ("complete", "interrupted") and requests == self.fetched
        if not well:
            print(f"demo: FAILED ({how})", file=sys.stderr)
        return 0 if well else 1


def show(line):
    print(f"\033[1m$ {line}\033[m" if sys.stdout.isatty() else f"$ {line}", flush=True)


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


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


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
