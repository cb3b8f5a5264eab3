//! `Daemonproxy::Grammar`: the grammar as tables for Perl, with its manual.
//!
//! Perl checks fields with regular expressions. They are made here from the ABNF of the kinds, so
//! that no rule is written down twice. What ABNF does not say (the range of a number, whether two
//! names differ) is left to `Daemonproxy::Line`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::COMMAND;
use crate::grammar::{Arg, ErrorText, Grammar, Kind, Piece, Presence};
use crate::markdown::BASE_RULES;
use crate::rust::line;

type Text = Result<String, Box<dyn std::error::Error>>;

/// Rules that only list words, which checks and completions ask for.
const WORD_LISTS: [&str; 6] =
    ["signame", "level", "phase", "signal_action", "file_flag", "pipe_flag"];

/// The module.
pub(crate) fn module(grammar: &Grammar) -> Text {
    let rules = Rules::of(grammar)?;
    let mut module = format!(
        "\
# Generated from grammar.toml by `{COMMAND}`. Do not edit.
package Daemonproxy::Grammar;

use 5.014;
use strict;
use warnings;

our (@KINDS, @COMMANDS, @OPTIONS, @EVENTS, @FACTS, @ERRORS, %KIND, %COMMAND, %OPTION, %EVENT, %FACT, %ERROR, %WORDS);

"
    );
    write_kinds(&mut module, grammar, &rules)?;
    write_commands(&mut module, grammar)?;
    write_options(&mut module, grammar)?;
    write_events(&mut module, grammar, &rules)?;
    write_facts(&mut module, grammar)?;
    write_errors(&mut module, grammar)?;
    writeln!(module, "%WORDS = (")?;
    for name in WORD_LISTS {
        writeln!(module, "    {name} => [{}],", list(rules.words(name)?))?;
    }
    module += "\
);

%KIND    = map { $_->{name} => $_ } @KINDS;
%COMMAND = map { $_->{name} => $_ } @COMMANDS;
%OPTION  = map { $_->{name} => $_ } @OPTIONS;
%EVENT   = map { $_->{name} => $_ } @EVENTS;
%FACT    = map { $_->{name} => $_ } @FACTS;
%ERROR   = map { $_->{name} => $_ } @ERRORS;

1;

__END__

";
    write_manual(&mut module, grammar)?;
    Ok(module)
}

fn write_kinds(
    module: &mut String,
    grammar: &Grammar,
    rules: &Rules,
) -> Result<(), Box<dyn std::error::Error>> {
    writeln!(module, "@KINDS = (")?;
    for kind in &grammar.kinds {
        writeln!(
            module,
            "    {{ name => {}, what => {}, missing => {},\n{}      regex => qr/\\A{}\\z/ }},",
            quoted(&kind.name),
            quoted(&kind.what),
            kind.missing.as_deref().map_or("undef".to_owned(), quoted),
            answers(kind),
            rules.regex(&kind.name)?,
        )?;
    }
    writeln!(module, ");\n")?;
    Ok(())
}

/// What Perl must know about a kind to say why a field is not of that kind.
fn answers(kind: &Kind) -> String {
    let mut pairs = Vec::new();
    pairs.extend(kind.refused.as_deref().map(|text| format!("refused => {}", quoted(text))));
    pairs.extend(kind.outside.as_deref().map(|text| format!("outside => {}", quoted(text))));
    if !kind.range.is_empty() {
        let range: Vec<_> = kind.range.iter().map(u32::to_string).collect();
        pairs.push(format!("range => [{}]", range.join(", ")));
    }
    if kind.none {
        pairs.push("none => 1".to_owned());
    }
    if !kind.flags.is_empty() {
        pairs.push(format!("flags => [{}]", list(&kind.flags)));
    }
    if pairs.is_empty() { String::new() } else { format!("      {},\n", pairs.join(", ")) }
}

