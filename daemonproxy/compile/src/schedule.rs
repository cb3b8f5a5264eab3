//! Schedules: what `schedule = { … }` asks for, as the tags that the module `daemonproxy.schedule`
//! of Lua goes by. What a text means is found out as the program of Lua does it.

use std::str::FromStr;

use chrono::{DateTime, TimeZone};
use chrono_tz::Tz;
use croner::errors::CronError;
use croner::parser::{CronParser, Seconds, Year};

use crate::problem::Place;

/// When a service is started.
#[derive(Clone, Debug)]
pub(crate) struct Schedule {
    pub(crate) cron: String,
    pub(crate) tz: Option<String>,
    /// What was missed is made up for, and where it is asked for.
    pub(crate) catch_up: Option<Place>,
}

/// A moment from which to look: 1 January 2026. It does not matter which, since all schedules are
/// about every year; but the day must be the same whenever a file is read.
const SOME_DAY: i64 = 1_767_225_600;

/// Fields with one space between them.
pub(crate) fn normal(expression: &str) -> String {
    expression.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether there is such a time zone.
pub(crate) fn is_zone(name: &str) -> bool {
    Tz::from_str(name).is_ok()
}

/// What is wrong with an expression, and what to write instead.
pub(crate) fn fault(expression: &str) -> Option<(String, Option<&'static str>)> {
    let help = "minute, hour, day of month, month, day of week: \"30 3 * * *\"";
    let wrong = |error: CronError| Some((format!("this is no schedule: {error}"), Some(help)));
    let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
    let cron = match parser.parse(expression) {
        Ok(cron) => cron,
        Err(error) => return wrong(error),
    };
    let from = DateTime::from_timestamp(SOME_DAY, 0)?.naive_utc();
    match cron.find_next_occurrence(&Tz::UTC.from_utc_datetime(&from), false) {
        Ok(_) => None,
        Err(CronError::TimeSearchLimitExceeded) => {
            Some(("this never comes: there is no such day".to_owned(), None))
        }
        Err(error) => wrong(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_schedule() {
        for good in ["30 3 * * *", "*/5 * * * mon-fri", "0 0 29 2 *", "0 4 1 * fri", "0 0 L * *"] {
            assert_eq!(fault(good), None, "{good}");
        }
        for wrong in ["0 0 31 2 *", "0 0 30 feb *"] {
            assert!(fault(wrong).is_some_and(|it| it.0.contains("never comes")), "{wrong}");
        }
        for wrong in ["", "3 * * *", "0 30 3 * * *", "61 * * * *", "0 0 * * * 2030", "x * * * *"] {
            assert!(fault(wrong).is_some_and(|it| it.0.contains("no schedule")), "{wrong}");
        }
        assert!(is_zone("Europe/Berlin") && is_zone("UTC") && !is_zone("Europe/Bonn"));
    }
}
