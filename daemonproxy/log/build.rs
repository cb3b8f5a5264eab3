//! Tells the linker how to lay the program out.

fn main() {
    // Each segment begins on its own page, so that fewer pages contain something that changes at
    // the start. A linker that does not know the option says so and goes on.
    println!("cargo:rustc-link-arg-bins=-Wl,-z,separate-loadable-segments");
    println!("cargo:rerun-if-changed=build.rs");
}
