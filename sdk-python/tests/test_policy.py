"""Restarts, order, stops and loggers, with a real daemon."""

import time
from pathlib import Path
from typing import Any, Optional

import pytest

import daemonproxy as dp
import daemonproxy.aio
from daemonproxy import policy
from daemonproxy.events import ServiceState
from daemonproxy.testing import FakeDaemon

STUBBORN = ("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1 & wait $!; done")


def test_a_service_that_fails_too_often_is_given_up(ctl: dp.SpawnedController) -> None:
    given_up: "list[ServiceState]" = []
    policy.RestartPolicy(ctl, ["web"], factor=1, give_up=2, on_give_up=given_up.append)
    starts: "list[ServiceState]" = []
    ctl.on("service.state", name="web", state="up")(starts.append)
    ctl.service_args("web", "sh", "-c", "exit 5")
    ctl.service_auto_up("web", 1, "always")
    ctl.wait_for(lambda: given_up, 60)
    web = ctl.service("web")
    # The first one may have been before the daemon was told.
    assert len(starts) in (2, 3) and given_up[0].exit == 5
    assert (web.state, web.triggers, web.run.gaveup) == ("down", ("always",), True)
    # Once more, and it is told once more.
    web.release()
    ctl.wait_for(lambda: len(given_up) == 2, 60)
    assert web.run.gaveup


def test_restarts_come_later_each_time(ctl: dp.SpawnedController) -> None:
    policy.RestartPolicy(ctl, ["web"], first=1, factor=30, longest=600)
    ctl.service_args("web", "false")
    begin = time.clock_gettime(time.CLOCK_MONOTONIC)
    ctl.service_auto_up("web", 1, "always")
    web = ctl.service("web")
    ctl.wait_for(lambda: web.state == "start" and web.timestamp is not None and web.timestamp - begin > 28, 60)
    policy.stop(web)


def test_the_daemon_is_told_once_and_goes_on_without_it(ctl: dp.SpawnedController) -> None:
    ctl.conn_features("observer", "runs", "settings")
    web = ctl.service("web")
    web.set_args("sleep", "1000")
    web.auto_up(7, "always")
    web.wait("up")
    restarts = policy.RestartPolicy(ctl, first=2, factor=1.5, longest=9, reset_after=30, give_up=3, within=60)
    ctl.wait_for(lambda: web.auto_up_interval == 2, 60)
    assert list(web.options) == ["backoff=9:1.5:30", "giveup=3/60"]
    restarts.cancel()
    # What somebody says later is not said again.
    web.set_options("backoff=5")
    web.signal("KILL")
    first = web.pid
    ctl.wait_for(lambda: web.is_running and web.pid != first, 60)
    assert list(web.options) == ["backoff=5"]
    policy.stop(web, timeout=60)


def test_after_a_good_run_restarts_are_soon_again() -> None:
    script = (
        ">\tservice.auto_up\tweb\t1\talways\n"
        "<\tservice.auto_up\tweb\t1\talways\n"
    )
    begin = "<\tservice.auto_up\tweb\t40\talways\n<\tservice.state\tweb\tdown\t100\t7\texit\t1\t60\t0\n"
    with FakeDaemon(begin + script) as fake:
        ctl = dp.Controller(fake.socket, resync=False)
        policy.RestartPolicy(ctl)
        ctl.wait_for(lambda: ctl.service("web").auto_up_interval == 1)


def test_who_comes_back_goes_on_where_the_daemon_is() -> None:
    """How often it has failed shows in its interval: a controller that was restarted does not start
    from scratch."""
    begin = "<\tservice.auto_up\tweb\t8\talways\n<\tservice.state\tweb\tdown\t100\t7\texit\t1\t5\t0\n"
    with FakeDaemon(begin + ">\tservice.auto_up\tweb\t16\talways\n<\tservice.auto_up\tweb\t16\talways") as fake:
        ctl = dp.Controller(fake.socket, resync=False)
        policy.RestartPolicy(ctl)
        ctl.wait_for(lambda: ctl.service("web").auto_up_interval == 16)


def test_what_somebody_has_stopped_stays_down(ctl: dp.SpawnedController) -> None:
    policy.RestartPolicy(ctl)
    web = ctl.service("web")
    web.set_args("sleep", "1000")
    web.auto_up(1, "always")
    web.wait("up")
    with dp.connect(ctl.daemon.socket_path) as operator:
        policy.stop(operator.service("web"), timeout=60)
    ctl.sync()
    assert (web.state, web.run.held) == ("down", True)
    # Started again by hand it has its triggers again.
    web.start()
    web.wait("up")
    pid = web.pid
    web.signal("KILL")
    ctl.wait_for(lambda: web.is_running and web.pid != pid, 60)
    policy.stop(web, timeout=60)


