"""Every signal that ends a process, under --exit-exec."""

import os
import signal

import proc
from target import Target, eventually

RESCUE = "/bin/sh\t-c\techo $$ $DAEMONPROXY_EXITCODE $DAEMONPROXY_ERROR > rescued; exec sleep 1000"
CRASHES = [
    signal.SIGSEGV,
    signal.SIGBUS,
    signal.SIGFPE,
    signal.SIGILL,
    signal.SIGABRT,
    signal.SIGTRAP,
    signal.SIGSYS,
]
OTHERS = [
    signal.SIGALRM,
    signal.SIGXCPU,
    signal.SIGVTALRM,
    signal.SIGPROF,
    signal.SIGIO,
    signal.SIGPWR,
    signal.SIGSTKFLT,
    signal.SIGRTMIN,
    signal.SIGRTMAX,
]


def crash(options, signals, busy):
    with Target(options.binary, "-q", "-E", RESCUE) as t:
        t.ctl.all(*(f"service.args\ts{n}\tsleep\t1000" for n in range(5)))
        pids = {t.ctl.start(f"s{n}") for n in range(5)}
        reader = None
        if busy:
            # A log that is stuck, and a controller that does not read and has sent much.
            os.mkfifo(f"{t.folder.name}/fifo")
            reader = os.open(f"{t.folder.name}/fifo", os.O_RDONLY | os.O_NONBLOCK)
            t.ctl.all(
                f"fd.open\tlog\twrite,nonblock\t{t.folder.name}/fifo",
                "log.dest\tfd\tlog",
                "log.filter\tnone",
            )
            other = t.connect()
            other.socket.setblocking(False)
            try:
                while True:
                    other.socket.send(b"statedump\nnonsense\n" * 100)
            except BlockingIOError:
                pass
        os.kill(t.pid, signal.SIGSTOP)
        eventually(lambda: proc.stat(t.pid)[0] == "T")
        for number in signals:
            os.kill(t.pid, number)
        os.kill(t.pid, signal.SIGCONT)
        path = f"{t.folder.name}/rescued"
        here = eventually(lambda: os.path.exists(path) and os.path.getsize(path), 10)
        if t.must(here, f"nothing is executed after {[int(one) for one in signals]}"):
            with open(path, encoding="utf-8") as file:
                pid = int(file.read().split()[0])
            t.must(pid == t.pid, "it is another process")
            living, _ = proc.children(t.pid)
            t.must(living >= pids, f"services are gone after {[int(one) for one in signals]}")
        if reader is not None:
            os.close(reader)
        return t.found


def every(options):
    found, amount = [], 0
    for others in ([], [signal.SIGTERM, signal.SIGHUP], [signal.SIGSEGV, *OTHERS]):
        for number in CRASHES + OTHERS:
            for busy in (False, True):
                found += crash(options, [number, *others], busy)
                amount += 1
    return f"{amount} crashes, half of them with full pipes", found


ATTACKS = {"crash: every signal": every}
