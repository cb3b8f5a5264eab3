//! `rollout`: a file for many nodes, a few at a time, each of which must be well before the next.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use tokio::time::timeout;

use super::file;
use super::show;
use super::status::Fleet;
use crate::check::check;
use crate::cli::{RolloutArgs, Wait};
use crate::failure::{FAILED, Failure, Result};
use crate::intent::digest;
use crate::labels::Selector;
use crate::model::{Phase, Status};
use crate::store::{self, Feed, From, STATUS, Store, subject};

/// How a node is with the file.
#[derive(Clone, Debug, PartialEq, Eq)]
enum How {
    Waiting(String),
    Well,
    /// It will not become well, as far as can be told.
    Failed(String),
}

pub(super) async fn rollout(args: &RolloutArgs) -> Result<u8> {
    let bytes = file::read(&args.file)?;
    check(&args.file.to_string_lossy(), &bytes)?;
    let selector = Selector::parse(&args.labels)?;
    let store = store::connect_to_store(&args.store).await?;
    let fleet = Fleet::read(&store).await?;
    let meant = fleet.rows.values().filter(|row| selector.matches(&row.node.labels));
    // Without labels it is for those that have a file already: a new node is nobody's mistake.
    let meant = meant.filter(|row| !args.labels.is_empty() || row.has_intent);
    let nodes: Vec<String> = meant.map(|row| row.name.clone()).collect();
    if nodes.is_empty() {
        let text = "no node has these labels: dpfleet status shows those that there are";
        return Err(Failure::new(FAILED, text));
    }
    let batches: Vec<&[String]> = nodes.chunks(args.batch.max(1)).collect();
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for (nth, batch) in batches.iter().enumerate() {
        show::write(&format!("batch {} of {}: {}\n", nth + 1, batches.len(), batch.join(", ")))?;
        let mut waited = BTreeMap::new();
        for node in *batch {
            let revision = file::one(&store, node, &bytes, None).await?;
            waited.insert(node.clone(), revision);
        }
        let ends = wait(&store, waited, &digest(&bytes), args).await?;
        for (node, how) in ends {
            let what = match &how {
                How::Well => "ready".to_owned(),
                How::Waiting(why) => format!("not ready after {} s: {why}", args.timeout),
                How::Failed(why) => format!("failed: {why}"),
            };
            show::write(&format!("  {node}: {}\n", show::one_line(&what)))?;
            if how == How::Well { done.push(node) } else { failed.push(node) }
        }
        if !failed.is_empty() && args.stop_on_failure {
            let left: Vec<String> = batches[nth + 1..].concat();
            let list = |nodes: &[String]| match nodes.is_empty() {
                true => "none".to_owned(),
                false => nodes.join(", "),
            };
            let text = format!(
                "stopped: failed on {}; done on {}; not touched: {}",
                list(&failed),
                list(&done),
                list(&left)
            );
            return Err(Failure::new(FAILED, text));
        }
    }
    match failed.is_empty() {
        true => Ok(0),
        false => Err(Failure::new(FAILED, format!("failed on {}", failed.join(", ")))),
    }
}

/// Waits until each node is well, or is not going to be.
async fn wait(
    store: &Store,
    nodes: BTreeMap<String, u64>,
    sha256: &str,
    args: &RolloutArgs,
) -> Result<BTreeMap<String, How>> {
    let begin = || How::Waiting("nothing was heard of it".into());
    let mut how: BTreeMap<String, How> = nodes.keys().map(|it| (it.clone(), begin())).collect();
    if args.wait == Wait::None {
        return Ok(how.into_keys().map(|node| (node, How::Well)).collect());
    }
    let (stream, all) = (format!("KV_{STATUS}"), subject(STATUS, ">"));
    let mut feed = Feed::open(store, &stream, &all, From::LastOfEach).await?;
    let deadline = Instant::now() + Duration::from_secs(args.timeout);
    let settle = Duration::from_secs(args.settle);
    // Since when all are well. What was there before we looked may be old, and counts only if it is
    // said again.
    let mut since: Option<Instant> = None;
    let mut seen: BTreeMap<String, (String, u64)> = BTreeMap::new();
    let mut fresh = BTreeSet::new();
    loop {
        let is_over = |it: &How| matches!(it, How::Failed(_));
        let is_well = |(node, it): (&String, &How)| *it == How::Well && fresh.contains(node);
        let now = Instant::now();
        if how.iter().all(|it| is_well(it) || is_over(it.1)) {
            let since = *since.get_or_insert(now);
            if now >= since + settle {
                return Ok(how);
            }
        } else {
            since = None;
        }
        if how.values().any(is_over) && args.stop_on_failure || now >= deadline {
            return Ok(how);
        }
        let until = since.map_or(deadline, |since| deadline.min(since + settle));
        let Ok(item) = timeout(until.saturating_duration_since(now), feed.next()).await else {
            continue;
        };
        let name = item.subject.rsplit('.').next().unwrap_or_default().to_owned();
        let Some(&revision) = nodes.get(&name) else { continue };
        let Ok(status) = serde_json::from_slice::<Status>(&item.value) else { continue };
        if item.is_forged || status.node != name {
            continue;
        }
        let number = (status.session.clone(), status.seq);
        if seen.insert(name.clone(), number.clone()).is_some_and(|before| before != number) {
            fresh.insert(name.clone());
        }
        how.insert(name, judge(&status, revision, sha256, args.wait));
    }
}

fn judge(status: &Status, revision: u64, sha256: &str, wait: Wait) -> How {
    let is_about = status.revision == revision;
    match status.phase {
        Phase::Failed | Phase::WentBack | Phase::Unreadable if is_about => {
            return How::Failed(status.note.clone());
        }
        // It will have the file when it is back.
        Phase::Waiting if is_about => return How::Well,
        _ => {}
    }
    let applied = status.applied.as_ref();
    if !applied.is_some_and(|it| it.revision == revision && it.sha256 == sha256) {
        return How::Waiting("it was not applied".into());
    }
    let left = status.left.iter().map(|(name, why)| format!("{name} {why}"));
    let left = left.collect::<Vec<_>>().join("; ");
    match wait {
        Wait::Ready if status.has_failed => How::Failed(left),
        Wait::Ready if !left.is_empty() => How::Waiting(left),
        _ => How::Well,
    }
}
