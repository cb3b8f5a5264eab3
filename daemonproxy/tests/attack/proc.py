"""What the kernel says of processes."""

import os
import pathlib
import re


def text(pid, name):
    try:
        return pathlib.Path(f"/proc/{pid}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def stat(pid):
    """State, parent and group, or nothing if there is none."""
    fields = text(pid, "stat").rpartition(")")[2].split()
    return (fields[0], int(fields[1]), int(fields[2])) if fields else None


def everybody():
    """Of each process: pid, state, parent and group."""
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            found = stat(entry)
            if found:
                yield int(entry), *found


def children(pid):
    """Those that live, and those that wait to be reaped."""
    pids = text(pid, f"task/{pid}/children").split()
    states = [(int(child), stat(child)) for child in pids]
    living = {child for child, state in states if state and state[0] not in "ZX"}
    return living, {child for child, state in states if state and state[0] in "ZX"}


def group(pgid):
    """Those of a process group that live."""
    return {pid for pid, state, _, its in everybody() if its == pgid and state not in "ZX"}


def descriptors(pid):
    return {int(fd): os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")}


def dirty(pid):
    """Its own memory, in kB."""
    return sum(
        int(size) for size in re.findall(r"Private_Dirty:\s+(\d+)", text(pid, "smaps_rollup"))
    )


def size(pid):
    """Its address space, in bytes."""
    return int(re.search(r"VmSize:\s+(\d+)", text(pid, "status"))[1]) << 10


def computed(pid):
    """Nanoseconds on a processor."""
    return int(text(pid, "schedstat").split()[0])


def wake_ups(pid):
    return int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", text(pid, "status"), re.M)[1])
