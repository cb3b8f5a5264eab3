//! Times as the daemon counts them, and as people read them.

use std::time::Duration;

/// The current second of CLOCK_MONOTONIC.
pub fn monotonic() -> i64 {
    nix::time::clock_gettime(nix::time::ClockId::CLOCK_MONOTONIC).map_or(0, |now| now.tv_sec())
}

/// `7s`, `3m12s`, `2h05m`, `4d03h`: the two largest units.
pub fn span(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400);
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{minutes}m{:02}s", seconds % 60),
        3600..86400 => format!("{hours}h{:02}m", minutes % 60),
        _ => format!("{days}d{:02}h", hours % 24),
    }
}

/// The same clock, exactly.
pub fn monotonic_exact() -> Duration {
    let now = nix::time::clock_gettime(nix::time::ClockId::CLOCK_MONOTONIC);
    now.map_or(Duration::ZERO, Duration::from)
}

/// `0.004s`, `2.5s`, and from ten seconds on as [`span`] has it.
pub fn brief(time: Duration) -> String {
    if time >= Duration::from_secs(10) {
        return span(time.as_secs().try_into().unwrap_or(i64::MAX));
    }
    if time < Duration::from_millis(1) {
        return "less than 1ms".to_owned();
    }
    let text = format!("{:.3}", time.as_secs_f64());
    format!("{}s", text.trim_end_matches('0').trim_end_matches('.'))
}

/// `first`, `2nd`, `3rd`, `11th`, `22nd`.
pub fn ordinal(number: i64) -> String {
    let end = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    if number == 1 { "first".to_owned() } else { format!("{number}{end}") }
}

/// A span of this many seconds, or the longest possible if they do not fit.
pub fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{brief, ordinal, span};

    #[test]
    fn counted() {
        let counted = [1, 2, 3, 4, 11, 12, 21, 112].map(ordinal);
        assert_eq!(counted, ["first", "2nd", "3rd", "4th", "11th", "12th", "21st", "112th"]);
    }

    #[test]
    fn short_times_have_a_point() {
        let brief = [0, 4, 2500, 9999, 10_000, 192_000].map(Duration::from_millis).map(brief);
        assert_eq!(brief, ["less than 1ms", "0.004s", "2.5s", "9.999s", "10s", "3m12s"]);
    }

    #[test]
    fn the_two_largest_units() {
        let spans = [0, 59, 60, 192, 3600, 7500, 86399, 86400, 356_400].map(span);
        assert_eq!(
            spans,
            ["0s", "59s", "1m00s", "3m12s", "1h00m", "2h05m", "23h59m", "1d00h", "4d03h"]
        );
    }
}
