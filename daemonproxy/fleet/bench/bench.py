#!/usr/bin/env python3
"""What a fleet costs: many agents on this machine, each with a daemon, and one nats-server.

usage: bench.py DPFLEET DAEMONPROXY [NODES]

Memory and processor of an agent at rest, messages a second, the time from a rollout to the new
version running everywhere, and the time that `dpfleet status` takes. Without nats-server it is left out.
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


def services(version):
    return "".join(f'[service.s{n}]\nrun = "sleep 10000{version}"\n' for n in range(SERVICES))


def main():
    dpfleet, daemon = sys.argv[1], sys.argv[2]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 200
    if not shutil.which("nats-server"):
        print("fleet: left out, because there is no nats-server")
        return
    folder = tempfile.mkdtemp(prefix="fleet-bench-")
    port, monitor = free_port(), free_port()
    url = f"nats://127.0.0.1:{port}"
    env = dict(os.environ, DPFLEET_NATS=url)
    with open(f"{folder}/conf", "w") as conf:
        conf.write(f'jetstream {{ store_dir: "{folder}/store" }}\n')
        conf.write(f'listen: "127.0.0.1:{port}"\nhttp: "127.0.0.1:{monitor}"\n')
    null = subprocess.DEVNULL
    nothing = {"stdin": null, "stdout": null, "stderr": null}
    server = subprocess.Popen(["nats-server", "-c", f"{folder}/conf"], **nothing)
    daemons, agents = [], []

    def fleet(*args):
        done = subprocess.run([dpfleet, *args], env=env, capture_output=True, text=True)
        return done.returncode, done.stdout

    def messages():
        with urllib.request.urlopen(f"http://127.0.0.1:{monitor}/varz") as answer:
            varz = json.load(answer)
        return varz["in_msgs"], varz["out_msgs"]

    def until(what, is_so):
        deadline = time.monotonic() + 300
        while not is_so():
            if time.monotonic() > deadline:
                sys.exit(f"fleet: did not happen: {what}")
            time.sleep(0.1)

    def ready(revision_of=None):
        status, out = fleet("status", "-o", "json")
        nodes = json.loads(out) if status == 0 else []
        return sum(1 for node in nodes if node["state"] == "ready" and has(node, revision_of))

    def has(node, digest):
        applied = (node["status"] or {}).get("applied") or {}
        return digest is None or applied.get("sha256") == digest

    try:
        until("the store", lambda: fleet("init")[0] == 0)
        names = [f"n{number:03}" for number in range(count)]
        for name in names:
            os.mkdir(f"{folder}/{name}")
            control = f"{folder}/{name}/control"
            daemons.append(subprocess.Popen([daemon, "-S", control], **nothing))
        for name in names:
            until("a daemon", lambda: os.path.exists(f"{folder}/{name}/control"))
            where = ["--socket", f"{folder}/{name}/control", "--state", f"{folder}/{name}/state"]
            agent = [dpfleet, "agent", "--node", name, *where]
            agents.append(subprocess.Popen(agent, env=env, **nothing))
        text = services(1)
        with open(f"{folder}/one.toml", "w") as out:
            out.write(text)
        fleet("put", f"{folder}/one.toml", *names)
        until("the first version", lambda: ready() == count)

        time.sleep(5)
        before, began, used = messages(), time.monotonic(), [ticks(it.pid) for it in agents]
        cost = ticks(server.pid)
        time.sleep(REST)
        after, seconds = messages(), time.monotonic() - began
        used = [ticks(it.pid) - was for it, was in zip(agents, used)]
        hertz = os.sysconf("SC_CLK_TCK")
        rss = sorted(memory(it.pid, "Rss") for it in agents)
        private = sorted(memory(it.pid, "Private_Dirty") for it in agents)
        print(f"fleet: {count} nodes with {SERVICES} services each, at rest for {seconds:.0f} s")
        middle = count // 2
        print(f"  an agent        {rss[middle]} kB resident, {private[middle]} kB of its own (median)")
        print(f"                  {sum(used) / hertz / seconds / count * 100:.3f} % of a processor")
        print(f"  nats-server     {memory(server.pid, 'Rss')} kB resident, "
              f"{(ticks(server.pid) - cost) / hertz / seconds * 100:.1f} % of a processor")
        print(f"  messages        {(after[0] - before[0]) / seconds:.0f} a second to the server, "
              f"{(after[1] - before[1]) / seconds:.0f} from it")

        began = time.monotonic()
        fleet("status")
        print(f"  dpfleet status  {(time.monotonic() - began) * 1000:.0f} ms")

        with open(f"{folder}/two.toml", "w") as out:
            out.write(services(2))
        began = time.monotonic()
        status, _ = fleet("rollout", f"{folder}/two.toml", "--batch", str(count), "--settle", "0")
        spent = time.monotonic() - began
        how = "until it runs on all nodes" if status == 0 else "(failed)"
        print(f"  a new version   {spent:.1f} s {how}")
    finally:
        for process in agents + daemons:
            process.send_signal(signal.SIGTERM)
        for process in agents + daemons:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        server.kill()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


main()
