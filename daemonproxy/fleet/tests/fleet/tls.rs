//! TLS in both directions: the server shows a certificate, and asks for one.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::setup::{Server, is_there};

/// Certificates of an authority of our own; nothing where there is no openssl.
fn certificates(folder: &Path) -> Option<()> {
    let script = "set -e\n\
        openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=ca \
            -addext basicConstraints=critical,CA:TRUE\n\
        echo subjectAltName=IP:127.0.0.1 > names\n\
        for who in server client; do\n\
        openssl req -newkey rsa:2048 -nodes -keyout $who.key -out $who.csr -subj /CN=$who\n\
        openssl x509 -req -in $who.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
            -extfile names -out $who.pem\ndone\n";
    let mut command = Command::new("sh");
    command.args(["-c", script]).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|it| it.success()).then_some(())
}

#[test]
fn who_has_a_certificate_gets_in() {
    if !is_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    if certificates(folder.path()).is_none() {
        println!("left out: there is no openssl");
        return;
    }
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (ca, cert, key) = (path("ca.pem"), path("client.pem"), path("client.key"));
    let server = Server::with(Some(format!(
        "jetstream {{ store_dir: \"$STORE\" }}\nlisten: \"127.0.0.1:$PORT\"\n\
         tls {{ cert_file: \"{}\", key_file: \"{}\", ca_file: \"{ca}\", verify: true }}\n",
        path("server.pem"),
        path("server.key"),
    )));
    let own = ["--tls-ca", &ca, "--tls-cert", &cert, "--tls-key", &key];
    server.does(&[&["init"][..], &own].concat());
    assert_eq!(server.does(&[&["epoch"][..], &own].concat()).trim(), "1");
    for wrong in [&["epoch", "--tls-ca", &ca][..], &["epoch"]] {
        let said = server.dpfleet(wrong);
        let is_told = said.err.contains("cannot reach") && said.err.contains("ertificate");
        assert!(said.status == 1 && is_told, "{said:?}");
    }
}
