//! Rust: the enums `Command`, `Event` and `Refusal` with their parsers and writers, and the tables.
//!
//! The text is simply put together, and rustfmt formats it at the end.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command as Process, Stdio};

use crate::grammar::{Arg, ErrorText, Grammar, Kind, Piece, Presence, When, takes_all};
use crate::{COMMAND, root};

type Text = Result<String, Box<dyn Error>>;

/// `Command` and `CommandName`.
pub(crate) fn command(grammar: &Grammar) -> Text {
    let mut variants = String::new();
    let mut parse = String::new();
    let mut encode = String::new();
    let mut name_of = String::new();
    let mut rights = String::new();
    let mut services = Vec::new();
    for command in &grammar.commands {
        let variant = camel(&command.name);
        let fields = fields(grammar, &command.args)?;
        variants += &variant_of(&variant, &command.name, &command.doc, command.since, &fields);

        let mut body = String::new();
        for arg in &command.args {
            let kind = grammar.kind(arg)?;
            body += &parse_arg(arg, kind, "?");
            if let (Presence::RepeatedAtLeastOnce, Some(missing)) = (arg.presence, &kind.missing) {
                let (field, missing) = (snake(&arg.name), &grammar.error(missing)?.name);
                writeln!(body, "kind::at_least_one({field}, Refusal::{missing})?;")?;
            }
        }
        if !command.takes_all() {
            let surplus = grammar.surplus(command)?;
            if surplus.pieces().len() == 1 {
                writeln!(body, "kind::end_or(rest, Refusal::{})?;", surplus.name)?;
            } else {
                body += "kind::end(rest)?;\n";
            }
        }
        if let Some((function, args)) = command.check() {
            let args: Vec<_> = args.into_iter().map(snake).collect();
            writeln!(body, "check::{function}({})?;", args.join(", "))?;
        }
        writeln!(body, "Ok(Self::{variant}{})", braces(&fields))?;
        writeln!(parse, "b\"{}\" => {{ {body} }}", command.name)?;

        let may_be_absent = |arg: &&Arg| {
            arg.presence == Presence::Optional && grammar.kind(arg).is_ok_and(|kind| kind.none)
        };
        let absent = command.args.iter().rev().take_while(may_be_absent).count();
        let (args, optional) = command.args.split_at(command.args.len() - absent);
        let mut body = encode_args(grammar, args)?;
        if absent > 0 {
            body += "let begin = out.len();\n";
            body += &encode_args(grammar, optional)?;
            body += "kind::trim_absent(out, begin);\n";
        }
        writeln!(encode, "Self::{variant}{} => {{ {body} }}", braces(&fields))?;
        let any = if fields.is_empty() { "" } else { " { .. }" };
        writeln!(name_of, "Self::{variant}{any} => CommandName::{variant},")?;
        for (arg, with) in &command.rights_with {
            let (arg, with) = (snake(arg), camel(with));
            writeln!(rights, "Self::{variant} {{ {arg}: Some(_), .. }} => Rights::{with},")?;
        }
        writeln!(rights, "Self::{variant}{any} => Rights::{},", camel(command.rights()))?;
        services.extend(pattern_of_service(&variant, &command.args));
    }
    let names: Vec<_> = grammar.commands.iter().map(|command| command.name.as_str()).collect();
    rustfmt(&format!(
        r#"{header}
//! Every command: its value, its parser, its writer.

use std::time::Duration;

use crate::{{
    Address, FdNumbers, Fields, FileFlags, FilterChange, Name, PipeFlags, Refusal, Rights, Signal,
    SignalAction, SocketFlags, SocketOptions, StartTime, Triggers, check, field, kind,
}};

/// A command, as a controller sends it to the daemon.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Command<'a> {{
{variants}}}

impl<'a> Command<'a> {{
    /// Reads a line, which is given without its LF and is not to be
    /// [ignored](crate::is_ignored).
    ///
    /// # Errors
    ///
    /// Why the daemon does not carry out this line. Only faults of the line itself are found here.
    pub fn parse(line: &'a [u8]) -> Result<Self, Refusal<'a>> {{
        let (rest, name) = field::first_field(line);
        match name {{
            {parse}
            _ => Err(Refusal::UnknownCommand {{ name }}),
        }}
    }}

    /// Appends the line, without LF. [`parse`](Self::parse) gives the same command back.
    pub fn encode(&self, out: &mut Vec<u8>) {{
        out.extend_from_slice(self.name().as_str().as_bytes());
        match *self {{
            {encode}
        }}
    }}

    /// Which command it is.
    #[must_use]
    pub const fn name(&self) -> CommandName {{
        match self {{ {name_of} }}
    }}

    /// The rights that a connection needs for it.
    #[must_use]
    #[expect(clippy::match_same_arms, reason = "one for each command")]
    pub const fn rights(&self) -> Rights {{
        match *self {{ {rights} }}
    }}

    /// The service that it is about.
    #[must_use]
    pub const fn service(&self) -> Option<Name<'a>> {{
        match *self {{
            {services} => Some(name),
            _ => None,
        }}
    }}
}}

