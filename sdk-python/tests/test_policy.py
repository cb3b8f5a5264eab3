"""Restarts, order, stops and loggers, with a real daemon."""

from pathlib import Path

import pytest

import daemonproxy as dp
import daemonproxy.aio
from daemonproxy import policy
from daemonproxy.events import ServiceState
from daemonproxy.testing import wait_for_states

STUBBORN = ("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1 & wait $!; done")


def test_a_service_that_fails_too_often_is_given_up(ctl: dp.Controller) -> None:
    given_up: list[ServiceState] = []
    restarts = policy.RestartPolicy(
        ctl, ["web"], lambda: policy.Backoff(first=0, factor=1, give_up=3), on_give_up=given_up.append
    )
    starts: list[ServiceState] = []
    ctl.on("service.state", name="web", state="up")(starts.append)
    ctl.service_args("web", "sh", "-c", "exit 5")
    ctl.service_start("web")
    ctl.wait_for(lambda: given_up, 60)
    assert len(starts) == 4 and given_up[0].exit == 5
    restarts.cancel()


def test_the_daemon_keeps_the_time_until_a_restart(ctl: dp.Controller) -> None:
    policy.RestartPolicy(ctl, ["web"], lambda: policy.Backoff(first=1000, longest=1000))
    ctl.service_args("web", "true")
    ctl.service_start("web")
    ended: list[ServiceState] = []
    ctl.on("service.state", state="start")(ended.append)
    ctl.wait_for(lambda: [event for event in ended if event.timestamp], 60)
    web = ctl.service("web")
    ctl.wait_for(lambda: web.state == "start", 60)
    policy.stop(web)
    assert web.state == "down"


def test_only_some_ends_are_failures(ctl: dp.Controller) -> None:
    policy.RestartPolicy(ctl, when=lambda event: event.exit != 0)
    ctl.service_args("web", "true")
    ctl.service_start("web")
    ctl.service("web").wait("down")
    ctl.sync()
    assert ctl.service("web").state == "down"


def test_a_stubborn_service_is_killed(ctl: dp.Controller) -> None:
    policy.RestartPolicy(ctl)
    ctl.fd_pipe("r", "w")
    ctl.service_args("tail", "sh", "-c", "read line")
    ctl.service_fds("tail", "r")
    ctl.service_args("web", *STUBBORN)
    ctl.service_fds("web", "null", "w")
    ctl.service_start("tail")
    ctl.stopping.add("tail")
    ctl.service_start("web")
    ctl.service("tail").wait("down")    # It has said that it is ready.
    assert policy.stop(ctl.service("web"), timeout=0.2, kill_timeout=60) is False
    assert ctl.service("web").signal_name == "SIGKILL"


def test_a_stop_turns_triggers_off(ctl: dp.Controller) -> None:
    web = ctl.service("web")
    web.set_args("sleep", "1000")
    web.auto_up(1, "always")
    web.wait("up")
    assert policy.stop(web, timeout=60) is True
    assert (web.state, web.triggers) == ("down", ())


def test_starts_in_order(ctl: dp.Controller) -> None:
    for name in ("web", "db", "cache"):
        ctl.service_args(name, "sleep", "1000")
    order = policy.start_in_order(ctl, {"web": ["db", "cache"], "cache": ["db"]})
    assert order == ["db", "cache", "web"]
    wait_for_states(ctl, web="up", db="up", cache="up")
    for name in order:
        policy.stop(ctl.service(name))


def test_a_circle_is_a_mistake(ctl: dp.Controller) -> None:
    with pytest.raises(dp.UsageError, match="circle"):
        policy.start_in_order(ctl, {"a": ["b"], "b": ["a"]})


def test_a_logger_reads_what_its_service_writes(ctl: dp.Controller, tmp_path: Path) -> None:
    logger = policy.add_logger(ctl.service("web"), "sh", "-c", f"head -n 1 > {tmp_path}/log; exec sleep 1000")
    ctl.service_args("web", "echo", "hello")
    ctl.service_start("web")
    ctl.service("web").wait("down")
    ctl.service_args("look", "sh", "-c", f"until grep -q hello {tmp_path}/log; do sleep 0.05; done")
    ctl.service_start("look")
    ctl.service("look").wait("down")
    assert policy.stop(logger, timeout=60) is True


async def test_the_same_for_asyncio(actl: "dp.aio.Controller") -> None:
    for name in ("web", "db"):
        await actl.service_args(name, "sleep", "1000")
    assert await policy.start_in_order_async(actl, {"web": ["db"]}) == ["db", "web"]
    assert await policy.stop_async(actl.service("web"), timeout=60) is True
    with pytest.raises(dp.RefusedError):
        await policy.start_in_order_async(actl, {"nobody": []})
    logger = await policy.add_logger_async(actl.service("db"), "cat")
    assert await policy.stop_async(logger, timeout=60) is True
