"""The fixtures of the pytest plugin.

``daemonproxy``
    a :class:`~daemonproxy.SpawnedController` of its own daemon, for this test. The test fails if
    services are still running at its end;
    ``@pytest.mark.daemonproxy(leave=["web"])`` lists those that may,
    ``@pytest.mark.daemonproxy(args=[...], config=[...])`` is for the daemon.
``daemonproxy_socket``
    the path of its control socket, for the controller under test
``fake_daemon``
    makes a :class:`~daemonproxy.testing.FakeDaemon` from a transcript or the path of one, with the
    same arguments, and checks at the end that it was played

Which daemon: ``--daemonproxy PATH``, or the environment variable DAEMONPROXY, or ``daemonproxy`` in
PATH.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any, Union

import pytest

if TYPE_CHECKING:
    from . import SpawnedController
    from .testing import FakeDaemon

# The package is loaded when a fixture is used, not in every run of pytest.


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--daemonproxy", metavar="PATH", help="the daemon for the fixture `daemonproxy`")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "daemonproxy(args, config, leave): options, first commands and survivors for the fixture of this name"
    )


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """A test whose controller did something wrong fails because its connection is gone: adds the
    reason."""
    yield
    made = getattr(item, "funcargs", {}).get("fake_daemon")
    if isinstance(made, MakeFakeDaemon):
        for fake in made.made:
            if fake.mistake is not None:
                item.add_report_section("call", "fake_daemon", fake.mistake)


@pytest.fixture
def daemonproxy(request: pytest.FixtureRequest) -> Iterator[SpawnedController]:
    """A controller of a daemon for this test, which fails if services are left over."""
    from . import spawn
    from .testing import left_over

    marker = request.node.get_closest_marker("daemonproxy")
    options: dict[str, Any] = dict(marker.kwargs) if marker is not None else {}
    leave = options.pop("leave", ())
    with spawn(request.config.getoption("--daemonproxy"), **options) as ctl:
        yield ctl
        if ctl.is_closed or ctl.daemon.process.poll() is not None:
            return
        ctl.resync()
        left = [name for name in left_over(ctl) if name not in leave]
    if left:
        pytest.fail("services are left over: " + ", ".join(left), pytrace=False)


@pytest.fixture
def daemonproxy_socket(daemonproxy: SpawnedController) -> str:
    """The control socket of the daemon of the fixture `daemonproxy`."""
    return daemonproxy.daemon.socket_path


class MakeFakeDaemon:
    """Makes fake daemons."""

    def __init__(self) -> None:
        self.made: list[FakeDaemon] = []

    def __call__(self, script: Union[str, os.PathLike[str]], **options: Any) -> FakeDaemon:
        from .testing import FakeDaemon

        self.made.append(FakeDaemon(script, **options))
        return self.made[-1]


@pytest.fixture
def fake_daemon() -> Iterator[MakeFakeDaemon]:
    """Makes a daemon that plays a transcript; at the end it must have been played."""
    make = MakeFakeDaemon()
    yield make
    failures = []
    for made in make.made:
        try:
            made.finish()
        except AssertionError as error:
            failures.append(str(error))
    if failures:
        pytest.fail("\n".join(failures), pytrace=False)
