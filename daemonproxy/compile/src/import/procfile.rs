//! `Procfile`: a line `NAME: COMMAND` for each service, and the command is for a shell.

use super::{File, Table, Wrong, name};
use crate::text::quote;

pub(super) fn import(text: &str, file: &mut File) -> Result<(), Wrong> {
    for (nth, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let wrong = || (nth + 1, "expected NAME: COMMAND".to_owned());
        let (theirs, command) = line.split_once(':').ok_or_else(wrong)?;
        let (theirs, command) = (theirs.trim(), command.trim());
        if theirs.is_empty() || command.is_empty() || theirs.contains(char::is_whitespace) {
            return Err(wrong());
        }
        let mut table = Table { directives: 1, ..Table::service(&name(theirs)) };
        // A list of commands cannot be executed in the place of the shell.
        let is_simple = !command.contains(['|', '&', ';', '(']) && !starts_with_variable(command);
        let begin = if is_simple && !command.starts_with("exec ") { "exec " } else { "" };
        table.set("sh", quote(&format!("{begin}{command}")));
        if command.contains("$PORT") || command.contains("${PORT") {
            let port = 5000 + 100 * file.tables.len();
            table.note("foreman numbers ports in this way");
            table.set("env", format!("{{ PORT = {port} }}"));
        }
        file.tables.push(table);
    }
    Ok(())
}

fn starts_with_variable(command: &str) -> bool {
    let first = command.split_whitespace().next().unwrap_or_default();
    first.contains('=')
}
