//! The manual page daemonproxy-protocol(7), in the man(7) macros.

use std::fmt::Write as _;

use crate::COMMAND;
use crate::grammar::{Arg, Command, Event, Grammar};
use crate::markdown::{BASE_RULES, dedent};

type Text = Result<String, Box<dyn std::error::Error>>;

/// What every reader must know before the lists make sense.
const DESCRIPTION: &str = r#".SH NAME
daemonproxy\-protocol \- commands and events of daemonproxy
.SH DESCRIPTION
A controller is any program that sends commands to
.BR daemonproxy (1)
and reads its events: over a control socket, over the descriptors
.B control.cmd
and
.B control.event
of a service, or over standard input and output.
A configuration file is a controller that only sends.
.PP
Commands and events are lines that end in LF.
Their fields are separated by one TAB each, with no quoting and no escaping:
a field holds any bytes but control characters.
A command line that is empty, all white space, or begins with
.B #
is ignored.
A line that is too long, 4096 bytes unless the daemon was told otherwise,
is thrown away and answered with an error.
.PP
Commands of one controller are carried out in order.
A command that cannot be carried out is answered with
.PP
.RS
\fBerror\fR <TAB> \fITEXT\fB, for command "\fISTART\fB"\fR
.RE
.PP
where
.I START
is how the line began.
With a tag in front,
.PP
.RS
\fB@\fITAG\fR <TAB> \fICOMMAND\fR <TAB> ...
.RE
.PP
the answer ends in a line
.B done
with that tag, which also says whether the command was refused; there is no
.B error
then, and no
.B echo
is needed.
.PP
Answers go to the controller that asked.
Events about the state of services, file descriptors and signals go to every
controller.
.PP
With the features
.B settings
and
.B runs
of
.B conn.features
a dump has everything that can be set, and it can be set again in a new daemon,
but for: descriptors that were inherited or passed; the code of the guard;
runs, starts and signals that are pending; connections; the interval of a
service without triggers; and where a relative path of
.B fd.open
or
.B fd.socket
began.
.PP
To a connection without full rights, run numbers and pids show that others
start services, and about how many: they are counted over all of them.
.PP
Times are whole seconds, unless it says otherwise.
Timestamps are those of CLOCK_MONOTONIC, see
.BR clock_gettime (2).
In an event
.B \-
stands for nothing.
"#;

/// What holds for all of them.
const OPTIONS: &str = r"These are what
.B service.options
and
.B service.options.apply
take.
They apply from the next start on, if it is not said otherwise.
When one cannot be had the start fails:
the service is up for a moment, an error names the stage, and its exit status is 126.
";

/// How to begin, and where to read more.
const CLOSING: &str = r#".SH EXAMPLES
A service with a log file, started whenever it does not run,
at most every 5 seconds.
The gaps are TABs.
.PP
.RS
.nf
.ta 18n 28n 44n 54n
fd.open	web.log	append,create	/var/log/web
service.args	web	httpd	\-f	/etc/httpd.conf
service.fds	web	null	web.log	web.log
service.auto_up	web	5	always
.fi
.RE
.PP
To be sure that all answers to what was sent so far have come, send
.B echo
with a word that was not used before, and wait for that word to come back
on a line of its own.
.SH SEE ALSO
.BR daemonproxy (1),
.BR signal (7),
.BR unix (7)
"#;

/// The page.
pub(crate) fn page(grammar: &Grammar) -> Text {
    let mut page = format!(
        ".\\\" Generated from grammar.toml by `{COMMAND}`. Do not edit.\n\
         .TH DAEMONPROXY\\-PROTOCOL 7 \"\" daemonproxy \"daemonproxy manual\"\n"
    );
    page += DESCRIPTION;
    page += ".SH COMMANDS\n";
    for command in &grammar.commands {
        write_command(&mut page, grammar, command)?;
    }
    page += ".SH OPTIONS OF SERVICES\n";
    page += OPTIONS;
    for option in &grammar.options {
        write!(page, ".TP\n.B {}\n{}", escaped(&option.key()), text(&option.full_doc()))?;
        let examples: Vec<_> =
            option.examples.iter().map(|example| format!("\\fB{}\\fR", escaped(example))).collect();
        write!(page, ".IP\n{}\n", examples.join(",\n"))?;
        if let Some(stage) = &option.stage {
            write!(page, ".IP\nStage: {}.\n", escaped(stage))?;
        }
    }
    page += ".SH EVENTS\n";
    for event in &grammar.events {
        write_event(&mut page, event)?;
    }
    write_rights(&mut page, grammar)?;
    page += ".SH FIELDS\n";
    for kind in &grammar.kinds {
        write!(page, ".TP\n.B {}\n{}", escaped(&kind.name), text(&kind.doc))?;
        write!(page, ".IP\n.nf\n{}.fi\n", literal(&dedent(&kind.abnf)))?;
    }
    write!(
        page,
        ".PP\nThe rules are written as in RFC 5234, but case matters. They are built on\n.PP\n.RS\n.nf\n{}.fi\n.RE\n",
        literal(BASE_RULES)
    )?;
    page += ".SH FACTS\nWhat\n.B service.run\ntells of a run of a service, in this order.\n\
             Moments are seconds of CLOCK_MONOTONIC; they and durations have at most\n\
             nine digits after the point.\n";
    for fact in &grammar.facts {
        write!(page, ".TP\n.B {}\n{}", escaped(&fact.usage()), text(&fact.full_doc()))?;
    }
    page += ".SH ERRORS\n";
    for error in &grammar.errors {
        write!(page, ".TP\n.B {}\n{}", quoted(&error.text), text(&error.doc))?;
    }
    page += CLOSING;
    Ok(page)
}

