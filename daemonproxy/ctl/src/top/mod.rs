//! `top`: services on the full screen, with what they and all their descendants use.
//!
//! Restarts and the line of CPU use are counted from when `top` began: the daemon keeps no history.
//! Keys: q, ^C or ^D leave; a changes between all services and those that run; the arrows and their
//! kin scroll; more keys sort them. The processes of a daemon in another pid namespace cannot be
//! found here by their numbers, so what they use is left out.

mod order;
mod proc;
mod track;

use std::time::{Duration, Instant};

use daemonproxy_client::{Client, StateField};

use crate::failure::{OK, Result};
use crate::output::{Cell, Painted, table};
use crate::rows::{paint_of, state_word};
use crate::screen::{self, Key, Screen};
use crate::scroll::Scroll;
use crate::style::{Paint, Style};
use crate::terminal;
use crate::time::monotonic;
use crate::{glob, namespace};
use order::{Known, Order};
use proc::Snapshot;
use track::Tracks;

const COLUMNS: &[&str] =
    &["name", "state", "pid", "uptime", "restarts", "cpu%", "memory", "cpu", "args"];
/// What is shown for a daemon whose processes have other numbers here.
const ELSEWHERE: &str =
    "The daemon is in another pid namespace: what its processes use cannot be seen from here.";
/// How long events from the daemon may keep us from drawing.
const TAKE_IN: Duration = Duration::from_millis(2);
/// The minimum time between two updates.
const LEAST_DELAY: f64 = 0.1;

pub(crate) fn top(client: &mut Client, names: &[String], delay: f64) -> Result<u8> {
    Screen::is_possible()?;
    terminal::prepare(false)?;
    let screen = Screen::open()?;
    let style = Style::of_stdout();
    let delay = Duration::try_from_secs_f64(delay.max(LEAST_DELAY)).unwrap_or(Duration::MAX);
    let mut tracks = Tracks::default();
    let mut all = true;
    let mut order = Order::default();
    let mut scroll = Scroll::default();
    let peer = client.connection().peer_pid();
    let is_ours = peer.is_some_and(namespace::is_ours);
    loop {
        client.wait(TAKE_IN, |view| {
            tracks.follow(view);
            false
        })?;
        if is_ours {
            tracks.measure(client.view(), &Snapshot::take());
        }
        let look = Look { all, order, is_ours, style };
        screen.draw(&lines(client, names, &tracks, look, &mut scroll))?;
        let due = Instant::now() + delay;
        while let Some(left) =
            due.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
        {
            match screen.key(left)? {
                Some(Key::Char(b'q' | 0x03 | 0x04)) => return Ok(OK),
                Some(Key::Char(b'a')) => {
                    all = !all;
                    break;
                }
                Some(Key::Char(key)) if order.takes(key) => break,
                Some(key) if scroll.takes(key) => break,
                _ => {}
            }
        }
    }
}

/// How the services are shown.
#[derive(Copy, Clone)]
struct Look {
    /// Also those that are not running.
    all: bool,
    order: Order,
    /// The process ids are those that we see.
    is_ours: bool,
    style: Style,
}

fn lines(
    client: &Client,
    names: &[String],
    tracks: &Tracks,
    Look { all, order, is_ours, style }: Look,
    scroll: &mut Scroll,
) -> Vec<String> {
    let mut up = 0;
    let mut rows = Vec::new();
    for (name, service) in client.view().services() {
        let wanted = names.is_empty() || names.iter().any(|it| glob::matches(it.as_bytes(), name));
        let state = service.state();
        let runs = matches!(state, StateField::Up { .. });
        if !wanted || !(all || runs) {
            continue;
        }
        up += usize::from(runs);
        let track = tracks.of(name);
        let (pid, uptime) = match state {
            StateField::Up { pid, since, .. } => (Some(pid), Some(monotonic() - since)),
            _ => (None, None),
        };
        let seen = runs && is_ours;
        let known = Known {
            name: name.to_vec(),
            cpu: seen.then(|| track.cpu()),
            memory: seen.then_some(track.memory),
            uptime,
            restarts: track.restarts,
        };
        let usage = |text: String| if seen { Cell::Text(text.into_bytes()) } else { Cell::None };
        let args: Vec<_> = service.args().iter().map(<[u8]>::to_vec).collect();
        let row: Vec<Painted> = vec![
            Cell::Text(name.to_vec()).into(),
            Painted { cell: Cell::text(state_word(state)), paint: paint_of(service) },
            pid.map_or(Cell::None, |pid| Cell::Number(pid.into())).into(),
            uptime.map_or(Cell::None, Cell::Seconds).into(),
            Cell::Number(track.restarts).into(),
            usage(format!("{:5.1}", track.cpu())).into(),
            usage(bytes(track.memory)).into(),
            Painted { cell: Cell::text(&track.sparkline()), paint: Paint::Accent },
            Cell::List(args).into(),
        ];
        rows.push((known, row));
    }
    rows.sort_by(|(a, _), (b, _)| order.compare(a, b));
    let rows: Vec<_> = rows.into_iter().map(|(_, row)| row).collect();
    let shutdown = client.view().shutdown().map_or(String::new(), |(phase, left)| {
        format!(", shutdown: {} ({left} left)", phase.as_str())
    });
    let count = rows.len();
    let services = if count == 1 { "service" } else { "services" };
    let table = table(style, COLUMNS, &rows);
    let (header, rows) = table.split_at(1);
    // What stays: the title, the help, a line between, and the header.
    let shown = scroll.part(rows, screen::rows().saturating_sub(4));
    let place = scroll.place();
    let title = format!("{count} {services}, {up} up{shutdown}, {}{place}", order.title());
    let help = format!("q leave  \u{2191}\u{2193} scroll  a all/running  {}", Order::help());
    let note = if is_ours { "" } else { ELSEWHERE };
    let mut lines = vec![title, style.paint(Paint::Faint, &help)];
    lines.push(style.paint(Paint::Waiting, note));
    lines.extend_from_slice(header);
    lines.extend_from_slice(shown);
    lines
}

/// `512K`, `1.5M`, `2.0G`.
fn bytes(count: u64) -> String {
    const UNITS: [(u64, char); 3] = [(1 << 30, 'G'), (1 << 20, 'M'), (1 << 10, 'K')];
    match UNITS.iter().find(|(size, _)| count >= *size) {
        Some((size, 'K')) => format!("{}K", count / size),
        Some((size, unit)) => format!("{:.1}{unit}", count as f64 / *size as f64),
        None => count.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes_have_units() {
        assert_eq!([0, 2048, 3 << 19, 2 << 30].map(bytes), ["0", "2K", "1.5M", "2.0G"]);
    }
}
