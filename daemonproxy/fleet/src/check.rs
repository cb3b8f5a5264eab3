//! Whether a text is a file that a node can apply: asked before it is stored.

use std::io;

use daemonproxy_compile::{Content, Plan, Reader, Service, compile};

use crate::failure::{FAILED, Failure, Result};
use crate::store::{LARGEST_INTENT, is_node};

/// At most so many problems are shown.
const MOST_PROBLEMS: usize = 20;

/// The file alone. What else is named in it is on the node, and read there.
struct Alone<'t> {
    path: &'t str,
    text: &'t [u8],
}

impl Reader for Alone<'_> {
    fn read(&mut self, path: &str) -> io::Result<Content> {
        let bytes = if path == self.path { self.text.to_vec() } else { Vec::new() };
        Ok(Content { bytes, ..Content::default() })
    }

    fn matching(&mut self, _: &str) -> io::Result<Vec<String>> {
        Err(io::Error::other("a file for a node stands alone: `include` would be read there"))
    }
}

/// The plan of a file; what is wrong with it goes into the failure, with its place.
pub(crate) fn check(path: &str, text: &[u8]) -> Result<Plan> {
    if text.len() > LARGEST_INTENT {
        let text = format!("{path} has {} bytes; at most {LARGEST_INTENT} are stored", text.len());
        return Err(Failure::new(FAILED, text));
    }
    let compiled = compile(path, &mut Alone { path, text });
    let errors: Vec<_> = compiled.problems.iter().filter(|it| it.is_error()).collect();
    match compiled.plan {
        Some(plan) => match plan.services.iter().find_map(wrong_lease) {
            Some(text) => Err(Failure::new(FAILED, format!("{path}: {text}; nothing was stored"))),
            None => Ok(plan),
        },
        None => {
            let shown = errors.iter().take(MOST_PROBLEMS);
            let shown: Vec<_> = shown.map(|it| it.render(&compiled.files, false)).collect();
            let end = if errors.len() == 1 { "" } else { "s" };
            let text = format!(
                "{path}: {} error{end}; nothing was stored\n{}",
                errors.len(),
                shown.join("\n").trim_end()
            );
            Err(Failure::new(FAILED, text))
        }
    }
}

/// Why a service cannot have the lease that it has as a tag.
fn wrong_lease(service: &Service) -> Option<String> {
    let name = service.tags.iter().find_map(|tag| tag.strip_prefix("lease="))?;
    let has = |option: &str| service.options.iter().any(|it| it.starts_with(option));
    let why = match () {
        () if !is_node(name) => "the name of a lease has characters out of A-Z a-z 0-9 _ - only",
        () if !has("deadman=") => "without `deadman` nobody stops it when its agent is dead",
        () if has("stop_after=-") => "it may take for ever to stop",
        // A start by the daemon itself would begin the time of `deadman` again.
        () if !service.triggers.is_empty() => {
            "only its agent may start it: write autostart = false and restart = \"never\""
        }
        () => return None,
    };
    Some(format!("{} cannot have a lease: {why}", service.name))
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn only_the_agent_starts_what_has_a_lease() {
        let service = "[service.a]\nrun = \"true\"\ntags = [\"lease=x\"]\n";
        let never = "autostart = false\nrestart = \"never\"\n";
        for (more, why) in [
            ("", "without `deadman`"),
            ("deadman = 5\n", "only its agent"),
            ("deadman = 5\nautostart = false\n", "only its agent"),
            ("deadman = 5\nstop = { after = \"never\" }\n", "for ever"),
        ] {
            let wrong = check("a.toml", format!("{service}{more}").as_bytes()).unwrap_err();
            assert!(wrong.text.contains(why), "{why}: {}", wrong.text);
        }
        let right = format!("{service}{never}deadman = 5\n");
        assert!(check("a.toml", right.as_bytes()).is_ok());
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        assert_eq!(check("a.toml", b"[service.a]\nrun = \"true\"\n").unwrap().services.len(), 1);
        let wrong = check("a.toml", b"[service.a]\nrunn = \"true\"\n").unwrap_err();
        assert!(wrong.text.contains("a.toml:2") && wrong.text.contains("runn"), "{}", wrong.text);
        let large = vec![b'#'; (1 << 20) + 1];
        assert!(check("a.toml", &large).unwrap_err().text.contains("1048577 bytes"));
        let include = check("a.toml", b"include = [\"x\"]\n[service.a]\nrun = \"true\"\n");
        assert!(include.unwrap_err().text.contains("stands alone"));
    }
}