{names}
"#,
        header = header(),
        services = services.join(" | "),
        names = names_enum("CommandName", "command", &names),
    ))
}

/// `ServiceOption` and `OptionName`.
pub(crate) fn option(grammar: &Grammar) -> Text {
    let mut variants = String::new();
    let mut parse = String::new();
    let mut prefixes = String::new();
    let mut keys = Vec::new();
    for option in &grammar.options {
        let variant = camel(&option.name);
        variants += &doc_comment(&format!("`{}`. {}", option.what, option.full_doc()));
        let types = [(!option.names.is_empty()).then(|| format!("{variant}Name"))];
        let types: Vec<_> = types
            .into_iter()
            .flatten()
            .chain((option.rust != "()").then(|| option.rust.clone()))
            .collect();
        variants += &match &types[..] {
            [] => format!("{variant},\n"),
            types => format!("{variant}({}),\n", types.join(", ")),
        };
        let range = option.range.iter().map(|number| format!(", {number}")).collect::<String>();
        let value = format!(
            "value::{}(value{range}).ok_or(Refusal::InvalidOption {{ option: field, expected: {:?} }})?",
            option.value, option.what
        );
        let value = match (option.rust.as_str(), option.names.is_empty()) {
            ("()", _) => format!("{value}; Ok(Self::{variant})"),
            (_, true) => format!("Ok(Self::{variant}({value}))"),
            (_, false) => format!("Ok(Self::{variant}(name, {value}))"),
        };
        if option.names.is_empty() {
            writeln!(parse, "b{:?} => {{ {value} }}", option.name)?;
            keys.push(format!("b{:?}", option.name));
        } else {
            writeln!(
                prefixes,
                "if let Some(name) = key.strip_prefix(b\"{}.\").and_then({variant}Name::parse) {{ return {{ {value} }}; }}",
                option.name
            )?;
            keys.extend(option.names.iter().map(|name| format!("b\"{}.{name}\"", option.name)));
        }
    }
    let mut enums = String::new();
    for option in grammar.options.iter().filter(|option| !option.names.is_empty()) {
        let (mut words, mut texts) = (String::new(), String::new());
        for name in &option.names {
            writeln!(words, "/// `{name}`\n{},", camel(name))?;
            writeln!(texts, "b{name:?} => Self::{},", camel(name))?;
        }
        write!(
            enums,
            "/// The NAME of an option `{name}.NAME`.
            #[derive(Copy, Clone, Debug, PartialEq, Eq)]
            pub enum {variant}Name {{ {words} }}

            impl {variant}Name {{
                fn parse(name: &[u8]) -> Option<Self> {{
                    Some(match name {{ {texts} _ => return None }})
                }}
            }}

            ",
            name = option.name,
            variant = camel(&option.name),
        )?;
    }
    rustfmt(&format!(
        r#"{header}
//! Every option of a service: its value and its parser.

use std::time::Duration;

use crate::option::{{self, Backoff, Ends, GiveUp, Kill, Limit, Ready, value}};
use crate::{{Name, Refusal, Signal}};

/// An option of a service.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ServiceOption<'a> {{
{variants}}}

impl<'a> ServiceOption<'a> {{
    /// Reads one, such as `umask=022`.
    ///
    /// # Errors
    ///
    /// There is no such option, or it cannot have this value.
    pub fn parse(field: &'a [u8]) -> Result<Self, Refusal<'a>> {{
        let (key, value) = option::split(field);
        match key {{
            {parse}
            _ => {{
                {prefixes}
                Err(Refusal::UnknownOption {{ option: field }})
            }}
        }}
    }}

    /// Whether there is an option with this KEY.
    #[must_use]
    pub fn is_key(key: &[u8]) -> bool {{
        matches!(key, {keys})
    }}
}}

{enums}
"#,
        header = header(),
        keys = keys.join(" | "),
    ))
}

