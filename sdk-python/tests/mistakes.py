"""Mistakes that a type checker must find: each line with `wrong` in its comment, and no other.

`test_typing.py` has mypy look at this file; nobody runs it.
"""

import asyncio

import daemonproxy as dp
import daemonproxy.aio
from daemonproxy import events, policy, testing


def filters(ctl: dp.Controller) -> None:
    ctl.on("signal", signal="TERM")
    ctl.on("signal", signal="SIGTERM", count=1)
    ctl.on(events.Signal, signal=15)
    ctl.on("signal", name="TERM")  # wrong: the field is called `signal`
    ctl.on("signal", signal="TREM")  # wrong: no such signal
    ctl.on("service.state", name="web", state="down", exit=None)
    ctl.on("service.state", state="dwn")  # wrong: no such state
    ctl.on(events.ServiceState, state="running")  # wrong: no such state
    ctl.on("service.state", pid="7")  # wrong: a number
    ctl.on("service.mood")  # wrong: no such event
    ctl.on(dict)  # wrong: no event
    ctl.on(events.ServiceTags, state="up")  # wrong: it has no such field
    ctl.on("terminate.state", phase="dying")  # wrong: no such phase
    ctl.on("log.filter", level="loud")  # wrong: no such level
    ctl.on("*", name="web")


def callbacks(ctl: dp.Controller) -> None:
    @ctl.on("signal")
    def right(event: events.Signal) -> None:
        print(event.signal == "SIGTERM")
        print(event.signal == "TERM")  # wrong: events have SIG in front
        print(event.name)  # wrong: no such field

    @ctl.on("signal")  # wrong: it takes another event
    def other(event: events.ServiceState) -> None:
        print(event.name)

    @ctl.on("*")
    def everything(event: events.Event) -> None:
        if isinstance(event, events.ServiceState) and event.state == "running":  # wrong: no such state
            print(event.state)


def refusals(error: dp.RefusedError) -> None:
    print(error.name == "NoSuchService")
    print(error.name == "NoSuchServce")  # wrong: no such error


def commands(ctl: dp.Controller, web: "dp.Service[None]") -> None:
    web.wait("up")
    web.wait("dwn")  # wrong: no such state
    web.start(at="-")
    web.start(at="soon")  # wrong: a time
    web.signal("TERM", group=True)
    web.auto_up("1")  # wrong: a number
    ctl.signal_default("TERM", "shutdown")
    ctl.signal_default("TERM", "explode")  # wrong: no such action
    ctl.terminate_guard("on", 1)  # wrong: + or -
    ctl.log_filter("loud")  # wrong: no such level
    ctl.fd_take("out", 1)
    print(web.state == "running")  # wrong: no such state
    print(web.signal_name == "TERM")  # wrong: it has SIG in front
    print(ctl.daemon)  # wrong: only a daemon that was spawned is known
    testing.wait_for_states(ctl, web="up")
    testing.wait_for_states(ctl, web="dwn")  # wrong: no such state
    with dp.spawn() as spawned:
        print(spawned.daemon.pid)


async def futures(ctl: "dp.aio.Controller", sync: dp.Controller) -> None:
    number: int = await ctl.wait_for(lambda: 5)
    text: str = await ctl.wait_for(lambda: 5)  # wrong: the future of a number
    future: "asyncio.Future[int]" = ctl.service("web").start()  # wrong: it gives nothing
    await policy.stop_async(ctl.service("web"))
    await policy.stop_async(sync.service("web"))  # wrong: a synchronous one
    policy.stop(ctl.service("web"))  # wrong: one of asyncio
    print(number, text, future)
