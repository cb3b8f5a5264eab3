#!/usr/bin/env python3
"""Writes REPORT.md, and the curves beside it: what the daemon is trusted for, in figures.

usage: report.py DAEMONPROXY DAEMONPROXY_LOG [--most N]

What takes minutes is measured; what takes longer (soak, fuzzing, mutants) is read from
conformance-tests/results. --most: so many services, connections and the like at most, for a machine
that is not free.
"""

import argparse
import os
import pathlib
import platform
import subprocess
import sys
import time

import beside
import counts
import curves
import endurance
import scale

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
RESULTS = ROOT / "conformance-tests/results"

ATTACKS = """\
## The real process under attack

`make attack`. After each the daemon is compared with /proc: nothing lost or told twice, no zombie,
no descriptor more, no work at rest, memory bounded.

"""
BESIDE = """\
## Side by side

The same services (a shell that becomes sleep(1)), each supervisor with all its processes.
*restart*: from SIGKILL to the next process, of a service that has run for a while. *the original*:
the program in C that this one takes the place of.

"""
MANY = """\
## Many of everything

Processor time of the daemon for each operation, in microseconds, and bytes of its own memory, by
how many there are. What grows is the kernel's search for the child that has ended, among all that
run, when they end one by one; its copy of the list of descriptors, with which every process begins;
and poll(2), which looks at every connection.
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("binary", metavar="DAEMONPROXY", type=os.path.abspath)
    parser.add_argument("logger", metavar="DAEMONPROXY_LOG", type=os.path.abspath)
    parser.add_argument("--most", type=int, default=100_000)
    options = parser.parse_args()
    begin, load = time.monotonic(), os.getloadavg()[0]
    parts = [
        attacks(options),
        longer(),
        side_by_side(options),
        scales(options),
        instructions(options),
        day(options),
    ]
    took = (time.monotonic() - begin) / 60
    page = "\n".join([head(took, load), *parts])
    (HERE / "REPORT.md").write_text(page, encoding="utf-8")
    print(f"report: {HERE / 'REPORT.md'}, {took:.0f} minutes")


def said(*command):
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return run.stdout.strip()


def head(took, load):
    commit = said("git", "rev-parse", "--short", "HEAD") or "no commit"
    when = time.strftime("%Y-%m-%d", time.gmtime())
    machine = f"{platform.system()} {platform.release()}, {os.cpu_count()} processors"
    return (
        "# What the daemon is trusted for, in figures\n\n"
        f"Made by `make report` on {when}, at commit {commit}, on {machine},\n"
        f"in {took:.0f} minutes. Before it began, {load:.0f} other programs were at work or waited "
        "for a processor, on average:\n"
        "the more, the longer all times are. What always holds is in\n"
        "[INVARIANTS.md](../../conformance-tests/INVARIANTS.md).\n"
    )


def table(columns, rows):
    lines = ["| " + " | ".join(columns) + " |", "| " + " | ".join("---" for _ in columns) + " |"]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def number(value):
    if value is None:
        return "-"
    if value == 0:
        return "0"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def attacks(options):
    path = HERE / "attack.tmp"
    path.unlink(missing_ok=True)
    program = ROOT / "daemonproxy/tests/attack/main.py"
    subprocess.run(
        [sys.executable, program, options.binary, options.logger, "--tsv", path], check=False
    )
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    path.unlink()
    return ATTACKS + table(["attack", "how much", "found"], rows)


def longer():
    """What was written down, the same columns everywhere."""
    rows = []
    for path in sorted(RESULTS.glob("*.tsv")):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
        rows += [line.split("\t") for line in lines[1:]]
    columns = ["date", "commit", "machine", "kind", "amount", "seeds", "found"]
    return "## What takes longer\n\nFrom [results](../../conformance-tests/results).\n\n" + table(
        columns, rows
    )


def side_by_side(options):
    rows, left_out = beside.measure(options.binary, options.most)
    columns = list(next(figures for *_, figures in rows if figures))
    shown = [
        [f"{name} {version}", count, *(number(figures.get(column)) for column in columns)]
        for name, version, count, figures in sorted(rows, key=lambda row: row[2])
    ]
    shown += [[name, "not installed", *("-" for _ in columns)] for name in left_out]
    text = BESIDE + table(["supervisor", "services", *columns], shown)
    if "dinit" in left_out:
        text += "\nDebian has no package of dinit.\n"
    return text


def scales(options):
    text = MANY
    for key, (title, found) in scale.measure(options.binary, options.most).items():
        (HERE / f"{key}.svg").write_text(curves.svg(title, found), encoding="utf-8")
        sizes = sorted({n for curve in found.values() for n in curve})
        rows = [[name, *(number(curve.get(n)) for n in sizes)] for name, curve in found.items()]
        text += f"\n### {title}\n\n![{title}]({key}.svg)\n\n" + table(["", *map(str, sizes)], rows)
    return text


def instructions(options):
    known = counts.accepted()
    rows = [
        [name, f"{count:.0f}", f"{known[name]:.0f}", f"{count / known[name]:.2f}"]
        for name, count in counts.measure(options.binary).items()
    ]
    return "## Instructions\n\n" + table(["operation", "instructions", "accepted", "ratio"], rows)


def day(options):
    sizes, done = endurance.measure(options.binary)
    amount = ", ".join(f"{value:,} {name}" for name, value in done.items())
    verdict = "flat to the page" if endurance.is_flat(sizes) else "NOT FLAT"
    parts = f"in {len(sizes)} parts that are the same. Anonymous memory after each, in kB"
    return f"## A busy day\n\n{amount}, {parts}:\n{', '.join(map(str, sizes))}: {verdict}.\n"


if __name__ == "__main__":
    main()