/// What connections without full rights may send, and what they hear.
fn write_rights(page: &mut String, grammar: &Grammar) -> std::fmt::Result {
    page.push_str(
        ".SH RIGHTS\nWhat a connection must have to send a command.\n\
         .B operate\nincludes\n.BR watch ,\nand\n.B full\neverything.\n",
    );
    for rights in ["watch", "operate", "full"] {
        let mut names = Vec::new();
        for command in &grammar.commands {
            let with = command.rights_with.iter().filter(|(_, with)| *with == rights);
            names.extend(with.map(|(arg, _)| format!("`{} {arg}`", command.name)));
            if command.rights() == rights {
                names.push(format!("`{}`", command.name));
            }
        }
        write!(page, ".TP\n.B {rights}\n{}", text(&(names.join(", ") + ".")))?;
    }
    page.push_str(".PP\nWhat a connection without full rights hears.\n");
    let told = [
        (Some("asked"), "as an answer to a command of its own"),
        (Some("service"), "if it may know of the service"),
        (None, "never"),
    ];
    for (told, when) in told {
        let events = grammar.events.iter().filter(|event| event.told.as_deref() == told);
        let names: Vec<_> = events.map(|event| format!("`{}`", event.name)).collect();
        write!(page, ".TP\n.I {when}\n{}", text(&(names.join(", ") + ".")))?;
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
        ".TP\n{}\n{}",
        usage(&command.name, &command.args),
        text(&since(&command.doc, command.since))
    )?;
    let errors = grammar.errors_of(command)?;
    if !errors.is_empty() {
        let texts: Vec<_> =
            errors.iter().map(|error| format!("\\(lq{}\\(rq", escaped(&error.text))).collect();
        write!(page, ".IP\nErrors:\n{}.\n", texts.join(",\n"))?;
    }
    Ok(())
}

fn write_event(page: &mut String, event: &Event) -> std::fmt::Result {
    write!(
        page,
        ".TP\n{}\n{}",
        usage(&event.name, &event.args),
        text(&since(&event.doc, event.since))
    )?;
    if event.forms.iter().all(|form| form.fields.is_empty()) {
        return Ok(());
    }
    page.push_str(".RS\n");
    for form in &event.forms {
        let line = form.fields.iter().fold(event.name.clone(), |line, field| line + "  " + field);
        write!(page, ".PP\n\\f(CR{}\\fR\n", escaped(&line))?;
        if !form.doc.is_empty() {
            write!(page, ".br\n{}", text(&form.doc))?;
        }
    }
    page.push_str(".RE\n");
    Ok(())
}

fn usage(name: &str, args: &[Arg]) -> String {
    let mut line = format!("\\fB{}\\fR", escaped(name));
    for arg in args {
        let shown = escaped(&arg.shown());
        let (open, inner) =
            shown.strip_prefix('[').map_or(("", shown.as_str()), |inner| ("[", inner));
        let (inner, close) = match inner.find([']', '.']) {
            Some(at) => inner.split_at(at),
            None => (inner, ""),
        };
        line += &format!(" {open}\\fI{inner}\\fR{close}");
    }
    line
}

fn since(doc: &str, version: u32) -> String {
    if version > 1 { format!("{doc} Since protocol {version}.") } else { doc.to_owned() }
}

/// Prose: one sentence per line, with `words` between backticks in bold.
fn text(doc: &str) -> String {
    let mut prose = String::new();
    for (index, part) in doc.split('`').enumerate() {
        if index % 2 == 1 {
            prose += &format!("\\fB{}\\fR", escaped(part));
        } else {
            prose += &escaped(part).replace(". ", ".\n");
        }
    }
    prose.lines().map(wrapped).collect()
}

/// A sentence, in lines of reasonable length.
fn wrapped(sentence: &str) -> String {
    let mut lines = String::new();
    let mut line = String::new();
    for word in sentence.split(' ') {
        if !line.is_empty() && line.len() + word.len() > 78 {
            lines += &(protected(&line) + "\n");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines + &protected(&line) + "\n"
}

/// Lines that are shown as they are.
fn literal(text: &str) -> String {
    text.lines().map(|line| protected(&escaped(line)) + "\n").collect()
}

/// A line that begins with a `.` or `'` would be taken for a request.
fn protected(line: &str) -> String {
    if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line.to_owned() }
}

/// One argument of a macro.
fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text).replace('"', "\"\""))
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\e")
        .replace('-', "\\-")
        .replace('^', "\\(ha")
        .replace('~', "\\(ti")
        .replace('\'', "\\(aq")
}
