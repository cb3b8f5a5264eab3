#!/usr/bin/env python3
"""How many events a second, how long an import takes, and whether memory stays: bench.py [MILLIONS]

The events are those of a busy daemon: services that start, run and end, with some tags in between.
They are compared with the least that a program can do, `readline().split("\\t")`. MILLIONS (10) is
how many events the measurement of memory uses.
"""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from typing import Literal

import daemonproxy
from daemonproxy.events import Event


def lines(count: int) -> bytes:
    shapes = (
        "service.state\tweb-{0}\tstart\t{1}\t-\t-\t-\t-\t-\n",
        "service.state\tweb-{0}\tup\t{1}\t{2}\t-\t-\t0\t-\n",
        "service.tags\tweb-{0}\trole=frontend\tn={1}\n",
        "service.state\tweb-{0}\tdown\t{1}\t{2}\texit\t1\t5\t0\n",
    )
    return "".join(shapes[n % 4].format(n // 4 % 100, n // 1000, 1000 + n // 4) for n in range(count)).encode()


def measure(what: str, count: int, run: Callable[[], object]) -> float:
    best = min(timed(run) for _ in range(3))
    print(f"{what:48} {count / best:12,.0f} events/s")
    return count / best


def timed(run: Callable[[], object]) -> float:
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin


def readline_loop(data: bytes) -> None:
    file = io.TextIOWrapper(io.BufferedReader(io.BytesIO(data)))
    while line := file.readline():
        line.rstrip("\n").split("\t")


def through_controller(
    data: bytes, callback: Callable[[Event], object] | None, event: Literal["*", "service.tags"] = "*"
) -> None:
    """All the way: a pipe, the view, and a callback."""
    read, write = os.pipe()

    def feed() -> None:
        with open(write, "wb") as file:
            file.write(data)

    thread = threading.Thread(target=feed)
    thread.start()
    ctl = daemonproxy.Controller(read, 1, resync=False, observer=False)
    if callback is not None:
        ctl.on(event)(callback)
    ctl.run()
    thread.join()
    os.close(read)


def nothing(event: Event) -> None:
    """The callback: a real one adds its own cost."""


def import_time() -> float:
    """Milliseconds, as when installed: Python keeps its compiled code."""
    program = "import time; t = time.perf_counter(); import daemonproxy; print((time.perf_counter() - t) * 1000)"
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as cache:
        env["PYTHONPYCACHEPREFIX"] = cache
        return min(float(subprocess.check_output([sys.executable, "-c", program], env=env)) for _ in range(10))


def resident_kib() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize() // 1024


def memory(millions: int) -> None:
    """The same bytes repeatedly, parsed, put into the view and made into Python events."""
    data = lines(50000)
    pieces = [data[at : at + 65536] for at in range(0, len(data), 65536)]
    ctl = daemonproxy.Controller(os.open(os.devnull, os.O_RDONLY), 1, resync=False, observer=False)
    ctl.on("service.state", state="deleted")(print)
    session = ctl._session
    first = 0
    for turn in range(millions * 20):
        for piece in pieces:
            session.view.feed(piece)
            while session.step():
                event = session.queue.take()
                if event is not None:
                    session.receivers(event)
        if turn == 19:
            first = resident_kib()
    print(f"{f'memory after 1 and after {millions} million events':48} {first:,} KiB, {resident_kib():,} KiB")


def main() -> None:
    count = 400000
    data = lines(count)
    print(f"Python {sys.version.split()[0]}, {count:,} events, {len(data) / count:.0f} bytes each")
    loop = measure('readline().split("\\t")', count, lambda: readline_loop(data))
    view = measure("StateView.apply: parse and view", count, lambda: daemonproxy.StateView().apply(data))
    print(f"{'':48} {view / loop:12.1f} times the loop")
    measure("Controller: pipe, parse and view", count, lambda: through_controller(data, None))
    measure("Controller: and a callback for 1 in 4", count, lambda: through_controller(data, nothing, "service.tags"))
    measure("Controller: and a callback for each", count, lambda: through_controller(data, nothing))
    print(f"{'import daemonproxy':48} {import_time():12.1f} ms")
    memory(int(sys.argv[1]) if len(sys.argv) > 1 else 10)


if __name__ == "__main__":
    main()
