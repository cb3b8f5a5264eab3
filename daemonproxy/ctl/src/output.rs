//! Rows of named cells, written as a table for people or in a format for programs.
//!
//! Programs get numbers as the protocol has them (whole seconds) and text byte for byte. In JSON,
//! text that is not UTF-8 is an array of its bytes; in TSV, the fields of a list are joined by
//! spaces. Nothing of it controls the terminal that it may be shown on.

use std::io::{IsTerminal, Write};

use clap::ValueEnum;
use daemonproxy_client::protocol::{FactValue, RunView, is_unsafe};
use daemonproxy_look::time;
use serde_json::Value;

use crate::failure::{Failure, Result, USAGE};
use crate::screen;
use crate::style::{Paint, Style, readable, width};

/// How to write.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns for people, with colours on a terminal.
    Table,
    /// One JSON array.
    Json,
    /// One JSON object per line.
    Jsonl,
    /// A header, and then one line per row, with fields separated by TABs.
    Tsv,
}

/// One cell of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    None,
    Number(i64),
    Seconds(i64),
    Text(Vec<u8>),
    List(Vec<Vec<u8>>),
    /// A run of a service, with all of its facts.
    Run(RunView),
}

/// A cell and its colour.
#[derive(Clone, Debug)]
pub(crate) struct Painted {
    pub(crate) cell: Cell,
    pub(crate) paint: Paint,
}

impl From<Cell> for Painted {
    fn from(cell: Cell) -> Self {
        Self { cell, paint: Paint::Plain }
    }
}

impl Cell {
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.as_bytes().to_vec())
    }

    /// For a person.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::None => "-".to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Seconds(seconds) => time::span(*seconds),
            Self::Text(text) => readable(text),
            Self::List(list) => {
                list.iter().map(|item| readable(item)).collect::<Vec<_>>().join(" ")
            }
            Self::Run(run) => readable(&run_text(run)),
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::None => Value::Null,
            Self::Number(number) | Self::Seconds(number) => (*number).into(),
            Self::Text(text) => json_bytes(text),
            Self::List(list) => list.iter().map(|item| json_bytes(item)).collect(),
            Self::Run(run) => json_run(run),
        }
    }

    fn put_tsv(&self, out: &mut Vec<u8>) {
        match self {
            Self::None => out.push(b'-'),
            Self::Number(number) | Self::Seconds(number) => {
                daemonproxy_client::protocol::write_i64(out, *number);
            }
            Self::Text(text) => out.extend_from_slice(text),
            Self::List(list) => out.extend_from_slice(&list.join(&b' ')),
            Self::Run(run) => out.extend_from_slice(&run_text(run)),
        }
    }
}

/// The number of a run and its facts, as they are on the line.
fn run_text(run: &RunView) -> Vec<u8> {
    let facts = run.facts().map(|(key, value)| match value {
        Some(value) => [key, b"=", value].concat(),
        None => key.to_vec(),
    });
    let number = run.number().to_string().into_bytes();
    std::iter::once(number).chain(facts).collect::<Vec<_>>().join(&b' ')
}

/// A run as an object, with numbers for numbers, also for the moments.
fn json_run(run: &RunView) -> Value {
    let facts = run.values().map(|(key, value)| {
        let value = match value {
            FactValue::Moment(time) | FactValue::Seconds(time) => time.as_secs_f64().into(),
            FactValue::Number(number) => number.into(),
            FactValue::Flag => true.into(),
            FactValue::Word(word) => json_bytes(word),
            FactValue::Failure(why) => {
                serde_json::json!({"stage": json_bytes(why.stage), "errno": why.errno})
            }
        };
        (String::from_utf8_lossy(key).into_owned(), value)
    });
    let number = ("number".to_owned(), run.number().into());
    Value::Object(std::iter::once(number).chain(facts).collect())
}

/// Text as JSON, with nothing lost.
pub(crate) fn json_bytes(bytes: &[u8]) -> Value {
    std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().copied().collect(), Value::from)
}

/// JSON in which nothing controls a terminal: what would is escaped as `\uXXXX`, which says the
/// same.
pub(crate) fn json_text(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        if is_unsafe(character) && character != '\n' {
            text.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            text.push(character);
        }
    }
    text
}

/// The fields to show: those that were asked for, or these.
pub(crate) fn fields<'a>(
    asked: &'a [String],
    known: &[&str],
    default: &[&'a str],
) -> Result<Vec<&'a str>> {
    if asked.is_empty() {
        return Ok(default.to_vec());
    }
    let asked: Vec<_> = asked.iter().map(String::as_str).collect();
    match asked.iter().find(|field| !known.contains(field)) {
        Some(field) => {
            let text = format!("there is no field {field}; there are {}", known.join(", "));
            Err(Failure::new(USAGE, text))
        }
        None => Ok(asked),
    }
}

/// Rows under the names of their fields.
pub(crate) fn render(
    format: Format,
    style: Style,
    fields: &[&str],
    rows: &[Vec<Painted>],
) -> Vec<u8> {
    let mut out = Vec::new();
    let object = |row: &[Painted]| {
        let cells = fields.iter().zip(row);
        Value::Object(cells.map(|(name, cell)| ((*name).to_owned(), cell.cell.json())).collect())
    };
    match format {
        Format::Table => {
            for line in table(style, fields, rows) {
                out.extend_from_slice(screen::fit(&line).as_bytes());
                out.push(b'\n');
            }
        }
        Format::Json => {
            let all: Value = rows.iter().map(|row| object(row)).collect();
            out.extend_from_slice(json_text(&format!("{all:#}\n")).as_bytes());
        }
        Format::Jsonl => {
            for row in rows {
                out.extend_from_slice(json_text(&format!("{}\n", object(row))).as_bytes());
            }
        }
        Format::Tsv => {
            out.extend_from_slice(fields.join("\t").as_bytes());
            for row in rows {
                out.push(b'\n');
                for (index, cell) in row.iter().enumerate() {
                    if index > 0 {
                        out.push(b'\t');
                    }
                    cell.cell.put_tsv(&mut out);
                }
            }
            out.push(b'\n');
        }
    }
    out
}

