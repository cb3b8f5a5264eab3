//! Carries out the rules of leases, for services with the tag `lease=NAME` and the option
//! `deadman=`. The agent only starts such a service and vouches for it: it is the daemon that stops
//! it, when nobody vouches any more. So it does not matter how an agent ends.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use daemonproxy_client::Client;
use nix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::sleep;

use super::shared::Shared;
use super::wanted::Wanted;
use crate::lease::{Act, Lease, Record, Service, Times, Written};
use crate::model::Meta;
use crate::say;
use crate::store::{DESIRED, Entry, LEASES, META, Store, StoreError};

/// The variable with the token: the epoch, and the revision when the lease was acquired. The
/// resource that only one may use must refuse a token that is lower than one it has seen.
const TOKEN: &str = "LEASE_TOKEN";
/// How often is looked for services with leases, and what is to be done for one.
const LOOK: Duration = Duration::from_secs(1);
const GLANCE: Duration = Duration::from_millis(100);
/// A service that has ended by itself is not started again before.
const PAUSE: Duration = Duration::from_secs(1);

/// One task for each service that has a lease.
pub(super) async fn keep(store: &Store, shared: &Arc<Shared>, socket: &Path) {
    let mut tasks: BTreeMap<String, (Wanted, JoinHandle<()>)> = BTreeMap::new();
    loop {
        let wanted = shared.state().leases.clone();
        tasks.retain(|service, (was, task)| {
            let stays = wanted.get(service) == Some(was);
            if !stays {
                task.abort();
            }
            stays
        });
        for (service, wanted) in wanted {
            tasks.entry(service.clone()).or_insert_with(|| {
                let keeper = Keeper {
                    store: store.clone(),
                    shared: Arc::clone(shared),
                    socket: socket.to_owned(),
                    service,
                    wanted: wanted.clone(),
                };
                (wanted, tokio::spawn(keeper.work()))
            });
        }
        sleep(LOOK).await;
    }
}

struct Keeper {
    store: Store,
    shared: Arc<Shared>,
    socket: PathBuf,
    service: String,
    wanted: Wanted,
}

impl Keeper {
    async fn work(self) {
        let times = self.wanted.times;
        // Nobody else has this name, and this agent only once.
        let me = format!("{}/{}/{}", self.shared.node, self.shared.session, self.service);
        let mut lease = Lease::new(&me, times);
        let mut vouched = None;
        let mut is_held = false;
        loop {
            // What an operator has stopped is not started, and others may have it.
            let act = match self.may_run() {
                true => lease.next(now()),
                false => Act::Rest(GLANCE),
            };
            match act {
                Act::Rest(_) => {}
                Act::Write(record, revision) => self.write(&mut lease, &record, revision).await,
                Act::Read => {
                    let asked = now();
                    if let Ok(entry) = self.store.get(LEASES, &self.wanted.name).await {
                        let there = entry.map(|it| (it.revision, record(&it, times)));
                        if let Some(Act::Write(record, revision)) = lease.read(asked, now(), there)
                        {
                            self.write(&mut lease, &record, revision).await;
                        }
                    }
                }
            }
            let moment = now();
            let decided = lease.service(moment);
            if let Service::Vouch(token) = decided
                && self.may_run()
                && vouched.is_none_or(|at| moment >= at + times.period() / 2)
            {
                vouched = Some(moment);
                self.vouch(token, lease.until(times)).await;
            }
            let holds = decided != Service::Stop;
            if holds != is_held {
                is_held = holds;
                let what = if holds { "has the lease" } else { "has not the lease any more" };
                say(&format!("{} {what} {}", self.service, self.wanted.name));
            }
            sleep(GLANCE).await;
        }
    }

    fn may_run(&self) -> bool {
        let state = self.shared.state();
        let Some(it) = state.services.get(&self.service) else { return false };
        let fact = |name: &str| it.run.get(name);
        let is_late = fact("late").and_then(Value::as_str) == Some("deadman");
        state.is_connected && !state.is_draining && (fact("held").is_none() || is_late)
    }

    async fn write(&self, lease: &mut Lease, record: &Record, revision: u64) {
        let value = json!({
            "holder": record.holder, "number": record.number, "acquired": record.acquired,
            "lease": record.lease.as_secs_f64(),
        });
        let value = value.to_string().into_bytes().into();
        let how = match self.store.put(LEASES, &self.wanted.name, value, Some(revision)).await {
            Ok(revision) => Written::Stored(revision),
            Err(StoreError::Conflict) => Written::Conflict,
            Err(_) => Written::Unclear,
        };
        lease.written(now(), how);
    }

    /// Starts it, or says that it may go on: only until then.
    async fn vouch(&self, token: u64, until: Duration) {
        let epoch = match self.store.get(DESIRED, META).await {
            Ok(Some(entry)) => {
                serde_json::from_slice::<Meta>(&entry.value).map_or(0, |it| it.epoch)
            }
            // It has one already if it runs.
            _ => 0,
        };
        let (socket, service) = (self.socket.clone(), self.service.clone());
        let token = format!("{TOKEN}={epoch}.{token}");
        let done = spawn_blocking(move || vouch(&socket, &service, &token, epoch > 0, until)).await;
        if let Ok(Err(error)) = done {
            say(&format!("{}: {error}", self.service));
        }
    }
}

fn vouch(
    socket: &Path,
    service: &str,
    token: &str,
    has_token: bool,
    until: Duration,
) -> daemonproxy_client::Result<()> {
    let mut client = Client::connect_to(socket)?;
    let Some(it) = client.view().service(service.as_bytes()) else { return Ok(()) };
    if now() > until {
        return Ok(());
    }
    if it.pid().is_some() {
        return client.command(["service.deadman", service]);
    }
    let ended = it.run().time(daemonproxy_client::protocol::Fact::End);
    let is_early = ended.is_some_and(|at| monotonic() < at + PAUSE);
    if is_early || !has_token {
        return Ok(());
    }
    client.command(["service.env.apply", service, token])?;
    if now() > until {
        return Ok(());
    }
    client.command(["service.start", service])?;
    match now() > until {
        // We were away in this very moment.
        true => client.command(["service.stop", service]),
        false => Ok(()),
    }
}

/// What is in the store; what cannot be read is somebody's all the same.
fn record(entry: &Entry, times: Times) -> Record {
    let value: Value = serde_json::from_slice(&entry.value).unwrap_or_default();
    let seconds = value["lease"].as_f64().filter(|it| (0.0..86_400.0).contains(it));
    Record {
        holder: value["holder"].as_str().unwrap_or_default().to_owned(),
        number: value["number"].as_u64().unwrap_or(0),
        lease: seconds.map_or(times.lease(), Duration::from_secs_f64),
        acquired: value["acquired"].as_u64().unwrap_or(0),
    }
}

/// The clock that goes on while the machine sleeps.
fn now() -> Duration {
    clock(ClockId::CLOCK_BOOTTIME)
}

fn monotonic() -> Duration {
    clock(ClockId::CLOCK_MONOTONIC)
}

fn clock(which: ClockId) -> Duration {
    // These clocks are always there.
    clock_gettime(which).map(Duration::from).unwrap_or_default()
}
