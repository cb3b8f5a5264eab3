//! Tells the program when and from what it was built, for `--version`; and the linker how to lay it
//! out.

use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

/// On average (365.2425 days), which is good enough for the copyright: it is off by a day at New
/// Year.
const SECONDS_OF_A_YEAR: u64 = 31_556_952;

fn main() {
    // Each segment begins on its own page, so that fewer pages contain something that changes at
    // the start: 8 kB less private memory. A linker that does not know the option says so and goes
    // on.
    println!("cargo:rustc-link-arg-bins=-Wl,-z,separate-loadable-segments");
    // Not while developing, when anybody's linker should do: lld and GNU ld read this.
    if std::env::var("OPT_LEVEL").is_ok_and(|level| level != "0") {
        let folder = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
        println!("cargo:rustc-link-arg-bins=-Wl,-T,{folder}/layout.ld");
    }
    println!("cargo:rerun-if-changed=layout.ld");
    println!("cargo:rerun-if-env-changed=SOURCE_DATE_EPOCH");
    // A commit changes this file. Where there is none (an unpacked archive), naming it would mean
    // "always", and git might tell of a repository around it.
    let log = "../.git/logs/HEAD";
    let has_git = std::path::Path::new(log).exists();
    if has_git {
        println!("cargo:rerun-if-changed={log}");
    }
    println!("cargo:rerun-if-changed=build.rs");
    let seconds = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok());
    let seconds = seconds.unwrap_or_else(|| {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
    });
    let head = Command::new("git")
        .args(["rev-parse", "HEAD"])
        .output()
        .ok()
        .filter(|_| has_git)
        .filter(|output| output.status.success())
        .and_then(|output| String::from_utf8(output.stdout).ok());
    println!("cargo:rustc-env=BUILD_TIMESTAMP={seconds}");
    println!("cargo:rustc-env=BUILD_YEAR={}", 1970 + seconds / SECONDS_OF_A_YEAR);
    println!("cargo:rustc-env=BUILD_GIT_HEAD={}", head.as_deref().unwrap_or("unknown").trim());
}
