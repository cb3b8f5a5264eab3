//! When the time of a schedule comes next: cron expressions, in a time zone.
//!
//! The rules of time zones are part of this program (chrono-tz), because a static program may run
//! where there are no others.

use std::path::{Component, Path};
use std::str::FromStr;

use chrono::{DateTime, TimeZone};
use chrono_tz::Tz;
use croner::errors::CronError;
use croner::parser::{CronParser, Seconds, Year};

/// The first moment after `after` at which the five fields of `expression` (crontab(5)) match the
/// clock of `zone`, or of the machine; both moments in seconds of the epoch.
///
/// A time that the clock leaves out (when daylight saving begins) comes once, at the end of the
/// gap; one that comes twice (when it ends) counts once, unless the expression is about every hour.
pub(super) fn next(expression: &str, zone: Option<&str>, after: i64) -> Result<i64, String> {
    let zone = match zone {
        Some(name) => Tz::from_str(name)
            .map_err(|_| format!("{name:?} is no time zone, such as Europe/Berlin or UTC"))?,
        None => of_the_machine(),
    };
    let cron = CronParser::builder()
        .seconds(Seconds::Disallowed)
        .year(Year::Disallowed)
        .build()
        .parse(expression)
        .map_err(|error| format!("{expression:?} is no schedule: {error}"))?;
    let after = DateTime::from_timestamp(after, 0)
        .ok_or_else(|| format!("{after} is no moment"))?
        .naive_utc();
    match cron.find_next_occurrence(&zone.from_utc_datetime(&after), false) {
        Ok(next) => Ok(next.timestamp()),
        Err(CronError::TimeSearchLimitExceeded) => {
            Err(format!("{expression:?} never comes: there is no such day"))
        }
        Err(error) => Err(format!("{expression:?} is no schedule: {error}")),
    }
}

/// The zone that TZ names, or /etc/localtime (localtime(5)); UTC if neither says.
fn of_the_machine() -> Tz {
    let named =
        std::env::var("TZ").ok().and_then(|name| Tz::from_str(name.trim_start_matches(':')).ok());
    named
        .or_else(|| zone_of_file(&std::fs::canonicalize("/etc/localtime").ok()?))
        .unwrap_or(Tz::UTC)
}

