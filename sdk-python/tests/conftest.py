"""Fixtures for all tests: `ctl`, the daemon of the plugin by a shorter name."""

from collections.abc import AsyncIterator

import pytest

import daemonproxy
import daemonproxy.aio

pytest_plugins = ["pytester"]


@pytest.fixture
def ctl(daemonproxy: "daemonproxy.SpawnedController") -> "daemonproxy.SpawnedController":
    daemonproxy.timeout = 60
    return daemonproxy


@pytest.fixture
async def actl() -> AsyncIterator["daemonproxy.aio.SpawnedController"]:
    async with await daemonproxy.aio.spawn(timeout=60) as controller:
        yield controller
