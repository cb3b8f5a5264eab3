//! The grammar for Python: `_words.py`, the words that fields consist of, as types; `_commands.py`,
//! every command as a method; and `_listening.py`, what a callback can ask for in each event.
//!
//! A kind that is only words becomes a `Literal`. `given_type` and `told_type` say what the others
//! are in Python; a kind that is not listed there is any field, so that a new kind works before it
//! is listed.

use std::fmt::Write as _;

use crate::COMMAND;
use crate::grammar::{Arg, Command, Event, Fact, FactKind, Grammar, Presence};
use crate::lua::words;

type Text = Result<String, Box<dyn std::error::Error>>;

/// Docstrings are no wider than this.
const WIDTH: usize = 120;

/// Rules that list words but are not kinds themselves.
const MORE_WORDS: [&str; 3] = ["signame", "file_flag", "pipe_flag"];

/// The kinds of a first argument that make a command a method, and the class that it is a method
/// of.
const CLASSES: [(&str, &str); 3] =
    [("service", "ServiceCommands"), ("fd", "FdCommands"), ("signal", "SignalCommands")];

/// Events with another name than the daemon's, since Python uses that name for something else.
const CLASS_NAMES: [(&str, &str); 2] = [("warning", "WarningText"), ("error", "ErrorText")];

/// Events that the client makes by itself, with their fields.
const OWN_EVENTS: [(&str, &[(&str, &str)]); 4] = [
    ("echo", &[("line", "str")]),
    ("malformed", &[("line", "str"), ("reason", "str")]),
    ("resynced", &[]),
    ("closed", &[]),
];

/// The fields of a `service_state`, as an event has them. What does not apply is None.
const SERVICE_STATE: [(&str, &str); 7] = [
    ("state", "ServiceStateWord"),
    ("timestamp", "Optional[int]"),
    ("pid", "Optional[int]"),
    ("exit", "Optional[int]"),
    ("signal", "Optional[AnySignal]"),
    ("uptime", "Optional[int]"),
    ("downtime", "Optional[int]"),
];

const FD_STATE: [(&str, &str); 3] =
    [("type", "FdStateWord"), ("flags", "str"), ("description", "str")];

/// The words of the protocol.
pub(crate) fn word_types(grammar: &Grammar) -> Text {
    let mut out = format!(
        "\
\"\"\"The words that fields of the protocol are made of, as types, and the fields of its commands and events.\"\"\"

# Generated from grammar.toml by `{COMMAND}`. Do not edit.

from __future__ import annotations

from typing import Literal

"
    );
    for kind in &grammar.kinds {
        if let Some(words) = words_of(grammar, &kind.name) {
            writeln!(out, "#: {}", kind.doc.replace('`', "``"))?;
            literal(&mut out, &class_case(&kind.name), &words)?;
        }
    }
    for rule in MORE_WORDS {
        let words = words(grammar, rule)?;
        if rule == "signame" {
            let long: Vec<_> = words.iter().map(|word| format!("SIG{word}")).collect();
            writeln!(
                out,
                "#: A signal as events have it. The real-time ones are left out: they would make every message of a checker unreadable."
            )?;
            literal(&mut out, "SignalName", &long)?;
            literal(&mut out, "ShortSignalName", &words)?;
        } else {
            literal(&mut out, &class_case(rule), &words)?;
        }
    }
    writeln!(out, "#: The states of a service.")?;
    literal(&mut out, "ServiceStateWord", &first_words(grammar, "service_state")?)?;
    writeln!(out, "#: The types of a file descriptor; ``\"deleted\"`` is one that is gone.")?;
    literal(&mut out, "FdStateWord", &fd_types())?;

    writeln!(out, "#: What an error is called with which the daemon refuses a command.")?;
    let errors: Vec<_> = grammar.errors.iter().map(|error| error.name.clone()).collect();
    literal(&mut out, "ErrorName", &errors)?;

    writeln!(out, "#: The options of services, and what each is as a whole.")?;
    writeln!(out, "OPTIONS: dict[str, str] = {{")?;
    for option in &grammar.options {
        writeln!(out, "    \"{}\": \"{}\",", option.key(), option.what)?;
    }
    writeln!(out, "}}\n")?;
    writeln!(out, "#: Each command and its fields, with their kinds.")?;
    writeln!(out, "COMMANDS: dict[str, dict[str, str]] = {{")?;
    for command in &grammar.commands {
        writeln!(out, "    \"{}\": {},", command.name, fields(&command.args))?;
    }
    writeln!(out, "}}\n\n#: Each event of the daemon and its fields, with their kinds.")?;
    writeln!(out, "EVENTS: dict[str, dict[str, str]] = {{")?;
    for event in &grammar.events {
        writeln!(out, "    \"{}\": {},", event.name, fields(&event.args))?;
    }
    writeln!(
        out,
        "}}\n\n#: What can be known of a run of a service: each fact and the kind of its value."
    )?;
    writeln!(out, "FACTS: dict[str, str] = {{")?;
    for fact in &grammar.facts {
        let kind = format!("{:?}", fact.kind).to_lowercase();
        writeln!(out, "    \"{}\": \"{kind}\",", fact.name)?;
    }
    out += "}\n";
    Ok(out)
}

