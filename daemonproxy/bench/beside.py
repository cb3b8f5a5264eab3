"""The same services under other supervisors, as far as they are installed.

The program of the same name in C, which this one takes the place of, is where ORIGINAL says.
"""

import contextlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

PATIENCE = 120
COUNTS = [1, 10, 100, 1000]
VARIABLE = "BESIDE"
ORIGINAL = os.environ.get("ORIGINAL", "the original")


def script(folder):
    """What each service does: it says that it is there, and sleeps."""
    return f"echo $$ >> {folder}/started; exec sleep 100000"


def directories(folder, count):
    for n in range(count):
        os.makedirs(f"{folder}/sv/s{n}")
        run = pathlib.Path(f"{folder}/sv/s{n}/run")
        run.write_text(f"#!/bin/sh\n{script(folder)}\n")
        run.chmod(0o755)
    return f"{folder}/sv"


def daemonproxy(folder, count, binary):
    lines = "".join(
        f"service.args\ts{n}\tsh\t-c\t{script(folder)}\nservice.auto_up\ts{n}\t1\talways\n"
        for n in range(count)
    )
    pathlib.Path(f"{folder}/config").write_text(lines)
    return [binary, "-q", "-c", f"{folder}/config"], signal.SIGTERM


def original(folder, count, _):
    return daemonproxy(folder, count, ORIGINAL)


def runit(folder, count, _):
    return ["runsvdir", directories(folder, count)], signal.SIGHUP


def s6(folder, count, _):
    command = ["s6-svscan", "-c", str(max(500, count + 10)), directories(folder, count)]
    return command, signal.SIGTERM


def daemontools(folder, count, _):
    return ["svscan", directories(folder, count)], None


def supervisord(folder, count, _):
    programs = "".join(
        f"[program:s{n}]\ncommand=sh -c '{script(folder)}'\nautorestart=true\nstartsecs=0\n"
        "stdout_logfile=NONE\nstderr_logfile=NONE\n"
        for n in range(count)
    )
    head = (
        "[supervisord]\nnodaemon=true\nlogfile=/dev/null\nlogfile_maxbytes=0\n"
        f"pidfile={folder}/pid\nminfds=8192\n"
    )
    pathlib.Path(f"{folder}/conf").write_text(head + programs)
    return ["supervisord", "-c", f"{folder}/conf"], signal.SIGTERM


def dinit(folder, count, _):
    os.makedirs(f"{folder}/d")
    for n in range(count):
        pathlib.Path(f"{folder}/d/s{n}").write_text(
            f'type = process\ncommand = /bin/sh -c "{script(folder).replace("$$", "$$$$")}"\n'
            "restart = true\n"
        )
    depends = "".join(f"depends-on = s{n}\n" for n in range(count))
    pathlib.Path(f"{folder}/d/boot").write_text(f"type = internal\n{depends}")
    return ["dinit", "-u", "-d", f"{folder}/d", "-p", f"{folder}/ctl", "-q"], signal.SIGTERM


SUPERVISORS = {
    "daemonproxy": (daemonproxy, None),
    "the original": (original, ORIGINAL),
    "s6": (s6, "s6-svscan"),
    "runit": (runit, "runsvdir"),
    "daemontools": (daemontools, "svscan"),
    "supervisord": (supervisord, "supervisord"),
    "dinit": (dinit, "dinit"),
}


def tree(pid):
    """It, and all that descend from it."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        with contextlib.suppress(OSError):
            children = pathlib.Path(f"/proc/{one}/task/{one}/children").read_text()
            waiting += map(int, children.split())
    return found


def name(pid):
    with contextlib.suppress(OSError):
        return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
    return ""


def computed(pids):
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            total += int(pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()[0])
    return total / 1e9


def memory(pids):
    """PSS and private memory of all of them, in kB."""
    pss = private = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
            pss += int(re.search(r"^Pss:\s+(\d+)", text, re.M)[1])
            private += sum(map(int, re.findall(r"^Private_\w+:\s+(\d+)", text, re.M)))
    return pss, private


def started(folder):
    with contextlib.suppress(OSError):
        return [int(pid) for pid in pathlib.Path(f"{folder}/started").read_text().split()]
    return []


def until(holds):
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.0005)


def measure_one(make, binary, count):
    with tempfile.TemporaryDirectory(prefix="beside-") as folder:
        command, stop = make(folder, count, binary)
        begin = time.monotonic()
        with open(f"{folder}/log", "wb") as log:
            process = subprocess.Popen(
                command,
                env=dict(os.environ, **{VARIABLE: folder}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=folder,
            )
        try:
            file = f"{folder}/started"
            size = lambda: os.path.getsize(file) if os.path.exists(file) else 0
            until(lambda: size() >= 2 * count and len(started(folder)) >= count)
            up = time.monotonic() - begin
            # Nobody holds back the restart of what has run for so long.
            time.sleep(6)
            pids = [pid for pid in tree(process.pid) if name(pid) != "sleep"]
            pss, private = memory(pids)
            before = computed(pids)
            time.sleep(5)
            rest = (computed(pids) - before) / 5 * 1e6
            restarts = []
            for victim in started(folder)[: min(5, count)]:
                before = size()
                begin = time.monotonic()
                os.kill(victim, signal.SIGKILL)
                until(lambda: size() > before)
                restarts.append(time.monotonic() - begin)
            restart = sorted(restarts)[len(restarts) // 2]
            running = [pid for pid in started(folder) if os.path.exists(f"/proc/{pid}")]
            # The one that was started last may still be on its way to its program.
            until(lambda: all(name(pid) != "sh" for pid in running))
            stopped = None
            if stop is not None:
                begin = time.monotonic()
                process.send_signal(stop)
                until(
                    lambda: (
                        not any(
                            os.path.exists(f"/proc/{pid}") and name(pid) == "sleep"
                            for pid in running
                        )
                    )
                )
                stopped = time.monotonic() - begin
            return {
                "processes": len(pids),
                "PSS, kB": pss,
                "private, kB": private,
                "all up, s": up,
                "restart, ms": restart * 1e3,
                "stop all, s": stopped,
                "at rest, µs/s": rest,
            }
        finally:
            kill_all(folder, process)


def kill_all(folder, process):
    mark = f"{VARIABLE}={folder}".encode()
    for _ in range(50):
        left = 0
        for pid in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                if mark in pathlib.Path(f"/proc/{pid}/environ").read_bytes():
                    os.kill(int(pid), signal.SIGKILL)
                    left += 1
        if process.poll() is None:
            process.kill()
            process.wait()
        if not left:
            return


def version(command):
    """Of the package that it came with, where there are packages."""
    path = os.path.realpath(shutil.which(command))
    for place in (path, path.removeprefix("/usr")):
        found = subprocess.run(["dpkg", "-S", place], capture_output=True, text=True, check=False)
        if found.returncode == 0:
            package = found.stdout.split(":")[0]
            query = ["dpkg-query", "-W", "-f", "${Version}", package]
            return subprocess.run(query, capture_output=True, text=True, check=False).stdout
    return "?"


def measure(binary, most):
    """Rows: supervisor, version, count and figures."""
    rows, left_out = [], []
    for supervisor, (make, command) in SUPERVISORS.items():
        if command and not shutil.which(command):
            left_out.append(supervisor)
            continue
        for count in [count for count in COUNTS if count <= most]:
            try:
                figures = measure_one(make, binary, count)
            except TimeoutError:
                figures = {}
            rows.append((supervisor, version(command) if command else "this", count, figures))
        print(f"beside: {supervisor}", flush=True)
    return rows, left_out
