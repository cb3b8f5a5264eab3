#!/usr/bin/env python3
"""What the logger costs, next to `cat > FILE`, which is the least that could do the same work.

usage: bench.py DAEMONPROXY_LOG

Lines of three lengths go from a file through `cat` and a pipe; all files are in memory (/dev/shm). Each figure
is the best of some runs. Nothing is decided here: the exit status is 0 whatever the figures are.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

RUNS = 5
BYTES = 100_000_000


def measure(command, source):
    """Seconds from the start to the end, and seconds of the processor."""
    best = (float("inf"), 0.0)
    for _ in range(RUNS):
        feeder = subprocess.Popen(["cat", source], stdout=subprocess.PIPE)
        begin = time.monotonic()
        process = subprocess.Popen(command, stdin=feeder.stdout)
        feeder.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        best = min(best, (time.monotonic() - begin, usage.ru_utime + usage.ru_stime))
        feeder.wait()
        if status:
            raise SystemExit(f"{command}: status {status}")
    return best


def memory(program, folder):
    """kB that are its own and written to, when it has had something to do."""
    process = subprocess.Popen([program, folder / "memory"], stdin=subprocess.PIPE)
    process.stdin.write(b"".join(b"%d\n" % number for number in range(300_000)))
    process.stdin.flush()
    current = folder / "memory/current"
    while not current.exists() or b" 299999\n" not in current.read_bytes()[-100:]:
        time.sleep(0.01)
    os.sync()
    text = pathlib.Path(f"/proc/{process.pid}/smaps_rollup").read_text()
    process.stdin.close()
    process.wait()
    return int(re.search(r"^Private_Dirty:\s+(\d+) kB$", text, re.MULTILINE)[1])


def main(program):
    where = "/dev/shm" if os.path.isdir("/dev/shm") else None
    folder = pathlib.Path(tempfile.mkdtemp(dir=where))
    try:
        print(f"daemonproxy-log: private dirty memory {memory(program, folder)} kB (less than 100)")
        print("bytes a line   what             million lines/s   MB/s   CPU seconds per GB")
        for length in (40, 200, 4000):
            source, out = folder / "source", folder / "out"
            count = BYTES // length
            source.write_bytes((b"x" * (length - 1) + b"\n") * count)
            for what, command in {
                "cat > FILE": ["sh", "-c", f"exec cat > {folder}/plain"],
                "with the time": [program, "--keep", "1", out],
                "--time none": [program, "--keep", "1", "--time", "none", out],
            }.items():
                seconds, cpu = measure(command, source)
                lines, rate, per_gb = count / seconds / 1e6, BYTES / seconds / 1e6, cpu / BYTES * 1e9
                print(f"{length:12}   {what:15} {lines:16.2f} {rate:6.0f} {per_gb:20.2f}")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(os.path.abspath(sys.argv[1]))
