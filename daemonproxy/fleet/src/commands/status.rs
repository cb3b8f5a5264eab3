//! `status`: how the nodes are.
//!
//! A node is silent when its number does not change for a while, by the clock of whoever looks. What
//! was there before he looked has an age, too: the server says when it was stored and what time it
//! is now, both by its own clock.

use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use super::show;
use crate::cli::{Format, StatusArgs};
use crate::deviation::deviation;
use crate::failure::{FAILED, Failure, Result};
use crate::labels::Selector;
use crate::model::{Node, Phase, Status};
use crate::store::{self, DESIRED, Feed, From, Item, META, NODES, STATUS, Store, subject};

/// A node that has said nothing for so long is silent.
const SILENT: Duration = Duration::from_secs(15);
/// At most so often is it shown again.
const PERIOD: Duration = Duration::from_millis(500);

pub(super) async fn status(args: &StatusArgs) -> Result<u8> {
    let selector = Selector::parse(&args.labels)?;
    let names = args.nodes.iter().map(|it| store::node(it)).collect::<Result<Vec<_>>>()?;
    let store = store::connect_to_store(&args.store).await?;
    let mut fleet = Fleet::read(&store).await?;
    let is_meant = |row: &Row| {
        (names.is_empty() || names.contains(&&*row.name)) && selector.matches(&row.node.labels)
    };
    if !args.watch {
        let unknown = names.iter().find(|&&name| !fleet.rows.contains_key(name));
        if let Some(name) = unknown {
            let text = format!("nothing is known of {name}: it has no file, no label, no agent");
            return Err(Failure::new(FAILED, text));
        }
        let rows: Vec<&Row> = fleet.rows.values().filter(|row| is_meant(row)).collect();
        show::write(&shown(&rows, args.output, !names.is_empty()))?;
        return Ok(0);
    }
    let (stream, all) = (format!("KV_{STATUS}"), subject(STATUS, ">"));
    let mut feed = Feed::open(&store, &stream, &all, From::LastOfEach).await?;
    let is_terminal = std::io::stdout().is_terminal();
    let mut last = String::new();
    loop {
        let rows: Vec<&Row> = fleet.rows.values().filter(|row| is_meant(row)).collect();
        let text = shown(&rows, args.output, !names.is_empty());
        if text != last {
            let clear = if is_terminal { "\x1b[H\x1b[2J" } else { "" };
            show::write(&format!("{clear}{text}"))?;
            last = text;
        }
        sleep(PERIOD).await;
        // Ages go on when nobody says anything.
        let until = Instant::now() + Duration::from_secs(1);
        while let Ok(item) =
            timeout(until.saturating_duration_since(Instant::now()), feed.next()).await
        {
            fleet.take(&item, None);
            if until <= Instant::now() + Duration::from_millis(500) {
                break;
            }
        }
    }
}

/// All nodes that the store knows anything of.
#[derive(Debug, Default)]
pub(super) struct Fleet {
    pub(super) rows: BTreeMap<String, Row>,
}

/// What is known of a node.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) node: Node,
    pub(super) has_intent: bool,
    status: Option<Status>,
    is_forged: bool,
    /// How old the status was when it was read first.
    age: Duration,
    /// When its number has changed since.
    changed: Option<Instant>,
    /// What there is to say about its clock.
    clock: Option<String>,
}

impl Fleet {
    pub(super) async fn read(store: &Store) -> Result<Self> {
        let mut fleet = Self::default();
        let bucket = format!("KV_{DESIRED}");
        let with_keys = json!({ "subjects_filter": ">" });
        let info = store.api(&format!("STREAM.INFO.{bucket}"), &with_keys).await?;
        let prefix = subject(DESIRED, "");
        let keys = info["state"]["subjects"].as_object();
        for name in keys.into_iter().flatten().filter_map(|(key, _)| key.strip_prefix(&prefix)) {
            if name != META {
                fleet.row(name).has_intent = true;
            }
        }
        let mut feed =
            Feed::open(store, &format!("KV_{NODES}"), &subject(NODES, ">"), From::LastOfEach)
                .await?;
        while let Some(item) = feed.rest().await? {
            let name = item.subject.rsplit('.').next().unwrap_or_default().to_owned();
            fleet.row(&name).node = serde_json::from_slice(&item.value).unwrap_or_default();
        }
        let mut feed =
            Feed::open(store, &format!("KV_{STATUS}"), &subject(STATUS, ">"), From::LastOfEach)
                .await?;
        let now = feed.began().unwrap_or(0);
        while let Some(item) = feed.rest().await? {
            fleet.take(&item, Some(now));
        }
        Ok(fleet)
    }

    fn row(&mut self, name: &str) -> &mut Row {
        let new = || Row { name: name.to_owned(), ..Row::default() };
        self.rows.entry(name.to_owned()).or_insert_with(new)
    }