/// `Event` and `EventName`.
pub(crate) fn event(grammar: &Grammar) -> Text {
    let mut variants = String::new();
    let mut parse = String::new();
    let mut encode = String::new();
    let mut name_of = String::new();
    let mut lists = String::new();
    let mut told = String::new();
    let mut services = Vec::new();
    for event in &grammar.events {
        let variant = camel(&event.name);
        let fields = fields(grammar, &event.args)?;
        if let [Field { name, .. }, Field { name: list, rust, .. }] = &fields[..]
            && event.name.starts_with("service.")
            && rust == "Fields<'a>"
        {
            writeln!(
                lists,
                "Self::{variant} {{ {name}, {list} }} => ({name}, EventName::{variant}, {list}),"
            )?;
        }
        variants += &variant_of(&variant, &event.name, &event.doc, event.since, &fields);

        let mut body = String::new();
        for arg in &event.args {
            let kind = grammar.kind(arg)?;
            let error = format!(".map_err(|_| wrong({:?}, {:?}))?", arg.name, kind.what);
            body += &parse_arg(arg, kind, &error);
        }
        if !takes_all(&event.args) {
            body += "kind::end(rest).map_err(|_| wrong(\"end\", \"no more fields\"))?;\n";
        }
        let wrong =
            format!("let wrong = |field, what| EventError::new({:?}, field, what);", event.name);
        writeln!(
            parse,
            "b\"{}\"{} => {{ {wrong} {body} Ok(Self::{variant}{}) }}",
            event.name,
            if event.needs_fields() { " if !rest.is_empty()" } else { "" },
            braces(&fields)
        )?;

        let body = encode_args(grammar, &event.args)?;
        writeln!(encode, "Self::{variant}{} => {{ {body} }}", braces(&fields))?;
        let any = if fields.is_empty() { "" } else { " { .. }" };
        writeln!(name_of, "Self::{variant}{any} => EventName::{variant},")?;
        let to = camel(event.told.as_deref().unwrap_or("full"));
        writeln!(told, "Self::{variant}{any} => Told::{to},")?;
        services.extend(pattern_of_service(&variant, &event.args));
    }
    let names: Vec<_> = grammar.events.iter().map(|event| event.name.as_str()).collect();
    rustfmt(&format!(
        r#"{header}
//! Every event: its value, its parser, its writer.

use crate::{{
    ConnKind, ConnRights, EventError, FdStateField, Fields, LogFilter, Name, ShutdownPhase, Signal,
    SignalAction, SocketOptions, StateField, Told,
    Triggers, field, kind,
}};

/// An event, as the daemon sends it to a controller.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Event<'a> {{
{variants}
    /// A line that `echo` made, or an event of a version to come: any whose first field is no event
    /// that is known here.
    Other {{
        /// The whole line.
        line: &'a [u8],
    }},
}}

impl<'a> Event<'a> {{
    /// Reads a line, which is given without its LF.
    ///
    /// # Errors
    ///
    /// The line begins like an event and goes on like none. Text that a controller lets the daemon
    /// `echo` may do so, too.
    pub fn parse(line: &'a [u8]) -> Result<Self, EventError> {{
        let (rest, name) = field::first_field(line);
        match name {{
            {parse}
            _ => Ok(Self::Other {{ line }}),
        }}
    }}

    /// Appends the line, without LF. [`parse`](Self::parse) gives the same event back.
    pub fn encode(&self, out: &mut Vec<u8>) {{
        if let Some(name) = self.name() {{
            out.extend_from_slice(name.as_str().as_bytes());
        }}
        match *self {{
            {encode}
            Self::Other {{ line }} => out.extend_from_slice(line),
        }}
    }}

    /// Which event it is; `None` for a line that is none.
    #[must_use]
    pub const fn name(&self) -> Option<EventName> {{
        Some(match self {{
            {name_of}
            Self::Other {{ .. }} => return None,
        }})
    }}

    /// Who hears of it, besides connections with full rights.
    #[must_use]
    #[expect(clippy::match_same_arms, reason = "one for each event")]
    pub const fn told(&self) -> Told {{
        match self {{
            {told}
            Self::Other {{ .. }} => Told::Full,
        }}
    }}

    /// The service that it is about.
    #[must_use]
    pub const fn service(&self) -> Option<Name<'a>> {{
        match *self {{
            {services} => Some(name),
            _ => None,
        }}
    }}

    /// An event that says what some list of a service is now: the service, which list, and the
    /// list.
    #[must_use]
    pub const fn service_list(&self) -> Option<(Name<'a>, EventName, Fields<'a>)> {{
        Some(match *self {{
            {lists}
            _ => return None,
        }})
    }}
}}

