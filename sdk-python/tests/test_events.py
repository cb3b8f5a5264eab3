"""Every event of the vectors, through the native part: as it is written, and as an object of its
class."""

import copy
import inspect
import pickle
from pathlib import Path

import pytest

from daemonproxy import _native
from daemonproxy.events import BITS, EVENTS, Closed, Event, Malformed, ServiceState, Signal, from_native

VECTORS = Path(__file__).parents[2] / "protocol" / "generated" / "vectors.tsv"


def lines() -> list[str]:
    rows = VECTORS.read_text().splitlines() if VECTORS.exists() else []
    return [row.split("\t", 1)[1] for row in rows if row.startswith("event\t")]


@pytest.mark.parametrize("line", lines())
def test_each_is_an_object_of_its_class(line: str) -> None:
    view = _native.StateView()
    view.feed(line.encode() + b"\n")
    item = view.next(sum(BITS.values()))
    assert item is not None
    event = from_native(item)
    assert event.event == line.split("\t")[0]
    # The same as if a person had made it: all fields are there, in order.
    assert tuple(vars(event)) == event.__match_args__
    made = type(event)(*vars(event).values())
    assert event == made and hash(event) == hash(made) and repr(event) == repr(made)
    assert event != Closed() and copy.copy(event) == event and pickle.loads(pickle.dumps(event)) == event
    with pytest.raises(AttributeError):
        setattr(event, event.__match_args__[0] if event.__match_args__ else "name", "x")


@pytest.mark.parametrize("cls", EVENTS)
def test_a_pattern_takes_the_fields_of_the_constructor(cls: type[Event]) -> None:
    assert tuple(inspect.signature(cls).parameters) == cls.__match_args__


def test_every_kind_has_its_own_bit() -> None:
    assert len(BITS) == len(EVENTS) == len(set(BITS.values()))


def test_fields() -> None:
    view = _native.StateView()
    view.feed(b"service.state\tweb\tdown\t9\t7\tsignal\tSIGTERM\t5\t0\nsignal\tSIGHUP\t3\t2\nservice.state\tx\n")
    every = sum(BITS.values())
    taken = [from_native(item) for item in (view.next(every), view.next(every), view.next(every)) if item]
    assert taken[0] == ServiceState("web", "down", 9, 7, None, "SIGTERM", 5, 0)
    assert taken[1] == Signal("SIGHUP", 3, 2)
    assert isinstance(taken[2], Malformed) and taken[2].line == "service.state\tx"


def test_a_line_without_end_takes_no_memory() -> None:
    view = _native.StateView()
    for _ in range(1000):
        view.feed(b"x" * 65536)
        assert view.next(0) is None
    view.feed(b"\n")
    item = view.next(0)
    assert item is not None and isinstance(from_native(item), Malformed)
    with pytest.raises(BufferError):
        view.feed(b"x" * 65537)
