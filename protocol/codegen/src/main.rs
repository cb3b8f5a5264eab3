//! Reads `protocol/grammar.toml` and writes everything that follows from it.
//!
//! `cargo run -p daemonproxy-codegen` rewrites the generated files in place. They are committed, so
//! that nothing needs this program to build; a test here fails when they are not what the grammar
//! says.

mod errors;
mod grammar;
mod lua;
mod man;
mod markdown;
mod perl;
mod python;
mod rust;
mod vectors;
mod version;

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use grammar::Grammar;

/// The command that rewrites the files; their first lines name it.
const COMMAND: &str = "cargo run -p daemonproxy-codegen";

fn main() -> Result<(), Box<dyn Error>> {
    for (path, text) in outputs()? {
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, text)
            .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        writeln!(io::stdout(), "wrote {}", path.display())?;
    }
    Ok(())
}

/// Every generated file and its contents.
fn outputs() -> Result<Vec<(PathBuf, String)>, Box<dyn Error>> {
    let root = root();
    let path = root.join("grammar.toml");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let grammar = Grammar::read(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    let rock = root.join("../sdk-lua");
    let python = |name| root.join("../sdk-python/python/daemonproxy").join(name);
    let mut outputs = version::perl_modules(&root.join("../sdk-perl/lib"))?;
    outputs.retain(|(path, _)| !path.ends_with("Grammar.pm"));
    outputs.extend([
        (root.join("src/generated/command.rs"), rust::command(&grammar)?),
        (root.join("src/generated/option.rs"), rust::option(&grammar)?),
        (root.join("src/generated/event.rs"), rust::event(&grammar)?),
        (root.join("src/generated/fact.rs"), rust::fact(&grammar)?),
        (root.join("src/generated/refusal.rs"), rust::refusal(&grammar)?),
        (root.join("src/generated/tables.rs"), rust::tables(&grammar)?),
        (root.join("generated/daemonproxy-protocol.7"), man::page(&grammar)?),
        (root.join("generated/reference.md"), markdown::page(&grammar)?),
        (root.join("../daemonproxy/doc/errors.md"), errors::page(&grammar)?),
        (root.join("generated/vectors.tsv"), vectors::table(&grammar)?),
        (root.join("../sdk-perl/lib/Daemonproxy/Grammar.pm"), perl::module(&grammar)?),
        (python("_words.py"), python::word_types(&grammar)?),
        (python("_commands.py"), python::commands(&grammar)?),
        (python("_run.py"), python::run(&grammar)?),
        (python("_listening.py"), python::listening(&grammar)?),
        (root.join("../sdk-lua/lua/daemonproxy/grammar.lua"), lua::tables(&grammar)?),
        (root.join("../sdk-lua/types/protocol.lua"), lua::types(&grammar)?),
        (rock.join(version::rockspec_name()), version::rockspec(&rock)?),
    ]);
    Ok(outputs)
}

/// The folder `protocol`.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_files_are_what_the_grammar_says() {
        let stale: Vec<_> = outputs()
            .unwrap()
            .into_iter()
            .filter(|(path, text)| fs::read_to_string(path).ok().as_ref() != Some(text))
            .map(|(path, _)| path.display().to_string())
            .collect();
        assert!(stale.is_empty(), "run `{COMMAND}`: {} differ from the grammar", stale.join(", "));
    }
}
