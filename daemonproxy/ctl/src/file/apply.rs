//! `apply`: makes the daemon have what a file says.
//!
//! The file is checked as a whole, and compared with what there is, before anything is sent. The
//! first refusal ends it; what was done and what was not is said then. Comparing again finds what is
//! left, however it ended.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use daemonproxy_client::protocol::{Fact, ServiceView, Signal};
use daemonproxy_client::{Client, Error, StateView, find};
use daemonproxy_compile::{
    Change, Plan, Service, Step, is_ready, is_ready_or_done, is_success, was_started,
};
use daemonproxy_look::time;

use super::patience::patience_for;
use super::{first, label, lock, plan, ports};
use crate::cli::Applied;
use crate::failure::{FAILED, Failure, OK, Result, TIME_IS_UP, USAGE};
use crate::output;
use crate::style::{Style, readable};

/// How often it is tried again to delete what is not gone yet.
const AGAIN: Duration = Duration::from_millis(50);

pub(crate) fn apply(socket: Option<&Path>, applied: &Applied) -> Result<u8> {
    if let Some(signal) = &applied.answers {
        // Before the file is read: what comes from now on may be about a newer one.
        answer(&find(socket)?, signal)?;
    }
    let failure = match try_apply(socket, applied) {
        Ok(status) => return Ok(status),
        Err(failure) => failure,
    };
    match applied.first_failure {
        Some(what) => Err(first::failed(&find(socket)?, what, failure)),
        None => Err(failure),
    }
}

fn try_apply(socket: Option<&Path>, applied: &Applied) -> Result<u8> {
    let shown_by = applied.foreground.then(label).transpose()?;
    let wanted = plan::wanted(&applied.file, shown_by)?;
    let socket = find(socket)?;
    let patience = time::seconds(applied.timeout);
    // Whoever has no rights to connect has none to lock.
    let mut client = plan::connect(&socket)?;
    let _lock = lock::take(&socket, patience)?;
    client.resync()?;
    let (compiled, wanted) = match applied.foreground {
        true => wanted,
        false => plan::as_shown(wanted, &applied.file, &client)?,
    };
    let difference = plan::compare(&wanted, &client, &compiled, applied.taking)?;
    ports::check(&wanted, &compiled, &mut client)?;
    let mut told = Told::new(&difference.changes, &difference.steps);
    for (at, step) in difference.steps.iter().enumerate() {
        told.begin(at)?;
        if let Err(failure) = carry_out(&mut client, step, patience) {
            return Err(told.failed(&failure));
        }
    }
    told.begin(usize::MAX)?;
    if applied.wait {
        all_ready(&mut client, &wanted, patience)?;
    }
    Ok(OK)
}

/// Takes the signals away that are pending now.
fn answer(socket: &Path, signal: &str) -> Result<()> {
    let mut client = Client::connect_to(socket)?;
    let signal = Signal::parse(signal.as_bytes())
        .ok_or_else(|| Failure::new(USAGE, format!("there is no signal {signal}")))?;
    let count = client.view().pending(signal);
    if count > 0 {
        client.command(["signal.clear", &signal.to_string(), &count.to_string()])?;
    }
    Ok(())
}

/// What was done so far.
struct Told<'t> {
    /// Changes that are not done, by the last of their steps.
    left: BTreeMap<usize, Vec<&'t Change>>,
    style: Style,
}

impl<'t> Told<'t> {
    fn new(changes: &'t [Change], steps: &[Step]) -> Self {
        let mut left: BTreeMap<usize, Vec<&Change>> = BTreeMap::new();
        for change in changes {
            let is_it = |step: &Step| match step {
                Step::Send { name, .. }
                | Step::SendIfStarted { name, .. }
                | Step::Ended(name)
                | Step::Delete(name) => *name == change.name,
                Step::Ready(_) => false,
            };
            let last = steps.iter().rposition(is_it).unwrap_or(0);
            left.entry(last).or_default().push(change);
        }
        Self { left, style: Style::of_stdout() }
    }

    /// All steps before this one are done.
    fn begin(&mut self, step: usize) -> Result<()> {
        let rest = self.left.split_off(&step);
        for change in std::mem::replace(&mut self.left, rest).into_values().flatten() {
            output::write(format!("{}\n", plan::shown(change, self.style)).as_bytes())?;
        }
        Ok(())
    }

    fn failed(&self, failure: &Failure) -> Failure {
        let style = Style::of_stderr();
        let left = self.left.values().flatten().map(|change| plan::shown(change, style));
        let left: Vec<_> = left.map(|change| format!("\n  {change}")).collect();
        let status = if failure.status == TIME_IS_UP { FAILED } else { failure.status };
        let text = format!(
            "{}\nnot done, or not all of it (run it again to finish):{}",
            failure.text,
            left.concat()
        );
        Failure::new(status, text)
    }
}

