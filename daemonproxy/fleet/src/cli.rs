//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Many machines, each with a daemonproxy, over NATS JetStream.
#[derive(Debug, Parser)]
#[command(name = "dpfleet", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Makes the store
    Init(InitArgs),
    /// Shows the epoch of the store, or raises it after the store was restored from a copy
    Epoch(EpochArgs),
    /// Applies what the store has for this node, and tells the store how it is
    Agent(AgentArgs),
    /// Stores a file for nodes
    Put(PutArgs),
    /// Shows the file that is stored for a node
    Get(GetArgs),
    /// Shows what is different between a file and the one that is stored; exit status 2 if anything
    Diff(DiffArgs),
    /// Shows how the nodes are
    Status(StatusArgs),
    /// Shows what has happened on the nodes
    Events(EventsArgs),
    /// Gives a node labels, takes them away, or shows them
    Label(LabelArgs),
    /// Stops what the fleet runs on a node, until undrain
    Drain(DrainArgs),
    /// Lets a node run again what was stopped to drain it
    Undrain(DrainArgs),
    /// Stores a file for many nodes, a few at a time
    Rollout(RolloutArgs),
    /// Shows a configuration of the server in which these nodes may do what their agents do
    Permissions(PermissionsArgs),
    /// Serves a page that shows one daemon, or the fleet
    Web(WebArgs),
    /// Writes the manual page
    Man,
}

/// How to write.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// What is waited for on each node.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Wait {
    /// All of its services are ready
    Ready,
    /// Its file is applied
    Applied,
    /// Nothing
    None,
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The epoch of a store that is new: higher than that of the one it takes the place of
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) epoch: u64,
    /// How long events are kept
    #[arg(long, value_name = "DAYS", default_value_t = 7)]
    pub(crate) keep_days: u32,
    /// How many events are kept, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 256)]
    pub(crate) keep_mib: u32,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
}

#[derive(Debug, Args)]
pub(crate) struct EpochArgs {
    /// Raises it by one: what is in the store now is meant
    #[arg(long)]
    pub(crate) raise: bool,
    /// Raises it to this number
    #[arg(long, value_name = "NUMBER", conflicts_with = "raise")]
    pub(crate) to: Option<u64>,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
}

#[derive(Debug, Args)]
pub(crate) struct AgentArgs {
    /// The name of this node
    #[arg(long, value_name = "NODE", env = "DPFLEET_NODE")]
    pub(crate) node: String,
    /// The socket of the daemon [default: where dpctl looks]
    #[arg(long, value_name = "PATH")]
    pub(crate) socket: Option<PathBuf>,
    /// Where it keeps what it has applied
    #[arg(long, value_name = "FOLDER", default_value = "/var/lib/dpfleet")]
    pub(crate) state: PathBuf,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
}

#[derive(Debug, Args)]
pub(crate) struct PutArgs {
    /// The file; - is standard input
    pub(crate) file: PathBuf,
    /// Nodes that are to have it
    #[arg(required = true, value_name = "NODE")]
    pub(crate) nodes: Vec<String>,
    /// Only if this is the revision that is stored; 0 is none
    #[arg(long, value_name = "NUMBER")]
    pub(crate) revision: Option<u64>,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
}

#[derive(Debug, Args)]
pub(crate) struct GetArgs {
    /// The node
    pub(crate) node: String,
    /// Says on standard error which revision it is
    #[arg(long)]
    pub(crate) revision: bool,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// The node
    pub(crate) node: String,
    /// The file; - is standard input
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
}

#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// These nodes only, with their services
    #[arg(value_name = "NODE")]
    pub(crate) nodes: Vec<String>,
    /// Nodes with these labels only: KEY=VALUE or KEY
    #[arg(short = 'l', long = "label", value_name = "LABEL")]
    pub(crate) labels: Vec<String>,
    /// Goes on, and shows what changes
    #[arg(short, long)]
    pub(crate) watch: bool,
    /// How to write
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub(crate) output: Format,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
}

