//! Times, sizes and limits, as systemd writes them.

use crate::value;

/// Seconds of `5min 20s`, `90`, `500ms`; at least one, and none of `infinity`.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let mut milliseconds = 0_u64;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at(end);
        let after = after.trim_start();
        let end = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        let factor = match unit {
            "us" | "usec" => 0,
            "ms" | "msec" => 1,
            "" | "s" | "sec" | "second" | "seconds" => 1000,
            "m" | "min" | "minute" | "minutes" => 60_000,
            "h" | "hr" | "hour" | "hours" => 3_600_000,
            "d" | "day" | "days" => 86_400_000,
            "w" | "week" | "weeks" => 604_800_000,
            _ => return None,
        };
        let (whole, point) = number.split_once('.').unwrap_or((number, "0"));
        let tenth: u64 = point.get(..1)?.parse().ok()?;
        let whole: u64 = whole.parse().ok()?;
        milliseconds = milliseconds.checked_add(whole.checked_mul(factor)?)? + tenth * factor / 10;
        rest = after.trim_start();
    }
    (!text.trim().is_empty()).then(|| milliseconds.div_ceil(1000).clamp(1, 2_147_483_647))
}

/// Bytes of `512M`.
pub(super) fn bytes(text: &str) -> Option<u64> {
    match text.strip_suffix('T') {
        Some(number) => number.parse::<u64>().ok()?.checked_mul(1 << 40),
        None => value::size(text),
    }
}

/// The name of a limit, and its value as the file has it.
pub(super) fn limit(key: &str, value: &str) -> Option<(String, String)> {
    let name = key.strip_prefix("Limit")?.to_lowercase();
    let known = daemonproxy_protocol::tables::OPTIONS.iter().find(|it| it.name == "limit")?;
    let is_known = known.names.contains(&&*name);
    let one = |text: &str| match text {
        "infinity" => Some("\"unlimited\"".to_owned()),
        text if name == "nice" && text.starts_with(['+', '-']) => {
            // The limit counts from the other end.
            let nice: i64 = text.trim_start_matches('+').parse().ok()?;
            Some((20 - nice).to_string())
        }
        text => match &*name {
            "cpu" => text.parse().ok().or_else(|| seconds(text)).map(|it: u64| it.to_string()),
            _ => bytes(text).map(|it| it.to_string()),
        },
    };
    let value = match value.split_once(':') {
        Some((soft, hard)) => format!("[{}, {}]", one(soft)?, one(hard)?),
        None => one(value)?,
    };
    is_known.then_some((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (text, expected) in
            [("90", 90), ("5min 20s", 320), ("500ms", 1), ("1h30m", 5400), ("2.5s", 3), ("0", 1)]
        {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
        for wrong in ["", "infinity", "x", "5x", "s"] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn limits() {
        let is = |key, value, expected: &str| {
            assert_eq!(limit(key, value).map(|it| it.1).as_deref(), Some(expected), "{key}");
        };
        is("LimitNOFILE", "1024:4096", "[1024, 4096]");
        is("LimitCORE", "infinity", "\"unlimited\"");
        is("LimitMEMLOCK", "64M", "67108864");
        is("LimitCPU", "10min", "600");
        assert_eq!(limit("LimitBOGUS", "1"), None);
        assert_eq!(limit("LimitNOFILE", "x"), None);
    }
}
