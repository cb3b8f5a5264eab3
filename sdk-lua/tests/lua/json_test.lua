-- Values as JSON.

local expect = require "expect"
local json = require "daemonproxy.json"
local testing = require "daemonproxy.testing"

local tests = {}

function tests.values()
  for _, case in ipairs {
    { "null", nil }, { "null", json.null }, { "true", true }, { "12", 12 }, { "0.1", 0.1 }, { "1e+300", 1e300 },
    { "-9223372036854775808", math.mininteger }, { "3.0", 3.0, "3" }, { '""', "" }, { "[]", {} },
    { "[1,[2],null]", { 1, { 2 }, json.null } }, { "{}", json.object {} }, { '{"a":1,"b":[]}', { b = {}, a = 1 } },
  } do
    expect.same(json.encode(case[2]), case[3] or case[1])
  end
end

function tests.texts()
  expect.same(json.encode 'a"b\\c\n\t\0\127', '"a\\"b\\\\c\\n\\t\\u0000\\u007f"')
  expect.same(json.encode "gr\u{FC}n", '"gr\u{FC}n"')
  expect.same(json.encode "a\xffb\xc3", '"a\u{FFFD}b\u{FFFD}"')
end

function tests.what_is_known_of_things()
  local dp, daemon = testing.new()
  daemon:tell("service.args", "web", "httpd", "-p", "80")
  daemon:tell("service.tags", "web", "role=web")
  daemon:tell("fd.state", "log", "file", "read", "/x")
  daemon:up("web", 77)
  daemon:tell("signal", "SIGHUP", 5, 2)
  daemon:pass(2)
  expect.same(dp.json(dp.service "web"), '{"args":["httpd","-p","80"],"env":[],"exists":true,"fds":[],"name":"web",'
    .. '"options":[],"pid":77,"state":"up","tags":["role=web"],"timestamp":100,"triggers":[],"uptime":2}')
  expect.same(dp.json(dp.fds()), '[{"description":"/x","exists":true,"flags":"read","name":"log","type":"file"}]')
  expect.same(dp.json { hup = dp.signal "HUP" }, '{"hup":{"count":2,"name":"SIGHUP"}}')
end

function tests.what_cannot_be_written_names_the_script()
  local circle = {}
  circle.again = circle
  expect.misuse("a function cannot be written", function() json.encode { print } end)
  expect.misuse("is no number", function() json.encode(0 / 0) end)
  expect.misuse("nested too deep", function() json.encode(circle) end)
  expect.misuse("or strings, and not 1 among others", function() json.encode { 1, a = 2 } end)
  expect.misuse("a table is needed", function() json.object(1) end)
end

return tests
