//! The memory limit.

use crate::program::start_with;

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
    // It says how much that was, unless the very telling has failed for want of memory.
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
