#!/usr/bin/env python3
"""The controller of the demo: shows events as they come, and has an accident happen to the web server.

Like every controller it reads events from standard input and writes commands to standard output. Two
threads share the work: the main one reads, because whoever stops reading is cut off sooner or later;
the other one plays the story and waits for what the main one has read.
"""
import os
import pathlib
import signal
import sys
import threading
import time
import urllib.error
import urllib.request

URL = f"http://127.0.0.1:{os.environ['DEMO_PORT']}/"
SECONDS = float(os.environ["DEMO_SECONDS"])
OUTCOME = pathlib.Path(os.environ["DEMO_DIR"], "outcome")
BEGIN = time.monotonic()
# How long anything may take before the demo has failed.
PATIENCE = 20

changed = threading.Condition()
services = {}  # name to the fields of its last service.state
ending = threading.Event()
fetched = 0


def send(*fields):
    print(*fields, sep="\t", flush=True)


def say(who, text):
    try:
        print(f"{time.monotonic() - BEGIN:6.2f}  {who:8} {text}", file=sys.stderr, flush=True)
    except OSError:  # nobody looks any more
        end("", f"interrupted {fetched}")


def narrate(text):
    say("", text)


# What is read


def read_events():
    send("statedump")
    for line in sys.stdin:
        event, *fields = line.rstrip("\n").split("\t")
        if event == "service.state":
            show_service(*fields)
        elif event == "signal" and fields[0] in ("SIGINT", "SIGTERM", "SIGQUIT"):
            end(f"{fields[0]}: ending early.", f"interrupted {fetched}")
        elif event == "terminate.state":
            say("daemon", f"{fields[0]}, {fields[1]} still running")
        elif event == "overflow":
            send("statedump")
        elif event in ("error", "warning"):
            say("daemon", f"{event}: {fields[0]}")


def show_service(name, state, at, pid, reason, value, uptime, _downtime):
    with changed:
        services[name] = (state, pid)
        changed.notify_all()
    if state == "up":
        say(name, f"up, as process {pid}")
    elif state == "start":
        say(name, "is going to be started")
    elif state == "down" and reason == "signal":
        say(name, f"down: killed by {value} after {uptime} s")
    elif state == "down" and reason == "exit":
        say(name, f"down: exited with status {value} after {uptime} s")


# What is done


def tell_story():
    try:
        narrate("A web server, its logger and this controller are run by daemonproxy. Is it there?")
        fetch()
        pause()
        pid = up_with_another_pid(None)
        narrate(f"Now an accident: kill -9 {pid}. Nothing but the daemon is going to mend it.")
        os.kill(int(pid), signal.SIGKILL)
        up_with_another_pid(pid)
        fetch()
        narrate(f"It is back. The demo ends after {SECONDS:g} s; ^C ends it sooner.")
        ending.wait(max(0, BEGIN + SECONDS - time.monotonic()))
        end("That is all: terminate.shutdown stops who writes first, and who reads last.", f"complete {fetched}")
    except TimeoutError as problem:
        end(f"This demo has failed: {problem}", f"failed {fetched}")


def fetch():
    """Reads the page, as soon as somebody listens."""
    global fetched
    until = time.monotonic() + PATIENCE
    while not ending.is_set():
        try:
            with urllib.request.urlopen(URL, timeout=PATIENCE) as answer:
                fetched += 1
                say("fetch", f"{URL} answers {answer.status} {answer.reason}, {len(answer.read())} bytes")
                return
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > until:
                raise TimeoutError(f"nobody answers at {URL}") from None
        ending.wait(0.05)


def up_with_another_pid(pid):
    """Waits for the web server to be up as another process than `pid`, and returns which."""

    def is_up():
        state, now = services.get("web", ("", pid))
        return ending.is_set() or (state == "up" and now != pid)

    with changed:
        if not changed.wait_for(is_up, PATIENCE):
            raise TimeoutError("the web server is not started again")
        return services["web"][1]


def pause():
    """Time to read, as far as there is time."""
    ending.wait(min(2, SECONDS / 5))


def end(text, outcome):
    """Begins the orderly end, once."""
    with changed:
        if ending.is_set():
            return
        ending.set()
        changed.notify_all()
    narrate(text)
    OUTCOME.write_text(outcome)
    send("terminate.shutdown")


if __name__ == "__main__":
    # In a terminal ^C is sent to us as well. The daemon tells us of it, and that is the one to heed.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # With events at an end so is everything, whatever the story is at.
    threading.Thread(target=tell_story, daemon=True).start()
    read_events()