def test_a_program_that_does_not_exist_is_given_up(ctl: dp.SpawnedController) -> None:
    given_up: "list[ServiceState]" = []
    policy.RestartPolicy(ctl, factor=1, give_up=2, on_give_up=given_up.append)
    ctl.service_args("web", "/nonexistent")
    ctl.service_auto_up("web", 1, "always")
    ctl.wait_for(lambda: given_up, 60)
    assert (ctl.service("web").state, ctl.service("web").run.held) == ("down", True)


@pytest.mark.parametrize("wrong", [
    {"first": 0}, {"first": 0.3}, {"factor": 0.5}, {"factor": 1001}, {"longest": 0}, {"give_up": 0.5}, {"reset_after": 0},
])
def test_numbers_that_cannot_be_right(wrong: Any) -> None:
    with FakeDaemon("") as fake:
        with pytest.raises(dp.UsageError):
            policy.RestartPolicy(dp.Controller(fake.socket, resync=False), **wrong)


def test_a_stubborn_service_is_killed(ctl: dp.SpawnedController) -> None:
    ctl.fd_pipe("r", "w")
    ctl.service_args("tail", "sh", "-c", "read line")
    ctl.service_fds("tail", "r")
    ctl.service_args("web", *STUBBORN)
    ctl.service_fds("web", "null", "w")
    ctl.service_start("tail")
    ctl.service_start("web")
    ctl.service("tail").wait("down")    # It has said that it is ready.
    assert policy.stop(ctl.service("web"), timeout=0.2, kill_timeout=60) is False
    assert ctl.service("web").signal_name == "SIGKILL"


def test_a_stop_holds_it_whatever_its_triggers(ctl: dp.SpawnedController) -> None:
    web = ctl.service("web")
    web.set_args("sleep", "1000")
    web.auto_up(1, "always")
    web.wait("up")
    assert policy.stop(web, timeout=60) is True
    assert (web.state, web.triggers, web.run.held) == ("down", ("always",), True)
    web.release()
    web.wait("up")
    policy.stop(web, timeout=60)


def test_a_stop_by_another_signal_is_one_of_the_daemon(ctl: dp.SpawnedController) -> None:
    web = ctl.service("web")
    web.set_args("sleep", "1000")
    web.auto_up(1, "always")
    web.wait("up")
    assert policy.stop(web, signal="INT", timeout=60) is True
    assert (web.state, web.triggers, web.signal_name) == ("down", ("always",), "SIGINT")
    assert web.run.held


def test_a_daemon_of_protocol_1_is_asked_as_it_knows_it() -> None:
    script = (
        "<\tservice.auto_up\tweb\t1\talways\n<\tservice.state\tweb\tup\t5\t77\t-\t-\t0\t-\n"
        ">\tservice.stop\tweb\t10\n<\terror\tUnknown command: service.stop\n"
        ">\tservice.auto_up\tweb\n<\tservice.auto_up\tweb\t-\n"
        ">\tservice.signal\tweb\tSIGTERM\n<\tservice.state\tweb\tdown\t9\t77\tsignal\tSIGTERM\t4\t0\n"
    )
    with FakeDaemon(script) as fake:
        ctl = dp.Controller(fake.socket, resync=False)
        ctl.sync()
        assert policy.stop(ctl.service("web")) is True


def test_a_logger_reads_what_its_service_writes(ctl: dp.SpawnedController, tmp_path: Path) -> None:
    logger = policy.add_logger(ctl.service("web"), "sh", "-c", f"head -n 1 > {tmp_path}/log; exec sleep 1000")
    ctl.service_args("web", "echo", "hello")
    ctl.service_start("web")
    ctl.service("web").wait("down")
    ctl.service_args("look", "sh", "-c", f"until grep -q hello {tmp_path}/log; do sleep 0.05; done")
    ctl.service_start("look")
    ctl.service("look").wait("down")
    assert policy.stop(logger, timeout=60) is True


async def test_the_same_for_asyncio(actl: "dp.aio.SpawnedController") -> None:
    web = actl.service("web")
    await web.set_args("sleep", "1000")
    await web.start()
    assert await policy.stop_async(web, timeout=60) is True
    logger = await policy.add_logger_async(actl.service("db"), "cat")
    assert await policy.stop_async(logger, timeout=60) is True
