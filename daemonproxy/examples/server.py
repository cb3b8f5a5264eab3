"""A server that is given its port (sd_listen_fds(3)), says when it is ready, and finishes at SIGTERM
what it has begun. It answers everything with its version."""

import os
import select
import signal
import socket
import sys

assert os.environ["LISTEN_PID"] == str(os.getpid()) and os.environ["LISTEN_FDS"] == "1"
version = sys.argv[1]
body = f"version {version}\n"
answer = f"HTTP/1.0 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
listener = socket.socket(fileno=3)
# Others may be waiting for the same connection.
listener.setblocking(False)

wakes, wake = socket.socketpair()
wake.setblocking(False)
signal.signal(signal.SIGTERM, lambda *_: None)
signal.set_wakeup_fd(wake.fileno())

with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
    notify.connect("\0" + os.environ["NOTIFY_SOCKET"][1:])
    notify.send(b"READY=1")
print(f"version {version} is ready", file=sys.stderr, flush=True)

while True:
    ready, _, _ = select.select([listener, wakes], [], [])
    if wakes in ready:
        break
    try:
        connection, _ = listener.accept()
    except BlockingIOError:
        continue
    with connection:
        connection.settimeout(10)
        try:
            connection.recv(65536)
            connection.sendall(answer)
        except OSError:
            pass
print(f"version {version} ends", file=sys.stderr, flush=True)
