"""Every command of the protocol as a method: of a controller, and of what it is about.

What a method gives back is up to the controller: the synchronous one waits and gives None, that of asyncio gives a future.
"""

# Generated from grammar.toml by `cargo run -p daemonproxy-codegen`. Do not edit.

from __future__ import annotations

from typing import Generic, Literal, Optional, Union

from ._fields import (
    Caller,
    Field,
    FlagsLike,
    NumbersLike,
    PathLike,
    R,
    SignalLike,
    TriggerLike,
    flags_field,
    given,
    numbers_field,
    seconds_field,
)
from ._words import FilterChange, GuardSwitch, LogType, Rights, SignalAction


class Commands(Caller[R]):
    """All commands. Names have 1 to 31 characters out of ``A-Z a-z 0-9 . _ -``; times are seconds, whole ones where it says ``int``.

    Each method raises :class:`~daemonproxy.UsageError` for what cannot be right, :class:`~daemonproxy.RefusedError` for what the
    daemon refuses, :class:`~daemonproxy.ConnectionLostError`, and :class:`~daemonproxy.WaitTimeoutError` if no answer comes.
    """

    def echo(self, *rest: Field) -> R:
        """``echo [REST]``: Sends the rest of the line back, exactly as it is, as a line of its own; nothing at all when
        there is no field. Answers come in the order of the commands, so an echo shows where the answers so far end.

        :param rest: The rest of the line, whatever is in it.
        """
        return self.call("echo", *rest)

    def statedump(self) -> R:
        """``statedump``: Reports everything: each file descriptor, each service with its tags, arguments, descriptors
        and triggers, each signal with a pending count. Commands after it wait until the dump is complete."""
        return self.call("statedump")

    def service_args(self, name: str, *args: Field) -> R:
        """``service.args NAME [ARG]...``: Sets the argument list of a service, and creates the service if needed. The
        first argument is the program, searched for in PATH, and also its argv[0].

        :param name: The name of a service: 1 to 31 characters out of ``A-Z a-z 0-9 . _ -``.
        :param args: One argument of a program. It may be empty, unless it is the only one.
        """
        return self.call("service.args", name, *args)

    def service_fds(self, name: str, *fds: str) -> R:
        """``service.fds NAME [FD]...``: Sets which file descriptors become 0, 1, 2 and so on in the service, from its
        next start on. ``-`` leaves a number closed. A name that does not exist yet only causes a warning. A service
        whose list was never set, or is empty, gets ``null null null``.

        :param name: The name of a service: 1 to 31 characters out of ``A-Z a-z 0-9 . _ -``.
        :param fds: The name of a file descriptor, or ``-`` to leave that number closed.
        """
        return self.call("service.fds", name, *fds)

    def service_tags(self, name: str, *tags: Field) -> R:
        """``service.tags NAME [TAG]...``: Sets the tags of a service: free text that the daemon keeps for controllers
        and does not interpret.

        :param name: The name of a service: 1 to 31 characters out of ``A-Z a-z 0-9 . _ -``.
        :param tags: Free text for controllers, by convention ``KEY=VALUE`` or a single word.
        """
        return self.call("service.tags", name, *tags)

    def service_auto_up(self, name: str, interval: Optional[int] = None, *triggers: TriggerLike) -> R:
        """``service.auto_up NAME [INTERVAL] [TRIGGER]...``: Starts the service whenever one of the triggers holds, but
        never sooner than INTERVAL seconds after its last start. Without a trigger this is off. An INTERVAL of ``-``
        with triggers keeps the one set before, or 5 if there was none. Takes effect at once.

        :param name: The name of a service: 1 to 31 characters out of ``A-Z a-z 0-9 . _ -``.
        :param interval: Seconds, 1 or more, or ``-`` for what was set before.
        :param triggers: A condition, or several joined by commas, all of which must hold. ``always``; a signal: its
            pending count is above 0 (a real-time signal is refused, for the daemon receives none); ``once``: the
            service never ran; ``failure``, ``success``: how its last run ended; ``ready:NAME``, ``up:NAME``: that
            service runs and is ready, or runs; ``down:NAME``: it exists and has no process; ``done:NAME``: it has no
            process, and its last run was a success; ``fd:NAME``: that descriptor is readable. A name that does not
            exist satisfies none. Of protocol 1 are ``always`` and signals, one at a time.
        """
        return self.call("service.auto_up", name, "-" if interval is None else interval, *triggers)

    def service_start(self, name: str, at: Optional[Union[int, Literal["-"]]] = None) -> R:
        """``service.start NAME [AT]``: Starts the service now, or at that second of CLOCK_MONOTONIC; ``-`` cancels a
        start that is pending. A time of up to 100000 seconds ago means now. It is done before the next command is read.
        While the service is being stopped, it is started when the stop is over. It ends a hold.

        :param name: The name of a service: 1 to 31 characters out of ``A-Z a-z 0-9 . _ -``.
        :param at: A second of CLOCK_MONOTONIC, or ``-`` to cancel a start that is pending. Absent: now.
        """
        return self.call("service.start", name, *given(at))

    def service_stop(self, name: str, after: Optional[float] = None) -> R:
        """``service.stop NAME [AFTER]``: Ends the service in good order, and holds it: until ``service.start``,
        ``service.restart`` or ``service.release``, no trigger starts it. Its main process gets SIGTERM, or what the
        option ``stop=`` says, and SIGCONT; when that has ended and others of its process group are left, they get the
        same; AFTER seconds (10, or what the option ``stop_after=`` says) after the command, whatever is left gets
        SIGKILL. The stop is over when nothing is left: until then the service is not started again, and cannot be
        deleted. A service that is not running is only held, and a start that is pending is cancelled. A second stop can
        only shorten the time of the first. Protocol 2.

        :param name: The name of a service: 1 to 31 characters out of ``A-Z a-z 0-9 . _ -``.
        :param after: Seconds, 0 to 2147483647, with up to nine digits after a point. Absent or ``-``: the default.
        """
        return self.call("service.stop", name, *given(seconds_field(after)))

    def service_restart(self, name: str, after: Optional[float] = None) -> R:
        """``service.restart NAME [AFTER]``: Stops the service as ``service.stop`` does, and starts it again as soon as
        nothing of it is left, whatever the interval of its triggers. One that is not running is started at once. It
        ends a hold. Of a stop, a start and a restart, the latest decides what follows. Protocol 2.

        :param name: The name of a service: 1 to 31 characters out of ``A-Z a-z 0-9 . _ -``.
        :param after: Seconds, 0 to 2147483647, with up to nine digits after a point. Absent or ``-``: the default.
        """
        return self.call("service.restart", name, *given(seconds_field(after)))

    def service_release(self, name: str) -> R:
        """``service.release NAME``: Ends the hold of a service that was stopped, without starting it: its triggers may
        do that. Protocol 2.

        :param name: The name of a service: 1 to 31 characters out of ``A-Z a-z 0-9 . _ -``.
        """
        return self.call("service.release", name)

    def service_reload(self, name: str) -> R:
        """``service.reload NAME``: Asks the service to read its configuration again, if it is running: sends SIGHUP to
        its main process, or what the option ``reload=`` says. Protocol 2.

        :param name: The name of a service: 1 to 31 characters out of ``A-Z a-z 0-9 . _ -``.
        """
        return self.call("service.reload", name)

    def service_ready(self, name: str) -> R:
        """``service.ready NAME``: Says for a service with the option ``ready=control`` that it is ready. Once is
        enough: said again, it changes nothing. Protocol 2.

        :param name: The name of a service: 1 to 31 characters out of ``A-Z a-z 0-9 . _ -``.
        """
        return self.call("service.ready", name)

    def service_deadman(self, name: str) -> R:
        """``service.deadman NAME``: Vouches for a service that runs and has the option ``deadman=``: its time begins
        again. Protocol 2.

        :param name: The name of a service: 1 to 31 characters out of ``A-Z a-z 0-9 . _ -``.
        """
        return self.call("service.deadman", name)

    def service_signal(self, name: str, signal: SignalLike, group: bool = False) -> R:
        """``service.signal NAME SIGNAL [GROUP]``: Sends a signal to the service, if it is running; with ``group``, to
        its whole process group.

        :param name: The name of a service: 1 to 31 characters out of ``A-Z a-z 0-9 . _ -``.
        :param signal: A signal by name, with or without ``SIG``, or by number (1 to 64). Events always write
            ``SIGNAME``.
        :param group: The word ``group``, which means the whole process group of the service.
        """
        return self.call("service.signal", name, signal, *given("group" if group else None))

    def service_delete(self, name: str) -> R:
        """``service.delete NAME``: Forgets the service, if it is not running and not being stopped.

        :param name: The name of a service: 1 to 31 characters out of ``A-Z a-z 0-9 . _ -``.
        """
        return self.call("service.delete", name)

    def service_tags_apply(self, name: str, *changes: Field) -> R:
        """``service.tags.apply NAME CHANGE...``: Changes single tags and leaves the others as they are, all in one
        step, so that two controllers do not overwrite each other. ``KEY=VALUE`` or ``TAG`` sets or replaces, ``-KEY``
        removes. Protocol 2.

        :param name: The name of a service: 1 to 31 characters out of ``A-Z a-z 0-9 . _ -``.
        :param changes: ``KEY=VALUE`` or ``TAG`` sets that tag, or replaces the one with the same KEY; ``-KEY`` removes
            it.
        """
        return self.call("service.tags.apply", name, *changes)

    def service_options(self, name: str, *options: Field) -> R:
        """``service.options NAME [OPTION]...``: Sets the options of a service: all of them, in place of those it had.
        They apply from its next start on, unless it is said otherwise; see the list of options. A user or group that
        does not exist now only causes a warning. Protocol 2.

        :param name: The name of a service: 1 to 31 characters out of ``A-Z a-z 0-9 . _ -``.
        :param options: ``KEY=VALUE``, or a single word: one of the options of services.
        """
        return self.call("service.options", name, *options)

    def service_options_apply(self, name: str, *changes: Field) -> R:
        """``service.options.apply NAME CHANGE...``: Changes single options and leaves the others as they are, all in
        one step. ``KEY=VALUE`` or a word sets or replaces, ``-KEY`` takes out. Protocol 2.

        :param name: The name of a service: 1 to 31 characters out of ``A-Z a-z 0-9 . _ -``.
        :param changes: An option, which is set or replaces the one with the same KEY; or ``-KEY``, which takes it out.
        """
        return self.call("service.options.apply", name, *changes)

    def service_env(self, name: str, *env: Field) -> R:
        """``service.env NAME [ENV]...``: Sets what is different in the environment of a service, from its next start
        on. A start gets the environment of the daemon, changed by ``env``, by what ``user=`` sets, and by this; the
        PATH of the result is searched for the program. At most 65535 bytes. No value is ever in the log. Protocol 2.

        :param name: The name of a service: 1 to 31 characters out of ``A-Z a-z 0-9 . _ -``.
        :param env: ``KEY=VALUE`` sets a variable of the environment; ``KEY%=VALUE``, too, and in VALUE ``%XX`` is the
            byte with that hexadecimal number; ``!KEY`` takes it out. A first item ``!`` starts from nothing.
        """
        return self.call("service.env", name, *env)

    def service_env_apply(self, name: str, *changes: Field) -> R:
        """``service.env.apply NAME CHANGE...``: Changes single items of that, and leaves the others as they are, all in
        one step. Protocol 2.

        :param name: The name of a service: 1 to 31 characters out of ``A-Z a-z 0-9 . _ -``.
        :param changes: An item, which is set or replaces the one about the same KEY; or ``-KEY``, which takes the item
            out. ``!`` becomes the first item, ``-!`` takes it out.
        """
        return self.call("service.env.apply", name, *changes)

    def env(self, *env: Field) -> R:
        """``env [ENV]...``: The same for every service: what ``service.env`` says comes after it. Protocol 2.

        :param env: ``KEY=VALUE`` sets a variable of the environment; ``KEY%=VALUE``, too, and in VALUE ``%XX`` is the
            byte with that hexadecimal number; ``!KEY`` takes it out. A first item ``!`` starts from nothing.
        """
        return self.call("env", *env)

    def env_apply(self, *changes: Field) -> R:
        """``env.apply CHANGE...``: Changes single items of that. Protocol 2.

        :param changes: An item, which is set or replaces the one about the same KEY; or ``-KEY``, which takes the item
            out. ``!`` becomes the first item, ``-!`` takes it out.
        """
        return self.call("env.apply", *changes)

    def service_pipe(self, name: str, fds: NumbersLike, *args: Field) -> R:
        """``service.pipe NAME FDS ARG...``: Gives the service a logger of its own: a pipe ``NAME-log.r`` /
        ``NAME-log.w``, a service ``NAME-log`` with these arguments that reads from it, is always up and is started
        again after 1 second at the earliest; and ``NAME-log.w`` in the places FDS of the service's descriptor list. A
        second ``service.pipe`` for the same service changes the logger's arguments and keeps the pipe, with whatever is
        in it. Protocol 2.

        :param name: The name of a service: 1 to 31 characters out of ``A-Z a-z 0-9 . _ -``.
        :param fds: Comma-separated descriptor numbers of the service, each 0 to 255, such as ``1,2``.
        :param args: One argument of a program. It may be empty, unless it is the only one.
        """
        return self.call("service.pipe", name, numbers_field(fds), *args)

    def fd_pipe(self, read: str, write: str, flags: Optional[FlagsLike] = None) -> R:
        """``fd.pipe READ WRITE [FLAGS]``: Makes a pipe and names its two ends, or a pair of sockets if any flag is one
        of sockets. A name in use is closed and taken over.

        :param read: The name of a file descriptor that the daemon holds: 1 to 31 characters out of ``A-Z a-z 0-9 . _
            -``.
        :param write: The name of a file descriptor that the daemon holds: 1 to 31 characters out of ``A-Z a-z 0-9 . _
            -``.
        :param flags: Comma-separated: ``nonblock unix inet inet6 tcp udp dgram stream seqpacket``. Any flag but
            ``nonblock`` makes it a pair of sockets.
        """
        return self.call("fd.pipe", read, write, *given(flags_field(flags)))

    def fd_open(self, name: str, flags: FlagsLike, path: PathLike) -> R:
        """``fd.open NAME FLAGS PATH``: Opens a file. A new file gets the mode 0600, directories made by ``mkdir`` 0700.
        A name in use is closed and taken over.

        :param name: The name of a file descriptor that the daemon holds: 1 to 31 characters out of ``A-Z a-z 0-9 . _
            -``.
        :param flags: Comma-separated: ``read write append create trunc truncate nonblock mkdir mode=MODE``. ``append``
            and ``trunc`` imply ``write`` unless ``read`` or ``write`` is there; without any of them the file is opened
            for reading. A file that ``create`` makes has the mode 0600, or exactly MODE, 0 to 0777 in octal;
            directories made by ``mkdir`` have 0700.
        :param path: A path. Relative ones start at the working directory of the daemon.
        """
        return self.call("fd.open", name, flags_field(flags), path)

    def fd_socket(self, name: str, flags: FlagsLike, address: Optional[PathLike] = None) -> R:
        """``fd.socket NAME FLAGS [ADDRESS]``: Makes a socket, binds it if there is an address, and listens if
        ``listen`` is among the flags. SO_REUSEADDR is set before a bind. A name in use is closed and taken over. With
        ``listen``, the file of a unix socket at which nobody listens any more is replaced.

        :param name: The name of a file descriptor that the daemon holds: 1 to 31 characters out of ``A-Z a-z 0-9 . _
            -``.
        :param flags: Comma-separated: ``unix inet inet6 tcp udp stream dgram seqpacket nonblock mkdir bind listen
            listen=BACKLOG``. Without any it is ``unix,stream``; ``tcp`` and ``udp`` alone mean ``inet``. BACKLOG is 1
            to 65535, and 32 if it is not given. ``listen`` implies ``bind``.
        :param address: A path for ``unix``. For ``inet``: ``1.2.3.4:PORT`` or ``*:PORT``. For ``inet6``: ``[::1]:PORT``
            or ``*:PORT``. An address implies ``bind``; ``bind`` and ``listen`` need one.
        """
        return self.call("fd.socket", name, flags_field(flags), *given(address))

    def fd_take(self, name: str) -> R:
        """``fd.take NAME``: Takes the file descriptor that was passed along with this line as SCM_RIGHTS over a unix
        socket. A name in use is closed and taken over. Send the descriptor and the whole line with one sendmsg(2): a
        descriptor that is not taken by the lines it came with is closed, and so is one that has waited 30 seconds for
        the end of its line. At most 32 descriptors wait for one controller, and 256 for all of them.

        :param name: The name of a file descriptor that the daemon holds: 1 to 31 characters out of ``A-Z a-z 0-9 . _
            -``.
        """
        return self.call("fd.take", name)

    def fd_give(self, name: str) -> R:
        """``fd.give NAME``: Passes the file descriptor to this connection, which must be a unix socket: an event of the
        same name, with the descriptor as SCM_RIGHTS in the message that begins with that line. Both share one open
        file. Read with recvmsg(2): a plain read(2) loses it. Commands after it wait until it is sent. Protocol 2.

        :param name: The name of a file descriptor that the daemon holds: 1 to 31 characters out of ``A-Z a-z 0-9 . _
            -``.
        """
        return self.call("fd.give", name)

    def fd_delete(self, name: str) -> R:
        """``fd.delete NAME``: Closes the file descriptor and forgets its name.

        :param name: The name of a file descriptor that the daemon holds: 1 to 31 characters out of ``A-Z a-z 0-9 . _
            -``.
        """
        return self.call("fd.delete", name)

    def socket_create(self, options: FlagsLike, path: PathLike) -> R:
        """``socket.create OPTIONS PATH``: Listens for controllers on a unix socket. The one without a name replaces and
        unlinks the one before it; those with names (protocol 2), at most 15, are additional ones. A left-over socket at
        PATH is removed first; anything else in the way is an error. The socket appears at PATH when it listens and has
        its mode and its owner. Whoever connects has the rights that the options say, all of them if they say nothing.

        :param options: ``-``, or comma-separated: ``name=NAME`` for an additional socket; ``mode=MODE``, in octal, and
            ``uid=UID`` and ``gid=GID``, by number, for its file; ``rights=RIGHTS`` and ``services=PATTERN``, with ``:``
            between patterns, for those who connect, as in ``conn.restrict``; ``most=COUNT`` for how many may be
            connected at a time.
        :param path: A path. Relative ones start at the working directory of the daemon.
        """
        return self.call("socket.create", flags_field(options), path)

    def socket_delete(self, name: Optional[str] = None) -> R:
        """``socket.delete [NAME]``: Closes and unlinks the control socket, if there is one, or the one of that name
        (protocol 2). Controllers that are connected stay.

        :param name: The name of a control socket. Absent: the one that has none.
        """
        return self.call("socket.delete", *given(name))

    def signal_clear(self, signal: SignalLike, count: int) -> R:
        """``signal.clear SIGNAL COUNT``: Takes COUNT off the pending count of a signal, which never goes below 0.

        :param signal: A signal by name, with or without ``SIG``, or by number (1 to 64). Events always write
            ``SIGNAME``.
        :param count: A number, 0 or more.
        """
        return self.call("signal.clear", signal, count)

    def signal_default(self, signal: SignalLike, action: SignalAction) -> R:
        """``signal.default SIGNAL ACTION``: What the daemon does with a signal that no connected controller reads and
        no service has as a trigger. An action that ends the daemon turns off the guard that it has by itself as PID 1.
        A guard that was asked for stays, no signal ends the daemon then, and a warning says so. WINCH, which is never
        an event, can be forwarded, too. Protocol 2.

        :param signal: A signal by name, with or without ``SIG``, or by number (1 to 64). Events always write
            ``SIGNAME``.
        :param action: ``event`` only counts and reports the signal, ``shutdown`` does what ``terminate.shutdown`` does,
            ``terminate`` leaves at once, ``forward`` sends it to the service that has the option ``main``, if that
            runs, and counts it no more.
        """
        return self.call("signal.default", signal, action)

    def log_filter(self, change: Optional[FilterChange] = None) -> R:
        """``log.filter [CHANGE]``: Suppresses log messages of that level and those below it, and answers with the
        filter now in force. Without an argument it only answers.

        :param change: A log level, or one step along ``none trace debug info warning error fatal``: ``+`` suppresses
            more, ``-`` less.
        """
        return self.call("log.filter", *given(change))

    def log_dest(self, type: LogType, fd: str) -> R:
        """``log.dest TYPE FD``: From now on the log goes to the file descriptor of that name, even if it does not exist
        yet or is closed and made again: the log waits for it.

        :param type: The word ``fd``, the only kind of destination.
        :param fd: The name of a file descriptor that the daemon holds: 1 to 31 characters out of ``A-Z a-z 0-9 . _ -``.
        """
        return self.call("log.dest", type, fd)

    def chdir(self, path: PathLike) -> R:
        """``chdir PATH``: Changes the working directory of the daemon, and so of the services that it starts from now
        on.

        :param path: A path. Relative ones start at the working directory of the daemon.
        """
        return self.call("chdir", path)

    def conn_event_timeout(self, reset: int, close: int) -> R:
        """``conn.event_timeout RESET CLOSE``: How long this controller may leave its events unread, in seconds: after
        RESET what cannot be written is thrown away, after CLOSE the connection is closed. The defaults are 15 and 30.

        :param reset: Seconds, 1 to 2147483647.
        :param close: Seconds, 1 to 2147483647.
        """
        return self.call("conn.event_timeout", reset, close)

    def conn_features(self, *features: Field) -> R:
        """``conn.features [FEATURE]...``: Sets what this connection wants of protocol 2, in place of what it wanted
        before; the answer says what is in force. A feature that this daemon does not know is left out of the answer.
        ``observer``: this connection is no listener for signals, so while nobody else is connected a signal still does
        what it does by default (``signal.default``). ``runs``: after each ``service.state`` this connection is told
        what is known of the run, as ``service.run``, and so it is in dumps. ``settings``: it hears of all that can be
        set, also when somebody else sets it, and a state dump reports it. Protocol 2.

        :param features: The name of a feature. ``observer``: this connection does not count as a listener for signals.
            ``runs``: it is told ``service.run``. ``settings``: it hears of options, environments and the settings of
            the daemon, and a state dump has them.
        """
        return self.call("conn.features", *features)

    def conn_timer(self, name: str, seconds: Union[float, Literal["-"]]) -> R:
        """``conn.timer NAME SECONDS``: Sets a timer of this connection: so many seconds from now, the event
        ``conn.timer`` with this NAME comes, to this connection only. If there is a timer of this name, it is moved;
        with ``-`` it is cancelled, and if there is none, nothing happens. A connection has at most 16 timers at a time,
        and one that has run out is none any more. While a connection does not read, its timers wait, and none of them
        is lost. Protocol 2.

        :param name: The name of a timer of this connection: 1 to 31 characters out of ``A-Z a-z 0-9 . _ -``.
        :param seconds: Seconds from now, 0 to 999999999, with up to nine digits after a point; or ``-`` for never.
        """
        return self.call("conn.timer", name, seconds_field(seconds))

    def conn_restrict(self, rights: Rights, *globs: Field) -> R:
        """``conn.restrict RIGHTS [GLOB]...``: Narrows what this connection may do from here on. Nothing widens it
        again. With patterns, which go with ``watch`` and ``operate``, it hears of services only whose names match one
        of them, and can do nothing with the others: for this connection they do not exist. Where it was limited before,
        both hold. A service that is hidden is not told of by any event or dump, and its name stands as ``*`` in lines
        about others; so do names of file descriptors. File descriptors, signals, settings, other connections and the
        shutdown are told of to connections with full rights only; ``conn.list`` tells each of itself. Descriptors that
        it passes are closed, and it is no listener for signals. At most 16 patterns. There is no answer; with a tag
        there is its end. Protocol 2.

        :param rights: ``watch``: look at services. ``operate``: also start, stop and signal those that exist. ``full``:
            everything.
        :param globs: A pattern of names: ``*`` stands for any characters, also none, ``?`` for one, and all else for
            itself.
        """
        return self.call("conn.restrict", rights, *globs)

    def conn_list(self) -> R:
        """``conn.list``: Reports every connection there is, each with a line, this one as well. A connection without
        full rights is told of itself only, and so what it may do. Protocol 2."""
        return self.call("conn.list")

    def exit(self) -> R:
        """``exit``: Closes the connection of this controller, once everything that it is owed has been delivered."""
        return self.call("exit")

    def terminate(self, code: int, guard: Optional[int] = None) -> R:
        """``terminate CODE [GUARD]``: The daemon leaves at once with that exit code, and does not touch the services.
        While the guard is on, GUARD must be its code, and a program to exec must be set.

        :param code: An exit code, 0 to 255.
        :param guard: The code that the terminate guard was set with. Absent or ``-``: none.
        """
        return self.call("terminate", code, *given(guard))

    def terminate_guard(self, on: GuardSwitch, code: int) -> R:
        """``terminate.guard ON CODE``: Turns the guard on, which protects the daemon from an accidental ``terminate``,
        or off again with the same code.

        :param on: ``+`` turns the guard on, ``-`` turns it off.
        :param code: A 64-bit integer other than 0.
        """
        return self.call("terminate.guard", on, code)

    def terminate_exec_args(self, *args: Field) -> R:
        """``terminate.exec_args [ARG]...``: The program that the daemon becomes, for whatever reason it leaves, instead
        of exiting. No argument turns it off.

        :param args: One argument of the program that the daemon becomes when it leaves.
        """
        return self.call("terminate.exec_args", *args)

    def terminate_shutdown(self, term: Optional[float] = None, kill: Optional[float] = None, flush: Optional[float] = None, guard: Optional[int] = None, code: Optional[int] = None) -> R:
        """``terminate.shutdown [TERM] [KILL] [FLUSH] [GUARD] [CODE]``: Shuts down in an orderly way. Nothing is started
        any more. Every service is stopped in its own way, as its options ``stop``, ``stop_after`` and ``kill`` say:
        those that write into a pipe before those that read from it, those whose conditions name others with ``ready:``
        or ``up:`` before those others, and controllers last. A circle is stopped as if it were one service. When the
        main process of a service has ended and others of its process group are left, they get the same, and the service
        has gone when they have. TERM caps every ``stop_after``, and is the time of the services without one, which
        otherwise is 10 seconds. There is one deadline, however many wait for each other: at TERM seconds after the
        shutdown began, without TERM after the longest ``stop_after``, but at least 10 seconds, all services whose turn
        has come get SIGKILL, with all that their stop is about; KILL seconds (5) after that everything that is left is
        given up. As process 1 the daemon takes everything else in its pid namespace along when the services have gone:
        SIGTERM, and SIGKILL at the same deadline. Then events and the log are delivered, for at most FLUSH seconds (5).
        The exit code is 10 if something needed SIGKILL, and 11 if something outlived it; or else that of the service
        with the option ``main``, or CODE (0) if there is none or it never ran. A second ``terminate.shutdown`` can only
        shorten the times of the first. A second SIGTERM, SIGINT or SIGQUIT during the shutdown means SIGKILL at once,
        even if a controller hears of it. Protocol 2.

        :param term: Seconds, 0 to 2147483647, with up to nine digits after a point. Absent or ``-``: the default.
        :param kill: Seconds, 0 to 2147483647, with up to nine digits after a point. Absent or ``-``: the default.
        :param flush: Seconds, 0 to 2147483647, with up to nine digits after a point. Absent or ``-``: the default.
        :param guard: The code that the terminate guard was set with. Absent or ``-``: none.
        :param code: An exit code, 0 to 255. Absent or ``-``: the default.
        """
        return self.call("terminate.shutdown", *given(seconds_field(term), seconds_field(kill), seconds_field(flush), guard, code))

    def upgrade(self, program: Optional[PathLike] = None, guard: Optional[int] = None) -> R:
        """``upgrade [PROGRAM] [GUARD]``: The daemon becomes PROGRAM, another version of itself, and goes on: the same
        process, with all children, connections, descriptors and times. Without PROGRAM it is the path by which the
        daemon was started. First PROGRAM is asked whether it understands everything that there is; if it does not, or
        says nothing for 10 seconds, the command is refused, and nothing has changed. Other connections are served
        meanwhile; commands of this one wait until the outcome is known. While the guard is on, GUARD must be its code.
        Protocol 2.

        :param program: The path of a program, with a ``/`` in it; it is not searched for. Absent or ``-``: the default.
        :param guard: The code that the terminate guard was set with. Absent or ``-``: none.
        """
        return self.call("upgrade", *given(program, guard))


