#!/usr/bin/env python3
"""What the logger costs, side by side with svlogd, s6-log and multilog, and with `cat > FILE`,
which is the least that could do the same work.

usage: bench.py DAEMONPROXY_LOG [RUNS]

Lines of three lengths go from a file through `cat` and a pipe into each of them, and then lines
that are written one by one, as services do. All files are in memory (/dev/shm), so that nobody
waits for a disk, and nobody asks for one (no --sync; the others sync when they rotate, which is
nothing there). All rotate at 10 MiB.

The programs take turns, RUNS times (5): what is shown is the best speed, and the median of the
seconds of the processor. Below each table stands how the best of the others compares with ours: the
median of the ratios of runs that followed each other, which a busy machine changes little. Nothing
is decided here: the exit status is 0 whatever the figures are. A program that is not installed
(Debian: runit, s6, daemontools) is left out, and that is said.
"""
import array
import fcntl
import operator
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import termios
import time

RUNS = 5
BYTES = 50_000_000
LENGTHS = (40, 200, 4000)
SIZE = 10 << 20
PATIENCE = 60
OURS = "daemonproxy-log"


def svlogd(*options):
    def command(folder):
        (folder / "config").write_text(f"s{SIZE}\nn2\n")
        # A buffer for the longest line there is here; it would cut lines, and be slower, without.
        return ["svlogd", "-l", "8000", "-b", "8192", *options, folder]
    return command


def s6_log(*time_format):
    return lambda folder: ["s6-log", f"s{SIZE}", "n2", *time_format, folder]


def multilog(*time_format):
    return lambda folder: ["multilog", *time_format, f"s{SIZE}", "n2", folder]


def ours(program, time_format):
    options = ["--size", str(SIZE), "--keep", "2", "--time", time_format]
    return lambda folder: [program, *options, folder]


def contestants(program):
    """Kind of time, name, how to start it; the kind decides who is compared with whom."""
    everybody = [
        ("iso", OURS, "--time iso", ours(program, "iso")),
        ("iso", "svlogd", "-ttt", svlogd("-ttt")),
        ("iso", "s6-log", "T", s6_log("T")),
        ("tai64n", OURS, "--time tai64n", ours(program, "tai64n")),
        ("tai64n", "svlogd", "-t", svlogd("-t")),
        ("tai64n", "s6-log", "t", s6_log("t")),
        ("tai64n", "multilog", "t", multilog("t")),
        ("none", OURS, "--time none", ours(program, "none")),
        ("none", "svlogd", "", svlogd()),
        ("none", "s6-log", "", s6_log()),
        ("none", "multilog", "", multilog()),
        ("-", "cat", "> FILE", lambda folder: ["sh", "-c", f"exec cat > {folder}/plain"]),
    ]
    names = {name for _, name, _, _ in everybody if name != OURS}
    missing = sorted(name for name in names if not shutil.which(name))
    for name in missing:
        print(f"{name}: left out, because it is not installed")
    return [it for it in everybody if it[1] not in missing]


