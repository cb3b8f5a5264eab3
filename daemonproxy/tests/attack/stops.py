"""Time that stands still: for a program, for the daemon, or in another namespace."""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import time

import proc
from target import Skip, Target, eventually


@contextlib.contextmanager
def leased(path):
    """A program whose execution waits: somebody has a lease on its file."""
    # How the kernel tells that somebody waits. Ignored it would be in the daemons, too.
    signal.signal(signal.SIGIO, lambda *_: None)
    subprocess.run(["cp", shutil.which("sleep"), path], check=True)
    with open(path, "rb") as file:
        for _ in range(1000):
            with contextlib.suppress(BlockingIOError):
                fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
                break
            time.sleep(0.01)
        yield file


def exec_hangs(options):
    count = options.times(50)
    with Target(options.binary, "-q") as t, leased(f"{t.folder.name}/hangs") as file:
        t.ctl.all("service.args\tw\ttrue")
        for n in range(count):
            t.ctl.all(f"service.args\th{n}\t{t.folder.name}/hangs\t1000")
        pids = [t.ctl.start(f"h{n}") for n in range(count)]
        longest = 0
        for _ in range(20):
            begin = time.monotonic()
            t.ctl.start("w")
            t.ctl.ended("w")
            longest = max(longest, time.monotonic() - begin)
        t.must(longest < 5, f"a start takes {longest:.1f} s while others hang")
        for n in range(0, count, 2):
            t.ctl.all(f"service.stop\th{n}\t0")
        t.must(
            eventually(lambda: len(t.ctl.services()) == count // 2, 20),
            "who hangs cannot be stopped",
        )
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        executed = lambda pid: proc.text(pid, "comm").strip() == "hangs"
        t.must(eventually(lambda: all(map(executed, pids[1::2])), 20), "who waited is not executed")
        t.stop_all()
        return (
            f"{count} that hang, 20 starts meanwhile, {longest * 1e3:.0f} ms at most",
            t.at_rest(),
        )


def stopped_daemon(options):
    """SIGSTOP for seconds, while services end and commands come."""
    rounds, services = options.times(3), 200
    with Target(options.binary, "-q") as t:
        t.ctl.all(*(f"service.args\ts{n}\tsleep\t{0.5 + n / services}" for n in range(services)))
        for _ in range(rounds):
            for n in range(services):
                t.ctl.start(f"s{n}")
            os.kill(t.pid, signal.SIGSTOP)
            time.sleep(3)
            t.ctl.send("service.args\tlate\ttrue", "service.start\tlate")
            os.kill(t.pid, signal.SIGCONT)
            t.ctl.ended("late")
            t.must(eventually(lambda: not t.ctl.services(), 20), "ends are lost")
        expected = rounds * (services + 1)
        t.must(t.ctl.lives.ends == expected, f"{t.ctl.lives.ends} ends are told, not {expected}")
        t.stop_all()
        return f"{rounds} times 3 s, {expected} ends", t.at_rest()


def time_namespace(options):
    """Clocks that have run for a day longer, or not yet, than those outside."""
    found, amount = [], 0
    for clock in ("--monotonic", "--boottime"):
        for offset in ("86400", "100000000"):
            before = ["unshare", "--time", clock, offset]
            if subprocess.run([*before, "true"], stderr=subprocess.DEVNULL, check=False).returncode:
                raise Skip("no namespace of time can be made")
            with Target(options.binary, "-q", before=before) as t:
                amount += 1
                t.ctl.all(
                    "service.args\tw\ttrue",
                    "service.auto_up\tw\t1\talways",
                    "service.args\td\tsleep\t1000",
                    "service.options\td\tdeadman=1",
                    "conn.timer\tt\t0.5",
                )
                t.ctl.start("d")
                t.ctl.until(lambda fields: fields == ["conn.timer", "t"], 10)
                t.ctl.ended("d", 10)
                t.ctl.all("service.auto_up\tw")
                ends = t.ctl.lives.ends
                t.must(2 <= ends <= 5, f"{ends} ends instead of about 3, at {clock} {offset}")
                t.stop_all()
                # The clock of deadman= stays open once it is needed.
                found += t.at_rest(descriptors=1)
    return f"{amount} namespaces", found


def machine_stopped(options):
    """A service that is stopped is ended nevertheless, and so is its group."""
    count = options.times(50)
    with Target(options.binary, "-q") as t:
        for n in range(count):
            t.ctl.all(f"service.args\tz{n}\tsh\t-c\tsleep 1000 & kill -STOP $$; wait")
        pids = [t.ctl.start(f"z{n}") for n in range(count)]
        eventually(lambda: all((proc.stat(pid) or "?")[0] == "T" for pid in pids), 20)
        for n in range(count):
            t.ctl.all(f"service.stop\tz{n}\t1")
        t.must(eventually(lambda: not t.ctl.services(), 20), "they do not end")
        t.must(not any(map(proc.group, pids)), "somebody of a group is left")
        t.stop_all()
        return f"{count} services in SIGSTOP", t.at_rest()


ATTACKS = {
    "time: exec hangs": exec_hangs,
    "time: SIGSTOP of the daemon": stopped_daemon,
    "time: SIGSTOP of services": machine_stopped,
    "time: namespaces": time_namespace,
}