#[derive(Debug, Args)]
pub(crate) struct EventsArgs {
    /// This node only
    pub(crate) node: Option<String>,
    /// This service only
    pub(crate) service: Option<String>,
    /// Goes on with what happens
    #[arg(short, long)]
    pub(crate) follow: bool,
    /// Only what happens from now on
    #[arg(long)]
    pub(crate) new: bool,
    /// How to write
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub(crate) output: Format,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
}

#[derive(Debug, Args)]
pub(crate) struct LabelArgs {
    /// The node
    pub(crate) node: String,
    /// KEY=VALUE sets one, KEY- takes it away; without any, those that it has are shown
    #[arg(value_name = "LABEL")]
    pub(crate) labels: Vec<String>,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
}

#[derive(Debug, Args)]
pub(crate) struct DrainArgs {
    /// The node
    pub(crate) node: String,
    /// Does not wait until the node has done it
    #[arg(long)]
    pub(crate) no_wait: bool,
    /// How long to wait
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) timeout: u64,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
}

#[derive(Debug, Args)]
pub(crate) struct RolloutArgs {
    /// The file; - is standard input
    pub(crate) file: PathBuf,
    /// Nodes with these labels: KEY=VALUE or KEY [default: nodes that have a file]
    #[arg(short = 'l', long = "label", value_name = "LABEL")]
    pub(crate) labels: Vec<String>,
    /// So many nodes at a time
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) batch: usize,
    /// What is waited for before the next ones
    #[arg(long, value_enum, default_value_t = Wait::Ready)]
    pub(crate) wait: Wait,
    /// How long it must stay so
    #[arg(long, value_name = "SECONDS", default_value_t = 3)]
    pub(crate) settle: u64,
    /// How long a batch may take
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    pub(crate) timeout: u64,
    /// Leaves the other nodes as they are when one has failed
    #[arg(long)]
    pub(crate) stop_on_failure: bool,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
}

#[derive(Debug, Args)]
pub(crate) struct PermissionsArgs {
    /// All nodes of the fleet
    #[arg(required = true, value_name = "NODE")]
    pub(crate) nodes: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct WebArgs {
    /// Shows the daemon with this control socket, and not the fleet
    #[arg(long, value_name = "PATH")]
    pub(crate) socket: Option<PathBuf>,
    /// Where browsers find the page
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9001")]
    pub(crate) listen: SocketAddr,
    /// A file with a token of at least 16 characters: who has it may start, stop and restart
    /// services. Without this option nobody can change anything
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// A name under which browsers reach the page, besides localhost and addresses
    #[arg(long, value_name = "HOST")]
    pub(crate) name: Vec<String>,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
}

/// The heading of options that lead to the store.
pub(crate) const STORE: &str = "Store";

/// Where the store is, and how to get in.
#[derive(Clone, Debug, Args)]
pub(crate) struct StoreArgs {
    /// Servers of NATS, separated by commas
    #[arg(
        long = "nats",
        value_name = "URL",
        env = "DPFLEET_NATS",
        default_value = "nats://127.0.0.1:4222",
        help_heading = STORE
    )]
    pub(crate) nats: String,
    /// A file with credentials (JWT and seed), as `nsc` writes it
    #[arg(long, value_name = "FILE", env = "DPFLEET_CREDS", help_heading = STORE)]
    pub(crate) creds: Option<PathBuf>,
    /// A user of the server; the password is the first line of --password-file
    #[arg(long, value_name = "NAME", requires = "password_file", help_heading = STORE)]
    pub(crate) user: Option<String>,
    /// The file with the password of --user
    #[arg(long, value_name = "FILE", requires = "user", help_heading = STORE)]
    pub(crate) password_file: Option<PathBuf>,
    /// Certificates of authorities that the server's certificate is checked with
    #[arg(long, value_name = "FILE", help_heading = STORE)]
    pub(crate) tls_ca: Option<PathBuf>,
    /// The own certificate, for a server that asks for one
    #[arg(long, value_name = "FILE", requires = "tls_key", help_heading = STORE)]
    pub(crate) tls_cert: Option<PathBuf>,
    /// The key of --tls-cert
    #[arg(long, value_name = "FILE", requires = "tls_cert", help_heading = STORE)]
    pub(crate) tls_key: Option<PathBuf>,
}
