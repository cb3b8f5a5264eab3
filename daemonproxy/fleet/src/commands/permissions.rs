//! `permissions`: a configuration of the server in which a node may do what an agent does, and
//! nothing else.
//!
//! Each node has an account of its own, and the store is in another one. Permissions of users of
//! one account are not enough: the server sends its answers to whatever subject a client names, and
//! checks nothing there, so a node could let it write into the values of another one. Between
//! accounts there are only the subjects that are listed, and an answer never leaves the account of
//! who has asked.

use super::show;
use crate::cli::PermissionsArgs;
use crate::failure::Result;
use crate::store::{self, DESIRED, LEASES, META, NODES, STATUS, logs, subject};

/// The account with the store.
const STORE: &str = "FLEET";

pub(super) fn permissions(args: &PermissionsArgs) -> Result<u8> {
    let nodes = args.nodes.iter().map(|it| store::node(it)).collect::<Result<Vec<_>>>()?;
    show::write(&config(&nodes))?;
    Ok(0)
}

fn get(bucket: &str, key: &str) -> String {
    format!("$JS.API.DIRECT.GET.KV_{bucket}.{}", subject(bucket, key))
}

fn config(nodes: &[&str]) -> String {
    let mut text = format!(
        "# For nats-server: included in its configuration, beside `jetstream {{ store_dir: … }}`.\n\
         # Passwords: `nats server passwd`, or a variable of the server's environment as here.\n\
         accounts {{\n  {STORE}: {{\n    jetstream: enabled\n    \
         users: [ {{ user: admin, password: $ADMIN_PASSWORD }} ]\n    exports: [\n"
    );
    let services = [
        subject(STATUS, "*"),
        "dp.events.*.*".into(),
        get(DESIRED, "*"),
        get(NODES, "*"),
        subject(LEASES, "*"),
        get(LEASES, "*"),
    ];
    for service in services {
        text += &format!("      {{ service: \"{service}\" }}\n");
    }
    for stream in [subject(DESIRED, "*"), subject(NODES, "*")] {
        text += &format!("      {{ stream: \"{stream}\" }}\n");
    }
    text += "    ]\n    imports: [\n";
    // The end of a log, which the page of the fleet asks for.
    for node in nodes {
        let (account, subject) = (of_node(node), logs(node));
        text += &format!("      {{ service: {{ account: {account}, subject: \"{subject}\" }} }}\n");
    }
    text += "    ]\n  }\n";
    for node in nodes {
        text += &account(node);
    }
    text + "}\n"
}

fn of_node(node: &str) -> String {
    format!("\"node-{node}\"")
}

fn account(node: &str) -> String {
    let password = node.to_uppercase().replace('-', "_");
    let mut text = format!(
        "  # Its own status and events, its own file and labels, and the leases.\n  \
         {}: {{\n    \
         users: [ {{ user: \"{node}\", password: ${password}_PASSWORD }} ]\n    \
         exports: [ {{ service: \"{}\", accounts: [ {STORE} ] }} ]\n    imports: [\n",
        of_node(node),
        logs(node),
    );
    let services = [
        subject(STATUS, node),
        format!("dp.events.{node}.*"),
        get(DESIRED, node),
        get(DESIRED, META),
        get(NODES, node),
        subject(LEASES, "*"),
        get(LEASES, "*"),
    ];
    for service in services {
        text += &format!("      {{ service: {{ account: {STORE}, subject: \"{service}\" }} }}\n");
    }
    for stream in [subject(DESIRED, node), subject(NODES, node)] {
        text += &format!("      {{ stream: {{ account: {STORE}, subject: \"{stream}\" }} }}\n");
    }
    text + "    ]\n  }\n"
}
