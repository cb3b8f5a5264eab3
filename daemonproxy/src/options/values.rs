//! The values of options: numbers, sizes, signals, paths.

use std::ffi::{CString, OsString};
use std::os::unix::ffi::OsStringExt;
use std::time::Duration;

use daemonproxy_core::Pool;
use daemonproxy_protocol::{Signal, SignalAction, read_seconds};
use lexopt::Parser;

use crate::options::Instead;

/// The longest time, as in the protocol.
const LONGEST: Duration = Duration::from_secs(i32::MAX as u64);

pub(super) fn number<T: std::str::FromStr>(
    parser: &mut Parser,
    option: &str,
) -> Result<T, Instead> {
    let value = parser.value()?;
    let number = value.to_str().and_then(|text| text.parse().ok());
    number.ok_or_else(|| {
        Instead::Complain(format!("{option} needs a number, not \"{}\"", value.to_string_lossy()))
    })
}

pub(super) fn on_signal(value: &OsString) -> Result<(Signal, SignalAction), Instead> {
    let wrong = || {
        let value = value.to_string_lossy();
        Instead::Complain(format!(
            "--on-signal needs SIGNAL=event, =shutdown, =terminate or =forward, with SIGNAL one of \
             INT, HUP, TERM, USR1, USR2 and QUIT, or WINCH=forward, not \"{value}\""
        ))
    };
    let pair = value.to_str().and_then(|text| text.split_once('='));
    let (signal, action) = pair.ok_or_else(wrong)?;
    let signal = Signal::parse(signal.as_bytes()).ok_or_else(wrong)?;
    let action = SignalAction::parse(action.as_bytes()).ok_or_else(wrong)?;
    let is_forwarded = signal == Signal::WINCH && !action.is_the_end();
    if signal.is_received() || is_forwarded { Ok((signal, action)) } else { Err(wrong()) }
}

/// `TERM`, `TERM,KILL` or `TERM,KILL,FLUSH`, in seconds.
pub(super) fn shutdown_times(value: &OsString) -> Result<[Option<Duration>; 3], Instead> {
    let wrong = || {
        let value = value.to_string_lossy();
        Instead::Complain(format!(
            "--shutdown-times needs TERM, TERM,KILL or TERM,KILL,FLUSH in seconds, not \"{value}\""
        ))
    };
    let mut times = [None; 3];
    for (nth, text) in value.to_str().ok_or_else(wrong)?.split(',').enumerate() {
        let time = read_seconds(text.as_bytes()).filter(|&time| time <= LONGEST);
        *times.get_mut(nth).ok_or_else(wrong)? = Some(time.ok_or_else(wrong)?);
    }
    Ok(times)
}

/// `N`, or `NxM` with M in bytes or with a unit.
pub(super) fn pool(value: &OsString, default_bytes: usize) -> Result<Pool, Instead> {
    let wrong = || {
        let value = value.to_string_lossy();
        Instead::Complain(format!(
            "a pool is a count, or a count and a size such as 64x1K, not \"{value}\""
        ))
    };
    let text = value.to_str().ok_or_else(wrong)?;
    let (count, size) = match text.split_once(['x', 'X']) {
        Some((count, size)) => (count, Some(size)),
        None => (text, None),
    };
    let count = count.parse().map_err(|_| wrong())?;
    let bytes = size.map_or(Some(default_bytes), bytes).ok_or_else(wrong)?;
    Ok(Pool { count, bytes })
}

/// A number of bytes: `512`, `1K`, `1KiB` (1024), `1kB` (1000), and so on for M and G.
fn bytes(text: &str) -> Option<usize> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let number: usize = digits.parse().ok()?;
    let unit = match &text[digits.len()..] {
        "" | "B" | "b" => 1,
        "K" | "k" | "KiB" | "kiB" => 1 << 10,
        "M" | "m" | "MiB" => 1 << 20,
        "G" | "g" | "GiB" => 1 << 30,
        "kB" | "KB" => 1000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        _ => return None,
    };
    number.checked_mul(unit)
}

/// A path for the kernel. Arguments come from the kernel too, so there is no NUL in them.
pub(crate) fn c_path(path: OsString) -> CString {
    CString::new(path.into_vec()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        for (text, size) in [("1", 1), ("2K", 2048), ("2kB", 2000), ("1KiB", 1024), ("3M", 3 << 20)]
        {
            assert_eq!(bytes(text), Some(size), "{text}");
        }
        for text in ["", "K", "1X", "1 K", "-1"] {
            assert_eq!(bytes(text), None, "{text}");
        }
    }
}
