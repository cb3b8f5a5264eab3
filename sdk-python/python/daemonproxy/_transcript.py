r"""Transcripts: conversations with a daemon that a person can read and write, one line per step.

The first field says who speaks; fields are separated by one TAB. The language is that of the
conformance suite of daemonproxy, so that what was recorded there, or is tested there, can be played
here:

>>> script = Transcript.parse("start.tsv", ">\tservice.start\tweb\n<\tservice.state\tweb\tup\t{ts}\t{pid:1}\t-\t-\t0\t-\n")
>>> [(step.line, step.speaker) for step in script.steps]
[(1, '>'), (2, '<')]
>>> Bindings(now=5).made_up(script.steps[1].fields)
b'service.state\tweb\tup\t5\t4001\t-\t-\t0\t-'
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, Optional, Union

_SPEAKERS = (">", "<|", "<*", "<", "!", "@", "$=", "$", "=")
_WORLD = frozenset(
    (
        "reap group signal clock fail hang exec tell sleep connect controller close shut stop resume "
        "flood pass closed leaves log content"
    ).split()
)
_NEEDS = frozenset("args config file dir for main greeting narrow root protocol".split())
_HOLE = re.compile(r"\{([a-z]+)(?::([^{}+-]+)([+-][0-9]+)?)?\}\Z")
_TAG = re.compile(rb"@([A-Za-z0-9._-]{1,31})\Z")
_FACT = re.compile(r"([a-z_]+=)(\{[^{}]*\})\Z")
_ESCAPE = re.compile(rb"\\x([0-9a-f]{2})")
#: What each kind of placeholder accepts: the lowest number, or any text.
_KINDS = {"ts": 0, "pid": 1, "secs": 0, "num": 0, "moment": 0, "text": None, "relay": None}


class Hole(NamedTuple):
    """A placeholder: ``{kind}``, ``{kind:name}`` or ``{kind:name+offset}``; or a fact of a run whose value is one."""

    kind: str
    name: Optional[str]
    offset: int
    #: What stands before it: ``start=`` of ``start={moment}``.
    key: str = ""


Pattern = Union[bytes, Hole]


class Step(NamedTuple):
    """A line that says something."""

    line: int
    #: ``>``, ``<``, ``<|``, ``<*``, ``!`` or another of the language.
    speaker: str
    #: The connection that it is about, empty for the main one.
    connection: str
    #: The line as it is written.
    text: str
    fields: tuple[Pattern, ...]


class Transcript(NamedTuple):
    """A transcript as it was read."""

    #: What it is called in messages.
    file: str
    steps: list[Step]

    @classmethod
    def parse(cls, file: str, text: str) -> Transcript:
        """Reads a transcript.

        :raises ValueError: it is not a transcript. The text says which line, and what was expected
        """
        steps = []
        for number, line in enumerate(text.split("\n"), 1):
            if not line.strip() or line.startswith("#"):
                continue
            try:
                steps.append(_step(number, line))
            except ValueError as error:
                raise ValueError(f"{file}:{number}: {error}, in the line {line!r}") from None
        return cls(file, steps)


    @property
    def has_tags(self) -> bool:
        """Whether the daemon in it knows tags: it says so, or a command has one."""
        return any(
            step.text == "@\tprotocol\t2"
            or (step.speaker == ">" and split_tag(step.fields)[0] is not None)
            or (step.speaker[0] == "<" and step.fields[0] == b"done")
            for step in self.steps
        )


def split_tag(fields: Sequence[Union[bytes, Hole]]) -> tuple[Optional[bytes], Sequence[Union[bytes, Hole]]]:
    """The tag of a command, and the command.

    >>> split_tag((b"@a", b"echo")), split_tag((b"echo", b"@a"))
    ((b'a', (b'echo',)), (None, (b'echo', b'@a')))
    """
    found = _TAG.match(fields[0]) if len(fields) > 1 and isinstance(fields[0], bytes) else None
    return (None, fields) if found is None else (found[1], fields[1:])


def _step(number: int, line: str) -> Step:
    said, *fields = line.split("\t")
    speaker = next((known for known in _SPEAKERS if said.startswith(known)), "")
    connection = said[len(speaker) :]
    if not speaker or (connection and not (speaker[0] in "<>" and connection.isalnum())):
        raise ValueError("expected one of # @ > < <| <* ! $ $= = and a TAB after it")
    if not fields:
        raise ValueError("expected something after a TAB")
    # An unknown word is a typo, and what it should do would be skipped.
    for mark, known in (("!", _WORLD), ("@", _NEEDS)):
        if speaker == mark and fields[0] not in known:
            raise ValueError(f"expected one of {' '.join(sorted(known))}")
    if speaker == "!" and len(fields) > 1 and fields[0] in ("close", "closed", "shut", "stop", "resume"):
        connection = fields[1]
    if speaker == "!" and fields[0] == "flood":
        if len(fields) < 4 or not fields[2].isdigit():
            raise ValueError("expected a name, a number and a command after flood")
        connection = fields[1]
    patterns = tuple(map(pattern, fields)) if speaker not in ("@", "=", "$", "$=") else ()
    return Step(number, speaker, connection, line, patterns)


def pattern(field: str) -> Pattern:
    """A field as it is written: a placeholder, or bytes, of which any can be ``\\xNN``."""
    fact = _FACT.match(field)
    if fact is not None:
        of = _HOLE.match(fact[2])
        if of is not None and of[1] in _KINDS:
            return Hole(of[1], of[2], int(of[3] or 0), fact[1])
    if not (field.startswith("{") and field.endswith("}")):
        return unescape(field)
    found = _HOLE.match(field)
    if found is None or found[1] not in _KINDS:
        raise ValueError(f"there is no placeholder {field}, but {' '.join(_KINDS)} (a literal brace is \\x7b)")
    return Hole(found[1], found[2], int(found[3] or 0))


def unescape(field: str) -> bytes:
    """The bytes of a field.

    >>> unescape("a" + chr(92) + "x07" + chr(92) + "n")
    b'a\\x07\\\\n'
    """
    return _ESCAPE.sub(lambda found: bytes.fromhex(found[1].decode()), field.encode("utf-8", "surrogateescape"))


def shown(line: bytes) -> str:
    """A line as a transcript would have it."""
    text = line.decode("utf-8", "backslashreplace")
    return re.sub(r"[\x00-\x08\x0a-\x1f\x7f]", lambda found: f"\\x{ord(found[0]):02x}", text)


class Bindings:
    """What the placeholders of one run stand for."""

    def __init__(self, now: int) -> None:
        self._values: dict[tuple[str, str], bytes] = {("ts", "now"): b"%d" % now}
        self._now = now
        self._pids = 0

    def value(self, hole: Hole) -> Optional[bytes]:
        """What it is bound to."""
        known = self._values.get((hole.kind, hole.name)) if hole.name is not None else None
        if known is None or hole.offset == 0:
            return known
        return b"%d" % (int(known) + hole.offset)

    def matches(self, fields: Sequence[Pattern], line: bytes) -> bool:
        """Whether a line matches. The first line that does binds what was free."""
        came = line.split(b"\t")
        if len(came) != len(fields):
            return False
        before = dict(self._values)
        if all(self._fits(field, value) for field, value in zip(fields, came)):
            return True
        self._values = before
        return False

    def _fits(self, field: Pattern, value: bytes) -> bool:
        if isinstance(field, bytes):
            return field == value
        if not value.startswith(field.key.encode()):
            return False
        value = value[len(field.key) :]
        known = self.value(field)
        if known is not None:
            return known == value
        least = _KINDS[field.kind]
        whole = value.partition(b".")[0] if field.kind == "moment" else value
        is_number = whole.isdigit() and whole.isascii()
        if field.offset or (least is not None and not (is_number and int(whole) >= least)):
            return False
        if field.name is not None:
            self._values[field.kind, field.name] = value
        return True

    def made_up(self, fields: Sequence[Pattern]) -> bytes:
        """The line, with a possible value for each free placeholder."""
        return b"\t".join(field if isinstance(field, bytes) else self._filled(field) for field in fields)

    def expected(self, fields: Sequence[Pattern]) -> str:
        """The line as far as it is known, for messages."""
        return "\t".join(
            shown(field if isinstance(field, bytes) else field.key.encode() + (self.value(field) or _written(field)))
            for field in fields
        )

    def _filled(self, hole: Hole) -> bytes:
        known = self.value(hole)
        if known is None:
            made_up = {"ts": b"%d", "moment": b"%d.25"}.get(hole.kind, b"%d") % self._now
            known = {"text": b"text", "relay": b"text", "secs": b"0", "num": b"0"}.get(hole.kind, made_up)
            if hole.kind == "pid":
                known = b"%d" % (4001 + self._pids)
            self._pids += hole.kind == "pid"
            if hole.name is not None:
                self._values[hole.kind, hole.name] = known
        return hole.key.encode() + known


def _written(hole: Hole) -> bytes:
    offset = f"{hole.offset:+}" if hole.offset else ""
    return f"{{{hole.kind}{':' + hole.name + offset if hole.name else ''}}}".encode()
