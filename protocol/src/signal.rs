//! Signals, and sets of signals that start a service.
//!
//! Numbers are those of Linux on x86, ARM and most other architectures (signal(7), "Signal
//! numbering for standard signals"); on MIPS, Alpha, SPARC and PA-RISC some of them differ.
//! Real-time signals begin at 34, because the C library keeps 32 and 33 for itself.

use std::fmt;

use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while_m_n};
use nom::combinator::{opt, rest};
use nom::sequence::preceded;

use crate::field::{Parsed, whole, write_u64};

/// A signal, by its number: 1 to 64.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signal(pub(crate) u8);

/// The first real-time signal, as the C library shows it to programs.
const RTMIN: u8 = 34;
/// The last real-time signal.
pub(crate) const RTMAX: u8 = 64;

/// A name, and NULs up to the length of the longest. With a pointer to each name instead, a daemon
/// would have to correct all pointers when it starts, in memory of its own.
type Padded = [u8; 6];

const fn padded(name: &str) -> Padded {
    let (name, mut padded) = (name.as_bytes(), [0; 6]);
    padded.split_at_mut(name.len()).0.copy_from_slice(name);
    padded
}

/// The other way round.
fn name_of(padded: &'static Padded) -> Option<&'static str> {
    let length = padded.iter().position(|&byte| byte == 0).unwrap_or(padded.len());
    std::str::from_utf8(&padded[..length]).ok()
}

macro_rules! signals {
    ($($name:ident = $number:literal, $doc:literal;)*) => {
        impl Signal {
            $(#[doc = concat!("SIG", stringify!($name), ": ", $doc, ".")]
            pub const $name: Signal = Signal($number);)*
        }

        /// The name of each signal from 1 on.
        const NAMES: &[Padded] = &[$(padded(stringify!($name))),*];
        #[cfg(test)]
        const NUMBERS: &[(&str, u8)] = &[$((stringify!($name), $number)),*];
    };
}

signals! {
    HUP = 1, "the terminal is gone, or read your configuration again";
    INT = 2, "^C at the terminal";
    QUIT = 3, "^\\ at the terminal";
    ILL = 4, "an illegal instruction";
    TRAP = 5, "a breakpoint";
    ABRT = 6, "abort(3), also called SIGIOT";
    BUS = 7, "a bad memory access";
    FPE = 8, "an arithmetic error";
    KILL = 9, "ends a process, which cannot prevent it";
    USR1 = 10, "for the program to define";
    SEGV = 11, "an invalid memory reference";
    USR2 = 12, "for the program to define";
    PIPE = 13, "a write to a pipe that nobody reads";
    ALRM = 14, "alarm(2)";
    TERM = 15, "please end";
    STKFLT = 16, "unused";
    CHLD = 17, "a child has ended, also called SIGCLD";
    CONT = 18, "go on after a stop";
    STOP = 19, "stops a process, which cannot prevent it";
    TSTP = 20, "^Z at the terminal";
    TTIN = 21, "a background process reads from the terminal";
    TTOU = 22, "a background process writes to the terminal";
    URG = 23, "urgent data on a socket";
    XCPU = 24, "the limit of processor time is exceeded";
    XFSZ = 25, "the limit of file size is exceeded";
    VTALRM = 26, "the virtual alarm clock";
    PROF = 27, "the profiling timer";
    WINCH = 28, "the size of the window has changed";
    IO = 29, "input or output is possible, also called SIGPOLL";
    PWR = 30, "the power fails";
    SYS = 31, "a bad system call";
}

/// Names that are understood but never written.
const ALIASES: &[(&str, u8)] = &[("CLD", 17), ("IOT", 6), ("POLL", 29)];

impl Signal {
    /// Reads a signal by name, with or without `SIG`, or by number.
    ///
    /// Names are in capital letters. Real-time signals are `RTMIN`, `RTMIN+n`, `RTMAX` and
    /// `RTMAX-n`.
    // signal = [ "SIG" ] ( signame / 1*2DIGIT / "RTMIN" [ "+" 1*2DIGIT ] / "RTMAX" [ "-" 1*2DIGIT ]
    // )
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let signal = alt((real_time, number, known_name));
        whole(preceded(opt(tag(&b"SIG"[..])), signal), bytes)
    }

    /// The signal of this number, if it is one: 1 to 64.
    #[must_use]
    pub const fn from_number(number: i32) -> Option<Self> {
        if number >= 1 && number <= RTMAX as i32 { Some(Self(number as u8)) } else { None }
    }

    /// Whether it is one of those with a name of its own, and no real-time signal.
    #[must_use]
    pub const fn is_standard(self) -> bool {
        (self.0 as usize) <= NAMES.len()
    }

    /// Whether the daemon receives it: HUP, INT, QUIT, USR1, USR2 and TERM. All others only ever do
    /// to it what they do by default.
    #[must_use]
    pub const fn is_received(self) -> bool {
        matches!(self, Self::HUP | Self::INT | Self::QUIT | Self::USR1 | Self::USR2 | Self::TERM)
    }

    /// Its number, as kill(2) takes it.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0 as i32
    }

    /// Its name without `SIG`, if it has one of its own: a real-time signal has none.
    #[must_use]
    pub fn standard_name(self) -> Option<&'static str> {
        NAMES.get(usize::from(self.0) - 1).and_then(name_of)
    }

    /// Appends its name with `SIG` before it: `SIGHUP`, `SIGRTMIN+3`. 32 and 33 have none and are
    /// written `SIG32`, `SIG33`.
    pub fn write_name(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"SIG");
        if let Some(name) = self.standard_name() {
            out.extend_from_slice(name.as_bytes());
        } else if self.0 < RTMIN {
            write_u64(out, u64::from(self.0));
        } else {
            out.extend_from_slice(b"RTMIN");
            if self.0 > RTMIN {
                out.push(b'+');
                write_u64(out, u64::from(self.0 - RTMIN));
            }
        }
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut name = Vec::with_capacity(16);
        self.write_name(&mut name);
        f.write_str(&String::from_utf8_lossy(&name))
    }
}

