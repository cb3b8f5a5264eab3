"""A worker that says that it is alive (sd_notify(3)), until SIGUSR1 makes it hang."""

import os
import signal
import socket
import sys
import time

notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notify.connect("\0" + os.environ["NOTIFY_SOCKET"][1:])
pause = int(os.environ["WATCHDOG_USEC"]) / 1e6 / 3


def hang(*_):
    # Not print(): the signal may have come in the middle of one, which is an error.
    os.write(2, b"worker: hanging\n")
    while True:
        time.sleep(1000)


signal.signal(signal.SIGUSR1, hang)
notify.send(b"READY=1\nSTATUS=working")
print(f"worker: pid {os.getpid()}", file=sys.stderr, flush=True)
while True:
    time.sleep(pause)
    notify.send(b"WATCHDOG=1")