fn write_commands(
    module: &mut String,
    grammar: &Grammar,
) -> Result<(), Box<dyn std::error::Error>> {
    writeln!(module, "@COMMANDS = (")?;
    for command in &grammar.commands {
        let errors = grammar.errors_of(command)?;
        write!(
            module,
            "    {{ name => {}, since => {},\n      args => [{}],\n      events => [{}],\n      errors => [{}],\n",
            quoted(&command.name),
            command.since,
            args(&command.args),
            list(&command.events),
            list(errors.iter().map(|error| &error.name)),
        )?;
        if !command.takes_all() {
            let surplus = grammar.surplus(command)?;
            writeln!(module, "      surplus => {},", quoted(&surplus.text))?;
        }
        if let Some((function, arguments)) = command.check() {
            writeln!(module, "      check => [{}, {}],", quoted(function), list(arguments))?;
        }
        writeln!(module, "    }},")?;
    }
    writeln!(module, ");\n")?;
    Ok(())
}

fn write_options(module: &mut String, grammar: &Grammar) -> std::fmt::Result {
    writeln!(module, "@OPTIONS = (")?;
    for option in &grammar.options {
        let names = match &option.names[..] {
            [] => String::new(),
            names => format!(", names => [{}]", list(names)),
        };
        writeln!(
            module,
            "    {{ name => {}, what => {}{names} }},",
            quoted(&option.name),
            quoted(&option.what)
        )?;
    }
    writeln!(module, ");\n")
}

/// An event comes with a pattern for its whole line, since that is how the client checks it.
fn write_events(
    module: &mut String,
    grammar: &Grammar,
    rules: &Rules,
) -> Result<(), Box<dyn std::error::Error>> {
    writeln!(module, "@EVENTS = (")?;
    for event in &grammar.events {
        let mut pattern = event.name.replace('.', "\\.");
        // A field that may be left out is only there if those before it are.
        let optional = event.args.iter().filter(|arg| arg.presence == Presence::Optional).count();
        for arg in &event.args {
            let field = rules.regex(&arg.kind)?;
            pattern += &match arg.presence {
                Presence::Required => format!("\\t{field}"),
                Presence::Optional => format!("(?:\\t{field}"),
                Presence::RepeatedAtLeastOnce => format!("(?:\\t{field})+"),
                // The empty list keeps its TAB.
                Presence::Repeated => format!("(?:\\t|(?:\\t{field})*)"),
            };
        }
        pattern += &")?".repeat(optional);
        writeln!(
            module,
            "    {{ name => {}, since => {}, args => [{}],\n{}      regex => qr/\\A{pattern}\\z/ }},",
            quoted(&event.name),
            event.since,
            args(&event.args),
            if event.needs_fields() { "      needs_fields => 1,\n" } else { "" },
        )?;
    }
    writeln!(module, ");\n")?;
    Ok(())
}

fn write_facts(module: &mut String, grammar: &Grammar) -> Result<(), Box<dyn std::error::Error>> {
    writeln!(module, "@FACTS = (")?;
    for fact in &grammar.facts {
        let kind = format!("{:?}", fact.kind).to_lowercase();
        let once = if fact.once { ", once => 1" } else { "" };
        writeln!(module, "    {{ name => {}, kind => '{kind}'{once} }},", quoted(&fact.name))?;
    }
    writeln!(module, ");\n")?;
    Ok(())
}

fn write_errors(module: &mut String, grammar: &Grammar) -> Result<(), Box<dyn std::error::Error>> {
    writeln!(module, "@ERRORS = (")?;
    for error in &grammar.errors {
        writeln!(
            module,
            "    {{ name => {}, text => {}, bare => {},\n      regex => qr/\\A{}\\z/ }},",
            quoted(&error.name),
            quoted(&error.text),
            i32::from(error.bare),
            error_pattern(error),
        )?;
    }
    writeln!(module, ");\n")?;
    Ok(())
}

fn error_pattern(error: &ErrorText) -> String {
    let pieces = error.pieces();
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => escaped(text),
            Piece::Hole(_) => "(.*)".to_owned(),
        })
        .collect()
}

fn args(args: &[Arg]) -> String {
    let shown: Vec<_> = args
        .iter()
        .map(|arg| {
            let presence = match arg.presence {
                Presence::Required => "",
                Presence::Optional => "?",
                Presence::Repeated => "*",
                Presence::RepeatedAtLeastOnce => "+",
            };
            format!("[{}, {}, {}]", quoted(&arg.name), quoted(&arg.kind), quoted(presence))
        })
        .collect();
    shown.join(", ")
}