/// The commands.
pub(crate) fn commands(grammar: &Grammar) -> Text {
    let mut out = format!(
        "\
\"\"\"Every command of the protocol as a method: of a controller, and of what it is about.

What a method gives back is up to the controller: the synchronous one waits and gives None, that of asyncio gives a future.
\"\"\"

# Generated from grammar.toml by `{COMMAND}`. Do not edit.

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
from ._words import {}


class Commands(Caller[R]):
    \"\"\"All commands. Names have 1 to 31 characters out of ``A-Z a-z 0-9 . _ -``; times are seconds, whole ones where it says ``int``.

    Each method raises :class:`~daemonproxy.UsageError` for what cannot be right, :class:`~daemonproxy.RefusedError` for what the
    daemon refuses, :class:`~daemonproxy.ConnectionLostError`, and :class:`~daemonproxy.WaitTimeoutError` if no answer comes.
    \"\"\"
",
        word_kinds_of_commands(grammar).join(", ")
    );
    for command in &grammar.commands {
        write_method(&mut out, grammar, command, None)?;
    }
    for (kind, class) in CLASSES {
        write!(
            out,
            "\n\nclass {class}(Generic[R]):\n    \"\"\"The commands about one {kind}.\"\"\"\n\n    \
             _ctl: Commands[R]\n    name: str\n"
        )?;
        for command in grammar.commands.iter().filter(|command| is_about(command, kind)) {
            write_method(&mut out, grammar, command, Some(&method_name(grammar, command)))?;
        }
    }
    Ok(out)
}

