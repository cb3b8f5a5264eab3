#!/usr/bin/env python3
"""Attacks a real daemon, and prints a table: the attack, how much of it, and what was found.

usage: main.py DAEMONPROXY DAEMONPROXY_LOG [--only WORD[,WORD]...] [--factor F] [--tsv FILE]

After each attack the daemon must be as before: what it says of its services is what /proc says of
its children, no end was lost or told twice, there is no zombie and no descriptor more, it does not
compute, and has not grown. An attack that needs a privilege which is not there is skipped. The exit
status is 1 if anything was found.
"""

import argparse
import os
import platform
import sys
import time

import bad_upgrades
import connections
import controllers
import crashes
import init
import limits
import logs
import stops
import trees
import waiting
from target import Skip

ROOMS = [controllers, limits, logs, connections, trees, stops, init, crashes, bad_upgrades, waiting]


class Options:
    """What the attacks are about, and how much of each there should be."""

    def __init__(self, binary, logger, factor):
        self.binary, self.logger, self.factor = binary, logger, factor

    def times(self, usual):
        return max(1, int(usual * self.factor))


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("binary", metavar="DAEMONPROXY", type=os.path.abspath)
    parser.add_argument("logger", metavar="DAEMONPROXY_LOG", type=os.path.abspath)
    parser.add_argument(
        "--only", default="", help="attacks whose name has one of these words in it"
    )
    parser.add_argument("--factor", type=float, default=1, help="how much, next to what is usual")
    parser.add_argument("--tsv", help="append the table to this file")
    chosen = parser.parse_args()
    options = Options(chosen.binary, chosen.logger, chosen.factor)
    wanted = chosen.only.split(",")
    rows = []
    print(f"{platform.system()} {platform.release()}, {os.cpu_count()} CPUs, uid {os.getuid()}")
    print(f"{'attack':42} {'how much':58} {'time':>6}  found", flush=True)
    for room in ROOMS:
        for name, attack in room.ATTACKS.items():
            if any(word in name for word in wanted):
                rows.append((name, *carry_out(attack, options)))
                show(*rows[-1])
    if chosen.tsv:
        with open(chosen.tsv, "a", encoding="utf-8") as file:
            file.writelines(
                f"{name}\t{amount}\t{'; '.join(found) or 'nothing'}\n"
                for name, amount, found, _ in rows
            )
    sys.exit(any(found and not amount.startswith("skipped") for _, amount, found, _ in rows))


def carry_out(attack, options):
    begin = time.monotonic()
    try:
        amount, found = attack(options)
    except Skip as reason:
        amount, found = f"skipped: {reason}", []
    except (OSError, EOFError, TimeoutError) as error:
        amount, found = "broken off", [f"{type(error).__name__}: {error}"]
    return amount, found, time.monotonic() - begin


def show(name, amount, found, seconds):
    print(f"{name:42} {amount:58} {seconds:5.0f} s  {found[0] if found else 'nothing'}", flush=True)
    for more in found[1:20]:
        print(f"{'':111}{more}", flush=True)
    if len(found) > 20:
        print(f"{'':111}and {len(found) - 20} more", flush=True)


if __name__ == "__main__":
    main()