fn write_manual(module: &mut String, grammar: &Grammar) -> Result<(), Box<dyn std::error::Error>> {
    *module += MANUAL;
    *module += "=head1 COMMANDS\n\n";
    for command in &grammar.commands {
        let shown: Vec<_> = command.args.iter().map(Arg::shown).collect();
        let usage = format!("{} {}", command.name, shown.join(" "));
        writeln!(module, "=head2 {}\n\n{}", pod(usage.trim_end()), pod(&command.doc))?;
        if command.since > 1 {
            writeln!(module, "Since protocol {}.", command.since)?;
        }
        writeln!(module)?;
        for fields in &command.examples {
            writeln!(module, "    {}", line(&command.name, fields).replace('\t', " "))?;
        }
        writeln!(module)?;
    }
    *module += "=head1 OPTIONS\n\nOf services, for C<service.options>.\n\n=over 4\n\n";
    for option in &grammar.options {
        writeln!(module, "=item {}\n\n{}\n", option.key(), pod(&option.full_doc()))?;
        for example in &option.examples {
            writeln!(module, "    {example}")?;
        }
        writeln!(module)?;
    }
    *module += "=back\n\n=head1 EVENTS\n\n";
    for event in &grammar.events {
        writeln!(module, "=head2 {}\n\n{}\n", event.name, pod(&event.doc))?;
        for form in &event.forms {
            writeln!(module, "    {}", line(&event.name, &form.fields).replace('\t', " "))?;
        }
        writeln!(module)?;
    }
    *module += "=head1 FIELDS\n\n=over 4\n\n";
    for kind in &grammar.kinds {
        writeln!(module, "=item {}\n\n{}\n", kind.name, pod(&kind.doc))?;
    }
    *module += "=back\n\n=head1 FACTS\n\n=over 4\n\n";
    for fact in &grammar.facts {
        writeln!(module, "=item {}\n\n{}\n", fact.usage(), pod(&fact.full_doc()))?;
    }
    *module += "=back\n\n=head1 ERRORS\n\n=over 4\n\n";
    for error in &grammar.errors {
        writeln!(module, "=item {}\n\n    {}\n\n{}\n", error.name, error.text, pod(&error.doc))?;
    }
    *module += "=back\n\n=cut\n";
    Ok(())
}

const MANUAL: &str = "\
=head1 NAME

Daemonproxy::Grammar - the commands, events, fields and errors of daemonproxy, as tables

=head1 SYNOPSIS

    use Daemonproxy::Grammar;

    say for map { $_->{name} } @Daemonproxy::Grammar::COMMANDS;
    say 'a name' if $text =~ $Daemonproxy::Grammar::KIND{service}{regex};

=head1 DESCRIPTION

This module is generated from the grammar of the protocol. All its tables are package variables, and nobody
but the generator changes them. The examples below show a space where the line has a TAB.

=over 4

=item @KINDS, %KIND

Kinds of fields: C<name>, C<what> it is, the error text when it is C<missing> (or undef), and a C<regex>. What a
regular expression cannot say, such as the range of a number, is checked by L<Daemonproxy::Line>.

=item @COMMANDS, %COMMAND

C<name>, C<since> (the version of the protocol), C<args> (for each an array of name, kind and C<''>, C<?>, C<*> or C<+>),
C<events> that it causes, names of the C<errors> it can be refused with, C<surplus> (the text for a field too many), and
C<check> (a rule about several fields, and the fields).

=item @OPTIONS, %OPTION

The options of services: C<name>, C<what> one is as a whole, and C<names> if it is written C<KEY.NAME>.

=item @EVENTS, %EVENT

C<name>, C<since>, C<args>, and a C<regex> for the whole line. With C<needs_fields> a line that is only the name is no
event, but somebody's echo.

=item @FACTS, %FACT

What C<service.run> can tell of a run: C<name>, C<kind> (C<moment seconds number flag word failure>), and whether only
the first report after the end has it (C<once>).

=item @ERRORS, %ERROR

