"""Fixtures for all tests: `ctl`, the daemon of the plugin by a shorter name."""

from collections.abc import AsyncIterator

import pytest

import daemonproxy
import daemonproxy.aio

pytest_plugins = ["pytester"]


@pytest.fixture
def ctl(daemonproxy: "daemonproxy.Controller") -> "daemonproxy.Controller":
    daemonproxy.timeout = 60
    return daemonproxy


@pytest.fixture
async def actl() -> AsyncIterator["daemonproxy.aio.Controller"]:
    async with await daemonproxy.aio.spawn(timeout=60) as controller:
        yield controller
