//! `init` and `epoch`: making the store, and saying that it was restored.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::json;

use super::show;
use crate::chance;
use crate::cli::{EpochArgs, InitArgs};
use crate::failure::{FAILED, Failure, Result};
use crate::model::Meta;
use crate::store::{self, DESIRED, Kept, META, Store};

pub(super) async fn init(args: &InitArgs) -> Result<u8> {
    let store = store::connect(&args.store).await?;
    let age = Duration::from_secs(u64::from(args.keep_days) * 86_400);
    store::create(&store, Kept { age, bytes: u64::from(args.keep_mib) << 20 }).await?;
    let meta = match read(&store).await? {
        Some((meta, _)) => meta,
        None => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            // Never the same again, whatever the clock says.
            let created = format!("{} {:016x}", show::utc(now.as_secs_f64()), chance::number());
            let meta = Meta { epoch: args.epoch, created };
            write(&store, &meta, 0).await?;
            meta
        }
    };
    show::write(&format!("the store of {} is ready, epoch {}\n", meta.created, meta.epoch))?;
    Ok(0)
}

pub(super) async fn epoch(args: &EpochArgs) -> Result<u8> {
    let store = store::connect_to_store(&args.store).await?;
    let Some((meta, revision)) = read(&store).await? else {
        return Err(Failure::new(FAILED, "the store has no epoch: dpfleet init"));
    };
    if !args.raise && args.to.is_none() {
        show::write(&format!("{}\n", meta.epoch))?;
        return Ok(0);
    }
    let epoch = args.to.unwrap_or(meta.epoch + 1);
    if epoch <= meta.epoch {
        let text = format!("the epoch is {} and can only be raised", meta.epoch);
        return Err(Failure::new(FAILED, text));
    }
    write(&store, &Meta { epoch, ..meta }, revision).await?;
    show::write(&format!("{epoch}\n"))?;
    Ok(0)
}

async fn read(store: &Store) -> Result<Option<(Meta, u64)>> {
    let Some(entry) = store.get(DESIRED, META).await? else { return Ok(None) };
    let meta = serde_json::from_slice(&entry.value).ok().filter(|_| !entry.is_forged);
    let meta = meta.ok_or_else(|| {
        let text = "the epoch of the store cannot be read: somebody has written over it";
        Failure::new(FAILED, text)
    })?;
    Ok(Some((meta, entry.revision)))
}

async fn write(store: &Store, meta: &Meta, revision: u64) -> Result<()> {
    let bytes = json!(meta).to_string().into_bytes();
    store.put_surely(DESIRED, META, bytes.into(), revision).await?;
    Ok(())
}