C<name>, C<text> (with holes such as C<{reason}>), C<regex>, and whether it stands alone (C<bare>), without the command
after it.

=item %WORDS

Words that a field is made of: C<signame level phase signal_action file_flag pipe_flag>, each an array.

=back

";

/// Text of the grammar as POD.
fn pod(text: &str) -> String {
    let mut pod = String::new();
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 0 {
            pod += part;
        } else {
            let _ = write!(pod, "C<< {part} >>");
        }
    }
    pod
}

fn list<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let quotes: Vec<_> = items.into_iter().map(|item| quoted(item.as_ref())).collect();
    quotes.join(", ")
}

/// A Perl string.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// Text in a Perl regular expression.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        if !letter.is_ascii_alphanumeric() && !matches!(letter, ' ' | '_' | ',' | ':' | '=') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// The rules of ABNF by name.
struct Rules {
    bodies: BTreeMap<String, String>,
}

impl Rules {
    fn of(grammar: &Grammar) -> Result<Self, String> {
        let mut rules = Self { bodies: BTreeMap::new() };
        rules.add(BASE_RULES)?;
        for kind in &grammar.kinds {
            rules.add(&kind.abnf)?;
        }
        Ok(rules)
    }

    /// Takes in rules. A line that begins with a blank continues the rule before it.
    fn add(&mut self, text: &str) -> Result<(), String> {
        let mut name = String::new();
        for line in text.lines() {
            let line = line.split(" ;").next().unwrap_or_default();
            if let Some(body) = line.strip_prefix(' ') {
                let known = self.bodies.get_mut(&name);
                *known.ok_or_else(|| format!("`{line}` goes on with nothing"))? += body;
            } else {
                let (rule, body) =
                    line.split_once('=').ok_or_else(|| format!("`{line}` is no rule"))?;
                name = rule.trim().to_owned();
                self.bodies.insert(name.clone(), body.to_owned());
            }
        }
        Ok(())
    }

    /// The words of a rule that does nothing but list words.
    fn words(&self, name: &str) -> Result<Vec<String>, String> {
        let mut words = Vec::new();
        for part in self.body(name)?.split('/') {
            let part = part.trim();
            match part.strip_prefix('"').and_then(|part| part.strip_suffix('"')) {
                Some(word) => words.push(word.to_owned()),
                None => words.extend(self.words(part)?),
            }
        }
        Ok(words)
    }

    fn regex(&self, name: &str) -> Result<String, String> {
        Ok(match name {
            "ALPHA" => "[A-Za-z]".to_owned(),
            "DIGIT" => "[0-9]".to_owned(),
            // The one rule that is given in prose. The daemon has the last word.
            "ipv6" => "[0-9A-Fa-f:.]+".to_owned(),
            _ => {
                let mut parser = Parser { rules: self, rest: self.body(name)?.trim() };
                let regex = parser.alternatives()?;
                if !parser.rest.is_empty() {
                    return Err(format!("rule {name}: `{}` is not understood", parser.rest));
                }
                regex
            }
        })
    }

    fn body(&self, name: &str) -> Result<&str, String> {
        let body = self.bodies.get(name).ok_or_else(|| format!("there is no rule `{name}`"))?;
        Ok(body)
    }
}

/// Turns the body of a rule into a regular expression.
struct Parser<'a> {
    rules: &'a Rules,
    rest: &'a str,
}

