//! Time limits of `receive`.

use crate::program::start;

#[test]
fn a_wait_ends_when_its_time_is_over_and_not_before() {
    let mut running = start(
        "local io = require 'daemonproxy.host'
        for _, seconds in ipairs { 0, 0.001, 0.0105, 0.2 } do
            local start = io.now()
            local kind = io.receive(seconds)
            local taken = io.now() - start
            print(kind, taken >= seconds and 'full' or taken)
        end
        io.leave(0)",
    );
    let (status, said) = running.ends();
    assert_eq!((status, said.as_str()), (Some(0), "idle\tfull\n".repeat(4).as_str()));
}

#[test]
fn an_event_ends_a_wait() {
    let mut running = start(
        "local io = require 'daemonproxy.host'
        io.send('echo', 'ready')
        print((io.receive(3600)))
        print((io.receive(1e300)))",
    );
    running.commands("echo\tready");
    running.tells("overflow");
    running.tells("overflow");
    assert_eq!(running.ends_with(0), "event\nevent\n");
}

#[test]
fn a_program_that_came_to_rest_goes_on_as_before() {
    // After a second without anything to do, memory is given back.
    let mut running = start(
        "local io = require 'daemonproxy.host'
        print((io.receive(1.5)))
        io.send('echo', 'rested')
        local kind, event = io.receive()
        print(kind, event.text)",
    );
    running.commands("echo\trested");
    running.tells("info\tgood morning");
    assert_eq!(running.ends_with(0), "idle\nevent\tgood morning\n");
}
