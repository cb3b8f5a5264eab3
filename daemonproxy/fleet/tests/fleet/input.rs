//! What can be wrong: each is a clear error, and nothing is lost.

use crate::setup::{Said, Server, is_there, program, sleeping};

#[test]
fn a_server_that_is_not_there_or_does_not_let_us_in() {
    if !is_there() {
        return;
    }
    let refused = |said: &Said, what: &str| {
        assert!(said.status == 1 && said.err.contains(what), "{what}: {said:?}");
    };
    let said = Said::of(&program("nats://127.0.0.1:1").arg("status").output().unwrap());
    refused(&said, "cannot reach nats://127.0.0.1:1");
    let said = Said::of(&program("what is this").arg("status").output().unwrap());
    refused(&said, "cannot reach what is this");

    let users = "users: [ { user: u, password: p } ]";
    let config = "jetstream { store_dir: \"$STORE\" }\nlisten: \"127.0.0.1:$PORT\"\n";
    let server = Server::with(Some(format!("{config}authorization {{ {users} }}\n")));
    refused(&server.dpfleet(&["status"]), "refuses these credentials");
    let (wrong, right) = (server.file("wrong", "x\n"), server.file("right", "p\n"));
    let as_user = |file: &str| server.dpfleet(&["init", "--user", "u", "--password-file", file]);
    refused(&as_user(&wrong), "refuses these credentials");
    refused(&as_user("/no/such/file"), "cannot read /no/such/file");
    assert_eq!(as_user(&right).status, 0);
    refused(&server.dpfleet(&["status", "--creds", "/no/such/file"]), "cannot read /no/such/file");
    refused(&server.dpfleet(&["status", "--tls-ca", "/no/such/file"]), "cannot read /no/such/file");
}

#[test]
fn a_server_without_jetstream_or_with_streams_of_others() {
    if !is_there() {
        return;
    }
    let server = Server::with(Some("listen: \"127.0.0.1:$PORT\"\n".into()));
    for args in [&["init"][..], &["status"]] {
        let said = server.dpfleet(args);
        assert!(said.status == 1 && said.err.contains("JetStream is off"), "{said:?}");
    }
    let server = Server::start();
    let stream = b"{\"name\":\"KV_dp_status\",\"subjects\":[\"$KV.dp_status.>\"],\
                   \"retention\":\"limits\",\"storage\":\"memory\",\"num_replicas\":1,\
                   \"allow_rollup_hdrs\":true,\"max_msgs_per_subject\":5,\"discard\":\"old\"}";
    let create = "$JS.API.STREAM.CREATE.KV_dp_status";
    crate::permissions::publish(server.port, None, create, stream, "");
    let said = server.dpfleet(&["init"]);
    let says = |what: &str| assert!(said.err.contains(what), "{what}: {said:?}");
    assert_eq!(said.status, 1);
    says("KV_dp_status with other settings");
    says("max_msgs_per_subject is 5, and not 1");
    says("allow_rollup_hdrs is true");
}

#[test]
fn files_that_are_not_stored() {
    if !is_there() {
        return;
    }
    let server = Server::start();
    let good = server.file("good.toml", &sleeping(1));
    let said = server.dpfleet(&["put", &good, "n1"]);
    assert!(said.status == 1 && said.err.contains("dpfleet init"), "{said:?}");
    server.does(&["init"]);
    let bad = server.file("bad.toml", "[service.web]\nrun = \"a | b\"\nrestrat = 1\n");
    for args in [&["put", &bad, "n1"][..], &["rollout", &bad, "-l", "x"]] {
        let said = server.dpfleet(args);
        assert_eq!(said.status, 1, "{said:?}");
        for what in ["bad.toml:2", "bad.toml:3", "restrat", "2 errors; nothing was stored"] {
            assert!(said.err.contains(what), "{what}: {said:?}");
        }
    }
    let large = format!("{}# {}\n", sleeping(1), "x".repeat(1 << 20));
    let large = server.file("large.toml", &large);
    let said = server.dpfleet(&["put", &large, "n1"]);
    assert!(said.status == 1 && said.err.contains("at most 1048576"), "{said:?}");
    for node in ["a.b", "*", ">", "", "_meta", "a b"] {
        let said = server.dpfleet(&["put", &good, node]);
        assert!(said.status == 2 && said.err.contains("name of a node"), "{node}: {said:?}");
    }
    let said = server.dpfleet(&["get", "n1"]);
    assert!(said.status == 1 && said.err.contains("nothing in the store for n1"), "{said:?}");
    let said = server.dpfleet(&["rollout", &good, "-l", "role=nobody"]);
    assert!(said.status == 1 && said.err.contains("no node has these labels"), "{said:?}");
    let said = server.dpfleet(&["label", "n1", "x"]);
    assert!(said.status == 2 && said.err.contains("KEY=VALUE"), "{said:?}");
    let said = server.dpfleet(&["drain", "n9", "--timeout", "1"]);
    assert!(said.status == 151 && said.err.contains("the wish is stored"), "{said:?}");
}

#[test]
fn two_who_write_at_once_are_told() {
    if !is_there() {
        return;
    }
    let server = Server::start();
    server.does(&["init"]);
    let revision = server.put(&sleeping(1), "n1");
    let next = server.file("next.toml", &sleeping(2));
    let put =
        |revision: u64| server.dpfleet(&["put", &next, "n1", "--revision", &revision.to_string()]);
    let said = put(revision + 7);
    assert!(said.status == 1 && said.err.contains("somebody has changed it"), "{said:?}");
    assert_eq!(put(revision).status, 0);
    assert_eq!(server.does(&["get", "n1"]), sleeping(2));
    let said = server.dpfleet(&["diff", "n1", &server.file("x.toml", &sleeping(3))]);
    assert_eq!((said.status, said.out.contains("- run = \"sleep 2\"")), (2, true), "{said:?}");
    assert_eq!(server.dpfleet(&["diff", "n1", &next]).status, 0);
}
