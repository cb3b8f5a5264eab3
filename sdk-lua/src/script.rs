//! The script as text: read, and compiled.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use mlua::{Function, Lua};

use crate::status::{FAILED, Failure, Result};

/// How all compiled Lua begins.
const COMPILED: u8 = 0x1b;

/// What some editors put before UTF-8; Lua's own interpreter accepts it, too.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads a script. A first line with `#!` is left out, and lines keep their numbers.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    let shown = path.display();
    let mut text = std::fs::read(path).map_err(|error| {
        Failure::new(FAILED, format!("cannot read the script {shown}: {error}"))
    })?;
    if text.starts_with(BYTE_ORDER_MARK) {
        text.drain(..BYTE_ORDER_MARK.len());
    }
    if text.first() == Some(&b'#') {
        let end = text.iter().position(|&byte| byte == b'\n').unwrap_or(text.len());
        text.drain(..end);
    }
    if text.first() == Some(&COMPILED) {
        let text = format!("{shown} is compiled; only the text of a script is taken");
        return Err(Failure::new(FAILED, text));
    }
    Ok(text)
}

/// Compiles it. The error has the file and the line.
pub(crate) fn compile(lua: &Lua, text: &[u8], name: &[u8]) -> Result<Function> {
    // A chunk name may be any bytes for Lua, but must be UTF-8 for mlua.
    let name = String::from_utf8_lossy(name);
    lua.load(text)
        .set_name(name)
        .set_mode(mlua::chunk::ChunkMode::Text)
        .into_function()
        .map_err(|error| Failure::new(FAILED, message(&error)))
}

/// The chunk name for a file.
pub(crate) fn name_of(path: &Path) -> Vec<u8> {
    [b"@", path.as_os_str().as_bytes()].concat()
}

/// What Lua says, without mlua's prefix.
pub(crate) fn message(error: &mlua::Error) -> String {
    match error {
        mlua::Error::SyntaxError { message, .. }
        | mlua::Error::RuntimeError(message)
        | mlua::Error::MemoryError(message) => message.clone(),
        mlua::Error::CallbackError { traceback, cause } => {
            format!("{}\n{traceback}", message(cause))
        }
        error => error.to_string(),
    }
}

/// The folder of a script, for `require`.
pub(crate) fn folder(path: &Path) -> &OsStr {
    match path.parent().map(Path::as_os_str) {
        Some(folder) if !folder.is_empty() => folder,
        _ => OsStr::new("."),
    }
}
