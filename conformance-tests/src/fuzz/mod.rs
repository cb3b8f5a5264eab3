//! What must hold for any bytes whatever: one function for each place where bytes come in.
//!
//! A target panics when something is wrong. The crate in `fuzz/` gives them bytes that lead to new
//! places in the code (cargo-fuzz); `tests/fuzz.rs` gives them those that are kept in
//! `fuzz/corpus`, and some that are near to these.

mod daemon;
mod files;
mod lines;
mod notices;
mod resumed;

/// A target: its name, which is that of the folder of its corpus, and what it does.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: &[Target] = &[
    ("framer", lines::framer),
    ("commands", lines::commands),
    ("events", lines::events),
    ("state", resumed::state),
    ("toml", files::toml),
    ("import", files::import),
    ("notices", notices::notices),
    ("daemon", daemon::daemon),
];

/// Carries out the target of this name.
///
/// # Panics
///
/// There is none, or it finds something.
pub fn target(name: &str, data: &[u8]) {
    let Some((_, target)) = TARGETS.iter().find(|(its, _)| *its == name) else {
        panic!("no target {name}")
    };
    target(data);
}
