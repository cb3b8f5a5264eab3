//! Libraries that stand between the logger and the C library.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The library of this name, out of this file of C.
pub(crate) fn library(name: &str, source: &str) -> PathBuf {
    let _lock = ONE_AT_A_TIME.lock();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let (library, new) = (
        folder.join(format!("log-{name}.so")),
        folder.join(format!("new-{name}-{}.so", std::process::id())),
    );
    let status = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .args([new.as_os_str(), source.as_ref()])
        .status()
        .expect("cc, a C compiler");
    assert!(status.success(), "cc");
    // In one step, for another run of the tests may be using it.
    fs::rename(new, &library).unwrap();
    library
}

/// Whether the logger is linked statically: then nothing can be put in front of anything.
pub(crate) fn is_static() -> bool {
    let program = fs::read(crate::home::program()).unwrap();
    !program.windows(9).any(|bytes| bytes == b"/ld-linux")
}
