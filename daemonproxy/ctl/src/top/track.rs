//! What was seen of each service since `top` began.

use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

use daemonproxy_client::protocol::{StateField, StateView};

use super::proc::Snapshot;

/// How many samples the line of CPU use shows.
const PAST: usize = 16;
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

#[derive(Default)]
pub(super) struct Tracks {
    services: BTreeMap<Vec<u8>, Track>,
}

/// One service.
#[derive(Clone, Debug, Default)]
pub(super) struct Track {
    /// Starts that were not its first.
    pub(super) restarts: i64,
    ran: bool,
    /// Bytes.
    pub(super) memory: u64,
    /// Which process it was, how much it had used, and when.
    pid: Option<i32>,
    last: Option<(Instant, f64)>,
    /// Percent of one processor, the newest last.
    past: VecDeque<f64>,
}

impl Tracks {
    /// Notes which services have started. To be called after each event, so that no start is
    /// missed.
    pub(super) fn follow(&mut self, view: &StateView) {
        self.services.retain(|name, _| view.service(name).is_some());
        for (name, service) in view.services() {
            let track = self.services.entry(name.to_vec()).or_default();
            if let StateField::Up { pid, .. } = service.state()
                && track.pid != Some(pid)
            {
                track.restarts += i64::from(track.ran);
                track.pid = Some(pid);
                track.last = None;
            }
            track.ran |= matches!(service.state(), StateField::Up { .. } | StateField::Down { .. });
        }
    }

    /// Notes what everything uses now.
    pub(super) fn measure(&mut self, view: &StateView, snapshot: &Snapshot) {
        for (name, service) in view.services() {
            let Some(track) = self.services.get_mut(name) else { continue };
            let Some(pid) = service.pid() else {
                track.push(0.0);
                continue;
            };
            let (cpu, memory) = snapshot.of_tree(pid);
            track.memory = memory;
            if let Some((at, before)) = track.last {
                let seconds = (snapshot.at - at).as_secs_f64();
                // A child that ended takes its time with it.
                track.push(((cpu - before) / seconds.max(1e-3) * 100.0).max(0.0));
            }
            track.last = Some((snapshot.at, cpu));
        }
    }

    pub(super) fn of(&self, name: &[u8]) -> Track {
        self.services.get(name).cloned().unwrap_or_default()
    }
}

impl Track {
    fn push(&mut self, percent: f64) {
        self.past.push_back(percent);
        if self.past.len() > PAST {
            self.past.pop_front();
        }
    }

    /// Percent of one processor.
    pub(super) fn cpu(&self) -> f64 {
        self.past.back().copied().unwrap_or(0.0)
    }

    /// The last samples as bars; the tallest is one whole processor, or the largest sample if that
    /// is more.
    pub(super) fn sparkline(&self) -> String {
        let most = self.past.iter().copied().fold(100.0, f64::max);
        let bar = |percent: &f64| BARS[((percent / most * 8.0) as usize).min(BARS.len() - 1)];
        let line: String = self.past.iter().map(bar).collect();
        format!("{line:>PAST$}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use daemonproxy_client::protocol::Event;

    fn restarts_after(lines: &[&str]) -> i64 {
        let mut view = StateView::new();
        let mut tracks = Tracks::default();
        for line in lines {
            view.apply(&Event::parse(line.as_bytes()).unwrap());
            tracks.follow(&view);
        }
        tracks.of(b"a").restarts
    }

    #[test]
    fn restarts_are_counted_from_the_beginning_on() {
        let new = "service.state\ta\tdown\t-\t-\t-\t-\t-\t-";
        let up = "service.state\ta\tup\t1\t1\t-\t-\t0\t-";
        let down = "service.state\ta\tdown\t2\t1\texit\t0\t1\t0";
        let again = "service.state\ta\tup\t3\t2\t-\t-\t0\t-";
        assert_eq!(restarts_after(&[new, up, up]), 0, "the first start is none");
        assert_eq!(restarts_after(&[new, up, down, again]), 1);
        assert_eq!(restarts_after(&[up, again]), 1);
        assert_eq!(restarts_after(&[down, again]), 1);
    }

    #[test]
    fn a_whole_processor_is_a_full_bar() {
        let mut track = Track::default();
        track.push(0.0);
        track.push(100.0);
        assert_eq!(track.sparkline().trim_start(), "▁█");
    }
}
