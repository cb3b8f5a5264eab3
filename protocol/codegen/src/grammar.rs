//! `grammar.toml` as values, and the rules that it must keep.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

type Result<T> = std::result::Result<T, String>;

/// The whole language.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Grammar {
    #[serde(rename = "kind")]
    pub(crate) kinds: Vec<Kind>,
    #[serde(rename = "command")]
    pub(crate) commands: Vec<Command>,
    #[serde(rename = "option")]
    pub(crate) options: Vec<ServiceOption>,
    #[serde(rename = "event")]
    pub(crate) events: Vec<Event>,
    /// What can be known of a run of a service.
    #[serde(rename = "fact")]
    pub(crate) facts: Vec<Fact>,
    #[serde(rename = "error")]
    pub(crate) errors: Vec<ErrorText>,
}

/// A kind of field.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kind {
    pub(crate) name: String,
    pub(crate) abnf: String,
    pub(crate) what: String,
    pub(crate) doc: String,
    pub(crate) rust: String,
    #[serde(default)]
    pub(crate) words: Vec<String>,
    #[serde(default)]
    pub(crate) flags: Vec<String>,
    /// The lowest number, and the highest if there is one.
    #[serde(default)]
    pub(crate) range: Vec<u32>,
    /// `-` means the same as an absent field.
    #[serde(default)]
    pub(crate) none: bool,
    pub(crate) refused: Option<String>,
    pub(crate) outside: Option<String>,
    pub(crate) missing: Option<String>,
    #[serde(default)]
    pub(crate) wrong: BTreeMap<String, String>,
}

/// A command.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Command {
    pub(crate) name: String,
    pub(crate) args: Vec<Arg>,
    pub(crate) since: u32,
    pub(crate) doc: String,
    pub(crate) examples: Vec<Vec<String>>,
    /// The rights that a connection needs to send it.
    pub(crate) rights: Option<String>,
    /// The same, for a line with that argument.
    #[serde(default)]
    pub(crate) rights_with: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) events: Vec<String>,
    #[serde(default)]
    pub(crate) errors: Vec<String>,
    check: Option<String>,
    surplus: Option<String>,
    #[serde(default)]
    pub(crate) faults: Vec<Fault>,
}

/// A line that is refused for a reason of its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    pub(crate) fields: Vec<String>,
    pub(crate) error: String,
}

/// An option of a service.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceOption {
    pub(crate) name: String,
    /// The NAMEs of `KEY.NAME`.
    #[serde(default)]
    pub(crate) names: Vec<String>,
    /// The parser of what stands behind the `=`.
    pub(crate) value: String,
    #[serde(default)]
    pub(crate) range: Vec<i64>,
    pub(crate) rust: String,
    pub(crate) what: String,
    #[serde(default)]
    pub(crate) words: Vec<String>,
    pub(crate) stage: Option<String>,
    pub(crate) at: When,
    pub(crate) doc: String,
    pub(crate) examples: Vec<String>,
    pub(crate) wrong: Vec<String>,
}

/// When an option takes effect.
#[derive(Copy, Clone, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum When {
    Start,
    Once,
}

/// An event.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) args: Vec<Arg>,
    pub(crate) since: u32,
    pub(crate) doc: String,
    /// What a connection without full rights hears of it.
    pub(crate) told: Option<String>,
    pub(crate) forms: Vec<Form>,
}

/// A form that an event takes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    pub(crate) fields: Vec<String>,
    pub(crate) doc: String,
}

/// Something that can be known of a run of a service: a key of `service.run`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fact {
    pub(crate) name: String,
    pub(crate) kind: FactKind,
    /// What a number counts.
    pub(crate) unit: Option<String>,
    /// Values that a word may have; others are signals.
    #[serde(default)]
    pub(crate) words: Vec<String>,
    /// Only the first report after the end has it.
    #[serde(default)]
    pub(crate) once: bool,
    pub(crate) doc: String,
}

