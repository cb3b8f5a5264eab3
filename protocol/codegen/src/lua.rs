//! The grammar for Lua: `grammar.lua`, the tables that the client works with, and `protocol.lua`,
//! the annotations that an editor and a checker read.
//!
//! Most kinds have one of a few shapes, such as a name or a number in a range, and that is all the
//! client needs to check them. Lua patterns cannot express what ABNF does, so the checks for all
//! other kinds are written in `check.lua`. The vectors test all of it.

use std::fmt::Write as _;

use crate::COMMAND;
use crate::grammar::{Arg, Command, Event, FactKind, Grammar, Kind, Presence};
use crate::markdown::BASE_RULES;

type Text = Result<String, Box<dyn std::error::Error>>;
type Done = Result<(), Box<dyn std::error::Error>>;

/// The kinds of a first argument that make a command a method, and the class that it is a method
/// of. All other commands are functions of the module.
const CLASSES: [(&str, &str); 3] = [("service", "Service"), ("fd", "Fd"), ("signal", "Signal")];

/// Methods that do more than send their command; they are described in `daemonproxy.lua`.
const OWN_METHODS: [(&str, &str); 4] =
    [("Service", "args"), ("Service", "fds"), ("Service", "tags"), ("Signal", "clear")];

/// Events with fields that come from the client itself; their classes are in `daemonproxy.lua`.
const OWN_EVENTS: [&str; 4] = ["refused", "malformed", "echo", "closed"];

