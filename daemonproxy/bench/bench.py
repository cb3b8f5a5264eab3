#!/usr/bin/env python3
"""What the daemon costs, next to what the same work costs on this machine without it.

usage: bench.py DAEMONPROXY [--runs N] [--only WORD[,WORD]...] [--strict]

An absolute figure from one machine means nothing on another, so most targets are ratios to a floor:
the least that could do the same work (`cat`, posix_spawn, kill and waitpid). Figure and floor are
measured in turn, and each is the median of all runs. The exit status is 0 even if a target was
missed, but for `--strict`, which is meant for what does not depend on the machine: memory.
"""
import argparse
import contextlib
import fcntl
import os
import pathlib
import platform
import pwd
import re
import select
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

TRUE = "/bin/true"
SLEEP = ["/bin/sleep", "100000"]
PATIENCE = 60


# How to talk to a program over pipes


class Peer:
    """A program that we talk to over its standard input and output."""

    def __init__(self, *argv):
        self.process = subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
        self.pid = self.process.pid
        self.input = self.process.stdin.fileno()
        self.output = self.process.stdout.fileno()

    def write(self, data):
        view = memoryview(data)
        while view:
            view = view[os.write(self.input, view) :]

    def read(self):
        """Whatever there is, as much as a pipe holds. Reading line by line would be most of what is measured."""
        if not select.select([self.output], [], [], PATIENCE)[0]:
            raise TimeoutError("no answer")
        chunk = os.read(self.output, 1 << 16)
        if not chunk:
            raise EOFError("no more answers")
        return chunk

    def read_until(self, end):
        """Reads until the output ends with `end`, and returns all of it."""
        chunks = [self.read()]
        tail = chunks[0][-len(end) :]
        while tail != end:
            chunks.append(self.read())
            tail = (tail + chunks[-1])[-len(end) :]
        return b"".join(chunks)

    def count(self, what, n):
        """Reads until `what`, a part of a line, has come n times."""
        rest = b""
        while n > 0:
            data = rest + self.read()
            whole = data.rfind(b"\n") + 1
            n -= data.count(what, 0, whole)
            rest = data[whole:]

    def close(self):
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()


class Daemon(Peer):
    """The daemon, with us as its interactive controller."""

    def __init__(self, binary):
        super().__init__(binary, "-i", "-q")
        self.sync()

    def send(self, *commands):
        self.write("".join(f"{command}\n" for command in commands).encode())

    def sync(self):
        self.send("echo\t--sync--")
        return self.read_until(b"--sync--\n")

    def define(self, prefix, count, argv):
        argv = "\t".join(argv)
        for begin in range(0, count, 50):
            names = range(begin, min(count, begin + 50))
            self.send(*(f"service.args\t{prefix}{n}\t{argv}" for n in names))
            self.sync()

    def close(self):
        self.send("terminate.shutdown")
        with contextlib.suppress(EOFError):
            while True:
                self.read()
        super().close()


class Listening:
    """A daemon, with us as a connection to its control socket."""

    def __init__(self, binary):
        self.folder = tempfile.TemporaryDirectory()
        path = f"{self.folder.name}/control"
        null = subprocess.DEVNULL
        self.process = subprocess.Popen([binary, "-S", path, "-q"], stdin=null, stderr=null)
        self.pid = self.process.pid
        deadline = time.monotonic() + PATIENCE
        while not os.path.exists(path) and time.monotonic() < deadline:
            time.sleep(0.001)
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.input = self.output = self.socket.fileno()

    def processor_time(self):
        """Seconds that it has computed so far."""
        return int(pathlib.Path(f"/proc/{self.pid}/schedstat").read_text().split()[0]) / 1e9

    def close(self):
        self.socket.sendall(b"terminate\t0\n")
        self.process.wait(PATIENCE)
        self.socket.close()
        self.folder.cleanup()


