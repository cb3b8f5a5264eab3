//! Command lines of units: words with quotes, escapes, specifiers and variables.

use crate::import::for_shell;

/// What the name of a unit stands for.
#[derive(Clone, Debug)]
pub(super) struct Name {
    /// `foo@bar` of `foo@bar.service`.
    pub(super) whole: String,
}

/// A part of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    /// A variable; `true`: its words are several.
    Variable(String, bool),
}

/// A command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Command {
    words: Vec<Vec<Part>>,
    /// `-` in front: it may fail.
    pub(super) may_fail: bool,
    /// Other characters in front.
    pub(super) prefix: String,
}

impl Name {
    fn instance(&self) -> &str {
        self.whole.split_once('@').map_or("", |it| it.1)
    }

    /// A text with what `%…` stands for, and what nobody knows here.
    pub(super) fn fill(&self, text: &str, user: &str) -> (String, Vec<String>) {
        let (mut out, mut missing) = (String::new(), Vec::new());
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            if c != '%' {
                out.push(c);
                continue;
            }
            let home = if user == "root" { "/root".to_owned() } else { format!("/home/{user}") };
            let Some(specifier) = chars.next() else {
                out.push('%');
                break;
            };
            match specifier {
                '%' => out.push('%'),
                'n' => out.push_str(&format!("{}.service", self.whole)),
                'N' => out.push_str(&self.whole),
                'p' | 'P' => out.push_str(self.whole.split('@').next().unwrap_or_default()),
                'i' | 'I' if !self.instance().is_empty() => out.push_str(self.instance()),
                't' => out.push_str("/run"),
                'S' => out.push_str("/var/lib"),
                'C' => out.push_str("/var/cache"),
                'L' => out.push_str("/var/log"),
                'E' => out.push_str("/etc"),
                'T' => out.push_str("/tmp"),
                'V' => out.push_str("/var/tmp"),
                'u' => out.push_str(user),
                'h' => out.push_str(&home),
                other => {
                    out.extend(['%', other]);
                    missing.push(format!("write what %{other} stands for"));
                }
            }
        }
        (out, missing)
    }
}

impl Command {
    /// Several, if `;` stands between them.
    pub(super) fn read(line: &str) -> Option<Vec<Self>> {
        let mut all = Vec::new();
        let mut rest = line.trim();
        while !rest.is_empty() {
            let mut command = Self::default();
            let begin = rest.trim_start_matches(['@', '-', ':', '+', '!', '|']);
            command.prefix = rest[..rest.len() - begin.len()].to_owned();
            command.may_fail = command.prefix.contains('-');
            let expands = !command.prefix.contains(':');
            command.prefix.retain(|c| !matches!(c, '-' | ':'));
            rest = begin.trim_start();
            while !rest.is_empty() {
                let (word, is_quoted, after) = word(rest, expands)?;
                rest = after.trim_start();
                if !is_quoted && word == [Part::Text(";".into())] {
                    break;
                }
                command.words.push(word);
            }
            if command.prefix.contains('@') && command.words.len() > 1 {
                // What is called by another name has it as its first argument.
                command.words.remove(1);
            }
            if !command.words.is_empty() {
                all.push(command);
            }
        }
        Some(all)
    }

    /// The words, if there is no variable in them.
    pub(super) fn plain(&self) -> Option<Vec<String>> {
        let word = |parts: &Vec<Part>| {
            let texts = parts.iter().map(|part| match part {
                Part::Text(text) => Some(text.clone()),
                Part::Variable(..) => None,
            });
            texts.collect::<Option<String>>()
        };
        self.words.iter().map(word).collect()
    }