/// The tables.
pub(crate) fn tables(grammar: &Grammar) -> Text {
    let mut out = format!(
        "\
-- Generated from grammar.toml by `{COMMAND}`. Do not edit.
--
-- The commands and events of the protocol, kinds of fields, facts of runs, the words that fields are made of, and what
-- commands are refused with. An argument is
-- its name, its kind, and \"\" (once), \"?\" (may be absent), \"*\" (any number), \"+\" (at least one). A fact is its
-- name and the kind of its value; `once`: only the first report after the end of the run has it. Of a kind: what it
-- is, its shape if that is all there is to know, and the answers to a field that is missing, that is wrong, and that
-- is a number outside of the range.
return {{
  commands = {{
"
    );
    for command in &grammar.commands {
        write!(
            out,
            "    [{}] = {{ {}",
            quoted(&command.name),
            args(&command.args, |arg| arg.name.clone())
        )?;
        if !command.takes_all() {
            write!(out, ", surplus = {}", quoted(&grammar.surplus(command)?.text))?;
        }
        if let Some((rule, names)) = command.check() {
            write!(out, ", check = {{ {}, {} }}", quoted(rule), list(names))?;
        }
        writeln!(out, " }},")?;
    }
    writeln!(out, "  }},\n  options = {{")?;
    for option in &grammar.options {
        write!(out, "    {} = {{ what = {}", option.name, quoted(&option.what))?;
        if !option.names.is_empty() {
            write!(out, ", names = {{ {} }}", list(&option.names))?;
        }
        writeln!(out, " }},")?;
    }
    writeln!(out, "  }},\n  events = {{")?;
    for event in &grammar.events {
        let args = args(&event.args, |arg| arg.name.to_lowercase());
        let needs = if event.needs_fields() { ", needs_fields = true" } else { "" };
        writeln!(out, "    [{}] = {{ {args}{needs} }},", quoted(&event.name))?;
    }
    writeln!(out, "  }},\n  kinds = {{")?;
    for kind in &grammar.kinds {
        write_kind(&mut out, grammar, kind)?;
    }
    writeln!(out, "  }},\n  facts = {{")?;
    for fact in &grammar.facts {
        let kind = format!("{:?}", fact.kind).to_lowercase();
        let once = if fact.once { ", once = true" } else { "" };
        writeln!(out, "    {{ {}, {}{once} }},", quoted(&fact.name), quoted(&kind))?;
    }
    writeln!(out, "  }},\n  words = {{")?;
    writeln!(out, "    signame = {{ {} }},", list(words(grammar, "signame")?))?;
    writeln!(out, "    state = {{ {} }},", list(states(grammar)?))?;
    writeln!(out, "  }},\n  errors = {{")?;
    for error in &grammar.errors {
        writeln!(out, "    {} = {},", error.name, quoted(&error.text))?;
    }
    out += "  },\n}\n";
    Ok(out)
}

fn write_kind(out: &mut String, grammar: &Grammar, kind: &Kind) -> Done {
    write!(out, "    {} = {{ what = {}", kind.name, quoted(&kind.what))?;
    if let Some(shape) = shape(grammar, kind) {
        write!(out, ", shape = {}", quoted(shape.word()))?;
    }
    let answers =
        [("missing", &kind.missing), ("refused", &kind.refused), ("outside", &kind.outside)];
    for (name, text) in answers {
        if let Some(text) = text {
            write!(out, ", {name} = {}", quoted(text))?;
        }
    }
    for (name, words) in [("words", &kind.words), ("flags", &kind.flags)] {
        if !words.is_empty() {
            write!(out, ", {name} = {{ {} }}", list(words))?;
        }
    }
    if !kind.range.is_empty() {
        let numbers: Vec<_> = kind.range.iter().map(u32::to_string).collect();
        write!(out, ", range = {{ {} }}", numbers.join(", "))?;
    }
    if kind.none {
        *out += ", none = true";
    }
    writeln!(out, " }},")?;
    Ok(())
}

/// What a field is, if the grammar says all there is to know about it.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Shape {
    Name,
    Bytes,
    Number,
    Decimal,
    Words,
    Flags,
}

impl Shape {
    fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Bytes => "bytes",
            Self::Number => "number",
            Self::Decimal => "decimal",
            Self::Words => "words",
            Self::Flags => "flags",
        }
    }
}

fn shape(grammar: &Grammar, kind: &Kind) -> Option<Shape> {
    let (_, rule) = kind.abnf.split_once('=')?;
    match rule.trim() {
        "1*31namechar" | "fd / \"-\"" => return Some(Shape::Name),
        "*fieldchar" => return Some(Shape::Bytes),
        _ => {}
    }
    if !kind.range.is_empty() {
        return Some(if rule.contains("\".\"") { Shape::Decimal } else { Shape::Number });
    }
    // A flag with a value, such as `listen=BACKLOG`, is more than a word.
    if !kind.flags.is_empty() {
        return kind.flags.iter().all(|flag| !flag.contains('=')).then_some(Shape::Flags);
    }
    let is_word = |part: &str| {
        part.starts_with('"')
            || grammar
                .kinds
                .iter()
                .any(|other| other.name == part && shape(grammar, other) == Some(Shape::Words))
    };
    (!kind.words.is_empty() && rule.split('/').map(str::trim).all(is_word)).then_some(Shape::Words)
}

/// The annotations.
pub(crate) fn types(grammar: &Grammar) -> Text {
    let mut out = format!(
        "\
---@meta _
-- Generated from grammar.toml by `{COMMAND}`. Do not edit.
--
-- The events of the protocol, and its commands as methods.

---@class daemonproxy.Event
---@field event string its name

--- What an error is called with which the daemon refuses a command.
---@alias daemonproxy.ErrorName
"
    );
    for error in &grammar.errors {
        writeln!(out, "---| {}", quoted(&error.name))?;
    }
    out.push('\n');
    write_facts(&mut out, grammar)?;
    for event in &grammar.events {
        write_event(&mut out, grammar, event)?;
        write_filter(&mut out, grammar, event)?;
    }
    out += "\
---@class daemonproxy.Module
local Module = {}

--- Calls a function for each such event, in a coroutine of its own. Functions are called in the order in which they
--- were given; one that returns `false` keeps the event from those after it.
---@param event \"*\"|\"resynced\" the name of an event, or \"*\" for all
---@param fn fun(event: daemonproxy.Event): boolean?
---@return daemonproxy.Handler
";
    let names = grammar.events.iter().map(|event| event.name.as_str());
    for name in names.chain(OWN_EVENTS) {
        let class = class_of(name);
        let filter = match OWN_EVENTS.contains(&name) {
            true => "table<string, string>".to_owned(),
            false => class.replace("Event", "Filter"),
        };
        for filter in [String::new(), format!(", filter: {filter}")] {
            writeln!(
                out,
                "---@overload fun(event: {}{filter}, fn: fun(event: {class}): boolean?): daemonproxy.Handler",
                quoted(name),
            )?;
        }
    }
    out += "\
---@overload fun(event: \"*\", filter: table<string, any>, fn: fun(event: daemonproxy.Event): boolean?): daemonproxy.Handler
function Module.on(event, fn) end
";
    for (kind, class) in CLASSES {
        writeln!(out, "\n---@class daemonproxy.{class}\nlocal {class} = {{}}")?;
        for command in
            grammar.commands.iter().filter(|command| class_of_command(command) == Some(kind))
        {
            write_method(&mut out, grammar, command, class)?;
        }
    }
    for command in grammar.commands.iter().filter(|command| class_of_command(command).is_none()) {
        write_method(&mut out, grammar, command, "Module")?;
    }
    Ok(out)
}

/// The kind of the first argument, if that makes the command a method of something.
/// What can be known of a run of a service.
fn write_facts(out: &mut String, grammar: &Grammar) -> Done {
    *out += "--- What is known of a run of a service; nil is what is not known, or not so. Moments are seconds of\n\
             --- CLOCK_MONOTONIC. A daemon to come may know more.\n---@class daemonproxy.Facts\n";
    for fact in &grammar.facts {
        let of = match fact.kind {
            FactKind::Moment | FactKind::Seconds => "number",
            FactKind::Number => "integer",
            FactKind::Flag => "true",
            FactKind::Word => "string",
            FactKind::Failure => "daemonproxy.Failure",
        };
        let unit = fact.unit.as_ref().map_or(String::new(), |unit| format!(" ({unit})"));
        let name = quoted(&fact.name);
        writeln!(out, "---@field [{name}] {of}? {}{unit}", fact.full_doc())?;
    }
    *out += "\n--- A step of a start that failed, and why, as in errno(3).\n---@class daemonproxy.Failure\n\
             ---@field stage string\n---@field errno integer\n\n";
    Ok(())
}

fn class_of_command(command: &Command) -> Option<&str> {
    let kind = command.args.first()?.kind.as_str();
    let is_about = command.name.starts_with(&format!("{kind}."));
    (is_about && CLASSES.iter().any(|(name, _)| *name == kind)).then_some(kind)
}

fn write_event(out: &mut String, grammar: &Grammar, event: &Event) -> Done {
    writeln!(out, "--- {}", event.doc)?;
    writeln!(out, "---@class {}: daemonproxy.Event", class_of(&event.name))?;
    writeln!(out, "---@field event {}", quoted(&event.name))?;
    for arg in &event.args {
        match arg.kind.as_str() {
            "service_state" => *out += SERVICE_STATE,
            "fd_state" => *out += FD_STATE,
            "fact" => *out += "---@field facts daemonproxy.Facts\n",
            kind => {
                let name = arg.name.to_lowercase();
                let of = told_type(grammar, arg)?;
                // A list, or what may be `-`.
                let mark = match kind {
                    _ if is_list(arg) => "[]",
                    "interval" => "?",
                    _ if arg.presence == Presence::Optional => "?",
                    _ => "",
                };
                writeln!(out, "---@field {name} {of}{mark}")?;
            }
        }
    }
    out.push('\n');
    Ok(())
}

/// What a handler of an event may compare: each of its fields. A list matches if it contains the
/// value.
fn write_filter(out: &mut String, grammar: &Grammar, event: &Event) -> Done {
    writeln!(out, "---@class {}", class_of(&event.name).replace("Event", "Filter"))?;
    for arg in &event.args {
        let name = arg.name.to_lowercase();
        match arg.kind.as_str() {
            "service_state" => *out += &optional(SERVICE_STATE),
            "fd_state" => *out += &optional(FD_STATE),
            // What is true or not of a whole table is for a function to say.
            "fact" => {}
            "service" => writeln!(out, "---@field {name} (string|daemonproxy.Service)?")?,
            "fd" => writeln!(out, "---@field {name} (string|daemonproxy.Fd)?")?,
            "signal" => writeln!(out, "---@field {name} (string|integer)? with or without SIG")?,
            _ if is_list(arg) => {
                writeln!(out, "---@field {name} ({})?", value_type(grammar.kind(arg)?, grammar)?)?;
            }
            _ => writeln!(out, "---@field {name} ({})?", told_type(grammar, arg)?)?,
        }
    }
    out.push('\n');
    Ok(())
}

/// The same fields, without their meaning, and each may be left out.
fn optional(fields: &str) -> String {
    let mut out = String::new();
    for line in fields.lines() {
        let words: Vec<_> = line.split(' ').take(3).collect();
        let line = words.join(" ");
        out += line.trim_end_matches('?');
        out += "?\n";
    }
    out.replace("signal string?", "signal (string|integer)?")
}

/// What the seven fields of a state become: an end is an exit status or a signal.
const SERVICE_STATE: &str = "\
---@field state daemonproxy.State
---@field timestamp integer? when it is to start, was started, or its end was noticed (seconds, CLOCK_MONOTONIC)
---@field pid integer? its process, also of a service that has ended
---@field exit integer? the status with which it exited
---@field signal string? the signal that killed it, such as \"SIGTERM\"
---@field uptime integer? for how long it has been running, or ran (seconds)
---@field downtime integer? for how long it has been down (seconds)
";

const FD_STATE: &str = "\
---@field type string \"file\", \"pipe\", \"socket\", \"special\", \"deleted\", or a future one
---@field flags string? how it was made, with commas between
---@field description string? a path, an address, or the name of the other end
";

/// A command as a method of what it is about, or as a function of the module.
fn write_method(out: &mut String, grammar: &Grammar, command: &Command, class: &str) -> Done {
    let is_method = class != "Module";
    let args = if is_method { &command.args[1..] } else { &command.args };
    let method = match is_method {
        true => command.name.split_once('.').map_or(command.name.as_str(), |(_, rest)| rest),
        false => command.name.as_str(),
    }
    .replace('.', "_");
    if OWN_METHODS.contains(&(class, method.as_str())) {
        return Ok(());
    }
    writeln!(out, "\n--- {}", command.doc.replace('\n', " "))?;
    let since =
        if command.since > 1 { format!(", protocol {}", command.since) } else { String::new() };
    writeln!(out, "---\n--- Command `{}`{since}.", command.name)?;
    let mut names = Vec::new();
    for arg in args {
        let kind = grammar.kind(arg)?;
        let name = arg.name.to_lowercase();
        let of = value_type(kind, grammar)?;
        let (shown, mark, of) = match (is_list(arg), arg.presence) {
            (true, _) if matches!(arg.kind.as_str(), "tag_change" | "option" | "option_change") => {
                ("...".to_owned(), "", format!("{of}|{TAG_CHANGES}"))
            }
            (true, _) => ("...".to_owned(), "", format!("{of}|({of})[]")),
            (false, Presence::Optional) => (name.clone(), "?", of),
            (false, _) => (name.clone(), "", of),
        };
        writeln!(out, "---@param {shown}{mark} {of} {}", kind.doc)?;
        names.push(shown);
    }
    if is_method {
        writeln!(out, "---@return daemonproxy.{class}")?;
    }
    let separator = if is_method { ':' } else { '.' };
    writeln!(out, "function {class}{separator}{method}({}) end", names.join(", "))?;
    Ok(())
}

/// Changes of tags, and options, in one table: words, and values by key; `false` removes one.
const TAG_CHANGES: &str = "table<integer|string, string|number|boolean>";

/// Whether a method takes any number of values there.
fn is_list(arg: &Arg) -> bool {
    matches!(arg.presence, Presence::Repeated | Presence::RepeatedAtLeastOnce) || arg.kind == "line"
}

/// What a field is in an event: numbers are numbers, words are a choice of literals, and all else
/// is text.
fn told_type(grammar: &Grammar, arg: &Arg) -> Result<String, String> {
    let kind = grammar.kind(arg)?;
    Ok(match shape(grammar, kind) {
        _ if kind.name == "timestamp" => "integer".to_owned(),
        _ if kind.name == "error_name" => "daemonproxy.ErrorName".to_owned(),
        _ if kind.name == "id" => "integer?".to_owned(),
        Some(Shape::Number | Shape::Words) => value_type(kind, grammar)?,
        _ => "string".to_owned(),
    })
}

/// What a value of this kind may be given as.
fn value_type(kind: &Kind, grammar: &Grammar) -> Result<String, String> {
    let shape = shape(grammar, kind);
    let of = match (kind.name.as_str(), shape) {
        ("arg" | "exec_arg" | "line", _) => "string|number",
        (_, Some(Shape::Name | Shape::Bytes)) => "string",
        (_, Some(Shape::Number)) => "integer",
        (_, Some(Shape::Decimal)) => "number",
        (_, Some(Shape::Flags)) | ("file_flags" | "socket_flags" | "socket_options", _) => {
            "string|string[]"
        }
        (_, Some(Shape::Words)) => {
            let words: Vec<_> = kind.words.iter().map(|word| quoted(word)).collect();
            return Ok(words.join("|"));
        }
        ("guard" | "guard_code" | "exit_status" | "timestamp", _) => "integer",
        ("delay", _) => "number|\"-\"",
        ("start_time", _) => "integer|\"-\"",
        ("signal", _) => "string|integer",
        ("fd_numbers", _) => "string|integer[]",
        (
            "fact" | "tag_change" | "trigger" | "glob" | "fd_shown" | "trigger_shown" | "path"
            | "program" | "address" | "text" | "error_text",
            _,
        ) => "string",
        (new, None) => {
            return Err(format!(
                "the kind `{new}` is new: say in protocol/codegen/src/lua.rs what a value of it is in Lua"
            ));
        }
    };
    Ok(of.to_owned())
}

/// `service.auto_up` is `daemonproxy.ServiceAutoUpEvent`.
fn class_of(event: &str) -> String {
    let words = event.split(['.', '_']).map(|word| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    });
    format!("daemonproxy.{}Event", words.collect::<String>())
}

