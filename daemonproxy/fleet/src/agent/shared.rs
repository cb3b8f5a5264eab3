//! What the threads of the agent tell each other: what is known of the daemon and of the intent, and
//! what has happened and was not sent yet.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use daemonproxy_apply::NotReady;
use daemonproxy_compile::Plan;
use tokio::sync::Notify;

use super::queue::Queue;
use super::wanted::Wanted;
use crate::model::{Happened, Identity, Phase, ServiceStatus, Status};
use crate::say;

/// So many bytes of a status are left for what is not a service.
const ROOM: usize = 64 << 10;

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) node: String,
    pub(super) session: String,
    state: Mutex<State>,
    /// Something in the status has changed.
    pub(super) changed: Notify,
    /// Something has happened that is to be sent.
    pub(super) happened: Notify,
    /// Wakes whoever watches the daemon.
    wake: UnixStream,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) services: BTreeMap<String, ServiceStatus>,
    pub(super) queue: Queue,
    /// Services of which the fleet may run one.
    pub(super) leases: BTreeMap<String, Wanted>,
    /// The node is to be drained.
    pub(super) is_draining: bool,
    /// The plan that was applied, and whether it was not looked at yet.
    plan: Option<Arc<Plan>>,
    plan_is_new: bool,
    pub(super) is_connected: bool,
    phase: Phase,
    note: String,
    revision: u64,
    applied: Option<Identity>,
    drained: bool,
    missing: NotReady,
    pub(super) refused: Option<String>,
    seq: u64,
    events: u64,
}

impl Shared {
    pub(super) fn new(node: &str, session: String, wake: UnixStream) -> Self {
        Self {
            node: node.to_owned(),
            session,
            state: Mutex::default(),
            changed: Notify::new(),
            happened: Notify::new(),
            wake,
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        // Nothing is left half done in there.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says how far it is; on standard error as well, if that is new.
    pub(super) fn phase(&self, phase: Phase, revision: u64, note: &str) {
        let mut state = self.state();
        let is_new = (state.phase, &*state.note, state.revision) != (phase, note, revision);
        if !is_new {
            return;
        }
        let is_told = !matches!(phase, Phase::Applying) || state.phase != phase;
        (state.phase, state.revision) = (phase, revision);
        note.clone_into(&mut state.note);
        drop(state);
        self.changed.notify_one();
        if is_told {
            let what = serde_json::to_value(phase).unwrap_or_default();
            let what = what.as_str().unwrap_or_default();
            let end = if note.is_empty() { String::new() } else { format!(": {note}") };
            say(&format!("{what}, revision {revision}{end}"));
        }
    }

    /// A plan was applied: whether it is ready is found out by who watches the daemon.
    pub(super) fn applied(&self, identity: Option<&Identity>, plan: Option<Arc<Plan>>) {
        let mut state = self.state();
        state.applied = identity.cloned();
        if plan.is_some() {
            state.plan = plan;
            state.plan_is_new = true;
            let left = vec![("-".to_owned(), "not looked at yet".to_owned())];
            state.missing = NotReady { left, ..NotReady::default() };
        }
        drop(state);
        // It is awake already if there is no room.
        let _ = (&self.wake).write(b"x");
    }

    pub(super) fn drained(&self, drained: bool) {
        self.state().drained = drained;
        self.changed.notify_one();
    }

    pub(super) fn refused(&self, text: &str) {
        let mut state = self.state();
        if state.refused.as_deref() != Some(text) {
            state.refused = Some(text.to_owned());
            say(text);
        }
    }

    /// The plan to look at, and whether it is another one than before.
    pub(super) fn plan(&self) -> Option<(Arc<Plan>, bool)> {
        let mut state = self.state();
        let is_new = std::mem::take(&mut state.plan_is_new);
        state.plan.clone().map(|plan| (plan, is_new))
    }

    pub(super) fn missing(&self, plan: &Arc<Plan>, missing: NotReady) {
        let mut state = self.state();
        // Another one may have been applied meanwhile.
        if state.plan.as_ref().is_some_and(|it| Arc::ptr_eq(it, plan)) && !state.plan_is_new {
            state.missing = missing;
        }
    }

    /// Something that is to be sent.
    pub(super) fn happened(&self, what: Happened) {
        let mut state = self.state();
        let what = self.numbered(&mut state, what);
        state.queue.push(what);
        self.happened.notify_one();
    }

    pub(super) fn gap(&self, why: &str, lost: u64) {
        self.happened(gap(why, lost));
    }

    /// The first ones to be sent.
    pub(super) fn take(&self, most: usize) -> Vec<Happened> {
        let mut state = self.state();
        let mut queue = std::mem::take(&mut state.queue);
        let first = queue.take(most, |lost| {
            self.numbered(&mut state, gap("they could not be sent, and were too many", lost))
        });
        state.queue = queue;
        first
    }

    fn numbered(&self, state: &mut State, what: Happened) -> Happened {
        state.events += 1;
        Happened {
            node: self.node.clone(),
            session: self.session.clone(),
            seq: state.events,
            time: unix_time(),
            ..what
        }
    }

    /// The next status, with as many services as there is room for.
    pub(super) fn status(&self, boot: &str, most: usize) -> Status {
        let mut state = self.state();
        state.seq += 1;
        let mut room = most.saturating_sub(ROOM);
        let fits = |service: &&ServiceStatus| {
            let size = serde_json::to_string(service).map_or(0, |it| it.len() + 1);
            room = room.saturating_sub(size);
            room > 0
        };
        let services: Vec<_> = state.services.values().take_while(fits).cloned().collect();
        let more = state.services.len() - services.len();
        let left = state.missing.left.iter().take(100).cloned().collect();
        Status {
            node: self.node.clone(),
            version: env!("CARGO_PKG_VERSION").into(),
            session: self.session.clone(),
            seq: state.seq,
            boot: boot.to_owned(),
            now: daemonproxy_look::time::monotonic_exact().as_secs_f64(),
            time: unix_time(),
            daemon: state.is_connected,
            phase: state.phase,
            note: state.note.clone(),
            applied: state.applied.clone(),
            revision: state.revision,
            drained: state.drained,
            left,
            has_failed: state.missing.has_failed,
            services,
            more,
            lost: state.queue.lost(),
            refused: state.refused.clone(),
        }
    }
}

fn unix_time() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

fn gap(why: &str, lost: u64) -> Happened {
    Happened { event: "gap".into(), why: why.into(), lost, ..Happened::default() }
}
