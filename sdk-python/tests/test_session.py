"""The rules of a connection without any I/O: what was lost, and in which order things are
reported."""

import os

import pytest

from daemonproxy import AnswerLostError, RefusedError
from daemonproxy._session import Session
from daemonproxy.events import Event, Overflow


def make(auto_resync: bool = False, has_tags: bool = False) -> Session:
    """One that has found out whether the daemon knows tags."""
    session = Session(auto_resync=auto_resync, max_queue=100)
    session.sync()
    [question] = sent(session)
    tag = question.split("\t")[0]
    feed(session, f"done\t{tag[1:]}" if has_tags else f"error\tUnknown command: {tag}")
    return session


def sent(session: Session) -> list[str]:
    """The commands that were sent since the last time."""
    lines = b"".join(data for data, _ in session.outbox).decode().splitlines()
    session.outbox.clear()
    return lines


def feed(session: Session, *lines: str) -> None:
    session.view.feed("".join(f"{line}\n" for line in lines).encode())
    while session.step():
        pass


def echo(line: str) -> str:
    assert line.startswith("echo\t")
    return line[5:]


def tag(line: str) -> str:
    assert line.startswith("@")
    return line.split("\t")[0][1:]


def test_whether_there_are_tags_is_asked_once_and_nothing_waits_for_the_answer() -> None:
    session = Session(auto_resync=False, max_queue=100)
    first, second = session.call(("chdir", "/")), session.call(("chdir", "/tmp"))
    question, *others = sent(session)
    assert question.endswith("\techo") and len(tag(question)) <= 31
    assert [line.split("\t")[0] for line in others] == ["chdir", "echo", "chdir", "echo"]
    feed(session, f"done\t{tag(question)}", 'error\tchdir failed: x, for command "chdir /"', echo(others[1]))
    assert isinstance(first.error, RefusedError) and first.error.name == "Chdir"
    third = session.call(("chdir", "/"))
    [line] = sent(session)
    assert line.split("\t")[1:] == ["chdir", "/"]
    feed(session, echo(others[3]), f"done\t{tag(line)}\tChdir\tchdir failed: y")
    assert second.done and second.error is None
    assert isinstance(third.error, RefusedError)
    assert (third.error.name, third.error.message) == ("Chdir", "chdir failed: y")


def test_a_daemon_without_tags_is_not_asked_again() -> None:
    session = make()
    heard: list[Event] = []
    session.add_handler("error", heard.append, {})
    call = session.call(("service.start", "web"))
    line, end = sent(session)
    assert line == "service.start\tweb"
    feed(session, 'error\tNo such service, for command "service.start web"', echo(end))
    assert isinstance(call.error, RefusedError) and call.error.name == "NoSuchService"


def test_who_does_not_answer_does_not_know_tags() -> None:
    session = Session(auto_resync=False, max_queue=100)
    call = session.call(("chdir", "/"))
    _, _, end = sent(session)
    feed(session, echo(end))
    assert call.done and call.error is None
    session.call(("chdir", "/"))
    assert [line.split("\t")[0] for line in sent(session)] == ["chdir", "echo"]


def test_an_error_that_this_package_does_not_know_has_no_name() -> None:
    session = make()
    call = session.call(("chdir", "/"))
    _, end = sent(session)
    feed(session, 'error\tthe moon is full, for command "chdir /"', echo(end))
    assert isinstance(call.error, RefusedError) and call.error.name is None


def test_commands_that_were_only_sent_need_no_echo_between() -> None:
    session = make(has_tags=True)
    session.send(("service.start", "a"))
    call = session.call(("chdir", "/"))
    plain, tagged = sent(session)
    assert plain == "service.start\ta"
    feed(session, 'error\tNo such service, for command "service.start a"', f"done\t{tag(tagged)}")
    assert call.done and call.error is None


def test_commands_with_tags_end_in_any_order() -> None:
    session = make(has_tags=True)
    first, second = session.call(("chdir", "/")), session.call(("chdir", "/tmp"))
    one, two = sent(session)
    feed(session, f"done\t{tag(two)}")
    assert second.done and not first.done
    feed(session, f"done\t{tag(one)}")
    assert first.done


def test_what_was_under_way_at_an_overflow_is_lost_and_what_came_after_it_is_not() -> None:
    session = make(has_tags=True)
    before = session.call(("chdir", "/"))
    sent(session)
    feed(session, "overflow")
    [mark] = sent(session)
    after = session.call(("chdir", "/"))
    [line] = sent(session)
    assert not before.done
    feed(session, f"done\t{tag(mark)}")
    assert isinstance(before.error, AnswerLostError) and not after.done
    feed(session, f"done\t{tag(line)}")
    assert after.done and after.error is None


