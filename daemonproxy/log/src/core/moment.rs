//! Moments, how they are written in front of lines, and how they are read again.

use std::fmt;

use super::text::Text;

const SECONDS_OF_A_DAY: i64 = 86_400;
/// The last second of the year 9999: years have four digits.
const LAST: i64 = 253_402_300_799;
/// What TAI64N adds to the seconds since 1970: 2^62, and the 10 seconds by which TAI was ahead of
/// UTC then. Leap seconds since then are not looked up; few loggers do.
const TAI: u64 = (1 << 62) + 10;

/// A moment: seconds since 1970, and the nanoseconds after them.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Moment {
    /// Seconds since 1970, in UTC.
    pub seconds: i64,
    /// Nanoseconds after that.
    pub nanos: u32,
}

/// How the moment of a line is written.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub enum TimeFormat {
    /// `2026-08-01T12:34:56.123456Z`
    #[default]
    Iso,
    /// `1785587696.123456`
    Unix,
    /// `@400000006a6de9ba075bca00`
    Tai64n,
    /// Not at all.
    None,
}

/// A moment as it stands in front of a line, with the space after it.
pub(crate) type Stamp = Text<32>;

impl TimeFormat {
    /// By its name on the command line.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "iso" => Self::Iso,
            "unix" => Self::Unix,
            "tai64n" => Self::Tai64n,
            "none" => Self::None,
            _ => return None,
        })
    }

    /// Writes it.
    pub(crate) fn stamp(self, moment: Moment) -> Stamp {
        let mut text = Stamp::EMPTY;
        let micros = u64::from(moment.nanos / 1000);
        match self {
            Self::None => return text,
            Self::Iso => {
                let civil = Civil::of(moment);
                text.push_number(civil.year, 4).push(b"-").push_number(civil.month, 2);
                text.push(b"-").push_number(civil.day, 2).push(b"T");
                text.push_number(civil.hour, 2).push(b":").push_number(civil.minute, 2);
                text.push(b":").push_number(civil.second, 2);
                text.push(b".").push_number(micros, 6).push(b"Z");
            }
            Self::Unix => {
                let seconds = moment.seconds.max(0).unsigned_abs();
                text.push_number(seconds, 1).push(b".").push_number(micros, 6);
            }
            Self::Tai64n => {
                let label = TAI.wrapping_add_signed(moment.seconds);
                text.push(b"@").push_hex(label, 16).push_hex(moment.nanos.into(), 8);
            }
        }
        *text.push(b" ")
    }
}

impl Moment {
    /// `20260801T123456Z`, for the name of a file.
    pub(crate) fn compact(self) -> Stamp {
        let civil = Civil::of(self);
        let mut text = Stamp::EMPTY;
        text.push_number(civil.year, 4).push_number(civil.month, 2).push_number(civil.day, 2);
        text.push(b"T").push_number(civil.hour, 2).push_number(civil.minute, 2);
        *text.push_number(civil.second, 2).push(b"Z")
    }

    /// The moment at the start of a line that a logger has written, in whatever format, and the
    /// rest of the line.
    pub fn read(line: &[u8]) -> Option<(Self, &[u8])> {
        let end = line.iter().take(32).position(|&byte| byte == b' ').unwrap_or(line.len());
        let (word, rest) = line.split_at(end);
        let moment = match word.first()? {
            b'@' => from_tai64n(&word[1..])?,
            _ if word.ends_with(b"Z") => from_iso(word)?,
            _ => from_unix(word)?,
        };
        Some((moment, rest.strip_prefix(b" ").unwrap_or(rest)))
    }
}

/// As at the start of a line: `2026-08-01T12:34:56.123456Z`.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stamp = TimeFormat::Iso.stamp(*self);
        f.write_str(str::from_utf8(stamp.as_bytes()).unwrap_or_default().trim_end())
    }
}

/// A moment in the calendar of UTC.
struct Civil {
    year: u64,
    month: u64,
    day: u64,
    hour: u64,
    minute: u64,
    second: u64,
}

impl Civil {
    /// Before 1970 and after 9999 there is no time.
    fn of(moment: Moment) -> Self {
        let seconds = moment.seconds.clamp(0, LAST);
        let (days, rest) = (
            (seconds / SECONDS_OF_A_DAY).unsigned_abs(),
            (seconds % SECONDS_OF_A_DAY).unsigned_abs(),
        );
        // Counted from 1 March of the year 0, a leap day is the last of its year, and years come in
        // eras of 400 that are all alike (Howard Hinnant, "chrono-Compatible Low-Level Date
        // Algorithms").
        let days = days + 719_468;
        let (era, of_era) = (days / 146_097, days % 146_097);
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = year + era * 400 + u64::from(month <= 2);
        let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
        Self { year, month, day, hour, minute, second }
    }
}