impl Parser<'_> {
    /// `a / b / c`
    fn alternatives(&mut self) -> Result<String, String> {
        let mut all = vec![self.sequence()?];
        while self.skip("/") {
            all.push(self.sequence()?);
        }
        // Single characters are one class: that is shorter, and much faster.
        if all.len() > 1 && all.iter().all(|part| class(part).is_some()) {
            let inner: String = all.iter().filter_map(|part| class(part)).collect();
            return Ok(format!("[{inner}]"));
        }
        Ok(if all.len() == 1 { all.remove(0) } else { format!("(?:{})", all.join("|")) })
    }

    /// `a b c`
    fn sequence(&mut self) -> Result<String, String> {
        let mut all = String::new();
        while !self.rest.is_empty() && !self.rest.starts_with(['/', ')', ']']) {
            all += &self.repetition()?;
        }
        Ok(all)
    }

    /// `a`, `*a`, `1*a`, `1*5a`, `3a`
    fn repetition(&mut self) -> Result<String, String> {
        let least = self.number();
        let (least, most) = if self.skip("*") {
            (if least.is_empty() { "0".to_owned() } else { least }, self.number())
        } else {
            (least.clone(), least)
        };
        let element = self.element()?;
        let single = class(&element).is_some() || element.starts_with("(?:");
        let element = if least.is_empty() || single { element } else { format!("(?:{element})") };
        Ok(match (least.as_str(), most.as_str()) {
            ("", _) => element,
            ("0", "") => element + "*",
            ("1", "") => element + "+",
            (least, most) if least == most => format!("{element}{{{least}}}"),
            (least, most) => format!("{element}{{{least},{most}}}"),
        })
    }

    /// `name`, `"text"`, `%x20-3C`, `( a )`, `[ a ]`
    fn element(&mut self) -> Result<String, String> {
        if self.skip("(") {
            let inner = self.alternatives()?;
            return self.close(")").map(|()| inner);
        }
        if self.skip("[") {
            let inner = self.alternatives()?;
            return self.close("]").map(|()| format!("(?:{inner})?"));
        }
        if self.skip("\"") {
            let (text, rest) =
                self.rest.split_once('"').ok_or_else(|| format!("no end: {}", self.rest))?;
            let text = escaped(text);
            self.rest = rest.trim_start();
            return Ok(text);
        }
        if self.skip("%x") {
            let range = self.word();
            return Ok(match range.split_once('-') {
                Some((first, last)) => format!("[\\x{first}-\\x{last}]"),
                None if range == "09" => "\\t".to_owned(),
                None => format!("\\x{range}"),
            });
        }
        let name = self.word();
        self.rules.regex(&name)
    }

    fn close(&mut self, bracket: &str) -> Result<(), String> {
        if self.skip(bracket) {
            Ok(())
        } else {
            Err(format!("`{bracket}` is missing: {}", self.rest))
        }
    }

    fn number(&mut self) -> String {
        self.take(|letter| letter.is_ascii_digit())
    }

    fn word(&mut self) -> String {
        let word = self.take(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter));
        self.rest = self.rest.trim_start();
        word
    }

    fn take(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let end = self.rest.find(|letter| !wanted(letter)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken.to_owned()
    }

    fn skip(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            // Quoted text keeps its blanks.
            Some(rest) => self.rest = if text == "\"" { rest } else { rest.trim_start() },
            None => return false,
        }
        true
    }
}

/// What is between the brackets, if this is one class of characters or one character.
fn class(regex: &str) -> Option<&str> {
    if let Some(inner) = regex.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
        return (!inner.contains(['[', ']'])).then_some(inner);
    }
    let single = regex.strip_prefix('\\').unwrap_or(regex);
    (single.len() == 1).then_some(regex)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regex(body: &str) -> String {
        let mut rules = Rules { bodies: BTreeMap::new() };
        rules.add(BASE_RULES).unwrap();
        rules.add(&format!("rule = {body}")).unwrap();
        rules.regex("rule").unwrap()
    }

    #[test]
    fn rules_become_regular_expressions() {
        assert_eq!(regex("1*31namechar"), "[A-Za-z0-9\\._\\-]{1,31}");
        assert_eq!(regex("*fieldchar"), "[\\x20-\\xFF]*");
        assert_eq!(regex("\"always\" / integer"), "(?:always|(?:\\-)?[0-9]+)");
        assert_eq!(regex("1*3DIGIT 3( \".\" 1*3DIGIT )"), "[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");
        assert_eq!(regex("[ \"-\" ]"), "(?:\\-)?");
        assert_eq!(regex("\"a\" TAB \"b\""), "a\\tb");
    }

    #[test]
    fn lists_of_words_are_followed() {
        let mut rules = Rules { bodies: BTreeMap::new() };
        rules.add(BASE_RULES).unwrap();
        assert_eq!(rules.words("pipe_flag").unwrap().last().unwrap(), "nonblock");
        assert_eq!(rules.words("pipe_flag").unwrap().len(), 9);
    }
}
