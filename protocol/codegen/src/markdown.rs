//! The reference: every command, event, kind of field and error text, as a page of Markdown.

use std::fmt::Write as _;

use crate::COMMAND;
use crate::grammar::{Arg, Command, Event, Grammar};
use crate::rust::line;

type Text = Result<String, Box<dyn std::error::Error>>;

/// The page.
pub(crate) fn page(grammar: &Grammar) -> Text {
    let mut page = format!(
        "\
<!-- Generated from grammar.toml by `{COMMAND}`. Do not edit. -->

# daemonproxy protocol: reference

Every [command](#commands), every [option of a service](#options-of-services), every [event](#events), which
[rights](#rights) they need, every [kind of field](#kinds-of-fields), every [fact of a run](#facts) and every
[error text](#error-texts). What they mean together is told in the [specification](../README.md).

`[X]` may be left out, `X...` may be repeated up to the end of the line. In the examples `→` is a TAB.

## Commands

"
    );
    for command in &grammar.commands {
        writeln!(page, "- [`{}`](#{})", command.name, anchor(&command.name))?;
    }
    for command in &grammar.commands {
        write_command(&mut page, grammar, command)?;
    }
    write_options(&mut page, grammar)?;
    page += "\n## Events\n\n";
    for event in &grammar.events {
        writeln!(page, "- [`{}`](#{}-event)", event.name, anchor(&event.name))?;
    }
    for event in &grammar.events {
        write_event(&mut page, grammar, event)?;
    }
    write_rights(&mut page, grammar)?;
    page += "\n## Kinds of fields\n\nThe rules are written as in RFC 5234, but case matters.\n";
    for kind in &grammar.kinds {
        write!(
            page,
            "\n### {}\n\n{}\n\n```abnf\n{}\n```\n",
            kind.name,
            kind.doc,
            dedent(&kind.abnf)
        )?;
    }
    page += "\n```abnf\n";
    page += BASE_RULES;
    page += "```\n\n## Facts\n\nWhat `service.run` tells of a run of a service, in this order. Moments are seconds of \
             CLOCK_MONOTONIC; they and durations have at most nine digits after the point.\n\n\
             | fact | meaning |\n| --- | --- |\n";
    for fact in &grammar.facts {
        writeln!(page, "| `{}` | {} |", fact.usage().replace('|', "\\|"), fact.full_doc())?;
    }
    page += "\n## Error texts\n\n";
    page += "Bytes that are quoted from a command have their control characters replaced by spaces.\n\n";
    page += "| text | meaning |\n| --- | --- |\n";
    for error in &grammar.errors {
        writeln!(page, "| `{}` | {} |", error.text, error.doc)?;
    }
    Ok(page)
}

/// What the rules of the kinds are built on.
pub(crate) const BASE_RULES: &str = "\
line      = word *( TAB field ) LF
word      = *fieldchar
type      = word                   ; of an fd.state, passed on as it is
flags     = word                   ; likewise
description = word                 ; likewise
field     = *fieldchar
fieldchar = %x20-FF
namechar  = ALPHA / DIGIT / \".\" / \"_\" / \"-\"
keychar   = %x20-3C / %x3E-FF      ; any but \"=\"
key       = ( %x20-2C / %x2E-3C / %x3E-FF ) *keychar   ; nor \"-\" first
integer   = [ \"-\" ] 1*DIGIT        ; 64 bits
pid       = integer
duration  = integer                ; seconds
port      = 1*5DIGIT               ; up to 65535
fdnumber  = 1*3DIGIT               ; up to 255
shown_condition = condition / ( \"ready\" / \"up\" / \"down\" / \"done\" / \"fd\" ) \":*\"
condition = \"always\" / \"once\" / \"failure\" / \"success\" / signal
          / ( \"ready:\" / \"up:\" / \"down:\" / \"done:\" ) service
          / \"fd:\" fd
ipv4      = 1*3DIGIT 3( \".\" 1*3DIGIT )
ipv6      = <as in RFC 4291, section 2.2>
signame   = \"ABRT\" / \"ALRM\" / \"BUS\" / \"CHLD\" / \"CLD\" / \"CONT\" / \"FPE\"
          / \"HUP\" / \"ILL\" / \"INT\" / \"IO\" / \"IOT\" / \"KILL\" / \"PIPE\"
          / \"POLL\" / \"PROF\" / \"PWR\" / \"QUIT\" / \"SEGV\" / \"STKFLT\"
          / \"STOP\" / \"SYS\" / \"TERM\" / \"TRAP\" / \"TSTP\" / \"TTIN\"
          / \"TTOU\" / \"URG\" / \"USR1\" / \"USR2\" / \"VTALRM\" / \"WINCH\"
          / \"XCPU\" / \"XFSZ\"
socktype  = \"unix\" / \"inet\" / \"inet6\" / \"tcp\" / \"udp\" / \"stream\"
          / \"dgram\" / \"seqpacket\"
pipe_flag = socktype / \"nonblock\"
file_flag = \"read\" / \"write\" / \"append\" / \"create\" / \"trunc\"
          / \"truncate\" / \"nonblock\" / \"mkdir\"
mode      = \"mode=\" 1*4octdigit   ; up to 0777; of a file only with \"create\"
octdigit  = %x30-37
socket_flag = socktype / \"nonblock\" / \"mkdir\" / \"bind\"
          / \"listen\" [ \"=\" 1*5DIGIT ]
socket_option = \"name=\" 1*31namechar / mode / \"uid=\" 1*10DIGIT
          / \"gid=\" 1*10DIGIT / \"rights=\" rights
          / \"services=\" glob *( \":\" glob ) / \"most=\" 1*10DIGIT
TAB       = %x09
LF        = %x0A
";

/// What connections without full rights may send, and what they hear.
fn write_rights(page: &mut String, grammar: &Grammar) -> std::fmt::Result {
    page.push_str(
        "\n## Rights\n\nWhat a connection must have to send a command. `operate` includes `watch`, and `full` everything.\n\n\
         | command | rights |\n| --- | --- |\n",
    );
    for command in &grammar.commands {
        let (name, rights) = (&command.name, command.rights());
        for (arg, with) in &command.rights_with {
            writeln!(page, "| [`{name} {arg}`](#{}) | {with} |", anchor(name))?;
        }
        writeln!(page, "| [`{name}`](#{}) | {rights} |", anchor(name))?;
    }
    page.push_str(
        "\nWhat a connection without full rights hears of an event.\n\n| event | without full rights |\n| --- | --- |\n",
    );
    for event in &grammar.events {
        let told = match event.told.as_deref() {
            Some("asked") => "if it answers a command of this connection",
            Some(_) => "if it may know of that service",
            None => "never",
        };
        writeln!(page, "| [`{}`](#{}-event) | {told} |", event.name, anchor(&event.name))?;
    }
    Ok(())
}

fn write_command(
    page: &mut String,
    grammar: &Grammar,
    command: &Command,
) -> Result<(), Box<dyn std::error::Error>> {
    write!(
        page,
        "\n### {}\n\n{}\n{}{}\n",
        command.name,
        usage(&command.name, &command.args),
        command.doc,
        since(command.since)
    )?;
    write_args(page, grammar, &command.args)?;
    let lines: Vec<_> =
        command.examples.iter().map(|fields| shown(&command.name, fields)).collect();
    write!(page, "\n```text\n{}\n```\n", lines.join("\n"))?;
    if !command.events.is_empty() {
        let events: Vec<_> = command
            .events
            .iter()
            .map(|event| format!("[`{event}`](#{}-event)", anchor(event)))
            .collect();
        write!(page, "\nEvents: {}\n", events.join(", "))?;
    }
    let errors = grammar.errors_of(command)?;
    if !errors.is_empty() {
        page.push_str("\nErrors:\n\n");
        for error in errors {
            writeln!(page, "- `{}`", error.text)?;
        }
    }
    Ok(())
}

/// What `service.options` takes.
fn write_options(page: &mut String, grammar: &Grammar) -> Result<(), Box<dyn std::error::Error>> {
    page.push_str(
        "\n## Options of services\n\nFor [`service.options`](#serviceoptions) and \
         [`service.options.apply`](#serviceoptionsapply). From the next start on, if it is not said otherwise. When \
         one cannot be had, the start fails, and the error names the stage.\n\n\
         | option | stage | meaning |\n| --- | --- | --- |\n",
    );
    for option in &grammar.options {
        let examples: Vec<_> =
            option.examples.iter().map(|example| format!("`{example}`")).collect();
        writeln!(
            page,
            "| {} | {} | {} |",
            examples.join("<br>"),
            option.stage.as_deref().map_or(String::new(), |stage| format!("`{stage}`")),
            option.full_doc().replace('|', "\\|"),
        )?;
    }
    Ok(())
}

fn write_event(
    page: &mut String,
    grammar: &Grammar,
    event: &Event,
) -> Result<(), Box<dyn std::error::Error>> {
    write!(
        page,
        "\n### {} (event)\n\n{}\n{}{}\n",
        event.name,
        usage(&event.name, &event.args),
        event.doc,
        since(event.since)
    )?;
    write_args(page, grammar, &event.args)?;
    page.push_str("\n```text\n");
    for form in &event.forms {
        let line = shown(&event.name, &form.fields);
        if form.doc.is_empty() {
            writeln!(page, "{line}")?;
        } else {
            writeln!(page, "{line:<56}  {}", form.doc)?;
        }
    }
    page.push_str("```\n");
    Ok(())
}

fn write_args(
    page: &mut String,
    grammar: &Grammar,
    args: &[Arg],
) -> Result<(), Box<dyn std::error::Error>> {
    if !args.is_empty() {
        page.push('\n');
    }
    for arg in args {
        let kind = grammar.kind(arg)?;
        writeln!(
            page,
            "- `{}` ([{}](#{})): {}",
            arg.shown(),
            kind.name,
            anchor(&kind.name),
            kind.doc
        )?;
    }
    Ok(())
}

fn usage(name: &str, args: &[Arg]) -> String {
    let words = args.iter().fold(name.to_owned(), |line, arg| line + " " + &arg.shown());
    format!("`{words}`\n")
}

fn since(version: u32) -> String {
    if version > 1 { format!(" *Since protocol {version}.*") } else { String::new() }
}

fn shown(name: &str, fields: &[String]) -> String {
    line(name, fields).replace('\t', "→")
}

/// The anchor that Markdown makes of a heading.
fn anchor(heading: &str) -> String {
    heading.replace('.', "")
}

/// Rules of several lines are indented in the grammar, to be readable there.
pub(crate) fn dedent(rule: &str) -> String {
    let lines: Vec<_> = rule.lines().map(str::trim_start).collect();
    lines.join("\n    ")
}
