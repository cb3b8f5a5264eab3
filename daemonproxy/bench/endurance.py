"""A busy day of a real daemon, as fast as it goes: its memory must stay flat, to the page."""

import os
import random
import re
import socket
import statistics

import scale

# Each part of the day is the same: what is left of one shows as a difference to the next.
PARTS = 20
OPERATIONS = 5000
# By then everything has been as large as it ever is.
WARM = 2


def measure(binary, operations=OPERATIONS):
    """Private memory in kB at the end of each part, and what was done."""
    with scale.Subject(binary) as daemon:
        names = [f"s{n}" for n in range(100)]
        daemon.tell([f"service.args\t{name}\tsleep\t1000" for name in names])
        sizes, restarts = [], 0
        for _ in range(PARTS):
            restarts = part(daemon, names, operations)
            daemon.ask("upgrade")
            daemon.ask("statedump")
            sizes.append(private(daemon.pid))
        done = {"operations": operations * PARTS, "restarts": restarts * PARTS, "upgrades": PARTS}
        return sizes, done


def part(daemon, names, operations):
    """A random mix, the same every time. Afterwards the same is there as before."""
    rng, others, restarts = random.Random(1), [], 0
    for done in range(operations):
        line = command(rng, rng.choice(names), f"x{rng.randrange(50)}", rng.randrange(40), done)
        restarts += line.startswith("service.restart")
        if line:
            daemon.ask(line)
            continue
        others.append(socket.socket(socket.AF_UNIX))
        others[-1].connect(f"{daemon.folder.name}/control")
        others[-1].sendall(b"statedump\necho\thalf a li")
        if len(others) > 20:
            others.pop(rng.randrange(20)).close()
    for other in others:
        other.close()
    daemon.tell([f"service.stop\t{name}\t0" for name in names])
    daemon.tell([f"service.env\t{name}" for name in names])
    daemon.tell([f"service.tags\t{name}" for name in names])
    daemon.tell([f"fd.delete\t{end}{n}" for n in range(40) for end in "rw"])
    daemon.tell([f"service.delete\tx{n}" for n in range(50)])
    return restarts


def command(rng, name, other, pipe, nth):
    """Nothing stands for a connection that comes and goes."""
    mix = {
        f"echo\t{'x' * rng.randrange(200)}": 30,
        f"service.tags\t{name}\tk={nth}": 10,
        f"service.restart\t{name}\t0": 10,
        f"service.stop\t{name}\t0": 5,
        f"service.args\t{other}\ttrue\t{'y' * rng.randrange(300)}": 10,
        f"service.delete\t{other}": 7,
        f"fd.pipe\tr{pipe}\tw{pipe}": 8,
        f"fd.delete\tr{pipe}": 5,
        f"service.options\t{other}\tnice=1\tlimit.core=0\tbackoff={1 + rng.randrange(60)}": 3,
        f"service.env\t{name}\tA={'z' * rng.randrange(400)}": 3,
        f"nonsense\t{nth}": 3,
        "statedump": 3,
        "": 3,
    }
    return rng.choices(list(mix), list(mix.values()))[0]


def private(pid):
    """Anonymous memory, in kB: pages of the program's file do not count."""
    os.sync()
    with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as file:
        return int(re.search(r"^Anonymous:\s+(\d+)", file.read(), re.M)[1])


def is_flat(sizes):
    """To the page: the last parts of the day are no larger than the first ones."""
    rest = sizes[WARM:]
    quarter = max(1, len(rest) // 4)
    return statistics.median(rest[-quarter:]) <= statistics.median(rest[:quarter]) + 4
