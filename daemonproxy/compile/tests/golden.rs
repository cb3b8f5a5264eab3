//! Files, and what becomes of them: commands, or errors. Each `golden/NAME.toml` has its result
//! beside it as `golden/NAME.out`; `UPDATE=1 cargo test -p daemonproxy-compile` writes it anew.
//!
//! One file may hold several: a line `# >>> PATH` begins another one, which others cannot read;
//! after `# >>> public PATH` they can.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use daemonproxy_compile::{
    Account, Compiled, Content, Counts, Input, Reader, Severity, Thing, Tool, compile, import,
};
use daemonproxy_protocol::ServiceOption;

/// Files in memory.
struct Files(BTreeMap<String, Content>);

impl Files {
    fn new(text: &str) -> Self {
        let mut files: BTreeMap<String, Content> = BTreeMap::new();
        let mut now = files.entry("services.toml".into()).or_default();
        for line in text.split_inclusive('\n') {
            if let Some(path) = line.strip_prefix("# >>> ") {
                let path = path.trim_end();
                let private = path.strip_prefix("public ").unwrap_or(path);
                now = files.entry(private.into()).or_default();
                now.is_public = private != path;
                continue;
            }
            now.bytes.extend_from_slice(line.as_bytes());
        }
        Self(files)
    }
}

impl Reader for Files {
    fn read(&mut self, path: &str) -> io::Result<Content> {
        self.0.get(path).cloned().ok_or_else(|| io::Error::other("no such file"))
    }

    fn lacks(&mut self, account: Account, name: &str) -> Option<Severity> {
        let missing = match account {
            Account::User => "postgress",
            Account::Group => "ssl-certs",
        };
        (name == missing).then_some(Severity::Error)
    }

    fn is_there(&mut self, _: Thing, path: &str) -> bool {
        !path.contains("nowhere")
    }

    fn matching(&mut self, pattern: &str) -> io::Result<Vec<String>> {
        let (before, after) = pattern.split_once('*').unwrap_or((pattern, ""));
        let is_it = |name: &&String| name.starts_with(before) && name.ends_with(after);
        Ok(self.0.keys().filter(is_it).cloned().collect())
    }
}

fn shown(compiled: &Compiled) -> String {
    let mut out = String::new();
    for problem in &compiled.problems {
        let _ = writeln!(out, "{}", problem.render(&compiled.files, false));
    }
    if let Some(plan) = &compiled.plan {
        for line in plan.commands(compiled.max_line) {
            let _ = writeln!(out, "{}", String::from_utf8_lossy(&line).replace('\t', " → "));
        }
    }
    out
}

