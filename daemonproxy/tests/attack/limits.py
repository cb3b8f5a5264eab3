"""Limits of resources that are reached at every step of a session."""

import os
import re
import subprocess

import proc
from target import Skip, Target, eventually

# Somebody who has no other processes; only root may become him.
NOBODY = 54321


def session(t, n):
    """A bit of everything; what is refused is counted."""
    refused = 0
    commands = [
        f"service.args\ta{n}\tsleep\t1000",
        f"service.env\ta{n}\tA=1\tB=2",
        f"service.options\ta{n}\tready=fd:3\tlimit.core=0",
        f"service.tags\ta{n}\tx=1\ty",
        f"fd.pipe\tr{n}\tw{n}",
        f"fd.open\tf{n}\tread\t/dev/null",
        f"fd.socket\tl{n}\tunix,listen\tlisten{n}",
        f"service.fds\ta{n}\tnull\tw{n}\tw{n}",
        f"service.auto_up\ta{n}\t1\talways",
        f"service.pipe\ta{n}\t1,2\tcat",
        f"service.args\tb{n}\ttrue",
        f"service.start\tb{n}",
        f"service.restart\ta{n}",
        f"socket.create\tname=s{n}\tsocket{n}",
        "statedump",
        f"service.stop\ta{n}\t0",
    ]
    for command in commands:
        error, seen = t.ctl.ask(command)
        refused += error is not None or any(fields[0] == "error" for fields in seen)
    return refused


def clear(t, n):
    """What the session has made is gone."""
    names = (f"a{n}", f"b{n}", f"a{n}-log")
    for name in names:
        t.ctl.ask(f"service.stop\t{name}\t0")
    t.must(eventually(lambda: not t.ctl.services(), 20), "a service does not end")
    for name in names:
        t.ctl.ask(f"service.delete\t{name}")
    _, seen = t.ctl.ask("statedump")
    for fields in seen:
        is_ours = fields[0] == "fd.state" and not fields[1].startswith("std")
        if is_ours and fields[2] in ("file", "pipe", "socket"):
            t.ctl.ask(f"fd.delete\t{fields[1]}")
    t.ctl.ask(f"socket.delete\ts{n}")


OPTIONS = {"Max processes": "nproc", "Max open files": "nofile", "Max address space": "as"}


def limit(t, kind, value):
    """By somebody of the same user, who needs no privilege for the soft limit."""
    command = ["prlimit", f"--pid={t.pid}", f"--{OPTIONS[kind]}={value}:"]
    subprocess.run(command, user=t.run_as, group=t.run_as, check=True)


def limited(t, kind, values):
    """A session under each of these limits; a last one without must be a whole one."""
    usual, refused = re.search(rf"{kind} +(\w+)", proc.text(t.pid, "limits"))[1], 0
    for n, value in enumerate(values):
        limit(t, kind, value)
        refused += session(t, n)
        limit(t, kind, usual)
        clear(t, n)
    last = session(t, len(values))
    t.must(last == 0, f"without the limit {last} commands are still refused")
    clear(t, len(values))
    return f"{len(values)} limits, {refused} commands refused, or failed"


def processes(options):
    """As somebody else, for root has no such limit."""
    run_as = NOBODY if os.getuid() == 0 else None
    if run_as is None:
        raise Skip("only root can become a user who has no other processes")
    with Target(options.binary, "-q", run_as=run_as) as t:
        amount = limited(t, "Max processes", list(range(1, 5)))
        return amount, t.at_rest()


def descriptors(options):
    with Target(options.binary, "-q") as t:
        least = max(proc.descriptors(t.pid)) + 1
        amount = limited(t, "Max open files", list(range(least - 2, least + 20)))
        return amount, t.at_rest()


def memory(options):
    with Target(options.binary, "-q") as t:
        size = proc.size(t.pid)
        filled = fill(t, size)
        amount = limited(
            t, "Max address space", [size + page * 4096 for page in range(-2, options.times(40))]
        )
        t.ctl.all(*(f"service.delete\tfill{n}" for n in range(filled)))
        return amount, t.at_rest()


def fill(t, size):
    """Uses up what the allocator has left, so that a limit is felt. How many services that takes."""
    limit(t, "Max address space", size)
    filled = 0
    while not t.ctl.ask(f"service.args\tfill{filled}\tsleep\t{'x' * 200}")[0]:
        filled += 1
    limit(t, "Max address space", "unlimited")
    return filled


ATTACKS = {
    "limit: processes": processes,
    "limit: descriptors": descriptors,
    "limit: memory": memory,
}
