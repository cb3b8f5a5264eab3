//! A moment on the command line.

use std::time::{SystemTime, UNIX_EPOCH};

use daemonproxy_log::Moment;

/// A span before now (`10m`), or a time as loggers write it.
pub(crate) fn since(text: &str) -> Result<Moment, String> {
    if let Some((moment, [])) = Moment::read(text.as_bytes()) {
        return Ok(moment);
    }
    let wrong = || {
        "a span such as 90s, 10m, 2h or 7d is expected, or a time such as 2026-08-01T12:34:56Z"
            .to_owned()
    };
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match &text[digits.len()..] {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        _ => return Err(wrong()),
    };
    let span = digits.parse::<u32>().map_err(|_| wrong())?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now_seconds = i64::try_from(now.as_secs()).unwrap_or(0);
    let seconds = now_seconds - i64::from(span) * unit;
    Ok(Moment { seconds, nanos: now.subsec_nanos() })
}

#[cfg(test)]
mod tests {
    use super::since;

    const TIME: &str = "2026-08-01T12:34:56.123456Z";

    #[test]
    fn since_is_a_span_or_a_time() {
        let moment = since(&TIME[..19]).map(|_| ());
        assert!(moment.is_err(), "it has to say that it is UTC");
        assert_eq!(since(TIME).unwrap().nanos, 123_456_000);
        let (hour, now) = (since("1h").unwrap(), since("0").unwrap());
        assert!((3599..=3601).contains(&(now.seconds - hour.seconds)));
        for text in ["", "m", "10x", "-5", "1.5h", "yesterday"] {
            assert!(since(text).is_err(), "{text}");
        }
    }
}