/// The zone whose rules are in that file: its name is the end of the path.
fn zone_of_file(path: &Path) -> Option<Tz> {
    let parts: Vec<&str> = path
        .components()
        .filter_map(|part| if let Component::Normal(name) = part { name.to_str() } else { None })
        .collect();
    // `Europe/Berlin`, or `America/Argentina/Salta`; the longest name that there is.
    (1..=3)
        .rev()
        .filter(|&count| count <= parts.len())
        .find_map(|count| Tz::from_str(&parts[parts.len() - count..].join("/")).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(zone: &str, text: &str) -> i64 {
        let zone = Tz::from_str(zone).unwrap();
        let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        zone.from_local_datetime(&local).earliest().unwrap().timestamp()
    }

    /// The next times, in the clock of that zone, with its distance from UTC.
    fn times(expression: &str, zone: &str, from: &str, count: usize) -> Vec<String> {
        let mut at = moment(zone, from);
        let tz = Tz::from_str(zone).unwrap();
        (0..count)
            .map(|_| {
                at = next(expression, Some(zone), at).unwrap();
                let local = tz.timestamp_opt(at, 0).unwrap();
                local.format("%d %H:%M %Z").to_string()
            })
            .collect()
    }

    #[test]
    fn a_time_that_the_clock_leaves_out_comes_once_at_the_end_of_the_gap() {
        let berlin = times("30 2 * * *", "Europe/Berlin", "2026-03-28 00:00", 3);
        assert_eq!(berlin, ["28 02:30 CET", "29 03:00 CEST", "30 02:30 CEST"]);
        let new_york = times("15 2 * * *", "America/New_York", "2026-03-07 00:00", 3);
        assert_eq!(new_york, ["07 02:15 EST", "08 03:00 EDT", "09 02:15 EDT"]);
    }

    #[test]
    fn a_time_that_comes_twice_counts_once() {
        let berlin = times("30 2 * * *", "Europe/Berlin", "2026-10-24 00:00", 3);
        assert_eq!(berlin, ["24 02:30 CEST", "25 02:30 CEST", "26 02:30 CET"]);
        let new_york = times("30 1 * * *", "America/New_York", "2026-10-31 00:00", 3);
        assert_eq!(new_york, ["31 01:30 EDT", "01 01:30 EDT", "02 01:30 EST"]);
    }

    #[test]
    fn what_is_about_every_hour_goes_on_through_both() {
        let berlin = times("*/30 * * * *", "Europe/Berlin", "2026-10-25 02:15", 4);
        assert_eq!(berlin, ["25 02:30 CEST", "25 02:00 CET", "25 02:30 CET", "25 03:00 CET"]);
        let spring = times("*/30 * * * *", "Europe/Berlin", "2026-03-29 01:15", 3);
        assert_eq!(spring, ["29 01:30 CET", "29 03:00 CEST", "29 03:30 CEST"]);
    }

    /// Each row: a schedule, a zone, a moment in its clock, and what comes then.
    #[test]
    fn the_clock_changes_of_berlin_and_new_york() {
        const B: &str = "Europe/Berlin";
        const N: &str = "America/New_York";
        // In 2026 Berlin changes on 29 March and 25 October, New York on 8 March and 1 November.
        for (cron, zone, from, expected) in [
            // Spring: what the gap swallows comes once, at its end.
            ("0 2 * * *", B, "2026-03-28 12:00", "29 03:00 CEST|30 02:00 CEST"),
            ("59 2 * * *", B, "2026-03-28 12:00", "29 03:00 CEST|30 02:59 CEST"),
            ("0 3 * * *", B, "2026-03-28 12:00", "29 03:00 CEST|30 03:00 CEST"),
            ("59 1 * * *", B, "2026-03-28 12:00", "29 01:59 CET|30 01:59 CEST"),
            ("30 2 29 3 *", B, "2026-03-28 12:00", "29 03:00 CEST"),
            ("30 2 * * sun", B, "2026-03-28 12:00", "29 03:00 CEST|05 02:30 CEST"),
            ("0 2 * * *", N, "2026-03-07 12:00", "08 03:00 EDT|09 02:00 EDT"),
            ("30 2 * * *", N, "2026-03-07 12:00", "08 03:00 EDT|09 02:30 EDT"),
            ("30 3 * * *", N, "2026-03-07 12:00", "08 03:30 EDT|09 03:30 EDT"),
            ("0 * * * *", B, "2026-03-29 00:30", "29 01:00 CET|29 03:00 CEST|29 04:00 CEST"),
            ("0 * * * *", N, "2026-03-08 00:30", "08 01:00 EST|08 03:00 EDT|08 04:00 EDT"),
            // ... but what is about every so many hours goes by the clock.
            ("0 */2 * * *", B, "2026-03-28 23:30", "29 00:00 CET|29 04:00 CEST|29 06:00 CEST"),
            // Autumn: what would come twice comes once, the first time.
            ("0 2 * * *", B, "2026-10-24 12:00", "25 02:00 CEST|26 02:00 CET"),
            ("59 2 * * *", B, "2026-10-24 12:00", "25 02:59 CEST|26 02:59 CET"),
            ("0 3 * * *", B, "2026-10-24 12:00", "25 03:00 CET|26 03:00 CET"),
            ("30 2 * * sun", B, "2026-10-24 12:00", "25 02:30 CEST|01 02:30 CET"),
            ("0 1 * * *", N, "2026-10-31 12:00", "01 01:00 EDT|02 01:00 EST"),
            ("59 1 * * *", N, "2026-10-31 12:00", "01 01:59 EDT|02 01:59 EST"),
            ("0 2 * * *", N, "2026-10-31 12:00", "01 02:00 EST|02 02:00 EST"),
            // What is about every hour, or every few minutes, goes on.
            ("0 * * * *", B, "2026-10-25 01:30", "25 02:00 CEST|25 02:00 CET|25 03:00 CET"),
            ("0 * * * *", N, "2026-11-01 00:30", "01 01:00 EDT|01 01:00 EST|01 02:00 EST"),
            ("*/30 * * * *", N, "2026-11-01 01:15", "01 01:30 EDT|01 01:00 EST|01 01:30 EST"),
        ] {
            let expected: Vec<_> = expected.split('|').collect();
            assert_eq!(times(cron, zone, from, expected.len()), expected, "{cron} {zone} {from}");
        }
    }

    #[test]
    fn a_day_of_the_month_or_of_the_week_as_in_cron() {
        // 2026-11-01 is a Sunday.
        let times = times("0 4 1 * fri", "UTC", "2026-10-31 00:00", 3);
        assert_eq!(times, ["01 04:00 UTC", "06 04:00 UTC", "13 04:00 UTC"]);
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (expression, zone, why) in [
            ("0 0 31 2 *", "UTC", "never comes"),
            ("0 0 * *", "UTC", "no schedule"),
            ("0 30 3 * * *", "UTC", "no schedule"),
            ("61 * * * *", "UTC", "no schedule"),
            ("", "UTC", "no schedule"),
            ("0 0 * * *", "Europe/Bonn", "no time zone"),
        ] {
            let said = next(expression, Some(zone), 0).unwrap_err();
            assert!(said.contains(why), "{expression} {zone}: {said}");
        }
        assert!(next("0 0 * * *", None, i64::MAX).is_err());
    }

    #[test]
    fn the_zone_of_the_machine_is_the_end_of_a_path() {
        let zone = |path: &str| zone_of_file(Path::new(path)).map(Tz::name);
        assert_eq!(zone("/usr/share/zoneinfo/Europe/Berlin"), Some("Europe/Berlin"));
        assert_eq!(zone("/usr/share/zoneinfo/Etc/UTC"), Some("Etc/UTC"));
        assert_eq!(
            zone("/usr/share/zoneinfo/America/Argentina/Salta"),
            Some("America/Argentina/Salta")
        );
        assert_eq!(zone("/etc/localtime"), None);
    }
}
