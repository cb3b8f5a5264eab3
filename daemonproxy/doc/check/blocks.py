"""Runs what the guides say: every shell block, in an empty directory, against the built programs.

    python3 daemonproxy/doc/check/blocks.py FOLDER [PAGE...]

FOLDER has daemonproxy, daemonproxy-log, daemonproxy-lua and dpctl. Each page has a directory of its own, in which its
blocks are carried out from the first to the last. What follows the language of a block says what it is:

    sh                  is run by `sh -eu`, and must succeed
    sh norun            is not run
    sh root             is run if we are root and may make namespaces, and left out elsewhere
    sh exit=3           must exit with that status
    sh needs=PROGRAM    is left out where that program is missing
    sh machine          is run with MACHINES=yes in the environment, as `make packages` has it, and left out elsewhere
    text output         what the block before it has written; … stands for anything
    LANGUAGE file=NAME  is written to that file, before what follows is run
    toml                a file of services: must be valid

The ports from 8000 to 8099 and from 8120 to 8129 stand for free ones, which what is run has in their place: so a busy
port, or somebody else who runs a page, disturbs nobody.

A file that is written must be named in a block that is run, or in another such file: with its whole name, or
without what follows the dot. One that is only to be read has `norun` as well.

With SHOW=1 in the environment, what they write is shown.

A page with a comment `<!-- run by TEST -->` is left to that test.

Every other block is only text, and must not be in a language that could be run.
"""

import ctypes
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PAGES = Path(__file__).resolve().parent.parent
ROOT = PAGES.parent.parent
# Pages elsewhere whose blocks are run in the same way.
OTHERS = [ROOT / "sdk-lua/README.md"]
SHELLS = {"sh", "bash", "console", "shell"}
PATIENCE = 300
PR_SET_CHILD_SUBREAPER = 36
PORT = re.compile(r"\b8(?:0\d\d|12\d)\b")
BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.M | re.S)


class Wrong(Exception):
    pass


def main(arguments):
    folder = os.path.abspath(arguments[0])
    # What the blocks leave behind is ours, to be ended after each page.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    pages = [(PAGES / name).resolve() for name in arguments[1:]] or sorted(PAGES.glob("*.md")) + OTHERS
    failed, count = 0, 0
    for page in pages:
        begin = time.monotonic()
        try:
            ran, skipped = check(page, folder)
        except Wrong as wrong:
            failed += 1
            print(f"{page.relative_to(ROOT)}: {wrong}")
            continue
        count += ran
        also = "".join(f"; {why}" for why in skipped)
        print(f"{page.relative_to(ROOT)}: {ran} blocks in {time.monotonic() - begin:.1f} s{also}", flush=True)
    print(f"{count} blocks passed, {failed} pages failed")
    return 1 if failed else 0


def check(page, folder):
    """Runs a page. How many blocks ran, and what was left out."""
    ran, skipped, said = 0, [], None
    text = page.read_text()
    other = re.search(r"^<!-- run by (\S+) -->$", text, re.M)
    if other:
        if not (ROOT / other[1]).exists():
            raise Wrong(f"there is no {other[1]}, by which it should be run")
        return 0, [f"left to {other[1]}"]
    for name, line in unused(text):
        raise Wrong(f"line {line}: no block runs {name}")
    with tempfile.TemporaryDirectory(prefix="dpdoc") as place:
        environment = surroundings(place, folder)
        ports = Ports()
        try:
            for block in BLOCK.finditer(text):
                language, *words = block[1].split() or ["text"]
                what = dict(word.partition("=")[::2] for word in words)
                line = text.count("\n", 0, block.start()) + 1
                body = ports.real(block[2])
                if "file" in what:
                    path = Path(place, what["file"])
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(body)
                    if path.suffix in {".sh", ".py", ".pl"}:
                        path.chmod(0o755)
                if language == "sh" and "norun" not in what:
                    why = missing(what)
                    if why:
                        skipped.append(f"line {line} ({why}) left out")
                        said = None
                        continue
                    said = ports.shown(run(body, place, environment, what, line))
                    ran += 1
                    if os.environ.get("SHOW"):
                        print(f"--- line {line}\n{said}", end="")
                elif language in SHELLS and "norun" not in what:
                    raise Wrong(f"line {line}: write sh, or norun")
                elif language == "toml" and "norun" not in what:
                    run(f"dpctl validate - <<'THE-FILE'\n{block[2]}THE-FILE\n", place, environment, {}, line)
                elif "output" in what:
                    if said is not None and not matches(block[2], said):
                        raise Wrong(f"line {line}: this is what was written:\n{said}")
        finally:
            end_all()
    return ran, skipped


