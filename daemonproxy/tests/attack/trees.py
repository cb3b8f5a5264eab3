"""Processes that try to get away, or to be too many."""

import os
import time

import proc
from target import Target, eventually

DOUBLE_FORK = "for i in 1 2 3 4 5; do (sleep 1000 & exec sleep 1000) & done; exec sleep 1000"
LEAVES_ITS_GROUP = "setsid sleep 1000 & setsid -f sleep 1000; exec sleep 1000"
STUBBORN = (
    "trap '' TERM; (trap '' TERM; while :; do sleep 1000; done) & while :; do sleep 1000; done"
)
# Bounded, for this machine is not ours alone: at most 60 children at a time, each with two that
# ignore SIGTERM, and so many in all.
BOMB = """
my ($n, $up) = (0, 0);
while ($n++ < MOST) {
    if ($up >= 60) { wait; $up--; }
    my $pid = fork;
    if (!defined $pid) { last; }
    if ($pid) { $up++; next; }
    $SIG{TERM} = 'IGNORE';
    for (1, 2) { my $p = fork; last if defined $p && !$p; }
    select undef, undef, undef, 0.2 + rand 0.3;
    exit;
}
"""


def of_folder(t):
    """All processes that come from this daemon, wherever they are."""
    mark = f"ATTACK={t.folder.name}".encode()
    found = set()
    for pid, state, *_ in proc.everybody():
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                if state not in "ZX" and mark in file.read().split(b"\0") and pid != t.pid:
                    found.add(pid)
        except OSError:
            pass
    return found


def double_forks(options):
    count = options.times(20)
    with Target(options.binary, "-q") as t:
        for n in range(count):
            t.ctl.all(f"service.args\td{n}\tsh\t-c\t{DOUBLE_FORK}")
        pids = [t.ctl.start(f"d{n}") for n in range(count)]
        t.must(
            eventually(lambda: len(of_folder(t)) == 11 * count),
            f"only {len(of_folder(t))} processes",
        )
        many = len(of_folder(t))
        t.stop_all()
        left = [pid for pgid in pids for pid in proc.group(pgid)]
        t.must(not left, f"{len(left)} are left after the stop was over")
        t.must(eventually(lambda: not of_folder(t), 5), f"{len(of_folder(t))} are left")
        return f"{count} services, {many} processes", t.at_rest()


def escapes(options):
    """Who leaves the session of a service is not killed with it, and is no zombie later."""
    count = options.times(20)
    with Target(options.binary, "-q") as t:
        for n in range(count):
            t.ctl.all(f"service.args\te{n}\tsh\t-c\t{LEAVES_ITS_GROUP}")
            t.ctl.start(f"e{n}")
        t.must(eventually(lambda: len(of_folder(t)) >= 3 * count), "they do not escape")
        t.stop_all()
        left = of_folder(t)
        t.must(len(left) <= 2 * count, f"{len(left)} are left")
        for pid in left:
            os.kill(pid, 9)
        t.must(eventually(lambda: not of_folder(t), 10), "somebody is left")
        return f"{count} services, {len(left)} escaped", t.at_rest()


def stubborn(options):
    count = options.times(20)
    with Target(options.binary, "-q") as t:
        for n in range(count):
            t.ctl.all(f"service.args\tm{n}\tsh\t-c\t{STUBBORN}")
            t.ctl.start(f"m{n}")
        eventually(lambda: len(of_folder(t)) == 4 * count)
        begin = time.monotonic()
        t.ctl.all(*(f"service.stop\tm{n}\t1" for n in range(count)))
        t.must(eventually(lambda: not t.ctl.services()), "they are not killed")
        took = time.monotonic() - begin
        t.must(eventually(lambda: not of_folder(t), 5), "somebody is left")
        t.stop_all()
        return f"{count} services that ignore SIGTERM, {took:.1f} s", t.at_rest()


def fork_bomb(options):
    """Bounded: at most so many at a time and in all."""
    with Target(options.binary, "-q") as t:
        most = options.times(5000)
        t.ctl.all(
            f"service.args\tbomb\tperl\t-e\t{BOMB.replace('MOST', str(most)).replace(chr(10), ' ')}"
        )
        pid = t.ctl.start("bomb")
        eventually(lambda: len(proc.group(pid)) > 100)
        longest, begin = 0, time.monotonic()
        while time.monotonic() - begin < 1:
            longest = max(longest, t.ctl.trip())
        begin = time.monotonic()
        t.ctl.all("service.stop\tbomb\t0")
        t.must(eventually(lambda: not proc.group(pid), 10), "it goes on")
        took = time.monotonic() - begin
        t.must(longest < 2, f"an answer took {longest:.1f} s")
        t.stop_all()
        return f"up to {most} forks, 180 at a time, over in {took * 1e3:.0f} ms", t.at_rest()


ATTACKS = {
    "trees: double forks": double_forks,
    "trees: escapes from the session": escapes,
    "trees: who ignores SIGTERM": stubborn,
    "trees: a fork bomb": fork_bomb,
}