fn carry_out(client: &mut Client, step: &Step, patience: Duration) -> Result<()> {
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
            let patience = patience_for(client.view().service(name.as_bytes()));
            let has_ended = |view: &StateView| {
                view.service(name.as_bytes()).is_none_or(|it| it.pid().is_none())
            };
            if client.wait(patience, has_ended)? {
                return Ok(());
            }
            Err(Failure::new(TIME_IS_UP, format!("{name} does not end")))
        }
        Step::Delete(name) => delete(client, name),
        Step::Ready(name) => {
            let is = |view: &StateView| view.service(name.as_bytes()).is_some_and(is_ready_or_done);
            if client.wait(patience, is)? {
                return Ok(());
            }
            let seconds = patience.as_secs_f64();
            let text = format!("{name} was restarted, and is not ready after {seconds} s");
            Err(Failure::new(TIME_IS_UP, text))
        }
    }
}

/// Others of its process group may be there for longer than its main process.
pub(crate) fn delete(client: &mut Client, name: &str) -> Result<()> {
    let patience = patience_for(client.view().service(name.as_bytes()));
    let deadline = Instant::now() + patience;
    loop {
        match client.command(["service.delete", name]) {
            Err(Error::Refused(refused))
                if refused.name() == Some("ServiceIsRunning") && Instant::now() < deadline =>
            {
                client.watch(AGAIN, |_, _| false)?;
            }
            done => return Ok(done?),
        }
    }
}

/// Waits until everything is as it should be.
fn all_ready(client: &mut Client, plan: &Plan, patience: Duration) -> Result<()> {
    let left = |view: &StateView| -> Vec<String> {
        plan.services
            .iter()
            .filter_map(|service| Some(format!("{}: {}", service.name, not_ready(service, view)?)))
            .collect()
    };
    let mut has_failed = false;
    client.wait(patience, |view| {
        has_failed = plan.services.iter().any(|service| has_failed_for_good(service, view));
        has_failed || left(view).is_empty()
    })?;
    let left = left(client.view());
    if left.is_empty() {
        return Ok(());
    }
    let seconds = patience.as_secs_f64();
    let (status, what) = match has_failed {
        true => (FAILED, "not ready".to_owned()),
        false => (TIME_IS_UP, format!("not ready after {seconds} s")),
    };
    let left: Vec<_> =
        left.iter().map(|line| format!("\n  {}", readable(line.as_bytes()))).collect();
    Err(Failure::new(status, format!("{what}:{}", left.concat())))
}

/// Whether it ends by itself, and is not started again then.
fn runs_once(service: &Service) -> bool {
    let is_once = |trigger: &String| trigger.split(',').any(|it| it == "once");
    !service.triggers.is_empty() && service.triggers.iter().all(is_once)
}

/// Whether it has failed, and nothing starts it again.
fn has_failed_for_good(service: &Service, view: &StateView) -> bool {
    let Some(it) = view.service(service.name.as_bytes()) else { return false };
    let has_ended = it.pid().is_none() && it.run().has(Fact::End);
    has_ended && (runs_once(service) && !is_success(it) || has_given_up(it))
}

fn has_given_up(it: &ServiceView) -> bool {
    it.run().values().any(|(fact, _)| fact == b"gaveup")
}

/// What is missing, if something is.
fn not_ready(service: &Service, view: &StateView) -> Option<String> {
    let Some(it) = view.service(service.name.as_bytes()) else { return Some("is gone".into()) };
    let is_started =
        |trigger: &String| !trigger.split(',').any(|it| matches!(it, "failure" | "success"));
    // What nobody starts is not waited for.
    if !service.triggers.iter().any(is_started) || is_ready(it) && !runs_once(service) {
        return None;
    }
    let once_is_done = it.pid().is_none() && it.run().has(Fact::End) && is_success(it);
    // One that is started again on failure only has done its work as well.
    let may_end =
        !service.triggers.iter().any(|it| !it.starts_with("once") && !it.starts_with("failure"));
    if may_end && once_is_done {
        return None;
    }
    Some(match () {
        () if has_given_up(it) => "was given up; see dpctl why".into(),
        () if it.run().has(Fact::Held) => "is held (dpctl release)".into(),
        () if it.pid().is_some() && runs_once(service) => "has not ended yet".into(),
        () if it.pid().is_some() => "runs, and is not ready".into(),
        () if it.run().has(Fact::Failed) => "cannot be executed; see dpctl why".into(),
        () if it.run().has(Fact::End) => "has ended; see dpctl why".into(),
        () => "was not started yet; see dpctl why".into(),
    })
}
