"""The asyncio controller with a real daemon."""

import asyncio
import contextlib
import errno
import os
import signal
import socket
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest

import daemonproxy as dp
import daemonproxy.aio
from daemonproxy.events import Event, Overflow, ServiceState


async def test_a_service_from_its_setup_to_its_end(actl: "dp.aio.SpawnedController") -> None:
    web = actl.service("web")
    await web.set_args("sh", "-c", "exit 42")
    await web.start()
    await web.wait("down", timeout=60)
    assert web.exit == 42


async def test_commands_go_out_in_order_without_being_awaited(actl: "dp.aio.SpawnedController") -> None:
    await asyncio.gather(*(actl.service_tags("web", f"n={number}") for number in range(1000)))
    assert actl.service("web").tags["n"] == "999"


async def test_each_of_many_commands_under_way_has_its_own_end(actl: "dp.aio.SpawnedController") -> None:
    def start(number: int) -> "dp.aio.Done":
        return actl.service_start(f"s{number}") if number % 2 else actl.service_tags(f"s{number}", "x")

    ends = await asyncio.gather(*map(start, range(100)), return_exceptions=True)
    names = [end.name if isinstance(end, dp.RefusedError) else end for end in ends]
    assert names == [None, "NoSuchService"] * 50


async def test_errors(actl: "dp.aio.SpawnedController") -> None:
    with pytest.raises(dp.RefusedError, match="No such service") as caught:
        await actl.service_start("nobody")
    assert caught.value.name == "NoSuchService"
    with pytest.raises(dp.UsageError):
        await actl.service_start("a/b")
    with pytest.raises(dp.WaitTimeoutError):
        await actl.service("web").wait("up", timeout=0.01)


async def test_iterating_over_events(actl: "dp.aio.SpawnedController") -> None:
    events = actl.events()
    await actl.service_args("web", "true")
    await actl.service_start("web")
    states = []
    async for event in events:
        if isinstance(event, ServiceState):
            states.append(event.state)
            if event.state == "down":
                break
    assert states == ["start", "up", "down"]


async def test_an_iterator_that_falls_behind_is_told(actl: "dp.aio.SpawnedController") -> None:
    async with await dp.aio.connect(actl.daemon.socket_path, max_queue=3) as other:
        events = other.events()
        for number in range(10):
            await other.service_tags("web", f"n={number}")
        kinds = []
        async for event in events:
            kinds.append(type(event))
            if isinstance(event, Overflow):
                break
    assert len(kinds) == 4


async def test_a_full_iterator_holds_the_daemon_back(actl: "dp.aio.SpawnedController") -> None:
    async with await dp.aio.connect(actl.daemon.socket_path, max_queue=10) as other:
        events = other.events()
        for number in range(5000):
            actl.send("service.tags", "web", f"n={number}")
        await actl.sync()
        async for event in events:
            if event == dp.events.ServiceTags("web", ("n=4999",)) or isinstance(event, Overflow):
                break
        assert len(other._session.queue.events) == 0


@pytest.mark.parametrize("is_begun", [False, True])
async def test_an_iterator_that_nobody_has_any_more_holds_back_nothing(
    actl: "dp.aio.SpawnedController", is_begun: bool
) -> None:
    async with await dp.aio.connect(actl.daemon.socket_path, max_queue=3) as other:
        events = other.events()
        if is_begun:
            await actl.service_tags("web", "x")
            await events.__anext__()
        for number in range(10):
            actl.send("service.tags", "web", f"n={number}")
        await actl.sync()
        del events
        heard = asyncio.get_running_loop().create_future()
        other.on("service.tags", name="last")(heard.set_result)
        actl.send("service.tags", "last", "x")
        await asyncio.wait_for(heard, 60)


async def test_callbacks_may_be_coroutines(actl: "dp.aio.SpawnedController") -> None:
    heard: "asyncio.Future[int]" = asyncio.get_running_loop().create_future()

    @actl.on("service.state", state="down")
    async def ended(event: ServiceState) -> None:
        await event_service(event).delete()
        heard.set_result(event.exit or 0)

    def event_service(event: ServiceState) -> Any:
        return actl.service(event.name)

    await actl.service_args("web", "sh", "-c", "exit 7")
    await actl.service_start("web")
    assert await asyncio.wait_for(heard, 60) == 7
    assert not actl.service("web")


