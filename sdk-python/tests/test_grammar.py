"""What is written by hand agrees with the grammar. What is missing is named."""

import inspect
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest

from daemonproxy import _words, events, model
from daemonproxy._base import Base
from daemonproxy._commands import Commands

#: What the client adds to the events of the daemon.
OWN = {"echo", "malformed", "resynced", "closed"}
#: Kinds that are several fields of an event.
SEVERAL = {
    "service_state": ["state", "timestamp", "pid", "exit", "signal", "uptime", "downtime"],
    "fd_state": ["type", "flags", "description"],
}


def test_each_event_has_its_class() -> None:
    classes = {cls.event for cls in events.EVENTS}
    assert classes - OWN == set(_words.EVENTS), "classes in events.py differ from the events of the grammar"


@pytest.mark.parametrize("name", _words.EVENTS)
def test_the_fields_of_an_event_are_called_as_in_the_grammar(name: str) -> None:
    [cls] = [cls for cls in events.EVENTS if cls.event == name]
    wanted = [field for key, kind in _words.EVENTS[name].items() for field in SEVERAL.get(kind, [key])]
    assert list(cls.__match_args__) == wanted
    assert list(inspect.signature(cls).parameters) == wanted


@pytest.mark.parametrize("name", _words.EVENTS)
def test_words_of_an_event_are_those_of_the_grammar(name: str) -> None:
    [cls] = [cls for cls in events.EVENTS if cls.event == name]
    hints = get_type_hints(cls.__init__)
    for key, kind in _words.EVENTS[name].items():
        words = getattr(_words, "".join(part.capitalize() for part in kind.split("_")), None)
        if words is not None:
            hint = hints[key]
            if get_origin(hint) is Union:
                hint = get_args(hint)[0]    # It may be absent.
            assert set(get_args(hint)) == set(get_args(words))


@pytest.mark.parametrize("name", _words.COMMANDS)
def test_each_command_is_a_method(name: str) -> None:
    method: Any = getattr(Base, name.replace(".", "_"), None)
    assert method is not None, f"{name} has no method"
    parameters = list(inspect.signature(getattr(Commands, name.replace(".", "_"))).parameters)
    assert parameters == ["self", *_words.COMMANDS[name]]


@pytest.mark.parametrize(("kind", "cls"), [("service", model.Service), ("fd", model.FileDescriptor), ("signal", model.SignalCount)])
def test_each_command_about_something_is_a_method_of_it(kind: str, cls: type) -> None:
    for name, fields in _words.COMMANDS.items():
        if name.startswith(f"{kind}.") and kind in list(fields.values())[:1]:
            method = name.split(".", 1)[1].replace(".", "_")
            own = getattr(cls, method, None)
            if isinstance(own, property):
                own = getattr(cls, f"set_{method}", None)
            assert callable(own), f"{cls.__name__} has no method for {name}"


def test_states_and_types_are_literals() -> None:
    for words in (_words.ServiceStateWord, _words.FdStateWord, _words.SignalName):
        assert get_origin(words) is not None and get_args(words)
