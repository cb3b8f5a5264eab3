//! The file that says what a daemon should have: `validate`, `schema`, `plan`, `apply`, `export` and `import`.

mod apply;
mod export;
mod first;
mod import;
mod plan;

use std::path::Path;

use daemonproxy_apply::Disk;
use daemonproxy_compile::{Compiled, Severity, compile_for, manual as page, schema as json_schema};

use crate::failure::{FAILED, Failure, OK, Result};
use crate::output;
use crate::style::Style;

pub(crate) use apply::apply;
pub(crate) use export::export;
pub(crate) use import::import;
pub(crate) use plan::plan;

/// The subcommand that shows what services write.
const LABEL: &str = "label";

/// At most so many problems are shown: those who have more begin with the first.
const MOST_PROBLEMS: usize = 50;

/// Says what is wrong with a file.
pub(crate) fn validate(path: &Path) -> Result<u8> {
    // It may be meant for another machine.
    let compiled = read(path, None, Severity::Warning)?;
    let text = problems(&compiled, Style::of_stdout().is_on());
    output::write(text.as_bytes())?;
    Ok(if compiled.plan.is_some() { OK } else { FAILED })
}

/// What may stand in such a file, for editors.
pub(crate) fn schema() -> Result<u8> {
    output::write(format!("{:#}\n", json_schema()).as_bytes())?;
    Ok(OK)
}

/// The manual page of such files.
pub(crate) fn manual() -> Result<u8> {
    output::manual(&page())?;
    Ok(OK)
}

fn read(path: &Path, shown_by: Option<Vec<String>>, missing: Severity) -> Result<Compiled> {
    let path = path
        .to_str()
        .ok_or_else(|| Failure::new(FAILED, format!("the path {} is not UTF-8", path.display())))?;
    let mut disk = Disk { missing: Some(missing) };
    Ok(compile_for(path, &mut disk, shown_by))
}

/// The program that shows what services write: this one.
fn label() -> Result<Vec<String>> {
    let own = std::env::current_exe()?.into_os_string().into_string();
    let own = own.map_err(|_| Failure::new(FAILED, "the path of dpctl is not UTF-8"))?;
    Ok(vec![own, LABEL.into()])
}

fn problems(compiled: &Compiled, colours: bool) -> String {
    let all = &compiled.problems;
    let shown = all.iter().take(MOST_PROBLEMS);
    let mut text: Vec<_> = shown.map(|it| it.render(&compiled.files, colours)).collect();
    if all.len() > MOST_PROBLEMS {
        text.push(format!("and {} more\n", all.len() - MOST_PROBLEMS));
    }
    text.join("\n")
}
