//! Files that people write: our own, and those of other tools.

use std::collections::BTreeMap;
use std::io;

use daemonproxy_compile::{Content, Input, Reader, Tool, compile, import as imported};

/// There is one file, and it may include itself.
struct One<'a>(&'a [u8]);

impl Reader for One<'_> {
    fn read(&mut self, path: &str) -> io::Result<Content> {
        if path != "services.toml" {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(Content { bytes: self.0.to_vec(), ..Content::default() })
    }

    fn matching(&mut self, pattern: &str) -> io::Result<Vec<String>> {
        Ok(if pattern.contains("services") { vec!["services.toml".into()] } else { Vec::new() })
    }
}

/// There is a plan or an error; places lie within the file, and can be shown.
pub(super) fn toml(data: &[u8]) {
    let compiled = compile("services.toml", &mut One(data));
    let has_errors = compiled.problems.iter().any(daemonproxy_compile::Problem::is_error);
    assert!(compiled.plan.is_some() != has_errors, "a plan and errors, or neither");
    for problem in &compiled.problems {
        if let Some((place, _)) = &problem.place {
            let text = &compiled.files[place.file].text;
            assert!(text.get(place.span.clone()).is_some(), "a place outside of the file");
        }
    }
}

/// The first byte says whose file it is. What becomes of it is understood by our own compiler, or
/// at least is TOML.
pub(super) fn import(data: &[u8]) {
    const TOOLS: [Tool; 7] = [
        Tool::Supervisord,
        Tool::Procfile,
        Tool::Systemd,
        Tool::Compose,
        Tool::Runit,
        Tool::S6,
        Tool::Commands,
    ];
    let [tool, data @ ..] = data else { return };
    let tool = TOOLS[usize::from(*tool) % TOOLS.len()];
    let Ok(made) = imported(tool, &[input(tool, data)]) else { return };
    let compiled = compile("services.toml", &mut One(made.text.as_bytes()));
    // Names of programs and users may be wrong there as they are here, but not the syntax.
    for problem in &compiled.problems {
        let is_syntax = problem.message.contains("TOML") || problem.message.contains("expected `");
        assert!(!is_syntax, "{}\n{}", problem.message, made.text);
    }
    let counts = made.counts;
    assert!(counts.lost + counts.not_needed <= counts.all, "{counts:?}");
}

/// A file; or a folder, of which every file begins with a line of its name.
fn input(tool: Tool, data: &[u8]) -> Input {
    if !matches!(tool, Tool::Runit | Tool::S6) {
        let path = if tool == Tool::Systemd { "a.service" } else { "file" };
        return Input {
            path: path.into(),
            files: BTreeMap::from([(String::new(), data.to_vec())]),
        };
    }
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for file in data.split(|&byte| byte == 0) {
        let end = file.iter().position(|&byte| byte == b'\n').unwrap_or(file.len());
        let name = String::from_utf8_lossy(&file[..end]).into_owned();
        files.insert(name, file.get(end + 1..).unwrap_or_default().to_vec());
    }
    Input { path: "folder".into(), files }
}
