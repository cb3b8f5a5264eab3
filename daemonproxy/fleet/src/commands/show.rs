//! Writing for people: tables, times, and text that controls no terminal.

use std::io::Write;
use std::time::Duration;

use daemonproxy_log::Moment;

use crate::failure::Result;

/// The length of a moment that ends with its milliseconds.
const MILLIS: usize = "2026-08-01T12:34:56.123".len();

/// Writes to standard output.
pub(super) fn write(text: &str) -> Result<()> {
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(std::io::stdout().flush()?)
}

/// What others have written: nothing in it controls the terminal.
pub(super) fn readable(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    daemonproxy_client::protocol::write_readable(&mut out, text.as_bytes());
    String::from_utf8_lossy(&out).into_owned()
}

/// The same on one line.
pub(super) fn one_line(text: &str) -> String {
    readable(text.lines().next().unwrap_or_default())
}

/// Aligned columns; the last one is as long as it is.
pub(super) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let head: Vec<String> = head.iter().map(|&it| it.to_owned()).collect();
    let all: Vec<&Vec<String>> = std::iter::once(&head).chain(rows).collect();
    let width =
        |at: usize| all.iter().filter_map(|row| row.get(at)).map(|it| it.chars().count()).max();
    let widths: Vec<usize> = (0..head.len()).map(|at| width(at).unwrap_or(0)).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    all.into_iter().map(line).collect()
}

/// A span of time, roughly.
pub(super) fn span(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// A moment of Unix time, in UTC.
pub(super) fn utc(seconds: f64) -> String {
    let moment = Duration::try_from_secs_f64(seconds).unwrap_or_default();
    let (seconds, nanos) = (moment.as_secs().try_into().unwrap_or(i64::MAX), moment.subsec_nanos());
    let micros = Moment { seconds, nanos }.to_string();
    format!("{}Z", micros.get(..MILLIS).unwrap_or(&micros))
}

#[cfg(test)]
mod tests {
    use super::{table, utc};

    #[test]
    fn moments() {
        assert_eq!(utc(0.0), "1970-01-01T00:00:00.000Z");
        assert_eq!(utc(951_827_696.5), "2000-02-29T12:34:56.500Z");
        assert_eq!(utc(1_795_827_157.25), "2026-11-28T00:52:37.250Z");
    }

    #[test]
    fn columns() {
        let rows = [vec!["a".to_owned(), "bbb".to_owned()], vec!["cccc".to_owned(), String::new()]];
        assert_eq!(table(&["X", "Y"], &rows), "X     Y\na     bbb\ncccc\n");
    }
}
