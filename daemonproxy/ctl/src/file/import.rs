//! `import`: a file of another tool, as a file of ours.

use std::path::Path;

use daemonproxy_compile::{LARGEST_FILE, Reader, Tool, import as imported};

use super::reader::Disk;
use crate::cli::From;
use crate::failure::{FAILED, Failure, OK, Result, USAGE};
use crate::output;

pub(crate) fn import(path: &Path, from: Option<From>) -> Result<u8> {
    let shown = path.display();
    let tool = match from.or_else(|| guess(path)) {
        Some(From::Supervisord) => Tool::Supervisord,
        Some(From::Procfile) => Tool::Procfile,
        None => {
            let text = format!("whose file is {shown}? Say it with --from");
            return Err(Failure::new(USAGE, text));
        }
    };
    let fail = |why: String| Failure::new(FAILED, why);
    let name = path.to_str().ok_or_else(|| fail(format!("the path {shown} is not UTF-8")))?;
    let content = Disk.read(name).map_err(|error| fail(format!("cannot read {shown}: {error}")))?;
    if content.bytes.len() > LARGEST_FILE {
        return Err(fail(format!("{shown} is larger than {} MiB", LARGEST_FILE >> 20)));
    }
    let text = String::from_utf8(content.bytes);
    let text = text.map_err(|_| fail(format!("{shown} is not UTF-8")))?;
    match imported(tool, &text) {
        Ok(text) => output::write(text.as_bytes())?,
        Err((line, why)) => return Err(fail(format!("{shown}:{line}: {why}"))),
    }
    Ok(OK)
}

/// By the name of the file.
fn guess(path: &Path) -> Option<From> {
    let name = path.file_name()?.to_str()?;
    match name.rsplit_once('.').map_or(name, |(_, end)| end) {
        "conf" | "ini" => Some(From::Supervisord),
        "Procfile" | "procfile" => Some(From::Procfile),
        _ if name.starts_with("Procfile") => Some(From::Procfile),
        _ => None,
    }
}