{names}
"#,
        header = header(),
        services = services.join(" | "),
        names = names_enum("EventName", "event", &names),
    ))
}

/// `Refusal`.
pub(crate) fn refusal(grammar: &Grammar) -> Text {
    let mut variants = String::new();
    let mut write = String::new();
    let mut names = String::new();
    let mut bare = Vec::new();
    for error in &grammar.errors {
        let pieces = error.pieces();
        let holes: Vec<_> = pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Hole(hole) => Some(*hole),
                Piece::Text(_) => None,
            })
            .collect();
        variants += &doc_comment(&format!("`{}`. {}", error.text, error.doc));
        if holes.is_empty() {
            writeln!(variants, "{},", error.name)?;
            writeln!(write, "Self::{} => {:?},", error.name, error.text)?;
        } else {
            writeln!(variants, "{} {{", error.name)?;
            for hole in &holes {
                let (doc, rust) = hole_type(hole);
                writeln!(variants, "/// {doc}\n{hole}: {rust},")?;
            }
            writeln!(variants, "}},")?;
            writeln!(write, "{}", write_with_holes(error, &holes))?;
        }
        let any = if holes.is_empty() { "" } else { " { .. }" };
        writeln!(names, "Self::{name}{any} => {name:?},", name = error.name)?;
        if error.bare {
            bare.push(format!("Self::{}{any}", error.name));
        }
    }
    rustfmt(&format!(
        r#"{header}
//! Every reason for which a command can be refused.

use crate::error::write_field;
use crate::write_i64;

/// Why a command is refused. Written out, it is the text of the error event.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Refusal<'a> {{
{variants}}}

impl Refusal<'_> {{
    /// Appends the text. In what it quotes of the peer, control characters become spaces, and what
    /// is longer than 255 bytes is cut.
    pub fn write(&self, out: &mut Vec<u8>) {{
        let text = match *self {{
            {write}
        }};
        out.extend_from_slice(text.as_bytes());
    }}

    /// Its name in the grammar, such as `NoSuchService`. Names stay, while texts may be improved.
    #[must_use]
    pub const fn name(&self) -> &'static str {{
        match self {{ {names} }}
    }}

    /// Whether the text stands alone in an error event, without the command.
    #[must_use]
    pub const fn is_bare(&self) -> bool {{
        matches!(self, {bare})
    }}
}}
"#,
        header = header(),
        bare = bare.join(" | "),
    ))
}

/// The text after the last placeholder is left for the caller to append, like a text without any.
fn write_with_holes(error: &ErrorText, holes: &[&str]) -> String {
    let mut pieces = error.pieces();
    let last = match pieces.pop() {
        Some(Piece::Text(text)) => text,
        Some(hole) => {
            pieces.push(hole);
            ""
        }
        None => "",
    };
    let mut body = String::new();
    for piece in pieces {
        body += &match piece {
            Piece::Text(text) => format!("out.extend_from_slice(b{text:?});"),
            Piece::Hole(text @ ("reason" | "expected")) => {
                format!("out.extend_from_slice({text}.as_bytes());")
            }
            Piece::Hole("pid") => "write_i64(out, i64::from(pid));".to_owned(),
            Piece::Hole(hole) => format!("write_field(out, {hole});"),
        };
    }
    format!("Self::{} {{ {} }} => {{ {body} {last:?} }}", error.name, holes.join(", "))
}