/// What the value of a fact is.
#[derive(Copy, Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FactKind {
    Moment,
    Seconds,
    Number,
    Flag,
    Word,
    Failure,
}

/// A text with which a command can be refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ErrorText {
    pub(crate) name: String,
    pub(crate) text: String,
    #[serde(default)]
    pub(crate) bare: bool,
    /// The kinds of the fields that it is about.
    pub(crate) about: Option<Vec<String>>,
    pub(crate) doc: String,
    /// What a person can do about it, where the text and `doc` do not say it.
    pub(crate) remedy: Option<String>,
}

/// An argument, written `NAME:kind(CONTEXT)?`.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Arg {
    pub(crate) name: String,
    pub(crate) kind: String,
    /// The earlier argument that decides what is allowed here.
    pub(crate) context: Option<String>,
    pub(crate) presence: Presence,
}

/// Whether and how often an argument occurs.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(crate) enum Presence {
    Required,
    Optional,
    Repeated,
    RepeatedAtLeastOnce,
}

/// A piece of an error text.
pub(crate) enum Piece<'a> {
    Text(&'a str),
    Hole(&'a str),
}

impl Grammar {
    /// Reads the grammar, and refuses one that contradicts itself.
    pub(crate) fn read(text: &str) -> Result<Self> {
        let grammar: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        grammar.check()?;
        Ok(grammar)
    }

    /// The kind of an argument.
    pub(crate) fn kind(&self, arg: &Arg) -> Result<&Kind> {
        let found = self.kinds.iter().find(|kind| kind.name == arg.kind);
        found.ok_or_else(|| format!("{}: there is no kind `{}`", arg.name, arg.kind))
    }

    /// The entry of an error text, which is given with placeholders or with what stands for them.
    pub(crate) fn error(&self, text: &str) -> Result<&ErrorText> {
        let exact = self.errors.iter().find(|error| error.text == text);
        exact
            .or_else(|| self.errors.iter().find(|error| error.matches(text)))
            .ok_or_else(|| format!("there is no [[error]] with the text `{text}`"))
    }

    /// Every error with which a command can be refused, in the order of the grammar.
    pub(crate) fn errors_of(&self, command: &Command) -> Result<Vec<&ErrorText>> {
        let mut texts: Vec<&str> = command.errors.iter().map(String::as_str).collect();
        texts.extend(command.faults.iter().map(|fault| fault.error.as_str()));
        for arg in &command.args {
            let kind = self.kind(arg)?;
            if arg.is_needed() {
                texts.extend(kind.missing.as_deref());
            }
            texts.extend(kind.wrong.values().map(String::as_str));
        }
        let mut names = BTreeSet::new();
        for text in texts {
            names.insert(self.error(text)?.name.as_str());
        }
        if !command.takes_all() {
            names.insert(&self.surplus(command)?.name);
        }
        Ok(self.errors.iter().filter(|error| names.contains(error.name.as_str())).collect())
    }

    /// The answer to an extra field.
    pub(crate) fn surplus(&self, command: &Command) -> Result<&ErrorText> {
        self.error(command.surplus.as_deref().unwrap_or("unexpected argument \"{argument}\""))
    }

    /// The rules that a TOML parser does not check.
    fn check(&self) -> Result<()> {
        unique("kind", self.kinds.iter().map(|kind| &kind.name))?;
        unique("command", self.commands.iter().map(|command| &command.name))?;
        unique("option", self.options.iter().map(|option| &option.name))?;
        unique("event", self.events.iter().map(|event| &event.name))?;
        unique("fact", self.facts.iter().map(|fact| &fact.name))?;
        unique("error", self.errors.iter().map(|error| &error.name))?;
        unique("error text", self.errors.iter().map(|error| &error.text))?;
        for kind in &self.kinds {
            self.check_kind(kind).map_err(|error| format!("kind {}: {error}", kind.name))?;
        }
        for command in &self.commands {
            self.check_command(command)
                .map_err(|error| format!("command {}: {error}", command.name))?;
        }
        for option in &self.options {
            option.check().map_err(|error| format!("option {}: {error}", option.name))?;
        }
        for event in &self.events {
            self.check_args(&event.args)
                .and_then(|()| event.check_told())
                .map_err(|error| format!("event {}: {error}", event.name))?;
        }
        for error in &self.errors {
            self.check_error(error).map_err(|wrong| format!("error {}: {wrong}", error.name))?;
        }
        self.check_errors_are_used()
    }

    fn check_kind(&self, kind: &Kind) -> Result<()> {
        let answers = kind.missing.iter().chain(&kind.refused).chain(&kind.outside);
        for text in answers.chain(kind.wrong.values()) {
            self.error(text)?;
        }
        if kind.range.is_empty() == kind.outside.is_some() || kind.range.len() > 2 {
            return Err("`range` and `outside` belong together".to_owned());
        }
        let in_commands = self
            .commands
            .iter()
            .any(|command| command.args.iter().any(|arg| arg.kind == kind.name));
        if in_commands && kind.refused.is_none() && kind.name != "line" {
            return Err("`refused` is needed: what is the answer to another field?".to_owned());
        }
        Ok(())
    }

    /// A refusal that comes after parsing has to say which field of the line it is about.
    fn check_error(&self, error: &ErrorText) -> Result<()> {
        for kind in error.about.iter().flatten() {
            if !self.kinds.iter().any(|known| known.name == *kind) {
                return Err(format!("there is no kind `{kind}`"));
            }
        }
        let answers = self.commands.iter().any(|command| command.errors.contains(&error.text));
        if answers && error.about.is_none() {
            return Err("`about` is needed, since it is an answer to a well-formed line".to_owned());
        }
        Ok(())
    }

    fn check_command(&self, command: &Command) -> Result<()> {
        self.check_args(&command.args)?;
        self.errors_of(command)?;
        for rights in command.rights.iter().chain(command.rights_with.values()) {
            if !["watch", "operate", "full"].contains(&rights.as_str()) {
                return Err(format!("there are no rights `{rights}`"));
            }
        }
        for name in command.rights_with.keys() {
            let arg = command.args.iter().find(|arg| arg.name == *name);
            if arg.is_none_or(|arg| arg.presence != Presence::Optional) {
                return Err(format!("`rights_with` needs an optional argument {name}"));
            }
        }
        for event in &command.events {
            if !self.events.iter().any(|known| known.name == *event) {
                return Err(format!("there is no event `{event}`"));
            }
        }
        for arg in command.args.iter().filter(|arg| arg.is_needed()) {
            if self.kind(arg)?.missing.is_none() {
                return Err(format!(
                    "kind {}: `missing` is needed, since {} is",
                    arg.kind, arg.name
                ));
            }
        }
        let Some(full) = command.full_example() else {
            return Err("there is no example".to_owned());
        };
        if full.len() < command.args.len() {
            return Err("no example uses every argument".to_owned());
        }
        Ok(())
    }

    fn check_args(&self, args: &[Arg]) -> Result<()> {
        for (index, arg) in args.iter().enumerate() {
            self.kind(arg)?;
            if arg.is_list() && index + 1 < args.len() {
                return Err(format!("{} takes the rest of the line and must stand last", arg.name));
            }
            if let Some(context) = &arg.context
                && !args[..index].iter().any(|earlier| earlier.name == *context)
            {
                return Err(format!(
                    "{} depends on {context}, which does not stand before it",
                    arg.name
                ));
            }
        }
        Ok(())
    }

    fn check_errors_are_used(&self) -> Result<()> {
        let mut used: BTreeSet<&str> = self
            .errors
            .iter()
            .filter(|error| error.bare)
            .map(|error| error.name.as_str())
            .collect();
        // Control characters are refused in every field, and never shown in an example.
        used.extend(["InvalidPath", "InvalidExecArgs"]);
        // Tags stand in front of every command.
        used.extend(["InvalidTag", "ExpectedCommand", "NestedTag"]);
        for command in &self.commands {
            used.extend(self.errors_of(command)?.iter().map(|error| error.name.as_str()));
        }
        match self.errors.iter().find(|error| !used.contains(error.name.as_str())) {
            Some(error) => Err(format!("error {}: no command uses it", error.name)),
            None => Ok(()),
        }
    }
}

impl Fact {
    /// How its value is shown in documents: `MOMENT`, `kB`; `None` for a flag.
    pub(crate) fn shown(&self) -> Option<String> {
        let text = match self.kind {
            FactKind::Flag => return None,
            FactKind::Failure => "STAGE:ERRNO",
            FactKind::Moment => "MOMENT",
            FactKind::Seconds => "SECONDS",
            FactKind::Number => self.unit.as_deref().unwrap_or("NUMBER"),
            FactKind::Word if self.words.is_empty() => "SIGNAL",
            FactKind::Word => return Some(self.words.join("|") + "|SIGNAL"),
        };
        Some(text.to_owned())
    }

    /// The fact with a value in its place, for documents.
    pub(crate) fn usage(&self) -> String {
        self.shown().map_or_else(|| self.name.clone(), |value| format!("{}={value}", self.name))
    }

    /// What a person must know about it.
    pub(crate) fn full_doc(&self) -> String {
        let once = " Told once, with the end of the run.";
        format!("{}{}", self.doc, if self.once { once } else { "" })
    }
}

impl ServiceOption {
    /// How it is shown to people, without its value.
    pub(crate) fn key(&self) -> String {
        if self.names.is_empty() { self.name.clone() } else { format!("{}.NAME", self.name) }
    }

    /// What a person must know about it, in one piece.
    pub(crate) fn full_doc(&self) -> String {
        let mut doc = self.doc.clone();
        if !self.names.is_empty() {
            doc += &format!(" NAME is one of `{}`.", self.names.join(" "));
        }
        if self.at == When::Once {
            doc += " Takes effect at once.";
        }
        doc
    }

    fn check(&self) -> Result<()> {
        if self.examples.is_empty() || self.wrong.is_empty() {
            return Err("it needs an example, and one of what is refused".to_owned());
        }
        if self.at == When::Start && self.stage.is_none() {
            return Err("`stage` is needed: which step of a start is it?".to_owned());
        }
        match self.examples.iter().chain(&self.wrong).find(|text| !text.starts_with(&self.name)) {
            Some(text) => Err(format!("`{text}` is not about it")),
            None => Ok(()),
        }
    }
}

impl Event {
    /// Whether a line that is only its name is somebody's echo, as it has always been: the name is
    /// an ordinary word that protocol 1 does not know.
    pub(crate) fn needs_fields(&self) -> bool {
        self.since > 1 && !self.name.contains('.') && !self.args.is_empty()
    }
}

impl Event {
    fn check_told(&self) -> Result<()> {
        let about_a_service = self.args.first().is_some_and(|arg| arg.kind == "service");
        match self.told.as_deref() {
            None | Some("asked") => Ok(()),
            Some("service") if about_a_service => Ok(()),
            Some("service") => Err("its first field is no service".to_owned()),
            Some(told) => Err(format!("`told` cannot be `{told}`")),
        }
    }
}

impl Command {
    /// The rights that a connection needs to send it.
    pub(crate) fn rights(&self) -> &str {
        self.rights.as_deref().unwrap_or("full")
    }

    /// The function that checks several fields at once, and the arguments that it takes.
    pub(crate) fn check(&self) -> Option<(&str, Vec<&str>)> {
        let (function, args) = self.check.as_deref()?.strip_suffix(')')?.split_once('(')?;
        Some((function, args.split(", ").collect()))
    }

    /// The example that uses every argument.
    pub(crate) fn full_example(&self) -> Option<&Vec<String>> {
        // The first of the longest: `max_by_key` would take the last.
        self.examples.iter().rev().max_by_key(|example| example.len())
    }

    /// Whether there can be no extra field.
    pub(crate) fn takes_all(&self) -> bool {
        takes_all(&self.args)
    }
}

/// Whether the last argument takes the rest of the line.
pub(crate) fn takes_all(args: &[Arg]) -> bool {
    args.last().is_some_and(Arg::is_list)
}

impl Arg {
    /// Whether it takes the rest of the line.
    pub(crate) fn is_list(&self) -> bool {
        matches!(self.presence, Presence::Repeated | Presence::RepeatedAtLeastOnce)
            || matches!(self.kind.as_str(), "line" | "text" | "error_text")
    }

    /// Whether a line without it is refused.
    pub(crate) fn is_needed(&self) -> bool {
        matches!(self.presence, Presence::Required | Presence::RepeatedAtLeastOnce)
    }

    /// How it is shown to people: `[NAME]`, `NAME...`.
    pub(crate) fn shown(&self) -> String {
        match self.presence {
            Presence::Required => self.name.clone(),
            Presence::Optional => format!("[{}]", self.name),
            Presence::Repeated => format!("[{}]...", self.singular()),
            Presence::RepeatedAtLeastOnce => format!("{}...", self.singular()),
        }
    }

    fn singular(&self) -> &str {
        self.name.strip_suffix('S').unwrap_or(&self.name)
    }
}

impl TryFrom<String> for Arg {
    type Error = String;

    fn try_from(text: String) -> Result<Self> {
        let (name, kind) =
            text.split_once(':').ok_or_else(|| format!("`{text}` should be written NAME:kind"))?;
        let (kind, presence) = match kind.char_indices().next_back() {
            Some((at, '?')) => (&kind[..at], Presence::Optional),
            Some((at, '*')) => (&kind[..at], Presence::Repeated),
            Some((at, '+')) => (&kind[..at], Presence::RepeatedAtLeastOnce),
            _ => (kind, Presence::Required),
        };
        let (kind, context) = match kind.strip_suffix(')').and_then(|kind| kind.split_once('(')) {
            Some((kind, context)) => (kind, Some(context.to_owned())),
            None => (kind, None),
        };
        Ok(Self { name: name.to_owned(), kind: kind.to_owned(), context, presence })
    }
}

impl ErrorText {
    /// The text, split into what is fixed and what is not.
    pub(crate) fn pieces(&self) -> Vec<Piece<'_>> {
        let mut pieces = Vec::new();
        let mut rest = self.text.as_str();
        while let Some((text, behind)) = rest.split_once('{') {
            let (hole, behind) = behind.split_once('}').unwrap_or((behind, ""));
            if !text.is_empty() {
                pieces.push(Piece::Text(text));
            }
            pieces.push(Piece::Hole(hole));
            rest = behind;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest));
        }
        pieces
    }

    /// Whether this is the text with something in the place of each placeholder.
    fn matches(&self, text: &str) -> bool {
        let mut rest = text;
        let mut in_hole = false;
        for piece in self.pieces() {
            match piece {
                Piece::Hole(_) => in_hole = true,
                Piece::Text(fixed) if in_hole => match rest.find(fixed) {
                    Some(at) => (rest, in_hole) = (&rest[at + fixed.len()..], false),
                    None => return false,
                },
                Piece::Text(fixed) => match rest.strip_prefix(fixed) {
                    Some(behind) => rest = behind,
                    None => return false,
                },
            }
        }
        in_hole || rest.is_empty()
    }
}

fn unique<'a>(what: &str, names: impl Iterator<Item = &'a String>) -> Result<()> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(format!("there are two entries for {what} `{name}`"));
        }
    }
    Ok(())
}