def fresh(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def measure(command, feeder):
    """Seconds from the start to the end, and seconds of the processor."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdin=feeder.stdout, stderr=subprocess.DEVNULL)
    feeder.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begin
    feeder.wait()
    if status:
        raise SystemExit(f"{command}: status {status}")
    return seconds, usage.ru_utime + usage.ru_stime


def memory(command, folder):
    """kB when it has had something to do: resident, private, and private and written to. Two of a
    kind run, for each service has its own: what these have in common is not private."""
    processes = []
    for at in range(2):
        own = fresh(folder / str(at))
        process = subprocess.Popen(command(own), stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        process.stdin.write(b"".join(b"%d\n" % number for number in range(300_000)))
        process.stdin.flush()
        wait_until_read(process.stdin)
        processes.append(process)
    # Pages of a file that was written a moment ago count as dirty until they are on the disk.
    os.sync()
    text = pathlib.Path(f"/proc/{processes[1].pid}/smaps_rollup").read_text()
    for process in processes:
        process.stdin.close()
        process.wait()
    found = re.findall(r"^(\w+):\s+(\d+) kB$", text, re.MULTILINE)
    kilobytes = {key: int(value) for key, value in found}
    dirty = kilobytes["Private_Dirty"]
    return kilobytes["Rss"], kilobytes["Private_Clean"] + dirty, dirty


def wait_until_read(pipe):
    left, deadline = array.array("i", [1]), time.monotonic() + PATIENCE
    while left[0] and time.monotonic() < deadline:
        fcntl.ioctl(pipe, termios.FIONREAD, left)
        time.sleep(0.05)


def memories(all_of_them, folder):
    print(f"\n{'kB of memory':28} {'resident':>9} {'private':>9} {'of it written to':>17}")
    for _, name, options, command in all_of_them:
        resident, private, dirty = memory(command, fresh(folder))
        print(f"{name + ' ' + options:28} {resident:9} {private:9} {dirty:17}")


def table(title, all_of_them, folder, runs, count, feed):
    """Each in its turn, and the table of what came of it."""
    seconds, cpu = [[] for _ in all_of_them], [[] for _ in all_of_them]
    size = 0
    for _ in range(runs):
        for at, (_, _, _, command) in enumerate(all_of_them):
            feeder, size = feed()
            one = measure(command(fresh(folder)), feeder)
            seconds[at].append(one[0])
            cpu[at].append(one[1])
    print(f"\n{title:28} {'million lines/s':>16} {'MB/s':>6} {'CPU s per GB':>13}")
    for at, (_, name, options, _) in enumerate(all_of_them):
        best, used = min(seconds[at]), statistics.median(cpu[at])
        lines, rate, per_gb = count / best / 1e6, size / best / 1e6, used / size * 1e9
        print(f"{name + ' ' + options:28} {lines:16.2f} {rate:6.0f} {per_gb:13.2f}")
    for kind in ("iso", "tai64n", "none"):
        compare(kind, all_of_them, seconds, cpu)


def compare(kind, all_of_them, seconds, cpu):
    """The fastest of the others next to ours."""
    here = [at for at, it in enumerate(all_of_them) if it[0] == kind]
    own = next(at for at in here if all_of_them[at][1] == OURS)
    others = [at for at in here if at != own]
    if not others:
        return

    def least(figures):
        """The smallest ratio of what another one needs to what ours needs, and whose it is."""
        ratios = [(statistics.median(map(operator.truediv, figures[at], figures[own])), at)
                  for at in others]
        ratio, at = min(ratios)
        return f"{all_of_them[at][1]} {ratio:.1f} times"

    print(f"time {kind}: the best of the others takes: {least(seconds)} as long, "
          f"{least(cpu)} the processor")


ONE_BY_ONE = """
import os
line = b"x" * 199 + b"\\n"
for _ in range(100_000):
    os.write(1, line)
"""


def main(program, runs=RUNS):
    where = "/dev/shm" if os.path.isdir("/dev/shm") else None
    folder = pathlib.Path(tempfile.mkdtemp(dir=where))
    try:
        source, out = folder / "source", folder / "out"
        all_of_them = contestants(program)
        memories(all_of_them, out)
        for length in LENGTHS:
            count = BYTES // length
            source.write_bytes((b"x" * (length - 1) + b"\n") * count)

            def feed(count=count, length=length):
                return subprocess.Popen(["cat", source], stdout=subprocess.PIPE), count * length
            table(f"{length} bytes a line", all_of_them, out, runs, count, feed)

        def one_by_one():
            command = [sys.executable, "-S", "-c", ONE_BY_ONE]
            return subprocess.Popen(command, stdout=subprocess.PIPE), 200 * 100_000
        table("200 bytes, one by one", all_of_them, out, runs, 100_000, one_by_one)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 3:
        raise SystemExit(__doc__)
    main(os.path.abspath(sys.argv[1]), *map(int, sys.argv[2:]))
