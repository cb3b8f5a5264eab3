"""As process 1 of a namespace, whose orphans are all its own."""

import os
import subprocess
import time

import proc
from target import Skip, Target, eventually

ORPHANS = (
    "for (1 .. MOST) { my $p = fork; "
    "if (!defined $p) { select undef, undef, undef, 0.01; redo } exit if !$p } exit"
)
LIVE = (
    "for (1 .. MOST) { my $p = fork; "
    "if (defined $p && !$p) { select undef, undef, undef, rand 2; exit } } exit"
)


def orphans(options):
    """Zombies by the thousand when their parent ends, and those that live on for a moment."""
    before = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if subprocess.run([*before, "true"], stderr=subprocess.DEVNULL, check=False).returncode:
        raise Skip("no namespace of processes can be made")
    most = options.times(20_000)
    with Target(options.binary, "-q", before=before) as t:
        inner = int(proc.text(t.pid, f"task/{t.pid}/children").split()[0])
        t.pid = inner
        t.before = (len(proc.descriptors(inner)), proc.dirty(inner))
        t.ctl.all(
            f"service.args\tzombies\tperl\t-e\t{ORPHANS.replace('MOST', str(most))}",
            f"service.args\tlive\tperl\t-e\t{LIVE.replace('MOST', '500')}",
            "service.args\tw\ttrue",
        )
        t.ctl.start("zombies")
        t.ctl.start("live")
        t.ctl.send("service.start\tw")
        ended, longest, runs = set(), 0, 0
        while ended != {"zombies", "live"}:
            events, begin = [t.ctl.next(300)], time.monotonic()
            # What comes before the answer counts, too.
            events += t.ctl.ask("echo\tthere")[1]
            longest = max(longest, time.monotonic() - begin)
            down = [f[1] for f in events if f[0] == "service.state" and f[2] == "down"]
            ended.update(name for name in down if name != "w")
            if "w" in down:
                runs += 1
                t.ctl.send("service.start\tw")
        t.must(eventually(lambda: not t.ctl.services()), "something is up")
        t.must(
            eventually(lambda: proc.children(inner) == (set(), set()), 30),
            f"left: {[len(one) for one in proc.children(inner)]}",
        )
        t.must(longest < 5, f"an answer took {longest:.1f} s")
        return f"{most + 500} orphans, {runs} runs meanwhile, {longest * 1e3:.0f} ms", inside(t)


def inside(t):
    """It tells numbers of its namespace; with nothing up they need no translation."""
    t.must(not t.ctl.services(), "something is told as up")
    t.ctl.services = dict
    os.kill(t.pid, 0)
    return t.at_rest()


ATTACKS = {"PID 1: orphans": orphans}
