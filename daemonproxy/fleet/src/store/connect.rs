//! Getting in: addresses, credentials, TLS.

use std::path::Path;
use std::time::Duration;

use async_nats::ConnectOptions;
use tokio::sync::broadcast;

use super::jetstream::{Store, StoreError};
use super::layout::DESIRED;
use super::link::Link;
use crate::chance;
use crate::cli::StoreArgs;
use crate::failure::{FAILED, Failure, Result};

/// How long the first connection may take for somebody who waits for it.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// For a command: there is a server now, or it is an error. If it goes away later, one that goes on
/// waits for it, and others get no answer in time.
pub(crate) async fn connect(args: &StoreArgs) -> Result<Store> {
    let (options, links) = options(args, "dpfleet").await?;
    let options = options.max_reconnects(None).connection_timeout(PATIENCE);
    let client = options.connect(servers(args)).await;
    let client = client.map_err(|error| unreachable(args, &error.to_string()))?;
    Ok(Store::new(client, links))
}

/// The same, and there is a store in it.
pub(crate) async fn connect_to_store(args: &StoreArgs) -> Result<Store> {
    let store = connect(args).await?;
    match store.stream(&format!("KV_{DESIRED}")).await {
        Ok(_) => Ok(store),
        Err(StoreError::Nobody(_)) => store.check().await.map(|()| store),
        Err(error) => Err(error.into()),
    }
}

/// For an agent: as soon as there is a server, and again whenever it was gone.
pub(crate) async fn connect_for_good(args: &StoreArgs, name: &str) -> Result<Store> {
    let (options, links) = options(args, name).await?;
    let options = options.retry_on_initial_connect().max_reconnects(None);
    let client = options.connect(servers(args)).await;
    let client = client.map_err(|error| unreachable(args, &error.to_string()))?;
    Ok(Store::new(client, links))
}

fn servers(args: &StoreArgs) -> Vec<String> {
    args.nats.split(',').map(|server| server.trim().to_owned()).collect()
}

fn unreachable(args: &StoreArgs, error: &str) -> Failure {
    let text = match error.contains("authorization") {
        true => format!("{} refuses these credentials", args.nats),
        false => format!("cannot reach {}: {error}", args.nats),
    };
    Failure::new(FAILED, text)
}

async fn options(
    args: &StoreArgs,
    name: &str,
) -> Result<(ConnectOptions, broadcast::Sender<Link>)> {
    let (links, _) = broadcast::channel(64);
    let mut options = ConnectOptions::new();
    if let Some(path) = &args.creds {
        options = options.credentials_file(path).await.map_err(|error| unread(path, &error))?;
    }
    if let (Some(user), Some(path)) = (&args.user, &args.password_file) {
        let text = std::fs::read_to_string(path).map_err(|error| unread(path, &error))?;
        let password = text.lines().next().unwrap_or_default().to_owned();
        options = options.user_and_password(user.clone(), password);
    }
    if let Some(path) = &args.tls_ca {
        readable(path)?;
        options = options.add_root_certificates(path.clone()).require_tls(true);
    }
    if let (Some(cert), Some(key)) = (&args.tls_cert, &args.tls_key) {
        readable(cert)?;
        readable(key)?;
        options = options.add_client_certificate(cert.clone(), key.clone()).require_tls(true);
    }
    let told = links.clone();
    let options = options
        .name(name)
        .subscription_capacity(4096)
        .client_capacity(256)
        .reconnect_delay_callback(|attempts| {
            let most = Duration::from_millis(100) * 2u32.pow(attempts.min(6) as u32);
            chance::between(most / 2, most.min(LONGEST_PAUSE))
        })
        .event_callback(move |event| {
            if let Some(link) = Link::of(&event) {
                // Nobody may be listening.
                let _ = told.send(link);
            }
            std::future::ready(())
        });
    Ok((options, links))
}

/// So that a file that is not there is an error of its own, and not one of the connection.
fn readable(path: &Path) -> Result<()> {
    std::fs::File::open(path).map(|_| ()).map_err(|error| unread(path, &error))
}

fn unread(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(FAILED, format!("cannot read {}: {error}", path.display()))
}
