"""A daemon that is attacked, and how it must be afterwards."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time

import proc
from connection import PATIENCE, Connection

# What the allocator and the kernel may keep after the first load, in kB.
GROWTH = 256


class Skip(Exception):
    """This attack is not possible here."""


def eventually(holds, patience=PATIENCE):
    """Whether that becomes true in time."""
    end = time.monotonic() + patience
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


class Target:
    """It has a folder with its socket `control` and its log `log`, and we are connected."""

    def __init__(self, binary, *options, before=(), run_as=None):
        self.folder = tempfile.TemporaryDirectory(prefix="attack-")
        self.found, self.run_as = [], run_as
        if run_as is not None:
            os.chown(self.folder.name, run_as, run_as)
            binary = shutil.copy(binary, self.folder.name)
            # What is not on the disk yet counts as memory of whoever executes it.
            with open(binary, "rb") as copy:
                os.fsync(copy.fileno())
        self.socket, self.log = f"{self.folder.name}/control", f"{self.folder.name}/log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [*before, binary, "-S", self.socket, *options],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd=self.folder.name,
                user=run_as,
                group=run_as,
                extra_groups=None if run_as is None else [],
                env=dict(os.environ, ATTACK=self.folder.name),
                start_new_session=True,
            )
        self.pid = self.process.pid
        if not eventually(lambda: os.path.exists(self.socket) or self.process.poll() is not None):
            raise TimeoutError("no socket appears")
        self.ctl = Connection(self.socket)
        self.ctl.trip()

    def __enter__(self):
        self.before = (len(proc.descriptors(self.pid)), proc.dirty(self.pid))
        return self

    def __exit__(self, *_):
        """Nothing that it has started may outlive it; what was left behind has our variable."""
        self.ctl.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        mark = f"ATTACK={self.folder.name}".encode()
        for _ in range(100):
            left = [pid for pid, *_ in proc.everybody() if mark in environment(pid)]
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            if not left:
                break
        self.folder.cleanup()

    def connect(self):
        return Connection(self.socket)

    def must(self, holds, otherwise):
        if not holds:
            self.found.append(otherwise)
        return holds

    def stop_all(self):
        """Ends all services and forgets them."""
        for name in self.ctl.services():
            self.ctl.ask(f"service.stop\t{name}\t0")
        self.must(eventually(lambda: not self.ctl.services()), "services do not end")
        _, seen = self.ctl.ask("statedump")
        for name in {fields[1] for fields in seen if fields[0] == "service.state"}:
            self.ctl.ask(f"service.delete\t{name}")

    def at_rest(self, growth=GROWTH, descriptors=0):
        """It must be as it was before, but for so many descriptors that were named."""
        if not self.must(self.process.poll() is None, f"it has ended: {self.process.returncode}"):
            return self.found
        self.ctl.trip()
        self.found.extend(self.ctl.lives.found)

        def compared():
            told, (living, _) = set(self.ctl.services().values()), proc.children(self.pid)
            return told ^ living

        if not eventually(lambda: not compared(), 10):
            self.found.append(f"told as up or a child, but not both: {sorted(compared())[:5]}")
        if not eventually(lambda: not proc.children(self.pid)[1], 10):
            self.found.append(f"{len(proc.children(self.pid)[1])} zombies")
        expected = self.before[0] + descriptors
        if not eventually(lambda: len(proc.descriptors(self.pid)) == expected, 10):
            now = proc.descriptors(self.pid)
            self.found.append(f"{len(now)} descriptors instead of {expected}: {now}")
        grown = proc.dirty(self.pid) - self.before[1]
        self.must(grown <= growth, f"it has grown by {grown} kB")
        self.must(eventually(self.sleeps, 10), "it is not at rest")
        return self.found

    def retries_rarely(self):
        """It waits for what the kernel does not tell: it may try again, now and then."""
        begin = proc.wake_ups(self.pid)
        time.sleep(1)
        tries = proc.wake_ups(self.pid) - begin
        self.must(tries <= 20, f"it wakes up {tries} times a second in vain")

    def sleeps(self):
        begin = proc.computed(self.pid), proc.wake_ups(self.pid)
        time.sleep(0.5)
        return (proc.computed(self.pid), proc.wake_ups(self.pid)) == begin


def environment(pid):
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            return file.read()
    except OSError:
        return b""
