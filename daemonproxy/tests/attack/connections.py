"""Many connections, and those that send too much, too little, or what nobody asked for."""

import os
import resource
import socket

import proc
from target import Target, eventually


def many(options):
    """All hear everything. Twice: what the first ones took is kept, but no more."""
    count = options.times(300)
    with Target(options.binary, "-q") as t:
        t.ctl.all("service.args\tw\ttrue")
        for turn in range(2):
            others = [t.connect() for _ in range(count)]
            for other in others:
                other.trip()
            for _ in range(10):
                t.ctl.start("w")
                t.ctl.ended("w")
            for other in others:
                other.trip()
                t.must(
                    other.lives.ends == 10,
                    f"a connection has heard of {other.lives.ends} ends, not 10",
                )
                other.close()
            t.ctl.trip()
            if turn == 0:
                eventually(t.sleeps, 10)
                t.must(
                    proc.dirty(t.pid) - t.before[1] < 4 * count + 256,
                    "a connection takes more than 4 kB",
                )
                t.before = (t.before[0], proc.dirty(t.pid))
        t.stop_all()
        return f"{count} connections, twice, 10 runs", t.at_rest(growth=64)


def flood(options):
    """Commands without end from some who never read, while others are answered."""
    count, lines = options.times(50), b"statedump\nservice.args\tx\ty\nnonsense\techo\n" * 400
    with Target(options.binary, "-q") as t:
        t.ctl.all(*(f"service.args\ts{n}\tsleep\t1000" for n in range(100)))
        others, sent, longest = [t.connect() for _ in range(count)], 0, 0
        for other in others:
            other.socket.setblocking(False)
        for _ in range(20):
            for other in others:
                try:
                    sent += other.socket.send(lines)
                except BlockingIOError:
                    pass
            longest = max(longest, t.ctl.trip())
        t.must(longest < 5, f"an answer took {longest:.1f} s")
        for other in others:
            other.close()
        t.stop_all()
        return f"{count} connections, {sent >> 10} KiB, {longest * 1e3:.0f} ms at most", t.at_rest(
            growth=4096
        )


def half_lines(options):
    """Lines byte by byte, lines that never end, NULs, and lines longer than any may be."""
    count = options.times(300)
    with Target(options.binary, "-q") as t:
        for n in range(count):
            other = t.connect()
            kind = n % 4
            if kind == 0:
                for byte in b"@half\techo\tslowly\n":
                    other.socket.sendall(bytes([byte]))
                other.until(lambda fields: fields == ["done", "half"])
            elif kind == 1:
                other.socket.sendall(b"echo\t" + b"x" * (100 * n))
            elif kind == 2:
                other.socket.sendall(
                    bytes(range(256)) * 8 + b"\n\0\n\n\t\n@\n@\t\n@a\n" + b"@a\t" * 300 + b"\n"
                )
            else:
                other.socket.sendall(b"x" * 70_000 + b"\n@after\techo\n")
                other.until(lambda fields: fields[:2] == ["done", "after"])
            other.close()
        t.ctl.trip()
        return f"{count} connections", t.at_rest()


def descriptor_bombs(options):
    """As many descriptors as a message holds, that belong to no command."""
    count = options.times(300)
    with Target(options.binary, "-q") as t:
        null = os.open("/dev/null", os.O_RDONLY)
        passed = 0
        for n in range(count):
            other = t.connect()
            try:
                for data in (b"e", b"cho\tx\n", b"fd.take\tmine\n", b"nonsense\n", b"@t\techo\n"):
                    other.pass_descriptors([null] * (253 if n % 2 else 2), data)
                    passed += 253 if n % 2 else 2
                other.until(lambda fields: fields[:2] == ["done", "t"], 10)
            except (EOFError, ConnectionError):
                pass  # who sends too many may be thrown out
            other.close()
            if n % 50 == 0:
                t.ctl.trip()
        os.close(null)
        t.ctl.ask("fd.delete\tmine")
        # A socket inside a socket inside a socket, of which one end is thrown away unread.
        for _ in range(20):
            a, b = socket.socketpair()
            c, d = socket.socketpair()
            socket.send_fds(a, [b"x"], [c.fileno(), b.fileno()])
            t.ctl.pass_descriptors([b.fileno(), d.fileno()], b"echo\tnested\n")
            for one in (a, b, c, d):
                one.close()
        t.ctl.trip()
        return f"{passed} descriptors in {count} connections", t.at_rest()


def too_many(options):
    """More connections than it may have descriptors for."""
    count = max(100, options.times(300))
    with Target(options.binary, "-q") as t:
        usual = resource.prlimit(t.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(t.pid, resource.RLIMIT_NOFILE, (64, usual[1]))
        others = []
        for _ in range(count):
            other = socket.socket(socket.AF_UNIX)
            other.setblocking(False)
            try:
                other.connect(t.socket)
            except BlockingIOError:
                pass
            others.append(other)
        t.must(
            eventually(lambda: len(proc.descriptors(t.pid)) >= 63, 10),
            "it does not take what it can",
        )
        t.ctl.trip()
        t.retries_rarely()
        for other in others:
            other.close()
        resource.prlimit(t.pid, resource.RLIMIT_NOFILE, usual)
        t.connect().close()
        return f"{count} connections, room for 64", t.at_rest(growth=512)


ATTACKS = {
    "connections: many": many,
    "connections: floods": flood,
    "connections: half lines": half_lines,
    "connections: descriptor bombs": descriptor_bombs,
    "connections: no descriptor for them": too_many,
}
