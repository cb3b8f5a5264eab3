#!/usr/bin/env python3
"""What daemonproxy-lua costs: memory at rest, time to the first command, events a second through a handler.

    bench.py [PROGRAM]      (the default is the static build, target/.../daemon/daemonproxy-lua)

This program plays the daemon, over two pipes. Each figure is the median of several runs.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 9
EVENTS = 600_000

# A small controller, as people write them.
IDLE = """
local dp = require "daemonproxy"
dp.on("service.state", { name = "web", state = "down" }, function(event)
  print(event.name, "has ended with", event.exit)
end)
dp.every(3600, function() print("an hour") end)
dp.service("web"):args { "sleep", "1000" }:start()
"""

COUNTING = """
local dp = require "daemonproxy"
local count = 0
dp.on("service.state", function(event)
  count = count + 1
  if event.name == "last" then dp.service("last"):tags { tostring(count) } end
end)
dp.service("ready"):tags {}
"""


class Controller:
    """The program with a script, and the daemon's ends of its two pipes."""

    def __init__(self, program, script):
        self.file = tempfile.NamedTemporaryFile("w", suffix=".lua")
        self.file.write(script)
        self.file.flush()
        self.start = time.monotonic()
        self.process = subprocess.Popen(
            [program, self.file.name], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def read_until(self, name):
        """Answers echoes until a command of that name comes, which is returned."""
        while True:
            fields = self.process.stdout.readline().rstrip(b"\n").split(b"\t")
            if fields == [b""]:
                sys.exit("the program has ended")
            if fields[0] == b"echo":
                self.write(b"\t".join(fields[1:]) + b"\n")
            if fields[0] == name.encode():
                return fields

    def write(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def end(self):
        self.process.stdin.close()
        self.process.wait()
        self.file.close()


def first_command(program):
    """Seconds from the start of the process until its first command is here."""
    it = Controller(program, IDLE)
    it.process.stdout.readline()
    taken = time.monotonic() - it.start
    it.end()
    return taken


def memory(program):
    """Kilobytes that are resident when it waits for events."""
    it = Controller(program, IDLE)
    it.read_until("service.start")
    it.read_until("echo")
    # It is at rest when it has had nothing to do for more than a second.
    time.sleep(2)
    with open(f"/proc/{it.process.pid}/status") as status:
        found = re.search(r"VmRSS:\s*(\d+) kB", status.read())
    it.end()
    return int(found[1])


def throughput(program):
    """Events a second, from the first byte written to the answer to the last."""
    it = Controller(program, COUNTING)
    it.read_until("service.tags")
    it.read_until("echo")
    line = "service.state\tservice-{}\tdown\t{}\t{}\texit\t0\t57\t3\n"
    block = "".join(line.format(n % 50, 1000 + n, 7000 + n) for n in range(1000)).encode()
    last = b"service.state\tlast\tup\t1042\t7123\t-\t-\t0\t-\n"
    start = time.monotonic()
    for _ in range(EVENTS // 1000):
        it.process.stdin.write(block)
    it.write(last)
    said = it.read_until("service.tags")
    taken = time.monotonic() - start
    assert said[1:] == [b"last", str(EVENTS + 1).encode()], said
    it.end()
    return EVENTS / taken


def median(measure, program):
    return statistics.median(measure(program) for _ in range(RUNS))


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    usual = os.path.join(here, "../../target/x86_64-unknown-linux-gnu/daemon/daemonproxy-lua")
    program = sys.argv[1] if len(sys.argv) > 1 else usual
    first_command(program)  # once to have it in memory
    print(f"resident at rest          {median(memory, program):9.0f} kB")
    print(f"start to first command    {median(first_command, program) * 1000:9.2f} ms")
    print(f"events through a handler  {median(throughput, program):9.0f} per second")


if __name__ == "__main__":
    main()