impl fmt::Debug for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

// "RTMIN" [ "+" 1*2DIGIT ] / "RTMAX" [ "-" 1*2DIGIT ]
fn real_time(input: &[u8]) -> Parsed<'_, Signal> {
    let up = preceded(tag(&b"RTMIN"[..]), opt(preceded(tag(&b"+"[..]), two_digits)))
        .map(|n| RTMIN + n.unwrap_or(0));
    // Two digits are at most 99, so a distance that is too long lands below RTMIN, at 0 or at a
    // standard signal.
    let down = preceded(tag(&b"RTMAX"[..]), opt(preceded(tag(&b"-"[..]), two_digits)))
        .map(|n| RTMAX.saturating_sub(n.unwrap_or(0)));
    alt((up, down))
        .map_opt(|number| (RTMIN..=RTMAX).contains(&number).then_some(Signal(number)))
        .parse(input)
}

// 1*2DIGIT
fn number(input: &[u8]) -> Parsed<'_, Signal> {
    two_digits.map_opt(|number| Signal::from_number(i32::from(number))).parse(input)
}

fn two_digits(input: &[u8]) -> Parsed<'_, u8> {
    take_while_m_n(1, 2, |byte: u8| byte.is_ascii_digit())
        .map(|digits: &[u8]| digits.iter().fold(0, |number, digit| number * 10 + (digit - b'0')))
        .parse(input)
}

/// All names that are written, and their numbers.
fn names() -> impl Iterator<Item = (&'static str, u8)> {
    NAMES.iter().filter_map(name_of).zip(1..)
}

// signame = "ABRT" / "ALRM" / "BUS" / ...
fn known_name(input: &[u8]) -> Parsed<'_, Signal> {
    rest.map_opt(|name: &[u8]| {
        let mut known = names().chain(ALIASES.iter().copied());
        known.find(|(known, _)| known.as_bytes() == name).map(|(_, number)| Signal(number))
    })
    .parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_the_order_of_their_numbers() {
        assert!(names().eq(NUMBERS.iter().copied()));
    }

    #[test]
    fn every_signal_is_read_as_it_is_written() {
        for number in 1..=64 {
            let signal = Signal::from_number(number).unwrap();
            let name = signal.to_string();
            assert_eq!(Signal::parse(name.as_bytes()), Some(signal), "{name}");
            assert_eq!(Signal::parse(&name.as_bytes()[3..]), Some(signal), "{name}");
            assert_eq!(Signal::parse(number.to_string().as_bytes()), Some(signal));
        }
    }

    #[test]
    fn other_spellings() {
        let read = |text: &str| Signal::parse(text.as_bytes()).map(Signal::number);
        assert_eq!(read("CLD"), Some(17));
        assert_eq!(read("SIGIOT"), Some(6));
        assert_eq!(read("POLL"), Some(29));
        assert_eq!(read("RTMIN"), Some(34));
        assert_eq!(read("RTMIN+30"), Some(64));
        assert_eq!(read("RTMAX-30"), Some(34));
        assert_eq!(read("SIGRTMAX"), Some(64));
        for wrong in
            ["", "SIG", "hup", "RTMIN+31", "RTMIN+", "RTMAX-31", "0", "65", "99", "-1", "HUP "]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
