//! `top`: services on the full screen, with what they and all their descendants use.
//!
//! Restarts and the line of CPU use are counted from when `top` began: the daemon keeps no history.
//! Keys: q, ^C or ^D leave, and ^Z for a while; a changes between all services and those that run; the arrows select a
//! service, and their kin scroll; more keys sort them, or do something to the one that is selected,
//! after a question. The processes of a daemon in another pid namespace cannot be
//! found here by their numbers, so what they use is left out.

mod ask;
mod choice;
mod deed;
mod order;
mod page;
mod proc;
mod track;

use std::time::{Duration, Instant};

use daemonproxy_apply::{glob, namespace};
use daemonproxy_client::{Client, StateField};
use daemonproxy_look::time::monotonic;

use crate::failure::{OK, Result};
use crate::output::{Cell, Painted, table};
use crate::rows::{paint_of, state_word};
use crate::screen::{self, Key, Screen};
use crate::scroll::Scroll;
use crate::style::{Paint, Style, width};
use crate::terminal;
use crate::wrap::wrap;
use ask::{Ask, Taken};
use choice::Choice;
use deed::Verb;
use order::{Known, Order};
use page::Page;
use proc::Snapshot;
use track::Tracks;

const COLUMNS: &[&str] =
    &["name", "state", "pid", "uptime", "restarts", "cpu%", "memory", "cpu", "args"];
/// What is shown for a daemon whose processes have other numbers here.
const ELSEWHERE: &str =
    "The daemon is in another pid namespace: what its processes use cannot be seen from here.";
/// How long events from the daemon may keep us from drawing.
const TAKE_IN: Duration = Duration::from_millis(2);
/// How soon we look for the answer to a command.
const ANSWER: Duration = Duration::from_millis(20);
/// The seconds between two updates, at least and at most.
const DELAYS: (f64, f64) = (0.1, 86_400.0);

pub(crate) fn top(client: &mut Client, names: &[String], delay: f64) -> Result<u8> {
    Screen::is_possible()?;
    terminal::prepare(false)?;
    let screen = Screen::open()?;
    let style = Style::of_stdout();
    let delay = Duration::from_secs_f64(delay.clamp(DELAYS.0, DELAYS.1));
    let mut tracks = Tracks::default();
    let mut all = true;
    let mut order = Order::default();
    let mut parts = Parts::default();
    let peer = client.connection().peer_pid();
    let is_ours = peer.is_some_and(namespace::is_ours);
    let mut due = Instant::now();
    tracks.follow(client.view());
    loop {
        client.watch(TAKE_IN, |line, view| {
            tracks.follow(view);
            parts.ask.hears(line);
            false
        })?;
        parts.ask.settle(client)?;
        // Keys and answers draw more often: what is used is measured over the whole time.
        if due <= Instant::now() {
            due = Instant::now() + delay;
            if is_ours {
                tracks.measure(client.view(), &Snapshot::take());
            }
        }
        let look = Look { all, order, is_ours, style };
        let size = (screen::columns(), screen::rows());
        let page = parts.page.lines(client.view(), style, size);
        let list = || lines(client, names, &tracks, look, &mut parts);
        screen.draw(&page.unwrap_or_else(list))?;
        let until = if parts.ask.waits() { due.min(Instant::now() + ANSWER) } else { due };
        while let Some(left) =
            until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
        {
            let Some(key) = screen.key(left)? else { continue };
            match parts.takes(key) {
                Taken::Do(deed) => {
                    parts.ask.send(client, deed)?;
                    break;
                }
                Taken::Yes => break,
                Taken::No => {}
            }
            match key {
                Key::Char(b'q' | 0x03 | 0x04) => return Ok(OK),
                Key::Char(0x1a) => screen.suspend()?,
                Key::Char(b'a') => all = !all,
                Key::Char(key) => _ = order.takes(key),
                _ => {}
            }
            break;
        }
    }
}

/// What keys change, other than the look of the list.
#[derive(Default)]
struct Parts {
    page: Page,
    ask: Ask,
    choice: Choice,
    scroll: Scroll,
    /// All keys are named, and not only those that fit on a line.
    all_keys: bool,
}

impl Parts {
    /// What a key means to one of these. A question comes before everything else.
    fn takes(&mut self, key: Key) -> Taken {
        if !self.ask.is_asking() && self.page.takes(key, self.choice.name()) {
            return Taken::Yes;
        }
        let asked = self.ask.takes(key, self.choice.name());
        if asked != Taken::No {
            return asked;
        }
        if key == Key::Char(b'?') {
            self.all_keys = !self.all_keys;
            return Taken::Yes;
        }
        if self.choice.takes(key, &mut self.scroll) || self.scroll.takes(key) {
            return Taken::Yes;
        }
        Taken::No
    }

    /// The names of the keys: on one line those that matter now, or all of them.
    fn help(&self, columns: usize) -> Vec<String> {
        let (sort, verbs) = (Order::help(), format!("{}  {}", page::HELP, Verb::help()));
        let first = "q leave  ? keys";
        let list = "\u{2191}\u{2193} select  a all/running";
        if self.all_keys {
            let all = format!("{first}  {list}  Esc unselect  {verbs}  {sort}");
            return fold(&all, columns);
        }
        match self.choice.name() {
            Some(_) => vec![format!("{first}  {verbs}  Esc unselect")],
            None => vec![format!("{first}  {list}  {sort}")],
        }
    }
}

/// Keys with their names, on as many lines as it takes: a key stays beside its name.
fn fold(keys: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for key in keys.split("  ") {
        match lines.last_mut() {
            Some(line) if width(line) + 2 + width(key) <= columns => {
                line.push_str("  ");
                line.push_str(key);
            }
            _ => lines.push(key.to_owned()),
        }
    }
    lines
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
    parts: &mut Parts,
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
    let (known, rows): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    parts.choice.shows(known.into_iter().map(|known| known.name).collect());
    let shutdown = client.view().shutdown().map_or(String::new(), |(phase, left)| {
        format!(", shutdown: {} ({left} left)", phase.as_str())
    });
    let count = rows.len();
    let services = if count == 1 { "service" } else { "services" };
    let mut table = table(style, COLUMNS, &rows);
    if let Some(line) = parts.choice.at().and_then(|at| table.get_mut(at + 1)) {
        *line = Style::selected(line);
    }
    let (header, rows) = table.split_at(1);
    let columns = screen::columns();
    let note = if is_ours { "" } else { ELSEWHERE };
    let (paint, status) = parts.ask.status().unwrap_or((Paint::Waiting, note.to_owned()));
    let help = parts.help(columns).into_iter().map(|line| style.paint(Paint::Faint, &line));
    let status = wrap(&status, 0, 0, columns).into_iter().map(|line| style.paint(paint, &line));
    let above: Vec<_> = help.chain(status).chain(header.iter().cloned()).collect();
    // The title stays as well.
    let room = screen::rows().saturating_sub(1 + above.len());
    let shown = parts.scroll.part(rows, room);
    let place = parts.scroll.place();
    let mut lines =
        vec![format!("{count} {services}, {up} up{shutdown}, {}{place}", order.title())];
    lines.extend(above);
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
    use super::{bytes, fold};

    #[test]
    fn sizes_have_units() {
        assert_eq!([0, 2048, 3 << 19, 2 << 30].map(bytes), ["0", "2K", "1.5M", "2.0G"]);
    }

    #[test]
    fn a_key_stays_beside_its_name() {
        assert_eq!(fold("q leave  ? keys  s stop", 15), ["q leave  ? keys", "s stop"]);
        assert_eq!(fold("q leave", 3), ["q leave"]);
    }
}
