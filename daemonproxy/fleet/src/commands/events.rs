//! `events`: what has happened on the nodes, in the order in which the store heard of it.

use super::show;
use crate::cli::{EventsArgs, Format};
use crate::failure::Result;
use crate::model::Happened;
use crate::store::{self, EVENTS, Feed, From, Item, escaped};

pub(super) async fn events(args: &EventsArgs) -> Result<u8> {
    let node = match &args.node {
        Some(node) => store::node(node)?,
        None => "*",
    };
    let service = match &args.service {
        Some(service) => escaped(service.as_bytes()),
        None => "*".into(),
    };
    let store = store::connect_to_store(&args.store).await?;
    let from = if args.new { From::Now } else { From::Beginning };
    let filter = format!("dp.events.{node}.{service}");
    let mut feed = Feed::open(&store, EVENTS, &filter, from).await?;
    while let Some(item) = feed.rest().await? {
        tell(&item, args.output)?;
    }
    if args.follow || args.new {
        loop {
            let item = feed.next().await;
            tell(&item, args.output)?;
        }
    }
    Ok(0)
}

fn tell(item: &Item, output: Format) -> Result<()> {
    let parts: Vec<&str> = item.subject.split('.').collect();
    let node = parts.get(2).copied().unwrap_or_default();
    let told = serde_json::from_slice::<Happened>(&item.value).ok();
    // Nobody can speak for another node: the subject says who it was.
    let told = told.filter(|it| it.node == node && !item.is_forged);
    let Some(told) = told else {
        return show::write(&format!("{node}: something that is no event\n"));
    };
    match output {
        Format::Json => show::write(&format!("{}\n", serde_json::json!(told))),
        Format::Text => show::write(&format!("{}\n", line(&told))),
    }
}

fn line(told: &Happened) -> String {
    let what = match &*told.event {
        "gap" if told.lost > 0 => format!("gap: {} missing: {}", told.lost, told.why),
        "gap" => format!("gap: {}", told.why),
        "service.run" => {
            let facts = told.run.iter().map(|(key, value)| match value.as_str() {
                Some(text) => format!("{key}={text}"),
                None => format!("{key}={value}"),
            });
            format!("run {}", facts.collect::<Vec<_>>().join(" "))
        }
        _ => told.state.join(" "),
    };
    let service = if told.service.is_empty() { "-" } else { &told.service };
    let text = format!("{} {} {service} {what}", show::utc(told.time), told.node);
    show::readable(&text)
}