fn hole_type(hole: &str) -> (&'static str, &'static str) {
    match hole {
        "reason" => ("What the operating system says.", "&'a str"),
        "pid" => ("The process id.", "i32"),
        "expected" => ("What could stand there.", "&'static str"),
        "name" => ("The name.", "&'a [u8]"),
        _ => ("What the peer sent.", "&'a [u8]"),
    }
}

/// `Fact`.
pub(crate) fn fact(grammar: &Grammar) -> Text {
    let mut kinds = String::new();
    let mut once = Vec::new();
    for fact in &grammar.facts {
        let variant = camel(&fact.name);
        writeln!(kinds, "Self::{variant} => FactKind::{:?},", fact.kind)?;
        if fact.once {
            once.push(format!("Self::{variant}"));
        }
    }
    let names: Vec<_> = grammar.facts.iter().map(|fact| fact.name.as_str()).collect();
    rustfmt(&format!(
        r#"{header}
//! What can be known of a run of a service: the keys of `service.run`.

use crate::FactKind;

{names}

impl Fact {{
    /// What its value is.
    #[must_use]
    pub const fn kind(self) -> FactKind {{
        match self {{ {kinds} }}
    }}

    /// Whether only the first report after the end of the run has it.
    #[must_use]
    pub const fn is_once(self) -> bool {{
        matches!(self, {once})
    }}
}}
"#,
        header = header(),
        names = names_enum("Fact", "fact", &names),
        once = once.join(" | "),
    ))
}

/// The tables for help and completion.
pub(crate) fn tables(grammar: &Grammar) -> Text {
    let mut kinds = String::new();
    let mut list = Vec::new();
    for kind in &grammar.kinds {
        let name = kind.name.to_uppercase();
        writeln!(
            kinds,
            "static {name}: KindInfo = KindInfo {{ name: {:?}, abnf: {:?}, what: {:?}, doc: {:?}, \
             words: &{:?}, flags: &{:?}, range: {}, none: {:?} }};",
            kind.name,
            kind.abnf,
            kind.what,
            kind.doc,
            kind.words,
            kind.flags,
            range(kind),
            kind.none
        )?;
        list.push(format!("&{name}"));
    }
    let mut commands = String::new();
    for command in &grammar.commands {
        let errors: Vec<_> =
            grammar.errors_of(command)?.iter().map(|error| format!("{:?}", error.text)).collect();
        let events: Vec<_> =
            command.events.iter().map(|event| format!("EventName::{}", camel(event))).collect();
        writeln!(
            commands,
            "CommandInfo {{ name: CommandName::{}, args: &[{}], since: {}, doc: {:?}, examples: &[{}], \
             events: &[{}], errors: &[{}] }},",
            camel(&command.name),
            arg_infos(&command.args),
            command.since,
            command.doc,
            lines(&command.name, command.examples.iter()),
            events.join(", "),
            errors.join(", "),
        )?;
    }
    let mut events = String::new();
    for event in &grammar.events {
        writeln!(
            events,
            "EventInfo {{ name: EventName::{}, args: &[{}], since: {}, doc: {:?}, forms: &[{}] }},",
            camel(&event.name),
            arg_infos(&event.args),
            event.since,
            event.doc,
            lines(&event.name, event.forms.iter().map(|form| &form.fields)),
        )?;
    }
    let mut facts = String::new();
    for fact in &grammar.facts {
        writeln!(
            facts,
            "FactInfo {{ name: Fact::{}, shown: {:?}, unit: {:?}, words: &{:?}, doc: {:?} }},",
            camel(&fact.name),
            fact.usage(),
            fact.unit,
            fact.words,
            fact.full_doc(),
        )?;
    }
    let mut options = String::new();
    for option in &grammar.options {
        writeln!(
            options,
            "OptionInfo {{ name: {:?}, key: {:?}, names: &{:?}, what: {:?}, words: &{:?}, stage: {:?}, \
             at_once: {}, doc: {:?}, examples: &{:?}, wrong: &{:?} }},",
            option.name,
            option.key(),
            option.names,
            option.what,
            option.words,
            option.stage,
            option.at == When::Once,
            option.full_doc(),
            option.examples,
            option.wrong,
        )?;
    }
    let mut errors = String::new();
    for error in &grammar.errors {
        writeln!(
            errors,
            "ErrorInfo {{ name: {:?}, text: {:?}, doc: {:?}, about: &[{}] }},",
            error.name,
            error.text,
            error.doc,
            error
                .about
                .iter()
                .flatten()
                .map(|kind| format!("&{}", kind.to_uppercase()))
                .collect::<Vec<_>>()
                .join(", "),
        )?;
    }
    rustfmt(&format!(
        r#"{header}
//! The grammar as data.

use crate::tables::{{
    ArgInfo, CommandInfo, ErrorInfo, EventInfo, FactInfo, KindInfo, OptionInfo,
    Presence::{{Optional, Repeated, RepeatedAtLeastOnce, Required}},
}};
use crate::{{CommandName, EventName, Fact}};

{kinds}

/// Every kind of field.
pub static KINDS: &[&KindInfo] = &[{list}];

/// Every command, in the order of [`CommandName::ALL`].
pub static COMMANDS: &[CommandInfo] = &[{commands}];

/// Every event, in the order of [`EventName::ALL`].
pub static EVENTS: &[EventInfo] = &[{events}];

/// Everything that can be known of a run, in the order of [`Fact::ALL`].
pub static FACTS: &[FactInfo] = &[{facts}];

/// Every option of a service, in the order of the grammar.
pub static OPTIONS: &[OptionInfo] = &[{options}];

/// Every text with which a command can be refused.
pub static ERRORS: &[ErrorInfo] = &[{errors}];
"#,
        header = header(),
        list = list.join(", "),
    ))
}

