//! What is wrong with a single line.

use daemonproxy_client::protocol::tables::{COMMANDS, CommandInfo};
use daemonproxy_client::protocol::{Command, Refusal};

use super::{Finding, tabs};
use crate::failure::with_rule;
use crate::style::readable;

/// The command on this line, or why it is not one.
pub(super) fn examine(number: usize, line: &[u8]) -> Result<Command<'_>, Finding> {
    let refusal = match Command::parse(line) {
        Ok(command) => return Ok(command),
        Err(refusal) => refusal,
    };
    if line.ends_with(b"\r") {
        let finding = Finding::error(number, "the line ends in CR LF; LF alone ends a line");
        return Err(finding.instead(shown(&line[..line.len() - 1])));
    }
    if line[0] == b' ' || line[0] == b'\t' {
        let text = if line.trim_ascii_start().starts_with(b"#") {
            "a comment begins in the first column"
        } else {
            "a command begins in the first column"
        };
        return Err(Finding::error(number, text).instead(shown(line.trim_ascii_start())));
    }
    if let Some(better) = with_tabs(line) {
        let finding = Finding::error(number, "there are spaces where TABs belong");
        return Err(finding.instead(shown(&better)));
    }
    if let Refusal::UnknownCommand { name } = refusal {
        let finding = Finding::error(number, format!("there is no command {}", readable(name)));
        return Err(match nearest(name) {
            Some(known) => {
                let rest = &line[name.len()..];
                finding.instead(shown(&[known.as_bytes(), rest].concat()))
            }
            None => finding,
        });
    }
    if let Some((text, better)) = tabs::surplus(line)
        && Command::parse(&better).is_ok()
    {
        return Err(Finding::error(number, text).instead(shown(&better)));
    }
    let text = refusal.to_string();
    let rule = daemonproxy_client::rule(&text);
    let finding = Finding::error(number, with_rule(text, rule));
    let name = line.split(|&byte| byte == b'\t').next().unwrap_or_default();
    let info = COMMANDS.iter().find(|info| info.name.as_str().as_bytes() == name);
    Err(match info {
        Some(info) => finding.instead(form(info, "<TAB>")),
        None => finding,
    })
}

/// What the daemon accepts, but hardly as it was meant.
pub(super) fn oddities(number: usize, line: &[u8]) -> Option<Finding> {
    let command = Command::parse(line).ok()?;
    if let Some((text, better)) = tabs::surplus(line) {
        return Some(Finding::warning(number, text).instead(shown(&better)));
    }
    let Command::ServiceArgs { args, .. } = command else { return None };
    let program = args.iter().next()?;
    if !program.contains(&b' ') {
        return None;
    }
    let better: Vec<_> = line.iter().map(|&byte| if byte == b' ' { b'\t' } else { byte }).collect();
    let text = format!("the name of the program has spaces in it: \"{}\"", readable(program));
    Some(Finding::warning(number, text).instead(shown(&better)))
}

/// The line with TABs in place of its spaces, if that makes it a command. A run of spaces becomes
/// one TAB.
fn with_tabs(line: &[u8]) -> Option<Vec<u8>> {
    if !line.contains(&b' ') {
        return None;
    }
    let words = line.split(|&byte| byte == b' ' || byte == b'\t').filter(|word| !word.is_empty());
    let better = words.collect::<Vec<_>>().join(&b'\t');
    Command::parse(&better).is_ok().then_some(better)
}

/// The known command that a misspelt one is nearest to.
fn nearest(name: &[u8]) -> Option<&'static str> {
    let known = COMMANDS.iter().map(|info| info.name.as_str());
    let (distance, nearest) = known.map(|known| (distance(name, known.as_bytes()), known)).min()?;
    (distance <= 3 && distance < name.len()).then_some(nearest)
}

/// How many bytes must be changed, added or removed to turn one into the other (Levenshtein).
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

/// The form of a command, such as `service.start NAME [AT]`.
pub(crate) fn form(info: &CommandInfo, separator: &str) -> String {
    let args = info.args.iter().map(|arg| arg.shown.to_owned());
    let words: Vec<_> = std::iter::once(info.name.as_str().to_owned()).chain(args).collect();
    words.join(separator)
}

fn shown(line: &[u8]) -> String {
    let fields: Vec<_> = line.split(|&byte| byte == b'\t').map(readable).collect();
    fields.join("<TAB>")
}
