//! `label`, `drain` and `undrain`: what administrators say of a node.

use std::time::Duration;

use tokio::time::timeout;

use super::show;
use crate::cli::{DrainArgs, LabelArgs};
use crate::failure::{Failure, Result, TIME_IS_UP, USAGE};
use crate::model::Status;
use crate::store::{self, Feed, From, STATUS, subject};
use crate::wishes::{read, update};

pub(super) async fn label(args: &LabelArgs) -> Result<u8> {
    let name = store::node(&args.node)?;
    let store = store::connect_to_store(&args.store).await?;
    if args.labels.is_empty() {
        let (node, _) = read(&store, name).await?;
        let labels = node.labels.iter().map(|(key, value)| format!("{key}={value}\n"));
        show::write(&show::readable(&labels.collect::<String>()).replace("\\n", "\n"))?;
        return Ok(0);
    }
    let changes = args.labels.iter().map(|it| change(it)).collect::<Result<Vec<_>>>()?;
    update(&store, name, |node| {
        for (key, value) in &changes {
            match value {
                Some(value) => drop(node.labels.insert(key.clone(), value.clone())),
                None => drop(node.labels.remove(key)),
            }
        }
    })
    .await?;
    Ok(0)
}

/// `KEY=VALUE`, or `KEY-`, which takes it away.
fn change(text: &str) -> Result<(String, Option<String>)> {
    let (key, value) = match text.split_once('=') {
        Some((key, value)) => (key, Some(value.to_owned())),
        None => (text.strip_suffix('-').unwrap_or_default(), None),
    };
    let is_plain = |text: &str| text.chars().all(|it| !it.is_control() && !it.is_whitespace());
    let is_right = !key.is_empty() && !key.contains(',') && is_plain(key);
    if is_right && value.as_deref().is_none_or(|it| is_plain(it) && !it.contains(',')) {
        return Ok((key.to_owned(), value));
    }
    let rule = "a label is KEY=VALUE, without spaces and commas; KEY- takes it away";
    Err(Failure::new(USAGE, format!("{text:?} is no label: {rule}")))
}

pub(super) async fn drain(args: &DrainArgs, drain: bool) -> Result<u8> {
    let name = store::node(&args.node)?;
    let store = store::connect_to_store(&args.store).await?;
    // From before it is asked, so that the answer is not missed.
    let mut feed =
        Feed::open(&store, &format!("KV_{STATUS}"), &subject(STATUS, name), From::LastOfEach)
            .await?;
    update(&store, name, |node| node.drain = drain).await?;
    if args.no_wait {
        return Ok(0);
    }
    let acknowledged = async {
        loop {
            let item = feed.next().await;
            let status = serde_json::from_slice::<Status>(&item.value);
            if let Ok(status) = status
                && !item.is_forged
                && status.drained == drain
            {
                return;
            }
        }
    };
    let patience = Duration::from_secs(args.timeout);
    if timeout(patience, acknowledged).await.is_err() {
        let text = format!(
            "{name} has not said within {} s that it is {}drained; the wish is stored, and stays",
            args.timeout,
            if drain { "" } else { "un" }
        );
        return Err(Failure::new(TIME_IS_UP, text));
    }
    show::write(&format!("{name} is {}\n", if drain { "drained" } else { "no longer drained" }))?;
    Ok(0)
}
