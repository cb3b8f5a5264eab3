//! Makes the list of the client's modules, which become part of the program.
//!
//! Every file of `lua/daemonproxy` is one, except `plain.lua`, which is for other interpreters.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let folder = Path::new(&root).join("lua/daemonproxy");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".lua").map(str::to_owned));
    }
    names.retain(|name| name != "plain");
    names.sort();
    let mut code = String::from("&[\n");
    for name in names {
        let path = folder.join(format!("{name}.lua"));
        println!("cargo::rerun-if-changed={}", path.display());
        let module = if name == "init" { "daemonproxy" } else { &format!("daemonproxy.{name}") };
        writeln!(code, "    ({module:?}, {name:?}, include_str!({path:?})),")
            .map_err(io::Error::other)?;
    }
    code.push_str("]\n");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("modules.rs"), code)
}
