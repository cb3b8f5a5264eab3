//! The law about settings: what can be set can be read, and what was read can be set.
//!
//! A view is turned into commands, these are sent to a state machine that has just started, and its
//! view must be the same but for what the manual says cannot be: runs, and descriptors that came
//! from outside.

use daemonproxy_core::{ControllerKind, Fd, Limits, Monotonic, Proxy};
use daemonproxy_protocol::{
    Event, Fact, FdStateField, FdView, Fields, LogFilter, ServiceView, StateView, env_key,
};
use daemonproxy_testing::world::{self, World};

use super::START;
use super::known;
use super::options::is_main;
use super::show::show;
use super::stream::parse;

/// More rounds than it takes.
const MANY: usize = 20_000;
/// The last line of a dump.
const END: &[u8] = b"the-end";

/// Makes the state again of which this is the view, by these commands, and compares the two.
pub(super) fn check(view: &StateView, commands: &[Vec<u8>], limits: Limits) -> Result<(), String> {
    let mut fresh = Fresh::new(limits);
    // A new daemon has standard descriptors, which the other one may have deleted.
    let (before, _) = fresh.ask(b"conn.features\truns\tsettings\n")?;
    let gone = before.fds().filter(|(name, _)| view.fd(name).is_none());
    let gone: Vec<u8> = gone.flat_map(|(name, _)| [b"fd.delete\t", name, b"\n"].concat()).collect();
    fresh.ask(&gone)?;
    let mut lines = commands.join(&b'\n');
    lines.push(b'\n');
    let (again, refused) = match fresh.ask(&lines) {
        // Its runs are others: the main service may be over before all is made.
        Err(_) if fresh.has_left() && has_main(view) => return Ok(()),
        asked => asked?,
    };
    if again.shutdown().is_some() && has_main(view) {
        // It is over, and something else still has to end.
        return Ok(());
    }
    if let Some(refused) = refused {
        return Err(format!("remake: a command is refused: {refused}"));
    }
    match difference(view, &again) {
        Some(difference) => Err(format!("remake: {difference}")),
        None => Ok(()),
    }
}

/// A daemon that has just started, and the only connection to it.
struct Fresh {
    proxy: Proxy<World>,
    connection: Fd,
}

impl Fresh {
    fn new(mut limits: Limits) -> Self {
        // For the end of a pipe that has a name for a moment only.
        if let Some(fds) = &mut limits.fds {
            fds.count += 1;
        }
        let world = World::lively(now());
        let mut proxy = Proxy::new(world, limits, None, LogFilter::Debug);
        // As the other one may have.
        proxy.sys().has_cgroups = true;
        world::name_standard(&mut proxy, b"unknown");
        let connection = proxy.sys().make_connection("terminal");
        let both = Some(connection);
        proxy.connected(ControllerKind::Interactive, both, both, now());
        Self { proxy, connection }
    }

    /// Sends lines, and asks for a dump: what it says, and the first error before that.
    fn ask(&mut self, lines: &[u8]) -> Result<(StateView, Option<String>), String> {
        let dump = [b"echo\t", END, b"\nstatedump\necho\t", END, b"\n"].concat();
        let bytes = [lines, &dump].concat();
        let connection = self.connection;
        self.proxy.sys().file(connection).sends(bytes, Vec::new());
        self.pump()?;
        let said = std::mem::take(&mut self.proxy.sys().file(connection).written);
        let mut said = said.split(|&byte| byte == b'\n');
        let mut refused = None;
        for line in said.by_ref().take_while(|&line| line != END) {
            if matches!(parse(line)?, Event::Error { text } if is_refusal(text)) {
                refused.get_or_insert_with(|| show(line));
            }
        }
        let mut view = StateView::new();
        for line in said.take_while(|&line| line != END) {
            view.apply(&parse(line)?);
        }
        Ok((view, refused))
    }

