//! What is wrong with a single line.

use daemonproxy_client::protocol::tables::{COMMANDS, CommandInfo};
use daemonproxy_client::protocol::{Command, Hint, Invisible, Refusal};

use super::{Finding, tabs, trigger};
use crate::accounts::missing;
use crate::failure::with_rule;
use crate::style::readable;

/// The command on this line, or why it is not one.
pub(super) fn examine(number: usize, line: &[u8]) -> Result<Command<'_>, Finding> {
    let refusal = match Command::parse(line) {
        Ok(command) => return Ok(command),
        Err(refusal) => refusal,
    };
    let mut space = Vec::new();
    if let Some(hint) = Hint::find(line, &mut space) {
        let finding = Finding::error(number, hint.to_string());
        return Err(match hint {
            Hint::CarriageReturn => finding.instead(shown(&line[..line.len() - 1])),
            Hint::Invisible(_) => finding.instead(shown_without(line)),
            Hint::Indented { .. } => finding.instead(shown(line.trim_ascii_start())),
            Hint::Spaces { better } => finding.instead(shown(better)),
        });
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
    if refusal == Refusal::UnableToSetTriggers
        && let Some((text, better)) = trigger::fault(line)
    {
        let finding = Finding::error(number, text);
        return Err(match better {
            Some(better) => finding.instead(shown(&better)),
            None => finding,
        });
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
    if let Some(found) = Invisible::find(line) {
        let finding = Finding::warning(number, Hint::Invisible(found).to_string());
        return Some(finding.instead(shown_without(line)));
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

/// The users and groups of a command that do not exist here; the file may be meant for another
/// machine.
pub(super) fn accounts(number: usize, command: &Command<'_>) -> Vec<Finding> {
    let options = match *command {
        Command::ServiceOptions { options, .. } => options,
        Command::ServiceOptionsApply { changes, .. } => changes,
        _ => return Vec::new(),
    };
    let all = missing(options.iter()).into_iter();
    all.map(|what| Finding::warning(number, format!("there is no {what} on this machine")))
        .collect()
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

/// The line without what cannot be seen; what looks like a space is one.
fn shown_without(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let visible = text.chars().filter_map(|character| match character {
        '\t' => Some(character),
        _ if character.is_whitespace() => Some(' '),
        '\u{fffd}' => None,
        _ => Invisible::find(character.encode_utf8(&mut [0; 4]).as_bytes())
            .is_none()
            .then_some(character),
    });
    shown(visible.collect::<String>().as_bytes())
}