class ServiceCommands(Generic[R]):
    """The commands about one service."""

    _ctl: Commands[R]
    name: str

    def set_args(self, *args: Field) -> R:
        """``service.args NAME [ARG]...``: Sets the argument list of a service, and creates the service if needed. The
        first argument is the program, searched for in PATH, and also its argv[0].

        :param args: One argument of a program. It may be empty, unless it is the only one.
        """
        return self._ctl.service_args(self.name, *args)

    def set_fds(self, *fds: str) -> R:
        """``service.fds NAME [FD]...``: Sets which file descriptors become 0, 1, 2 and so on in the service, from its
        next start on. ``-`` leaves a number closed. A name that does not exist yet only causes a warning. A service
        whose list was never set, or is empty, gets ``null null null``.

        :param fds: The name of a file descriptor, or ``-`` to leave that number closed.
        """
        return self._ctl.service_fds(self.name, *fds)

    def set_tags(self, *tags: Field) -> R:
        """``service.tags NAME [TAG]...``: Sets the tags of a service: free text that the daemon keeps for controllers
        and does not interpret.

        :param tags: Free text for controllers, by convention ``KEY=VALUE`` or a single word.
        """
        return self._ctl.service_tags(self.name, *tags)

    def auto_up(self, interval: Optional[int] = None, *triggers: TriggerLike) -> R:
        """``service.auto_up NAME [INTERVAL] [TRIGGER]...``: Starts the service whenever one of the triggers holds, but
        never sooner than INTERVAL seconds after its last start. Without a trigger this is off. An INTERVAL of ``-``
        with triggers keeps the one set before, or 5 if there was none. Takes effect at once.

        :param interval: Seconds, 1 or more, or ``-`` for what was set before.
        :param triggers: A condition, or several joined by commas, all of which must hold. ``always``; a signal: its
            pending count is above 0 (a real-time signal is refused, for the daemon receives none); ``once``: the
            service never ran; ``failure``, ``success``: how its last run ended; ``ready:NAME``, ``up:NAME``: that
            service runs and is ready, or runs; ``down:NAME``: it exists and has no process; ``done:NAME``: it has no
            process, and its last run was a success; ``fd:NAME``: that descriptor is readable. A name that does not
            exist satisfies none. Of protocol 1 are ``always`` and signals, one at a time.
        """
        return self._ctl.service_auto_up(self.name, interval, *triggers)

    def start(self, at: Optional[Union[int, Literal["-"]]] = None) -> R:
        """``service.start NAME [AT]``: Starts the service now, or at that second of CLOCK_MONOTONIC; ``-`` cancels a
        start that is pending. A time of up to 100000 seconds ago means now. It is done before the next command is read.
        While the service is being stopped, it is started when the stop is over. It ends a hold.

        :param at: A second of CLOCK_MONOTONIC, or ``-`` to cancel a start that is pending. Absent: now.
        """
        return self._ctl.service_start(self.name, at)

    def stop(self, after: Optional[float] = None) -> R:
        """``service.stop NAME [AFTER]``: Ends the service in good order, and holds it: until ``service.start``,
        ``service.restart`` or ``service.release``, no trigger starts it. Its main process gets SIGTERM, or what the
        option ``stop=`` says, and SIGCONT; when that has ended and others of its process group are left, they get the
        same; AFTER seconds (10, or what the option ``stop_after=`` says) after the command, whatever is left gets
        SIGKILL. The stop is over when nothing is left: until then the service is not started again, and cannot be
        deleted. A service that is not running is only held, and a start that is pending is cancelled. A second stop can
        only shorten the time of the first. Protocol 2.

        :param after: Seconds, 0 to 2147483647, with up to nine digits after a point. Absent or ``-``: the default.
        """
        return self._ctl.service_stop(self.name, after)

    def restart(self, after: Optional[float] = None) -> R:
        """``service.restart NAME [AFTER]``: Stops the service as ``service.stop`` does, and starts it again as soon as
        nothing of it is left, whatever the interval of its triggers. One that is not running is started at once. It
        ends a hold. Of a stop, a start and a restart, the latest decides what follows. Protocol 2.

        :param after: Seconds, 0 to 2147483647, with up to nine digits after a point. Absent or ``-``: the default.
        """
        return self._ctl.service_restart(self.name, after)

    def release(self) -> R:
        """``service.release NAME``: Ends the hold of a service that was stopped, without starting it: its triggers may
        do that. Protocol 2."""
        return self._ctl.service_release(self.name)

    def reload(self) -> R:
        """``service.reload NAME``: Asks the service to read its configuration again, if it is running: sends SIGHUP to
        its main process, or what the option ``reload=`` says. Protocol 2."""
        return self._ctl.service_reload(self.name)

    def ready(self) -> R:
        """``service.ready NAME``: Says for a service with the option ``ready=control`` that it is ready. Once is
        enough: said again, it changes nothing. Protocol 2."""
        return self._ctl.service_ready(self.name)

    def deadman(self) -> R:
        """``service.deadman NAME``: Vouches for a service that runs and has the option ``deadman=``: its time begins
        again. Protocol 2."""
        return self._ctl.service_deadman(self.name)

    def signal(self, signal: SignalLike, group: bool = False) -> R:
        """``service.signal NAME SIGNAL [GROUP]``: Sends a signal to the service, if it is running; with ``group``, to
        its whole process group.

        :param signal: A signal by name, with or without ``SIG``, or by number (1 to 64). Events always write
            ``SIGNAME``.
        :param group: The word ``group``, which means the whole process group of the service.
        """
        return self._ctl.service_signal(self.name, signal, group)

    def delete(self) -> R:
        """``service.delete NAME``: Forgets the service, if it is not running and not being stopped."""
        return self._ctl.service_delete(self.name)

    def tags_apply(self, *changes: Field) -> R:
        """``service.tags.apply NAME CHANGE...``: Changes single tags and leaves the others as they are, all in one
        step, so that two controllers do not overwrite each other. ``KEY=VALUE`` or ``TAG`` sets or replaces, ``-KEY``
        removes. Protocol 2.

        :param changes: ``KEY=VALUE`` or ``TAG`` sets that tag, or replaces the one with the same KEY; ``-KEY`` removes
            it.
        """
        return self._ctl.service_tags_apply(self.name, *changes)

    def set_options(self, *options: Field) -> R:
        """``service.options NAME [OPTION]...``: Sets the options of a service: all of them, in place of those it had.
        They apply from its next start on, unless it is said otherwise; see the list of options. A user or group that
        does not exist now only causes a warning. Protocol 2.

        :param options: ``KEY=VALUE``, or a single word: one of the options of services.
        """
        return self._ctl.service_options(self.name, *options)

    def options_apply(self, *changes: Field) -> R:
        """``service.options.apply NAME CHANGE...``: Changes single options and leaves the others as they are, all in
        one step. ``KEY=VALUE`` or a word sets or replaces, ``-KEY`` takes out. Protocol 2.

        :param changes: An option, which is set or replaces the one with the same KEY; or ``-KEY``, which takes it out.
        """
        return self._ctl.service_options_apply(self.name, *changes)

    def set_env(self, *env: Field) -> R:
        """``service.env NAME [ENV]...``: Sets what is different in the environment of a service, from its next start
        on. A start gets the environment of the daemon, changed by ``env``, by what ``user=`` sets, and by this; the
        PATH of the result is searched for the program. At most 65535 bytes. No value is ever in the log. Protocol 2.

        :param env: ``KEY=VALUE`` sets a variable of the environment; ``KEY%=VALUE``, too, and in VALUE ``%XX`` is the
            byte with that hexadecimal number; ``!KEY`` takes it out. A first item ``!`` starts from nothing.
        """
        return self._ctl.service_env(self.name, *env)

    def env_apply(self, *changes: Field) -> R:
        """``service.env.apply NAME CHANGE...``: Changes single items of that, and leaves the others as they are, all in
        one step. Protocol 2.

        :param changes: An item, which is set or replaces the one about the same KEY; or ``-KEY``, which takes the item
            out. ``!`` becomes the first item, ``-!`` takes it out.
        """
        return self._ctl.service_env_apply(self.name, *changes)

    def pipe(self, fds: NumbersLike, *args: Field) -> R:
        """``service.pipe NAME FDS ARG...``: Gives the service a logger of its own: a pipe ``NAME-log.r`` /
        ``NAME-log.w``, a service ``NAME-log`` with these arguments that reads from it, is always up and is started
        again after 1 second at the earliest; and ``NAME-log.w`` in the places FDS of the service's descriptor list. A
        second ``service.pipe`` for the same service changes the logger's arguments and keeps the pipe, with whatever is
        in it. Protocol 2.

        :param fds: Comma-separated descriptor numbers of the service, each 0 to 255, such as ``1,2``.
        :param args: One argument of a program. It may be empty, unless it is the only one.
        """
        return self._ctl.service_pipe(self.name, fds, *args)


