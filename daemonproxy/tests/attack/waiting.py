"""Services that wait for descriptors (`fd:`), which come and go, and which others have, too."""

import contextlib
import os
import random
import resource
import select

from target import Target, eventually

# Of one command each.
PIECE = b"." * 64


class Ends:
    """A pipe: the daemon has its read end under a name, and we have that end, too."""

    def __init__(self):
        self.read, self.write = os.pipe()
        os.set_blocking(self.write, False)
        self.is_named = False

    def has_data(self):
        poll = select.poll()
        poll.register(self.read, select.POLLIN)
        return any(events & select.POLLIN for _, events in poll.poll(0))

    def send(self):
        if self.write is not None:
            with contextlib.suppress(BlockingIOError):
                os.write(self.write, PIECE)

    def hang_up(self):
        if self.write is not None:
            os.close(self.write)
            self.write = None

    def close(self):
        self.hang_up()
        os.close(self.read)


class Chaos:
    """What is done at random, and what must be so when that is over."""

    def __init__(self, t, count, rng):
        self.t, self.count, self.rng = t, count, rng
        self.pipes = {}
        # What each service waits for.
        self.waits = {}

    def take(self, n):
        """A new pipe gets that name, or the same one under another number."""
        if n not in self.pipes or self.rng.random() < 0.7:
            self.forget(n)
            self.pipes[n] = Ends()
        self.t.ctl.pass_descriptors([self.pipes[n].read], f"fd.take\tp{n}\n".encode())
        self.pipes[n].is_named = True

    def forget(self, n):
        if n in self.pipes:
            self.pipes.pop(n).close()

    def define(self, n):
        other = self.rng.randrange(self.count)
        wanted = self.rng.choice([[n], [n], [n], [other], [n, other]])
        self.waits[n] = wanted
        trigger = ",".join(f"fd:p{fd}" for fd in wanted)
        self.t.ctl.send(
            f"service.args\ts{n}\tdd\tbs=64\tcount=1\tof=/dev/null\tstatus=none",
            f"service.fds\ts{n}\tp{wanted[0]}\tnull\tnull",
            f"service.auto_up\ts{n}\t1\t{trigger}",
        )

    def step(self):
        n, what = self.rng.randrange(self.count), self.rng.random()
        pipe = self.pipes.get(n)
        if what < 0.45:
            if pipe:
                pipe.send()
        elif what < 0.6:
            self.take(n)
        elif what < 0.7:
            # We keep the pipe, and so does a service that reads it.
            self.t.ctl.send(f"fd.delete\tp{n}")
            if pipe:
                pipe.is_named = False
        elif what < 0.8:
            self.define(n)
        elif what < 0.84:
            self.t.ctl.send(f"service.stop\ts{n}\t0")
        elif what < 0.9:
            self.t.ctl.send(f"service.release\ts{n}")
        elif what < 0.94:
            self.t.ctl.send(f"service.auto_up\ts{n}\t-")
            self.waits.pop(n, None)
        elif what < 0.97:
            if pipe:
                pipe.hang_up()
        else:
            self.t.ctl.send(f"service.stop\ts{n}\t0", f"service.delete\ts{n}")

    def missed(self):
        """Services that poll(2) says should run, and that do not."""
        _, seen = self.t.ctl.ask("statedump")
        down = {f[1] for f in seen if f[0] == "service.state" and f[2] == "down"}
        named = {f[1] for f in seen if f[0] == "fd.state"}
        held = {f[1] for f in seen if f[0] == "service.run" and "held" in f}
        triggers = {f[1]: f[3] for f in seen if f[0] == "service.auto_up" and len(f) > 3}

        def is_ready(condition):
            name = condition.removeprefix("fd:")
            pipe = self.pipes.get(int(name[1:]))
            return name in named and pipe is not None and pipe.is_named and pipe.has_data()

        return [
            name
            for name, trigger in triggers.items()
            if name in down - held and all(map(is_ready, trigger.split(",")))
        ]


def random_descriptors(options):
    """They are made, replaced, closed and read at random, and the daemon is upgraded meanwhile."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    count, rounds, steps = options.times(1000), 20, options.times(400)
    try:
        with Target(options.binary, "-q") as t:
            t.ctl.all("conn.features\truns")
            chaos = Chaos(t, count, random.Random(17))
            for n in range(count):
                chaos.take(n)
                chaos.define(n)
                t.ctl.take_in(0)
            t.ctl.trip()
            for n in range(rounds):
                for _ in range(steps):
                    chaos.step()
                    t.ctl.take_in(0)
                if n % 4 == 3:
                    error, _ = t.ctl.ask("upgrade")
                    t.must(error is None, f"an upgrade is refused: {error}")
            t.must(
                eventually(lambda: not chaos.missed(), 30),
                f"poll(2) says that these should run: {chaos.missed()[:5]}",
            )
            ends = t.ctl.lives.ends
            # Nobody else reads what is there, and we still hold it.
            for n in range(count):
                t.ctl.send(f"service.stop\ts{n}\t0", f"fd.delete\tp{n}")
                t.ctl.take_in(0)
            t.stop_all()
            for pipe in chaos.pipes.values():
                pipe.send()
            found = t.at_rest(growth=4096)
            for n in list(chaos.pipes):
                chaos.forget(n)
            return f"{count} services, {rounds * steps} changes, 5 upgrades, {ends} ends", found
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


ATTACKS = {"descriptors: services wait for them": random_descriptors}
