//! Conformance vectors: lines, and what a parser must make of them.
//!
//! Every example of the grammar is a valid line. From the example that uses every argument come the
//! mechanical faults: a missing field, an extra field, a field of the wrong kind.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::COMMAND;
use crate::grammar::{Command, Grammar};
use crate::rust::line;

/// The table, in which TABs are separators and also belong to the lines at the end of each row.
pub(crate) fn table(grammar: &Grammar) -> Result<String, Box<dyn std::error::Error>> {
    let mut table = format!(
        "\
# Generated from grammar.toml by `{COMMAND}`. Do not edit.
#
# One row a line. What it says stands in front; the rest of the row, TABs and all, is a line of the protocol.
#
#   command <TAB> LINE              a valid command. Parsed and written again it is the same command
#   refused <TAB> TEXT <TAB> LINE   a command that is refused with this text
#   event   <TAB> LINE              a valid event. Parsed and written again it is the same line
"
    );
    for command in &grammar.commands {
        writeln!(table, "\n# {}", command.name)?;
        for fields in &command.examples {
            writeln!(table, "command\t{}", line(&command.name, fields))?;
        }
        let mut seen = BTreeSet::new();
        for (fields, text) in faults(grammar, command)? {
            let line = line(&command.name, &fields);
            if seen.insert(line.clone()) {
                writeln!(table, "refused\t{text}\t{line}")?;
            }
        }
    }
    writeln!(table, "\n# no command of that name\nrefused\tUnknown command: bogus\tbogus\tfield")?;
    writeln!(table, "refused\tUnknown command: Echo\tEcho")?;
    writeln!(table, "refused\tUnknown command:  echo\t echo")?;
    for event in &grammar.events {
        writeln!(table, "\n# {}", event.name)?;
        for form in &event.forms {
            writeln!(table, "event\t{}", line(&event.name, &form.fields))?;
        }
    }
    Ok(table)
}

/// Lines with one fault each, and the answer to it.
fn faults(grammar: &Grammar, command: &Command) -> Result<Vec<(Vec<String>, String)>, String> {
    let mut faults = Vec::new();
    let Some(full) = command.full_example() else { return Ok(faults) };
    for (index, arg) in command.args.iter().enumerate() {
        let kind = grammar.kind(arg)?;
        if let (true, Some(missing)) = (arg.is_needed(), &kind.missing) {
            faults.push((full[..index].to_vec(), missing.clone()));
        }
        for (value, text) in &kind.wrong {
            let mut fields = full.clone();
            fields[index].clone_from(value);
            faults.push((fields, text.clone()));
        }
    }
    if !command.takes_all() {
        let mut fields = full.clone();
        fields.push("surplus".to_owned());
        faults.push((fields, grammar.surplus(command)?.text.replace("{argument}", "surplus")));
    }
    faults.extend(command.faults.iter().map(|fault| (fault.fields.clone(), fault.error.clone())));
    Ok(faults)
}
