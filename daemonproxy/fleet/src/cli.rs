//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::web;

/// Many machines, each with a daemonproxy, over NATS JetStream.
#[derive(Debug, Parser)]
#[command(name = "dpfleet", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serves a page that shows one daemon, or the fleet
    Web(web::WebArgs),
}

/// Where the store is, and how to get in.
#[derive(Clone, Debug, Args)]
pub(crate) struct StoreArgs {
    /// Servers of NATS, separated by commas
    #[arg(
        long = "nats",
        value_name = "URL",
        env = "DPFLEET_NATS",
        default_value = "nats://127.0.0.1:4222",
        help_heading = "Store"
    )]
    pub(crate) nats: String,
    /// A file with credentials (JWT and seed), as `nsc` writes it
    #[arg(long, value_name = "FILE", env = "DPFLEET_CREDS", help_heading = "Store")]
    pub(crate) creds: Option<PathBuf>,
    /// A user of the server; the password is the first line of --password-file
    #[arg(long, value_name = "NAME", requires = "password_file", help_heading = "Store")]
    pub(crate) user: Option<String>,
    /// The file with the password of --user
    #[arg(long, value_name = "FILE", requires = "user", help_heading = "Store")]
    pub(crate) password_file: Option<PathBuf>,
    /// Certificates of authorities that the server's certificate is checked with
    #[arg(long, value_name = "FILE", help_heading = "Store")]
    pub(crate) tls_ca: Option<PathBuf>,
    /// The own certificate, for a server that asks for one
    #[arg(long, value_name = "FILE", requires = "tls_key", help_heading = "Store")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// The key of --tls-cert
    #[arg(long, value_name = "FILE", requires = "tls_cert", help_heading = "Store")]
    pub(crate) tls_key: Option<PathBuf>,
}
