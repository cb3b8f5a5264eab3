#!/usr/bin/env python3
"""How many instructions the daemon needs (callgrind): a figure that no other program disturbs.

usage: counts.py DAEMONPROXY [--write]

counts.tsv has the numbers that were accepted. One that is higher by more than the margin is a
failure; one that is lower by more than that should be written down (--write). Without valgrind
nothing is compared.
"""

import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ACCEPTED = pathlib.Path(__file__).with_name("counts.tsv")
# Another compiler may be as much better or worse.
MARGIN = 0.08
# Of each operation so many, and as many again: the difference is what they cost.
MANY = 500

# What is told, for the n-th time; and before all of them.
OPERATIONS = {
    "echo": (lambda n: f"echo\tping {n}\n", ""),
    "define": (lambda n: f"service.args\tservice{n}\tsleep\t1000\n", ""),
    "refuse": (lambda n: f"service.start\tnone{n}\n", ""),
    "parse options": (
        lambda n: f"service.options\ts\tlimit.nofile=1024:4096\tbackoff=60:1.5:{1 + n % 9}\n",
        "",
    ),
    "tagged echo": (lambda n: f"@t{n}\techo\n", ""),
    "dump of 20 services": (
        lambda n: "statedump\n",
        "".join(f"service.args\ts{k}\tsleep\t1000\n" for k in range(20)),
    ),
    "plan and cancel a start": (
        lambda n: "service.start\ts\t99999\nservice.start\ts\t-\n",
        "service.args\ts\tsleep\n",
    ),
}

# The same, as conversations: each step is told when the one before has been answered, so that each
# takes a turn of the daemon. What is told, and what is in the line that ends its answer.
TURNS = 50
WAITING = "".join(
    f"fd.socket\tu{n}\tunix,dgram\nservice.args\ts{n}\tsleep\nservice.auto_up\ts{n}\t1\tfd:u{n}\n"
    for n in range(1000)
)
ECHO = [("echo\tping\n", b"ping")]
CONVERSATIONS = {
    "echo in a turn of its own": (ECHO, ""),
    "the same, while 1000 services wait for descriptors": (ECHO, WAITING),
    "start and reap": (
        # Until it is known that its program is executed, and until it has ended.
        [("service.start\ts\n", b"\texec="), ("service.signal\ts\tKILL\n", b"\tdown\t")],
        "conn.features\truns\nservice.args\ts\tsleep\t1000\n",
    ),
}


@contextlib.contextmanager
def counted(binary, **streams):
    """The daemon, and a list, into which the count comes when it has ended."""
    with tempfile.TemporaryDirectory() as folder, open(f"{folder}/log", "w+") as log:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out"]
        environment = dict(os.environ, LC_ALL="C")
        count = []
        with subprocess.Popen(
            [*command, binary, "-i", "-q"], stderr=log, env=environment, **streams
        ) as process:
            yield process, count
        log.seek(0)
        said = log.read()
        # Of the daemon, and not of a child on its way to its program.
        found = re.search(rf"^=={process.pid}== Collected : (\d+)", said, re.M)
        if not found:
            raise SystemExit(f"counts: valgrind does not run it:\n{said}")
        count.append(int(found[1]))


def instructions(binary, text):
    with tempfile.TemporaryFile("w+") as file:
        file.write(text)
        file.seek(0)
        with counted(binary, stdin=file, stdout=subprocess.DEVNULL) as (_, count):
            pass
    return count[0]


def of_conversation(binary, steps, before, times):
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with counted(binary, **pipes) as (process, count):
        converse(process, [(before + "echo\tready\n", b"ready")])
        for _ in range(times):
            converse(process, steps)
        process.stdin.close()
        process.stdout.read()
    return count[0]


def converse(process, steps):
    for told, wanted in steps:
        process.stdin.write(told.encode())
        process.stdin.flush()
        for line in process.stdout:
            if wanted in line:
                break


def measure(binary):
    counts = {}
    for name, (line, before) in OPERATIONS.items():
        once, twice = ("".join(map(line, range(n))) for n in (MANY, 2 * MANY))
        difference = instructions(binary, before + twice) - instructions(binary, before + once)
        counts[name] = difference / MANY
    for name, (steps, before) in CONVERSATIONS.items():
        once, twice = (of_conversation(binary, steps, before, n) for n in (TURNS, 2 * TURNS))
        counts[name] = (twice - once) / TURNS
    return counts


def accepted():
    rows = (
        line.split("\t") for line in ACCEPTED.read_text().splitlines() if not line.startswith("#")
    )
    return {name: float(count) for name, count in rows}


def main():
    if not shutil.which("valgrind"):
        print("counts: left out, because there is no valgrind")
        return 0
    counts = measure(os.path.abspath(sys.argv[1]))
    if "--write" in sys.argv:
        head = "# Instructions for each operation that were accepted (counts.py).\n"
        ACCEPTED.write_text(
            head + "".join(f"{name}\t{count:.0f}\n" for name, count in counts.items())
        )
        return 0
    known, failed = accepted(), 0
    for name, count in counts.items():
        ratio = count / known[name]
        word = (
            "MORE THAN ACCEPTED"
            if ratio > 1 + MARGIN
            else "less: --write"
            if ratio < 1 - MARGIN
            else "as accepted"
        )
        failed |= ratio > 1 + MARGIN
        print(
            f"counts: {name:50} {count:8.0f} instructions, {known[name]:8.0f} were accepted: {word}"
        )
    return failed


if __name__ == "__main__":
    sys.exit(main())
