"""Fields of commands: what they can be given as, how they go on the line, and who sends them."""

from __future__ import annotations

import os
import signal as signals
from collections.abc import Sequence
from typing import Any, Generic, Optional, TypeVar, Union, overload

from . import _native
from ._words import ServiceStateWord
from .errors import UsageError

R = TypeVar("R")
#: What a field of a command can be given as.
Field = Union[str, bytes, int, "os.PathLike[str]", "os.PathLike[bytes]"]
#: A signal: ``"HUP"``, ``"SIGHUP"``, ``1`` or ``signal.SIGHUP``.
SignalLike = Union[str, int]
#: ``"always"``, a signal, or conditions joined by commas: ``"ready:db,done:migrate"``.
TriggerLike = SignalLike
#: Flags: ``"read,write"`` or ``["read", "write"]``.
FlagsLike = Union[str, Sequence[str]]
#: Numbers of descriptors: ``"1,2"`` or ``[1, 2]``.
NumbersLike = Union[str, Sequence[int]]
PathLike = Union[str, bytes, "os.PathLike[str]", "os.PathLike[bytes]"]


class Caller(Generic[R]):
    """What sends commands, and knows their results. What a call returns is up to the controller."""

    #: What is known about the daemon.
    _view: _native.StateView

    def call(self, command: str, *fields: Field) -> R:
        """Sends any command.

        :param command: its name, such as ``"service.start"``
        :param fields: ``str``, ``bytes``, ``int`` or path
        """
        raise NotImplementedError

    def send(self, command: str, *fields: Field) -> None:
        """Sends any command and does not wait. A refusal is an event ``error``."""
        raise NotImplementedError

    def _call_with_fd(self, fd: int, *fields: Field) -> R:
        """The same as `call`, and passes this descriptor of ours along."""
        raise NotImplementedError

    def wait_for_end(self, name: str, run: int, timeout: Optional[float] = None) -> R:
        """Waits until this run of a service has ended; see :meth:`Service.wait_for_end
        <daemonproxy.Service.wait_for_end>`."""
        raise NotImplementedError

    def wait_for_service(self, name: str, state: ServiceStateWord, timeout: Optional[float] = None) -> R:
        """Waits until a service is ``"down"``, ``"start"``, ``"up"`` or ``"deleted"``; see
        :meth:`Service.wait
        <daemonproxy.Service.wait>`.

        :param timeout: seconds; None is the timeout of the controller
        :raises WaitTimeoutError: time is up
        """
        raise NotImplementedError


def flags_field(flags: Optional[FlagsLike]) -> Any:
    """Flags as the protocol writes them.

    >>> flags_field(["read", "write"]), flags_field(None)
    ('read,write', None)
    """
    return flags if flags is None or isinstance(flags, str) else ",".join(flags)


@overload
def seconds_field(seconds: Union[float, str]) -> Field: ...
@overload
def seconds_field(seconds: Optional[float]) -> Optional[Field]: ...
def seconds_field(seconds: Union[float, str, None]) -> Optional[Field]:
    """Seconds as the protocol writes them, with as many digits as it takes and no more than there are.

    >>> seconds_field(1.5), seconds_field(2.0), seconds_field(3), seconds_field("-"), seconds_field(None)
    ('1.5', '2', 3, '-', None)
    """
    return f"{seconds:.9f}".rstrip("0").rstrip(".") if isinstance(seconds, float) else seconds


def numbers_field(numbers: NumbersLike) -> str:
    """Descriptor numbers as the protocol writes them.

    >>> numbers_field([1, 2])
    '1,2'
    """
    return numbers if isinstance(numbers, str) else ",".join(map(str, numbers))


def given(*fields: Optional[Field]) -> tuple[Field, ...]:
    """Optional fields: those at the end that are None are left out, others are ``-``.

    >>> given(1, None, 2, None)
    (1, '-', 2)
    """
    kept = list(fields)
    while kept and kept[-1] is None:
        kept.pop()
    return tuple("-" if field is None else field for field in kept)


def encode(field: Field) -> bytes:
    """The bytes of a field.

    >>> encode("web"), encode(80), encode(b"\\xff"), encode(signals.SIGHUP)
    (b'web', b'80', b'\\xff', b'SIGHUP')
    """
    if isinstance(field, bytes):
        return field
    if isinstance(field, signals.Signals):
        return field.name.encode()
    if isinstance(field, int) and not isinstance(field, bool):
        return str(field).encode()
    if isinstance(field, (str, os.PathLike)):
        name = os.fspath(field)
        try:
            return name if isinstance(name, bytes) else name.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError as error:
            raise UsageError(f"{name!r} cannot be written as UTF-8: {error.reason}") from None
    raise UsageError(f"{field!r} is no str, bytes, int or path")


def signal_name(signal: SignalLike) -> str:
    """``SIGHUP`` for ``"HUP"``, ``"SIGHUP"``, ``1`` and ``signal.SIGHUP``.

    :raises UsageError: there is no such signal

    >>> signal_name("HUP"), signal_name(signals.SIGTERM)
    ('SIGHUP', 'SIGTERM')
    """
    known = _native.StateView.signal_name(str(int(signal)) if isinstance(signal, int) else signal)
    if known is None:
        raise UsageError(f"there is no signal {signal!r}")
    return known