def memory(pid):
    # Pages of a file that was written a moment ago count as dirty until they are on the disk.
    os.sync()
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    return {key: int(kb) for key, kb in re.findall(r"^(\w+):\s+(\d+) kB$", text, re.MULTILINE)}


def micros(seconds, n=1):
    return seconds / n * 1e6


# The work, for the daemon and for its floors alike


def stream(peer, n=200_000, command=b"echo\tping\n", answer=b"ping\n"):
    """Sends n commands as fast as they are accepted, and reads n answers, each of which has this line in it."""
    chunk = command * 100
    unsent, pending, got, rest = n // 100, b"", 0, b""
    os.set_blocking(peer.input, False)
    begin = time.perf_counter()
    while got < n:
        writers = [peer.input] if unsent or pending else []
        readable, writable, _ = select.select([peer.output], writers, [], PATIENCE)
        if writable:
            if not pending:
                unsent, pending = unsent - 1, chunk
            with contextlib.suppress(BlockingIOError):
                pending = pending[os.write(peer.input, pending) :]
        if readable:
            data = rest + os.read(peer.output, 1 << 16)
            whole = data.rfind(b"\n") + 1
            got += data.count(answer, 0, whole)
            rest = data[whole:]
    taken = time.perf_counter() - begin
    os.set_blocking(peer.input, True)
    return micros(taken, n)


def round_trip(peer, n=3000):
    taken = []
    for _ in range(n):
        begin = time.perf_counter()
        os.write(peer.input, b"echo\t--sync--\n")
        os.read(peer.output, 100)
        taken.append(time.perf_counter() - begin)
    return micros(statistics.median(taken))


def start_and_reap(daemon, n=400, settings=()):
    """One-shot services, one command each, until all of them have been reaped. `settings`: commands before that, each
    with its arguments after the name."""
    daemon.define("one", n, [TRUE])
    for k in range(n):
        daemon.send(*(f"{command}\tone{k}\t{rest}" for command, rest in settings))
        daemon.sync()
    begin = time.perf_counter()
    for first in range(0, n, 20):
        daemon.send(*(f"service.start\tone{k}" for k in range(first, first + 20)))
    daemon.count(b"\tdown\t", n)
    return micros(time.perf_counter() - begin, n)


def spawn_and_wait(n=400):
    begin = time.perf_counter()
    for _ in range(n):
        os.waitpid(os.posix_spawn(TRUE, [TRUE], {}), 0)
    return micros(time.perf_counter() - begin, n)


def deaths(start, wait, n=200):
    """From kill() to when we know: `start` returns a pid, `wait(pid)` returns once its end is known."""
    taken = []
    for _ in range(n):
        pid = start()
        time.sleep(0.003)  # by now it sleeps, and so does whoever watches it
        begin = time.perf_counter()
        os.kill(pid, signal.SIGKILL)
        wait(pid)
        taken.append(time.perf_counter() - begin)
    return micros(statistics.median(taken))


# The figures: each returns the daemon's value, and what its floors are


def idle_memory(binary):
    with contextlib.closing(Daemon(binary)) as daemon:
        found = memory(daemon.pid)
    yield "rss", found["Rss"]
    yield "dirty", found["Private_Dirty"]


def memory_per_service(binary, n=1000):
    with contextlib.closing(Daemon(binary)) as daemon:
        before = memory(daemon.pid)["Private_Dirty"]
        daemon.define("s", n, SLEEP)
        yield "service", (memory(daemon.pid)["Private_Dirty"] - before) * 1024 / n


def commands(binary):
    with contextlib.closing(Peer("cat")) as cat:
        yield "echo", None, stream(cat)
        yield "trip", None, round_trip(cat)
    with contextlib.closing(Daemon(binary)) as daemon:
        yield "echo", stream(daemon)
        yield "trip", round_trip(daemon)