    fn has_left(&self) -> bool {
        self.proxy.leave().is_some()
    }

    fn pump(&mut self) -> Result<(), String> {
        for _ in 0..MANY {
            let more = self.proxy.run(now());
            let any = world::turn(&mut self.proxy, now(), usize::MAX, |proxy| {
                let sigchld = proxy.sys().take_sigchld();
                if sigchld.is_some() {
                    proxy.children_ended(sigchld, now());
                }
                sigchld.is_some()
            });
            if let Some(leave) = self.proxy.leave() {
                return Err(format!("remake: the new daemon leaves: {leave:?}"));
            }
            let due = self.proxy.deadline().is_some_and(|at| at <= now());
            if !any && !more && !due {
                return self.proxy.sys().fault.take().map_or(Ok(()), Err);
            }
        }
        Err("remake: there is always something more to do".to_owned())
    }
}

/// Whether an error is the answer to a command, and not why a service could not be started.
fn is_refusal(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    !text.contains(", for service \"") || text.contains(", for command \"")
}

/// No time passes.
fn now() -> Monotonic {
    Monotonic::from_seconds(START)
}

/// The first thing that can be set in which they differ.
fn difference(view: &StateView, again: &StateView) -> Option<String> {
    if effective(view.env()) != effective(again.env()) {
        return Some(format!("env {:?} is {:?}", view.env(), again.env()));
    }
    let [wanted, has] = [view, again].map(settings);
    if wanted != has {
        return Some(format!("settings {wanted:#?} are {has:#?}"));
    }
    let mut others = again.services();
    for (name, service) in view.services() {
        match others.next() {
            Some((other, is)) if other == name && same(service, is) => {}
            other => return Some(format!("service {}: {service:?} is {other:?}", show(name))),
        }
    }
    if let Some((name, _)) = others.next() {
        return Some(format!("there was no service {}", show(name)));
    }
    let mut others = own_fds(again);
    for (name, fd) in own_fds(view) {
        match others.next() {
            Some((other, is)) if other == name && fd == is => {}
            other => return Some(format!("fd {}: {fd:?} is {other:?}", show(name))),
        }
    }
    others.next().map(|(name, fd)| format!("there was no fd {}: {fd:?}", show(name)))
}

/// The settings of the daemon itself. The working directory is left out if no line can tell it.
fn settings(view: &StateView) -> Vec<String> {
    view.settings().map(show).collect()
}

fn same(one: &ServiceView, other: &ServiceView) -> bool {
    one.args() == other.args()
        && one.tags() == other.tags()
        && one.options() == other.options()
        && effective(one.env()) == effective(other.env())
        && known::fds(one) == known::fds(other)
        && one.interval() == other.interval()
        && one.triggers() == other.triggers()
        && (one.run().has(Fact::Held) == other.run().has(Fact::Held)
            || gave_up(one)
            || gave_up(other))
}

/// Whether there is a service with whose end the daemon ends.
fn has_main(view: &StateView) -> bool {
    view.services().any(|(_, service)| is_main(service))
}

/// Whether it is held because of its runs, and not because somebody wants it.
fn gave_up(service: &ServiceView) -> bool {
    service.run().has(Fact::Gaveup)
}

/// The items that count: of several about a variable, the last one.
fn effective(list: Fields<'_>) -> Vec<&[u8]> {
    let mut items: Vec<&[u8]> = Vec::new();
    for item in list.iter() {
        items.retain(|before| env_key(before) != env_key(item));
        items.push(item);
    }
    items
}

/// Those that were made here.
fn own_fds(view: &StateView) -> impl Iterator<Item = (&[u8], &FdView)> {
    view.fds().filter(|(_, fd)| {
        !matches!(
            fd.state(),
            FdStateField::File { path: b"unknown", .. }
                | FdStateField::Socket { address: b"unknown", .. }
                | FdStateField::Pipe { peer: b"unknown", .. }
        )
    })
}
