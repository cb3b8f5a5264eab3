//! What a child finds in memory: its arguments, and other strings that it needs.

use std::ffi::c_char;

use super::child::Plan;
use super::settings::Preparations;

/// What is to be laid out.
pub(super) struct Layout<'a> {
    /// Joined by TABs.
    pub(super) args: &'a [u8],
    pub(super) preparations: Preparations<'a>,
}

/// How much room it takes.
pub(super) struct Sizes {
    pub(super) text: usize,
    pub(super) argv: usize,
}

impl Layout<'_> {
    pub(super) fn sizes(&self) -> Sizes {
        let count = 1 + self.args.iter().filter(|&&byte| byte == b'\t').count();
        // Each followed by a NUL; with a place before the list and a null after it.
        let cwd = self.preparations.cwd.map_or(0, |path| path.len() + 1);
        Sizes { text: self.args.len() + 1 + cwd, argv: count + 2 }
    }

    /// Writes it to memory that has just these sizes, and into the plan where it is.
    pub(super) fn write(&self, text: &mut [u8], argv: &mut [*const c_char], plan: &mut Plan) {
        argv.fill(std::ptr::null());
        text.fill(0);
        let mut end = 0;
        for (place, arg) in argv.iter_mut().skip(1).zip(self.args.split(|&byte| byte == b'\t')) {
            let string = &mut text[end..];
            *place = string.as_ptr().cast();
            end +=
                1 + if self.preparations.percent { decode(arg, string) } else { copy(arg, string) };
        }
        if let Some(path) = self.preparations.cwd {
            let string = &mut text[end..];
            plan.settings.cwd = string.as_ptr().cast();
            copy(path, string);
        }
        plan.argv = argv.as_mut_ptr();
    }
}

/// Returns how many bytes there are.
fn copy(from: &[u8], to: &mut [u8]) -> usize {
    to[..from.len()].copy_from_slice(from);
    from.len()
}

/// The same, with a byte for each `%XX`.
fn decode(from: &[u8], to: &mut [u8]) -> usize {
    to.iter_mut().zip(decoded(from)).map(|(place, byte)| *place = byte).count()
}

/// Appends it, where there is room for all of `from`.
pub(super) fn decode_onto(from: &[u8], to: &mut Vec<u8>) {
    to.extend(decoded(from));
}

/// A string cannot hold a NUL, so `%00` is none.
fn decoded(from: &[u8]) -> impl Iterator<Item = u8> {
    let digit = |at: usize| char::from(*from.get(at)?).to_digit(16);
    let mut at = 0;
    std::iter::from_fn(move || {
        let &byte = from.get(at)?;
        let code = match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => (high * 16 + low) as u8,
            _ => 0,
        };
        at += if code == 0 { 1 } else { 3 };
        Some(if code == 0 { byte } else { code })
    })
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn bytes_are_decoded() {
        for (from, to) in [
            ("a%0Ab%09%25", "a\nb\t%"),
            ("%", "%"),
            ("100%", "100%"),
            ("%0", "%0"),
            ("%zz%0g", "%zz%0g"),
            ("%00", "%00"),
            ("%ff", "\u{ff}"),
        ] {
            let mut text = [0; 16];
            let count = decode(from.as_bytes(), &mut text);
            let decoded: String = text[..count].iter().map(|&byte| char::from(byte)).collect();
            assert_eq!(decoded, to);
        }
    }
}