def tagged_commands(binary, n=100_000):
    """What one costs the daemon, next to the same command with an echo after it: both end in a line of our own."""
    command = b"service.args\ts0\t" + "\t".join(SLEEP).encode() + b"\n"
    ways = [
        (command + b"echo\tmark-1234\n", b"mark-1234\n"),
        (b"@mark-1234\t" + command, b"done\tmark-1234\n"),
    ]
    with contextlib.closing(Listening(binary)) as daemon:
        taken = []
        for lines, end in ways:
            begin = daemon.processor_time()
            stream(daemon, n, lines, end)
            taken.append(micros(daemon.processor_time() - begin, n))
    yield "tagged", taken[1], taken[0]


def changes_of_state(binary, n=100_000):
    """What it costs the daemon to tell of one: as in protocol 1, and with `service.run` after it. No process is
    started: a start is planned and cancelled."""
    later = int(time.monotonic()) + 100_000
    lines = f"service.start\ts0\t{later}\nservice.start\ts0\t-\necho\tmark-1234\n".encode()
    taken = []
    for features in (b"", b"\truns"):
        with contextlib.closing(Listening(binary)) as daemon:
            daemon.socket.sendall(b"conn.features" + features + b"\nservice.args\ts0\ttrue\n")
            begin = daemon.processor_time()
            stream(daemon, n, lines, b"mark-1234\n")
            taken.append(micros(daemon.processor_time() - begin, 2 * n))
    yield "state", taken[0]
    yield "run", taken[1], taken[0]


@contextlib.contextmanager
def hanging_program():
    """A program whose execution does not come to an end: somebody has a lease on its file, and keeps it."""
    signal.signal(signal.SIGIO, signal.SIG_IGN)  # how he is told that somebody waits for it
    with tempfile.TemporaryDirectory() as folder:
        program = shutil.copy(SLEEP[0], f"{folder}/hangs")
        with open(program, "rb") as file:
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
            yield program


def starts(binary):
    floor = spawn_and_wait()
    yield "start", None, floor
    yield "start, 5000 others", None, floor
    yield "start, one hangs", None, floor
    with contextlib.closing(Daemon(binary)) as daemon:
        yield "start", start_and_reap(daemon)
    with contextlib.closing(Daemon(binary)) as daemon:
        daemon.define("other", 5000, SLEEP)
        yield "start, 5000 others", start_and_reap(daemon)
    with hanging_program() as program, contextlib.closing(Daemon(binary)) as daemon:
        daemon.define("hangs", 1, [program, *SLEEP[1:]])
        daemon.send("service.start\thangs0")
        yield "start, one hangs", start_and_reap(daemon)


def starts_with_options(binary):
    """What options cost: beside a start that shares no memory with the daemon, as one with an environment does."""
    user = pwd.getpwuid(os.getuid()).pw_name
    with contextlib.closing(Daemon(binary)) as daemon:
        yield "start, options", None, start_and_reap(daemon, settings=[("service.env", "A=1")])
    variables = "\t".join(f"VARIABLE_{n}=value {n}" for n in range(20))
    options = f"cwd=/\tuser={user}\tlimit.nofile=512\tlimit.core=0\tlimit.stack=8388608"
    settings = [("service.env", variables), ("service.options", options)]
    with contextlib.closing(Daemon(binary)) as daemon:
        yield "start, options", start_and_reap(daemon, settings=settings)


def changes_with_waiters(binary):
    """A start and its end, while nobody and while a thousand services wait for another one."""
    with contextlib.closing(Daemon(binary)) as daemon:
        yield "waiters", None, start_and_reap(daemon)
    with contextlib.closing(Daemon(binary)) as daemon:
        daemon.define("w", 1000, SLEEP)
        for n in range(1000):
            daemon.send(f"service.auto_up\tw{n}\t1\tready:db")
        daemon.sync()
        yield "waiters", start_and_reap(daemon)


