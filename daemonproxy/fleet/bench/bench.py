#!/usr/bin/env python3
"""What a fleet costs: many agents on this machine, each with a daemon, and one nats-server.

usage: bench.py DPFLEET DAEMONPROXY [NODES]

Memory and processor of an agent at rest, messages a second, the time from a rollout to the new
version running everywhere, and the time that `dpfleet status` and the page take. Then the same
with fewer nodes, which have more services, or services that change: what costs more, that there is
something, or that something happens. Without nats-server it is left out.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

REST = 20  # seconds
SERVICES = 5
FEWER = 20  # nodes

NULL = subprocess.DEVNULL
NOTHING = {"stdin": NULL, "stdout": NULL, "stderr": NULL}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def memory(pid, what):
    with open(f"/proc/{pid}/smaps_rollup") as lines:
        for line in lines:
            if line.startswith(what + ":"):
                return int(line.split()[1])
    return 0


def ticks(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def until(what, is_so):
    deadline = time.monotonic() + 300
    while not is_so():
        if time.monotonic() > deadline:
            sys.exit(f"fleet: did not happen: {what}")
        time.sleep(0.1)


def sleeping(count, version):
    return "".join(f'[service.s{n}]\nrun = "sleep 10000{version}"\n' for n in range(count))


class Fleet:
    """A server, and nodes."""

    def __init__(self, dpfleet, daemon, count):
        self.dpfleet, self.count = dpfleet, count
        self.folder = tempfile.mkdtemp(prefix="fleet-bench-")
        port, self.monitor = free_port(), free_port()
        self.env = dict(os.environ, DPFLEET_NATS=f"nats://127.0.0.1:{port}")
        with open(f"{self.folder}/conf", "w") as conf:
            conf.write(f'jetstream {{ store_dir: "{self.folder}/store" }}\n')
            conf.write(f'listen: "127.0.0.1:{port}"\nhttp: "127.0.0.1:{self.monitor}"\n')
        self.server = subprocess.Popen(["nats-server", "-c", f"{self.folder}/conf"], **NOTHING)
        self.daemons, self.agents, self.others = [], [], []
        self.names = [f"n{number:03}" for number in range(count)]
        until("the store", lambda: self.does("init")[0] == 0)
        for name in self.names:
            os.mkdir(f"{self.folder}/{name}")
            control = f"{self.folder}/{name}/control"
            self.daemons.append(subprocess.Popen([daemon, "-S", control], **NOTHING))
        for name in self.names:
            control = f"{self.folder}/{name}/control"
            until("a daemon", lambda: os.path.exists(control))
            where = ["--socket", control, "--state", f"{self.folder}/{name}/state"]
            agent = [dpfleet, "agent", "--node", name, *where]
            self.agents.append(subprocess.Popen(agent, env=self.env, **NOTHING))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        processes = self.others + self.agents + self.daemons
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        self.server.kill()
        self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def does(self, *args):
        done = subprocess.run([self.dpfleet, *args], env=self.env, capture_output=True, text=True)
        return done.returncode, done.stdout

    def put(self, text):
        """Stores it for all nodes, and waits until it runs there."""
        with open(f"{self.folder}/file.toml", "w") as out:
            out.write(text)
        began = time.monotonic()
        file = f"{self.folder}/file.toml"
        status, _ = self.does("rollout", file, "-l", "bench", "--batch", str(self.count), "--settle", "0")
        if status != 0:
            sys.exit("fleet: a rollout has failed")
        return time.monotonic() - began

    def label(self):
        for name in self.names:
            self.does("label", name, "bench=yes")

    def varz(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.monitor}/varz") as answer:
            return json.load(answer)

    def rest(self, seconds=REST):
        """What an agent, and the server, use meanwhile: percent, messages and kB a second."""
        # The last status of what came before is on its way.
        time.sleep(5)
        before, began = self.varz(), time.monotonic()
        used, cost = [ticks(it.pid) for it in self.agents], ticks(self.server.pid)
        time.sleep(seconds)
        after, spent = self.varz(), time.monotonic() - began
        percent = 100 / os.sysconf("SC_CLK_TCK") / spent
        used = sum(ticks(it.pid) - was for it, was in zip(self.agents, used))
        rate = lambda key: (after[key] - before[key]) / spent
        return {
            "agent": used * percent / self.count,
            "server": (ticks(self.server.pid) - cost) * percent,
            "in": rate("in_msgs"),
            "out": rate("out_msgs"),
            "kB": rate("in_bytes") / 1000,
        }

    def page(self):
        """How long the page takes, and how long until it knows all nodes; how large that is."""
        port = free_port()
        page = [self.dpfleet, "web", "--listen", f"127.0.0.1:{port}"]
        self.others.append(subprocess.Popen(page, env=self.env, **NOTHING))

        def get(path):
            return urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10)

        def everything():
            """The first message of the stream of changes has all there is."""
            with get("/api/stream") as lines:
                return next(line for line in lines if line.startswith(b"data:"))

        def knows_all():
            try:
                return len(json.loads(everything()[5:])["nodes"]) >= self.count
            except OSError:
                return False

        until("the page knows all nodes", knows_all)
        began = time.monotonic()
        with get("/") as page:
            page.read()
        middle = time.monotonic()
        size = len(everything())
        return middle - began, time.monotonic() - middle, size


def large(dpfleet, daemon, count):
    with Fleet(dpfleet, daemon, count) as fleet:
        fleet.label()
        fleet.put(sleeping(SERVICES, 1))
        rest = fleet.rest()
        rss = sorted(memory(it.pid, "Rss") for it in fleet.agents)
        private = sorted(memory(it.pid, "Private_Dirty") for it in fleet.agents)
        middle = count // 2
        print(f"fleet: {count} nodes with {SERVICES} services each, at rest for {REST} s")
        print(f"  an agent        {rss[middle]} kB resident, {private[middle]} kB of its own (median)")
        print(f"                  {rest['agent']:.3f} % of a processor")
        print(f"  nats-server     {memory(fleet.server.pid, 'Rss')} kB resident, "
              f"{rest['server']:.1f} % of a processor")
        print(f"  messages        {rest['in']:.0f} a second to the server, {rest['kB']:.0f} kB; "
              f"{rest['out']:.0f} from it")
        began = time.monotonic()
        fleet.does("status")
        print(f"  dpfleet status  {(time.monotonic() - began) * 1000:.0f} ms")
        page, state, size = fleet.page()
        print(f"  the page        {page * 1000:.0f} ms, and what it shows {state * 1000:.0f} ms "
              f"({size // 1000} kB)")
        print(f"  a new version   {fleet.put(sleeping(SERVICES, 2)):.1f} s until it runs on all nodes")


def fewer(dpfleet, daemon):
    changes = sleeping(SERVICES - 1, 1) + '[service.often]\nrun = "sleep 1"\n'
    with Fleet(dpfleet, daemon, FEWER) as fleet:
        fleet.label()
        print(f"fleet: {FEWER} nodes, each of these for {REST} s")
        for what, text in [
            (f"{SERVICES} services", sleeping(SERVICES, 1)),
            (f"{SERVICES * 10} services", sleeping(SERVICES * 10, 1)),
            (f"{SERVICES} services, of which one ends and starts every second", changes),
        ]:
            fleet.put(text)
            rest = fleet.rest()
            print(f"  {what}: {rest['agent']:.3f} % of a processor for an agent, "
                  f"{rest['in'] / FEWER:.2f} messages and {rest['kB'] / FEWER:.2f} kB a second")


def main():
    dpfleet, daemon = sys.argv[1], sys.argv[2]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 200
    if not shutil.which("nats-server"):
        print("fleet: left out, because there is no nats-server")
        return
    large(dpfleet, daemon, count)
    fewer(dpfleet, daemon)


main()
