"""The controller is killed, again and again, while services start and die."""

import os
import signal
import time

from target import Target

# It talks all the time, and half a line is always under way when it dies.
CONTROLLER = (
    "while :; do printf 'echo\\tone\\necho\\tt'; printf 'wo\\nstatedump\\necho\\thalf'; "
    "read -r line; echo; done"
)


def killed(options):
    """kill -9 of a controller that is a service."""
    kills, services = options.times(1000), 200
    with Target(options.binary, "-q") as t:
        ctl = t.ctl
        ctl.all(f"service.args\tctl\tsh\t-c\t{CONTROLLER}")
        ctl.all("service.fds\tctl\tcontrol.event\tcontrol.cmd\tnull")
        ctl.all(*(f"service.args\ts{n}\tsleep\t{0.1 + n % 40 / 20}" for n in range(services)))
        ctl.send("service.start\tctl", *(f"service.start\ts{n}" for n in range(services)))
        done, alive, begin = 0, None, time.monotonic()
        while done < kills:
            fields = ctl.next()
            if fields[0] != "service.state":
                continue
            _, name, state, _, pid, *_ = fields
            if state == "up" and name == "ctl":
                alive = int(pid)
            elif state == "down" and pid != "-":
                if name == "ctl":
                    done += 1
                    if fields[5:7] != ["signal", "SIGKILL"]:
                        t.found.append(f"the controller ended by itself: {fields}")
                        break
                ctl.send(f"service.start\t{name}")
            if alive and time.monotonic() - begin > done * 0.02:
                os.kill(alive, signal.SIGKILL)
                alive = None
        ends = ctl.lives.ends
        t.stop_all()
        return f"{done} kills, {ends} ends of {services} services", t.at_rest()


def vanishing(options):
    """Connections that ask for a lot and are gone, some with a half line or unread answers."""
    rounds = options.times(3000)
    with Target(options.binary, "-q") as t:
        t.ctl.all(*(f"service.args\ts{n}\tsleep\t1000" for n in range(100)))
        for n in range(rounds):
            other = t.connect()
            other.send(
                "conn.features\truns\tsettings",
                *["statedump"] * (n % 4),
                "conn.timer\tt\t1000",
                "@a\techo",
            )
            other.socket.send(b"service.args\thalf"[: n % 16])
            other.close()
            if n % 100 == 0:
                t.ctl.trip()
        t.stop_all()
        return f"{rounds} connections", t.at_rest()


ATTACKS = {"controller: kill -9": killed, "controller: connects and vanishes": vanishing}
