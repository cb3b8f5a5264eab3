//! Which field of a command is wrong, so that it can be pointed at.
//!
//! What the grammar does not allow is found here, by trying. What only the daemon can find comes
//! back as a text, and the text says which kind of field it is about.

use daemonproxy_client::protocol::{Command, Refusal, Tagged, is_unsafe, tables};

use super::candidates::argument;
use crate::quoting::Word;
use crate::style::{Paint, Style};

/// Where something is on a line: where it begins and ends, in bytes.
pub(super) type Place = (usize, usize);

/// The command on a line, which may have a tag in front; or why it is none, and where.
pub(super) fn parse<'a>(
    words: &[Word],
    line: &'a str,
) -> Result<Command<'a>, (Refusal<'a>, Place)> {
    let parse_rest = |words: &[Word], rest: &'a [u8]| {
        Command::parse(rest).map_err(|refusal| {
            let place = place(words, &refusal);
            (refusal, place)
        })
    };
    match Tagged::split(line.as_bytes()) {
        None => parse_rest(words, line.as_bytes()),
        Some(Ok(tagged)) => match tagged.command() {
            Ok(command) => parse_rest(words.get(1..).unwrap_or_default(), command),
            Err(refusal) => Err((refusal, word_at(words, 1))),
        },
        Some(Err(refusal)) => Err((refusal, word_at(words, 0))),
    }
}

/// The place of a word; behind the end if there is none.
fn word_at(words: &[Word], nth: usize) -> Place {
    let end = words.last().map_or(0, |word| word.end);
    words.get(nth).map_or((end + 1, end + 2), |word| (word.start, word.end))
}

/// A line with a place on it marked, and what is wrong there.
pub(super) fn pointed(line: &str, (start, end): Place, text: &str, style: Style) -> String {
    let columns = |to: usize| line.get(..to).map_or(to, |part| part.chars().count());
    let (from, to) = (columns(start), columns(end));
    let carets = style.paint(Paint::Bad, &"^".repeat(to.saturating_sub(from).max(1)));
    // One character for each, so that the place stays the same.
    let line: String = line.chars().map(|c| if is_unsafe(c) { '\u{fffd}' } else { c }).collect();
    format!("  {line}\n  {}{carets}\n{}\n", " ".repeat(from), style.paint(Paint::Bad, text))
}

/// The place on the line that a refusal of the daemon is about, if it is about one. If a field of
/// that kind was left out, it is the place after the end.
pub(super) fn place_of_daemon(words: &[Word], text: &str) -> Option<Place> {
    let is_text = |info: &&tables::ErrorInfo| {
        !info.about.is_empty()
            && info.text.split('{').next().is_some_and(|fixed| text.starts_with(fixed))
    };
    let kinds = tables::ERRORS.iter().find(is_text)?.about;
    let (command, args) = words.split_first()?;
    let about = |index: usize| {
        argument(&command.text, index).is_some_and(|info| kinds.contains(&info.kind))
    };
    let mut found = args.iter().enumerate().filter(|(index, _)| about(*index)).map(|(_, it)| it);
    let Some(first) = found.next() else {
        let end = words.last()?.end;
        return about(args.len()).then_some((end + 1, end + 2));
    };
    // Only some names belong to the daemon.
    if kinds.iter().all(|kind| kind.name == "fd") && found.clone().count() > 0 {
        let own = |it: &&Word| it.text == "null" || it.text.starts_with("control.");
        let word = std::iter::once(first).chain(found).find(own).unwrap_or(first);
        return Some((word.start, word.end));
    }
    Some((first.start, found.next_back().unwrap_or(first).end))
}

/// The place on the line that a refusal is about.
fn place(words: &[Word], refusal: &Refusal<'_>) -> Place {
    let fields: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let refused_so = |fields: &[&str]| {
        let line = fields.join("\t");
        Command::parse(line.as_bytes())
            .err()
            .is_some_and(|other| other.to_string() == refusal.to_string())
    };
    let end = words.last().map_or(0, |word| word.end);
    // With one more field it would be another fault, or none: something is missing at the end.
    let mut more = fields.clone();
    more.push("\u{1}");
    if !refused_so(&more) {
        return (end + 1, end + 2);
    }
    let at = (1..=fields.len()).find(|&count| refused_so(&fields[..count]));
    at.and_then(|count| words.get(count - 1)).map_or((0, end), |word| (word.start, word.end))
}

#[cfg(test)]
mod tests {
    use super::{parse, place_of_daemon, pointed};
    use crate::quoting::split;
    use crate::style::Style;

    fn marked(line: &str) -> (usize, usize) {
        let (words, _) = split(line);
        let fields: Vec<_> = words.iter().map(|word| word.text.clone()).collect();
        let joined = fields.join("\t");
        parse(&words, &joined).unwrap_err().1
    }

    #[test]
    fn the_wrong_field_is_found() {
        assert_eq!(marked("service.auto_up web soon always"), (20, 24));
        assert_eq!(marked("service.signal w/b HUP"), (15, 18));
        assert_eq!(marked("nonsense x"), (0, 8));
        assert_eq!(marked("service.signal web"), (19, 20), "after the end");
    }

    #[test]
    fn a_tag_is_no_part_of_the_command() {
        assert_eq!(marked("@x service.signal w/b HUP"), (18, 21));
        assert_eq!(marked("@x service.signal web"), (22, 23), "behind the end");
        assert_eq!(marked("@x nonsense x"), (3, 11));
        assert_eq!(marked("@x"), (3, 4), "behind the end");
        assert_eq!(marked("@a/b statedump"), (0, 4));
        assert_eq!(marked("@x @y statedump"), (3, 5));
    }

    fn marked_for(line: &str, text: &str) -> Option<String> {
        let (words, _) = split(line);
        let (start, end) = place_of_daemon(&words, text)?;
        Some(line.get(start..end).unwrap_or("after the end").to_owned())
    }

    #[test]
    fn the_field_that_a_daemon_means_is_found() {
        let marked = |line, text| marked_for(line, text).unwrap();
        assert_eq!(marked("service.signal web HUP", "service is not running"), "web");
        assert_eq!(marked("fd.open log write /no/where", "open failed: No such file"), "/no/where");
        assert_eq!(marked("service.args web a 'b c'", "unable to set argv"), "a 'b c'");
        assert_eq!(
            marked("fd.pipe x control.cmd -", "File descriptor cannot be altered"),
            "control.cmd"
        );
        assert_eq!(marked("terminate 0", "terminate guard code required"), "after the end");
        assert_eq!(marked_for("terminate 0", "pipe() failed: no"), None);
        assert_eq!(marked_for("statedump", "No such service"), None);
    }

    #[test]
    fn nothing_on_the_line_moves_the_cursor() {
        let shown = pointed("echo a\u{1b}[2J x", (11, 12), "no", Style::PLAIN);
        assert_eq!(shown, "  echo a\u{fffd}[2J x\n             ^\nno\n");
    }
}
