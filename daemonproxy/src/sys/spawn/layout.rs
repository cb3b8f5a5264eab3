//! What a child finds in memory: its arguments, and other strings that it needs.

use std::ffi::c_char;

use super::child::Plan;
use super::decode::decode;
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
