"""What a callback can ask of each event: the types of :meth:`Controller.on <daemonproxy.Controller.on>`."""

# Generated from grammar.toml by `cargo run -p daemonproxy-codegen`. Do not edit.

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, Optional, TypeVar, Union, overload

from . import events
from ._run import Run
from ._words import ErrorName, FdStateWord, Level, LogType, Phase, ServiceStateWord, ShortSignalName, SignalAction, SignalName

#: A signal by name, with or without ``SIG``, or by number, as the real-time ones are.
AnySignal = Union[SignalName, ShortSignalName, int]
E = TypeVar("E", bound=events.Event)
#: What makes a function a callback: it gives back the function.
Register = Callable[[Callable[[E], object]], Callable[[E], object]]


class Listening:
    """Who is called when something happens."""

    @overload
    def on(
        self,
        event: Union[Literal["service.state"], type[events.ServiceState]],
        *,
        name: str = ...,
        state: ServiceStateWord = ...,
        timestamp: Optional[int] = ...,
        pid: Optional[int] = ...,
        exit: Optional[int] = ...,
        signal: Optional[AnySignal] = ...,
        uptime: Optional[int] = ...,
        downtime: Optional[int] = ...,
    ) -> Register[events.ServiceState]: ...

    @overload
    def on(
        self,
        event: Union[Literal["service.run"], type[events.ServiceRun]],
        *,
        name: str = ...,
        run: int = ...,
        facts: Run = ...,
    ) -> Register[events.ServiceRun]: ...

    @overload
    def on(
        self,
        event: Union[Literal["service.tags"], type[events.ServiceTags]],
        *,
        name: str = ...,
        tags: Sequence[str] = ...,
    ) -> Register[events.ServiceTags]: ...

    @overload
    def on(
        self,
        event: Union[Literal["service.args"], type[events.ServiceArgs]],
        *,
        name: str = ...,
        args: Sequence[str] = ...,
    ) -> Register[events.ServiceArgs]: ...

    @overload
    def on(
        self,
        event: Union[Literal["service.fds"], type[events.ServiceFds]],
        *,
        name: str = ...,
        fds: Sequence[str] = ...,
    ) -> Register[events.ServiceFds]: ...

    @overload
    def on(
        self,
        event: Union[Literal["service.options"], type[events.ServiceOptions]],
        *,
        name: str = ...,
        options: Sequence[str] = ...,
    ) -> Register[events.ServiceOptions]: ...

    @overload
    def on(
        self,
        event: Union[Literal["service.env"], type[events.ServiceEnv]],
        *,
        name: str = ...,
        env: Sequence[str] = ...,
    ) -> Register[events.ServiceEnv]: ...

    @overload
    def on(
        self,
        event: Union[Literal["service.env.apply"], type[events.ServiceEnvApply]],
        *,
        name: str = ...,
        apply: Sequence[str] = ...,
    ) -> Register[events.ServiceEnvApply]: ...

    @overload
    def on(
        self,
        event: Union[Literal["env"], type[events.Env]],
        *,
        env: Sequence[str] = ...,
    ) -> Register[events.Env]: ...

    @overload
    def on(
        self,
        event: Union[Literal["env.apply"], type[events.EnvApply]],
        *,
        apply: Sequence[str] = ...,
    ) -> Register[events.EnvApply]: ...

    @overload
    def on(
        self,
        event: Union[Literal["service.auto_up"], type[events.ServiceAutoUp]],
        *,
        name: str = ...,
        interval: Optional[int] = ...,
        triggers: Sequence[str] = ...,
    ) -> Register[events.ServiceAutoUp]: ...

    @overload
    def on(
        self,
        event: Union[Literal["fd.state"], type[events.FdState]],
        *,
        name: str = ...,
        type: FdStateWord = ...,
        flags: str = ...,
        description: str = ...,
    ) -> Register[events.FdState]: ...

    @overload
    def on(
        self,
        event: Union[Literal["fd.give"], type[events.FdGive]],
        *,
        name: str = ...,
        type: FdStateWord = ...,
        flags: str = ...,
        description: str = ...,
    ) -> Register[events.FdGive]: ...

    @overload
    def on(
        self,
        event: Union[Literal["signal"], type[events.Signal]],
        *,
        signal: AnySignal = ...,
        at: int = ...,
        count: int = ...,
    ) -> Register[events.Signal]: ...

    @overload
    def on(
        self,
        event: Union[Literal["log.filter"], type[events.LogFilter]],
        *,
        level: Level = ...,
    ) -> Register[events.LogFilter]: ...

    @overload
    def on(
        self,
        event: Union[Literal["log.dest"], type[events.LogDest]],
        *,
        type: LogType = ...,
        fd: str = ...,
    ) -> Register[events.LogDest]: ...

    @overload
    def on(
        self,
        event: Union[Literal["terminate.exec_args"], type[events.TerminateExecArgs]],
        *,
        args: Sequence[str] = ...,
    ) -> Register[events.TerminateExecArgs]: ...

    @overload
    def on(
        self,
        event: Union[Literal["signal.default"], type[events.SignalDefault]],
        *,
        signal: AnySignal = ...,
        action: SignalAction = ...,
    ) -> Register[events.SignalDefault]: ...

    @overload
    def on(
        self,
        event: Union[Literal["chdir"], type[events.Chdir]],
        *,
        path: str = ...,
    ) -> Register[events.Chdir]: ...

    @overload
    def on(
        self,
        event: Union[Literal["socket.create"], type[events.SocketCreate]],
        *,
        options: str = ...,
        path: str = ...,
    ) -> Register[events.SocketCreate]: ...

    @overload
    def on(
        self,
        event: Union[Literal["socket.delete"], type[events.SocketDelete]],
        *,
        name: Optional[str] = ...,
    ) -> Register[events.SocketDelete]: ...

    @overload
    def on(
        self,
        event: Union[Literal["info"], type[events.Info]],
        *,
        text: str = ...,
    ) -> Register[events.Info]: ...

    @overload
    def on(
        self,
        event: Union[Literal["warning"], type[events.WarningText]],
        *,
        text: str = ...,
    ) -> Register[events.WarningText]: ...

    @overload
    def on(
        self,
        event: Union[Literal["error"], type[events.ErrorText]],
        *,
        text: str = ...,
    ) -> Register[events.ErrorText]: ...

    @overload
    def on(
        self,
        event: Union[Literal["overflow"], type[events.Overflow]],
    ) -> Register[events.Overflow]: ...

    @overload
    def on(
        self,
        event: Union[Literal["conn.features"], type[events.ConnFeatures]],
        *,
        features: Sequence[str] = ...,
    ) -> Register[events.ConnFeatures]: ...

    @overload
    def on(
        self,
        event: Union[Literal["conn.timer"], type[events.ConnTimer]],
        *,
        name: str = ...,
    ) -> Register[events.ConnTimer]: ...

    @overload
    def on(
        self,
        event: Union[Literal["conn.state"], type[events.ConnState]],
        *,
        id: int = ...,
        kind: str = ...,
        uid: Optional[int] = ...,
        gid: Optional[int] = ...,
        pid: Optional[int] = ...,
        rights: str = ...,
        features: Sequence[str] = ...,
    ) -> Register[events.ConnState]: ...

    @overload
    def on(
        self,
        event: Union[Literal["done"], type[events.Done]],
        *,
        tag: str = ...,
        error: Optional[ErrorName] = ...,
        text: Optional[str] = ...,
    ) -> Register[events.Done]: ...

    @overload
    def on(
        self,
        event: Union[Literal["terminate.state"], type[events.TerminateState]],
        *,
        phase: Phase = ...,
        remaining: int = ...,
    ) -> Register[events.TerminateState]: ...

    @overload
    def on(
        self,
        event: Union[Literal["echo"], type[events.Echo]],
        *,
        line: str = ...,
    ) -> Register[events.Echo]: ...

    @overload
    def on(
        self,
        event: Union[Literal["malformed"], type[events.Malformed]],
        *,
        line: str = ...,
        reason: str = ...,
    ) -> Register[events.Malformed]: ...

    @overload
    def on(
        self,
        event: Union[Literal["resynced"], type[events.Resynced]],
    ) -> Register[events.Resynced]: ...

    @overload
    def on(
        self,
        event: Union[Literal["closed"], type[events.Closed]],
    ) -> Register[events.Closed]: ...

    @overload
    def on(self, event: Literal["*"], **fields: object) -> Register[events.Event]: ...

    def on(self, event: Any, **fields: object) -> Callable[[Callable[[Any], object]], Callable[[Any], object]]:
        """Calls the function below it for each such event::

            @ctl.on("service.state", name="web", state="down")
            def ended(event):
                print("web has ended with", event.exit)

        :param event: the name of an event, its class, or ``"*"``. Besides those of the daemon there are
            ``"echo"``, ``"malformed"``, ``"resynced"`` and ``"closed"``
        :param fields: what fields of the event must be; a signal is written with or without ``SIG``, or is a number
        :raises UsageError: there is no such event, it has no such field, or the field is never that
        """
        return self._listen(event, fields)

    def _listen(
        self, event: Any, fields: dict[str, object]
    ) -> Callable[[Callable[[Any], object]], Callable[[Any], object]]:
        raise NotImplementedError