fn args(args: &[Arg], name: impl Fn(&Arg) -> String) -> String {
    let shown: Vec<_> = args
        .iter()
        .map(|arg| {
            let presence = match arg.presence {
                Presence::Required => "",
                Presence::Optional => "?",
                Presence::Repeated => "*",
                Presence::RepeatedAtLeastOnce => "+",
            };
            format!("{{ {} }}", list([name(arg).as_str(), &arg.kind, presence]))
        })
        .collect();
    if shown.is_empty() {
        "args = {}".to_owned()
    } else {
        format!("args = {{ {} }}", shown.join(", "))
    }
}

/// The words of a rule that does nothing but list words, or rules that do.
pub(crate) fn words(grammar: &Grammar, rule: &str) -> Result<Vec<String>, String> {
    let texts = grammar.kinds.iter().map(|kind| kind.abnf.as_str()).chain([BASE_RULES]);
    let mut lines = texts.flat_map(str::lines).map(|line| line.split(" ;").next().unwrap_or(line));
    let body =
        lines.by_ref().find_map(|line| line.strip_prefix(rule)?.trim_start().strip_prefix('='));
    let mut body = body.ok_or_else(|| format!("there is no rule `{rule}`"))?.to_owned();
    // A line that begins with a blank continues the rule before it.
    body.extend(lines.take_while(|line| line.starts_with(' ')));
    let mut words = Vec::new();
    for part in body.split('/').map(str::trim) {
        match part.strip_prefix('"').and_then(|part| part.strip_suffix('"')) {
            Some(word) => words.push(word.to_owned()),
            None => words.extend(self::words(grammar, part)?),
        }
    }
    Ok(words)
}

/// The states of a service: the first word of each form.
fn states(grammar: &Grammar) -> Result<Vec<String>, String> {
    let kind = grammar.kinds.iter().find(|kind| kind.name == "service_state");
    let rule = kind.ok_or("there is no kind `service_state`")?.abnf.as_str();
    let (_, forms) = rule.split_once('=').ok_or("`service_state` has no rule")?;
    let mut states: Vec<String> = Vec::new();
    for form in forms.split('/') {
        let word = form.split('"').nth(1).ok_or("a form of `service_state` begins with no word")?;
        if !states.iter().any(|state| state == word) {
            states.push(word.to_owned());
        }
    }
    Ok(states)
}

fn list<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let quotes: Vec<_> = items.into_iter().map(|item| quoted(item.as_ref())).collect();
    quotes.join(", ")
}

/// A Lua string.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_classes() {
        assert_eq!(class_of("service.auto_up"), "daemonproxy.ServiceAutoUpEvent");
        assert_eq!(class_of("overflow"), "daemonproxy.OverflowEvent");
    }

    #[test]
    fn strings_are_quoted() {
        assert_eq!(quoted(r#"a "b\""#), r#""a \"b\\\"""#);
    }
}