/// A run of a service, with all of its facts.
pub(crate) fn run(grammar: &Grammar) -> Text {
    let words: Vec<String> = grammar.facts.iter().flat_map(|fact| fact.words.clone()).collect();
    let mut out = format!(
        "\
\"\"\"What is known of a run of a service, as the event ``service.run`` tells it (protocol 2).\"\"\"

# Generated from grammar.toml by `{COMMAND}`. Do not edit.

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Optional, Union

from ._words import SignalName

#: What started a run: a command, or the trigger that held, which may be conditions.
Why = Union[Literal[{words}], SignalName, str]


class Failure(NamedTuple):
    \"\"\"A step of a start that failed, and why, as in the module ``errno``.\"\"\"

    stage: str
    errno: int


@dataclass(frozen=True)
class Run:
    \"\"\"A run of a service: that which goes on, or else the last one.

    What is not known is None, and what is not so is False. Moments are seconds of
    ``time.clock_gettime(time.CLOCK_MONOTONIC)``.

    >>> Run.of(17, {{\"why\": \"order\", \"failed\": (\"exec\", 2)}}).failed
    Failure(stage='exec', errno=2)
    \"\"\"

    #: Counts all starts of the daemon, from 1; 0 if the service never ran. It stays while the daemon lives.
    number: int = 0
",
        words = words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", "),
    );
    for fact in &grammar.facts {
        let unit = fact.unit.as_ref().map_or(String::new(), |unit| format!(" ({unit})"));
        writeln!(out, "    #: {}{unit}", fact.full_doc().replace('`', "``"))?;
        writeln!(out, "    {}: {}", fact.name, type_of_fact(fact))?;
    }
    out += "    #: Facts of a daemon that is newer than this.
    others: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, number: int, facts: Mapping[str, Any]) -> Run:
        \"\"\"The run with these facts, by their names in the protocol.\"\"\"
        known = {name: value for name, value in facts.items() if name in _NAMES}
        if \"failed\" in known:
            known[\"failed\"] = Failure(*known[\"failed\"])
        return cls(number, **known, others={name: facts[name] for name in facts if name not in _NAMES})


_NAMES = frozenset(Run.__dataclass_fields__) - {\"number\", \"others\"}
";
    Ok(out)
}

fn type_of_fact(fact: &Fact) -> &'static str {
    match fact.kind {
        FactKind::Moment | FactKind::Seconds => "Optional[float] = None",
        FactKind::Number => "Optional[int] = None",
        FactKind::Flag => "bool = False",
        FactKind::Word if fact.words.is_empty() => "Optional[SignalName] = None",
        FactKind::Word => "Optional[Why] = None",
        FactKind::Failure => "Optional[Failure] = None",
    }
}

/// What a callback can be asked to be called for.
pub(crate) fn listening(grammar: &Grammar) -> Text {
    let mut out = format!(
        "\
\"\"\"What a callback can ask of each event: the types of :meth:`Controller.on <daemonproxy.Controller.on>`.\"\"\"

# Generated from grammar.toml by `{COMMAND}`. Do not edit.

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, Optional, TypeVar, Union, overload

from . import events
from ._run import Run
from ._words import {words}

#: A signal by name, with or without ``SIG``, or by number, as the real-time ones are.
AnySignal = Union[SignalName, ShortSignalName, int]
E = TypeVar(\"E\", bound=events.Event)
#: What makes a function a callback: it gives back the function.
Register = Callable[[Callable[[E], object]], Callable[[E], object]]


class Listening:
    \"\"\"Who is called when something happens.\"\"\"
",
        words = word_kinds_of_events(grammar).join(", "),
    );
    let own = OWN_EVENTS.iter().map(|(name, fields)| {
        let fields = fields.iter().map(|(name, of)| ((*name).to_owned(), (*of).to_owned()));
        ((*name).to_owned(), fields.collect())
    });
    let told = grammar.events.iter().map(|event| (event.name.clone(), told_fields(grammar, event)));
    for (name, fields) in told.chain(own) {
        let fields: Vec<(String, String)> = fields;
        let class = class_of(&name);
        let shown: Vec<_> =
            fields.iter().map(|(name, of)| format!("        {name}: {of} = ...,\n")).collect();
        let star = if shown.is_empty() { "" } else { "        *,\n" };
        write!(
            out,
            "
    @overload
    def on(
        self,
        event: Union[Literal[\"{name}\"], type[events.{class}]],
{star}{}    ) -> Register[events.{class}]: ...
",
            shown.concat(),
        )?;
    }
    out += LISTEN;
    Ok(out)
}

const LISTEN: &str = r#"
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
"#;

/// One method: of the controller, or under this name of what the command is about.
fn write_method(
    out: &mut String,
    grammar: &Grammar,
    command: &Command,
    about: Option<&str>,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut params = vec!["self".to_owned()];
    let (mut firsts, mut lasts, mut rest) = (Vec::new(), Vec::new(), None);
    let mut docs = String::new();
    let args = if about.is_some() { &command.args[1..] } else { &command.args[..] };
    for arg in args {
        let name = arg.name.to_lowercase();
        let of = given_type(grammar, &arg.kind);
        if is_list(arg) {
            params.push(format!("*{name}: {of}"));
            rest = Some(format!("*{name}"));
        } else if arg.presence == Presence::Optional && arg.kind == "group" {
            params.push(format!("{name}: bool = False"));
            lasts.push(format!("\"{name}\" if {name} else None"));
        } else if arg.presence == Presence::Optional {
            params.push(format!("{name}: Optional[{of}] = None"));
            lasts.push(converted(&arg.kind, &name));
        } else {
            params.push(format!("{name}: {of}"));
            firsts.push(converted(&arg.kind, &name));
        }
        let first = format!("        :param {name}: ");
        docs.push_str(&wrapped(&first, "            ", &prose(&grammar.kind(arg)?.doc)));
    }
    // An argument that is absent at the end is omitted; before a list it keeps its place.
    match (lasts.is_empty(), &rest) {
        (true, _) => {}
        (false, Some(_)) => {
            firsts
                .extend(lasts.iter().map(|value| format!("\"-\" if {value} is None else {value}")));
        }
        (false, None) => firsts.push(format!("*given({})", lasts.join(", "))),
    }
    firsts.extend(rest);
    let wire = command.args.iter().map(Arg::shown).collect::<Vec<_>>().join(" ");
    let since =
        if command.since > 1 { format!(" Protocol {}.", command.since) } else { String::new() };
    let method = command.name.replace('.', "_");
    let shown = about.unwrap_or(&method);
    writeln!(out, "\n    def {shown}({}) -> R:", params.join(", "))?;
    let usage = format!("{} {wire}", command.name);
    out.push_str(&wrapped(
        "        \"\"\"",
        "        ",
        &format!("``{}``: {}{since}", usage.trim_end(), prose(&command.doc)),
    ));
    if docs.is_empty() {
        out.truncate(out.trim_end().len());
        out.push_str("\"\"\"\n");
    } else {
        write!(out, "\n{docs}        \"\"\"\n")?;
    }
    match about {
        None => {
            firsts.insert(0, format!("\"{}\"", command.name));
            writeln!(out, "        return self.call({})", firsts.join(", "))?;
        }
        Some(_) => {
            let names = args.iter().map(|arg| {
                let star = if is_list(arg) { "*" } else { "" };
                format!("{star}{}", arg.name.to_lowercase())
            });
            let values: Vec<_> = std::iter::once("self.name".to_owned()).chain(names).collect();
            writeln!(out, "        return self._ctl.{method}({})", values.join(", "))?;
        }
    }
    Ok(())
}

/// What a value of this kind may be given as.
fn given_type(grammar: &Grammar, kind: &str) -> String {
    match kind {
        "service" | "fd" | "fd_or_none" | "timer" | "socket" => "str".to_owned(),
        "seconds" => "float".to_owned(),
        "interval" | "guard" | "count" | "timeout" | "exit_code" | "exit_status" | "guard_code"
        | "timestamp" => "int".to_owned(),
        "start_time" => "Union[int, Literal[\"-\"]]".to_owned(),
        "delay" => "Union[float, Literal[\"-\"]]".to_owned(),
        "signal" => "SignalLike".to_owned(),
        "trigger" => "TriggerLike".to_owned(),
        "pipe_flags" | "file_flags" | "socket_flags" | "socket_options" => "FlagsLike".to_owned(),
        "fd_numbers" => "NumbersLike".to_owned(),
        "path" | "program" | "address" => "PathLike".to_owned(),
        _ if words_of(grammar, kind).is_some() => class_case(kind),
        _ => "Field".to_owned(),
    }
}

/// A value as it goes on the line.
fn converted(kind: &str, name: &str) -> String {
    match kind {
        "pipe_flags" | "file_flags" | "socket_flags" | "socket_options" => {
            format!("flags_field({name})")
        }
        "fd_numbers" => format!("numbers_field({name})"),
        "delay" | "seconds" => format!("seconds_field({name})"),
        _ => name.to_owned(),
    }
}

/// The fields of an event, and what one can ask about them.
fn told_fields(grammar: &Grammar, event: &Event) -> Vec<(String, String)> {
    let owned = |fields: &[(&str, &str)]| {
        fields.iter().map(|(name, of)| ((*name).to_owned(), (*of).to_owned())).collect::<Vec<_>>()
    };
    event
        .args
        .iter()
        .flat_map(|arg| match arg.kind.as_str() {
            "service_state" => owned(&SERVICE_STATE),
            "fd_state" => owned(&FD_STATE),
            kind => vec![(arg.name.to_lowercase(), told_type(grammar, arg, kind))],
        })
        .collect()
}

fn told_type(grammar: &Grammar, arg: &Arg, kind: &str) -> String {
    match kind {
        "fact" => "Run".to_owned(),
        _ if is_list(arg) => "Sequence[str]".to_owned(),
        "signal" => "AnySignal".to_owned(),
        "interval" | "id" => "Optional[int]".to_owned(),
        "count" | "timestamp" => "int".to_owned(),
        "error_name" => "Optional[ErrorName]".to_owned(),
        _ if words_of(grammar, kind).is_some() => class_case(kind),
        _ if arg.presence == Presence::Optional => "Optional[str]".to_owned(),
        _ => "str".to_owned(),
    }
}

/// The words of a kind that is only words.
fn words_of(grammar: &Grammar, kind: &str) -> Option<Vec<String>> {
    words(grammar, kind).ok().filter(|_| kind != "group")
}

/// The word with which each form of a rule begins.
fn first_words(grammar: &Grammar, kind: &str) -> Result<Vec<String>, String> {
    let kind = grammar.kinds.iter().find(|known| known.name == kind);
    let rule = &kind.ok_or("there is no such kind")?.abnf;
    let mut found: Vec<String> = Vec::new();
    for form in rule.split_once('=').map_or("", |(_, body)| body).split('/') {
        let word = form.trim().strip_prefix('"').and_then(|rest| rest.split_once('"'));
        if let Some((word, _)) = word
            && !found.iter().any(|known| known == word)
        {
            found.push(word.to_owned());
        }
    }
    Ok(found)
}

/// The grammar passes on types of descriptors as they are; these are the known ones.
fn fd_types() -> Vec<String> {
    ["file", "pipe", "socket", "special", "deleted"].map(str::to_owned).into()
}

fn is_about(command: &Command, kind: &str) -> bool {
    let first = command.args.first();
    first.is_some_and(|arg| arg.kind == kind) && command.name.starts_with(&format!("{kind}."))
}

/// A list that an event reports is an attribute, and the command that sets it is `set_`. `.apply`
/// changes it, even where an event of that name tells the rest of a long list.
fn method_name(grammar: &Grammar, command: &Command) -> String {
    let name = command.name.split_once('.').map_or(command.name.as_str(), |(_, rest)| rest);
    let told = grammar.events.iter().find(|event| event.name == command.name);
    let is_attribute = !name.ends_with(".apply")
        && told.is_some_and(|event| event.args.len() == 2 && is_list(&event.args[1]));
    format!("{}{}", if is_attribute { "set_" } else { "" }, name.replace('.', "_"))
}

fn is_list(arg: &Arg) -> bool {
    matches!(arg.presence, Presence::Repeated | Presence::RepeatedAtLeastOnce) || arg.kind == "line"
}

fn word_kinds_of_commands(grammar: &Grammar) -> Vec<String> {
    let kinds = grammar.commands.iter().flat_map(|command| &command.args).map(|arg| &arg.kind);
    sorted(kinds.filter_map(|kind| {
        let of = given_type(grammar, kind);
        (of == class_case(kind)).then_some(of)
    }))
}

fn word_kinds_of_events(grammar: &Grammar) -> Vec<String> {
    let fields = grammar.events.iter().flat_map(|event| &event.args);
    let kinds = fields.filter(|arg| told_type(grammar, arg, &arg.kind) == class_case(&arg.kind));
    let states = ["ErrorName", "ServiceStateWord", "FdStateWord", "SignalName", "ShortSignalName"]
        .map(str::to_owned);
    sorted(kinds.map(|arg| class_case(&arg.kind)).chain(states))
}

fn sorted(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<_> = names.collect();
    names.sort();
    names.dedup();
    names
}

/// `service.auto_up` is `ServiceAutoUp`.
fn class_of(event: &str) -> String {
    let own = CLASS_NAMES.iter().find(|(name, _)| *name == event);
    own.map_or_else(|| class_case(event), |(_, class)| (*class).to_owned())
}

fn class_case(name: &str) -> String {
    let words = name.split(['.', '_']).map(|word| {
        let (first, rest) = word.split_at(usize::from(!word.is_empty()));
        first.to_uppercase() + rest
    });
    words.collect()
}

fn literal(out: &mut String, name: &str, words: &[String]) -> std::fmt::Result {
    let quoted: Vec<_> = words.iter().map(|word| format!("    \"{word}\",\n")).collect();
    writeln!(out, "{name} = Literal[\n{}]", quoted.concat())
}

fn fields(args: &[Arg]) -> String {
    let shown: Vec<_> = args
        .iter()
        .map(|arg| format!("\"{}\": \"{}\"", arg.name.to_lowercase(), arg.kind))
        .collect();
    format!("{{{}}}", shown.join(", "))
}

/// Text in lines that are not too long, with this in front of the first and that in front of the
/// others.
fn wrapped(first: &str, other: &str, text: &str) -> String {
    let mut out = first.to_owned();
    let mut width = first.len();
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 && width + 1 + word.len() > WIDTH {
            write!(out, "\n{other}{word}").ok();
            width = other.len() + word.len();
        } else {
            let blank = if index > 0 { " " } else { "" };
            write!(out, "{blank}{word}").ok();
            width += blank.len() + word.len();
        }
    }
    out + "\n"
}

/// Text of the grammar in a docstring.
fn prose(text: &str) -> String {
    text.replace('\\', "\\\\").replace('`', "``").replace('\n', " ")
}
