//! The functions of `coroutine` are the program's own, and do what the manual says.

use crate::program::start;

#[track_caller]
fn prints(code: &str, text: &str) {
    let mut running = start(code);
    let said = running.ends_with(0);
    assert_eq!(said, text);
}

#[test]
fn values_go_in_and_out() {
    prints(
        "local co = coroutine.create(function(...)
            local got = table.pack(coroutine.yield(...))
            return got.n, table.unpack(got, 1, got.n)
        end)
        print(coroutine.resume(co, 1, nil, 3))
        print(coroutine.resume(co, nil, 'x', nil))
        print(coroutine.resume(co))
        print(coroutine.status(co))",
        "true\t1\tnil\t3\ntrue\t3\tnil\tx\tnil\nfalse\tcannot resume dead coroutine\ndead\n",
    );
}

#[test]
fn errors_come_out_as_they_are() {
    prints(
        "local co = coroutine.create(function() error({ code = 7 }) end)
        local ok, why = coroutine.resume(co)
        print(ok, why.code)
        print(pcall(coroutine.resume, 7))
        print(coroutine.resume(coroutine.running()))",
        "false\t7\nfalse\tbad argument #1 to 'coroutine.resume' (coroutine expected)\n\
         false\tcannot resume non-suspended coroutine\n",
    );
}

#[test]
fn wrap_passes_values_and_puts_the_line_before_errors() {
    prints(
        "local f = coroutine.wrap(function(a) local b = coroutine.yield(a + 1) error('at ' .. b, 0) end)
        print(f(1))
        print((select(2, pcall(f, 'end')):gsub('^.*/', '')))
        print((select(2, pcall(f)):gsub('^.*/', '')))
        print(pcall(coroutine.wrap, 1))",
        "2\nat end\ncannot resume dead coroutine\n\
         false\tbad argument #1 to 'coroutine.wrap' (function expected, got number)\n",
    );
}

#[test]
fn close_runs_what_is_to_be_closed() {
    prints(
        "local function open(text)
            return setmetatable({}, { __close = function() print('closing', text) end })
        end
        local co = coroutine.create(function() local a <close> = open('a') coroutine.yield() end)
        coroutine.resume(co)
        print(coroutine.close(co), coroutine.status(co))
        co = coroutine.create(function()
            local b <close> = setmetatable({}, { __close = function() error('late', 0) end })
            coroutine.yield()
        end)
        coroutine.resume(co)
        print(coroutine.close(co))
        print(pcall(coroutine.close, (coroutine.running())))
        local f = coroutine.wrap(function() local c <close> = open('c') error('x', 0) end)
        print(pcall(f))",
        "closing\ta\ntrue\tdead\nfalse\tlate\nfalse\tcannot close a running coroutine\n\
         closing\tc\nfalse\tx\n",
    );
}

#[test]
fn deep_nesting_ends_in_an_error() {
    prints(
        "local function deep(n)
            local ok, why = coroutine.resume(coroutine.create(deep), n + 1)
            return why
        end
        print((tostring(deep(1)):match('C stack overflow')))",
        "C stack overflow\n",
    );
}
