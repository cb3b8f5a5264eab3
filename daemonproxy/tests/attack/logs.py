"""Logs that nobody reads, or for which there is no room."""

import contextlib
import glob
import os
import re
import subprocess
import tempfile

from target import Skip, Target, eventually

# How long an echo may take while a log is stuck, in seconds: far more than it does.
TRIP = 1

# The descriptor that is named, and the one that the daemon opens for itself, which never blocks.
NAMED = 2


def messages(t, count, begin=0):
    """Provokes so many lines in the log, and returns the longest that an answer took."""
    longest = 0
    for n in range(begin, begin + count):
        t.ctl.send(f"service.delete\tnone{n}")
        if n % 100 == 99:
            longest = max(longest, t.ctl.trip())
    return max(longest, t.ctl.trip())


def accounted(t, text, count):
    """Every message is in the log, or counted as lost there. Each refusal is two."""
    there = len(re.findall(r"^error: ", text, re.M))
    lost = sum(map(int, re.findall(r"lost (\d+) log messages", text)))
    t.must(
        there + lost == 2 * count,
        f"of {2 * count} messages {there} are in the log, and {lost} are said to be lost",
    )
    return there, lost


def unread(t, path):
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    t.ctl.all("fd.open\tlog\twrite,nonblock\t" + path, "log.dest\tfd\tlog")
    return reader


def blocked(options):
    """A FIFO whose reader does not read, and then does."""
    count = options.times(20_000)
    with Target(options.binary) as t:
        reader = unread(t, f"{t.folder.name}/fifo")
        t.must(messages(t, count) < TRIP, "answers take longer while the log is stuck")
        text = b""

        def read():
            nonlocal text
            with contextlib.suppress(BlockingIOError):
                text += os.read(reader, 1 << 20)
            return b"none%d\n" % count in text

        eventually(lambda: not read() and len(text) > 4096, 10)
        messages(t, 1, count)
        t.must(eventually(read, 10), "the log does not go on when it is read again")
        there, lost = accounted(t, text.decode(), count + 1)
        amount = f"{count} messages: {there} written, {lost} counted as lost"
        return amount, t.at_rest(descriptors=NAMED)


def without_reader(options):
    """A FIFO whose reader is gone for ever."""
    count = options.times(20_000)
    with Target(options.binary) as t:
        os.close(unread(t, f"{t.folder.name}/fifo"))
        t.must(messages(t, count) < TRIP, "answers take longer")
        return f"{count} messages", t.at_rest(descriptors=1)


def full(options):
    """/dev/full as its log."""
    count = options.times(20_000)
    with Target(options.binary) as t:
        t.ctl.all("fd.open\tlog\twrite\t/dev/full", "log.dest\tfd\tlog")
        t.must(messages(t, count) < TRIP, "answers take longer")
        t.retries_rarely()
        t.ctl.all("fd.delete\tlog")
        return f"{count} messages to /dev/full", t.at_rest()


@contextlib.contextmanager
def small_disk(size):
    if os.getuid() != 0:
        raise Skip("only root can mount a small disk")
    with tempfile.TemporaryDirectory() as folder:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "attack", folder]
        if subprocess.run(mount, stderr=subprocess.DEVNULL, check=False).returncode:
            raise Skip("nothing can be mounted here")
        try:
            yield folder
        finally:
            subprocess.run(["umount", "-l", folder], check=False)


def full_disk(options):
    """The daemon's log on a disk that is full, and then has room again."""
    count = options.times(20_000)
    with small_disk(65536) as disk, Target(options.binary) as t:
        t.ctl.all(f"fd.open\tlog\tappend,create\t{disk}/log", "log.dest\tfd\tlog")
        t.must(messages(t, count) < TRIP, "answers take longer")
        t.retries_rarely()
        first = read(f"{disk}/log")
        os.truncate(f"{disk}/log", 0)
        eventually(lambda: "lost" in read(f"{disk}/log"), 10)
        messages(t, 1, count)
        t.must(
            eventually(lambda: f"none{count}" in read(f"{disk}/log"), 10),
            "it does not go on",
        )
        there, lost = accounted(t, first + read(f"{disk}/log"), count + 1)
        found = t.at_rest(descriptors=1)
        return f"{count} messages: {there} written, {lost} counted as lost", found


def logger_full_disk(options):
    """What services write, to a disk that is full and then has room again."""
    lines = options.times(50_000)
    with small_disk(262144) as disk, Target(options.binary, "-q") as t:
        t.ctl.all(
            "service.args\tw\tsh\t-c\tsleep 0.5; "
            f"seq -f 'line %.0f of many' {lines}; exec sleep 1000",
            f"service.pipe\tw\t1,2\t{options.logger}\t{disk}/w",
        )
        t.ctl.start("w")
        current = f"{disk}/w/current"
        eventually(lambda: os.path.exists(current) and not os.statvfs(disk).f_bavail, 20)
        mount = ["mount", "-o", "remount,size=64m", disk]
        if subprocess.run(mount, stderr=subprocess.DEVNULL, check=False).returncode:
            raise Skip("the disk cannot be made larger")
        came, dropped = 0, 0

        def all_accounted():
            nonlocal came, dropped
            text = logged(disk)
            came = len(re.findall(r"line \d+ of many", text))
            dropped = sum(map(int, re.findall(r"dropped (\d+) lines", text)))
            return came + dropped == lines

        t.must(
            eventually(all_accounted, 30),
            f"of {lines} lines {came} came, and {dropped} are said to be dropped",
        )
        t.stop_all()
        for name in t.ctl.ask("statedump")[1]:
            if name[0] == "fd.state" and name[2] == "pipe":
                t.ctl.ask(f"fd.delete\t{name[1]}")
        return f"{lines} lines: {came} written, {dropped} counted as dropped", t.at_rest()


def logged(disk):
    names = sorted(name for name in glob.glob(f"{disk}/w/*") if os.path.basename(name)[0] == "@")
    return "".join(read(name) for name in [*names, f"{disk}/w/current"])


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


ATTACKS = {
    "log: a reader that does not read": blocked,
    "log: a FIFO without reader": without_reader,
    "log: /dev/full": full,
    "log: a full disk": full_disk,
    "daemonproxy-log: a full disk": logger_full_disk,
}
