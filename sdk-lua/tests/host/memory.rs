//! The memory limit.

use crate::program::{start, start_with};

#[test]
fn a_chunk_that_wants_too_much_ends_with_an_error_that_says_so() {
    let code = "local t = {}\nwhile true do t[#t + 1] = ('x'):rep(1000) .. #t end";
    let mut running = start_with(&["--memory", "4M"], code);
    let (status, said) = running.ends();
    assert_eq!(status, Some(4));
    assert!(
        said.starts_with("daemonproxy-lua: not enough memory (--memory 4096)\nstack traceback:\n"),
        "{said}"
    );
    assert!(said.contains("script.lua:2: in "), "{said}");
}

#[test]
fn an_error_for_want_of_memory_can_be_caught() {
    let mut running = start_with(
        &["--memory", "4096"],
        "print(pcall(string.rep, 'x', 10000000))
        local io = require 'daemonproxy.host'
        print(select(2, io.memory()))
        io.send('echo', 'goes on')",
    );
    running.commands("echo\tgoes on");
    assert_eq!(running.ends_with(0), "false\tnot enough memory\n4194304\n");
}

#[test]
fn a_script_that_holds_on_to_nearly_all_memory_is_ended() {
    let mut running = start_with(
        &["--memory", "4M"],
        "local dp = require 'daemonproxy'
        kept = {}
        dp.on('service.tags', function()
            while true do kept[#kept + 1] = ('x'):rep(1000) .. #kept end
        end)
        dp.service('ready'):tags {}",
    );
    running.answers_until("service.tags\tready");
    running.tells("service.tags\tweb\tx");
    let (status, said) = running.ends();
    assert_eq!(status, Some(4), "{said}");
    assert!(said.contains("not enough memory"), "{said}");
    // It says how much that was, unless there was not even enough memory to say so.
    assert!(said.contains("(--memory)"), "{said}");
}

#[test]
fn garbage_is_no_reason_to_end() {
    let mut running = start_with(
        &["--memory", "4M"],
        "local dp = require 'daemonproxy'
        dp.on('service.tags', function(event)
            for _ = 1, 3000 do local _ = ('x'):rep(1000) .. event.tags[1] end
            dp.service('seen'):tags { event.tags[1] }
        end)
        dp.service('ready'):tags {}",
    );
    running.answers_until("service.tags\tready");
    for n in 0..50 {
        running.tells(&format!("service.tags\tweb\t{n}"));
        running.answers_until(&format!("service.tags\tseen\t{n}"));
    }
    running.ends_with(0);
}

/// However the script catches it, with or without a wait in between.
#[test]
fn a_script_that_meets_the_limit_again_and_again_is_ended() {
    for (name, code) in [
        ("pcall", "while true do pcall(hog) end"),
        ("xpcall", "while true do xpcall(hog, print) end"),
        ("resume", "while true do coroutine.resume(coroutine.create(hog)) end"),
        ("wrap", "while true do pcall(coroutine.wrap(hog)) end"),
        ("wait", "while true do pcall(hog) io.receive(0) end"),
    ] {
        let hog = "local io = require 'daemonproxy.host'
            local function hog() local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end end\n";
        let mut running = start_with(&["--memory", "4M"], &format!("{hog}{code}"));
        let (status, said) = running.ends();
        assert_eq!(status, Some(4), "{name}: {said}");
        assert!(said.contains("not enough memory (--memory 4096), for the 10th time"), "{said}");
        assert!(said.contains("stack traceback:\n"), "{said}");
        assert!(said.contains("script.lua:3: in "), "{said}");
    }
}

#[test]
fn pcall_and_xpcall_are_those_of_the_interpreter() {
    let mut running = start(
        "local dp = require 'daemonproxy'
        print(pcall(function(...) return ... end, 1, nil, 3))
        print(pcall(error, 'x'), pcall(error), (pcall(nil)))
        print(pcall(pcall))
        print(xpcall(function(...) return ... end, print, 1, nil, 3))
        print(xpcall(function() error('x', 0) end, function(text) return text .. '!' end))
        print(pcall(xpcall, print))
        -- Waits go through both.
        print(pcall(function() return dp.sleep(0), coroutine.isyieldable() end))
        print(xpcall(function() dp.sleep(0) error('late', 0) end, function(text) return text .. '!' end))
        dp.service('done'):tags {}",
    );
    running.answers_until("service.tags\tdone");
    let said = running.ends_with(0);
    assert_eq!(
        said,
        "true\t1\tnil\t3\nfalse\tfalse\tfalse\nfalse\tbad argument #1 to 'pcall' (value expected)\n\
         true\t1\tnil\t3\nfalse\tx!\n\
         false\tbad argument #2 to 'xpcall' (function expected, got no value)\n\
         true\ttrue\ttrue\nfalse\tlate!\n"
    );
}
