//! Writing for people: tables, times, and text that controls no terminal.

use std::io::Write;

use crate::failure::Result;

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
    let millis = (seconds.max(0.0) * 1000.0) as u64;
    let (days, rest) = (millis / 86_400_000, millis % 86_400_000);
    let (year, month, day) = date(days);
    let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
    let (second, milli) = (rest / 1000 % 60, rest % 1000);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

/// The date that comes so many days after the first of January 1970.
fn date(days: u64) -> (u64, u64, u64) {
    // Years begin in March, so that the day more comes last.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + u64::from(month <= 2), month, day)
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