def test_an_overflow_and_the_dump_behind_it_lose_what_was_under_way() -> None:
    session = make(auto_resync=True, has_tags=True)
    before = session.call(("chdir", "/"))
    sent(session)
    feed(session, "service.args\told\tx", "overflow")
    begin, dump = sent(session)
    assert dump.split("\t")[1] == "statedump"
    feed(session, f"done\t{tag(begin)}", "service.args\tweb\tx")
    assert isinstance(before.error, AnswerLostError)
    feed(session, f"done\t{tag(dump)}")
    assert session.view.service_names() == ["web"] and not session.view.overflowed


def test_a_question_that_was_lost_is_asked_again() -> None:
    session = Session(auto_resync=False, max_queue=100)
    lost = session.sync()
    call = session.call(("chdir", "/"))
    _, _, end = sent(session)
    feed(session, "overflow", echo(end))
    assert isinstance(lost.error, AnswerLostError) and call.done
    sent(session)
    session.call(("chdir", "/"))
    assert sent(session)[0].endswith("\techo")


def test_an_answer_that_was_given_up_is_noticed() -> None:
    session = make()
    call = session.call(("chdir", "/"))
    sent(session)
    feed(session, "overflow")
    [another] = sent(session)
    assert not call.done
    feed(session, echo(another))
    assert call.done and isinstance(call.error, AnswerLostError)


def test_a_dump_that_was_given_up_is_asked_for_again() -> None:
    session = make(auto_resync=True)
    feed(session, "service.args\told\tx", "overflow")
    begin, dump, _ = sent(session)
    assert dump == "statedump"
    feed(session, echo(begin), "overflow")
    [another] = sent(session)
    feed(session, echo(another))
    begin, dump, end = sent(session)
    assert dump == "statedump" and session.view.service_names() == ["old"]
    feed(session, echo(begin), "service.args\tweb\tx", echo(end))
    assert session.view.service_names() == ["web"] and not session.view.overflowed


def test_a_dump_whose_beginning_was_given_up_takes_nothing_away() -> None:
    session = make(auto_resync=True)
    feed(session, "service.args\told\tx", "overflow")
    _, _, end = sent(session)
    feed(session, "overflow", "service.args\tweb\tx", echo(end))
    assert session.view.service_names() == ["old", "web"]
    assert "statedump" in sent(session)


def test_a_count_that_was_cleared_before_the_dump_is_forgotten() -> None:
    session = make()
    feed(session, "signal\tSIGHUP\t5\t1")
    resync = session.resync()
    begin, _, end = sent(session)
    # It was on its way when the dump was asked for. Then another controller cleared it, which no
    # event reports.
    feed(session, "signal\tSIGHUP\t5\t2", echo(begin), echo(end))
    assert resync.done and session.view.signals() == []


def test_a_sync_waits_for_a_resync_that_an_overflow_has_begun() -> None:
    session = make(auto_resync=True)
    sync = session.sync()
    [first] = sent(session)
    feed(session, "overflow", echo(first))
    begin, _, end = sent(session)
    assert not sync.done
    feed(session, echo(begin), "service.args\tweb\tx", echo(end))
    assert sync.done and sync.error is None and session.view.service_names() == ["web"]


def test_a_sync_whose_echo_was_given_up_has_synced_when_the_state_is_known() -> None:
    session = make(auto_resync=True)
    sync = session.sync()
    sent(session)
    feed(session, "overflow")
    begin, _, end = sent(session)
    feed(session, echo(begin), echo(end))
    assert sync.done and sync.error is None


def test_news_before_the_dump_are_news() -> None:
    session = make()
    heard: list[Event] = []
    session.add_handler("service.tags", heard.append, {})
    feed(session, "service.tags\tweb\tx")
    session.resync()
    feed(session, "service.tags\tweb\tx")
    assert session.queue.take() and session.queue.take()


def test_a_refusal_of_what_was_only_sent_is_nobody_elses() -> None:
    session = make()
    session.send(("service.start", "a"))
    call = session.call(("chdir", "/"))
    first, barrier, second, end = sent(session)
    feed(session, 'error\tNo such service, for command "service.start a"', echo(barrier), echo(end))
    assert call.done and call.error is None


def test_a_descriptor_goes_with_its_own_line() -> None:
    session = make()
    session.send(("chdir", "/"))
    call = session.call(("fd.take", "x"), fd=None)
    assert len(session.outbox) == 1
    session.call(("fd.take", "y"), os.dup(0))
    assert [data for data, fd in session.outbox if fd is not None] == [b"fd.take\ty\n"]
    session.closed()    # closes the duplicate
    assert call.done


@pytest.mark.parametrize("command", ["exit", "terminate"])
def test_what_ends_the_connection_has_succeeded_when_it_ends(command: str) -> None:
    session = make()
    call = session.call((command, *(["0"] if command == "terminate" else [])))
    other = session.sync()
    session.closed()
    assert call.error is None and other.error is not None


def test_a_queue_keeps_only_so_much() -> None:
    session = make()
    sink = session.add_sink()
    feed(session, *(f"service.tags\tweb\tn={number}" for number in range(1000)))
    while (event := session.queue.take()) is not None:
        session.receivers(event)
    taken = list(iter(sink.take, None))
    assert len(taken) == 101 and taken[-1] == Overflow()
