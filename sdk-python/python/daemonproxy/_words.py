"""The words that fields of the protocol are made of, as types, and the fields of its commands and events."""

# Generated from grammar.toml by `cargo run -p daemonproxy-codegen`. Do not edit.

from __future__ import annotations

from typing import Literal

#: A log level, or one step along ``none trace debug info warning error fatal``: ``+`` suppresses more, ``-`` less.
FilterChange = Literal[
    "none",
    "trace",
    "debug",
    "info",
    "warning",
    "error",
    "fatal",
    "+",
    "-",
]
#: The word ``fd``, the only kind of destination.
LogType = Literal[
    "fd",
]
#: ``+`` turns the guard on, ``-`` turns it off.
GuardSwitch = Literal[
    "+",
    "-",
]
#: ``event`` only counts and reports the signal, ``shutdown`` does what ``terminate.shutdown`` does, ``terminate`` leaves at once.
SignalAction = Literal[
    "event",
    "shutdown",
    "terminate",
]
#: A log level. That level and those before it are suppressed; ``none`` suppresses nothing.
Level = Literal[
    "none",
    "trace",
    "debug",
    "info",
    "warning",
    "error",
    "fatal",
]
#: How far an orderly shutdown has got: ``stopping`` after SIGTERM, ``killing`` after SIGKILL, ``flushing`` when only events and the log are left to deliver.
Phase = Literal[
    "stopping",
    "killing",
    "flushing",
]
#: A signal as events have it. The real-time ones are left out: they would make every message of a checker unreadable.
SignalName = Literal[
    "SIGABRT",
    "SIGALRM",
    "SIGBUS",
    "SIGCHLD",
    "SIGCLD",
    "SIGCONT",
    "SIGFPE",
    "SIGHUP",
    "SIGILL",
    "SIGINT",
    "SIGIO",
    "SIGIOT",
    "SIGKILL",
    "SIGPIPE",
    "SIGPOLL",
    "SIGPROF",
    "SIGPWR",
    "SIGQUIT",
    "SIGSEGV",
    "SIGSTKFLT",
    "SIGSTOP",
    "SIGSYS",
    "SIGTERM",
    "SIGTRAP",
    "SIGTSTP",
    "SIGTTIN",
    "SIGTTOU",
    "SIGURG",
    "SIGUSR1",
    "SIGUSR2",
    "SIGVTALRM",
    "SIGWINCH",
    "SIGXCPU",
    "SIGXFSZ",
]
ShortSignalName = Literal[
    "ABRT",
    "ALRM",
    "BUS",
    "CHLD",
    "CLD",
    "CONT",
    "FPE",
    "HUP",
    "ILL",
    "INT",
    "IO",
    "IOT",
    "KILL",
    "PIPE",
    "POLL",
    "PROF",
    "PWR",
    "QUIT",
    "SEGV",
    "STKFLT",
    "STOP",
    "SYS",
    "TERM",
    "TRAP",
    "TSTP",
    "TTIN",
    "TTOU",
    "URG",
    "USR1",
    "USR2",
    "VTALRM",
    "WINCH",
    "XCPU",
    "XFSZ",
]
FileFlag = Literal[
    "read",
    "write",
    "append",
    "create",
    "trunc",
    "truncate",
    "nonblock",
    "mkdir",
]
PipeFlag = Literal[
    "unix",
    "inet",
    "inet6",
    "tcp",
    "udp",
    "stream",
    "dgram",
    "seqpacket",
    "nonblock",
]
#: The states of a service.
ServiceStateWord = Literal[
    "down",
    "start",
    "up",
    "deleted",
]
#: The types of a file descriptor; ``"deleted"`` is one that is gone.
FdStateWord = Literal[
    "file",
    "pipe",
    "socket",
    "special",
    "deleted",
]
#: Each command and its fields, with their kinds.
COMMANDS: dict[str, dict[str, str]] = {
    "echo": {"rest": "line"},
    "statedump": {},
    "service.args": {"name": "service", "args": "arg"},
    "service.fds": {"name": "service", "fds": "fd_or_none"},
    "service.tags": {"name": "service", "tags": "tag"},
    "service.auto_up": {"name": "service", "interval": "interval", "triggers": "trigger"},
    "service.start": {"name": "service", "at": "start_time"},
    "service.stop": {"name": "service", "after": "seconds"},
    "service.restart": {"name": "service", "after": "seconds"},
    "service.release": {"name": "service"},
    "service.signal": {"name": "service", "signal": "signal", "group": "group"},
    "service.delete": {"name": "service"},
    "service.tags.apply": {"name": "service", "changes": "tag_change"},
    "service.pipe": {"name": "service", "fds": "fd_numbers", "args": "arg"},
    "fd.pipe": {"read": "fd", "write": "fd", "flags": "pipe_flags"},
    "fd.open": {"name": "fd", "flags": "file_flags", "path": "path"},
    "fd.socket": {"name": "fd", "flags": "socket_flags", "address": "address"},
    "fd.take": {"name": "fd"},
    "fd.delete": {"name": "fd"},
    "socket.create": {"options": "no_options", "path": "path"},
    "socket.delete": {},
    "signal.clear": {"signal": "signal", "count": "count"},
    "signal.default": {"signal": "signal", "action": "signal_action"},
    "log.filter": {"change": "filter_change"},
    "log.dest": {"type": "log_type", "fd": "fd"},
    "chdir": {"path": "path"},
    "conn.event_timeout": {"reset": "timeout", "close": "timeout"},
    "conn.features": {"features": "feature"},
    "exit": {},
    "terminate": {"code": "exit_code", "guard": "guard"},
    "terminate.guard": {"on": "guard_switch", "code": "guard_code"},
    "terminate.exec_args": {"args": "exec_arg"},
    "terminate.shutdown": {"term": "seconds", "kill": "seconds", "flush": "seconds", "guard": "guard"},
}

#: Each event of the daemon and its fields, with their kinds.
EVENTS: dict[str, dict[str, str]] = {
    "service.state": {"name": "service", "state": "service_state"},
    "service.tags": {"name": "service", "tags": "tag"},
    "service.args": {"name": "service", "args": "arg"},
    "service.fds": {"name": "service", "fds": "fd_or_none"},
    "service.auto_up": {"name": "service", "interval": "interval", "triggers": "trigger"},
    "fd.state": {"name": "fd", "state": "fd_state"},
    "signal": {"signal": "signal", "at": "timestamp", "count": "count"},
    "log.filter": {"level": "level"},
    "info": {"text": "text"},
    "warning": {"text": "text"},
    "error": {"text": "text"},
    "overflow": {},
    "conn.features": {"features": "feature"},
    "done": {"tag": "command_tag", "error": "error_name", "text": "error_text"},
    "terminate.state": {"phase": "phase", "remaining": "count"},
}