async def test_what_a_callback_raises_is_reported(actl: "dp.aio.SpawnedController") -> None:
    reported: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: reported.append(context["exception"]))

    @actl.on("service.tags")
    def bad(event: Event) -> None:
        raise KeyError("mine")

    await actl.service_tags("web", "x")
    assert [type(error) for error in reported] == [KeyError]


async def test_a_descriptor_is_passed(actl: "dp.aio.SpawnedController") -> None:
    with tempfile.TemporaryFile() as file:
        await actl.fd_take("out", file)
    assert actl.fd("out").type == "file"


async def test_descriptors_come_with_their_lines(actl: "dp.aio.SpawnedController") -> None:
    await actl.fd_pipe("a.r", "a.w")
    await actl.fd_pipe("b.r", "b.w")
    async with await dp.aio.connect(actl.daemon.socket_path) as other:
        ends = await asyncio.gather(*(other.give_fd(name) for name in ("b.r", "a.w", "b.w", "a.r")))
        with pytest.raises(dp.RefusedError):
            await other.give_fd("nope")
    try:
        os.write(ends[1], b"to a")
        os.write(ends[2], b"to b")
        assert (os.read(ends[3], 9), os.read(ends[0], 9)) == (b"to a", b"to b")
    finally:
        for fd in ends:
            os.close(fd)


async def test_the_end_of_the_connection(actl: "dp.aio.SpawnedController") -> None:
    async with await dp.aio.connect(actl.daemon.socket_path) as other:
        await other.exit()
        await asyncio.wait_for(other.run(), 60)
        with pytest.raises(dp.ConnectionLostError):
            await other.sync()


@pytest.mark.parametrize("has_pidfd", [True, False])
async def test_ending_a_daemon_takes_no_thread(monkeypatch: pytest.MonkeyPatch, has_pidfd: bool) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a thread was started")

    def missing(_: int) -> int:
        raise OSError(errno.ENOSYS, "no such system call")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    if not has_pidfd:
        monkeypatch.setattr(os, "pidfd_open", missing)
    ctl = await dp.aio.spawn(grace=60)
    daemon = ctl.daemon
    await ctl.service_args("web", "sleep", "1000")
    await ctl.service_start("web")
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    counting = asyncio.get_running_loop().create_task(count())
    await ctl.close()
    counting.cancel()
    assert turns > 1 and daemon.process.returncode == 0
    assert not os.path.exists(daemon.socket_path)


async def test_a_daemon_that_hangs_is_killed() -> None:
    ctl = await dp.aio.spawn(grace=0)
    daemon = ctl.daemon
    daemon._grace = -2    # A patience of a second.
    os.kill(daemon.pid, signal.SIGSTOP)
    await ctl.close()
    assert daemon.process.returncode == -signal.SIGKILL


async def test_connecting_where_nobody_accepts_holds_up_nothing(tmp_path: Path) -> None:
    path = str(tmp_path / "busy")
    with socket.socket(socket.AF_UNIX) as listener, contextlib.ExitStack() as clients:
        listener.bind(path)
        listener.listen(0)
        with pytest.raises(BlockingIOError):
            while True:
                client = clients.enter_context(socket.socket(socket.AF_UNIX))
                client.setblocking(False)
                client.connect(path)
        waiting = asyncio.get_running_loop().create_task(dp.aio.connect(path, timeout=0.05, resync=False))
        with pytest.raises(dp.ConnectionLostError, match="busy"):
            await waiting
        waiting = asyncio.get_running_loop().create_task(dp.aio.connect(path, timeout=60, resync=False))
        await asyncio.sleep(0)
        listener.accept()[0].close()
        await (await waiting).close()


async def test_a_regular_file_can_be_read_too() -> None:
    with tempfile.TemporaryFile() as file, open(os.devnull, "wb") as out:
        file.write(b"service.args\tweb\tx\n" * 10000)
        file.seek(0)
        ctl = dp.aio.Controller(file, out, resync=False)
        await asyncio.wait_for(ctl.run(), 60)
        assert ctl.service("web").args == ("x",)
        await ctl.close()
