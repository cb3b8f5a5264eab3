//! `validate` and `schema`: a file of services.

use std::path::Path;
use std::process::Command;

use crate::daemon::{Daemon, Said, run};

fn dpctl(args: &[&str], folder: &Path) -> Said {
    run(Command::new(env!("CARGO_BIN_EXE_dpctl")).args(args).current_dir(folder))
}

#[test]
fn a_file_without_faults_says_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("s.toml"), "[service.web]\nrun = \"sleep 1\"\n").unwrap();
    let said = dpctl(&["validate", "s.toml"], folder.path());
    assert_eq!((said.status, said.out.as_str(), said.err.as_str()), (0, "", ""));
}

#[test]
fn faults_are_shown_with_their_places() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("s.toml"), "[service.web]\nrun = \"a | b\"\n").unwrap();
    let said = dpctl(&["validate", "s.toml"], folder.path());
    assert_eq!(said.status, 1);
    assert!(said.out.contains("--> s.toml:2:10"), "{}", said.out);
    assert!(said.out.contains("sh = \"a | b\""), "{}", said.out);
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let big = vec![b'#'; 5 << 20];
    std::fs::write(folder.path().join("big.toml"), big).unwrap();
    std::fs::write(folder.path().join("bytes.toml"), b"[service.a]\nrun = \"\xff\"\n").unwrap();
    for (file, expected) in [
        ("none.toml", "cannot read none.toml: No such file"),
        (".", "cannot read .: it is a directory"),
        ("big.toml", "big.toml is larger than 4 MiB: that is hardly a file of services"),
        ("bytes.toml", "bytes.toml:2: this is not UTF-8"),
    ] {
        let said = dpctl(&["validate", file], folder.path());
        assert_eq!(said.status, 1);
        assert!(said.out.contains(expected), "{}", said.out);
    }
}

/// Whatever is wrong is said with its place and with what to do; and nothing is sent.
#[test]
fn nothing_is_sent_of_a_file_with_faults() {
    let daemon = Daemon::start();
    let before = daemon.ok("dump");
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let big = std::fs::File::create(at("big.toml")).unwrap();
    big.set_len(100 << 20).unwrap();
    std::fs::write(at("other.toml"), "[service.ok]\nrun = \"x\"\n").unwrap();
    let ok = "[service.ok]\nrun = \"sleep 1000\"\n";
    for (text, place, hint) in [
        ("[service.a]\nrnu = \"x\"", "4:1", "did you mean `run`?"),
        ("[service.a]\ncomand = \"x\"", "4:1", "here it is `run`"),
        ("[service.a]\nrun = 5", "4:7", "this is a number"),
        ("[service.a]\nrun = \"x\"\ninstances = \"2\"", "5:13", "a number from 1 to 999"),
        ("[service.a]\nrun = \"x | y\"", "4:10", "sh = \"x | y\""),
        ("[service.a]\nrun = \"x\"\nafter = [\"up:a\"]", "5:10", "a → a"),
        ("[service.a]\nrun = \"x\"\nafter = [\"okk\"]", "5:10", "did you mean"),
        ("[service.a]\nrun = \"x\"\nenv_file = \"none\"", "5:12", "begins beside the file"),
        ("[service.a]\nrun = \"x\"\nuser = \"no-body\"", "5:8", "only /etc/passwd is asked"),
        ("[service.a]\nrun = \"x\"\ngroup = \"no-body\"", "5:9", "only /etc/group is asked"),
        (
            "[service.a-name-that-has-30-characters]\nrun = \"x\"\ninstances = 10",
            "3:10",
            "shorten it",
        ),
        ("[service.a]\nrun = \"x\"\nlisten = { h = \"80\" }", "5:16", "write \"tcp:*:80\""),
        ("[service.a]\nrun = \"x\"\nhealth = { http = \"https://x/\" }", "5:19", "curl"),
        ("[service.a\nrun = \"x\"", "3:11", "s.toml"),
    ] {
        std::fs::write(at("s.toml"), format!("{ok}{text}\n")).unwrap();
        for command in ["plan", "apply"] {
            let said = daemon.dpctl(&format!("{command} {}", at("s.toml").display()));
            assert_eq!((said.status, said.out.as_str()), (1, ""), "{text}");
            assert!(said.err.contains(&format!("s.toml:{place}")), "{text}: {}", said.err);
            assert!(said.err.contains(hint), "{text}: {}", said.err);
            assert!(said.err.ends_with("nothing was done\n"), "{}", said.err);
        }
    }
    std::fs::write(at("two.toml"), format!("include = \"other.toml\"\n{ok}")).unwrap();
    for (name, expected) in [
        ("two.toml", "the service `ok` stands in two files"),
        ("big.toml", "larger than 4 MiB"),
        ("none.toml", "No such file"),
    ] {
        let said = daemon.dpctl(&format!("apply {}", at(name).display()));
        assert_eq!((said.status, said.out.as_str()), (1, ""), "{name}");
        assert!(said.err.contains(expected), "{name}: {}", said.err);
    }
    std::fs::write(at("s.toml"), "").unwrap();
    let said = daemon.dpctl(&format!("apply {}", at("s.toml").display()));
    assert!(said.err.contains("a service is a table [service.NAME]"), "{}", said.err);
    assert_eq!(daemon.ok("dump"), before);
}

