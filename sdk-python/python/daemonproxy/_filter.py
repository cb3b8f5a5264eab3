"""What a callback asks for, checked when it asks: a filter with a typo would never let anything
through."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Union, get_args, get_origin, get_type_hints

from . import events
from ._fields import signal_name
from ._words import FdStateWord
from .errors import UsageError
from .events import BITS

_NAME = re.compile(r"[A-Za-z0-9._-]{1,31}\Z")
_EVERY = sum(BITS.values())


def bits_of(selector: object) -> int:
    """The kinds that somebody asks for: the name of an event, its class, or ``"*"``.

    :raises UsageError: there is no such event
    """
    if isinstance(selector, str) and selector == "*":
        return _EVERY
    name = selector.event if isinstance(selector, type) and selector in events.EVENTS else selector
    if not isinstance(name, str) or name not in BITS:
        raise UsageError(f"there is no event {selector!r}; there are * and {', '.join(sorted(BITS))}")
    return BITS[name]


def checked(selector: object, fields: Mapping[str, object]) -> dict[str, object]:
    """The fields that are asked for, as events have them.

    :raises UsageError: no such event has this field, or it can never have this value
    """
    bits = bits_of(selector)
    return {key: _checked(selector, bits, key, value) for key, value in fields.items()}


def _checked(selector: object, bits: int, key: str, value: object) -> object:
    classes = [cls for cls in events.EVENTS if BITS[cls.event] & bits]
    hints = [get_type_hints(cls.__init__)[key] for cls in classes if key in cls.__match_args__]
    if not hints:
        known = sorted({name for cls in classes for name in cls.__match_args__})
        raise UsageError(f"{selector!r} has no field {key!r}, but {', '.join(known) or 'none at all'}")
    if key == "signal" and isinstance(value, (str, int)):
        return signal_name(value)
    if key == "type":
        hints = [FdStateWord]
    if key == "name" and not (isinstance(value, str) and _NAME.match(value)):
        raise UsageError(f"{value!r} is no name: 1 to 31 characters out of A-Z a-z 0-9 . _ -")
    if not any(_fits(value, hint) for hint in hints):
        raise UsageError(f"{key!r} of {selector!r} is never {value!r}, but {_shown(hints[0])}")
    return tuple(value) if isinstance(value, list) else value


def _fits(value: object, hint: Any) -> bool:
    origin, args = get_origin(hint), get_args(hint)
    if origin is Union:
        return any(_fits(value, each) for each in args)
    if origin is tuple:
        return isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value)
    if args:
        return value in args
    return isinstance(value, hint) and not isinstance(value, bool)


def _shown(hint: Any) -> str:
    origin, args = get_origin(hint), get_args(hint)
    if origin is Union:
        return " or ".join(map(_shown, args))
    if origin is tuple:
        return "a list of texts"
    if args:
        return ", ".join(map(repr, args))
    return {int: "a number", str: "a text"}.get(hint, "None")