fn range(kind: &Kind) -> String {
    match *kind.range {
        [] => "None".to_owned(),
        [least, most] => format!("Some(({least}, {most}))"),
        [least, ..] => format!("Some(({least}, u32::MAX))"),
    }
}

fn arg_infos(args: &[Arg]) -> String {
    args.iter()
        .map(|arg| {
            let presence = match arg.presence {
                Presence::Required => "Required",
                Presence::Optional => "Optional",
                Presence::Repeated => "Repeated",
                Presence::RepeatedAtLeastOnce => "RepeatedAtLeastOnce",
            };
            let (name, kind) = (&arg.name, arg.kind.to_uppercase());
            let shown = arg.shown();
            format!("ArgInfo {{ name: {name:?}, kind: &{kind}, presence: {presence}, shown: {shown:?} }}")
        })
        .collect::<Vec<_>>()
        .join(", ")
}

fn lines<'a>(name: &str, examples: impl Iterator<Item = &'a Vec<String>>) -> String {
    examples.map(|fields| format!("{:?}", line(name, fields))).collect::<Vec<_>>().join(", ")
}

/// A line: a name and fields with TABs between them.
pub(crate) fn line(name: &str, fields: &[String]) -> String {
    fields.iter().fold(name.to_owned(), |line, field| line + "\t" + field)
}

/// A field of a variant.
struct Field {
    name: String,
    rust: String,
    doc: String,
}

/// The fields that the arguments become. A kind of type `()` says nothing and becomes no field.
fn fields(grammar: &Grammar, args: &[Arg]) -> Result<Vec<Field>, String> {
    let mut fields = Vec::new();
    for arg in args {
        let kind = grammar.kind(arg)?;
        if kind.rust != "()" {
            fields.push(Field {
                name: snake(&arg.name),
                rust: kind.rust.clone(),
                doc: kind.doc.clone(),
            });
        }
    }
    Ok(fields)
}

fn variant_of(variant: &str, name: &str, doc: &str, since: u32, fields: &[Field]) -> String {
    let since = if since > 1 { format!(" Since protocol {since}.") } else { String::new() };
    let mut text = doc_comment(&format!("`{name}`: {doc}{since}")) + variant;
    if !fields.is_empty() {
        text += " {\n";
        for field in fields {
            text += &format!("{}{}: {},\n", doc_comment(&field.doc), field.name, field.rust);
        }
        text += "}";
    }
    text + ",\n"
}