def death(binary, least):
    floor = deaths(lambda: os.posix_spawn(SLEEP[0], SLEEP, {}), lambda pid: os.waitpid(pid, 0))
    yield "death", None, floor
    if least:
        with contextlib.closing(Peer(least, *SLEEP)) as other:

            def start():
                other.write(b"\n")
                return int(other.read_until(b"\n"))

            yield "death, least", deaths(start, lambda _: other.read_until(b"down\n")), floor
    with contextlib.closing(Daemon(binary)) as daemon:
        daemon.define("s", 1, SLEEP)

        def start():
            daemon.send("service.start\ts0")
            return int(daemon.read_until(b"\t-\t-\t0\t-\n").split(b"\t")[-5])

        def wait(_):
            while b"\tdown\t" not in daemon.read():
                pass

        yield "death", deaths(start, wait)


def state_dump(binary, n=2000):
    with contextlib.closing(Daemon(binary)) as daemon:
        daemon.define("s", n, SLEEP)
        begin = time.perf_counter()
        daemon.send("statedump", "echo\tdump-done")
        dump = daemon.read_until(b"dump-done\n")
        yield "dump", micros(time.perf_counter() - begin, n)
    with tempfile.NamedTemporaryFile() as copy:
        copy.write(dump)
        copy.flush()
        # A shell that is already there and becomes `cat` when told to.
        with contextlib.closing(Peer("sh", "-c", 'read -r go; exec cat "$0"', copy.name)) as cat:
            cat.write(b"go\n")
            select.select([cat.output], [], [], PATIENCE)  # the time to become `cat` does not count
            begin = time.perf_counter()
            cat.read_until(b"dump-done\n")
            yield "dump", None, micros(time.perf_counter() - begin, n)


def upgrades(binary, services=1000, up=200):
    """The longest that anybody else waits for an answer while the daemon becomes another one."""
    with contextlib.closing(Listening(binary)) as daemon:
        asker, other = daemon.socket.makefile("rwb", 0), socket.socket(socket.AF_UNIX)
        other.connect(f"{daemon.folder.name}/control")
        answers = other.makefile("rwb", 0)
        asker.write(b"".join(b"service.args\ts%d\tsleep\t1000\n" % n for n in range(services)))
        asker.write(b"".join(b"service.start\ts%d\n" % n for n in range(up)) + b"echo\tset-up\n")
        for peer, end in (asker, b"set-up\n"), (answers, b"there\n"):
            peer is answers and peer.write(b"echo\tthere\n")
            while peer.readline() != end:
                pass
        asker.write(b"@u\tupgrade\n")
        longest = 0
        while not select.select([asker], [], [], 0)[0] or asker.readline() != b"done\tu\n":
            begin = time.perf_counter()
            answers.write(b"echo\tthere\n")
            while answers.readline() != b"there\n":
                pass
            longest = max(longest, time.perf_counter() - begin)
        yield "upgrade", longest * 1e3
        other.close()
        asker.write(b"".join(b"service.signal\ts%d\tKILL\n" % n for n in range(up)))
        while up:
            up -= b"\tdown\t" in asker.readline()


def idle_wake_ups(binary, seconds=5):
    def switches(pid):
        text = pathlib.Path(f"/proc/{pid}/status").read_text()
        return sum(map(int, re.findall(r"voluntary_ctxt_switches:\s+(\d+)", text)))

    with contextlib.closing(Daemon(binary)) as daemon:
        daemon.define("s", 20, SLEEP)
        daemon.send(*(f"service.start\ts{n}" for n in range(20)))
        daemon.sync()
        time.sleep(0.5)
        before = switches(daemon.pid)
        time.sleep(seconds)
        yield "wake-ups", switches(daemon.pid) - before


# The table

