//! Where to find the programs that come with the daemon.

use std::path::{Path, PathBuf};

use nix::unistd::{AccessFlags, access};

/// Where execvp(3) looks when there is no PATH (confstr(3), `_CS_PATH`).
const USUAL: &str = "/bin:/usr/bin";

/// The places of a program, the best first: next to the daemon's own file, then in the folders of
/// PATH.
pub(crate) fn places(name: &str) -> impl Iterator<Item = PathBuf> {
    let own = std::env::current_exe().ok();
    let beside = own.map(|own| own.with_file_name(name));
    let path = std::env::var_os("PATH").unwrap_or_else(|| USUAL.into());
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let in_path = folders.into_iter().map(move |folder| folder.join(name));
    beside.into_iter().chain(in_path).filter(|place| is_program(place))
}

/// Whether this is a file that may be executed.
fn is_program(path: &Path) -> bool {
    path.is_file() && access(path, AccessFlags::X_OK).is_ok()
}

/// The absolute path by which the daemon was started, without following links: an upgrade to what is
/// there then is the usual one. Only before the daemon changes its directory.
pub(crate) fn own_path() -> Option<PathBuf> {
    let name = PathBuf::from(std::env::args_os().next()?);
    if name.components().count() > 1 || name.is_absolute() {
        return std::path::absolute(name).ok();
    }
    let path = std::env::var_os("PATH").unwrap_or_else(|| USUAL.into());
    let mut folders = std::env::split_paths(&path);
    folders.find_map(|folder| {
        let place = std::path::absolute(folder.join(&name)).ok()?;
        is_program(&place).then_some(place)
    })
}
