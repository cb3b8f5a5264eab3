//! Whether a text is a file that a node can apply: asked before it is stored.

use std::io;

use daemonproxy_compile::{Content, Plan, Reader, compile};

use crate::failure::{FAILED, Failure, Result};
use crate::store::LARGEST_INTENT;

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
        Some(plan) => Ok(plan),
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

#[cfg(test)]
mod tests {
    use super::check;

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
