//! Credentials as `nsc` writes them: an operator, an account that it vouches for, and users that the
//! account vouches for, each by a signature. The server knows the operator only.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use nkeys::KeyPair;
use serde_json::{Value, json};

use crate::setup::{Machine, Server, is_there, sleeping};

/// A JWT that says this of somebody, signed.
fn signed(by: &KeyPair, of: &KeyPair, name: &str, more: &Value, expires: Option<u64>) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let mut claims = json!({
        "jti": name, "iat": 1_700_000_000, "iss": by.public_key(), "sub": of.public_key(),
        "name": name, "nats": more,
    });
    if let Some(expires) = expires {
        claims["exp"] = expires.into();
    }
    let head = part(&json!({ "typ": "JWT", "alg": "ed25519-nkey" }));
    let text = format!("{head}.{}", part(&claims));
    let signature = by.sign(text.as_bytes()).unwrap();
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// What an account may use: everything.
fn limits(jetstream: i64) -> Value {
    json!({
        "subs": -1, "conn": -1, "leaf": -1, "imports": -1, "exports": -1, "data": -1, "payload": -1,
        "wildcards": true, "mem_storage": jetstream, "disk_storage": jetstream,
        "streams": jetstream, "consumer": jetstream,
    })
}

fn account(operator: &KeyPair, of: &KeyPair, name: &str, jetstream: i64) -> String {
    let more = json!({ "type": "account", "version": 2, "limits": limits(jetstream) });
    signed(operator, of, name, &more, None)
}

/// The file for a user: its JWT, and its seed.
fn credentials(account: &KeyPair, permissions: &Value, expires: Option<u64>) -> String {
    let user = KeyPair::new_user();
    let mut more = json!({
        "type": "user", "version": 2, "subs": -1, "data": -1, "payload": -1,
    });
    if let (Some(more), Some(permissions)) = (more.as_object_mut(), permissions.as_object()) {
        more.extend(permissions.clone());
    }
    let jwt = signed(account, &user, "user", &more, expires);
    format!(
        "-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n\
         -----BEGIN USER NKEY SEED-----\n{}\n------END USER NKEY SEED------\n",
        user.seed().unwrap()
    )
}

#[test]
fn who_has_credentials_gets_in() {
    if !is_there() {
        return;
    }
    let operator = KeyPair::new_operator();
    let (fleet, system) = (KeyPair::new_account(), KeyPair::new_account());
    let of_operator = json!({ "type": "operator", "version": 2 });
    let server = Server::with(Some(format!(
        "jetstream {{ store_dir: \"$STORE\" }}\nlisten: \"127.0.0.1:$PORT\"\n\
         operator: \"{}\"\nsystem_account: {}\nresolver: MEMORY\nresolver_preload: {{\n\
         {}: \"{}\"\n{}: \"{}\"\n}}\n",
        signed(&operator, &operator, "operator", &of_operator, None),
        system.public_key(),
        fleet.public_key(),
        account(&operator, &fleet, "fleet", -1),
        system.public_key(),
        account(&operator, &system, "system", 0),
    )));
    let all = json!({});
    let admin = server.file("admin.creds", &credentials(&fleet, &all, None));
    let own = ["--creds", &admin];
    server.does(&[&["init"][..], &own].concat());
    let file = server.file("web.toml", &sleeping(1000));
    server.does(&[&["put", &file, "n1"][..], &own].concat());

    // An agent, with a file of its own.
    let agent = server.file("n1.creds", &credentials(&fleet, &all, None));
    let machine = Machine::with("n1", &server.url(), &["--creds", &agent]);
    daemonproxy_testing::eventually("the agent applies it", || machine.pid("web"));

    // Nobody else gets in: without any; of an account that the operator has not vouched for; that
    // are no longer valid; and a file that is something else.
    let stranger = server.file("wrong.creds", &credentials(&KeyPair::new_account(), &all, None));
    let old = server.file("old.creds", &credentials(&fleet, &all, Some(1_700_000_001)));
    for wrong in [&["epoch"][..], &["epoch", "--creds", &stranger], &["epoch", "--creds", &old]] {
        let said = server.dpfleet(wrong);
        let is_told = said.err.contains("refuses these credentials");
        assert!(said.status == 1 && is_told, "{wrong:?}: {said:?}");
    }
    let said = server.dpfleet(&["epoch", "--creds", &file]);
    assert!(said.status == 1 && said.err.contains("web.toml"), "{said:?}");

    // What a user may not do has a name.
    let reader = json!({ "pub": { "allow": ["$JS.API.>"] }, "sub": { "allow": ["_INBOX.>"] } });
    let reader = server.file("reader.creds", &credentials(&fleet, &reader, None));
    server.does(&["status", "--creds", &reader]);
    let other = server.file("other.toml", &sleeping(1001));
    let said = server.dpfleet(&["put", &other, "n1", "--creds", &reader]);
    let is_told = said.err.contains("ermissions") && said.err.contains("dp_desired");
    assert!(said.status == 1 && is_told, "{said:?}");
}
