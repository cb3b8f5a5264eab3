//! Which libraries a script finds, and modules.

use crate::program::{Script, program, start, start_command, start_with};

const SHOW: &str = "local found = {}
    for _, name in ipairs { 'coroutine', 'debug', 'io', 'math', 'os', 'package', 'string', 'table', 'utf8' } do
        if _G[name] and package.loaded[name] == _G[name] then found[#found + 1] = name end
    end
    print(table.concat(found, ' '))";

#[track_caller]
fn found(options: &[&str]) -> String {
    start_with(options, SHOW).ends_with(0).trim_end().to_owned()
}

#[test]
fn all_but_debug_is_there() {
    assert_eq!(found(&[]), "coroutine io math os package string table utf8");
}

#[test]
fn libraries_can_be_chosen_and_changed() {
    assert_eq!(
        found(&["--libs", "+debug,-os"]),
        "coroutine debug io math package string table utf8"
    );
    assert_eq!(found(&["--libs", "math"]), "coroutine math package string table");
    assert_eq!(found(&["--libs", "none"]), "coroutine package string table");
    assert_eq!(found(&["--libs", "all"]), "coroutine debug io math os package string table utf8");
}

#[test]
fn the_client_works_without_the_libraries_that_the_script_has_not() {
    let code = "local dp = require 'daemonproxy'\nprint(io, os)\ndp.service('web'):start()";
    let mut running = start_with(&["--libs", "none"], code);
    running.answers_until("service.start\tweb");
    assert_eq!(running.ends_with(0), "nil\tnil\n");
}

#[test]
fn modules_beside_the_script_are_found_from_anywhere() {
    let script = Script::new("print(require('part').name, require('deep').name)");
    script.add("part.lua", "return { name = 'a part' }");
    std::fs::create_dir(script.folder().join("deep")).expect("a folder");
    script.add("deep/init.lua", "return { name = 'deep' }");
    let mut command = program();
    command.arg(script.path()).current_dir("/");
    let mut running = start_command(command, script);
    assert_eq!(running.ends_with(0), "a part\tdeep\n");
}

#[test]
fn a_script_that_is_named_without_a_folder_finds_its_modules() {
    let script = Script::new("print(require('part').name)");
    script.add("part.lua", "return { name = 'a part' }");
    let mut command = program();
    command.arg("script.lua").current_dir(script.folder());
    let mut running = start_command(command, script);
    assert_eq!(running.ends_with(0), "a part\n");
}

#[test]
fn c_modules_cannot_be_loaded() {
    let mut running = start(
        "print(pcall(package.loadlib, 'libc.so.6', '*'))
        package.cpath = '/usr/lib/?.so'
        print(pcall(require, 'libc'))",
    );
    let said = running.ends_with(0);
    assert!(said.starts_with("false\t"), "{said}");
    assert!(said.contains("disabled in safe mode"), "{said}");
}

#[test]
fn the_client_of_the_program_comes_before_one_on_disk() {
    let script =
        Script::new("require 'daemonproxy.host' print(pcall(require, 'daemonproxy.start'))");
    std::fs::create_dir(script.folder().join("daemonproxy")).expect("a folder");
    script.add("daemonproxy/start.lua", "error('the wrong one')");
    let mut command = program();
    command.arg(script.path());
    let mut running = start_command(command, script);
    assert!(running.ends_with(0).starts_with("true\t"));
}
