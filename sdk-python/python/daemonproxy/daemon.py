"""A private daemon, for tests and for embedding."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING, Optional, Union

from ._base import Base
from ._fields import R
from ._steps import Steps, run
from .client import Controller, connect
from .errors import DaemonproxyError, RefusedError, SpawnError

if TYPE_CHECKING:
    import subprocess

# The modules for starting a process are loaded only when one is started: controllers should start
# quickly.

__all__ = ["Daemon", "SpawnedController", "spawn"]

Path = Union[str, "os.PathLike[str]"]


class Daemon:
    """A daemon that was started by this process, and ends with it.

    :param program: its path. None: the environment variable DAEMONPROXY, or ``daemonproxy`` in PATH
    :param args: more options for it
    :param config: commands to carry out first
    :param grace: how many seconds services have between SIGTERM and SIGKILL when it is closed
    """

    def __init__(
        self,
        program: Optional[Path] = None,
        args: Sequence[str] = (),
        *,
        config: Sequence[str] = (),
        grace: int = 3,
    ) -> None:
        import shutil
        import subprocess
        import tempfile

        found = program or os.environ.get("DAEMONPROXY") or shutil.which("daemonproxy")
        if found is None:
            raise SpawnError("there is no daemonproxy in PATH, and DAEMONPROXY is not set")
        self._grace = grace
        self._folder = tempfile.mkdtemp(prefix="daemonproxy-")
        #: Its control socket.
        self.socket_path = os.path.join(self._folder, "control")
        #: The file with its log.
        self.log_path = os.path.join(self._folder, "log")
        command = [os.fspath(found), "-i", "-S", self.socket_path, *args]
        if config:
            path = os.path.join(self._folder, "config")
            with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
                file.writelines(f"{line}\n" for line in config)
            command += ["-c", path]
        #: This end is the main connection; the daemon leaves when it ends. Descriptors can be
        #: passed over it.
        self.socket, theirs = socket.socketpair()
        try:
            with open(self.log_path, "wb") as log:
                end = theirs.fileno()
                self.process: subprocess.Popen[bytes] = subprocess.Popen(command, stdin=end, stdout=end, stderr=log)
        except OSError as error:
            self.socket.close()
            shutil.rmtree(self._folder)
            raise SpawnError(f"cannot start {command[0]}: {error.strerror}") from error
        finally:
            theirs.close()

    @property
    def pid(self) -> int:
        """Its process."""
        return self.process.pid

    @property
    def log(self) -> str:
        """The end of its log, at most 64 KiB."""
        try:
            with open(self.log_path, "rb") as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - 65536))
                return file.read().decode("utf-8", "replace")
        except FileNotFoundError:
            return ""

    def wait(self, timeout: Optional[float] = None) -> int:
        """Waits until it has ended, and returns its exit status.

        :raises subprocess.TimeoutExpired: time is up
        """
        return self.process.wait(timeout)

    def close(self) -> None:
        """Ends its services and then the daemon, in good order if it knows how to."""
        import subprocess

        is_leaving = False
        try:
            if self.process.poll() is None:
                is_leaving = self._shut_down()
        finally:
            self.socket.close()
            try:
                self.process.wait(self.patience if is_leaving else 1)
            except subprocess.TimeoutExpired:
                pass
            self.kill()

    def kill(self) -> None:
        """Ends the daemon at once, if it is still running, and removes its files. Its services are
        left running."""
        import shutil

        self.socket.close()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def failed(self, error: Exception) -> SpawnError:
        """This kept its controller from starting: ends the daemon, and makes the error for the
        user."""
        self.process.kill()
        self.process.wait()
        log = self.log
        self.kill()
        return SpawnError(f"the daemon did not answer ({error}); its log: {log}")

    def _shut_down(self) -> bool:
        # Over a connection of its own: the other one may contain half a line.
        try:
            with connect(self.socket_path, timeout=self.patience) as ctl:
                run(self.steps_to_end(ctl))
                ctl.run(timeout=self.patience)
                return ctl.is_closed
        except DaemonproxyError:
            return False    # It is gone, or will be killed.

    @property
    def patience(self) -> float:
        """After how many seconds an orderly shutdown has failed."""
        return 2 * self._grace + 5

    def steps_to_end(self, ctl: Base[R]) -> Steps[R, None]:
        """Tells the daemon to end itself and its services."""
        try:
            yield ctl.terminate_shutdown(self._grace, 1, 1)
        except RefusedError:
            for name in ctl.services:
                if ctl.service(name).is_running:
                    ctl.send("service.signal", name, "KILL")
            ctl.send("terminate", 0)


class SpawnedController(Controller):
    """A controller of its own daemon, which ends with it."""

    #: The daemon.
    daemon: Daemon

    def __enter__(self) -> SpawnedController:
        return self

    def _close(self) -> None:
        super()._close()
        # A forked process leaves the daemon to its parent; and if it did not answer, there may be
        # none yet.
        if self._process == os.getpid() and hasattr(self, "daemon"):
            self.daemon.close()


def spawn(
    program: Optional[Path] = None,
    args: Sequence[str] = (),
    *,
    config: Sequence[str] = (),
    grace: int = 3,
    timeout: Optional[float] = 30.0,
    resync: bool = True,
    observer: bool = True,
    max_queue: int = 10000,
) -> SpawnedController:
    """Starts a daemon and returns its controller, whose ``close`` ends both, and all services.

    The arguments are those of :class:`Daemon` and :class:`~daemonproxy.Controller`.

    :raises SpawnError: it could not be started
    """
    daemon = Daemon(program, args, config=config, grace=grace)
    try:
        ctl = SpawnedController(
            daemon.socket, timeout=timeout, resync=resync, observer=observer, max_queue=max_queue
        )
    except Exception as error:
        raise daemon.failed(error) from error
    except BaseException:
        daemon.kill()
        raise
    ctl.daemon = daemon
    return ctl
