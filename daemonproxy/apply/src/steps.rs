//! Carries out what makes the one of the other.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use daemonproxy_client::{Client, Error as ClientError, StateView};
use daemonproxy_compile::{Change, Difference, Step, is_ready_or_done, was_started};

use crate::error::{Error, Result};
use crate::patience::patience_for;

/// How often it is tried again to delete what is not gone yet.
const AGAIN: Duration = Duration::from_millis(50);

/// The first failure, and what was not done because of it.
#[derive(Debug)]
pub struct Unfinished<'d> {
    /// Why.
    pub error: Error,
    /// What was not done, or not all of it.
    pub left: Vec<&'d Change>,
}

/// Carries out all steps, and calls `told` with every change that is done. `patience`: how long a
/// service may take to be ready that others come after, or to end if it never gets SIGKILL.
///
/// # Errors
///
/// The first failure ends it, also one of `told`.
pub fn carry_out<'d>(
    client: &mut Client,
    difference: &'d Difference,
    patience: Duration,
    mut told: impl FnMut(&Change) -> Result<()>,
) -> std::result::Result<(), Unfinished<'d>> {
    let mut left = Left::new(difference);
    for (at, step) in difference.steps.iter().enumerate() {
        let done = left.before(at).iter().try_for_each(|change| told(change));
        if let Err(error) = done.and_then(|()| one(client, step, patience)) {
            return Err(Unfinished { error, left: left.before(usize::MAX) });
        }
    }
    let done = left.before(usize::MAX).iter().try_for_each(|change| told(change));
    done.map_err(|error| Unfinished { error, left: Vec::new() })
}

/// Changes that are not done, by the last of their steps.
struct Left<'d>(BTreeMap<usize, Vec<&'d Change>>);

impl<'d> Left<'d> {
    fn new(difference: &'d Difference) -> Self {
        let mut left: BTreeMap<usize, Vec<&Change>> = BTreeMap::new();
        for change in &difference.changes {
            let is_it = |step: &Step| match step {
                Step::Send { name, .. }
                | Step::SendIfStarted { name, .. }
                | Step::Ended(name)
                | Step::Delete(name) => *name == change.name,
                Step::Ready(_) => false,
            };
            let last = difference.steps.iter().rposition(is_it).unwrap_or(0);
            left.entry(last).or_default().push(change);
        }
        Self(left)
    }

    /// Takes those out that are done before this step.
    fn before(&mut self, step: usize) -> Vec<&'d Change> {
        let rest = self.0.split_off(&step);
        std::mem::replace(&mut self.0, rest).into_values().flatten().collect()
    }
}

fn one(client: &mut Client, step: &Step, patience: Duration) -> Result<()> {
    match step {
        Step::Send { line, .. } => Ok(client.line(line, |_| {})?),
        Step::SendIfStarted { name, line, since } => {
            let service = client.view().service(name.as_bytes());
            match service.is_some_and(|it| was_started(it, *since)) {
                true => Ok(client.line(line, |_| {})?),
                false => Ok(()),
            }
        }
        Step::Ended(name) => {
            let patience = patience_for(client.view().service(name.as_bytes()), patience);
            let has_ended = |view: &StateView| {
                view.service(name.as_bytes()).is_none_or(|it| it.pid().is_none())
            };
            if client.wait(patience, has_ended)? {
                return Ok(());
            }
            let seconds = patience.as_secs_f64();
            Err(Error::TimeIsUp(format!(
                "{name} is being stopped, and has not ended after {seconds} s"
            )))
        }
        Step::Delete(name) => {
            let patience = patience_for(client.view().service(name.as_bytes()), patience);
            delete(client, name, patience)
        }
        Step::Ready(name) => {
            let is = |view: &StateView| view.service(name.as_bytes()).is_some_and(is_ready_or_done);
            if client.wait(patience, is)? {
                return Ok(());
            }
            let seconds = patience.as_secs_f64();
            let text = format!("{name} was restarted, and is not ready after {seconds} s");
            Err(Error::TimeIsUp(text))
        }
    }
}

/// Deletes a service that has ended. Others of its process group may be there for longer than its
/// main process: so long it is tried again.
///
/// # Errors
///
/// What the daemon says, in the end.
pub fn delete(client: &mut Client, name: &str, patience: Duration) -> Result<()> {
    let deadline = Instant::now().checked_add(patience);
    let is_time = || deadline.is_none_or(|deadline| Instant::now() < deadline);
    loop {
        match client.command(["service.delete", name]) {
            Err(ClientError::Refused(refused))
                if refused.name() == Some("ServiceIsRunning") && is_time() =>
            {
                client.watch(AGAIN, |_, _| false)?;
            }
            done => return Ok(done?),
        }
    }
}