# Figure: its name, its unit, the most it should be, and whether that is a factor of the floor.
ROWS = {
    "rss": ("memory, idle: resident", "kB", 900, False),
    "dirty": ("memory, idle: private dirty", "kB", 100, False),
    "service": ("memory for each service", "bytes", 250, False),
    "echo": ("a command and its answer, in a stream (cat)", "us", 2.5, True),
    "trip": ("a command and its answer, one at a time (cat)", "us", 1.2, True),
    "tagged": ("a tagged command, processor (an echo instead)", "us", 0.8, True),
    "state": ("a change of state, processor", "us", None, False),
    "run": ("the same, with service.run (without)", "us", 2, True),
    "start": ("a start and its end (posix_spawn, waitpid)", "us", 0.75, True),
    "start, 5000 others": ("the same, with 5000 other services", "us", 0.75, True),
    "start, one hangs": ("the same, with one that hangs in execve", "us", 0.75, True),
    "start, options": ("a start with user, cwd, 3 limits, 20 variables (fork)", "us", 1.15, True),
    "waiters": ("a start while 1000 wait for another (nobody)", "us", 1.05, True),
    "death": ("from death to event (kill, waitpid)", "us", 1.5, True),
    "death, least": ("    the same by the least program that could", "us", None, True),
    "dump": ("a state dump, for each service (cat)", "us", 2.5, False),
    "upgrade": ("an upgrade: others wait, 1000 services, 200 up", "ms", 20, False),
    "wake-ups": ("wake-ups in 5 s with nothing to do", "", 0, False),
}

# What it was while the daemon stood still until the program was executed (CLONE_VFORK), on two busy processors.
WAS = {"start": "0.78", "start, 5000 others": "0.78", "start, one hangs": "deaf for 45 s"}


def build_least(folder):
    """Compiles the second floor of `death`, if there is a compiler."""
    target = f"{folder}/least"
    source = pathlib.Path(__file__).with_name("least.c")
    try:
        subprocess.run([os.environ.get("CC", "cc"), "-O2", "-o", target, source], check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return target


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("binary", metavar="DAEMONPROXY", type=os.path.abspath)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="", help="figures whose name has one of these words in it")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if a target was missed")
    options = parser.parse_args()
    missed = False
    with tempfile.TemporaryDirectory() as folder:
        least = build_least(folder)
        figures = {
            "memory": idle_memory,
            "service memory": memory_per_service,
            "echo trip": commands,
            "tagged": tagged_commands,
            "state run": changes_of_state,
            "start": starts,
            "options": starts_with_options,
            "waiters": changes_with_waiters,
            "death": lambda binary: death(binary, least),
            "dump": state_dump,
            "upgrade": upgrades,
            "idle wake-ups": idle_wake_ups,
        }
        wanted = options.only.split(",")
        print(f"{platform.system()} {platform.release()}, {os.cpu_count()} CPUs; median of {options.runs} runs")
        print(f"{'figure (floor)':48} {'daemon':>9} {'floor':>9} {'factor':>7}  target")
        for name, measure in figures.items():
            if any(word in name for word in wanted):
                missed |= not report(measure, options.binary, options.runs)
    return 1 if missed and options.strict else 0


def report(measure, binary, runs):
    """Prints the figures, and returns whether all are as they should be."""
    values, floors = {}, {}
    for _ in range(runs):
        for key, value, *floor in measure(binary):
            if value is not None:
                values.setdefault(key, []).append(value)
            for one in floor:
                floors.setdefault(key, []).append(one)
    keys = [key for key in ROWS if key in values]
    return all([show(key, statistics.median(values[key]), floors.get(key)) for key in keys])


def figure(value):
    return f"{value:.2f}" if 0 < value < 10 else f"{value:.0f}"


def show(key, value, floors):
    text, unit, most, is_factor = ROWS[key]
    floor = statistics.median(floors) if floors else None
    factor = value / floor if floor else None
    compared = factor if is_factor else value
    columns = f"{text:48} {figure(value):>9} {'' if floor is None else figure(floor):>9} "
    columns += f"{'' if factor is None else f'{factor:.2f}':>7}  "
    met = most is None or compared <= most
    if most is not None:
        goal = f"{most} x floor" if is_factor else f"{most} {unit}"
        columns += f"at most {goal:13} {'met' if met else 'MISSED'}"
    if key in WAS:
        columns = f"{columns:110}  was {WAS[key]}"
    print(columns.rstrip(), flush=True)
    return met


if __name__ == "__main__":
    sys.exit(main())