/// Days from 1970 to a day of the calendar.
fn days_until(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let from_march = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * from_march + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn digits(text: &[u8]) -> Option<i64> {
    let is_number = !text.is_empty() && text.len() <= 18 && text.iter().all(u8::is_ascii_digit);
    is_number.then(|| text.iter().fold(0, |number, &digit| number * 10 + i64::from(digit - b'0')))
}

/// The digits after a point, as nanoseconds.
fn fraction(text: &[u8]) -> Option<u32> {
    let number = digits(text).filter(|_| text.len() <= 9)?;
    u32::try_from(number * 10_i64.pow(9 - text.len() as u32)).ok()
}

/// `2026-08-01T12:34:56.123456Z`, or without the fraction.
pub(super) fn from_iso(word: &[u8]) -> Option<Moment> {
    let (date, rest) = word.split_at_checked(19)?;
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if marks.iter().any(|&(at, mark)| date[at] != mark) {
        return None;
    }
    let field = |from: usize, to: usize, most: i64| digits(&date[from..to]).filter(|&n| n <= most);
    let days = days_until(field(0, 4, 9999)?, field(5, 7, 12)?, field(8, 10, 31)?);
    let (hour, minute, second) = (field(11, 13, 23)?, field(14, 16, 59)?, field(17, 19, 60)?);
    let nanos = match rest.strip_suffix(b"Z")? {
        [] => 0,
        [b'.', rest @ ..] => fraction(rest)?,
        _ => return None,
    };
    Some(Moment { seconds: days * SECONDS_OF_A_DAY + hour * 3600 + minute * 60 + second, nanos })
}

fn from_unix(word: &[u8]) -> Option<Moment> {
    let point = word.iter().position(|&byte| byte == b'.')?;
    Some(Moment { seconds: digits(&word[..point])?, nanos: fraction(&word[point + 1..])? })
}

fn from_tai64n(hex: &[u8]) -> Option<Moment> {
    let number = |hex: &[u8]| u64::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok();
    if hex.len() != 24 {
        return None;
    }
    let seconds = i64::try_from(number(&hex[..16])?.checked_sub(TAI)?).ok()?;
    let nanos = u32::try_from(number(&hex[16..])?).ok().filter(|&nanos| nanos < 1_000_000_000)?;
    Some(Moment { seconds, nanos })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(format: TimeFormat, seconds: i64, nanos: u32) -> String {
        let stamp = format.stamp(Moment { seconds, nanos });
        String::from_utf8(stamp.as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn the_formats() {
        let (seconds, nanos) = (1_785_587_696, 123_456_789);
        assert_eq!(written(TimeFormat::Iso, seconds, nanos), "2026-08-01T12:34:56.123456Z ");
        assert_eq!(written(TimeFormat::Unix, seconds, nanos), "1785587696.123456 ");
        assert_eq!(written(TimeFormat::Tai64n, seconds, nanos), "@400000006a6de7fa075bcd15 ");
        assert_eq!(written(TimeFormat::None, seconds, nanos), "");
        let compact = Moment { seconds, nanos }.compact();
        assert_eq!(compact.as_bytes(), b"20260801T123456Z");
    }

    #[test]
    fn the_calendar() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00.000000Z "),
            (951_782_399, "2000-02-28T23:59:59.000000Z "),
            (951_782_400, "2000-02-29T00:00:00.000000Z "),
            (951_868_800, "2000-03-01T00:00:00.000000Z "),
            (1_709_164_800, "2024-02-29T00:00:00.000000Z "),
            (4_107_542_400, "2100-03-01T00:00:00.000000Z "),
            (LAST, "9999-12-31T23:59:59.000000Z "),
            (i64::MAX, "9999-12-31T23:59:59.000000Z "),
            (-1, "1970-01-01T00:00:00.000000Z "),
        ] {
            assert_eq!(written(TimeFormat::Iso, seconds, 0), text);
        }
    }

    #[test]
    fn what_is_written_can_be_read() {
        for day in 0..60_000 {
            let moment = Moment { seconds: day * 86_400 + day * 7919 % 86_400, nanos: 123_456_000 };
            for format in [TimeFormat::Iso, TimeFormat::Unix, TimeFormat::Tai64n] {
                let mut line = format.stamp(moment).as_bytes().to_vec();
                line.extend_from_slice(b"the rest");
                assert_eq!(Moment::read(&line), Some((moment, &b"the rest"[..])));
            }
        }
    }

    #[test]
    fn what_is_no_moment() {
        for line in [
            "",
            " ",
            "Z",
            "hello world",
            "2026-08-01",
            "2026-13-01T00:00:00Z",
            "1.2.3 x",
            "@4000",
            "2026-08-01T12:34:56.Z",
            "12 apples",
            "2026-08-01 12:34:56Z",
            "@zzzzzzzzzzzzzzzzzzzzzzzz",
        ] {
            assert_eq!(Moment::read(line.as_bytes()), None, "{line}");
        }
    }
}
