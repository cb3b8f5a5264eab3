"""The pytest plugin, by running pytest inside of a test."""

import pytest


def test_a_service_that_is_left_over_fails_the_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        def test_leaves(daemonproxy):
            daemonproxy.service_args("web", "sleep", "1000")
            daemonproxy.service_start("web")

        @pytest.mark.daemonproxy(leave=["web"], config=["service.args\\tweb\\tsleep\\t1000"])
        def test_may_leave(daemonproxy, daemonproxy_socket):
            daemonproxy.service_start("web")
            assert daemonproxy_socket
        """
    )
    result = pytester.runpytest("-p", "no:asyncio")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*services are left over: web*"])


def test_a_script_that_is_not_played_fails_the_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import daemonproxy

        def test_plays(fake_daemon):
            fake = fake_daemon(">\\tservice.start\\tweb")
            daemonproxy.Controller(fake.socket, resync=False).service_start("web")

        def test_does_not(fake_daemon):
            fake_daemon(">\\tservice.start\\tweb")

        def test_does_something_else(fake_daemon):
            fake = fake_daemon(">\\tservice.start\\tweb")
            daemonproxy.Controller(fake.socket, resync=False).send("service.start", "db")
        """
    )
    result = pytester.runpytest("-p", "no:asyncio")
    result.assert_outcomes(passed=3, errors=2)
    result.stdout.fnmatch_lines(["script:1: *", "*  expected: >?service.start?web", "*  got:      the end of the connection"])
    result.stdout.fnmatch_lines(["script:1: *", "*  expected: >?service.start?web", "*  got:      >?service.start?db"])


def test_what_a_controller_did_wrong_is_said_where_the_test_fails(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import daemonproxy

        def test_does_something_else(fake_daemon):
            fake = fake_daemon(">\\tservice.start\\tweb")
            daemonproxy.Controller(fake.socket, resync=False).service_start("db")
        """
    )
    result = pytester.runpytest("-p", "no:asyncio")
    result.stdout.fnmatch_lines(["*FAILURES*", "*ConnectionLostError*", "*fake_daemon*", "script:1: *", "*got:*db"])
