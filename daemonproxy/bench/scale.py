"""What things cost when there are many: processor time of the daemon, and its memory.

Processor time, and not time on the clock, for other programs on the machine do not count in it.
"""

import contextlib
import pathlib
import re
import resource
import socket

import bench

SLEEP = "/bin/sleep\t100000"
# How many descriptors the daemon needs for itself, with some to spare.
OWN = 100


class Subject(bench.Listening):
    """A daemon, with us as a connection; for each figure a new one."""

    def __enter__(self):
        self.reader = self.socket.makefile("rb", 1 << 20)
        self.ask("echo")
        return self

    def __exit__(self, *_):
        self.reader.close()
        with contextlib.suppress(OSError):
            self.socket.sendall(b"terminate.shutdown\t1\t1\t1\n")
        self.process.wait()
        self.folder.cleanup()

    def tell(self, commands):
        """Many, a piece at a time; what they say is thrown away."""
        for begin in range(0, len(commands), 50):
            self.ask(*commands[begin : begin + 50])

    def ask(self, *commands):
        """Carries them out, and counts the lines that come."""
        self.socket.sendall(
            "".join(f"{command}\n" for command in commands).encode() + b"@t\techo\n"
        )
        lines = 0
        for line in self.reader:
            if line == b"done\tt\n":
                return lines
            lines += 1
        raise EOFError("the daemon has gone")

    def wait_for(self, part, count):
        while count:
            count -= part in self.reader.readline()

    @contextlib.contextmanager
    def measured(self):
        """A list, into which the seconds come that the daemon has computed meanwhile."""
        taken = []
        begin = self.processor_time()
        yield taken
        taken.append(self.processor_time() - begin)

    def dirty(self):
        text = pathlib.Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        return sum(int(kb) for kb in re.findall(r"Private_Dirty:\s+(\d+)", text)) * 1024


def start_and_end(daemon, n=50):
    """Of one more service, in microseconds."""
    daemon.tell([f"service.args\tone{k}\t/bin/true" for k in range(n)])
    with daemon.measured() as taken:
        daemon.socket.sendall("".join(f"service.start\tone{k}\n" for k in range(n)).encode())
        daemon.wait_for(b"\tdown\t", n)
    return taken[0] / n * 1e6


def echo(daemon, n=500):
    with daemon.measured() as taken:
        for _ in range(n):
            daemon.ask("echo")
    return taken[0] / n * 1e6


def defined(binary, n):
    with Subject(binary) as daemon:
        before = daemon.dirty()
        with daemon.measured() as define:
            daemon.tell([f"service.args\ts{k}\t{SLEEP}" for k in range(n)])
        size = daemon.dirty() - before
        with daemon.measured() as dump:
            daemon.ask("statedump")
        yield "define one, µs", define[0] / n * 1e6
        yield "dump, µs a service", dump[0] / n * 1e6
        yield "start and end of one more, µs", start_and_end(daemon)
        yield "an echo, alone, µs", echo(daemon)
        if n >= 1000:
            yield "memory, bytes a service", size / n


def running(binary, n):
    with Subject(binary) as daemon:
        daemon.tell([f"service.args\ts{k}\t{SLEEP}" for k in range(n)])
        with daemon.measured() as start:
            daemon.tell([f"service.start\ts{k}" for k in range(n)])
        yield "start, µs", start[0] / n * 1e6
        yield "start and end of one more, µs", start_and_end(daemon)
        yield "an echo, alone, µs", echo(daemon)
        with daemon.measured() as end:
            for begin in range(0, n, 100):
                names = range(begin, min(n, begin + 100))
                daemon.socket.sendall(
                    "".join(f"service.signal\ts{k}\tKILL\n" for k in names).encode()
                )
                daemon.wait_for(b"\tdown\t", len(names))
        yield "kill and end, µs", end[0] / n * 1e6


def pipes(binary, n):
    with Subject(binary) as daemon:
        with daemon.measured() as made:
            daemon.tell([f"fd.pipe\tr{k}\tw{k}" for k in range(n)])
        yield "make a pipe, µs", made[0] / n * 1e6
        yield "an echo, alone, µs", echo(daemon)
        yield "start and end of one more, µs", start_and_end(daemon)


def descriptors(binary, n):
    with Subject(binary) as daemon:
        before = daemon.dirty()
        with daemon.measured() as made:
            daemon.tell([f"fd.open\tf{k}\tread\t/dev/null" for k in range(n)])
        size = daemon.dirty() - before
        with daemon.measured() as dump:
            daemon.ask("statedump")
        yield "open one, µs", made[0] / n * 1e6
        yield "dump, µs a descriptor", dump[0] / n * 1e6
        yield "an echo, alone, µs", echo(daemon)
        yield "start and end of one more, µs", start_and_end(daemon)
        if n >= 1000:
            yield "memory, bytes a descriptor", size / n


def watched(binary, n):
    """Descriptors that services wait for (`fd:`). One that can be read starts its service."""
    with Subject(binary) as daemon:
        path = f"{daemon.folder.name}/u"
        daemon.tell([f"fd.socket\tu{k}\tunix,dgram\t{path}{k}" for k in range(n)])
        daemon.tell([f"service.args\ts{k}\t{SLEEP}" for k in range(n)])
        daemon.tell([f"service.auto_up\ts{k}\t1\tfd:u{k}" for k in range(n)])
        yield "an echo, alone, µs", echo(daemon, 100)
        yield "start and end of one more, µs", start_and_end(daemon)
        sender, count = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM), min(n, 50)
        with daemon.measured() as taken:
            for k in range(0, n, n // count):
                sender.sendto(b"x", f"{path}{k}")
            daemon.wait_for(b"\tup\t", count)
        yield "start by a message, µs", taken[0] / count * 1e6


def connected(binary, n):
    with Subject(binary) as daemon:
        before, others = daemon.dirty(), []
        for _ in range(n):
            others.append(socket.socket(socket.AF_UNIX))
            others[-1].connect(f"{daemon.folder.name}/control")
        daemon.ask("service.args\ts\t/bin/true")
        if n >= 100:
            yield "memory, bytes a connection", (daemon.dirty() - before) / n
        lines = 100
        with daemon.measured() as taken:
            daemon.tell([f"service.tags\ts\tk={k}" for k in range(lines)])
        yield "an event to one of them, µs", taken[0] / lines / n * 1e6
        yield "an echo, alone, µs", echo(daemon, 100)
        for other in others:
            other.close()


def steps(most):
    step = 10
    while step < most:
        yield step
        step *= 10
    yield most


# What there are many of: what it is called, how many there may be, and what is measured.
SUBJECTS = {
    "defined": ("services defined", 100_000, defined),
    "running": ("services that run", 10_000, running),
    "pipes": ("pipes", 1000, pipes),
    "descriptors": ("descriptors", 20_000, descriptors),
    "watched": ("descriptors that services wait for", 10_000, watched),
    "connections": ("connections", 1000, connected),
}


def measure(binary, most):
    """Of each subject: its title, and of each figure its values by count. `most` at a time, and of
    descriptors no more than this process may have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    room = hard - OWN
    found = {}
    for key, (title, limit, figures) in SUBJECTS.items():
        curves = {}
        limit = min(limit, room) if key == "descriptors" else limit
        for n in steps(min(limit, most)):
            for figure, value in figures(binary, n):
                curves.setdefault(figure, {})[n] = value
        found[key] = (title, curves)
        print(f"scale: {title}", flush=True)
    return found