class FdCommands(Generic[R]):
    """The commands about one fd."""

    _ctl: Commands[R]
    name: str

    def pipe(self, write: str, flags: Optional[FlagsLike] = None) -> R:
        """``fd.pipe READ WRITE [FLAGS]``: Makes a pipe and names its two ends, or a pair of sockets if any flag is one
        of sockets. A name in use is closed and taken over.

        :param write: The name of a file descriptor that the daemon holds: 1 to 31 characters out of ``A-Z a-z 0-9 . _
            -``.
        :param flags: Comma-separated: ``nonblock unix inet inet6 tcp udp dgram stream seqpacket``. Any flag but
            ``nonblock`` makes it a pair of sockets.
        """
        return self._ctl.fd_pipe(self.name, write, flags)

    def open(self, flags: FlagsLike, path: PathLike) -> R:
        """``fd.open NAME FLAGS PATH``: Opens a file. A new file gets the mode 0600, directories made by ``mkdir`` 0700.
        A name in use is closed and taken over.

        :param flags: Comma-separated: ``read write append create trunc truncate nonblock mkdir mode=MODE``. ``append``
            and ``trunc`` imply ``write`` unless ``read`` or ``write`` is there; without any of them the file is opened
            for reading. A file that ``create`` makes has the mode 0600, or exactly MODE, 0 to 0777 in octal;
            directories made by ``mkdir`` have 0700.
        :param path: A path. Relative ones start at the working directory of the daemon.
        """
        return self._ctl.fd_open(self.name, flags, path)

    def socket(self, flags: FlagsLike, address: Optional[PathLike] = None) -> R:
        """``fd.socket NAME FLAGS [ADDRESS]``: Makes a socket, binds it if there is an address, and listens if
        ``listen`` is among the flags. SO_REUSEADDR is set before a bind. A name in use is closed and taken over. With
        ``listen``, the file of a unix socket at which nobody listens any more is replaced.

        :param flags: Comma-separated: ``unix inet inet6 tcp udp stream dgram seqpacket nonblock mkdir bind listen
            listen=BACKLOG``. Without any it is ``unix,stream``; ``tcp`` and ``udp`` alone mean ``inet``. BACKLOG is 1
            to 65535, and 32 if it is not given. ``listen`` implies ``bind``.
        :param address: A path for ``unix``. For ``inet``: ``1.2.3.4:PORT`` or ``*:PORT``. For ``inet6``: ``[::1]:PORT``
            or ``*:PORT``. An address implies ``bind``; ``bind`` and ``listen`` need one.
        """
        return self._ctl.fd_socket(self.name, flags, address)

    def take(self) -> R:
        """``fd.take NAME``: Takes the file descriptor that was passed along with this line as SCM_RIGHTS over a unix
        socket. A name in use is closed and taken over. Send the descriptor and the whole line with one sendmsg(2): a
        descriptor that is not taken by the lines it came with is closed, and so is one that has waited 30 seconds for
        the end of its line. At most 32 descriptors wait for one controller, and 256 for all of them."""
        return self._ctl.fd_take(self.name)

    def give(self) -> R:
        """``fd.give NAME``: Passes the file descriptor to this connection, which must be a unix socket: an event of the
        same name, with the descriptor as SCM_RIGHTS in the message that begins with that line. Both share one open
        file. Read with recvmsg(2): a plain read(2) loses it. Commands after it wait until it is sent. Protocol 2."""
        return self._ctl.fd_give(self.name)

    def delete(self) -> R:
        """``fd.delete NAME``: Closes the file descriptor and forgets its name."""
        return self._ctl.fd_delete(self.name)


class SignalCommands(Generic[R]):
    """The commands about one signal."""

    _ctl: Commands[R]
    name: str

    def clear(self, count: int) -> R:
        """``signal.clear SIGNAL COUNT``: Takes COUNT off the pending count of a signal, which never goes below 0.

        :param count: A number, 0 or more.
        """
        return self._ctl.signal_clear(self.name, count)

    def default(self, action: SignalAction) -> R:
        """``signal.default SIGNAL ACTION``: What the daemon does with a signal that no connected controller reads and
        no service has as a trigger. An action that ends the daemon turns off the guard that it has by itself as PID 1.
        A guard that was asked for stays, no signal ends the daemon then, and a warning says so. WINCH, which is never
        an event, can be forwarded, too. Protocol 2.

        :param action: ``event`` only counts and reports the signal, ``shutdown`` does what ``terminate.shutdown`` does,
            ``terminate`` leaves at once, ``forward`` sends it to the service that has the option ``main``, if that
            runs, and counts it no more.
        """
        return self._ctl.signal_default(self.name, action)