/// A doc comment, with lines of reasonable length.
fn doc_comment(doc: &str) -> String {
    let mut comment = String::new();
    let mut line = String::new();
    for word in doc_text(doc).split(' ') {
        if !line.is_empty() && line.len() + word.len() > 85 {
            comment += &format!("/// {line}\n");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    comment + &format!("/// {line}\n")
}

/// Text that rustdoc must not take for markup.
fn doc_text(doc: &str) -> String {
    let mut text = String::new();
    for (index, part) in doc.split('`').enumerate() {
        if index > 0 {
            text.push('`');
        }
        text += &if index % 2 == 0 {
            part.replace('[', "\\[").replace(']', "\\]")
        } else {
            part.to_owned()
        };
    }
    text
}

fn braces(fields: &[Field]) -> String {
    if fields.is_empty() {
        return String::new();
    }
    let names: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
    format!(" {{ {} }}", names.join(", "))
}

/// What matches a line that is about a service, and binds that to `name`.
fn pattern_of_service(variant: &str, args: &[Arg]) -> Option<String> {
    let arg = args.iter().find(|arg| arg.kind == "service")?;
    let field = snake(&arg.name);
    let field = if field == "name" { field } else { field + ": name" };
    Some(format!("Self::{variant} {{ {field}, .. }}"))
}

/// The statement that parses one argument; `suffix` handles the error.
fn parse_arg(arg: &Arg, kind: &Kind, suffix: &str) -> String {
    let (field, parser) = (snake(&arg.name), &kind.name);
    let rest = if arg.is_list() { "_" } else { "rest" };
    if let Some(context) = &arg.context {
        let context = snake(context);
        return format!(
            "let ({rest}, ({context}, {field})) = kind::{parser}(rest, {context}){suffix};\n"
        );
    }
    let value = if kind.rust == "()" { "()" } else { &field };
    format!("let ({rest}, {value}) = kind::{parser}(rest){suffix};\n")
}

fn encode_args(grammar: &Grammar, args: &[Arg]) -> Text {
    let mut body = String::new();
    for arg in args {
        let kind = grammar.kind(arg)?;
        if kind.rust == "()" {
            writeln!(body, "kind::put_{}(out);", kind.name)?;
        } else {
            writeln!(body, "kind::put_{}(out, {});", kind.name, snake(&arg.name))?;
        }
    }
    Ok(body)
}

/// An enum of all names, with its texts.
fn names_enum(rust: &str, what: &str, names: &[&str]) -> String {
    let mut variants = String::new();
    let mut texts = String::new();
    let mut all = Vec::new();
    for name in names {
        let variant = camel(name);
        variants += &format!("/// `{name}`\n{variant},\n");
        texts += &format!("Self::{variant} => {name:?},\n");
        all.push(format!("Self::{variant}"));
    }
    let all = all.join(", ");
    format!(
        r"
/// The name of {article} {what}.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum {rust} {{ {variants} }}

impl {rust} {{
    /// Every {what}, in the order of the grammar.
    pub const ALL: &[Self] = &[{all}];

    /// The name as it stands on the line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {{
        match self {{ {texts} }}
    }}
}}
",
        article = if what.starts_with('e') { "an" } else { "a" },
    )
}

fn camel(name: &str) -> String {
    let mut camel = String::new();
    for word in name.split(['.', '_']) {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}

fn snake(name: &str) -> String {
    name.to_lowercase()
}

fn header() -> String {
    format!("// Generated from grammar.toml by `{COMMAND}`. Do not edit.")
}

/// Formats Rust as the project does.
fn rustfmt(code: &str) -> Text {
    let mut child = Process::new("rustfmt")
        .args(["--edition", "2024", "--emit", "stdout"])
        // It looks for the project's rustfmt.toml from here upwards.
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot run rustfmt: {error}"))?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(code.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err("rustfmt refuses the generated code".into());
    }
    Ok(String::from_utf8(output.stdout)?)
}
