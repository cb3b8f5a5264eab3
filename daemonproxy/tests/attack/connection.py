"""A connection to the control socket of a daemon, and what it must hear of services."""

import array
import select
import socket
import time

PATIENCE = 60


class Lives:
    """What is told of services: each is up once at a time, and every run ends once."""

    def __init__(self):
        self.up, self.ends, self.found, self.missed = {}, 0, [], False

    def told(self, fields):
        if fields[0] == "overflow":
            self.missed = True
        if fields[0] != "service.state" or self.missed:
            return
        name, state, pid = fields[1], fields[2], fields[4]
        if state == "up":
            if self.up.get(name, pid) != pid:
                self.found.append(f"{name} runs twice: {self.up[name]} and {pid}")
            self.up[name] = pid
        elif state == "down" and pid != "-":
            if self.up.pop(name, None) is None:
                return  # a dump says it once more, as does the end of a stop
            self.ends += 1
        elif state in ("down", "start") and name in self.up:
            self.found.append(f"the end of {name}, {self.up.pop(name)}, was not told")


class Connection:
    """Sends lines, and hears events."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.rest, self.lines, self.lives, self.tags = b"", [], Lives(), 0

    def send(self, *commands):
        self.socket.sendall("".join(f"{command}\n" for command in commands).encode())

    def pass_descriptors(self, fds, data):
        self.socket.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))])

    def take_in(self, patience=PATIENCE):
        """Whatever there is; False if nothing came in that time."""
        if not select.select([self.socket], [], [], patience)[0]:
            return False
        data = self.socket.recv(1 << 18)
        if not data:
            raise EOFError("the daemon has closed the connection")
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            fields = line.decode(errors="replace").split("\t")
            self.lives.told(fields)
            self.lines.append(fields)
        return True

    def next(self, patience=PATIENCE):
        """The fields of the next event."""
        end = time.monotonic() + patience
        while not self.lines:
            if not self.take_in(max(0, end - time.monotonic())):
                raise TimeoutError(f"no event within {patience} s")
        return self.lines.pop(0)

    def until(self, wanted, patience=PATIENCE):
        """All events up to the one that `wanted` says yes to."""
        end, seen = time.monotonic() + patience, []
        while True:
            seen.append(self.next(max(0, end - time.monotonic())))
            if wanted(seen[-1]):
                return seen

    def ask(self, command, patience=PATIENCE):
        """Carries out one command: the name of its error, or None; and the events until then."""
        self.tags += 1
        tag = f"t{self.tags}"
        self.send(f"@{tag}\t{command}")
        seen = self.until(lambda fields: fields[0] == "done" and fields[1] == tag, patience)
        return (seen[-1][2] if len(seen[-1]) > 2 else None), seen

    def all(self, *commands):
        """Carries out many, of which none may fail."""
        for command in commands:
            error, _ = self.ask(command)
            if error:
                raise OSError(f"{command!r} is refused: {error}")

    def trip(self):
        """Seconds that an echo takes."""
        begin = time.monotonic()
        self.ask("echo\tthere")
        return time.monotonic() - begin

    def services(self):
        """Pids of those that are up, as a dump says it, by their names."""
        _, seen = self.ask("statedump")
        states = {fields[1]: fields for fields in seen if fields[0] == "service.state"}
        return {name: int(fields[4]) for name, fields in states.items() if fields[2] == "up"}

    def start(self, name):
        """The pid of its new process."""
        error, seen = self.ask(f"service.start\t{name}")
        ups = [fields for fields in seen if fields[:3] == ["service.state", name, "up"]]
        if error or not ups:
            raise OSError(f"{name} does not start: {error or seen}")
        return int(ups[-1][4])

    def ended(self, name, patience=PATIENCE):
        return self.until(
            lambda f: f[:3] == ["service.state", name, "down"] and f[4] != "-", patience
        )[-1]

    def close(self):
        self.socket.close()