    /// A status that was stored before `now`, or has just come.
    fn take(&mut self, item: &Item, now: Option<u64>) {
        let name = item.subject.rsplit('.').next().unwrap_or_default().to_owned();
        let row = self.row(&name);
        let status = serde_json::from_slice::<Status>(&item.value).ok();
        row.is_forged = item.is_forged || status.as_ref().is_none_or(|it| it.node != name);
        let (Some(status), false) = (status, row.is_forged) else { return };
        let number = |status: &Status| (status.session.clone(), status.seq);
        let is_new = row.status.as_ref().map(number) != Some(number(&status));
        match now {
            Some(now) => row.age = Duration::from_nanos(now.saturating_sub(item.stored)),
            None if is_new => (row.age, row.changed) = (Duration::ZERO, Some(Instant::now())),
            None => {}
        }
        row.changed.get_or_insert_with(Instant::now);
        row.clock = deviation(&status, item.stored);
        row.status = Some(status);
    }
}

impl Row {
    fn age(&self) -> Duration {
        self.age + self.changed.map_or(Duration::ZERO, |it| it.elapsed())
    }

    /// How it is, in a word, and what there is to say about that, and about its clock.
    pub(super) fn state(&self) -> (&'static str, String) {
        let (state, note) = self.state_alone();
        let said = [Some(note).filter(|it| !it.is_empty()), self.clock.clone()];
        (state, said.into_iter().flatten().collect::<Vec<_>>().join("; "))
    }

    fn state_alone(&self) -> (&'static str, String) {
        let Some(status) = &self.status else {
            let note = if self.is_forged { "its status was not written by its agent" } else { "" };
            return ("unheard", note.into());
        };
        let age = self.age();
        if age > SILENT {
            return ("silent", format!("for {}", show::span(age.as_secs())));
        }
        if !status.daemon {
            return ("no daemon", "the agent cannot connect to it".into());
        }
        let note = status.note.clone();
        match status.phase {
            _ if status.drained => ("drained", String::new()),
            _ if self.node.drain => ("draining", String::new()),
            Phase::Starting => ("starting", note),
            Phase::Absent => ("idle", note),
            Phase::Applying => ("applying", note),
            Phase::Waiting => ("waiting", note),
            Phase::Failed => ("failed", note),
            Phase::Unreadable => ("unreadable", note),
            Phase::WentBack => ("went back", note),
            Phase::Applied if status.left.is_empty() => ("ready", String::new()),
            Phase::Applied => {
                let left: Vec<_> =
                    status.left.iter().map(|(name, why)| format!("{name} {why}")).collect();
                (if status.has_failed { "broken" } else { "not ready" }, left.join("; "))
            }
        }
    }
}

fn shown(rows: &[&Row], output: Format, with_services: bool) -> String {
    match output {
        Format::Json => {
            let all: Vec<Value> = rows.iter().map(|row| object(row)).collect();
            format!("{:#}\n", json!(all))
        }
        Format::Text if rows.is_empty() => "no node is known\n".into(),
        Format::Text => {
            let lines: Vec<Vec<String>> = rows.iter().map(|row| line(row)).collect();
            let mut text =
                show::table(&["NODE", "STATE", "REVISION", "SERVICES", "LABELS", "NOTE"], &lines);
            if with_services {
                for row in rows {
                    text += &services(row);
                }
            }
            text
        }
    }
}

fn object(row: &Row) -> Value {
    let (state, note) = row.state();
    let services: BTreeSet<_> = row.status.iter().flat_map(|it| &it.left).map(|it| &it.0).collect();
    json!({
        "node": row.name, "state": state, "note": note, "labels": row.node.labels,
        "drain": row.node.drain, "has_intent": row.has_intent, "not_ready": services,
        "age": row.status.is_some().then(|| row.age().as_secs_f64()), "status": row.status,
    })
}

fn line(row: &Row) -> Vec<String> {
    let (state, note) = row.state();
    let labels: Vec<_> =
        row.node.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let applied = row.status.as_ref().and_then(|it| it.applied.as_ref());
    let revision = applied.map_or("-".to_owned(), |it| it.revision.to_string());
    let services = row.status.as_ref().map_or("-".to_owned(), |it| {
        let up = it.services.iter().filter(|it| it.state == "up").count();
        format!("{up}/{}", it.services.len() + it.more)
    });
    let labels = if labels.is_empty() { "-".to_owned() } else { labels.join(",") };
    vec![
        row.name.clone(),
        state.into(),
        revision,
        services,
        show::readable(&labels),
        show::one_line(&note),
    ]
}

fn services(row: &Row) -> String {
    let Some(status) = &row.status else { return String::new() };
    let lines: Vec<Vec<String>> = status
        .services
        .iter()
        .map(|it| {
            let facts = ["number", "pid", "exit", "signal", "starts"];
            let facts = facts.iter().filter_map(|&key| Some((key, it.run.get(key)?)));
            let text = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
            let facts: Vec<_> =
                facts.map(|(key, value)| format!("{key}={}", text(value))).collect();
            vec![
                show::readable(&it.name),
                show::readable(&it.state),
                show::readable(&facts.join(" ")),
            ]
        })
        .collect();
    let mut text = format!("\n{}\n", row.name);
    text += &show::table(&["SERVICE", "STATE", "RUN"], &lines);
    if status.note.lines().count() > 1 {
        let lines: Vec<_> = status.note.lines().map(show::readable).collect();
        text += &format!("\n{}\n", lines.join("\n"));
    }
    text
}