class Ports:
    """The ports of a page, and what stands for them."""

    def __init__(self):
        self.free = {}

    def real(self, text):
        return PORT.sub(lambda port: self.one(port[0]), text)

    def shown(self, text):
        for port, free in self.free.items():
            text = text.replace(free, port)
        return text

    def one(self, port):
        while port not in self.free:
            with socket.socket() as it:
                it.bind(("127.0.0.1", 0))
                free = str(it.getsockname()[1])
            if free not in self.free.values():
                self.free[port] = free
        return self.free[port]


def unused(text):
    """The files that nothing on this page runs, and their lines."""
    files, scripts = {}, []
    for block in BLOCK.finditer(text):
        language, *words = block[1].split() or ["text"]
        what = dict(word.partition("=")[::2] for word in words)
        if "norun" in what:
            continue
        if "file" in what:
            files[what["file"]] = (block[2], text.count("\n", 0, block.start()) + 1)
        elif language == "sh":
            scripts.append(block[2])
    while True:
        said = "\n".join(scripts)
        named = [name for name in files if is_named(name, said)]
        if not named:
            return [(name, line) for name, (_, line) in files.items()]
        scripts += [files.pop(name)[0] for name in named]


def is_named(name, said):
    whole, stem = re.escape(name), re.escape(Path(name).stem)
    return re.search(rf"(?<![\w-])({whole}|{stem}(?!\.\w))(?![\w-])", said) is not None


def surroundings(place, folder):
    for name in ("run", "home"):
        os.mkdir(os.path.join(place, name), 0o700)
    kept = {name: os.environ[name] for name in ("LANG", "TZ") if name in os.environ}
    return kept | {
        "PATH": folder + ":" + os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": os.path.join(place, "home"),
        "XDG_RUNTIME_DIR": os.path.join(place, "run"),
        "NO_COLOR": "1",
        # Where `make install` and the packages of the languages put these.
        "LUA_PATH": f"{ROOT}/sdk-lua/lua/?.lua;{ROOT}/sdk-lua/lua/?/init.lua;./?.lua;;",
        "PERL5LIB": f"{ROOT}/sdk-perl/lib",
        **({"PYTHONPATH": os.environ["PYTHONPATH"]} if "PYTHONPATH" in os.environ else {}),
    }


def missing(what):
    """Why a block is left out."""
    if "machine" in what and os.environ.get("MACHINES") != "yes":
        return "needs a virtual machine: make packages"
    if "root" in what:
        tried = subprocess.run(["unshare", "--pid", "--fork", "--mount", "true"], capture_output=True)
        if os.geteuid() != 0 or tried.returncode != 0:
            return "needs root and namespaces"
    for program in filter(None, what.get("needs", "").split(",")):
        if subprocess.run(["sh", "-c", f"command -v {program}"], capture_output=True).returncode != 0:
            return f"needs {program}"
    return None


def run(script, place, environment, what, line):
    """Runs a block. A file takes its output, since what it leaves in the background may keep that open."""
    with tempfile.TemporaryFile() as output:
        child = subprocess.Popen(
            ["sh", "-eu", "-c", script], cwd=place, env=environment, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        )
        try:
            status = child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            status = f"nothing after {PATIENCE} seconds"
        output.seek(0)
        said = output.read().decode(errors="replace")
    if status != int(what.get("exit", 0)):
        raise Wrong(f"line {line}: exit status {status}:\n{script}\n{said}")
    return said


def matches(pattern, said):
    parts = [re.escape(part) for part in re.sub(r" +", " ", pattern).split("…")]
    return re.fullmatch(".*".join(parts), re.sub(r" +", " ", said), re.S) is not None


def end_all():
    """Kills all that is left of a page: our children, until there are none."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for child in children():
            os.kill(child, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def children():
    with open(f"/proc/self/task/{os.getpid()}/children") as list_:
        return [int(pid) for pid in list_.read().split()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
