//! The watchdog: whatever runs for ever is stopped and reported, and the status says so.

use crate::program::{Running, start_with};

const STUCK: Option<i32> = Some(3);
/// Short, for a test; what is given to `start_with`.
const LIMIT: [&str; 2] = ["--watchdog", "0.3"];

/// What it says, with the names of files without their folders.
#[track_caller]
fn stuck(code: &str) -> String {
    let mut running = start_with(&LIMIT, code);
    said_when_stuck(&mut running)
}

#[track_caller]
fn said_when_stuck(running: &mut Running) -> String {
    let (status, said) = running.ends();
    assert_eq!(status, STUCK, "{said}");
    let folder = format!("{}/", running.script.folder().display());
    let said = said.replace(&folder, "");
    let start = "daemonproxy-lua: the script ran for 0.3 s without waiting (--watchdog 0.3) and ";
    assert!(said.contains(start), "{said}");
    said
}

#[test]
fn a_loop_is_stopped_with_a_traceback() {
    let said = stuck("local function forever()\n  while true do end\nend\n\nforever()\n");
    assert!(said.contains("and was stopped:\nstack traceback:\n"), "{said}");
    assert!(said.contains("\tscript.lua:2: in local 'forever'\n"), "{said}");
    assert!(said.contains("\tscript.lua:5: in "), "{said}");
}

#[test]
fn pcall_does_not_save_it() {
    let said = stuck("pcall(function()\n  while true do end\nend)");
    assert!(
        said.contains("\tscript.lua:2: in function <line 1>\n\t[C]: in global 'pcall'"),
        "{said}"
    );
}

#[test]
fn nested_pcall_and_a_loop_around_it_do_not_save_it() {
    stuck("local function f() while true do end end while true do pcall(pcall, f) end");
    stuck("while true do pcall(error, 'x') end");
    stuck("xpcall(function() error 'x' end, function() while true do end end)");
}

#[test]
fn coroutines_do_not_save_it_and_the_whole_way_is_shown() {
    let said = stuck(
        "local inner = coroutine.wrap(function()\n  while true do end\nend)\n\
         local outer = coroutine.wrap(function()\n  inner()\nend)\n\
         outer()\n",
    );
    let inner = said.find("script.lua:2: in function").expect("the inner one");
    let outer = said.find("script.lua:5: in function").expect("the outer one");
    let chunk = said.find("script.lua:7: in ").expect("the chunk");
    assert!(inner < outer && outer < chunk, "{said}");
}

#[test]
fn changing_between_coroutines_does_not_save_it() {
    stuck(
        "while true do
            local f = coroutine.wrap(function() while true do coroutine.yield() end end)
            for _ = 1, 10 do f() end
        end",
    );
}

#[test]
fn functions_of_c_that_are_called_in_a_loop_do_not_save_it() {
    stuck("while true do string.rep('x', 10):find('y') end");
    stuck("string.gsub(('x'):rep(100), 'x', function() while true do end end)");
    stuck("table.sort({ 3, 2, 1 }, function() while true do end end)");
}

#[test]
fn metamethods_do_not_save_it() {
    let said = stuck(
        "local t = setmetatable({}, { __index = function(t, key)\n  while true do end\nend })\nprint(t.x)",
    );
    assert!(said.contains("script.lua:2: in metamethod 'index'"), "{said}");
    stuck(
        "local t = setmetatable({}, { __close = function() while true do end end }) do local x <close> = t end",
    );
}

#[test]
fn a_finalizer_is_reported_and_ends_the_program() {
    let said = stuck(
        "setmetatable({}, { __gc = function()\n  while true do end\nend })\ncollectgarbage()\n",
    );
    assert!(said.contains("and cannot be stopped, so this process leaves:"), "{said}");
    assert!(said.contains("script.lua:2: in metamethod '__gc'"), "{said}");
}

#[test]
fn a_function_of_c_that_does_not_return_is_reported() {
    let said = stuck("local text = ('a'):rep(100000)\ntext:find(('a*'):rep(50) .. 'b')\n");
    assert!(said.contains("and cannot be stopped, so this process leaves:"), "{said}");
    assert!(said.contains("\t[C]: in method 'find'\n\tscript.lua:2: in "), "{said}");
}

#[test]
fn reading_what_never_comes_is_reported() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("fifo");
    nix::unistd::mkfifo(&path, nix::sys::stat::Mode::S_IRWXU).expect("a FIFO");
    let said = stuck(&format!("io.open('{}'):read()", path.display()));
    assert!(said.contains("\t[C]: in field 'open'\n"), "{said}");
}

#[test]
fn a_handler_is_stopped_and_what_it_sent_is_sent() {
    let mut running = start_with(
        &LIMIT,
        "local dp = require 'daemonproxy'
        dp.on('service.tags', function()
            dp.service('sent'):tags { 'before' }
            while true do pcall(function() while true do end end) end
        end)
        dp.service('ready'):tags {}",
    );
    running.answers_until("service.tags\tready");
    running.tells("service.tags\tweb\tx");
    running.answers_until("service.tags\tsent\tbefore");
    let said = said_when_stuck(&mut running);
    assert!(said.contains("script.lua:4: in "), "{said}");
}

#[test]
fn waiting_is_not_running() {
    let mut running = start_with(
        &LIMIT,
        "local dp = require 'daemonproxy'
        local start = dp.now()
        dp.sleep(1)
        -- Work, in pieces that are short enough.
        while dp.now() - start < 2 do
            local piece = dp.now()
            while dp.now() - piece < 0.05 do end
            dp.sleep(0)
        end
        dp.service('done'):tags {}",
    );
    running.answers_until("service.tags\tdone");
    running.ends_with(0);
}

#[test]
fn without_the_option_nothing_is_stopped() {
    let mut running = start_with(
        &["--watchdog", "0"],
        "local io = require 'daemonproxy.host'
        local start = io.now()
        while io.now() - start < 1 do end
        io.send('echo', 'done')",
    );
    running.commands("echo\tdone");
    running.ends_with(0);
}

#[test]
fn a_process_that_was_frozen_has_not_hung() {
    use nix::sys::signal::Signal;
    let mut running = start_with(
        &["--watchdog", "20"],
        "local io = require 'daemonproxy.host'
        io.send('echo', 'working')
        io.receive(0)
        local start = io.now()
        while io.now() - start < 1 do end
        io.send('echo', 'done')",
    );
    running.commands("echo\tworking");
    running.signals(Signal::SIGSTOP);
    running.signals(Signal::SIGCONT);
    running.commands("echo\tdone");
    running.ends_with(0);
}