#[test]
fn every_file_gives_what_stands_beside_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let update = std::env::var_os("UPDATE").is_some();
    let mut names: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|it| it.unwrap().path()).collect();
    names.retain(|path| path.extension().is_some_and(|it| it == "toml"));
    names.sort();
    assert!(names.len() > 20);
    let mut wrong = Vec::new();
    for path in names {
        let text = std::fs::read_to_string(&path).unwrap();
        let out = shown(&compile("services.toml", &mut Files::new(&text)));
        let beside = path.with_extension("out");
        if update {
            std::fs::write(&beside, out).unwrap();
        } else if out != std::fs::read_to_string(&beside).unwrap_or_default() {
            wrong.push(format!("{}: now\n{out}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whatever happens to a file, it is said in words.
#[test]
fn no_part_of_a_file_is_too_strange() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for path in std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()) {
        if path.extension().is_none_or(|it| it != "toml") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for (at, _) in text.char_indices().step_by(3) {
            for changed in [text[..at].to_owned(), format!("{}\u{fc}{}", &text[..at], &text[at..])]
            {
                let compiled = compile("services.toml", &mut Files::new(&changed));
                if at % 5 == 0 {
                    let _ = shown(&compiled);
                }
                assert!(compiled.plan.is_some() || !compiled.problems.is_empty());
            }
        }
    }
}

/// Options that a grammar to come has are taken as they are; until then nothing is ignored.
#[test]
fn what_is_not_supported_is_said() {
    for (line, option) in [
        ("watchdog = \"1m\"", "watchdog=60"),
        ("ready = \"control\"", "ready=control"),
        ("restart = { max = \"1m\" }", "backoff=60"),
        ("restart = { giveup = { times = 5, within = \"5m\" } }", "giveup=5/300"),
        ("success = [3, \"SIGTERM\"]", "success=3:SIGTERM"),
        ("memory = \"64M\"", "memory=67108864"),
    ] {
        let text = format!("[service.a]\nrun = \"a\"\n{line}\n");
        let compiled = compile("services.toml", &mut Files::new(&text));
        let shown = shown(&compiled);
        if ServiceOption::parse(option.as_bytes()).is_ok() {
            assert!(shown.contains(&format!("service.options → a → {option}\n")), "{shown}");
        } else {
            assert!(shown.contains("is not supported yet"), "{shown}");
        }
    }
}

/// What is in `import/NAME`: a file, or all files below it.
fn input(path: &Path) -> Input {
    let mut files = BTreeMap::new();
    if path.is_file() {
        files.insert(String::new(), std::fs::read(path).unwrap());
    } else {
        let mut folders = vec![path.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()) {
                if entry.is_dir() {
                    folders.push(entry);
                } else {
                    let name = entry.strip_prefix(path).unwrap().to_str().unwrap().to_owned();
                    files.insert(name, std::fs::read(&entry).unwrap());
                }
            }
        }
    }
    let name = path.file_name().unwrap().to_str().unwrap();
    Input { path: format!("/etc/{name}"), files }
}

/// Files of other tools, in `import/TOOL-NAME`, and what they become in `import/NAME.toml` beside
/// them, which is without errors. Units of systemd are given together.
#[test]
fn files_of_other_tools_become_files_without_errors() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import");
    let mut given: BTreeMap<String, (Tool, Vec<Input>)> = BTreeMap::new();
    let mut paths: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|it| it.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let tool = match name.rsplit_once('.').map_or(&*name, |(_, end)| end) {
            "conf" if name == "commands.conf" => Tool::Commands,
            "conf" => Tool::Supervisord,
            "Procfile" => Tool::Procfile,
            "service" => Tool::Systemd,
            "yaml" => Tool::Compose,
            "runit" => Tool::Runit,
            "s6" => Tool::S6,
            _ => continue,
        };
        let key = match tool {
            Tool::Systemd => "units".to_owned(),
            Tool::Runit | Tool::S6 => name.clone(),
            _ => name.split('.').next().unwrap().to_owned(),
        };
        given.entry(key).or_insert((tool, Vec::new())).1.push(input(&path));
    }
    assert_eq!(given.len(), 7);
    for (key, (tool, inputs)) in given {
        let out = import(tool, &inputs).unwrap();
        let Counts { all, not_needed, lost } = out.counts;
        let text =
            format!("# {all} directives, {not_needed} not needed, {lost} lost\n{}", out.text);
        let mut files = Files::new(&out.text);
        files.0.insert(
            "/etc/web.env".into(),
            Content { bytes: b"A=1\n".to_vec(), ..Content::default() },
        );
        let compiled = compile("services.toml", &mut files);
        let beside = folder.join(format!("{key}.toml"));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&beside, &text).unwrap();
        }
        assert!(compiled.plan.is_some(), "{text}\n{}", shown(&compiled));
        assert_eq!(text, std::fs::read_to_string(&beside).unwrap(), "{key}");
        // Whatever is cut off, it is taken or refused.
        for at in 0..inputs.len() {
            let Some(bytes) = inputs[at].files.get("").cloned() else { continue };
            for end in 0..bytes.len() {
                let mut cut = inputs.clone();
                cut[at].files.insert(String::new(), bytes[..end].to_vec());
                let _ = import(tool, &cut);
            }
        }
    }
}

#[test]
fn what_is_no_file_of_a_tool_is_refused_with_its_line() {
    for (tool, text, line) in [
        (Tool::Supervisord, "command=x\n", 1),
        (Tool::Supervisord, "[program:x\n", 1),
        (Tool::Supervisord, "[program:x]\nnonsense\n", 2),
        (Tool::Procfile, "web: x\n\nnonsense\n", 3),
        (Tool::Procfile, "web:\n", 1),
        (Tool::Systemd, "[Service]\nnonsense\n", 2),
        (Tool::Systemd, "ExecStart=x\n", 1),
        (Tool::Systemd, "[Unit]\n", 0),
        (Tool::Compose, "services: [\n", 2),
        (Tool::Compose, "a: 1\n", 0),
        (Tool::Commands, "nonsense\n", 1),
        (Tool::Runit, "", 0),
    ] {
        let files = BTreeMap::from([(String::new(), text.as_bytes().to_vec())]);
        let refused = import(tool, &[Input { path: "x.service".into(), files }]).unwrap_err();
        assert_eq!(refused.line, line, "{text}: {refused}");
    }
}
