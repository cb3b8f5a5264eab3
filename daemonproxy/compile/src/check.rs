//! The first look at a file: is every key one of the table, and every value what its key wants?
//!
//! Whoever reads values afterwards takes what has the right type, and leaves the rest out: it was
//! complained about here.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use daemonproxy_protocol::{Name, Signal};

use crate::hints::{self, elsewhere, near_elsewhere, nearest};
use crate::keys::{self, Key, Kind, SERVICE};
use crate::option;
use crate::problem::{Place, Problem};
use crate::value;

/// Where keys stand.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Scope {
    Top,
    Service,
    Defaults,
    Inner,
}

/// Looks at one file.
pub(crate) struct Checker<'p> {
    pub(crate) file: usize,
    pub(crate) problems: &'p mut Vec<Problem>,
}

impl Checker<'_> {
    /// The whole of it.
    pub(crate) fn whole(&mut self, tree: &DeTable<'_>) {
        self.table(tree, keys::FILE, Scope::Top, "at the top of the file");
        if self.file > 0
            && let Some((key, _)) = tree.get_key_value("include")
        {
            let message = "an included file includes no others";
            let problem = Problem::error(self.place(key), message);
            self.problems.push(problem.help("name them in the file that includes this one"));
        }
    }

    fn place<T>(&self, spanned: &Spanned<T>) -> Place {
        Place { file: self.file, span: spanned.span() }
    }

    fn table(&mut self, table: &DeTable<'_>, keys: &'static [Key], scope: Scope, inside: &str) {
        for (key, value) in table {
            let name: &str = key.get_ref();
            if let Some(known) = keys::find(keys, name) {
                if scope == Scope::Defaults && !known.in_defaults {
                    let message = format!("`{name}` is of one service, and cannot be a default");
                    self.problems.push(Problem::error(self.place(key), message));
                }
                let is_off = scope == Scope::Service && value.get_ref().as_bool() == Some(false);
                if !is_off || !known.can_be_off() {
                    self.value(value, known.kind, name);
                }
                continue;
            }
            let is_service = matches!(scope, Scope::Service | Scope::Defaults);
            match option::find(name).filter(|_| is_service) {
                // `ready = "health"` is not one of the daemon.
                Some(_) if name == "ready" && value.get_ref().as_str() == Some("health") => {}
                Some(info) => {
                    if let Err(text) = option::text(info, value.get_ref()) {
                        let message = format!("`{name}` cannot be this");
                        self.problems.push(Problem::error(self.place(value), message).help(text));
                    }
                }
                None => self.unknown(key, keys, scope, inside),
            }
        }
    }

    fn unknown(
        &mut self,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        keys: &'static [Key],
        scope: Scope,
        inside: &str,
    ) {
        let name: &str = key.get_ref();
        let is_service = matches!(scope, Scope::Service | Scope::Defaults);
        let place = self.place(key);
        if is_service && keys::TO_COME.contains(&name) {
            let message = format!("`{name}` is not supported yet");
            self.problems.push(Problem::error(place, message).label("this version cannot do it"));
            return;
        }
        let message = format!("unknown key `{name}` {inside}");
        let problem = Problem::error(place, message);
        let group = is_service.then(|| option::group_of(name)).flatten();
        let options = option::keys().map(|info| info.name).filter(|_| is_service);
        let known = keys.iter().map(|key| key.name).chain(options);
        let near = nearest(name, known);
        let theirs = match scope {
            Scope::Inner => None,
            _ => elsewhere(name, scope == Scope::Top).or_else(|| {
                // A typo in another tool's word.
                near.is_none().then(|| near_elsewhere(name, scope == Scope::Top))?
            }),
        };
        let is_key_of_service =
            || keys::find(SERVICE, name).is_some() || option::find(name).is_some();
        let help = match (group, theirs, near) {
            (Some(path), ..) => {
                let (group, key) = path.split_once('.').unwrap_or((&path, ""));
                Some(match key {
                    "" => format!("write `{group}`"),
                    key => format!("write `{group} = {{ {key} = … }}`"),
                })
            }
            (_, Some(ours), _) => Some(match ours.strip_prefix("nothing") {
                Some(rest) => format!("it is not needed{rest}"),
                None => format!("here it is `{ours}`"),
            }),
            (_, _, Some(near)) => Some(format!("did you mean `{near}`?")),
            _ if scope == Scope::Top && is_key_of_service() => {
                Some(format!("`{name}` is a key of `[service.NAME]`, or of `[defaults]`"))
            }
            _ if scope == Scope::Inner => {
                let all: Vec<_> = keys.iter().map(|key| key.name).collect();
                Some(format!("the keys are: {}", all.join(", ")))
            }
            _ => None,
        };
        self.problems.push(problem.help_if(help));
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, kind: Kind, name: &str) {
        let it = value.get_ref();
        match kind {
            Kind::Text => {
                self.text(value, name);
            }
            Kind::Lines => self.expect(it.is_str(), value, name, "a text"),
            Kind::TextOrTexts if it.is_array() => self.texts(value, name),
            Kind::TextOrTexts => {
                self.expect(it.is_str(), value, name, "a text, or a list of texts");
            }
            Kind::Texts => self.texts(value, name),
            Kind::Flag => self.expect(it.is_bool(), value, name, "true or false"),
            Kind::FlagWordOrTable(words, keys) => match it.as_table() {
                Some(table) => self.table(table, keys, Scope::Inner, &format!("in `{name}`")),
                None if it.is_bool() => {}
                None => {
                    let table = format!(", or {}", table_of(keys));
                    self.word(value, words, name, ("true, false or ", &table));
                }
            },
            Kind::Size => {
                let what = "a number of bytes, or a text such as \"512K\", \"10M\" or \"1G\"";
                self.expect(value::bytes(it).is_some(), value, name, what);
            }
            Kind::Word(words) => self.word(value, words, name, ("", "")),
            Kind::Number(least, most) => {
                let fits =
                    value::integer(it).is_some_and(|number| (least..=most).contains(&number));
                self.expect(fits, value, name, &format!("a number from {least} to {most}"));
            }
            Kind::Duration(least) => match value::seconds(it) {
                Some(seconds) if (least..=MOST_SECONDS).contains(&seconds) => {}
                Some(_) => {
                    let what = format!("{least} to {MOST_SECONDS} seconds");
                    self.expect(false, value, name, &what);
                }
                None => self.expect(false, value, name, value::DURATION),
            },
            Kind::Patience(_) if it.as_str() == Some("never") => {}
            Kind::Patience(_) if is_short(it) => {}
            Kind::Patience(least) => self.value(value, Kind::Duration(least), name),
            Kind::Factor => {
                let number = match it {
                    DeValue::Float(number) => number.as_str().parse().ok(),
                    other => value::integer(other).map(|it| it as f64),
                };
                let fits = number.is_some_and(|it: f64| (1.0..=1000.0).contains(&it));
                self.expect(fits, value, name, "a number from 1 to 1000");
            }
            Kind::Signal => {
                let is_signal =
                    it.as_str().is_some_and(|it| Signal::parse(it.as_bytes()).is_some());
                self.expect(is_signal, value, name, "the name of a signal, such as \"INT\"");
            }
            Kind::Variables => self.each(
                value,
                name,
                "a table such as { NAME = \"value\" }",
                |this, value, name| {
                    let is = matches!(
                        value.get_ref(),
                        DeValue::String(_)
                            | DeValue::Integer(_)
                            | DeValue::Float(_)
                            | DeValue::Boolean(_)
                    );
                    this.expect(is, value, name, "a text or a number");
                },
            ),
            Kind::TextsByName => self.each(value, name, "a table of texts", |this, value, name| {
                this.text(value, name);
            }),
            Kind::ListsByName => self.each(value, name, "a table of lists", Self::texts),
            Kind::Limits => {
                self.each(value, name, "a table such as { nofile = 1024 }", |this, value, name| {
                    let is_one = |value: &DeValue<'_>| {
                        value::integer(value).is_some_and(|it| it >= 0)
                            || value.as_str() == Some("unlimited")
                    };
                    let it = value.get_ref();
                    let is = match it.as_array() {
                        Some(two) => two.len() == 2 && two.iter().all(|one| is_one(one.get_ref())),
                        None => is_one(it),
                    };
                    this.expect(is, value, name, "a number, \"unlimited\", or [SOFT, HARD]");
                });
            }
            Kind::Table(keys) => match it.as_table() {
                Some(table) => self.table(table, keys, Scope::Inner, &format!("in `{name}`")),
                None => self.expect(false, value, name, &table_of(keys)),
            },
            Kind::WordOrTable(words, keys) => match it.as_table() {
                Some(table) => self.table(table, keys, Scope::Inner, &format!("in `{name}`")),
                None => {
                    let table = format!(", or {}", table_of(keys));
                    self.word(value, words, name, ("", &table));
                }
            },
            Kind::SignalOrTable(keys) => match it.as_table() {
                Some(table) => self.table(table, keys, Scope::Inner, &format!("in `{name}`")),
                None => self.value(value, Kind::Signal, name),
            },
            Kind::TextOrTable(keys) => match it.as_table() {
                Some(table) => self.table(table, keys, Scope::Inner, &format!("in `{name}`")),
                None => {
                    self.text(value, name);
                }
            },
            Kind::Services => {
                self.each(value, name, "tables [service.NAME]", |this, value, name| {
                    match value.get_ref().as_table() {
                        Some(table) => {
                            let inside = format!("in [service.{name}]");
                            this.table(table, SERVICE, Scope::Service, &inside);
                        }
                        None => this.expect(false, value, name, "a table: [service.NAME]"),
                    }
                });
            }
            Kind::Defaults => match it.as_table() {
                Some(table) => self.table(table, SERVICE, Scope::Defaults, "in [defaults]"),
                None => self.expect(false, value, name, "a table: [defaults]"),
            },
        }
    }

    fn each(
        &mut self,
        value: &Spanned<DeValue<'_>>,
        name: &str,
        what: &str,
        mut one: impl FnMut(&mut Self, &Spanned<DeValue<'_>>, &str),
    ) {
        match value.get_ref().as_table() {
            Some(table) => table.iter().for_each(|(key, value)| one(self, value, key.get_ref())),
            None => self.expect(false, value, name, what),
        }
    }

    /// A text that can stand on a line of the protocol, in the end.
    fn text(&mut self, value: &Spanned<DeValue<'_>>, name: &str) {
        match value.get_ref().as_str() {
            Some(text) if text.bytes().any(|byte| byte < 0x20) => {
                let message = format!("`{name}` cannot contain control characters");
                self.problems.push(Problem::error(self.place(value), message));
            }
            Some(_) => {}
            None => self.expect(false, value, name, "a text"),
        }
    }

    fn texts(&mut self, value: &Spanned<DeValue<'_>>, name: &str) {
        match value.get_ref().as_array() {
            Some(all) => {
                for one in all {
                    self.expect(one.get_ref().is_str(), one, name, "a list of texts");
                }
            }
            None => {
                let help = value.get_ref().as_str().map(|text| format!("write [{text:?}]"));
                self.wrong(value, name, "a list of texts", help);
            }
        }
    }

    fn word(
        &mut self,
        value: &Spanned<DeValue<'_>>,
        words: &[&str],
        name: &str,
        (before, after): (&str, &str),
    ) {
        let text = match value.get_ref() {
            DeValue::Boolean(flag) => flag.to_string(),
            other => other.as_str().unwrap_or_default().to_owned(),
        };
        if value.get_ref().is_str() && words.contains(&&*text) {
            return;
        }
        let theirs = hints::WORDS.iter().find(|(theirs, _)| *theirs == text).map(|it| it.1);
        let meant = theirs.filter(|ours| words.contains(ours));
        let meant = meant.or_else(|| nearest(&text, words.iter().copied()));
        let help = meant.map(|word| format!("write {word:?}"));
        let words: Vec<_> = words.iter().map(|word| format!("{word:?}")).collect();
        self.wrong(value, name, &format!("{before}{}{after}", alternatives(&words)), help);
    }

    fn expect(&mut self, holds: bool, value: &Spanned<DeValue<'_>>, name: &str, what: &str) {
        if !holds {
            self.wrong(value, name, what, None);
        }
    }

    fn wrong(
        &mut self,
        value: &Spanned<DeValue<'_>>,
        name: &str,
        what: &str,
        help: Option<String>,
    ) {
        let found = match value.get_ref() {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a number",
            DeValue::Float(_) => "a number with a point",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or a time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        let message = format!("`{name}` must be {what}");
        let problem = Problem::error(self.place(value), message);
        // Of what has the right type, only the value is wrong.
        let is_one = |word: &str| what.contains(word);
        let is_type = match value.get_ref() {
            DeValue::String(_) => {
                is_one("a text") || is_one("name") || is_one("\"") && !what.starts_with("a table")
            }
            DeValue::Integer(_) => is_one("a number") || is_one("seconds"),
            _ => false,
        };
        let label = if is_type { String::new() } else { format!("this is {found}") };
        self.problems.push(problem.label(label).help_if(help));
    }
}

/// The longest time that the protocol can say.
const MOST_SECONDS: i64 = 2_147_483_647;

fn table_of(keys: &[Key]) -> String {
    let one = keys.first().map_or(String::new(), |key| format!("{} = {}", key.name, key.example));
    format!("a table such as {{ {one} }}")
}

fn alternatives(words: &[String]) -> String {
    match words {
        [most @ .., last] if !most.is_empty() => format!("{} or {last}", most.join(", ")),
        other => other.concat(),
    }
}

/// Whether the name can be one of a service or a descriptor.
pub(crate) fn is_name(text: &str) -> bool {
    Name::new(text.as_bytes()).is_some()
}

/// A time with digits after the point, as options can have it.
fn is_short(value: &DeValue<'_>) -> bool {
    let text = value.as_float().map(toml::de::DeFloat::as_str).unwrap_or_default();
    let is_digit = |c: char| c.is_ascii_digit();
    text.split_once('.').is_some_and(|(whole, point)| {
        whole.len() < 9 && whole.chars().chain(point.chars()).all(is_digit) && point.len() <= 9
    })
}
