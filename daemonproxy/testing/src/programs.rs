//! The programs under test: those that cargo has built beside the running one.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

/// The daemon to test with: the one that `DAEMONPROXY` names, else the one of this build.
#[track_caller]
pub fn daemon() -> PathBuf {
    std::env::var_os("DAEMONPROXY").map_or_else(|| built("daemonproxy", "daemonproxy"), Into::into)
}

/// A program of this workspace. Its package is built first if the program is not there.
#[track_caller]
pub fn built(program: &str, package: &str) -> PathBuf {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _one = ONE_AT_A_TIME.lock();
    let this = std::env::current_exe().expect("the path of this program");
    let path = folder(&this).join(program);
    if !path.exists() {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.args(["build", "--quiet", "--package", package]);
        if !cfg!(debug_assertions) {
            build.arg("--release");
        }
        let built = build.current_dir(env!("CARGO_MANIFEST_DIR")).status();
        assert!(built.is_ok_and(|status| status.success()), "{package} cannot be built");
    }
    path
}

/// `target/debug` of `target/debug/deps/TEST` and of `target/debug/PROGRAM`.
fn folder(program: &Path) -> &Path {
    let folder = program.parent().expect("a folder");
    if folder.ends_with("deps") { folder.parent().expect("a folder") } else { folder }
}