    /// For a shell.
    pub(super) fn for_shell(&self) -> String {
        let word = |parts: &Vec<Part>| match &parts[..] {
            [Part::Variable(name, true)] => format!("${name}"),
            parts if parts.iter().all(|it| matches!(it, Part::Text(_))) => {
                let texts = parts.iter().map(|it| match it {
                    Part::Text(text) => &**text,
                    Part::Variable(..) => "",
                });
                for_shell(&texts.collect::<String>())
            }
            parts => {
                let inner = parts.iter().map(|part| match part {
                    Part::Text(text) => text.chars().fold(String::new(), |mut out, c| {
                        if matches!(c, '"' | '\\' | '$' | '`') {
                            out.push('\\');
                        }
                        out.push(c);
                        out
                    }),
                    Part::Variable(name, _) => format!("${{{name}}}"),
                });
                format!("\"{}\"", inner.collect::<String>())
            }
        };
        self.words.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    /// Every text in it, changed.
    pub(super) fn map(mut self, mut change: impl FnMut(&str) -> String) -> Self {
        for part in self.words.iter_mut().flatten() {
            if let Part::Text(text) = part {
                *text = change(text);
            }
        }
        self
    }

    /// The signal, if all it does is to send one to the main process.
    pub(super) fn signal(&self) -> Option<String> {
        let line = self.for_shell();
        let words: Vec<&str> = line.split(' ').collect();
        let is_kill = matches!(words.first(), Some(&("/bin/kill" | "/usr/bin/kill" | "kill")));
        let is_main = |word: &&str| matches!(*word, "$MAINPID" | "\"${MAINPID}\"");
        if !is_kill || !words.last().is_some_and(is_main) {
            return None;
        }
        let signal = match words.get(1..words.len() - 1)? {
            [] => "TERM",
            ["-s" | "--signal" | "-n", signal] => signal,
            [one] => one.strip_prefix("--signal=").or(one.strip_prefix('-'))?,
            _ => return None,
        };
        let signal = signal.strip_prefix("SIG").unwrap_or(signal).to_owned();
        daemonproxy_protocol::Signal::parse(signal.as_bytes()).map(|_| signal)
    }
}

/// The first word of a line, whether there are quotes in it, and the rest.
fn word(line: &str, expands: bool) -> Option<(Vec<Part>, bool, &str)> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let (mut quote, mut is_quoted) = (None, false);
    let mut chars = line.char_indices().peekable();
    let mut end = line.len();
    while let Some((at, c)) = chars.next() {
        match c {
            c if quote == Some(c) => quote = None,
            '"' | '\'' if quote.is_none() => {
                quote = Some(c);
                is_quoted = true;
            }
            '\\' => {
                let (_, c) = chars.next()?;
                match c {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    'r' => text.push('\r'),
                    's' => text.push(' '),
                    'x' => {
                        let digits: String = [chars.next()?.1, chars.next()?.1].iter().collect();
                        let byte = u8::from_str_radix(&digits, 16).ok()?;
                        text.push(char::from(byte));
                    }
                    '"' | '\'' | '\\' | ' ' | ';' => {
                        text.push(c);
                        is_quoted = true;
                    }
                    other => text.extend(['\\', other]),
                }
            }
            '$' if expands => {
                let rest = &line[at + 1..];
                if rest.starts_with('$') {
                    chars.next();
                    text.push('$');
                    continue;
                }
                let braced = rest.strip_prefix('{').and_then(|it| it.split_once('}'));
                let is = |c: char| c.is_ascii_alphanumeric() || c == '_';
                let (name, length, several) = match braced {
                    Some((name, _)) => (name, name.len() + 2, false),
                    None => {
                        let length = rest.find(|c| !is(c)).unwrap_or(rest.len());
                        (&rest[..length], length, true)
                    }
                };
                if name.is_empty() || !name.chars().all(is) {
                    text.push('$');
                    continue;
                }
                if !text.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut text)));
                }
                let is_word = parts.is_empty() && quote.is_none();
                let ends = rest[length..].chars().next().is_none_or(char::is_whitespace);
                parts.push(Part::Variable(name.to_owned(), several && is_word && ends));
                (0..length).for_each(|_| {
                    chars.next();
                });
            }
            c if c.is_whitespace() && quote.is_none() => {
                end = at;
                break;
            }
            c => text.push(c),
        }
    }
    if quote.is_some() {
        return None;
    }
    if !text.is_empty() || parts.is_empty() {
        parts.push(Part::Text(text));
    }
    Some((parts, is_quoted, &line[end..]))
}

/// Words with quotes, without variables: `Environment` and the like.
pub(super) fn words(line: &str) -> Option<Vec<String>> {
    let mut all = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let (parts, _, after) = word(rest, false)?;
        all.extend(parts.into_iter().map(|part| match part {
            Part::Text(text) | Part::Variable(text, _) => text,
        }));
        rest = after.trim_start();
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(line: &str) -> Command {
        Command::read(line).unwrap().remove(0)
    }

    #[test]
    fn words_are_those_of_systemd() {
        let plain = |line| one(line).plain();
        assert_eq!(
            plain(r#"/bin/a  "b c" 'd"e' f\x20g $$h"#).unwrap(),
            ["/bin/a", "b c", "d\"e", "f g", "$h"]
        );
        assert_eq!(plain("/bin/a ''").unwrap(), ["/bin/a", ""]);
        assert_eq!(plain("@/bin/a b c").unwrap(), ["/bin/a", "c"]);
        assert_eq!(plain(":/bin/a $b").unwrap(), ["/bin/a", "$b"]);
        assert_eq!(plain("/bin/a $b"), None);
        assert!(one("-/bin/a").may_fail && Command::read("/bin/a 'b").is_none());
        assert_eq!(Command::read("-"), Some(Vec::new()));
        let two = Command::read("/bin/a ; /bin/b \\;").unwrap();
        assert_eq!(two[1].plain().unwrap(), ["/bin/b", ";"]);
    }

    #[test]
    fn variables_are_for_a_shell() {
        let shell = |line| one(line).for_shell();
        assert_eq!(
            shell("/bin/a $B ${C} -x${D} \"it's $E\""),
            "/bin/a $B \"${C}\" \"-x${D}\" \"it's ${E}\""
        );
        assert_eq!(shell("/bin/a 'b c'"), "/bin/a 'b c'");
    }

    #[test]
    fn signals_are_seen() {
        for line in
            ["/bin/kill -HUP $MAINPID", "kill -s HUP $MAINPID", "/bin/kill -s SIGHUP ${MAINPID}"]
        {
            assert_eq!(one(line).signal().as_deref(), Some("HUP"), "{line}");
        }
        assert_eq!(one("/bin/kill -x $MAINPID").signal(), None);
        assert_eq!(one("/usr/sbin/nginx -s quit").signal(), None);
    }

    #[test]
    fn specifiers_are_filled_in() {
        let name = Name { whole: "a@b".into() };
        assert_eq!(
            name.fill("%n %N %p %i %t/%% %u %h", "root").0,
            "a@b.service a@b a b /run/% root /root"
        );
        assert_eq!(name.fill("%H", "x"), ("%H".into(), vec!["write what %H stands for".into()]));
    }
}
