//! What `receive` makes of lines.

use crate::program::start;

/// Prints every event with its fields, sorted.
const SHOW: &str = "local io = require 'daemonproxy.host'
    local function show(value)
        if type(value) ~= 'table' then return tostring(value) end
        local keys, parts = {}, {}
        for key in pairs(value) do keys[#keys + 1] = tostring(key) end
        table.sort(keys)
        for _, key in ipairs(keys) do
            local inner = value[key] == nil and value[tonumber(key)] or value[key]
            parts[#parts + 1] = key .. '=' .. show(inner)
        end
        return '{' .. table.concat(parts, ' ') .. '}'
    end
    repeat
        local kind, a, b = io.receive()
        print(kind, show(a), b)
    until kind == 'closed'";

#[track_caller]
fn shows(line: &str, text: &str) {
    let mut running = start(SHOW);
    running.tells(line);
    let said = running.ends_with(0);
    assert_eq!(said, format!("{text}\nclosed\tnil\tnil\n"), "{line}");
}

#[test]
fn a_state_has_what_applies_and_nothing_else() {
    let line = "service.state\tweb\tdown\t1099\t7123\tsignal\tSIGKILL\t57\t3";
    shows(
        line,
        "event\t{downtime=3 event=service.state name=web pid=7123 signal=SIGKILL state=down \
         timestamp=1099 uptime=57}\tnil",
    );
    let line = "service.state\tweb\tdown\t-\t-\t-\t-\t-\t-";
    shows(line, "event\t{event=service.state name=web state=down}\tnil");
    let line = "service.state\tweb\tup\t1042\t7123\t-\t-\t0\t-";
    shows(
        line,
        "event\t{event=service.state name=web pid=7123 state=up timestamp=1042 uptime=0}\tnil",
    );
}

#[test]
fn a_list_is_an_array() {
    let line = "service.fds\tweb\t-\tstdout";
    shows(line, "event\t{event=service.fds fds={1=- 2=stdout} name=web}\tnil");
    shows("service.tags\tweb\t", "event\t{event=service.tags name=web tags={}}\tnil");
}

#[test]
fn triggers_and_descriptors_are_taken_apart() {
    shows(
        "service.auto_up\tweb\t60\tSIGHUP\talways",
        "event\t{event=service.auto_up interval=60 name=web triggers={1=always 2=SIGHUP}}\tnil",
    );
    shows(
        "fd.state\tlog.w\tpipe\tnonblock,to\tlog.r",
        "event\t{description=log.r event=fd.state flags=nonblock,to name=log.w type=pipe}\tnil",
    );
    shows("fd.state\tlog.w\tdeleted", "event\t{event=fd.state name=log.w type=deleted}\tnil");
}

#[test]
fn what_is_no_event_has_fields() {
    shows("word\ta\t\tb", "event\t{event=word fields={1=a 2= 3=b}}\tnil");
    shows("", "event\t{event= fields={}}\tnil");
}

#[test]
fn an_event_that_is_none_is_garbage_with_a_reason() {
    let mut running = start(SHOW);
    running.tells("service.state\tweb\tsideways");
    let said = running.ends_with(0);
    assert!(said.starts_with("garbage\tservice.state\tweb\tsideways\t"), "{said}");
}

#[test]
fn bytes_that_are_no_text_pass_unchanged() {
    let mut running = start(
        "local io = require 'daemonproxy.host'
        local _, event = io.receive()
        print(#event.tags[1], event.tags[1]:byte(1, -1))
        io.send('echo', event.tags[1])",
    );
    running.writes(b"service.tags\tweb\t\xff\xfe\n");
    assert_eq!(running.ends_with(0), "2\t255\t254\n");
}

#[test]
fn a_line_without_its_end_is_no_event() {
    let mut running = start(SHOW);
    running.writes(b"info\twhole\ninfo\thal");
    assert_eq!(running.ends_with(0), "event\t{event=info text=whole}\tnil\nclosed\tnil\tnil\n");
}

#[test]
fn a_line_that_is_too_long_is_left_out_and_said() {
    let mut running = start(SHOW);
    let mut line = b"info\tbegins ".to_vec();
    line.resize(3 << 20, b'x');
    line.extend_from_slice(b"\ninfo\tnext\n");
    running.writes(&line);
    let said = running.ends_with(0);
    assert!(said.starts_with("long\tinfo\tbegins xxx"), "{}", &said[..60]);
    assert!(said.contains("\nevent\t{event=info text=next}\tnil\n"), "the next one is not there");
}

#[test]
fn parse_event_and_check_command_do_not_need_the_connection() {
    let mut running = start(
        "local io = require 'daemonproxy.host'
        print(io.parse_event('signal\\tSIGHUP\\t7\\t2').count)
        print(io.parse_event('signal\\tnonsense'))
        print(io.check_command('service.start\\tweb'))
        print(io.check_command('service.start\\tno name'))",
    );
    let said = running.ends_with(0);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "2");
    assert!(lines[1].starts_with("nil\t"), "{said}");
    assert_eq!(lines[2], "true\tnil");
    assert_eq!(lines[3], "nil\tInvalid service name");
}
