"""Makes the picture of README.md: a real session at a terminal, as SVG.

    python3 daemonproxy/doc/check/picture.py FOLDER > daemonproxy/doc/session.svg

FOLDER has the built programs. Each command is run on a pseudo terminal, in a directory of its own; nothing that is shown
was written by hand.
"""

import fcntl
import html
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

COLUMNS = 96
DEMO = Path(__file__).resolve().parents[2] / "examples/demo/services.toml"
# What is typed; "#" is typed as well, and says what happens next.
SESSION = [
    "daemonproxy -D -q -f services.toml",
    "dpctl wait apply --for done && dpctl wait web --for ready",
    "dpctl status -o name,state,pid,starts,cause",
    "dpctl signal KILL web        # an accident",
    "dpctl wait web --for ready && dpctl why web",
    "dpctl logs web -n 2",
    "sed -i s/8000/8001/g services.toml && dpctl plan services.toml",
    "dpctl apply services.toml --wait && dpctl shutdown",
]
COLOURS = {
    30: "#3b4048", 31: "#e06c75", 32: "#7ec16e", 33: "#d9a441", 34: "#61afef", 35: "#c678dd", 36: "#56b6c2",
    37: "#d0d4da", 90: "#7f848e", 91: "#e06c75", 92: "#98c379", 93: "#e5c07b", 94: "#61afef", 95: "#c678dd",
    96: "#56b6c2", 97: "#ffffff",
}
SGR = re.compile(r"\x1b\[([0-9;]*)m")


def main(folder):
    lines = []
    with tempfile.TemporaryDirectory(prefix="dppicture") as place:
        os.mkdir(f"{place}/run", 0o700)
        Path(place, "services.toml").write_text(DEMO.read_text())
        environment = {
            "PATH": os.path.abspath(folder) + ":" + os.environ["PATH"],
            "HOME": place, "XDG_RUNTIME_DIR": f"{place}/run", "TERM": "xterm-256color", "LANG": "C.UTF-8",
        }
        try:
            for command in SESSION:
                lines.append("\x1b[92m$\x1b[0m \x1b[97m" + command.replace("#", "\x1b[90m#") + "\x1b[0m")
                lines += said(command, place, environment).replace(place, "~").splitlines()
        finally:
            subprocess.run(["dpctl", "shutdown"], env=environment, capture_output=True, check=False)
    print(picture(lines))


def said(command, place, environment):
    """What a command writes to a terminal."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
    child = subprocess.Popen(
        ["sh", "-c", command], cwd=place, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    child.wait(60)
    os.set_blocking(ours, False)
    text = b""
    try:
        while part := os.read(ours, 65536):
            text += part
    except OSError:
        pass
    os.close(ours)
    return text.decode(errors="replace").replace("\r", "")


def picture(lines):
    width, height = COLUMNS * 8.45 + 32, len(lines) * 19 + 58
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" '
        'font-family="ui-monospace, SFMono-Regular, Menlo, DejaVu Sans Mono, monospace" font-size="14">',
        "<title>A session with daemonproxy at a terminal</title>",
        f'<rect width="{width:.0f}" height="{height}" rx="8" fill="#1e2227"/>',
        *(f'<circle cx="{22 + 20 * nth}" cy="20" r="6" fill="{fill}"/>'
          for nth, fill in enumerate(["#e06c75", "#d9a441", "#7ec16e"])),
    ]
    for nth, line in enumerate(lines):
        out.append(f'<text x="16" y="{54 + nth * 19}" xml:space="preserve" fill="#d0d4da">{spans(line)}</text>')
    return "\n".join([*out, "</svg>"])


def spans(line):
    """A line of a terminal, with its colours."""
    out, style, at = "", {}, 0
    for found in [*SGR.finditer(line), None]:
        text = html.escape(re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", line[at:found.start() if found else None]), quote=False)
        if text:
            attributes = "".join(f' {key}="{value}"' for key, value in style.items())
            out += f"<tspan{attributes}>{text}</tspan>" if style else text
        if found:
            at = found.end()
            for code in map(int, filter(None, found[1].split(";") or ["0"])):
                if code in COLOURS:
                    style["fill"] = COLOURS[code]
                elif code == 1:
                    style["font-weight"] = "bold"
                elif code == 2:
                    style["opacity"] = "0.7"
                elif code in (39, 0):
                    style = {key: value for key, value in style.items() if code and key != "fill"}
                elif code == 22:
                    style.pop("font-weight", None), style.pop("opacity", None)
            if not found[1]:
                style = {}
    return out


if __name__ == "__main__":
    main(sys.argv[1])
