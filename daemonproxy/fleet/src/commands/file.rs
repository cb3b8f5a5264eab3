//! `put`, `get` and `diff`: the file that a node is to have.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::{diff as text, show};
use crate::check::check;
use crate::cli::{DiffArgs, GetArgs, PutArgs};
use crate::failure::{FAILED, Failure, Result};
use crate::store::{self, DESIRED, Entry, LARGEST_INTENT, Store, StoreError};

/// Exit status of `diff`: they are not the same.
const DIFFERENT: u8 = 2;

pub(super) async fn put(args: &PutArgs) -> Result<u8> {
    let nodes = args.nodes.iter().map(|it| store::node(it)).collect::<Result<Vec<_>>>()?;
    let bytes = read(&args.file)?;
    check(&args.file.to_string_lossy(), &bytes)?;
    let store = store::connect_to_store(&args.store).await?;
    for node in nodes {
        let revision = one(&store, node, &bytes, args.revision).await?;
        show::write(&format!("{node}: revision {revision}\n"))?;
    }
    Ok(0)
}

/// Stores a file for a node, unless somebody else does so meanwhile. The same one again is no new
/// revision.
pub(super) async fn one(
    store: &Store,
    node: &str,
    bytes: &[u8],
    expected: Option<u64>,
) -> Result<u64> {
    if bytes.len() + 1024 > store.largest() {
        let (has, most) = (bytes.len(), store.largest());
        let text = format!(
            "{has} bytes are too many for this server: it takes messages of {most} \
             (max_payload in its configuration), of which a kilobyte is for other things"
        );
        return Err(Failure::new(FAILED, text));
    }
    let there = store.get(DESIRED, node).await.map_err(|error| explained(node, &error))?;
    let now = there.as_ref().map_or(0, |it| it.revision);
    if let Some(expected) = expected.filter(|&it| it != now) {
        let text =
            format!("{node} has revision {now}, and not {expected}: somebody has changed it");
        return Err(Failure::new(FAILED, text));
    }
    if let Some(Entry { value, revision, is_forged: false }) = &there
        && **value == *bytes
    {
        return Ok(*revision);
    }
    let stored = store.put_surely(DESIRED, node, bytes.to_vec().into(), now).await;
    stored.map_err(|error| explained(node, &error))
}

pub(super) async fn get(args: &GetArgs) -> Result<u8> {
    let store = store::connect_to_store(&args.store).await?;
    let entry = stored(&store, store::node(&args.node)?).await?;
    show::write(&String::from_utf8_lossy(&entry.value))?;
    if args.revision {
        crate::say(&format!("{}: revision {}", args.node, entry.revision));
    }
    Ok(0)
}

pub(super) async fn diff(args: &DiffArgs) -> Result<u8> {
    let node = store::node(&args.node)?;
    let new = read(&args.file)?;
    let store = store::connect_to_store(&args.store).await?;
    let old = match store.get(DESIRED, node).await? {
        Some(entry) => String::from_utf8_lossy(&entry.value).into_owned(),
        None => String::new(),
    };
    match text::lines(&old, &String::from_utf8_lossy(&new)) {
        Some(text) => {
            let lines: Vec<_> = text.lines().map(show::readable).collect();
            show::write(&format!("{}\n", lines.join("\n")))?;
            Ok(DIFFERENT)
        }
        None => Ok(0),
    }
}

async fn stored(store: &Store, node: &str) -> Result<Entry> {
    let entry = store.get(DESIRED, node).await.map_err(|error| explained(node, &error))?;
    entry.ok_or_else(|| Failure::new(FAILED, format!("there is nothing in the store for {node}")))
}

fn explained(node: &str, error: &StoreError) -> Failure {
    Failure::new(FAILED, format!("{node}: {error}"))
}

/// At most so much that it is known to be too much.
pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    let unread =
        |error: std::io::Error| Failure::new(FAILED, format!("{}: {error}", path.display()));
    let mut bytes = Vec::new();
    let most = LARGEST_INTENT as u64 + 1;
    if path == Path::new("-") {
        std::io::stdin().take(most).read_to_end(&mut bytes).map_err(unread)?;
    } else {
        File::open(path).map_err(unread)?.take(most).read_to_end(&mut bytes).map_err(unread)?;
    }
    Ok(bytes)
}
