//! Shows above the prompt everything that is pending, in one piece.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustyline::ExternalPrinter;

use super::link::Link;

pub(super) fn spawn(link: &Arc<Link>, mut printer: impl ExternalPrinter + Send + 'static) {
    let link = Arc::clone(link);
    thread::spawn(move || {
        loop {
            link.wait(Duration::MAX, |state| !state.held && !state.pending.is_empty());
            let text = link.update(|state| {
                state.showing = true;
                state.drawn_before = state.drawn;
                std::mem::take(&mut state.pending)
            });
            // A terminal that is gone is noticed by whoever reads from it.
            let _ = printer.print(text);
            link.update(|state| state.showing = false);
        }
    });
}
