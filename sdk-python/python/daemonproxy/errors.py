"""What can go wrong, and whose fault it is.

Everything that this package raises is a :class:`DaemonproxyError`. It has five subclasses, by what
one does about them:

>>> from daemonproxy import errors
>>> issubclass(errors.UsageError, ValueError)              # fix the program: nothing was sent
True
>>> issubclass(errors.RefusedError, errors.DaemonproxyError)    # the daemon said no, and nothing has changed
True
>>> issubclass(errors.ConnectionLostError, ConnectionError)     # connect again
True
>>> issubclass(errors.ProtocolError, errors.DaemonproxyError)   # what is at the other end is not a daemonproxy
True
>>> issubclass(errors.WaitTimeoutError, TimeoutError)      # it may still happen
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

if TYPE_CHECKING:
    from ._words import ErrorName

__all__ = [
    "AnswerLostError",
    "ConnectionLostError",
    "DaemonproxyError",
    "ProtocolError",
    "RefusedError",
    "SpawnError",
    "UsageError",
    "WaitTimeoutError",
]


class DaemonproxyError(Exception):
    """Any error of this package."""


class UsageError(DaemonproxyError, ValueError):
    """A call that cannot be right: a wrong name, a control character in a field, an unknown
    command.

    Nothing was sent.
    """


class RefusedError(DaemonproxyError):
    """The daemon has refused a command, which therefore has changed nothing.

    Decide by the name, which stays the same; the text is for people, and may be improved::

        try:
            ctl.service_start("web")
        except RefusedError as error:
            if error.name != "NoSuchService":
                raise

    :param message: the text of the daemon, in full
    :param command: the command, as its fields; empty if it is not known
    :param name: what the error is called
    """

    def __init__(self, message: str, command: tuple[str, ...] = (), name: Optional[ErrorName] = None) -> None:
        super().__init__(message)
        #: The text of the daemon, in full.
        self.message = message
        #: The command, as its fields.
        self.command = command
        #: What the error is called in the grammar, such as ``"NoSuchService"``. The reference lists
        #: all of them. None if the daemon (of protocol 1) does not say so, and the text is not one
        #: that this package knows.
        self.name: Optional[ErrorName] = name

    @property
    def reason(self) -> str:
        """The message without the command that a daemon of protocol 1 quotes in it.

        >>> RefusedError('No such service, for command "service.start web"').reason
        'No such service'
        """
        return self.message.split(', for command "', 1)[0]


class ConnectionLostError(DaemonproxyError, ConnectionError):
    """The connection has ended: the daemon is gone, or has closed it, or :meth:`close` was
    called."""


class AnswerLostError(ConnectionLostError):
    """Events were read too slowly, and the answer to this command was among the lines that the
    daemon dropped.

    Whether it was carried out is not known. The connection goes on, and the view is learnt again.
    """


class ProtocolError(DaemonproxyError):
    """What came is not a line of the protocol.

    :param message: what is wrong with it
    :param line: the line, or how it began
    """

    def __init__(self, message: str, line: Optional[str] = None) -> None:
        super().__init__(message if line is None else f"{message}: {line!r}")
        #: The line, or how it began.
        self.line = line


class WaitTimeoutError(DaemonproxyError, TimeoutError):
    """Time is up. The awaited thing may still happen, and a command may still be carried out."""


class SpawnError(DaemonproxyError):
    """A daemon could not be started. The text ends in what it wrote to its log."""
