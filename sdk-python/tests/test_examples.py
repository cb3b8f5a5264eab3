"""The examples, each as a service of a real daemon, as their first lines say."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import daemonproxy as dp
from daemonproxy import policy
from daemonproxy.testing import wait_for_states

EXAMPLES = Path(__file__).parent.parent / "examples"


def as_service(ctl: dp.SpawnedController, name: str, *args: object, fds: tuple[str, ...] = ()) -> dp.Service[None]:
    """An example as a controller that the daemon has started."""
    service = ctl.service(name)
    service.set_args(sys.executable, str(EXAMPLES / f"{name}.py"), *map(str, args))
    service.set_fds("control.event", "control.cmd", "stderr", *fds)
    service.start()
    return service


def write(file: Path, text: str) -> None:
    """In one step: whoever reads it meanwhile must not find half of it."""
    new = file.with_suffix(".new")
    new.write_text(text)
    new.rename(file)


def test_a_clean_shutdown(ctl: dp.SpawnedController, tmp_path: Path) -> None:
    logger = policy.add_logger(ctl.service("web"), "sh", "-c", f"while read line; do echo $line; done > {tmp_path}/log")
    logger.auto_up()
    # The service writes its last lines only when it is told to stop: they must still arrive.
    ctl.fd_pipe("ready.r", "ready.w")
    fds = (*ctl.service("web").fds, "ready.w")
    ctl.service_args("web", "sh", "-c", "trap 'echo bye; exit' TERM; echo x >&3; while :; do sleep 1 & wait $!; done")
    ctl.service_fds("web", *fds)
    ctl.service_args("look", "sh", "-c", "read line")
    ctl.service_fds("look", "ready.r")
    for name in ("web-log", "web", "look"):
        if not ctl.service(name).is_running:
            ctl.service_start(name)
    ctl.service("look").wait("down")
    run = [sys.executable, str(EXAMPLES / "clean_shutdown.py"), ctl.daemon.socket_path]
    shutdown = subprocess.Popen(run)
    ctl.run(timeout=60)
    assert (shutdown.wait(60), ctl.daemon.wait(60)) == (0, 0)
    assert (tmp_path / "log").read_text() == "bye\n"


def test_what_keeps_failing_is_switched_off(ctl: dp.SpawnedController) -> None:
    giveup = as_service(ctl, "giveup")
    broken = ctl.service("broken")
    broken.set_args("sh", "-c", "exit 3")
    broken.auto_up(1, "always")
    ctl.wait_for(lambda: broken.state == "down" and not broken.triggers, timeout=60)
    # It may have been started before the controller could see it.
    assert (broken.run.starts or 0) >= 3
    # Killed, it undoes nothing when it is there again.
    starts = broken.run.starts
    run = giveup.run.number
    giveup.auto_up(1, "always")
    giveup.signal("KILL")
    ctl.wait_for(lambda: giveup.run.number > run and giveup.is_running, timeout=60)
    policy.stop(giveup)
    assert (broken.state, broken.triggers, broken.run.starts) == ("down", (), starts)


def test_only_what_has_changed_is_restarted(ctl: dp.SpawnedController, tmp_path: Path) -> None:
    file = tmp_path / "services.yaml"
    entry = "{}:\n  args: [sleep, {}]\n"
    write(file, entry.format("web", 1000) + entry.format("db", 1000) + entry.format("old", 1000))
    sync = as_service(ctl, "sync_yaml", file)
    wait_for_states(ctl, web="up", db="up", old="up")
    web, db = ctl.service("web").pid, ctl.service("db").pid

    write(file, entry.format("web", 2000) + entry.format("db", 1000))
    os.kill(ctl.daemon.pid, 1)
    ctl.wait_for(lambda: ctl.service("web").pid != web and ctl.service("web").is_running)
    wait_for_states(ctl, old="deleted")
    assert ctl.service("web").args == ("sleep", "2000") and ctl.service("db").pid == db
    for name in ("sync_yaml", "web", "db"):
        policy.stop(ctl.service(name))
    assert sync.state == "down"


def test_a_file_with_a_mistake_changes_nothing(ctl: dp.SpawnedController, tmp_path: Path) -> None:
    file = tmp_path / "services.yaml"
    write(file, "web: {args: [sleep, 1000]}")
    as_service(ctl, "sync_yaml", file)
    ctl.service("web").wait("up")
    pid = ctl.service("web").pid
    write(file, "web: {args: 5}\nnew: [")
    hup = ctl.signal("HUP")
    os.kill(ctl.daemon.pid, 1)
    ctl.wait_for(lambda: hup.count)

    def is_dealt_with() -> bool:
        # No event reports it, but a dump does.
        ctl.resync()
        return not hup.count

    while not is_dealt_with():
        pass
    write(file, "web: {args: [sleep, 1000]}\nmore: {args: [sleep, 1000]}")
    os.kill(ctl.daemon.pid, 1)
    ctl.service("more").wait("up")
    assert ctl.service("web").pid == pid and not ctl.service("new")
    for name in ("sync_yaml", "web", "more"):
        policy.stop(ctl.service(name))


def test_the_watchdog_gives_up(ctl: dp.SpawnedController) -> None:
    starts: "list[dp.Event]" = []
    ctl.on("service.state", name="web", state="up")(starts.append)
    ctl.service_args("web", "false")
    ctl.service_tags("web", "watchdog")
    as_service(ctl, "watchdog", 2, 300)
    ctl.service_auto_up("web", 1, "always")
    web = ctl.service("web")
    ctl.wait_for(lambda: "failed" in web.tags and web.state == "down")
    assert len(starts) >= 2 and web.run.gaveup
    policy.stop(ctl.service("watchdog"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("name", ["sync_yaml", "watchdog", "status_page"])
def test_it_ends_with_the_daemon(ctl: dp.SpawnedController, tmp_path: Path, name: str, number: signal.Signals) -> None:
    args: "dict[str, tuple[object, ...]]" = {"sync_yaml": (tmp_path / "services.yaml",), "status_page": (free_port(),)}
    write(tmp_path / "services.yaml", "web: {args: [sleep, 1000]}")
    service = as_service(ctl, name, *args.get(name, ()))
    if name == "sync_yaml":
        ctl.service("web").wait("up")
    pid = service.pid
    assert pid is not None
    os.kill(ctl.daemon.pid, number)
    ctl.run(timeout=60)
    assert ctl.daemon.wait(60) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_status_page(ctl: dp.SpawnedController, tmp_path: Path) -> None:
    port = free_port()
    ctl.fd_socket("http", "inet,tcp,listen", f"127.0.0.1:{port}")
    ctl.service_args("web", "sleep", "1000")
    ctl.service_tags("web", "critical")
    as_service(ctl, "status_page", fds=("http",))
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60)
    assert caught.value.code == 503
    caught.value.close()
    ctl.service_start("web")
    # Somebody else hears of it when he reads it.
    code = 503
    while code == 503:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/status.json", timeout=60) as response:
                code, said = response.status, json.load(response)
        except urllib.error.HTTPError as error:
            error.close()
    states = {service["name"]: service["state"] for service in said["services"]}
    assert said["ok"] and states == {"status_page": "up", "web": "up"}
    for name in states:
        policy.stop(ctl.service(name))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@pytest.mark.parametrize(
    ("name", "args", "message"),
    [
        ("clean_shutdown", ["/nonexistent"], "clean_shutdown.py: cannot connect to /nonexistent: No such file"),
        ("clean_shutdown", ["/nonexistent", "soon"], "usage: "),
        ("sync_yaml", [], "usage: "),
        ("watchdog", ["often"], "usage: "),
        ("status_page", ["http"], "usage: "),
    ],
)
def test_a_wrong_call_is_explained(name: str, args: "list[str]", message: str) -> None:
    run = [sys.executable, str(EXAMPLES / f"{name}.py"), *args]
    said = subprocess.run(run, capture_output=True, text=True, timeout=60, check=False)
    assert said.returncode == 1 and message in said.stderr and "Traceback" not in said.stderr