/// Users, programs and directories may be on another machine only.
#[test]
fn validate_warns_of_what_is_not_here() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[service.web]\nrun = \"no-program\"\nuser = \"no-body\"\ncwd = \"/no/where\"\n";
    std::fs::write(folder.path().join("s.toml"), text).unwrap();
    let said = dpctl(&["validate", "s.toml"], folder.path());
    assert_eq!(said.status, 0, "{}", said.out);
    for what in ["user `no-body`", "program no-program in PATH", "directory /no/where"] {
        assert!(said.out.contains(&format!("warning: there is no {what}")), "{}", said.out);
    }
    assert!(said.out.contains("an error where it is applied"), "{}", said.out);
}

#[test]
fn files_are_included_from_beside_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path();
    std::fs::create_dir_all(base.join("x/conf.d")).unwrap();
    std::fs::write(base.join("x/s.toml"), "include = \"conf.d/*.toml\"\n").unwrap();
    std::fs::write(base.join("x/conf.d/a.toml"), "[service.a]\nrun = \"a\"\n").unwrap();
    assert_eq!(dpctl(&["validate", "x/s.toml"], base).status, 0);
    std::fs::write(base.join("x/conf.d/b.toml"), "[service.a]\nrun = \"a\"\n").unwrap();
    let said = dpctl(&["validate", "x/s.toml"], base);
    assert!(said.out.contains("the service `a` stands in two files"), "{}", said.out);
}

/// Every key of the table, and every option of the grammar.
#[test]
fn the_schema_has_all_keys() {
    let said = dpctl(&["schema"], Path::new("/"));
    let schema: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let service = &schema["properties"]["service"]["additionalProperties"]["properties"];
    for key in ["run", "after", "restart", "cwd", "user", "umask"] {
        assert!(service[key]["description"].is_string(), "{key}");
    }
    assert!(service["stop_after"].is_null() && !schema["properties"]["daemon"].is_null());
}

#[test]
fn files_of_other_tools_are_translated() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("Procfile"), "web: httpd\n").unwrap();
    let said = dpctl(&["import", "Procfile"], folder.path());
    assert_eq!((said.status, said.out.as_str()), (0, "[service.web]\nsh = \"exec httpd\"\n"));
    std::fs::write(folder.path().join("s.conf"), "[program:web]\nnonsense\n").unwrap();
    let said = dpctl(&["import", "s.conf"], folder.path());
    assert_eq!((said.status, said.err.as_str()), (1, "dpctl: s.conf:2: expected KEY=VALUE\n"));
    std::fs::write(folder.path().join("x"), "").unwrap();
    assert_eq!(dpctl(&["import", "x"], folder.path()).status, 2);
    assert_eq!(dpctl(&["import", "--from", "procfile", "x"], folder.path()).status, 0);
}

/// Each is known by its name, or by what is in it; several are given together.
#[test]
fn files_of_other_tools_are_known_by_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path();
    let write = |name: &str, text: &str| {
        let path = base.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let unit = "[Service]\nExecStart=/bin/web\n[Install]\nWantedBy=multi-user.target\n";
    write("web.service", &format!("[Unit]\nAfter=db.service\n{unit}"));
    write("db.service", unit);
    write("compose.yml", "services: {web: {command: httpd -f}}\n");
    write("old.conf", "# x\nservice.args\tweb\thttpd\nservice.auto_up\tweb\t1\talways\n");
    write("sv/web/run", "#!/bin/sh\nexec httpd\n");
    write("s6/web/run", "#!/bin/sh\nexec httpd\n");
    write("s6/web/notification-fd", "3\n");
    let run = format!("run = [\"{}/s6/web/run\"]", base.display());
    for (args, expected) in [
        (&["web.service", "db.service"][..], "after = [\"up:db\"]"),
        (&["compose.yml"], "run = [\"httpd\", \"-f\"]"),
        (&["old.conf"], "run = [\"httpd\"]"),
        (&["sv"], "sv/web/run\"]"),
        (&["sv/web"], "[service.web]"),
        (&["s6"], &*run),
        (&["s6"], "ready = \"fd:3\""),
    ] {
        let said = dpctl(&[&["import", "--stats"], args].concat(), base);
        assert_eq!(said.status, 0, "{}", said.err);
        assert!(said.out.contains(expected), "{}", said.out);
        assert!(said.err.contains("carried over"), "{}", said.err);
        // What is written can be applied.
        write("out.toml", &said.out);
        assert_eq!(dpctl(&["validate", "out.toml"], base).status, 0, "{}", said.out);
    }
    assert_eq!(dpctl(&["import", "old.conf", "sv"], base).status, 2);
    assert_eq!(dpctl(&["import", "none"], base).status, 1);
    std::fs::create_dir(base.join("empty")).unwrap();
    let said = dpctl(&["import", "empty"], base);
    assert!(said.status == 1 && said.err.contains("no service in it"), "{}", said.err);
}

/// What a file says is done with the rights of the daemon.
#[test]
fn a_file_that_others_can_change_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.toml");
    std::fs::write(&path, "[service.web]\nrun = \"sleep 1\"\n").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o666)).unwrap();
    let said = dpctl(&["validate", "s.toml"], folder.path());
    assert_eq!(said.status, 0);
    assert!(said.out.contains("warning: everybody can change s.toml"), "{}", said.out);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(dpctl(&["validate", "s.toml"], folder.path()).out, "");
    // Only root can give a file away.
    if std::os::unix::fs::chown(&path, Some(12345), None).is_ok() {
        let said = dpctl(&["validate", "s.toml"], folder.path());
        assert!(said.out.contains("warning: the user 12345 can change s.toml"), "{}", said.out);
    }
}
