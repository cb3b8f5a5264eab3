//! Whether the clock of a node is far from that of the store. Nothing depends on it, but moments of
//! what has happened there mislead whoever reads them.

use crate::model::Status;

/// So many seconds are worth a word: a status may be on its way for a while.
const MUCH: f64 = 60.0;

/// What there is to say about the clock that a status was written with, which the store has got at
/// this moment of its own, in nanoseconds.
pub(crate) fn deviation(status: &Status, stored: u64) -> Option<String> {
    let ahead = status.time - stored as f64 / 1e9;
    // An agent that is older does not say what time it is.
    if status.time <= 0.0 || ahead.abs() < MUCH {
        return None;
    }
    // Rounded, since it was on its way.
    let span = daemonproxy_look::time::span((ahead.abs() / 60.0).round() as i64 * 60);
    let side = if ahead > 0.0 { "ahead of" } else { "behind" };
    Some(format!("its clock is {span} {side} that of the store"))
}

#[cfg(test)]
mod tests {
    use super::deviation;
    use crate::model::Status;

    #[test]
    fn only_what_is_far_off_is_told() {
        let stored = 1_795_827_157_000_000_000;
        let said = |off: f64| {
            deviation(&Status { time: 1_795_827_157.0 + off, ..Status::default() }, stored)
        };
        assert_eq!((said(0.0), said(-30.0), said(30.0)), (None, None, None));
        assert!(said(18_000.0).unwrap().contains("5h00m ahead"), "{:?}", said(18_000.0));
        assert!(said(-18_000.0).unwrap().contains("5h00m behind"));
        assert_eq!(deviation(&Status::default(), stored), None);
    }
}
