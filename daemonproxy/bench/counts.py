#!/usr/bin/env python3
"""How many instructions the daemon needs (callgrind): a figure that no other program disturbs.

usage: counts.py DAEMONPROXY [--write]

counts.tsv has the numbers that were accepted. One that is higher by more than the margin is a
failure; one that is lower by more than that should be written down (--write). Without valgrind
nothing is compared.
"""

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


def instructions(binary, text):
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(f"{folder}/input").write_text(text)
        with open(f"{folder}/input", "rb") as file:
            run = subprocess.run(
                [
                    "valgrind",
                    "--tool=callgrind",
                    f"--callgrind-out-file={folder}/out",
                    binary,
                    "-i",
                    "-q",
                ],
                stdin=file,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
                env=dict(os.environ, LC_ALL="C"),
            )
    found = re.search(r"Collected : (\d+)", run.stderr)
    if not found:
        raise SystemExit(f"counts: valgrind does not run it:\n{run.stderr}")
    return int(found[1])


def measure(binary):
    counts = {}
    for name, (line, before) in OPERATIONS.items():
        once, twice = ("".join(map(line, range(n))) for n in (MANY, 2 * MANY))
        difference = instructions(binary, before + twice) - instructions(binary, before + once)
        counts[name] = difference / MANY
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
            f"counts: {name:26} {count:8.0f} instructions, {known[name]:8.0f} were accepted: {word}"
        )
    return failed


if __name__ == "__main__":
    sys.exit(main())
