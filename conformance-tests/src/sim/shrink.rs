//! Reduces a history to the steps that it needs to fail.

use super::history::History;
use super::run;

/// A shorter history that fails in the same way, and how it fails. `None` if this one does not
/// fail.
pub fn shrink(history: &History) -> Option<(History, String)> {
    let mut fault = run(history).err()?;
    let mut least = history.clone();
    let mut size = least.steps.len() / 2;
    while size > 0 {
        let mut start = 0;
        while start < least.steps.len() {
            let mut shorter = least.clone();
            let end = (start + size).min(shorter.steps.len());
            shorter.steps.drain(start..end);
            match run(&shorter) {
                Err(other) if kind(&other) == kind(&fault) => (least, fault) = (shorter, other),
                _ => start += size,
            }
        }
        size /= 2;
    }
    // Steps that need not come together are easier to read one by one.
    for at in 0..least.steps.len() {
        let mut clearer = least.clone();
        clearer.steps[at].noticed = true;
        if let Err(other) = run(&clearer)
            && kind(&other) == kind(&fault)
        {
            (least, fault) = (clearer, other);
        }
    }
    Some((least, fault))
}

fn kind(fault: &str) -> &str {
    fault.split(':').next().unwrap_or_default()
}
