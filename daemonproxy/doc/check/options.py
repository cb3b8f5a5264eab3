"""Whether manual pages and programs say the same: every option of --help is in its page, and the other way round.

    python3 daemonproxy/doc/check/options.py FOLDER FLEET

FOLDER has the built programs, and FLEET has dpfleet. Of dpctl and dpfleet, every subcommand and its options; of
daemonproxy.toml(5), every key of the schema.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PAGES = {
    "daemonproxy": "daemonproxy/man/daemonproxy.1",
    "daemonproxy-log": "daemonproxy/log/man/daemonproxy-log.1",
    "daemonproxy-lua": "sdk-lua/man/daemonproxy-lua.1",
}
OPTION = r"--?[A-Za-z][\w-]*"


def main(folder, fleet):
    wrong = []
    helps = {program: in_help(said(folder, program, "--help")) for program in PAGES}
    known = set().union(*helps.values()) | OTHERS
    for program, page in PAGES.items():
        help_ = helps[program]
        text = (ROOT / page).read_text()
        compare(program, help_, in_page(section(text, "OPTIONS")), wrong)
        # Named anywhere in the page, an option must be one.
        for option in sorted(set(re.findall(r"(?<![\w-])--[a-z][\w-]*", plain(text)))):
            if option not in known:
                wrong.append(f"{page} names {option}, which no program has")
    everywhere = in_help(said(folder, "dpctl", "--help")) & {"-S", "--socket"}
    each_subcommand(folder, "dpctl", everywhere, wrong)
    # What leads to the store is told once.
    store = in_page(section(said(fleet, "dpfleet", "man"), "THE STORE"))
    compare("the store", store_in_help(said(fleet, "dpfleet", "status", "--help")), store, wrong)
    each_subcommand(fleet, "dpfleet", store, wrong)
    page = plain(said(folder, "dpctl", "man", "--file"))
    for key in keys(json.loads(said(folder, "dpctl", "schema"))):
        if not re.search(rf"(?<![\w]){re.escape(key)}(?![\w])", page):
            wrong.append(f"daemonproxy.toml(5) says nothing of the key {key}")
    print("\n".join(wrong) or "the manual pages have all options, and no others")
    return 1 if wrong else 0


# Options of other programs, and those by which one daemon calls another.
OTHERS = {"--resume", "--resume-check"}


def each_subcommand(folder, program, everywhere, wrong):
    """Those of --help have a section of the page, with all options but those that are told elsewhere."""
    page, help_ = said(folder, program, "man"), said(folder, program, "--help")
    compare(program, in_help(help_), in_page(section(page, "OPTIONS")), wrong)
    for command in subcommands(help_):
        part = section(page, f"{program} {command}".upper())
        if part is None:
            wrong.append(f"{program}(1) has no section for {command}")
            continue
        compare(f"{program} {command}", in_help(said(folder, program, command, "--help")) - everywhere, in_page(part), wrong)


def store_in_help(text):
    return in_help(text[text.index("\nStore:"):])


def said(folder, *command):
    command = [f"{folder}/{command[0]}", *command[1:]]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def in_help(text):
    """What stands at the beginning of a line, before its explanation."""
    found = set()
    for line in text.splitlines():
        rest = re.match(r"\s+(?=-)(.*)", line)
        while rest and (option := re.match(OPTION, rest[1])):
            found.add(option[0])
            rest = re.match(r"(?:[ =]?\S*?), +(?=-)(.*)", rest[1][option.end():])
    return found


def in_page(part):
    """What stands in the line after .TP, or .TQ."""
    found, lines = set(), (part or "").splitlines()
    for before, line in zip(lines, lines[1:]):
        if before in (".TP", ".TQ") or before.startswith(".TP "):
            found |= set(re.findall(rf"(?<![\w\[-]){OPTION}", plain(line)))
    return found


def plain(text):
    text = re.sub(r"\\f(?:\[\w*\]|.)", "", text.replace("\\-", "-").replace("\\(aq", "'"))
    return re.sub(r'^\.[A-Z]+ |"', "", text, flags=re.M)


def section(page, name):
    found = re.search(rf'^\.SH "?{re.escape(name)}"?\n(.*?)(?=^\.SH |\Z)', page.replace("\\-", "-"), re.M | re.S)
    return found and found[1]


def subcommands(text):
    part = text[text.index("Commands:"):text.index("Options:")]
    return [name for name in re.findall(r"^  ([a-z]+)", part, re.M) if name != "help"]


def keys(schema):
    """The names of all keys, wherever they are."""
    if isinstance(schema, dict):
        for name, value in schema.get("properties", {}).items():
            yield name
            yield from keys(value)
        for name, value in schema.items():
            if name != "properties":
                yield from keys(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from keys(value)


def compare(program, help_, page, wrong):
    wrong += [f"{program} --help has {it}, its page has not" for it in sorted(help_ - page)]
    wrong += [f"the page of {program} has {it}, its --help has not" for it in sorted(page - help_)]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
