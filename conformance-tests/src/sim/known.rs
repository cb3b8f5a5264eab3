//! Compares what one controller knows with what another one does.

use daemonproxy_protocol::{
    FdStateField, Fields, PipeEnd, PipeFlags, ServiceView, StateField, StateView,
};

/// The tags, arguments and so on of a service that was never given any.
const DEFAULT_FDS: &[u8] = b"null\tnull\tnull";

/// Whether they hear of all settings.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(super) enum Settings {
    Too,
    Unknown,
}

/// The first thing in which they differ. What no event reports is left out: how long something has
/// lasted, pending counts that were cleared, and that the other end of a pipe has gone.
pub(super) fn difference(
    known: &StateView,
    dump: &StateView,
    settings: Settings,
) -> Option<String> {
    if settings == Settings::Too && known.env() != dump.env() {
        return Some(format!("env: {:?} is {:?}", known.env(), dump.env()));
    }
    if settings == Settings::Too && !known.settings().eq(dump.settings()) {
        let lines = |view: &StateView| -> Vec<String> {
            view.settings().map(|line| String::from_utf8_lossy(line).into_owned()).collect()
        };
        return Some(format!("settings: {:?} are {:?}", lines(known), lines(dump)));
    }
    let mut others = dump.services();
    for (name, service) in known.services() {
        let shown = String::from_utf8_lossy(name);
        match others.next() {
            Some((other, is)) if other == name && same(service, is, settings) => {}
            Some((other, is)) if other == name => {
                return Some(format!("{shown}: {service:?} is {is:?}"));
            }
            _ => return Some(format!("service {shown}: only one of them has it")),
        }
    }
    if others.next().is_some() {
        return Some("a service that is known to nobody".to_owned());
    }
    let mut others = dump.fds();
    for (name, fd) in known.fds() {
        let shown = String::from_utf8_lossy(name);
        match others.next() {
            Some((other, is)) if other == name && same_fd(fd.state(), is.state()) => {}
            other => return Some(format!("fd {shown}: {:?} is {other:?}", fd.state())),
        }
    }
    others.next().is_some().then(|| "a descriptor that is known to nobody".to_owned())
}

fn same(one: &ServiceView, other: &ServiceView, settings: Settings) -> bool {
    let state = |service: &ServiceView| match service.state() {
        StateField::Up { since, pid, .. } => StateField::Up { since, pid, uptime: 0 },
        StateField::Down { reaped, pid, end, uptime, .. } => {
            StateField::Down { reaped, pid, end, uptime, downtime: 0 }
        }
        state => state,
    };
    state(one) == state(other)
        && one.args() == other.args()
        && one.tags() == other.tags()
        && (settings == Settings::Unknown
            || one.options() == other.options() && one.env() == other.env())
        && fds(one) == fds(other)
        && one.interval() == other.interval()
        && one.triggers() == other.triggers()
}

/// Its descriptors. An empty list means the same as none.
pub(super) fn fds(service: &ServiceView) -> Fields<'_> {
    let fds = service.fds();
    if fds.as_bytes() == DEFAULT_FDS { Fields::new(b"") } else { fds }
}

fn same_fd(one: FdStateField<'_>, other: FdStateField<'_>) -> bool {
    let pipe = |state| -> Option<(PipeFlags, PipeEnd)> {
        let FdStateField::Pipe { flags, end, .. } = state else { return None };
        Some((flags, end))
    };
    match (pipe(one), pipe(other)) {
        (None, None) => one == other,
        (one, other) => one == other,
    }
}
