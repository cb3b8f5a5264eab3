"""Upgrades to programs that are no daemon, and upgrades while everything else goes on."""

import os
import pathlib
import shutil
import signal
import subprocess

import proc
from target import Target, eventually

# What liar.c does, by the end of its name.
LIARS = [
    "agrees",
    "fails",
    "crashes",
    "hangs",
    "guesses",
    "babbles",
    "repeats",
    "writes",
    "leaves",
    "stops",
]
# Programs that know nothing of it.
OTHERS = ["/none/such", "/etc/passwd", "/dev/null", "/", "/bin/true", "/bin/cat", "/usr/bin/yes"]


def refused(options):
    """Nothing has changed after each."""
    with Target(options.binary, "-q") as t:
        t.ctl.all(*(f"service.args\ts{n}\tsleep\t1000" for n in range(20)))
        for n in range(20):
            t.ctl.start(f"s{n}")
        before = proc.children(t.pid)[0]
        programs = OTHERS + [path for path in map(liar(t), LIARS) if path]
        for path in programs:
            error, _ = t.ctl.ask(f"upgrade\t{path}")
            t.must(error is not None, f"{path} was taken")
            t.must(t.ctl.trip() < 5, f"after {path} answers take longer")
        same = eventually(lambda: proc.children(t.pid)[0] == before, 10)
        t.must(same, "its children are not those of before")
        t.stop_all()
        return f"{len(programs)} programs", t.at_rest()


def liar(t):
    """Makes the program of that name, if there is a compiler."""
    made = f"{t.folder.name}/liar"
    source = pathlib.Path(__file__).with_name("liar.c")
    compiler = shutil.which("cc")
    is_made = (
        compiler and not subprocess.run([compiler, "-o", made, source], check=False).returncode
    )
    return lambda word: is_made and shutil.copy(made, f"{made}-{word}")


def killed_checks(options):
    """The child that checks the state is killed every other time, while services start and end."""
    rounds, services = options.times(100), 50
    with Target(options.binary, "-q") as t:
        t.ctl.all(*(f"service.args\ts{n}\tsleep\t{0.1 + n % 10 / 10}" for n in range(services)))
        other = t.connect()
        t.ctl.send(*(f"service.start\ts{n}" for n in range(services)))
        refusals = 0
        for n in range(rounds):
            other.send("@u\tupgrade")
            while n % 2 and not kill_check(t):
                other.take_in(0)
                if any(fields[0] == "done" for fields in other.lines):
                    break
            refusals += len(other.until(lambda fields: fields[:2] == ["done", "u"])[-1]) > 2
            start_again(t.ctl)
        t.found += other.lives.found
        other.close()
        ends = t.ctl.lives.ends
        t.stop_all()
        return f"{rounds} upgrades, {refusals} refused since killed, {ends} ends", t.at_rest(
            growth=512
        )


def kill_check(t):
    """Whether there was one: it lives for two milliseconds, and is no service."""
    for child in reversed(proc.text(t.pid, f"task/{t.pid}/children").split()):
        if child not in t.ctl.lives.up.values() and b"resume-check" in command_line(child):
            kill(int(child))
            return True
    return False


def start_again(ctl):
    """Whatever has ended meanwhile."""
    while ctl.take_in(0.01):
        for fields in ctl.lines:
            if fields[0] == "service.state" and fields[2] == "down" and fields[4] != "-":
                ctl.send(f"service.start\t{fields[1]}")
        ctl.lines.clear()


def command_line(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except OSError:
        return b""


def kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


ATTACKS = {"upgrade: to what is no daemon": refused, "upgrade: the check is killed": killed_checks}