/// The lines of a table, its header first.
pub(crate) fn table(style: Style, fields: &[&str], rows: &[Vec<Painted>]) -> Vec<String> {
    let is_number = |column: usize| {
        rows.iter().all(|row| matches!(row[column].cell, Cell::None | Cell::Number(_)))
    };
    let shown: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| cell.cell.shown()).collect()).collect();
    let widths: Vec<usize> = (0..fields.len())
        .map(|column| {
            let cells = shown.iter().map(|row| width(&row[column]));
            cells.chain([fields[column].len()]).max().unwrap_or(0)
        })
        .collect();
    let line = |cells: Vec<(String, Paint)>| {
        let mut line = String::new();
        for (column, (text, paint)) in cells.into_iter().enumerate() {
            let gap = " ".repeat(widths[column].saturating_sub(width(&text)));
            let text = style.paint(paint, &text);
            if column > 0 {
                line.push_str("  ");
            }
            if is_number(column) {
                line.push_str(&gap);
                line.push_str(&text);
            } else {
                line.push_str(&text);
                line.push_str(&gap);
            }
        }
        line.trim_end().to_owned()
    };
    let header = fields.iter().map(|field| (field.to_uppercase(), Paint::Bold)).collect();
    let body = shown.into_iter().zip(rows).map(|(texts, row)| {
        line(texts.into_iter().zip(row).map(|(text, cell)| (text, cell.paint)).collect())
    });
    std::iter::once(line(header)).chain(body).collect()
}

/// Writes to standard output at once.
pub(crate) fn write(bytes: &[u8]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(())
}

/// Says something to the person, beside what is written.
pub(crate) fn warn(text: &str) {
    // If standard error is gone there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "dpctl: {text}");
}

/// Shows a page in the language of man(7): on a terminal as man(1) does, else as it is.
pub(crate) fn manual(page: &str) -> Result<()> {
    use std::process::{Command, Stdio};
    if !std::io::stdout().is_terminal() {
        return write(page.as_bytes());
    }
    let Ok(mut man) = Command::new("man").args(["-l", "-"]).stdin(Stdio::piped()).spawn() else {
        return write(page.as_bytes());
    };
    if let Some(mut to) = man.stdin.take() {
        // Whoever leaves the pager early has seen enough.
        let _ = to.write_all(page.as_bytes());
    }
    man.wait()?;
    Ok(())
}

/// Writes to standard error, where it is not said who does.
pub(crate) fn complain(bytes: &[u8]) {
    let _ = std::io::stderr().write_all(bytes);
}

/// Writes lines of the protocol, or TSV, to standard output: byte for byte, but readable on a
/// terminal.
pub(crate) fn write_lines(bytes: &[u8]) -> Result<()> {
    if !std::io::stdout().is_terminal() {
        return write(bytes);
    }
    let lines = bytes.split(|&byte| byte == b'\n').map(|line| {
        let fields = line.split(|&byte| byte == b'\t').map(readable);
        fields.collect::<Vec<_>>().join("\t")
    });
    write(lines.collect::<Vec<_>>().join("\n").as_bytes())
}

/// Writes what [`render`] has made.
pub(crate) fn write_rendered(format: Format, bytes: &[u8]) -> Result<()> {
    if format == Format::Tsv { write_lines(bytes) } else { write(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[Cell]) -> Vec<Painted> {
        cells.iter().cloned().map(Painted::from).collect()
    }

    #[test]
    fn bytes_that_are_not_text_survive() {
        let rows = [row(&[Cell::Text(b"a\xff".to_vec())])];
        assert_eq!(render(Format::Tsv, Style::PLAIN, &["x"], &rows), b"x\na\xff\n");
        assert_eq!(render(Format::Jsonl, Style::PLAIN, &["x"], &rows), b"{\"x\":[97,255]}\n");
        assert_eq!(render(Format::Table, Style::PLAIN, &["x"], &rows), b"X\na\\xff\n");
    }

    #[test]
    fn json_does_not_command_the_terminal() {
        let text = "a\u{9b}2J\u{202e}b\u{7f}\n";
        let rows = [row(&[Cell::text(text)])];
        for format in [Format::Json, Format::Jsonl] {
            let json = String::from_utf8(render(format, Style::PLAIN, &["x"], &rows)).unwrap();
            assert!(json.contains(r#""a\u009b2J\u202eb\u007f\n""#), "{json}");
            let back: Value = serde_json::from_str(&json).unwrap();
            assert!(
                back == serde_json::json!([{"x": text}]) || back == serde_json::json!({"x": text})
            );
        }
    }

    #[test]
    fn numbers_stand_to_the_right() {
        let rows =
            [row(&[Cell::Number(5), Cell::Seconds(60)]), row(&[Cell::Number(12), Cell::None])];
        let lines = table(Style::PLAIN, &["pid", "uptime"], &rows);
        assert_eq!(lines, ["PID  UPTIME", "  5  1m00s", " 12  -"]);
    }
}
